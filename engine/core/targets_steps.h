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
/* E, also of men and women; what the register says against the grid. */
ky_err ky_targets_base(const ky_targets_step *step, ky_targets *out);
/* Rates and T, also of men and women. */
ky_err ky_targets_goal(const ky_targets_step *step, ky_targets *out);
/* participants_sum where the people in range of each venue live; men and women within it. */
ky_err ky_targets_allocate(const ky_targets_step *step, ky_targets *out);
/* Participants of other age bands with people of their own band. */
ky_err ky_targets_bands(const ky_targets_step *step, ky_targets *out);
/* Dates of the participants, and how old they are. */
ky_err ky_targets_dates(const ky_targets_step *step, ky_targets *out);
/* Typical participants of a venue: the zone's median of min_reports or more, else the municipality's, else the option.
 */
ky_err ky_targets_typical(ky_targets_step *step);
/* P and what follows from it; base_65 and target are there. */
ky_err ky_targets_participants(const ky_targets_step *step, ky_targets *out);
/* Venues, seats and places; shortfall is there. */
ky_err ky_targets_places(const ky_targets_step *step, ky_targets *out);

/* Are distinct participants 65+ of the zone given, so that its venues need not be added up? */
static inline bool ky_zone_is_distinct(const ky_zones *zones, uint32_t zone) {
  return zones->participants[zone] != KY_NULL && zones->participants_of[zone] == KY_65;
}

/* A venue whose participants count for the rate of its row. */
static inline bool ky_is_rate_venue(const ky_venues *venues, uint32_t venue) {
  return venues->counts_for_rate[venue] == 1 && venues->row[venue] != KY_NONE;
}

/* What a venue reports of people 65+ of the municipality; KY_NULL: nothing that a rate may be formed with. */
typedef struct ky_report {
  int64_t all, m, f, weekly; /* m and f: both or none */
} ky_report;

ky_report ky_venue_report(const ky_venues *venues, uint32_t venue);

#endif
