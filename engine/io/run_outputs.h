/* The files that a run wrote: name, size, hash. */
#ifndef KAYOI_RUN_OUTPUTS_H
#define KAYOI_RUN_OUTPUTS_H

#include <kayoi/job.h>

typedef struct ky_output {
  const char *name;     /* in its folder (scratch arena) */
  uint64_t bytes, hash; /* XXH3-64 */
} ky_output;

/* Files of a folder, sorted by name. */
ky_err ky_outputs_list(ky_job *job, const char *folder, ky_output **outputs, uint32_t *count);

#endif
