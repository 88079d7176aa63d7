/* Venues of a scenario: the records of the sources, edited as a planner would edit the register. So everything that
 * rooms make of a record holds for them too. */
#include <math.h>
#include <string.h>

#include "config_suggest.h"
#include "core/records.h"
#include "io/crs.h"
#include "rooms_scenarios.h"

#define CLOSED_STATUS "廃止"
#define NEAR_M        20.0 /* a venue added this near to another one may be the same */

bool ky_scenario_has_venues(const ky_scenario *s) {
  return s->add_count + s->close_count + s->move_count + s->change_count != 0;
}

/* A venue by its id, or by a name that only one has; KY_NONE, and then how many have the name. */
static uint32_t find_venue(const ky_venues *venues, const char *word, uint32_t *named) {
  uint32_t low = 0, high = venues->count, found = KY_NONE;
  *named = 0;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    const int order = strcmp(venues->id[middle], word);
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  for (uint32_t v = 0; v < venues->count; v++) {
    const char *name = venues->text[KY_VENUE_NAME][v];
    if (name == NULL || strcmp(name, word) != 0) continue;
    found = v;
    ++*named;
  }
  return *named == 1 ? found : KY_NONE;
}

static ky_err check_venue(ky_job *job, const ky_venues *venues, const char *where, const char *word) {
  uint32_t named;
  ky_suggestion suggestion = {.word = word};
  if (find_venue(venues, word, &named) != KY_NONE) return KY_OK;
  if (named > 1)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: %u venues are named '%.60s'; write the venue_id of the one that is meant"), where, named,
                   word);
  for (uint32_t v = 0; v < venues->count; v++) {
    ky_suggestion_offer(&suggestion, venues->id[v]);
    if (venues->text[KY_VENUE_NAME][v] != NULL) ky_suggestion_offer(&suggestion, venues->text[KY_VENUE_NAME][v]);
  }
  if (suggestion.best != NULL)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: there is no venue '%.60s', did you mean '%s'?"), where, word,
                   suggestion.best);
  return ky_fail(
      job, KY_E_CONFIG,
      ky_tr("%s: there is no venue '%.60s'; write a venue_id of the layer venues, or a name that only one has"), where,
      word);
}

/* Where an added or moved venue stands, in the run's CRS. */
static ky_err place_of(ky_job *job, const ky_town *t, const ky_scenario_venue *venue, double *x_m, double *y_m) {
  const char *crs = venue->crs != NULL ? venue->crs : t->inputs.crs;
  ky_crs known;
  bool is_valid;
  KY_TRY(ky_crs_read(job, crs, &known, &is_valid));
  if (!is_valid)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: '%.60s' is no CRS; write e.g. EPSG:6668"), venue->where, crs);
  if (known.is_geographic != venue->is_degrees)
    return ky_fail(job, KY_E_CONFIG,
                   venue->is_degrees
                       ? ky_tr("%s: %s is in metres; lon and lat need a CRS in degrees, x and y one in metres")
                       : ky_tr("%s: %s is in degrees; lon and lat need a CRS in degrees, x and y one in metres"),
                   venue->where, crs);
  *x_m = venue->x;
  *y_m = venue->y;
  return ky_crs_transform(job, crs, t->inputs.crs, x_m, y_m, 1);
}

static ky_err check_place(ky_job *job, const ky_config *c, const ky_town *t, const ky_zone_index *index,
                          const ky_scenario_venue *venue) {
  double x_m, y_m;
  ky_shapes point;
  if (!venue->has_place) return KY_OK;
  KY_TRY(place_of(job, t, venue, &x_m, &y_m));
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, 1, 1, 1, &point));
  point.x[0] = x_m;
  point.y[0] = y_m;
  point.first_part[1] = point.first_vertex[1] = 1;
  if (isfinite(x_m) && isfinite(y_m) && ky_zone_index_near(index, &point, 0, c->place.margin_m)) return KY_OK;
  return ky_fail(
      job, KY_E_CONFIG,
      ky_tr("%s: the place lies more than %.0f m from the municipality (study.margin_m); look at its coordinates"),
      venue->where, c->place.margin_m);
}

static ky_err check_year(ky_job *job, const ky_town *t, const ky_scenario *s) {
  const char *known = "";
  if (s->year == 0) return KY_OK;
  for (uint32_t y = 0; y < t->years.count; y++) {
    if (t->years.year[y].year == s->year && t->years.year[y].cell_people[KY_YEAR_65] != NULL) return KY_OK;
    known = ky_format(&job->scratch, "%s%s%d", known, known[0] != '\0' ? ", " : "", t->years.year[y].year);
    if (known == NULL) return ky_fail_memory(job);
  }
  if (t->years.count == 0)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: year %d: the configuration names no years.sources"), s->where, s->year);
  return ky_fail(job, KY_E_CONFIG, ky_tr("%s: no source holds people 65 and over of the year %d; the years are %s"),
                 s->where, s->year, known);
}

uint32_t ky_scenario_zone(const ky_zones *zones, const char *word) {
  uint32_t found = KY_NONE, named = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    if (strcmp(zones->id[z], word) == 0) return z;
    if (zones->name[z] == NULL || strcmp(zones->name[z], word) != 0) continue;
    found = z;
    named++;
  }
  return named == 1 ? found : KY_NONE;
}

static ky_err check_rates(ky_job *job, const ky_town *t, const ky_scenario *s) {
  for (uint32_t r = 0; r < s->rate_count; r++) {
    const char *word = s->rates[r].zone_id;
    ky_suggestion suggestion = {.word = word};
    if (ky_scenario_zone(&t->zones, word) != KY_NONE) continue;
    for (uint32_t z = 0; z < t->zones.count; z++) {
      ky_suggestion_offer(&suggestion, t->zones.id[z]);
      if (t->zones.name[z] != NULL) ky_suggestion_offer(&suggestion, t->zones.name[z]);
    }
    if (suggestion.best != NULL)
      return ky_fail(job, KY_E_CONFIG, ky_tr("%s: there is no zone '%.60s', did you mean '%s'?"), s->rates[r].where,
                     word, suggestion.best);
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: there is no zone '%.60s'; write a zone_id of the layer zones"),
                   s->rates[r].where, word);
  }
  return KY_OK;
}

static ky_err check_one(ky_job *job, const ky_config *c, const ky_town *t, const ky_zone_index *index,
                        const ky_scenario *s) {
  for (uint32_t i = 0; i < s->close_count; i++)
    KY_TRY(check_venue(job, &t->venues, s->closes[i].where, s->closes[i].venue));
  for (uint32_t i = 0; i < s->move_count; i++) {
    KY_TRY(check_venue(job, &t->venues, s->moves[i].where, s->moves[i].venue));
    KY_TRY(check_place(job, c, t, index, &s->moves[i]));
  }
  for (uint32_t i = 0; i < s->change_count; i++)
    KY_TRY(check_venue(job, &t->venues, s->changes[i].where, s->changes[i].venue));
  for (uint32_t i = 0; i < s->add_count; i++) KY_TRY(check_place(job, c, t, index, &s->adds[i]));
  KY_TRY(check_rates(job, t, s));
  return check_year(job, t, s);
}

ky_err ky_scenarios_check(ky_job *job, const ky_config *c, const ky_town *t) {
  ky_zone_index *index;
  KY_TRY(ky_zone_index_new(job, &t->zones, &index));
  for (uint32_t s = 0; s < c->scenarios->count; s++) KY_TRY(check_one(job, c, t, index, &c->scenarios->of[s]));
  return KY_OK;
}

/* Sources of venues while they are edited: what is touched is copied first. */
typedef struct editing {
  ky_job *job;
  const ky_town *town;
  const ky_candidates *candidates;
  ky_record *records; /* [venues] */
  ky_raw *raws;
  bool *is_copied; /* [raws] */
  bool *is_gone;   /* [venues] closed or moved away */
} editing;

static ky_err copy_shapes(ky_job *job, const ky_shapes *in, uint32_t count, ky_shapes *out) {
  const bool has_shapes = in->kind != KY_SHAPE_NONE;
  uint32_t at = 0;
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, count, count, count, out));
  for (uint32_t i = 0; i < count; i++) {
    const bool has_place = has_shapes && in->first_part[i] != in->first_part[i + 1];
    out->x[i] = has_place ? in->x[in->first_vertex[in->first_part[i]]] : NAN;
    out->y[i] = has_place ? in->y[in->first_vertex[in->first_part[i]]] : NAN;
    out->first_part[i] = out->first_vertex[at] = at;
    at++;
  }
  out->first_part[count] = out->first_vertex[count] = at;
  return KY_OK;
}

/* A copy whose every record has a part, of NAN where it has no place (settle_shapes takes those out again), and whose
 * columns have room for all attributes of a scenario. */
static ky_err own_raw(editing *e, uint32_t source) {
  ky_raw *raw = &e->raws[source];
  if (e->is_copied[source]) return KY_OK;
  e->is_copied[source] = true;
  ky_raw_column *columns;
  ky_shapes shapes;
  KY_NEW(e->job, keep, columns, raw->column_count + ky_role_get(KY_ROLE_VENUES)->attribute_count);
  for (uint32_t k = 0; k < raw->column_count; k++) {
    columns[k] = raw->columns[k];
    KY_NEW(e->job, keep, columns[k].value, raw->count);
    memcpy(columns[k].value, raw->columns[k].value, raw->count * sizeof *columns[k].value);
  }
  raw->columns = columns;
  KY_TRY(copy_shapes(e->job, &raw->shapes, raw->count, &shapes));
  raw->shapes = shapes;
  if (raw->coord_source == NULL) return KY_OK;
  const char **coord_source = raw->coord_source;
  KY_NEW(e->job, keep, raw->coord_source, raw->count);
  memcpy(raw->coord_source, coord_source, raw->count * sizeof *coord_source);
  return KY_OK;
}

static ky_err set_value(editing *e, ky_raw *raw, uint32_t record, const char *attribute, const char *text) {
  uint32_t k = 0;
  while (k < raw->column_count && strcmp(raw->columns[k].attribute, attribute) != 0) k++;
  if (k == raw->column_count) {
    raw->columns[k] = (ky_raw_column){.attribute = attribute, .column = attribute};
    KY_NEW(e->job, keep, raw->columns[k].value, raw->count);
    raw->column_count++;
  }
  raw->columns[k].value[record] = text;
  return KY_OK;
}

/* A venue whose record may be edited from now on. */
typedef struct owned_venue {
  uint32_t venue, record;
  ky_raw *raw;
} owned_venue;

static ky_err own_venue(editing *e, const char *word, owned_venue *out) {
  uint32_t named;
  out->venue = find_venue(&e->town->venues, word, &named);
  out->record = e->records[out->venue].record;
  out->raw = &e->raws[e->records[out->venue].source];
  return own_raw(e, e->records[out->venue].source);
}

static ky_err site_place(editing *e, const ky_scenario_venue *venue, double *x_m, double *y_m) {
  ky_suggestion suggestion = {.word = venue->site};
  for (uint32_t i = 0; i < e->candidates->count; i++) {
    if (strcmp(e->candidates->id[i], venue->site) == 0) {
      *x_m = e->candidates->x_m[i];
      *y_m = e->candidates->y_m[i];
      return KY_OK;
    }
    ky_suggestion_offer(&suggestion, e->candidates->id[i]);
  }
  if (suggestion.best != NULL)
    return ky_fail(e->job, KY_E_CONFIG, ky_tr("%s: there is no site '%.60s' in the run, did you mean '%s'?"),
                   venue->where, venue->site, suggestion.best);
  return ky_fail(e->job, KY_E_CONFIG,
                 ky_tr("%s: there is no site '%.60s' in the run; write a site_id of the layer sites, or coordinates"),
                 venue->where, venue->site);
}

static ky_err put_place(editing *e, const ky_scenario_venue *venue, ky_raw *raw, uint32_t record) {
  double x_m, y_m;
  if (venue->site != NULL)
    KY_TRY(site_place(e, venue, &x_m, &y_m));
  else
    KY_TRY(place_of(e->job, e->town, venue, &x_m, &y_m));
  raw->shapes.x[record] = x_m;
  raw->shapes.y[record] = y_m;
  if (raw->coord_source != NULL) raw->coord_source[record] = NULL;
  return ky_raw_column_of(raw, "coord_source") == NULL ? KY_OK : set_value(e, raw, record, "coord_source", NULL);
}

static ky_err put_values(editing *e, const ky_scenario_venue *venue, ky_raw *raw, uint32_t record) {
  for (uint32_t i = 0; i < venue->value_count; i++)
    KY_TRY(set_value(e, raw, record, venue->values[i].attribute, venue->values[i].text));
  return KY_OK;
}

/* A venue that opens where one is already may be the same one, written down twice. */
static void say_same_place(editing *e, const ky_scenario_venue *venue, const ky_raw *raw, uint32_t record) {
  const ky_venues *venues = &e->town->venues;
  const double x_m = raw->shapes.x[record], y_m = raw->shapes.y[record];
  for (uint32_t v = 0; v < venues->count; v++) {
    if (e->is_gone[v] || !(hypot(venues->x_m[v] - x_m, venues->y_m[v] - y_m) <= NEAR_M)) continue;
    ky_issue_add(e->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = venue->where,
                             .record = ky_record_id(raw, record),
                             .field = "geometry",
                             .reason = "venue_at_same_place",
                             .has_place = true,
                             .x_m = x_m,
                             .y_m = y_m,
                             .action = ky_tr("both are used; write changes: if it is the same venue")},
                 ky_tr("the venue that opens stands within %.0f m of %s"), NEAR_M, venues->id[v]);
    return;
  }
}

/* A place that is only thought of has reported nobody: it must not make what the others report incomplete. Its coverage
 * and seats are there all the same. */
static ky_err expect_nobody(editing *e, const ky_scenario_venue *venue, ky_raw *raw, uint32_t record) {
  for (uint32_t i = 0; i < venue->value_count; i++)
    if (strcmp(venue->values[i].attribute, "participants") == 0) return KY_OK;
  return set_value(e, raw, record, "counts_for_rate", "0");
}

/* A source of its own behind the others. */
static ky_err add_venues(editing *e, const ky_scenario *s, ky_raw *raw) {
  ky_job *job = e->job;
  ky_source *source;
  KY_NEW(job, keep, source, 1);
  *source = (ky_source){.role = KY_ROLE_VENUES, .name = "adds"};
  *raw = (ky_raw){.source = source, .count = s->add_count, .crs = e->town->inputs.crs};
  KY_NEW(job, keep, raw->record, s->add_count);
  KY_NEW(job, keep, raw->columns, ky_role_get(KY_ROLE_VENUES)->attribute_count);
  KY_TRY(copy_shapes(job, &raw->shapes, s->add_count, &raw->shapes));
  for (uint32_t i = 0; i < s->add_count; i++) {
    raw->record[i] = s->adds[i].where;
    KY_TRY(put_values(e, &s->adds[i], raw, i));
    KY_TRY(expect_nobody(e, &s->adds[i], raw, i));
    KY_TRY(put_place(e, &s->adds[i], raw, i));
    say_same_place(e, &s->adds[i], raw, i);
  }
  return KY_OK;
}

/* Records without a place have no part again. */
static void settle_shapes(ky_shapes *shapes) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < shapes->count; i++) {
    shapes->first_part[i] = at;
    if (isnan(shapes->x[i])) continue;
    shapes->x[at] = shapes->x[i];
    shapes->y[at] = shapes->y[i];
    shapes->first_vertex[at] = at;
    at++;
  }
  shapes->first_part[shapes->count] = shapes->first_vertex[at] = at;
  shapes->part_count = shapes->vertex_count = at;
}

static void say_closed(editing *e, const ky_scenario_close *close, uint32_t venue) {
  const ky_venues *venues = &e->town->venues;
  if (venues->counts[venue] != 0) return;
  ky_issue_add(e->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = close->where,
                           .record = venues->id[venue],
                           .reason = "closed_venue_does_not_count",
                           .action = ky_tr("closing it changes nothing; look at the reason in the layer venues")},
               ky_tr("the venue that is closed does not count in the run (%s)"), venues->reason[venue]);
}

static ky_err edit(editing *e, const ky_scenario *s) {
  owned_venue own;
  for (uint32_t i = 0; i < s->change_count; i++) {
    KY_TRY(own_venue(e, s->changes[i].venue, &own));
    KY_TRY(put_values(e, &s->changes[i], own.raw, own.record));
  }
  for (uint32_t i = 0; i < s->move_count; i++) {
    KY_TRY(own_venue(e, s->moves[i].venue, &own));
    KY_TRY(put_place(e, &s->moves[i], own.raw, own.record));
    e->is_gone[own.venue] = true;
  }
  for (uint32_t i = 0; i < s->close_count; i++) {
    KY_TRY(own_venue(e, s->closes[i].venue, &own));
    KY_TRY(set_value(e, own.raw, own.record, "status", CLOSED_STATUS));
    say_closed(e, &s->closes[i], own.venue);
    e->is_gone[own.venue] = true;
  }
  return KY_OK;
}

ky_err ky_scenario_inputs(ky_job *job, const ky_town *t, const ky_candidates *candidates, const ky_scenario *s,
                          ky_inputs *out) {
  editing e = {.job = job, .town = t, .candidates = candidates};
  const uint32_t given = t->inputs.venue_count, issue_count = job->issues.count;
  uint32_t count;
  *out = t->inputs;
  KY_TRY(ky_venue_records(job, &t->inputs, &e.records, &count));
  ky_issues_rewind(job, issue_count); /* repeated ids: the placing of the venues says so */
  KY_NEW(job, keep, e.raws, given + 1);
  KY_NEW(job, scratch, e.is_copied, given + 1);
  KY_NEW(job, scratch, e.is_gone, count);
  if (given != 0) memcpy(e.raws, t->inputs.venues, given * sizeof *e.raws);
  KY_TRY(edit(&e, s));
  if (s->add_count != 0) {
    KY_TRY(add_venues(&e, s, &e.raws[given]));
    e.is_copied[given] = true;
  }
  for (uint32_t r = 0; r <= given; r++)
    if (e.is_copied[r]) settle_shapes(&e.raws[r].shapes);
  out->venues = e.raws;
  out->venue_count = given + (s->add_count != 0);
  return KY_OK;
}
