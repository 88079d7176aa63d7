/* The place of a row of a table: see table_place.h. */
#include "io/table_place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/raw_point.h"
#include "io/text_key.h"

/* A decimal number; in degrees also every form of degree_text.h. False: memory is out. */
static bool read_number(ky_arena *arena, const char *text, bool is_geographic, ky_degree *out) {
  char *end;
  const char *plain = ky_text_number(arena, text);
  *out = (ky_degree){.form = KY_DEGREE_NONE, .value = NAN};
  if (plain != NULL) {
    const double value = strtod(plain, &end);
    if (*end == '\0') *out = (ky_degree){.form = KY_DEGREE_DECIMAL, .value = value};
  }
  if (!is_geographic || (out->form != KY_DEGREE_NONE && fabs(out->value) <= 180)) return true;
  return ky_degree_read(arena, text, out);
}

static bool has_form(const ky_degree *lon, const ky_degree *lat, ky_degree_form form) {
  return lon->form == form || lat->form == form;
}

static ky_err remember(ky_raw_builder *b, ky_table_places *places, const ky_degree *lon, const ky_degree *lat,
                       const char *lon_text, const char *lat_text) {
  for (int k = 0; k < 2; k++) {
    if (!has_form(lon, lat, k == 0 ? KY_DEGREE_DMS : KY_DEGREE_PACKED)) continue;
    if (places->met[k].count++ != 0) continue;
    places->met[k].record = b->record[b->count - 1];
    places->met[k].lon = ky_format(&b->job->keep, "%.40s", lon_text);
    places->met[k].lat = ky_format(&b->job->keep, "%.40s", lat_text);
    places->met[k].lon_deg = lon->value;
    places->met[k].lat_deg = lat->value;
    if (places->met[k].lon == NULL || places->met[k].lat == NULL) return ky_fail_memory(b->job);
  }
  return KY_OK;
}

/* Digits without marks are degrees, minutes and seconds only where they give a place in Japan. */
static bool is_packed_good(const ky_degree *lon, const ky_degree *lat) {
  if (!has_form(lon, lat, KY_DEGREE_PACKED)) return true;
  return ky_crs_is_japan(lon->value, lat->value) || ky_crs_is_japan(lat->value, lon->value);
}

static ky_err place(ky_raw_builder *b, ky_table_places *places, const ky_degree *lon, const ky_degree *lat,
                    const char *lon_text, const char *lat_text, bool is_geographic) {
  if (!isfinite(lon->value) || !isfinite(lat->value)) {
    ky_raw_bad_place(b, "lon/lat", "coordinates_not_finite",
                     is_geographic
                         ? ky_tr("longitude '%.40s', latitude '%.40s': neither decimal numbers nor degrees, minutes "
                                 "and seconds")
                         : ky_tr("longitude '%.40s', latitude '%.40s': not decimal numbers"),
                     lon_text, lat_text);
    return KY_OK;
  }
  if (!is_packed_good(lon, lat)) {
    ky_raw_bad_place(b, "lon/lat", "coordinates_out_of_range",
                     ky_tr("longitude '%.40s', latitude '%.40s': too large for degrees, and no place in Japan as "
                           "degrees, minutes and seconds"),
                     lon_text, lat_text);
    return KY_OK;
  }
  KY_TRY(remember(b, places, lon, lat, lon_text, lat_text));
  return ky_raw_point(b, lon->value, lat->value, is_geographic);
}

static ky_err report_blank(ky_raw_builder *b) {
  if (ky_role_is_geocoded(b->source->role))
    return KY_OK; /* geocode.c looks for its place, and says when there is none */
  ky_raw_bad_place(b, "lon/lat", "coordinates_missing", "%s", ky_tr("longitude or latitude is blank"));
  return KY_OK;
}

ky_err ky_table_place(ky_raw_builder *b, ky_table_places *places, const char *lon, const char *lat,
                      bool is_geographic) {
  ky_degree x, y;
  if (lon == NULL || lat == NULL) return report_blank(b);
  if (!read_number(&b->job->scratch, lon, is_geographic, &x) || !read_number(&b->job->scratch, lat, is_geographic, &y))
    return ky_fail_memory(b->job);
  return place(b, places, &x, &y, lon, lat, is_geographic);
}

ky_err ky_table_place_pair(ky_raw_builder *b, ky_table_places *places, const char *text, bool is_geographic) {
  ky_degree both[2];
  if (text == NULL) return report_blank(b);
  if (!ky_degree_pair(&b->job->scratch, text, both)) return ky_fail_memory(b->job);
  if (!isfinite(both[0].value) || !isfinite(both[1].value)) {
    ky_raw_bad_place(b, "coordinates", "coordinates_not_finite", ky_tr("'%.80s' is not two coordinates"), text);
    return KY_OK;
  }
  const bool is_lat_first = ky_crs_is_japan(both[1].value, both[0].value);
  if (!is_geographic || !(is_lat_first || ky_crs_is_japan(both[0].value, both[1].value))) {
    ky_raw_bad_place(b, "coordinates", "coordinates_order_unknown",
                     ky_tr("'%.80s' is no place in Japan in either order, so nobody knows which is the latitude"),
                     text);
    return KY_OK;
  }
  return place(b, places, &both[is_lat_first ? 1 : 0], &both[is_lat_first ? 0 : 1], text, text, true);
}

void ky_table_places_report(ky_raw_builder *b, const ky_table_places *places) {
  for (int k = 0; k < 2; k++) {
    if (places->met[k].count == 0) continue;
    const bool is_pair = strcmp(places->met[k].lon, places->met[k].lat) == 0;
    ky_issue_add(b->job,
                 &(ky_issue){.severity = k == 0 ? KY_INFO : KY_WARNING,
                             .source = b->where,
                             .record = places->met[k].record,
                             .field = "lon/lat",
                             .reason = k == 0 ? "coordinates_dms" : "coordinates_packed",
                             .action = k == 0 ? ky_tr("turned into decimal degrees")
                                              : ky_tr("taken as degrees, minutes and seconds without marks (DDMMSS); "
                                                      "look at the map, and write decimal degrees")},
                 ky_tr("%u records give degrees, minutes and seconds: '%s%s%s' was read as %.6f, %.6f"),
                 places->met[k].count, places->met[k].lat, is_pair ? "" : "', '", is_pair ? "" : places->met[k].lon,
                 places->met[k].lat_deg, places->met[k].lon_deg);
  }
}
