/* Towns that addresses may name: see town_filter.h. An address matches a town only when its letters end in those of the
 * town's name (geocode_addresses.c), so a town whose letters are in no address cannot matter. */
#include "io/town_filter.h"

#include <stdlib.h>
#include <string.h>

#include "io/address_key.h"
#include "io/encoding.h"

struct ky_town_filter {
  char *areas; /* the letters of all addresses, each once, a line each */
  char *last;  /* the bytes asked for last, and the answer */
  size_t last_length, last_capacity;
  bool is_last_wanted;
};

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files of addresses themselves are not read yet and have no source. */
static bool is_asking(const ky_raw *raw) {
  return raw->source != NULL && ky_role_is_geocoded(raw->source->role);
}

static ky_err list_areas(ky_job *job, const ky_raw *raws, uint32_t raw_count, const char ***out, uint32_t *count) {
  uint64_t most = 0;
  for (uint32_t r = 0; r < raw_count; r++)
    if (is_asking(&raws[r])) most += raws[r].count;
  KY_NEW(job, scratch, *out, most);
  *count = 0;
  for (uint32_t r = 0; r < raw_count; r++) {
    if (!is_asking(&raws[r])) continue;
    for (uint32_t i = 0; i < raws[r].count; i++) {
      ky_address address;
      const char *text = ky_raw_value(&raws[r], "address", i);
      if (text == NULL) continue;
      if (!ky_address_read(&job->scratch, text, &address)) return ky_fail_memory(job);
      (*out)[(*count)++] = address.area;
    }
  }
  if (*count != 0) qsort(*out, *count, sizeof **out, by_text);
  return KY_OK;
}

ky_err ky_town_filter_new(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_town_filter **out) {
  const char **areas = NULL;
  uint32_t count = 0;
  size_t bytes = 1;
  KY_NEW(job, keep, *out, 1);
  KY_TRY(list_areas(job, raws, raw_count, &areas, &count));
  for (uint32_t i = 0; i < count; i++) bytes += strlen(areas[i]) + 1;
  char *to = ky_arena_alloc(&job->keep, bytes, 1);
  if (to == NULL) return ky_fail_memory(job);
  (*out)->areas = to;
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0 && strcmp(areas[i], areas[i - 1]) == 0) continue;
    const size_t length = strlen(areas[i]);
    memcpy(to, areas[i], length);
    to[length] = '\n';
    to += length + 1;
  }
  return KY_OK;
}

/* Files are sorted by town: the same question comes again and again. */
static ky_err remember(ky_job *job, ky_town_filter *filter, const char *bytes, size_t length) {
  if (filter->last == NULL || length > filter->last_capacity) {
    filter->last_capacity = length * 2;
    KY_NEW(job, keep, filter->last, filter->last_capacity + 1);
  }
  memcpy(filter->last, bytes, length);
  filter->last_length = length;
  return KY_OK;
}

/* A text that does not decode is left to be reported. */
static ky_err ask(ky_job *job, const ky_town_filter *filter, const char *encoding, const char *bytes, size_t length,
                  bool *out) {
  ky_arena memory = {0};
  ky_decoder decoder = {.name = encoding};
  ky_address address;
  const char *town = NULL;
  ky_err err = KY_OK;
  const ky_decoded decoded = ky_decoder_text(&decoder, &memory, bytes, length, &town);
  *out = true;
  if (decoded == KY_DECODED_NO_MEMORY ||
      (decoded == KY_DECODED && town != NULL && !ky_address_read(&memory, town, &address)))
    err = ky_fail_memory(job);
  else if (decoded == KY_DECODED)
    *out = town != NULL && address.area[0] != '\0' && strstr(filter->areas, address.area) != NULL;
  ky_arena_free(&memory);
  return err;
}

ky_err ky_town_filter_wants(ky_job *job, ky_town_filter *filter, const char *encoding, const char *bytes, size_t length,
                            bool *out) {
  *out = filter->is_last_wanted;
  if (filter->last != NULL && filter->last_length == length && memcmp(filter->last, bytes, length) == 0) return KY_OK;
  KY_TRY(ask(job, filter, encoding, bytes, length, out));
  filter->is_last_wanted = *out;
  return remember(job, filter, bytes, length);
}
