/* Table inventory: what resources each zone has, one record per row and kind; null where nobody asked. And the same as
 * columns of the zones. */
#include <kayoi/write.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

typedef struct inventory_columns {
  const char **zone_id, **name, **level, **kind, **alias, **names, **survey_date, **sources, **date;
  int64_t *count, *seats, *seats_from, *willing, *unwilling, *not_asked;
} inventory_columns;

static ky_err new_columns(ky_job *job, uint32_t count, inventory_columns *out) {
  KY_NEW(job, keep, out->zone_id, count);
  KY_NEW(job, keep, out->name, count);
  KY_NEW(job, keep, out->level, count);
  KY_NEW(job, keep, out->kind, count);
  KY_NEW(job, keep, out->alias, count);
  KY_NEW(job, keep, out->names, count);
  KY_NEW(job, keep, out->survey_date, count);
  KY_NEW(job, keep, out->sources, count);
  KY_NEW(job, keep, out->date, count);
  KY_NEW(job, keep, out->count, count);
  KY_NEW(job, keep, out->seats, count);
  KY_NEW(job, keep, out->seats_from, count);
  KY_NEW(job, keep, out->willing, count);
  KY_NEW(job, keep, out->unwilling, count);
  KY_NEW(job, keep, out->not_asked, count);
  return KY_OK;
}

static void fill(const ky_result *result, uint32_t row, uint32_t kind, uint32_t at, inventory_columns *c) {
  const ky_inventory *inventory = result->inventory;
  const ky_inventory_item *item = &inventory->item[(size_t)row * inventory->kind_count + kind];
  c->zone_id[at] = row < result->zones->count ? result->zones->id[row] : NULL;
  c->name[at] = ky_row_name(result, row);
  c->level[at] = ky_row_level(result->zones, row);
  c->kind[at] = inventory->kind[kind];
  c->alias[at] = inventory->alias[kind];
  c->count[at] = item->count;
  c->names[at] = item->names;
  c->seats[at] = item->seats;
  c->seats_from[at] = item->seats_from;
  c->willing[at] = item->willing;
  c->unwilling[at] = item->unwilling;
  c->not_asked[at] = item->not_asked;
  c->survey_date[at] = item->survey_date;
  c->sources[at] = item->sources;
  c->date[at] = item->date;
}

/* Zones and the municipality have a record of every kind; the rows beside them only of what lies there. */
static bool is_shown(const ky_result *result, uint32_t row, uint32_t kind) {
  const ky_inventory *inventory = result->inventory;
  const int64_t count = inventory->item[(size_t)row * inventory->kind_count + kind].count;
  return row < result->zones->count || row == KY_ROW_MUNICIPALITY(result->zones) || (count != KY_NULL && count != 0);
}

ky_err ky_inventory_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_inventory *inventory = result->inventory;
  inventory_columns c = {0};
  uint32_t count = 0, at = 0;
  for (uint32_t row = 0; row < inventory->row_count; row++)
    for (uint32_t k = 0; k < inventory->kind_count; k++) count += is_shown(result, row, k);
  KY_TRY(ky_table_new(job, "inventory", "圏域ごとの社会資源", count, NULL, 16, out));
  KY_TRY(new_columns(job, count, &c));
  for (uint32_t row = 0; row < inventory->row_count; row++)
    for (uint32_t k = 0; k < inventory->kind_count; k++)
      if (is_shown(result, row, k)) fill(result, row, k, at++, &c);
  ky_table_text(out, "zone_id", "日常生活圏域番号", c.zone_id);
  ky_table_text(out, "name", "日常生活圏域", c.name);
  ky_table_text(out, "level", "区分", c.level);
  ky_table_text(out, "kind", "種別コード", c.kind);
  ky_table_text(out, "kind_name", "種別", c.alias);
  ky_table_fixed(out, "count", "件数（空欄は調べていない）", NULL, 0, c.count);
  ky_table_text(out, "names", "名称", c.names);
  ky_table_fixed(out, "seats", "乗車定員の合計（分かるもの）", "people", 0, c.seats);
  ky_table_fixed(out, "seats_known_count", "乗車定員が分かる件数", NULL, 0, c.seats_from);
  ky_table_fixed(out, "willing_count", "協力の意向あり", NULL, 0, c.willing);
  ky_table_fixed(out, "unwilling_count", "協力の意向なし", NULL, 0, c.unwilling);
  ky_table_fixed(out, "willing_unknown_count", "協力の意向が分からない", NULL, 0, c.not_asked);
  ky_table_text(out, "survey_date", "調査日", c.survey_date);
  ky_table_text(out, "sources", "出所", c.sources);
  ky_table_text(out, "date", "時点", c.date);
  return KY_OK;
}

static const struct {
  const char *kind, *name, *alias;
} counted[] = {
    {"centre", "centres_count", "地域包括支援センターの数"},
    {"hall", "halls_count", "集会施設の数"},
    {"shop", "shops_count", "店の数"},
    {"clinic", "clinics_count", "医療機関の数"},
    {"vehicle_provider", "providers_count", "移動支援の担い手の数"},
    {"volunteer_group", "volunteer_groups_count", "ボランティア団体の数"},
};

int64_t ky_inventory_willing(const ky_inventory *inventory, uint32_t row) {
  const ky_inventory_item *item = ky_inventory_find(inventory, row, "vehicle_provider");
  const bool is_unknown = item->count == KY_NULL || (item->count != 0 && item->not_asked == item->count);
  return is_unknown ? KY_NULL : item->willing;
}

ky_err ky_zones_table_inventory(ky_job *job, const ky_result *result, ky_table *table) {
  static const ky_inventory_item unknown = {.count = KY_NULL, .seats = KY_NULL};
  const ky_inventory *inventory = result->inventory;
  int64_t *column, *seats, *willing;
  const char **survey;
  for (size_t k = 0; k < sizeof counted / sizeof *counted; k++) {
    KY_NEW(job, keep, column, table->count);
    for (uint32_t row = 0; row < table->count; row++)
      column[row] = inventory != NULL ? ky_inventory_find(inventory, row, counted[k].kind)->count : KY_NULL;
    ky_table_fixed(table, counted[k].name, counted[k].alias, NULL, 0, column);
    ky_table_adds(table, KY_ADDS_ROWS);
  }
  KY_NEW(job, keep, seats, table->count);
  KY_NEW(job, keep, willing, table->count);
  KY_NEW(job, keep, survey, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    const ky_inventory_item *item =
        inventory != NULL ? ky_inventory_find(inventory, row, "vehicle_provider") : &unknown;
    seats[row] = item->seats;
    willing[row] = inventory != NULL ? ky_inventory_willing(inventory, row) : KY_NULL;
    survey[row] = item->survey_date;
  }
  ky_table_fixed(table, "providers_seats", "移動支援の担い手の乗車定員（分かるもの）", "people", 0, seats);
  ky_table_adds(table, KY_ADDS_ROWS);
  ky_table_fixed(table, "providers_willing", "協力の意向がある移動支援の担い手", NULL, 0, willing);
  ky_table_adds(table, KY_ADDS_ROWS);
  ky_table_text(table, "providers_survey_date", "移動支援の担い手の調査日", survey);
  return KY_OK;
}
