/* run.json with jansson. Its functions take NULL for a value that could not be made and say so with -1, so only the end of
 * each object looks: a run.json is whole or the run fails. */
#include "io/run_json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistr.h>

#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/run_outputs.h"

#define REAL_DIGITS 15 /* people in thousandths print as given: 12.345 */

typedef struct builder {
  ky_job *job;
  const ky_result *result;
  const ky_write_opts *opts;
  bool is_out; /* memory */
} builder;

static void set(builder *b, json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value) != 0) b->is_out = true;
}

static void append(builder *b, json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) b->is_out = true;
}

/* NULL is null. Paths may hold any bytes: those that are not UTF-8 become '?'. */
static void set_text(builder *b, json_t *object, const char *key, const char *text) {
  if (text == NULL) {
    set(b, object, key, json_null());
    return;
  }
  const size_t length = strlen(text);
  const uint8_t *bad = u8_check((const uint8_t *)text, length);
  if (bad == NULL) {
    set(b, object, key, json_string(text));
    return;
  }
  char *copy = ky_arena_text(&b->job->scratch, text, length);
  for (; copy != NULL && bad != NULL; bad = u8_check((const uint8_t *)copy, length))
    copy[bad - (const uint8_t *)(copy == NULL ? text : text) < 0 ? 0 : 0] = copy[0];
  set(b, object, key, copy != NULL ? json_string(copy) : NULL);
}
