/* run.json of a past run, read back with jansson. */
#include "io/past_json.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN_JSON_BYTES_MAX ((off_t)256 << 20)

/* What is being read; is_out: memory ended on the way. */
typedef struct reading {
  ky_job *job;
  ky_past *past;
  bool is_out;
} reading;

/* NULL: null, missing, or no text. */
static const char *text_of(reading *r, const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  if (!json_is_string(value)) return NULL;
  const char *copy = ky_arena_text(&r->job->keep, json_string_value(value), json_string_length(value));
  r->is_out = r->is_out || copy == NULL;
  return copy;
}

static int64_t count_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_integer(value) ? (int64_t)json_integer_value(value) : KY_NULL;
}

/* A number of people as thousandths. */
static int64_t milli_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  const double milli = json_is_number(value) ? json_number_value(value) * 1000 : NAN;
  return isfinite(milli) && fabs(milli) < 9e15 ? llround(milli) : KY_NULL;
}

/* Room for the items of an array; NULL with *count 0 where there is none. */
static void *room_for(reading *r, const json_t *array, size_t size, uint32_t *count) {
  *count = (uint32_t)json_array_size(array);
  void *room = ky_arena_alloc(&r->job->keep, *count, size);
  r->is_out = r->is_out || room == NULL;
  if (room == NULL) *count = 0;
  return room;
}

static void read_inputs(reading *r, const json_t *root) {
  const json_t *list = json_object_get(root, "inputs");
  r->past->inputs = room_for(r, list, sizeof *r->past->inputs, &r->past->input_count);
  for (uint32_t i = 0; i < r->past->input_count; i++) {
    const json_t *from = json_array_get(list, i);
    r->past->inputs[i] = (ky_past_input){.role = text_of(r, from, "role"),
                                         .name = text_of(r, from, "name"),
                                         .path = text_of(r, from, "path"),
                                         .date = text_of(r, from, "date"),
                                         .hash = text_of(r, from, "xxh3_64"),
                                         .table_hash = text_of(r, json_object_get(from, "table"), "xxh3_64"),
                                         .bytes = count_of(from, "bytes"),
                                         .is_workbook = json_is_true(json_object_get(from, "workbook")),
                                         .records = count_of(from, "records_read"),
                                         .bad = count_of(from, "records_bad")};
  }
}

static void read_settings(reading *r, const json_t *root) {
  const json_t *list = json_object_get(root, "definitions");
  r->past->settings = room_for(r, list, sizeof *r->past->settings, &r->past->setting_count);
  for (uint32_t i = 0; i < r->past->setting_count; i++) {
    const json_t *from = json_array_get(list, i);
    r->past->settings[i] = (ky_past_setting){
        .key = text_of(r, from, "key"), .value = text_of(r, from, "value"), .origin = text_of(r, from, "origin")};
  }
}

static void read_outputs(reading *r, const json_t *root) {
  const json_t *list = json_object_get(root, "outputs");
  r->past->outputs = room_for(r, list, sizeof *r->past->outputs, &r->past->output_count);
  for (uint32_t i = 0; i < r->past->output_count; i++) {
    const json_t *from = json_array_get(list, i);
    r->past->outputs[i] = (ky_past_output){
        .path = text_of(r, from, "path"), .hash = text_of(r, from, "xxh3_64"), .bytes = count_of(from, "bytes")};
  }
}

static void read_ledger(reading *r, const json_t *root) {
  const json_t *list = json_object_get(root, "ledger");
  r->past->rows = room_for(r, list, sizeof *r->past->rows, &r->past->row_count);
  for (uint32_t i = 0; i < r->past->row_count; i++) {
    const json_t *from = json_array_get(list, i);
    const json_t *people = json_object_get(json_object_get(from, "people"), ky_measure_name(KY_65));
    r->past->rows[i] = (ky_past_row){.level = text_of(r, from, "level"),
                                     .zone_id = text_of(r, from, "zone_id"),
                                     .name = text_of(r, from, "zone_name"),
                                     .pop_65 = milli_of(people, "pop"),
                                     .covered_65 = milli_of(people, "covered"),
                                     .in_gap_65 = milli_of(people, "in_gap")};
  }
}

/* "text", "bool", or the count of decimals. */
static bool read_type(const json_t *value, ky_past_column *out) {
  const char *text = json_string_value(value);
  const json_int_t decimals = json_is_integer(value) ? json_integer_value(value) : -1;
  out->type = text == NULL ? KY_COLUMN_FIXED : strcmp(text, "bool") == 0 ? KY_COLUMN_BOOL : KY_COLUMN_TEXT;
  if (text != NULL) return strcmp(text, "bool") == 0 || strcmp(text, "text") == 0;
  out->decimals = (uint8_t)decimals;
  return decimals >= 0 && decimals <= 9;
}

/* False: it is not what kayoi writes. */
static bool read_layer(reading *r, const char *audience, const char *name, json_t *from, ky_past_layer *out) {
  json_t *columns = json_object_get(from, "columns"), *type;
  const int64_t rows = count_of(from, "rows");
  const char *column;
  uint32_t at = 0;
  *out = (ky_past_layer){
      .audience = audience, .rows = (uint32_t)rows, .column_count = (uint32_t)json_object_size(columns)};
  out->layer = ky_arena_text(&r->job->keep, name, strlen(name));
  out->columns = ky_arena_alloc(&r->job->keep, out->column_count, sizeof *out->columns);
  if (out->layer == NULL || out->columns == NULL) {
    r->is_out = true;
    return true;
  }
  json_object_foreach(columns, column, type) {
    out->columns[at].name = ky_arena_text(&r->job->keep, column, strlen(column));
    r->is_out = r->is_out || out->columns[at].name == NULL;
    if (!read_type(type, &out->columns[at++])) return false;
  }
  return rows >= 0 && rows < KY_NONE && at != 0;
}

static bool read_layers(reading *r, json_t *root) {
  static const char *const audiences[] = {"internal", "public"};
  json_t *all = json_object_get(root, "layers"), *layer;
  const char *name;
  uint32_t capacity = 0;
  bool is_good = json_is_object(all);
  for (size_t a = 0; a < 2; a++) capacity += (uint32_t)json_object_size(json_object_get(all, audiences[a]));
  r->past->layers = ky_arena_alloc(&r->job->keep, capacity, sizeof *r->past->layers);
  if (r->past->layers == NULL) return r->is_out = true;
  for (size_t a = 0; a < 2; a++) {
    json_t *of = json_object_get(all, audiences[a]);
    json_object_foreach(of, name, layer) {
      is_good = read_layer(r, audiences[a], name, layer, &r->past->layers[r->past->layer_count++]) && is_good;
    }
  }
  return is_good;
}

/* Why this is no run that can be read here; NULL: it is one. */
static const char *judge(ky_job *job, const char *place, const json_t *root) {
  const json_t *kayoi = json_object_get(root, "kayoi");
  const char *version = json_string_value(json_object_get(kayoi, "version"));
  const int64_t format = count_of(kayoi, "format");
  if (version == NULL || strlen(version) > 40 || !json_is_array(json_object_get(root, "inputs")) ||
      !json_is_array(json_object_get(root, "definitions")) || !json_is_array(json_object_get(root, "outputs")))
    return ky_format(&job->keep, ky_tr("%s/run.json was not written by kayoi; name the folder of a run"), place);
  if (format > KY_RUN_FORMAT)
    return ky_format(
        &job->keep, ky_tr("%s was written by kayoi %s, which is newer than this one; use that version, or a newer one"),
        place, version);
  if (format != KY_RUN_FORMAT)
    return ky_format(&job->keep,
                     ky_tr("%s was written by an older kayoi (%s) that did not yet say how its layers are made up; run "
                           "the configuration again"),
                     place, version);
  return NULL;
}

/* False: something in it is not as kayoi writes it. */
static bool read_root(reading *r, json_t *root) {
  const json_t *municipality = json_object_get(root, "municipality"), *dates = json_object_get(root, "dates");
  ky_past *past = r->past;
  past->version = text_of(r, json_object_get(root, "kayoi"), "version");
  past->name = text_of(r, municipality, "name");
  past->code = text_of(r, municipality, "code");
  past->crs = text_of(r, json_object_get(root, "crs"), "code");
  past->people_date = text_of(r, dates, "people");
  past->venues_date = text_of(r, dates, "venues");
  past->official_date = text_of(r, dates, "official");
  past->published = text_of(r, json_object_get(root, "timings"), "published_at");
  past->gaps_count = count_of(json_object_get(root, "counts"), "gaps");
  past->config_text = text_of(r, json_object_get(root, "config"), "text");
  past->venues_counting = count_of(json_object_get(root, "counting"), "venues_counting");
  read_inputs(r, root);
  read_settings(r, root);
  read_outputs(r, root);
  read_ledger(r, root);
  if (!read_layers(r, root)) return false;
  bool is_good = past->crs != NULL;
  for (uint32_t i = 0; i < past->input_count; i++) is_good = is_good && past->inputs[i].role != NULL;
  for (uint32_t i = 0; i < past->setting_count; i++) is_good = is_good && past->settings[i].key != NULL;
  for (uint32_t i = 0; i < past->output_count; i++) is_good = is_good && past->outputs[i].path != NULL;
  for (uint32_t i = 0; i < past->row_count; i++) is_good = is_good && past->rows[i].level != NULL;
  return is_good || r->is_out;
}

/* -1: there is none; -2: *why says why it cannot be read. */
static int open_json(ky_job *job, const char *folder, const char **why) {
  struct stat info;
  const char *path = ky_format(&job->scratch, "%s/run.json", folder);
  int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (path == NULL) return -2;
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return -1;
  if (fd < 0) {
    *why = ky_format(&job->keep, ky_tr("%s cannot be opened: %s"), path, strerror(errno));
    return -2;
  }
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= RUN_JSON_BYTES_MAX) return fd;
  close(fd);
  *why = ky_format(&job->keep, ky_tr("%s/run.json was not written by kayoi; name the folder of a run"), folder);
  return -2;
}

ky_err ky_past_of_json(ky_job *job, json_t *root, const char *place, const ky_past **out) {
  reading r = {.job = job};
  KY_NEW(job, keep, r.past, 1);
  r.past->place = place;
  const bool is_good = read_root(&r, root);
  if (r.is_out) return ky_fail_memory(job);
  *out = r.past;
  return is_good ? KY_OK : ky_fail(job, KY_E_INTERNAL, "run.json of this run cannot be read back");
}

ky_err ky_past_judge(ky_job *job, json_t *root, const json_error_t *error, const char *folder, ky_past **out,
                     const char **why) {
  reading r = {.job = job};
  *out = NULL;
  *why = NULL;
  r.past = ky_arena_alloc(&job->keep, 1, sizeof *r.past);
  if (r.past != NULL) r.past->place = ky_arena_text(&job->keep, folder, strlen(folder));
  r.is_out = r.past == NULL || r.past->place == NULL;
  if (root == NULL && !r.is_out)
    *why = ky_format(&job->keep, ky_tr("%s/run.json is cut off or damaged (line %d: %s); take another run"), folder,
                     error->line, error->text);
  else if (!r.is_out && (*why = judge(job, folder, root)) == NULL && !read_root(&r, root))
    *why = ky_format(&job->keep, ky_tr("%s/run.json is not as kayoi writes it: somebody changed it; take another run"),
                     folder);
  if (r.is_out) return ky_fail_memory(job);
  *out = *why == NULL ? r.past : NULL;
  return KY_OK;
}

ky_err ky_past_look(ky_job *job, const char *folder, const ky_past **out, const char **why) {
  json_error_t error;
  ky_past *past = NULL;
  *out = NULL;
  *why = NULL;
  const int fd = open_json(job, folder, why);
  if (fd < 0) return fd == -2 && *why == NULL ? ky_fail_memory(job) : KY_OK;
  json_t *root = json_loadfd(fd, JSON_REJECT_DUPLICATES, &error);
  close(fd);
  const ky_err err = ky_past_judge(job, root, &error, folder, &past, why);
  json_decref(root);
  *out = past;
  return err;
}

ky_err ky_past_open(ky_job *job, const char *folder, const ky_past **out) {
  const char *why;
  KY_TRY(ky_past_look(job, folder, out, &why));
  if (why != NULL) return ky_fail(job, KY_E_INPUT, "%s", why);
  if (*out != NULL) return KY_OK;
  return ky_fail(
      job, KY_E_INPUT,
      ky_tr("%s: there is no run: it holds no run.json; name the folder of the results (outputs.dir, or --out "
            "of kayoi run)"),
      folder);
}
