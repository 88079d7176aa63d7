/* What a file is, from its header, columns and name: for `kayoi init --from` and `kayoi check`. */
#ifndef KAYOI_RECOGNISE_H
#define KAYOI_RECOGNISE_H

#include <kayoi/read.h>

typedef enum ky_file_kind {
  KY_FILE_UNKNOWN,
  KY_FILE_CENSUS_GRID,
  KY_FILE_GRID_TABLE,
  KY_FILE_FUTURE_GRID,
  KY_FILE_MESH,
  KY_FILE_SMALL_AREAS,
  KY_FILE_AREA_TABLE,
  KY_FILE_BORDER,
  KY_FILE_ZONES,
  KY_FILE_SCHOOL_DISTRICTS,
  KY_FILE_ZONE_LOOKUP,
  KY_FILE_OFFICIAL,
  KY_FILE_FACTS,
  KY_FILE_ROADS,
  KY_FILE_LINES,
  KY_FILE_BUILDINGS,
  KY_FILE_BARRIERS,
  KY_FILE_ELEVATION,
  KY_FILE_SLOPE_GRID,
  KY_FILE_RASTER,
  KY_FILE_VENUES,
  KY_FILE_HALLS,
  KY_FILE_SHELTERS,
  KY_FILE_PLACES,
  KY_FILE_CARE_SERVICES,
  KY_FILE_WELFARE,
  KY_FILE_CLINICS,
  KY_FILE_RESOURCES,
  KY_FILE_BUS_ROUTES,
  KY_FILE_WORKBOOK,
  KY_FILE_GTFS,
  KY_FILE_STOPS,
  KY_FILE_TOWNS,
  KY_FILE_BLOCKS,
  KY_FILE_NATIONAL,
  KY_FILE_POLYGONS,
  KY_FILE_POINTS,
  KY_FILE_AREA_PEOPLE,
  KY_FILE_DISTRICT_LIST,
  KY_FILE_ADDRESSES,
  KY_FILE_TABLE,
  KY_FILE_KIND_COUNT
} ky_file_kind;

typedef enum ky_file_use {
  KY_USE_NONE,  /* known, but nothing of a run is made of it */
  KY_USE_OFFER, /* may serve a role; somebody has to decide */
  KY_USE_ROLE   /* is what the role asks for */
} ky_file_use;

typedef struct ky_file_info {
  const char *name; /* "census_grid": stable, for programs */
  const char *text; /* KY_MSG */
  ky_role role;     /* KY_ROLE_COUNT: none */
  ky_file_use use;
  const char *reason; /* KY_MSG: why it is not used, or what has to be decided; NULL for KY_USE_ROLE */
} ky_file_info;

const ky_file_info *ky_file_info_get(ky_file_kind kind);

typedef struct ky_recognised {
  bool is_brief; /* only what fixes its kind: records are neither counted nor looked at */
  ky_file_kind kind;
  const char *problem;     /* why it cannot be read; NULL: it can */
  const char *format;      /* "Shapefile", "CSV", ... ; NULL: unknown */
  const char *edition;     /* table and year, or what tells its vintage; NULL */
  const char *date;        /* reference date where the edition fixes it; NULL */
  ky_dialect dialect;      /* of a text table or spreadsheet */
  const char *encoding;    /* of texts; NULL: not a matter */
  const char *crs;         /* NULL: none, or the file does not say */
  ky_shape_kind geometry;  /* KY_SHAPE_NONE: none */
  bool has_geometry_other; /* a kind that no role takes */
  uint32_t count;          /* records; KY_NONE: not counted */
  const char **columns;
  uint32_t column_count;
  const char *municipality_code, *municipality_name; /* of the only municipality that its records name; NULL */
  uint32_t municipality_count;                       /* 0 none named, 1, 2: several */
  const char **layers;                               /* of a file with several */
  uint32_t layer_count;
} ky_recognised;

/* Looks at a file ("a.zip/b.shp" inside a zip); layer: NULL for the first. Texts go to job's keep arena, a file that
 * cannot be read is a `problem`. Fails only when memory is out. */
ky_err ky_recognise(ky_job *job, const char *path, const char *layer, ky_recognised *out);
/* The same from the header alone: kind, format, edition and columns. */
ky_err ky_recognise_brief(ky_job *job, const char *path, const char *layer, ky_recognised *out);

/* "census grid (T001101, 2020, 500 m)". NULL: memory is out. */
const char *ky_recognised_text(ky_job *job, const ky_recognised *file);

/* Data files in a zip, sorted, as paths to recognise; count 0 when it cannot be opened. A GTFS feed is one file, and so
 * are tiles of elevation in XML: the zip. */
ky_err ky_recognise_zip(ky_job *job, const char *path, const char ***members, uint32_t *count);

/* For the parts of the recogniser: sets kind, edition and what hangs on them from format, columns and geometry. */
ky_err ky_recognise_kind(ky_job *job, const char *file_name, ky_recognised *out);
/* Facts of a text table, and of a layer of a vector file; failures are left in the job. */
ky_err ky_recognise_table(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out);
ky_err ky_recognise_layer(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out);
ky_err ky_recognise_raster(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out);
bool ky_recognise_is_raster(const char *vsi_path);
/* A tile of elevation in XML, or a zip of them? Then *out says so. path: not GDAL's. */
ky_err ky_recognise_dem(ky_job *job, const char *path, bool *is_dem, ky_recognised *out);

/* Which municipalities the records name, one record at a time; NULL: blank. */
ky_err ky_recognise_municipality(ky_job *job, const char *code, const char *name, ky_recognised *out);

#endif
