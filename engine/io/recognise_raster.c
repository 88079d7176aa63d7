/* Facts of a raster: that it opens, its size, CRS and how many bands. */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/crs.h"
#include "io/dem_xml.h"
#include "io/gdal_log.h"
#include "io/recognise.h"
#include "io/source_file.h"

static ky_err look(ky_job *job, GDALDatasetH dataset, ky_recognised *out) {
  const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset)), *wkt = GDALGetProjectionRef(dataset);
  const bool is_tiff = strcmp(driver, "GTiff") == 0;
  bool is_valid = false;
  ky_crs crs;
  out->kind = is_tiff ? KY_FILE_RASTER : KY_FILE_ELEVATION;
  out->format = is_tiff ? "GeoTIFF" : "SRTM";
  if (wkt != NULL && wkt[0] != '\0') KY_TRY(ky_crs_read(job, wkt, &crs, &is_valid));
  if (is_valid) out->crs = crs.text;
  out->edition = ky_format(&job->keep, ky_tr("%d x %d pixels, CRS %.40s"), GDALGetRasterXSize(dataset),
                           GDALGetRasterYSize(dataset), is_valid ? crs.text : ky_tr("unknown"));
  return out->edition != NULL ? KY_OK : ky_fail_memory(job);
}

bool ky_recognise_is_raster(const char *vsi_path) {
  return ky_path_has(vsi_path, "tif") || ky_path_has(vsi_path, "tiff") || ky_path_has(vsi_path, "hgt");
}

ky_err ky_recognise_raster(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out) {
  const char *const drivers[] = {"GTiff", "SRTMHGT", NULL};
  ky_gdal_log log = {0};
  ky_err err;
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = GDALOpenEx(vsi_path, GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, NULL, NULL);
  if (dataset == NULL)
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s: cannot be opened as a raster: %s"), source->shown,
                  log.error[0] != '\0' ? log.error : ky_tr("its content is not what its name says"));
  else
    err = look(job, dataset, out);
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

/* The first tile of elevation in a zip (keep arena); NULL: it holds none. */
static const char *first_tile(ky_job *job, const char *root, char **members) {
  for (int i = 0; members != NULL && members[i] != NULL; i++)
    if (ky_path_has(members[i], "xml") && strncmp(ky_path_name(members[i]), "FG-GML-", 7) == 0)
      return ky_format(&job->keep, "%s/%s", root, members[i]);
  return NULL;
}

ky_err ky_recognise_dem(ky_job *job, const char *path, bool *is_dem, ky_recognised *out) {
  ky_gdal_log log = {0};
  ky_dem_tile tile = {.is_dem = false};
  const char *vsi_path = ky_path_has(path, "xml") ? path : NULL;
  *is_dem = false;
  ky_gdal_log_open(&log);
  if (ky_path_has(path, "zip")) {
    const char *root = ky_format(&job->scratch, "/vsizip/{%s}", path);
    char **members = root != NULL ? VSIReadDirRecursive(root) : NULL;
    vsi_path = first_tile(job, root, members);
    CSLDestroy(members);
  } else if (vsi_path != NULL && strstr(path, ".zip/") != NULL) {
    const char *end = strstr(path, ".zip/") + strlen(".zip");
    vsi_path = ky_format(&job->scratch, "/vsizip/{%.*s}%s", (int)(end - path), path, end);
  }
  ky_gdal_log_close();
  if (vsi_path == NULL) return KY_OK;
  KY_TRY(ky_dem_xml_read(job, vsi_path, false, &tile));
  if (!tile.is_dem) return KY_OK;
  if (tile.wrong != NULL) return ky_fail(job, KY_E_INPUT, "%s: %s", ky_path_name(path), tile.wrong);
  *is_dem = true;
  out->kind = KY_FILE_ELEVATION;
  out->format = "FG-GML";
  out->crs = tile.crs;
  out->edition = ky_format(&job->keep, ky_tr("%d x %d pixels, CRS %.40s"), (int)tile.columns, (int)tile.rows,
                           tile.crs != NULL ? tile.crs : ky_tr("unknown"));
  return out->edition != NULL ? KY_OK : ky_fail_memory(job);
}
