/* Gap areas: the groups with enough people, ordered by people, and what is known about each. */
#include "core/gaps_areas.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/ratio.h"

/* A group on its way to an area. */
typedef struct rank_key {
  int64_t people_65;
  uint32_t cell, first_point, group;
  uint8_t remedy;
} rank_key;

typedef struct walked {
  uint32_t walk_mm;
  uint64_t weight;
} walked;

typedef struct builder {
  ky_job *job;
  const ky_cells *cells;
  const ky_points *points;
  const ky_zones *zones;
  const ky_coverage *coverage;
  const ky_gaps_opts *opts;
  const ky_gap_groups *groups;
  uint32_t *first, *point; /* [groups + 1]: points of each group, ascending */
  int64_t *tally;          /* [tally_count] zero between uses */
  uint32_t tally_count;
  walked *walks; /* [points] room to sort */
} builder;

int64_t ky_gap_riders_milli(const ky_gaps_opts *opts, int64_t people) {
  if (people == KY_NULL) return KY_NULL;
  return ky_wide_round((ky_wide)people * opts->rate * opts->attendances_milli,
                       (ky_wide)KY_WHOLE * opts->sessions_milli);
}

static ky_err sort_points_by_group(builder *b) {
  ky_job *job = b->job;
  const ky_gap_groups *groups = b->groups;
  uint32_t *next;
  KY_NEW(job, scratch, b->first, (size_t)groups->count + 1);
  KY_NEW(job, scratch, b->point, b->points->count);
  KY_NEW(job, scratch, next, groups->count);
  for (uint32_t i = 0; i < b->points->count; i++)
    if (groups->point_group[i] != KY_NONE) b->first[groups->point_group[i] + 1]++;
  for (uint32_t g = 0; g < groups->count; g++) {
    b->first[g + 1] += b->first[g];
    next[g] = b->first[g];
  }
  for (uint32_t i = 0; i < b->points->count; i++)
    if (groups->point_group[i] != KY_NONE) b->point[next[groups->point_group[i]]++] = i;
  return KY_OK;
}

/* What a point weighs in its group: its people 65+, or one each where the group has none. */
static int64_t weight_of(const builder *b, uint32_t group, uint32_t point) {
  if (b->groups->people_65[group] == 0) return 1;
  uint32_t people = b->points->people[KY_65][point];
  return people == KY_NONE ? 0 : people;
}

/* The key of most weight in a group, ties to the lower key; KY_NONE when no point has one. */
static uint32_t most(builder *b, uint32_t group, uint32_t (*key_of)(const builder *b, uint32_t point)) {
  uint32_t best = KY_NONE;
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    uint32_t key = key_of(b, b->point[i]);
    assert(key == KY_NONE || key < b->tally_count);
    if (key != KY_NONE) b->tally[key] += weight_of(b, group, b->point[i]);
  }
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    uint32_t key = key_of(b, b->point[i]);
    if (key == KY_NONE) continue;
    if (best == KY_NONE || b->tally[key] > b->tally[best] || (b->tally[key] == b->tally[best] && key < best))
      best = key;
  }
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    uint32_t key = key_of(b, b->point[i]);
    if (key != KY_NONE) b->tally[key] = 0;
  }
  return best;
}

static uint32_t cell_of(const builder *b, uint32_t point) {
  return b->points->cell[point];
}

static uint32_t row_of(const builder *b, uint32_t point) {
  return b->points->row[point];
}

static uint32_t venue_of(const builder *b, uint32_t point) {
  return b->coverage->walk_mm[point] == KY_NONE ? KY_NONE : b->coverage->venue[point];
}

static int compare_rank(const void *p, const void *q) {
  const rank_key *a = p, *b = q;
  if (a->people_65 != b->people_65) return a->people_65 > b->people_65 ? -1 : 1;
  if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
  if (a->remedy != b->remedy) return a->remedy < b->remedy ? -1 : 1;
  return a->first_point < b->first_point ? -1 : a->first_point > b->first_point;
}

/* 0 a, 1 b, ..., 25 z, 26 aa, 27 ab, ... */
static const char *letters(char buffer[8], uint32_t number) {
  char *at = buffer + 7;
  *at = '\0';
  for (uint64_t n = (uint64_t)number + 1; n != 0; n = (n - 1) / 26) *--at = (char)('a' + (n - 1) % 26);
  return at;
}

static ky_err new_columns(ky_job *job, const ky_points *points, uint32_t count, ky_gaps *out) {
  out->count = count;
  KY_NEW(job, keep, out->first_point, (size_t)count + 1);
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->remedy, count);
  KY_NEW(job, keep, out->cause, count);
  KY_NEW(job, keep, out->site, count);
  KY_NEW(job, keep, out->row, count);
  KY_NEW(job, keep, out->venue, count);
  KY_NEW(job, keep, out->walk_min_mm, count);
  KY_NEW(job, keep, out->walk_median_mm, count);
  KY_NEW(job, keep, out->walk_max_mm, count);
  KY_NEW(job, keep, out->riders_milli, count);
  KY_NEW(job, keep, out->riders_75_milli, count);
  KY_NEW(job, keep, out->target_participants_milli, count);
  KY_NEW(job, keep, out->rank, count);
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (points->people[m] != NULL) KY_NEW(job, keep, out->people[m], count);
  for (int c = 0; c < KY_CAUSE_COUNT; c++) KY_NEW(job, keep, out->cause_65[c], count);
  return KY_OK;
}

/* People of each measure; null where no point of the area knows it. */
static void fill_people(const builder *b, uint32_t group, uint32_t area, ky_gaps *out) {
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    if (out->people[m] == NULL) continue;
    int64_t sum = KY_NULL;
    for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
      uint32_t people = b->points->people[m][b->point[i]];
      if (people != KY_NONE) sum = (sum == KY_NULL ? 0 : sum) + people;
    }
    out->people[m][area] = sum;
  }
}

static void fill_cause(const builder *b, uint32_t group, uint32_t area, ky_gaps *out) {
  int64_t weight[KY_CAUSE_COUNT] = {0};
  uint8_t best = 0;
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    uint32_t point = b->point[i], people = b->points->people[KY_65][point];
    uint8_t cause = out->point_cause[point];
    weight[cause] += weight_of(b, group, point);
    if (people != KY_NONE) out->cause_65[cause][area] += people;
  }
  for (uint8_t c = 1; c < KY_CAUSE_COUNT; c++)
    if (weight[c] > weight[best]) best = c;
  out->cause[area] = best;
}

static int compare_walked(const void *p, const void *q) {
  const walked *a = p, *b = q;
  return a->walk_mm < b->walk_mm ? -1 : a->walk_mm > b->walk_mm;
}

/* Over reachable points; the lower weighted median. */
static void fill_walk(builder *b, uint32_t group, uint32_t area, ky_gaps *out) {
  uint32_t n = 0;
  uint64_t total = 0, sum = 0;
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    uint32_t point = b->point[i];
    if (b->coverage->walk_mm[point] == KY_NONE) continue;
    b->walks[n] = (walked){b->coverage->walk_mm[point], (uint64_t)weight_of(b, group, point)};
    total += b->walks[n++].weight;
  }
  out->walk_min_mm[area] = out->walk_median_mm[area] = out->walk_max_mm[area] = KY_NONE;
  if (n == 0) return;
  qsort(b->walks, n, sizeof *b->walks, compare_walked);
  out->walk_min_mm[area] = b->walks[0].walk_mm;
  out->walk_max_mm[area] = b->walks[n - 1].walk_mm;
  const bool by_count = total == 0; /* only people that cannot walk anywhere are 65+ */
  if (by_count) total = n;
  for (uint32_t i = 0; i < n; i++) {
    sum += by_count ? 1 : b->walks[i].weight;
    if (2 * sum < total) continue;
    out->walk_median_mm[area] = b->walks[i].walk_mm;
    return;
  }
}

/* The handbook's density x rate: people 65+, each at the rate of the zone they live in. */
static int64_t target_milli(const builder *b, uint32_t group) {
  ky_wide sum = 0;
  for (uint32_t i = b->first[group]; i < b->first[group + 1]; i++) {
    const uint32_t people = b->points->people[KY_65][b->point[i]], row = b->points->row[b->point[i]];
    const int64_t own = row < b->zones->count ? b->zones->rate[row] : KY_NULL;
    if (people != KY_NONE) sum += (ky_wide)people * (own != KY_NULL ? own : b->opts->rate);
  }
  return ky_wide_round(sum, KY_WHOLE);
}

static void fill_area(builder *b, uint32_t group, uint32_t area, ky_gaps *out) {
  out->remedy[area] = b->groups->remedy[group];
  out->site[area] = b->groups->site[group];
  out->rank[area] = area + 1;
  out->row[area] = most(b, group, row_of);
  out->venue[area] = most(b, group, venue_of);
  fill_people(b, group, area, out);
  fill_cause(b, group, area, out);
  fill_walk(b, group, area, out);
  int64_t people = out->people[KY_65][area];
  out->riders_milli[area] = ky_gap_riders_milli(b->opts, people);
  out->riders_75_milli[area] =
      out->people[KY_75] == NULL ? KY_NULL : ky_gap_riders_milli(b->opts, out->people[KY_75][area]);
  out->target_participants_milli[area] = people == KY_NULL ? KY_NULL : target_milli(b, group);
}

/* Groups that are areas, in the order of rank. */
static ky_err rank_groups(builder *b, rank_key **out, uint32_t *out_count) {
  ky_job *job = b->job;
  const ky_gap_groups *groups = b->groups;
  uint32_t n = 0;
  rank_key *ranks;
  KY_NEW(job, scratch, ranks, groups->count);
  for (uint32_t g = 0; g < groups->count; g++) {
    if (b->first[g] == b->first[g + 1] || groups->people_65[g] < b->opts->min_people_65) continue;
    ranks[n++] = (rank_key){.people_65 = groups->people_65[g],
                            .cell = most(b, g, cell_of),
                            .first_point = b->point[b->first[g]],
                            .group = g,
                            .remedy = groups->remedy[g]};
  }
  if (n != 0) qsort(ranks, n, sizeof *ranks, compare_rank);
  *out = ranks;
  *out_count = n;
  return KY_OK;
}

ky_err ky_gaps_areas(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                     const ky_coverage *coverage, const ky_gaps_opts *opts, const ky_gap_groups *groups, ky_gaps *out) {
  builder b = {.job = job,
               .cells = cells,
               .points = points,
               .zones = zones,
               .coverage = coverage,
               .opts = opts,
               .groups = groups};
  rank_key *ranks = NULL;
  uint32_t count = 0, point_count = 0, *used;
  b.tally_count = KY_ROW_COUNT(zones);
  if (cells->count > b.tally_count) b.tally_count = cells->count;
  if (coverage->venue_count > b.tally_count) b.tally_count = coverage->venue_count;
  KY_NEW(job, scratch, b.tally, b.tally_count);
  KY_NEW(job, scratch, b.walks, points->count);
  KY_NEW(job, scratch, used, cells->count);
  KY_TRY(sort_points_by_group(&b));
  KY_TRY(rank_groups(&b, &ranks, &count));
  KY_TRY(new_columns(job, points, count, out));
  for (uint32_t a = 0; a < count; a++) point_count += b.first[ranks[a].group + 1] - b.first[ranks[a].group];
  KY_NEW(job, keep, out->point, point_count);
  for (uint32_t a = 0, n = 0; a < count; a++) {
    uint32_t group = ranks[a].group, from = b.first[group], size = b.first[group + 1] - from;
    char buffer[8];
    memcpy(out->point + n, b.point + from, size * sizeof *out->point);
    for (uint32_t i = 0; i < size; i++) out->point_area[b.point[from + i]] = a;
    out->first_point[a + 1] = n += size;
    out->id[a] = ky_format(&job->keep, "%s%s", cells->id[ranks[a].cell], letters(buffer, used[ranks[a].cell]++));
    if (out->id[a] == NULL) return ky_fail_memory(job);
    fill_area(&b, group, a, out);
  }
  return KY_OK;
}
