/* Extended well-known binary (PostGIS: doc/ZMgeoms.txt): byte order, type with a flag for the SRID, SRID, counts and
 * coordinates. The SRID stands in the outermost geometry alone. */
#include <string.h>

#include "io/out_shape.h"
#include "io/pg_bytes.h"

#define HAS_SRID       0x20000000u
#define COLLECTION     3 /* MultiPoint is Point + 3, and so on */
#define HEAD_BYTES     ((size_t)5)
#define COUNT_BYTES    ((size_t)4)
#define POSITION_BYTES ((size_t)16)

static size_t ring_bytes(const ky_shapes *shapes, uint32_t part) {
  return COUNT_BYTES + POSITION_BYTES * (shapes->first_vertex[part + 1] - shapes->first_vertex[part]);
}

size_t ky_pg_ewkb_bytes(const ky_shapes *shapes, uint32_t record, bool is_multi) {
  const ky_shape_kind kind = ky_record_kind(shapes, record);
  if (kind == KY_SHAPE_NONE) return 0;
  const uint32_t members = ky_record_members(shapes, record);
  size_t bytes = 4 + (is_multi ? HEAD_BYTES + COUNT_BYTES : 0) + HEAD_BYTES * members;
  if (kind == KY_SHAPE_POINT) return bytes + POSITION_BYTES * members;
  if (kind == KY_SHAPE_POLYGON) bytes += COUNT_BYTES * members;
  for (uint32_t p = shapes->first_part[record]; p < shapes->first_part[record + 1]; p++) bytes += ring_bytes(shapes, p);
  return bytes;
}

typedef struct wkb {
  ky_pg_bytes *out;
  ky_pg_add add;
} wkb;

static void put_u32(const wkb *to, uint32_t value) {
  to->add(to->out,
          (const unsigned char[4]){(unsigned char)value, (unsigned char)(value >> 8), (unsigned char)(value >> 16),
                                   (unsigned char)(value >> 24)},
          4);
}

static void put_head(const wkb *to, uint32_t type) {
  to->add(to->out, "\x01", 1);
  put_u32(to, type);
}

static void put_double(const wkb *to, double value) {
  unsigned char bytes[8];
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> (8 * i));
  to->add(to->out, bytes, sizeof bytes);
}

static void put_positions(const wkb *to, const ky_shapes *shapes, uint32_t part) {
  for (uint32_t v = shapes->first_vertex[part]; v < shapes->first_vertex[part + 1]; v++) {
    put_double(to, shapes->x[v]);
    put_double(to, shapes->y[v]);
  }
}

/* What stands behind the head of a point, a line or a polygon (parts up to `end`). */
static void put_member(const wkb *to, const ky_shapes *shapes, ky_shape_kind kind, uint32_t part, uint32_t end) {
  if (kind == KY_SHAPE_POLYGON) put_u32(to, end - part);
  for (uint32_t p = part; p < end; p++) {
    if (kind != KY_SHAPE_POINT) put_u32(to, shapes->first_vertex[p + 1] - shapes->first_vertex[p]);
    put_positions(to, shapes, p);
  }
}

void ky_pg_ewkb(ky_pg_bytes *out, ky_pg_add add, const ky_shapes *shapes, uint32_t record, bool is_multi,
                int32_t srid) {
  static const uint32_t types[] = {[KY_SHAPE_POINT] = 1, [KY_SHAPE_LINE] = 2, [KY_SHAPE_POLYGON] = 3};
  const ky_shape_kind kind = ky_record_kind(shapes, record);
  const uint32_t end = shapes->first_part[record + 1];
  const wkb to = {out, add};
  if (kind == KY_SHAPE_NONE) return;
  put_head(&to, (types[kind] + (is_multi ? COLLECTION : 0)) | HAS_SRID);
  put_u32(&to, (uint32_t)srid);
  if (is_multi) put_u32(&to, ky_record_members(shapes, record));
  for (uint32_t p = shapes->first_part[record]; p < end;) {
    const uint32_t next = kind == KY_SHAPE_POLYGON ? ky_polygon_end(shapes, p, end) : p + 1;
    if (is_multi) put_head(&to, types[kind]);
    put_member(&to, shapes, kind, p, next);
    p = next;
  }
}
