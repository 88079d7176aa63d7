/* A hash table of texts with linear probing, at most half full. All in scratch. */
#include "io/gtfs_ids.h"

#include <string.h>
#include <xxhash.h>

static uint32_t place_of(const ky_ids *ids, const char *bytes, size_t length) {
  uint32_t at = (uint32_t)XXH3_64bits(bytes, length) & (ids->slot_count - 1);
  for (;; at = (at + 1) & (ids->slot_count - 1)) {
    uint32_t i = ids->slot[at];
    if (i == KY_NONE || (ids->length[i] == length && memcmp(ids->text[i], bytes, length) == 0)) return at;
  }
}

uint32_t ky_ids_find(const ky_ids *ids, const char *bytes, size_t length) {
  return ids->slot_count == 0 ? KY_NONE : ids->slot[place_of(ids, bytes, length)];
}

static ky_err grow(ky_job *job, ky_ids *ids) {
  if (ids->capacity >= UINT32_C(1) << 29)
    return ky_fail(job, KY_E_RESOURCE, ky_tr("more than 500,000,000 ids in one file"));
  const uint32_t capacity = ids->capacity == 0 ? 1024 : ids->capacity * 2;
  const char **text;
  uint32_t *length;
  KY_NEW(job, scratch, text, capacity);
  KY_NEW(job, scratch, length, capacity);
  if (ids->count != 0) {
    memcpy(text, ids->text, ids->count * sizeof *text);
    memcpy(length, ids->length, ids->count * sizeof *length);
  }
  ids->text = text;
  ids->length = length;
  ids->capacity = capacity;
  ids->slot_count = capacity * 2;
  KY_NEW(job, scratch, ids->slot, ids->slot_count);
  memset(ids->slot, 0xFF, ids->slot_count * sizeof *ids->slot); /* KY_NONE */
  for (uint32_t i = 0; i < ids->count; i++) ids->slot[place_of(ids, text[i], length[i])] = i;
  return KY_OK;
}

ky_err ky_ids_add(ky_job *job, ky_ids *ids, const char *bytes, size_t length, uint32_t *index, bool *is_new) {
  if (ids->count == ids->capacity) KY_TRY(grow(job, ids));
  const uint32_t at = place_of(ids, bytes, length);
  *index = ids->slot[at];
  *is_new = *index == KY_NONE;
  if (!*is_new) return KY_OK;
  char *text = ky_arena_text(&job->scratch, bytes, length);
  if (text == NULL) return ky_fail_memory(job);
  *index = ids->slot[at] = ids->count;
  ids->text[ids->count] = text;
  ids->length[ids->count++] = (uint32_t)length;
  return KY_OK;
}
