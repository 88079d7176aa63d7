/* An explanation as one JSON document, for programs. Keys are stable; null is what is not known. */
#include <inttypes.h>

#include "cli_explain.h"
#include "cli_text.h"

static void put_text(FILE *out, const char *key, const char *text) {
  fprintf(out, "\"%s\":", key);
  if (text != NULL)
    ky_json_text(out, text);
  else
    fputs("null", out);
}

static void put_milli(FILE *out, const char *key, uint32_t value) {
  if (value == KY_NONE)
    fprintf(out, ",\"%s\":null", key);
  else
    fprintf(out, ",\"%s\":%" PRIu32 ".%03" PRIu32, key, value / 1000, value % 1000);
}

static void put_people(FILE *out, const ky_explain_view *v) {
  const ky_cells *cells = v->result->cells;
  bool is_first = true;
  fputs(",\"people\":{", out);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    const int64_t people = cells->people[m][v->explanation->cell];
    fprintf(out, "%s\"%s\":", is_first ? "" : ",", ky_measure_name((ky_measure)m));
    is_first = false;
    if (people == KY_NULL)
      fputs("null", out);
    else
      fprintf(out, "%" PRId64 ".%03" PRId64, people / KY_PERSON, people % KY_PERSON);
  }
  fputc('}', out);
}

static const char *zone_of(const ky_result *result, uint32_t row) {
  return row < result->zones->count ? result->zones->id[row] : NULL;
}

static void put_cell(FILE *out, const ky_explain_view *v) {
  const ky_result *r = v->result;
  const uint32_t c = v->explanation->cell, row = r->points->cell_zone[c];
  put_text(out, "cell_id", r->cells->id[c]);
  put_people(out, v);
  fprintf(out, ",\"age_source\":\"%s\",", r->cells->age_source[c] == KY_AGE_GROUP ? "group" : "own");
  put_text(out, "zone_id", zone_of(r, row));
  fprintf(out, ",\"place\":\"%s\"",
          row < r->zones->count                   ? "zone"
          : row == KY_ROW_OUTSIDE_ZONES(r->zones) ? "outside_zones"
                                                  : "outside");
  fprintf(out, ",\"placement\":\"%s\"", ky_placement_name(r->points->placement[c]));
  fprintf(out, ",\"reach\":\"%s\"", ky_reach_name((ky_reach)r->coverage->cell_reach[c]));
  fputc(',', out);
  put_text(out, "profile", r->walk_opts->profile);
  put_milli(out, "primary_m", r->walk_opts->primary_mm);
  put_milli(out, "speed_m_per_min", r->walk_opts->speed_mm_per_min);
  put_milli(out, "walk_m_median", r->coverage->cell_walk_median_mm[c]);
  put_milli(out, "walk_m_mean", r->coverage->cell_walk_mean_mm[c]);
  put_milli(out, "straight_m", r->coverage->cell_straight_mm[c]);
  fputc(',', out);
  put_text(out, "nearest_venue_id",
           r->coverage->cell_venue[c] != KY_NONE ? r->venues->id[r->coverage->cell_venue[c]] : NULL);
  fprintf(out, ",\"stands_for_cell\":{\"point\":%" PRIu32 ",\"rule\":\"%s\"}",
          v->explanation->point - r->points->first_point[c] + 1, v->explanation->is_median ? "median" : "most_weight");
}

static void put_point(FILE *out, const ky_explain_view *v, uint32_t i, uint32_t number) {
  const ky_result *r = v->result;
  const ky_points *points = r->points;
  const ky_coverage *coverage = r->coverage;
  char classes[KY_CLASSES_SIZE];
  fprintf(out, "{\"point\":%" PRIu32 ",", number);
  put_text(out, "zone_id", zone_of(r, points->row[i]));
  fputc(',', out);
  put_text(out, "class",
           points->edge[i] != KY_NONE ? ky_street_classes(r->network->class_bits[points->edge[i]], classes) : NULL);
  if (points->edge[i] != KY_NONE) fprintf(out, ",\"street_id\":%" PRIu32, points->edge[i] + 1);
  fprintf(out, ",\"weight_um\":%" PRIu64, points->weight_um[i]);
  if (points->people[KY_TOTAL] != NULL) put_milli(out, "pop_total", points->people[KY_TOTAL][i]);
  if (points->people[KY_65] != NULL) put_milli(out, "pop_65", points->people[KY_65][i]);
  put_milli(out, "access_m", r->point_anchors->edge[i] != KY_NONE ? r->point_anchors->access_mm[i] : KY_NONE);
  fprintf(out, ",\"reach\":\"%s\",", ky_reach_name((ky_reach)coverage->reach[i]));
  put_text(out, "reason", coverage->reason[i] != KY_REACHED ? ky_unreach_name((ky_unreach)coverage->reason[i]) : NULL);
  put_milli(out, "walk_m", coverage->walk_mm[i]);
  put_milli(out, "straight_m", coverage->straight_mm[i]);
  fputc(',', out);
  put_text(out, "venue_id", coverage->venue[i] != KY_NONE ? r->venues->id[coverage->venue[i]] : NULL);
  fputc('}', out);
}

static void put_points(FILE *out, const ky_explain_view *v) {
  const uint32_t c = v->explanation->cell, *first = v->result->points->first_point;
  fputs(",\"points\":[", out);
  for (uint32_t i = first[c]; i < first[c + 1]; i++) {
    fputs(i > first[c] ? ",\n" : "\n", out);
    put_point(out, v, i, i - first[c] + 1);
  }
  fputc(']', out);
}

static void put_near(FILE *out, const ky_explain_view *v, const char *key, const ky_near_venue *near, uint32_t count) {
  const ky_venues *venues = v->result->venues;
  fprintf(out, ",\"%s\":[", key);
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t at = near[i].venue;
    fputs(i > 0 ? ",\n{" : "\n{", out);
    put_text(out, "venue_id", venues->id[at]);
    fputc(',', out);
    put_text(out, "name", venues->text[KY_VENUE_NAME] != NULL ? venues->text[KY_VENUE_NAME][at] : NULL);
    put_milli(out, "walk_m", near[i].walk_mm);
    put_milli(out, "straight_m", near[i].straight_mm);
    fputc(',', out);
    put_text(out, "reason", ky_venue_reason_at(v->result, at, v->explanation->point));
    fputc('}', out);
  }
  fputc(']', out);
}

/* Numbers of the layer streets. */
static void put_streets(FILE *out, const ky_explained_route *route, const ky_route_part *part) {
  fputs(",\"street_ids\":[", out);
  for (uint32_t i = part->first_leg; i < part->end_leg && part->kind == KY_LEG_STREET; i++)
    fprintf(out, "%s%" PRIu32, i > part->first_leg ? "," : "", route->route.leg[i].edge + 1);
  fputc(']', out);
}

static void put_legs(FILE *out, const ky_explained_route *route) {
  static const char *const names[] = {
      [KY_LEG_ACCESS] = "access", [KY_LEG_STREET] = "street", [KY_LEG_EGRESS] = "egress"};
  uint32_t so_far = 0;
  fputs(",\"legs\":[", out);
  for (uint32_t i = 0; i < route->part_count; i++) {
    const ky_route_part *part = &route->part[i];
    char classes[KY_CLASSES_SIZE];
    so_far += part->cost_mm;
    fprintf(out, "%s{\"leg\":%" PRIu32 ",\"part\":\"%s\",", i > 0 ? ",\n  " : "\n  ", i + 1, names[part->kind]);
    put_text(out, "class", ky_street_classes(part->class_bits, classes));
    fprintf(out, ",\"is_bridge\":%s,\"streets\":%" PRIu32, part->is_bridge ? "true" : "false",
            part->kind == KY_LEG_STREET ? part->end_leg - part->first_leg : 0);
    put_streets(out, route, part);
    put_milli(out, "length_m", part->length_mm);
    put_milli(out, "walk_m", part->cost_mm);
    put_milli(out, "so_far_m", so_far);
    fputc('}', out);
  }
  fputc(']', out);
}

static void put_routes(FILE *out, const ky_explain_view *v) {
  const ky_explanation *e = v->explanation;
  fputs(",\"routes\":[", out);
  for (uint32_t i = 0; i < e->route_count; i++) {
    const ky_explained_route *route = &e->route[i];
    const bool is_there = route->route.leg_count != 0;
    fprintf(out, "%s{\"point\":%" PRIu32 ",", i > 0 ? ",\n" : "\n",
            route->point - v->result->points->first_point[e->cell] + 1);
    put_text(out, "venue_id", route->venue != KY_NONE ? v->result->venues->id[route->venue] : NULL);
    put_milli(out, "walk_m", is_there ? route->route.walk_mm : KY_NONE);
    put_milli(out, "length_m", is_there ? route->route.length_mm : KY_NONE);
    put_legs(out, route);
    fputc('}', out);
  }
  fputc(']', out);
}

void ky_explain_json(FILE *out, const ky_explain_view *view) {
  const ky_explanation *e = view->explanation;
  fputc('{', out);
  put_text(out, "municipality", view->config->name);
  fputc(',', out);
  put_cell(out, view);
  put_points(out, view);
  put_near(out, view, "nearest", e->near, e->near_count);
  put_near(out, view, "not_counting", e->passed, e->passed_count);
  put_routes(out, view);
  fputc(',', out);
  put_text(out, "file", view->path);
  fputs("}\n", out);
}
