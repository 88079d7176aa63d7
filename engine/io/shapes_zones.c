/* Zones as areas: valid polygons, how well they fit each other, the municipality's outline, and how much of each zone
 * the data of residents and roads reaches. */
#include <kayoi/place.h>
#include <math.h>
#include <stdlib.h>

#include "io/geos.h"
#include "io/shapes_valid.h"
#include "io/zones_fit.h"

/* Share of each zone inside the extent; all null when the extent is not known. */
static bool share_inside(ky_geos *geos, GEOSGeometry *const *zone, uint32_t count, const ky_shapes *extent,
                         int64_t *share) {
  if (extent->count == 0) return true;
  GEOSGeometry *data = ky_geos_united(geos, extent);
  bool is_done = data != NULL;
  for (uint32_t z = 0; is_done && z < count; z++) {
    double all = ky_geos_area(geos, zone[z]), inside = ky_geos_shared_m2(geos, zone[z], data);
    is_done = !isnan(all) && !isnan(inside);
    if (is_done && all > 0) share[z] = (int64_t)fmin(floor(inside / all * KY_WHOLE + 0.5), KY_WHOLE);
  }
  if (data != NULL) GEOSGeom_destroy_r(geos->handle, data);
  return is_done;
}

static bool outline(ky_geos *geos, ky_arena *arena, const ky_zones *zones, ky_rings *out) {
  GEOSGeometry *all = ky_geos_united(geos, zones->border.count != 0 ? &zones->border : &zones->shapes);
  bool is_done = all != NULL && ky_geos_rings(geos, all, arena, out);
  if (all != NULL) GEOSGeom_destroy_r(geos->handle, all);
  return is_done;
}

static void report_partial(ky_job *job, const ky_zones *zones, uint32_t zone, const int64_t *share, const char *data) {
  if (share[zone] == KY_NULL || share[zone] >= KY_ZONE_COMPLETE) return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "zones",
                  .record = zones->id[zone],
                  .reason = "partial_data",
                  .action = ky_tr(
                      "its figures hold for the part with data only and are flagged partial; add the missing files")},
      ky_tr("zone %s (%s): only %.1f %% of its area lies inside the data of %s"), zones->id[zone], zones->name[zone],
      (double)share[zone] * 100 / KY_WHOLE, data);
}

static ky_err measure(ky_job *job, ky_geos *geos, const ky_cells *cells, const ky_network *network,
                      const ky_zone_fit_opts *opts, ky_zones *zones, GEOSGeometry **zone, ky_box *box,
                      ky_rings *rings) {
  for (uint32_t z = 0; z < zones->count; z++) {
    zone[z] = ky_geos_polygons(geos, &zones->shapes, z);
    if (zone[z] == NULL) return ky_geos_fail(job, geos, "zones");
    box[z] = ky_shape_box(&zones->shapes, z);
  }
  KY_TRY(ky_zones_fit(job, geos, zones, zone, box, opts));
  if (!outline(geos, &job->scratch, zones, rings) ||
      !share_inside(geos, zone, zones->count, &cells->extent, zones->grid_share) ||
      !share_inside(geos, zone, zones->count, &network->extent, zones->road_share))
    return ky_geos_fail(job, geos, "zones");
  return KY_OK;
}

ky_err ky_zones_finish(ky_job *job, const ky_cells *cells, const ky_network *network, const ky_zone_fit_opts *opts,
                       ky_zones *zones) {
  ky_geos geos;
  GEOSGeometry **zone;
  ky_box *box;
  ky_rings rings = {0};
  KY_TRY(ky_shapes_ensure_valid(job, "zones", zones->id, &zones->shapes));
  KY_NEW(job, scratch, zone, zones->count);
  KY_NEW(job, scratch, box, zones->count);
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  ky_err err = measure(job, &geos, cells, network, opts, zones, zone, box, &rings);
  for (uint32_t z = 0; z < zones->count; z++)
    if (zone[z] != NULL) GEOSGeom_destroy_r(geos.handle, zone[z]);
  ky_geos_close(&geos);
  if (err != KY_OK) return err;
  for (uint32_t z = 0; z < zones->count; z++) {
    report_partial(job, zones, z, zones->grid_share, ky_tr("residents"));
    report_partial(job, zones, z, zones->road_share, ky_tr("roads"));
  }
  return ky_rings_shapes(job, &rings, 1, &zones->municipality);
}
