/* Is what stands in the database what was to be put there? Asked in the transaction that put it, before anybody sees
 * it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "io/publication_parts.h"

/* One way through a layer: its text as the server prints it (see ky_pg_copy_text), and behind every line whether
 * PostGIS finds the polygon valid. A point or a line has nothing that could be invalid; the SRID is in the text. */
typedef struct reading {
  XXH3_state_t *state;
  bool has_verdict;
  uint64_t rows, invalid_row; /* invalid_row: the first, from 1; 0: none */
} reading;

static bool is_judged(const ky_staged *staged) {
  if (!staged->has_geometry) return false;
  const ky_shape_kind kind = staged->table->shapes->kind;
  return kind == KY_SHAPE_POLYGON || kind == KY_SHAPE_MIXED;
}

static const char *select_text(ky_job *job, const ky_published_run *p, const ky_staged *staged) {
  const char *geometry = "", *verdict = "";
  if (staged->has_geometry) geometry = ky_format(&job->scratch, ", %s.ST_AsHexEWKB(geom, 'NDR')", p->gis);
  if (is_judged(staged)) verdict = ky_format(&job->scratch, ", %s.ST_IsValid(geom)", p->gis);
  if (geometry == NULL || verdict == NULL) return NULL;
  return ky_format(&job->scratch,
                   "COPY (SELECT %s%s%s FROM %s WHERE run_id = %" PRId64 " ORDER BY row_no) TO STDOUT (FORMAT csv)",
                   staged->columns, geometry, verdict, staged->stored, p->run_id);
}

/* A line ends in ",t\n", ",f\n", or ",\n" for a record without geometry. */
static void read_line(reading *r, const char *bytes, size_t length) {
  r->rows++;
  if (!r->has_verdict) {
    XXH3_64bits_update(r->state, bytes, length);
    return;
  }
  size_t end = length;
  while (end > 0 && bytes[end - 1] != ',') end--;
  if (end < length && bytes[end] == 'f' && r->invalid_row == 0) r->invalid_row = r->rows;
  XXH3_64bits_update(r->state, bytes, end > 0 ? end - 1 : 0);
  XXH3_64bits_update(r->state, "\n", 1);
}

static ky_err read_layer(ky_job *job, ky_published_run *p, const ky_staged *staged, reading *r) {
  const char *sql = select_text(job, p, staged);
  const char *doing = ky_format(&job->scratch, ky_tr("reading %s again"), staged->stored);
  if (sql == NULL || doing == NULL) return ky_fail_memory(job);
  XXH3_64bits_reset(r->state);
  KY_TRY(ky_pg_copy_out(job, p->pg, doing, sql));
  for (;;) {
    const char *bytes;
    size_t length;
    KY_TRY(ky_pg_copy_row(job, p->pg, doing, &bytes, &length));
    if (bytes == NULL) return KY_OK;
    read_line(r, bytes, length);
  }
}

static ky_err judge(ky_job *job, const ky_staged *staged, const reading *r) {
  const uint64_t hash = XXH3_64bits_digest(r->state);
  if (r->rows != staged->table->count || hash != staged->hash)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("%s: %s does not hold what was written into it (%" PRIu64 " rows of %u, hash %016" PRIx64
                         " and not %016" PRIx64 "); nothing is published; look for triggers or rules of that table"),
                   KY_PUBLICATION_WHERE, staged->stored, r->rows, staged->table->count, hash, staged->hash);
  if (r->invalid_row == 0) return KY_OK;
  return ky_fail(job, KY_E_DATABASE,
                 ky_tr("%s: PostGIS finds the geometry of row %" PRIu64
                       " of layer %s not valid; nothing is published; please report it"),
                 KY_PUBLICATION_WHERE, r->invalid_row, staged->table->layer);
}

static ky_err check_layer(ky_job *job, ky_published_run *p, const ky_staged *staged) {
  reading r = {.state = XXH3_createState(), .has_verdict = is_judged(staged)};
  ky_err err = r.state == NULL ? ky_fail_memory(job) : read_layer(job, p, staged, &r);
  if (err == KY_OK) err = judge(job, staged, &r);
  XXH3_freeState(r.state);
  return err;
}

ky_err ky_publication_check(ky_job *job, ky_published_run *p) {
  for (uint32_t i = 0; i < p->staged_count; i++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    KY_TRY(ky_write_check(job));
    KY_TRY(check_layer(job, p, &p->staged[i]));
    ky_arena_rewind(&job->scratch, mark);
    ky_job_progress(job, (uint64_t)p->staged_count + i + 1, (uint64_t)p->staged_count * 2);
  }
  return KY_OK;
}
