/* kayoi compare: the runs of several municipalities beside each other. */
#ifndef KAYOI_COMPARE_H
#define KAYOI_COMPARE_H

#include <kayoi/municipalities.h>

typedef struct ky_compare_opts {
  char *const *places; /* [place_count] folders of runs, or of a batch */
  uint32_t place_count;
  const char *out;  /* the folder that is made */
  int64_t floor;    /* completeness below which nobody is ranked, KY_WHOLE parts */
  const char *lang; /* of the page: "ja", "en" */
} ky_compare_opts;

/* Share of venues with a place, reports, walks and zones known that a rank needs (an assumption of kayoi). */
#define KY_COMPARE_FLOOR 800000

/* Reads the runs, refuses to set different definitions side by side (KY_E_INPUT, with the differences), writes
 * municipalities.csv, kayoi.xlsx and index.html. out: the municipalities in the order of their codes. */
ky_err ky_compare_runs(ky_job *job, const ky_compare_opts *opts, ky_municipalities *out);

#endif
