/* The plan as files: written by the plan, read by whoever runs it. */
#include "io/batch_json.h"

#include <jansson.h>
#include <string.h>

#include "io/out_file.h"

static void put_key(ky_out_file *file, const char *key) {
  ky_out_json(file, key);
  ky_out_text(file, ": ");
}

static void put_text(ky_out_file *file, const char *key, const char *text) {
  put_key(file, key);
  if (text != NULL)
    ky_out_json(file, text);
  else
    ky_out_text(file, "null");
  ky_out_text(file, ", ");
}

static void put_count(ky_out_file *file, const char *key, uint64_t count, const char *behind) {
  put_key(file, key);
  ky_out_fixed(file, (int64_t)count, 0);
  ky_out_text(file, behind);
}

static void put_input(ky_out_file *file, const ky_batch_input *input, uint32_t parts) {
  uint64_t made = 0;
  for (uint32_t w = 0; w < parts; w++) made += input->cut->path[w] != NULL;
  ky_out_text(file, "    {");
  put_text(file, "source", input->source->name);
  put_text(file, "path", input->source->shown);
  put_text(file, "cut", ky_cut_method_name(input->cut->method));
  put_count(file, "passes", input->cut->passes, ", ");
  put_count(file, "bytes_read", input->cut->bytes_read, ", ");
  put_count(file, "records", input->cut->record_count, ", ");
  put_count(file, "without_place", input->cut->placeless, ", ");
  put_count(file, "parts", made, "}");
}

static void put_task(ky_out_file *file, const ky_batch_task *task, uint32_t number) {
  ky_out_text(file, "    {");
  put_count(file, "task", number, ", ");
  put_text(file, "code", task->code);
  put_text(file, "name", task->name);
  put_count(file, "bytes", task->bytes, ", ");
  put_count(file, "seconds_estimate", task->seconds, ", ");
  put_count(file, "memory_mb_estimate", task->memory_mb, ", ");
  put_key(file, "problem");
  if (task->problem != NULL)
    ky_out_json(file, task->problem);
  else
    ky_out_text(file, "null");
  ky_out_text(file, "}");
}

static ky_err write_json(ky_job *job, const ky_batch *batch, const char *template_path, const char *areas_path,
                         const ky_batch_input *inputs, uint32_t input_count, uint32_t part_count, const char *path) {
  ky_out_file file;
  uint64_t bytes_read = 0;
  for (uint32_t i = 0; i < input_count; i++) bytes_read += inputs[i].cut->bytes_read;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "{\n  \"kayoi\": {");
  put_text(&file, "version", KY_VERSION);
  put_count(&file, "batch_format", KY_BATCH_FORMAT, "},\n  ");
  put_text(&file, "template", template_path);
  put_text(&file, "areas", areas_path);
  put_count(&file, "bytes_read", bytes_read, ",\n  \"inputs\": [\n");
  for (uint32_t i = 0; i < input_count; i++) {
    put_input(&file, &inputs[i], part_count);
    ky_out_text(&file, i + 1 < input_count ? ",\n" : "\n");
  }
  ky_out_text(&file, "  ],\n  \"tasks\": [\n");
  for (uint32_t t = 0; t < batch->task_count; t++) {
    put_task(&file, &batch->tasks[t], t + 1);
    ky_out_text(&file, t + 1 < batch->task_count ? ",\n" : "\n");
  }
  ky_out_text(&file, "  ]\n}\n");
  return ky_out_close(job, &file);
}

static ky_err write_csv(ky_job *job, const ky_batch *batch, const char *path) {
  ky_out_file file;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "\xEF\xBB\xBFtask,code,name,bytes,seconds_estimate,memory_mb_estimate,problem\r\n");
  for (uint32_t t = 0; t < batch->task_count; t++) {
    const ky_batch_task *task = &batch->tasks[t];
    ky_out_fixed(&file, (int64_t)t + 1, 0);
    ky_out_text(&file, ",");
    ky_out_csv(&file, task->code);
    ky_out_text(&file, ",");
    ky_out_csv(&file, task->name);
    const uint64_t numbers[3] = {task->bytes, task->seconds, task->memory_mb};
    for (int n = 0; n < 3; n++) {
      ky_out_text(&file, ",");
      ky_out_fixed(&file, (int64_t)numbers[n], 0);
    }
    ky_out_text(&file, ",");
    if (task->problem != NULL) ky_out_csv(&file, task->problem);
    ky_out_text(&file, "\r\n");
  }
  return ky_out_close(job, &file);
}

ky_err ky_batch_json_write(ky_job *job, const ky_batch *batch, const char *template_path, const char *areas_path,
                           const ky_batch_input *inputs, uint32_t input_count, uint32_t part_count,
                           const char *folder) {
  const char *json = ky_format(&job->scratch, "%s/batch.json", folder);
  const char *csv = ky_format(&job->scratch, "%s/tasks.csv", folder);
  if (json == NULL || csv == NULL) return ky_fail_memory(job);
  KY_TRY(write_json(job, batch, template_path, areas_path, inputs, input_count, part_count, json));
  return write_csv(job, batch, csv);
}

static const char *text_of(ky_job *job, const json_t *object, const char *key, bool *is_out) {
  const char *text = json_string_value(json_object_get(object, key));
  const char *copy = text != NULL ? ky_arena_text(&job->keep, text, strlen(text)) : NULL;
  *is_out = *is_out || (text != NULL && copy == NULL);
  return copy;
}

static uint64_t count_of(const json_t *object, const char *key) {
  const json_int_t count = json_integer_value(json_object_get(object, key));
  return count > 0 ? (uint64_t)count : 0;
}

static bool is_code(const char *code) {
  return code != NULL && strlen(code) == 5 && strspn(code, "0123456789") == 5;
}

/* False: something in it is not as kayoi writes it. */
static bool read_tasks(ky_job *job, const json_t *root, ky_batch *out, bool *is_out) {
  const json_t *list = json_object_get(root, "tasks");
  out->task_count = (uint32_t)json_array_size(list);
  out->tasks = ky_arena_alloc(&job->keep, out->task_count, sizeof *out->tasks);
  if (out->tasks == NULL) return *is_out = true;
  for (uint32_t t = 0; t < out->task_count; t++) {
    const json_t *from = json_array_get(list, t);
    const uint64_t seconds = count_of(from, "seconds_estimate"), memory = count_of(from, "memory_mb_estimate");
    out->tasks[t] = (ky_batch_task){.code = text_of(job, from, "code", is_out),
                                    .name = text_of(job, from, "name", is_out),
                                    .problem = text_of(job, from, "problem", is_out),
                                    .bytes = count_of(from, "bytes"),
                                    .seconds = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX,
                                    .memory_mb = memory < UINT32_MAX ? (uint32_t)memory : UINT32_MAX};
    if (!is_code(out->tasks[t].code) || out->tasks[t].name == NULL) return false;
  }
  return out->task_count != 0;
}

ky_err ky_batch_open(ky_job *job, const char *folder, ky_batch *out) {
  bool is_out = false;
  const char *path = ky_format(&job->scratch, "%s/batch.json", folder);
  *out = (ky_batch){.folder = folder};
  if (path == NULL) return ky_fail_memory(job);
  json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
  const json_t *kayoi = json_object_get(root, "kayoi");
  out->version = text_of(job, kayoi, "version", &is_out);
  const bool is_plan = out->version != NULL && json_is_integer(json_object_get(kayoi, "batch_format"));
  const bool is_ours =
      is_plan && count_of(kayoi, "batch_format") == KY_BATCH_FORMAT && strcmp(out->version, KY_VERSION) == 0;
  const bool is_good = is_ours && read_tasks(job, root, out, &is_out);
  json_decref(root);
  if (is_out) return ky_fail_memory(job);
  if (!is_plan)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: is no batch (there is no batch.json of kayoi in it); make one with kayoi "
                         "batch plan"),
                   folder);
  if (!is_ours)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s was planned by kayoi %s, and this is %s; plan it again with this version, so that all "
                         "municipalities are counted alike"),
                   folder, out->version, KY_VERSION);
  if (!is_good) return ky_fail(job, KY_E_INPUT, ky_tr("%s/batch.json is damaged; plan the batch again"), folder);
  return KY_OK;
}
