/* The comparison of two runs, in the order of the layer: what is different about the runs, numbers of the whole,
 * venues, gaps, zones, sites. */
#include <kayoi/changes.h>
#include <string.h>

#include "core/changes_parts.h"

const char *ky_change_kind_name(ky_change_kind kind) {
  static const char *const names[] = {
#define KY_X(name, text, word) text,
      KY_CHANGE_KINDS(KY_X)
#undef KY_X
  };
  return names[kind];
}

ky_err ky_change_add(ky_changes_build_state *s, const ky_change *change) {
  ky_changes *out = s->out;
  if (out->count == out->capacity) {
    ky_change *more;
    const uint32_t capacity = out->capacity == 0 ? 64 : out->capacity * 2;
    KY_NEW(s->job, keep, more, capacity);
    if (out->count != 0) memcpy(more, out->row, out->count * sizeof *more);
    out->row = more;
    out->capacity = capacity;
  }
  out->row[out->count++] = *change;
  return KY_OK;
}

static ky_err add_causes(ky_changes_build_state *s) {
  for (uint32_t i = 0; i < s->in->causes.count; i++) {
    const ky_change_cause *cause = &s->in->causes.of[i];
    const bool is_input = cause->kind == KY_CAUSE_INPUT;
    const ky_change c = {.kind = is_input ? KY_CHANGE_SOURCE : KY_CHANGE_DEFINITION,
                         .id = cause->key,
                         .name = cause->name,
                         .field = is_input ? "records" : ky_cause_kind_name(cause->kind),
                         .before = cause->before,
                         .after = cause->after,
                         .people_65 = KY_NULL,
                         .share = KY_NULL,
                         .moved_mm = KY_NULL};
    KY_TRY(ky_change_add(s, &c));
  }
  return KY_OK;
}

/* Venues first: what happened to them is the reason of much that follows. */
ky_err ky_changes_build(ky_job *job, const ky_changes_in *in, ky_changes *out) {
  ky_changes_build_state s = {.job = job, .in = in, .out = out};
  *out = (ky_changes){.has_gap_shapes = true};
  KY_TRY(add_causes(&s));
  KY_TRY(ky_changes_of_venues(&s));
  KY_TRY(ky_changes_of_gaps(&s));
  KY_TRY(ky_changes_of_zones(&s));
  return ky_changes_of_sites(&s);
}

uint32_t ky_changes_count(const ky_changes *changes, ky_change_kind kind) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < changes->count; i++) count += changes->row[i].kind == kind;
  return count;
}
