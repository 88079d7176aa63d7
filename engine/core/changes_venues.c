/* Venues: which are the same ones, which opened, closed, moved, and what the register says of them now. */
#include <string.h>

#include "core/changes_parts.h"

/* Columns whose change is told. */
static const char *const told[] = {
    "name",     "activity",     "operator", "weekday",         "hours",        "sessions_per_month",
    "capacity", "participants", "fee",      "transport",       "resident_led", "catchment",
    "publish",  "status",       "counts",   "counts_for_rate", "reason",       "rate_reason",
    "zone_id",  "is_informal"};

typedef struct venues {
  ky_changes_build_state *s;
  const ky_table *before, *after;
  const char **was_id, **is_id;
  uint32_t *partner; /* of each venue now; KY_NONE: it is new */
  bool *was_used;
} venues;

/* Ids; "" where a file of long ago has none. */
static ky_err ids_of(ky_job *job, const ky_column *column, uint32_t count, const char ***out) {
  KY_NEW(job, scratch, *out, count);
  for (uint32_t i = 0; i < count; i++) (*out)[i] = column->of.text[i] != NULL ? column->of.text[i] : "";
  return KY_OK;
}

static bool is_same_name(const venues *v, uint32_t was, uint32_t is) {
  const char *a = ky_change_word(v->before, "name", was), *b = ky_change_word(v->after, "name", is);
  return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static int64_t distance_mm(const venues *v, uint32_t was, uint32_t is) {
  const ky_change_place a = ky_change_place_of(v->before, was), b = ky_change_place_of(v->after, is);
  return ky_change_distance_mm(&a, &b);
}

/* Also where nobody knows of either where it is. */
static bool is_near(const venues *v, uint32_t was, uint32_t is) {
  const int64_t mm = distance_mm(v, was, is);
  if (mm != KY_NULL) return mm <= KY_SAME_VENUE_MM;
  return !ky_change_place_of(v->before, was).is_known && !ky_change_place_of(v->after, is).is_known;
}

/* 0: same id and (same name or place); 1: another id, same name and place, as in a list that is numbered anew; 2: the
 * same id alone. */
static bool fits(const venues *v, int pass, uint32_t was, uint32_t is) {
  const bool is_same_id = strcmp(v->was_id[was], v->is_id[is]) == 0;
  if (pass == 0) return is_same_id && (is_same_name(v, was, is) || is_near(v, was, is));
  return pass == 1 ? is_same_name(v, was, is) && is_near(v, was, is) : is_same_id;
}

static void match(venues *v) {
  for (int pass = 0; pass < 3; pass++) {
    for (uint32_t i = 0; i < v->after->count; i++) {
      for (uint32_t j = 0; v->partner[i] == KY_NONE && j < v->before->count; j++) {
        if (v->was_used[j] || !fits(v, pass, j, i)) continue;
        v->was_used[j] = true;
        v->partner[i] = j;
      }
    }
  }
}

static bool is_true(const ky_table *table, const char *column, uint32_t record) {
  const ky_column *of = ky_table_column(table, column);
  return of != NULL && of->type == KY_COLUMN_BOOL && of->of.flag[record] == 1;
}

/* On the register as open, whether it counts or not. */
static bool is_open(const ky_table *table, uint32_t record) {
  const char *reason = ky_change_word(table, "reason", record);
  return reason == NULL || strcmp(reason, "closed") != 0;
}

static ky_change change_of(const ky_table *table, uint32_t record, ky_change_kind kind, const char *id) {
  const ky_change_place place = ky_change_place_of(table, record);
  return (ky_change){.kind = kind,
                     .id = id,
                     .name = ky_change_word(table, "name", record),
                     .zone_id = ky_change_word(table, "zone_id", record),
                     .people_65 = KY_NULL,
                     .share = KY_NULL,
                     .moved_mm = KY_NULL,
                     .has_place = place.is_known,
                     .x_m = place.x_m,
                     .y_m = place.y_m};
}

/* Opened or closed: what the register says of it on the side where it is, null on the side where it is not. */
static ky_err tell_state(venues *v, ky_change_kind kind, uint32_t was, uint32_t is) {
  const bool is_there = is != KY_NONE;
  ky_change c =
      change_of(is_there ? v->after : v->before, is_there ? is : was, kind, is_there ? v->is_id[is] : v->was_id[was]);
  c.field = "counts";
  if (was != KY_NONE) KY_TRY(ky_change_text(v->s->job, v->before, "counts", was, 0, &c.before));
  if (is != KY_NONE) KY_TRY(ky_change_text(v->s->job, v->after, "counts", is, 0, &c.after));
  KY_TRY(ky_change_why(v->s, KY_WHY_PLACES, NULL, 0, false, false, &c.why));
  return ky_change_add(v->s, &c);
}

/* A record that comes or goes and is closed all the same. */
static ky_err tell_record(venues *v, uint32_t was, uint32_t is) {
  const ky_table *table = is != KY_NONE ? v->after : v->before;
  const uint32_t record = is != KY_NONE ? is : was;
  ky_change c = change_of(table, record, KY_VENUE_CHANGED, is != KY_NONE ? v->is_id[is] : v->was_id[was]);
  c.field = "status";
  *(is != KY_NONE ? &c.after : &c.before) = ky_change_word(table, "status", record);
  KY_TRY(ky_change_why(v->s, KY_WHY_PLACES, NULL, 0, false, false, &c.why));
  return ky_change_add(v->s, &c);
}

static ky_err place_text(ky_job *job, const ky_change_place *place, const char **out) {
  *out = NULL;
  if (!place->is_known) return KY_OK;
  *out = ky_format(&job->keep, "%.3f %.3f", place->x_m, place->y_m);
  return *out == NULL ? ky_fail_memory(job) : KY_OK;
}

static ky_err tell_move(venues *v, uint32_t was, uint32_t is, bool *has_moved) {
  const ky_change_place from = ky_change_place_of(v->before, was), to = ky_change_place_of(v->after, is);
  const int64_t mm = ky_change_distance_mm(&from, &to);
  *has_moved = from.is_known != to.is_known || (mm != KY_NULL && mm >= KY_SAME_PLACE_MM);
  if (!*has_moved || (v->before->shapes == NULL) != (v->after->shapes == NULL)) return KY_OK; /* CSV without places */
  ky_change c = change_of(v->after, is, KY_VENUE_MOVED, v->is_id[is]);
  c.field = "place";
  c.moved_mm = mm;
  KY_TRY(place_text(v->s->job, &from, &c.before));
  KY_TRY(place_text(v->s->job, &to, &c.after));
  KY_TRY(ky_change_why(v->s, KY_WHY_PLACES, NULL, 0, false, false, &c.why));
  return ky_change_add(v->s, &c);
}

static bool is_rule(const char *column) {
  return strcmp(column, "counts") == 0 || strcmp(column, "counts_for_rate") == 0 || strcmp(column, "reason") == 0 ||
         strcmp(column, "rate_reason") == 0 || strcmp(column, "zone_id") == 0;
}

/* has_turned: it opened or closed, which says why it counts or not. */
static ky_err tell_columns(venues *v, uint32_t was, uint32_t is, bool has_turned) {
  ky_job *job = v->s->job;
  ky_change c = change_of(v->after, is, KY_VENUE_CHANGED, v->is_id[is]);
  if (strcmp(v->was_id[was], v->is_id[is]) != 0) {
    c.field = "venue_id";
    c.before = c.replaces = v->was_id[was];
    c.after = v->is_id[is];
    KY_TRY(ky_change_why(v->s, KY_WHY_PLACES, NULL, 0, false, false, &c.why));
    KY_TRY(ky_change_add(v->s, &c));
  }
  c.replaces = NULL;
  for (size_t t = 0; t < sizeof told / sizeof *told; t++) {
    const uint8_t decimals = ky_change_decimals(v->before, v->after, told[t]);
    if (ky_table_column(v->before, told[t]) == NULL || ky_table_column(v->after, told[t]) == NULL) continue;
    KY_TRY(ky_change_text(job, v->before, told[t], was, decimals, &c.before));
    KY_TRY(ky_change_text(job, v->after, told[t], is, decimals, &c.after));
    if (ky_change_is_same(c.before, c.after)) continue;
    if (has_turned && (strcmp(told[t], "status") == 0 || (is_rule(told[t]) && strcmp(told[t], "zone_id") != 0)))
      continue;
    c.field = told[t];
    KY_TRY(ky_change_why(v->s, is_rule(told[t]) ? KY_WHY_VENUES : KY_WHY_PLACES, NULL, 0, false, false, &c.why));
    KY_TRY(ky_change_add(v->s, &c));
  }
  return KY_OK;
}

/* Who may come into reach or fall out of it because of this venue. */
static void note_event(venues *v, uint32_t was, uint32_t is, const char *what) {
  const bool did = was != KY_NONE && is_true(v->before, "counts", was);
  const bool does = is != KY_NONE && is_true(v->after, "counts", is);
  ky_venue_event event = {
      .what = what, .id = is != KY_NONE ? v->is_id[is] : v->was_id[was], .gains = does, .loses = did};
  if (was != KY_NONE) event.was = ky_change_place_of(v->before, was);
  if (is != KY_NONE) event.is = ky_change_place_of(v->after, is);
  if (did || does) v->s->events[v->s->event_count++] = event;
}

static ky_err tell_pair(venues *v, uint32_t was, uint32_t is) {
  const bool was_open = is_open(v->before, was), now_open = is_open(v->after, is);
  const bool did = is_true(v->before, "counts", was), does = is_true(v->after, "counts", is);
  const char *a = ky_change_word(v->before, "catchment_zones", was),
             *b = ky_change_word(v->after, "catchment_zones", is);
  bool has_moved = false;
  if (was_open != now_open) {
    KY_TRY(tell_state(v, now_open ? KY_VENUE_OPENED : KY_VENUE_CLOSED, was, is));
    note_event(v, was, is, now_open ? "venue_opened" : "venue_closed");
  }
  KY_TRY(tell_move(v, was, is, &has_moved));
  if (was_open == now_open && has_moved) note_event(v, was, is, "venue_moved");
  if (was_open == now_open && !has_moved && (did != does || !ky_change_is_same(a, b)))
    note_event(v, was, is, did != does ? "venue_counts" : "venue_catchment");
  return tell_columns(v, was, is, was_open != now_open);
}

ky_err ky_changes_of_venues(ky_changes_build_state *s) {
  venues v = {.s = s, .before = s->in->before.venues, .after = s->in->after.venues};
  if (v.before == NULL || v.after == NULL) return KY_OK;
  const ky_column *was = ky_table_column(v.before, "venue_id"), *is = ky_table_column(v.after, "venue_id");
  if (was == NULL || is == NULL || was->type != KY_COLUMN_TEXT || is->type != KY_COLUMN_TEXT) return KY_OK;
  KY_TRY(ids_of(s->job, was, v.before->count, &v.was_id));
  KY_TRY(ids_of(s->job, is, v.after->count, &v.is_id));
  KY_NEW(s->job, scratch, v.partner, v.after->count);
  KY_NEW(s->job, scratch, v.was_used, v.before->count);
  KY_NEW(s->job, scratch, s->events, (size_t)v.before->count + v.after->count);
  for (uint32_t i = 0; i < v.after->count; i++) v.partner[i] = KY_NONE;
  match(&v);
  for (uint32_t i = 0; i < v.after->count; i++) {
    if (v.partner[i] != KY_NONE) {
      KY_TRY(tell_pair(&v, v.partner[i], i));
    } else {
      KY_TRY(is_open(v.after, i) ? tell_state(&v, KY_VENUE_OPENED, KY_NONE, i) : tell_record(&v, KY_NONE, i));
      note_event(&v, KY_NONE, i, "venue_opened");
    }
  }
  for (uint32_t j = 0; j < v.before->count; j++) {
    if (v.was_used[j]) continue;
    KY_TRY(is_open(v.before, j) ? tell_state(&v, KY_VENUE_CLOSED, j, KY_NONE) : tell_record(&v, j, KY_NONE));
    note_event(&v, j, KY_NONE, "venue_closed");
  }
  return KY_OK;
}
