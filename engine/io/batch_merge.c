/* Results become one GeoPackage, municipality by municipality: what is held in memory does not grow with their number.
 */
#define _GNU_SOURCE /* renameat2 */
#include "io/batch_merge.h"

#include <errno.h>
#include <fcntl.h>
#include <kayoi/past.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/batch_status.h"
#include "io/merge_layers.h"
#include "io/out_file.h"
#include "io/tree.h"

typedef struct town {
  const ky_past *past; /* NULL: left out */
  const char *reason;  /* then why */
  int64_t pop_total, pop_65, covered_65, in_gap_65;
} town;

static int64_t people_of(const ky_table *zones, uint32_t record, const char *name) {
  const ky_column *column = ky_table_column(zones, name);
  return column != NULL && column->type == KY_COLUMN_FIXED && column->decimals == 3 ? column->of.fixed[record]
                                                                                    : KY_NULL;
}

static void add(int64_t *sum, int64_t people) {
  *sum = *sum == KY_NULL || people == KY_NULL ? KY_NULL : *sum + people;
}

static ky_err look(ky_job *job, const ky_batch *batch, uint32_t t, town *out) {
  const ky_batch_task *task = &batch->tasks[t];
  ky_task_status status;
  ky_table zones;
  const char *place = ky_format(&job->keep, "%s/%s/out", batch->folder, task->code);
  if (place == NULL) return ky_fail_memory(job);
  KY_TRY(ky_batch_status_read(job, batch, task, &status));
  *out = (town){.pop_total = KY_NULL, .pop_65 = KY_NULL, .covered_65 = KY_NULL, .in_gap_65 = KY_NULL};
  if (status.state != KY_TASK_DONE && status.state != KY_TASK_UNCHANGED) {
    out->reason = status.state == KY_TASK_FAILED ? status.message : ky_tr("it has not been run");
    return KY_OK;
  }
  KY_TRY(ky_past_look(job, place, &out->past, &out->reason));
  if (out->past == NULL && out->reason == NULL) out->reason = ky_tr("its result is not there");
  if (out->past == NULL) return KY_OK;
  KY_TRY(ky_past_table(job, out->past, "internal", "zones", &zones));
  const ky_column *level = zones.layer != NULL ? ky_table_column(&zones, "level") : NULL;
  for (uint32_t z = 0; level != NULL && z < zones.count; z++) {
    if (level->of.text[z] == NULL || strcmp(level->of.text[z], "municipality") != 0) continue;
    out->pop_total = people_of(&zones, z, "pop_total");
    out->pop_65 = people_of(&zones, z, "pop_65");
    out->covered_65 = people_of(&zones, z, "covered_65");
    out->in_gap_65 = people_of(&zones, z, "in_gap_65");
  }
  return KY_OK;
}

static void put_people(ky_out_file *file, int64_t milli, const char *null) {
  if (milli == KY_NULL)
    ky_out_text(file, null);
  else
    ky_out_fixed(file, milli, 3);
}

static ky_err write_csv(ky_job *job, const ky_batch *batch, const town *towns, const char *path) {
  ky_out_file file;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(
      &file, "\xEF\xBB\xBFmunicipality_code,municipality_name,merged,reason,pop_total,pop_65,covered_65,in_gap_65\r\n");
  for (uint32_t t = 0; t < batch->task_count; t++) {
    const int64_t people[4] = {towns[t].pop_total, towns[t].pop_65, towns[t].covered_65, towns[t].in_gap_65};
    ky_out_csv(&file, batch->tasks[t].code);
    ky_out_text(&file, ",");
    ky_out_csv(&file, batch->tasks[t].name);
    ky_out_text(&file, towns[t].past != NULL ? ",true," : ",false,");
    if (towns[t].reason != NULL) ky_out_csv(&file, towns[t].reason);
    for (int p = 0; p < 4; p++) {
      ky_out_text(&file, ",");
      put_people(&file, people[p], "");
    }
    ky_out_text(&file, "\r\n");
  }
  return ky_out_close(job, &file);
}

static ky_err write_json(ky_job *job, const ky_merged *merged, const char *path) {
  static const char *const names[4] = {"pop_total", "pop_65", "covered_65", "in_gap_65"};
  const int64_t people[4] = {merged->pop_total, merged->pop_65, merged->covered_65, merged->in_gap_65};
  ky_out_file file;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "{\n  \"kayoi\": {\"version\": ");
  ky_out_json(&file, KY_VERSION);
  ky_out_text(&file, "},\n  \"merged\": ");
  ky_out_fixed(&file, merged->merged_count, 0);
  ky_out_text(&file, ",\n  \"left_out\": ");
  ky_out_fixed(&file, merged->left_out_count, 0);
  ky_out_text(&file, ",\n  \"people\": {");
  for (int p = 0; p < 4; p++) {
    if (p > 0) ky_out_text(&file, ", ");
    ky_out_json(&file, names[p]);
    ky_out_text(&file, ": ");
    put_people(&file, people[p], "null");
  }
  ky_out_text(&file, "}\n}\n");
  return ky_out_close(job, &file);
}

static ky_err sum_up(ky_job *job, const ky_batch *batch, const town *towns, ky_merged *out) {
  *out = (ky_merged){.merged_count = 0};
  for (uint32_t t = 0; t < batch->task_count; t++) {
    if (towns[t].past == NULL) {
      out->left_out_count++;
      continue;
    }
    out->merged_count++;
    add(&out->pop_total, towns[t].pop_total);
    add(&out->pop_65, towns[t].pop_65);
    add(&out->covered_65, towns[t].covered_65);
    add(&out->in_gap_65, towns[t].in_gap_65);
  }
  if (out->merged_count != 0) return KY_OK;
  return ky_fail(job, KY_E_INPUT, ky_tr("%s: no municipality has a result yet; kayoi batch run %s makes them"),
                 batch->folder, batch->folder);
}

static ky_err merge_layers(ky_job *job, const ky_batch *batch, const town *towns, const char *path) {
  ky_layer_merge *merge;
  const char **crs;
  KY_NEW(job, scratch, crs, batch->task_count);
  for (uint32_t t = 0; t < batch->task_count; t++) crs[t] = towns[t].past != NULL ? towns[t].past->crs : NULL;
  KY_TRY(ky_layer_merge_open(job, path, crs, batch->task_count, &merge));
  ky_err err = KY_OK;
  for (uint32_t t = 0; t < batch->task_count && err == KY_OK; t++) {
    if (towns[t].past == NULL) continue;
    const char *from = ky_format(&job->keep, "%s/internal/kayoi.gpkg", towns[t].past->place);
    err = from == NULL ? ky_fail_memory(job)
                       : ky_layer_merge_add(job, merge, from, batch->tasks[t].code, batch->tasks[t].name);
    ky_job_progress(job, t + 1, batch->task_count);
  }
  return ky_layer_merge_close(job, err, merge);
}

static ky_err fill(ky_job *job, const ky_batch *batch, const char *folder, ky_merged *out) {
  town *towns;
  const char *csv = ky_format(&job->keep, "%s/municipalities.csv", folder);
  const char *json = ky_format(&job->keep, "%s/merged.json", folder);
  const char *gpkg = ky_format(&job->keep, "%s/kayoi.gpkg", folder);
  if (csv == NULL || json == NULL || gpkg == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, towns, batch->task_count);
  for (uint32_t t = 0; t < batch->task_count; t++) KY_TRY(look(job, batch, t, &towns[t]));
  KY_TRY(sum_up(job, batch, towns, out));
  KY_TRY(merge_layers(job, batch, towns, gpkg));
  KY_TRY(write_csv(job, batch, towns, csv));
  return write_json(job, out, json);
}

/* The new folder in the place of the earlier one, which then has the temporary name. */
static ky_err exchange(ky_job *job, const char *temporary, const char *place) {
  if (renameat2(AT_FDCWD, temporary, AT_FDCWD, place, RENAME_EXCHANGE) == 0) return KY_OK;
  if (errno != ENOENT && errno != EINVAL && errno != ENOSYS) return ky_out_fail(job, place, errno);
  if (errno != ENOENT) ky_tree_remove(AT_FDCWD, place);
  return rename(temporary, place) == 0 ? KY_OK : ky_out_fail(job, place, errno);
}

ky_err ky_batch_merge(ky_job *job, const ky_batch *batch, ky_merged *out) {
  const char *place = ky_format(&job->keep, "%s/merged", batch->folder);
  const char *temporary = ky_format(&job->keep, "%s/merged.tmp", batch->folder);
  if (place == NULL || temporary == NULL) return ky_fail_memory(job);
  const int lock = open(batch->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return ky_out_fail(job, batch->folder, errno);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(lock);
    return ky_fail(job, KY_E_BUSY, ky_tr("%s: another merge of this batch is at work; wait for its end"),
                   batch->folder);
  }
  ky_job_room_start(job, "merge");
  ky_tree_remove(AT_FDCWD, temporary); /* of a merge that was ended; nobody else is at work */
  ky_err err = mkdir(temporary, 0777) == 0 ? fill(job, batch, temporary, out) : ky_out_fail(job, temporary, errno);
  if (err == KY_OK) err = exchange(job, temporary, place);
  ky_tree_remove(AT_FDCWD, temporary);
  close(lock);
  if (err == KY_OK) ky_job_room_end(job, ky_tr("%u municipalities"), out->merged_count);
  return err;
}
