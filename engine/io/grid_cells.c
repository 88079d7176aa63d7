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

void ky_grid_begin(ky_job *job, const ky_source *source, int level_of_name_m, ky_grid *out) {
  *out = (ky_grid){.level_m = source->grid_level_m != 0 ? source->grid_level_m : level_of_name_m};
  if (source->grid_level_m == 0 || level_of_name_m == 0 || source->grid_level_m == level_of_name_m) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, source),
                           .field = "grid_level_m",
                           .reason = "grid_level_contradicts",
                           .action = ky_tr("grid_level_m of the config was used; remove it if the name is right")},
               ky_tr("the name of the file says %d m, the config says %d m"), level_of_name_m, source->grid_level_m);
}

/* What a code that breaks the pattern may be; "" when nothing is likely. */
static const char *hint(const char *code, ky_grid *grid) {
  ky_grid_box box;
  const size_t digits = strspn(code, "0123456789");
  if (digits == 9 && code[9] == '\0' && code[8] == '5')
    return ky_tr("; a cell of 2 km? Take the table of 1 km or finer");
  if (digits != 10 || grid->level_m != 0 || !ky_grid_code_box(code, 100, &box)) return "";
  grid->only_100_m++;
  return ky_tr("; a cell of 100 m? Then declare grid_level_m: 100");
}

ky_err ky_grid_cell(ky_raw_builder *b, const char *code, ky_grid *grid) {
  ky_grid_box box;
  double *x, *y;
  if (code == NULL || !ky_grid_code_box(code, grid->level_m, &box)) {
    ky_raw_bad(b, "id", "bad_grid_code",
               ky_tr("'%.40s' is not a grid code of JIS X 0410 (8 digits 1 km, 9 digits 500 m, 10 "
                     "digits 250 m, 11 digits 125 m; other levels: grid_level_m)%s"),
               code != NULL ? code : "", code != NULL ? hint(code, grid) : "");
    return KY_OK;
  }
  grid->cells[strlen(code)]++;
  KY_TRY(ky_raw_part(b, 5, false, &x, &y));
  corners(&box, x, y);
  return KY_OK;
}

/* Nobody declared the level of these codes: the halving series is the default, and that is said where a code of as many
 * digits can be something else. */
static void report_assumed(ky_raw_builder *b, int level_m, int other_m) {
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_INFO,
                           .source = b->where,
                           .field = "grid_level_m",
                           .reason = "grid_level_assumed",
                           .action = ky_tr("nothing, if that is right; grid_level_m: states it")},
               ky_tr("its codes were read as cells of %d m, which is what they fit; they have as many digits as cells "
                     "of %d m"),
               level_m, other_m);
}

ky_err ky_grid_end(ky_raw_builder *b, const ky_grid *grid) {
  uint32_t first = 0, second = 0;
  if (grid->level_m != 0) return KY_OK;
  for (uint32_t digits = 0; digits < sizeof grid->cells / sizeof *grid->cells; digits++) {
    if (grid->cells[digits] == 0) continue;
    if (first == 0)
      first = digits;
    else if (second == 0)
      second = digits;
  }
  if (second != 0)
    return ky_fail(
        b->job, KY_E_INPUT,
        ky_tr("%s: its grid codes have %u digits (%u of them) and %u digits (%u of them): cells of different "
              "size would count people twice; keep one size, or declare it with grid_level_m:"),
        b->where, first, grid->cells[first], second, grid->cells[second]);
  if (grid->only_100_m != 0)
    return ky_fail(b->job, KY_E_INPUT,
                   ky_tr("%s: grid codes of 10 digits are cells of 250 m or of 100 m; %u of these can only be 100 m: "
                         "declare grid_level_m: 100, or grid_level_m: 250 if those are mistakes"),
                   b->where, grid->only_100_m);
  if (first == 9) report_assumed(b, 500, 2000);
  if (first == 10) report_assumed(b, 250, 100);
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
