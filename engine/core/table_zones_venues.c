/* Layer zones: what the counting of venues rests on, and the gatherings beside them. */
#include <kayoi/counting.h>

#include "core/table_columns.h"
#include "core/table_zones.h"

ky_err ky_zones_table_venues(ky_job *job, const ky_result *result, ky_table *table) {
  ky_counted *rows;
  int64_t *sessions, *catchment, *led, *bound, *informal;
  KY_TRY(ky_counting_rows(job, result->zones, result->venues, result->resources, &rows));
  KY_NEW(job, keep, sessions, table->count);
  KY_NEW(job, keep, catchment, table->count);
  KY_NEW(job, keep, led, table->count);
  KY_NEW(job, keep, bound, table->count);
  KY_NEW(job, keep, informal, table->count);
  for (uint32_t row = 0; row < table->count; row++) {
    const ky_counted *c = &rows[row];
    sessions[row] = ky_counted_share(c->sessions_unknown, c->coverage);
    catchment[row] = ky_counted_share(c->catchment_unknown, c->coverage);
    led[row] = ky_counted_share(c->resident_led_unknown, c->rate);
    bound[row] = c->bound;
    informal[row] = c->informal;
  }
  ky_table_fixed(table, "sessions_unknown_share", "数える場のうち開催回数が不明な割合", "share", 6, sessions);
  ky_table_fixed(table, "catchment_unknown_share", "数える場のうち対象エリアが不明な割合（だれでも可とする）", "share",
                 6, catchment);
  ky_table_fixed(table, "resident_led_unknown_share", "参加率に数える場のうち住民主体か不明な割合", "share", 6, led);
  ky_table_fixed(table, "venues_bound", "数える場のうち一部の圏域の人だけのもの", NULL, 0, bound);
  ky_table_adds(table, KY_ADDS_ROWS);
  ky_table_fixed(table, "informal_count", "把握外の集まり（数える場に含まない）", NULL, 0, informal);
  ky_table_adds(table, KY_ADDS_ROWS);
  return KY_OK;
}
