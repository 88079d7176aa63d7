/* Borders beside each other: boxes by their vertices, shared land by GEOS. */
#include "io/borders.h"

#include <gdal.h>
#include <kayoi/job.h>
#include <kayoi/rtree.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/gdal_log.h"
#include "io/geos.h"
#include "io/ogr_shape.h"

#define DEGREE_M 111320.0 /* of latitude */
#define RADIAN   (3.14159265358979323846 / 180)

ky_err ky_border_degrees(ky_job *job, ky_raw *raw) {
  if (raw->is_geographic || raw->shapes.count == 0) return KY_OK;
  KY_TRY(ky_crs_transform(job, raw->crs, "EPSG:4326", raw->shapes.x, raw->shapes.y, raw->shapes.vertex_count));
  raw->is_geographic = true;
  raw->crs = "EPSG:4326";
  return KY_OK;
}

/* 6 digits have a check digit at the end; numbers lose a leading zero. */
static bool is_of(const ky_border *border, uint32_t record) {
  if (border->code == NULL) return true;
  const char *text = ky_raw_value(border->raw, "id", record);
  if (text == NULL) return false;
  if (strlen(text) == 4) return border->code[0] == '0' && strcmp(border->code + 1, text) == 0;
  return strlen(text) <= 6 && strncmp(text, border->code, 5) == 0;
}

bool ky_border_box(const ky_border *border, double margin_m, double box[4]) {
  const ky_shapes *shapes = &border->raw->shapes;
  double west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
  for (uint32_t i = 0; i < shapes->count; i++) {
    if (!is_of(border, i)) continue;
    for (uint32_t v = shapes->first_vertex[shapes->first_part[i]]; v < shapes->first_vertex[shapes->first_part[i + 1]];
         v++) {
      west = fmin(west, shapes->x[v]);
      east = fmax(east, shapes->x[v]);
      south = fmin(south, shapes->y[v]);
      north = fmax(north, shapes->y[v]);
    }
  }
  if (!(west <= east)) return false;
  const double up = margin_m / DEGREE_M, steepest = fmax(fabs(south), fabs(north)) + up;
  const double aside = margin_m / (DEGREE_M * cos(fmin(steepest, 85) * RADIAN));
  box[0] = west - aside;
  box[1] = south - up;
  box[2] = east + aside;
  box[3] = north + up;
  return true;
}

/* All records of a border as one valid area; NULL on failure. */
static GEOSGeometry *area_of(ky_geos *geos, ky_job *job, const ky_border *border) {
  const ky_shapes *shapes = &border->raw->shapes;
  GEOSGeometry **members = ky_arena_alloc(&job->scratch, shapes->count, sizeof *members);
  uint32_t count = 0;
  if (members == NULL) return NULL;
  for (uint32_t i = 0; i < shapes->count; i++) {
    if (!is_of(border, i)) continue;
    GEOSGeometry *polygons = ky_geos_polygons(geos, shapes, i);
    members[count] = polygons != NULL ? ky_geos_valid(geos, polygons) : NULL;
    if (members[count] == NULL) {
      while (count > 0) GEOSGeom_destroy_r(geos->handle, members[--count]);
      return NULL;
    }
    count++;
  }
  GEOSGeometry *all = ky_geos_collect(geos, GEOS_GEOMETRYCOLLECTION, members, count);
  GEOSGeometry *one = all != NULL ? GEOSUnaryUnion_r(geos->handle, all) : NULL;
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  return one;
}

typedef struct comparing {
  ky_geos geos;
  GEOSGeometry **area; /* [count] */
  const double (*box)[4];
  uint32_t a;
  double min_m2;
  ky_border_overlap *found;
  uint32_t found_count, capacity;
  bool has_failed;
} comparing;

static bool compare_with(void *user, uint32_t b) {
  comparing *c = user;
  if (b <= c->a || c->area[c->a] == NULL || c->area[b] == NULL) return true;
  const double shared = ky_geos_shared_m2(&c->geos, c->area[c->a], c->area[b]);
  const double middle = (c->box[b][1] + c->box[b][3]) / 2;
  const double area_m2 = shared * DEGREE_M * DEGREE_M * cos(middle * RADIAN);
  c->has_failed = isnan(shared);
  if (!(area_m2 > c->min_m2)) return !c->has_failed;
  if (c->found_count == c->capacity) {
    c->capacity = c->capacity * 2 + 16;
    ky_border_overlap *more = realloc(c->found, c->capacity * sizeof *more);
    if (more == NULL) return !(c->has_failed = true);
    c->found = more;
  }
  c->found[c->found_count++] = (ky_border_overlap){c->a, b, area_m2};
  return true;
}

/* Holes of the union, by the ring's own area. */
static bool find_slivers(comparing *c, uint32_t count, double max_m2, ky_arena *arena, ky_border_slivers *out) {
  GEOSGeometry **copies = ky_arena_alloc(arena, count, sizeof *copies);
  uint32_t copied = 0;
  ky_rings rings;
  *out = (ky_border_slivers){.count = 0};
  if (copies == NULL) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (c->area[i] == NULL) continue;
    copies[copied] = GEOSGeom_clone_r(c->geos.handle, c->area[i]);
    if (copies[copied] != NULL) copied++;
  }
  GEOSGeometry *all = ky_geos_collect(&c->geos, GEOS_GEOMETRYCOLLECTION, copies, copied);
  GEOSGeometry *one = all != NULL ? GEOSUnaryUnion_r(c->geos.handle, all) : NULL;
  if (all != NULL) GEOSGeom_destroy_r(c->geos.handle, all);
  const bool is_good = one != NULL && ky_geos_rings(&c->geos, one, arena, &rings);
  if (one != NULL) GEOSGeom_destroy_r(c->geos.handle, one);
  for (uint32_t r = 0; is_good && r < rings.part_count; r++) {
    const uint32_t from = rings.first_vertex[r], end = rings.first_vertex[r + 1];
    double twice = 0;
    if (rings.is_hole[r] == 0) continue;
    for (uint32_t v = from, w = end - 1; v < end; w = v++)
      twice += (rings.x[w] - rings.x[from]) * (rings.y[v] - rings.y[from]) -
               (rings.x[v] - rings.x[from]) * (rings.y[w] - rings.y[from]);
    const double area_m2 = fabs(twice) / 2 * DEGREE_M * DEGREE_M * cos(rings.y[from] * RADIAN);
    if (area_m2 >= max_m2) continue;
    out->count++;
    out->area_m2 += area_m2;
    if (area_m2 <= out->largest_m2) continue;
    out->largest_m2 = area_m2;
    out->lon = rings.x[from];
    out->lat = rings.y[from];
  }
  return is_good;
}

static int by_pair(const void *a, const void *b) {
  const ky_border_overlap *x = a, *y = b;
  if (x->a != y->a) return x->a < y->a ? -1 : 1;
  return (x->b > y->b) - (x->b < y->b);
}

ky_err ky_borders_overlaps(ky_job *job, const ky_border *borders, uint32_t count, double min_m2, double max_m2,
                           ky_border_overlap **overlaps, uint32_t *overlap_count, ky_border_slivers *slivers) {
  comparing c = {.min_m2 = min_m2};
  double(*box)[4];
  ky_rtree tree;
  *overlap_count = 0;
  KY_NEW(job, scratch, box, count);
  KY_NEW(job, scratch, c.area, count);
  for (uint32_t i = 0; i < count; i++)
    if (borders[i].raw == NULL || !ky_border_box(&borders[i], 0, box[i]))
      box[i][0] = box[i][1] = box[i][2] = box[i][3] = 1e9;
  KY_TRY(ky_rtree_build(job, &job->scratch, &box[0][0], count, &tree));
  if (!ky_geos_open(&c.geos)) return ky_fail_memory(job);
  c.box = (const double(*)[4])box;
  for (uint32_t i = 0; i < count && !c.has_failed; i++) {
    if (borders[i].raw == NULL || box[i][0] > 180) continue;
    c.area[i] = area_of(&c.geos, job, &borders[i]);
    c.has_failed = c.area[i] == NULL;
  }
  for (c.a = 0; c.a < count && !c.has_failed; c.a++)
    ky_rtree_query(&tree, (ky_box){box[c.a][0], box[c.a][1], box[c.a][2], box[c.a][3]}, compare_with, &c);
  if (!c.has_failed) c.has_failed = !find_slivers(&c, count, max_m2, &job->scratch, slivers);
  ky_err err = c.has_failed ? ky_geos_fail(job, &c.geos, "borders") : KY_OK;
  if (err == KY_OK) {
    *overlaps = ky_arena_alloc(&job->keep, c.found_count, sizeof **overlaps);
    if (*overlaps == NULL) err = ky_fail_memory(job);
  }
  if (err == KY_OK && c.found_count != 0) {
    memcpy(*overlaps, c.found, c.found_count * sizeof *c.found);
    qsort(*overlaps, c.found_count, sizeof **overlaps, by_pair);
    *overlap_count = c.found_count;
  }
  free(c.found);
  for (uint32_t i = 0; i < count; i++)
    if (c.area[i] != NULL) GEOSGeom_destroy_r(c.geos.handle, c.area[i]);
  ky_geos_close(&c.geos);
  return err;
}

static bool write_records(const ky_border *border, OGRLayerH layer) {
  const ky_shapes *shapes = &border->raw->shapes;
  bool is_good = layer != NULL;
  for (uint32_t i = 0; is_good && i < shapes->count; i++) {
    if (!is_of(border, i)) continue;
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGRGeometryH geometry = ky_ogr_geometry(shapes, i, (ky_layer_form){.kind = KY_SHAPE_POLYGON, .is_multi = true});
    is_good = geometry != NULL && OGR_F_SetGeometryDirectly(feature, geometry) == OGRERR_NONE &&
              OGR_L_CreateFeature(layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
  }
  return is_good;
}

ky_err ky_border_write(ky_job *job, const ky_border *border, const char *path) {
  ky_gdal_log log = {0};
  bool is_good = false;
  ky_gdal_log_open(&log);
  OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
  GDALDriverH driver = GDALGetDriverByName("GPKG");
  GDALDatasetH dataset = driver != NULL ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
  if (dataset != NULL && OSRSetFromUserInput(crs, border->raw->crs) == OGRERR_NONE) {
    OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
    is_good = write_records(border, GDALDatasetCreateLayer(dataset, "border", crs, wkbMultiPolygon, NULL));
  }
  if (dataset != NULL) GDALClose(dataset);
  OSRDestroySpatialReference(crs);
  ky_gdal_log_close();
  if (is_good) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: its parts cannot be written: %s; look at the room and the rights there"),
                 path, log.error);
}
