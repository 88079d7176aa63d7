#include "cli_init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"

static ky_err make_folder(ky_job *job, const char *path) {
  if (mkdir(path, 0777) == 0) return KY_OK;
  struct stat status;
  if (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: the folder cannot be made (%s); check the path and its rights"), path,
                 strerror(errno));
}

ky_err ky_init_project(ky_job *job, const char *folder) {
  const char *config = ky_format(&job->keep, "%s/kayoi.yaml", folder);
  const char *data = ky_format(&job->keep, "%s/data", folder);
  if (config == NULL || data == NULL) return ky_fail_memory(job);
  KY_TRY(make_folder(job, folder));
  FILE *file = fopen(config, "wx"); /* never over a file that exists */
  if (file == NULL && errno == EEXIST)
    return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: exists already and is left as it is; name another folder"), config);
  if (file == NULL) return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written (%s)"), config, strerror(errno));
  ky_config_example(file);
  bool is_written = ferror(file) == 0;
  is_written = fclose(file) == 0 && is_written;
  if (!is_written) {
    ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written (%s)"), config, strerror(errno));
    remove(config);
    return job->err;
  }
  return make_folder(job, data);
}
