/* The field table. Order here is the order of the example and of the settings in run.json. */
#include "config_fields.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))
#define AT(member) offsetof(ky_config, member)
#define SOURCE_AT(member) offsetof(ky_source, member)
#define ZONE_AT(member) offsetof(ky_config_zone, member)

/* Origins of defaults. */
#define ASSUMPTION KY_MSG("assumption")
#define HANDBOOK KY_MSG("handbook")
#define SURVEY KY_MSG("national survey 2022")
#define METHOD KY_MSG("method of kayoi")

static const ky_config_field municipality_fields[] = {
    {.key = "name", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(name), .is_required = true,
     .example = " さんぷる市", .help = KY_MSG("Name of the municipality, as it stands on maps and tables.")},
    {.key = "code", .type = KY_FIELD_CODE, .store = KY_STORE_TEXT, .offset = AT(code), .example = " 46208",
     .help = KY_MSG("Municipality code of 5 digits, or 6 with the check digit. Its prefecture decides the plane CRS.")},
    {.key = "border", .type = KY_FIELD_SOURCE, .role = KY_ROLE_BORDER, .example = " data/border.geojson",
     .help = KY_MSG("Polygons of the municipality. Left out: the union of the zones.")},
};

static const ky_config_field zones_fields[] = {
    {.key = "official", .type = KY_FIELD_OFFICIAL, .offset = AT(zones), .role = KY_ROLE_OFFICIAL,
     .example = "\n  - {zone: A, pop_total: 10234, pop_65: 3456, pop_65_m: 1478, pop_65_f: 1978, pop_75: 1801}",
     .help = KY_MSG("People per zone in the resident register: a list as below, or a source (a table). Given: targets and "
                    "rates use them, and the grid supplies shares only.")},
    {.key = "official_date", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(official_date),
     .example = " 2025-03-31", .help = KY_MSG("Reference date of the official people.")},
    {.key = "official_source", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(official_source),
     .example = " 住民基本台帳", .help = KY_MSG("Where the official people come from.")},
};

static const ky_config_field study_fields[] = {
    {.key = "margin_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(place.margin_m), .decimals = 3,
     .min = 0, .max = 50000000, .standard = "2000", .origin = ASSUMPTION,
     .help = KY_MSG("Residents up to this far outside the border are read; farther ones are only counted.")},
};

static const ky_config_field placement_fields[] = {
    {.key = "method", .type = KY_FIELD_CHOICE, .store = KY_STORE_BOOL, .offset = AT(place.by_streets),
     .choices = "streets|centroid", .standard = "streets", .origin = METHOD,
     .help = KY_MSG("Where in a cell people live: along its residential streets, or all at its centre.")},
    {.key = "step_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(place.step_m), .decimals = 3,
     .min = 1000, .max = 1000000, .standard = "25", .origin = METHOD,
     .help = KY_MSG("Streets are cut into parts no longer than this, one point in the middle of each.")},
    {.key = "min_street_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(place.min_street_m),
     .decimals = 3, .min = 0, .max = 10000000, .standard = "50", .origin = METHOD,
     .help = KY_MSG("A cell with less street than this is placed by the next rule (any street, then its centre).")},
};

static const ky_config_field counting_fields[] = {
    {.key = "min_sessions_per_month", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64,
     .offset = AT(venue.min_sessions_milli), .decimals = 3, .min = 0, .max = 1000000, .standard = "1",
     .origin = HANDBOOK, .help = KY_MSG("A venue counts when it meets at least this often.")},
    {.key = "unknown_counts", .type = KY_FIELD_FLAG, .store = KY_STORE_BOOL, .offset = AT(venue.unknown_counts),
     .standard = "true", .origin = ASSUMPTION,
     .help = KY_MSG("Whether a venue counts when nobody wrote down how often it meets.")},
    {.key = "rate_needs_resident_led", .type = KY_FIELD_FLAG, .store = KY_STORE_BOOL,
     .offset = AT(venue.rate_needs_resident_led), .standard = "true", .origin = HANDBOOK,
     .help = KY_MSG("Whether a venue known not to be resident-led is left out of the participation rate.")},
};

static const ky_config_field walk_fields[] = {
    {.key = "profile", .type = KY_FIELD_CHOICE, .store = KY_STORE_TEXT, .offset = AT(walk.profile),
     .choices = "elderly|general|short", .standard = "elderly", .origin = ASSUMPTION,
     .help = KY_MSG("Who walks: elderly 60 m/min (range 500 m), general 80 m/min (800 m), short: 5 minutes of elderly "
                    "walking (300 m).")},
    {.key = "bands_m", .type = KY_FIELD_BANDS, .offset = AT(walk.bands_mm), .decimals = 3, .min = 1000, .max = 20000000, .origin = ASSUMPTION,
     .example = " [300, 500, 800]",
     .help = KY_MSG("Walking distances that are counted, in increasing order, at most 8.")},
    {.key = "primary_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_U32, .offset = AT(walk.primary_mm), .decimals = 3,
     .min = 1000, .max = 20000000, .origin = ASSUMPTION, .example = " 500",
     .help = KY_MSG("The distance that decides who is covered. Left out: the range of the profile.")},
    {.key = "basis", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(walk.basis), .origin = ASSUMPTION,
     .example = " 高齢者の徒歩圏 500 m（仮定）",
     .help = KY_MSG("Why this distance. The text stands beside the results.")},
    {.key = "snap_cap_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(network.snap_cap_m),
     .decimals = 3, .min = 1000, .max = 5000000, .standard = "200", .origin = ASSUMPTION,
     .help = KY_MSG("A home or venue farther than this from every street has no street near.")},
    {.key = "min_component_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_U64, .offset = AT(network.min_component_mm),
     .decimals = 3, .min = 0, .max = 1000000000, .standard = "1000", .origin = METHOD,
     .help = KY_MSG("Homes and venues join connected streets of at least this length first.")},
    {.key = "ferries", .type = KY_FIELD_FLAG, .store = KY_STORE_BOOL, .offset = AT(read.with_ferries),
     .standard = "false", .origin = METHOD, .help = KY_MSG("Whether ferries count as streets.")},
};

static const ky_config_field targets_fields[] = {
    {.key = "rate", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(targets.rate), .decimals = 6, .min = 1,
     .max = KY_WHOLE, .standard = "0.08", .origin = HANDBOOK,
     .help = KY_MSG("Target participation rate of people 65 and over, as a share: 0.08 is 8 %.")},
    {.key = "basis", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(targets.basis), .origin = HANDBOOK,
     .example = " " KY_STANDARD_TARGET_BASIS, .help = KY_MSG("Why this rate. The text stands beside every target.")},
    {.key = "attendances", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(targets.attendances_milli),
     .decimals = 3, .min = 1, .max = 100000, .standard = "4", .origin = ASSUMPTION,
     .help = KY_MSG("Attendances per participant and month.")},
    {.key = "min_report_share", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(targets.min_report_share),
     .decimals = 6, .min = 0, .max = KY_WHOLE, .standard = "0.8", .origin = ASSUMPTION,
     .help = KY_MSG("When a smaller share of venues reports participants, their sum is shown as \"at least\".")},
    {.key = "coverage_goal", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(targets.goal_share),
     .decimals = 6, .min = 1, .max = KY_WHOLE, .standard = "0.8", .origin = ASSUMPTION,
     .help = KY_MSG("Share of people 65 and over within reach that places_by_reach aims at.")},
    {.key = "typical_participants", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(targets.typical_milli),
     .decimals = 3, .min = 1, .max = 1000000, .standard = "15.3", .origin = SURVEY,
     .help = KY_MSG("Participants of a typical venue, used where too few venues report.")},
    {.key = "min_reports", .type = KY_FIELD_NUMBER, .store = KY_STORE_U32, .offset = AT(targets.min_reports), .min = 1,
     .max = 1000, .standard = "3", .origin = METHOD,
     .help = KY_MSG("A median of reported participants needs at least this many venues.")},
    {.key = "zones", .type = KY_FIELD_ZONE_TARGETS,
     .example = "\n  - {zone: A, rate: 0.1, basis: 地区の計画, participants: 120}",
     .help = KY_MSG("Zones with a target of their own, or with a known number of distinct participants.")},
};

static const ky_config_field gaps_fields[] = {
    {.key = "link_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(gaps.link_m), .decimals = 3,
     .min = 1000, .max = 10000000, .standard = "200", .origin = ASSUMPTION,
     .help = KY_MSG("Homes nearer to each other than this belong to one gap area.")},
    {.key = "min_people", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(gaps.min_people_65),
     .decimals = 3, .min = 0, .max = 1000000000, .standard = "1", .origin = ASSUMPTION,
     .help = KY_MSG("An area with fewer people 65 and over is no gap.")},
    {.key = "dense_per_km2", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(gaps.dense_per_km2),
     .decimals = 3, .min = 0, .max = 1000000000, .standard = "400", .origin = ASSUMPTION,
     .help = KY_MSG("People 65 and over per km2 from which a gap area is called dense.")},
    {.key = "clip_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(gaps.clip_m), .decimals = 3,
     .min = 1000, .max = 5000000, .standard = "100", .origin = ASSUMPTION,
     .help = KY_MSG("Gap areas reach this far around homes.")},
    {.key = "sessions_per_month", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(gaps.sessions_milli),
     .decimals = 3, .min = 1, .max = 100000, .standard = "4", .origin = ASSUMPTION,
     .help = KY_MSG("Sessions per month of a venue that riders would be taken to.")},
    {.key = "min_riders", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(gaps.min_riders_milli),
     .decimals = 3, .min = 0, .max = 1000000, .standard = "1", .origin = ASSUMPTION,
     .help = KY_MSG("Expected riders per session from which a pick-up is proposed; below: visits.")},
};

static const ky_config_field sites_fields[] = {
    {.key = "sources", .type = KY_FIELD_SOURCES, .min = 1, .role = KY_ROLE_SITES, .example = "\n  - path: data/halls.geojson",
     .help = KY_MSG("Places where a venue could open (public halls, vacant houses). Left out: points on streets.")},
    {.key = "min_people_65", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(sites.min_people_65),
     .decimals = 3, .min = 1, .max = 1000000000, .standard = "20", .origin = ASSUMPTION,
     .help = KY_MSG("A site is proposed when it newly reaches at least this many people 65 and over.")},
    {.key = "spacing_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_DOUBLE, .offset = AT(sites.spacing_m), .decimals = 3,
     .min = 10000, .max = 5000000, .standard = "100", .origin = METHOD,
     .help = KY_MSG("Distance between candidate points on streets when no sites are given.")},
};

static const ky_config_field mobility_fields[] = {
    {.key = "speed_m_per_min", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = AT(mobility.speed_m_per_min),
     .min = 50, .max = 2000, .standard = "400", .origin = ASSUMPTION,
     .help = KY_MSG("Speed of a pick-up vehicle on the road: 400 m/min is 24 km/h.")},
};

static const ky_config_field outputs_fields[] = {
    {.key = "dir", .type = KY_FIELD_PATH, .store = KY_STORE_TEXT, .offset = AT(out_dir), .standard = "out",
     .help = KY_MSG("Folder of the results. --out takes its place.")},
    {.key = "formats", .type = KY_FIELD_FORMATS, .offset = AT(formats), .standard = "[geojson, gpkg, csv]",
     .help = KY_MSG("Formats of the layers.")},
};

static const ky_config_field checks_fields[] = {
    {.key = "max_bad_share", .type = KY_FIELD_NUMBER, .store = KY_STORE_U32, .offset = AT(max_bad_share), .decimals = 6,
     .min = 0, .max = KY_WHOLE, .standard = "0.1", .origin = ASSUMPTION,
     .help = KY_MSG("The run fails when a larger share of a source's records cannot be used.")},
};

#define SECTION(name, fields) .key = name, .type = KY_FIELD_SECTION, .children = fields, .child_count = COUNT(fields)

const ky_config_field ky_config_fields[] = {
    {SECTION("municipality", municipality_fields), .is_required = true, .help = KY_MSG("The municipality.")},
    {.key = "crs", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = AT(read.crs), .example = " EPSG:6670",
     .help = KY_MSG("Plane CRS of the run. Left out: the plane rectangular zone of the prefecture.")},
    {.key = "lang", .type = KY_FIELD_CHOICE, .store = KY_STORE_TEXT, .offset = AT(lang), .choices = "ja|en",
     .example = " ja", .help = KY_MSG("Language of messages. --lang goes first; left out: that of the terminal.")},
    {.key = "residents", .type = KY_FIELD_SOURCES, .role = KY_ROLE_RESIDENTS, .is_required = true,
     .min = 1,
     .example = "\n  - path: data/residents.txt\n    date: 2020-10-01\n    open: true",
     .help = KY_MSG("Where people live: census grid text of e-Stat, or any layer of polygons or points with counts.")},
    {.key = "venues", .type = KY_FIELD_SOURCES, .role = KY_ROLE_VENUES, .is_required = true,
     .example = "\n  - path: data/venues.csv\n    encoding: CP932\n    crs: EPSG:6668\n    lon: 経度\n    lat: 緯度",
     .help = KY_MSG("Gathering places. An empty list, [], when none is known.")},
    {.key = "zones", .type = KY_FIELD_ZONES, .role = KY_ROLE_ZONES, .children = zones_fields,
     .child_count = COUNT(zones_fields), .example = "\n  path: data/zones.geojson",
     .help = KY_MSG("Daily-living zones: polygons. Left out: the municipality.border is the one zone.")},
    {.key = "roads", .type = KY_FIELD_SOURCES, .role = KY_ROLE_ROADS, .is_required = true, .min = 1,
     .example = "\n  - path: data/roads.osm.pbf",
     .help = KY_MSG("Streets: an OpenStreetMap extract or layers of lines that share vertices at junctions.")},
    {.key = "roads_extent", .type = KY_FIELD_SOURCE, .role = KY_ROLE_ROAD_EXTENT, .example = " data/roads_extent.geojson",
     .help = KY_MSG("Polygons where the road data is complete. Left out: the convex hull of the streets.")},
    {SECTION("study", study_fields), .help = KY_MSG("The area that is looked at.")},
    {SECTION("placement", placement_fields), .help = KY_MSG("Where in a cell people live.")},
    {SECTION("counting", counting_fields), .help = KY_MSG("Which venues count.")},
    {SECTION("walk", walk_fields), .help = KY_MSG("Walking.")},
    {SECTION("targets", targets_fields), .help = KY_MSG("Targets.")},
    {SECTION("gaps", gaps_fields), .help = KY_MSG("Coverage gaps.")},
    {SECTION("sites", sites_fields), .help = KY_MSG("Sites for new venues.")},
    {SECTION("mobility", mobility_fields), .help = KY_MSG("Mobility support.")},
    {SECTION("outputs", outputs_fields), .help = KY_MSG("Results.")},
    {SECTION("checks", checks_fields), .help = KY_MSG("When bad records end a run.")},
};
const uint32_t ky_config_field_count = COUNT(ky_config_fields);

const ky_config_field ky_source_fields[] = {
    {.key = "path", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(shown), .is_required = true,
     .help = KY_MSG("File, relative to this configuration; may be inside a zip: a.zip/b.shp.")},
    {.key = "format", .type = KY_FIELD_FORMAT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(format),
     .help = KY_MSG("Format. Left out: recognised.")},
    {.key = "layer", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(layer),
     .help = KY_MSG("Layer of a file with several.")},
    {.key = "encoding", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(encoding),
     .help = KY_MSG("Character encoding, e.g. CP932. Left out: from the file.")},
    {.key = "crs", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(crs),
     .help = KY_MSG("CRS, e.g. EPSG:6668. Left out: from the file; it is never guessed.")},
    {.key = "lon", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(lon),
     .help = KY_MSG("Column with the longitude (or easting) of a table.")},
    {.key = "lat", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(lat),
     .help = KY_MSG("Column with the latitude (or northing) of a table.")},
    {.key = "date", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = SOURCE_AT(date),
     .help = KY_MSG("Reference date of the data.")},
    {.key = "grid_level_m", .type = KY_FIELD_NUMBER, .store = KY_STORE_INT, .offset = SOURCE_AT(grid_level_m), .min = 0,
     .max = 1000, .choices = "1000|500|250|125|100",
     .help = KY_MSG("Cell size behind grid codes. Left out: 1 km, 500 m, 250 m, 125 m by the number of digits.")},
    {.key = "open", .type = KY_FIELD_FLAG, .store = KY_STORE_BOOL, .offset = SOURCE_AT(is_open), .standard = "false",
     .help = KY_MSG("Whether the data is published already; if not, small counts stay out of public layers.")},
    {.key = "columns", .type = KY_FIELD_COLUMNS,
     .help = KY_MSG("Attribute: column, where the header says it otherwise, e.g. columns: {name: 施設名}.")},
};
const uint32_t ky_source_field_count = COUNT(ky_source_fields);

#define PEOPLE(name, measure)                                                                               \
  {.key = "pop_" name, .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = ZONE_AT(people[measure]), \
   .decimals = 3, .min = 0, .max = 100000000000}

const ky_config_field ky_official_fields[] = {
    {.key = "zone", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(zone_id), .is_required = true},
    PEOPLE("total", KY_TOTAL), PEOPLE("total_m", KY_TOTAL_M), PEOPLE("total_f", KY_TOTAL_F),
    PEOPLE("65", KY_65),       PEOPLE("65_m", KY_65_M),       PEOPLE("65_f", KY_65_F),
    PEOPLE("75", KY_75),       PEOPLE("75_m", KY_75_M),       PEOPLE("75_f", KY_75_F),
    PEOPLE("85", KY_85),       PEOPLE("85_m", KY_85_M),       PEOPLE("85_f", KY_85_F),
};
const uint32_t ky_official_field_count = COUNT(ky_official_fields);

const ky_config_field ky_zone_target_fields[] = {
    {.key = "zone", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(zone_id), .is_required = true},
    {.key = "rate", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = ZONE_AT(rate), .decimals = 6, .min = 1,
     .max = KY_WHOLE},
    {.key = "basis", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(basis)},
    {.key = "participants", .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = ZONE_AT(participants), .min = 0,
     .max = 100000000},
};
const uint32_t ky_zone_target_field_count = COUNT(ky_zone_target_fields);

const ky_profile ky_profiles[] = {
    {"elderly", 60, 500000, "高齢者の徒歩圏 500 m（仮定）", ASSUMPTION},
    {"general", 80, 800000, "一般の徒歩圏 800 m（仮定）", ASSUMPTION},
    {"short", 60, 300000, "高齢者の徒歩 5 分 300 m（仮定）", ASSUMPTION},
};
const uint32_t ky_profile_count = COUNT(ky_profiles);
