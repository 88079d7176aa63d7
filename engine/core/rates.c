/* Target rates by zone and year. */
#include <kayoi/targets.h>

/* The last rate of the zone that is stated for the year or an earlier one; NULL: none. Sorted by zone and year. */
static const ky_year_rate *stated(const ky_year_rate *rates, uint32_t count, uint32_t zone, int year) {
  const ky_year_rate *found = NULL;
  for (uint32_t i = 0; i < count; i++)
    if (rates[i].zone == zone && rates[i].year <= year) found = &rates[i];
  return found;
}

ky_rate ky_rate_of_all(const ky_targets_opts *opts, int year) {
  const ky_year_rate *of_all = stated(opts->year_rate, opts->year_rate_count, KY_NONE, year);
  return of_all != NULL ? (ky_rate){of_all->rate, of_all->basis} : (ky_rate){opts->rate, opts->basis};
}

ky_rate ky_rate_of(const ky_zones *zones, const ky_targets_opts *opts, uint32_t zone, int year) {
  const ky_year_rate *own = stated(zones->year_rate, zones->year_rate_count, zone, year);
  if (own != NULL) return (ky_rate){own->rate, own->basis};
  if (zones->rate[zone] != KY_NULL) {
    const char *basis = zones->rate_basis[zone];
    return (ky_rate){zones->rate[zone], basis != NULL ? basis : "圏域ごとの設定（根拠の記載なし）"};
  }
  const ky_rate of_all = ky_rate_of_all(opts, year);
  const char *basis = zones->rate_basis[zone];
  return basis != NULL && of_all.basis == opts->basis ? (ky_rate){of_all.rate, basis} : of_all;
}

ky_err ky_zones_rate_year(ky_job *job, const ky_targets_opts *opts, int year, ky_zones *zones) {
  int64_t *rate;
  const char **basis;
  KY_NEW(job, keep, rate, zones->count);
  KY_NEW(job, keep, basis, zones->count);
  for (uint32_t z = 0; z < zones->count; z++) {
    const ky_rate of = ky_rate_of(zones, opts, z, year);
    rate[z] = of.rate;
    basis[z] = of.basis;
  }
  zones->rate = rate;
  zones->rate_basis = basis;
  return KY_OK;
}
