/* Places for venues and resources that have none: see geocode.h. */
#include "io/geocode.h"

#include <string.h>

#include "io/role_columns.h"
#include "io/venue_twins.h"

/* Records of one name or address that lie farther apart than this do not say where the venue is. */
#define APART_M     100.0
#define SHOWN_BYTES 150

bool ky_geocoder_has(const ky_geocoder *g, ky_role role) {
  for (uint32_t r = 0; r < g->raw_count; r++)
    if (g->raws[r].source->role == role) return true;
  return false;
}

/* At most SHOWN_BYTES of the text, cut between characters. */
static const char *shown(ky_job *job, const char *text) {
  size_t length = text != NULL ? strlen(text) : 0;
  if (length <= SHOWN_BYTES) return text != NULL ? text : "";
  for (length = SHOWN_BYTES; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;) length--;
  const char *cut = ky_format(&job->scratch, "%.*s…", (int)length, text);
  return cut != NULL ? cut : "";
}

/* "宇部市 常盤町一丁目 7" of the record that gave the place. */
static const char *record_label(ky_job *job, const ky_geocode_level *level, const ky_found *found) {
  const char *text = "";
  for (size_t a = 0; a < sizeof level->label / sizeof *level->label && level->label[a] != NULL; a++) {
    const char *value = ky_raw_value(found->raw, level->label[a], found->record);
    if (value == NULL) continue;
    text = ky_format(&job->scratch, "%s%s%s", text, text[0] != '\0' ? " " : "", value);
    if (text == NULL) return "";
  }
  return shown(job, text);
}

static void report_placed(ky_geocoder *g, const ky_geocode_level *level, const ky_unplaced *venue,
                          const ky_found *found, const ky_found *all) {
  const bool is_town = level->role == KY_ROLE_TOWNS;
  const char *others = "";
  if (all->count > 1 && ky_found_spread_m(all) > APART_M)
    others = ky_format(&g->job->scratch,
                       ky_tr("; %u records bear this address, up to %.0f m apart, and this one stands for them"),
                       all->count, ky_found_spread_m(all));
  ky_issue_add(
      g->job,
      &(ky_issue){.severity = KY_INFO,
                  .source = ky_source_where(g->job, venue->raw->source),
                  .record = venue->raw->record[venue->record],
                  .field = "lon/lat",
                  .reason = level->reason,
                  .has_place = true,
                  .x_m = venue->x,
                  .y_m = venue->y,
                  .action = is_town && venue->raw->source->role == KY_ROLE_VENUES
                                ? ky_tr("drawn in the middle of the town; it counts only with geocoding.allow_town: "
                                        "true; write its coordinates in the source")
                                : ky_tr("placed there; look at the map, and write its coordinates in the source "
                                        "if it is elsewhere")},
      ky_tr("it has no coordinates; taken from '%s' (%s, %s)%s"), record_label(g->job, level, found),
      ky_source_where(g->job, found->raw->source), found->raw->record[found->record], others != NULL ? others : "");
}

static void report_ambiguous(ky_geocoder *g, const ky_geocode_level *level, const ky_unplaced *venue,
                             const ky_found *found) {
  ky_issue_add(g->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(g->job, venue->raw->source),
                           .record = venue->raw->record[venue->record],
                           .field = "lon/lat",
                           .reason = "geocoding_ambiguous",
                           .action = ky_tr("none of them was used; write its coordinates in the source")},
               ky_tr("%u records fit its name or address, up to %.0f m apart, '%s' (%s, %s) among them"), found->count,
               ky_found_spread_m(found), record_label(g->job, level, found),
               ky_source_where(g->job, found->raw->source), found->raw->record[found->record]);
}

/* What the readings of one rank found, in the first choice and in all. */
static void join_rank(const ky_wanted *wanted, const ky_reading *readings, uint32_t count, ky_found *first,
                      ky_found *all) {
  *first = *all = (ky_found){0};
  for (int slot = 0; slot < 2; slot++) {
    for (uint32_t i = 0; i < count; i++)
      ky_found_join(all, &wanted->found[slot][ky_wanted_find(wanted, readings[i].key)]);
    if (first->count == 0) *first = *all;
  }
}

static void settle_venue(ky_geocoder *g, const ky_geocode_level *level, const ky_reading *readings, uint32_t count,
                         const ky_wanted *wanted) {
  ky_unplaced *venue = &g->venue[readings[0].venue];
  for (uint32_t i = 0, end; i < count; i = end) {
    ky_found first, all;
    for (end = i + 1; end < count && readings[end].rank == readings[i].rank;) end++;
    join_rank(wanted, readings + i, end - i, &first, &all);
    if (first.count == 0) continue;
    if (ky_found_spread_m(&first) > APART_M) {
      report_ambiguous(g, level, venue, &first);
      return;
    }
    venue->x = first.x;
    venue->y = first.y;
    venue->coord_source = level->coord_source;
    report_placed(g, level, venue, &first, &all);
    return;
  }
}

ky_err ky_geocode_settle(ky_geocoder *g, const ky_geocode_level *level, const ky_reading *readings, uint32_t count,
                         const ky_wanted *wanted) {
  for (uint32_t i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count && readings[end].venue == readings[i].venue;) end++;
    settle_venue(g, level, readings + i, end - i, wanted);
  }
  return g->job->err;
}

static ky_err find_unplaced(ky_geocoder *g, ky_raw *raws) {
  uint64_t count = 0;
  for (uint32_t r = 0; r < g->raw_count; r++) count += ky_role_is_geocoded(raws[r].source->role) ? raws[r].count : 0;
  KY_NEW(g->job, scratch, g->venue, count);
  for (uint32_t r = 0; r < g->raw_count; r++) {
    if (!ky_role_is_geocoded(raws[r].source->role)) continue;
    for (uint32_t i = 0; i < raws[r].count; i++) {
      double x, y;
      if (ky_raw_place(&raws[r], i, &x, &y)) continue;
      g->venue[g->count++] =
          (ky_unplaced){.raw = &raws[r], .record = i, .address = ky_raw_value(&raws[r], "address", i)};
    }
  }
  return KY_OK;
}

static const char *unplaced_action(ky_role role, bool has_files) {
  if (role != KY_ROLE_VENUES)
    return ky_tr(
        "listed without a position: no walk leads to it; write its coordinates in the source, or name files "
        "under geocoding:");
  return has_files ? ky_tr(
                         "listed without a position, so it does not count for coverage; no file of "
                         "geocoding: places it; write its coordinates in the source")
                   : ky_tr(
                         "listed without a position, so it does not count for coverage; write its "
                         "coordinates in the source, or name files under geocoding:");
}

static void report_unplaced(ky_geocoder *g) {
  const bool has_files =
      ky_geocoder_has(g, KY_ROLE_HALLS) || ky_geocoder_has(g, KY_ROLE_BLOCKS) || ky_geocoder_has(g, KY_ROLE_TOWNS);
  for (uint32_t v = 0; v < g->count; v++) {
    const ky_unplaced *venue = &g->venue[v];
    if (venue->coord_source != NULL) continue;
    const char *address = shown(g->job, venue->address);
    ky_issue_add(g->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(g->job, venue->raw->source),
                             .record = venue->raw->record[venue->record],
                             .field = "lon/lat",
                             .reason = venue->raw->source->role == KY_ROLE_VENUES ? "coordinates_missing"
                                                                                  : "resource_without_place",
                             .action = unplaced_action(venue->raw->source->role, has_files)},
                 address[0] != '\0' ? ky_tr("it has no usable coordinates; its address: %s")
                                    : ky_tr("it has no usable coordinates and no address%s"),
                 address);
  }
}

/* New shapes of one source: the given places and those found. The first of its unplaced venues is *next. */
static ky_err apply(ky_geocoder *g, ky_raw *raw, uint32_t *next) {
  ky_shapes out;
  uint32_t end = *next, found = 0, vertex = 0;
  for (; end < g->count && g->venue[end].raw == raw; end++) found += g->venue[end].coord_source != NULL;
  if (found == 0) {
    *next = end;
    return KY_OK;
  }
  KY_TRY(ky_shapes_new(g->job, KY_SHAPE_POINT, raw->count, raw->count, raw->count, &out));
  KY_NEW(g->job, keep, raw->coord_source, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const ky_unplaced *venue = *next < end && g->venue[*next].record == i ? &g->venue[(*next)++] : NULL;
    bool has_place = ky_raw_place(raw, i, &out.x[vertex], &out.y[vertex]);
    if (venue != NULL && venue->coord_source != NULL) {
      out.x[vertex] = venue->x;
      out.y[vertex] = venue->y;
      raw->coord_source[i] = venue->coord_source;
      has_place = true;
    }
    out.first_part[i] = vertex;
    out.first_vertex[vertex] = vertex;
    vertex += has_place;
  }
  out.first_part[raw->count] = vertex;
  out.first_vertex[vertex] = vertex;
  out.part_count = out.vertex_count = vertex;
  raw->shapes = out;
  return KY_OK;
}

ky_err ky_geocode(ky_job *job, const char *municipality, ky_raw *raws, uint32_t raw_count) {
  ky_geocoder g = {.job = job, .raws = raws, .raw_count = raw_count, .municipality = municipality};
  uint32_t next = 0;
  ky_home_find(raws, raw_count, &g.home);
  KY_TRY(find_unplaced(&g, raws));
  KY_TRY(ky_geocode_halls(&g));
  KY_TRY(ky_geocode_addresses(&g, KY_ROLE_BLOCKS));
  KY_TRY(ky_geocode_addresses(&g, KY_ROLE_TOWNS));
  report_unplaced(&g);
  for (uint32_t r = 0; r < raw_count; r++) {
    if (!ky_role_is_geocoded(raws[r].source->role)) continue;
    KY_TRY(apply(&g, &raws[r], &next));
  }
  return ky_venue_twins(job, raws, raw_count);
}
