/* One input of many municipalities, cut to the window of each: every input is read once, however many there are. */
#ifndef KAYOI_CUT_H
#define KAYOI_CUT_H

#include <kayoi/read.h>
#include <kayoi/rtree.h>

#include "io/source_file.h"

/* Where each municipality's inputs have to reach: boxes in degrees. */
typedef struct ky_cut_windows {
  uint32_t count;
  double (*box)[4];          /* [count] west, south, east, north */
  const char *const *folder; /* [count] where the parts go; it is there */
} ky_cut_windows;

typedef enum ky_cut_method {
  KY_CUT_LINKED,   /* not cut: everybody reads it as it is */
  KY_CUT_LINES,    /* rows of a table, byte for byte */
  KY_CUT_FEATURES, /* records of a vector file */
  KY_CUT_OSM       /* by osmium */
} ky_cut_method;

typedef struct ky_cut {
  ky_cut_method method;
  const char **path;     /* [windows->count] of the part, in the folder; NULL: nothing of it lies in the window */
  uint64_t *records;     /* [windows->count] of the part; 0 for KY_CUT_OSM, which does not count them */
  uint64_t *bytes;       /* [windows->count] of the part on disk */
  uint64_t bytes_read;   /* in all passes over the input */
  uint64_t record_count; /* read */
  uint64_t placeless;    /* without a place that can be read: in every part */
  uint32_t passes;
} ky_cut;

/* "linked", "lines", "features", "osmium". */
const char *ky_cut_method_name(ky_cut_method method);

/* number: of the input; its parts are <folder>/<number>/<name of the input>. What cannot be cut is linked. KY_E_INPUT
 * for an input that cannot be read, KY_E_OUTPUT when a part cannot be written, KY_E_RESOURCE without the program
 * osmium. */
ky_err ky_cut_source(ky_job *job, const ky_source *source, const ky_cut_windows *windows, uint32_t number, ky_cut *out);

/* Its parts, for a stem "<number>/<name without extension>"; each leaves method KY_CUT_LINKED where the input is none
 * of its kind. */
ky_err ky_cut_lines(ky_job *job, const ky_source *source, const ky_source_file *file, const ky_cut_windows *windows,
                    const char *stem, ky_cut *out);
ky_err ky_cut_features(ky_job *job, const ky_source *source, const ky_source_file *file, const ky_cut_windows *windows,
                       const char *stem, ky_cut *out);
ky_err ky_cut_osm(ky_job *job, const ky_source *source, const ky_cut_windows *windows, const char *stem, ky_cut *out);

#endif
