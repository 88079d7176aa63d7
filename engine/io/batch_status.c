#include "io/batch_status.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/out_file.h"

#define TAIL_BYTES 8192

static const char *path_of(ky_job *job, const ky_batch *batch, const ky_batch_task *task, const char *name) {
  return ky_format(&job->keep, "%s/%s/%s", batch->folder, task->code, name);
}

ky_err ky_batch_status_write(ky_job *job, const ky_batch *batch, const ky_batch_task *task,
                             const ky_task_status *status) {
  char host[128] = "";
  ky_out_file file;
  const char *path = path_of(job, batch, task, "status.json");
  const char *temporary = path != NULL ? ky_format(&job->keep, "%s.tmp-%ld", path, (long)getpid()) : NULL;
  if (temporary == NULL) return ky_fail_memory(job);
  gethostname(host, sizeof host - 1);
  unlink(temporary);
  KY_TRY(ky_out_open(job, temporary, &file));
  ky_out_text(&file, "{\"state\": ");
  ky_out_json(&file, ky_task_state_name(status->state));
  ky_out_text(&file, ", \"exit_status\": ");
  ky_out_fixed(&file, status->exit_status, 0);
  ky_out_text(&file, ", \"message\": ");
  ky_out_json(&file, status->message != NULL ? status->message : "");
  ky_out_text(&file, ", \"seconds\": ");
  ky_out_fixed(&file, llround(status->seconds * 1000), 3);
  ky_out_text(&file, ", \"peak_mb\": ");
  ky_out_fixed(&file, status->peak_mb, 0);
  ky_out_text(&file, ", \"host\": ");
  ky_out_json(&file, host);
  ky_out_text(&file, "}\n");
  KY_TRY(ky_out_close(job, &file));
  return rename(temporary, path) == 0 ? KY_OK : ky_out_fail(job, path, errno);
}

ky_err ky_batch_status_read(ky_job *job, const ky_batch *batch, const ky_batch_task *task, ky_task_status *out) {
  *out = (ky_task_status){.state = KY_TASK_NONE, .message = ""};
  const char *path = path_of(job, batch, task, "status.json");
  if (path == NULL) return ky_fail_memory(job);
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
  const char *state = json_string_value(json_object_get(root, "state"));
  const char *message = json_string_value(json_object_get(root, "message"));
  for (int s = KY_TASK_NONE; state != NULL && s <= KY_TASK_FAILED; s++)
    if (strcmp(state, ky_task_state_name((ky_task_state)s)) == 0) out->state = (ky_task_state)s;
  out->exit_status = (int)json_integer_value(json_object_get(root, "exit_status"));
  out->seconds = json_number_value(json_object_get(root, "seconds"));
  out->peak_mb = (uint32_t)json_integer_value(json_object_get(root, "peak_mb"));
  if (message != NULL) out->message = ky_arena_text(&job->keep, message, strlen(message));
  json_decref(root);
  return out->message != NULL ? KY_OK : ky_fail_memory(job);
}

ky_err ky_batch_log_is_unchanged(ky_job *job, const ky_batch *batch, const ky_batch_task *task, bool *out) {
  char tail[TAIL_BYTES + 1];
  const char *path = path_of(job, batch, task, "log.jsonl");
  *out = false;
  if (path == NULL) return ky_fail_memory(job);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return KY_OK;
  if (fseek(file, -TAIL_BYTES, SEEK_END) != 0) rewind(file); /* shorter than that */
  tail[fread(tail, 1, TAIL_BYTES, file)] = '\0';
  fclose(file);
  *out = strstr(tail, "\"result\":\"unchanged\"") != NULL;
  return KY_OK;
}
