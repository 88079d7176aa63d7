/* Files on disk: existence, size, hash, bytes. Archives are in source_zip.c. */
#include "io/source_file.h"

#include <cpl_vsi.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "io/gdal_log.h"
#include "io/source_bz2.h"
#include "io/source_zip.h"

const char *ky_path_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

bool ky_path_has(const char *path, const char *extension) {
  size_t length = strlen(path), n = strlen(extension);
  return length > n + 1 && path[length - n - 1] == '.' && strcasecmp(path + length - n, extension) == 0;
}

#define HASH_CHUNK ((size_t)1 << 17) /* stays in a processor's cache */

static ky_err hash_file(ky_job *job, const ky_source *source, const char *path, XXH3_state_t *state, uint64_t *bytes) {
  ky_err err = KY_OK;
  char *chunk = ky_arena_alloc(&job->scratch, HASH_CHUNK, 1);
  if (chunk == NULL) return ky_fail_memory(job);
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be opened (%s); look at the file's permissions"), source->name,
                  path, strerror(errno));
    goto done;
  }
  for (size_t n; (n = fread(chunk, 1, HASH_CHUNK, file)) > 0;) {
    XXH3_64bits_update(state, chunk, n);
    *bytes += n;
  }
  if (ferror(file))
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read to its end (%s)"), source->name, path, strerror(errno));
done:
  if (file != NULL) fclose(file);
  return err;
}

/* The files that one shapefile is, in this order, as far as they exist. */
static ky_err hash_parts(ky_job *job, const ky_source *source, const char *path, XXH3_state_t *state, uint64_t *bytes) {
  static const char *const parts[] = {"shx", "dbf", "prj", "cpg", "SHX", "DBF", "PRJ", "CPG"};
  char *part = ky_format(&job->scratch, "%s", path);
  if (part == NULL) return ky_fail_memory(job);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    struct stat status;
    memcpy(part + strlen(part) - 3, parts[i], 3);
    if (stat(part, &status) == 0 && S_ISREG(status.st_mode)) KY_TRY(hash_file(job, source, part, state, bytes));
  }
  return KY_OK;
}

ky_err ky_source_file_hash(ky_job *job, const ky_source *source, ky_source_file *file) {
  const char *path = file->disk_path;
  if (file->hash != 0) return KY_OK; /* a .bz2: when it was found */
  XXH3_state_t *state = XXH3_createState();
  if (state == NULL) return ky_fail_memory(job);
  XXH3_64bits_reset(state);
  file->bytes = 0;
  ky_err err = hash_file(job, source, path, state, &file->bytes);
  if (err == KY_OK && ky_path_has(path, "shp")) err = hash_parts(job, source, path, state, &file->bytes);
  file->hash = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  return err;
}

/* The size, of a file that can be opened. */
static ky_err find_size(ky_job *job, const ky_source *source, ky_source_file *out) {
  struct stat status;
  FILE *file = fopen(out->disk_path, "rb");
  if (file == NULL || fstat(fileno(file), &status) != 0) status.st_size = -1;
  const int error = errno;
  if (file != NULL) fclose(file);
  if (status.st_size < 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be opened (%s); look at the file's permissions"), source->name,
                   out->disk_path, strerror(error));
  out->bytes = (uint64_t)status.st_size;
  if (out->bytes == 0) return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the file is empty"), source->name, source->shown);
  return KY_OK;
}

/* The longest beginning of the path that is a file; what follows is a path inside it ("" if nothing does). */
static ky_err split_path(ky_job *job, const ky_source *source, char **file, const char **inside) {
  const char *path = source->path;
  struct stat status;
  int error = 0;
  if (stat(path, &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: is a folder; name the file in it"), source->name, source->shown);
    if (!S_ISREG(status.st_mode))
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: is not an ordinary file"), source->name, source->shown);
    *file = ky_format(&job->keep, "%s", path);
    *inside = "";
    return *file != NULL ? KY_OK : ky_fail_memory(job);
  }
  error = errno;
  for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    if (slash == path) continue;
    char *part = ky_arena_text(&job->keep, path, (size_t)(slash - path));
    if (part == NULL) return ky_fail_memory(job);
    if (stat(part, &status) == 0 && S_ISREG(status.st_mode)) {
      *file = part;
      *inside = slash + 1;
      return KY_OK;
    }
  }
  if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: is a link to a file that is not there (%s)"),
                   ky_source_where(job, source), path);
  if (error == ENOENT || error == ENOTDIR)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: no such file; paths are relative to the folder of the config (looked for %s)"),
                   source->name, source->shown, path);
  return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read (%s)"), source->name, source->shown, strerror(error));
}

ky_err ky_source_file_find(ky_job *job, const ky_source *source, ky_source_file *out) {
  char *file = NULL;
  const char *inside = NULL;
  memset(out, 0, sizeof *out);
  KY_TRY(split_path(job, source, &file, &inside));
  out->disk_path = file;
  KY_TRY(find_size(job, source, out));
  if (ky_path_has(file, "zip")) return ky_source_zip_find(job, source, file, inside, out->bytes, &out->vsi_path);
  if (inside[0] != '\0')
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: %s is a file but not a zip, so there is nothing inside it"),
                   source->name, source->shown, file);
  if (ky_path_has(file, "bz2")) { /* unpacked under the name of its hash */
    KY_TRY(ky_source_file_hash(job, source, out));
    return ky_source_bz2_unpack(job, source, file, out->hash, &out->vsi_path);
  }
  out->vsi_path = ky_path_has(file, "gz") ? ky_format(&job->keep, "/vsigzip/%s", file) : file;
  return out->vsi_path != NULL ? KY_OK : ky_fail_memory(job);
}

#define TEXT_MAX   ((size_t)2 << 30)
#define TEXT_FIRST ((size_t)1 << 16)

ky_err ky_source_file_load(ky_job *job, const ky_source *source, const char *vsi_path, char **bytes, size_t *length) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  VSIStatBufL status;
  size_t capacity = TEXT_FIRST, used = 0;
  ky_gdal_log_open(&log);
  /* The size of a gz is not known before its end; the buffer doubles until the file fits. */
  if (strncmp(vsi_path, "/vsigzip/", 9) != 0 && VSIStatL(vsi_path, &status) == 0 && status.st_size > 0)
    capacity = (size_t)status.st_size;
  char *text = ky_arena_alloc(&job->scratch, (capacity <= TEXT_MAX ? capacity : 0) + 1, 1);
  VSILFILE *file = VSIFOpenL(vsi_path, "rb");
  if (text == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  if (file == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be opened: %s"), source->name, source->shown,
                  log.error[0] != '\0' ? log.error : strerror(errno));
    goto done;
  }
  for (;;) {
    if (capacity > TEXT_MAX) {
      err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: a text of more than 2 GB; cut it to the area needed"), source->name,
                    source->shown);
      goto done;
    }
    size_t n = VSIFReadL(text + used, 1, capacity - used, file);
    used += n;
    char next;
    if (used < capacity || VSIFReadL(&next, 1, 1, file) != 1) break;
    char *larger = ky_arena_alloc(&job->scratch, capacity * 2 + 1, 1);
    if (larger == NULL) {
      err = ky_fail_memory(job);
      goto done;
    }
    memcpy(larger, text, used);
    larger[used++] = next;
    text = larger;
    capacity *= 2;
  }
  if (log.error_count != 0)
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read to its end, it is damaged; fetch it again (%s)"),
                  source->name, source->shown, log.error);
done:
  if (file != NULL) VSIFCloseL(file);
  ky_gdal_log_close();
  *bytes = text;
  *length = used;
  return err;
}

size_t ky_source_file_peek(const char *vsi_path, char *buffer, size_t size) {
  ky_gdal_log log = {0};
  size_t n = 0;
  memset(buffer, 0, size);
  ky_gdal_log_open(&log);
  VSILFILE *file = VSIFOpenL(vsi_path, "rb");
  if (file != NULL) {
    n = VSIFReadL(buffer, 1, size, file);
    VSIFCloseL(file);
  }
  ky_gdal_log_close();
  return n;
}
