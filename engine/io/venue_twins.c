/* Venues given twice: see venue_twins.h. */
#include "io/venue_twins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/address_key.h"
#include "io/geocode_wanted.h"
#include "io/role_columns.h"

#define TWIN_M 50.0

typedef struct named_venue {
  const char *key; /* of its name */
  double x, y;     /* metres, run CRS */
  const ky_raw *raw;
  uint32_t record;
} named_venue;

/* By name and place, so that the order of the input does not matter. */
static int by_name(const void *left, const void *right) {
  const named_venue *a = left, *b = right;
  int order = strcmp(a->key, b->key);
  if (order == 0) order = (a->x > b->x) - (a->x < b->x);
  if (order == 0) order = (a->y > b->y) - (a->y < b->y);
  if (order == 0) order = strcmp(a->raw->source->name, b->raw->source->name);
  return order != 0 ? order : strcmp(a->raw->record[a->record], b->raw->record[b->record]);
}

static ky_err list_venues(ky_job *job, const ky_raw *raws, uint32_t raw_count, named_venue **out, uint32_t *count) {
  uint64_t most = 0;
  for (uint32_t r = 0; r < raw_count; r++) most += raws[r].source->role == KY_ROLE_VENUES ? raws[r].count : 0;
  KY_NEW(job, scratch, *out, most);
  *count = 0;
  for (uint32_t r = 0; r < raw_count; r++) {
    if (raws[r].source->role != KY_ROLE_VENUES) continue;
    for (uint32_t i = 0; i < raws[r].count; i++) {
      named_venue venue = {.raw = &raws[r], .record = i};
      const char *name = ky_raw_value(&raws[r], "name", i);
      if (name == NULL || !ky_raw_place(&raws[r], i, &venue.x, &venue.y)) continue;
      venue.key = ky_name_key(&job->scratch, name, NULL);
      if (venue.key == NULL) return ky_fail_memory(job);
      (*out)[(*count)++] = venue;
    }
  }
  return KY_OK;
}

ky_err ky_venue_twins(ky_job *job, const ky_raw *raws, uint32_t raw_count) {
  named_venue *venue = NULL;
  uint32_t count = 0;
  KY_TRY(list_venues(job, raws, raw_count, &venue, &count));
  if (count != 0) qsort(venue, count, sizeof *venue, by_name);
  for (uint32_t i = 1; i < count; i++) {
    for (uint32_t k = i; k-- > 0 && strcmp(venue[k].key, venue[i].key) == 0 && venue[i].x - venue[k].x <= TWIN_M;) {
      const double distance_m = hypot(venue[i].x - venue[k].x, venue[i].y - venue[k].y);
      if (distance_m > TWIN_M) continue;
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = ky_source_where(job, venue[i].raw->source),
                               .record = venue[i].raw->record[venue[i].record],
                               .field = "name",
                               .reason = "duplicate_venue",
                               .has_place = true,
                               .x_m = venue[i].x,
                               .y_m = venue[i].y,
                               .action = ky_tr("both are kept; remove one if they are the same venue")},
                   ky_tr("%s (%s) has the same name %.0f m away"), venue[k].raw->record[venue[k].record],
                   ky_source_where(job, venue[k].raw->source), distance_m);
      break;
    }
  }
  return KY_OK;
}
