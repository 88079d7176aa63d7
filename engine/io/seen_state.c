/* OUT/state.json: what a run saw, and what it left. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <kayoi/stamp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "io/file_hash.h"
#include "io/out_file.h"
#include "io/run_json_parts.h"
#include "io/run_outputs.h"
#include "io/seen.h"

#define STATE_FORMAT    1
#define STATE_BYTES_MAX ((off_t)64 << 20)

/* Names may hold any bytes, JSON only UTF-8: a name is compared by its hash. */
static void set_path(ky_run_json *b, json_t *object, const char *path) {
  char text[17];
  snprintf(text, sizeof text, "%016" PRIx64, (uint64_t)XXH3_64bits(path, strlen(path)));
  ky_json_set_text(b, object, "path", path);
  ky_json_set_text(b, object, "path_xxh3_64", text);
}

static void set_number(ky_run_json *b, json_t *object, const char *key, int64_t number) {
  ky_json_set(b, object, key, json_integer((json_int_t)number));
}

static json_t *words_value(ky_run_json *b, const ky_seen *seen) {
  json_t *words = json_object();
  for (uint32_t i = 0; i < seen->word_count; i++) ky_json_set_text(b, words, seen->words[i].name, seen->words[i].value);
  return words;
}

static json_t *files_value(ky_run_json *b, const ky_seen *seen) {
  json_t *files = json_array();
  for (uint32_t i = 0; i < seen->file_count; i++) {
    const ky_seen_file *from = &seen->files[i];
    json_t *file = json_object();
    ky_json_set_text(b, file, "name", from->name);
    set_path(b, file, from->path);
    ky_json_set(b, file, "is_there", json_boolean(from->is_there));
    ky_json_set_count(b, file, "bytes", from->bytes);
    set_number(b, file, "inode", (int64_t)from->inode);
    set_number(b, file, "mtime_ns", from->mtime_ns);
    set_number(b, file, "ctime_ns", from->ctime_ns);
    ky_json_set_hash(b, file, from->hash);
    ky_json_append(b, files, file);
  }
  return files;
}

static ky_err set_outputs(ky_run_json *b, json_t *root, const char *folder) {
  ky_output *outputs;
  uint32_t count;
  KY_TRY(ky_outputs_list(b->job, folder, &outputs, &count));
  json_t *list = json_array();
  for (uint32_t i = 0; i < count; i++) {
    struct stat info;
    const char *path = ky_format(&b->job->scratch, "%s/%s", folder, outputs[i].name);
    json_t *output = json_object();
    if (path == NULL || stat(path, &info) != 0) b->is_out = true;
    set_path(b, output, outputs[i].name);
    ky_json_set_count(b, output, "bytes", outputs[i].bytes);
    if (!b->is_out) set_number(b, output, "mtime_ns", (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec);
    ky_json_set_hash(b, output, outputs[i].hash);
    ky_json_append(b, list, output);
  }
  ky_json_set(b, root, "outputs", list);
  return KY_OK;
}

static void set_seen(ky_run_json *b, json_t *root, const ky_seen *seen) {
  set_number(b, root, "kayoi_state", STATE_FORMAT);
  set_number(b, root, "seen_ns", seen->at_ns);
  ky_json_set(b, root, "settings", words_value(b, seen));
  ky_json_set(b, root, "files", files_value(b, seen));
}

static int put(const char *bytes, size_t count, void *user) {
  ky_out_bytes(user, bytes, count);
  return ((ky_out_file *)user)->error == 0 ? 0 : -1;
}

static ky_err dump(ky_job *job, const json_t *root, const char *path) {
  ky_out_file out;
  KY_TRY(ky_out_open(job, path, &out));
  const int dumped = json_dump_callback(root, put, &out, JSON_INDENT(1));
  ky_out_bytes(&out, "\n", 1);
  const ky_err err = ky_out_close(job, &out);
  return err == KY_OK && dumped != 0 ? ky_fail_memory(job) : err;
}

ky_err ky_seen_write(ky_job *job, const ky_seen *seen, const char *folder) {
  ky_run_json b = {.job = job};
  const char *path = ky_format(&job->scratch, "%s/" KY_SEEN_FILE_NAME, folder);
  json_t *root = json_object();
  ky_err err = path == NULL || root == NULL ? ky_fail_memory(job) : KY_OK;
  if (err != KY_OK) goto done;
  set_seen(&b, root, seen);
  if ((err = set_outputs(&b, root, folder)) != KY_OK) goto done;
  err = b.is_out ? ky_fail_memory(job) : dump(job, root, path);
done:
  json_decref(root);
  return err;
}

/* Nothing of the file is trusted. NULL: there is none that can be used. */
static json_t *load(ky_job *job, const char *folder) {
  struct stat info;
  const char *path = ky_format(&job->scratch, "%s/" KY_SEEN_FILE_NAME, folder);
  const int fd = path == NULL ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  json_t *root = NULL;
  if (fd < 0) return NULL;
  if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= STATE_BYTES_MAX)
    root = json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
  close(fd);
  if (json_integer_value(json_object_get(root, "kayoi_state")) == STATE_FORMAT) return root;
  json_decref(root);
  return NULL;
}

static int64_t number_of(const json_t *object, const char *key) {
  return (int64_t)json_integer_value(json_object_get(object, key));
}

static uint64_t hash_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL && strlen(text) == 16 ? strtoull(text, NULL, 16) : 0;
}

static const char *text_of(ky_job *job, const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return ky_arena_text(&job->keep, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

static ky_err read_words(ky_job *job, const json_t *root, ky_seen *seen) {
  json_t *words = json_object_get(root, "settings"), *value;
  const char *name;
  KY_NEW(job, keep, seen->words, json_object_size(words));
  json_object_foreach(words, name, value) {
    ky_seen_word *word = &seen->words[seen->word_count++];
    word->name = ky_arena_text(&job->keep, name, strlen(name));
    word->value = text_of(job, words, name);
    if (word->name == NULL || word->value == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* A path that JSON could not hold as it is becomes one that no file has: its file is then new. */
static ky_err read_files(ky_job *job, const json_t *root, ky_seen *seen) {
  const json_t *list = json_object_get(root, "files");
  seen->file_count = (uint32_t)json_array_size(list);
  KY_NEW(job, keep, seen->files, seen->file_count);
  for (uint32_t i = 0; i < seen->file_count; i++) {
    const json_t *from = json_array_get(list, i);
    ky_seen_file *file = &seen->files[i];
    *file = (ky_seen_file){.name = text_of(job, from, "name"),
                           .path = text_of(job, from, "path"),
                           .is_there = json_is_true(json_object_get(from, "is_there")),
                           .bytes = (uint64_t)number_of(from, "bytes"),
                           .inode = (uint64_t)number_of(from, "inode"),
                           .hash = hash_of(from, "xxh3_64"),
                           .mtime_ns = number_of(from, "mtime_ns"),
                           .ctime_ns = number_of(from, "ctime_ns")};
    if (file->name == NULL || file->path == NULL) return ky_fail_memory(job);
    if (XXH3_64bits(file->path, strlen(file->path)) != hash_of(from, "path_xxh3_64")) file->path = "";
  }
  return KY_OK;
}

ky_err ky_seen_read(ky_job *job, const char *folder, const ky_seen **out) {
  json_t *root = load(job, folder);
  ky_seen *seen = root != NULL ? ky_arena_alloc(&job->keep, 1, sizeof *seen) : NULL;
  ky_err err = root != NULL && seen == NULL ? ky_fail_memory(job) : KY_OK;
  *out = NULL;
  if (seen == NULL) goto done;
  seen->at_ns = number_of(root, "seen_ns");
  if ((err = read_words(job, root, seen)) == KY_OK) err = read_files(job, root, seen);
  if (err == KY_OK) *out = seen;
done:
  json_decref(root);
  return err;
}

/* What is wrong with a file of the result; NULL: nothing. */
static const char *damage_of(const char *path, const json_t *output) {
  struct stat info;
  uint64_t bytes, hash;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return ky_tr("missing");
  if ((int64_t)info.st_size != number_of(output, "bytes")) return ky_tr("of another size");
  if ((int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec == number_of(output, "mtime_ns")) return NULL;
  const int error = ky_file_hash(path, &bytes, &hash);
  return error != 0 ? ky_tr("unreadable") : hash != hash_of(output, "xxh3_64") ? ky_tr("changed") : NULL;
}

ky_err ky_seen_damage(ky_job *job, const char *folder, const char **damage) {
  json_t *root = load(job, folder);
  const json_t *list = json_object_get(root, "outputs");
  ky_err err = KY_OK;
  *damage = json_array_size(list) == 0 ? KY_SEEN_FILE_NAME : NULL;
  for (size_t i = 0; err == KY_OK && *damage == NULL && i < json_array_size(list); i++) {
    const json_t *output = json_array_get(list, i);
    const char *name = json_string_value(json_object_get(output, "path"));
    const char *path = ky_format(&job->scratch, "%s/%s", folder, name != NULL ? name : "");
    const char *how = path != NULL ? damage_of(path, output) : NULL;
    if (path != NULL && how == NULL) continue;
    *damage = path != NULL ? ky_format(&job->keep, "%s (%s)", name != NULL ? name : "?", how) : NULL;
    if (*damage == NULL) err = ky_fail_memory(job);
  }
  json_decref(root);
  return err;
}

void ky_seen_refresh(ky_job *job, const ky_seen *seen, const char *folder) {
  ky_run_json b = {.job = job};
  json_t *root = load(job, folder);
  const char *path = ky_format(&job->scratch, "%s/" KY_SEEN_FILE_NAME, folder);
  const char *temporary = ky_format(&job->scratch, "%s/" KY_SEEN_NEW_FILE_NAME, folder);
  if (root == NULL || path == NULL || temporary == NULL) goto done;
  set_seen(&b, root, seen);
  unlink(temporary);
  if (b.is_out || json_dump_file(root, temporary, JSON_INDENT(1)) != 0 || rename(temporary, path) != 0)
    unlink(temporary);
done:
  json_decref(root);
}
