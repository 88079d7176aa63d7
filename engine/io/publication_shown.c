/* Is the run in a folder the one that readers of the database see? For nights without a change. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/publication_parts.h"

static int compare_lines(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Number of the run and all its layers with their hashes ("internal cells 0123456789abcdef"), in one order; *text NULL: the folder's run was not published,
 * or its record cannot be read. */
static ky_err folder_text(ky_job *job, const char *folder, const char **text) {
  const char *path = ky_format(&job->scratch, "%s/run.json", folder);
  json_t *root = path != NULL ? json_load_file(path, 0, NULL) : NULL;
  const json_t *of = json_object_get(root, "publication"), *layers = json_object_get(of, "layers");
  const size_t count = json_array_size(layers);
  const char **lines = ky_arena_alloc(&job->scratch, count, sizeof *lines);
  bool is_out = path == NULL || lines == NULL;
  *text = NULL;
  for (size_t i = 0; i < count && !is_out; i++) {
    const json_t *layer = json_array_get(layers, i);
    const char *parts[3], *const keys[] = {"audience", "layer", "xxh3_64"};
    for (int k = 0; k < 3; k++) parts[k] = json_string_value(json_object_get(layer, keys[k]));
    lines[i] = ky_format(&job->scratch, "%s %s %s", parts[0] != NULL ? parts[0] : "", parts[1] != NULL ? parts[1] : "",
                         parts[2] != NULL ? parts[2] : "");
    is_out = lines[i] == NULL;
  }
  if (!is_out && count != 0) {
    qsort(lines, count, sizeof *lines, compare_lines);
    *text = ky_format(&job->scratch, "%lld", (long long)json_integer_value(json_object_get(of, "run_id")));
    for (size_t i = 0; i < count && *text != NULL; i++) *text = ky_format(&job->scratch, "%s\n%s", *text, lines[i]);
    is_out = *text == NULL;
  }
  json_decref(root);
  return is_out ? ky_fail_memory(job) : KY_OK;
}

/* The same of the run that the database shows; NULL: none. */
static ky_err database_text(ky_job *job, const ky_publication_opts *opts, ky_pg *pg, const char **text) {
  static const char sql[] =
      "SELECT r.run_id || coalesce((SELECT string_agg(E'\\n' || l.audience || ' ' || l.layer || ' ' || l.hash, '' ORDER BY"
      " (l.audience || ' ' || l.layer || ' ' || l.hash) COLLATE \"C\") FROM kayoi.run_layer l WHERE l.run_id = r.run_id), '')"
      " FROM kayoi.run r WHERE r.municipality_code = $1 AND r.is_latest";
  const char *params[] = {opts->municipality_code};
  ky_pg_rows *rows;
  *text = NULL;
  KY_TRY(ky_pg_query(job, pg, ky_tr("looking for the run that is shown"), sql, params, 1, &rows));
  const char *value = ky_pg_row_count(rows) != 0 ? ky_pg_value(rows, 0, 0) : NULL;
  if (value != NULL) *text = ky_arena_text(&job->scratch, value, strlen(value));
  ky_pg_rows_free(rows);
  return value != NULL && *text == NULL ? ky_fail_memory(job) : KY_OK;
}

ky_err ky_publication_is_shown(ky_job *job, const ky_publication_opts *opts, const char *folder, bool *is_shown) {
  const ky_pg_place place = {opts->service, opts->conninfo, KY_PUBLICATION_WHERE};
  const char *here, *there = NULL;
  ky_pg *pg = NULL;
  *is_shown = false;
  KY_TRY(folder_text(job, folder, &here));
  if (here == NULL) return KY_OK;
  KY_TRY(ky_pg_open(job, &place, &pg));
  const ky_err err = database_text(job, opts, pg, &there);
  ky_pg_close(pg);
  *is_shown = err == KY_OK && there != NULL && strcmp(here, there) == 0;
  return err;
}
