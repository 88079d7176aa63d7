/* Target people to seats: which venues are in range, whether enough is known of their seats, and the assignment. */
#include <kayoi/seats.h>

#include <assert.h>

#include "core/ratio.h"
#include "core/seats_fair.h"

int64_t ky_venue_seats(int64_t capacity, int64_t sessions_milli, int64_t attendances_milli) {
  if (capacity == KY_NULL || sessions_milli == KY_NULL || attendances_milli <= 0) return KY_NULL;
  if (capacity < 0 || sessions_milli < 0) return KY_NULL; /* what cannot be is not known */
  if (sessions_milli == 0) return 0;
  return ky_ratio(capacity, sessions_milli, sessions_milli < attendances_milli ? sessions_milli : attendances_milli);
}

static ky_err new_columns(ky_job *job, uint32_t zone_count, const ky_venues *venues, const ky_seats_opts *opts,
                          ky_seats *out) {
  *out = (ky_seats){.zone_count = zone_count, .venue_count = venues->count};
  KY_NEW(job, keep, out->seats, venues->count);
  KY_NEW(job, keep, out->is_in_range, venues->count);
  KY_NEW(job, keep, out->is_short, venues->count);
  KY_NEW(job, keep, out->served, zone_count);
  for (uint32_t v = 0; v < venues->count; v++) {
    out->seats[v] = ky_venue_seats(venues->capacity[v], venues->sessions_milli[v], opts->attendances_milli);
    out->is_short[v] = -1;
  }
  for (uint32_t z = 0; z < zone_count; z++) out->served[z] = KY_NULL;
  return KY_OK;
}

static void find_in_range(const ky_venue_sets *sets, ky_seats *out) {
  for (uint32_t k = 0; k < sets->first_venue[sets->count]; k++) out->is_in_range[sets->venue[k]] = 1;
  for (uint32_t v = 0; v < out->venue_count; v++) {
    out->in_range_count += out->is_in_range[v] != 0;
    out->unknown_count += out->is_in_range[v] != 0 && out->seats[v] == KY_NULL;
  }
}

/* A zone's demand over its classes by their people, by largest remainder. */
static ky_err share_demand(ky_job *job, uint32_t zone_count, const ky_venue_sets *sets, const int64_t *demand,
                           int64_t *class_demand) {
  uint32_t *first, *class;
  int64_t *people, *shared;
  ky_wide *value;
  KY_NEW(job, scratch, first, (size_t)zone_count + 2);
  KY_NEW(job, scratch, class, sets->count);
  KY_NEW(job, scratch, people, zone_count);
  KY_NEW(job, scratch, shared, sets->count);
  KY_NEW(job, scratch, value, sets->count);
  for (uint32_t c = 0; c < sets->count; c++) {
    first[sets->row[c] + 2]++;
    people[sets->row[c]] += sets->people_65[c];
  }
  for (uint32_t z = 0; z < zone_count; z++) first[z + 2] += first[z + 1];
  for (uint32_t c = 0; c < sets->count; c++) class[first[sets->row[c] + 1]++] = c;
  for (uint32_t z = 0; z < zone_count; z++) {
    const uint32_t count = first[z + 1] - first[z];
    if (count == 0) continue;
    for (uint32_t i = 0; i < count; i++) value[i] = (ky_wide)demand[z] * sets->people_65[class[first[z] + i]];
    KY_TRY(ky_round_largest_remainder(job, value, people[z], demand[z], count, shared));
    for (uint32_t i = 0; i < count; i++) class_demand[class[first[z] + i]] = shared[i];
  }
  return KY_OK;
}

static ky_err assign(ky_job *job, const ky_venue_sets *sets, const int64_t *demand, int64_t all, ky_seats *out) {
  int64_t *class_demand, *seats;
  KY_NEW(job, scratch, class_demand, sets->count);
  KY_NEW(job, scratch, seats, out->venue_count);
  KY_TRY(share_demand(job, out->zone_count, sets, demand, class_demand));
  for (uint32_t v = 0; v < out->venue_count; v++) {
    if (out->is_in_range[v] != 0) out->is_short[v] = 0;
    /* more seats than there is demand are as good as unlimited */
    seats[v] = out->seats[v] == KY_NULL || out->seats[v] > all / KY_MICRO ? KY_NULL : out->seats[v] * KY_MICRO;
  }
  const ky_fair fair = {.zone_count = out->zone_count,
                        .class_count = sets->count,
                        .venue_count = out->venue_count,
                        .demand = demand,
                        .zone = sets->row,
                        .class_demand = class_demand,
                        .first_venue = sets->first_venue,
                        .venue = sets->venue,
                        .seats = seats};
  return ky_fair_assign(job, &fair, out->served, out->is_short);
}

ky_err ky_seats_assign(ky_job *job, uint32_t zone_count, const ky_venues *venues, const ky_venue_sets *sets,
                       const int64_t *demand, const ky_seats_opts *opts, ky_seats *out) {
  int64_t all = 0;
  for (uint32_t z = 0; z < zone_count; z++) {
    assert(demand[z] >= 0 && demand[z] <= KY_DEMAND_MOST - all);
    all += demand[z];
  }
  KY_TRY(new_columns(job, zone_count, venues, opts, out));
  find_in_range(sets, out);
  if ((ky_wide)out->unknown_count * KY_WHOLE > (ky_wide)opts->max_unknown_share * out->in_range_count) {
    out->reason = "seats_unknown";
    return KY_OK;
  }
  return assign(job, sets, demand, all, out);
}
