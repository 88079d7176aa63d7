/* Outcomes of further years: the same streets, venues and rules, other people. They are rooms inside the room. */
#include <string.h>

#include "rooms.h"

/* Gaps need people 65 and over; the base year of a projection is often published without ages. */
static bool has_old(const ky_town *t, uint32_t y) {
  if (t->years.year[y].cell_people[KY_YEAR_65] == NULL) return false;
  return t->years.year[y].row_people[KY_YEAR_65][KY_ROW_MUNICIPALITY(&t->zones)] != KY_NULL;
}

/* The register is of today, so it is nobody's base in another year. */
static ky_town town_then(const ky_town *t) {
  ky_town then = *t;
  memset(then.zones.official, 0, sizeof then.zones.official);
  then.zones.official_date = then.zones.official_source = NULL;
  return then;
}

/* One year, up to its targets. `first` has the walks of the years' points. */
static ky_err find_outcome(ky_job *job, const ky_config *c, const ky_town *then, uint32_t y, const ky_outcome *first,
                           ky_ground *ground, ky_outcome *o) {
  ky_cells *cells;
  ky_points *points;
  KY_NEW(job, keep, cells, 1);
  KY_NEW(job, keep, points, 1);
  KY_TRY(ky_year_view(job, &then->years, y, cells, points));
  cells->date = ky_format(&job->keep, "%d", then->years.year[y].year);
  if (cells->date == NULL) return ky_fail_memory(job);
  *ground = *first->ground;
  ground->cells = cells;
  ground->points = points;
  *o = *first;
  o->ground = ground;
  KY_TRY(ky_coverage_room(job, c, then, o));
  KY_TRY(ky_sites_room(job, c, then, o));
  KY_TRY(ky_gaps_room(job, c, then, o));
  KY_TRY(ky_mobility_room(job, c, o));
  return ky_targets_room(job, c, then, o);
}

/* What the tables see of it. */
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
  result.profiles = NULL;
  result.access = NULL;
  result.cell_nearest = NULL;
  return result;
}

static ky_err find_outcomes(ky_job *job, const ky_config *c, const ky_town *then, ky_result *result) {
  ky_ground *ground;
  ky_outcome *o, *first;
  ky_year_result *out;
  uint32_t count = 1;
  KY_NEW(job, keep, out, then->years.count + 1);
  KY_NEW(job, keep, ground, then->years.count + 1);
  KY_NEW(job, keep, o, then->years.count + 1);
  out[0] = (ky_year_result){.year = ky_year_of_date(then->cells.date), .people_from = "residents", .result = *result};
  first = &o[0];
  KY_TRY(ky_ground_build(job, c, then, &c->walk, &then->network, &then->contraction, &then->years.cells,
                         &then->years.points, &ground[0]));
  KY_TRY(ky_outcome_start(job, then, &ground[0], first));
  KY_TRY(ky_walk_room(job, c, then, first));
  for (uint32_t y = 0; y < then->years.count; y++) {
    if (!has_old(then, y)) {
      ky_job_notice(job, ky_tr("year %d has no people by age, so it has no gaps and targets; see the layer population"),
                    then->years.year[y].year);
      continue;
    }
    KY_TRY(find_outcome(job, c, then, y, first, &ground[count], &o[count]));
    out[count] = (ky_year_result){
        .year = then->years.year[y].year, .people_from = "projection", .result = result_then(result, then, &o[count])};
    ky_job_progress(job, ++count, (uint64_t)then->years.count + 1);
  }
  result->year_results = out;
  result->year_result_count = count;
  return KY_OK;
}

/* Only with sources of further years. The same bad records come up again in every year, so their issues are those of
 * the run. */
ky_err ky_outlook_room(ky_job *job, const ky_config *c, const ky_town *t, ky_result *result) {
  const uint32_t issue_count = job->issues.count;
  ky_town *then;
  if (t->years.count == 0) return KY_OK;
  ky_job_room_start(job, "outlook");
  KY_NEW(job, keep, then, 1);
  *then = town_then(t);
  KY_TRY(find_outcomes(job, c, then, result));
  ky_issues_rewind(job, issue_count);
  ky_job_room_end(job, ky_tr("gaps and targets of %u further years"), result->year_result_count - 1);
  return KY_OK;
}
