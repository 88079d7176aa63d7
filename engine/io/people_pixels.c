/* Reading and rounding of pixels: see people_pixels.h. */
#include "io/people_pixels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS_MAX  ((int64_t)4 * 1000 * 1000)   /* of a window */
#define COUNTED_MAX ((int64_t)100 * 1000 * 1000) /* of a raster whose people outside the window are summed too */
#define PEOPLE_MAX  4000000.0                    /* of one pixel: thousandths of it fit 32 bits */

/* One band of the raster, and how its values become people. */
typedef struct band_plan {
  GDALRasterBandH band, mask;
  bool has_mask;
  double scale, offset;
} band_plan;

static void make_plan(GDALDatasetH dataset, uint32_t field, band_plan *out) {
  int has_scale = 0, has_offset = 0;
  out->band = GDALGetRasterBand(dataset, (int)field + 1);
  out->mask = GDALGetMaskBand(out->band);
  out->has_mask = (GDALGetMaskFlags(out->band) & GMF_ALL_VALID) == 0 && out->mask != NULL;
  out->scale = GDALGetRasterScale(out->band, &has_scale);
  out->offset = GDALGetRasterOffset(out->band, &has_offset);
  if (!has_scale) out->scale = 1;
  if (!has_offset) out->offset = 0;
}

/* Values of some rows as people; NAN with is_masked: no data. mask: scratch of the same size. */
static bool read_rows(const band_plan *plan, int x, int y, int width, int height, double *value, uint8_t *mask) {
  const size_t count = (size_t)width * (size_t)height;
  memset(mask, 255, count);
  if (GDALRasterIO(plan->band, GF_Read, x, y, width, height, value, width, height, GDT_Float64, 0, 0) != CE_None)
    return false;
  if (plan->has_mask &&
      GDALRasterIO(plan->mask, GF_Read, x, y, width, height, mask, width, height, GDT_Byte, 0, 0) != CE_None)
    return false;
  for (size_t i = 0; i < count; i++) value[i] = value[i] * plan->scale + plan->offset;
  return true;
}

typedef enum pixel_fault { NO_FAULT, NOT_A_NUMBER, NEGATIVE, TOO_MANY, FAULTS } pixel_fault;

static pixel_fault judge(double people) {
  if (!isfinite(people)) return NOT_A_NUMBER;
  return people < 0 ? NEGATIVE : people > PEOPLE_MAX ? TOO_MANY : NO_FAULT;
}

typedef struct fault_count {
  uint32_t count, first; /* first pixel of the window */
} fault_count;

static void report_faults(ky_job *job, const ky_source *source, const char *name, const ky_pixel_window *window,
                          const fault_count *faults) {
  static const char *const reasons[FAULTS] = {NULL, "not_a_number", "negative_number", "too_many_people"};
  for (int f = NOT_A_NUMBER; f < FAULTS; f++) {
    if (faults[f].count == 0) continue;
    const char *record =
        ky_format(&job->scratch, "r%d_c%d", window->y + (int)(faults[f].first / (uint32_t)window->width),
                  window->x + (int)(faults[f].first % (uint32_t)window->width));
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_ERROR,
                             .source = ky_source_where(job, source),
                             .record = record,
                             .field = name,
                             .reason = reasons[f],
                             .action = ky_tr("taken as unknown there; if it stands for no data, declare it in the file "
                                             "(gdal_edit.py -a_nodata)")},
                 ky_tr("%u pixels hold no number of people; the first is named here"), faults[f].count);
  }
}

/* What a pixel loses when it is rounded down. */
typedef struct remainder {
  double rest;
  uint32_t pixel;
} remainder_of;

static int by_rest(const void *a, const void *b) {
  const remainder_of *x = a, *y = b;
  if (x->rest != y->rest) return x->rest < y->rest ? 1 : -1;
  return (x->pixel > y->pixel) - (x->pixel < y->pixel);
}

/* people[] in thousandths from value[], which is NAN where there is none. */
static ky_err round_all(ky_job *job, const double *value, uint32_t count, int64_t *people) {
  remainder_of *rest;
  uint32_t n = 0;
  double sum = 0, lost = 0; /* Kahan: the order of the pixels is fixed, the sum is theirs to the last digit */
  int64_t down = 0;
  KY_NEW(job, scratch, rest, count);
  for (uint32_t i = 0; i < count; i++) {
    people[i] = KY_NULL;
    if (isnan(value[i])) continue;
    const double milli = value[i] * KY_PERSON, floor_milli = floor(milli);
    const double term = milli - lost, next = sum + term;
    lost = (next - sum) - term;
    sum = next;
    people[i] = (int64_t)floor_milli;
    down += people[i];
    rest[n++] = (remainder_of){milli - floor_milli, i};
  }
  if (n > 1) qsort(rest, n, sizeof *rest, by_rest);
  const int64_t more = (int64_t)llround(sum) - down;
  for (uint32_t i = 0; i < n && (int64_t)i < more; i++) people[rest[i].pixel]++;
  return KY_OK;
}

static ky_err read_band(ky_job *job, const ky_source *source, const band_plan *plan, const char *name,
                        const ky_pixel_window *window, double *value, uint8_t *mask, uint8_t *state, int64_t *people) {
  enum { HAS_DATA = 1, IS_BAD = 2 };
  const uint32_t count = (uint32_t)window->width * (uint32_t)window->height;
  fault_count faults[FAULTS] = {{0}};
  if (!read_rows(plan, window->x, window->y, window->width, window->height, value, mask))
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: %s cannot be read to its end; is the file whole?"),
                   ky_source_where(job, source), name);
  for (uint32_t i = 0; i < count; i++) {
    if (mask[i] == 0) {
      value[i] = NAN;
      continue;
    }
    const pixel_fault fault = judge(value[i]);
    state[i] |= HAS_DATA;
    if (fault == NO_FAULT) continue;
    if (faults[fault].count++ == 0) faults[fault].first = i;
    state[i] |= IS_BAD;
    value[i] = NAN;
  }
  report_faults(job, source, name, window, faults);
  return round_all(job, value, count, people);
}

/* People of a band outside of the window, row by row. NAN: they cannot be read. */
static double sum_outside(ky_job *job, const band_plan *plan, const ky_pixel_window *window, int columns, int rows) {
  double *value = ky_arena_alloc(&job->scratch, (size_t)columns, sizeof *value), sum = 0;
  uint8_t *mask = ky_arena_alloc(&job->scratch, (size_t)columns, 1);
  if (value == NULL || mask == NULL) return NAN;
  for (int row = 0; row < rows; row++) {
    const bool is_inside = row >= window->y && row < window->y + window->height;
    if (!read_rows(plan, 0, row, columns, 1, value, mask)) return NAN;
    for (int column = 0; column < columns; column++) {
      if (is_inside && column >= window->x && column < window->x + window->width) continue;
      if (mask[column] != 0 && judge(value[column]) == NO_FAULT) sum += value[column];
    }
  }
  return sum;
}

/* What was not read is said; people of a very large raster are not counted for that. */
static void report_outside(ky_job *job, const ky_source *source, const band_plan *plan, const char *name,
                           const ky_pixel_window *window, int columns, int rows) {
  const int64_t all = (int64_t)columns * rows, read = (int64_t)window->width * window->height;
  const ky_issue head = {.severity = KY_INFO,
                         .source = ky_source_where(job, source),
                         .field = name,
                         .reason = "raster_cut",
                         .action = ky_tr("only the surroundings of the municipality were read")};
  if (all == read) return;
  const double people = all <= COUNTED_MAX ? sum_outside(job, plan, window, columns, rows) : NAN;
  if (isnan(people))
    ky_issue_add(job, &head,
                 ky_tr("%lld of %lld pixels lie farther from the municipality; their people were not counted"),
                 (long long)(all - read), (long long)all);
  else
    ky_issue_add(job, &head, ky_tr("%lld of %lld pixels lie farther from the municipality, with %.0f people"),
                 (long long)(all - read), (long long)all, people);
}

ky_err ky_people_pixels_read(ky_job *job, const ky_source *source, GDALDatasetH dataset, const ky_picks *picks,
                             const char *const *names, const ky_pixel_window *window, ky_people_pixels *out) {
  const int64_t count = (int64_t)window->width * window->height;
  const uint32_t bands = (uint32_t)GDALGetRasterCount(dataset);
  double *value;
  uint8_t *mask, *state;
  bool is_first = true;
  *out = (ky_people_pixels){0};
  if (count > PIXELS_MAX)
    return ky_fail(
        job, KY_E_RESOURCE,
        ky_tr("%s: %lld pixels lie around the municipality, at most %lld can be cells; give a coarser raster "
              "(gdalwarp -r sum) or a smaller study.margin_m"),
        ky_source_where(job, source), (long long)count, (long long)PIXELS_MAX);
  KY_NEW(job, scratch, value, count);
  KY_NEW(job, scratch, mask, count);
  KY_NEW(job, scratch, state, count);
  KY_NEW(job, scratch, out->people, picks->count);
  for (uint32_t p = 0; p < picks->count; p++) {
    const uint32_t field = picks->pick[p].field;
    band_plan plan;
    if (field >= bands) continue;
    make_plan(dataset, field, &plan);
    KY_NEW(job, scratch, out->people[p], count);
    KY_TRY(read_band(job, source, &plan, names[field], window, value, mask, state, out->people[p]));
    if (is_first)
      report_outside(job, source, &plan, names[field], window, GDALGetRasterXSize(dataset),
                     GDALGetRasterYSize(dataset));
    is_first = false;
  }
  for (int64_t i = 0; i < count; i++) {
    out->read_count += state[i] != 0;
    out->bad_count += state[i] > 1;
  }
  return KY_OK;
}
