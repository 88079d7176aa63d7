/* Zones and the municipality: people within reach before and after; sites that came and went. */
#include <string.h>

#include "core/changes_parts.h"

/* Of the municipality; their difference is in people 65+ where they count them, in parts where they are a share. */
static const struct {
  const char *column;
  bool is_people, is_share;
} totals[] = {{"pop_65", true, false},           {"covered_65", true, false},
              {"covered_share_65", false, true}, {"beyond_65", true, false},
              {"unreachable_65", true, false},   {"unknown_65", true, false},
              {"in_gap_65", true, false},        {"gaps_count", false, false},
              {"venues_counting", false, false}, {"target_participants", false, false},
              {"participants", false, false},    {"participation_rate", false, true},
              {"shortfall", false, false},       {"places_by_reach", false, false}};

static ky_err change_of(ky_changes_build_state *s, const ky_table *table, uint32_t record, ky_change_kind kind,
                        ky_change *c) {
  ky_change_place place;
  *c = (ky_change){.kind = kind,
                   .id = ky_change_word(table, "zone_id", record),
                   .name = ky_change_word(table, "name", record),
                   .zone_id = ky_change_word(table, "zone_id", record),
                   .people_65 = KY_NULL,
                   .share = KY_NULL,
                   .moved_mm = KY_NULL};
  if (c->id == NULL) c->id = ky_change_word(table, "level", record);
  KY_TRY(ky_change_inside(s->job, table, record, &place));
  c->has_place = place.is_known;
  c->x_m = place.x_m;
  c->y_m = place.y_m;
  return KY_OK;
}

/* before, after of a column; *is_other: they differ. */
static ky_err set_values(ky_changes_build_state *s, const char *column, uint32_t was, uint32_t is, ky_change *c,
                         bool *is_other) {
  const ky_table *before = s->in->before.zones, *after = s->in->after.zones;
  const uint8_t decimals = ky_change_decimals(before, after, column);
  c->field = column;
  KY_TRY(ky_change_text(s->job, before, column, was, decimals, &c->before));
  KY_TRY(ky_change_text(s->job, after, column, is, decimals, &c->after));
  *is_other = ky_table_column(before, column) != NULL && ky_table_column(after, column) != NULL &&
              !ky_change_is_same(c->before, c->after);
  return KY_OK;
}

static int64_t rise(const ky_changes_build_state *s, const char *column, uint32_t was, uint32_t is, uint8_t decimals) {
  const int64_t a = ky_change_number(s->in->before.zones, column, was, decimals);
  const int64_t b = ky_change_number(s->in->after.zones, column, is, decimals);
  return a == KY_NULL || b == KY_NULL ? KY_NULL : b - a;
}

static ky_err add_why(ky_changes_build_state *s, uint32_t was, uint32_t is, ky_change *c) {
  const ky_why_area areas[2] = {{s->in->before.zones->shapes, was}, {s->in->after.zones->shapes, is}};
  KY_TRY(ky_change_why(s, KY_WHY_ZONES, areas, 2, true, true, &c->why));
  return ky_change_add(s, c);
}

static ky_err tell_total(ky_changes_build_state *s, uint32_t was, uint32_t is) {
  bool is_other;
  ky_change c;
  for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
    KY_TRY(change_of(s, s->in->after.zones, is, KY_CHANGE_TOTAL, &c));
    c.id = totals[t].column;
    KY_TRY(set_values(s, totals[t].column, was, is, &c, &is_other));
    if (!is_other) continue;
    if (totals[t].is_people) c.people_65 = rise(s, totals[t].column, was, is, 3);
    if (totals[t].is_share) c.share = rise(s, totals[t].column, was, is, 6);
    KY_TRY(add_why(s, was, is, &c));
  }
  return KY_OK;
}

/* Coverage moved when the share or the people did; the share is shown, since zones differ in size. */
static ky_err tell_zone(ky_changes_build_state *s, uint32_t was, uint32_t is) {
  bool has_share, has_people;
  ky_change c;
  KY_TRY(change_of(s, s->in->after.zones, is, KY_ZONE_COVERAGE, &c));
  KY_TRY(set_values(s, "covered_65", was, is, &c, &has_people));
  KY_TRY(set_values(s, "covered_share_65", was, is, &c, &has_share));
  if (has_share || has_people) {
    c.people_65 = rise(s, "covered_65", was, is, 3);
    c.share = rise(s, "covered_share_65", was, is, 6);
    KY_TRY(add_why(s, was, is, &c));
  }
  KY_TRY(change_of(s, s->in->after.zones, is, KY_ZONE_PEOPLE, &c));
  KY_TRY(set_values(s, "pop_65", was, is, &c, &has_people));
  c.people_65 = rise(s, "pop_65", was, is, 3);
  if (!has_people) return KY_OK;
  KY_TRY(ky_change_why(s, KY_WHY_ZONES, NULL, 0, false, false, &c.why)); /* venues do not move people */
  return ky_change_add(s, &c);
}

static bool is_level(const ky_table *table, uint32_t record, const char *level) {
  return ky_change_is_same(ky_change_word(table, "level", record), level);
}

/* The row of the other table for the same place; KY_NONE. */
static uint32_t find_row(const ky_table *table, const ky_table *in, uint32_t record) {
  const char *level = ky_change_word(table, "level", record), *id = ky_change_word(table, "zone_id", record);
  for (uint32_t i = 0; i < in->count; i++)
    if (is_level(in, i, level) && ky_change_is_same(ky_change_word(in, "zone_id", i), id)) return i;
  return KY_NONE;
}

static ky_err tell_alone(ky_changes_build_state *s, const ky_table *table, uint32_t record, ky_change_kind kind) {
  ky_change c;
  if (!is_level(table, record, "zone")) return KY_OK;
  KY_TRY(change_of(s, table, record, kind, &c));
  c.field = "pop_65";
  KY_TRY(ky_change_text(s->job, table, "pop_65", record, 3, kind == KY_ZONE_ADDED ? &c.after : &c.before));
  KY_TRY(ky_change_why(s, KY_WHY_ZONES, NULL, 0, false, false, &c.why));
  return ky_change_add(s, &c);
}

ky_err ky_changes_of_zones(ky_changes_build_state *s) {
  const ky_table *before = s->in->before.zones, *after = s->in->after.zones;
  if (before == NULL || after == NULL) return KY_OK;
  for (uint32_t i = 0; i < after->count; i++) {
    const uint32_t was = find_row(after, before, i);
    if (was != KY_NONE && is_level(after, i, "municipality")) KY_TRY(tell_total(s, was, i));
  }
  for (uint32_t i = 0; i < after->count; i++) {
    const uint32_t was = find_row(after, before, i);
    if (is_level(after, i, "municipality") || is_level(after, i, "outside")) continue;
    KY_TRY(was == KY_NONE ? tell_alone(s, after, i, KY_ZONE_ADDED) : tell_zone(s, was, i));
  }
  for (uint32_t j = 0; j < before->count; j++)
    if (find_row(before, after, j) == KY_NONE) KY_TRY(tell_alone(s, before, j, KY_ZONE_REMOVED));
  return KY_OK;
}

/* Is the site of a record among the others, by its id or its place? Sites on streets have no ids that last. */
static bool is_site_in(const ky_table *table, uint32_t record, const ky_table *in) {
  const ky_change_place place = ky_change_place_of(table, record);
  const char *id = ky_change_word(table, "site_id", record);
  for (uint32_t i = 0; i < in->count; i++) {
    const ky_change_place other = ky_change_place_of(in, i);
    const int64_t mm = ky_change_distance_mm(&place, &other);
    if (mm != KY_NULL ? mm <= KY_SAME_VENUE_MM : ky_change_is_same(ky_change_word(in, "site_id", i), id)) return true;
  }
  return false;
}

static ky_err tell_sites(ky_changes_build_state *s, const ky_table *of, const ky_table *other, ky_change_kind kind) {
  for (uint32_t i = 0; i < of->count; i++) {
    const ky_change_place place = ky_change_place_of(of, i);
    if (is_site_in(of, i, other)) continue;
    ky_change c = {.kind = kind,
                   .id = ky_change_word(of, "site_id", i),
                   .name = ky_change_word(of, "site_name", i),
                   .zone_id = ky_change_word(of, "zone_id", i),
                   .field = "gain_65",
                   .people_65 = KY_NULL,
                   .share = KY_NULL,
                   .moved_mm = KY_NULL,
                   .has_place = place.is_known,
                   .x_m = place.x_m,
                   .y_m = place.y_m};
    KY_TRY(ky_change_text(s->job, of, "gain_65", i, 3, kind == KY_SITE_ADDED ? &c.after : &c.before));
    KY_TRY(ky_change_why(s, KY_WHY_GAPS, NULL, 0, false, false, &c.why));
    KY_TRY(ky_change_add(s, &c));
  }
  return KY_OK;
}

ky_err ky_changes_of_sites(ky_changes_build_state *s) {
  const ky_table *before = s->in->before.sites, *after = s->in->after.sites;
  if (before == NULL || after == NULL) return KY_OK;
  KY_TRY(tell_sites(s, after, before, KY_SITE_ADDED));
  return tell_sites(s, before, after, KY_SITE_DROPPED);
}
