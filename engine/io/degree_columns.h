/* Degrees, minutes and seconds in columns of their own: 緯度度, 緯度分, 緯度秒; 北緯_度 ...; lat_deg, lat_min, lat_sec.
 */
#ifndef KAYOI_DEGREE_COLUMNS_H
#define KAYOI_DEGREE_COLUMNS_H

#include "io/role_columns.h"

typedef struct ky_degree_columns {
  uint32_t part[2][3]; /* longitude, latitude: columns of degrees, minutes, seconds; KY_NONE */
  bool is_decimal;     /* 緯度(度) and 経度(度) only */
} ky_degree_columns;

/* With both degrees both minutes are needed, seconds may be missing. *found: are they there? Where the table has only a
 * part of them nothing can be a place: KY_E_INPUT, naming the columns. Degrees alone are decimal. */
ky_err ky_degree_columns_find(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                              ky_degree_columns *out, bool *found);
/* Adds the picks lon and lat, so that reports show the columns. */
void ky_degree_columns_pick(const ky_role_info *role, const ky_degree_columns *columns, ky_picks *picks);
/* 34°11'9.2" of the three texts (scratch arena), NULL in *out where all are blank. */
ky_err ky_degree_columns_join(ky_job *job, const ky_degree_columns *columns, const char *const text[3],
                              const char **out);

#endif
