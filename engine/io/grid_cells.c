/* Rectangles of grid codes as geometry. */
#include "io/grid_cells.h"

#include <string.h>

#include "io/grid_code.h"

static void corners(const ky_grid_box *box, double *x, double *y) {
  const double west = box->west / KY_GRID_LON_UNITS, east = box->east / KY_GRID_LON_UNITS;
  const double south = box->south / KY_GRID_LAT_UNITS, north = box->north / KY_GRID_LAT_UNITS;
  const double ring_x[5] = {west, east, east, west, west}, ring_y[5] = {south, south, north, north, south};
  memcpy(x, ring_x, sizeof ring_x);
  memcpy(y, ring_y, sizeof ring_y);
}

ky_err ky_grid_cell(ky_raw_builder *b, const char *code, int level_m, bool *is_good) {
  ky_grid_box box;
  double *x, *y;
  *is_good = code != NULL && ky_grid_code_box(code, level_m, &box);
  if (!*is_good) {
    ky_raw_bad(b, "id", "bad_grid_code",
               ky_tr("'%.40s' is not a grid code of JIS X 0410 (8 digits 1 km, 9 digits 500 m, 10 "
                     "digits 250 m, 11 digits 125 m; other levels: grid_level_m)"),
               code != NULL ? code : "");
    return KY_OK;
  }
  KY_TRY(ky_raw_part(b, 5, false, &x, &y));
  corners(&box, x, y);
  return KY_OK;
}

#define MESHES_MAX 200

static void add_mesh(char (*mesh)[5], uint32_t *count, const char *code) {
  if (strspn(code, "0123456789") < 4 || *count == MESHES_MAX) return;
  uint32_t at = 0;
  while (at < *count && strncmp(mesh[at], code, 4) < 0) at++;
  if (at < *count && strncmp(mesh[at], code, 4) == 0) return;
  memmove(mesh[at + 1], mesh[at], (*count - at) * sizeof *mesh);
  memcpy(mesh[at], code, 4);
  mesh[at][4] = '\0';
  (*count)++;
}

ky_err ky_grid_extent(ky_job *job, const ky_raw *raw, const char *mesh_of_file, ky_shapes *out) {
  char mesh[MESHES_MAX + 1][5] = {{0}};
  uint32_t count = 0, used = 0;
  if (mesh_of_file != NULL) add_mesh(mesh, &count, mesh_of_file);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *code = ky_raw_value(raw, "id", i);
    if (code != NULL) add_mesh(mesh, &count, code);
  }
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, count, count, 5 * count, out));
  for (uint32_t m = 0; m < count; m++) {
    ky_grid_box box;
    if (!ky_grid_code_box(mesh[m], 80000, &box)) continue;
    corners(&box, out->x + 5 * used, out->y + 5 * used);
    used++;
    out->first_part[used] = used;
    out->first_vertex[used] = 5 * used;
  }
  out->count = out->part_count = used;
  out->vertex_count = 5 * used;
  return KY_OK;
}
