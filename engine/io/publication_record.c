/* run.json and the database: the database gets its text, and it gets where the run is in the database. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "io/out_file.h"
#include "io/publication_parts.h"
#include "io/run_json.h"

/* XXH3-64 of a part of run.json as compact text. */
static const char *hash_part(ky_job *job, const json_t *part) {
  char *text = json_dumps(part, JSON_COMPACT);
  if (text == NULL) return NULL;
  const uint64_t hash = XXH3_64bits(text, strlen(text));
  free(text);
  return ky_format(&job->keep, "%016" PRIx64, hash);
}

/* What was read, not where it lies: role and hashes. */
static json_t *inputs_of(const json_t *root) {
  static const char *const keys[] = {"role", "xxh3_64", "table"};
  json_t *list = json_array();
  size_t i;
  json_t *input;
  json_array_foreach(json_object_get(root, "inputs"), i, input) {
    json_t *one = json_object();
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
      json_t *of = json_object_get(input, keys[k]);
      if (json_is_object(of)) of = json_object_get(of, "xxh3_64");
      if (of != NULL) json_object_set(one, keys[k], of);
    }
    json_array_append_new(list, one);
  }
  return list;
}

/* As the row of the municipality says it; else as run.json does. */
static json_t *dates_of(const json_t *root, const ky_layers *internal) {
  json_t *dates = json_deep_copy(json_object_get(root, "dates"));
  const ky_table *zones = ky_layers_find(internal, "zones");
  const ky_column *level = zones != NULL ? ky_table_column(zones, "level") : NULL;
  const ky_column *date = zones != NULL ? ky_table_column(zones, "participants_date") : NULL;
  for (uint32_t i = 0; level != NULL && date != NULL && date->type == KY_COLUMN_TEXT && i < zones->count; i++)
    if (strcmp(level->of.text[i], "municipality") == 0 && date->of.text[i] != NULL)
      json_object_set_new(dates, "participants", json_string(date->of.text[i]));
  return dates;
}

static ky_err fill_record(ky_job *job, const json_t *root, const ky_layers *internal, ky_publication_record *out) {
  json_t *inputs = inputs_of(root), *dates = dates_of(root, internal);
  char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(KY_RUN_JSON_DIGITS));
  char *dates_text = json_dumps(dates, JSON_COMPACT | JSON_ENCODE_ANY);
  out->inputs_hash = hash_part(job, inputs);
  out->settings_hash = hash_part(job, json_object_get(root, "definitions"));
  out->text = text != NULL ? ky_arena_text(&job->keep, text, strlen(text)) : NULL;
  out->dates = dates_text != NULL ? ky_arena_text(&job->keep, dates_text, strlen(dates_text)) : NULL;
  free(text);
  free(dates_text);
  json_decref(inputs);
  json_decref(dates);
  const bool is_whole =
      out->inputs_hash != NULL && out->settings_hash != NULL && out->text != NULL && out->dates != NULL;
  return is_whole ? KY_OK : ky_fail_memory(job);
}

static ky_err load(ky_job *job, const char *folder, const char **path, json_t **root) {
  json_error_t why;
  *root = NULL;
  *path = ky_format(&job->scratch, "%s/run.json", folder);
  if (*path == NULL) return ky_fail_memory(job);
  *root = json_load_file(*path, 0, &why);
  return *root != NULL ? KY_OK : ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be read back: %s"), *path, why.text);
}

ky_err ky_publication_read_record(ky_job *job, const char *folder, const ky_layers *internal,
                                  ky_publication_record *out) {
  const char *path;
  json_t *root;
  KY_TRY(load(job, folder, &path, &root));
  const ky_err err = fill_record(job, root, internal, out);
  json_decref(root);
  return err;
}

static json_t *layers_value(const ky_published_run *p) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < p->staged_count; i++) {
    const ky_staged *staged = &p->staged[i];
    char hash[20];
    snprintf(hash, sizeof hash, "%016" PRIx64, staged->hash);
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s, s:I, s:s}", "audience", staged->audience, "layer", staged->table->layer,
                        "table", staged->stored, "rows", (json_int_t)staged->table->count, "xxh3_64", hash));
  }
  return list;
}

static json_t *publication_value(const ky_published_run *p) {
  const ky_pg_facts *facts = ky_pg_facts_of(p->pg);
  return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s, s:I, s:s?, s:o, s:i, s:o}", "server", facts->server, "database",
                   facts->database, "user", facts->user, "server_version", facts->version, "tls", facts->tls, "schema",
                   "kayoi", "run_id", (json_int_t)p->run_id, "run_name", p->opts->run_name, "run_before",
                   p->before != 0 ? json_integer(p->before) : json_null(), "srid", (int)p->srid, "layers",
                   layers_value(p));
}

static int put(const char *bytes, size_t count, void *user) {
  ky_out_file *out = user;
  ky_out_bytes(out, bytes, count);
  return out->error == 0 ? 0 : -1;
}

ky_err ky_publication_write_record(ky_job *job, const char *folder, const ky_published_run *p) {
  const char *path;
  json_t *root;
  ky_out_file out;
  KY_TRY(load(job, folder, &path, &root));
  json_t *value = publication_value(p);
  ky_err err = value == NULL || json_object_set_new(root, "publication", value) != 0 ? ky_fail_memory(job) : KY_OK;
  if (err == KY_OK && unlink(path) != 0) err = ky_out_fail(job, path, errno);
  if (err != KY_OK || (err = ky_out_open(job, path, &out)) != KY_OK) goto done;
  const int dumped = json_dump_callback(root, put, &out, JSON_INDENT(2) | JSON_REAL_PRECISION(KY_RUN_JSON_DIGITS));
  ky_out_bytes(&out, "\n", 1);
  err = ky_out_close(job, &out);
  if (err == KY_OK && dumped != 0) err = ky_fail_memory(job);
done:
  json_decref(root);
  return err;
}
