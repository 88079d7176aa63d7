/* Places by name: a venue that meets in a hall is where the hall is. Only halls of the municipality are looked at,
 * since every town has its 中央公民館. */
#include <string.h>

#include "io/address_key.h"
#include "io/geocode.h"

static const ky_geocode_level halls = {
    KY_ROLE_HALLS, "hall", "placed_by_hall", {"name", "other_name", "address", NULL}};

/* Where a venue may name its hall, best first; small registers write the hall's name in place of an address. */
static const char *const venue_attributes[] = {"hall", "name", "address"};
#define VENUE_ATTRIBUTES (sizeof venue_attributes / sizeof *venue_attributes)

static ky_err make_readings(ky_geocoder *g, ky_reading *readings, uint32_t *count) {
  for (uint32_t v = 0; v < g->count; v++) {
    for (uint32_t a = 0; a < VENUE_ATTRIBUTES; a++) {
      const char *name = ky_raw_value(g->venue[v].raw, venue_attributes[a], g->venue[v].record);
      if (name == NULL) continue;
      const char *key = ky_name_key(&g->job->scratch, name, g->municipality);
      if (key == NULL) return ky_fail_memory(g->job);
      if (key[0] != '\0') readings[(*count)++] = (ky_reading){v, a, key};
    }
  }
  return KY_OK;
}

static ky_err add_hall(ky_geocoder *g, const ky_raw *raw, uint32_t record, ky_wanted *wanted) {
  static const char *const names[] = {"name", "other_name"};
  double x, y;
  uint32_t before = KY_NONE;
  if (!ky_raw_place(raw, record, &x, &y)) return KY_OK;
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    const char *name = ky_raw_value(raw, names[n], record);
    if (name == NULL) continue;
    const char *key = ky_name_key(&g->job->scratch, name, g->municipality);
    if (key == NULL) return ky_fail_memory(g->job);
    const uint32_t found = ky_wanted_find(wanted, key);
    if (found != KY_NONE && found != before && ky_home_has(&g->home, x, y))
      ky_found_add(&wanted->found[0][found], raw, record, x, y);
    before = found;
  }
  return KY_OK;
}

ky_err ky_geocode_halls(ky_geocoder *g) {
  ky_reading *readings;
  ky_wanted wanted;
  uint32_t count = 0;
  if (g->count == 0 || !ky_geocoder_has(g, KY_ROLE_HALLS)) return KY_OK;
  KY_NEW(g->job, scratch, readings, (size_t)g->count * VENUE_ATTRIBUTES);
  KY_TRY(make_readings(g, readings, &count));
  KY_TRY(ky_wanted_new(g->job, readings, count, &wanted));
  for (uint32_t r = 0; r < g->raw_count; r++) {
    if (g->raws[r].source->role != KY_ROLE_HALLS) continue;
    for (uint32_t i = 0; i < g->raws[r].count; i++) KY_TRY(add_hall(g, &g->raws[r], i, &wanted));
  }
  return ky_geocode_settle(g, &halls, readings, count, &wanted);
}
