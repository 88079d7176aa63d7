/* What a file is, decided from its columns, geometry and name. Sources: formats.md; columns by label, never by number.
 */
#include <stdio.h>
#include <string.h>

#include "io/column_prefix.h"
#include "io/ksj_places.h"
#include "io/recognise.h"
#include "io/text_key.h"

#define CANDIDATE KY_MSG("are venues opened in such places? Then they may be candidate sites")

static const ky_file_info infos[KY_FILE_KIND_COUNT] = {
    [KY_FILE_UNKNOWN] = {"unknown", KY_MSG("not recognised"), KY_ROLE_COUNT, KY_USE_NONE,
                         KY_MSG("its format is not one that kayoi reads")},
    [KY_FILE_CENSUS_GRID] = {"census_grid", KY_MSG("census grid of e-Stat"), KY_ROLE_RESIDENTS, KY_USE_ROLE, NULL},
    [KY_FILE_GRID_TABLE] = {"grid_table", KY_MSG("table of people by grid code"), KY_ROLE_RESIDENTS, KY_USE_OFFER,
                            KY_MSG("is it the population to use?")},
    [KY_FILE_FUTURE_GRID] = {"future_grid", KY_MSG("projected population by grid (KSJ)"), KY_ROLE_YEARS, KY_USE_ROLE,
                             NULL},
    [KY_FILE_MESH] = {"mesh", KY_MSG("grid cells without people"), KY_ROLE_COUNT, KY_USE_NONE,
                      KY_MSG("cells are made from their codes, so this file is not needed")},
    [KY_FILE_SMALL_AREAS] =
        {"small_areas", KY_MSG("small areas of the census (小地域)"), KY_ROLE_ZONES, KY_USE_OFFER,
         KY_MSG("its areas are smaller than daily-living zones; a table of area and zone under zones.lookup "
                "joins them")},
    [KY_FILE_AREA_TABLE] = {"area_table", KY_MSG("people by age in small areas (小地域)"), KY_ROLE_COUNT, KY_USE_NONE,
                            KY_MSG("it has no boundaries: write it as table: beside path: of the small areas")},
    [KY_FILE_BORDER] = {"border", KY_MSG("municipal border"), KY_ROLE_BORDER, KY_USE_ROLE, NULL},
    [KY_FILE_ZONES] = {"zones", KY_MSG("daily-living zones"), KY_ROLE_ZONES, KY_USE_ROLE, NULL},
    [KY_FILE_SCHOOL_DISTRICTS] = {"school_districts", KY_MSG("school districts (KSJ A27 / A32)"), KY_ROLE_ZONES,
                                  KY_USE_OFFER,
                                  KY_MSG("the usual stand-in for daily-living zones where there is no file of those; "
                                         "municipality.code chooses the municipality's from a prefecture's")},
    [KY_FILE_ZONE_LOOKUP] = {"zone_lookup", KY_MSG("table of small areas and their zones"), KY_ROLE_ZONE_LOOKUP,
                             KY_USE_OFFER, KY_MSG("it goes with one file of small areas (小地域) under zones")},
    [KY_FILE_OFFICIAL] = {"official", KY_MSG("people per zone"), KY_ROLE_OFFICIAL, KY_USE_OFFER,
                          KY_MSG("are these the official people? Then add their date")},
    [KY_FILE_FACTS] = {"facts", KY_MSG("values of a survey per zone"), KY_ROLE_FACTS, KY_USE_OFFER,
                       KY_MSG("shown with their date in the layer zone_facts; delete the # before it to have them")},
    [KY_FILE_ROADS] = {"roads", KY_MSG("streets"), KY_ROLE_ROADS, KY_USE_ROLE, NULL},
    [KY_FILE_LINES] = {"lines", KY_MSG("lines without a street class"), KY_ROLE_ROADS, KY_USE_OFFER,
                       KY_MSG("are they streets that share vertices at junctions?")},
    [KY_FILE_BARRIERS] = {"barriers", KY_MSG("rivers or railways"), KY_ROLE_BARRIERS, KY_USE_OFFER,
                          KY_MSG("should nobody walk across them to reach a street? Then delete the # before it")},
    [KY_FILE_SLOPE_GRID] = {"slope_grid", KY_MSG("mean slopes of meshes (KSJ G04)"), KY_ROLE_ELEVATION, KY_USE_ROLE,
                            NULL},
    [KY_FILE_BUILDINGS] = {"buildings", KY_MSG("buildings"), KY_ROLE_BUILDINGS, KY_USE_ROLE, NULL},
    [KY_FILE_ELEVATION] = {"elevation", KY_MSG("elevation"), KY_ROLE_ELEVATION, KY_USE_ROLE, NULL},
    [KY_FILE_RASTER] = {"raster", KY_MSG("raster"), KY_ROLE_ELEVATION, KY_USE_OFFER,
                        KY_MSG("is it elevation in metres?")},
    [KY_FILE_VENUES] = {"venues", KY_MSG("gathering places"), KY_ROLE_VENUES, KY_USE_ROLE, NULL},
    [KY_FILE_HALLS] = {"halls", KY_MSG("public halls and facilities"), KY_ROLE_SITES, KY_USE_ROLE, NULL},
    [KY_FILE_SHELTERS] = {"shelters", KY_MSG("shelters"), KY_ROLE_SITES, KY_USE_OFFER, CANDIDATE},
    [KY_FILE_PLACES] = {"places", KY_MSG("places with a name"), KY_ROLE_SITES, KY_USE_OFFER, CANDIDATE},
    [KY_FILE_CARE_SERVICES] = {"care_services", KY_MSG("care service providers"), KY_ROLE_COUNT, KY_USE_NONE,
                               KY_MSG("providers are neither venues nor sites; not used yet")},
    [KY_FILE_WELFARE] = {"welfare", KY_MSG("welfare, medical or cultural facilities (KSJ)"), KY_ROLE_SITES,
                         KY_USE_OFFER, CANDIDATE},
    [KY_FILE_CLINICS] = {"clinics", KY_MSG("hospitals and clinics"), KY_ROLE_RESOURCES, KY_USE_OFFER,
                         KY_MSG("places that people go to; delete the # before it to have them as resources")},
    [KY_FILE_RESOURCES] = {"resources", KY_MSG("resources (shops, clinics, providers)"), KY_ROLE_RESOURCES, KY_USE_ROLE,
                           NULL},
    [KY_FILE_BUS_ROUTES] = {"bus_routes", KY_MSG("bus routes (KSJ N07)"), KY_ROLE_BUS_ROUTES, KY_USE_OFFER,
                            KY_MSG("trips for stops without a timetable; use them where no timetable (GTFS) is given")},
    [KY_FILE_WORKBOOK] = {"workbook", KY_MSG("the workbook of kayoi"), KY_ROLE_COUNT, KY_USE_ROLE, NULL},
    [KY_FILE_GTFS] = {"gtfs", KY_MSG("timetable (GTFS)"), KY_ROLE_FEEDS, KY_USE_ROLE, NULL},
    [KY_FILE_STOPS] = {"stops", KY_MSG("stops of buses or trains (KSJ)"), KY_ROLE_STOPS, KY_USE_OFFER,
                       KY_MSG("stops without a timetable; use them if they are in no timetable (GTFS) given")},
    [KY_FILE_TOWNS] = {"towns", KY_MSG("positions of towns (位置参照情報)"), KY_ROLE_NAMES, KY_USE_ROLE, NULL},
    [KY_FILE_BLOCKS] = {"blocks", KY_MSG("positions of blocks and lots (位置参照情報)"), KY_ROLE_NAMES, KY_USE_OFFER,
                        KY_MSG("names for gaps where no others are given; under geocoding.blocks it places venues "
                               "without coordinates")},
    [KY_FILE_NATIONAL] = {"national", KY_MSG("another data set of KSJ"), KY_ROLE_COUNT, KY_USE_NONE,
                          KY_MSG("nothing in a run needs it")},
    [KY_FILE_POLYGONS] = {"polygons", KY_MSG("polygons"), KY_ROLE_ZONES, KY_USE_OFFER,
                          KY_MSG("its columns do not say what they are; are they the zones?")},
    [KY_FILE_POINTS] = {"points", KY_MSG("points without a name"), KY_ROLE_SITES, KY_USE_OFFER,
                        KY_MSG("no column is known to name them; as candidate sites, say which: columns: {name: "
                               "COLUMN}")},
    [KY_FILE_AREA_PEOPLE] = {"area_people", KY_MSG("people by name of town or district"), KY_ROLE_COUNT, KY_USE_NONE,
                             KY_MSG("its rows have no place, so they cannot be residents; their sums by zone can go "
                                    "into official: (people per zone)")},
    [KY_FILE_DISTRICT_LIST] = {"district_list", KY_MSG("school districts as a list of addresses"), KY_ROLE_COUNT,
                               KY_USE_NONE,
                               KY_MSG("addresses are no areas; take the polygons of KSJ A27 or A32 for zones")},
    [KY_FILE_ADDRESSES] = {"addresses", KY_MSG("list of places with addresses only"), KY_ROLE_COUNT, KY_USE_NONE,
                           KY_MSG("it has no columns for longitude and latitude; only gathering places (venues:) are "
                                  "placed by name and address")},
    [KY_FILE_TABLE] = {"table", KY_MSG("table"), KY_ROLE_COUNT, KY_USE_NONE,
                       KY_MSG("no role uses it: it has no longitude and latitude, no grid codes, and no people per "
                              "zone")},
};

const ky_file_info *ky_file_info_get(ky_file_kind kind) {
  return (unsigned)kind < KY_FILE_KIND_COUNT ? &infos[kind] : NULL;
}

/* KSJ data sets by the beginning of their columns. */
static const struct {
  const char *prefix;
  ky_file_kind kind;
} national[] = {
    {"n03_", KY_FILE_BORDER},
    {"a27_", KY_FILE_SCHOOL_DISTRICTS},
    {"a32_", KY_FILE_SCHOOL_DISTRICTS},
    {"p05_", KY_FILE_HALLS},
    {"p04_", KY_FILE_CLINICS},
    {"p11_", KY_FILE_STOPS},
    {"n07_", KY_FILE_BUS_ROUTES},
    {"n02_", KY_FILE_STOPS},
    {"s12_", KY_FILE_STOPS},
    {"w05_", KY_FILE_BARRIERS},
    {"p14_", KY_FILE_WELFARE},
    {"p27_", KY_FILE_WELFARE},
    {"p02_", KY_FILE_WELFARE},
    {"p20_", KY_FILE_SHELTERS},
    {"n13_", KY_FILE_ROADS},
    {"g04a_", KY_FILE_SLOPE_GRID},
    {"g04c_", KY_FILE_SLOPE_GRID},
    {"g04d_", KY_FILE_SLOPE_GRID},
};

typedef struct labels {
  char **key, **plain; /* normalised columns; the same without what the list is of, or NULL */
  uint32_t count;
  const char *name; /* file name, normalised */
} labels;

static ky_err make_labels(ky_job *job, const char *file_name, const ky_recognised *file, labels *out) {
  char *name = ky_text_key(&job->keep, file_name);
  if (name == NULL) return ky_fail_memory(job);
  *out = (labels){.count = file->column_count, .name = name};
  const char **plain;
  KY_NEW(job, keep, out->key, (size_t)file->column_count + 1);
  KY_NEW(job, keep, out->plain, (size_t)file->column_count + 1);
  KY_TRY(ky_columns_plain(job, file->columns, file->column_count, &plain));
  for (uint32_t i = 0; i < file->column_count; i++) {
    out->key[i] = ky_text_label(&job->keep, file->columns[i]);
    if (out->key[i] == NULL) return ky_fail_memory(job);
    if (plain[i] == NULL) continue;
    out->plain[i] = ky_text_label(&job->keep, plain[i]);
    if (out->plain[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* Index of the first column that is one of the '|'-separated labels. */
static uint32_t find(const labels *l, const char *list) {
  for (uint32_t i = 0; i < l->count; i++)
    if (ky_text_label_place(l->key[i], list) >= 0) return i;
  for (uint32_t i = 0; i < l->count; i++)
    if (l->plain[i] != NULL && ky_text_label_place(l->plain[i], list) >= 0) return i;
  return KY_NONE;
}

static bool has(const labels *l, const char *list) {
  return find(l, list) != KY_NONE;
}

/* Does the role know a column of this file as its attribute? */
static bool has_attribute(const labels *l, ky_role role, const char *attribute) {
  const ky_role_info *info = ky_role_get(role);
  for (uint32_t a = 0; a < info->attribute_count; a++)
    if (strcmp(info->attributes[a].name, attribute) == 0)
      return has(l, info->attributes[a].name) || has(l, info->attributes[a].labels);
  return false;
}

static bool mentions(const char *text, const char *const *words) {
  for (; *words != NULL; words++)
    if (strstr(text, *words) != NULL) return true;
  return false;
}

/* A column or the file's name holds one of the words. */
static bool speaks_of(const labels *l, const char *const *words) {
  for (uint32_t i = 0; i < l->count; i++)
    if (mentions(l->key[i], words)) return true;
  return mentions(l->name, words);
}

static bool begins(const labels *l, const char *prefix) {
  for (uint32_t i = 0; i < l->count; i++)
    if (strncmp(l->key[i], prefix, strlen(prefix)) == 0) return true;
  return false;
}

/* A01_, A01a_, A01-a_: columns of some KSJ data set. */
static bool is_national_column(const char *key) {
  if (key[0] < 'a' || key[0] > 'z' || key[1] < '0' || key[1] > '9' || key[2] < '0' || key[2] > '9') return false;
  const char *bar = strchr(key, '_');
  return bar != NULL && bar - key <= 6 && bar[1] >= '0' && bar[1] <= '9';
}

/* Districts of 2021 and later are named in 004, older ones in A27_007 or A32_008. */
static void set_districts(const labels *l, ky_recognised *out) {
  if (has(l, "a27_007|a32_008"))
    out->edition = ky_tr("2010 to 2016");
  else if (has(l, "a27_004|a27_004_ja|a32_004|a32_004_ja"))
    out->edition = ky_tr("2021 or later");
}

static bool set_national(const labels *l, ky_recognised *out) {
  if (begins(l, "n03_")) out->edition = "KSJ N03";
  for (size_t i = 0; i < sizeof national / sizeof *national; i++) {
    if (!begins(l, national[i].prefix)) continue;
    out->kind = national[i].kind;
    if (out->kind == KY_FILE_SCHOOL_DISTRICTS) set_districts(l, out);
    if (out->kind == KY_FILE_ROADS && !has(l, "n13_003")) out->kind = KY_FILE_LINES;
    if (out->kind == KY_FILE_ROADS) out->edition = "KSJ N13";
    if (out->kind == KY_FILE_BUS_ROUTES)
      out->edition = has(l, "n07_003") ? ky_tr("2011, with trips") : ky_tr("2022, without trips");
    if (begins(l, "s12_")) out->edition = ky_tr("KSJ S12, with riders");
    if (begins(l, "n02_") && !has(l, "n02_005")) out->kind = KY_FILE_BARRIERS; /* railway lines */
    if (out->kind == KY_FILE_BARRIERS) out->edition = begins(l, "n02_") ? "KSJ N02" : "KSJ W05";
    if (out->kind == KY_FILE_BARRIERS && out->geometry != KY_SHAPE_LINE) out->kind = KY_FILE_NATIONAL;
    const bool is_area = out->geometry == KY_SHAPE_POLYGON;
    if ((out->kind == KY_FILE_BORDER || out->kind == KY_FILE_SCHOOL_DISTRICTS) && !is_area)
      out->kind = KY_FILE_NATIONAL;
    const char *code;
    const ky_ksj_vintage *vintage = ky_ksj_find(out->columns, out->column_count, &code);
    if (vintage != NULL) out->edition = vintage->edition;
    const ky_role role = ky_file_info_get(out->kind)->role;
    if ((role == KY_ROLE_SITES || role == KY_ROLE_RESOURCES) && out->geometry != KY_SHAPE_POINT)
      out->kind = KY_FILE_NATIONAL;
    return true;
  }
  for (uint32_t i = 0; i < l->count; i++)
    if (is_national_column(l->key[i])) {
      out->kind = KY_FILE_NATIONAL;
      return true;
    }
  return false;
}

/* Columns of the projected grids by edition (io/role_years.c). */
static bool set_projection(const labels *l, ky_recognised *out) {
  if (!has(l, "mesh_id") || !(begins(l, "ptn_") || begins(l, "ptc_") || has(l, "pop2010|pop2050"))) return false;
  out->kind = KY_FILE_FUTURE_GRID;
  out->edition = begins(l, "pt00_") ? "2024" : begins(l, "pt0_") ? "2018" : has(l, "pop2010|pop2050") ? "2017" : NULL;
  return true;
}

/* Footprints: columns of PLATEAU, of OpenStreetMap's building areas, of surveys; or any column of a use in a file that
 * speaks of buildings (FG-GML-533946-BldA: type). */
static bool is_buildings(const labels *l) {
  static const char *const words[] = {"bldg", "BldA", "blda", "building", "Building", "建物", "建築物", NULL};
  if (has(l,
          "bldg:usage|bldg_usage|bldg_usage1|bldg:storeysaboveground|bldg_storeysaboveground|storeysaboveground|"
          "storeys_above_ground|storeysabo|building:levels|建物用途|建物用途コード|建物種別|建築物種別|地上階数"))
    return true;
  return has_attribute(l, KY_ROLE_BUILDINGS, "usage") && speaks_of(l, words);
}

static void set_polygons(const labels *l, ky_recognised *out) {
  static const char *const zone_words[] = {"圏域", NULL};
  if (set_projection(l, out)) return;
  if (is_buildings(l))
    out->kind = KY_FILE_BUILDINGS;
  else if (has(l, "hcode") && has(l, "s_name"))
    out->kind = KY_FILE_SMALL_AREAS;
  else if (speaks_of(l, zone_words))
    out->kind = KY_FILE_ZONES;
  else if (has_attribute(l, KY_ROLE_RESIDENTS, "id"))
    out->kind = has_attribute(l, KY_ROLE_RESIDENTS, "pop_total") ? KY_FILE_GRID_TABLE : KY_FILE_MESH;
  else if (out->municipality_count == 1)
    out->kind = KY_FILE_BORDER;
  else
    out->kind = KY_FILE_POLYGONS;
}

/* A table that no role can take as it is, and why. */
static ky_file_kind kind_of_table(const labels *l) {
  const bool has_name = has_attribute(l, KY_ROLE_SITES, "name");
  if (has(l, "通学区域の住所")) return KY_FILE_DISTRICT_LIST;
  if (has_attribute(l, KY_ROLE_RESIDENTS, "pop_total") &&
      has(l, "地域名|町名|町丁字名|町・字名|行政区名|自治会名|地区名"))
    return KY_FILE_AREA_PEOPLE;
  return has_name && has_attribute(l, KY_ROLE_SITES, "address") ? KY_FILE_ADDRESSES : KY_FILE_TABLE;
}

/* Points and tables: lists of the open-data standards, else whatever has a name and a place. */
static void set_list(const labels *l, ky_recognised *out) {
  static const char *const venue_words[] = {"通いの場", "サロン", "百歳体操", NULL};
  static const char *const care_words[] = {"介護サービス", "介護事業所", "実施サービス", "サービスの種類", NULL};
  static const char *const shelter_words[] = {"避難場所", "避難所", "施設・場所名", "evacuation", NULL};
  static const char *const hall_words[] = {"公民館", "集会所", "公共施設", "コミュニティ", NULL};
  static const char *const clinic_words[] = {"医療機関", "診療科目", NULL};
  static const char *const vehicle_words[] = {"乗車定員", "協力意向", "社会資源", NULL};
  static const char *const device_words[] = {"aed", "AED", "無線lan", "無線LAN", "wifi", "WiFi", NULL};
  const bool is_place = out->geometry == KY_SHAPE_POINT;
  if (set_projection(l, out)) return;
  const bool has_name = has_attribute(l, KY_ROLE_SITES, "name") || has_attribute(l, KY_ROLE_VENUES, "name");
  if (has(l, "key_code") && has(l, "hyosyo")) {
    out->kind = KY_FILE_AREA_TABLE;
    return;
  }
  if (is_place && !has_name && has_attribute(l, KY_ROLE_TOWNS, "town") && has_attribute(l, KY_ROLE_TOWNS, "city") &&
      has_attribute(l, KY_ROLE_TOWNS, "prefecture")) {
    out->kind = has_attribute(l, KY_ROLE_BLOCKS, "block") ? KY_FILE_BLOCKS : KY_FILE_TOWNS;
    return;
  }
  if (has_attribute(l, KY_ROLE_VENUES, "weekdays_start") && has_attribute(l, KY_ROLE_VENUES, "activity")) {
    out->kind = KY_FILE_VENUES;
    out->edition = ky_tr("national open data of 通いの場");
  } else if (!speaks_of(l, care_words) && has_name && speaks_of(l, venue_words)) {
    out->kind = KY_FILE_VENUES;
  } else if (has_name && speaks_of(l, vehicle_words)) {
    out->kind = KY_FILE_RESOURCES;
  } else if (has_name && speaks_of(l, clinic_words) && !speaks_of(l, device_words)) {
    out->kind = KY_FILE_CLINICS;
  } else if (speaks_of(l, care_words)) {
    out->kind = KY_FILE_CARE_SERVICES;
  } else if (!is_place && has_attribute(l, KY_ROLE_OFFICIAL, "pop_65") &&
             (has(l, "圏域|圏域名|圏域コード|日常生活圏域|日常生活圏域名|日常生活圏域コード") || has(l, "zone_id"))) {
    out->kind = KY_FILE_OFFICIAL;
  } else if (!is_place && has_attribute(l, KY_ROLE_FACTS, "zone_id") && has_attribute(l, KY_ROLE_FACTS, "item") &&
             has_attribute(l, KY_ROLE_FACTS, "value")) {
    out->kind = KY_FILE_FACTS;
  } else if (!is_place && has_attribute(l, KY_ROLE_ZONE_LOOKUP, "area") &&
             has_attribute(l, KY_ROLE_ZONE_LOOKUP, "zone")) {
    out->kind = KY_FILE_ZONE_LOOKUP;
  } else if (!is_place && has_attribute(l, KY_ROLE_RESIDENTS, "id") &&
             has_attribute(l, KY_ROLE_RESIDENTS, "pop_total")) {
    out->kind = KY_FILE_GRID_TABLE;
  } else if (!is_place) {
    out->kind = kind_of_table(l);
  } else if (!has_name) {
    out->kind = KY_FILE_POINTS;
  } else {
    const bool is_hall = speaks_of(l, hall_words) && !speaks_of(l, device_words);
    out->kind = speaks_of(l, shelter_words) ? KY_FILE_SHELTERS : is_hall ? KY_FILE_HALLS : KY_FILE_PLACES;
  }
}

/* Layers cut out of OpenStreetMap have the kinds of streets and of rivers alike in `fclass`: their names tell them
 * apart.
 */
static void set_lines(const labels *l, ky_recognised *out) {
  static const char *const barrier_words[] = {"waterway", "railway", "河川", "鉄道", NULL};
  if (has(l, "highway") || (has_attribute(l, KY_ROLE_ROADS, "class") && !mentions(l->name, barrier_words)))
    out->kind = KY_FILE_ROADS;
  else
    out->kind = speaks_of(l, barrier_words) ? KY_FILE_BARRIERS : KY_FILE_LINES;
}

ky_err ky_recognise_kind(ky_job *job, const char *file_name, ky_recognised *out) {
  labels l;
  KY_TRY(make_labels(job, file_name, out, &l));
  if (out->kind != KY_FILE_UNKNOWN || set_national(&l, out)) return KY_OK;
  if (out->geometry == KY_SHAPE_POLYGON)
    set_polygons(&l, out);
  else if (out->geometry == KY_SHAPE_LINE)
    set_lines(&l, out);
  else
    set_list(&l, out);
  return KY_OK;
}

const char *ky_recognised_text(ky_job *job, const ky_recognised *file) {
  const char *text = ky_tr(ky_file_info_get(file->kind)->text);
  return file->edition != NULL ? ky_format(&job->keep, "%s (%s)", text, file->edition)
                               : ky_format(&job->keep, "%s", text);
}

ky_err ky_recognise_municipality(ky_job *job, const char *code, const char *name, ky_recognised *out) {
  const char *key = code != NULL ? code : name;
  const char *known = code != NULL ? out->municipality_code : out->municipality_name;
  if (key == NULL || out->municipality_count > 1) return KY_OK;
  if (out->municipality_count == 1) {
    if (known != NULL && strcmp(known, key) == 0) return KY_OK;
    out->municipality_count = 2;
    out->municipality_code = out->municipality_name = NULL;
    return KY_OK;
  }
  out->municipality_count = 1;
  if (code != NULL && (out->municipality_code = ky_arena_text(&job->keep, code, strlen(code))) == NULL)
    return ky_fail_memory(job);
  if (name != NULL && (out->municipality_name = ky_arena_text(&job->keep, name, strlen(name))) == NULL)
    return ky_fail_memory(job);
  return KY_OK;
}
