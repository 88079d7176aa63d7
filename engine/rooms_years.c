/* Outcomes of further years: the same streets, venues and rules, other people. They are rooms inside the room. */
#include <string.h>

#include "rooms.h"

typedef struct outlook {
  ky_job *job;
  const ky_config *c;
  const ky_town *t;
  const ky_outcome *base;
  const ky_result *now;
  ky_outcome *walked; /* walks of the years' points, shared by all projections */
  ky_year_result *out;
  uint32_t count;
} outlook;

/* Gaps need people 65 and over; the base year of a projection is often published without ages. */
static bool has_old(const ky_town *t, uint32_t y) {
  if (t->years.year[y].cell_people[KY_YEAR_65] == NULL) return false;
  return t->years.year[y].row_people[KY_YEAR_65][KY_ROW_MUNICIPALITY(&t->zones)] != KY_NULL;
}

/* The register is of today; another year has its own official people, or none, and its own rates. */
static ky_err town_then(outlook *l, int year, ky_town **out) {
  ky_job *job = l->job;
  KY_NEW(job, keep, *out, 1);
  **out = *l->t;
  KY_TRY(ky_zones_official_year(job, year, &(*out)->zones));
  return ky_zones_rate_year(job, &l->c->targets, year, &(*out)->zones);
}

/* Homes of a projection's year, on the ground of all its years. */
static ky_err ground_then(outlook *l, uint32_t y, ky_ground *ground) {
  ky_job *job = l->job;
  ky_cells *cells;
  ky_points *points;
  KY_NEW(job, keep, cells, 1);
  KY_NEW(job, keep, points, 1);
  KY_TRY(ky_year_view(job, &l->t->years, y, cells, points));
  cells->date = ky_format(&job->keep, "%d", l->t->years.year[y].year);
  if (cells->date == NULL) return ky_fail_memory(job);
  *ground = *l->walked->ground;
  ground->cells = cells;
  ground->points = points;
  return KY_OK;
}

/* What the tables see of a year. */
static ky_result result_then(const ky_result *now, const ky_town *then, const ky_outcome *o) {
  ky_result result = *now;
  result.zones = &then->zones;
  result.cells = o->ground->cells;
  result.points = o->ground->points;
  result.point_anchors = &o->ground->point_anchors;
  result.walks = &o->walks;
  result.coverage = &o->coverage;
  result.candidates = &o->candidates;
  result.sites = &o->sites;
  result.gaps = &o->gaps;
  result.mobility = &o->mobility;
  result.targets = &o->targets;
  result.supply = o->has_supply ? &o->supply : NULL;
  result.profiles = NULL;
  result.access = NULL;
  result.site_plan = NULL;
  result.strengths = NULL; /* and what follows: where to start is asked of today */
  result.inventory = NULL;
  result.facts = NULL;
  result.priority = NULL;
  result.cell_nearest = NULL;
  return result;
}

static void add(outlook *l, int year, const char *people_from, const ky_town *then, const ky_outcome *o) {
  l->out[l->count++] =
      (ky_year_result){.year = year, .people_from = people_from, .result = result_then(l->now, then, o)};
}

/* Supply of places is the same in every year; the first one finds it. */
static ky_err find_supply(outlook *l, const ky_config *c, const ky_town *then, ky_outcome *o) {
  if (o->has_supply) return ky_supply_again(l->job, then, o);
  KY_TRY(ky_supply_room(l->job, c, then, o));
  l->walked->has_supply = o->has_supply;
  l->walked->supply = o->supply;
  return KY_OK;
}

/* A year of the projection: gaps of its own. */
static ky_err add_projection(outlook *l, uint32_t y) {
  ky_job *job = l->job;
  const int year = l->t->years.year[y].year;
  ky_config config = *l->c;
  ky_town *then;
  ky_ground *ground;
  ky_outcome *o;
  KY_NEW(job, keep, ground, 1);
  KY_NEW(job, keep, o, 1);
  KY_TRY(town_then(l, year, &then));
  KY_TRY(ground_then(l, y, ground));
  *o = *l->walked;
  o->ground = ground;
  config.gaps.rate = ky_rate_of_all(&l->c->targets, year).rate;
  KY_TRY(ky_coverage_room(job, &config, then, o));
  KY_TRY(ky_sites_room(job, &config, then, o));
  KY_TRY(find_supply(l, &config, then, o));
  KY_TRY(ky_gaps_room(job, &config, then, o));
  KY_TRY(ky_mobility_room(job, &config, then, o));
  KY_TRY(ky_targets_room(job, &config, then, o));
  add(l, year, "projection", then, o);
  return KY_OK;
}

/* A year that only the register's projection knows: more or fewer people, living where they live today. */
static ky_err add_official(outlook *l, int year) {
  ky_job *job = l->job;
  ky_town *then;
  ky_outcome *o;
  KY_NEW(job, keep, o, 1);
  KY_TRY(town_then(l, year, &then));
  *o = *l->base;
  KY_TRY(ky_targets_room(job, l->c, then, o));
  add(l, year, "register", then, o);
  return KY_OK;
}

static ky_err walk_once(outlook *l) {
  ky_job *job = l->job;
  ky_ground *ground;
  if (l->t->years.count == 0) return KY_OK;
  KY_NEW(job, keep, ground, 1);
  KY_NEW(job, keep, l->walked, 1);
  KY_TRY(ky_ground_build(job, l->c, l->t, &l->c->walk, &l->t->network, &l->t->contraction, &l->t->years.cells,
                         &l->t->years.points, ground));
  KY_TRY(ky_outcome_start(job, l->t, ground, l->walked));
  return ky_walk_room(job, l->c, l->t, l->walked);
}

/* Years of the projection and of the register, ascending; a year of both is one of the projection. */
static ky_err add_years(outlook *l) {
  const ky_zones *zones = &l->t->zones;
  uint32_t y = 0, r = 0;
  while (y < l->t->years.count || r < zones->year_people_count) {
    const int grid = y < l->t->years.count ? l->t->years.year[y].year : INT32_MAX;
    const int official = r < zones->year_people_count ? zones->year_people[r].year : INT32_MAX;
    const int year = grid < official ? grid : official;
    if (year == grid && has_old(l->t, y))
      KY_TRY(add_projection(l, y));
    else if (year == official)
      KY_TRY(add_official(l, year));
    else
      ky_job_notice(
          l->job, ky_tr("year %d has no people by age, so it has no gaps and targets; see the layer population"), year);
    y += year == grid;
    while (r < zones->year_people_count && zones->year_people[r].year == year) r++;
    ky_job_progress(l->job, y, l->t->years.count);
  }
  return KY_OK;
}

/* The people that targets of now stand on: those of the register where every zone has them. */
static ky_known_people known_now(const outlook *l) {
  const ky_zones *zones = &l->t->zones;
  const ky_targets *targets = &l->base->targets;
  if (targets->is_register[KY_ROW_MUNICIPALITY(zones)] == 1)
    return (ky_known_people){ky_year_of_date(zones->official_date), "register", targets};
  return (ky_known_people){l->out[0].year, "residents", targets};
}

/* Targets of these years and of those with a rate of their own. */
static ky_err find_path(outlook *l, ky_result *result) {
  ky_job *job = l->job;
  ky_target_path *path;
  ky_known_people *known;
  KY_NEW(job, keep, path, 1);
  KY_NEW(job, scratch, known, l->count);
  known[0] = known_now(l);
  for (uint32_t i = 1; i < l->count; i++)
    known[i] = (ky_known_people){l->out[i].year, l->out[i].people_from, l->out[i].result.targets};
  KY_TRY(ky_target_path_build(job, &l->t->zones, known, l->count, &l->c->targets, path));
  result->target_path = path;
  return KY_OK;
}

/* Only with people or rates of further years. The same bad records come up again in every year, so their issues are
 * those of the run. */
ky_err ky_outlook_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *base, ky_result *result) {
  const uint32_t issue_count = job->issues.count, years = t->years.count + t->zones.year_people_count;
  outlook l = {.job = job, .c = c, .t = t, .base = base, .now = result};
  if (years + c->targets.year_rate_count + t->zones.year_rate_count == 0) return KY_OK;
  ky_job_room_start(job, "outlook");
  KY_NEW(job, keep, l.out, (size_t)years + 1);
  l.out[l.count++] =
      (ky_year_result){.year = ky_year_of_date(t->cells.date), .people_from = "residents", .result = *result};
  KY_TRY(walk_once(&l));
  KY_TRY(add_years(&l));
  KY_TRY(find_path(&l, result));
  ky_issues_rewind(job, issue_count);
  if (l.count > 1) {
    result->year_results = l.out;
    result->year_result_count = l.count;
  }
  ky_job_room_end(job, ky_tr("gaps and targets of %u further years"), l.count - 1);
  return KY_OK;
}
