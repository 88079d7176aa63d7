/* The room of scenarios: each is an outcome of the town with other venues, people or settings. Every scenario has a job
 * of its own, which is given back after it, so memory stays flat; what equals the run is the run's. */
#include "rooms_scenarios.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/out_folder.h"

/* Homes of one year on the streets of one profile, for all scenarios that have them. */
typedef struct other_ground {
  ky_job job;
  bool is_there;
  int year;
  ky_walk_opts walk;
  ky_network network;
  ky_contraction contraction;
  ky_cells cells;
  ky_points points;
  ky_ground ground;
} other_ground;

typedef struct staging {
  ky_job *job;
  const ky_config *c;
  const ky_town *town;
  const ky_outcome *base;
  const ky_result *result; /* of the run */
  const ky_write_opts *write_opts;
  const char *folder;      /* internal/scenarios */
  uint32_t issue_count;    /* of the run; in the order of their texts: */
  const ky_issue **issues; /*   what a scenario says anew is told again by none */
  other_ground other;
  ky_covers covers; /* of the run's sites; none before a scenario asks */
  ky_comparison *out;
} staging;

/* One scenario while its rooms run. */
typedef struct stage {
  const ky_scenario *of;
  const ky_config *c;
  ky_town town;
  const ky_ground *ground;
  ky_outcome o;
  ky_result result;
  bool has_same_walks, has_same_coverage, has_same_supply, has_same_gaps;
} stage;

static bool wants_layer(const ky_scenario *s, const char *name) {
  for (uint32_t l = 0; l < s->layer_count; l++)
    if (strcmp(s->layers[l], name) == 0) return true;
  return false;
}

/* Rides are asked for by their layers alone, and their roads take long. */
static bool wants_rides(const ky_scenario *s) {
  return wants_layer(s, "mobility") || wants_layer(s, "provider_areas");
}

static bool is_same_network(const ky_walk_opts *a, const ky_walk_opts *b) {
  return ky_profile_costs_equal(a, b) && a->closed_bits == b->closed_bits;
}

static bool has_same_ranges(const ky_walk_opts *a, const ky_walk_opts *b) {
  return a->primary_mm == b->primary_mm && a->band_count == b->band_count &&
         memcmp(a->bands_mm, b->bands_mm, a->band_count * sizeof *a->bands_mm) == 0;
}

/* Zones with the rates of the scenario; in another year with its rates of the path, and official people of that year.
 */
static ky_err set_zones(ky_job *job, const ky_scenario *s, ky_zones *zones) {
  if (s->year != 0) {
    KY_TRY(ky_zones_official_year(job, s->year, zones));
    KY_TRY(ky_zones_rate_year(job, &s->config->targets, s->year, zones));
  }
  const int64_t *rate = zones->rate;
  const char **basis = zones->rate_basis;
  if (s->rate_count == 0) return KY_OK;
  KY_NEW(job, keep, zones->rate, zones->count);
  KY_NEW(job, keep, zones->rate_basis, zones->count);
  memcpy(zones->rate, rate, zones->count * sizeof *rate);
  memcpy(zones->rate_basis, basis, zones->count * sizeof *basis);
  for (uint32_t r = 0; r < s->rate_count; r++) {
    const uint32_t zone = ky_scenario_zone(zones, s->rates[r].zone_id);
    zones->rate[zone] = s->rates[r].rate;
    zones->rate_basis[zone] = s->rates[r].basis;
  }
  return KY_OK;
}

static ky_err set_people(const ky_town *t, int year, other_ground *out) {
  ky_job *job = &out->job;
  out->cells = t->cells;
  out->points = t->points;
  if (year == 0) return KY_OK;
  for (uint32_t y = 0; y < t->years.count; y++)
    if (t->years.year[y].year == year) KY_TRY(ky_year_view(job, &t->years, y, &out->cells, &out->points));
  out->cells.date = ky_format(&job->keep, "%d", year);
  return out->cells.date != NULL ? ky_names_cells(job, &t->names, &out->points, &out->cells) : ky_fail_memory(job);
}

static ky_err build_ground(const staging *s, const ky_config *c, other_ground *out) {
  const ky_town *t = s->town;
  const bool is_same = is_same_network(&c->walk, &s->c->walk);
  KY_TRY(set_people(t, out->year, out));
  if (!is_same) {
    KY_TRY(ky_profile_network(&out->job, &t->streets, &c->walk, &out->network));
    KY_TRY(ky_contract(&out->job, &out->network, &out->contraction));
  }
  return ky_ground_build(&out->job, c, t, &c->walk, is_same ? &t->network : &out->network,
                         is_same ? &t->contraction : &out->contraction, &out->cells, &out->points, &out->ground);
}

/* The ground of the run, or that of an earlier scenario, or one of its own in its place. */
static ky_err find_ground(staging *s, stage *now) {
  other_ground *other = &s->other;
  now->ground = s->base->ground;
  if (now->of->year == 0 && is_same_network(&now->c->walk, &s->c->walk)) return KY_OK;
  now->ground = &other->ground;
  if (other->is_there && other->year == now->of->year && is_same_network(&other->walk, &now->c->walk)) return KY_OK;
  ky_job_free(&other->job);
  memset(other, 0, sizeof *other);
  ky_job_init(&other->job, s->job->threads);
  other->year = now->of->year;
  other->walk = now->c->walk;
  ky_err err = build_ground(s, now->c, other);
  if (err != KY_OK) return ky_fail(s->job, err, ky_tr("scenario %s: %s"), now->of->name, other->job.message);
  other->is_there = true;
  return KY_OK;
}

/* Do the sets of zones that venues are for hold the same zones? */
static bool has_same_catchments(const ky_catchments *a, const ky_catchments *b, uint32_t venue_count) {
  if (a->set_count == 0 && b->set_count == 0) return true;
  if (a->set_count != b->set_count || a->venue_count != b->venue_count) return false;
  for (uint32_t v = 0; v < venue_count; v++)
    if (ky_catchment_set(a, v) != ky_catchment_set(b, v)) return false;
  return memcmp(a->first, b->first, (a->set_count + 1) * sizeof *a->first) == 0 &&
         memcmp(a->zone, b->zone, a->first[a->set_count] * sizeof *a->zone) == 0;
}

/* Do as many venues at the same places count, for the same people? (Before streets are looked at.) */
static bool has_same_places(const ky_venues *a, const ky_venues *b) {
  if (a->count != b->count) return false;
  for (uint32_t v = 0; v < a->count; v++) {
    const bool is_there = !isnan(a->x_m[v]);
    if (a->counts[v] != b->counts[v] || is_there != !isnan(b->x_m[v])) return false;
    if (is_there && (a->x_m[v] != b->x_m[v] || a->y_m[v] != b->y_m[v])) return false;
  }
  return has_same_catchments(&a->catchments, &b->catchments, a->count);
}

static ky_err find_venues(ky_job *job, const staging *s, stage *now) {
  if (!ky_scenario_has_venues(now->of)) return KY_OK;
  KY_TRY(ky_scenario_inputs(job, s->town, &s->base->candidates, now->of, &now->town.inputs));
  return ky_town_venues(job, now->c, &now->town);
}

/* What the run found and this scenario does not change. Anchors hold for the venues' numbers, which are the same. */
static ky_err share(ky_job *job, const staging *s, stage *now) {
  const ky_outcome *base = s->base;
  const ky_venues venues = now->o.venues;
  now->has_same_walks = now->ground == base->ground && has_same_places(&now->town.venues, &s->town->venues);
  now->has_same_coverage = now->has_same_walks && has_same_ranges(&now->c->walk, &s->c->walk);
  now->has_same_supply = now->has_same_coverage && !ky_scenario_has_venues(now->of) &&
                         memcmp(&now->c->supply, &s->c->supply, sizeof s->c->supply) == 0 &&
                         now->c->read.transit.from_s == s->c->read.transit.from_s &&
                         now->c->read.transit.to_s == s->c->read.transit.to_s;
  now->has_same_gaps =
      (now->has_same_supply || (now->has_same_coverage && !base->has_supply)) && now->c->gaps.rate == s->c->gaps.rate;
  if (!now->has_same_walks) return KY_OK;
  now->o = *base;
  now->o.venues = venues;
  return ky_venues_settle(job, &base->venue_anchors, &now->o.venues);
}

/* Sites of the run's homes and distance: whom each covers is found once. */
static ky_err find_covers(staging *s, stage *now) {
  const ky_ground *g = s->base->ground;
  if (now->ground != g || now->has_same_coverage || now->c->walk.primary_mm != s->c->walk.primary_mm) return KY_OK;
  if (s->covers.count == 0)
    KY_TRY(ky_covers_build(s->job, &s->base->candidates, g->network, g->points, &g->point_anchors, &s->town->zones,
                           s->c->walk.primary_mm, &s->covers));
  now->o.covers = &s->covers;
  return KY_OK;
}

/* What the tables see of the scenario. */
static void set_result(const ky_result *run, stage *now) {
  ky_outcome *o = &now->o;
  now->result = *run;
  now->result.inputs = &now->town.inputs;
  now->result.network = now->ground->network;
  now->result.zones = &now->town.zones;
  now->result.cells = now->ground->cells;
  now->result.points = now->ground->points;
  now->result.venues = &o->venues;
  now->result.venue_anchors = &o->venue_anchors;
  now->result.point_anchors = &now->ground->point_anchors;
  now->result.snapping = &o->snapping;
  now->result.field = &o->field;
  now->result.walks = &o->walks;
  now->result.coverage = &o->coverage;
  now->result.candidates = &o->candidates;
  now->result.sites = &o->sites;
  now->result.gaps = &o->gaps;
  now->result.mobility = &o->mobility;
  now->result.targets = &o->targets;
  now->result.walk_opts = &now->c->walk;
  now->result.gaps_opts = &now->c->gaps;
  now->result.targets_opts = &now->c->targets;
  now->result.profiles = NULL;
  now->result.access = NULL;
  now->result.site_plan = NULL;
  now->result.cell_nearest = NULL;
  now->result.year_results = NULL;
  now->result.year_result_count = 0;
  now->result.sensitivity = NULL;
  now->result.closures = NULL;
}

/* The rooms in the order of run.c, but for those whose answer is the run's. Further profiles and the next venues are
 * columns of cells, and are looked for when that layer is wanted. */
static ky_err find_outcome(ky_job *job, stage *now) {
  ky_outcome *o = &now->o;
  const ky_town *t = &now->town;
  ky_config c = *now->c;
  if (now->of->year != 0) c.gaps.rate = ky_rate_of_all(&c.targets, now->of->year).rate;
  if (!now->has_same_walks) KY_TRY(ky_walk_room(job, &c, t, o));
  if (!now->has_same_coverage) KY_TRY(ky_coverage_room(job, &c, t, o));
  o->is_without_outlines = !wants_layer(now->of, "gaps") && !wants_rides(now->of);
  const bool has_cells = wants_layer(now->of, "cells");
  if (!has_cells) c.access.nearest = 0;
  if (has_cells || wants_layer(now->of, "profiles")) KY_TRY(ky_profiles_room(job, &c, t, o, &now->result));
  memset(&o->access, 0, sizeof o->access);
  KY_TRY(ky_access_room(job, &c, t, o, &now->result));
  if (!now->has_same_coverage) KY_TRY(ky_sites_room(job, &c, t, o));
  if (!now->has_same_supply) KY_TRY(ky_supply_room(job, &c, t, o));
  now->result.supply = o->has_supply ? &o->supply : NULL;
  if (now->has_same_gaps)
    KY_TRY(ky_access_gaps(job, now->ground->points, &o->gaps, &o->access));
  else
    KY_TRY(ky_gaps_room(job, &c, t, o));
  if (wants_rides(now->of)) KY_TRY(ky_mobility_room(job, &c, t, o)); /* free seats move where a ride goes */
  KY_TRY(ky_targets_room(job, &c, t, o));
  if (wants_layer(now->of, "closures") || wants_layer(now->of, "closure_zones"))
    KY_TRY(ky_closures_room(job, &c, t, o, &now->result));
  return ky_strengths_room(job, &c, t, o, &now->result);
}

/* Everything that is told of the scenario goes into the run's job; `job` may end. */
static ky_err tell(ky_job *job, staging *s, const stage *now, ky_compared *out) {
  ky_table zones;
  KY_TRY(ky_zones_table(job, &now->result, &zones));
  ky_err err = ky_compare(s->job, s->out, s->result, &now->result, &zones, now->of->year == 0, out);
  if (err != KY_OK) return ky_fail(job, err, "%s", s->job->message);
  ky_layers *layers;
  KY_NEW(job, keep, layers, 1);
  KY_TRY(ky_layers_make(job, &now->result, now->of->layers, now->of->layer_count, layers));
  return ky_write_layers_inside(job, layers, s->write_opts, s->folder, now->of->folder);
}

static ky_err run_rooms(ky_job *job, staging *s, stage *now, ky_compared *out) {
  KY_TRY(set_zones(job, now->of, &now->town.zones));
  KY_TRY(find_venues(job, s, now));
  KY_TRY(ky_outcome_start(job, &now->town, now->ground, &now->o));
  KY_TRY(share(job, s, now));
  KY_TRY(find_covers(s, now));
  set_result(s->result, now);
  KY_TRY(find_outcome(job, now));
  return tell(job, s, now, out);
}

static int compare_texts(const char *a, const char *b) {
  if (a == NULL || b == NULL) return (a != NULL) - (b != NULL);
  return strcmp(a, b);
}

static int compare_issues(const void *p, const void *q) {
  const ky_issue *a = *(const ky_issue *const *)p, *b = *(const ky_issue *const *)q;
  int order = compare_texts(a->record, b->record);
  if (order == 0) order = compare_texts(a->reason, b->reason);
  if (order == 0) order = compare_texts(a->source, b->source);
  if (order == 0) order = compare_texts(a->field, b->field);
  return order != 0 ? order : compare_texts(a->message, b->message);
}

/* Copies: rows of the job move when it gets more. */
static ky_err sort_issues(staging *s) {
  ky_job *job = s->job;
  ky_issue *rows;
  s->issue_count = job->issues.count;
  KY_NEW(job, keep, rows, s->issue_count);
  KY_NEW(job, keep, s->issues, s->issue_count);
  for (uint32_t i = 0; i < s->issue_count; i++) {
    rows[i] = job->issues.rows[i];
    s->issues[i] = &rows[i];
  }
  if (s->issue_count != 0) qsort(s->issues, s->issue_count, sizeof *s->issues, compare_issues);
  return KY_OK;
}

/* What the run did not say already, in the name of the scenario. */
static ky_err keep_issues(staging *s, const ky_scenario *of, const ky_issues *from) {
  for (uint32_t i = 0; i < from->count; i++) {
    const ky_issue *key = &from->rows[i];
    if (s->issue_count != 0 && bsearch(&key, s->issues, s->issue_count, sizeof *s->issues, compare_issues) != NULL)
      continue;
    ky_issue head = from->rows[i];
    head.source = ky_format(&s->job->scratch, ky_tr("scenario %s: %s"), of->name, head.source);
    if (head.source == NULL) return ky_fail_memory(s->job);
    ky_issue_add(s->job, &head, "%s", from->rows[i].message);
  }
  return s->job->err;
}

static ky_err add_rate(ky_job *job, const char *key, int64_t was, int64_t is, ky_compared *out) {
  const char *before = ky_format(&job->keep, "%g", (double)was / KY_WHOLE);
  const char *after = ky_format(&job->keep, "%g", (double)is / KY_WHOLE);
  if (key == NULL || before == NULL || after == NULL) return ky_fail_memory(job);
  out->definition[out->definition_count++] = (ky_compared_definition){key, before, after};
  return KY_OK;
}

static ky_err list_definitions(ky_job *job, const staging *s, const stage *now, ky_compared *out) {
  const ky_config *a = s->c, *b = now->c;
  const int64_t rate_then = ky_rate_of_all(&b->targets, now->of->year).rate;
  KY_NEW(job, keep, out->definition, a->setting_count + now->of->rate_count + 1);
  if (rate_then != b->targets.rate) KY_TRY(add_rate(job, "targets.rate", a->targets.rate, rate_then, out));
  for (uint32_t i = 0; a != b && i < a->setting_count; i++) {
    for (uint32_t k = 0; k < b->setting_count; k++) {
      const ky_setting *was = &a->settings[i], *is = &b->settings[k];
      if (strcmp(was->key, is->key) != 0 || compare_texts(was->value, is->value) == 0) continue;
      out->definition[out->definition_count++] =
          (ky_compared_definition){was->key, was->value != NULL ? was->value : "", is->value != NULL ? is->value : ""};
    }
  }
  for (uint32_t r = 0; r < now->of->rate_count; r++) {
    const uint32_t zone = ky_scenario_zone(&s->town->zones, now->of->rates[r].zone_id);
    const int64_t own = s->town->zones.rate[zone], was = own != KY_NULL ? own : s->c->targets.rate;
    const char *key = ky_format(&job->keep, "targets.zones.%s.rate", s->town->zones.id[zone]);
    KY_TRY(add_rate(job, key, was, now->of->rates[r].rate, out));
  }
  return KY_OK;
}

static ky_err run_one(staging *s, uint32_t index) {
  const ky_scenario *of = &s->c->scenarios->of[index];
  ky_compared *out = &s->out->of[index];
  stage now = {.of = of, .c = of->config, .town = *s->town};
  ky_job job;
  *out = (ky_compared){.name = of->name,
                       .folder = of->folder,
                       .file = of->file,
                       .added = of->add_count,
                       .closed = of->close_count,
                       .moved = of->move_count,
                       .changed = of->change_count,
                       .year = of->year};
  KY_TRY(list_definitions(s->job, s, &now, out));
  KY_TRY(find_ground(s, &now));
  ky_job_init(&job, s->job->threads);
  job.interrupt = s->job->interrupt;
  ky_err err = run_rooms(&job, s, &now, out);
  if (err == KY_OK)
    err = keep_issues(s, of, &job.issues);
  else
    ky_fail(s->job, err, ky_tr("scenario %s: %s"), of->name, job.message);
  ky_job_free(&job);
  return err;
}

/* Scenarios of one ground one after the other, so that it is made once; else in their order. */
static void sort_by_ground(const ky_scenarios *all, uint32_t *order) {
  uint32_t count = 0;
  bool is_placed[KY_SCENARIOS_MAX] = {false};
  for (uint32_t i = 0; i < all->count; i++) {
    for (uint32_t k = i; !is_placed[i] && k < all->count; k++) {
      const ky_scenario *a = &all->of[i], *b = &all->of[k];
      if (is_placed[k] || a->year != b->year || !is_same_network(&a->config->walk, &b->config->walk)) continue;
      order[count++] = k;
      is_placed[k] = k != i;
    }
    is_placed[i] = true;
  }
}

static ky_err run_all(staging *s) {
  const ky_scenarios *all = s->c->scenarios;
  uint32_t *order;
  ky_table *zones;
  KY_NEW(s->job, keep, zones, 1);
  KY_NEW(s->job, scratch, order, all->count);
  KY_TRY(ky_zones_table(s->job, s->result, zones));
  KY_TRY(ky_comparison_start(s->job, zones, all->count, s->out));
  KY_TRY(sort_issues(s));
  sort_by_ground(all, order);
  for (uint32_t i = 0; i < all->count; i++) {
    KY_TRY(ky_write_check(s->job));
    KY_TRY(run_one(s, order[i]));
    ky_job_progress(s->job, i + 1, all->count);
  }
  s->out->count = all->count;
  return KY_OK;
}

static ky_err list_files(ky_job *job, const ky_scenarios *all, ky_comparison *out) {
  KY_NEW(job, keep, out->file, all->file_count);
  out->file_count = all->file_count;
  for (uint32_t f = 0; f < all->file_count; f++)
    out->file[f] = (ky_compared_file){all->file[f].path, all->file[f].text, all->file[f].bytes};
  return KY_OK;
}

ky_err ky_scenarios_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, const char *folder,
                         ky_result *result) {
  const ky_write_opts write_opts = ky_write_room_opts(c);
  ky_comparison *out;
  if (c->scenarios == NULL) return KY_OK;
  ky_job_room_start(job, "scenarios");
  KY_NEW(job, keep, out, 1);
  staging s = {.job = job, .c = c, .town = t, .base = o, .result = result, .write_opts = &write_opts, .out = out};
  s.folder = ky_format(&job->keep, "%s/scenarios", folder);
  if (s.folder == NULL) return ky_fail_memory(job);
  ky_job_init(&s.other.job, job->threads);
  ky_err err = run_all(&s);
  ky_job_free(&s.other.job);
  ky_covers_free(&s.covers);
  if (err != KY_OK) return err;
  KY_TRY(list_files(job, c->scenarios, out));
  result->comparison = out;
  ky_job_room_end(job, ky_tr("%u scenarios"), out->count);
  return KY_OK;
}
