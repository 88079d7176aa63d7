/* Further profiles of a run: the same people and venues, walked otherwise. Part of room 5, after the first profile. */
#ifndef KAYOI_PROFILES_H
#define KAYOI_PROFILES_H

#include <kayoi/coverage.h>

/* What the first profile found, and what all profiles share. */
typedef struct ky_profiles_in {
  const ky_network *streets; /* before any profile: every street open */
  const ky_cells *cells;
  const ky_points *points;
  const ky_zones *zones;
  const ky_venues *venues; /* settled for the first profile */
  const ky_anchors *venue_anchors, *point_anchors;
  const ky_walks *walks;
  const ky_coverage *coverage;
  const ky_walk_opts *first;
  const ky_network_opts *snap;
} ky_profiles_in;

typedef struct ky_profile_result {
  const ky_walk_opts *opts;
  const int8_t *counts; /* [venues] counts, and has an open street near */
  ky_anchors venue_anchors, point_anchors;
  ky_walks walks;
  ky_coverage coverage; /* without columns of venues */
} ky_profile_result;

typedef struct ky_profiles {
  uint32_t count;
  ky_profile_result *result; /* [0] is the first profile: views of what `in` holds */
} ky_profiles;

/* Walks and ledger of every further profile, each as a run with that profile alone would give them. Profiles that
 * differ in speed and distances only share one search. */
ky_err ky_profiles_build(ky_job *job, const ky_profiles_in *in, const ky_walk_opts *further, uint32_t further_count,
                         ky_profiles *out);

#endif
