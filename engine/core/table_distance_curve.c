/* Layer distance_curve: people 65+ within each walking distance, by row of the ledger: every 100 m and at each band.
 * At the bands it is the ledger's covered_65_<band>; between them it shows what another threshold would say. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

#define STEP_MM       100000u
#define LAST_MM       3000000u /* at least up to here */
#define DISTANCES_MAX 256u     /* bands are at most 50 km, so the last hundreds of metres may be left to the bands */

typedef struct distances {
  uint32_t count, mm[DISTANCES_MAX + KY_BANDS_MAX];
} distances;

static void insert(distances *of, uint32_t mm) {
  uint32_t at = of->count;
  while (at > 0 && of->mm[at - 1] > mm) at--;
  if (at > 0 && of->mm[at - 1] == mm) return;
  for (uint32_t i = of->count++; i > at; i--) of->mm[i] = of->mm[i - 1];
  of->mm[at] = mm;
}

static void choose(const ky_walk_opts *opts, distances *out) {
  uint32_t last = LAST_MM;
  *out = (distances){0};
  for (uint32_t b = 0; b < opts->band_count; b++)
    if (opts->bands_mm[b] > last) last = opts->bands_mm[b];
  for (uint32_t s = 1; s <= DISTANCES_MAX && s * STEP_MM <= last; s++) insert(out, s * STEP_MM);
  for (uint32_t b = 0; b < opts->band_count; b++) insert(out, opts->bands_mm[b]);
}

/* The first distance that is not below mm; the count: none. */
static uint32_t place_of(const distances *of, uint32_t mm) {
  uint32_t from = 0, to = of->count;
  while (from < to) {
    const uint32_t middle = from + (to - from) / 2;
    if (of->mm[middle] < mm) from = middle + 1;
    if (of->mm[middle] >= mm) to = middle;
  }
  return from;
}

/* What each point adds at its own distance, then summed along the distances; [row * count + distance]. */
static void add_points(const ky_result *result, const distances *of, const uint32_t *mm, int64_t *people) {
  const uint32_t outside = KY_ROW_OUTSIDE(result->zones), town = KY_ROW_MUNICIPALITY(result->zones);
  for (uint32_t i = 0; i < result->points->count; i++) {
    const uint32_t milli = result->points->people[KY_65][i], row = result->points->row[i];
    const uint32_t at = milli == KY_NONE || mm[i] == KY_NONE ? of->count : place_of(of, mm[i]);
    if (at == of->count) continue;
    people[(size_t)row * of->count + at] += milli;
    if (row < outside) people[(size_t)town * of->count + at] += milli;
  }
  for (uint32_t row = 0; row < KY_ROW_COUNT(result->zones); row++)
    for (uint32_t d = 1; d < of->count; d++)
      people[(size_t)row * of->count + d] += people[(size_t)row * of->count + d - 1];
}

static bool is_band(const ky_walk_opts *opts, uint32_t mm) {
  for (uint32_t b = 0; b < opts->band_count; b++)
    if (opts->bands_mm[b] == mm) return true;
  return false;
}

static ky_err add_keys(ky_job *job, const ky_result *result, const distances *of, ky_table *table) {
  const char **id, **name, **level;
  int64_t *mm;
  int8_t *band, *primary;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, mm, table->count);
  KY_NEW(job, keep, band, table->count);
  KY_NEW(job, keep, primary, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t row = i / of->count, d = i % of->count;
    id[i] = row < result->zones->count ? result->zones->id[row] : NULL;
    name[i] = ky_row_name(result, row);
    level[i] = ky_row_level(result->zones, row);
    mm[i] = of->mm[d];
    band[i] = is_band(result->walk_opts, of->mm[d]);
    primary[i] = of->mm[d] == result->walk_opts->primary_mm;
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  ky_table_fixed(table, "distance_m", "徒歩距離", "m", 3, mm);
  ky_table_bool(table, "is_band", "設定した距離", band);
  ky_table_bool(table, "primary", "この距離で徒歩圏を判定する", primary);
  return KY_OK;
}

ky_err ky_distance_curve_table(ky_job *job, const ky_result *result, ky_table *out) {
  distances of;
  int64_t *walk, *straight, *share;
  choose(result->walk_opts, &of);
  const uint32_t count = KY_ROW_COUNT(result->zones) * of.count;
  KY_TRY(ky_table_new(job, "distance_curve", "徒歩距離ごとの人数", count, NULL, 9, out));
  KY_NEW(job, keep, walk, count);
  KY_NEW(job, keep, straight, count);
  KY_NEW(job, keep, share, count);
  add_points(result, &of, result->coverage->walk_mm, walk);
  add_points(result, &of, result->coverage->straight_mm, straight);
  for (uint32_t i = 0; i < count; i++)
    share[i] = ky_ratio_share(walk[i], result->coverage->total[(size_t)(i / of.count) * KY_MEASURE_COUNT + KY_65]);
  KY_TRY(add_keys(job, result, &of, out));
  ky_table_fixed(out, "people_65", "歩いて通える65歳以上", "people", 3, walk);
  ky_table_fixed(out, "share_65", "歩いて通える65歳以上の割合", "share", 6, share);
  ky_table_fixed(out, "straight_65", "直線距離ならば届く65歳以上", "people", 3, straight);
  return KY_OK;
}
