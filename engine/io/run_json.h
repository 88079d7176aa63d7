/* run.json: what a run was made of, from which settings, and what it found (method.md 12). */
#ifndef KAYOI_RUN_JSON_H
#define KAYOI_RUN_JSON_H

#include <kayoi/write.h>

/* Writes <folder>/run.json. Outputs are the files of <folder>/internal, which must be complete. All that differs
 * between equal runs (times, memory, threads) is under the key "timings". */
ky_err ky_run_json_write(ky_job *job, const ky_result *result, const ky_write_opts *opts, const ky_table *tables,
                         uint32_t table_count, const char *folder);

/* Digits of its numbers: people in thousandths print as they are, 12.345. */
#define KY_RUN_JSON_DIGITS 15

#endif
