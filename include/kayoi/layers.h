/* The layers of a run as finished tables. Whatever publishes a run (files, the page, a database, the public part) takes
 * these, and no structs of rooms. */
#ifndef KAYOI_LAYERS_H
#define KAYOI_LAYERS_H

#include <kayoi/table.h>

#define KY_TABLES_MAX 64

typedef struct ky_result ky_result; /* write.h */

typedef struct ky_layers {
  const char *crs; /* "EPSG:6670": of the tables' shapes in metres */
  uint32_t count;
  ky_table tables[KY_TABLES_MAX]; /* polygons are valid, shapes_deg are set */
} ky_layers;

/* Names of all layers that a run may have; NULL behind the last. */
const char *ky_layer_name(size_t index);

/* Every layer that the run has, but for its issues. names: only these of them; NULL: all. */
ky_err ky_layers_make(ky_job *job, const ky_result *result, const char *const *names, uint32_t name_count,
                      ky_layers *out);
/* Finishes a table and puts it behind the others. */
ky_err ky_layers_add(ky_job *job, const ky_table *table, ky_layers *layers);
/* The last layer: whatever is done before may add to them. */
ky_err ky_layers_add_issues(ky_job *job, ky_layers *layers);
/* NULL: the run does not have it. */
const ky_table *ky_layers_find(const ky_layers *layers, const char *layer);

#endif
