/* The read room: each source through the reader that knows it, then all of them into one plane. */
#include <math.h>
#include <string.h>

#include "io/barrier_kinds.h"
#include "io/building_facts.h"
#include "io/bus_routes.h"
#include "io/crs.h"
#include "io/elevation_tiles.h"
#include "io/elsewhere.h"
#include "io/gdal_log.h"
#include "io/geocode.h"
#include "io/grid_twice.h"
#include "io/gtfs.h"
#include "io/ksj_places.h"
#include "io/people_window.h"
#include "io/pg_session.h"
#include "io/postgis.h"
#include "io/project.h"
#include "io/reader.h"
#include "io/resource_kinds.h"
#include "io/road_class.h"
#include "io/role_columns.h"
#include "io/small_areas.h"
#include "io/source_bz2.h"
#include "io/source_file.h"
#include "io/source_report.h"
#include "io/stop_columns.h"
#include "io/town_filter.h"
#include "io/venue_hours.h"
#include "io/ways.h"
#include "io/year_columns.h"
#include "io/zones_prepare.h"

/* The reader that the config names, else the one that is surest. */
static ky_err find_reader(ky_job *job, const ky_source *source, const char *vsi_path, const ky_reader **out) {
  int best = 0;
  *out = NULL;
  for (size_t r = 0; ky_readers[r] != NULL; r++) {
    if (source->format != NULL) {
      if (strcmp(ky_readers[r]->name, source->format) == 0) *out = ky_readers[r];
      continue;
    }
    int sure = ky_readers[r]->recognise(source, vsi_path);
    if (sure > best) {
      best = sure;
      *out = ky_readers[r];
    }
  }
  if (*out != NULL) return KY_OK;
  const char *list = "";
  for (size_t r = 0; ky_readers[r] != NULL && list != NULL; r++)
    list = ky_format(&job->scratch, "%s\n  %s: %s", list, ky_readers[r]->name, ky_tr(ky_readers[r]->help));
  return ky_fail(job, source->format != NULL ? KY_E_CONFIG : KY_E_INPUT,
                 ky_tr("%s %s: its format is not known; kayoi reads:%s"), source->name, source->shown,
                 list != NULL ? list : "");
}

/* Nothing usable: roads, residents and polygons are needed, venues and sites may be unknown yet. */
static ky_err check_empty(ky_job *job, const ky_raw *raw) {
  if (raw->count != 0 || raw->unneeded_count != 0 || (raw->source->is_workbook && raw->read_count == 0)) return KY_OK;
  if (raw->source->role != KY_ROLE_VENUES && raw->source->role != KY_ROLE_SITES &&
      raw->source->role != KY_ROLE_RESOURCES && raw->source->role != KY_ROLE_BUILDINGS &&
      raw->source->role != KY_ROLE_BARRIERS)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: no usable record (%u read, %u bad); is it the right file or layer?"),
                   raw->source->name, raw->source->shown, raw->read_count, raw->bad_count);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .reason = "empty_source",
                           .action = ky_tr("read on without it; is it the right file?")},
               ky_tr("no usable record (%u read, %u bad)"), raw->read_count, raw->bad_count);
  return KY_OK;
}

/* Finds the file of a source and what it weighs; nothing of it is read yet. */
static ky_err locate(ky_job *job, const ky_source *source, ky_raw *out) {
  ky_source_file file;
  memset(out, 0, sizeof *out);
  out->source = source;
  KY_TRY(ky_columns_check(job, source));
  if (source->postgis != NULL) return KY_OK;
  KY_TRY(ky_source_file_find(job, source, &file));
  KY_TRY(ky_source_file_hash(job, source, &file));
  out->vsi_path = file.vsi_path;
  out->bytes = file.bytes;
  out->hash = file.hash;
  return KY_OK;
}

/* Through the reader that knows the file; residents by area with the table that belongs to them. */
static ky_err read_file(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  const ky_reader *reader = NULL;
  ky_area_table table;
  ky_source layer = *source;
  if (source->table != NULL) KY_TRY(ky_area_table_read(job, source, &layer, &table));
  if (source->postgis == NULL) KY_TRY(find_reader(job, source, vsi_path, &reader));
  ky_err err = reader != NULL ? reader->read(job, &layer, vsi_path, out) : ky_postgis_read(job, &layer, out);
  out->source = source;
  if (err != KY_OK || source->role != KY_ROLE_RESIDENTS) return err;
  if (source->table != NULL) {
    out->table_bytes = table.bytes;
    out->table_hash = table.hash;
  }
  return ky_small_areas(job, source->table != NULL ? &table : NULL, out);
}

/* Of a file it was known before; rows of a database that were weighed before are the same ones now, being of one
 * snapshot, unless the query makes others each time. */
static ky_err settle_weight(ky_job *job, uint64_t bytes, uint64_t hash, ky_raw *out) {
  if (out->source->postgis != NULL && hash != 0 && (out->bytes != bytes || out->hash != hash))
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: gives other rows each time it is read; take functions that change (random, "
                         "clock_timestamp) out of it"),
                   out->source->name, out->source->shown);
  if (out->source->postgis != NULL) return KY_OK;
  out->bytes = bytes;
  out->hash = hash;
  return KY_OK;
}

/* Reads what was located. */
static ky_err read_records(ky_job *job, ky_raw *out) {
  const ky_source *source = out->source;
  const char *vsi_path = out->vsi_path;
  const uint64_t bytes = out->bytes, hash = out->hash;
  if (source->role == KY_ROLE_ELEVATION && !ky_elevation_is_layer(vsi_path)) {
    out->format = "raster";
    return KY_OK;
  }
  if (source->role == KY_ROLE_FEEDS) return ky_feed_open(job, source, vsi_path, out);
  ky_err err = read_file(job, source, vsi_path, out);
  if (source->postgis == NULL && source->role != KY_ROLE_BUILDINGS)
    ky_source_bz2_release(vsi_path); /* the roads may be in the same extract */
  KY_TRY(err);
  KY_TRY(settle_weight(job, bytes, hash, out));
  KY_TRY(ky_ksj_settle(job, out));
  if (source->role == KY_ROLE_VENUES) KY_TRY(ky_venue_hours(job, out));
  if (source->role == KY_ROLE_YEARS || source->year != 0) KY_TRY(ky_year_columns(job, out));
  if (source->role == KY_ROLE_STOPS) KY_TRY(ky_stop_columns(job, out));
  if (source->role == KY_ROLE_BUS_ROUTES) KY_TRY(ky_bus_routes(job, out));
  if (source->role == KY_ROLE_RESOURCES) KY_TRY(ky_resource_kinds(job, out));
  if (source->role == KY_ROLE_ROADS) KY_TRY(ky_road_settle(job, out));
  if (source->role == KY_ROLE_BARRIERS) KY_TRY(ky_barrier_settle(job, out));
  return check_empty(job, out);
}

/* Roads are read by ky_read_roads, unless every source is to be reported on. */
static ky_err read_one(ky_job *job, const ky_read_opts *opts, const ky_source *source, ky_raw *out) {
  KY_TRY(locate(job, source, out));
  if (source->role == KY_ROLE_ROADS && opts->reports == NULL)
    return source->postgis != NULL ? ky_postgis_weigh(job, source, out) : KY_OK;
  KY_TRY(read_records(job, out));
  return source->role == KY_ROLE_ZONES ? ky_zones_select(job, opts->municipality_code, out) : KY_OK;
}

/* The middle of the source that says best where the municipality is, in degrees. */
static ky_err find_place(ky_job *job, const ky_raw *raws, uint32_t count, double *lon, double *lat) {
  static const ky_role order[] = {KY_ROLE_BORDER, KY_ROLE_ZONES, KY_ROLE_RESIDENTS};
  *lon = *lat = NAN;
  for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
    for (uint32_t i = 0; i < count; i++) {
      if (raws[i].source->role != order[k] || raws[i].shapes.vertex_count == 0) continue;
      KY_TRY(ky_shapes_middle(job, &raws[i].shapes, lon, lat));
      return ky_crs_transform(job, raws[i].crs, "EPSG:4326", lon, lat, 1);
    }
  }
  return KY_OK;
}

/* The same people or venues listed twice would be counted twice. */
static ky_err check_twice(ky_job *job, const ky_raw *raws, uint32_t count) {
  const ky_source *last = raws[count].source;
  const char *layer = last->layer != NULL ? last->layer : "";
  for (uint32_t i = 0; i < count; i++) {
    const ky_source *source = raws[i].source;
    if (source->role != last->role || raws[i].bytes != raws[count].bytes || raws[i].hash != raws[count].hash) continue;
    if (strcmp(source->layer != NULL ? source->layer : "", layer) != 0) continue;
    const bool is_member = last->path != NULL && source->path != NULL && strstr(last->path, ".zip/") != NULL;
    if (is_member && strcmp(ky_path_name(source->path), ky_path_name(last->path)) != 0) continue;
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: is the same data as %s, which would count it twice; remove one of the two"),
                   ky_source_where(job, last), ky_source_where(job, source));
  }
  return KY_OK;
}

/* Where the sources of each role go. */
static void role_slot(ky_inputs *inputs, ky_role role, ky_raw ***raws, uint32_t **count) {
  *raws = NULL;
  switch (role) {
    case KY_ROLE_RESIDENTS:
      *raws = &inputs->residents;
      *count = &inputs->resident_count;
      break;
    case KY_ROLE_VENUES:
      *raws = &inputs->venues;
      *count = &inputs->venue_count;
      break;
    case KY_ROLE_ZONES:
      *raws = &inputs->zones;
      *count = &inputs->zone_count;
      break;
    case KY_ROLE_BORDER:
      *raws = &inputs->borders;
      *count = &inputs->border_count;
      break;
    case KY_ROLE_SITES:
      *raws = &inputs->sites;
      *count = &inputs->site_count;
      break;
    case KY_ROLE_ELEVATION:
      *raws = &inputs->elevations;
      *count = &inputs->elevation_count;
      break;
    case KY_ROLE_ZONE_LOOKUP:
    case KY_ROLE_HALLS:
    case KY_ROLE_BLOCKS:
    case KY_ROLE_TOWNS:
      *raws = &inputs->references;
      *count = &inputs->reference_count;
      break;
    case KY_ROLE_NAMES:
      *raws = &inputs->names;
      *count = &inputs->name_source_count;
      break;
    case KY_ROLE_FEEDS:
      *raws = &inputs->feeds;
      *count = &inputs->feed_count;
      break;
    case KY_ROLE_STOPS:
      *raws = &inputs->stops;
      *count = &inputs->stop_source_count;
      break;
    case KY_ROLE_BUS_ROUTES:
      *raws = &inputs->bus_routes;
      *count = &inputs->bus_route_count;
      break;
    case KY_ROLE_RESOURCES:
      *raws = &inputs->resources;
      *count = &inputs->resource_source_count;
      break;
    case KY_ROLE_YEARS:
      *raws = &inputs->years;
      *count = &inputs->year_source_count;
      break;
    case KY_ROLE_OFFICIAL:
      *raws = &inputs->officials;
      *count = &inputs->official_count;
      break;
    case KY_ROLE_FACTS:
      *raws = &inputs->facts;
      *count = &inputs->fact_source_count;
      break;
    case KY_ROLE_BUILDINGS:
      *raws = &inputs->buildings;
      *count = &inputs->building_source_count;
      break;
    case KY_ROLE_BARRIERS:
      *raws = &inputs->barriers;
      *count = &inputs->barrier_count;
      break;
    case KY_ROLE_ROADS:
      *raws = &inputs->roads;
      *count = &inputs->road_count;
      break;
    case KY_ROLE_ROAD_EXTENT:
    case KY_ROLE_COUNT:
      break;
  }
}

static ky_err sort_by_role(ky_job *job, const ky_raw *raws, uint32_t count, ky_inputs *out) {
  for (uint32_t i = 0; i < count; i++) {
    ky_raw **list;
    uint32_t *list_count;
    if (raws[i].source->role == KY_ROLE_ROAD_EXTENT) out->ways.extent = raws[i].shapes;
    role_slot(out, raws[i].source->role, &list, &list_count);
    if (list == NULL) continue;
    if (*list == NULL) KY_NEW(job, keep, *list, count);
    (*list)[(*list_count)++] = raws[i];
  }
  return KY_OK;
}

/* Feeds are counted when all of them have been opened: on one day, where their dates allow it. */
static ky_err count_feeds(ky_job *job, const ky_read_opts *opts, ky_raw *raws) {
  KY_TRY(ky_feeds_choose_days(job, raws, opts->source_count, opts->transit.weekday));
  for (uint32_t i = 0; i < opts->source_count; i++) {
    if (raws[i].feed == NULL) continue;
    ky_err err = ky_feed_count(&opts->transit, &raws[i]);
    if (opts->reports != NULL) err = ky_source_report_take(job, err, &raws[i], &opts->reports[i]);
    KY_TRY(err);
  }
  return KY_OK;
}

static ky_err project_one(ky_job *job, const ky_inputs *inputs, const ky_elsewhere *elsewhere, ky_raw *raw) {
  if (raw->source->role == KY_ROLE_ROADS) ky_ways_round_degrees(raw);
  KY_TRY(ky_project(job, inputs->crs, raw));
  if (elsewhere != NULL) KY_TRY(ky_elsewhere_take_out(job, elsewhere, raw));
  KY_TRY(ky_project_check(job, inputs->x_m, inputs->y_m, raw));
  return raw->source->role == KY_ROLE_BUILDINGS ? ky_building_facts_settle(job, raw) : KY_OK;
}

/* Lists of places last: which of their records are elsewhere shows when the municipality is in the plane. */
static ky_err project_all(ky_job *job, const ky_read_opts *opts, const ky_inputs *inputs, ky_raw *raws) {
  ky_home home = {0};
  const ky_elsewhere elsewhere = {.home = &home,
                                  .municipality_code = opts->municipality_code,
                                  .municipality_name = opts->municipality_name,
                                  .margin_m = opts->margin_m};
  for (int is_list = 0; is_list < 2; is_list++) {
    if (is_list) KY_TRY(ky_zones_prepare(job, opts, raws));
    if (is_list) ky_home_find(raws, opts->source_count, &home);
    for (uint32_t i = 0; i < opts->source_count; i++) {
      if (ky_elsewhere_concerns(opts->sources[i].role) != (is_list == 1)) continue;
      KY_TRY(project_one(job, inputs, is_list ? &elsewhere : NULL, &raws[i]));
    }
  }
  return KY_OK;
}

static ky_err read_and_report(ky_job *job, const ky_read_opts *opts, uint32_t at, const ky_source *source,
                              ky_raw *raws) {
  ky_err err = read_one(job, opts, source, &raws[at]);
  if (opts->reports != NULL) err = ky_source_report_take(job, err, &raws[at], &opts->reports[at]);
  return err;
}

#define CELL_REACH_M 1500.0 /* so far a cell of 1 km that touches the margin reaches beyond it */

/* Rasters of people and buildings come when it is known where the municipality is: of those of the whole country only
 * its surroundings are read. */
static ky_err read_windowed(ky_job *job, const ky_read_opts *opts, ky_raw *raws) {
  const ky_read_window *window = NULL, *wide = NULL;
  KY_TRY(ky_people_window(job, raws, opts->source_count, opts->margin_m, &window));
  KY_TRY(ky_people_window(job, raws, opts->source_count, opts->margin_m + CELL_REACH_M, &wide));
  for (uint32_t i = 0; i < opts->source_count; i++) {
    ky_source *source;
    if (!ky_is_windowed(&opts->sources[i])) continue;
    KY_NEW(job, keep, source, 1);
    *source = opts->sources[i];
    source->window = source->role == KY_ROLE_BUILDINGS ? wide : window;
    KY_TRY(read_and_report(job, opts, i, source, raws));
  }
  return KY_OK;
}

static bool is_addresses(const ky_source *source) {
  return source->role == KY_ROLE_BLOCKS || source->role == KY_ROLE_TOWNS;
}

/* Files of addresses when it is known which towns are asked for; all of them when nothing given is geocoded. */
static ky_err read_addresses(ky_job *job, const ky_read_opts *opts, ky_raw *raws) {
  ky_town_filter *towns = NULL;
  bool has_addresses = false, is_asked = false;
  for (uint32_t i = 0; i < opts->source_count; i++) {
    has_addresses = has_addresses || is_addresses(&opts->sources[i]);
    is_asked = is_asked || ky_role_is_geocoded(opts->sources[i].role);
  }
  if (has_addresses && is_asked) KY_TRY(ky_town_filter_new(job, raws, opts->source_count, &towns));
  for (uint32_t i = 0; i < opts->source_count; i++) {
    ky_source *source;
    if (!is_addresses(&opts->sources[i])) continue;
    KY_NEW(job, keep, source, 1);
    *source = opts->sources[i];
    source->towns = towns;
    KY_TRY(read_and_report(job, opts, i, source, raws));
  }
  return KY_OK;
}

static ky_err read_all(ky_job *job, const ky_read_opts *opts, ky_raw *raws) {
  for (uint32_t i = 0; i < opts->source_count; i++) {
    const bool is_later = ky_is_windowed(&opts->sources[i]) || is_addresses(&opts->sources[i]);
    if (!is_later) KY_TRY(read_and_report(job, opts, i, &opts->sources[i], raws));
    ky_job_progress(job, i + 1, opts->source_count);
  }
  KY_TRY(read_addresses(job, opts, raws));
  KY_TRY(read_windowed(job, opts, raws));
  return count_feeds(job, opts, raws);
}

ky_err ky_read_alone(ky_job *job, const ky_read_opts *opts) {
  ky_raw *raws;
  ky_gdal_start();
  KY_NEW(job, scratch, raws, opts->source_count);
  return read_all(job, opts, raws);
}

ky_err ky_read(ky_job *job, const ky_read_opts *opts, ky_inputs *out) {
  ky_raw *raws;
  double lon, lat;
  memset(out, 0, sizeof *out);
  ky_gdal_start();
  KY_NEW(job, scratch, raws, opts->source_count);
  KY_TRY(read_all(job, opts, raws));
  if (opts->reports != NULL) KY_TRY(ky_source_reports_finish(job, opts->reports, opts->source_count));
  for (uint32_t i = 0; i < opts->source_count; i++) KY_TRY(check_twice(job, raws, i));
  KY_TRY(ky_grids_check_twice(job, raws, opts->source_count));
  KY_TRY(find_place(job, raws, opts->source_count, &lon, &lat));
  KY_TRY(ky_crs_choose(job, opts, lon, lat, &out->crs, &out->crs_origin));
  KY_TRY(ky_crs_warn_place(job, out->crs, lon, lat));
  if (isfinite(lon)) KY_TRY(ky_crs_transform(job, "EPSG:4326", out->crs, &lon, &lat, 1));
  out->x_m = lon;
  out->y_m = lat;
  KY_TRY(project_all(job, opts, out, raws));
  for (uint32_t i = 0; opts->reports != NULL && i < opts->source_count; i++)
    opts->reports[i].raw = raws[i]; /* records may have been left out or joined */
  KY_TRY(ky_geocode(job, opts->municipality_name, raws, opts->source_count));
  return sort_by_role(job, raws, opts->source_count, out);
}

void ky_read_end(const ky_read_opts *opts) {
  for (uint32_t i = 0; i < opts->source_count; i++)
    if (opts->sources[i].postgis != NULL) ky_pg_session_end(opts->sources[i].postgis->session);
}

ky_err ky_read_roads(ky_job *job, const ky_read_opts *opts, ky_inputs *inputs) {
  for (uint32_t i = 0; i < inputs->road_count; i++) {
    ky_raw *raw = &inputs->roads[i];
    if (raw->format != NULL) continue; /* read already, for a report */
    KY_TRY(read_records(job, raw));
    KY_TRY(project_one(job, inputs, NULL, raw));
    ky_job_progress(job, i + 1, inputs->road_count);
  }
  return ky_ways_build(job, inputs->roads, inputs->road_count, opts->with_ferries, &inputs->ways);
}
