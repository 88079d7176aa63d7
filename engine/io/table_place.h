/* The place of a row of a table, from the texts of its coordinates. */
#ifndef KAYOI_TABLE_PLACE_H
#define KAYOI_TABLE_PLACE_H

#include "io/degree_text.h"
#include "io/raw_build.h"

/* What was met in the rows of one table, for one issue each. */
typedef struct ky_table_places {
  struct {
    uint32_t count;
    const char *record, *lon, *lat; /* of the first; keep arena */
    double lon_deg, lat_deg;
  } met[2]; /* KY_DEGREE_DMS, KY_DEGREE_PACKED */
} ky_table_places;

/* Gives the newest record its point, or reports why not. lon, lat: UTF-8, NULL for blank. */
ky_err ky_table_place(ky_raw_builder *b, ky_table_places *places, const char *lon, const char *lat, bool is_geographic);
/* The same with both in one text; which of them is the latitude must show from a place in Japan. */
ky_err ky_table_place_pair(ky_raw_builder *b, ky_table_places *places, const char *text, bool is_geographic);
/* Says in which form coordinates were read that are no decimal degrees. */
void ky_table_places_report(ky_raw_builder *b, const ky_table_places *places);

#endif
