/* The config of `kayoi init --from`: the commented example of every key with the files found in its sources. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli_init_from.h"
#include "cli_text.h"
#include "config.h"

typedef struct filler {
  FILE *out;
  const ky_findings *findings;
} filler;

/* A YAML text in double quotes. The text is valid UTF-8. */
static void write_quoted(FILE *out, const char *text) {
  fputc('"', out);
  for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      fprintf(out, "\\%c", *p);
    else if (*p < 0x20 || *p == 0x7f)
      fprintf(out, "\\x%02x", (unsigned)*p);
    else
      fputc(*p, out);
  }
  fputc('"', out);
}

/* One line of text without its line breaks, for a comment. */
static void write_line(FILE *out, const char *text) {
  for (; *text != '\0'; text++) fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
}

/* "# street names (edition), 523 records, of 通井町: reason" */
static void write_what(FILE *out, const char *indent, const ky_found *row) {
  const ky_recognised *file = &row->file;
  fprintf(out, "%s# %s", indent, ky_tr(ky_file_info_get(file->kind)->text));
  if (file->edition != NULL) fprintf(out, " (%s)", file->edition);
  if (file->count != KY_NONE) fprintf(out, ky_tr(", %s records"), ky_show_count(file->count).text);
  if (file->municipality_name != NULL) {
    fputs(", ", out);
    write_line(out, file->municipality_name);
  }
  if (row->reason != NULL) {
    fputs(": ", out);
    write_line(out, row->reason);
  }
  fputc('\n', out);
}

static bool needs_crs(const ky_found *row) {
  const ky_recognised *file = &row->file;
  return file->crs == NULL && (file->geometry != KY_SHAPE_NONE || file->kind == KY_FILE_CENSUS_GRID);
}

/* The keys of a source; `first` and `next` begin its lines. */
static void write_source(FILE *out, const char *first, const char *next, const ky_found *row) {
  const ky_recognised *file = &row->file;
  fprintf(out, "%spath: ", first);
  write_quoted(out, row->written);
  fputc('\n', out);
  if (row->layer != NULL) {
    fprintf(out, "%slayer: ", next);
    write_quoted(out, row->layer);
    fputc('\n', out);
  }
  if (file->date != NULL) fprintf(out, "%sdate: %s\n", next, file->date);
  if (file->kind == KY_FILE_CENSUS_GRID || file->kind == KY_FILE_FUTURE_GRID) fprintf(out, "%sopen: true\n", next);
  if (file->kind == KY_FILE_CLINICS) fprintf(out, "%skind: clinic\n", next);
  if (needs_crs(row))
    fprintf(out, "%s# crs: EPSG:6668   # %s\n", next, ky_tr("the file does not state its CRS; write it here"));
}

static bool is_row(const ky_found *row, ky_role role, ky_file_use use) {
  return row->use == use && ky_file_info_get(row->file.kind)->role == role;
}

/* Last digits of a file's name: r2ka43443.shp is of 43443, tblT001082C43.txt of 43. */
static const char *code_of(const ky_found *row, size_t *length) {
  const char *name = strrchr(row->shown, '/'), *code = "";
  *length = 0;
  for (const char *at = name != NULL ? name + 1 : row->shown; *at != '\0'; at++) {
    size_t n = strspn(at, "0123456789");
    if (n == 0) continue;
    code = at;
    *length = n;
    at += n - 1;
  }
  return code;
}

/* The table of ages for boundaries of small areas: of the municipality, else of its prefecture; NULL: none. */
static const ky_found *table_of(const ky_findings *findings, const ky_found *areas) {
  const ky_found *best = NULL;
  size_t length, most = 0, n;
  const char *code = code_of(areas, &length);
  for (uint32_t i = 0; i < findings->count; i++) {
    const ky_found *row = &findings->rows[i];
    if (row->file.kind != KY_FILE_AREA_TABLE || row->file.problem != NULL) continue;
    const char *other = code_of(row, &n);
    if (n <= most || n > length || strncmp(code, other, n) != 0) continue;
    best = row;
    most = n;
  }
  return best;
}

/* Small areas whose table lies beside them can be the residents instead of a grid: behind #. Returns how many; out
 * NULL: only counts. */
static uint32_t write_areas(const ky_findings *findings, const char *indent, FILE *out) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    ky_found row = findings->rows[i];
    const ky_found *table = row.file.kind == KY_FILE_SMALL_AREAS ? table_of(findings, &row) : NULL;
    if (table == NULL || row.use == KY_USE_NONE) continue;
    count++;
    if (out == NULL) continue;
    row.reason = ky_tr("people by small area instead of a grid? Then delete the # before it");
    fputs("  ", out);
    write_what(out, indent, &row);
    fprintf(out, "%s#   - path: ", indent);
    write_quoted(out, row.written);
    fprintf(out, "\n%s#     table: ", indent);
    write_quoted(out, table->written);
    fputc('\n', out);
    if (table->file.date != NULL) fprintf(out, "%s#     date: %s\n", indent, table->file.date);
    fprintf(out, "%s#     open: true\n", indent);
  }
  return count;
}

/* Buildings of the OpenStreetMap extracts, whose roads are used: behind #. Returns how many; out NULL: only counts. */
static uint32_t write_extracts(const ky_findings *findings, const char *indent, FILE *out) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < findings->count; i++) {
    const ky_found *row = &findings->rows[i];
    const bool is_extract =
        row->file.kind == KY_FILE_ROADS && row->file.format != NULL && strcmp(row->file.format, "OpenStreetMap") == 0;
    if (!is_extract || row->use == KY_USE_NONE) continue;
    count++;
    if (out == NULL) continue;
    fprintf(out, "  %s# %s\n%s#   - path: ", indent,
            ky_tr("the extract's buildings; where only some are drawn, streets place people better"), indent);
    write_quoted(out, row->written);
    fputc('\n', out);
  }
  return count;
}

/* What else could serve the role, behind #. */
static uint32_t write_more(const ky_findings *findings, ky_role role, const char *indent, FILE *out) {
  if (role == KY_ROLE_RESIDENTS) return write_areas(findings, indent, out);
  return role == KY_ROLE_BUILDINGS ? write_extracts(findings, indent, out) : 0;
}

/* A list of sources at an indent: what is used, and behind # what may be. */
static void write_list(const filler *f, const char *indent, const char *key, ky_role role, const char *empty) {
  FILE *out = f->out;
  char first[32], next[32];
  const bool is_used = ky_findings_count(f->findings, role, KY_USE_ROLE) > 0;
  const bool has_more = write_more(f->findings, role, indent, NULL) > 0;
  const bool is_offered = has_more || ky_findings_count(f->findings, role, KY_USE_OFFER) > 0;
  if (!is_used)
    fprintf(out, "%s# %s\n", indent,
            is_offered ? ky_tr("Choose: delete the # before the key and before the right files.")
                       : ky_tr("Nothing found in the folder."));
  if (is_used || is_offered)
    fprintf(out, "%s%s%s:\n", indent, is_used ? "" : "# ", key);
  else
    fprintf(out, "%s%s%s:%s\n", indent, empty != NULL ? "" : "# ", key, empty != NULL ? empty : "");
  for (ky_file_use use = KY_USE_ROLE; use != KY_USE_NONE; use = use == KY_USE_ROLE ? KY_USE_OFFER : KY_USE_NONE) {
    snprintf(first, sizeof first, "%s%s  - ", indent, use == KY_USE_ROLE ? "" : "# ");
    snprintf(next, sizeof next, "%s%s    ", indent, use == KY_USE_ROLE ? "" : "# ");
    for (uint32_t i = 0; i < f->findings->count; i++) {
      const ky_found *row = &f->findings->rows[i];
      if (!is_row(row, role, use)) continue;
      fputs("  ", out);
      write_what(out, indent, row);
      write_source(out, first, next, row);
    }
  }
  if (has_more) write_more(f->findings, role, indent, out);
}

/* One source, a mapping; the others behind #. */
static void write_one(const filler *f, const char *indent, const char *key, ky_role role) {
  FILE *out = f->out;
  char first[32];
  bool is_written = false;
  for (ky_file_use use = KY_USE_ROLE; use != KY_USE_NONE; use = use == KY_USE_ROLE ? KY_USE_OFFER : KY_USE_NONE) {
    const char *mark = use == KY_USE_ROLE ? "" : "# ";
    snprintf(first, sizeof first, "%s%s  ", indent, mark);
    for (uint32_t i = 0; i < f->findings->count; i++) {
      const ky_found *row = &f->findings->rows[i];
      if (!is_row(row, role, use)) continue;
      write_what(out, indent, row);
      fprintf(out, "%s%s%s:\n", indent, mark, key);
      write_source(out, first, first, row);
      is_written = true;
    }
  }
  if (!is_written) fprintf(out, "%s# %s\n%s# %s:\n", indent, ky_tr("Nothing found in the folder."), indent, key);
}

static void write_workbook(const filler *f) {
  const ky_found *row = ky_findings_workbook(f->findings);
  fputs("workbook: ", f->out);
  write_quoted(f->out, row != NULL ? row->written : "kayoi.xlsx");
  fputc('\n', f->out);
}

static void write_name(const filler *f) {
  const char *name = f->findings->municipality_name;
  fputs("  name: ", f->out);
  write_quoted(f->out, name != NULL ? name : ky_tr("(name of the municipality)"));
  fputc('\n', f->out);
}

static void write_code(const filler *f) {
  if (f->findings->municipality_code == NULL)
    fputs("  # code: \"46208\"\n", f->out);
  else
    fprintf(f->out, "  code: \"%.5s\"\n", f->findings->municipality_code);
}

static bool write_value(void *user, void *stream, const char *section, const char *key) {
  const filler *f = user;
  (void)stream;
  const bool is_top = section[0] == '\0', is_municipality = strcmp(section, "municipality") == 0;
  if (is_municipality && strcmp(key, "name") == 0)
    write_name(f);
  else if (is_municipality && strcmp(key, "code") == 0)
    write_code(f);
  else if (is_municipality && strcmp(key, "border") == 0)
    write_one(f, "  ", key, KY_ROLE_BORDER);
  else if (is_top && strcmp(key, "residents") == 0)
    write_list(f, "", key, KY_ROLE_RESIDENTS, NULL);
  else if (is_top && strcmp(key, "workbook") == 0)
    write_workbook(f);
  else if (is_top && strcmp(key, "venues") == 0)
    write_list(f, "", key, KY_ROLE_VENUES, " []");
  else if (is_top && strcmp(key, "resources") == 0)
    write_list(f, "", key, KY_ROLE_RESOURCES, NULL);
  else if (is_top && strcmp(key, "zones") == 0)
    write_one(f, "", key, KY_ROLE_ZONES);
  else if (is_top && strcmp(key, "roads") == 0)
    write_list(f, "", key, KY_ROLE_ROADS, NULL);
  else if (is_top && strcmp(key, "buildings") == 0)
    write_list(f, "", key, KY_ROLE_BUILDINGS, NULL);
  else if (is_top && strcmp(key, "barriers") == 0)
    write_list(f, "", key, KY_ROLE_BARRIERS, NULL);
  else if (is_top && strcmp(key, "elevation") == 0)
    write_list(f, "", key, KY_ROLE_ELEVATION, NULL);
  else if (strcmp(section, "zones") == 0 && strcmp(key, "lookup") == 0)
    write_one(f, "  ", key, KY_ROLE_ZONE_LOOKUP);
  else if (strcmp(section, "zones") == 0 && strcmp(key, "official") == 0)
    write_one(f, "  ", key, KY_ROLE_OFFICIAL);
  else if (strcmp(section, "zones") == 0 && strcmp(key, "facts") == 0)
    write_one(f, "  ", key, KY_ROLE_FACTS);
  else if (strcmp(section, "sites") == 0 && strcmp(key, "sources") == 0)
    write_list(f, "  ", key, KY_ROLE_SITES, NULL);
  else if (strcmp(section, "names") == 0 && strcmp(key, "sources") == 0)
    write_list(f, "  ", key, KY_ROLE_NAMES, NULL);
  else if (strcmp(section, "years") == 0 && strcmp(key, "sources") == 0)
    write_list(f, "  ", key, KY_ROLE_YEARS, NULL);
  else if (strcmp(section, "transit") == 0 && strcmp(key, "feeds") == 0)
    write_list(f, "  ", key, KY_ROLE_FEEDS, NULL);
  else if (strcmp(section, "transit") == 0 && strcmp(key, "stops") == 0)
    write_list(f, "  ", key, KY_ROLE_STOPS, NULL);
  else if (strcmp(section, "transit") == 0 && strcmp(key, "routes") == 0)
    write_list(f, "  ", key, KY_ROLE_BUS_ROUTES, NULL);
  else
    return false;
  return true;
}

/* `to` as seen from the folder `from`, both real paths; "" when they are one. */
static const char *relative_path(ky_job *job, const char *from, const char *to) {
  size_t same = 0;
  for (size_t i = 0;; i++) { /* the last slash, or end, up to which both agree */
    bool from_ends = from[i] == '\0' || from[i] == '/', to_ends = to[i] == '\0' || to[i] == '/';
    if (from_ends && to_ends) same = i;
    if (from[i] == '\0' || from[i] != to[i]) break;
  }
  const char *up = "";
  for (const char *p = from + same; *p != '\0' && up != NULL; p++)
    if (p[0] == '/' && p[1] != '\0') up = ky_format(&job->keep, "%s../", up);
  const char *rest = to + same;
  rest += strspn(rest, "/");
  return up == NULL ? NULL : ky_format(&job->keep, "%s%s%s", up, rest, rest[0] != '\0' ? "/" : "");
}

static ky_err set_written(ky_job *job, const char *dir, const char *folder, ky_findings *findings) {
  char *from = realpath(dir, NULL), *to = realpath(folder, NULL);
  const char *way = from != NULL && to != NULL ? relative_path(job, from, to) : NULL;
  ky_err err = KY_OK;
  if (from == NULL || to == NULL)
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s: the folder cannot be opened (%s)"), from == NULL ? dir : folder,
                  strerror(errno));
  else if (way == NULL)
    err = ky_fail_memory(job);
  free(from);
  free(to);
  for (uint32_t i = 0; err == KY_OK && i < findings->count; i++) {
    ky_found *row = &findings->rows[i];
    row->written = ky_format(&job->keep, "%s%s", way, row->shown);
    if (row->written == NULL)
      err = ky_fail_memory(job);
    else if (!ky_text_is_utf8(row->written)) {
      row->use = KY_USE_NONE;
      row->reason = ky_tr("its name is not UTF-8, so a configuration cannot name it; rename it");
    }
  }
  return err;
}

ky_err ky_findings_write(ky_job *job, const char *dir, const char *folder, ky_findings *findings, FILE *out) {
  filler f = {out, findings};
  const ky_config_fill fill = {write_value, &f};
  KY_TRY(set_written(job, dir, folder, findings));
  ky_config_example(out, &fill);
  return KY_OK;
}
