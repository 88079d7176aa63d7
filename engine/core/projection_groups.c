/* Hidden cells of projected grids: there only the hidden cell names the other one, so what a receiver holds is gathered
 * from them; a receiver that is not marked as one stays without a list, and the link is then reported as broken. */
#include "core/projection_groups.h"

#include <string.h>

/* The draft of an id that a link of `from` means: of its own file before those of others. KY_NONE: no file has it. */
static uint32_t find(const ky_cell_draft *drafts, uint32_t count, const ky_cell_draft *from, const char *id) {
  uint32_t low = 0, high = count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (strcmp(drafts[middle].id, id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  const uint32_t first = low < count && strcmp(drafts[low].id, id) == 0 ? low : KY_NONE;
  for (uint32_t i = low; i < count && strcmp(drafts[i].id, id) == 0; i++)
    if (drafts[i].record.source == from->record.source) return i;
  return first;
}

static void report(ky_job *job, const ky_cell_draft *draft, ky_severity severity, const char *reason,
                   const char *action, const char *message, const char *what) {
  ky_issue_add(job,
               &(ky_issue){.severity = severity,
                           .source = ky_raw_label(job, draft->record.raw),
                           .record = draft->id,
                           .field = "HITOKU",
                           .reason = reason,
                           .action = action},
               "%s: %s", message, what);
}

static void forget_bands(ky_cell_draft *draft) {
  for (uint32_t m = KY_65; m < KY_MEASURE_COUNT; m++) draft->people[m] = KY_NULL;
}

static void read_mark(ky_job *job, ky_cell_draft *draft, const ky_hidden_mark *mark) {
  draft->hidden = '0';
  draft->receiver = draft->sources = NULL;
  if (mark->mark == NULL && mark->to == NULL) return;
  if (mark->mark != NULL && strcmp(mark->mark, "@") == 0) {
    draft->hidden = '1';
    draft->sources = mark->to;
    return;
  }
  forget_bands(draft);
  if (mark->mark != NULL && strcmp(mark->mark, "*") == 0) {
    draft->hidden = '2';
    draft->receiver = mark->to;
    return;
  }
  report(job, draft, KY_WARNING, "hidden_mark_unknown",
         ky_tr("its age bands are taken as unknown; compare the row with the published file"),
         ky_tr("it is neither marked as hidden (*) nor as holding others' details (@)"),
         mark->mark != NULL ? mark->mark : mark->to);
}

/* Lists of the receivers from the cells that point to them, in the order of their ids. */
static ky_err gather(ky_job *job, ky_cell_draft *drafts, uint32_t count) {
  size_t *length;
  char **list;
  uint32_t *receiver;
  KY_NEW(job, scratch, length, count);
  KY_NEW(job, scratch, list, count);
  KY_NEW(job, scratch, receiver, count);
  for (uint32_t i = 0; i < count; i++) {
    receiver[i] = drafts[i].hidden == '2' && drafts[i].receiver != NULL
                      ? find(drafts, count, &drafts[i], drafts[i].receiver)
                      : KY_NONE;
    if (receiver[i] != KY_NONE) length[receiver[i]] += strlen(drafts[i].id) + 1;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (receiver[i] == KY_NONE || drafts[receiver[i]].hidden != '1') continue;
    ky_cell_draft *to = &drafts[receiver[i]];
    char **end = &list[receiver[i]];
    if (*end == NULL && to->sources != NULL) continue; /* the file gives the list itself */
    if (*end == NULL) {
      KY_NEW(job, keep, *end, length[receiver[i]] + 1);
      to->sources = *end;
    }
    const size_t n = strlen(drafts[i].id);
    memcpy(*end, drafts[i].id, n);
    (*end)[n] = ';';
    *end += n + 1;
  }
  for (uint32_t i = 0; i < count; i++)
    if (drafts[i].hidden == '1' && drafts[i].sources == NULL)
      report(job, &drafts[i], KY_INFO, "hidden_source_missing",
             ky_tr("its details are used as they are; add the neighbouring file if it lies there"),
             ky_tr("it is marked as holding details of others, but no cell here points to it"), "@");
  return KY_OK;
}

ky_err ky_projection_link(ky_job *job, ky_cell_draft *drafts, uint32_t count, const ky_hidden_mark *marks) {
  bool is_any = false;
  for (uint32_t i = 0; i < count; i++) {
    if (marks[i].mark == NULL && marks[i].to == NULL) continue;
    read_mark(job, &drafts[i], &marks[i]);
    is_any = true;
  }
  return is_any ? gather(job, drafts, count) : KY_OK;
}

ky_err ky_projection_share(ky_job *job, const ky_cell_draft *drafts, uint32_t count, int64_t *people) {
  uint32_t *receiver, *first, *member, *order;
  uint64_t *weight;
  int64_t *part;
  KY_NEW(job, scratch, receiver, count);
  KY_NEW(job, scratch, first, (size_t)count + 2);
  KY_NEW(job, scratch, member, count);
  KY_NEW(job, scratch, order, count);
  KY_NEW(job, scratch, weight, count);
  KY_NEW(job, scratch, part, count);
  for (uint32_t i = 0; i < count; i++) {
    if (drafts[i].hidden == '2') people[i] = KY_NULL;
    const bool is_member = drafts[i].age_source == KY_AGE_GROUP;
    receiver[i] = !is_member                   ? KY_NONE
                  : drafts[i].hidden == '1'    ? i
                  : drafts[i].receiver != NULL ? find(drafts, count, &drafts[i], drafts[i].receiver)
                                               : KY_NONE;
    if (receiver[i] != KY_NONE) first[receiver[i] + 2]++;
  }
  for (uint32_t i = 0; i <= count; i++) first[i + 1] += first[i];
  for (uint32_t i = 0; i < count; i++)
    if (receiver[i] != KY_NONE) member[first[receiver[i] + 1]++] = i;
  for (uint32_t r = 0; r < count; r++) {
    const uint32_t from = first[r], n = first[r + 1] - from;
    if (n < 2 || people[r] == KY_NULL) continue;
    for (uint32_t k = 0; k < n; k++) {
      const int64_t total = drafts[member[from + k]].people[KY_TOTAL];
      weight[k] = total == KY_NULL ? 0 : (uint64_t)total;
    }
    ky_share_largest_remainder(people[r], weight, n, part, order);
    for (uint32_t k = 0; k < n; k++) people[member[from + k]] = part[k];
  }
  return KY_OK;
}
