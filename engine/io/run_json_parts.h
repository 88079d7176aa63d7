/* Parts of run.json. Functions take NULL for a value that could not be made and answer -1, which is remembered:
 * run.json is whole, or the run fails. */
#ifndef KAYOI_RUN_JSON_PARTS_H
#define KAYOI_RUN_JSON_PARTS_H

#include <jansson.h>
#include <kayoi/write.h>

typedef struct ky_run_json {
  ky_job *job;
  const ky_result *result;
  const ky_write_opts *opts;
  const ky_table *tables;
  uint32_t table_count;
  bool is_out; /* of memory */
} ky_run_json;

void ky_json_set(ky_run_json *b, json_t *object, const char *key, json_t *value);
void ky_json_append(ky_run_json *b, json_t *array, json_t *value);
/* NULL is null. A path may hold any bytes: those that are not UTF-8 become '?'. */
json_t *ky_json_text_value(ky_run_json *b, const char *text);
void ky_json_set_text(ky_run_json *b, json_t *object, const char *key, const char *text);
void ky_json_set_count(ky_run_json *b, json_t *object, const char *key, uint64_t count);
/* Thousandths as a number with up to three decimals; KY_NULL is null. */
json_t *ky_json_milli_value(int64_t milli);
void ky_json_set_milli(ky_run_json *b, json_t *object, const char *key, int64_t milli);
void ky_json_set_hash(ky_run_json *b, json_t *object, uint64_t hash);

/* What changed since the last published run, in counts; whether the result is plausible. */
json_t *ky_json_changes(ky_run_json *b);
json_t *ky_json_gate(ky_run_json *b);

/* Every source of every role. */
json_t *ky_json_inputs(ky_run_json *b);

/* Of result->public_part, which is there. */
json_t *ky_json_public(ky_run_json *b);

#endif
