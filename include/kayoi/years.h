/* People of further years (projections): a grid of their own, placed and assigned to zones by the same rules as the
 * residents of the run. */
#ifndef KAYOI_YEARS_H
#define KAYOI_YEARS_H

#include <kayoi/place.h>

/* Age bands of a year. 80 and over is a band of its own: it is never shown as 85 and over. */
#define KY_YEAR_BANDS(X)                            \
  X(KY_YEAR_TOTAL, "total", "総数", KY_TOTAL)       \
  X(KY_YEAR_65, "65", "65歳以上", KY_65)            \
  X(KY_YEAR_75, "75", "75歳以上", KY_75)            \
  X(KY_YEAR_80, "80", "80歳以上", KY_MEASURE_COUNT) \
  X(KY_YEAR_85, "85", "85歳以上", KY_85)

typedef enum ky_year_band {
#define KY_X(name, text, alias, measure) name,
  KY_YEAR_BANDS(KY_X)
#undef KY_X
      KY_YEAR_BAND_COUNT
} ky_year_band;

/* "total", "65", ... */
const char *ky_year_band_name(ky_year_band band);

/* One year. */
typedef struct ky_year {
  int year;
  int64_t *cell_people[KY_YEAR_BAND_COUNT]; /* [cells] thousandths, KY_NULL; NULL: no source has the band */
  uint8_t *age_source;                      /* [cells] ky_age_source */
  int64_t *row_people[KY_YEAR_BAND_COUNT];  /* [rows] sums of what is known; KY_NULL: nothing is */
  int64_t *row_without_65;                  /* [rows] total people of cells whose 65+ are unknown */
  int64_t input[KY_YEAR_BAND_COUNT];        /* people of all cells within the margin; KY_NULL without the band */
  int64_t far_people;                       /* total people farther than the margin, in no row */
  const char *source, *basis;               /* files; projection that they come from, NULL unknown */
} ky_year;

typedef struct ky_years {
  uint32_t count;   /* 0: none given */
  ky_year *year;    /* [count] ascending */
  ky_cells cells;   /* of all years; people only of the first */
  ky_points points; /* of the cells; people only of the first year's total */
} ky_years;

typedef struct ky_years_opts {
  const int *use; /* [use_count] ascending; 0: every year that a source holds */
  uint32_t use_count;
  const char *basis; /* NULL: by the columns of the sources */
} ky_years_opts;

/* KY_E_INPUT: a year that no source holds, no cell near the municipality, cells of two sizes that hold the same people.
 */
ky_err ky_years_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_network *network,
                      const ky_place_opts *place, const ky_years_opts *opts, ky_years *out);
/* Fails with KY_E_INTERNAL unless, in every year and band, input = zones + outside_zones + outside, and the
 * municipality = zones + outside_zones. */
ky_err ky_years_balance(ky_job *job, const ky_years *years, const ky_zones *zones);
/* A year as the rooms after this one take it: cells and points with its people (total, 65, 75, 85; keep arena). The
 * other columns are those of `years`. */
ky_err ky_year_view(ky_job *job, const ky_years *years, uint32_t year, ky_cells *cells, ky_points *points);
/* "2020-10-01", or several joined by " / ": their year; KY_NULL: unknown, or they differ. */
int64_t ky_year_of_date(const char *date);
/* Change of a count against an earlier one in KY_WHOLE parts: -200132 is -20.0132 %. KY_NULL when either is unknown or
 * the earlier one is nothing. */
int64_t ky_year_growth(int64_t earlier, int64_t later);

#endif
