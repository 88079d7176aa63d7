/* Configs as text: what comes of them, and what every wrong one is told. */
#ifndef KAYOI_TEST_CONFIG_TEXT_H
#define KAYOI_TEST_CONFIG_TEXT_H

#include <config.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "municipality: {name: X}\nresidents: [r.txt]\nvenues: [v.csv]\nzones: z.geojson\nroads: [r.osm]\n"

typedef struct reading {
  ky_job job;
  ky_config config;
  ky_err err;
} reading;

static char folder[] = "/tmp/kayoi-config-XXXXXX"; /* of the program */
static char file_path[64];

static inline void write_bytes(const char *text, size_t length) {
  FILE *file = fopen(file_path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

static inline void read_bytes(reading *r, const char *text, size_t length) {
  write_bytes(text, length);
  ky_job_init(&r->job, 1);
  r->err = ky_config_read(&r->job, file_path, &r->config);
}

/* The text must be refused with a message that holds "LINE:COL: " + part. */
static inline void expect_bytes_problem(const char *text, size_t length, const char *place, const char *part) {
  reading r;
  char want[400];
  read_bytes(&r, text, length);
  snprintf(want, sizeof want, "%s:%s: ", file_path, place);
  if (r.err != KY_E_CONFIG || strstr(r.job.message, want) == NULL || strstr(r.job.message, part) == NULL) {
    print_error("config:\n%.300s\nwanted: %s...%s\ngot (%d): %s\n", text, want, part, (int)r.err, r.job.message);
    fail();
  }
  ky_job_free(&r.job);
}

static inline void expect_problem(const char *text, const char *place, const char *part) {
  expect_bytes_problem(text, strlen(text), place, part);
}

static inline const ky_config *read_good(reading *r, const char *text) {
  read_bytes(r, text, strlen(text));
  if (r->err != KY_OK) print_error("%s\n%s\n", text, r->job.message);
  assert_int_equal(r->err, KY_OK);
  return &r->config;
}

static inline int make_folder(void **state) {
  (void)state;
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(file_path, sizeof file_path, "%s/kayoi.yaml", folder);
  return 0;
}

static inline int remove_folder(void **state) {
  (void)state;
  unlink(file_path);
  return rmdir(folder);
}

#endif
