/* Disclosure control of the census grid: a hidden cell (2) gave its details to a receiving cell (1). The two rows name
 * each other; the receiver's details are shared over the group by total people. */
#include "core/cell_groups.h"

#include <string.h>

/* The first draft whose id is not less than the text. */
static uint32_t lower(const ky_cell_draft *drafts, uint32_t count, const char *id, size_t length) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (strncmp(drafts[middle].id, id, length) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool is_id(const ky_cell_draft *draft, const char *id, size_t length) {
  return strncmp(draft->id, id, length) == 0 && draft->id[length] == '\0';
}

/* Does the cell's own row say that its details went to the receiver? */
static bool points_to(const ky_cell_draft *source, const char *receiver) {
  return source->hidden == '2' && source->receiver != NULL && strcmp(source->receiver, receiver) == 0;
}

/* The draft of an id that a link of `from` means: of its own file before those of others (a border cell has a row in
 * each), and among others one that points back. KY_NONE: no file has it. */
static uint32_t find(const ky_cell_draft *drafts, uint32_t count, const ky_cell_draft *from, const char *id,
                     size_t length) {
  uint32_t best = KY_NONE;
  for (uint32_t i = lower(drafts, count, id, length); i < count && is_id(&drafts[i], id, length); i++) {
    if (drafts[i].record.source == from->record.source) return i;
    if (best == KY_NONE || (points_to(&drafts[i], from->id) && !points_to(&drafts[best], from->id))) best = i;
  }
  return best;
}

static void report(ky_job *job, const ky_cell_draft *draft, const char *field, const char *reason, const char *action,
                   const char *message, int length, const char *other) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_raw_label(job, draft->record.raw),
                           .record = draft->id,
                           .field = field,
                           .reason = reason,
                           .action = action},
               "%s: %.*s", message, length, other);
}

/* Next id of a GASSAN list; false at its end. */
static bool next_id(const char **list, const char **id, size_t *length) {
  while (**list == ';' || **list == ' ') (*list)++;
  if (**list == '\0') return false;
  *id = *list;
  *length = strcspn(*list, "; ");
  *list += *length;
  return true;
}

/* Members of the receiver's group: itself and every listed source that points back; sorted by id. */
static uint32_t collect(ky_job *job, ky_cell_draft *drafts, uint32_t count, uint32_t receiver, uint32_t *member) {
  uint32_t members = 0;
  const char *list = drafts[receiver].sources, *id;
  size_t length;
  member[members++] = receiver;
  while (list != NULL && next_id(&list, &id, &length)) {
    uint32_t source = find(drafts, count, &drafts[receiver], id, length);
    if (source == KY_NONE) {
      report(job, &drafts[receiver], "GASSAN", "hidden_source_missing",
             ky_tr("the details are shared over the cells that are here; add the neighbouring grid file"),
             ky_tr("its details contain those of a cell that no file has"), (int)length, id);
      continue;
    }
    if (!points_to(&drafts[source], drafts[receiver].id) || drafts[source].age_source == KY_AGE_GROUP) {
      report(job, &drafts[receiver], "GASSAN", "hidden_link_broken",
             ky_tr("the details are shared over the cells that point back; compare the rows with the published file"),
             ky_tr("it lists a cell as merged that does not point back"), (int)length, id);
      continue;
    }
    uint32_t at = members;
    while (at > 0 && member[at - 1] > source) {
      member[at] = member[at - 1];
      at--;
    }
    if (at > 0 && member[at - 1] == source) { /* listed twice */
      memmove(member + at, member + at + 1, (members - at) * sizeof *member);
      continue;
    }
    member[at] = source;
    members++;
  }
  return members;
}

static void share_measure(ky_cell_draft *drafts, const uint32_t *member, uint32_t members, uint32_t receiver,
                          uint32_t measure, const uint64_t *weight, int64_t *part, uint32_t *order) {
  int64_t people = drafts[receiver].people[measure];
  if (people != KY_NULL) ky_share_largest_remainder(people, weight, members, part, order);
  for (uint32_t i = 0; i < members; i++) drafts[member[i]].people[measure] = people != KY_NULL ? part[i] : KY_NULL;
}

/* Men and women of all ages are hidden in tables of small areas (not in grids): then the receiving row has the group's,
 * and they are shared like a band. Women are what men leave of the total, where the group's sums say so. */
static void share_sexes(ky_cell_draft *drafts, const uint32_t *member, uint32_t members, uint32_t receiver,
                        const uint64_t *weight, int64_t *part, uint32_t *order) {
  const int64_t men = drafts[receiver].people[KY_TOTAL_M], women = drafts[receiver].people[KY_TOTAL_F];
  uint64_t total = 0;
  bool is_hidden = false;
  for (uint32_t i = 0; i < members; i++) {
    total += weight[i];
    is_hidden = is_hidden || drafts[member[i]].people[KY_TOTAL_M] == KY_NULL;
  }
  if (!is_hidden) return;
  const bool adds_up = men != KY_NULL && women != KY_NULL && (uint64_t)(men + women) == total;
  share_measure(drafts, member, members, receiver, KY_TOTAL_M, weight, part, order);
  if (!adds_up) share_measure(drafts, member, members, receiver, KY_TOTAL_F, weight, part, order);
  for (uint32_t i = 0; adds_up && i < members; i++)
    drafts[member[i]].people[KY_TOTAL_F] = (int64_t)weight[i] - drafts[member[i]].people[KY_TOTAL_M];
}

/* Every band: male and female by largest remainder and the total as their sum, where the receiver's own sum holds. */
static void share_group(ky_cell_draft *drafts, const uint32_t *member, uint32_t members, uint32_t receiver,
                        uint64_t *weight, int64_t *part, uint32_t *order) {
  for (uint32_t i = 0; i < members; i++) {
    int64_t total = drafts[member[i]].people[KY_TOTAL];
    weight[i] = total == KY_NULL ? 0 : (uint64_t)total;
  }
  share_sexes(drafts, member, members, receiver, weight, part, order);
  for (uint32_t total = KY_65; total < KY_MEASURE_COUNT; total += 3) {
    const int64_t *people = drafts[receiver].people;
    bool adds_up = people[total + 1] != KY_NULL && people[total + 2] != KY_NULL &&
                   people[total] == people[total + 1] + people[total + 2];
    if (!adds_up) share_measure(drafts, member, members, receiver, total, weight, part, order);
    share_measure(drafts, member, members, receiver, total + 1, weight, part, order);
    share_measure(drafts, member, members, receiver, total + 2, weight, part, order);
    for (uint32_t i = 0; adds_up && i < members; i++) {
      int64_t *own = drafts[member[i]].people;
      own[total] = own[total + 1] + own[total + 2];
    }
  }
  for (uint32_t i = 0; i < members; i++) drafts[member[i]].age_source = KY_AGE_GROUP;
}

/* Hidden cells that no receiver took in have unknown bands, whatever stands in their rows, and that is said. */
static void report_left_over(ky_job *job, ky_cell_draft *drafts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (drafts[i].hidden != '2' || drafts[i].age_source == KY_AGE_GROUP) continue;
    const char *to = drafts[i].receiver != NULL ? drafts[i].receiver : "";
    const bool is_there = to[0] != '\0' && find(drafts, count, &drafts[i], to, strlen(to)) != KY_NONE;
    for (uint32_t m = KY_65; m < KY_MEASURE_COUNT; m++) drafts[i].people[m] = KY_NULL;
    report(job, &drafts[i], "HTKSAKI", is_there ? "hidden_link_broken" : "hidden_receiver_missing",
           ky_tr("its age bands are taken as unknown; compare the rows with the published file"),
           is_there ? ky_tr("its details are said to be in a cell that does not list it")
                    : ky_tr("its details are said to be in a cell that no file has"),
           (int)strlen(to), to);
  }
}

ky_err ky_cell_groups_dissolve(ky_job *job, ky_cell_draft *drafts, uint32_t count) {
  uint32_t *member, *order;
  uint64_t *weight;
  int64_t *part;
  KY_NEW(job, scratch, member, (size_t)count + 1);
  KY_NEW(job, scratch, order, (size_t)count + 1);
  KY_NEW(job, scratch, weight, (size_t)count + 1);
  KY_NEW(job, scratch, part, (size_t)count + 1);
  for (uint32_t i = 0; i < count; i++) {
    if (drafts[i].hidden != '1') continue;
    uint32_t members = collect(job, drafts, count, i, member);
    if (members > 1)
      share_group(drafts, member, members, i, weight, part, order);
    else if (drafts[i].sources == NULL)
      report(job, &drafts[i], "GASSAN", "hidden_list_empty",
             ky_tr("its age bands are used as its own; compare the row with the published file"),
             ky_tr("it is said to hold details of other cells, but it lists none"), 0, "");
  }
  report_left_over(job, drafts, count);
  return KY_OK;
}
