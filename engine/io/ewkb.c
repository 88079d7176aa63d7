/* EWKB: byte order, type with flags, SRID if flagged, then by type coordinates, rings or further geometries. */
#include "io/ewkb.h"

#include <math.h>
#include <string.h>

#define DEPTH_MAX 16
#define FLAG_Z    UINT32_C(0x80000000)
#define FLAG_M    UINT32_C(0x40000000)
#define FLAG_SRID UINT32_C(0x20000000)

typedef struct walk {
  const uint8_t *at, *end;
  uint8_t *to;
} walk;

static bool is_host_little(void) {
  const uint16_t one = 1;
  uint8_t first;
  memcpy(&first, &one, 1);
  return first == 1;
}

static uint32_t word_of(const uint8_t *p, bool is_little) {
  return is_little ? (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24
                   : (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

static void put_word(uint8_t *p, uint32_t value, bool is_little) {
  for (int i = 0; i < 4; i++) p[is_little ? i : 3 - i] = (uint8_t)(value >> (8 * i));
}

static double number_of(const uint8_t *p, bool is_little) {
  uint8_t bytes[8];
  double value;
  for (int i = 0; i < 8; i++) bytes[i] = p[is_little == is_host_little() ? i : 7 - i];
  memcpy(&value, bytes, 8);
  return value;
}

static bool take_word(walk *w, bool is_little, uint32_t *out) {
  if (w->end - w->at < 4) return false;
  *out = word_of(w->at, is_little);
  w->at += 4;
  return true;
}

static bool copy(walk *w, size_t length) {
  if ((size_t)(w->end - w->at) < length) return false;
  memcpy(w->to, w->at, length);
  w->at += length;
  w->to += length;
  return true;
}

/* A count and so many coordinates; no more than the bytes can hold. */
static bool copy_line(walk *w, bool is_little, size_t size) {
  uint32_t count;
  const uint8_t *start = w->at;
  if (!take_word(w, is_little, &count)) return false;
  if (count > (size_t)(w->end - w->at) / size) return false;
  w->at = start;
  return copy(w, 4 + count * size);
}

static bool copy_rings(walk *w, bool is_little, size_t size) {
  uint32_t count;
  const uint8_t *start = w->at;
  if (!take_word(w, is_little, &count) || count > (size_t)(w->end - w->at) / 4) return false;
  w->at = start;
  if (!copy(w, 4)) return false;
  for (uint32_t r = 0; r < count; r++)
    if (!copy_line(w, is_little, size)) return false;
  return true;
}

/* Type without flags and without ISO's thousands; 0: of no known kind. */
static uint32_t plain_type(uint32_t type, bool *has_z, bool *has_m) {
  const uint32_t base = type & ~(FLAG_Z | FLAG_M | FLAG_SRID), iso = base / 1000;
  *has_z = (type & FLAG_Z) != 0 || iso == 1 || iso == 3;
  *has_m = (type & FLAG_M) != 0 || iso == 2 || iso == 3;
  return base < 4000 && base % 1000 <= 17 ? base % 1000 : 0;
}

static bool copy_geometry(walk *w, uint32_t depth, ky_ewkb *out);

/* A count of geometries, each with its own header. */
static bool copy_members(walk *w, bool is_little, uint32_t depth) {
  uint32_t count;
  const uint8_t *start = w->at;
  ky_ewkb ignored;
  if (!take_word(w, is_little, &count) || count > (size_t)(w->end - w->at) / 5) return false;
  w->at = start;
  if (!copy(w, 4)) return false;
  for (uint32_t g = 0; g < count; g++)
    if (!copy_geometry(w, depth + 1, &ignored)) return false;
  return true;
}

static bool copy_point(walk *w, bool is_little, size_t size, ky_ewkb *out) {
  if ((size_t)(w->end - w->at) < size) return false;
  out->x = number_of(w->at, is_little);
  out->y = number_of(w->at + 8, is_little);
  out->is_xy = !(isnan(out->x) && isnan(out->y)); /* an empty point is two NaN */
  return copy(w, size);
}

/* Types: 1 point, 2 line, 3 polygon, 4 to 7 collections, 8 arc, 9 to 12 curves of parts, 15, 16 surfaces of polygons,
 * 17 triangle. */
static bool copy_geometry(walk *w, uint32_t depth, ky_ewkb *out) {
  uint32_t type;
  bool has_z, has_m;
  if (depth > DEPTH_MAX || w->at == w->end || *w->at > 1) return false;
  const bool is_little = *w->at == 1;
  if (!copy(w, 1) || !take_word(w, is_little, &type)) return false;
  out->srid = 0;
  if ((type & FLAG_SRID) != 0 && !take_word(w, is_little, &out->srid)) return false;
  out->type = plain_type(type, &has_z, &has_m);
  put_word(w->to, out->type + 1000 * (uint32_t)has_z + 2000 * (uint32_t)has_m, is_little);
  w->to += 4;
  const size_t size = 8 * (2 + (size_t)has_z + (size_t)has_m);
  switch (out->type) {
    case 1:
      return copy_point(w, is_little, size, out);
    case 2:
    case 8:
      return copy_line(w, is_little, size);
    case 3:
    case 17:
      return copy_rings(w, is_little, size);
    case 4:
    case 5:
    case 6:
    case 7:
    case 9:
    case 10:
    case 11:
    case 12:
    case 15:
    case 16:
      return copy_members(w, is_little, depth);
    default:
      return false;
  }
}

bool ky_ewkb_read(const uint8_t *bytes, size_t length, uint8_t *wkb, ky_ewkb *out) {
  walk w = {bytes, bytes + length, wkb};
  *out = (ky_ewkb){0};
  if (!copy_geometry(&w, 0, out) || w.at != w.end) return false;
  out->wkb_length = (size_t)(w.to - wkb);
  return true;
}
