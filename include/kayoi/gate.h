/* Plausibility: a result that differs too much from the last published one is held back until somebody has looked. */
#ifndef KAYOI_GATE_H
#define KAYOI_GATE_H

#include <kayoi/past.h>

typedef struct ky_gate_opts {
  bool is_on;
  uint32_t max_venues_change; /* KY_WHOLE parts of the places that counted */
  uint32_t max_share_change;  /* of the share of people 65+ within reach: points, KY_WHOLE parts */
  uint32_t min_records_share; /* KY_WHOLE parts of a source's records then that must be there now */
  bool empty_sources;         /* a source without records is held back */
  bool is_accepted;           /* --accept */
} ky_gate_opts;

/* One thing that is not plausible. */
typedef struct ky_gate_reason {
  const char *code;      /* "venues", "coverage", "empty_source", "records" */
  const char *source;    /* role and path; NULL: none */
  int64_t before, after; /* counts, or KY_WHOLE parts of a share; KY_NULL: there was none */
} ky_gate_reason;

typedef struct ky_gate {
  bool is_on, is_accepted;
  uint32_t count;
  ky_gate_reason *reason;
} ky_gate;

/* `after` as it would be published; before: NULL: there is nothing to compare with, and only empty sources count. A
 * source that was empty in the published run already holds nothing back, nor does an empty sheet of the workbook. */
ky_err ky_gate_judge(ky_job *job, const ky_gate_opts *opts, const ky_past *before, const ky_past *after, ky_gate *out);
/* Held back: there is a reason, and nobody has accepted it. */
bool ky_gate_holds(const ky_gate *gate);

#endif
