/* GeoPackages of several runs as one: a layer of each name, records behind each other. */
#ifndef KAYOI_MERGE_LAYERS_H
#define KAYOI_MERGE_LAYERS_H

#include <kayoi/job.h>

typedef struct ky_layer_merge ky_layer_merge;

/* A new file. crs: [count] of the runs, NULL for those that are not merged. The file is in their CRS when all have the
 * same, else in degrees (JGD2011, EPSG:6668). */
ky_err ky_layer_merge_open(ky_job *job, const char *path, const char *const *crs, uint32_t count, ky_layer_merge **out);
/* Adds a GeoPackage: every layer, with the columns that it has, behind the municipality's code and name. */
ky_err ky_layer_merge_add(ky_job *job, ky_layer_merge *merge, const char *path, const char *code, const char *name);
/* Ends the file; returns err, or what went wrong at the end. */
ky_err ky_layer_merge_close(ky_job *job, ky_err err, ky_layer_merge *merge);

#endif
