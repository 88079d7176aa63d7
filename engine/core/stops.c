/* Stops out of poles: what is summed, joined and reported. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stops_group.h"
#include "core/stops_trips.h"

const char *ky_stop_kind_name(ky_stop_kind kind) {
  static const char *const names[] = {
#define KY_X(name, text) text,
      KY_STOP_KINDS(KY_X)
#undef KY_X
  };
  return kind < KY_STOP_KIND_COUNT ? names[kind] : NULL;
}

/* Sources in the order of their paths, so that the order in the config does not matter. */
static int by_path(const void *left, const void *right) {
  const ky_raw *a = *(const ky_raw *const *)left, *b = *(const ky_raw *const *)right;
  const int order =
      strcmp(a->source->shown != NULL ? a->source->shown : "", b->source->shown != NULL ? b->source->shown : "");
  return order != 0 ? order : strcmp(a->source->name, b->source->name);
}

static ky_err sort_sources(ky_job *job, const ky_inputs *inputs, const ky_raw ***out, uint32_t *count) {
  *count = inputs->feed_count + inputs->stop_source_count;
  KY_NEW(job, scratch, *out, *count);
  for (uint32_t f = 0; f < inputs->feed_count; f++) (*out)[f] = &inputs->feeds[f];
  for (uint32_t s = 0; s < inputs->stop_source_count; s++) (*out)[inputs->feed_count + s] = &inputs->stops[s];
  if (*count != 0) qsort((void *)*out, *count, sizeof **out, by_path);
  return KY_OK;
}

/* Poles and stations; entrances and other inner parts of stations (location types 2 to 4) are no stops, unless a
 * timetable names them. */
static bool is_stop(const ky_raw *raw, uint32_t record) {
  const char *type = ky_raw_value(raw, "location_type", record);
  const bool is_inner = type != NULL && type[0] >= '2' && type[0] <= '4' && type[1] == '\0';
  return !is_inner || (raw->feed != NULL && raw->feed->served[record] != 0);
}

static ky_err list_poles(ky_job *job, const ky_raw *const *raws, uint32_t raw_count, ky_pole **out, uint32_t *count) {
  uint64_t most = 0;
  for (uint32_t r = 0; r < raw_count; r++) most += raws[r]->count;
  if (most >= KY_NONE / 2) return ky_fail(job, KY_E_RESOURCE, ky_tr("more than 2,000,000,000 records in one role"));
  KY_NEW(job, scratch, *out, most);
  *count = 0;
  for (uint32_t r = 0; r < raw_count; r++) {
    ky_record *records;
    uint32_t n;
    const ky_shapes *shapes = &raws[r]->shapes;
    KY_TRY(ky_records_new(job, raws[r], 1, &records, &n));
    for (uint32_t i = 0; i < n; i++) {
      const uint32_t record = records[i].record, part = shapes->first_part[record];
      const char *type = ky_raw_value(raws[r], "location_type", record);
      if (!is_stop(raws[r], record)) continue;
      ky_pole *pole = &(*out)[(*count)++];
      *pole = (ky_pole){.record = records[i], .name_key = ky_raw_value(raws[r], "name_key", record)};
      pole->record.source = r;
      pole->has_place = part != shapes->first_part[record + 1];
      pole->x_m = pole->has_place ? shapes->x[shapes->first_vertex[part]] : NAN;
      pole->y_m = pole->has_place ? shapes->y[shapes->first_vertex[part]] : NAN;
      pole->is_station = type != NULL && strcmp(type, "1") == 0;
    }
  }
  return KY_OK;
}

/* The poles of one stop, while its attributes are gathered. */
typedef struct gathering {
  ky_job *job;
  const ky_pole *poles;
  const uint32_t *next; /* [poles] next pole of the same group, KY_NONE */
  uint32_t first;
  const char **item; /* texts to be joined, scratch */
  uint32_t item_count, item_capacity;
} gathering;

static ky_err add_item(gathering *g, const char *text) {
  if (text == NULL) return KY_OK;
  if (g->item_count == g->item_capacity) {
    const uint32_t capacity = g->item_capacity == 0 ? 256 : g->item_capacity * 2;
    const char **larger;
    KY_NEW(g->job, scratch, larger, capacity);
    if (g->item_count != 0) memcpy(larger, g->item, g->item_count * sizeof *larger);
    g->item = larger;
    g->item_capacity = capacity;
  }
  g->item[g->item_count++] = text;
  return KY_OK;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The items, each once, in bytewise order or as they came, joined by "; "; NULL for none. Empties the list. */
static ky_err join_items(gathering *g, bool is_sorted, const char **out) {
  size_t length = 1;
  uint32_t kept = 0;
  char *text;
  *out = NULL;
  if (g->item_count == 0) return KY_OK;
  if (is_sorted) qsort((void *)g->item, g->item_count, sizeof *g->item, by_bytes);
  for (uint32_t i = 0; i < g->item_count; i++) {
    if (kept != 0 && strcmp(g->item[kept - 1], g->item[i]) == 0) continue;
    g->item[kept++] = g->item[i];
    length += strlen(g->item[i]) + 2;
  }
  KY_NEW(g->job, keep, text, length);
  char *to = text;
  for (uint32_t i = 0; i < kept; i++) {
    const size_t n = strlen(g->item[i]);
    if (i > 0) memcpy(to, "; ", 2), to += 2;
    memcpy(to, g->item[i], n);
    to += n;
  }
  *to = '\0';
  *out = text;
  g->item_count = 0;
  return KY_OK;
}

/* Lists of a stop layer are joined texts already; they are cut so that each item is there once. */
static ky_err add_list(gathering *g, const char *list) {
  while (list != NULL && *list != '\0') {
    const char *end = strstr(list, "; ");
    const size_t n = end != NULL ? (size_t)(end - list) : strlen(list);
    const char *item = ky_arena_text(&g->job->scratch, list, n);
    if (item == NULL) return ky_fail_memory(g->job);
    KY_TRY(add_item(g, item));
    list += n + (end != NULL ? 2 : 0);
  }
  return KY_OK;
}

/* Items of one attribute over all poles: of the routes of a feed, or of the columns of a layer. */
static ky_err gather_list(gathering *g, const char *attribute, const char **out) {
  bool has_kind[KY_STOP_KIND_COUNT] = {false};
  const bool is_kind = strcmp(attribute, "kind") == 0, is_routes = strcmp(attribute, "routes") == 0;
  for (uint32_t i = g->first; i != KY_NONE; i = g->next[i]) {
    const ky_raw *raw = g->poles[i].record.raw;
    const uint32_t record = g->poles[i].record.record;
    const ky_feed *feed = raw->feed;
    if (feed == NULL) KY_TRY(add_list(g, ky_raw_value(raw, attribute, record)));
    for (uint32_t c = feed != NULL ? feed->first_call[record] : 0; feed != NULL && c < feed->first_call[record + 1];
         c++) {
      const ky_route *route = &feed->routes[feed->call_route[c]];
      if (is_kind)
        has_kind[route->kind] = true;
      else
        KY_TRY(add_item(g, is_routes ? route->name : route->operator_name));
    }
    if (feed != NULL && is_kind && feed->served[record] == KY_SERVED_DEMAND) has_kind[KY_STOP_DEMAND_BUS] = true;
  }
  if (!is_kind) return join_items(g, true, out);
  for (uint32_t i = 0; i < g->item_count; i++)
    for (int k = 0; k < KY_STOP_KIND_COUNT; k++)
      if (strcmp(g->item[i], ky_stop_kind_name((ky_stop_kind)k)) == 0) has_kind[k] = true;
  g->item_count = 0;
  for (int k = 0; k < KY_STOP_KIND_COUNT; k++)
    if (has_kind[k]) KY_TRY(add_item(g, ky_stop_kind_name((ky_stop_kind)k)));
  return join_items(g, false, out);
}

/* Sums of a feed's counts; unknown (KY_NULL) without a counted day, and for layers. */
static void sum_trips(const gathering *g, ky_stops *out, uint32_t s) {
  unsigned served = 0;
  const ky_feed *feed = g->poles[g->first].record.raw->feed;
  const bool is_counted = feed != NULL && feed->day != KY_NO_DAY;
  if (is_counted) out->trips_source[s] = "feed";
  out->trips_weekday[s] = out->trips_venue_hours[s] = out->trips_demand[s] = is_counted ? 0 : KY_NULL;
  for (uint32_t i = g->first; feed != NULL && i != KY_NONE; i = g->next[i]) {
    const uint32_t record = g->poles[i].record.record;
    served |= feed->served[record];
    if (!is_counted) continue;
    out->trips_weekday[s] += feed->departures[record];
    out->trips_venue_hours[s] += feed->departures_hours[record];
    out->trips_demand[s] += feed->departures_demand[record];
  }
  if (feed != NULL)
    out->is_demand_bus[s] = served == 0 ? -1 : served == KY_SERVED_DEMAND;
  else
    out->is_demand_bus[s] = out->kind[s] == NULL ? -1 : strcmp(out->kind[s], "demand_bus") == 0;
}

static bool is_same_value(const ky_pole *a, const ky_pole *b, const char *attribute) {
  const char *one = ky_raw_value(a->record.raw, attribute, a->record.record);
  const char *other = ky_raw_value(b->record.raw, attribute, b->record.record);
  return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* A line of the station that an earlier record counts already: platforms apart are records of their own. */
static bool is_counted_before(const gathering *g, uint32_t at) {
  for (uint32_t i = g->first; i != at; i = g->next[i])
    if (is_same_value(&g->poles[i], &g->poles[at], "operator") &&
        is_same_value(&g->poles[i], &g->poles[at], "routes") && is_same_value(&g->poles[i], &g->poles[at], "riders") &&
        is_same_value(&g->poles[i], &g->poles[at], "riders_year"))
      return true;
  return false;
}

/* Riders of the station's lines in the newest year that any of them has. */
static void sum_riders(const gathering *g, ky_stops *out, uint32_t s) {
  out->riders[s] = KY_NULL;
  if (g->poles[g->first].record.raw->feed != NULL) return;
  for (uint32_t i = g->first; i != KY_NONE; i = g->next[i]) {
    const ky_record *record = &g->poles[i].record;
    const char *riders = ky_raw_value(record->raw, "riders", record->record);
    const char *year = ky_raw_value(record->raw, "riders_year", record->record);
    if (riders == NULL || year == NULL || is_counted_before(g, i)) continue;
    const int order = out->riders_year[s] == NULL ? 1 : strcmp(year, out->riders_year[s]);
    if (order < 0) continue;
    if (order > 0) out->riders[s] = 0;
    out->riders_year[s] = year;
    out->riders[s] += strtoll(riders, NULL, 10);
  }
}

/* Middle of the poles on the millimetre grid; a station stands for itself only when it has none. */
static bool find_place(const gathering *g, double *x, double *y) {
  double sum_x = 0, sum_y = 0;
  uint32_t n = 0;
  for (int with_stations = 0; with_stations < 2 && n == 0; with_stations++) {
    for (uint32_t i = g->first; i != KY_NONE; i = g->next[i]) {
      if (!g->poles[i].has_place || (g->poles[i].is_station && !with_stations)) continue;
      sum_x += g->poles[i].x_m;
      sum_y += g->poles[i].y_m;
      n++;
    }
  }
  *x = round(sum_x / n * 1000) / 1000;
  *y = round(sum_y / n * 1000) / 1000;
  return n != 0;
}

static ky_err gather(gathering *g, const ky_zone_index *index, ky_stops *out, uint32_t s, uint32_t *vertex) {
  const ky_pole *head = &g->poles[g->first];
  char day[16];
  for (uint32_t i = g->first; i != KY_NONE; i = g->next[i]) {
    if (g->poles[i].is_station && !head->is_station) head = &g->poles[i];
    if (g->poles[i].is_station) continue;
    out->pole_count[s]++;
    KY_TRY(add_item(g, g->poles[i].record.id));
  }
  KY_TRY(join_items(g, false, &out->pole_ids[s]));
  out->id[s] = head->record.id;
  out->source[s] =
      head->record.raw->source->shown != NULL ? head->record.raw->source->shown : head->record.raw->source->name;
  for (uint32_t i = g->first; i != KY_NONE && out->name[s] == NULL; i = g->next[i])
    out->name[s] = ky_raw_value(g->poles[i].record.raw, "name", g->poles[i].record.record);
  const char *name = ky_raw_value(head->record.raw, "name", head->record.record);
  if (name != NULL) out->name[s] = name;
  KY_TRY(gather_list(g, "kind", &out->kind[s]));
  KY_TRY(gather_list(g, "routes", &out->routes[s]));
  KY_TRY(gather_list(g, "operator", &out->operator_name[s]));
  sum_trips(g, out, s);
  sum_riders(g, out, s);
  const ky_feed *feed = head->record.raw->feed;
  if (feed != NULL && feed->day != KY_NO_DAY) {
    out->date[s] = ky_format(&g->job->keep, "%s", ky_day_text(day, feed->day));
    if (out->date[s] == NULL) return ky_fail_memory(g->job);
  }
  out->shapes.first_part[s] = *vertex;
  out->row[s] = KY_NONE;
  if (find_place(g, &out->shapes.x[*vertex], &out->shapes.y[*vertex])) {
    out->shapes.first_vertex[*vertex] = *vertex;
    out->row[s] = ky_zone_index_row(index, out->shapes.x[*vertex], out->shapes.y[*vertex]);
    ++*vertex;
  }
  return KY_OK;
}

/* Names of its routes and operators as they are compared. */
static ky_err gather_keys(gathering *g, ky_stop_keys *keys, uint32_t s) {
  keys->is_layer[s] = g->poles[g->first].record.raw->feed == NULL;
  if (!keys->is_layer[s]) return KY_OK;
  KY_TRY(gather_list(g, "routes_key", &keys->routes[s]));
  return gather_list(g, "operator_key", &keys->operators[s]);
}

/* Stops of another source that have the name of a stop and are near it. */
typedef struct sharing {
  ky_job *job;
  uint64_t *pair;       /* stop a << 32 | stop b, a before b */
  const uint32_t *stop; /* [poles] of the first pole of a group */
  uint32_t count, capacity;
} sharing;

static ky_err share(void *user, uint32_t a, uint32_t b) {
  sharing *s = user;
  const uint64_t pair = (uint64_t)s->stop[a] << 32 | s->stop[b];
  if (s->stop[a] == KY_NONE || s->stop[b] == KY_NONE) return KY_OK;
  if (s->count != 0 && s->pair[s->count - 1] == pair) return KY_OK;
  if (s->count == s->capacity) {
    if (s->capacity >= UINT32_C(1) << 30) return ky_fail_memory(s->job);
    const uint32_t capacity = s->capacity == 0 ? 1024 : s->capacity * 2;
    uint64_t *larger;
    KY_NEW(s->job, scratch, larger, capacity);
    if (s->count != 0) memcpy(larger, s->pair, s->count * sizeof *larger);
    s->pair = larger;
    s->capacity = capacity;
  }
  s->pair[s->count++] = pair;
  return KY_OK;
}

static int by_value(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* One issue for each two sources, with how many stops they share; also_in names the other sources of each stop. */
static ky_err report_shared(sharing *s, const ky_stops *out) {
  gathering g = {.job = s->job};
  uint64_t *pairs; /* both ways */
  KY_NEW(s->job, scratch, pairs, (size_t)s->count * 2);
  for (uint32_t i = 0; i < s->count; i++) {
    pairs[2 * i] = s->pair[i];
    pairs[2 * i + 1] = s->pair[i] << 32 | s->pair[i] >> 32;
  }
  if (s->count != 0) qsort(pairs, (size_t)s->count * 2, sizeof *pairs, by_value);
  for (size_t i = 0, end; i < (size_t)s->count * 2; i = end) {
    const uint32_t stop = (uint32_t)(pairs[i] >> 32);
    for (end = i; end < (size_t)s->count * 2 && pairs[end] >> 32 == stop; end++)
      KY_TRY(add_item(&g, out->source[(uint32_t)pairs[end]]));
    KY_TRY(join_items(&g, true, &out->also_in[stop]));
  }
  for (uint32_t a = 0, next; a < out->count; a = next) { /* stops are in the order of their sources */
    uint32_t shared = 0, example = 0;
    for (next = a; next < out->count && strcmp(out->source[next], out->source[a]) == 0; next++) {
      if (out->also_in[next] == NULL) continue;
      if (shared++ == 0) example = next;
    }
    if (shared == 0) continue;
    ky_issue_add(s->job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "transit",
                             .record = out->source[a],
                             .reason = "stops_in_two_sources",
                             .action = ky_tr("both are kept with their own counts; also_in names the others")},
                 ky_tr("%u stops are in another source too, e.g. %s"), shared, out->name[example]);
  }
  return KY_OK;
}

static ky_err new_columns(ky_job *job, uint32_t n, ky_stops *out) {
  const char ***texts[] = {&out->id,     &out->name,          &out->source,     &out->kind,
                           &out->routes, &out->operator_name, &out->pole_ids,   &out->also_in,
                           &out->date,   &out->trips_source,  &out->riders_year};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) KY_NEW(job, keep, *texts[t], n);
  KY_NEW(job, keep, out->pole_count, n);
  KY_NEW(job, keep, out->trips_weekday, n);
  KY_NEW(job, keep, out->trips_venue_hours, n);
  KY_NEW(job, keep, out->trips_demand, n);
  KY_NEW(job, keep, out->riders, n);
  KY_NEW(job, keep, out->is_demand_bus, n);
  KY_NEW(job, keep, out->row, n);
  return ky_shapes_new(job, KY_SHAPE_POINT, n, n, n, &out->shapes);
}

/* A station that no pole belongs to and no timetable names is no stop. */
static bool is_empty_station(ky_job *job, const ky_pole *poles, const uint32_t *next, uint32_t first) {
  const ky_record *record = &poles[first].record;
  for (uint32_t i = first; i != KY_NONE; i = next[i])
    if (!poles[i].is_station || poles[i].record.raw->feed->served[poles[i].record.record] != 0) return false;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_raw_label(job, record->raw),
                           .record = record->id,
                           .reason = "station_without_poles",
                           .action = ky_tr("left out")},
               "%s", ky_tr("no pole belongs to the station"));
  return true;
}

/* The second, third ... stop of one id in a source becomes id#2, id#3 ...: names without ids repeat. */
static ky_err rename_repeated(ky_job *job, ky_stops *out) {
  uint32_t nth = 1;
  for (uint32_t s = 1; s < out->count; s++) {
    const char *first = out->id[s - nth];
    const bool is_same = strcmp(first, out->id[s]) == 0 && strcmp(out->source[s - 1], out->source[s]) == 0;
    nth = is_same ? nth + 1 : 1;
    if (!is_same) continue;
    out->id[s] = ky_format(&job->keep, "%s#%u", first, nth);
    if (out->id[s] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* Which stop each pole of a feed belongs to. */
static ky_err map_poles(ky_job *job, const ky_inputs *inputs, const ky_pole *poles, uint32_t count,
                        const uint32_t *stop, ky_stops *out) {
  KY_NEW(job, keep, out->feed_stop, inputs->feed_count);
  for (uint32_t f = 0; f < inputs->feed_count; f++) {
    KY_NEW(job, keep, out->feed_stop[f], inputs->feeds[f].count);
    memset(out->feed_stop[f], 0xff, inputs->feeds[f].count * sizeof **out->feed_stop); /* KY_NONE */
  }
  for (uint32_t i = 0; i < count; i++)
    if (poles[i].record.raw->feed != NULL)
      out->feed_stop[poles[i].record.raw - inputs->feeds][poles[i].record.record] = stop[poles[i].group];
  return KY_OK;
}

ky_err ky_stops_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_transit_opts *opts,
                      ky_stops *out) {
  const ky_raw **raws = NULL;
  ky_pole *poles = NULL;
  ky_zone_index *index = NULL;
  ky_stop_keys keys;
  uint32_t raw_count = 0, count = 0, vertex = 0, *next, *last, *stop;
  memset(out, 0, sizeof *out);
  KY_TRY(sort_sources(job, inputs, &raws, &raw_count));
  KY_TRY(list_poles(job, raws, raw_count, &poles, &count));
  KY_TRY(ky_poles_group(job, poles, count, opts->group_m));
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_NEW(job, scratch, next, count);
  KY_NEW(job, scratch, last, count);
  KY_NEW(job, scratch, stop, count);
  KY_TRY(new_columns(job, count, out)); /* at most a stop for each pole */
  for (uint32_t i = 0; i < count; i++) {
    next[i] = stop[i] = KY_NONE;
    if (poles[i].group != i) next[last[poles[i].group]] = i;
    last[poles[i].group] = i;
  }
  KY_NEW(job, scratch, keys.routes, count);
  KY_NEW(job, scratch, keys.operators, count);
  KY_NEW(job, scratch, keys.is_layer, count);
  gathering g = {.job = job, .poles = poles, .next = next};
  for (uint32_t i = 0; i < count; i++) {
    if (poles[i].group != i || is_empty_station(job, poles, next, i)) continue;
    g.first = i;
    stop[i] = out->count;
    KY_TRY(gather(&g, index, out, out->count, &vertex));
    KY_TRY(gather_keys(&g, &keys, out->count));
    out->count++;
  }
  out->shapes.count = out->count;
  out->shapes.first_part[out->count] = vertex;
  out->shapes.first_vertex[vertex] = vertex;
  out->shapes.part_count = out->shapes.vertex_count = vertex;
  KY_TRY(map_poles(job, inputs, poles, count, stop, out));
  KY_TRY(ky_stops_trips(job, inputs, opts->route_m, &keys, out));
  sharing shared = {.job = job, .stop = stop};
  KY_TRY(ky_poles_overlap(job, poles, count, opts->overlap_m, share, &shared));
  KY_TRY(report_shared(&shared, out));
  return rename_repeated(job, out);
}
