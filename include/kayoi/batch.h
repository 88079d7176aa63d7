/* A batch: many municipalities planned from one template, each a folder and a config of its own, so that one machine or
 * a scheduler's many can run them. What the folder holds:
 *
 *   batch.json          the plan: version, inputs and how each was cut, tasks
 *   tasks.csv           the tasks for people
 *   <code>/kayoi.yaml   config of one municipality; data/ its parts of the inputs; out/ its result
 *   <code>/status.json  what became of its last run (log.jsonl: what that said)
 *   merged/             all results as one */
#ifndef KAYOI_BATCH_H
#define KAYOI_BATCH_H

#include <kayoi/job.h>

/* Of batch.json: one more whenever a reader of the number before would understand it wrongly. */
#define KY_BATCH_FORMAT 1

typedef struct ky_batch_override {
  const char *key, *value; /* "targets.rate", "0.1" */
} ky_batch_override;

/* One row of the table of municipalities. */
typedef struct ky_batch_area {
  const char *code;   /* 5 digits */
  const char *name;   /* of the table, else the code */
  const char *border; /* file of its own; NULL: the record of the template's border with its code */
  ky_batch_override *overrides;
  uint32_t override_count;
} ky_batch_area;

typedef struct ky_batch_task {
  const char *code, *name;
  uint64_t bytes;      /* of its parts of the inputs */
  uint32_t seconds;    /* estimate of its run on one core */
  uint32_t memory_mb;  /* estimate of the most that it takes */
  const char *problem; /* why it cannot be run; NULL: it can */
} ky_batch_task;

typedef struct ky_batch {
  const char *folder;
  const char *version; /* of the kayoi that planned it */
  ky_batch_task *tasks;
  uint32_t task_count;
} ky_batch;

/* Reads the table of municipalities. KY_E_INPUT: no such file, no column of codes, a code that is none or comes twice,
 * a column that is no key of the configuration. */
ky_err ky_batch_areas_read(ky_job *job, const char *path, ky_batch_area **areas, uint32_t *count);

/* Makes the folder `out` whole or not at all; one that is there is only replaced when it is a batch that nothing has
 * been run in. */
ky_err ky_batch_plan(ky_job *job, const char *template_path, const char *areas_path, const char *out, ky_batch *batch);

/* Reads batch.json. KY_E_INPUT when the folder is no batch, or one of another version of kayoi. */
ky_err ky_batch_open(ky_job *job, const char *folder, ky_batch *out);

#endif
