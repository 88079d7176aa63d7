/* An explanation as one GeoJSON file: the cell, its points, the venues and the way, leg by leg. */
#include <errno.h>
#include <kayoi/explain.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/crs.h"
#include "io/out_geojson.h"

/* 0.1 mm, so that lengths can be measured again. */
#define DECIMALS 9
/* Every explanation begins with this; a file that does not is somebody else's. */
#define BEGINNING "{\"type\":\"FeatureCollection\",\"name\":\"kayoi_explain\""

static void put_key(ky_out_file *out, const char *key) {
  ky_out_text(out, ",\"");
  ky_out_text(out, key);
  ky_out_text(out, "\":");
}

static void put_text(ky_out_file *out, const char *key, const char *text) {
  put_key(out, key);
  if (text != NULL)
    ky_out_json(out, text);
  else
    ky_out_text(out, "null");
}

static void put_fixed(ky_out_file *out, const char *key, int64_t value, uint8_t decimals) {
  put_key(out, key);
  if (value != KY_NULL)
    ky_out_fixed(out, value, decimals);
  else
    ky_out_text(out, "null");
}

/* Millimetres as metres, or people as thousandths. */
static void put_milli(ky_out_file *out, const char *key, uint32_t value) {
  put_fixed(out, key, value == KY_NONE ? KY_NULL : (int64_t)value, 3);
}

static void begin_feature(ky_out_file *out, const ky_shapes *shapes, uint32_t record, const char *kind) {
  ky_out_text(out, "{\"type\":\"Feature\",");
  ky_out_geometry(out, shapes, record, DECIMALS);
  ky_out_text(out, ",\"properties\":{\"kind\":");
  ky_out_json(out, kind);
}

/* The cell comes last. */
static void end_feature(ky_out_file *out) {
  ky_out_text(out, "}},\n");
}

static ky_err to_degrees(ky_job *job, const char *crs, ky_shapes *shapes) {
  return ky_crs_transform(job, crs, "EPSG:4326", shapes->x, shapes->y, shapes->vertex_count);
}

static ky_err put_cell(ky_job *job, const ky_result *result, const ky_explanation *e, ky_out_file *out) {
  const ky_cells *cells = result->cells;
  ky_shapes shape;
  KY_TRY(ky_shapes_pick(job, &cells->shapes, &e->cell, 1, &shape));
  KY_TRY(to_degrees(job, result->inputs->crs, &shape));
  begin_feature(out, &shape, 0, "cell");
  put_text(out, "cell_id", cells->id[e->cell]);
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (cells->people[m] == NULL) continue;
    char key[32];
    snprintf(key, sizeof key, "pop_%s", ky_measure_name((ky_measure)m));
    put_fixed(out, key, cells->people[m][e->cell], 3);
  }
  put_text(out, "profile", result->walk_opts->profile);
  put_text(out, "reach", ky_reach_name((ky_reach)result->coverage->cell_reach[e->cell]));
  put_milli(out, "walk_m_median", result->coverage->cell_walk_median_mm[e->cell]);
  ky_out_text(out, "}}\n");
  return KY_OK;
}

/* Shapes of single places. */
static ky_err new_places(ky_job *job, uint32_t count, ky_shapes *out) {
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, count, count, count, out));
  for (uint32_t i = 0; i <= count; i++) out->first_part[i] = out->first_vertex[i] = i;
  return KY_OK;
}

static ky_err put_points(ky_job *job, const ky_result *result, const ky_explanation *e, ky_out_file *out) {
  const ky_points *points = result->points;
  const ky_coverage *coverage = result->coverage;
  const uint32_t first = points->first_point[e->cell], count = points->first_point[e->cell + 1] - first;
  ky_shapes places;
  KY_TRY(new_places(job, count, &places));
  memcpy(places.x, points->x_m + first, count * sizeof *places.x);
  memcpy(places.y, points->y_m + first, count * sizeof *places.y);
  KY_TRY(to_degrees(job, result->inputs->crs, &places));
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t p = first + i, venue = coverage->venue[p];
    begin_feature(out, &places, i, "point");
    put_fixed(out, "point", i + 1, 0);
    put_key(out, "stands_for_cell");
    ky_out_text(out, p == e->point ? "true" : "false");
    if (points->people[KY_TOTAL] != NULL) put_milli(out, "pop_total", points->people[KY_TOTAL][p]);
    if (points->people[KY_65] != NULL) put_milli(out, "pop_65", points->people[KY_65][p]);
    put_text(out, "reach", ky_reach_name((ky_reach)coverage->reach[p]));
    put_text(out, "reason", coverage->reason[p] != KY_REACHED ? ky_unreach_name(coverage->reason[p]) : NULL);
    put_milli(out, "walk_m", coverage->walk_mm[p]);
    put_milli(out, "straight_m", coverage->straight_mm[p]);
    put_text(out, "venue_id", venue != KY_NONE ? result->venues->id[venue] : NULL);
    end_feature(out);
  }
  return KY_OK;
}

/* The near venues, those passed by, and where the routes end; each once, in their order. */
static uint32_t list_venues(const ky_result *result, const ky_explanation *e, uint8_t *is_wanted) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < e->near_count; i++) is_wanted[e->near[i].venue] = 1;
  for (uint32_t i = 0; i < e->passed_count; i++) is_wanted[e->passed[i].venue] = 1;
  for (uint32_t i = 0; i < e->route_count; i++)
    if (e->route[i].venue != KY_NONE) is_wanted[e->route[i].venue] = 1;
  for (uint32_t v = 0; v < result->venues->count; v++) {
    is_wanted[v] = is_wanted[v] != 0 && isfinite(result->venues->x_m[v]);
    count += is_wanted[v];
  }
  return count;
}

static ky_err put_venues(ky_job *job, const ky_result *result, const ky_explanation *e, ky_out_file *out) {
  const ky_venues *venues = result->venues;
  uint8_t *is_wanted;
  ky_shapes places;
  KY_NEW(job, scratch, is_wanted, venues->count);
  KY_TRY(new_places(job, list_venues(result, e, is_wanted), &places));
  for (uint32_t v = 0, at = 0; v < venues->count; v++) {
    if (is_wanted[v] == 0) continue;
    places.x[at] = venues->x_m[v];
    places.y[at++] = venues->y_m[v];
  }
  KY_TRY(to_degrees(job, result->inputs->crs, &places));
  for (uint32_t v = 0, at = 0; v < venues->count; v++) {
    if (is_wanted[v] == 0) continue;
    begin_feature(out, &places, at++, "venue");
    put_text(out, "venue_id", venues->id[v]);
    put_text(out, "name", venues->text[KY_VENUE_NAME] != NULL ? venues->text[KY_VENUE_NAME][v] : NULL);
    put_key(out, "counts_for_coverage");
    ky_out_text(out, ky_venue_reason_at(result, v, e->point) == NULL ? "true" : "false");
    put_text(out, "reason", ky_venue_reason_at(result, v, e->point));
    end_feature(out);
  }
  return KY_OK;
}

/* The line of a part: straight to or from the street, or along it. */
static ky_err part_line(ky_job *job, const ky_result *result, const ky_explained_route *r, const ky_route_part *part,
                        ky_shapes *out) {
  const ky_leg *leg = &r->route.leg[part->first_leg];
  double *x, *y;
  uint32_t n = 2;
  if (part->kind == KY_LEG_STREET) {
    KY_TRY(ky_route_line(job, result->network, leg, part->end_leg - part->first_leg, &x, &y, &n));
  } else {
    const int place = part->kind == KY_LEG_ACCESS ? 0 : 1, street = 1 - place;
    KY_NEW(job, scratch, x, 2);
    KY_NEW(job, scratch, y, 2);
    x[place] = place == 0 ? result->points->x_m[r->point] : result->venues->x_m[r->venue];
    y[place] = place == 0 ? result->points->y_m[r->point] : result->venues->y_m[r->venue];
    ky_edge_place(result->network, leg->edge, leg->from_mm, &x[street], &y[street]);
  }
  KY_TRY(ky_shapes_new(job, KY_SHAPE_LINE, 1, 1, n, out));
  out->first_part[1] = 1;
  out->first_vertex[1] = n;
  memcpy(out->x, x, n * sizeof *x);
  memcpy(out->y, y, n * sizeof *y);
  return to_degrees(job, result->inputs->crs, out);
}

/* Legs without length are told by their sum only: a line of one place would be none. */
static ky_err put_route(ky_job *job, const ky_result *result, const ky_explained_route *r, ky_out_file *out) {
  static const char *const names[] = {
      [KY_LEG_ACCESS] = "access", [KY_LEG_STREET] = "street", [KY_LEG_EGRESS] = "egress"};
  uint32_t so_far = 0;
  for (uint32_t i = 0; i < r->part_count; i++) {
    const ky_route_part *part = &r->part[i];
    char classes[KY_CLASSES_SIZE];
    ky_shapes line;
    so_far += part->cost_mm;
    if (part->length_mm == 0) continue;
    KY_TRY(part_line(job, result, r, part, &line));
    begin_feature(out, &line, 0, "leg");
    put_fixed(out, "point", r->point - result->points->first_point[result->points->cell[r->point]] + 1, 0);
    put_text(out, "venue_id", result->venues->id[r->venue]);
    put_fixed(out, "leg", i + 1, 0);
    put_text(out, "part", names[part->kind]);
    put_text(out, "class", ky_street_classes(part->class_bits, classes));
    put_key(out, "is_bridge");
    ky_out_text(out, part->is_bridge ? "true" : "false");
    put_fixed(out, "streets", part->kind == KY_LEG_STREET ? part->end_leg - part->first_leg : 0, 0);
    put_milli(out, "length_m", part->length_mm);
    put_milli(out, "walk_m", part->cost_mm);
    put_milli(out, "so_far_m", so_far);
    end_feature(out);
  }
  return KY_OK;
}

static ky_err put_all(ky_job *job, const ky_result *result, const ky_explanation *e, ky_out_file *out) {
  ky_out_text(out, BEGINNING ",\"features\":[\n");
  for (uint32_t i = 0; i < e->route_count; i++) KY_TRY(put_route(job, result, &e->route[i], out));
  KY_TRY(put_points(job, result, e, out));
  KY_TRY(put_venues(job, result, e, out));
  KY_TRY(put_cell(job, result, e, out));
  ky_out_text(out, "]}\n");
  return KY_OK;
}

/* Is there a file that is no explanation? */
static bool is_foreign(const char *path) {
  char begin[sizeof BEGINNING] = "";
  size_t count = 0;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return access(path, F_OK) == 0;
  count = fread(begin, 1, sizeof begin - 1, file);
  fclose(file);
  return count != sizeof begin - 1 || memcmp(begin, BEGINNING, count) != 0;
}

/* Can a file be made there? Said with the name that was asked for. */
static ky_err check_place(ky_job *job, const char *path) {
  const char *slash = strrchr(path, '/');
  const char *folder = slash != NULL ? ky_format(&job->scratch, "%.*s/", (int)(slash - path), path) : ".";
  if (folder == NULL) return ky_fail_memory(job);
  if (access(folder, W_OK) != 0) return ky_out_fail(job, path, errno);
  if (!is_foreign(path)) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT,
                 ky_tr("%s: there is a file of that name that is no explanation by kayoi; it stays as it is; choose "
                       "another name with --out"),
                 path);
}

ky_err ky_explain_write(ky_job *job, const ky_result *result, const ky_explanation *explanation, const char *path) {
  ky_out_file out;
  KY_TRY(check_place(job, path));
  const char *draft = ky_format(&job->scratch, "%s.%ld.draft", path, (long)getpid());
  if (draft == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, draft, &out));
  ky_err err = put_all(job, result, explanation, &out);
  const ky_err closed = ky_out_close(job, &out);
  if (err == KY_OK) err = closed;
  if (err == KY_OK && rename(draft, path) != 0) err = ky_out_fail(job, path, errno);
  if (err != KY_OK) unlink(draft);
  return err;
}
