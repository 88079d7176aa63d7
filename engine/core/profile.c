/* Costs of a network for a profile (method.md 3). */
#include <kayoi/profile.h>
#include <string.h>

#include "core/network_arcs.h"

#define STAIRS (UINT32_C(1) << KY_STREET_STEPS)

static uint32_t stairs_of(const ky_walk_opts *profile) {
  return profile->stairs_milli == 0 ? KY_STAIRS_AS_FLAT : profile->stairs_milli;
}

bool ky_profile_closes(const ky_walk_opts *profile, uint32_t class_bits) {
  return class_bits != 0 && (class_bits & ~profile->closed_bits) == 0;
}

bool ky_profile_costs_equal(const ky_walk_opts *a, const ky_walk_opts *b) {
  return a->with_slope == b->with_slope && stairs_of(a) == stairs_of(b) && a->closed_bits == b->closed_bits;
}

int64_t ky_profile_minutes(const ky_walk_opts *profile, uint32_t walk_mm) {
  if (walk_mm == KY_NONE || profile->speed_mm_per_min == 0) return KY_NULL;
  const int64_t speed = profile->speed_mm_per_min;
  return ((int64_t)walk_mm * 200 + speed) / (2 * speed);
}

/* What the profile did to the streets. */
typedef struct tally {
  uint64_t closed_mm, stairs_mm, all_mm;
  uint32_t closed, stairs;
} tally;

static uint32_t cost_of(const ky_walk_opts *profile, const uint32_t *base_mm, uint32_t class_bits, uint32_t edge) {
  if (ky_profile_closes(profile, class_bits)) return KY_NONE;
  if (class_bits != STAIRS) return base_mm[edge];
  const uint64_t cost = ((uint64_t)base_mm[edge] * stairs_of(profile) + 999) / 1000;
  return cost < UINT32_MAX / 4 ? (uint32_t)cost : UINT32_MAX / 4;
}

static tally count_streets(const ky_network *network, const ky_walk_opts *profile) {
  tally t = {0};
  for (uint32_t e = 0; e < network->edge_count; e++) {
    const uint32_t length_mm = network->length_mm[e];
    t.all_mm += length_mm;
    if (ky_profile_closes(profile, network->class_bits[e])) {
      t.closed++;
      t.closed_mm += length_mm;
    } else if (network->class_bits[e] == STAIRS) {
      t.stairs++;
      t.stairs_mm += length_mm;
    }
  }
  return t;
}

/* Rules that met no street are said: the layer may have no classes, or other words for them. */
void ky_profile_report(ky_job *job, const ky_network *network, const ky_walk_opts *profile) {
  const bool has_stairs = stairs_of(profile) != KY_STAIRS_AS_FLAT;
  if (profile->closed_bits == 0 && !has_stairs) return;
  const tally counted = count_streets(network, profile), *t = &counted;
  const char *where = ky_format(&job->scratch, "walk.profiles.%s", profile->profile);
  if (t->closed != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = where,
                             .reason = "profile_closes_streets",
                             .action = ky_tr("this profile does not walk them; people beside them start at the nearest "
                                             "open street")},
                 ky_tr("%u streets (%.1f of %.1f km) are closed for it"), t->closed, (double)t->closed_mm / 1e6,
                 (double)t->all_mm / 1e6);
  if (has_stairs && t->stairs != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = where,
                             .reason = "profile_stairs",
                             .action = ky_tr("their length counts by the stairs rule of the profile")},
                 ky_tr("%u stairs (%.3f km)"), t->stairs, (double)t->stairs_mm / 1e6);
  if ((profile->closed_bits != 0 && t->closed == 0) || (has_stairs && t->stairs == 0))
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = where,
                             .reason = "profile_rule_unused",
                             .action = ky_tr("nothing changes by it; look whether the roads name their classes")},
                 "%s",
                 profile->closed_bits != 0 && t->closed == 0
                     ? ky_tr("no street has the classes that it closes")
                     : ky_tr("no street is stairs, so its stairs rule is idle"));
}

ky_err ky_profile_network(ky_job *job, const ky_network *network, const ky_walk_opts *profile, ky_network *out) {
  uint32_t *base_mm = profile->with_slope && network->sloped_mm != NULL ? network->sloped_mm : network->length_mm;
  uint32_t closed = 0;
  *out = *network;
  out->cost_mm = base_mm;
  if (profile->closed_bits == 0 && stairs_of(profile) == KY_STAIRS_AS_FLAT) return KY_OK;
  KY_NEW(job, keep, out->cost_mm, out->edge_count);
  for (uint32_t e = 0; e < out->edge_count; e++) {
    out->cost_mm[e] = cost_of(profile, base_mm, out->class_bits[e], e);
    closed += ky_edge_is_closed(out, e);
  }
  if (closed == 0) return KY_OK;
  if (closed == out->edge_count)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("walk.profiles.%s closes every street of the roads; take classes out of `closed`"),
                   profile->profile);
  const ky_arena_mark before = ky_arena_now(&job->scratch);
  KY_TRY(ky_network_arcs(job, out));
  KY_TRY(ky_network_components(job, out));
  ky_arena_rewind(&job->scratch, before);
  return KY_OK;
}
