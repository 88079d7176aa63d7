/* A layer of a past run, whatever holds it. */
#ifndef KAYOI_PAST_LAYER_H
#define KAYOI_PAST_LAYER_H

#include <kayoi/past.h>
#include <ogr_api.h>

/* Columns by their names, and shapes (kind KY_SHAPE_NONE: none). is_text: fields are texts as in a CSV, empty ones are
 * null, lon and lat are a place. *is_good: the layer has the records and columns of then. */
ky_err ky_past_take(ky_job *job, OGRLayerH layer, const ky_past_layer *like, bool is_text, ky_table *out,
                    ky_shapes **shapes, bool *is_good);
/* Of a run in a database; *why as in ky_past_table_look. */
ky_err ky_past_table_database(ky_job *job, const ky_past *past, const ky_past_layer *like, const char *crs,
                              ky_table *out, const char **why);

#endif
