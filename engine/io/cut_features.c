/* Vector files are cut by records: a shapefile into shapefiles, so that its texts stay the bytes that they are, all
 * others into GeoPackages of the same layer, columns and ids. */
#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <kayoi/job.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/cut.h"
#include "io/gdal_log.h"

/* Parts that are open at a time; more take another pass. */
#define AT_ONCE     400
#define EDGE_POINTS 21 /* of a window's edge, when it is brought into the CRS of the file */

typedef struct part {
  GDALDatasetH dataset;
  OGRLayerH layer;
} part;

typedef struct cutting {
  ky_job *job;
  const ky_cut_windows *windows;
  ky_cut *cut;
  OGRLayerH layer;
  OGRFeatureH feature;
  part *parts; /* [last - first] */
  uint32_t first;
  bool is_shapefile;
  const char *stem;
  bool has_failed;
} cutting;

static bool open_part(cutting *c, uint32_t w, part *p) {
  const char *path =
      ky_format(&c->job->keep, "%s/%s.%s", c->windows->folder[w], c->stem, c->is_shapefile ? "shp" : "gpkg");
  const char *options[] = {c->is_shapefile ? "ENCODING=" : "GEOMETRY_NAME=geom", NULL};
  GDALDriverH driver = GDALGetDriverByName(c->is_shapefile ? "ESRI Shapefile" : "GPKG");
  OGRFeatureDefnH from = OGR_L_GetLayerDefn(c->layer);
  if (path == NULL || driver == NULL) return false;
  p->dataset = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
  if (p->dataset == NULL) return false;
  p->layer =
      GDALDatasetCreateLayer(p->dataset, c->is_shapefile ? ky_path_name(c->stem) : OGR_L_GetName(c->layer),
                             OGR_L_GetSpatialRef(c->layer), OGR_FD_GetGeomType(from), (char **)(uintptr_t)options);
  if (p->layer == NULL) return false;
  for (int f = 0; f < OGR_FD_GetFieldCount(from); f++)
    if (OGR_L_CreateField(p->layer, OGR_FD_GetFieldDefn(from, f), 0) != OGRERR_NONE) return false;
  GDALDatasetStartTransaction(p->dataset, 0);
  c->cut->path[w] = path;
  return true;
}

static bool copy_feature(void *user, uint32_t w) {
  cutting *c = user;
  part *p = &c->parts[w];
  const uint32_t window = c->first + w;
  if (p->layer == NULL && !open_part(c, window, p)) c->has_failed = true;
  if (c->has_failed) return false;
  OGRFeatureH copy = OGR_F_Create(OGR_L_GetLayerDefn(p->layer));
  OGR_F_SetFrom(copy, c->feature, 1);
  if (!c->is_shapefile) OGR_F_SetFID(copy, OGR_F_GetFID(c->feature));
  c->has_failed = OGR_L_CreateFeature(p->layer, copy) != OGRERR_NONE;
  OGR_F_Destroy(copy);
  c->cut->records[window]++;
  return !c->has_failed;
}

static bool close_parts(cutting *c, uint32_t count) {
  bool is_good = !c->has_failed;
  for (uint32_t w = 0; w < count; w++) {
    if (c->parts[w].dataset == NULL) continue;
    if (GDALDatasetCommitTransaction(c->parts[w].dataset) != OGRERR_NONE && !c->is_shapefile) is_good = false;
    GDALClose(c->parts[w].dataset);
    c->parts[w] = (part){NULL, NULL};
  }
  return is_good;
}

/* One pass, for the windows from `first` on. boxes: in the CRS of the file. */
static ky_err cut_pass(cutting *c, const ky_source *source, const double (*boxes)[4], uint32_t count,
                       const ky_gdal_log *log) {
  ky_rtree tree;
  KY_TRY(ky_rtree_build(c->job, &c->job->scratch, &boxes[0][0], count, &tree));
  memset(c->parts, 0, count * sizeof *c->parts);
  OGR_L_ResetReading(c->layer);
  while (!c->has_failed && (c->feature = OGR_L_GetNextFeature(c->layer)) != NULL) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(c->feature);
    OGREnvelope box;
    if (c->first == 0) c->cut->record_count++;
    if (geometry != NULL && !OGR_G_IsEmpty(geometry)) {
      OGR_G_GetEnvelope(geometry, &box);
      ky_rtree_query(&tree, (ky_box){box.MinX, box.MinY, box.MaxX, box.MaxY}, copy_feature, c);
    } else {
      if (c->first == 0) c->cut->placeless++;
      for (uint32_t w = 0; w < count && copy_feature(c, w); w++) continue;
    }
    OGR_F_Destroy(c->feature);
  }
  if (close_parts(c, count)) return KY_OK;
  return ky_fail(c->job, KY_E_OUTPUT,
                 ky_tr("%s: its parts cannot be written: %s; look at the room and the rights there"), source->shown,
                 log->error);
}

/* The windows in the CRS of the layer. False: it has none, or they cannot be brought into it. */
static bool boxes_in_crs(const ky_source *source, OGRLayerH layer, const ky_cut_windows *windows, double (*boxes)[4]) {
  OGRSpatialReferenceH of_layer = OGR_L_GetSpatialRef(layer), degrees = OSRNewSpatialReference(NULL), named = NULL;
  OGRCoordinateTransformationH way = NULL;
  bool is_good = false;
  OSRImportFromEPSG(degrees, 4326);
  OSRSetAxisMappingStrategy(degrees, OAMS_TRADITIONAL_GIS_ORDER);
  if (source->crs != NULL) { /* what the config says wins */
    named = OSRNewSpatialReference(NULL);
    if (OSRSetFromUserInput(named, source->crs) != OGRERR_NONE) goto done;
    OSRSetAxisMappingStrategy(named, OAMS_TRADITIONAL_GIS_ORDER);
    of_layer = named;
  }
  if (of_layer != NULL) way = OCTNewCoordinateTransformation(degrees, of_layer);
  is_good = way != NULL;
  for (uint32_t w = 0; is_good && w < windows->count; w++) {
    const double *box = windows->box[w];
    is_good = OCTTransformBounds(way, box[0], box[1], box[2], box[3], &boxes[w][0], &boxes[w][1], &boxes[w][2],
                                 &boxes[w][3], EDGE_POINTS) != 0;
  }
done:
  if (way != NULL) OCTDestroyCoordinateTransformation(way);
  if (named != NULL) OSRDestroySpatialReference(named);
  OSRDestroySpatialReference(degrees);
  return is_good;
}

static GDALDatasetH open_source(const char *vsi_path, bool is_shapefile) {
  const char *const drivers[] = {"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", NULL};
  const char *const options[] = {"ENCODING=", NULL};
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, is_shapefile ? options : NULL, NULL);
}

/* As they stand: a shapefile's texts are in the encoding that its .cpg names. */
static ky_err copy_cpg(ky_job *job, const ky_source_file *file, const ky_cut *cut, uint32_t count) {
  const char *from = ky_format(&job->scratch, "%.*scpg", (int)(strlen(file->vsi_path) - 3), file->vsi_path);
  if (from == NULL) return ky_fail_memory(job);
  for (uint32_t w = 0; w < count; w++) {
    if (cut->path[w] == NULL) continue;
    const char *to = ky_format(&job->scratch, "%.*scpg", (int)(strlen(cut->path[w]) - 3), cut->path[w]);
    if (to == NULL) return ky_fail_memory(job);
    VSIUnlink(to);
    CPLCopyFile(to, from); /* none: its texts say what they are */
  }
  return KY_OK;
}

ky_err ky_cut_features(ky_job *job, const ky_source *source, const ky_source_file *file, const ky_cut_windows *windows,
                       const char *stem, ky_cut *out) {
  ky_gdal_log log = {0};
  double(*boxes)[4];
  ky_err err = KY_OK;
  cutting c = {
      .job = job, .windows = windows, .cut = out, .is_shapefile = ky_path_has(file->vsi_path, "shp"), .stem = stem};
  KY_NEW(job, scratch, boxes, windows->count);
  KY_NEW(job, scratch, c.parts, windows->count < AT_ONCE ? windows->count : AT_ONCE);
  ky_gdal_start();
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = open_source(file->vsi_path, c.is_shapefile);
  if (dataset == NULL) goto done; /* of another kind: everybody reads it as it is */
  c.layer = source->layer != NULL                    ? GDALDatasetGetLayerByName(dataset, source->layer)
            : GDALDatasetGetLayerCount(dataset) == 1 ? GDALDatasetGetLayer(dataset, 0)
                                                     : NULL;
  if (c.layer == NULL || OGR_L_GetGeomType(c.layer) == wkbNone || !boxes_in_crs(source, c.layer, windows, boxes))
    goto done;
  for (; c.first < windows->count && err == KY_OK; c.first += AT_ONCE) {
    const uint32_t left = windows->count - c.first;
    err = cut_pass(&c, source, (const double(*)[4])(boxes + c.first), left < AT_ONCE ? left : AT_ONCE, &log);
    out->passes++;
    out->bytes_read += file->bytes;
  }
  if (err == KY_OK && c.is_shapefile) err = copy_cpg(job, file, out, windows->count);
  if (err == KY_OK) out->method = KY_CUT_FEATURES;
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}
