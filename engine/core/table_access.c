/* Layers access and cell_access: one record per class and zone row, or per class of venues and cell. Classes are
 * records, not columns: activities are words of the municipality, and names of columns stay the same everywhere. */
#include <kayoi/write.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

/* What the record of a class repeats. */
static ky_err add_class(ky_job *job, const ky_class *const *class, ky_table *table) {
  const char **kind, **name, **alias;
  KY_NEW(job, keep, kind, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, alias, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    kind[i] = ky_class_kind_name((ky_class_kind) class[i] -> kind);
    name[i] = class[i]->name;
    alias[i] = class[i]->alias;
  }
  ky_table_text(table, "kind", "分け方", kind);
  ky_table_text(table, "class", "分類", name);
  ky_table_text(table, "class_name", "分類の名称", alias);
  return KY_OK;
}

/* Venues or resources of a class that lie in the row's area. */
static int64_t count_in(const ky_result *result, const ky_class *class, uint32_t row) {
  const uint32_t *rows = class->kind == KY_CLASS_RESOURCE ? result->resources->row : result->venues->row;
  const bool is_all = row == KY_ROW_MUNICIPALITY(result->zones);
  int64_t count = 0;
  for (uint32_t i = 0; i < class->anchors->count; i++)
    count += class->use[i] != 0 && (is_all ? rows[i] < KY_ROW_OUTSIDE(result->zones) : rows[i] == row);
  return count;
}

typedef struct access_columns {
  const ky_class **class;
  const char **level, **zone_id, **name;
  int64_t *places, *people, *covered, *share;
} access_columns;

static ky_err new_columns(ky_job *job, uint32_t count, access_columns *out) {
  KY_NEW(job, scratch, out->class, count);
  KY_NEW(job, keep, out->level, count);
  KY_NEW(job, keep, out->zone_id, count);
  KY_NEW(job, keep, out->name, count);
  KY_NEW(job, keep, out->places, count);
  KY_NEW(job, keep, out->people, count);
  KY_NEW(job, keep, out->covered, count);
  KY_NEW(job, keep, out->share, count);
  return KY_OK;
}

static void fill_row(const ky_result *result, uint32_t row, uint32_t class, uint32_t at, access_columns *c) {
  const ky_access *access = result->access;
  const bool has_people = result->points->people[KY_65] != NULL;
  c->class[at] = &access->classes.of[class];
  c->level[at] = ky_row_level(result->zones, row);
  c->zone_id[at] = row < result->zones->count ? result->zones->id[row] : NULL;
  c->name[at] = ky_row_name(result, row);
  c->places[at] = count_in(result, c->class[at], row);
  c->people[at] = has_people ? result->coverage->total[(size_t)row * KY_MEASURE_COUNT + KY_65] : KY_NULL;
  c->covered[at] = has_people ? access->covered[(size_t) class * access->row_count + row] : KY_NULL;
  c->share[at] = ky_ratio_share(c->covered[at], c->people[at]);
}

/* Zones, outside_zones and the municipality; people outside are nobody's target. */
ky_err ky_access_table(ky_job *job, const ky_result *result, ky_table *out) {
  const uint32_t classes = result->access->classes.count, rows = KY_ROW_COUNT(result->zones) - 1;
  access_columns c = {0};
  uint32_t at = 0;
  KY_TRY(ky_table_new(job, "access", "分類別の徒歩圏", rows * classes, NULL, 16, out));
  KY_TRY(new_columns(job, out->count, &c));
  for (uint32_t row = 0; row < KY_ROW_COUNT(result->zones); row++)
    for (uint32_t class = 0; row != KY_ROW_OUTSIDE(result->zones) && class < classes; class ++)
      fill_row(result, row, class, at++, &c);
  ky_table_text(out, "zone_id", "日常生活圏域番号", c.zone_id);
  ky_table_text(out, "name", "日常生活圏域", c.name);
  ky_table_text(out, "level", "区分", c.level);
  KY_TRY(add_class(job, c.class, out));
  ky_table_fixed(out, "places_count", "箇所数（区域内）", NULL, 0, c.places);
  ky_table_fixed(out, "pop_65", "人口（65歳以上）", "people", 3, c.people);
  ky_table_fixed(out, "covered_65", "徒歩圏内（65歳以上）", "people", 3, c.covered);
  ky_table_fixed(out, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6, c.share);
  return KY_OK;
}

/* Resources are columns of the cells already. */
ky_err ky_cell_access_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_access *access = result->access;
  const uint32_t cells = access->cell_count;
  const ky_class **class;
  const char **cell_id, **venue_id;
  uint32_t *walk_mm, used = 0, at = 0;
  int64_t *covered;
  for (uint32_t c = 0; c < access->classes.count; c++) used += access->classes.of[c].kind != KY_CLASS_RESOURCE;
  KY_TRY(ky_table_new(job, "cell_access", "居住エリアの分類別の徒歩距離", used * cells, NULL, 16, out));
  KY_NEW(job, scratch, class, out->count);
  KY_NEW(job, keep, cell_id, out->count);
  KY_NEW(job, keep, venue_id, out->count);
  KY_NEW(job, scratch, walk_mm, out->count);
  KY_NEW(job, keep, covered, out->count);
  for (uint32_t cell = 0; cell < cells; cell++) {
    for (uint32_t c = 0; c < access->classes.count; c++) {
      const size_t from = (size_t)c * cells + cell;
      if (access->classes.of[c].kind == KY_CLASS_RESOURCE) continue;
      class[at] = &access->classes.of[c];
      cell_id[at] = result->cells->id[cell];
      venue_id[at] = access->cell_place[from] == KY_NONE ? NULL : result->venues->id[access->cell_place[from]];
      walk_mm[at] = access->cell_walk_mm[from];
      covered[at++] = access->cell_covered[from];
    }
  }
  ky_table_text(out, "cell_id", "メッシュ番号", cell_id);
  KY_TRY(add_class(job, class, out));
  KY_TRY(ky_table_mm(job, out, "walk_m_median", "徒歩距離の中央値", walk_mm));
  ky_table_text(out, "nearest_venue_id", "最寄りの通いの場", venue_id);
  ky_table_fixed(out, "covered_65", "徒歩圏内（65歳以上）", "people", 3, covered);
  return KY_OK;
}
