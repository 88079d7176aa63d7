/* How layers look on a map: classes with their conditions, Japanese words and symbols. QGIS styles, SLD and whoever
 * else draws a layer say the same from here. */
#ifndef KAYOI_LOOKS_H
#define KAYOI_LOOKS_H

#include <kayoi/layers.h>

#define KY_LOOK_TESTS 3

typedef enum ky_test_kind {
  KY_TEST_CODE, /* the text is `code` */
  KY_TEST_NULL,
  KY_TEST_KNOWN,
  KY_TEST_TRUE,
  KY_TEST_FALSE,
  KY_TEST_RANGE /* above < value <= up_to */
} ky_test_kind;

typedef struct ky_look_test {
  const ky_column *column;
  ky_test_kind kind;
  const char *code;
  int64_t above, up_to; /* in the column's decimals; KY_NULL: no limit */
} ky_look_test;

typedef enum ky_mark {
  KY_MARK_CIRCLE,
  KY_MARK_SQUARE,
  KY_MARK_DIAMOND,
  KY_MARK_TRIANGLE,
  KY_MARK_STAR,
  KY_MARK_CROSS
} ky_mark;

typedef struct ky_look_class {
  const char *label;                /* Japanese */
  ky_look_test test[KY_LOOK_TESTS]; /* all of them hold; no record is in two classes */
  uint32_t test_count;
  uint32_t fill, line;         /* 0xRRGGBB */
  uint32_t fill_pct, line_pct; /* opacity, 0..100 */
  uint32_t line_um, size_um;   /* widths and sizes on paper, micrometres; line_um = 0: no line */
  ky_mark mark;                /* of points */
  bool is_dashed;
} ky_look_class;

typedef struct ky_look {
  ky_shape_kind kind; /* POINT, LINE, POLYGON; NONE: a table */
  ky_look_class *of;
  uint32_t count;
  const ky_column *name[2];             /* written beside the record: both with a space between; NULL: none */
  const char *name_before, *name_after; /* around the first of them: 候補 1, 1 位; NULL: nothing */
  uint32_t name_scale;                  /* names are shown from 1:name_scale on; 0: always */
  const ky_column *order;               /* drawn by this, the largest first; NULL: as they come */
} ky_look;

/* The look of one of the layers (keep arena). Classes whose columns are missing are left out; at least one is there. */
ky_err ky_look_make(ky_job *job, const ky_layers *layers, const ky_table *table, ky_look *out);
/* The borders of zones alone, to be drawn above other layers. */
ky_err ky_look_borders(ky_job *job, const ky_table *zones, ky_look *out);
/* The distances of the run, millimetres, in increasing order: of its service areas, else its streets. Their number. */
uint32_t ky_look_bands(const ky_layers *layers, int64_t bands[], uint32_t capacity);

#endif
