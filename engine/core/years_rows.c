/* Years after their cells were placed: people over points and rows, the ledger, the view of a year. */
#include "core/years_rows.h"

#include <string.h>

#include "core/number.h"
#include "core/ratio.h"

const char *ky_year_band_name(ky_year_band band) {
  static const char *const names[KY_YEAR_BAND_COUNT] = {
#define KY_X(name, text, alias, measure) text,
      KY_YEAR_BANDS(KY_X)
#undef KY_X
  };
  return names[band];
}

int ky_year_measure(ky_year_band band) {
  static const int measures[KY_YEAR_BAND_COUNT] = {
#define KY_X(name, text, alias, measure) measure,
      KY_YEAR_BANDS(KY_X)
#undef KY_X
  };
  return measures[band];
}

/* People of one row that are not known are not 0: the sum stays null until something is known. */
static void add_known(int64_t *sum, int64_t people) {
  *sum = *sum == KY_NULL ? people : *sum + people;
}

/* part[]: people of the cell's points, in their order. */
static void share_cell(const ky_points *points, uint32_t cell, int64_t people, int64_t *part, uint32_t *order) {
  const uint32_t first = points->first_point[cell];
  ky_share_largest_remainder(people, points->weight_um + first, points->first_point[cell + 1] - first, part, order);
}

static ky_err new_shares(ky_job *job, const ky_years *years, int64_t **part, uint32_t **order) {
  uint32_t most = 0;
  for (uint32_t c = 0; c < years->cells.count; c++) {
    const uint32_t n = years->points.first_point[c + 1] - years->points.first_point[c];
    if (n > most) most = n;
  }
  KY_NEW(job, scratch, *part, most);
  KY_NEW(job, scratch, *order, most);
  return KY_OK;
}

static ky_err sum_band(ky_job *job, const ky_years *years, const ky_zones *zones, ky_year_band band, int64_t *part,
                       uint32_t *order, ky_year *year) {
  const ky_points *points = &years->points;
  const uint32_t rows = KY_ROW_COUNT(zones), municipality = KY_ROW_MUNICIPALITY(zones);
  uint8_t *is_unknown;
  KY_NEW(job, scratch, is_unknown, rows);
  KY_NEW(job, keep, year->row_people[band], rows);
  for (uint32_t row = 0; row < rows; row++) year->row_people[band][row] = KY_NULL;
  if (year->cell_people[band] == NULL) return KY_OK;
  for (uint32_t c = 0; c < years->cells.count; c++) {
    const int64_t people = year->cell_people[band][c];
    const uint32_t first = points->first_point[c];
    if (people != KY_NULL) share_cell(points, c, people, part, order);
    for (uint32_t i = first; i < points->first_point[c + 1]; i++) {
      const uint32_t row = points->row[i];
      const bool is_inside = row < KY_ROW_OUTSIDE(zones);
      if (people == KY_NULL) {
        is_unknown[row] = 1;
        if (is_inside) is_unknown[municipality] = 1;
        continue;
      }
      add_known(&year->row_people[band][row], part[i - first]);
      if (is_inside) add_known(&year->row_people[band][municipality], part[i - first]);
    }
  }
  for (uint32_t row = 0; row < rows; row++) /* nobody lives there */
    if (year->row_people[band][row] == KY_NULL && !is_unknown[row]) year->row_people[band][row] = 0;
  return KY_OK;
}

/* Total people of the cells whose 65+ are not known, by row. */
static ky_err sum_without(ky_job *job, const ky_years *years, const ky_zones *zones, int64_t *part, uint32_t *order,
                          ky_year *year) {
  const ky_points *points = &years->points;
  KY_NEW(job, keep, year->row_without_65, KY_ROW_COUNT(zones));
  if (year->cell_people[KY_YEAR_TOTAL] == NULL) return KY_OK;
  for (uint32_t c = 0; c < years->cells.count; c++) {
    const int64_t people = year->cell_people[KY_YEAR_TOTAL][c];
    const int64_t *old = year->cell_people[KY_YEAR_65];
    if (people == KY_NULL || (old != NULL && old[c] != KY_NULL)) continue;
    share_cell(points, c, people, part, order);
    for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) {
      const int64_t share = part[i - points->first_point[c]];
      year->row_without_65[points->row[i]] += share;
      if (points->row[i] < KY_ROW_OUTSIDE(zones)) year->row_without_65[KY_ROW_MUNICIPALITY(zones)] += share;
    }
  }
  return KY_OK;
}

ky_err ky_years_rows(ky_job *job, const ky_zones *zones, ky_years *years) {
  int64_t *part;
  uint32_t *order;
  KY_TRY(new_shares(job, years, &part, &order));
  for (uint32_t y = 0; y < years->count; y++) {
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++)
      KY_TRY(sum_band(job, years, zones, band, part, order, &years->year[y]));
    KY_TRY(sum_without(job, years, zones, part, order, &years->year[y]));
  }
  return KY_OK;
}

static int64_t known(int64_t people) {
  return people == KY_NULL ? 0 : people;
}

ky_err ky_years_balance(ky_job *job, const ky_years *years, const ky_zones *zones) {
  for (uint32_t y = 0; y < years->count; y++) {
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
      const ky_year *year = &years->year[y];
      int64_t inside = 0;
      if (year->cell_people[band] == NULL) continue;
      for (uint32_t row = 0; row < KY_ROW_OUTSIDE(zones); row++) inside += known(year->row_people[band][row]);
      const int64_t everywhere = inside + known(year->row_people[band][KY_ROW_OUTSIDE(zones)]);
      const int64_t municipality = known(year->row_people[band][KY_ROW_MUNICIPALITY(zones)]);
      if (everywhere == year->input[band] && municipality == inside) continue;
      return ky_fail(job, KY_E_INTERNAL,
                     ky_tr("the ledger of the year %d does not balance, people %s: %.3f given, %.3f in the rows, %.3f "
                           "in the municipality of %.3f; please report this with the config"),
                     year->year, ky_year_band_name(band), (double)year->input[band] / 1e3, (double)everywhere / 1e3,
                     (double)municipality / 1e3, (double)inside / 1e3);
    }
  }
  return KY_OK;
}

ky_err ky_year_view(ky_job *job, const ky_years *years, uint32_t y, ky_cells *cells, ky_points *points) {
  const ky_year *year = &years->year[y];
  int64_t *part;
  uint32_t *order;
  *cells = years->cells;
  *points = years->points;
  memset(cells->people, 0, sizeof cells->people);
  memset(points->people, 0, sizeof points->people);
  cells->age_source = year->age_source;
  KY_TRY(new_shares(job, years, &part, &order));
  for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
    const int measure = ky_year_measure(band);
    const int64_t *people = year->cell_people[band];
    if (measure == KY_MEASURE_COUNT || people == NULL) continue;
    cells->people[measure] = year->cell_people[band];
    KY_NEW(job, keep, points->people[measure], points->count);
    for (uint32_t c = 0; c < cells->count; c++) {
      const uint32_t first = points->first_point[c];
      if (people[c] != KY_NULL) share_cell(points, c, people[c], part, order);
      for (uint32_t i = first; i < points->first_point[c + 1]; i++)
        points->people[measure][i] = people[c] == KY_NULL ? KY_NONE : (uint32_t)part[i - first];
    }
  }
  return KY_OK;
}

int64_t ky_year_of_date(const char *date) {
  int64_t year = KY_NULL;
  for (const char *at = date; at != NULL; at = strstr(at, " / ")) {
    char digits[5] = "";
    if (at != date) at += 3;
    memcpy(digits, at, strnlen(at, 4));
    const int64_t this_year = ky_number_fixed(digits, 0);
    if (this_year == KY_NULL || (year != KY_NULL && this_year != year)) return KY_NULL;
    year = this_year;
  }
  return year;
}

int64_t ky_year_growth(int64_t earlier, int64_t later) {
  if (earlier == KY_NULL || later == KY_NULL || earlier <= 0) return KY_NULL;
  const bool is_less = later < earlier;
  const int64_t share = ky_ratio(is_less ? earlier - later : later - earlier, KY_WHOLE, earlier);
  return is_less ? -share : share;
}
