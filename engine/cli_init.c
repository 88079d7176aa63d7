#include "cli_init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "io/workbook.h"

static ky_err make_folder(ky_job *job, const char *path) {
  if (mkdir(path, 0777) == 0) return KY_OK;
  struct stat status;
  if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: the folder cannot be made (%s); check the path and its rights"), path,
                 strerror(errno));
}

ky_err ky_init_open(ky_job *job, const char *folder, ky_init_file *out) {
  *out = (ky_init_file){.path = ky_format(&job->keep, "%s/kayoi.yaml", folder)};
  if (out->path == NULL) return ky_fail_memory(job);
  KY_TRY(make_folder(job, folder));
  out->stream = fopen(out->path, "wx"); /* never over a file that exists */
  if (out->stream != NULL) return KY_OK;
  if (errno == EEXIST)
    return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: exists already and is left as it is; name another folder"), out->path);
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written (%s)"), out->path, strerror(errno));
}

ky_err ky_init_close(ky_job *job, ky_init_file *file, ky_err err) {
  bool is_written = ferror(file->stream) == 0;
  is_written = fclose(file->stream) == 0 && is_written;
  if (err == KY_OK && !is_written)
    err = ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written (%s)"), file->path, strerror(errno));
  if (err != KY_OK) remove(file->path);
  return err;
}

/* A workbook that is there may be filled in already: it stays as it is. */
static ky_err write_workbook(ky_job *job, const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd >= 0) {
    close(fd);
    ky_err err = ky_workbook_write(job, path);
    if (err != KY_OK) remove(path);
    return err;
  }
  if (errno != EEXIST) return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written (%s)"), path, strerror(errno));
  ky_job_notice(job, ky_tr("%s is there already and stays as it is"), path);
  return KY_OK;
}

ky_err ky_init_workbook(ky_job *job, const char *folder) {
  const char *path = ky_format(&job->keep, "%s/kayoi.xlsx", folder);
  return path != NULL ? write_workbook(job, path) : ky_fail_memory(job);
}

ky_err ky_init_project(ky_job *job, const char *folder) {
  ky_init_file file;
  const char *data = ky_format(&job->keep, "%s/data", folder);
  if (data == NULL) return ky_fail_memory(job);
  KY_TRY(ky_init_open(job, folder, &file));
  ky_config_example(file.stream, NULL);
  KY_TRY(ky_init_close(job, &file, ky_init_workbook(job, folder)));
  return make_folder(job, data);
}
