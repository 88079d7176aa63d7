/* Tables as scripts: see report_script.h. */
#include "io/report_script.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "core/code_words.h"

#define WORDS_MAX 64 /* columns with more texts than this hold names, not codes */

/* The records that are written, and what to look texts up with. */
typedef struct rows {
  uint32_t count;
  const uint32_t *of;  /* [count] records of the table */
  uint32_t *slot;      /* [slot_count] place in `first` + 1; 0: free */
  uint32_t slot_count; /* a power of two, at least twice the records */
  const char **first;  /* [count] different texts in the order of their first appearance */
  int32_t *code;       /* [count] of each record; -1: null */
} rows;

static bool is_null(const ky_column *column, uint32_t record) {
  if (column->type == KY_COLUMN_TEXT) return column->of.text[record] == NULL;
  return column->type == KY_COLUMN_FIXED ? column->of.fixed[record] == KY_NULL : column->of.flag[record] < 0;
}

uint32_t ky_report_rows(const ky_table *table, const char *only_null) {
  const ky_column *column = only_null == NULL ? NULL : ky_table_column(table, only_null);
  uint32_t count = 0;
  for (uint32_t i = 0; i < table->count; i++) count += column == NULL || is_null(column, i);
  return count;
}

static ky_err list_rows(ky_job *job, const ky_table *table, const char *only_null, rows *out) {
  const ky_column *column = only_null == NULL ? NULL : ky_table_column(table, only_null);
  uint32_t *of, n = 0;
  *out = (rows){.count = ky_report_rows(table, only_null), .slot_count = 2};
  KY_NEW(job, scratch, of, out->count);
  for (uint32_t i = 0; i < table->count; i++)
    if (column == NULL || is_null(column, i)) of[n++] = i;
  out->of = of;
  while (out->slot_count < 2 * (uint64_t)out->count) out->slot_count *= 2;
  KY_NEW(job, scratch, out->slot, out->slot_count);
  KY_NEW(job, scratch, out->first, out->count);
  KY_NEW(job, scratch, out->code, out->count);
  return KY_OK;
}

/* Numbers the different texts of a column; returns how many there are. */
static uint32_t number_texts(rows *r, const ky_column *column) {
  uint32_t found = 0;
  memset(r->slot, 0, r->slot_count * sizeof *r->slot);
  for (uint32_t i = 0; i < r->count; i++) {
    const char *text = column->of.text[r->of[i]];
    r->code[i] = -1;
    if (text == NULL) continue;
    uint32_t at = (uint32_t)XXH3_64bits(text, strlen(text)) & (r->slot_count - 1);
    while (r->slot[at] != 0 && strcmp(r->first[r->slot[at] - 1], text) != 0) at = (at + 1) & (r->slot_count - 1);
    if (r->slot[at] == 0) {
      r->first[found] = text;
      r->slot[at] = ++found;
    }
    r->code[i] = (int32_t)r->slot[at] - 1;
  }
  return found;
}

static void put_comma(ky_out_file *out, uint32_t index) {
  if (index != 0) ky_out_bytes(out, ",", 1);
}

static void put_integer(ky_out_file *out, int64_t value) {
  ky_out_fixed(out, value, 0);
}

/* The shortest decimals that say the same: 58.000 is 58. */
static void put_number(ky_out_file *out, int64_t value, uint8_t decimals) {
  for (; decimals != 0 && value % 10 == 0; decimals--) value /= 10;
  ky_out_fixed(out, value, decimals);
}

/* "words":{"new_venue":"新しい通いの場"}, of those texts that are codes with a word. */
static void put_words(ky_out_file *out, const rows *r, uint32_t text_count, const char *name) {
  bool has_any = false;
  for (uint32_t t = 0; t < text_count; t++) {
    const char *word = ky_code_word(name, r->first[t]);
    if (word == NULL) continue;
    ky_out_text(out, has_any ? "," : "\"words\":{");
    ky_out_script(out, r->first[t]);
    ky_out_bytes(out, ":", 1);
    ky_out_script(out, word);
    has_any = true;
  }
  if (has_any) ky_out_text(out, "},");
}

static void put_texts(ky_out_file *out, rows *r, const ky_column *column) {
  const uint32_t found = number_texts(r, column);
  const bool is_short = (uint64_t)found * 2 <= r->count || found <= WORDS_MAX;
  if (!is_short) {
    ky_out_text(out, "\"values\":[");
    for (uint32_t i = 0; i < r->count; i++) {
      put_comma(out, i);
      if (r->code[i] < 0) ky_out_text(out, "null");
      if (r->code[i] >= 0) ky_out_script(out, r->first[r->code[i]]);
    }
    ky_out_bytes(out, "]", 1);
    return;
  }
  ky_out_text(out, "\"dictionary\":[");
  for (uint32_t t = 0; t < found; t++) {
    put_comma(out, t);
    ky_out_script(out, r->first[t]);
  }
  ky_out_text(out, "],");
  if (found <= WORDS_MAX) put_words(out, r, found, column->name);
  ky_out_text(out, "\"codes\":[");
  for (uint32_t i = 0; i < r->count; i++) {
    put_comma(out, i);
    put_integer(out, r->code[i]);
  }
  ky_out_bytes(out, "]", 1);
}

static void put_column(ky_out_file *out, rows *r, const ky_column *column) {
  ky_out_script(out, column->name);
  ky_out_text(out, ":{\"alias\":");
  ky_out_script(out, column->alias);
  ky_out_bytes(out, ",", 1);
  if (column->unit != NULL) {
    ky_out_text(out, "\"unit\":");
    ky_out_script(out, column->unit);
    ky_out_bytes(out, ",", 1);
  }
  if (column->type == KY_COLUMN_TEXT) {
    put_texts(out, r, column);
  } else {
    ky_out_text(out, column->type == KY_COLUMN_BOOL ? "\"flags\":[" : "\"values\":[");
    for (uint32_t i = 0; i < r->count; i++) {
      put_comma(out, i);
      if (column->type == KY_COLUMN_BOOL)
        put_integer(out, column->of.flag[r->of[i]]);
      else if (column->of.fixed[r->of[i]] == KY_NULL)
        ky_out_text(out, "null");
      else
        put_number(out, column->of.fixed[r->of[i]], column->decimals);
    }
    ky_out_bytes(out, "]", 1);
  }
  ky_out_text(out, "}");
}

/* Vertices of a part as they are written. */
static uint32_t part_size(const ky_shapes *shapes, uint32_t part) {
  const uint32_t size = shapes->first_vertex[part + 1] - shapes->first_vertex[part];
  const bool is_ring = shapes->kind == KY_SHAPE_POLYGON || (shapes->kind == KY_SHAPE_MIXED && size > 1);
  return is_ring ? size - 1 : size;
}

typedef void put_part(ky_out_file *out, const ky_shapes *shapes, uint32_t part, void *user);

static void each_part(ky_out_file *out, const rows *r, const ky_shapes *shapes, const char *key, put_part *put,
                      void *user) {
  uint32_t n = 0;
  ky_out_text(out, key);
  for (uint32_t i = 0; i < r->count; i++)
    for (uint32_t p = shapes->first_part[r->of[i]]; p < shapes->first_part[r->of[i] + 1]; p++) {
      put_comma(out, n++);
      put(out, shapes, p, user);
    }
  ky_out_bytes(out, "]", 1);
}

static void put_size(ky_out_file *out, const ky_shapes *shapes, uint32_t part, void *user) {
  (void)user;
  put_integer(out, part_size(shapes, part));
}

static void put_hole(ky_out_file *out, const ky_shapes *shapes, uint32_t part, void *user) {
  (void)user;
  put_integer(out, shapes->is_hole[part]);
}

typedef struct pen {
  double unit;
  int64_t x, y;
} pen;

static void put_vertices(ky_out_file *out, const ky_shapes *shapes, uint32_t part, void *user) {
  pen *at = user;
  const uint32_t from = shapes->first_vertex[part], size = part_size(shapes, part);
  for (uint32_t v = 0; v < size; v++) {
    const int64_t x = llround(shapes->x[from + v] * at->unit), y = llround(shapes->y[from + v] * at->unit);
    put_comma(out, v);
    put_integer(out, x - at->x);
    ky_out_bytes(out, ",", 1);
    put_integer(out, y - at->y);
    at->x = x;
    at->y = y;
  }
}

static void put_shapes(ky_out_file *out, const rows *r, const ky_shapes *shapes, uint8_t decimals) {
  static const char *const kinds[] = {[KY_SHAPE_NONE] = "none",
                                      [KY_SHAPE_POINT] = "point",
                                      [KY_SHAPE_LINE] = "line",
                                      [KY_SHAPE_POLYGON] = "polygon",
                                      [KY_SHAPE_MIXED] = "mixed"};
  pen at = {.unit = 1};
  for (uint8_t d = 0; d < decimals; d++) at.unit *= 10;
  ky_out_text(out, ",\n\"shapes\":{\"kind\":\"");
  ky_out_text(out, kinds[shapes->kind]);
  ky_out_text(out, "\",\"decimals\":");
  put_integer(out, decimals);
  ky_out_text(out, ",\"parts\":[");
  for (uint32_t i = 0; i < r->count; i++) {
    put_comma(out, i);
    put_integer(out, (int64_t)shapes->first_part[r->of[i] + 1] - shapes->first_part[r->of[i]]);
  }
  ky_out_bytes(out, "]", 1);
  if (shapes->kind != KY_SHAPE_POINT) each_part(out, r, shapes, ",\"sizes\":[", put_size, NULL);
  if (shapes->is_hole != NULL) each_part(out, r, shapes, ",\"holes\":[", put_hole, NULL);
  each_part(out, r, shapes, ",\n\"xy\":[", put_vertices, &at);
  ky_out_bytes(out, "}", 1);
}

ky_err ky_report_script(ky_job *job, const char *folder, const ky_table *table, const ky_report_layer *of,
                        const char *only_null) {
  ky_out_file out;
  rows r;
  uint32_t put = 0;
  const char *path = ky_format(&job->scratch, "%s/%s.js", folder, table->layer);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(list_rows(job, table, only_null, &r));
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_text(&out, "window.kayoi.layers.");
  ky_out_text(&out, table->layer);
  ky_out_text(&out, "={\"layer\":");
  ky_out_script(&out, table->layer);
  ky_out_text(&out, ",\"alias\":");
  ky_out_script(&out, table->alias);
  ky_out_text(&out, ",\"count\":");
  put_integer(&out, r.count);
  ky_out_text(&out, ",\"columns\":{");
  for (uint32_t c = 0; c < table->column_count; c++) {
    if (!ky_report_takes(of, table->columns[c].name)) continue;
    ky_out_text(&out, put++ == 0 ? "\n" : ",\n");
    put_column(&out, &r, &table->columns[c]);
  }
  ky_out_text(&out, "}");
  if (table->shapes_deg != NULL) put_shapes(&out, &r, table->shapes_deg, of->decimals);
  ky_out_text(&out, "};\n");
  return ky_out_close(job, &out);
}
