/* Places: seats there are, and how many more places the shortfall or the coverage goal would take. */
#include "core/ratio.h"
#include "core/targets_steps.h"

/* Seats that nobody uses; KY_NULL when seats or participants are unknown. */
static int64_t free_seats_of(const ky_targets_step *step, uint32_t v) {
  const ky_venues *venues = step->venues;
  int64_t seats = ky_venue_seats(venues->capacity[v], venues->sessions_milli[v], step->opts->attendances_milli);
  return ky_seat_use_of(seats, venues->participants[v]).free;
}

/* Counts per row; known_*: venues with known seats, and with known free seats. */
typedef struct places {
  int64_t count, counting, known_seats, seats, known_free, free;
} places;

static void add_venue(const ky_targets_step *step, uint32_t v, places *to) {
  const ky_venues *venues = step->venues;
  if (venues->is_informal[v] == 1) return;
  to->count++;
  if (venues->counts[v] != 1) return;
  to->counting++;
  int64_t seats = ky_venue_seats(venues->capacity[v], venues->sessions_milli[v], step->opts->attendances_milli);
  int64_t free_seats = free_seats_of(step, v);
  if (seats == KY_NULL) return;
  to->known_seats++;
  to->seats = ky_add(to->seats, seats);
  if (free_seats == KY_NULL) return;
  to->known_free++;
  to->free = ky_add(to->free, free_seats);
}

static void fill_row(const places *p, uint32_t row, ky_targets *out) {
  out->venues_count[row] = p->count;
  out->venues_counting[row] = p->counting;
  if (p->counting == 0 || p->known_seats != 0) out->seats[row] = p->seats;
  if (p->counting == 0 || p->known_free != 0) out->free_seats[row] = p->free;
}

/* Venues of the municipality are those inside its border, in a zone or not, as in the ledger. */
static ky_err fill_venues(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const ky_zones *zones = step->zones;
  places *rows;
  KY_NEW(job, scratch, rows, KY_ROW_COUNT(zones));
  for (uint32_t v = 0; v < step->venues->count; v++) {
    uint32_t row = step->venues->row[v];
    if (row == KY_NONE) continue;
    add_venue(step, v, &rows[row]);
    if (row < KY_ROW_OUTSIDE(zones)) add_venue(step, v, &rows[KY_ROW_MUNICIPALITY(zones)]);
  }
  for (uint32_t row = 0; row < KY_ROW_COUNT(zones); row++) fill_row(&rows[row], row, out);
  return KY_OK;
}

/* Its participants are participants of the municipality, so a seat taken there makes the shortfall smaller. */
static bool is_own_rate_venue(const ky_targets_step *step, uint32_t v) {
  return ky_is_rate_venue(step->venues, v) && step->venues->row[v] != KY_ROW_OUTSIDE(step->zones);
}

/* Zones in reach of a venue by their people 65+ there; how many there are. */
static uint32_t weigh_zones(const ky_targets_step *step, uint32_t v, uint32_t *zone, uint64_t *weight) {
  const ky_venue_rows *in_range = &step->coverage->venue_rows;
  uint32_t n = 0;
  for (uint32_t k = in_range->first[v]; k < in_range->first[v + 1]; k++) {
    if (in_range->row[k] >= step->zones->count) break;
    zone[n] = in_range->row[k];
    weight[n++] = (uint64_t)in_range->people[k];
  }
  return n;
}

/* Each venue's free seats once, to the zones whose people can walk to it. */
static ky_err share_free_seats(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const uint32_t zones = step->zones->count, all = KY_ROW_MUNICIPALITY(step->zones);
  int64_t *share, *left = out->free_in_range;
  uint64_t *weight;
  uint32_t *order, *zone;
  bool *has_unknown;
  KY_NEW(job, scratch, share, zones);
  KY_NEW(job, scratch, weight, zones);
  KY_NEW(job, scratch, order, zones);
  KY_NEW(job, scratch, zone, zones);
  KY_NEW(job, scratch, has_unknown, zones);
  for (uint32_t v = 0; v < step->venues->count; v++) {
    const uint32_t n = is_own_rate_venue(step, v) ? weigh_zones(step, v, zone, weight) : 0;
    if (n == 0) continue;
    int64_t free_seats = free_seats_of(step, v);
    if (free_seats != KY_NULL) ky_share_largest_remainder(free_seats, weight, n, share, order);
    for (uint32_t k = 0; k < n; k++) {
      const uint32_t z = zone[k];
      has_unknown[z] = has_unknown[z] || free_seats == KY_NULL;
      if (free_seats != KY_NULL) left[z] = ky_add(left[z] == KY_NULL ? 0 : left[z], share[k]);
    }
  }
  bool has_none = true;
  for (uint32_t z = 0; z < zones; z++) {
    if (left[z] == KY_NULL && !has_unknown[z]) left[z] = 0; /* no venue in range */
    has_none = has_none && left[z] == KY_NULL;
    left[all] = ky_add(left[all] == KY_NULL ? 0 : left[all], left[z] == KY_NULL ? 0 : left[z]);
  }
  if (has_none && zones != 0) left[all] = KY_NULL;
  return KY_OK;
}

/* Free seats that nobody knows cannot be counted on. */
static void fill_by_participants(const ky_targets_step *step, ky_targets *out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(step->zones);
  out->places_by_participants[all] = 0;
  for (uint32_t z = 0; z < step->zones->count; z++) {
    if (out->shortfall[z] != KY_NULL) {
      int64_t left = out->shortfall[z] - (out->free_in_range[z] == KY_NULL ? 0 : out->free_in_range[z]);
      ky_wide typical = step->typical_milli[z], wanted = left > 0 ? (ky_wide)left * 1000 : 0;
      out->places_by_participants[z] = (int64_t)((wanted + typical - 1) / typical);
    }
    out->places_by_participants[all] = ky_sum_or_null(out->places_by_participants[all], out->places_by_participants[z]);
  }
}

static bool reaches_goal(const ky_targets_step *step, int64_t covered, int64_t total) {
  return (ky_wide)covered * KY_WHOLE >= (ky_wide)step->opts->goal_share * total;
}

static int64_t ledger(const int64_t *column, uint32_t row) {
  return column[(size_t)row * KY_MEASURE_COUNT + KY_65];
}

/* How many of the sites with a gain bring the covered share to the goal; null when they never do. */
static int64_t count_to_goal(const ky_targets_step *step, uint32_t row, const int64_t *gain) {
  int64_t covered = ledger(step->coverage->people[KY_COVERED], row), total = ledger(step->coverage->total, row), n = 0;
  if (reaches_goal(step, covered, total)) return 0;
  for (uint32_t s = 0; s < step->sites->count; s++) {
    if (gain[s] == 0) continue;
    covered += gain[s];
    n++;
    if (reaches_goal(step, covered, total)) return n;
  }
  return KY_NULL;
}

static void fill_reach_row(const ky_targets_step *step, uint32_t row, const int64_t *gain, ky_targets *out) {
  out->places_by_reach[row] = count_to_goal(step, row, gain);
  if (out->places_by_reach[row] != KY_NULL) return;
  out->places_by_reach_reason[row] = "no_site_in_sequence";
  for (uint32_t s = 0; s < step->sites->count; s++)
    if (gain[s] != 0) out->places_by_reach_reason[row] = "sites_end_below_goal";
}

/* Zone by zone: what each site of the order newly covers there. */
static ky_err fill_by_reach(const ky_targets_step *step, ky_targets *out) {
  ky_job *job = step->job;
  const ky_points *points = step->points;
  const ky_zones *zones = step->zones;
  uint32_t *first, *point, *next;
  int64_t *gain;
  KY_NEW(job, scratch, first, (size_t)zones->count + 1);
  KY_NEW(job, scratch, next, zones->count);
  KY_NEW(job, scratch, point, points->count);
  KY_NEW(job, scratch, gain, step->sites->count);
  for (uint32_t i = 0; i < points->count; i++)
    if (points->row[i] < zones->count && step->sites->point_site[i] != KY_NONE) first[points->row[i] + 1]++;
  for (uint32_t z = 0; z < zones->count; z++) {
    first[z + 1] += first[z];
    next[z] = first[z];
  }
  for (uint32_t i = 0; i < points->count; i++)
    if (points->row[i] < zones->count && step->sites->point_site[i] != KY_NONE) point[next[points->row[i]]++] = i;
  for (uint32_t z = 0; z < zones->count; z++) {
    for (uint32_t i = first[z]; i < first[z + 1]; i++) {
      uint32_t people = points->people[KY_65][point[i]];
      if (people != KY_NONE) gain[step->sites->point_site[point[i]]] += people;
    }
    fill_reach_row(step, z, gain, out);
    for (uint32_t i = first[z]; i < first[z + 1]; i++) gain[step->sites->point_site[point[i]]] = 0;
  }
  fill_reach_row(step, KY_ROW_MUNICIPALITY(zones), step->sites->gain_65, out);
  return KY_OK;
}

ky_err ky_targets_places(const ky_targets_step *step, ky_targets *out) {
  KY_TRY(fill_venues(step, out));
  KY_TRY(share_free_seats(step, out));
  fill_by_participants(step, out);
  return fill_by_reach(step, out);
}
