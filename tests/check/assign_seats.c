/* Not a test: the assignment of seats for tests/check/seats.py, which hands it instances as text and compares the
 * answers with those of a linear program. Several instances on stdin, each ZONES VENUES CLASSES demand of each zone,
 * micro capacity sessions of each venue ("-1" unknown; sessions in thousandths a month) zone people-65 count venue ...
 * of each class An answer each: the reason, or "-" and what each zone has, micro, and is_short of each venue. */
#include <inttypes.h>
#include <kayoi/seats.h>
#include <stdio.h>

static bool next(int64_t *value) {
  return scanf("%" SCNd64, value) == 1;
}

static bool next_count(uint32_t most, uint32_t *count) {
  int64_t value;
  if (!next(&value) || value < 0 || value > most) return false;
  *count = (uint32_t)value;
  return true;
}

static bool next_or_unknown(int64_t *value) {
  if (!next(value)) return false;
  if (*value < 0) *value = KY_NULL;
  return true;
}

static ky_err wrong(ky_job *job) {
  return ky_fail(job, KY_E_INPUT, "%s", "an instance is not as it should be");
}

static ky_err read_sets(ky_job *job, uint32_t zone_count, uint32_t venue_count, ky_venue_sets *sets) {
  KY_NEW(job, keep, sets->row, sets->count);
  KY_NEW(job, keep, sets->people_65, sets->count);
  KY_NEW(job, keep, sets->first_venue, (size_t)sets->count + 1);
  KY_NEW(job, keep, sets->venue, (size_t)sets->count * venue_count);
  for (uint32_t c = 0; c < sets->count; c++) {
    uint32_t n, at = sets->first_venue[c];
    if (!next_count(zone_count - 1, &sets->row[c]) || !next(&sets->people_65[c]) || !next_count(venue_count, &n))
      return wrong(job);
    for (uint32_t k = 0; k < n; k++)
      if (!next_count(venue_count - 1, &sets->venue[at + k])) return wrong(job);
    sets->first_venue[c + 1] = at + n;
  }
  return KY_OK;
}

static ky_err answer(ky_job *job, uint32_t zone_count) {
  const ky_seats_opts opts = {.attendances_milli = 4000, .max_unknown_share = 200000};
  ky_venues venues = {0};
  ky_venue_sets sets = {0};
  ky_seats seats;
  int64_t *demand;
  if (!next_count(1000000, &venues.count) || !next_count(1000000, &sets.count)) return wrong(job);
  KY_NEW(job, keep, demand, zone_count);
  KY_NEW(job, keep, venues.capacity, venues.count);
  KY_NEW(job, keep, venues.sessions_milli, venues.count);
  for (uint32_t z = 0; z < zone_count; z++)
    if (!next(&demand[z])) return wrong(job);
  for (uint32_t v = 0; v < venues.count; v++)
    if (!next_or_unknown(&venues.capacity[v]) || !next_or_unknown(&venues.sessions_milli[v])) return wrong(job);
  KY_TRY(read_sets(job, zone_count, venues.count, &sets));
  KY_TRY(ky_seats_assign(job, zone_count, &venues, &sets, demand, &opts, &seats));
  printf("%s", seats.reason != NULL ? seats.reason : "-");
  for (uint32_t z = 0; z < zone_count && seats.reason == NULL; z++) printf(" %" PRId64, seats.served[z]);
  for (uint32_t v = 0; v < venues.count; v++) printf(" %d", seats.is_short[v]);
  printf("\n");
  return KY_OK;
}

int main(void) {
  uint32_t zone_count;
  while (next_count(1000000, &zone_count)) {
    ky_job job;
    ky_job_init(&job, 1);
    ky_err err = answer(&job, zone_count);
    if (err != KY_OK) fprintf(stderr, "%s\n", job.message);
    ky_job_free(&job);
    if (err != KY_OK) return ky_err_status(err);
  }
  return 0;
}
