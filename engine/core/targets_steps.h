/* The steps of targets, one file each. All columns exist already; null where nothing is said. */
#ifndef KAYOI_TARGETS_STEPS_H
#define KAYOI_TARGETS_STEPS_H

#include <kayoi/targets.h>

typedef struct ky_targets_step {
  ky_job *job;
  const ky_zones *zones;
  const ky_venues *venues;
  const ky_points *points;
  const ky_coverage *coverage;
  const ky_venue_sets *sets;
  const ky_sites *sites;
  const ky_targets_opts *opts;
  int64_t *typical_milli; /* [zones] typical participants of a venue, thousandths; > 0 */
} ky_targets_step;

/* T where its people are; target is there. */
ky_err ky_targets_parts(const ky_targets_step *step, ky_targets *out);
/* Typical participants of a venue: the zone's median of min_reports or more, else the municipality's, else the option.
 */
ky_err ky_targets_typical(ky_targets_step *step);
/* P and what follows from it; base_65 and target are there. */
ky_err ky_targets_participants(const ky_targets_step *step, ky_targets *out);
/* Venues, seats and places; shortfall is there. */
ky_err ky_targets_places(const ky_targets_step *step, ky_targets *out);

/* A venue whose participants count for the rate of its row. */
static inline bool ky_is_rate_venue(const ky_venues *venues, uint32_t venue) {
  return venues->counts_for_rate[venue] == 1 && venues->row[venue] != KY_NONE;
}

#endif
