/* Layers sensitivity (one record per set of definitions and row) and cell_sensitivity (one per cell): does the answer
 * depend on the rule? */
#include <kayoi/write.h>
#include <string.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

static const char *kind_name(ky_definition_kind kind) {
  static const char *const names[] = {"run", "distance", "straight", "speed", "placement", "site_size", "profile"};
  return names[kind];
}

static ky_err add_keys(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_sensitivity *s = result->sensitivity;
  const char **key, **kind, **alias, **zone_id, **name, **level;
  int64_t *primary;
  KY_NEW(job, keep, key, table->count);
  KY_NEW(job, keep, kind, table->count);
  KY_NEW(job, keep, alias, table->count);
  KY_NEW(job, keep, zone_id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, primary, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_definition *d = &s->definition[i / s->row_count];
    const uint32_t row = i % s->row_count;
    key[i] = d->key;
    kind[i] = kind_name(d->kind);
    alias[i] = d->alias;
    primary[i] = d->primary_mm;
    zone_id[i] = row < result->zones->count ? result->zones->id[row] : NULL;
    name[i] = ky_row_name(result, row);
    level[i] = ky_row_level(result->zones, row);
  }
  ky_table_text(table, "definition", "定義の記号", key);
  ky_table_text(table, "kind", "変えたもの", kind);
  ky_table_text(table, "label", "定義", alias);
  ky_table_fixed(table, "threshold_m", "徒歩圏", "m", 3, primary);
  ky_table_text(table, "zone_id", "日常生活圏域番号", zone_id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  return KY_OK;
}

static ky_err add_coverage(ky_job *job, const ky_sensitivity *s, ky_table *table) {
  int64_t *total, *covered, *share, *change;
  KY_NEW(job, keep, total, table->count);
  KY_NEW(job, keep, covered, table->count);
  KY_NEW(job, keep, share, table->count);
  KY_NEW(job, keep, change, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_definition *d = &s->definition[i / s->row_count];
    const uint32_t row = i % s->row_count;
    total[i] = d->total_65[row];
    covered[i] = d->covered_65[row];
    share[i] = ky_ratio_share(covered[i], total[i]);
    change[i] = covered[i] - s->definition[0].covered_65[row];
  }
  ky_table_fixed(table, "pop_65", "65歳以上", "people", 3, total);
  ky_table_fixed(table, "covered_65", "徒歩圏内の65歳以上", "people", 3, covered);
  ky_table_fixed(table, "covered_share_65", "徒歩圏内の割合", "share", 6, share);
  ky_table_fixed(table, "covered_change_65", "この計算の定義との差", "people", 3, change);
  return KY_OK;
}

/* Null for definitions under which no remedies are looked for. */
static ky_err add_remedies(ky_job *job, const ky_sensitivity *s, ky_table *table) {
  int64_t *in_gap, *areas, *sites;
  KY_NEW(job, keep, in_gap, table->count);
  KY_NEW(job, keep, areas, table->count);
  KY_NEW(job, keep, sites, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_definition *d = &s->definition[i / s->row_count];
    const bool is_town = i % s->row_count == s->row_count - 1;
    in_gap[i] = d->in_gap_65 != NULL ? d->in_gap_65[i % s->row_count] : KY_NULL;
    areas[i] = is_town && d->area_count != KY_NONE ? (int64_t)d->area_count : KY_NULL;
    sites[i] = is_town && d->site_count != KY_NONE ? (int64_t)d->site_count : KY_NULL;
  }
  ky_table_fixed(table, "in_gap_65", "空白地帯の65歳以上", "people", 3, in_gap);
  for (int r = 0; r < KY_REMEDY_COUNT; r++) {
    const char *name = ky_format(&job->keep, "%s_65", ky_remedy_name((ky_remedy)r));
    int64_t *people;
    if (name == NULL) return ky_fail_memory(job);
    KY_NEW(job, keep, people, table->count);
    for (uint32_t i = 0; i < table->count; i++) {
      const ky_definition *d = &s->definition[i / s->row_count];
      people[i] = d->remedy_65[r] != NULL ? d->remedy_65[r][i % s->row_count] : KY_NULL;
    }
    ky_table_fixed(table, name, ky_remedy_alias((ky_remedy)r), "people", 3, people);
  }
  ky_table_fixed(table, "gaps_count", "空白地帯の数", NULL, 0, areas);
  ky_table_fixed(table, "sites_count", "候補地の数", NULL, 0, sites);
  return KY_OK;
}

ky_err ky_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_sensitivity *s = result->sensitivity;
  KY_TRY(ky_table_new(job, "sensitivity", "定義による違い", s->count * s->row_count, NULL, 20 + KY_REMEDY_COUNT, out));
  KY_TRY(add_keys(job, result, out));
  KY_TRY(add_coverage(job, s, out));
  return add_remedies(job, s, out);
}

/* Keys of the definitions that move the cell, joined by a space; NULL: none does. */
static ky_err list_moves(ky_job *job, const ky_sensitivity *s, uint32_t cell,
                         bool (*moves)(const ky_sensitivity *, uint32_t, uint32_t), const char **out) {
  size_t length = 0;
  char *text;
  for (uint32_t d = 1; d < s->count; d++)
    if (moves(s, d, cell)) length += strlen(s->definition[d].key) + 1;
  *out = NULL;
  if (length == 0) return KY_OK;
  KY_NEW(job, keep, text, length);
  *out = text;
  for (uint32_t d = 1; d < s->count; d++) {
    if (!moves(s, d, cell)) continue;
    if (text != *out) *text++ = ' ';
    const size_t n = strlen(s->definition[d].key);
    memcpy(text, s->definition[d].key, n);
    text += n;
  }
  return KY_OK;
}

static bool has_answer(const ky_sensitivity *s, uint32_t cell) {
  return s->definition[0].cell_answer[cell] != KY_ANSWER_NOBODY;
}

static bool has_remedy(const ky_sensitivity *s, uint32_t cell) {
  return s->definition[0].cell_remedy[cell] < KY_REMEDY_COUNT;
}

static ky_err add_moves(ky_job *job, const ky_sensitivity *s, ky_table *table, const char *prefix, const char *robust,
                        const char *depends, bool (*asks)(const ky_sensitivity *, uint32_t),
                        bool (*moves)(const ky_sensitivity *, uint32_t, uint32_t)) {
  int8_t *is_robust;
  const char **moved_by, *robust_name = ky_format(&job->keep, "%srobust", prefix);
  const char *depends_name = ky_format(&job->keep, "%sdepends_on", prefix);
  if (robust_name == NULL || depends_name == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, is_robust, table->count);
  KY_NEW(job, keep, moved_by, table->count);
  for (uint32_t c = 0; c < table->count; c++) {
    if (asks(s, c)) KY_TRY(list_moves(job, s, c, moves, &moved_by[c]));
    is_robust[c] = asks(s, c) ? moved_by[c] == NULL : -1;
  }
  ky_table_bool(table, robust_name, robust, is_robust);
  ky_table_text(table, depends_name, depends, moved_by);
  return KY_OK;
}

ky_err ky_cell_sensitivity_table(ky_job *job, const ky_result *result, ky_table *out) {
  static const char *const answers[] = {"covered", "not_covered", "unknown", NULL};
  const ky_sensitivity *s = result->sensitivity;
  const ky_cells *cells = result->cells;
  const char **zone_id, **answer, **class;
  KY_TRY(ky_table_new(job, "cell_sensitivity", "定義による違い（居住エリア）", cells->count, &cells->shapes, 9, out));
  KY_NEW(job, keep, zone_id, out->count);
  KY_NEW(job, keep, answer, out->count);
  KY_NEW(job, keep, class, out->count);
  for (uint32_t c = 0; c < out->count; c++) {
    const uint32_t row = result->points->cell_zone[c];
    const uint8_t remedy = s->definition[0].cell_remedy[c];
    zone_id[c] = row < result->zones->count ? result->zones->id[row] : NULL;
    answer[c] = answers[s->definition[0].cell_answer[c]];
    class[c] = remedy < KY_REMEDY_COUNT ? ky_remedy_name((ky_remedy)remedy) : NULL;
  }
  ky_table_text(out, "cell_id", "居住エリア番号", cells->id);
  ky_table_text(out, "zone_id", "日常生活圏域番号", zone_id);
  ky_table_fixed(out, "pop_65", "65歳以上", "people", 3, cells->people[KY_65]);
  ky_table_text(out, "answer", "この計算の答え", answer);
  KY_TRY(add_moves(job, s, out, "", "どの定義でも同じ", "答えが変わる定義", has_answer, ky_definition_moves_reach));
  ky_table_text(out, "class", "この計算の手立て", class);
  return add_moves(job, s, out, "class_", "手立てがどの定義でも同じ", "手立てが変わる定義", has_remedy,
                   ky_definition_moves_remedy);
}
