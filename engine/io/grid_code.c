/* Grid codes: AABB C D E F then halves (1 SW, 2 SE, 3 NW, 4 NE) or a row and a column of ten. */
#include "io/grid_code.h"

#include <string.h>

#define LAT_1ST 3200 /* 2/3 degree */
#define LON_1ST 3200 /* 1 degree */
/* First-level meshes of Japan: 20 to 46.7 degrees north, 122 to 155 east. */
#define SOUTHMOST 30
#define NORTHMOST 69
#define WESTMOST  22
#define EASTMOST  54

/* Digits that a level has; 0 for a level that does not exist. */
static size_t digits_of(int level_m) {
  switch (level_m) {
    case 80000:
      return 4;
    case 10000:
      return 6;
    case 1000:
      return 8;
    case 500:
      return 9;
    case 250:
    case 100:
      return 10;
    case 125:
      return 11;
    default:
      return 0;
  }
}

static int level_of(size_t digits) {
  switch (digits) {
    case 8:
      return 1000;
    case 9:
      return 500;
    case 10:
      return 250;
    case 11:
      return 125;
    default:
      return 0;
  }
}

bool ky_grid_code_box(const char *code, int level_m, ky_grid_box *out) {
  int32_t d[11];
  const size_t count = strlen(code);
  if (level_m == 0) level_m = level_of(count);
  if (count < 4 || count > 11 || digits_of(level_m) != count) return false;
  for (size_t i = 0; i < count; i++) {
    if (code[i] < '0' || code[i] > '9') return false;
    d[i] = code[i] - '0';
  }
  if (d[0] * 10 + d[1] < SOUTHMOST || d[0] * 10 + d[1] > NORTHMOST || d[2] * 10 + d[3] < WESTMOST ||
      d[2] * 10 + d[3] > EASTMOST)
    return false;
  int32_t lat = LAT_1ST, lon = LON_1ST;
  out->south = (d[0] * 10 + d[1]) * LAT_1ST;
  out->west = (100 + d[2] * 10 + d[3]) * LON_1ST;
  if (count >= 6) {
    if (d[4] > 7 || d[5] > 7) return false;
    lat /= 8;
    lon /= 8;
    out->south += d[4] * lat;
    out->west += d[5] * lon;
  }
  if (count >= 8) {
    lat /= 10;
    lon /= 10;
    out->south += d[6] * lat;
    out->west += d[7] * lon;
  }
  if (level_m == 100) {
    lat /= 10;
    lon /= 10;
    out->south += d[8] * lat;
    out->west += d[9] * lon;
  } else {
    for (size_t i = 8; i < count; i++) {
      if (d[i] < 1 || d[i] > 4) return false;
      lat /= 2;
      lon /= 2;
      out->south += (d[i] - 1) / 2 * lat;
      out->west += (d[i] - 1) % 2 * lon;
    }
  }
  out->north = out->south + lat;
  out->east = out->west + lon;
  return true;
}
