/* Tables of scenarios: one record per scenario; per scenario and zone; per scenario and cell that differs. */
#include <kayoi/write.h>
#include <string.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

static const char *const state_names[] = {"before", "after"}, *const state_aliases[] = {"現状", "シナリオ"};

/* a - b; null when either is. */
static int64_t minus(int64_t a, int64_t b) {
  return a == KY_NULL || b == KY_NULL ? KY_NULL : a - b;
}

typedef struct figure_columns {
  int64_t *state[2], *change;
} figure_columns;

/* <figure>_before, <figure>_after, <figure>_change of chosen rows: record i is row[i] of scenario of[i]. */
static ky_err add_figure(ky_job *job, const ky_comparison *c, uint32_t f, const uint32_t *of, const uint32_t *row,
                         ky_table *table) {
  const ky_column *figure = c->figure[f];
  figure_columns v;
  KY_NEW(job, keep, v.change, table->count);
  for (int s = 0; s < 2; s++) {
    KY_NEW(job, keep, v.state[s], table->count);
    for (uint32_t i = 0; i < table->count; i++)
      v.state[s][i] = s == 0 ? figure->of.fixed[row[i]] : c->of[of[i]].after[f][row[i]];
    const char *name = ky_format(&job->keep, "%s_%s", figure->name, state_names[s]);
    const char *alias = ky_format(&job->keep, "%s（%s）", figure->alias, state_aliases[s]);
    if (name == NULL || alias == NULL) return ky_fail_memory(job);
    ky_table_fixed(table, name, alias, figure->unit, figure->decimals, v.state[s]);
  }
  for (uint32_t i = 0; i < table->count; i++) v.change[i] = minus(v.state[1][i], v.state[0][i]);
  const char *name = ky_format(&job->keep, "%s_change", figure->name);
  const char *alias = ky_format(&job->keep, "%s（増減）", figure->alias);
  if (name == NULL || alias == NULL) return ky_fail_memory(job);
  ky_table_fixed(table, name, alias, figure->unit, figure->decimals, v.change);
  return KY_OK;
}

static ky_err add_followed(ky_job *job, const ky_comparison *c, const uint32_t *of, const uint32_t *row,
                           ky_table *table) {
  static const char *const names[2][2] = {{"gaining_65", "losing_65"}, {"gaining_75", "losing_75"}};
  static const char *const aliases[2][2] = {{"新たに徒歩圏内となる65歳以上", "徒歩圏外となる65歳以上"},
                                            {"新たに徒歩圏内となる75歳以上", "徒歩圏外となる75歳以上"}};
  for (int band = 0; band < 2; band++) {
    for (int way = 0; way < 2; way++) {
      int64_t *values;
      KY_NEW(job, keep, values, table->count);
      for (uint32_t i = 0; i < table->count; i++) {
        const ky_compared *one = &c->of[of[i]];
        const int64_t *sums = way == 0 ? one->gaining[band] : one->losing[band];
        values[i] = sums != NULL ? sums[row[i]] : KY_NULL;
      }
      ky_table_fixed(table, names[band][way], aliases[band][way], "people", 3, values);
    }
  }
  return KY_OK;
}

static ky_err add_scenario(ky_job *job, const ky_comparison *c, const uint32_t *of, ky_table *table) {
  const char **name;
  KY_NEW(job, keep, name, table->count);
  for (uint32_t i = 0; i < table->count; i++) name[i] = c->of[of[i]].name;
  ky_table_text(table, "scenario", "シナリオ", name);
  return KY_OK;
}

/* "targets.rate 0.08 -> 0.1; walk.primary_m 500 -> 400" */
static ky_err definitions_text(ky_job *job, const ky_compared *one, const char **out) {
  *out = NULL;
  for (uint32_t d = 0; d < one->definition_count; d++) {
    const ky_compared_definition *definition = &one->definition[d];
    *out = ky_format(&job->keep, "%s%s%s %s -> %s", *out != NULL ? *out : "", *out != NULL ? "; " : "", definition->key,
                     definition->before, definition->after);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static ky_err add_what(ky_job *job, const ky_comparison *c, ky_table *table) {
  static const struct {
    const char *name, *alias;
    size_t offset;
  } counts[] = {{"added", "開設する場", offsetof(ky_compared, added)},
                {"closed", "やめる場", offsetof(ky_compared, closed)},
                {"moved", "移る場", offsetof(ky_compared, moved)},
                {"changed", "変わる場", offsetof(ky_compared, changed)}};
  const char **folder, **definitions;
  int64_t *year;
  KY_NEW(job, keep, folder, table->count);
  KY_NEW(job, keep, definitions, table->count);
  KY_NEW(job, keep, year, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    folder[i] = ky_format(&job->keep, "scenarios/%s", c->of[i].folder);
    if (folder[i] == NULL) return ky_fail_memory(job);
    KY_TRY(definitions_text(job, &c->of[i], &definitions[i]));
    year[i] = c->of[i].year != 0 ? c->of[i].year : KY_NULL;
  }
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    uint32_t *values;
    KY_NEW(job, scratch, values, table->count);
    for (uint32_t i = 0; i < table->count; i++)
      values[i] = *(const uint32_t *)(const void *)((const char *)&c->of[i] + counts[k].offset);
    KY_TRY(ky_table_count(job, table, counts[k].name, counts[k].alias, values));
  }
  ky_table_fixed(table, "year", "人口の年", NULL, 0, year);
  ky_table_text(table, "definitions", "変えた定義", definitions);
  ky_table_text(table, "folder", "フォルダー", folder);
  return KY_OK;
}

ky_err ky_scenarios_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_comparison *c = result->comparison;
  uint32_t *of, *row, *cells;
  KY_TRY(ky_table_new(job, "scenarios", "シナリオの比較", c->count, NULL, 16 + 3 * KY_FIGURES_MAX, out));
  KY_NEW(job, scratch, of, c->count);
  KY_NEW(job, scratch, row, c->count);
  KY_NEW(job, scratch, cells, c->count);
  for (uint32_t i = 0; i < c->count; i++) {
    of[i] = i;
    row[i] = KY_ROW_MUNICIPALITY(result->zones);
    cells[i] = c->of[i].cells.count;
  }
  KY_TRY(add_scenario(job, c, of, out));
  KY_TRY(add_followed(job, c, of, row, out));
  KY_TRY(add_what(job, c, out));
  KY_TRY(ky_table_count(job, out, "cells_changed", "変わる居住エリアの数", cells));
  for (uint32_t f = 0; f < c->figure_count; f++) KY_TRY(add_figure(job, c, f, of, row, out));
  return KY_OK;
}

/* Zones, outside_zones and the municipality; people outside are nobody's target. */
ky_err ky_scenario_zones_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_comparison *c = result->comparison;
  const uint32_t rows = KY_ROW_COUNT(result->zones);
  const char **zone_id, **name, **level;
  uint32_t *of, *row, at = 0;
  KY_TRY(ky_table_new(job, "scenario_zones", "シナリオの比較（日常生活圏域）", c->count * (rows - 1), NULL,
                      16 + 3 * KY_FIGURES_MAX, out));
  KY_NEW(job, scratch, of, out->count);
  KY_NEW(job, scratch, row, out->count);
  KY_NEW(job, keep, zone_id, out->count);
  KY_NEW(job, keep, name, out->count);
  KY_NEW(job, keep, level, out->count);
  for (uint32_t s = 0; s < c->count; s++) {
    for (uint32_t r = 0; r < rows; r++) {
      if (r == KY_ROW_OUTSIDE(result->zones)) continue;
      of[at] = s;
      row[at] = r;
      zone_id[at] = r < result->zones->count ? result->zones->id[r] : NULL;
      name[at] = ky_row_name(result, r);
      level[at++] = ky_row_level(result->zones, r);
    }
  }
  KY_TRY(add_scenario(job, c, of, out));
  ky_table_text(out, "zone_id", "日常生活圏域番号", zone_id);
  ky_table_text(out, "name", "日常生活圏域", name);
  ky_table_text(out, "level", "区分", level);
  KY_TRY(add_followed(job, c, of, row, out));
  for (uint32_t f = 0; f < c->figure_count; f++) KY_TRY(add_figure(job, c, f, of, row, out));
  return KY_OK;
}

/* Members of ky_compared_cells behind each other. */
static ky_err stack_texts(ky_job *job, const ky_comparison *c, size_t offset, uint32_t count, const char ***out) {
  uint32_t at = 0;
  KY_NEW(job, keep, *out, count);
  for (uint32_t s = 0; s < c->count; s++) {
    const char **from = *(const char ***)(void *)((char *)&c->of[s].cells + offset);
    for (uint32_t i = 0; i < c->of[s].cells.count; i++) (*out)[at++] = from[i];
  }
  return KY_OK;
}

static ky_err stack_numbers(ky_job *job, const ky_comparison *c, size_t offset, uint32_t count, int64_t **out) {
  uint32_t at = 0;
  KY_NEW(job, keep, *out, count);
  for (uint32_t s = 0; s < c->count; s++) {
    const int64_t *from = *(int64_t **)(void *)((char *)&c->of[s].cells + offset);
    for (uint32_t i = 0; i < c->of[s].cells.count; i++) (*out)[at++] = from[i];
  }
  return KY_OK;
}

#define CELLS(member) offsetof(ky_compared_cells, member)

static ky_err add_cell_texts(ky_job *job, const ky_comparison *c, ky_table *table) {
  static const struct {
    const char *name, *alias;
    size_t offset;
  } columns[] = {{"cell_id", "メッシュ番号", CELLS(id)},
                 {"zone_id", "日常生活圏域", CELLS(zone_id)},
                 {"nearest_venue_id_before", "最寄りの通いの場（現状）", CELLS(venue[0])},
                 {"nearest_venue_id_after", "最寄りの通いの場（シナリオ）", CELLS(venue[1])},
                 {"reach_before", "徒歩圏の判定（現状）", CELLS(reach[0])},
                 {"reach_after", "徒歩圏の判定（シナリオ）", CELLS(reach[1])}};
  for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
    const char **text;
    KY_TRY(stack_texts(job, c, columns[k].offset, table->count, &text));
    ky_table_text(table, columns[k].name, columns[k].alias, text);
  }
  return KY_OK;
}

static ky_err add_cell_pair(ky_job *job, const ky_comparison *c, const char *name, const char *alias, const char *unit,
                            const size_t offset[2], ky_table *table) {
  int64_t *state[2], *change;
  KY_NEW(job, keep, change, table->count);
  for (int s = 0; s < 2; s++) {
    const char *full = ky_format(&job->keep, "%s_%s", name, state_names[s]);
    const char *full_alias = ky_format(&job->keep, "%s（%s）", alias, state_aliases[s]);
    if (full == NULL || full_alias == NULL) return ky_fail_memory(job);
    KY_TRY(stack_numbers(job, c, offset[s], table->count, &state[s]));
    ky_table_fixed(table, full, full_alias, unit, 3, state[s]);
  }
  for (uint32_t i = 0; i < table->count; i++) change[i] = minus(state[1][i], state[0][i]);
  const char *full = ky_format(&job->keep, "%s_change", name), *full_alias = ky_format(&job->keep, "%s（増減）", alias);
  if (full == NULL || full_alias == NULL) return ky_fail_memory(job);
  ky_table_fixed(table, full, full_alias, unit, 3, change);
  return KY_OK;
}

ky_err ky_scenario_cells_table(ky_job *job, const ky_result *result, ky_table *out) {
  static const size_t pop[2] = {CELLS(pop_65[0]), CELLS(pop_65[1])};
  static const size_t covered[2] = {CELLS(covered_65[0]), CELLS(covered_65[1])};
  static const size_t walk[2] = {CELLS(walk_mm[0]), CELLS(walk_mm[1])};
  const ky_comparison *c = result->comparison;
  uint32_t count = 0, *of, at = 0;
  int64_t *gaining, *losing;
  for (uint32_t s = 0; s < c->count; s++) count += c->of[s].cells.count;
  KY_TRY(ky_table_new(job, "scenario_cells", "シナリオで変わる居住エリア", count, NULL, 24, out));
  KY_NEW(job, scratch, of, count);
  for (uint32_t s = 0; s < c->count; s++)
    for (uint32_t i = 0; i < c->of[s].cells.count; i++) of[at++] = s;
  KY_TRY(add_scenario(job, c, of, out));
  KY_TRY(add_cell_texts(job, c, out));
  KY_TRY(add_cell_pair(job, c, "walk_m_median", "徒歩距離の中央値", "m", walk, out));
  KY_TRY(add_cell_pair(job, c, "pop_65", "人口（65歳以上）", "people", pop, out));
  KY_TRY(add_cell_pair(job, c, "covered_65", "徒歩圏内（65歳以上）", "people", covered, out));
  KY_TRY(stack_numbers(job, c, CELLS(gaining_65), count, &gaining));
  KY_TRY(stack_numbers(job, c, CELLS(losing_65), count, &losing));
  ky_table_fixed(out, "gaining_65", "新たに徒歩圏内となる65歳以上", "people", 3, gaining);
  ky_table_fixed(out, "losing_65", "徒歩圏外となる65歳以上", "people", 3, losing);
  return KY_OK;
}
