/* What one input format is to the read room. Each read_<name>.c exports `const ky_reader ky_reader_<name>`. */
#ifndef KAYOI_READER_H
#define KAYOI_READER_H

#include <kayoi/read.h>

typedef struct ky_reader {
  const char *name; /* "estat": the config's `format` */
  const char *help;
  /* Higher wins; 0: not this format. Looks at the name and the first bytes only. */
  int (*recognise)(const ky_source *source, const char *vsi_path);
  /* Reads everything; shapes in the source's CRS, raw->crs set (or KY_E_INPUT saying that crs: is needed). */
  ky_err (*read)(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out);
} ky_reader;

extern const ky_reader *const ky_readers[]; /* NULL-terminated */

#endif
