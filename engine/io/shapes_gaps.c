/* Polygons of gap areas. Core gives the walls between areas (Voronoi cells without the sides inside an area); here they
 * are put on the millimetre grid, noded, smoothed, and closed to faces, and every face goes to the area of the points
 * in it. All areas come from one set of noded lines, so they are valid and share their sides exactly. */
#include <kayoi/gaps.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"
#include "core/walls_smooth.h"
#include "io/geos.h"

#define ROUNDINGS 4

/* Where a millimetre ends, in parts of one. Points lie on whole millimetres, so corners between them like to lie on
 * halves, where rounding errors decide; any of these keeps away from such places. */
static const double rounding[ROUNDINGS] = {0.1234, 0.3571, -0.2317, -0.4129};

/* Demand points at one place are one place; it belongs to the area of the first of them that has one. */
typedef struct place_set {
  uint32_t count;
  double *x, *y;
  uint32_t *area;
  ky_rtree tree;
} place_set;

static bool *near_areas(ky_job *job, const ky_points *points, const ky_gaps *gaps, double reach_m);

static ky_err merge_points(ky_job *job, const ky_points *points, const ky_gaps *gaps, double reach_m, place_set *out) {
  const uint32_t n = points->count;
  const bool *is_near = near_areas(job, points, gaps, reach_m);
  if (is_near == NULL) return ky_fail_memory(job);
  uint32_t *order, kept = 0;
  uint64_t *key;
  KY_NEW(job, scratch, order, n);
  KY_NEW(job, scratch, key, n);
  for (uint32_t i = 0; i < n; i++)
    if (is_near[i]) order[kept++] = i;
  /* By y, then by x: stable, so points of one place stay in their order. The sign bit is turned to sort as unsigned. */
  for (int pass = 0; pass < 2; pass++) {
    const double *at = pass == 0 ? points->y_m : points->x_m;
    for (uint32_t i = 0; i < kept; i++) key[i] = (uint64_t)llround(at[order[i]] * 1000) ^ (uint64_t)1 << 63;
    KY_TRY(ky_sort_pairs(job, key, order, kept));
  }
  KY_NEW(job, scratch, out->x, kept);
  KY_NEW(job, scratch, out->y, kept);
  KY_NEW(job, scratch, out->area, kept);
  for (uint32_t i = 0; i < kept; i++) {
    double x = (double)llround(points->x_m[order[i]] * 1000) / 1000,
           y = (double)llround(points->y_m[order[i]] * 1000) / 1000;
    uint32_t area = gaps->point_area[order[i]], last = out->count - 1;
    if (out->count != 0 && out->x[last] == x && out->y[last] == y) {
      if (out->area[last] == KY_NONE) out->area[last] = area;
      continue;
    }
    out->x[out->count] = x;
    out->y[out->count] = y;
    out->area[out->count++] = area;
  }
  double *boxes;
  KY_NEW(job, scratch, boxes, 4 * (size_t)out->count);
  for (uint32_t i = 0; i < out->count; i++) {
    boxes[4 * (size_t)i] = boxes[4 * (size_t)i + 2] = out->x[i];
    boxes[4 * (size_t)i + 1] = boxes[4 * (size_t)i + 3] = out->y[i];
  }
  return ky_rtree_build(job, &job->scratch, boxes, out->count, &out->tree);
}

/* Points that matter: those of areas, and those within reach_m of them, roughly (by squares of that size). */
static bool *near_areas(ky_job *job, const ky_points *points, const ky_gaps *gaps, double reach_m) {
  ky_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  for (uint32_t i = 0; i < points->count; i++) {
    if (gaps->point_area[i] == KY_NONE) continue;
    box.x_min = fmin(box.x_min, points->x_m[i]);
    box.x_max = fmax(box.x_max, points->x_m[i]);
    box.y_min = fmin(box.y_min, points->y_m[i]);
    box.y_max = fmax(box.y_max, points->y_m[i]);
  }
  bool *is_near = ky_arena_alloc(&job->scratch, points->count, sizeof *is_near);
  if (is_near == NULL || !(box.x_min <= box.x_max)) return is_near;
  double size = fmax(reach_m, fmax(box.x_max - box.x_min, box.y_max - box.y_min) / 4000);
  uint32_t columns = (uint32_t)((box.x_max - box.x_min) / size) + 3,
           rows = (uint32_t)((box.y_max - box.y_min) / size) + 3;
  uint8_t *has_area = ky_arena_alloc(&job->scratch, (size_t)columns * rows, 1);
  if (has_area == NULL) return NULL;
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < points->count; i++) {
      double column = floor((points->x_m[i] - box.x_min) / size) + 1,
             row = floor((points->y_m[i] - box.y_min) / size) + 1;
      if (!(column >= 0 && row >= 0 && column < columns && row < rows)) continue;
      size_t square = (size_t)row * columns + (size_t)column;
      if (pass == 1) {
        is_near[i] = has_area[square] != 0;
      } else if (gaps->point_area[i] != KY_NONE) {
        for (int dy = -1; dy <= 1; dy++)
          for (int dx = -1; dx <= 1; dx++) has_area[square + (size_t)(dy * (int)columns + dx)] = 1;
      }
    }
  }
  return is_near;
}

static int compare_walls(const void *p, const void *q) {
  const double *a = p, *b = q;
  for (int i = 0; i < 4; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

/* Walls on the grid, each once. */
static ky_err round_walls(ky_job *job, const ky_walls *walls, double shift, ky_wall **out, uint32_t *count) {
  ky_wall *rounded;
  uint32_t n = 0, kept = 0;
  KY_NEW(job, scratch, rounded, walls->count);
  for (uint32_t i = 0; i < walls->count; i++) {
    const ky_wall *w = &walls->wall[i];
    ky_wall r = {floor(w->x0 * 1000 + 0.5 + shift) / 1000, floor(w->y0 * 1000 + 0.5 + shift) / 1000,
                 floor(w->x1 * 1000 + 0.5 + shift) / 1000, floor(w->y1 * 1000 + 0.5 + shift) / 1000};
    if (r.x0 > r.x1 || (r.x0 == r.x1 && r.y0 > r.y1)) r = (ky_wall){r.x1, r.y1, r.x0, r.y0};
    if (r.x0 != r.x1 || r.y0 != r.y1) rounded[n++] = r;
  }
  if (n > 1) qsort(rounded, n, sizeof *rounded, compare_walls);
  for (uint32_t i = 0; i < n; i++)
    if (i == 0 || compare_walls(&rounded[i], &rounded[i - 1]) != 0) rounded[kept++] = rounded[i];
  *out = rounded;
  *count = kept;
  return KY_OK;
}

/* Walls as lines. NULL on failure. */
static GEOSGeometry *wall_lines(ky_geos *geos, const ky_wall *walls, uint32_t count) {
  GEOSGeometry **lines = calloc((size_t)count + 1, sizeof *lines);
  uint32_t made = 0;
  if (lines == NULL) return NULL;
  for (; made < count; made++) {
    const ky_wall *w = &walls[made];
    lines[made] = ky_geos_line(geos, (const double[2]){w->x0, w->x1}, (const double[2]){w->y0, w->y1}, 2);
    if (lines[made] == NULL) break;
  }
  GEOSGeometry *all = ky_geos_collect(geos, GEOS_MULTILINESTRING, lines, made);
  free(lines);
  if (all != NULL && made < count) {
    GEOSGeom_destroy_r(geos->handle, all);
    all = NULL;
  }
  return all;
}

/* Lines of two or more vertices back as walls. False on failure. */
static bool lines_to_walls(ky_geos *geos, const GEOSGeometry *lines, ky_arena *arena, ky_wall **out, uint32_t *count) {
  const int n = GEOSGetNumGeometries_r(geos->handle, lines), ends = GEOSGetNumCoordinates_r(geos->handle, lines);
  uint32_t kept = 0;
  ky_wall *walls = n < 0 || ends < 0 ? NULL : ky_arena_alloc(arena, (size_t)ends + 1, sizeof *walls);
  if (walls == NULL) return false;
  for (int i = 0; i < n; i++) {
    const GEOSGeometry *line = GEOSGetGeometryN_r(geos->handle, lines, i);
    const GEOSCoordSequence *at = line == NULL ? NULL : GEOSGeom_getCoordSeq_r(geos->handle, line);
    unsigned size = 0;
    if (at == NULL || GEOSCoordSeq_getSize_r(geos->handle, at, &size) != 1) return false;
    for (unsigned v = 1; v < size; v++) {
      ky_wall w;
      if (GEOSCoordSeq_getXY_r(geos->handle, at, v - 1, &w.x0, &w.y0) != 1 ||
          GEOSCoordSeq_getXY_r(geos->handle, at, v, &w.x1, &w.y1) != 1)
        return false;
      walls[kept++] = w;
    }
  }
  *out = walls;
  *count = kept;
  return true;
}

/* Walls that meet at their ends only. Rounding rarely moves one across another, so snap rounding, which is slow, is
 * left for the cases that need it. False on failure. */
static bool node_walls(ky_geos *geos, ky_arena *arena, ky_wall **walls, uint32_t *count) {
  GEOSGeometry *lines = wall_lines(geos, *walls, *count), *noded = NULL;
  const char is_simple = lines == NULL ? 2 : GEOSisSimple_r(geos->handle, lines);
  bool is_done = is_simple == 1;
  if (is_simple == 0) {
    noded = GEOSUnaryUnionPrec_r(geos->handle, lines, 0.001);
    is_done = noded != NULL && lines_to_walls(geos, noded, arena, walls, count);
  }
  if (noded != NULL) GEOSGeom_destroy_r(geos->handle, noded);
  if (lines != NULL) GEOSGeom_destroy_r(geos->handle, lines);
  return is_done;
}

static ky_err node_and_smooth(ky_job *job, const place_set *places, double smooth_m, ky_wall **walls, uint32_t *count) {
  ky_geos geos;
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  const bool is_done = node_walls(&geos, &job->scratch, walls, count);
  const ky_err err = is_done ? KY_OK : ky_geos_fail(job, &geos, "gaps");
  ky_geos_close(&geos);
  if (err != KY_OK || !(smooth_m > 0)) return err;
  return ky_walls_smooth(job, places->x, places->y, places->count, smooth_m, walls, count);
}

/* Faces between walls; NULL on failure. */
static GEOSGeometry *close_walls(ky_geos *geos, const ky_wall *walls, uint32_t count) {
  GEOSGeometry *lines = wall_lines(geos, walls, count), *faces = NULL;
  const GEOSGeometry *noded = lines;
  if (lines != NULL) faces = GEOSPolygonize_r(geos->handle, &noded, 1);
  if (lines != NULL) GEOSGeom_destroy_r(geos->handle, lines);
  return faces;
}

/* What is found out about the places of a face. */
typedef struct face_places {
  const place_set *places;
  const ky_rings *rings;
  bool *is_held; /* [places] in a face of its own area */
  uint32_t area; /* of the first place with one; KY_NONE */
  bool is_first;
} face_places;

/* Even-odd; places lie on no side, but for those millimetres apart. */
static bool is_inside(const ky_rings *rings, double x, double y) {
  bool is_odd = false;
  for (uint32_t p = 0; p < rings->part_count; p++) {
    for (uint32_t v = rings->first_vertex[p] + 1; v < rings->first_vertex[p + 1]; v++) {
      const double x0 = rings->x[v - 1], y0 = rings->y[v - 1], x1 = rings->x[v], y1 = rings->y[v];
      if ((y0 > y) != (y1 > y) && ((x - x0) * (y1 - y0) < (x1 - x0) * (y - y0)) == (y1 > y0)) is_odd = !is_odd;
    }
  }
  return is_odd;
}

static bool visit_place(void *user, uint32_t place) {
  face_places *face = user;
  const place_set *places = face->places;
  const uint32_t area = places->area[place];
  if (face->is_first) {
    if (area == KY_NONE || area >= face->area || !is_inside(face->rings, places->x[place], places->y[place]))
      return true;
    face->area = area;
  } else if (area == face->area && !face->is_held[place]) {
    face->is_held[place] = is_inside(face->rings, places->x[place], places->y[place]);
  }
  return true;
}

/* The area of a face: of the places in it, of several the lowest; and which places have their face now. */
static bool face_area(ky_geos *geos, ky_arena *arena, const GEOSGeometry *geometry, const place_set *places,
                      bool *is_held, uint32_t *area) {
  const ky_arena_mark mark = ky_arena_now(arena);
  ky_rings rings;
  ky_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
  if (!ky_geos_rings(geos, geometry, arena, &rings)) return false;
  for (uint32_t v = 0; v < rings.vertex_count; v++)
    box = (ky_box){fmin(box.x_min, rings.x[v]), fmin(box.y_min, rings.y[v]), fmax(box.x_max, rings.x[v]),
                   fmax(box.y_max, rings.y[v])};
  face_places face = {.places = places, .rings = &rings, .is_held = is_held, .area = KY_NONE};
  for (int pass = 0; pass < 2; pass++) {
    face.is_first = pass == 0;
    if (pass == 0 || face.area != KY_NONE) ky_rtree_query(&places->tree, box, visit_place, &face);
  }
  *area = face.area;
  ky_arena_rewind(arena, mark);
  return true;
}

/* Faces of one area as rings. */
static bool join_faces(ky_geos *geos, const GEOSGeometry *faces, const uint32_t *face_of, uint32_t count,
                       ky_arena *arena, ky_rings *out) {
  GEOSGeometry **members = calloc((size_t)count + 1, sizeof *members), *all = NULL, *joined = NULL;
  bool is_done = members != NULL;
  for (uint32_t i = 0; is_done && i < count; i++) {
    const GEOSGeometry *face = GEOSGetGeometryN_r(geos->handle, faces, (int)face_of[i]);
    members[i] = face == NULL ? NULL : GEOSGeom_clone_r(geos->handle, face);
    is_done = members[i] != NULL;
    if (!is_done) count = i;
  }
  if (members != NULL) all = ky_geos_collect(geos, GEOS_GEOMETRYCOLLECTION, members, count);
  if (is_done && all != NULL) joined = GEOSCoverageUnion_r(geos->handle, all);
  /* Faces whose corners touch within a millimetre (homes exactly twice the clip distance apart) are no coverage. */
  if (is_done && all != NULL && joined == NULL) joined = GEOSUnaryUnionPrec_r(geos->handle, all, 0.001);
  is_done = joined != NULL && ky_geos_rings(geos, joined, arena, out);
  if (joined != NULL) GEOSGeom_destroy_r(geos->handle, joined);
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  free(members);
  return is_done;
}

/* Faces sorted by area: face[first[a] .. first[a + 1]). */
static ky_err sort_faces(ky_job *job, const uint32_t *area_of, uint32_t face_count, uint32_t area_count,
                         uint32_t **first, uint32_t **face) {
  KY_NEW(job, scratch, *first, (size_t)area_count + 2);
  KY_NEW(job, scratch, *face, face_count);
  for (uint32_t i = 0; i < face_count; i++)
    if (area_of[i] != KY_NONE) (*first)[area_of[i] + 2]++;
  for (uint32_t a = 0; a < area_count; a++) (*first)[a + 2] += (*first)[a + 1];
  for (uint32_t i = 0; i < face_count; i++)
    if (area_of[i] != KY_NONE) (*face)[(*first)[area_of[i] + 1]++] = i;
  return KY_OK;
}

static ky_err areas_from_walls(ky_job *job, const place_set *places, const ky_wall *walls, uint32_t wall_count,
                               uint32_t area_count, bool *is_held, ky_rings *rings) {
  ky_geos geos;
  ky_err err = KY_OK;
  GEOSGeometry *faces = NULL;
  uint32_t *area_of = NULL, *first = NULL, *face = NULL;
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  bool is_done = (faces = close_walls(&geos, walls, wall_count)) != NULL;
  int face_count = is_done ? GEOSGetNumGeometries_r(geos.handle, faces) : -1;
  if (face_count < 0) goto done;
  is_done = false;
  area_of = ky_arena_alloc(&job->scratch, (size_t)face_count, sizeof *area_of);
  if (area_of == NULL) goto done;
  for (int f = 0; f < face_count; f++) {
    const GEOSGeometry *one = GEOSGetGeometryN_r(geos.handle, faces, f);
    if (one == NULL || !face_area(&geos, &job->scratch, one, places, is_held, &area_of[f])) goto done;
  }
  if ((err = sort_faces(job, area_of, (uint32_t)face_count, area_count, &first, &face)) != KY_OK) goto done;
  is_done = true;
  for (uint32_t a = 0; is_done && a < area_count; a++)
    is_done = join_faces(&geos, faces, face + first[a], first[a + 1] - first[a], &job->scratch, &rings[a]);
done:
  if (err == KY_OK && !is_done) err = ky_geos_fail(job, &geos, "gaps");
  if (faces != NULL) GEOSGeom_destroy_r(geos.handle, faces);
  ky_geos_close(&geos);
  return err;
}

#define CROWD_M 0.01 /* homes this near to each other may be parted by no whole millimetre */

typedef struct crowd {
  const place_set *places;
  uint32_t place;
  bool is_found;
} crowd;

static bool visit_crowd(void *user, uint32_t item) {
  crowd *c = user;
  c->is_found = c->is_found || item != c->place;
  return !c->is_found;
}

/* Does every place of an area lie in a polygon of it? Places within a centimetre of others are let off. */
static bool holds_places(const place_set *places, const bool *is_held) {
  for (uint32_t i = 0; i < places->count; i++) {
    if (places->area[i] == KY_NONE || is_held[i]) continue;
    const double x = places->x[i], y = places->y[i];
    crowd near = {.places = places, .place = i};
    ky_rtree_query(&places->tree, (ky_box){x - CROWD_M, y - CROWD_M, x + CROWD_M, y + CROWD_M}, visit_crowd, &near);
    if (!near.is_found) return false;
  }
  return true;
}

static ky_err set_measures(ky_job *job, const ky_gaps_opts *opts, ky_gaps *gaps) {
  KY_NEW(job, keep, gaps->area_m2, gaps->count);
  KY_NEW(job, keep, gaps->is_dense, gaps->count);
  KY_NEW(job, keep, gaps->is_small, gaps->count);
  for (uint32_t a = 0; a < gaps->count; a++) {
    gaps->area_m2[a] = ky_shape_area_m2(&gaps->shapes, a);
    gaps->is_small[a] = gaps->area_m2[a] < opts->small_m2;
    int64_t people = gaps->people[KY_65] == NULL || gaps->people[KY_65][a] == KY_NULL ? 0 : gaps->people[KY_65][a];
    /* people / km2 >= dense_per_km2, without dividing by an area of nothing */
    gaps->is_dense[a] = people > 0 && gaps->area_m2[a] > 0 &&
                        (double)people / KY_PERSON * 1e6 >= opts->dense_per_km2 * gaps->area_m2[a];
    if (gaps->shapes.first_part[a] != gaps->shapes.first_part[a + 1]) continue;
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = "gaps",
                    .record = gaps->id[a],
                    .reason = "gap_without_polygon",
                    .action = ky_tr("the area is kept without a polygon; look at the residents there")},
        ky_tr("gap %s: all its points lie at the same places as points of another gap, or within a millimetre of them"),
        gaps->id[a]);
  }
  return KY_OK;
}

/* One try with a clip distance; *is_good: every area holds its places. */
static ky_err try_polygons(ky_job *job, const place_set *places, double clip_m, double smooth_m, ky_gaps *gaps,
                           bool *is_good) {
  ky_walls walls = {0};
  ky_rings *rings;
  bool *is_held;
  KY_TRY(ky_voronoi_walls(job, places->x, places->y, places->area, places->count, &places->tree, clip_m, &walls));
  KY_NEW(job, scratch, rings, gaps->count);
  *is_good = false;
  for (int r = 0; r < ROUNDINGS && !*is_good; r++) {
    ky_wall *rounded = NULL;
    uint32_t count = 0;
    KY_NEW(job, scratch, is_held, places->count);
    KY_TRY(round_walls(job, &walls, rounding[r], &rounded, &count));
    KY_TRY(node_and_smooth(job, places, smooth_m, &rounded, &count));
    KY_TRY(areas_from_walls(job, places, rounded, count, gaps->count, is_held, rings));
    KY_TRY(ky_rings_shapes(job, rings, gaps->count, &gaps->shapes));
    *is_good = holds_places(places, is_held);
  }
  return KY_OK;
}

/* Places on a lattice whose spacing is the clip distance (100 m cells and the default) have bisectors that just touch
 * their discs; a few millimetres more part them. */
ky_err ky_gaps_polygons(ky_job *job, const ky_points *points, const ky_gaps_opts *opts, ky_gaps *gaps) {
  static const double more_m[] = {0, 0.0071, 0.0193};
  place_set places = {0};
  bool is_good = false;
  KY_TRY(merge_points(job, points, gaps, 2 * opts->clip_m, &places));
  for (size_t i = 0; i < sizeof more_m / sizeof *more_m && !is_good; i++)
    KY_TRY(try_polygons(job, &places, opts->clip_m + more_m[i], opts->smooth_m, gaps, &is_good));
  if (is_good) return set_measures(job, opts, gaps);
  return ky_fail(job, KY_E_INTERNAL,
                 ky_tr("gaps: points of an area lie outside its polygon; please report this with the data"));
}
