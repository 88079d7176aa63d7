/* The binary format of COPY: a signature, flags, an extension; then rows of fields with their lengths; then -1. Every
 * message of the protocol holds whole rows, the first one the head as well. */
#include "io/pg_stream.h"

#include <string.h>
#include <xxhash.h>

static const char signature[11] = "PGCOPY\n\377\r\n"; /* with its NUL */

ky_err ky_pg_stream_open(ky_job *job, ky_pg *pg, const char *doing, const char *select, uint32_t field_count,
                         ky_pg_stream *out) {
  *out = (ky_pg_stream){.pg = pg, .doing = doing, .field_count = field_count};
  KY_NEW(job, scratch, out->field, (size_t)field_count + 1);
  KY_NEW(job, scratch, out->length, (size_t)field_count + 1);
  const char *sql = ky_format(&job->scratch, "COPY (%s) TO STDOUT (FORMAT binary)", select);
  if (sql == NULL) return ky_fail_memory(job);
  XXH3_state_t *state = XXH3_createState();
  if (state == NULL) return ky_fail_memory(job);
  XXH3_64bits_reset(state);
  out->state = state;
  KY_TRY(ky_pg_copy_out(job, pg, doing, sql));
  out->is_running = true;
  return KY_OK;
}

static uint32_t number_of(const char *bytes, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; i++) value = value << 8 | (unsigned char)bytes[i];
  return value;
}

/* Over the head of the first message; false: it is none. */
static bool skip_head(const char **at, const char *end) {
  const size_t head = sizeof signature + 8;
  if ((size_t)(end - *at) < head || memcmp(*at, signature, sizeof signature) != 0) return false;
  const uint32_t extension = number_of(*at + sizeof signature + 4, 4);
  if (extension > (size_t)(end - *at) - head) return false;
  *at += head + extension;
  return true;
}

static bool cut_fields(ky_pg_stream *stream, const char *at, const char *end) {
  for (uint32_t f = 0; f < stream->field_count; f++) {
    if (end - at < 4) return false;
    const uint32_t length = number_of(at, 4);
    at += 4;
    stream->field[f] = length == UINT32_MAX ? NULL : at;
    stream->length[f] = length == UINT32_MAX ? 0 : length;
    if (stream->length[f] > (size_t)(end - at)) return false;
    at += stream->length[f];
  }
  return at == end;
}

static ky_err fail_format(ky_job *job, const ky_pg_stream *stream) {
  return ky_fail(job, KY_E_DATABASE,
                 ky_tr("%s: row %llu does not come as the protocol of PostgreSQL says; is something else between kayoi "
                       "and the server?"),
                 stream->doing, (unsigned long long)stream->row + 1);
}

ky_err ky_pg_stream_next(ky_job *job, ky_pg_stream *stream, bool *is_row) {
  const char *bytes;
  size_t length;
  for (;;) {
    *is_row = false;
    ky_err err = ky_pg_copy_row(job, stream->pg, stream->doing, &bytes, &length);
    if (err != KY_OK || bytes == NULL) stream->is_running = false;
    KY_TRY(err);
    if (bytes == NULL) {
      stream->hash = XXH3_64bits_digest(stream->state);
      return KY_OK;
    }
    const char *at = bytes, *end = bytes + length;
    if (!stream->has_begun && !skip_head(&at, end)) return fail_format(job, stream);
    stream->has_begun = true;
    if (end - at == 0) continue;
    if (end - at < 2) return fail_format(job, stream);
    const uint32_t fields = number_of(at, 2);
    if (fields == UINT16_MAX) continue; /* the trailer; what follows is the end of the COPY */
    if (fields != stream->field_count || !cut_fields(stream, at + 2, end)) return fail_format(job, stream);
    XXH3_64bits_update(stream->state, at, (size_t)(end - at));
    stream->bytes += (uint64_t)(end - at);
    stream->row++;
    *is_row = true;
    return KY_OK;
  }
}

void ky_pg_stream_close(ky_pg_stream *stream) {
  if (stream->is_running) ky_pg_copy_abandon(stream->pg);
  stream->is_running = false;
  XXH3_freeState(stream->state);
  stream->state = NULL;
}
