/* Overlaps of zones, gaps between them, and what of them lies outside the border. */
#include "io/zones_fit.h"

#include <math.h>
#include <stdlib.h>

#define TOUCH_M    0.002 /* two vertices that were one may lie this far apart after projection and rounding */
#define NAMED_GAPS 50    /* the largest ones */

/* A part of a gap. Neighbours: the two lowest zones that it touches; the zones' count where it touches fewer. */
typedef struct piece {
  double area_m2, width_m, x_m, y_m;
  uint32_t first, second;
} piece;

typedef struct pieces {
  piece *row; /* scratch */
  uint32_t count;
} pieces;

typedef struct fit {
  ky_job *job;
  ky_geos *geos;
  const ky_zones *zones;
  GEOSGeometry *const *zone;
  const GEOSPreparedGeometry **prepared; /* of each zone, once it is needed */
  const ky_box *box;
  const ky_zone_fit_opts *opts;
  double zones_m2; /* of all zones together, overlaps counted twice */
} fit;

static const char *pair_ids(const fit *f, uint32_t first, uint32_t second) {
  const ky_zones *zones = f->zones;
  if (first == zones->count) return NULL;
  if (second == zones->count) return zones->id[first];
  return ky_format(&f->job->scratch, "%s, %s", zones->id[first], zones->id[second]);
}

/* "a and b", "a alone", "no zone": what lies beside a part. */
static const char *neighbours(const fit *f, const piece *row) {
  const ky_zones *zones = f->zones;
  if (row->first == zones->count) return ky_tr("no zone");
  const char *text = row->second == zones->count ? ky_format(&f->job->scratch, ky_tr("%s alone"), zones->id[row->first])
                                                 : ky_format(&f->job->scratch, ky_tr("%s and %s"),
                                                             zones->id[row->first], zones->id[row->second]);
  return text != NULL ? text : "";
}

static double share_of(const fit *f, double area_m2) {
  return f->zones_m2 > 0 ? area_m2 * 100 / f->zones_m2 : 0;
}

static void report_overlap(const fit *f, uint32_t a, uint32_t b, double area_m2) {
  const ky_zones *zones = f->zones;
  ky_issue_add(
      f->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "zones",
                  .record = pair_ids(f, a, b),
                  .field = "geometry",
                  .reason = "zone_overlap",
                  .action = ky_tr("people in the overlap belong to the zone with the lower id; draw the zones apart")},
      ky_tr("zones %s (%s) and %s (%s) overlap by %.0f m2"), zones->id[a], zones->name[a], zones->id[b], zones->name[b],
      area_m2);
}

static ky_err find_overlaps(const fit *f) {
  double all_m2 = 0;
  uint32_t pairs = 0, named = 0;
  for (uint32_t a = 0; a < f->zones->count; a++) {
    for (uint32_t b = a + 1; b < f->zones->count; b++) {
      if (!(f->box[a].x_min < f->box[b].x_max && f->box[b].x_min < f->box[a].x_max)) continue;
      if (!(f->box[a].y_min < f->box[b].y_max && f->box[b].y_min < f->box[a].y_max)) continue;
      double area_m2 = ky_geos_shared_m2(f->geos, f->zone[a], f->zone[b]);
      if (isnan(area_m2)) return ky_geos_fail(f->job, f->geos, "zones");
      all_m2 += area_m2;
      pairs += area_m2 > 0;
      named += area_m2 >= f->opts->min_overlap_m2;
      if (area_m2 >= f->opts->min_overlap_m2) report_overlap(f, a, b, area_m2);
    }
  }
  if (pairs < 2 || all_m2 < f->opts->min_overlap_m2) return KY_OK;
  ky_issue_add(
      f->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "zones",
                  .field = "geometry",
                  .reason = "zone_overlaps",
                  .action = ky_tr("people in an overlap belong to the zone with the lower id; draw the zones apart")},
      ky_tr("%u pairs of zones overlap by %.1f m2 in all, %.4f %% of the zones; %u of them by less than "
            "zones.min_overlap_m2 (%.1f m2)"),
      pairs, all_m2, share_of(f, all_m2), pairs - named, f->opts->min_overlap_m2);
  return KY_OK;
}

/* The two lowest zones within a hair's breadth of a part. */
static bool find_neighbours(const fit *f, const GEOSGeometry *part, const ky_box *box, piece *out) {
  out->first = out->second = f->zones->count;
  for (uint32_t z = 0; z < f->zones->count && out->second == f->zones->count; z++) {
    const ky_box *other = &f->box[z];
    if (box->x_min > other->x_max + TOUCH_M || other->x_min > box->x_max + TOUCH_M) continue;
    if (box->y_min > other->y_max + TOUCH_M || other->y_min > box->y_max + TOUCH_M) continue;
    if (f->prepared[z] == NULL) f->prepared[z] = GEOSPrepare_r(f->geos->handle, f->zone[z]);
    if (f->prepared[z] == NULL) return false;
    const char is_near = GEOSPreparedDistanceWithin_r(f->geos->handle, f->prepared[z], part, TOUCH_M);
    if (is_near > 1) return false;
    if (is_near == 0) continue;
    if (out->first == f->zones->count)
      out->first = z;
    else
      out->second = z;
  }
  return true;
}

/* Adds a part, unless it is smaller than what counts. */
static bool measure_part(const fit *f, const GEOSGeometry *part, double min_m2, pieces *list) {
  GEOSContextHandle_t handle = f->geos->handle;
  piece *out = &list->row[list->count];
  double around_m;
  ky_box box;
  out->area_m2 = ky_geos_area(f->geos, part);
  if (isnan(out->area_m2) || GEOSLength_r(handle, part, &around_m) != 1) return false;
  if (out->area_m2 < min_m2) return true;
  list->count++;
  out->width_m = around_m > 0 ? 2 * out->area_m2 / around_m : 0; /* of a long strip: its width */
  GEOSGeometry *inside = GEOSPointOnSurface_r(handle, part);
  bool is_done = inside != NULL && GEOSisEmpty_r(handle, inside) == 0 &&
                 GEOSGeomGetX_r(handle, inside, &out->x_m) == 1 && GEOSGeomGetY_r(handle, inside, &out->y_m) == 1;
  if (inside != NULL) GEOSGeom_destroy_r(handle, inside);
  is_done = is_done && GEOSGeom_getExtent_r(handle, part, &box.x_min, &box.y_min, &box.x_max, &box.y_max) == 1;
  return is_done && find_neighbours(f, part, &box, out);
}

static bool count_parts(const fit *f, const GEOSGeometry *area, uint32_t *count) {
  const int type = GEOSGeomTypeId_r(f->geos->handle, area);
  if (type == GEOS_POLYGON) *count += GEOSisEmpty_r(f->geos->handle, area) == 0;
  if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION) return type >= 0;
  const int n = GEOSGetNumGeometries_r(f->geos->handle, area);
  for (int i = 0; i < n; i++)
    if (!count_parts(f, GEOSGetGeometryN_r(f->geos->handle, area, i), count)) return false;
  return true;
}

static bool measure_parts(const fit *f, const GEOSGeometry *area, double min_m2, pieces *out) {
  const int type = GEOSGeomTypeId_r(f->geos->handle, area);
  if (type == GEOS_POLYGON) return GEOSisEmpty_r(f->geos->handle, area) != 0 || measure_part(f, area, min_m2, out);
  if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION) return type >= 0;
  const int n = GEOSGetNumGeometries_r(f->geos->handle, area);
  for (int i = 0; i < n; i++)
    if (!measure_parts(f, GEOSGetGeometryN_r(f->geos->handle, area, i), min_m2, out)) return false;
  return true;
}

/* By neighbours; in a pair the largest first. */
static int by_pair(const void *left, const void *right) {
  const piece *a = left, *b = right;
  if (a->first != b->first) return a->first < b->first ? -1 : 1;
  if (a->second != b->second) return a->second < b->second ? -1 : 1;
  if (a->area_m2 != b->area_m2) return a->area_m2 > b->area_m2 ? -1 : 1;
  if (a->x_m != b->x_m) return a->x_m < b->x_m ? -1 : 1;
  return (a->y_m > b->y_m) - (a->y_m < b->y_m);
}

static int by_area(const void *left, const void *right) {
  const piece *a = left, *b = right;
  if (a->area_m2 != b->area_m2) return a->area_m2 > b->area_m2 ? -1 : 1;
  return by_pair(left, right);
}

/* Parts of an area (taken; NULL: GEOS failed) from a size on, measured. */
static ky_err take_parts(const fit *f, GEOSGeometry *area, double min_m2, pieces *out) {
  uint32_t count = 0;
  *out = (pieces){0};
  bool is_done = area != NULL && count_parts(f, area, &count);
  out->row = ky_arena_alloc(&f->job->scratch, count, sizeof *out->row);
  const bool has_memory = out->row != NULL;
  is_done = is_done && has_memory && measure_parts(f, area, min_m2, out);
  if (area != NULL) GEOSGeom_destroy_r(f->geos->handle, area);
  if (!has_memory) return ky_fail_memory(f->job);
  if (!is_done) return ky_geos_fail(f->job, f->geos, "zones");
  if (out->count != 0) qsort(out->row, out->count, sizeof *out->row, by_pair);
  return KY_OK;
}

static const char *gap_action(void) {
  return ky_tr("people there are counted outside the zones; let neighbouring zones share their vertices");
}

/* Slivers of one pair of neighbours as one issue. Returns their area. */
static double report_slivers_of(const fit *f, const piece *row, uint32_t count) {
  double area_m2 = 0;
  for (uint32_t i = 0; i < count; i++) area_m2 += row[i].area_m2;
  if (area_m2 < f->opts->min_overlap_m2) return area_m2;
  ky_issue_add(f->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "zones",
                           .record = pair_ids(f, row->first, row->second),
                           .field = "geometry",
                           .reason = "zone_sliver",
                           .has_place = true,
                           .x_m = row->x_m,
                           .y_m = row->y_m,
                           .action = gap_action()},
               ky_tr("%u slivers beside %s, %.1f m2 in all; the largest has %.1f m2"), count, neighbours(f, row),
               area_m2, row->area_m2);
  return area_m2;
}

static void report_slivers(const fit *f, const pieces *slivers) {
  double all_m2 = 0;
  uint32_t pairs = 0;
  for (uint32_t i = 0, end; i < slivers->count; i = end, pairs++) {
    const piece *row = &slivers->row[i];
    for (end = i + 1; end < slivers->count; end++)
      if (slivers->row[end].first != row->first || slivers->row[end].second != row->second) break;
    all_m2 += report_slivers_of(f, row, end - i);
  }
  if (pairs < 2 || all_m2 < f->opts->min_overlap_m2) return;
  ky_issue_add(f->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "zones",
                           .field = "geometry",
                           .reason = "zone_slivers",
                           .action = gap_action()},
               ky_tr("%u slivers (narrower than zones.sliver_m, %.1f m) of %.1f m2 in all, %.4f %% of the zones"),
               slivers->count, f->opts->sliver_m, all_m2, share_of(f, all_m2));
}

static void report_gaps(const fit *f, pieces *gaps) {
  double rest_m2 = 0;
  const bool has_border = f->zones->border.count != 0;
  if (gaps->count != 0) qsort(gaps->row, gaps->count, sizeof *gaps->row, by_area);
  for (uint32_t i = 0; i < gaps->count; i++) {
    const piece *row = &gaps->row[i];
    rest_m2 += i >= NAMED_GAPS ? row->area_m2 : 0;
    if (i >= NAMED_GAPS) continue;
    ky_issue_add(f->job,
                 &(ky_issue){.severity = has_border ? KY_WARNING : KY_INFO,
                             .source = "zones",
                             .record = pair_ids(f, row->first, row->second),
                             .field = "geometry",
                             .reason = "zone_gap",
                             .has_place = true,
                             .x_m = row->x_m,
                             .y_m = row->y_m,
                             .action = ky_tr("people there are counted outside the zones; is it meant?")},
                 ky_tr("%.0f m2 beside %s are in no zone"), row->area_m2, neighbours(f, row));
  }
  if (gaps->count <= NAMED_GAPS) return;
  ky_issue_add(f->job,
               &(ky_issue){.severity = KY_INFO,
                           .source = "zones",
                           .field = "geometry",
                           .reason = "zone_gap",
                           .action = ky_tr("only the largest are listed; is it meant?")},
               ky_tr("%u more areas, %.0f m2 in all, are in no zone"), gaps->count - NAMED_GAPS, rest_m2);
}

static const char *zone_of(const fit *f, const piece *row) {
  for (uint32_t z = 0; z < f->zones->count; z++)
    if (ky_shape_locate(&f->zones->shapes, z, row->x_m, row->y_m) >= 0) return f->zones->id[z];
  return "";
}

/* Zones over the border: their people belong to the municipality. */
static ky_err report_beyond(const fit *f, const GEOSGeometry *zones, const GEOSGeometry *border) {
  pieces beyond;
  double all_m2 = 0, widest_m = 0;
  const piece *widest = NULL;
  KY_TRY(take_parts(f, GEOSDifference_r(f->geos->handle, zones, border), 0, &beyond));
  for (uint32_t i = 0; i < beyond.count; i++) {
    all_m2 += beyond.row[i].area_m2;
    if (beyond.row[i].width_m <= widest_m) continue;
    widest = &beyond.row[i];
    widest_m = widest->width_m;
  }
  if (all_m2 < f->opts->min_overlap_m2) return KY_OK;
  const char *zone = widest != NULL ? zone_of(f, widest) : "";
  ky_issue_add(f->job,
               &(ky_issue){.severity = widest_m < f->opts->sliver_m ? KY_INFO : KY_WARNING,
                           .source = "zones",
                           .record = zone,
                           .field = "geometry",
                           .reason = "zone_beyond_border",
                           .action = ky_tr("people there belong to the zone; take zones and border from one source")},
               ky_tr("%u pieces of zones, %.1f m2 in all (%.4f %%), lie outside the border; the widest is %.1f m wide, "
                     "of zone %s"),
               beyond.count, all_m2, share_of(f, all_m2), widest_m, zone);
  return KY_OK;
}

/* The zones without the holes that they enclose; NULL on failure. */
static GEOSGeometry *without_holes(const fit *f, const GEOSGeometry *zones) {
  const int count = GEOSGetNumGeometries_r(f->geos->handle, zones);
  GEOSGeometry **member = calloc(count > 0 ? (size_t)count : 1, sizeof *member), *all = NULL, *joined = NULL;
  uint32_t made = 0;
  for (int i = 0; member != NULL && i < count; i++) {
    const GEOSGeometry *part = GEOSGetGeometryN_r(f->geos->handle, zones, i);
    const bool is_area = part != NULL && GEOSGeomTypeId_r(f->geos->handle, part) == GEOS_POLYGON &&
                         GEOSisEmpty_r(f->geos->handle, part) == 0;
    if (!is_area) continue;
    GEOSGeometry *ring = GEOSGeom_clone_r(f->geos->handle, GEOSGetExteriorRing_r(f->geos->handle, part));
    member[made] = ring == NULL ? NULL : GEOSGeom_createPolygon_r(f->geos->handle, ring, NULL, 0);
    if (member[made] == NULL) break;
    made++;
  }
  if (member != NULL) all = ky_geos_collect(f->geos, GEOS_MULTIPOLYGON, member, made);
  if (all != NULL) joined = GEOSUnaryUnion_r(f->geos->handle, all);
  if (all != NULL) GEOSGeom_destroy_r(f->geos->handle, all);
  free(member);
  return joined;
}

/* a \ b, taking a; NULL on failure. */
static GEOSGeometry *less(const fit *f, GEOSGeometry *a, const GEOSGeometry *b) {
  GEOSGeometry *rest = a == NULL ? NULL : GEOSDifference_r(f->geos->handle, a, b);
  if (a != NULL) GEOSGeom_destroy_r(f->geos->handle, a);
  return rest;
}

/* Strips between neighbours that no zone encloses: what grows together when the zones are widened by half a sliver and
 * narrowed again. Notches of one zone, and corners where two meet (smaller than a sliver's square), are none. */
static ky_err find_strips(const fit *f, const GEOSGeometry *zones, pieces *out) {
  GEOSGeometry *wide = GEOSBuffer_r(f->geos->handle, zones, f->opts->sliver_m / 2, 8);
  GEOSGeometry *closed = wide == NULL ? NULL : GEOSBuffer_r(f->geos->handle, wide, -f->opts->sliver_m / 2, 8);
  GEOSGeometry *filled = closed == NULL ? NULL : without_holes(f, zones);
  if (wide != NULL) GEOSGeom_destroy_r(f->geos->handle, wide);
  GEOSGeometry *open = filled == NULL ? NULL : less(f, closed, filled);
  if (filled == NULL && closed != NULL) GEOSGeom_destroy_r(f->geos->handle, closed);
  if (filled != NULL) GEOSGeom_destroy_r(f->geos->handle, filled);
  KY_TRY(take_parts(f, open, f->opts->sliver_m * f->opts->sliver_m, out));
  uint32_t kept = 0;
  for (uint32_t i = 0; i < out->count; i++) {
    const piece row = out->row[i];
    if (row.second < f->zones->count) out->row[kept++] = row; /* else beside one zone only */
  }
  out->count = kept;
  return KY_OK;
}

static ky_err report_pieces(const fit *f, const pieces *enclosed, const pieces *strips) {
  const double sliver_m = f->opts->sliver_m;
  pieces slivers = {0}, gaps = {0};
  KY_NEW(f->job, scratch, slivers.row, (size_t)enclosed->count + strips->count + 1);
  KY_NEW(f->job, scratch, gaps.row, (size_t)enclosed->count + 1);
  for (uint32_t i = 0; i < enclosed->count; i++) {
    pieces *list = enclosed->row[i].width_m < sliver_m ? &slivers : &gaps;
    list->row[list->count++] = enclosed->row[i];
  }
  for (uint32_t i = 0; i < strips->count; i++) slivers.row[slivers.count++] = strips->row[i];
  if (slivers.count != 0) qsort(slivers.row, slivers.count, sizeof *slivers.row, by_pair);
  report_slivers(f, &slivers);
  report_gaps(f, &gaps);
  return KY_OK;
}

static ky_err find_gaps(const fit *f, const GEOSGeometry *zones, const GEOSGeometry *border) {
  pieces enclosed, strips = {0};
  if (border != NULL) {
    KY_TRY(report_beyond(f, zones, border));
    KY_TRY(take_parts(f, GEOSDifference_r(f->geos->handle, border, zones), 0, &enclosed));
  } else {
    KY_TRY(take_parts(f, less(f, without_holes(f, zones), zones), 0, &enclosed));
    if (f->zones->count > 1) KY_TRY(find_strips(f, zones, &strips));
  }
  return report_pieces(f, &enclosed, &strips);
}

ky_err ky_zones_fit(ky_job *job, ky_geos *geos, const ky_zones *zones, GEOSGeometry *const *zone, const ky_box *box,
                    const ky_zone_fit_opts *opts) {
  fit f = {.job = job, .geos = geos, .zones = zones, .zone = zone, .box = box, .opts = opts};
  KY_NEW(job, scratch, f.prepared, zones->count);
  for (uint32_t z = 0; z < zones->count; z++) f.zones_m2 += ky_shape_area_m2(&zones->shapes, z);
  KY_TRY(find_overlaps(&f));
  GEOSGeometry *all = ky_geos_united(geos, &zones->shapes), *border = NULL;
  const bool has_border = zones->border.count != 0;
  if (has_border) border = ky_geos_united(geos, &zones->border);
  ky_err err =
      all == NULL || (has_border && border == NULL) ? ky_geos_fail(job, geos, "zones") : find_gaps(&f, all, border);
  for (uint32_t z = 0; z < zones->count; z++)
    if (f.prepared[z] != NULL) GEOSPreparedGeom_destroy_r(geos->handle, f.prepared[z]);
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  if (border != NULL) GEOSGeom_destroy_r(geos->handle, border);
  return err;
}
