/* Room 10, write: layers -> writers -> run.json -> rename. */
#include <kayoi/write.h>
#include <string.h>

#include "io/out_folder.h"
#include "io/run_json.h"
#include "io/seen.h"

static const ky_writer *find_writer(const char *name) {
  for (const ky_writer *const *writer = ky_writers; *writer != NULL; writer++)
    if (strcmp((*writer)->name, name) == 0) return *writer;
  return NULL;
}

static ky_err check_formats(ky_job *job, const ky_write_opts *opts) {
  for (uint32_t f = 0; f < opts->format_count; f++) {
    if (find_writer(opts->formats[f]) != NULL) continue;
    const char *names = "";
    for (const ky_writer *const *writer = ky_writers; *writer != NULL && names != NULL; writer++)
      names = ky_format(&job->scratch, "%s%s%s", names, names[0] != '\0' ? ", " : "", (*writer)->name);
    if (names == NULL) return ky_fail_memory(job);
    return ky_fail(job, KY_E_CONFIG, ky_tr("outputs.formats: '%s' is not known; known are: %s"), opts->formats[f],
                   names);
  }
  return KY_OK;
}

static void set_stage(ky_job *job, ky_stage stage) {
  if (job->interrupt != NULL) atomic_store(&job->interrupt->stage, (int)stage);
}

/* Formats are written at the same time, each with a job of its own for its buffers and its failure; of several failures
 * the first in the order of the config is the run's. */
static ky_err write_formats(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  ky_job *part;
  ky_err err = KY_OK;
  KY_NEW(job, scratch, part, opts->format_count);
  for (uint32_t f = 0; f < opts->format_count; f++) ky_job_init(&part[f], 1);
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
  for (uint32_t f = 0; f < opts->format_count; f++) {
    part[f].err = find_writer(opts->formats[f])->write(&part[f], layers, opts, folder);
  }
  for (uint32_t f = 0; f < opts->format_count; f++) {
    for (uint32_t i = 0; i < part[f].issues.count; i++)
      ky_issue_add(job, &part[f].issues.rows[i], "%s", part[f].issues.rows[i].message);
    if (err == KY_OK && part[f].err != KY_OK) err = ky_fail(job, part[f].err, "%s", part[f].message);
    ky_job_free(&part[f]);
  }
  return err;
}

/* Its handler left the temporary folder to this room. */
ky_err ky_write_check(ky_job *job) {
  if (job->interrupt == NULL || atomic_load(&job->interrupt->number) == 0) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, "%s", ky_tr("interrupted; the previous result is as it was"));
}

ky_err ky_write_open(ky_job *job, const ky_write_opts *opts, ky_folder **out) {
  KY_TRY(check_formats(job, opts));
  KY_NEW(job, keep, *out, 1);
  (*out)->lock_fd = -1;
  set_stage(job, KY_STAGE_WRITING);
  const ky_err err = ky_folder_open(job, opts->dir, *out);
  if (err != KY_OK) ky_write_close(job, err, *out);
  return err;
}

const char *ky_write_folder(const ky_folder *folder) {
  return folder->internal;
}

ky_err ky_write_layers(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  KY_TRY(ky_write_check(job));
  return write_formats(job, layers, opts, folder);
}

ky_err ky_write_layers_inside(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *parent,
                              const char *name) {
  const char *folder;
  if (layers->count == 0) return KY_OK;
  KY_TRY(ky_folder_inside(job, parent, name, &folder));
  return ky_write_layers(job, layers, opts, folder);
}

ky_err ky_write_run_json(ky_job *job, const ky_result *result, const ky_layers *layers, const ky_write_opts *opts,
                         const ky_folder *folder) {
  return ky_run_json_write(job, result, opts, layers->tables, layers->count, folder->temporary);
}

ky_err ky_write_state(ky_job *job, const ky_write_opts *opts, const ky_folder *folder) {
  return opts->seen != NULL ? ky_seen_write(job, opts->seen, folder->temporary) : KY_OK;
}

ky_err ky_write_commit(ky_job *job, ky_folder *folder) {
  return ky_folder_commit(job, folder);
}

ky_err ky_write_hold(ky_job *job, ky_folder *folder, const char **out) {
  KY_TRY(ky_write_check(job));
  return ky_folder_hold(job, folder, out);
}

void ky_write_close(ky_job *job, ky_err err, ky_folder *folder) {
  ky_folder_discard(folder);
  set_stage(job, err == KY_OK ? KY_STAGE_PUBLISHED : KY_STAGE_CLEAN);
}
