/* Lists and hashes the files of a folder. */
#include "io/run_outputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "io/out_file.h"

#define CHUNK ((size_t)1 << 18)

static int compare_names(const void *p, const void *q) {
  return strcmp(((const ky_output *)p)->name, ((const ky_output *)q)->name);
}

static ky_err hash(ky_job *job, const char *folder, char *chunk, ky_output *out) {
  const char *path = ky_format(&job->scratch, "%s/%s", folder, out->name);
  XXH3_state_t *state = XXH3_createState();
  FILE *file = path == NULL || state == NULL ? NULL : fopen(path, "rb");
  ky_err err = KY_OK;
  if (file == NULL) {
    err = path == NULL || state == NULL ? ky_fail_memory(job) : ky_out_fail(job, path, errno);
    goto done;
  }
  XXH3_64bits_reset(state);
  for (size_t n; (n = fread(chunk, 1, CHUNK, file)) > 0; out->bytes += n) XXH3_64bits_update(state, chunk, n);
  if (ferror(file)) err = ky_out_fail(job, path, errno);
  out->hash = XXH3_64bits_digest(state);
done:
  if (file != NULL) fclose(file);
  XXH3_freeState(state);
  return err;
}

/* With outputs = NULL only counts. */
static ky_err read_names(ky_job *job, const char *folder, ky_output *outputs, uint32_t *count) {
  DIR *entries = opendir(folder);
  if (entries == NULL) return ky_out_fail(job, folder, errno);
  ky_err err = KY_OK;
  uint32_t capacity = *count;
  *count = 0;
  for (struct dirent *entry; err == KY_OK && (entry = readdir(entries)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (outputs != NULL && *count < capacity) {
      outputs[*count].name = ky_arena_text(&job->scratch, entry->d_name, strlen(entry->d_name));
      if (outputs[*count].name == NULL) err = ky_fail_memory(job);
    }
    (*count)++;
  }
  closedir(entries);
  return err;
}

ky_err ky_outputs_list(ky_job *job, const char *folder, ky_output **outputs, uint32_t *count) {
  char *chunk;
  *count = 0;
  KY_TRY(read_names(job, folder, NULL, count));
  KY_NEW(job, scratch, *outputs, *count);
  KY_NEW(job, scratch, chunk, CHUNK);
  uint32_t capacity = *count;
  KY_TRY(read_names(job, folder, *outputs, count));
  if (*count > capacity) *count = capacity; /* the folder is ours alone; nothing comes in between */
  if (*count > 1) qsort(*outputs, *count, sizeof **outputs, compare_names);
  for (uint32_t i = 0; i < *count; i++) KY_TRY(hash(job, folder, chunk, &(*outputs)[i]));
  return KY_OK;
}
