/* Why something changed: what is different about the runs, and which venues near it opened, closed or moved. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/changes_parts.h"

const char *ky_cause_kind_name(ky_cause_kind kind) {
  static const char *const names[] = {
#define KY_X(name, text) text,
      KY_CAUSES(KY_X)
#undef KY_X
  };
  return names[kind];
}

static void add(ky_change_causes *out, ky_cause_kind kind, const char *key, const char *name, const char *before,
                const char *after) {
  out->of[out->count++] = (ky_change_cause){.kind = kind, .key = key, .name = name, .before = before, .after = after};
}

/* What is not published or kept otherwise than before. */
static bool is_of_results(const char *key) {
  return strncmp(key, "gate.", strlen("gate.")) != 0;
}

static void add_settings(const ky_past *before, const ky_past *after, ky_change_causes *out) {
  for (uint32_t i = 0; i < after->setting_count; i++) {
    const ky_past_setting *is = &after->settings[i], *was = ky_past_setting_of(before, is->key);
    if (is_of_results(is->key) && (was == NULL || !ky_change_is_same(was->value, is->value)))
      add(out, KY_CAUSE_SETTING, is->key, NULL, was != NULL ? was->value : NULL, is->value);
  }
  for (uint32_t i = 0; i < before->setting_count; i++)
    if (is_of_results(before->settings[i].key) && ky_past_setting_of(after, before->settings[i].key) == NULL)
      add(out, KY_CAUSE_SETTING, before->settings[i].key, NULL, before->settings[i].value, NULL);
}

static const char *base_name(const char *path) {
  const char *slash = path != NULL ? strrchr(path, '/') : NULL;
  return slash != NULL ? slash + 1 : path;
}

static bool is_same_source(const ky_past_input *a, const ky_past_input *b) {
  return strcmp(a->role, b->role) == 0 && ky_change_is_same(a->hash, b->hash) &&
         ky_change_is_same(a->table_hash, b->table_hash);
}

static ky_err records_text(ky_job *job, const ky_past_input *input, const char **out) {
  *out = input->records == KY_NULL ? "?" : ky_format(&job->keep, "%lld", (long long)input->records);
  return *out == NULL ? ky_fail_memory(job) : KY_OK;
}

static ky_err add_input(ky_job *job, const ky_past_input *was, const ky_past_input *is, ky_change_causes *out) {
  const char *before = NULL, *after = NULL;
  if (was != NULL) KY_TRY(records_text(job, was, &before));
  if (is != NULL) KY_TRY(records_text(job, is, &after));
  const ky_past_input *named = is != NULL ? is : was;
  add(out, KY_CAUSE_INPUT, named->role, base_name(named->path), before, after);
  return KY_OK;
}

/* Sources of equal bytes are the same wherever they lie; of the others those of one name belong together, then those of
 * one role in their order. */
static ky_err add_inputs(ky_job *job, const ky_past *before, const ky_past *after, ky_change_causes *out) {
  bool *was_used;
  uint32_t *partner; /* of each source now; KY_NONE */
  KY_NEW(job, scratch, was_used, before->input_count);
  KY_NEW(job, scratch, partner, after->input_count);
  for (uint32_t i = 0; i < after->input_count; i++) partner[i] = KY_NONE;
  for (int pass = 0; pass < 3; pass++) {
    for (uint32_t i = 0; i < after->input_count; i++) {
      for (uint32_t j = 0; partner[i] == KY_NONE && j < before->input_count; j++) {
        const ky_past_input *is = &after->inputs[i], *was = &before->inputs[j];
        const bool fits = pass == 0   ? is_same_source(is, was)
                          : pass == 1 ? strcmp(is->role, was->role) == 0 &&
                                            ky_change_is_same(base_name(is->path), base_name(was->path))
                                      : strcmp(is->role, was->role) == 0;
        if (was_used[j] || !fits) continue;
        was_used[j] = true;
        partner[i] = j;
      }
    }
  }
  for (uint32_t i = 0; i < after->input_count; i++) {
    const ky_past_input *was = partner[i] != KY_NONE ? &before->inputs[partner[i]] : NULL;
    if (was == NULL || !is_same_source(was, &after->inputs[i])) KY_TRY(add_input(job, was, &after->inputs[i], out));
  }
  for (uint32_t j = 0; j < before->input_count; j++)
    if (!was_used[j]) KY_TRY(add_input(job, &before->inputs[j], NULL, out));
  return KY_OK;
}

ky_err ky_change_causes_find(ky_job *job, const ky_past *before, const ky_past *after, ky_change_causes *out) {
  *out = (ky_change_causes){.count = 0};
  KY_NEW(job, keep, out->of,
         (size_t)before->setting_count + after->setting_count + before->input_count + after->input_count + 4);
  if (!ky_change_is_same(before->version, after->version))
    add(out, KY_CAUSE_ENGINE, "kayoi", NULL, before->version, after->version);
  if (!ky_change_is_same(before->crs, after->crs)) add(out, KY_CAUSE_CRS, "crs", NULL, before->crs, after->crs);
  add_settings(before, after, out);
  if (!ky_change_is_same(before->people_date, after->people_date))
    add(out, KY_CAUSE_YEAR, "people_date", NULL, before->people_date, after->people_date);
  KY_TRY(add_inputs(job, before, after, out));
  if (out->count == 0 && !ky_change_is_same(before->config_text, after->config_text))
    add(out, KY_CAUSE_CONFIG, "config", NULL, NULL, NULL);
  return KY_OK;
}

static bool is_among(const char *const *list, const char *key, bool is_prefix) {
  for (; *list != NULL; list++)
    if (is_prefix ? strncmp(key, *list, strlen(*list)) == 0 : strcmp(key, *list) == 0) return true;
  return false;
}

/* Does a difference of the runs bear on such a change? Versions, planes and unnamed differences bear on everything. */
static bool bears_on(const ky_change_cause *cause, ky_change_reach reach) {
  static const char *const venue_roles[] = {
      "venues", "zones", "zones.lookup", "geocoding.halls", "geocoding.blocks", "geocoding.towns", NULL};
  static const char *const venue_settings[] = {"counting.", "geocoding.", NULL};
  static const char *const coverage_roles[] = {"residents", "zones",     "zones.lookup", "roads",    "roads.extent",
                                               "border",    "buildings", "elevation",    "barriers", NULL};
  static const char *const coverage_settings[] = {"walk.",  "placement.", "counting.", "noding.",
                                                  "study.", "geocoding.", "zones.",    NULL};
  static const char *const gap_roles[] = {"sites", "transit.feeds", "transit.stops", "transit.routes", NULL};
  static const char *const gap_settings[] = {"gaps.", "sites.", "transit.", NULL};
  const bool is_input = cause->kind == KY_CAUSE_INPUT;
  if (cause->kind == KY_CAUSE_YEAR) return reach == KY_WHY_ZONES || reach == KY_WHY_GAPS;
  if (!is_input && cause->kind != KY_CAUSE_SETTING) return true;
  if (reach == KY_WHY_VENUES || reach == KY_WHY_PLACES)
    return is_input ? is_among(venue_roles, cause->key, false)
                    : reach == KY_WHY_VENUES && is_among(venue_settings, cause->key, true);
  if (is_among(is_input ? coverage_roles : coverage_settings, cause->key, !is_input)) return true;
  return reach == KY_WHY_GAPS && is_among(is_input ? gap_roles : gap_settings, cause->key, !is_input);
}

typedef struct why_text {
  ky_job *job;
  const char *text; /* scratch; NULL: nothing yet */
  bool is_out;
} why_text;

static void put(why_text *w, const char *token) {
  w->text = token == NULL ? NULL
                          : ky_format(&w->job->scratch, "%s%s%s", w->text != NULL ? w->text : "",
                                      w->text != NULL ? "; " : "", token);
  w->is_out = w->is_out || w->text == NULL;
}

static const char *or_dash(const char *text) {
  return text != NULL ? text : "-";
}

static void put_cause(why_text *w, const ky_change_cause *cause) {
  ky_arena *scratch = &w->job->scratch;
  const char *kind = ky_cause_kind_name(cause->kind);
  if (cause->kind == KY_CAUSE_INPUT)
    put(w, ky_format(scratch, "%s %s %s", kind, cause->key, or_dash(cause->name)));
  else if (cause->kind == KY_CAUSE_SETTING)
    put(w, ky_format(scratch, "%s %s %s -> %s", kind, cause->key, or_dash(cause->before), or_dash(cause->after)));
  else if (cause->kind == KY_CAUSE_CONFIG)
    put(w, kind);
  else
    put(w, ky_format(scratch, "%s %s -> %s", kind, or_dash(cause->before), or_dash(cause->after)));
}

static double side_distance(double x, double y, double x0, double y0, double x1, double y1) {
  const double dx = x1 - x0, dy = y1 - y0, length2 = dx * dx + dy * dy;
  double t = length2 > 0 ? ((x - x0) * dx + (y - y0) * dy) / length2 : 0;
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  return hypot(x - (x0 + t * dx), y - (y0 + t * dy));
}

/* Is the place in the area, or within `range_m` of its outline? */
static bool is_near(const ky_change_place *place, const ky_why_area *area, double range_m) {
  const ky_shapes *shapes = area->shapes;
  if (!place->is_known || shapes == NULL) return false;
  const ky_box box = ky_shape_box(shapes, area->record);
  if (!(place->x_m >= box.x_min - range_m && place->x_m <= box.x_max + range_m && place->y_m >= box.y_min - range_m &&
        place->y_m <= box.y_max + range_m))
    return false;
  if (ky_shape_locate(shapes, area->record, place->x_m, place->y_m) >= 0) return true;
  for (uint32_t p = shapes->first_part[area->record]; p < shapes->first_part[area->record + 1]; p++)
    for (uint32_t v = shapes->first_vertex[p]; v + 1 < shapes->first_vertex[p + 1]; v++)
      if (side_distance(place->x_m, place->y_m, shapes->x[v], shapes->y[v], shapes->x[v + 1], shapes->y[v + 1]) <=
          range_m)
        return true;
  return false;
}

static bool is_event_near(const ky_venue_event *event, const ky_why_area *areas, uint32_t area_count, bool gains,
                          bool loses, double range_m) {
  for (uint32_t a = 0; a < area_count; a++)
    if ((gains && event->gains && is_near(&event->is, &areas[a], range_m)) ||
        (loses && event->loses && is_near(&event->was, &areas[a], range_m)))
      return true;
  return false;
}

ky_err ky_change_why(ky_changes_build_state *s, ky_change_reach reach, const ky_why_area *areas, uint32_t area_count,
                     bool gains, bool loses, const char **out) {
  why_text w = {.job = s->job};
  const double range_m = (double)s->in->primary_mm / 1000;
  for (uint32_t e = 0; e < s->event_count; e++)
    if (is_event_near(&s->events[e], areas, area_count, gains, loses, range_m))
      put(&w, ky_format(&s->job->scratch, "%s %s", s->events[e].what, s->events[e].id));
  for (uint32_t c = 0; c < s->in->causes.count; c++)
    if (bears_on(&s->in->causes.of[c], reach)) put_cause(&w, &s->in->causes.of[c]);
  /* nothing near and nothing that bears on it: whatever differs came to it by detours, as the order of sites does */
  for (uint32_t c = 0; w.text == NULL && !w.is_out && c < s->in->causes.count; c++)
    if (s->in->causes.of[c].kind == KY_CAUSE_INPUT && strcmp(s->in->causes.of[c].key, "venues") == 0)
      put_cause(&w, &s->in->causes.of[c]);
  if (w.text == NULL && !w.is_out)
    for (uint32_t c = 0; c < s->in->causes.count; c++) put_cause(&w, &s->in->causes.of[c]);
  *out = w.text == NULL ? NULL : ky_arena_text(&s->job->keep, w.text, strlen(w.text));
  return w.is_out || (w.text != NULL && *out == NULL) ? ky_fail_memory(s->job) : KY_OK;
}
