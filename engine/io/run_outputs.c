/* Lists and hashes the files of a folder. */
#include "io/run_outputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "io/out_file.h"

#define CHUNK ((size_t)1 << 18)
#define DEPTH 6 /* scenarios/<name>/tiles/<z>/<x>/<file> */

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

/* Names of the files of a folder and of those in it, `prefix` before each. With outputs = NULL only counts. */
static ky_err read_names(ky_job *job, const char *folder, const char *prefix, int depth, ky_output *outputs,
                         uint32_t capacity, uint32_t *count) {
  DIR *entries = opendir(folder);
  if (entries == NULL) return ky_out_fail(job, folder, errno);
  ky_err err = KY_OK;
  for (struct dirent *entry; err == KY_OK && (entry = readdir(entries)) != NULL;) {
    struct stat info;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    const char *name = ky_format(&job->scratch, "%s%s", prefix, entry->d_name);
    if (name == NULL) {
      err = ky_fail_memory(job);
    } else if (depth > 0 && fstatat(dirfd(entries), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
               S_ISDIR(info.st_mode)) {
      const char *inner = ky_format(&job->scratch, "%s/%s", folder, entry->d_name);
      const char *inner_prefix = ky_format(&job->scratch, "%s/", name);
      err = inner == NULL || inner_prefix == NULL
                ? ky_fail_memory(job)
                : read_names(job, inner, inner_prefix, depth - 1, outputs, capacity, count);
    } else {
      if (outputs != NULL && *count < capacity) outputs[*count].name = name;
      ++*count;
    }
  }
  closedir(entries);
  return err;
}

ky_err ky_outputs_list(ky_job *job, const char *folder, ky_output **outputs, uint32_t *count) {
  char *chunk;
  uint32_t capacity = 0;
  *count = 0;
  KY_TRY(read_names(job, folder, "", DEPTH, NULL, 0, &capacity));
  KY_NEW(job, scratch, *outputs, capacity);
  KY_NEW(job, scratch, chunk, CHUNK);
  KY_TRY(read_names(job, folder, "", DEPTH, *outputs, capacity, count));
  if (*count > capacity) *count = capacity; /* the folder is ours alone; nothing comes in between */
  if (*count > 1) qsort(*outputs, *count, sizeof **outputs, compare_names);
  for (uint32_t i = 0; i < *count; i++) KY_TRY(hash(job, folder, chunk, &(*outputs)[i]));
  return KY_OK;
}
