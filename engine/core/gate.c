/* The plausibility gate. */
#include <kayoi/gate.h>
#include <string.h>

static void add(ky_gate *gate, const char *code, const char *source, int64_t before, int64_t after) {
  gate->reason[gate->count++] = (ky_gate_reason){.code = code, .source = source, .before = before, .after = after};
}

static void judge_venues(const ky_gate_opts *opts, const ky_past *before, const ky_past *after, ky_gate *out) {
  const int64_t was = before->venues_counting, is = after->venues_counting, change = is > was ? is - was : was - is;
  if (was == KY_NULL || is == KY_NULL) return;
  if ((double)change * KY_WHOLE > (double)was * opts->max_venues_change) add(out, "venues", NULL, was, is);
}

/* Share of people 65+ within reach; KY_NULL: nobody is there. */
static int64_t share_of(const ky_past *past) {
  const ky_past_row *row = ky_past_row_of(past, "municipality", NULL);
  if (row == NULL || row->pop_65 == KY_NULL || row->covered_65 == KY_NULL || row->pop_65 <= 0) return KY_NULL;
  return (int64_t)((double)row->covered_65 * KY_WHOLE / (double)row->pop_65 + 0.5);
}

static void judge_coverage(const ky_gate_opts *opts, const ky_past *before, const ky_past *after, ky_gate *out) {
  const int64_t was = share_of(before), is = share_of(after), change = is > was ? is - was : was - is;
  if (was != KY_NULL && is != KY_NULL && change > opts->max_share_change) add(out, "coverage", NULL, was, is);
}

static const char *base_name(const char *path) {
  const char *slash = path != NULL ? strrchr(path, '/') : NULL;
  return slash != NULL ? slash + 1 : path != NULL ? path : "";
}

/* The same source then: by role and file name; the nth of them for the nth now. */
static const ky_past_input *source_then(const ky_past *before, const ky_past *after, uint32_t now) {
  const ky_past_input *is = &after->inputs[now];
  uint32_t nth = 0;
  for (uint32_t i = 0; i < now; i++)
    nth += strcmp(after->inputs[i].role, is->role) == 0 &&
           strcmp(base_name(after->inputs[i].path), base_name(is->path)) == 0;
  for (uint32_t i = 0; before != NULL && i < before->input_count; i++) {
    const ky_past_input *was = &before->inputs[i];
    if (strcmp(was->role, is->role) != 0 || strcmp(base_name(was->path), base_name(is->path)) != 0) continue;
    if (nth-- == 0) return was;
  }
  return NULL;
}

/* Roles of which only the part that is needed is read, or whose records are no list. */
static bool has_list(const char *role) {
  static const char *const others[] = {"elevation", "geocoding.halls", "geocoding.blocks", "geocoding.towns",
                                       "names.sources"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(role, others[i]) == 0) return false;
  return true;
}

static ky_err judge_source(ky_job *job, const ky_gate_opts *opts, const ky_past *before, const ky_past *after,
                           uint32_t now, ky_gate *out) {
  const ky_past_input *is = &after->inputs[now], *was = source_then(before, after, now);
  if (is->records == KY_NULL || !has_list(is->role)) return KY_OK;
  const bool was_empty = was != NULL && was->records == 0;
  const bool is_empty = is->records == 0 && !was_empty && (!is->is_workbook || was != NULL);
  const bool is_short = was != NULL && was->records != KY_NULL &&
                        (double)is->records * KY_WHOLE < (double)was->records * opts->min_records_share;
  if (!(is_empty && opts->empty_sources) && !is_short) return KY_OK;
  const char *name = ky_format(&job->keep, "%s %s", is->role, is->path != NULL ? is->path : "");
  if (name == NULL) return ky_fail_memory(job);
  add(out, is->records == 0 ? "empty_source" : "records", name, was != NULL ? was->records : KY_NULL, is->records);
  return KY_OK;
}

ky_err ky_gate_judge(ky_job *job, const ky_gate_opts *opts, const ky_past *before, const ky_past *after, ky_gate *out) {
  *out = (ky_gate){.is_on = opts->is_on, .is_accepted = opts->is_accepted};
  KY_NEW(job, keep, out->reason, (size_t)after->input_count + 2);
  if (!opts->is_on) return KY_OK;
  if (before != NULL) judge_venues(opts, before, after, out);
  if (before != NULL) judge_coverage(opts, before, after, out);
  for (uint32_t i = 0; i < after->input_count; i++) KY_TRY(judge_source(job, opts, before, after, i, out));
  return KY_OK;
}

bool ky_gate_holds(const ky_gate *gate) {
  return gate->count != 0 && !gate->is_accepted;
}
