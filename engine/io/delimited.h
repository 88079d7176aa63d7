/* Text tables: comma, tab or semicolon, quotes, any line end. Cut as bytes, decoded field by field, so one bad byte
 * spoils one field only. */
#ifndef KAYOI_DELIMITED_H
#define KAYOI_DELIMITED_H

#include "io/encoding.h"
#include "io/role_columns.h"

#define KY_FIELDS_MAX 4096

typedef struct ky_delimited {
  const char *encoding; /* declared, or found for the whole file; NULL: mixed, decide field by field */
  char *at, *end;       /* what is still to be cut */
  char separator;
  uint64_t row;          /* of the newest row, from 1, as a spreadsheet counts */
  uint32_t field_count;  /* of the newest row; may be above KY_FIELDS_MAX, then the rest is not in field */
  bool is_unclosed;      /* a quote was opened and the file ended */
  bool is_blank;         /* all fields of the newest row are empty */
  bool has_bom;          /* the file begins with a byte order mark */
  bool says_separator;   /* its first line is sep= */
  bool has_quoted_lines; /* a quoted field so far had a line feed in it */
  const char **field;    /* [KY_FIELDS_MAX] not terminated */
  size_t *length;        /* [KY_FIELDS_MAX] */
} ky_delimited;

/* Loads the file, settles its encoding (declared, BOM, else all UTF-8, else all CP932) and its separator. */
ky_err ky_delimited_open(ky_job *job, const ky_source *source, const char *vsi_path, ky_delimited *out);
/* Cuts the next row; false at the end. */
bool ky_delimited_next(ky_delimited *table);
/* The newest row as names of columns. KY_E_INPUT when it does not decode. A blank name becomes "column 5". */
ky_err ky_delimited_names(ky_job *job, const ky_source *source, const ky_delimited *table, const char ***names,
                          uint32_t *count);
/* How the table is written, as far as it was cut. names: of the header. */
ky_dialect ky_delimited_dialect(const ky_delimited *table, uint64_t header_row, const char *const *names,
                                uint32_t count);
/* KY_E_INPUT for a quote that was never closed. */
ky_err ky_delimited_close(ky_job *job, const ky_source *source, const ky_delimited *table);

#endif
