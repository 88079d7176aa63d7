/* How rows of a table get their places, whatever the table is read from: see table_plan.h. */
#include "io/table_plan.h"

#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/dialect.h"
#include "io/raw_point.h"
#include "io/text_key.h"

static ky_err find_coordinates(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                               const ky_picks *picks, ky_table_plan *plan) {
  plan->lon = ky_picks_field(picks, "lon");
  plan->lat = ky_picks_field(picks, "lat");
  if (source->lon != NULL) KY_TRY(ky_columns_find(job, source, "lon", source->lon, names, NULL, count, &plan->lon));
  if (source->lat != NULL) KY_TRY(ky_columns_find(job, source, "lat", source->lat, names, NULL, count, &plan->lat));
  return KY_OK;
}

/* Keys of small areas are no grid codes, though some of them could be read as such. */
static ky_err refuse_areas(ky_job *job, const ky_source *source, const char *const *names, uint32_t count) {
  for (uint32_t c = 0; c < count; c++) {
    const char *key = ky_text_label(&job->scratch, names[c]);
    if (key == NULL) return ky_fail_memory(job);
    if (strcmp(key, "hyosyo") == 0)
      return ky_fail(job, KY_E_INPUT,
                     ky_tr("%s %s: is the table of small areas, without their boundaries; give those as path: "
                           "(r2ka....shp or its zip) and this file as table:"),
                     source->name, source->shown);
  }
  return KY_OK;
}

ky_err ky_table_plan_make(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                          ky_picks *picks, ky_table_plan *plan) {
  const unsigned kinds = ky_role_get(source->role)->kinds;
  *plan = (ky_table_plan){.by = KY_BY_NOTHING, .lon = KY_NONE, .lat = KY_NONE};
  if (kinds == 1u << KY_SHAPE_NONE) return KY_OK;
  KY_TRY(find_coordinates(job, source, names, count, picks, plan));
  if (plan->lon != KY_NONE && plan->lat != KY_NONE && (kinds & 1u << KY_SHAPE_POINT) != 0) {
    plan->by = KY_BY_COORDINATES;
    return KY_OK;
  }
  if (ky_picks_field(picks, "coordinates") != KY_NONE && (kinds & 1u << KY_SHAPE_POINT) != 0) {
    plan->by = KY_BY_PAIR;
    plan->lon = ky_picks_field(picks, "coordinates");
    return KY_OK;
  }
  bool has_parts = false;
  if (plan->lon == KY_NONE && plan->lat == KY_NONE && (kinds & 1u << KY_SHAPE_POINT) != 0)
    KY_TRY(ky_degree_columns_find(job, source, names, count, &plan->parts, &has_parts));
  if (has_parts) {
    plan->by = KY_BY_PARTS;
    ky_degree_columns_pick(ky_role_get(source->role), &plan->parts, picks);
    return KY_OK;
  }
  const bool has_cells = source->role == KY_ROLE_RESIDENTS || source->role == KY_ROLE_YEARS;
  if (has_cells && ky_picks_field(picks, "id") != KY_NONE) {
    if (source->role == KY_ROLE_RESIDENTS) KY_TRY(refuse_areas(job, source, names, count));
    plan->by = KY_BY_GRID_CODE;
    ky_grid_begin(job, source, 0, &plan->grid);
    return KY_OK;
  }
  if (ky_role_is_geocoded(source->role)) {
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(job, source),
                             .reason = "no_coordinate_columns",
                             .action = ky_tr("places are looked for by name and address (geocoding:); if it "
                                             "has such columns, name them: lon: NAME, lat: NAME")},
                 "%s", ky_tr("the table has no columns for longitude and latitude"));
    return KY_OK;
  }
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: %s need a place, and this table has no columns for longitude and latitude; name "
                       "them: lon: NAME, lat: NAME"),
                 source->name, source->shown, ky_role_get(source->role)->name);
}

/* Open data states degrees without a datum; today's Japanese ones are JGD2011, which is WGS 84 to a few centimetres. */
ky_err ky_table_plan_crs(ky_job *job, const ky_source *source, const ky_table_plan *plan, ky_raw *out) {
  const char *assumed = NULL;
  if (plan->by != KY_BY_GRID_CODE && source->crs == NULL) {
    assumed = "EPSG:6668";
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, source),
                    .field = "crs",
                    .reason = "datum_not_stated",
                    .action = ky_tr("taken as JGD2011 degrees (EPSG:6668); write crs: to this source to state it")},
        "%s", ky_tr("the table does not say which datum its longitudes and latitudes are in"));
  }
  KY_TRY(ky_crs_settle(job, source, assumed, out));
  if (assumed != NULL) out->crs_origin = "assumption";
  return KY_OK;
}

/* Digits and at most one point, as nearly all coordinates are; a minus before them. */
static bool plain_number(const ky_delimited *table, uint32_t field, double *out) {
  char text[32];
  if (field >= table->field_count || field >= KY_FIELDS_MAX || table->length[field] >= sizeof text) return false;
  memcpy(text, table->field[field], table->length[field]);
  text[table->length[field]] = '\0';
  const char *p = text + (*text == '-');
  const size_t whole = strspn(p, "0123456789");
  p += whole;
  if (whole == 0 || whole > 3) return false;
  if (*p == '.' && p[1] != '\0') p += 1 + strspn(p + 1, "0123456789");
  *out = strtod(text, NULL);
  return *p == '\0';
}

/* A cell as text; NULL when it is blank. Bytes that are no text are escaped. */
static ky_err cell_text(ky_raw_builder *b, const ky_delimited *table, uint32_t field, const char **out) {
  ky_decoder decoder = {.name = b->decoder.name};
  *out = NULL;
  if (field >= table->field_count || field >= KY_FIELDS_MAX) return KY_OK;
  if (ky_decoder_text(&decoder, &b->job->scratch, table->field[field], table->length[field], out) ==
      KY_DECODED_NO_MEMORY)
    return ky_fail_memory(b->job);
  if (*out != NULL && ky_text_has_other_width(*out, false)) b->has_wide_digits = true;
  return KY_OK;
}

/* A place in degrees, minutes and seconds, each in its own column. */
static ky_err place_parts(ky_raw_builder *b, const ky_delimited *table, const ky_degree_columns *parts,
                          ky_table_places *places, bool is_geographic) {
  const char *text[3], *joined[2];
  for (int a = 0; a < 2; a++) {
    for (int p = 0; p < 3; p++) KY_TRY(cell_text(b, table, parts->part[a][p], &text[p]));
    KY_TRY(ky_degree_columns_join(b->job, parts, text, &joined[a]));
  }
  return ky_table_place(b, places, joined[0], joined[1], is_geographic);
}

ky_err ky_table_plan_place(ky_raw_builder *b, const ky_delimited *table, ky_table_plan *plan, bool is_geographic,
                           ky_table_places *places) {
  const char *lon, *lat;
  double x, y;
  if (plan->by == KY_BY_NOTHING) return KY_OK;
  if (plan->by == KY_BY_GRID_CODE) return ky_grid_cell(b, ky_raw_get(b, "id"), &plan->grid);
  if (plan->by == KY_BY_COORDINATES && plain_number(table, plan->lon, &x) && plain_number(table, plan->lat, &y))
    return ky_raw_point(b, x, y, is_geographic);
  if (plan->by == KY_BY_PARTS) return place_parts(b, table, &plan->parts, places, is_geographic);
  KY_TRY(cell_text(b, table, plan->lon, &lon));
  if (plan->by == KY_BY_PAIR) return ky_table_place_pair(b, places, lon, is_geographic);
  KY_TRY(cell_text(b, table, plan->lat, &lat));
  return ky_table_place(b, places, lon, lat, is_geographic);
}

ky_err ky_table_plan_values(ky_raw_builder *b, const ky_delimited *table) {
  for (uint32_t p = 0; p < b->picks->count; p++) {
    const ky_pick *pick = &b->picks->pick[p];
    if (pick->field < table->field_count)
      KY_TRY(ky_raw_set(b, p, table->field[pick->field], table->length[pick->field]));
    for (uint32_t m = 0; m < pick->more_count; m++)
      if (pick->more[m] < table->field_count)
        KY_TRY(ky_raw_append(b, p, table->field[pick->more[m]], table->length[pick->more[m]]));
  }
  ky_raw_name(b);
  return KY_OK;
}

/* A table of which no column is known is another table, or begins with a title. */
ky_err ky_table_plan_check(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                           const ky_picks *picks) {
  if (picks->count != 0 || source->lon != NULL) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: none of the columns in its first rows is known for %s; is it the right file? If it is, map "
                       "its columns: columns: {ATTRIBUTE: COLUMN}. The first row: %s"),
                 ky_source_where(job, source), ky_role_get(source->role)->name, ky_columns_list(job, names, count));
}
