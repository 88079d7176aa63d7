/* Two states of one town side by side. */
#include <kayoi/scenarios.h>
#include <kayoi/write.h>
#include <string.h>

static const char *const figures[] = {"pop_65",
                                      "covered_65",
                                      "covered_share_65",
                                      "beyond_65",
                                      "unreachable_65",
                                      "unknown_65",
                                      "pop_75",
                                      "covered_75",
                                      "beyond_75",
                                      "unreachable_75",
                                      "target_base_65",
                                      "target_rate",
                                      "target_participants",
                                      "target_too_far",
                                      "target_no_seats",
                                      "target_within_reach",
                                      "target_unknown",
                                      "participants",
                                      "participation_rate",
                                      "attainment",
                                      "shortfall",
                                      "venues_counting",
                                      "seats",
                                      "free_seats",
                                      "places_by_participants",
                                      "places_by_reach",
                                      "gaps_count",
                                      "in_gap_65",
                                      "mobility_65",
                                      "no_venue_no_shop_65"};
#define FIGURES ((uint32_t)(sizeof figures / sizeof *figures))
_Static_assert(sizeof figures / sizeof *figures <= KY_FIGURES_MAX, "every figure has a place");

ky_err ky_comparison_start(ky_job *job, const ky_table *zones, uint32_t count, ky_comparison *out) {
  memset(out, 0, sizeof *out);
  out->row_count = zones->count;
  for (uint32_t f = 0; f < FIGURES; f++) {
    const ky_column *column = ky_table_column(zones, figures[f]);
    if (column != NULL && column->type == KY_COLUMN_FIXED) out->figure[out->figure_count++] = column;
  }
  KY_NEW(job, keep, out->of, count);
  return KY_OK;
}

int64_t ky_compared_figure(const ky_comparison *comparison, const ky_compared *of, const char *name, uint32_t row,
                           bool is_after) {
  for (uint32_t f = 0; f < comparison->figure_count; f++)
    if (strcmp(comparison->figure[f]->name, name) == 0)
      return is_after ? of->after[f][row] : comparison->figure[f]->of.fixed[row];
  return KY_NULL;
}

static ky_err copy_figures(ky_job *job, const ky_comparison *comparison, const ky_table *zones, ky_compared *out) {
  for (uint32_t f = 0; f < comparison->figure_count; f++) {
    const ky_column *column = ky_table_column(zones, comparison->figure[f]->name);
    KY_NEW(job, keep, out->after[f], comparison->row_count);
    for (uint32_t row = 0; row < comparison->row_count; row++)
      out->after[f][row] = column != NULL ? column->of.fixed[row] : KY_NULL;
  }
  return KY_OK;
}

/* People of a band who are covered in one state and not in the other, by ledger row. */
static ky_err follow(ky_job *job, const ky_result *before, const ky_result *after, ky_measure measure,
                     int64_t **gaining, int64_t **losing) {
  const ky_points *points = before->points;
  const uint32_t *people = points->people[measure];
  const uint32_t all = KY_ROW_MUNICIPALITY(before->zones), outside = KY_ROW_OUTSIDE(before->zones);
  if (people == NULL) return KY_OK;
  KY_NEW(job, keep, *gaining, KY_ROW_COUNT(before->zones));
  KY_NEW(job, keep, *losing, KY_ROW_COUNT(before->zones));
  for (uint32_t i = 0; i < points->count; i++) {
    const bool was = before->coverage->reach[i] == KY_COVERED, is = after->coverage->reach[i] == KY_COVERED;
    if (was == is || people[i] == KY_NONE) continue;
    int64_t *sum = was ? *losing : *gaining;
    sum[points->row[i]] += people[i];
    if (points->row[i] < outside) sum[all] += people[i];
  }
  return KY_OK;
}

/* One cell in one state. */
typedef struct cell_state {
  int64_t pop_65, covered_65, walk_mm;
  const char *venue, *reach;
} cell_state;

static cell_state state_of(const ky_result *r, uint32_t cell) {
  const ky_coverage *coverage = r->coverage;
  const uint32_t walk_mm = coverage->cell_walk_median_mm[cell], venue = coverage->cell_venue[cell];
  return (cell_state){
      .pop_65 = r->cells->people[KY_65] != NULL ? r->cells->people[KY_65][cell] : KY_NULL,
      .covered_65 = coverage->cell_covered[KY_65] != NULL ? coverage->cell_covered[KY_65][cell] : KY_NULL,
      .walk_mm = walk_mm == KY_NONE ? KY_NULL : (int64_t)walk_mm,
      .venue = venue == KY_NONE ? NULL : r->venues->id[venue],
      .reach = ky_reach_name((ky_reach)coverage->cell_reach[cell])};
}

static bool is_same_text(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_state(const cell_state *a, const cell_state *b) {
  return a->pop_65 == b->pop_65 && a->covered_65 == b->covered_65 && a->walk_mm == b->walk_mm &&
         is_same_text(a->venue, b->venue) && is_same_text(a->reach, b->reach);
}

static const cell_state no_state = {.pop_65 = KY_NULL, .covered_65 = KY_NULL, .walk_mm = KY_NULL};

typedef struct cell_pairs {
  ky_job *job;
  const ky_result *before, *after;
  bool has_same_homes;
  ky_compared_cells *out;
} cell_pairs;

/* Texts of the scenario go with it, so they are copied. */
static ky_err put_state(ky_job *job, const cell_state *state, bool is_after, uint32_t at, ky_compared_cells *out) {
  out->pop_65[is_after][at] = state->pop_65;
  out->covered_65[is_after][at] = state->covered_65;
  out->walk_mm[is_after][at] = state->walk_mm;
  out->reach[is_after][at] = state->reach;
  out->venue[is_after][at] = state->venue;
  if (!is_after || state->venue == NULL) return KY_OK;
  out->venue[1][at] = ky_arena_text(&job->keep, state->venue, strlen(state->venue));
  return out->venue[1][at] == NULL ? ky_fail_memory(job) : KY_OK;
}

static void follow_cell(const cell_pairs *p, uint32_t cell, uint32_t at) {
  const ky_points *points = p->before->points;
  const uint32_t *people = points->people[KY_65];
  int64_t gaining = 0, losing = 0;
  for (uint32_t i = points->first_point[cell]; people != NULL && i < points->first_point[cell + 1]; i++) {
    const bool was = p->before->coverage->reach[i] == KY_COVERED, is = p->after->coverage->reach[i] == KY_COVERED;
    if (people[i] == KY_NONE) continue;
    if (is && !was) gaining += people[i];
    if (was && !is) losing += people[i];
  }
  p->out->gaining_65[at] = p->has_same_homes && people != NULL ? gaining : KY_NULL;
  p->out->losing_65[at] = p->has_same_homes && people != NULL ? losing : KY_NULL;
}

static ky_err put_cell(const cell_pairs *p, uint32_t b, uint32_t a, const cell_state *before, const cell_state *after) {
  const ky_result *of = b != KY_NONE ? p->before : p->after;
  const uint32_t cell = b != KY_NONE ? b : a, row = of->points->cell_zone[cell], at = p->out->count++;
  if (p->out->id == NULL) return KY_OK; /* only counted */
  p->out->id[at] = ky_arena_text(&p->job->keep, of->cells->id[cell], strlen(of->cells->id[cell]));
  if (p->out->id[at] == NULL) return ky_fail_memory(p->job);
  p->out->zone_id[at] = row < p->before->zones->count ? p->before->zones->id[row] : NULL;
  KY_TRY(put_state(p->job, before, false, at, p->out));
  KY_TRY(put_state(p->job, after, true, at, p->out));
  if (b != KY_NONE && a != KY_NONE)
    follow_cell(p, b, at);
  else
    p->out->gaining_65[at] = p->out->losing_65[at] = KY_NULL;
  return KY_OK;
}

/* Cells of both states in the order of their ids; those that are the same are left out. */
static ky_err walk_cells(const cell_pairs *p) {
  const ky_cells *before = p->before->cells, *after = p->after->cells;
  p->out->count = 0;
  for (uint32_t b = 0, a = 0; b < before->count || a < after->count;) {
    const int order = b == before->count ? 1 : a == after->count ? -1 : strcmp(before->id[b], after->id[a]);
    const cell_state was = order <= 0 ? state_of(p->before, b) : no_state;
    const cell_state is = order >= 0 ? state_of(p->after, a) : no_state;
    if (order != 0 || !is_same_state(&was, &is))
      KY_TRY(put_cell(p, order <= 0 ? b : KY_NONE, order >= 0 ? a : KY_NONE, &was, &is));
    b += order <= 0;
    a += order >= 0;
  }
  return KY_OK;
}

static ky_err compare_cells(ky_job *job, const ky_result *before, const ky_result *after, bool has_same_homes,
                            ky_compared_cells *out) {
  const cell_pairs p = {job, before, after, has_same_homes, out};
  KY_TRY(walk_cells(&p));
  const uint32_t count = out->count;
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->zone_id, count);
  KY_NEW(job, keep, out->gaining_65, count);
  KY_NEW(job, keep, out->losing_65, count);
  for (int s = 0; s < 2; s++) {
    KY_NEW(job, keep, out->pop_65[s], count);
    KY_NEW(job, keep, out->covered_65[s], count);
    KY_NEW(job, keep, out->walk_mm[s], count);
    KY_NEW(job, keep, out->venue[s], count);
    KY_NEW(job, keep, out->reach[s], count);
  }
  return walk_cells(&p);
}

ky_err ky_compare(ky_job *job, const ky_comparison *comparison, const ky_result *before, const ky_result *after,
                  const ky_table *zones, bool has_same_homes, ky_compared *out) {
  out->has_same_homes = has_same_homes;
  KY_TRY(copy_figures(job, comparison, zones, out));
  if (has_same_homes) {
    KY_TRY(follow(job, before, after, KY_65, &out->gaining[0], &out->losing[0]));
    KY_TRY(follow(job, before, after, KY_75, &out->gaining[1], &out->losing[1]));
  }
  return compare_cells(job, before, after, has_same_homes, &out->cells);
}
