/* Not a test: a table of many values as ky_pg_copy_* give it, for tests/db/copy.py. Usage: copy_bytes binary|text. */
#include <kayoi/table.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/pg_copy.h"

#define ROWS 3000
#define SRID 6670

static uint64_t state = 20261121;

static uint64_t draw(void) { /* xorshift64* */
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * UINT64_C(2685821657736338717);
}

static ky_err print(void *user, const char *bytes, size_t count) {
  (void)user;
  return fwrite(bytes, 1, count, stdout) == count ? KY_OK : KY_E_OUTPUT;
}

/* Any size, often a round number, sometimes null or the ends of the range. */
static int64_t any_number(void) {
  const int64_t ends[] = {0, 1, -1, INT64_MAX, INT64_MIN + 1, 9999, 10000, 100000000, -10000};
  if (draw() % 10 == 0) return KY_NULL;
  if (draw() % 8 == 0) return ends[draw() % (sizeof ends / sizeof *ends)];
  int64_t value = (int64_t)(draw() >> (1 + draw() % 62));
  for (uint64_t zeros = draw() % 4 == 0 ? draw() % 10 : 0; zeros > 0 && value < INT64_MAX / 10; zeros--) value *= 10;
  return draw() % 2 == 0 ? value : -value;
}

static ky_err add_numbers(ky_job *job, ky_table *table) {
  static const char *const names[] = {"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"};
  for (uint8_t d = 0; d < 10; d++) {
    int64_t *values;
    KY_NEW(job, keep, values, ROWS);
    for (uint32_t i = 0; i < ROWS; i++) values[i] = any_number();
    ky_table_fixed(table, names[d], NULL, NULL, d, values);
  }
  return KY_OK;
}

static ky_err add_texts(ky_job *job, ky_table *table) {
  static const char *const words[] = {"通いの場", "",        NULL,   "a,b",  "\"", "CR\rLF\nTAB\t", " x ", "\\N",
                                      "\\.",      "'; drop", "𠮷野", "NULL", "{}", "ﾊﾝｶｸ"};
  const char **texts;
  int8_t *flags;
  KY_NEW(job, keep, texts, ROWS);
  KY_NEW(job, keep, flags, ROWS);
  for (uint32_t i = 0; i < ROWS; i++) {
    texts[i] = words[draw() % (sizeof words / sizeof *words)];
    flags[i] = (int8_t)((int)(draw() % 3) - 1);
  }
  ky_table_text(table, "t", NULL, texts);
  ky_table_bool(table, "b", NULL, flags);
  return KY_OK;
}

/* Polygons of one to three exteriors, every second with a hole; every seventh record without a shape. */
static ky_err make_shapes(ky_job *job, ky_shapes *out) {
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, ROWS, ROWS * 6, ROWS * 30, out));
  uint32_t part = 0, vertex = 0;
  for (uint32_t i = 0; i < ROWS; i++) {
    out->first_part[i] = part;
    for (uint64_t m = 0; i % 7 != 0 && m <= draw() % 3; m++)
      for (uint32_t hole = 0; hole <= (part + i) % 2; hole++, part++) {
        const double x = (double)(int64_t)(draw() % 200000000) / 1000 - 100000, y = (double)(draw() % 90000000) / 1000;
        const double side = hole != 0 ? 1 : 10, corner[5][2] = {{0, 0}, {side, 0}, {side, side}, {0, side}, {0, 0}};
        out->first_vertex[part] = vertex;
        out->is_hole[part] = (uint8_t)(hole != 0);
        for (int v = 0; v < 5; v++, vertex++) {
          out->x[vertex] = x + corner[v][0];
          out->y[vertex] = y + corner[v][1];
        }
      }
  }
  out->first_part[ROWS] = part;
  for (uint32_t p = part; p <= ROWS * 6; p++) out->first_vertex[p] = vertex;
  out->part_count = part;
  out->vertex_count = vertex;
  return KY_OK;
}

static ky_err run(ky_job *job, bool is_binary) {
  ky_shapes shapes;
  ky_table table;
  KY_TRY(make_shapes(job, &shapes));
  KY_TRY(ky_table_new(job, "t", NULL, ROWS, &shapes, 12, &table));
  KY_TRY(add_numbers(job, &table));
  KY_TRY(add_texts(job, &table));
  uint64_t hash;
  KY_TRY(ky_pg_copy_hash(job, &table, SRID, &hash));
  fprintf(stderr, "%016llx\n", (unsigned long long)hash);
  return is_binary ? ky_pg_copy_binary(job, &table, 7, SRID, print, NULL)
                   : ky_pg_copy_text(job, &table, SRID, print, NULL);
}

int main(int argc, char **argv) {
  ky_job job;
  ky_job_init(&job, 1);
  const ky_err err = run(&job, argc == 2 && strcmp(argv[1], "binary") == 0);
  if (err != KY_OK) fprintf(stderr, "%s\n", job.message);
  ky_job_free(&job);
  return err == KY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
