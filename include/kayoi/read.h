/* Room 1, read: files become raw records. The only room whose structs may hold degrees, and only until
 * ky_read projects them: what ky_inputs holds is metres in the run's CRS. */
#ifndef KAYOI_READ_H
#define KAYOI_READ_H

#include <kayoi/shape.h>
#include <kayoi/transit.h>

/* What a source is for. */
typedef enum ky_role {
  KY_ROLE_RESIDENTS,   /* polygons (cells) or points with counts of people */
  KY_ROLE_VENUES,      /* gathering places: points */
  KY_ROLE_ZONES,       /* daily-living zones: polygons */
  KY_ROLE_BORDER,      /* the municipality: polygons */
  KY_ROLE_ROADS,       /* lines */
  KY_ROLE_ROAD_EXTENT, /* polygons: where the road data is complete */
  KY_ROLE_SITES,       /* candidate sites: points */
  KY_ROLE_OFFICIAL,    /* official people per zone: no geometry */
  KY_ROLE_FACTS,       /* values stated of zones, surveys and households: no geometry */
  KY_ROLE_RESOURCES,   /* shops, clinics, vehicle providers: points */
  KY_ROLE_ZONE_LOOKUP, /* which small area belongs to which zone: no geometry */
  KY_ROLE_HALLS,       /* geocoding: halls and facilities with their names, points */
  KY_ROLE_BLOCKS,      /* geocoding: positions of blocks and lots by address, points */
  KY_ROLE_TOWNS,       /* geocoding: positions of towns by address, points */
  KY_ROLE_NAMES,       /* names of places: polygons or points */
  KY_ROLE_FEEDS,       /* timetables (GTFS): poles as points, see ky_raw.feed */
  KY_ROLE_STOPS,       /* stops without a timetable: points, or lines of stations */
  KY_ROLE_BUS_ROUTES,  /* bus routes, lines, perhaps with their trips on a weekday */
  KY_ROLE_YEARS,       /* people of further years: polygons, points or grid codes, a column per year and age band */
  KY_ROLE_BARRIERS,    /* rivers, railways: lines, or polygons as their outlines */
  KY_ROLE_ELEVATION,   /* rasters of heights: only located by ky_read, sampled by ky_elevation_sample */
  KY_ROLE_BUILDINGS,   /* where homes are: polygons or points with use and storeys */
  KY_ROLE_COUNT
} ky_role;

/* One attribute that a role understands. `labels`: column names, normalised (ky_text_key) and '|'-separated,
 * that mean it when the config maps nothing; the attribute's own name always does. */
typedef struct ky_attribute {
  const char *name;
  const char *labels;
  bool is_required;
  const char *help;
} ky_attribute;

typedef struct ky_role_info {
  const char *name; /* "residents": the key of the config */
  const ky_attribute *attributes;
  uint32_t attribute_count;
  unsigned kinds; /* bit 1 << ky_shape_kind for each geometry accepted */
} ky_role_info;

const ky_role_info *ky_role_get(ky_role role);
/* Are its records placed by name and address where they have no coordinates (geocoding)? */
bool ky_role_is_geocoded(ky_role role);

/* attribute <- column, from the config. */
typedef struct ky_mapping {
  const char *attribute;
  const char *column;
} ky_mapping;

/* Where people matter to a run: the box of the municipality with its margin, degrees. */
typedef struct ky_read_window {
  double west_deg, south_deg, east_deg, north_deg;
} ky_read_window;

/* A table or query of a PostGIS database as a source. Texts are NULL where not given. */
typedef struct ky_pg_source {
  const char *service, *conninfo; /* where; neither: libpq's environment */
  const char *table, *query;      /* one of them */
  const char *geometry;           /* column; NULL: the only one of its type */
  const char *id;                 /* column that orders and names the records; NULL: the key of the table */
  int timeout_s;                  /* of each statement */
  struct ky_pg_session *session;  /* the connection, one for all sources of a place (io/pg_session.h) */
} ky_pg_source;

/* Where records of a database came from: for reports and run.json. No credentials. */
typedef struct ky_pg_origin {
  const char *place; /* as configured: "service=gis" */
  const char *server, *database, *user, *version;
  const char *postgis;  /* version of the extension; NULL: it is not there */
  const char *encoding; /* of the database */
  const char *tls;      /* NULL: not encrypted */
  const char *sslmode;
  const char *table; /* schema.table; NULL: a query */
  const char *query;
  const char *order;    /* columns that order the rows: "gid"; NULL: all of them */
  const char *geometry; /* its column; NULL: none is used */
  uint32_t srid;        /* of the geometry; 0: none */
} ky_pg_origin;

/* A source as the config states it. Texts may be NULL where not given. */
typedef struct ky_source {
  ky_role role;
  const char *name;              /* "residents[0]" */
  const char *path;              /* resolved against the config's folder; may be inside a zip: a.zip or a.zip/b.shp;
                                    NULL: it is in a database */
  const char *shown;             /* path as written in the config: for messages and run.json */
  ky_pg_source *postgis;         /* the table or query that it is; NULL: a file */
  const char *table;             /* residents by area: table of people joined by key, resolved like path; NULL: none */
  const char *table_shown;       /* as written in the config */
  const char *format;            /* reader name; NULL: recognised */
  const char *layer;             /* layer in a multi-layer file */
  const char *encoding;          /* iconv name; NULL: from the file */
  const char *crs;               /* "EPSG:6668"; NULL: from the file */
  const char *lon, *lat;         /* coordinate columns of a table without geometry */
  const char *date;              /* reference date as given */
  const char *participants_band; /* of whom its participants are counted: "65", "75", "85", "all"; NULL: 65 */
  const char *participants_extent; /* whose people they are when not the municipality's; NULL: the municipality's */
  const char *participants_date;   /* reference date of them; NULL: `date` */
  const char *kind; /* resources: what all its records are, a code of KY_RESOURCE_KINDS; NULL: by column */
  bool is_workbook; /* a sheet of the workbook: it may be empty, and messages name its rows */
  int grid_level_m; /* residents by grid code: 1000, 500, 250, 125, 100; 0: halving series by length */
  bool is_open;     /* published statistics (disclosure: open) */
  bool is_informal; /* venues: informal gatherings, which are drawn but never count */
  int year;         /* residents from a file with several years: the one to take; 0: none */
  const int *years; /* [year_count] role KY_ROLE_YEARS: those wanted, ascending; year_count 0: all */
  uint32_t year_count;
  const struct ky_read_window *window; /* rasters, buildings: the part to be read; NULL: all (set by ky_read) */
  struct ky_town_filter *towns;        /* addresses: towns asked for (io/town_filter.h, set by ky_read); NULL: all */
  const char *kinds; /* sites of KSJ: "all", or codes, '|'-separated; NULL: those in which venues are opened.
                        Barriers: "all", or values (io/barrier_kinds.h); NULL: the default ones */
  ky_mapping *columns;
  uint32_t column_count;
  const char **walkable; /* roads: classes that can be walked, and no others; count 0: by the rules */
  uint32_t walkable_count;
  const char **residential; /* buildings: uses that are homes, and no others; count 0: by the rules */
  uint32_t residential_count;
} ky_source;

/* One attribute of all records, as text in UTF-8, trimmed; NULL = missing (null, blank). */
typedef struct ky_raw_column {
  const char *attribute;
  const char *column; /* its name in the source */
  const char **value; /* [count] */
} ky_raw_column;

/* How a text table is written; a sheet of a spreadsheet has no separator. All zero: neither of them. */
typedef struct ky_dialect {
  char separator;        /* ',', tab, ';' */
  bool is_sheet;         /* a spreadsheet, whatever it is named */
  bool says_separator;   /* its first line is Excel's sep= */
  bool has_bom;          /* begins with a byte order mark */
  bool has_quoted_lines; /* line feeds in a quoted field */
  bool has_wide_names;   /* full-width letters or digits, or half-width kana, in the header */
  bool has_wide_digits;  /* in numbers and coordinates */
  uint32_t header_row;   /* as a spreadsheet counts; 0: none */
} ky_dialect;

/* What a building is for (method.md 2). */
typedef enum ky_building_use {
  KY_BUILDING_HOME,
  KY_BUILDING_UNSPECIFIED, /* a building, and no more is said: building=yes, 普通建物, 不明 */
  KY_BUILDING_OTHER
} ky_building_use;

/* Buildings of one source, as its columns say it (io/building_facts.h). */
typedef struct ky_building_facts {
  uint8_t *use;            /* [count] ky_building_use */
  uint32_t *storeys_milli; /* [count] thousandths; KY_NONE unknown */
  uint32_t *area_dm2;      /* [count] footprint stated, hundredths of a square metre; KY_NONE unknown */
} ky_building_facts;

/* Records of one source. Bad records were left out of the arrays and reported as issues by the reader. */
typedef struct ky_raw {
  const ky_source *source;
  uint32_t count;
  ky_shapes shapes;          /* count records; kind NONE when the source has no geometry */
  const char **record;       /* [count] id of the record as given, else its row number, for messages */
  const char **coord_source; /* [count] "hall", "block", "town" where kayoi found the place, else NULL; may be NULL */
  ky_raw_column *columns;    /* only those that exist in the source */
  uint32_t column_count;
  const char *format;   /* "e-Stat grid", "GeoJSON", ... */
  const char *encoding; /* NULL: not a matter */
  ky_dialect dialect;
  const char *crs;                  /* "EPSG:6668" */
  const char *crs_origin;           /* "file", "database", "config", or "assumption" (an issue says so) */
  bool is_geographic;               /* before projection: degrees */
  uint32_t read_count;              /* records seen in the file */
  uint32_t bad_count;               /* of them left out */
  uint32_t elsewhere_count;         /* of them left out because they are of other municipalities */
  ky_shapes extent;                 /* where the source is complete, polygons (grid meshes); count 0: unknown */
  const struct ky_ksj_vintage *ksj; /* facilities of KSJ: their vintage (io/ksj_places.h); NULL */
  uint32_t unneeded_count;          /* addresses: rows of towns that nobody asks for, buildings far away: not kept */
  uint32_t kinds_left_out;          /* sites: records of kinds in which no venue is opened */
  ky_building_facts buildings;      /* role KY_ROLE_BUILDINGS; else NULLs */
  ky_feed *feed;                    /* what the timetable says; NULL unless the role is KY_ROLE_FEEDS */
  uint64_t bytes, hash;             /* of the file(s): size, XXH3-64 */
  uint64_t table_bytes, table_hash; /* of source->table; 0: none */
  const char *vsi_path;             /* where GDAL finds the file; NULL: in a database */
  const ky_pg_origin *postgis;      /* NULL: a file */
} ky_raw;

/* "residents[0] grid.txt": how messages and issues name a source (keep arena). */
const char *ky_source_where(ky_job *job, const ky_source *source);

/* Value of an attribute for a record; NULL when the column or the value is missing. */
const char *ky_raw_value(const ky_raw *raw, const char *attribute, uint32_t record);
/* Column of an attribute; NULL when the source has none. */
const ky_raw_column *ky_raw_column_of(const ky_raw *raw, const char *attribute);

#define KY_LAYER_UNKNOWN INT8_MIN /* a layer that is no whole number from -99 to 99 */

/* Roads as walkable or not walkable lines, still whole ways: vertices rounded to 1e-7 degrees (geographic
 * sources) before projection and to whole millimetres after it, so equal vertices are junctions. */
typedef struct ky_ways {
  ky_shapes shapes;     /* lines, metres, whole millimetres; only walkable ways; a part is a line of its own */
  uint32_t *class_bits; /* [count] bit 1 << ky_street_class for each class named; 0: the layer names none */
  uint8_t *is_bridge;   /* [count] bridge or tunnel */
  int8_t *layer;        /* [count] height above or below the ground (0), KY_LAYER_UNKNOWN; NULL: all on the ground */
  const char **record;  /* [count] for messages */
  const char **source;  /* [count] source name, for messages */
  uint32_t *claimed_mm; /* [count] length column of the source, KY_NONE when it has none */
  const char **from_claim, **to_claim; /* [count] node columns of the source; NULL when it has none */
  ky_shapes extent;                    /* roads.extent; count 0: none given */
} ky_ways;

#define KY_STREET_CLASSES(X)                  \
  X(KY_STREET_RESIDENTIAL, "residential")     \
  X(KY_STREET_LIVING_STREET, "living_street") \
  X(KY_STREET_UNCLASSIFIED, "unclassified")   \
  X(KY_STREET_PEDESTRIAN, "pedestrian")       \
  X(KY_STREET_TRUNK, "trunk")                 \
  X(KY_STREET_PRIMARY, "primary")             \
  X(KY_STREET_SECONDARY, "secondary")         \
  X(KY_STREET_TERTIARY, "tertiary")           \
  X(KY_STREET_SERVICE, "service")             \
  X(KY_STREET_TRACK, "track")                 \
  X(KY_STREET_PATH, "path")                   \
  X(KY_STREET_FOOTWAY, "footway")             \
  X(KY_STREET_STEPS, "steps")                 \
  X(KY_STREET_CYCLEWAY, "cycleway")           \
  X(KY_STREET_BRIDLEWAY, "bridleway")         \
  X(KY_STREET_ROAD, "road")                   \
  X(KY_STREET_FERRY, "ferry")                 \
  X(KY_STREET_OTHER, "other")

typedef enum ky_street_class {
#define KY_X(name, text) name,
  KY_STREET_CLASSES(KY_X)
#undef KY_X
      KY_STREET_CLASS_COUNT
} ky_street_class;

const char *ky_street_class_name(ky_street_class street_class);

/* All sources of a run, projected. Arrays may be empty. */
typedef struct ky_inputs {
  const char *crs;        /* "EPSG:6670" of the run */
  const char *crs_origin; /* "config", "prefecture 43", "longitude", "UTM" */
  double x_m, y_m;        /* about the middle of the municipality; NAN unknown */
  ky_raw *residents;
  uint32_t resident_count;
  ky_raw *venues;
  uint32_t venue_count;
  ky_raw *zones;
  uint32_t zone_count;
  ky_raw *borders;
  uint32_t border_count;
  ky_raw *sites;
  uint32_t site_count;
  ky_raw *resources;
  uint32_t resource_source_count;
  ky_raw *officials;
  uint32_t official_count;
  ky_raw *facts;
  uint32_t fact_source_count;
  ky_raw *elevations; /* rasters; no records */
  uint32_t elevation_count;
  ky_raw *barriers; /* lines; outlines of polygons are closed lines */
  uint32_t barrier_count;
  ky_raw *references; /* halls, blocks and towns for geocoding, lookups of zones; kept for provenance */
  uint32_t reference_count;
  ky_raw *names;
  uint32_t name_source_count;
  ky_raw *feeds;
  uint32_t feed_count;
  ky_raw *stops;
  uint32_t stop_source_count;
  ky_raw *bus_routes;
  uint32_t bus_route_count;
  ky_raw *years; /* people of further years */
  uint32_t year_source_count;
  ky_raw *buildings;
  uint32_t building_source_count;
  ky_raw *roads; /* shapes are moved into `ways`; kept for provenance */
  uint32_t road_count;
  ky_ways ways;
} ky_inputs;

/* What became of one source: for `kayoi check`, which reads every source even when another cannot be read. */
typedef struct ky_source_report {
  ky_err err;          /* KY_OK: it was read */
  const char *message; /* else: why not */
  const char *kind;    /* what the file is, by its header: "census grid (T001141, 2020, 500 m)"; NULL: nothing known */
  const char *where;   /* ky_issue.source of its issues */
  ky_raw raw;          /* counts, columns, CRS; as far as reading came */
  bool has_extent;     /* the box below, degrees */
  double west_deg, south_deg, east_deg, north_deg;
  bool is_reference; /* its box is (part of) the municipality's */
  bool is_apart;     /* its box does not touch the municipality's */
  double overlap;    /* share of the municipality's box that its box covers, 0 to 1; NAN: cannot be said */
} ky_source_report;

typedef struct ky_read_opts {
  const ky_source *sources;
  uint32_t source_count;
  ky_source_report *reports; /* [source_count] to be filled, all sources are read; NULL: the first failure ends it */
  const char *crs;           /* of the run; NULL: chosen (see ky_inputs.crs_origin) */
  const char *municipality_code; /* first two digits: prefecture; may be NULL */
  const char *municipality_name; /* dropped from names of halls; may be NULL */
  bool with_ferries;             /* walk on ferries too */
  double zone_min_inside;        /* share of a school district inside the border from which it is one of its zones */
  ky_transit_opts transit;       /* feeds: day and hours that are counted */
  double margin_m; /* around the municipality (study.margin_m): a raster of people is read, and places of a list are
                      kept, to there */
} ky_read_opts;

/* Reads, checks and projects every source. Fails (KY_E_INPUT) on a missing or unreadable file, an unknown
 * format, CRS or encoding, a wrong geometry type, a mapped column that does not exist, or no usable record in
 * residents or roads; all else that is odd is an issue. */
ky_err ky_read(ky_job *job, const ky_read_opts *opts, ky_inputs *out);

/* Roads come last and apart: ky_read only locates them (unless it reports on all sources), and when the network of the
 * same roads is kept from an earlier run they are not read at all. Fills inputs->ways. */
ky_err ky_read_roads(ky_job *job, const ky_read_opts *opts, ky_inputs *inputs);

/* Ends what ky_read keeps open for ky_read_roads: connections to databases, and with them their snapshot. Also after a
 * failure, and when the roads were not read. */
void ky_read_end(const ky_read_opts *opts);

/* Reads every source into opts->reports (not NULL) and makes nothing of them: files that belong to no run yet. */
ky_err ky_read_alone(ky_job *job, const ky_read_opts *opts);

/* Fails when a source has a larger share of bad records than allowed (KY_WHOLE parts). */
ky_err ky_inputs_check_bad(ky_job *job, const ky_inputs *inputs, uint32_t max_bad_share);

#endif
