/* Finding and copying the page's own files. */
#include "io/report_assets.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/out_file.h"

/* Seen from the folder of the running program: in the build folder, from the folder of tests, installed. */
static const char *const places[] = {"share/kayoi/report", "../share/kayoi/report"};

/* What a page may fetch, as it stands in each of them; the origin of tiles goes behind it. */
#define FETCHES "connect-src blob: data:"

#define FILE_BYTES_MAX ((size_t)64 << 20)

const char *ky_report_assets_find(ky_job *job) {
  char here[4096];
  const ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);
  if (length <= 0) return NULL;
  here[length] = '\0';
  char *slash = strrchr(here, '/');
  if (slash == NULL) return NULL;
  *slash = '\0';
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const char *folder = ky_format(&job->scratch, "%s/%s", here, places[i]);
    const char *index = ky_format(&job->scratch, "%s/%s/index.html", here, places[i]);
    if (folder != NULL && index != NULL && access(index, R_OK) == 0) return folder;
  }
  return NULL;
}

static ky_err fail_read(ky_job *job, const char *path, int error) {
  return ky_fail(job, KY_E_OUTPUT,
                 ky_tr("%s: a file of the page cannot be read: %s; build kayoi again, or set outputs.page: false"),
                 path, strerror(error));
}

/* The whole file with a final NUL (scratch). */
static ky_err read_file(ky_job *job, const char *path, char **text, size_t *bytes) {
  struct stat info;
  FILE *file = fopen(path, "rb");
  ky_err err = KY_OK;
  if (file == NULL) return fail_read(job, path, errno);
  if (fstat(fileno(file), &info) != 0 || (uint64_t)info.st_size > FILE_BYTES_MAX) {
    err = fail_read(job, path, EFBIG);
    goto done;
  }
  *bytes = (size_t)info.st_size;
  *text = ky_arena_alloc(&job->scratch, *bytes + 1, 1);
  if (*text == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  if (fread(*text, 1, *bytes, file) != *bytes) err = fail_read(job, path, EIO);
done:
  fclose(file);
  return err;
}

static ky_err copy_one(ky_job *job, const char *from, const char *origin, const char *to) {
  ky_out_file out;
  char *text = NULL;
  size_t bytes = 0;
  KY_TRY(read_file(job, from, &text, &bytes));
  KY_TRY(ky_out_open(job, to, &out));
  const size_t length = strlen(from);
  const bool is_page = length > 5 && strcmp(from + length - 5, ".html") == 0;
  const char *fetches = is_page && origin != NULL ? strstr(text, FETCHES) : NULL;
  if (fetches != NULL) {
    const size_t head = (size_t)(fetches - text) + strlen(FETCHES);
    ky_out_bytes(&out, text, head);
    ky_out_text(&out, " ");
    ky_out_text(&out, origin);
    ky_out_bytes(&out, text + head, bytes - head);
  } else {
    ky_out_bytes(&out, text, bytes);
  }
  return ky_out_close(job, &out);
}

ky_err ky_report_assets_copy(ky_job *job, const char *assets, const char *origin, const char *folder) {
  DIR *entries = opendir(assets);
  ky_err err = KY_OK;
  if (entries == NULL) return fail_read(job, assets, errno);
  for (struct dirent *entry; err == KY_OK && (entry = readdir(entries)) != NULL;) {
    struct stat info;
    const char *from = ky_format(&job->scratch, "%s/%s", assets, entry->d_name);
    const char *to = ky_format(&job->scratch, "%s/%s", folder, entry->d_name);
    if (from == NULL || to == NULL) {
      err = ky_fail_memory(job);
      break;
    }
    if (entry->d_name[0] == '.' || stat(from, &info) != 0 || !S_ISREG(info.st_mode)) continue;
    err = copy_one(job, from, origin, to);
  }
  closedir(entries);
  return err;
}
