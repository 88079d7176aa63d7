/* Answers of one set of definitions, and whether they are those of the run. */
#include <kayoi/sensitivity.h>
#include <string.h>

static bool has_old(const ky_cells *cells, uint32_t cell) {
  return cells->people[KY_65][cell] != KY_NULL && cells->people[KY_65][cell] != 0;
}

static ky_err answer_cells(ky_job *job, const ky_cells *cells, const ky_coverage *coverage, ky_definition *out) {
  KY_NEW(job, keep, out->cell_answer, cells->count);
  for (uint32_t c = 0; c < cells->count; c++) {
    const uint8_t reach = coverage->cell_reach[c];
    out->cell_answer[c] = !has_old(cells, c)    ? KY_ANSWER_NOBODY
                          : reach == KY_COVERED ? KY_ANSWER_COVERED
                          : reach == KY_UNKNOWN ? KY_ANSWER_UNKNOWN
                                                : KY_ANSWER_NOT_COVERED;
  }
  return KY_OK;
}

/* The class of most people 65+ of a cell, ties to the earlier class. */
static ky_err find_remedies(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_gaps *gaps,
                            ky_definition *out) {
  KY_NEW(job, keep, out->cell_remedy, cells->count);
  for (uint32_t c = 0; c < cells->count; c++) {
    int64_t people[KY_REMEDY_COUNT] = {0}, most = 0;
    out->cell_remedy[c] = KY_REMEDY_COUNT;
    for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++)
      if (gaps->point_remedy[i] < KY_REMEDY_COUNT && points->people[KY_65][i] != KY_NONE)
        people[gaps->point_remedy[i]] += points->people[KY_65][i];
    for (int r = 0; r < KY_REMEDY_COUNT; r++) {
      if (people[r] <= most) continue;
      most = people[r];
      out->cell_remedy[c] = (uint8_t)r;
    }
  }
  return KY_OK;
}

static ky_err count_remedies(ky_job *job, const ky_points *points, const ky_zones *zones, const ky_gaps *gaps,
                             ky_definition *out) {
  const uint32_t rows = KY_ROW_COUNT(zones), municipality = KY_ROW_MUNICIPALITY(zones);
  KY_NEW(job, keep, out->in_gap_65, rows);
  for (uint32_t row = 0; row < rows; row++) out->in_gap_65[row] = gaps->in_gap[(size_t)row * KY_MEASURE_COUNT + KY_65];
  for (int r = 0; r < KY_REMEDY_COUNT; r++) KY_NEW(job, keep, out->remedy_65[r], rows);
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[KY_65][i];
    if (gaps->point_area[i] == KY_NONE || people == KY_NONE) continue;
    int64_t *remedy = out->remedy_65[gaps->point_remedy[i]];
    remedy[points->row[i]] += people;
    if (points->row[i] < KY_ROW_OUTSIDE(zones)) remedy[municipality] += people;
  }
  return KY_OK;
}

ky_err ky_definition_answers(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                             const ky_coverage *coverage, const ky_gaps *gaps, ky_definition *out) {
  const uint32_t rows = KY_ROW_COUNT(zones);
  KY_NEW(job, keep, out->covered_65, rows);
  KY_NEW(job, keep, out->total_65, rows);
  for (uint32_t row = 0; row < rows; row++) {
    out->covered_65[row] = coverage->people[KY_COVERED][(size_t)row * KY_MEASURE_COUNT + KY_65];
    out->total_65[row] = coverage->total[(size_t)row * KY_MEASURE_COUNT + KY_65];
  }
  KY_TRY(answer_cells(job, cells, coverage, out));
  out->area_count = out->site_count = KY_NONE;
  if (gaps == NULL) return KY_OK;
  out->area_count = gaps->count;
  KY_TRY(count_remedies(job, points, zones, gaps, out));
  return find_remedies(job, cells, points, gaps, out);
}

bool ky_definition_moves_reach(const ky_sensitivity *all, uint32_t definition, uint32_t cell) {
  return all->definition[definition].cell_answer[cell] != all->definition[0].cell_answer[cell];
}

bool ky_definition_moves_remedy(const ky_sensitivity *all, uint32_t definition, uint32_t cell) {
  const uint8_t *remedy = all->definition[definition].cell_remedy, own = all->definition[0].cell_remedy[cell];
  return remedy != NULL && own < KY_REMEDY_COUNT && remedy[cell] < KY_REMEDY_COUNT && remedy[cell] != own;
}

int64_t ky_sensitivity_robust_65(const ky_sensitivity *all, const ky_cells *cells, const ky_points *points,
                                 const ky_zones *zones) {
  int64_t people = 0;
  for (uint32_t c = 0; c < cells->count; c++) {
    bool is_robust = all->definition[0].cell_answer[c] != KY_ANSWER_NOBODY;
    for (uint32_t d = 1; d < all->count && is_robust; d++) is_robust = !ky_definition_moves_reach(all, d, c);
    if (is_robust && points->cell_zone[c] < KY_ROW_OUTSIDE(zones)) people += cells->people[KY_65][c];
  }
  return people;
}
