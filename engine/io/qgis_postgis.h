/* Layers in PostGIS as QGIS finds them: views of the latest published run, for staff or for everybody. */
#ifndef KAYOI_QGIS_POSTGIS_H
#define KAYOI_QGIS_POSTGIS_H

#include "io/qgis_project.h"

typedef struct ky_qgis_postgis {
  const char *server; /* service='gis', or host=... dbname=... : no user, no password */
  bool is_public;     /* schema kayoi_public, else kayoi */
  int srid;
} ky_qgis_postgis;

/* Exactly one of service and conninfo is there. *server: NULL when the conninfo cannot be read. */
ky_err ky_qgis_server(ky_job *job, const char *service, const char *conninfo, const char **server);

/* For ky_qgis_place; user: a ky_qgis_postgis. */
const char *ky_qgis_postgis_source(void *user, ky_arena *arena, const ky_table *table, const char *subset);
/* Names of the columns there (sql/002_layers.sql, kayoi.column_name). NULL: out of memory. */
const char *const *ky_qgis_postgis_names(void *user, ky_arena *arena, const ky_table *table);

#endif
