/* Rows of a SELECT as binary COPY brings them: fields as bytes, nothing escaped, hashed as they come. */
#ifndef KAYOI_PG_STREAM_H
#define KAYOI_PG_STREAM_H

#include "io/pg.h"

typedef struct ky_pg_stream {
  ky_pg *pg;
  const char *doing;
  uint32_t field_count;
  const char **field; /* [field_count] of the newest row, not terminated; NULL: null */
  size_t *length;
  uint64_t row, bytes, hash; /* rows so far; after the last one what all of them weigh, and their XXH3-64 */
  void *state;
  bool has_begun, is_running; /* rows may still come */
} ky_pg_stream;

ky_err ky_pg_stream_open(ky_job *job, ky_pg *pg, const char *doing, const char *select, uint32_t field_count,
                         ky_pg_stream *out);
/* *is_row false: that was all. A row is valid until the next call. */
ky_err ky_pg_stream_next(ky_job *job, ky_pg_stream *stream, bool *is_row);
void ky_pg_stream_close(ky_pg_stream *stream);

#endif
