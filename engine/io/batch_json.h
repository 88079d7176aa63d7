/* batch.json and tasks.csv: the plan of a batch. */
#ifndef KAYOI_BATCH_JSON_H
#define KAYOI_BATCH_JSON_H

#include <kayoi/batch.h>

#include "io/cut.h"

/* How one input was cut. */
typedef struct ky_batch_input {
  const ky_source *source;
  const ky_cut *cut;
} ky_batch_input;

/* Writes both into the folder. part_count: of every cut. */
ky_err ky_batch_json_write(ky_job *job, const ky_batch *batch, const char *template_path, const char *areas_path,
                           const ky_batch_input *inputs, uint32_t input_count, uint32_t part_count, const char *folder);

#endif
