/* Profiles: who walks, as data. A profile gives every street its cost, and says how far is near; where people live does
 * not depend on it. The first profile of a run decides gaps, sites and targets; further ones give their own numbers. */
#ifndef KAYOI_PROFILE_H
#define KAYOI_PROFILE_H

#include <kayoi/network.h>

#define KY_BANDS_MAX      8
#define KY_PROFILES_MAX   8    /* of one run */
#define KY_STAIRS_AS_FLAT 1000 /* ky_walk_opts.stairs_milli */

typedef struct ky_walk_opts {
  const char *profile;             /* "elderly" */
  uint32_t speed_mm_per_min;       /* base speed, 60000 */
  uint32_t bands_mm[KY_BANDS_MAX]; /* increasing */
  uint32_t band_count;
  uint32_t primary_mm;   /* one of the bands */
  const char *basis;     /* where the threshold comes from */
  bool with_slope;       /* slope rule tobler; false: none */
  uint32_t stairs_milli; /* a metre of stairs counts as this many thousandths of a metre; 0 is KY_STAIRS_AS_FLAT */
  uint32_t closed_bits;  /* 1 << ky_street_class: not walked (stairs that are avoided among them) */
} ky_walk_opts;

/* A street of several classes is what any of them is: it is closed when all of them are, and stairs when it is nothing
 * else. A street without a class is never closed. */
bool ky_profile_closes(const ky_walk_opts *profile, uint32_t class_bits);

/* The network as the profile walks it: `out` shares the geometry and has its own costs (slope, then stairs, rounded
 * up); closed streets have none, and then arcs and components are those of the open streets. KY_E_INPUT: it closes
 * every street. */
ky_err ky_profile_network(ky_job *job, const ky_network *network, const ky_walk_opts *profile, ky_network *out);
/* Issues about what the profile closes, or finds none of. */
void ky_profile_report(ky_job *job, const ky_network *network, const ky_walk_opts *profile);

/* Do both give every street the same cost? */
bool ky_profile_costs_equal(const ky_walk_opts *a, const ky_walk_opts *b);

/* Minutes at the base speed, hundredths, halves up; KY_NULL for KY_NONE. */
int64_t ky_profile_minutes(const ky_walk_opts *profile, uint32_t walk_mm);

#endif
