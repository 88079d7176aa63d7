/* Bytes on their way to PostgreSQL: see pg_bytes.h. */
#include "io/pg_bytes.h"

#include <string.h>
#include <unistr.h>

#define BUFFER_BYTES ((size_t)1 << 17)

ky_err ky_pg_bytes_open(ky_job *job, ky_pg_put put, void *user, ky_pg_bytes *out) {
  *out = (ky_pg_bytes){.put = put, .user = user};
  KY_NEW(job, scratch, out->buffer, BUFFER_BYTES);
  return KY_OK;
}

static void hand_on(ky_pg_bytes *out) {
  if (out->err == KY_OK && out->used != 0) out->err = out->put(out->user, out->buffer, out->used);
  out->used = 0;
}

void ky_pg_bytes_add(ky_pg_bytes *out, const void *bytes, size_t count) {
  for (const char *from = bytes; count != 0;) {
    if (out->used == BUFFER_BYTES) hand_on(out);
    size_t room = BUFFER_BYTES - out->used, n = count < room ? count : room;
    memcpy(out->buffer + out->used, from, n);
    out->used += n;
    from += n;
    count -= n;
  }
}

void ky_pg_bytes_int16(ky_pg_bytes *out, int value) {
  const unsigned of = (unsigned)value;
  ky_pg_bytes_add(out, (const unsigned char[2]){(unsigned char)(of >> 8), (unsigned char)of}, 2);
}

void ky_pg_bytes_int32(ky_pg_bytes *out, uint32_t value) {
  ky_pg_bytes_add(out,
                  (const unsigned char[4]){(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                           (unsigned char)(value >> 8), (unsigned char)value},
                  4);
}

void ky_pg_bytes_int64(ky_pg_bytes *out, uint64_t value) {
  ky_pg_bytes_int32(out, (uint32_t)(value >> 32));
  ky_pg_bytes_int32(out, (uint32_t)value);
}

ky_err ky_pg_bytes_close(ky_pg_bytes *out) {
  hand_on(out);
  return out->err;
}

const char *ky_pg_text(ky_job *job, const char *text) {
  const size_t length = strlen(text);
  if (u8_check((const uint8_t *)text, length) == NULL) return text;
  char *copy = ky_arena_alloc(&job->scratch, length + 1, 3), *to = copy;
  for (size_t at = 0; copy != NULL && at < length;) {
    const int n = u8_mblen((const uint8_t *)text + at, length - at);
    const size_t good = n > 0 ? (size_t)n : 0;
    memcpy(to, good != 0 ? text + at : "\xEF\xBF\xBD", good != 0 ? good : 3);
    to += good != 0 ? good : 3;
    at += good != 0 ? good : 1;
  }
  return copy;
}
