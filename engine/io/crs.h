/* Coordinate reference systems: what a definition is, which one a run uses, and the way from one to the other.
 * Coordinates are always x = east or longitude, y = north or latitude. */
#ifndef KAYOI_CRS_H
#define KAYOI_CRS_H

#include <kayoi/read.h>

typedef struct ky_crs {
  const char *text;   /* "EPSG:6668"; WKT when it has no code (keep arena) */
  const char *name;   /* "JGD2011" */
  const char *datum;  /* "JGD2011", "JGD2000", "Tokyo" or another name */
  bool is_geographic; /* degrees */
  bool is_metric;     /* projected, metres */
} ky_crs;

/* Reads "EPSG:6668", WKT or a PROJ string. False: not a CRS (the caller says where it was written). No file and no
 * network is looked at. */
ky_err ky_crs_read(ky_job *job, const char *definition, ky_crs *out, bool *is_valid);

/* The CRS of a raw from what the file says (WKT or code; NULL: nothing) and source->crs, which wins with an issue when
 * they differ. Sets raw->crs, crs_origin, is_geographic; KY_E_INPUT when neither says anything. */
ky_err ky_crs_settle(ky_job *job, const ky_source *source, const char *from_file, ky_raw *raw);

/* Transforms n coordinates in place. Those that cannot be become NAN. */
ky_err ky_crs_transform(ky_job *job, const char *from, const char *to, double *x, double *y, size_t n);

/* The run's CRS: opts->crs if given; else by the prefecture of the municipality's code, by longitude in Japan, by UTM
 * zone elsewhere. lon, lat: a place in the middle of the municipality, degrees. *origin: see ky_inputs.crs_origin. */
ky_err ky_crs_choose(ky_job *job, const ky_read_opts *opts, double lon, double lat, const char **crs,
                     const char **origin);

/* Says once per source what a change of datum costs here (Tokyo without its grid: about 9 m). */
ky_err ky_crs_warn_datum(ky_job *job, const char *source, const char *from, const char *to);

/* Says when the run's CRS is made for another region than the one that the data is in (degrees; NAN: unknown). */
ky_err ky_crs_warn_place(ky_job *job, const char *crs, double lon, double lat);

/* Is the place in the box of Japan, degrees? */
bool ky_crs_is_japan(double lon, double lat);

#endif
