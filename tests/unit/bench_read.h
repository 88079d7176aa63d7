/* A bench for the read room: files in a temporary folder, sources as a config would state them, issues as text. */
#ifndef KAYOI_TEST_BENCH_READ_H
#define KAYOI_TEST_BENCH_READ_H

#include <unistd.h>

#include "town.h"

#define SHARED KY_SOURCE_DIR "/../shared/data/"

typedef struct bench {
  char folder[64];
  char path[16][1024];
  ky_source source[16];
  ky_mapping mapping[16][8];
  uint32_t count;
  ky_read_opts opts;
  ky_job job;
  ky_inputs inputs;
  ky_err err;
} bench;

static inline void bench_open(bench *b) {
  memset(b, 0, sizeof *b);
  snprintf(b->folder, sizeof b->folder, "/tmp/kayoi-read-XXXXXX");
  assert_non_null(mkdtemp(b->folder));
  ky_job_init(&b->job, 1);
}

static inline void bench_close(bench *b) {
  char command[128];
  ky_job_free(&b->job);
  snprintf(command, sizeof command, "rm -rf %s", b->folder);
  assert_int_equal(system(command), 0);
}

static inline const char *bench_path(bench *b, const char *name) {
  static char path[1024];
  snprintf(path, sizeof path, "%s/%s", b->folder, name);
  return path;
}

static inline void bench_file_n(bench *b, const char *name, const void *bytes, size_t n) {
  FILE *file = fopen(bench_path(b, name), "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, n, file), n);
  assert_int_equal(fclose(file), 0);
}

static inline void bench_file(bench *b, const char *name, const char *text) {
  bench_file_n(b, name, text, strlen(text));
}

/* A source of the folder ("/..." : of the whole file system); columns: "name=名前" texts, NULL-terminated, or NULL. */
static inline ky_source *bench_add(bench *b, ky_role role, const char *name) {
  ky_source *source = &b->source[b->count];
  snprintf(b->path[b->count], sizeof b->path[0], "%s", name[0] == '/' ? name : bench_path(b, name));
  *source = (ky_source){.role = role,
                        .path = b->path[b->count],
                        .shown = name,
                        .name = ky_role_get(role)->name,
                        .columns = b->mapping[b->count]};
  b->count++;
  return source;
}

static inline void bench_map(ky_source *source, const char *attribute, const char *column) {
  source->columns[source->column_count++] = (ky_mapping){attribute, column};
}

static inline ky_err bench_read(bench *b) {
  b->opts.sources = b->source;
  b->opts.source_count = b->count;
  b->err = ky_read(&b->job, &b->opts, &b->inputs);
  if (b->err == KY_OK) b->err = ky_read_roads(&b->job, &b->opts, &b->inputs);
  return b->err;
}

/* The nth issue with the reason; NULL. */
static inline const ky_issue *bench_issue(const bench *b, const char *reason, uint32_t nth) {
  for (uint32_t i = 0; i < b->job.issues.count; i++)
    if (strcmp(b->job.issues.rows[i].reason, reason) == 0 && nth-- == 0) return &b->job.issues.rows[i];
  return NULL;
}

static inline uint32_t bench_issues(const bench *b, const char *reason) {
  uint32_t count = 0;
  while (bench_issue(b, reason, count) != NULL) count++;
  return count;
}

/* The run must have failed with a message that holds each of the texts. */
static inline void bench_failed(const bench *b, ky_err err, const char *first, const char *second) {
  if (b->err != err || strstr(b->job.message, first) == NULL || strstr(b->job.message, second) == NULL)
    fail_msg("expected error %d with '%s' and '%s', have %d: %s", err, first, second, b->err, b->job.message);
}

static inline void bench_good(const bench *b) {
  if (b->err != KY_OK) fail_msg("%s", b->job.message);
}

/* A street of two vertices near Ube, which every run needs. */
static inline void bench_street(bench *b) {
  bench_file(b, "street.geojson",
             "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"highway\":"
             "\"residential\"},"
             "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[131.25,33.95],[131.251,33.95]]}}]}");
  bench_add(b, KY_ROLE_ROADS, "street.geojson");
  b->opts.crs = "EPSG:6671";
}

/* Skips the test, loudly, where the shared data is not there. */
static inline void bench_need(const char *path) {
  if (access(path, R_OK) == 0) return;
  print_message("SKIPPED: %s is not on this machine\n", path);
  skip();
}

#endif
