/* Layer population: people of further years, one record per row of the ledger and year; no geometry. Growth is taken
 * against the first year; of age bands against the first year whose people 65 and over are known, because the base year
 * of a projection is often published without ages. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

#define CAPACITY (13 + 2 * KY_YEAR_BAND_COUNT)

static const char *const band_aliases[KY_YEAR_BAND_COUNT] = {
#define KY_X(name, text, alias, measure) alias,
    KY_YEAR_BANDS(KY_X)
#undef KY_X
};

/* Index of the year that a row's band is compared with; KY_NONE: none. */
static uint32_t base_of(const ky_years *years, ky_year_band band, uint32_t row) {
  if (band == KY_YEAR_TOTAL) return 0;
  for (uint32_t y = 0; y < years->count; y++)
    if (years->year[y].row_people[KY_YEAR_65][row] != KY_NULL) return y;
  return KY_NONE;
}

static ky_err add_keys(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_years *years = result->years;
  const char **id, **name, **level;
  int64_t *year;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, year, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t row = i / years->count;
    id[i] = row < result->zones->count ? result->zones->id[row] : NULL;
    name[i] = ky_row_name(result, row);
    level[i] = ky_row_level(result->zones, row);
    year[i] = years->year[i % years->count].year;
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  ky_table_fixed(table, "year", "年", "year", 0, year);
  return KY_OK;
}

static ky_err add_people(ky_job *job, const ky_years *years, ky_year_band band, ky_table *table) {
  int64_t *people;
  const char *name = ky_format(&job->keep, "pop_%s", ky_year_band_name(band));
  const char *alias = ky_format(&job->keep, "人口（%s）", band_aliases[band]);
  if (name == NULL || alias == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, people, table->count);
  for (uint32_t i = 0; i < table->count; i++)
    people[i] = years->year[i % years->count].row_people[band][i / years->count];
  ky_table_fixed(table, name, alias, "people", 3, people);
  return KY_OK;
}

static ky_err add_growth(ky_job *job, const ky_years *years, ky_year_band band, ky_table *table) {
  int64_t *growth;
  const char *name = ky_format(&job->keep, "growth_%s", ky_year_band_name(band));
  const char *alias = ky_format(&job->keep, "増減率（%s）", band_aliases[band]);
  if (name == NULL || alias == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, growth, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t row = i / years->count, base = base_of(years, band, row);
    growth[i] = base == KY_NONE || base > i % years->count
                    ? KY_NULL
                    : ky_year_growth(years->year[base].row_people[band][row],
                                     years->year[i % years->count].row_people[band][row]);
  }
  ky_table_fixed(table, name, alias, "share", 6, growth);
  return KY_OK;
}

/* What the growth is counted from. */
static ky_err add_bases(ky_job *job, const ky_years *years, ky_table *table) {
  int64_t *from, *from_ages;
  KY_NEW(job, keep, from, table->count);
  KY_NEW(job, keep, from_ages, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const uint32_t base = base_of(years, KY_YEAR_65, i / years->count);
    from[i] = years->year[0].year;
    from_ages[i] = base != KY_NONE ? years->year[base].year : KY_NULL;
  }
  ky_table_fixed(table, "growth_from", "増減率の基準年（総数）", "year", 0, from);
  ky_table_fixed(table, "growth_from_ages", "増減率の基準年（年齢別）", "year", 0, from_ages);
  return KY_OK;
}

static ky_err add_origin(ky_job *job, const ky_years *years, ky_table *table) {
  const char **source, **basis;
  int64_t *without;
  KY_NEW(job, keep, source, table->count);
  KY_NEW(job, keep, basis, table->count);
  KY_NEW(job, keep, without, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_year *year = &years->year[i % years->count];
    source[i] = year->source;
    basis[i] = year->basis;
    without[i] = year->row_without_65[i / years->count];
  }
  ky_table_fixed(table, "people_without_65", "年齢のわからない人口", "people", 3, without);
  ky_table_text(table, "source", "出所", source);
  ky_table_text(table, "basis", "推計の根拠", basis);
  return KY_OK;
}

ky_err ky_population_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_years *years = result->years;
  const uint32_t rows = KY_ROW_COUNT(result->zones);
  KY_TRY(ky_table_new(job, "population", "将来人口", rows * years->count, NULL, CAPACITY, out));
  KY_TRY(add_keys(job, result, out));
  for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) KY_TRY(add_people(job, years, band, out));
  KY_TRY(add_bases(job, years, out));
  for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) KY_TRY(add_growth(job, years, band, out));
  return add_origin(job, years, out);
}
