/* Keys that are looked for: see geocode_wanted.h. */
#include "io/geocode_wanted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

ky_err ky_wanted_new(ky_job *job, const ky_reading *readings, uint32_t count, ky_wanted *out) {
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->key, count);
  for (uint32_t i = 0; i < count; i++) out->key[i] = readings[i].key;
  if (count != 0) qsort(out->key, count, sizeof *out->key, by_text);
  for (uint32_t i = 0; i < count; i++)
    if (out->count == 0 || strcmp(out->key[out->count - 1], out->key[i]) != 0) out->key[out->count++] = out->key[i];
  for (int slot = 0; slot < 2; slot++) KY_NEW(job, scratch, out->found[slot], out->count);
  return KY_OK;
}

/* The first key that is not below the text. */
static uint32_t lower_bound(const ky_wanted *wanted, const char *text) {
  uint32_t low = 0, high = wanted->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (strcmp(wanted->key[middle], text) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

uint32_t ky_wanted_find(const ky_wanted *wanted, const char *key) {
  uint32_t i = lower_bound(wanted, key);
  return i < wanted->count && strcmp(wanted->key[i], key) == 0 ? i : KY_NONE;
}

bool ky_wanted_begins(const ky_wanted *wanted, const char *beginning) {
  uint32_t i = lower_bound(wanted, beginning);
  return i < wanted->count && strncmp(wanted->key[i], beginning, strlen(beginning)) == 0;
}

static int by_place(const ky_found *a, const ky_found *b) {
  if (a->x != b->x) return a->x < b->x ? -1 : 1;
  if (a->y != b->y) return a->y < b->y ? -1 : 1;
  int order = strcmp(a->raw->source->name, b->raw->source->name);
  return order != 0 ? order : strcmp(a->raw->record[a->record], b->raw->record[b->record]);
}

void ky_found_join(ky_found *found, const ky_found *other) {
  if (other->count == 0) return;
  if (found->count == 0) {
    *found = *other;
    return;
  }
  const ky_box box = {fmin(found->box.x_min, other->box.x_min), fmin(found->box.y_min, other->box.y_min),
                      fmax(found->box.x_max, other->box.x_max), fmax(found->box.y_max, other->box.y_max)};
  const uint32_t count = found->count + other->count;
  if (by_place(other, found) < 0) *found = *other;
  found->box = box;
  found->count = count;
}

void ky_found_add(ky_found *found, const ky_raw *raw, uint32_t record, double x, double y) {
  ky_found_join(found, &(ky_found){.count = 1, .raw = raw, .record = record, .x = x, .y = y, .box = {x, y, x, y}});
}

double ky_found_spread_m(const ky_found *found) {
  return hypot(found->box.x_max - found->box.x_min, found->box.y_max - found->box.y_min);
}

bool ky_raw_place(const ky_raw *raw, uint32_t record, double *x, double *y) {
  const ky_shapes *shapes = &raw->shapes;
  if (shapes->kind == KY_SHAPE_NONE || shapes->first_part[record] == shapes->first_part[record + 1]) return false;
  const uint32_t vertex = shapes->first_vertex[shapes->first_part[record]];
  *x = shapes->x[vertex];
  *y = shapes->y[vertex];
  return true;
}
