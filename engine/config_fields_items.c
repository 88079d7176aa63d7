/* The field table, second part: what stands in lists of the configuration, and the profiles of walking. */
#include "config_fields.h"

#define COUNT(array)      ((uint32_t)(sizeof(array) / sizeof *(array)))
#define SOURCE_AT(member) offsetof(ky_source, member)
#define ZONE_AT(member)   offsetof(ky_config_zone, member)

#define KIND_CODE(code, alias, words) code "|"
#define KIND_CHOICES                  KY_RESOURCE_KINDS(KIND_CODE) KY_RESOURCE_OTHER

const ky_config_field ky_source_fields[] = {
    {.key = "path",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(shown),
     .help = KY_MSG("File, relative to this configuration; may be inside a zip: a.zip/b.shp.")},
    {.key = "postgis",
     .type = KY_FIELD_POSTGIS,
     .children = ky_postgis_fields,
     .child_count = KY_POSTGIS_FIELD_COUNT,
     .help = KY_MSG("In place of path: a table or query of a PostGIS database, e.g. postgis: {service: gis, table: "
                    "public.residents}, with these keys:")},
    {.key = "table",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(table_shown),
     .help = KY_MSG("Of residents by area: table of people by age, joined by key: path: r2ka43443.zip, table: "
                    "tblT001082C43.zip. It may be inside a zip.")},
    {.key = "format",
     .type = KY_FIELD_FORMAT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(format),
     .help = KY_MSG("Format. Left out: recognised.")},
    {.key = "layer",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(layer),
     .help = KY_MSG("Layer of a file with several.")},
    {.key = "encoding",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(encoding),
     .help = KY_MSG("Character encoding, e.g. CP932. Left out: from the file.")},
    {.key = "crs",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(crs),
     .help = KY_MSG("CRS, e.g. EPSG:6668. Left out: from the file; it is never guessed.")},
    {.key = "lon",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(lon),
     .help = KY_MSG("Column with the longitude (or easting) of a table.")},
    {.key = "lat",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(lat),
     .help = KY_MSG("Column with the latitude (or northing) of a table.")},
    {.key = "date",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(date),
     .help = KY_MSG("Reference date of the data.")},
    {.key = "participants_band",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(participants_band),
     .choices = "65|75|85|all",
     .help = KY_MSG("Of venues and tables of zones: of which age its participants are counted. Left out: 65 and over. "
                    "Others are in no rate of people 65 and over; they get one of their own age band.")},
    {.key = "participants_extent",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(participants_extent),
     .help = KY_MSG("Of venues and tables of zones: whose people the participants are, when they are not only those of "
                    "the municipality, e.g. those of a union. They are then in no rate.")},
    {.key = "participants_date",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(participants_date),
     .help = KY_MSG("Reference date of the participants, where it is not the date of the source.")},
    {.key = "grid_level_m",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = SOURCE_AT(grid_level_m),
     .min = 0,
     .max = 1000,
     .choices = "1000|500|250|125|100",
     .help = KY_MSG("Cell size behind grid codes. Left out: 1 km, 500 m, 250 m, 125 m by the number of digits.")},
    {.key = "year",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = SOURCE_AT(year),
     .min = 2010,
     .max = 2109,
     .help = KY_MSG("Residents from a file with several years (projections of KSJ): the year to take.")},
    {.key = "open",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = SOURCE_AT(is_open),
     .standard = "false",
     .help = KY_MSG("Whether the data is published already; if not, small counts stay out of public layers.")},
    {.key = "informal",
     .type = KY_FIELD_FLAG,
     .store = KY_STORE_BOOL,
     .offset = SOURCE_AT(is_informal),
     .standard = "false",
     .help =
         KY_MSG("Of venues: all records of the file are informal gatherings (お茶飲み場, 井戸端, 直売所): drawn and "
                "counted beside, but never counted as venues.")},
    {.key = "kind",
     .type = KY_FIELD_CHOICE,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(kind),
     .choices = KIND_CHOICES,
     .help = KY_MSG("Of resources: what all records of the file are. Left out: its column of kinds (種別).")},
    {.key = "walkable",
     .type = KY_FIELD_VALUES,
     .role = KY_ROLE_ROADS,
     .help =
         KY_MSG("Roads: the classes that can be walked, as the class column writes them, e.g. [市道, 県道]; no others "
                "are. Left out: by the rules.")},
    {.key = "residential",
     .type = KY_FIELD_VALUES,
     .role = KY_ROLE_BUILDINGS,
     .help = KY_MSG("Buildings: the uses that are homes, as the column of uses writes them, e.g. [131, 132]; no others "
                    "are. Left out: by the rules.")},
    {.key = "kinds",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = SOURCE_AT(kinds),
     .help =
         KY_MSG("Candidate sites of KSJ: codes of their kinds, e.g. 2|4|5, or all. Left out: public halls and meeting "
                "places (P05), facilities of the elderly (P14). Barriers: values of OpenStreetMap's waterway, railway "
                "and natural, e.g. river|canal|stream|rail, or codes of KSJ N02.")},
    {.key = "columns",
     .type = KY_FIELD_COLUMNS,
     .help = KY_MSG("Attribute: column, where the header says it otherwise, e.g. columns: {name: 施設名}.")},
};
const uint32_t ky_source_field_count = COUNT(ky_source_fields);

#define PEOPLE(name, measure)                                                                               \
  {                                                                                                         \
    .key = "pop_" name, .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = ZONE_AT(people[measure]), \
    .decimals = 3, .min = 0, .max = 100000000000                                                            \
  }

const ky_config_field ky_official_fields[] = {
    {.key = "zone", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(zone_id), .is_required = true},
    {.key = "year", .type = KY_FIELD_NUMBER, .store = KY_STORE_INT, .offset = ZONE_AT(year), .min = 2000, .max = 2109},
    PEOPLE("total", KY_TOTAL),
    PEOPLE("total_m", KY_TOTAL_M),
    PEOPLE("total_f", KY_TOTAL_F),
    PEOPLE("65", KY_65),
    PEOPLE("65_m", KY_65_M),
    PEOPLE("65_f", KY_65_F),
    PEOPLE("75", KY_75),
    PEOPLE("75_m", KY_75_M),
    PEOPLE("75_f", KY_75_F),
    PEOPLE("85", KY_85),
    PEOPLE("85_m", KY_85_M),
    PEOPLE("85_f", KY_85_F),
};
const uint32_t ky_official_field_count = COUNT(ky_official_fields);
