/* Table venue_groups: gathering places by row of the ledger and group. Groups of one kind may share venues (several
 * activities, several times), so only the first one, all that count, is a sum. And the same as columns of the zones. */
#include <kayoi/write.h>
#include <string.h>

#include "core/ratio.h"
#include "core/table_columns.h"
#include "core/table_zones.h"

/* Groups stand for zones and the municipality always; in the rows beside them only where venues lie. */
static bool is_shown(const ky_result *result, uint32_t row, uint32_t group) {
  const ky_strengths *s = result->strengths;
  return row < result->zones->count || row == KY_ROW_MUNICIPALITY(result->zones) ||
         s->sum[(size_t)group * s->row_count + row].venues != 0;
}

/* The record that is being filled. */
typedef struct place {
  uint32_t row, group;
  const ky_venue_sum *sum;
} place;

static ky_err add_keys(ky_job *job, const ky_result *result, const place *places, ky_table *table) {
  const char **id, **name, **level, **kind, **group, **alias;
  KY_NEW(job, keep, id, table->count);
  KY_NEW(job, keep, name, table->count);
  KY_NEW(job, keep, level, table->count);
  KY_NEW(job, keep, kind, table->count);
  KY_NEW(job, keep, group, table->count);
  KY_NEW(job, keep, alias, table->count);
  for (uint32_t i = 0; i < table->count; i++) {
    const ky_class *class = &result->strengths->groups.of[places[i].group];
    id[i] = places[i].row < result->zones->count ? result->zones->id[places[i].row] : NULL;
    name[i] = ky_row_name(result, places[i].row);
    level[i] = ky_row_level(result->zones, places[i].row);
    kind[i] = ky_class_kind_name((ky_class_kind) class->kind);
    group[i] = class->name;
    alias[i] = class->alias;
  }
  ky_table_text(table, "zone_id", "日常生活圏域番号", id);
  ky_table_text(table, "name", "日常生活圏域", name);
  ky_table_text(table, "level", "区分", level);
  ky_table_text(table, "kind", "分け方", kind);
  ky_table_text(table, "group", "分類", group);
  ky_table_text(table, "group_name", "分類の名称", alias);
  return KY_OK;
}

typedef struct sum_column {
  const char *name, *alias, *unit;
  uint8_t decimals;
  int64_t (*value)(const ky_venue_sum *sum);
} sum_column;

#define VALUE(name, expression)                          \
  static int64_t value_##name(const ky_venue_sum *sum) { \
    return (expression);                                 \
  }
VALUE(venues, sum->venues)
VALUE(resident_led, sum->resident_led)
VALUE(resident_led_known, sum->resident_led_known)
VALUE(resident_led_share, ky_ratio_share(sum->resident_led, sum->resident_led_known))
VALUE(weekly, ky_venue_sum_of(sum, sum->sessions_known, sum->weekly))
VALUE(sessions, ky_venue_sum_of(sum, sum->sessions_known, sum->sessions_milli))
VALUE(sessions_known, sum->sessions_known)
VALUE(participants, ky_venue_sum_of(sum, sum->reports, sum->participants))
VALUE(reports, sum->reports)
VALUE(men, ky_venue_sum_of(sum, sum->men_reports, sum->men))
VALUE(women, ky_venue_sum_of(sum, sum->women_reports, sum->women))
VALUE(men_share, ky_ratio_share(sum->men, sum->men_of))
VALUE(supporters, ky_venue_sum_of(sum, sum->supporters_known, sum->supporters))
VALUE(supporters_known, sum->supporters_known)
VALUE(before, ky_venue_sum_of(sum, sum->compared, sum->before))
VALUE(change, ky_venue_sum_of(sum, sum->compared, sum->change))
VALUE(compared, sum->compared)
#undef VALUE

static const sum_column columns[] = {
    {"venues_count", "箇所数", NULL, 0, value_venues},
    {"resident_led_count", "住民主体の場", NULL, 0, value_resident_led},
    {"resident_led_known_count", "住民主体かどうかが分かる場", NULL, 0, value_resident_led_known},
    {"resident_led_share", "住民主体の割合", "share", 6, value_resident_led_share},
    {"weekly_count", "週1回以上の場", NULL, 0, value_weekly},
    {"sessions_per_month", "月の開催回数の合計", NULL, 3, value_sessions},
    {"sessions_known_count", "開催回数が分かる場", NULL, 0, value_sessions_known},
    {"participants", "参加者数（参加率に数えない場も含む・重複を含む）", "people", 0, value_participants},
    {"reports_count", "参加者数が分かる場", NULL, 0, value_reports},
    {"participants_m", "参加者数（男）", "people", 0, value_men},
    {"participants_f", "参加者数（女）", "people", 0, value_women},
    {"male_share", "男性の割合", "share", 6, value_men_share},
    {"supporters", "担い手の人数", "people", 0, value_supporters},
    {"supporters_known_count", "担い手の人数が分かる場", NULL, 0, value_supporters_known},
    {"participants_before", "前回の参加者数（両方分かる場）", "people", 0, value_before},
    {"participants_change", "参加者数の増減（両方分かる場）", "people", 0, value_change},
    {"compared_count", "前回と比べられる場", NULL, 0, value_compared},
};
#define COLUMNS (sizeof columns / sizeof *columns)

ky_err ky_venue_groups_table(ky_job *job, const ky_result *result, ky_table *out) {
  const ky_strengths *s = result->strengths;
  uint32_t count = 0, at = 0;
  place *places;
  for (uint32_t row = 0; row < s->row_count; row++)
    for (uint32_t g = 0; g < s->groups.count; g++) count += is_shown(result, row, g);
  KY_TRY(ky_table_new(job, "venue_groups", "圏域ごとの通いの場の内訳", count, NULL, COLUMNS + 6, out));
  KY_NEW(job, scratch, places, count);
  for (uint32_t row = 0; row < s->row_count; row++)
    for (uint32_t g = 0; g < s->groups.count; g++)
      if (is_shown(result, row, g)) places[at++] = (place){row, g, &s->sum[(size_t)g * s->row_count + row]};
  KY_TRY(add_keys(job, result, places, out));
  for (size_t c = 0; c < COLUMNS; c++) {
    int64_t *values;
    KY_NEW(job, keep, values, count);
    for (uint32_t i = 0; i < count; i++) values[i] = columns[c].value(places[i].sum);
    ky_table_fixed(out, columns[c].name, columns[c].alias, columns[c].unit, columns[c].decimals, values);
  }
  return KY_OK;
}

/* Of all venues that count: what the zones show. */
static const sum_column zone_columns[] = {
    {"venues_resident_led", "住民主体の場", NULL, 0, value_resident_led},
    {"resident_led_share", "住民主体の割合", "share", 6, value_resident_led_share},
    {"venues_weekly", "週1回以上の場", NULL, 0, value_weekly},
    {"sessions_per_month", "月の開催回数の合計", NULL, 3, value_sessions},
    {"male_share", "参加者の男性の割合（数える場）", "share", 6, value_men_share},
    {"supporters", "担い手の人数", "people", 0, value_supporters},
    {"supporters_known_count", "担い手の人数が分かる場", NULL, 0, value_supporters_known},
    {"participants_change", "参加者数の増減（前回と比べられる場）", "people", 0, value_change},
};

ky_err ky_zones_table_strengths(ky_job *job, const ky_result *result, ky_table *table) {
  const ky_strengths *s = result->strengths;
  for (size_t c = 0; c < sizeof zone_columns / sizeof *zone_columns; c++) {
    const sum_column *column = &zone_columns[c];
    int64_t *values;
    KY_NEW(job, keep, values, table->count);
    for (uint32_t row = 0; row < table->count; row++) values[row] = s != NULL ? column->value(&s->sum[row]) : KY_NULL;
    ky_table_fixed(table, column->name, column->alias, column->unit, column->decimals, values);
    if (column->unit == NULL || strcmp(column->unit, "share") != 0) ky_table_adds(table, KY_ADDS_ROWS);
  }
  return KY_OK;
}
