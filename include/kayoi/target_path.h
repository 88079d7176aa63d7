/* A path of targets: how many should take part in which year, beside how many do now (method.md 6, years). */
#ifndef KAYOI_TARGET_PATH_H
#define KAYOI_TARGET_PATH_H

#include <kayoi/targets.h>

/* People 65+ of a year that are known: those of the run, of a projection, of the register's own projection. */
typedef struct ky_known_people {
  int64_t year;            /* KY_NULL: the date of the residents is not known */
  const char *people_from; /* "residents", "projection", "register" */
  const ky_targets *targets;
} ky_known_people;

/* Years by rows of the ledger: [year * row_count + row]. KY_NULL for rows that have no target. */
typedef struct ky_target_path {
  uint32_t year_count, row_count;
  int64_t *year;
  const char **people_from; /* [years] of the known ones; "between" two of them; "held": as in the year people_year */
  int64_t *people_year;     /* [years] year of the people, KY_NULL for "between" and where it is not known */
  int64_t *base_65;         /* thousandths; between two years in proportion to time, halves up */
  int64_t *rate, *target;
  const char **basis;
  int64_t *attainment, *shortfall, *net_shortfall; /* of the participants of now */
} ky_target_path;

/* Years: all known ones, and those for which a rate is stated. known: the run's own first, then by year; of equal years
 * the first counts. */
ky_err ky_target_path_build(ky_job *job, const ky_zones *zones, const ky_known_people *known, uint32_t known_count,
                            const ky_targets_opts *opts, ky_target_path *out);

#endif
