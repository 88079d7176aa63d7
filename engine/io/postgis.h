/* Sources in PostGIS: records of a table or query, as those of a file. */
#ifndef KAYOI_POSTGIS_H
#define KAYOI_POSTGIS_H

#include <kayoi/read.h>

/* Reads everything, as ky_reader.read does; out->bytes and out->hash are those of the rows as they came. */
ky_err ky_postgis_read(ky_job *job, const ky_source *source, ky_raw *out);
/* The same rows, for their bytes and hash alone: roads are not read when their network is kept. */
ky_err ky_postgis_weigh(ky_job *job, const ky_source *source, ky_raw *out);

#define KY_PG_FINGERPRINT_BYTES 40

/* Has a source changed since it had the same fingerprint? Equal texts: no, as far as the database can tell.
 *
 * Of a table (also a partitioned one or a materialised view): its columns with their types, how many rows there are,
 * and a sum over a hash of every row's place (tableoid, ctid) and the transaction that wrote it (xmin). An INSERT,
 * UPDATE, DELETE, TRUNCATE or COPY changes at least one of them, whoever did it and however; counters of the statistics
 * views would be cheaper, but may be late, reset or lost in a crash, so a change could be missed. A table that was only
 * rewritten (VACUUM FULL, CLUSTER, restored from a dump) counts as changed, which costs one needless run. Cost: one
 * pass over the pages of the table, without its large values: 0.25 s for 500,000 rows in memory. Of a view, a query, a
 * foreign table or osm2pgrouting's two tables: the hash of the rows as they are read, at the cost of reading them. The
 * text begins with "xmin:" or "rows:", so that the two are never taken for each other. */
ky_err ky_pg_fingerprint(ky_job *job, const ky_source *source, char out[KY_PG_FINGERPRINT_BYTES]);

#endif
