/* run.json of a comparison. */
#include "io/municipalities_json.h"

#include "io/out_file.h"
#include "io/out_folder.h"

static void put_field(ky_out_file *file, const char *key, const char *value, bool is_last) {
  ky_out_json(file, key);
  ky_out_text(file, ": ");
  if (value != NULL)
    ky_out_json(file, value);
  else
    ky_out_text(file, "null");
  if (!is_last) ky_out_text(file, ", ");
}

ky_err ky_municipalities_json(ky_job *job, const ky_past *const *runs, uint32_t count, int64_t floor,
                              const ky_folder *folder) {
  ky_out_file file;
  const char *path = ky_format(&job->scratch, "%s/run.json", folder->temporary);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "{\n  " KY_FOLDER_MARK ": {\"version\": ");
  ky_out_json(&file, KY_VERSION);
  ky_out_text(&file, ", \"command\": \"compare\"},\n  \"completeness_floor\": ");
  ky_out_fixed(&file, floor, 6);
  ky_out_text(&file, ",\n  \"runs\": [");
  for (uint32_t i = 0; i < count; i++) {
    ky_out_text(&file, i == 0 ? "\n    {" : ",\n    {");
    put_field(&file, "code", runs[i]->code, false);
    put_field(&file, "name", runs[i]->name, false);
    put_field(&file, "folder", runs[i]->place, false);
    put_field(&file, "published", runs[i]->published, true);
    ky_out_text(&file, "}");
  }
  ky_out_text(&file, "\n  ]\n}\n");
  return ky_out_close(job, &file);
}
