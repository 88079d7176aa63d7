/* Rows of PostGIS as records. */
#include <ogr_api.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/ewkb.h"
#include "io/feature_geometry.h"
#include "io/gdal_log.h"
#include "io/people_window.h"
#include "io/pg_plan.h"
#include "io/pg_stream.h"
#include "io/postgis.h"
#include "io/raw_point.h"
#include "io/town_filter.h"

/* One source while it is read. */
typedef struct pg_reading {
  ky_job *job;
  const ky_source *source;
  ky_pg_plan *plan;
  ky_pg_stream stream;
  ky_raw_builder b;
  ky_raw *out;
  const ky_box *window; /* what lies beside it is only counted; NULL: nothing does */
  uint8_t *wkb;         /* of the newest geometry */
  size_t wkb_size;
  bool has_srid; /* plan->origin->srid is that of a geometry */
  uint32_t wrong_kind;
  const char *wrong_name; /* of the first geometry of a wrong kind; GDAL's own memory */
  ky_delimited row;       /* the newest row, for tables without a geometry */
  ky_table_places places;
} pg_reading;

/* A field as text: without the decimals of a numeric that say nothing, so that an id is what it is in a file. */
static size_t text_length(const pg_reading *r, uint32_t field) {
  const char *text = r->stream.field[field];
  size_t length = r->stream.length[field];
  if (!r->plan->is_number[field] || memchr(text, '.', length) == NULL) return length;
  while (text[length - 1] == '0') length--;
  return text[length - 1] == '.' ? length - 1 : length;
}

static ky_err set_value(pg_reading *r, uint32_t p, uint32_t column, bool is_more) {
  const uint32_t field = r->plan->field[column];
  if (field == KY_NONE || r->stream.field[field] == NULL) return KY_OK;
  return (is_more ? ky_raw_append : ky_raw_set)(&r->b, p, r->stream.field[field], text_length(r, field));
}

static ky_err set_values(pg_reading *r) {
  for (uint32_t p = 0; p < r->plan->picks.count; p++) {
    const ky_pick *pick = &r->plan->picks.pick[p];
    KY_TRY(set_value(r, p, pick->field, false));
    for (uint32_t m = 0; m < pick->more_count; m++) KY_TRY(set_value(r, p, pick->more[m], true));
  }
  ky_raw_name(&r->b);
  return KY_OK;
}

/* "gid 17" by the key, else the place in the order. */
static ky_err add_record(pg_reading *r) {
  const uint32_t key = r->plan->key;
  if (key == KY_NONE || r->stream.field[key] == NULL) return ky_raw_add_nth(&r->b, "record", r->b.read_count);
  const char *name =
      ky_format(&r->job->scratch, "%s %.*s", r->plan->key_name, (int)r->stream.length[key], r->stream.field[key]);
  return name != NULL ? ky_raw_add(&r->b, name) : ky_fail_memory(r->job);
}

static ky_err check_srid(pg_reading *r, uint32_t srid) {
  ky_pg_origin *origin = r->plan->origin;
  if (r->has_srid && srid == origin->srid) return KY_OK;
  if (r->has_srid || (origin->srid != 0 && srid != origin->srid))
    return ky_fail(
        r->job, KY_E_INPUT,
        ky_tr("%s: %s: row %llu has SRID %u, those before it %u; a source has one CRS: transform them to one "
              "(ST_Transform), or give a query for each"),
        r->source->name, r->source->shown, (unsigned long long)r->stream.row, srid, origin->srid);
  r->has_srid = true;
  origin->srid = srid;
  if (srid != 0 || r->source->crs != NULL) return KY_OK;
  return ky_fail(r->job, KY_E_INPUT,
                 ky_tr("%s: %s: its geometry has SRID 0, so nobody says which CRS it is in; set it (SELECT "
                       "UpdateGeometrySRID), or add crs: to this source, for example crs: EPSG:6668"),
                 r->source->name, r->source->shown);
}

/* The geometry of the newest row. *is_read false: bytes that are none. *geometry NULL: there is none, or a point. */
static ky_err parse_geometry(pg_reading *r, ky_ewkb *ewkb, OGRGeometryH *geometry, bool *is_read) {
  const uint32_t field = r->plan->geometry;
  const size_t length = r->stream.length[field];
  *geometry = NULL;
  *is_read = true;
  *ewkb = (ky_ewkb){0};
  if (r->stream.field[field] == NULL) return KY_OK;
  if (length > r->wkb_size) {
    r->wkb_size = 2 * length;
    r->wkb = ky_arena_alloc(&r->job->scratch, r->wkb_size, 1);
    if (r->wkb == NULL) return ky_fail_memory(r->job);
  }
  *is_read = ky_ewkb_read((const uint8_t *)r->stream.field[field], length, r->wkb, ewkb);
  if (!*is_read) return KY_OK;
  KY_TRY(check_srid(r, ewkb->srid));
  const bool takes_points = (ky_role_get(r->source->role)->kinds & 1u << KY_SHAPE_POINT) != 0;
  if (ewkb->is_xy && takes_points && r->window == NULL) return KY_OK;
  *is_read = OGR_G_CreateFromWkb(r->wkb, NULL, geometry, (int)ewkb->wkb_length) == OGRERR_NONE;
  return KY_OK;
}

/* A row with its geometry, if the role has one. */
static ky_err take_shape(pg_reading *r, const ky_ewkb *ewkb, OGRGeometryH geometry, bool is_read) {
  bool is_wrong = false;
  KY_TRY(add_record(r));
  KY_TRY(set_values(r));
  if (!is_read) {
    ky_raw_bad_place(&r->b, "geometry", "bad_geometry", "%s", ky_tr("the geometry is damaged"));
    return KY_OK;
  }
  if (geometry == NULL && ewkb->is_xy) return ky_raw_point(&r->b, ewkb->x, ewkb->y, r->out->is_geographic);
  KY_TRY(ky_feature_geometry(&r->b, geometry, r->out->is_geographic, &is_wrong));
  if (is_wrong && r->wrong_kind++ == 0) r->wrong_name = OGRGeometryTypeToName(OGR_G_GetGeometryType(geometry));
  return KY_OK;
}

static ky_err take_row_with_geometry(pg_reading *r) {
  OGRGeometryH geometry = NULL;
  ky_ewkb ewkb = {0};
  bool is_read = true;
  if (r->plan->geometry != KY_NONE) KY_TRY(parse_geometry(r, &ewkb, &geometry, &is_read));
  if (ky_feature_is_outside(geometry, r->window)) {
    r->b.unneeded_count++;
    OGR_G_DestroyGeometry(geometry);
    return KY_OK;
  }
  ky_err err = take_shape(r, &ewkb, geometry, is_read);
  OGR_G_DestroyGeometry(geometry);
  return err;
}

/* A row whose place stands in its columns, as that of a text table. */
static ky_err take_row_of_table(pg_reading *r) {
  ky_delimited *row = &r->row;
  row->field_count = r->plan->count;
  for (uint32_t c = 0; c < r->plan->count; c++) {
    const uint32_t field = r->plan->field[c];
    row->field[c] = r->stream.field[field] != NULL ? r->stream.field[field] : "";
    row->length[c] = r->stream.field[field] != NULL ? text_length(r, field) : 0;
  }
  const uint32_t town = r->source->towns != NULL ? ky_picks_field(r->b.picks, "town") : KY_NONE;
  bool is_wanted = true;
  if (town != KY_NONE)
    KY_TRY(ky_town_filter_wants(r->job, r->source->towns, "UTF-8", row->field[town], row->length[town], &is_wanted));
  if (!is_wanted) {
    r->b.unneeded_count++;
    return KY_OK;
  }
  KY_TRY(add_record(r));
  KY_TRY(ky_table_plan_values(&r->b, row));
  return ky_table_plan_place(&r->b, row, &r->plan->place, r->out->is_geographic, &r->places);
}

static bool is_table(const pg_reading *r) {
  return r->plan->geometry == KY_NONE && ky_role_get(r->source->role)->kinds != 1u << KY_SHAPE_NONE;
}

static ky_err take_rows(pg_reading *r) {
  bool is_row;
  if (is_table(r)) {
    KY_NEW(r->job, scratch, r->row.field, (size_t)r->plan->count + 1);
    KY_NEW(r->job, scratch, r->row.length, (size_t)r->plan->count + 1);
  }
  for (;;) {
    KY_TRY(ky_pg_stream_next(r->job, &r->stream, &is_row));
    if (!is_row) return KY_OK;
    r->b.read_count++;
    KY_TRY(is_table(r) ? take_row_of_table(r) : take_row_with_geometry(r));
  }
}

static ky_err settle_crs(pg_reading *r) {
  if (ky_role_get(r->source->role)->kinds == 1u << KY_SHAPE_NONE) return KY_OK;
  if (is_table(r))
    return r->plan->place.by != KY_BY_NOTHING ? ky_table_plan_crs(r->job, r->source, &r->plan->place, r->out) : KY_OK;
  if (r->plan->crs == NULL && r->source->crs == NULL) return KY_OK; /* no geometry, or one that will be refused */
  KY_TRY(ky_crs_settle(r->job, r->source, r->plan->crs, r->out));
  if (strcmp(r->out->crs_origin, "file") == 0) r->out->crs_origin = "database";
  return KY_OK;
}

static ky_err finish(pg_reading *r) {
  ky_raw *out = r->out;
  if (r->b.count == 0 && r->wrong_kind != 0 && r->wrong_kind == r->b.read_count)
    return ky_fail(r->job, KY_E_INPUT, ky_tr("%s %s: its geometry (%s) cannot be %s; is it the right table?"),
                   r->source->name, r->source->shown, r->wrong_name, ky_role_get(r->source->role)->name);
  ky_table_places_report(&r->b, &r->places);
  if (is_table(r) && r->plan->place.by == KY_BY_GRID_CODE) KY_TRY(ky_grid_end(&r->b, &r->plan->place.grid));
  KY_TRY(ky_raw_finish(&r->b, r->plan->names, out));
  out->format = r->plan->is_osm ? "OpenStreetMap" : "PostGIS";
  out->encoding = r->plan->origin->encoding;
  out->postgis = r->plan->origin;
  out->bytes = r->stream.bytes;
  out->hash = r->stream.hash;
  return is_table(r) && r->plan->place.by == KY_BY_GRID_CODE ? ky_grid_extent(r->job, out, NULL, &out->extent) : KY_OK;
}

static ky_err read_rows(pg_reading *r, ky_pg *pg) {
  ky_gdal_log log = {0};
  ky_box window;
  KY_TRY(settle_crs(r));
  if (r->source->role == KY_ROLE_BUILDINGS && r->source->window != NULL && r->out->crs != NULL) {
    KY_TRY(ky_window_in(r->job, r->source->window, r->out->crs, &window));
    r->window = &window;
  }
  KY_TRY(ky_raw_begin(r->job, r->source, &r->plan->picks, &r->b));
  r->b.decoder.name = "UTF-8";
  ky_err err = ky_pg_stream_open(r->job, pg, r->plan->doing, r->plan->sql, r->plan->field_count, &r->stream);
  ky_gdal_log_open(&log);
  if (err == KY_OK) err = take_rows(r);
  ky_gdal_log_close();
  ky_pg_stream_close(&r->stream);
  return err == KY_OK ? finish(r) : err;
}

ky_err ky_postgis_read(ky_job *job, const ky_source *source, ky_raw *out) {
  ky_pg_session *session;
  ky_pg_plan plan;
  pg_reading r = {.job = job, .source = source, .plan = &plan, .out = out};
  KY_TRY(ky_pg_session_begin(job, source, &session));
  ky_err err = ky_pg_plan_make(job, source, session, true, &plan);
  if (err == KY_OK) err = read_rows(&r, session->pg);
  return ky_pg_session_settle(job, source, err);
}

static ky_err weigh_rows(ky_job *job, const ky_source *source, ky_pg_session *session, ky_raw *out) {
  ky_pg_plan plan;
  ky_pg_stream stream;
  bool is_row = true;
  KY_TRY(ky_pg_plan_make(job, source, session, false, &plan));
  ky_err err = ky_pg_stream_open(job, session->pg, plan.doing, plan.sql, plan.field_count, &stream);
  while (err == KY_OK && is_row) err = ky_pg_stream_next(job, &stream, &is_row);
  out->bytes = stream.bytes;
  out->hash = stream.hash;
  out->postgis = plan.origin;
  ky_pg_stream_close(&stream);
  return err;
}

ky_err ky_postgis_weigh(ky_job *job, const ky_source *source, ky_raw *out) {
  ky_pg_session *session;
  KY_TRY(ky_pg_session_begin(job, source, &session));
  return ky_pg_session_settle(job, source, weigh_rows(job, source, session, out));
}
