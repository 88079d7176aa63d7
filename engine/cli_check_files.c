/* kayoi check FILE...: each file is read alone, in a job of its own, so what one costs ends with it. */
#include "cli_check_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli_init_from.h"
#include "cli_progress.h"
#include "cli_report.h"
#include "cli_text.h"
#include "io/dialect.h"

#define LOOK_BYTES 65536

/* `municipality:` or "municipality": in the first bytes, and no coordinates, which a map has. */
static bool says_municipality(const char *path) {
  static const char key[] = "municipality";
  char *text = calloc(LOOK_BYTES + 1, 1);
  FILE *file = text != NULL ? fopen(path, "rb") : NULL;
  bool is_found = false;
  if (file != NULL) {
    size_t length = fread(text, 1, LOOK_BYTES, file);
    for (size_t i = 0; i < length; i++)
      if (text[i] == '\0') text[i] = ' ';
    fclose(file);
    for (const char *at = text; !is_found && (at = strstr(at, key)) != NULL;) {
      at += strlen(key);
      is_found = at[strspn(at, "\" \t\r\n")] == ':';
    }
    is_found = is_found && strstr(text, "\"coordinates\"") == NULL;
  }
  free(text);
  return is_found;
}

static bool is_config(const char *path) {
  struct stat status;
  const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path, *dot = strrchr(name, '.');
  if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) return false;
  if (dot == NULL || strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0) return true;
  return says_municipality(path);
}

/* A project folder is not data: its configuration is what is meant. */
static bool is_project(const char *path) {
  char config[4096];
  struct stat status;
  int length = snprintf(config, sizeof config, "%s/kayoi.yaml", path);
  return length > 0 && (size_t)length < sizeof config && stat(config, &status) == 0;
}

bool ky_operands_are_data(const ky_options *options) {
  if (options->operand_count != 1) return true;
  return !is_config(options->operand) && !is_project(options->operand);
}

static ky_err find_files(ky_job *job, const ky_options *options, ky_findings *findings) {
  for (int i = 0; i < options->operand_count; i++) {
    const char *path = options->operands[i];
    struct stat status;
    char *shown = ky_format(&job->keep, "%s", path);
    if (shown == NULL) return ky_fail_memory(job);
    while (strlen(shown) > 1 && shown[strlen(shown) - 1] == '/') shown[strlen(shown) - 1] = '\0';
    if (is_config(path) && options->operand_count > 1)
      return ky_fail(job, KY_E_USAGE, ky_tr("%s is a configuration: kayoi check takes one of those, or files of data"),
                     path);
    const bool is_there = stat(path, &status) == 0;
    if (!is_there && strstr(path, ".zip/") == NULL)
      return ky_fail(job, KY_E_INPUT, ky_tr("%s: cannot be read (%s)"), path, strerror(errno));
    if (is_there && S_ISDIR(status.st_mode))
      KY_TRY(ky_findings_walk(job, path, shown, findings));
    else if (ky_findings_add(job, findings, path, shown) == NULL)
      return job->err;
  }
  return ky_findings_recognise(job, findings);
}

/* The role that a file is read in; KY_ROLE_COUNT: none. A raster has no records to read. */
static ky_role role_of(const ky_options *options, const ky_found *row) {
  if (ky_file_info_get(row->file.kind)->role == KY_ROLE_ELEVATION) return KY_ROLE_COUNT;
  for (ky_role role = 0; options->as != NULL && role < KY_ROLE_COUNT; role++)
    if (strcmp(ky_role_get(role)->name, options->as) == 0) return role != KY_ROLE_ELEVATION ? role : KY_ROLE_COUNT;
  return ky_file_info_get(row->file.kind)->role;
}

static void show_head(const ky_found *row) {
  const ky_recognised *file = &row->file;
  printf("%s", row->shown);
  if (row->layer != NULL) printf(" [%s]", row->layer);
  printf(": %s", ky_tr(ky_file_info_get(file->kind)->text));
  if (file->edition != NULL) printf(" (%s)", file->edition);
  if (file->format != NULL && file->count != KY_NONE) printf(ky_tr(", %s records"), ky_show_count(file->count).text);
  putchar('\n');
}

static const char *use_name(ky_file_use use) {
  return use == KY_USE_ROLE ? "role" : use == KY_USE_OFFER ? "offer" : "none";
}

static void show_json_text(const char *key, const char *text) {
  printf("\"%s\":", key);
  if (text != NULL)
    ky_json_text(stdout, text);
  else
    fputs("null", stdout);
  putchar(',');
}

static void show_json_head(const ky_found *row) {
  const ky_recognised *file = &row->file;
  const ky_source source = {.path = row->path};
  char dialect[KY_DIALECT_BYTES];
  putchar('{');
  show_json_text("file", row->shown);
  show_json_text("layer", row->layer);
  show_json_text("kind", ky_file_info_get(file->kind)->name);
  show_json_text("edition", file->edition);
  show_json_text("format", file->format);
  show_json_text("dialect", ky_dialect_text(dialect, &source, &file->dialect));
  show_json_text("encoding", file->encoding);
  show_json_text("crs", file->crs);
  show_json_text("use", use_name(row->use));
  show_json_text("reason", row->reason);
  if (file->format != NULL && file->count != KY_NONE)
    printf("\"records\":%u,", file->count);
  else
    fputs("\"records\":null,", stdout);
}

/* How a table that is read in no role is written. */
static void show_dialect(const ky_found *row) {
  const ky_recognised *file = &row->file;
  const ky_source source = {.path = row->path};
  char text[KY_DIALECT_BYTES];
  if (file->format == NULL || ky_dialect_text(text, &source, &file->dialect)[0] == '\0') return;
  printf(ky_tr("    format %s, %s, encoding %s\n"), file->format, text, file->encoding != NULL ? file->encoding : "-");
}

/* What of a row's use a person has to know beside what was read. */
static void show_reason(const ky_found *row, const ky_source_report *report) {
  if (report != NULL && report->err != KY_OK) return; /* the report says it */
  if (report != NULL && report->raw.count == 0)
    printf("    -> %s\n", ky_tr("of no use as it is: none of its records can be used"));
  else if (row->reason != NULL)
    printf("    -> %s\n", row->reason);
}

/* Reads a row in a role and shows what came of it. */
static ky_err read_row(const ky_options *options, ky_interrupt *interrupt, const ky_found *row, ky_role role) {
  const ky_source source = {
      .role = role, .name = ky_role_get(role)->name, .path = row->path, .shown = row->shown, .layer = row->layer};
  ky_source_report report = {.err = KY_OK};
  /* Hours do not matter here, but they have to be some. */
  const ky_read_opts opts = {
      .sources = &source, .source_count = 1, .reports = &report, .transit = {.from_s = 0, .to_s = 86400}};
  ky_job job;
  ky_job_init(&job, options->threads);
  job.interrupt = interrupt;
  ky_err err = ky_read_alone(&job, &opts);
  if (err == KY_OK && options->wants_document) {
    fputs("\"read\":", stdout);
    ky_report_source_json(stdout, &job, &report);
  } else if (err == KY_OK) {
    ky_report_source(stdout, &job, &report);
    show_reason(row, &report);
  } else {
    ky_progress progress;
    ky_progress_init(&progress, options->is_json);
    ky_progress_failure(&progress, err, job.message);
    if (options->wants_document) fputs("\"read\":null", stdout);
  }
  if (err == KY_OK) err = report.err;
  ky_job_free(&job);
  return err;
}

static ky_err check_row(const ky_options *options, ky_interrupt *interrupt, ky_found *row, bool is_first) {
  const bool is_looked_at = row->reason == NULL;
  ky_finding_settle(row);
  const bool is_bad = is_looked_at && (row->file.problem != NULL || row->file.kind == KY_FILE_UNKNOWN);
  const ky_role role = is_looked_at && !is_bad ? role_of(options, row) : KY_ROLE_COUNT;
  ky_err err = is_bad ? KY_E_INPUT : KY_OK;
  if (options->wants_document) {
    fputs(is_first ? "\n" : ",\n", stdout);
    show_json_head(row);
  }
  if (role != KY_ROLE_COUNT) {
    err = read_row(options, interrupt, row, role);
  } else if (options->wants_document) {
    fputs("\"read\":null", stdout);
  } else {
    show_head(row);
    show_dialect(row);
    show_reason(row, NULL);
  }
  if (options->wants_document) putchar('}');
  return err;
}

int ky_check_files(const ky_options *options, ky_interrupt *interrupt) {
  ky_job job;
  ky_findings findings = {.rows = NULL};
  ky_err worst = KY_OK;
  ky_job_init(&job, 1);
  job.interrupt = interrupt;
  ky_err err = find_files(&job, options, &findings);
  if (err != KY_OK) {
    ky_progress progress;
    ky_progress_init(&progress, options->is_json);
    ky_progress_failure(&progress, err, job.message);
    worst = err;
  }
  if (options->wants_document) fputs("{\"files\":[", stdout);
  for (uint32_t i = 0; err == KY_OK && i < findings.count; i++) {
    ky_err of_row = check_row(options, interrupt, &findings.rows[i], i == 0);
    if (worst == KY_OK) worst = of_row;
  }
  if (options->wants_document) printf("\n],\"exit\":%d}\n", ky_err_status(worst));
  free(findings.rows);
  ky_job_free(&job);
  return ky_err_status(worst);
}
