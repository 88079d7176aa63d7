/* What of a run's layers the page shows. */
#ifndef KAYOI_REPORT_LAYERS_H
#define KAYOI_REPORT_LAYERS_H

#include <kayoi/table.h>

/* More than this is no page any more: a browser of an office computer would not finish reading it. */
#define KY_REPORT_RECORDS_MAX  300000u
#define KY_REPORT_VERTICES_MAX 3000000u

typedef struct ky_report_layer {
  const char *layer;
  const char *columns;   /* names between spaces, each with one before and behind; NULL: all */
  uint8_t decimals;      /* of its degrees */
  bool is_later;         /* read after the first view */
  const char *when_null; /* of a layer that is too large, the records without this are shown alone; NULL: none are */
} ky_report_layer;

extern const ky_report_layer ky_report_layers[]; /* in the order in which the page reads them; ends with layer NULL */

bool ky_report_takes(const ky_report_layer *of, const char *column);
bool ky_report_is_large(const ky_table *table);

#endif
