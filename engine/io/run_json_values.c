/* Values of run.json. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "io/run_json_parts.h"

void ky_json_set(ky_run_json *b, json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value) != 0) b->is_out = true;
}

void ky_json_append(ky_run_json *b, json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) b->is_out = true;
}

/* NULL is null. A path may hold any bytes: those that are not UTF-8 become '?'. */
json_t *ky_json_text_value(ky_run_json *b, const char *text) {
  if (text == NULL) return json_null();
  const size_t length = strlen(text);
  if (u8_check((const uint8_t *)text, length) == NULL) return json_string(text);
  char *copy = ky_arena_text(&b->job->scratch, text, length);
  if (copy == NULL) return NULL;
  for (const uint8_t *bad; (bad = u8_check((const uint8_t *)copy, length)) != NULL;)
    copy[(const char *)bad - copy] = '?';
  return json_string(copy);
}

void ky_json_set_text(ky_run_json *b, json_t *object, const char *key, const char *text) {
  ky_json_set(b, object, key, ky_json_text_value(b, text));
}

void ky_json_set_count(ky_run_json *b, json_t *object, const char *key, uint64_t count) {
  ky_json_set(b, object, key, json_integer((json_int_t)count));
}

/* Thousandths as a number with up to three decimals; KY_NULL is null. */
json_t *ky_json_milli_value(int64_t milli) {
  return milli == KY_NULL ? json_null() : json_real((double)milli / 1000.0);
}

void ky_json_set_milli(ky_run_json *b, json_t *object, const char *key, int64_t milli) {
  ky_json_set(b, object, key, ky_json_milli_value(milli));
}

void ky_json_set_hash(ky_run_json *b, json_t *object, uint64_t hash) {
  char text[17];
  snprintf(text, sizeof text, "%016" PRIx64, hash);
  ky_json_set_text(b, object, "xxh3_64", text);
}
