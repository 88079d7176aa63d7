/* Disclosure control of the census grid: a hidden cell (2) gave its details to a receiving cell (1). The two rows name
 * each other; the receiver's details are shared over the group by total people. */
#include "core/cell_groups.h"

#include <string.h>

static uint32_t find(const ky_cell_draft *drafts, uint32_t count, const char *id, size_t length) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int order = strncmp(drafts[middle].id, id, length);
    if (order == 0) order = drafts[middle].id[length] != '\0';
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return KY_NONE;
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

/* Does the source's own row say that its details went to the receiver? */
static bool points_back(const ky_cell_draft *source, const ky_cell_draft *receiver) {
  return source->hidden == '2' && source->receiver != NULL && strcmp(source->receiver, receiver->id) == 0;
}

/* Members of the receiver's group: itself and every listed source that points back; sorted by id. */
static uint32_t collect(ky_job *job, ky_cell_draft *drafts, uint32_t count, uint32_t receiver, uint32_t *member) {
  uint32_t members = 0;
  const char *list = drafts[receiver].sources, *id;
  size_t length;
  member[members++] = receiver;
  while (list != NULL && next_id(&list, &id, &length)) {
    uint32_t source = find(drafts, count, id, length);
    if (source == KY_NONE) {
      report(job, &drafts[receiver], "GASSAN", "hidden_source_missing",
             ky_tr("the details are shared over the cells that are here; add the neighbouring grid file"),
             ky_tr("its details contain those of a cell that no file has"), (int)length, id);
      continue;
    }
    if (!points_back(&drafts[source], &drafts[receiver])) {
      report(job, &drafts[source], "HTKSAKI", "hidden_link_broken",
             ky_tr("its age bands are taken as unknown; compare the rows with the published file"),
             ky_tr("a cell lists it as merged, but it does not point back"), (int)strlen(drafts[receiver].id),
             drafts[receiver].id);
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
  if (people == KY_NULL) return;
  ky_share_largest_remainder(people, weight, members, part, order);
  for (uint32_t i = 0; i < members; i++) drafts[member[i]].people[measure] = part[i];
}

/* Every band: male and female by largest remainder and the total as their sum, where the receiver's own sum holds. */
static void share_group(ky_cell_draft *drafts, const uint32_t *member, uint32_t members, uint32_t receiver,
                        uint64_t *weight, int64_t *part, uint32_t *order) {
  for (uint32_t i = 0; i < members; i++) {
    int64_t total = drafts[member[i]].people[KY_TOTAL];
    weight[i] = total == KY_NULL ? 0 : (uint64_t)total;
  }
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

/* Hidden cells that no receiver took in keep unknown bands, and that is said. */
static void report_left_over(ky_job *job, ky_cell_draft *drafts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (drafts[i].hidden != '2' || drafts[i].age_source == KY_AGE_GROUP) continue;
    const char *to = drafts[i].receiver != NULL ? drafts[i].receiver : "";
    uint32_t receiver = find(drafts, count, to, strlen(to));
    report(job, &drafts[i], "HTKSAKI", receiver == KY_NONE ? "hidden_receiver_missing" : "hidden_link_broken",
           ky_tr("its age bands are taken as unknown; compare the rows with the published file"),
           receiver == KY_NONE ? ky_tr("its details are said to be in a cell that no file has")
                               : ky_tr("its details are said to be in a cell that does not list it"),
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
    if (members > 1) share_group(drafts, member, members, i, weight, part, order);
  }
  report_left_over(job, drafts, count);
  return KY_OK;
}
