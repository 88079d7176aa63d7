/* Outcomes under other definitions, one changed at a time. They are rooms inside the room; each gives its memory back
 * but for its answers. */
#include <string.h>

#include "rooms.h"

#define OTHERS_SPEED 80000 /* mm per minute: the profile general */

typedef struct variants {
  ky_job *job;
  const ky_config *c;
  const ky_town *t;
  const ky_outcome *base;
  ky_sensitivity *out;
} variants;

static ky_definition *add(variants *v, ky_definition_kind kind, const char *key, const char *alias) {
  ky_definition *d = &v->out->definition[v->out->count++];
  *d = (ky_definition){.key = key,
                       .alias = alias,
                       .kind = kind,
                       .primary_mm = v->c->walk.primary_mm,
                       .min_people_65 = v->c->sites.min_people_65};
  return d;
}

/* Sites and gap areas without their polygons. */
static ky_err find_gaps(variants *v, const ky_definition *d, ky_outcome *o) {
  ky_job *job = v->job;
  ky_config config = *v->c;
  config.walk.primary_mm = config.sites.primary_mm = config.gaps.primary_mm = d->primary_mm;
  config.sites.min_people_65 = d->min_people_65;
  KY_TRY(ky_sites_room(job, &config, v->t, o));
  if (!o->has_supply) KY_TRY(ky_supply_room(job, &config, v->t, o));
  return ky_gaps_build(job, o->ground->cells, o->ground->points, &v->t->zones, &o->venues, &o->coverage, &o->sites,
                       o->has_supply ? o->supply.by_bus : NULL, &config.gaps, &o->gaps);
}

/* The answers of `o`, whose walks are there, with another walking range, site size or points. */
static ky_err answer(variants *v, ky_definition *d, bool with_gaps, ky_outcome *o) {
  ky_job *job = v->job;
  const ky_ground *g = o->ground;
  ky_walk_opts walk = v->c->walk;
  walk.primary_mm = d->primary_mm;
  KY_TRY(ky_coverage_further(job, g->cells, g->points, &v->t->zones, o->venues.counts, o->venues.count,
                             &o->venues.catchments, g->network, &g->point_anchors, &o->walks, o->coverage.straight_mm,
                             &walk, &o->coverage));
  o->coverage.flat_mm = o->flat_walks.walk_mm;
  if (with_gaps) KY_TRY(find_gaps(v, d, o));
  KY_TRY(ky_definition_answers(job, g->cells, g->points, &v->t->zones, &o->coverage, with_gaps ? &o->gaps : NULL, d));
  if (with_gaps) d->site_count = o->sites.count;
  return KY_OK;
}

static ky_err add_distance(variants *v, ky_definition_kind kind, uint32_t primary_mm, const char *key,
                           const char *alias) {
  if (key == NULL || alias == NULL) return ky_fail_memory(v->job);
  ky_outcome o = *v->base;
  ky_definition *d = add(v, kind, key, alias);
  d->primary_mm = primary_mm;
  return answer(v, d, true, &o);
}

static ky_err add_distances(variants *v) {
  const ky_walk_opts *walk = &v->c->walk;
  ky_arena *keep = &v->job->keep;
  for (uint32_t b = 0; b < walk->band_count; b++) {
    const uint32_t mm = walk->bands_mm[b];
    if (mm == walk->primary_mm) continue;
    KY_TRY(add_distance(v, KY_DEFINITION_DISTANCE, mm, ky_format(keep, "distance_%g", mm / 1000.0),
                        ky_format(keep, "徒歩 %g m", mm / 1000.0)));
  }
  if (walk->speed_mm_per_min == OTHERS_SPEED) return KY_OK;
  const uint32_t far = (uint32_t)((uint64_t)walk->primary_mm * OTHERS_SPEED / walk->speed_mm_per_min);
  return add_distance(v, KY_DEFINITION_SPEED, far, "speed_80",
                      ky_format(keep, "同じ時間を毎分 80 m で歩く（%.0f m）", far / 1000.0));
}

static ky_err add_straight(variants *v) {
  ky_outcome o = *v->base;
  o.walks.walk_mm = o.coverage.straight_mm;
  return answer(v, add(v, KY_DEFINITION_STRAIGHT, "straight", "直線距離"), false, &o);
}

/* Homes elsewhere in their cells: a ground of its own. */
static ky_err add_placement(variants *v) {
  ky_job *job = v->job;
  ky_place_opts opts = v->t->place;
  const bool is_centred = !opts.by_streets && !opts.by_buildings;
  ky_points *points;
  ky_ground *ground;
  ky_outcome o;
  KY_NEW(job, keep, points, 1);
  KY_NEW(job, keep, ground, 1);
  opts.by_streets = is_centred;
  opts.by_buildings = false;
  opts.buildings = NULL;
  KY_TRY(ky_place_points(job, &v->t->cells, &v->t->zones, &v->t->network, &opts, points));
  KY_TRY(
      ky_ground_build(job, v->c, v->t, &v->c->walk, &v->t->network, &v->t->contraction, &v->t->cells, points, ground));
  KY_TRY(ky_outcome_start(job, v->t, ground, &o));
  KY_TRY(ky_walk_room(job, v->c, v->t, &o));
  KY_TRY(ky_coverage_room(job, v->c, v->t, &o));
  return answer(v,
                add(v, KY_DEFINITION_PLACEMENT, is_centred ? "placement_streets" : "placement_centroid",
                    is_centred ? "住まいは道路沿い" : "住まいは区画の中心"),
                true, &o);
}

static ky_err add_site_size(variants *v, int64_t min_people_65) {
  ky_outcome o = *v->base;
  const char *key = ky_format(&v->job->keep, "min_people_65_%g", (double)min_people_65 / KY_PERSON);
  const char *alias = ky_format(&v->job->keep, "候補地は 65 歳以上 %g 人から", (double)min_people_65 / KY_PERSON);
  if (key == NULL || alias == NULL) return ky_fail_memory(v->job);
  ky_definition *d = add(v, KY_DEFINITION_SITE_SIZE, key, alias);
  d->min_people_65 = min_people_65;
  return answer(v, d, true, &o);
}

static ky_err add_profiles(variants *v, const ky_profiles *profiles) {
  for (uint32_t p = 1; p < profiles->count; p++) {
    const ky_profile_result *r = &profiles->result[p];
    const char *key = ky_format(&v->job->keep, "profile_%s", r->opts->profile);
    const char *alias = ky_format(&v->job->keep, "歩く人: %s", r->opts->profile);
    if (key == NULL || alias == NULL) return ky_fail_memory(v->job);
    ky_definition *d = add(v, KY_DEFINITION_PROFILE, key, alias);
    d->primary_mm = r->opts->primary_mm;
    KY_TRY(ky_definition_answers(v->job, &v->t->cells, &v->t->points, &v->t->zones, &r->coverage, NULL, d));
  }
  return KY_OK;
}

static ky_err add_all(variants *v, const ky_profiles *profiles) {
  ky_definition *own = add(v, KY_DEFINITION_RUN, "run", "この計算の定義");
  KY_TRY(ky_definition_answers(v->job, &v->t->cells, &v->t->points, &v->t->zones, &v->base->coverage, &v->base->gaps,
                               own));
  own->site_count = v->base->sites.count;
  KY_TRY(add_distances(v));
  KY_TRY(add_straight(v));
  KY_TRY(add_placement(v));
  if (v->c->sites.min_people_65 > 1) KY_TRY(add_site_size(v, v->c->sites.min_people_65 / 2));
  KY_TRY(add_site_size(v, 2 * v->c->sites.min_people_65));
  return add_profiles(v, profiles);
}

/* Only when it is asked for. The same bad records come up again, so their issues are those of the run. */
ky_err ky_sensitivity_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, ky_result *result) {
  const uint32_t issue_count = job->issues.count;
  ky_sensitivity *out;
  if (!c->with_sensitivity || t->cells.people[KY_65] == NULL) return KY_OK;
  ky_job_room_start(job, "sensitivity");
  KY_NEW(job, keep, out, 1);
  out->cell_count = t->cells.count;
  out->row_count = KY_ROW_COUNT(&t->zones);
  KY_NEW(job, keep, out->definition, KY_BANDS_MAX + KY_PROFILES_MAX + 6);
  variants v = {.job = job, .c = c, .t = t, .base = o, .out = out};
  KY_TRY(add_all(&v, &o->profiles));
  ky_issues_rewind(job, issue_count);
  result->sensitivity = out;
  ky_job_room_end(job, ky_tr("%u sets of definitions"), out->count);
  return KY_OK;
}
