/* Counts of venues by what is known of them. */
#include <kayoi/counting.h>
#include <string.h>

#include "core/ratio.h"

static bool is_catchment_known(const ky_catchments *catchments, uint32_t v) {
  if (catchments->state == NULL || v >= catchments->venue_count) return false;
  return catchments->state[v] == KY_CATCHMENT_OPEN || catchments->state[v] == KY_CATCHMENT_BOUND;
}

static void add_venue(const ky_venues *venues, uint32_t v, ky_counted *to) {
  if (venues->is_informal[v] == 1) to->informal++;
  if (venues->counts_for_rate[v] == 1) {
    to->rate++;
    to->resident_led_unknown += venues->is_resident_led[v] < 0;
  }
  if (venues->counts[v] != 1) return;
  to->coverage++;
  to->bound += ky_catchment_set(&venues->catchments, v) != KY_NONE;
  to->sessions_unknown += venues->sessions_milli[v] == KY_NULL;
  to->catchment_unknown += !is_catchment_known(&venues->catchments, v);
}

static bool is_informal(const ky_resources *resources, uint32_t i) {
  const char *kind = resources->text[KY_RESOURCE_KIND][i];
  return kind != NULL && strcmp(kind, "informal_gathering") == 0;
}

/* rows: NULL, or one for each but the municipality. */
static void count(const ky_zones *zones, const ky_venues *venues, const ky_resources *resources, ky_counted *rows,
                  ky_counted *municipality) {
  for (uint32_t v = 0; v < venues->count; v++) {
    const uint32_t row = venues->row[v];
    if (row == KY_NONE) continue;
    if (rows != NULL) add_venue(venues, v, &rows[row]);
    if (row < KY_ROW_OUTSIDE(zones)) add_venue(venues, v, municipality);
  }
  for (uint32_t i = 0; resources != NULL && i < resources->count; i++) {
    const uint32_t row = resources->row[i];
    if (row == KY_NONE || !is_informal(resources, i)) continue;
    if (rows != NULL) rows[row].informal++;
    if (row < KY_ROW_OUTSIDE(zones)) municipality->informal++;
  }
}

ky_err ky_counting_rows(ky_job *job, const ky_zones *zones, const ky_venues *venues, const ky_resources *resources,
                        ky_counted **out) {
  KY_NEW(job, scratch, *out, KY_ROW_COUNT(zones));
  count(zones, venues, resources, *out, &(*out)[KY_ROW_MUNICIPALITY(zones)]);
  return KY_OK;
}

ky_counted ky_counting_municipality(const ky_zones *zones, const ky_venues *venues, const ky_resources *resources) {
  ky_counted out = {0};
  count(zones, venues, resources, NULL, &out);
  return out;
}

int64_t ky_counted_share(int64_t part, int64_t whole) {
  return whole == 0 ? KY_NULL : ky_ratio(part, KY_WHOLE, whole);
}
