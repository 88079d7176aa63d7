/* Trips from routes: see stops_trips.h. Routes are the distinct pairs of operator and route. */
#include "core/stops_trips.h"

#include <kayoi/rtree.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct route {
  const char *route, *operator_key; /* keys; "" where not given */
  const char *name;
  const ky_raw *raw;
  uint32_t record;
  int64_t trips_milli; /* largest of its records; KY_NULL: all unknown */
  bool is_demand, is_used;
} route;

typedef struct trips {
  ky_job *job;
  route *routes; /* records, then distinct ones, by route and operator */
  uint32_t route_count;
  ky_rtree tree;
  uint32_t *segment_route, *segment_vertex; /* [segments] */
  const ky_shapes **segment_shapes;
  uint8_t *is_near; /* [routes] of the stop looked at */
  double x_m, y_m, near2;
  uint32_t line_count, line_capacity; /* of out->line */
  uint32_t by_name, by_place, without, unmatched_names;
  const char *first_unmatched;
} trips;

static const char *key_of(const ky_raw *raw, const char *attribute, uint32_t record) {
  const char *key = ky_raw_value(raw, attribute, record);
  return key != NULL ? key : "";
}

static int by_keys(const void *left, const void *right) {
  const route *a = left, *b = right;
  const int order = strcmp(a->route, b->route);
  return order != 0 ? order : strcmp(a->operator_key, b->operator_key);
}

static int64_t trips_of(const ky_raw *raw, uint32_t record) {
  const char *text = ky_raw_value(raw, "weekday", record);
  return text != NULL ? strtoll(text, NULL, 10) : KY_NULL;
}

/* Distinct routes; on demand only when all their records are. */
static ky_err list_routes(trips *t, const ky_inputs *inputs) {
  ky_job *job = t->job;
  uint32_t n = 0, kept = 0;
  for (uint32_t r = 0; r < inputs->bus_route_count; r++) n += inputs->bus_routes[r].count;
  KY_NEW(job, scratch, t->routes, n);
  n = 0;
  for (uint32_t r = 0; r < inputs->bus_route_count; r++) {
    const ky_raw *raw = &inputs->bus_routes[r];
    for (uint32_t i = 0; i < raw->count; i++) {
      const char *kind = ky_raw_value(raw, "kind", i);
      t->routes[n++] = (route){.route = key_of(raw, "route_key", i),
                               .operator_key = key_of(raw, "operator_key", i),
                               .name = ky_raw_value(raw, "route", i),
                               .raw = raw,
                               .record = i,
                               .trips_milli = trips_of(raw, i),
                               .is_demand = kind != NULL && strcmp(kind, "4") == 0};
    }
  }
  if (n != 0) qsort(t->routes, n, sizeof *t->routes, by_keys);
  for (uint32_t i = 0; i < n; i++) {
    route *last = kept != 0 ? &t->routes[kept - 1] : NULL;
    if (last == NULL || by_keys(last, &t->routes[i]) != 0) {
      t->routes[kept++] = t->routes[i];
      continue;
    }
    const int64_t more = t->routes[i].trips_milli;
    if (more != KY_NULL && (last->trips_milli == KY_NULL || more > last->trips_milli)) last->trips_milli = more;
    last->is_demand = last->is_demand && t->routes[i].is_demand;
  }
  t->route_count = kept;
  return KY_OK;
}

static uint32_t find_route(const trips *t, const char *key, const char *operator_key) {
  const route wanted = {.route = key, .operator_key = operator_key};
  const route *found = t->route_count != 0 ? bsearch(&wanted, t->routes, t->route_count, sizeof wanted, by_keys) : NULL;
  return found != NULL ? (uint32_t)(found - t->routes) : KY_NONE;
}

static ky_err index_routes(trips *t, const ky_inputs *inputs) {
  ky_job *job = t->job;
  uint32_t n = 0;
  double(*box)[4];
  for (uint32_t r = 0; r < inputs->bus_route_count; r++) n += inputs->bus_routes[r].shapes.vertex_count;
  KY_NEW(job, scratch, box, n);
  KY_NEW(job, scratch, t->segment_route, n);
  KY_NEW(job, scratch, t->segment_vertex, n);
  KY_NEW(job, scratch, t->segment_shapes, n);
  KY_NEW(job, scratch, t->is_near, t->route_count);
  n = 0;
  for (uint32_t r = 0; r < inputs->bus_route_count; r++) {
    const ky_raw *raw = &inputs->bus_routes[r];
    const ky_shapes *shapes = &raw->shapes;
    for (uint32_t i = 0; i < raw->count; i++) {
      const uint32_t at = find_route(t, key_of(raw, "route_key", i), key_of(raw, "operator_key", i));
      for (uint32_t p = shapes->first_part[i]; p < shapes->first_part[i + 1]; p++)
        for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++, n++) {
          box[n][0] = fmin(shapes->x[v], shapes->x[v + 1]);
          box[n][1] = fmin(shapes->y[v], shapes->y[v + 1]);
          box[n][2] = fmax(shapes->x[v], shapes->x[v + 1]);
          box[n][3] = fmax(shapes->y[v], shapes->y[v + 1]);
          t->segment_route[n] = at;
          t->segment_vertex[n] = v;
          t->segment_shapes[n] = shapes;
        }
    }
  }
  return ky_rtree_build(job, &job->scratch, &box[0][0], n, &t->tree);
}

static bool look_at_segment(void *user, uint32_t item) {
  trips *t = user;
  const ky_shapes *shapes = t->segment_shapes[item];
  const uint32_t v = t->segment_vertex[item];
  const double bx = shapes->x[v + 1] - shapes->x[v], by = shapes->y[v + 1] - shapes->y[v];
  const double px = t->x_m - shapes->x[v], py = t->y_m - shapes->y[v], length2 = bx * bx + by * by;
  const double along = length2 > 0 ? fmin(1, fmax(0, (px * bx + py * by) / length2)) : 0;
  const double dx = px - along * bx, dy = py - along * by;
  if (dx * dx + dy * dy <= t->near2) t->is_near[t->segment_route[item]] = 1;
  return true;
}

/* Length of the next item of a list; *next: where the one after it begins, NULL at the end. */
static size_t item_length(const char *list, const char **next) {
  const char *end = strstr(list, "; ");
  *next = end != NULL ? end + 2 : NULL;
  return end != NULL ? (size_t)(end - list) : strlen(list);
}

static bool holds(const char *list, const char *key) {
  const size_t wanted = strlen(key);
  for (const char *next; list != NULL; list = next) {
    const size_t n = item_length(list, &next);
    if (n == wanted && memcmp(list, key, n) == 0) return true;
  }
  return false;
}

/* The routes chosen as lines of the stop: those that run without being asked, and of which trips are known. */
static ky_err list_lines(trips *t, ky_stops *out, uint32_t s) {
  for (uint32_t r = 0; r < t->route_count; r++) {
    if (!t->is_near[r] || t->routes[r].is_demand || t->routes[r].trips_milli == KY_NULL) continue;
    if (t->line_count == t->line_capacity) {
      if (t->line_capacity >= UINT32_C(1) << 30) return ky_fail_memory(t->job);
      const uint32_t capacity = t->line_capacity == 0 ? 1024 : 2 * t->line_capacity;
      uint32_t *larger;
      KY_NEW(t->job, keep, larger, capacity);
      if (t->line_count != 0) memcpy(larger, out->line, t->line_count * sizeof *larger);
      out->line = larger;
      t->line_capacity = capacity;
    }
    out->line[t->line_count++] = r;
  }
  out->first_line[s + 1] = t->line_count;
  return KY_OK;
}

/* Adds the routes chosen (is_near) to the stop. Returns whether any has known trips. */
static bool take_chosen(trips *t, ky_stops *out, uint32_t s) {
  int64_t sum[2] = {0, 0};
  bool is_known = false;
  for (uint32_t r = 0; r < t->route_count; r++) {
    if (!t->is_near[r]) continue;
    t->is_near[r] = 0;
    t->routes[r].is_used = true;
    if (t->routes[r].trips_milli == KY_NULL) continue;
    is_known = true;
    sum[t->routes[r].is_demand] += t->routes[r].trips_milli;
  }
  if (!is_known) return false;
  out->trips_weekday[s] = (sum[0] + 500) / 1000;
  out->trips_demand[s] = (sum[1] + 500) / 1000;
  return true;
}

/* Chooses the routes that the stop names; returns whether there are any. */
static ky_err choose_named(trips *t, const char *names, const char *operators, bool *is_any) {
  *is_any = false;
  for (const char *next; names != NULL; names = next) {
    const size_t n = item_length(names, &next);
    const char *key = ky_arena_text(&t->job->scratch, names, n);
    bool is_found = false;
    if (key == NULL) return ky_fail_memory(t->job);
    uint32_t from = 0, to = t->route_count; /* the first route of that name */
    while (from < to) {
      const uint32_t middle = from + (to - from) / 2;
      if (strcmp(t->routes[middle].route, key) < 0)
        from = middle + 1;
      else
        to = middle;
    }
    for (; from < t->route_count && strcmp(t->routes[from].route, key) == 0; from++) {
      const char *operator_key = t->routes[from].operator_key;
      if (operators != NULL && operator_key[0] != '\0' && !holds(operators, operator_key)) continue;
      t->is_near[from] = 1;
      is_found = *is_any = true;
    }
    if (!is_found && t->unmatched_names++ == 0) t->first_unmatched = key;
  }
  return KY_OK;
}

static ky_err take_stop(trips *t, double route_m, const ky_stop_keys *keys, ky_stops *out, uint32_t s) {
  bool is_named;
  KY_TRY(choose_named(t, keys->routes[s], keys->operators[s], &is_named));
  if (is_named) {
    KY_TRY(list_lines(t, out, s));
    const bool is_known = take_chosen(t, out, s);
    if (is_known) out->trips_source[s] = "n07";
    t->by_name += is_known;
    t->without += !is_known;
    return KY_OK;
  }
  bool is_known = false;
  if (out->shapes.first_part[s] != out->shapes.first_part[s + 1]) {
    const uint32_t v = out->shapes.first_vertex[out->shapes.first_part[s]];
    t->x_m = out->shapes.x[v];
    t->y_m = out->shapes.y[v];
    t->near2 = route_m * route_m;
    const ky_box box = {t->x_m - route_m, t->y_m - route_m, t->x_m + route_m, t->y_m + route_m};
    ky_rtree_query(&t->tree, box, look_at_segment, t);
    KY_TRY(list_lines(t, out, s));
    is_known = take_chosen(t, out, s);
  }
  if (is_known) out->trips_source[s] = "n07_near";
  t->by_place += is_known;
  t->without += !is_known;
  return KY_OK;
}

static void report(const trips *t, double route_m) {
  uint32_t unused = 0;
  const char *first = NULL;
  for (uint32_t r = 0; r < t->route_count; r++) {
    if (t->routes[r].is_used || t->routes[r].trips_milli == KY_NULL) continue;
    if (unused++ == 0) first = t->routes[r].name;
  }
  ky_issue_add(
      t->job,
      &(ky_issue){.severity = KY_INFO,
                  .source = "transit",
                  .reason = "trips_from_routes",
                  .action = ky_tr("trips as the routes' data says; it does not say whether in one direction or both")},
      ky_tr("weekday trips from bus routes: %u stops by route and operator, %u by routes within %.0f m, %u without"),
      t->by_name, t->by_place, route_m, t->without);
  if (t->unmatched_names != 0)
    ky_issue_add(t->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "transit",
                             .reason = "routes_of_stops_unknown",
                             .action = ky_tr("their trips are missing from the stops that name them")},
                 ky_tr("%u names of routes at stops are in no data of bus routes, the first is \"%s\""),
                 t->unmatched_names, t->first_unmatched);
  if (unused != 0)
    ky_issue_add(t->job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "transit",
                             .reason = "routes_without_stops",
                             .action = ky_tr("their trips are at no stop")},
                 ky_tr("%u bus routes with trips are at no stop given, e.g. \"%s\""), unused,
                 first != NULL ? first : "");
}

ky_err ky_stops_trips(ky_job *job, const ky_inputs *inputs, double route_m, const ky_stop_keys *keys, ky_stops *out) {
  trips t = {.job = job};
  if (inputs->bus_route_count == 0) return KY_OK;
  KY_TRY(list_routes(&t, inputs));
  KY_TRY(index_routes(&t, inputs));
  KY_NEW(job, keep, out->first_line, (size_t)out->count + 1);
  KY_NEW(job, keep, out->line_trips_milli, t.route_count);
  out->line_count = t.route_count;
  for (uint32_t r = 0; r < t.route_count; r++) out->line_trips_milli[r] = t.routes[r].trips_milli;
  for (uint32_t s = 0; s < out->count; s++) {
    out->first_line[s + 1] = t.line_count;
    const bool is_bus = out->kind[s] == NULL || strstr(out->kind[s], "bus") != NULL; /* no station, no pier */
    if (keys->is_layer[s] && is_bus) KY_TRY(take_stop(&t, route_m, keys, out, s));
  }
  report(&t, route_m);
  return KY_OK;
}
