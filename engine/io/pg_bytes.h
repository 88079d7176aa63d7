/* Bytes on their way to PostgreSQL: gathered, and handed on when there are enough. */
#ifndef KAYOI_PG_BYTES_H
#define KAYOI_PG_BYTES_H

#include "io/pg_copy.h"

typedef struct ky_pg_bytes {
  ky_pg_put put;
  void *user;
  char *buffer; /* scratch arena */
  size_t used;
  ky_err err; /* of the first put that failed; nothing is handed on after it */
} ky_pg_bytes;

ky_err ky_pg_bytes_open(ky_job *job, ky_pg_put put, void *user, ky_pg_bytes *out);
void ky_pg_bytes_add(ky_pg_bytes *out, const void *bytes, size_t count);
/* Network order. */
void ky_pg_bytes_int16(ky_pg_bytes *out, int value);
void ky_pg_bytes_int32(ky_pg_bytes *out, uint32_t value);
void ky_pg_bytes_int64(ky_pg_bytes *out, uint64_t value);
/* Hands on the rest. */
ky_err ky_pg_bytes_close(ky_pg_bytes *out);

/* Geometry of one record as EWKB, little-endian whatever the machine. 0 bytes: the record has none. */
size_t ky_pg_ewkb_bytes(const ky_shapes *shapes, uint32_t record, bool is_multi);
typedef void (*ky_pg_add)(ky_pg_bytes *out, const void *bytes, size_t count);
void ky_pg_ewkb(ky_pg_bytes *out, ky_pg_add add, const ky_shapes *shapes, uint32_t record, bool is_multi, int32_t srid);

/* The text in UTF-8: what is not becomes U+FFFD, as in GeoJSON. The same pointer when nothing is wrong. NULL: memory.
 */
const char *ky_pg_text(ky_job *job, const char *text);

#endif
