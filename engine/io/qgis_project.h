/* A QGIS project of a run's layers: groups in Japanese, order, what is visible at first, the run's CRS. */
#ifndef KAYOI_QGIS_PROJECT_H
#define KAYOI_QGIS_PROJECT_H

#include <kayoi/layers.h>

#include "io/xml_text.h"

/* Where the project's layers are. */
typedef struct ky_qgis_place {
  const char *provider; /* "ogr", "postgres" */
  void *user;
  /* The source of a layer, not escaped. subset: an SQL condition; NULL: all records. NULL: out of memory. */
  const char *(*source)(void *user, ky_arena *arena, const ky_table *table, const char *subset);
  /* Names of the columns there; NULL: the attributes' own. */
  const char *const *(*names)(void *user, ky_arena *arena, const ky_table *table);
} ky_qgis_place;

/* title: of the project, e.g. the municipality's name; NULL: none. */
ky_err ky_qgis_project(ky_job *job, const ky_layers *layers, const ky_qgis_place *place, const char *title,
                       ky_xml *xml);

#endif
