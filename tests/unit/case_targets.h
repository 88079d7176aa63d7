/* The part of a case that is about targets: what the register and the plan state, the rooms from sites to targets, and
 * the columns of the layers zones, cells and venues as what a case may expect. */
#ifndef KAYOI_TEST_CASE_TARGETS_H
#define KAYOI_TEST_CASE_TARGETS_H

#include <inttypes.h>

#include "town.h"

#define FACTS_MAX 64

typedef struct case_targets {
  ky_zone_fact facts[FACTS_MAX];
  char zone[FACTS_MAX][64];
  uint32_t fact_count, rate_count;
  ky_year_rate rates[16];
  char people_date[32], official_date[32], venues_date[32], participants_date[32], band[8], extent[64];
  ky_targets_opts opts;
  ky_candidates candidates;
  ky_sites sites;
  ky_gaps gaps;
  ky_venue_sets sets;
  ky_targets targets;
  ky_inventory inventory;
  ky_table zones, cells, venues;
} case_targets;

static inline void case_targets_init(case_targets *t) {
  t->opts = (ky_targets_opts){.rate = 80000,
                              .basis = "国の目安 8 %（2025年まで）",
                              .weekly_reference = 100000,
                              .max_age_months = 24,
                              .official_apart = 200000,
                              .max_unknown_seats = 200000,
                              .min_report_share = 800000,
                              .attendances_milli = 4000,
                              .goal_share = 800000,
                              .typical_milli = 15300,
                              .min_reports = 3};
}

static inline ky_zone_fact *case_fact(case_targets *t, const char *zone) {
  assert_true(t->fact_count < FACTS_MAX);
  ky_zone_fact *fact = &t->facts[t->fact_count];
  *fact = ky_zone_fact_none();
  snprintf(t->zone[t->fact_count], sizeof t->zone[0], "%s", zone);
  fact->zone_id = t->zone[t->fact_count++];
  fact->where = "case";
  return fact;
}

static inline int64_t case_fixed(const char *text, double scale) {
  return text != NULL ? (int64_t)llround(strtod(text, NULL) * scale) : KY_NULL;
}

/* official A 65 5900 65_m 2600 total 19000: people of the register by measure. */
static inline void case_official(case_targets *t, const char *zone) {
  ky_zone_fact *fact = case_fact(t, zone);
  for (char *word = strtok(NULL, " \t"); word != NULL; word = strtok(NULL, " \t")) {
    int found = -1;
    for (int m = 0; m < KY_MEASURE_COUNT; m++)
      if (strcmp(ky_measure_name((ky_measure)m), word) == 0) found = m;
    assert_true(found >= 0);
    fact->people[found] = case_fixed(strtok(NULL, " \t"), KY_PERSON);
  }
}

/* rate all 0.05, rate A 0.1, rate A 0.12 2040 */
static inline void case_rate(case_targets *t, const char *zone) {
  const int64_t rate = case_fixed(strtok(NULL, " \t"), KY_WHOLE);
  const char *year = strtok(NULL, " \t");
  if (strcmp(zone, "all") != 0) {
    ky_zone_fact *fact = case_fact(t, zone);
    fact->rate = rate;
    fact->year = year != NULL ? atoi(year) : 0;
    fact->basis = "計画";
  } else if (year == NULL) {
    t->opts.rate = rate;
    t->opts.basis = "計画";
  } else {
    t->rates[t->rate_count++] = (ky_year_rate){.zone = KY_NONE, .year = atoi(year), .rate = rate, .basis = "計画"};
  }
}

/* distinct A 60 m 20 f 40 weekly 30 date 2024-03-31 */
static inline void case_distinct(case_targets *t, const char *zone) {
  ky_zone_fact *fact = case_fact(t, zone);
  fact->participants = case_fixed(strtok(NULL, " \t"), 1);
  for (char *word = strtok(NULL, " \t"); word != NULL; word = strtok(NULL, " \t")) {
    const char *value = strtok(NULL, " \t");
    if (strcmp(word, "m") == 0) fact->participants_m = case_fixed(value, 1);
    if (strcmp(word, "f") == 0) fact->participants_f = case_fixed(value, 1);
    if (strcmp(word, "weekly") == 0) fact->participants_weekly = case_fixed(value, 1);
    if (strcmp(word, "date") == 0) snprintf(t->participants_date, sizeof t->participants_date, "%s", value);
    if (strcmp(word, "date") == 0) fact->participants_date = t->participants_date;
  }
}

static inline bool case_targets_line(case_targets *t, const char *kind, char *rest) {
  const struct {
    const char *kind;
    char *text;
    size_t size;
  } texts[] = {{"people_date", t->people_date, sizeof t->people_date},
               {"official_date", t->official_date, sizeof t->official_date},
               {"venues_date", t->venues_date, sizeof t->venues_date},
               {"band", t->band, sizeof t->band},
               {"extent", t->extent, sizeof t->extent}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(kind, texts[i].kind) != 0) continue;
    assert_int_equal(sscanf(rest, "%31s", texts[i].text), 1);
    return true;
  }
  const char *zone = strtok(rest, " \t");
  if (strcmp(kind, "official") == 0)
    case_official(t, zone);
  else if (strcmp(kind, "rate") == 0)
    case_rate(t, zone);
  else if (strcmp(kind, "distinct") == 0)
    case_distinct(t, zone);
  else
    return false;
  return true;
}

static inline const char *case_text(const char *text) {
  return text[0] != '\0' ? text : NULL;
}

/* Sites are points on the streets; nobody is proposed a gap polygon here. */
static inline void case_targets_run(ky_job *job, case_targets *t, const ky_inputs *inputs, const ky_network_opts *snap,
                                    const ky_walk_opts *walk, ky_result *r) {
  const ky_sites_opts sites = {.min_people_65 = 20000, .spacing_m = 100, .primary_mm = walk->primary_mm};
  const ky_gaps_opts gaps = {.primary_mm = walk->primary_mm,
                             .link_m = 200,
                             .min_people_65 = 1000,
                             .dense_per_km2 = 400,
                             .rate = t->opts.rate,
                             .attendances_milli = 4000,
                             .sessions_milli = 4000,
                             .min_riders_milli = 1000};
  t->opts.primary_mm = walk->primary_mm;
  t->opts.year_rate = t->rates;
  t->opts.year_rate_count = t->rate_count;
  assert_int_equal(ky_sites_candidates(job, inputs, r->zones, r->network, r->points, r->point_anchors, r->coverage,
                                       snap, &sites, &t->candidates),
                   KY_OK);
  assert_int_equal(ky_sites_choose(job, &t->candidates, r->network, r->points, r->point_anchors, r->zones, r->coverage,
                                   &sites, &t->sites),
                   KY_OK);
  assert_int_equal(
      ky_gaps_build(job, r->cells, r->points, r->zones, r->venues, r->coverage, &t->sites, NULL, &gaps, &t->gaps),
      KY_OK);
  assert_int_equal(ky_venue_sets_build(job, r->points, r->zones, r->venues, r->network, r->point_anchors,
                                       r->venue_anchors, r->coverage, walk->primary_mm, &t->sets),
                   KY_OK);
  assert_int_equal(ky_targets_build(job, r->zones, r->venues, r->points, r->coverage, &t->sets, &t->candidates,
                                    &t->sites, &t->opts, &t->targets),
                   KY_OK);
  assert_int_equal(ky_inventory_build(job, inputs, r->zones, NULL, &t->inventory), KY_OK);
  r->candidates = &t->candidates;
  r->sites = &t->sites;
  r->gaps = &t->gaps;
  r->targets = &t->targets;
  r->inventory = &t->inventory;
  r->walk_opts = walk;
  r->gaps_opts = &gaps;
  r->targets_opts = &t->opts;
  assert_int_equal(ky_zones_table(job, r, &t->zones), KY_OK);
  assert_int_equal(ky_cells_table(job, r, &t->cells), KY_OK);
  assert_int_equal(ky_venues_table(job, r, &t->venues), KY_OK);
  r->walk_opts = NULL; /* of the caller's stack */
  r->gaps_opts = NULL;
}

/* One field of a table as its writers print it; "null". false: no such column. */
static inline bool case_field(const ky_table *table, const char *name, uint32_t record, char *out, size_t size) {
  const ky_column *column = ky_table_column(table, name);
  if (column == NULL) return false;
  char number[32];
  const char *text = NULL;
  if (column->type == KY_COLUMN_TEXT) text = column->of.text[record];
  if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0) text = column->of.flag[record] ? "yes" : "no";
  if (column->type == KY_COLUMN_FIXED && ky_fixed_text(number, column->of.fixed[record], column->decimals) != 0)
    text = number;
  snprintf(out, size, "%s", text != NULL ? text : "null");
  return true;
}

/* What the zones of every column add up to, as the column says; the name of one that does not, else NULL. A column that
 * one of them lacks says nothing. */
static inline const char *case_wrong_sum(const ky_table *zones, uint32_t zone_count) {
  for (uint32_t c = 0; c < zones->column_count; c++) {
    const ky_column *column = &zones->columns[c];
    const uint32_t rows = column->adds == KY_ADDS_ROWS ? zone_count + 1 : zone_count;
    int64_t sum = 0;
    if (column->adds == KY_ADDS_NOT) continue;
    for (uint32_t row = 0; row < rows; row++)
      sum = sum == KY_NULL || column->of.fixed[row] == KY_NULL ? KY_NULL : sum + column->of.fixed[row];
    if (sum != KY_NULL && sum != column->of.fixed[zone_count + 2]) return column->name;
  }
  return NULL;
}

#endif
