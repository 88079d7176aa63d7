/* Targets year by year. People of a year that nobody states lie between those of the years around it, or stay as they
 * were last known; both are said. */
#include <kayoi/target_path.h>
#include <stdlib.h>
#include <string.h>

#include "core/ratio.h"

typedef struct path {
  ky_job *job;
  const ky_zones *zones;
  const ky_known_people *known;
  uint32_t known_count;
  const ky_targets_opts *opts;
  ky_target_path *out;
} path;

static int compare_years(const void *left, const void *right) {
  const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right; /* KY_NULL, the lowest, is now */
  return (a > b) - (a < b);
}

static ky_err list_years(path *p) {
  ky_job *job = p->job;
  ky_target_path *out = p->out;
  const uint32_t room = p->known_count + p->opts->year_rate_count + p->zones->year_rate_count;
  uint32_t count = 0;
  KY_NEW(job, keep, out->year, room);
  for (uint32_t k = 0; k < p->known_count; k++) out->year[count++] = p->known[k].year;
  for (uint32_t i = 0; i < p->opts->year_rate_count; i++) out->year[count++] = p->opts->year_rate[i].year;
  for (uint32_t i = 0; i < p->zones->year_rate_count; i++) out->year[count++] = p->zones->year_rate[i].year;
  if (count > 1) qsort(out->year, count, sizeof *out->year, compare_years);
  for (uint32_t i = 0; i < count; i++)
    if (i == 0 || out->year[i] != out->year[i - 1]) out->year[out->year_count++] = out->year[i];
  return KY_OK;
}

/* The known people at or last before a year, and next after it; NULL: none. Those of no year are of now: before all. */
static void find_known(const path *p, int64_t year, const ky_known_people **before, const ky_known_people **after) {
  *before = *after = NULL;
  for (uint32_t k = 0; k < p->known_count; k++) {
    const ky_known_people *known = &p->known[k];
    if (known->year <= year && (*before == NULL || known->year > (*before)->year)) *before = known;
    if (known->year > year && (*after == NULL || known->year < (*after)->year)) *after = known;
  }
}

static int64_t between(int64_t from, int64_t to, int64_t done, int64_t whole) {
  return ky_wide_round((ky_wide)from * (whole - done) + (ky_wide)to * done, whole);
}

static void fill_people(path *p, uint32_t y) {
  ky_target_path *out = p->out;
  const ky_known_people *before, *after;
  const int64_t year = out->year[y];
  int64_t *base = out->base_65 + (size_t)y * out->row_count;
  find_known(p, year, &before, &after);
  const bool is_between = before != NULL && after != NULL && before->year != year && before->year != KY_NULL;
  const ky_known_people *held = before != NULL ? before : after;
  for (uint32_t z = 0; z < p->zones->count; z++)
    base[z] = is_between ? between(before->targets->base_65[z], after->targets->base_65[z], year - before->year,
                                   after->year - before->year)
                         : held->targets->base_65[z];
  out->people_from[y] = is_between ? "between" : held->year == year ? held->people_from : "held";
  out->people_year[y] = is_between ? KY_NULL : held->year;
}

/* The rate of the run holds in its own year. */
static ky_rate rate_of(const path *p, uint32_t zone, int64_t year) {
  const ky_targets *now = p->known[0].targets;
  if (year == p->known[0].year) return (ky_rate){now->rate[zone], now->basis[zone]};
  return ky_rate_of(p->zones, p->opts, zone, (int)year);
}

static ky_err fill_targets(path *p, uint32_t y) {
  ky_target_path *out = p->out;
  const uint32_t all = KY_ROW_MUNICIPALITY(p->zones);
  const size_t at = (size_t)y * out->row_count;
  int64_t *base = out->base_65 + at, *rate = out->rate + at, *target = out->target + at;
  const char **basis = out->basis + at;
  base[all] = 0;
  for (uint32_t z = 0; z < p->zones->count; z++) {
    const ky_rate of = rate_of(p, z, out->year[y]);
    rate[z] = of.rate;
    basis[z] = of.basis;
    base[all] += base[z];
    if (z == 0) basis[all] = of.basis;
    if (basis[all] == NULL || of.basis == NULL || strcmp(basis[all], of.basis) != 0)
      basis[all] = "圏域ごとの目標の合計";
  }
  return ky_target_people(p->job, base, rate, p->zones->count, target, &target[all], &rate[all]);
}

/* Today's participants against it. The municipality misses what its zones miss; what some have too many is beside it.
 */
static void fill_shortfall(path *p, uint32_t y) {
  const ky_targets *now = p->known[0].targets;
  ky_target_path *out = p->out;
  const uint32_t all = KY_ROW_MUNICIPALITY(p->zones);
  const size_t at = (size_t)y * out->row_count;
  int64_t sum = 0;
  for (uint32_t row = 0; row < out->row_count; row++) {
    const int64_t participants = now->participants[row], target = out->target[at + row];
    if (target == KY_NULL || participants == KY_NULL) continue;
    out->attainment[at + row] = ky_ratio_share(participants, target);
    if (now->is_at_least[row] != 0) continue;
    out->net_shortfall[at + row] = target - participants;
    out->shortfall[at + row] = target > participants ? target - participants : 0;
  }
  for (uint32_t z = 0; z < p->zones->count; z++) sum = ky_sum_or_null(sum, out->shortfall[at + z]);
  out->shortfall[at + all] = sum;
}

ky_err ky_target_path_build(ky_job *job, const ky_zones *zones, const ky_known_people *known, uint32_t known_count,
                            const ky_targets_opts *opts, ky_target_path *out) {
  memset(out, 0, sizeof *out);
  path p = {.job = job, .zones = zones, .known = known, .known_count = known_count, .opts = opts, .out = out};
  KY_TRY(list_years(&p));
  out->row_count = KY_ROW_COUNT(zones);
  const uint32_t cells = out->year_count * out->row_count;
  int64_t **const columns[] = {&out->base_65,    &out->rate,      &out->target,
                               &out->attainment, &out->shortfall, &out->net_shortfall};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    KY_NEW(job, keep, *columns[c], cells);
    for (uint32_t i = 0; i < cells; i++) (*columns[c])[i] = KY_NULL;
  }
  KY_NEW(job, keep, out->basis, cells);
  KY_NEW(job, keep, out->people_from, out->year_count);
  KY_NEW(job, keep, out->people_year, out->year_count);
  for (uint32_t y = 0; y < out->year_count; y++) {
    fill_people(&p, y);
    KY_TRY(fill_targets(&p, y));
    fill_shortfall(&p, y);
  }
  return KY_OK;
}
