/* For QGIS and map servers: a project beside kayoi.gpkg, and the style of each layer as QML and SLD in styles/. */
#include <kayoi/write.h>
#include <stdlib.h>
#include <string.h>

#include "io/gdal_log.h"
#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/qgis_postgis.h"
#include "io/qgis_project.h"
#include "io/style.h"

static ky_err save(ky_job *job, const char *path, const ky_xml *xml) {
  ky_out_file out;
  if (path == NULL || xml->is_out_of_memory) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_bytes(&out, xml->text, xml->used);
  return ky_out_close(job, &out);
}

static ky_err write_styles(ky_job *job, const ky_layers *layers, const ky_table *table, const char *folder) {
  ky_look look;
  KY_TRY(ky_look_make(job, layers, table, &look));
  const ky_style style = {.table = table, .look = &look};
  ky_xml qml = ky_xml_new(&job->scratch), sld = ky_xml_new(&job->scratch);
  ky_style_qml(&style, &qml);
  KY_TRY(save(job, ky_format(&job->scratch, "%s/%s.qml", folder, table->layer), &qml));
  if (look.kind == KY_SHAPE_NONE) return KY_OK; /* nothing to draw */
  ky_style_sld(&style, &sld);
  return save(job, ky_format(&job->scratch, "%s/%s.sld", folder, table->layer), &sld);
}

static const char *source_in_gpkg(void *user, ky_arena *arena, const ky_table *table, const char *subset) {
  (void)user;
  return ky_format(arena, "./kayoi.gpkg|layername=%s%s%s", table->layer, subset != NULL ? "|subset=" : "",
                   subset != NULL ? subset : "");
}

static ky_err save_project(ky_job *job, const ky_layers *layers, const ky_qgis_place *place, const char *title,
                           const char *folder, const char *name) {
  ky_gdal_log log = {0};
  ky_xml xml = ky_xml_new(&job->scratch);
  ky_gdal_start();
  ky_gdal_log_open(&log);
  const ky_err err = ky_qgis_project(job, layers, place, title, &xml);
  ky_gdal_log_close();
  return err != KY_OK ? err : save(job, ky_format(&job->scratch, "%s/%s", folder, name), &xml);
}

static ky_err write_project(ky_job *job, const ky_layers *layers, const char *title, const char *folder) {
  const ky_qgis_place place = {.provider = "ogr", .source = source_in_gpkg};
  return save_project(job, layers, &place, title, folder, "kayoi.qgs");
}

/* Over the views of the database that the run is published into. */
static ky_err write_postgis(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  ky_qgis_postgis at = {.is_public = opts->is_public};
  const ky_qgis_place place = {
      .provider = "postgres", .user = &at, .source = ky_qgis_postgis_source, .names = ky_qgis_postgis_names};
  KY_TRY(ky_qgis_server(job, opts->postgis_service, opts->postgis_conninfo, &at.server));
  if (at.server == NULL) return KY_OK; /* the room that publishes says what is wrong with it */
  at.srid = strncmp(layers->crs, "EPSG:", 5) == 0 ? (int)strtol(layers->crs + 5, NULL, 10) : 0;
  return save_project(job, layers, &place, opts->municipality_name, folder, "kayoi-postgis.qgs");
}

static ky_err write_qgis(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  const char *styles;
  KY_TRY(ky_folder_inside(job, folder, "styles", &styles));
  for (uint32_t t = 0; t < layers->count; t++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    KY_TRY(write_styles(job, layers, &layers->tables[t], styles));
    ky_arena_rewind(&job->scratch, mark);
  }
  KY_TRY(write_project(job, layers, opts->municipality_name, folder));
  if (opts->postgis_service == NULL && opts->postgis_conninfo == NULL) return KY_OK;
  return write_postgis(job, layers, opts, folder);
}

const ky_writer ky_writer_qgis = {
    .name = "qgis",
    .help = KY_MSG("QGIS project kayoi.qgs over the GeoPackage; a folder of styles (QML, SLD)"),
    .write = write_qgis};
