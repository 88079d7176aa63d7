/* Tables are cut by rows, which are copied byte for byte: encoding, quotes and columns stay as they are. A row's place
 * is its grid code or its coordinates; a row without one goes to everybody. */
#include <kayoi/job.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/cut.h"
#include "io/delimited.h"
#include "io/grid_code.h"
#include "io/out_file.h"

#define NO_FIELD KY_NONE

typedef struct part {
  ky_out_file file;
  bool is_open;
  uint64_t last_row;
} part;

typedef struct cutting {
  ky_job *job;
  const ky_cut_windows *windows;
  ky_cut *cut;
  part *parts;
  const char *start, *raw; /* the table as it is cut into fields, and its bytes as they were */
  size_t head_bytes;       /* of the rows above the first record, which are copied into every part */
  const char *row;
  size_t row_bytes;
  uint64_t row_number;
  const char *stem, *extension;
  ky_err err;
} cutting;

static bool copy_row(void *user, uint32_t w) {
  cutting *c = user;
  part *p = &c->parts[w];
  if (p->is_open && p->last_row == c->row_number) return true;
  if (!p->is_open) {
    const char *path = ky_format(&c->job->keep, "%s/%s.%s", c->windows->folder[w], c->stem, c->extension);
    c->err = path == NULL ? ky_fail_memory(c->job) : ky_out_open(c->job, path, &p->file);
    if (c->err != KY_OK) return false;
    c->cut->path[w] = path;
    p->is_open = true;
    ky_out_bytes(&p->file, c->raw, c->head_bytes);
  }
  ky_out_bytes(&p->file, c->row, c->row_bytes);
  p->last_row = c->row_number;
  c->cut->records[w]++;
  return true;
}

static bool is_one_of(const char *labels, const char *name) {
  const size_t length = strlen(name);
  for (const char *at = labels; *at != '\0';) {
    const size_t size = strcspn(at, "|");
    if (size == length && strncmp(at, name, size) == 0) return true;
    at += size + (at[size] == '|');
  }
  return false;
}

/* The column that the config names, else the one with a known label. */
static uint32_t field_of(const char *named, const char *labels, const char *const *names, uint32_t count) {
  for (uint32_t f = 0; f < count; f++)
    if (named != NULL ? strcmp(names[f], named) == 0 : is_one_of(labels, names[f])) return f;
  return NO_FIELD;
}

static const char *mapped(const ky_source *source, const char *attribute) {
  for (uint32_t c = 0; c < source->column_count; c++)
    if (strcmp(source->columns[c].attribute, attribute) == 0) return source->columns[c].column;
  return NULL;
}

/* Digits or a decimal number of a field, without quotes; false: it holds something else, or is too long. */
static bool plain_text(const ky_delimited *table, uint32_t field, char *text, size_t size) {
  if (field >= table->field_count || field >= KY_FIELDS_MAX || table->length[field] >= size) return false;
  memcpy(text, table->field[field], table->length[field]);
  text[table->length[field]] = '\0';
  return text[0] != '\0' && strspn(text, "0123456789.-+ ") == strlen(text);
}

static bool box_of_row(const ky_delimited *table, uint32_t code, int level_m, uint32_t lon, uint32_t lat, ky_box *box) {
  char text[32];
  ky_grid_box grid;
  if (code != NO_FIELD) {
    if (!plain_text(table, code, text, sizeof text) || !ky_grid_code_box(text, level_m, &grid)) return false;
    *box = (ky_box){grid.west / KY_GRID_LON_UNITS, grid.south / KY_GRID_LAT_UNITS, grid.east / KY_GRID_LON_UNITS,
                    grid.north / KY_GRID_LAT_UNITS};
    return true;
  }
  if (!plain_text(table, lon, text, sizeof text)) return false;
  const double x = strtod(text, NULL);
  if (!plain_text(table, lat, text, sizeof text)) return false;
  const double y = strtod(text, NULL);
  *box = (ky_box){x, y, x, y};
  return isfinite(x) && isfinite(y) && (x != 0 || y != 0);
}

static bool is_table(const char *path) {
  return ky_path_has(path, "csv") || ky_path_has(path, "txt") || ky_path_has(path, "tsv");
}

#define EDGE_PLACES 8 /* corners and middles of a window's sides */

/* The windows in the CRS of the table's coordinates. *out: false without a CRS in the config: the reader decides which
 * it is, so the table is left whole. */
static ky_err boxes_in_crs(ky_job *job, const ky_source *source, const ky_cut_windows *windows, double (*boxes)[4],
                           bool *out) {
  ky_crs crs;
  *out = false;
  if (source->crs == NULL) return KY_OK;
  KY_TRY(ky_crs_read(job, source->crs, &crs, out));
  for (uint32_t w = 0; *out && w < windows->count; w++) {
    const double *box = windows->box[w], middle_x = (box[0] + box[2]) / 2, middle_y = (box[1] + box[3]) / 2;
    double x[EDGE_PLACES] = {box[0], middle_x, box[2], box[0], box[2], box[0], middle_x, box[2]};
    double y[EDGE_PLACES] = {box[1], box[1], box[1], middle_y, middle_y, box[3], box[3], box[3]};
    if (!crs.is_geographic) KY_TRY(ky_crs_transform(job, "EPSG:4326", crs.text, x, y, EDGE_PLACES));
    boxes[w][0] = boxes[w][1] = INFINITY;
    boxes[w][2] = boxes[w][3] = -INFINITY;
    for (int i = 0; i < EDGE_PLACES; i++) {
      boxes[w][0] = fmin(boxes[w][0], x[i]);
      boxes[w][1] = fmin(boxes[w][1], y[i]);
      boxes[w][2] = fmax(boxes[w][2], x[i]);
      boxes[w][3] = fmax(boxes[w][3], y[i]);
    }
  }
  return KY_OK;
}

static ky_err close_parts(cutting *c) {
  for (uint32_t w = 0; w < c->windows->count; w++) {
    if (!c->parts[w].is_open) continue;
    const ky_err err = ky_out_close(c->job, &c->parts[w].file);
    if (c->err == KY_OK) c->err = err;
  }
  return c->err;
}

/* The header, and in census grids the row of labels below it. */
static ky_err find_fields(ky_job *job, const ky_source *source, ky_delimited *table, uint32_t *code, uint32_t *lon,
                          uint32_t *lat) {
  const char **names;
  uint32_t count;
  *code = *lon = *lat = NO_FIELD;
  if (!ky_delimited_next(table)) return KY_OK;
  KY_TRY(ky_delimited_names(job, source, table, &names, &count));
  *code = field_of(mapped(source, "grid_code"), "KEY_CODE|grid_code|メッシュコード|MESH_CODE|MESH_ID|mesh_code", names,
                   count);
  if (*code != NO_FIELD && strcmp(names[*code], "KEY_CODE") == 0) ky_delimited_next(table);
  if (*code != NO_FIELD) return KY_OK;
  *lon = field_of(source->lon, KY_LON_LABELS "|lon", names, count);
  *lat = field_of(source->lat, KY_LAT_LABELS "|lat", names, count);
  return KY_OK;
}

static ky_err cut_rows(cutting *c, const double (*boxes)[4], ky_delimited *table, uint32_t code, int level_m,
                       uint32_t lon, uint32_t lat) {
  ky_rtree tree;
  ky_box box;
  KY_TRY(ky_rtree_build(c->job, &c->job->scratch, &boxes[0][0], c->windows->count, &tree));
  for (const char *at = table->at; ky_delimited_next(table) && c->err == KY_OK; at = table->at) {
    c->row = c->raw + (at - c->start);
    c->row_bytes = (size_t)(table->at - at);
    c->row_number++;
    if (table->is_blank) continue;
    c->cut->record_count++;
    if (box_of_row(table, code, level_m, lon, lat, &box)) {
      ky_rtree_query(&tree, box, copy_row, c);
      continue;
    }
    c->cut->placeless++;
    for (uint32_t w = 0; w < c->windows->count && c->err == KY_OK; w++) copy_row(c, w);
  }
  return c->err;
}

ky_err ky_cut_lines(ky_job *job, const ky_source *source, const ky_source_file *file, const ky_cut_windows *windows,
                    const char *stem, ky_cut *out) {
  uint32_t code, lon, lat;
  ky_delimited table;
  double(*boxes)[4];
  bool has_boxes = true;
  if (!is_table(file->vsi_path)) return KY_OK;
  KY_TRY(ky_delimited_open(job, source, file->vsi_path, &table));
  if (table.has_bom && table.encoding != NULL && strcmp(table.encoding, "UTF-8") != 0) return KY_OK;
  if (source->encoding != NULL && !ky_encoding_is_cuttable(source->encoding)) return KY_OK; /* decoded as a whole */
  const char *start = table.at;
  const size_t length = (size_t)(table.end - table.at);
  char *raw; /* cutting fields changes quoted ones in place */
  KY_NEW(job, scratch, raw, length + 1);
  memcpy(raw, start, length);
  KY_TRY(find_fields(job, source, &table, &code, &lon, &lat));
  if (code == NO_FIELD && (lon == NO_FIELD || lat == NO_FIELD)) return KY_OK;
  KY_NEW(job, scratch, boxes, windows->count);
  memcpy(boxes, windows->box, windows->count * sizeof *boxes);
  if (code == NO_FIELD) KY_TRY(boxes_in_crs(job, source, windows, boxes, &has_boxes));
  if (!has_boxes) return KY_OK;
  cutting c = {.job = job,
               .windows = windows,
               .cut = out,
               .start = start,
               .raw = raw,
               .head_bytes = (size_t)(table.at - start),
               .stem = stem,
               .extension = ky_path_has(file->vsi_path, "csv")   ? "csv"
                            : ky_path_has(file->vsi_path, "tsv") ? "tsv"
                                                                 : "txt"};
  KY_NEW(job, scratch, c.parts, windows->count);
  cut_rows(&c, (const double(*)[4])boxes, &table, code, source->grid_level_m, lon, lat);
  KY_TRY(close_parts(&c));
  out->method = KY_CUT_LINES;
  out->passes = 1;
  out->bytes_read = file->bytes;
  return KY_OK;
}
