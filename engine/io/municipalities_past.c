/* Municipalities out of past runs: the record of the municipality in the layer zones, and how complete the data were.
 */
#include "io/municipalities_past.h"

#include <kayoi/job.h>
#include <kayoi/place.h>
#include <kayoi/shape.h>
#include <math.h>
#include <string.h>

#define M2_PER_KM2 1000000.0

static const char *text_of(const ky_table *table, const char *column, uint32_t record) {
  const ky_column *found = ky_table_column(table, column);
  return found != NULL && found->type == KY_COLUMN_TEXT ? found->of.text[record] : NULL;
}

static bool is_level(const ky_table *zones, uint32_t record, const char *level) {
  const char *text = text_of(zones, "level", record);
  return text != NULL && strcmp(text, level) == 0;
}

/* The column's value with the decimals of the measure; KY_NULL when the run has no such column. */
static int64_t value_of(const ky_table *zones, uint32_t record, const ky_town_measure_info *measure) {
  const ky_column *column = ky_table_column(zones, measure->column);
  if (column == NULL || column->type != KY_COLUMN_FIXED) return KY_NULL;
  int64_t value = column->of.fixed[record];
  if (value == KY_NULL || column->decimals > measure->decimals) return KY_NULL;
  for (uint8_t d = column->decimals; d < measure->decimals; d++) {
    if (value > INT64_MAX / 10 || value < -INT64_MAX / 10) return KY_NULL;
    value *= 10;
  }
  return value;
}

/* Zones that lie inside the data, of all zones; and their area. */
static void measure_zones(const ky_table *zones, uint32_t i, ky_municipalities *out) {
  const ky_column *partial = ky_table_column(zones, "partial");
  int64_t count = 0, whole = 0;
  double area_m2 = 0;
  for (uint32_t z = 0; z < zones->count; z++) {
    if (!is_level(zones, z, "zone")) continue;
    count++;
    whole += partial == NULL || partial->type != KY_COLUMN_BOOL || partial->of.flag[z] != 1;
    if (zones->shapes != NULL && zones->shapes->kind == KY_SHAPE_POLYGON) area_m2 += ky_shape_area_m2(zones->shapes, z);
  }
  if (count != 0) out->value[KY_TOWN_WHOLE_ZONES][i] = whole * KY_WHOLE / count;
  if (area_m2 > 0) out->value[KY_TOWN_AREA][i] = llround(area_m2 / M2_PER_KM2 * 1000);
}

/* A venue at the centre of its town or nowhere has no place that a walk could be measured to. */
static void measure_venues(const ky_table *venues, uint32_t i, ky_municipalities *out) {
  int64_t located = 0;
  if (venues->count == 0) return;
  for (uint32_t v = 0; v < venues->count; v++) {
    const char *source = text_of(venues, "coord_source", v);
    located += source != NULL && strcmp(source, "none") != 0 && strcmp(source, "town") != 0;
  }
  out->value[KY_TOWN_LOCATED][i] = located * KY_WHOLE / venues->count;
}

static ky_err need_layer(ky_job *job, const ky_past *past, const char *layer, ky_table *out) {
  KY_TRY(ky_past_table(job, past, "internal", layer, out));
  if (out->layer != NULL) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: the layer '%s' is not there in a form that can be read back (GeoPackage, GeoJSON or CSV); "
                       "add gpkg to outputs.formats and run again"),
                 past->place, layer);
}

ky_err ky_municipality_read(ky_job *job, const ky_past *past, uint32_t i, ky_municipalities *out) {
  ky_table zones, venues;
  KY_TRY(need_layer(job, past, "zones", &zones));
  KY_TRY(need_layer(job, past, "venues", &venues));
  uint32_t all = 0;
  while (all < zones.count && !is_level(&zones, all, "municipality")) all++;
  if (all == zones.count)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: its layer zones has no record of the municipality; run it again"),
                   past->place);
  out->code[i] = past->code;
  out->name[i] = past->name != NULL ? past->name : past->place;
  out->people_date[i] = past->people_date;
  out->official_date[i] = past->official_date;
  out->venues_date[i] = past->venues_date;
  out->participants_date[i] = text_of(&zones, "participants_date", all);
  for (int m = KY_TOWN_HOLDS; m < KY_TOWN_MEASURE_COUNT; m++)
    out->value[m][i] = value_of(&zones, all, &ky_town_measures[m]);
  out->value[KY_TOWN_REPORT][i] = value_of(&zones, all, &ky_town_measures[KY_TOWN_REPORT]);
  measure_zones(&zones, i, out);
  measure_venues(&venues, i, out);
  return KY_OK;
}
