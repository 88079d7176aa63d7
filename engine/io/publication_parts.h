/* What publication*.c share. */
#ifndef KAYOI_PUBLICATION_PARTS_H
#define KAYOI_PUBLICATION_PARTS_H

#include <kayoi/publication.h>
#include <kayoi/write.h>

#include "io/pg.h"

#define KY_PUBLICATION_WHERE "outputs.postgis"

/* A layer of the run and its place in the database. */
typedef struct ky_staged {
  const char *audience; /* "internal", "public" */
  const ky_table *table;
  const char *target;  /* kayoi.cells (run_id, row_no, cell_id, ..., geom), as SQL */
  const char *stored;  /* kayoi.cells */
  const char *columns; /* cell_id, ...: of the table's columns, without geom */
  bool has_geometry;
  uint64_t hash; /* of the layer's text: ky_pg_copy_hash */
} ky_staged;

struct ky_published_run {
  const ky_publication_opts *opts;
  ky_pg *pg;
  const char *gis; /* schema of PostGIS, as SQL */
  int32_t srid;
  int64_t run_id, before; /* before: the run that was the latest; 0: none */
  uint32_t staged_count;
  ky_staged staged[2 * KY_TABLES_MAX];
  uint64_t row_count;
  bool is_committed;
};

/* Makes the tables and columns that the layers need, each in a transaction of its own, so that no lock on a table that
 * readers use is held longer than that takes. Fills target, stored and columns. */
ky_err ky_publication_tables(ky_job *job, ky_published_run *p);
/* What was put there against what should have been. */
ky_err ky_publication_check(ky_job *job, ky_published_run *p);
ky_err ky_publication_check_ledger(ky_job *job, ky_published_run *p);
/* run.json of the folder as text (keep arena), and hashes of its inputs and its definitions, 16 digits. */
typedef struct ky_publication_record {
  const char *text, *inputs_hash, *settings_hash, *dates;
} ky_publication_record;
ky_err ky_publication_read_record(ky_job *job, const char *folder, const ky_layers *internal,
                                  ky_publication_record *out);
/* Adds the member "publication" to it. */
ky_err ky_publication_write_record(ky_job *job, const char *folder, const ky_published_run *p);

#endif
