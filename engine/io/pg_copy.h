/* A table's records as PostgreSQL takes and gives them, for `COPY` (no server is needed here).
 *
 * Fields of a record, in this order: run_id (bigint), row_no (integer, from 1), the table's columns, and geom where the
 * table has shapes. Columns: text, boolean, bigint for numbers without decimals, else numeric with exactly the column's
 * decimals. Geometry: EWKB with the SRID, coordinates in the run's plane, collections as in the GeoPackage. */
#ifndef KAYOI_PG_COPY_H
#define KAYOI_PG_COPY_H

#include <kayoi/table.h>

/* Takes the bytes as they come, some 100 KB at a time. What it returns other than KY_OK ends the copy and is passed on.
 */
typedef ky_err (*ky_pg_put)(void *user, const char *bytes, size_t count);

/* COPY ... FROM STDIN (FORMAT binary): header, records, end. */
ky_err ky_pg_copy_binary(ky_job *job, const ky_table *table, int64_t run_id, int32_t srid, ky_pg_put put, void *user);

/* The content of a layer as text, the same from file and database: what
 *   COPY (SELECT <columns>, ST_AsHexEWKB(geom, 'NDR') FROM ... WHERE run_id = ... ORDER BY row_no) TO STDOUT (FORMAT
 * csv) prints. So it is the layer's CSV file without its first line, lon and lat, lines ended by LF, true and false as
 * t and f, and the geometry behind it; quotes are where PostgreSQL sets them. */
ky_err ky_pg_copy_text(ky_job *job, const ky_table *table, int32_t srid, ky_pg_put put, void *user);

/* XXH3-64 of that text. */
ky_err ky_pg_copy_hash(ky_job *job, const ky_table *table, int32_t srid, uint64_t *hash);

/* "text", "boolean", "bigint", "numeric". */
const char *ky_pg_column_type(const ky_column *column);
/* Of the column geom: "MultiPolygon", "LineString", "Geometry" for layers whose records may be of several kinds; NULL:
 * the layer has none. */
const char *ky_pg_geometry_type(const ky_shapes *shapes);

#endif
