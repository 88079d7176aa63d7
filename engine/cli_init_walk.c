/* Files of a folder, in an order that does not depend on the file system. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli_init_from.h"

#define DEPTH_MAX 8
#define FILES_MAX 5000

ky_found *ky_findings_add(ky_job *job, ky_findings *findings, const char *path, const char *shown) {
  if (findings->count == findings->capacity) {
    uint32_t capacity = findings->capacity > 0 ? findings->capacity * 2 : 64;
    ky_found *rows = realloc(findings->rows, capacity * sizeof *rows);
    if (rows == NULL) {
      ky_fail_memory(job);
      return NULL;
    }
    findings->rows = rows;
    findings->capacity = capacity;
  }
  ky_found *row = &findings->rows[findings->count];
  *row = (ky_found){.path = ky_format(&job->keep, "%s", path), .shown = ky_format(&job->keep, "%s", shown)};
  if (row->path == NULL || row->shown == NULL) {
    ky_fail_memory(job);
    return NULL;
  }
  findings->count++;
  return row;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in a folder without hidden ones; `is_results`: it is what a run of kayoi wrote. */
static ky_err list_names(ky_job *job, const char *folder, char ***names, size_t *count, bool *is_results) {
  size_t capacity = 64;
  DIR *dir = opendir(folder);
  *count = 0;
  *names = NULL;
  *is_results = false;
  if (dir == NULL)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: the folder cannot be opened (%s)"), folder, strerror(errno));
  ky_err err = KY_OK;
  *names = ky_arena_alloc(&job->keep, capacity, sizeof **names);
  for (struct dirent *entry; *names != NULL && (entry = readdir(dir)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    if (strcmp(entry->d_name, "run.json") == 0) *is_results = true;
    if (*count == capacity) {
      char **larger = ky_arena_alloc(&job->keep, capacity * 2, sizeof *larger);
      if (larger != NULL) memcpy(larger, *names, capacity * sizeof *larger);
      *names = larger;
      capacity *= 2;
      if (larger == NULL) break;
    }
    if (((*names)[*count] = ky_arena_text(&job->keep, entry->d_name, strlen(entry->d_name))) == NULL) {
      *names = NULL;
      break;
    }
    (*count)++;
  }
  if (*names == NULL) err = ky_fail_memory(job);
  closedir(dir);
  if (err == KY_OK) qsort(*names, *count, sizeof **names, by_bytes);
  return err;
}

static ky_err leave_out(ky_job *job, ky_findings *findings, const char *path, const char *shown, const char *reason) {
  ky_found *row = ky_findings_add(job, findings, path, shown);
  if (row == NULL) return job->err;
  row->reason = reason;
  return KY_OK;
}

static const char *extension_of(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot != NULL ? dot + 1 : "";
}

/* .dbf, .shx ... beside their .shp are parts of it. */
static bool is_part_of_shapefile(const char *name, char *const *names, size_t count) {
  static const char *const parts[] = {"dbf", "shx", "prj", "cpg", "sbn", "sbx", "qix", "qpj", "qmd"};
  const char *extension = extension_of(name);
  size_t stem = (size_t)(extension - name);
  bool is_part = false;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) is_part = is_part || strcasecmp(extension, parts[i]) == 0;
  for (size_t i = 0; is_part && i < count; i++)
    if (strlen(names[i]) == stem + 3 && strncmp(names[i], name, stem) == 0 && strcasecmp(names[i] + stem, "shp") == 0)
      return true;
  return false;
}

static ky_err walk(ky_job *job, const char *folder, const char *shown, int depth, ky_findings *findings);

static ky_err walk_entry(ky_job *job, const char *path, const char *shown, int depth, ky_findings *findings) {
  struct stat status;
  if (lstat(path, &status) != 0) return leave_out(job, findings, path, shown, ky_tr("cannot be read"));
  const bool is_link = S_ISLNK(status.st_mode);
  if (is_link && stat(path, &status) != 0)
    return leave_out(
        job, findings, path, shown,
        errno == ELOOP ? ky_tr("a symbolic link that leads back to itself") : ky_tr("a symbolic link to nothing"));
  if (S_ISDIR(status.st_mode)) {
    if (is_link) return leave_out(job, findings, path, shown, ky_tr("a symbolic link to a folder; not followed"));
    return walk(job, path, shown, depth + 1, findings);
  }
  if (!S_ISREG(status.st_mode)) return leave_out(job, findings, path, shown, ky_tr("not an ordinary file"));
  return ky_findings_add(job, findings, path, shown) != NULL ? KY_OK : job->err;
}

static ky_err walk(ky_job *job, const char *folder, const char *shown, int depth, ky_findings *findings) {
  char **names;
  size_t count;
  bool is_results;
  if (depth > DEPTH_MAX)
    return leave_out(job, findings, folder, shown, ky_tr("more than 8 folders deep; not looked into"));
  KY_TRY(list_names(job, folder, &names, &count, &is_results));
  if (is_results && depth > 0)
    return leave_out(job, findings, folder, shown, ky_tr("results of a run of kayoi; not looked into"));
  for (size_t i = 0; i < count; i++) {
    if (is_part_of_shapefile(names[i], names, count)) continue;
    const char *path = ky_format(&job->keep, "%s/%s", folder, names[i]);
    const char *name = shown[0] != '\0' ? ky_format(&job->keep, "%s/%s", shown, names[i]) : names[i];
    if (path == NULL || name == NULL) return ky_fail_memory(job);
    if (findings->count >= FILES_MAX)
      return ky_fail(job, KY_E_INPUT, ky_tr("%s: more than %d files; name the folder that holds the inputs only"),
                     folder, FILES_MAX);
    KY_TRY(walk_entry(job, path, name, depth, findings));
  }
  return KY_OK;
}

ky_err ky_findings_walk(ky_job *job, const char *folder, const char *shown, ky_findings *findings) {
  return walk(job, folder, shown, 0, findings);
}
