/* Room 3, place: who lives where. Zones, cells, venues from raw records; demand points from cells and streets.
 *
 * Zones, cells and venues are sorted by id, bytewise, so a lower index is a lower id and ties are decided by
 * comparing indices. */
#ifndef KAYOI_PLACE_H
#define KAYOI_PLACE_H

#include <kayoi/catchment.h>
#include <kayoi/network.h>
#include <kayoi/read.h>

/* A target rate from a year on. */
typedef struct ky_year_rate {
  uint32_t zone; /* KY_NONE: every zone without one of its own */
  int year;
  int64_t rate; /* KY_WHOLE parts */
  const char *basis;
} ky_year_rate;

/* Official people of a zone in another year: an official projection. */
typedef struct ky_year_people {
  uint32_t zone;
  int year;
  int64_t people[KY_MEASURE_COUNT]; /* thousandths, KY_NULL */
} ky_year_people;

/* Zone index of people inside the border but in no zone, and of people outside the municipality. Rows of
 * the ledger: zones 0 .. count-1, then outside_zones, then outside, then the municipality. */
typedef struct ky_zones {
  uint32_t count;
  const char **id, **name; /* [count] */
  ky_shapes shapes;        /* [count] polygons */
  ky_shapes border;        /* the municipality as given, one or more records; count 0: the zones together are it */
  ky_shapes municipality;  /* 1 record for output: the given border, else the union of the zones */
  int64_t *official[KY_MEASURE_COUNT];         /* [count] register people, thousandths, KY_NULL; NULL: not given */
  const char *official_date, *official_source; /* of the register people; NULL unknown */
  int64_t *rate;           /* [count] the zone's own target rate in KY_WHOLE parts, KY_NULL: the default */
  const char **rate_basis; /* [count] NULL: the default */
  ky_year_rate *year_rate; /* [year_rate_count] the zones' own rates of years, by zone and year */
  uint32_t year_rate_count;
  ky_year_people *year_people; /* [year_people_count] by year and zone */
  uint32_t year_people_count;
  /* [count] distinct totals of the zone if given, else KY_NULL */
  int64_t *participants, *participants_m, *participants_f, *participants_weekly;
  uint8_t *participants_of;       /* [count] ky_measure: of which age band they are (KY_65) */
  const char **participants_date; /* [count] reference date of them; NULL unknown */
  int64_t *grid_share,
      *road_share; /* [count] share of area inside the data's extent, KY_WHOLE parts, KY_NULL unknown */
} ky_zones;

#define KY_ROW_OUTSIDE_ZONES(zones) ((zones)->count)
#define KY_ROW_OUTSIDE(zones)       ((zones)->count + 1)
#define KY_ROW_MUNICIPALITY(zones)  ((zones)->count + 2)
#define KY_ROW_COUNT(zones)         ((zones)->count + 3)

typedef enum ky_placement {
  KY_PLACED_BUILDINGS,
  KY_PLACED_STREETS,
  KY_PLACED_STREETS_ANY,
  KY_PLACED_CENTROID,
  KY_PLACED_GIVEN
} ky_placement;

typedef enum ky_age_source { KY_AGE_OWN, KY_AGE_GROUP } ky_age_source;

/* Residential cells inside the study area (border + margin). */
typedef struct ky_cells {
  uint32_t count;
  const char **id;
  ky_shapes shapes;                  /* MIXED: polygons; a point for residents given as points */
  int64_t *people[KY_MEASURE_COUNT]; /* [count] thousandths, KY_NULL; NULL: no source has the measure */
  uint8_t *age_source;               /* ky_age_source */
  const char **place_name;           /* [count] set by ky_names_cells; NULL: no names are given */
  double spacing_m;                  /* square root of the median area of the polygons; 0 without polygons */
  ky_shapes extent;                  /* where the residents' data is complete: polygons */
  uint32_t far_count;                /* cells left out: farther than the margin from the border */
  int64_t far_people;                /* their total people, thousandths */
  const char *date;                  /* reference dates, joined by " / "; NULL unknown */
} ky_cells;

typedef struct ky_place_opts {
  double margin_m;     /* study.margin_m, default 2000 */
  bool by_buildings;   /* placement.method: buildings first */
  bool by_streets;     /* then streets; false: centroid only */
  double step_m;       /* 25 */
  double min_street_m; /* 50 */
  double point_m2;     /* footprint of a building given as a point, 70 */
  uint32_t home_share; /* KY_WHOLE parts: where homes are less than this of the floor area of a cell's homes and
                          unspecified buildings, the unspecified count too; 0: never */
  const struct ky_buildings *buildings; /* first choice of a place (buildings.h); NULL: none */
} ky_place_opts;

/* Demand points: where in a cell people live. Ordered by cell, then edge, then place along it. */
typedef struct ky_points {
  uint32_t count;
  const char *date;      /* of the people: that of the cells */
  uint32_t *first_point; /* [cells + 1] */
  uint32_t *cell;        /* [count] */
  uint32_t *row;         /* [count] ledger row: zone, outside_zones or outside */
  double *x_m, *y_m;
  uint32_t *edge, *along_mm; /* [count] the street edge it was placed on; KY_NONE: none */
  uint32_t *access_mm;       /* [count] 0: it lies on that street (ky_network_anchor) */
  uint64_t *weight_um;       /* [count] street length it stands for, micrometres; 1 for single points; of a building its
                                floor area, millionths of a square metre: within a cell all are alike */
  uint32_t *people[KY_MEASURE_COUNT]; /* [count] thousandths; KY_NONE unknown; NULL: no measure */
  uint8_t *placement;                 /* [cells] ky_placement */
  uint32_t *cell_zone;                /* [cells] row with most of the cell's people, ties to the lower row */
} ky_points;

#define KY_VENUE_TEXTS(X)                                      \
  X(KY_VENUE_NAME, "name", "名称")                             \
  X(KY_VENUE_NAME_KANA, "name_kana", "名称（ふりがな）")       \
  X(KY_VENUE_ACTIVITY, "activity", "活動内容")                 \
  X(KY_VENUE_OPERATOR, "operator", "運営主体")                 \
  X(KY_VENUE_CORPORATION, "corporation_number", "法人番号")    \
  X(KY_VENUE_WEEKDAY, "weekday", "曜日")                       \
  X(KY_VENUE_HOURS, "hours", "時間")                           \
  X(KY_VENUE_CLOSED_DAYS, "closed_days", "定休日")             \
  X(KY_VENUE_AUDIENCE, "audience", "対象者")                   \
  X(KY_VENUE_CATCHMENT, "catchment", "対象エリア")             \
  X(KY_VENUE_FEE, "fee", "料金")                               \
  X(KY_VENUE_TRANSPORT, "transport", "送迎")                   \
  X(KY_VENUE_MEALS, "meals", "飲食の提供")                     \
  X(KY_VENUE_OWN_FOOD, "own_food", "飲食の持ち込み")           \
  X(KY_VENUE_COMPREHENSIVE, "comprehensive", "総合事業の実施") \
  X(KY_VENUE_KIND, "kind", "施設の種別")                       \
  X(KY_VENUE_POSTAL_CODE, "postal_code", "郵便番号")           \
  X(KY_VENUE_ADDRESS, "address", "所在地")                     \
  X(KY_VENUE_CONTACT, "contact", "連絡先")                     \
  X(KY_VENUE_NOTE, "note", "備考")                             \
  X(KY_VENUE_OTHER, "other", "その他")                         \
  X(KY_VENUE_STATUS, "status", "ステータス")                   \
  X(KY_VENUE_COORD_SOURCE, "coord_source", "位置の出所")

enum ky_venue_text {
#define KY_X(name, text, alias) name,
  KY_VENUE_TEXTS(KY_X)
#undef KY_X
      KY_VENUE_TEXT_COUNT
};

/* Why a venue does not count; NULL texts mean it does. */
typedef struct ky_venues {
  uint32_t count;
  const char **id;
  ky_shapes shapes;  /* points; a venue without coordinates has no part */
  double *x_m, *y_m; /* NAN without coordinates */
  const char **text[KY_VENUE_TEXT_COUNT];
  int64_t *sessions_milli; /* per month, thousandths (a meeting every other month is 500); KY_NULL */
  int64_t *capacity;       /* seats per session; KY_NULL unknown */
  int64_t *participants, *participants_m, *participants_f, *participants_weekly; /* distinct people, KY_NULL */
  int64_t *participants_before;                                                  /* of the survey before; KY_NULL */
  int64_t *supporters;                    /* people who carry it (担い手); KY_NULL */
  int8_t *is_resident_led, *is_published; /* 1, 0, -1 unknown */
  uint32_t *row;                          /* ledger row it lies in; KY_NONE without coordinates */
  int8_t *counts, *counts_for_rate;       /* by the rules; coverage: before anchoring (no street: see ky_walk) */
  const char **reason;                    /* why it does not count for coverage: stable code; NULL */
  const char **rate_reason;               /* why not for the rate */
  int8_t *is_informal;                    /* 1: an informal gathering, drawn and counted beside */
  int8_t *says_coverage, *says_rate;      /* the register's own word on the two rules: 1, 0, -1: the rules decide */
  uint8_t *participants_of;       /* ky_measure: of which age band they are; KY_65 unless the source says otherwise */
  int8_t *is_other_extent;        /* 1: they are people of another area than the municipality: in no rate of this one */
  const char **participants_date; /* reference date of them; NULL unknown */
  ky_catchments catchments;       /* whom each one serves */
  const char *date;
} ky_venues;

typedef struct ky_venue_opts {
  int64_t min_sessions_milli;   /* counts when held at least this often a month, 1000 */
  bool unknown_counts;          /* unknown frequency counts, true */
  bool rate_needs_resident_led; /* counts_for_rate: resident-led where that is known, true */
  bool allow_town;              /* a venue placed at the middle of its town (coord_source "town") counts, false */
  bool by_catchment;            /* venues serve only the zones that their register names, true; false: everybody */
} ky_venue_opts;

/* What a resource is: an open list. A word that is none of these is kept as given and reported. Code, its Japanese
 * word, further words for it as people write them ('|'-separated, normalised as labels are). */
#define KY_RESOURCE_KINDS(X)                                                                                                                                           \
  X("shop", "買い物",                                                                                                                                                  \
    "買物|商店|店舗|小売店|スーパー|スーパーマーケット|コンビニ|コンビニエンスストア|食料品店|ドラッグストア")                                                         \
  X("mobile_sales", "移動販売", "移動スーパー|移動販売車")                                                                                                             \
  X("clinic", "医療", "医療機関|病院|診療所|一般診療所|歯科診療所|歯科|医院|クリニック")                                                                               \
  X("pharmacy", "薬局", "調剤薬局")                                                                                                                                    \
  X("bank", "金融機関・郵便局", "金融機関|銀行|郵便局|農協|atm")                                                                                                       \
  X("hall", "集会施設", "公民館|集会所|自治会館|コミュニティセンター")                                                                                                 \
  X("welfare", "福祉施設", "老人福祉センター|福祉センター|介護施設|介護サービス事業所")                                                                                \
  X("centre", "地域包括支援センター", "包括支援センター|地域包括")                                                                                                     \
  X("demand_bus", "デマンド交通", "デマンドバス|デマンドタクシー|乗合タクシー|予約制バス|予約制乗合タクシー")                                                          \
  X("vehicle_provider", "移動支援の担い手", "移動支援|送迎|車両の提供|協力者|タクシー|介護タクシー|福祉有償運送")                                                      \
  X("volunteer_group", "ボランティア団体",                                                                                                                             \
    "ボランティア|ボランティアグループ|ボランティアサークル|助け合い団体|支え合い団体|ささえあい団体|住民互助団体|" \
    "有償ボランティア")                                                                                                                                                \
  X("informal_gathering", "把握外の集まり", "集まり|サロン|サークル|自主グループ")
#define KY_RESOURCE_OTHER       "other"
#define KY_RESOURCE_OTHER_ALIAS "その他"

#define KY_RESOURCE_TEXTS(X)                            \
  X(KY_RESOURCE_KIND, "kind", "種別")                   \
  X(KY_RESOURCE_NAME, "name", "名称")                   \
  X(KY_RESOURCE_ADDRESS, "address", "所在地")           \
  X(KY_RESOURCE_PHONE, "phone", "電話番号")             \
  X(KY_RESOURCE_IDLE_HOURS, "idle_hours", "空き時間")   \
  X(KY_RESOURCE_LEGAL_TYPE, "legal_type", "運送の区分") \
  X(KY_RESOURCE_SURVEY_DATE, "survey_date", "調査日")

enum ky_resource_text {
#define KY_X(name, text, alias) name,
  KY_RESOURCE_TEXTS(KY_X)
#undef KY_X
      KY_RESOURCE_TEXT_COUNT
};

/* Shops, clinics, halls, providers with vehicles: in the order of their ids, then of place and name. */
typedef struct ky_resources {
  uint32_t count;
  const char **id;   /* as given, else the name; unique within a source: several lists number their records from 1 */
  ky_shapes shapes;  /* points; a resource without a place has no part */
  double *x_m, *y_m; /* NAN without a place */
  const char **text[KY_RESOURCE_TEXT_COUNT]; /* [KY_RESOURCE_KIND]: a code of KY_RESOURCE_KINDS, another word, NULL */
  const char **coord_source;                 /* "given", "hall", "block", "town" (its middle only), "none" */
  const char **source, **date;               /* where it stands; reference date of that, NULL unknown */
  int64_t *seats;                            /* of its vehicles; KY_NULL unknown */
  int8_t *is_willing;                        /* 1, 0, -1 unknown */
  uint32_t *row;                             /* ledger row it lies in; KY_NONE without a place */
} ky_resources;

/* What of overlaps and gaps of zones is named. */
typedef struct ky_zone_fit_opts {
  double min_overlap_m2; /* smaller overlaps of two zones are only summed, 1 */
  double sliver_m;       /* narrower gaps are only summed, 10 */
} ky_zone_fit_opts;

/* Facts about a zone that are stated apart from its polygon: official people, target rate (zones.official,
 * targets.zones of the config, or a table). */
typedef struct ky_zone_fact {
  const char *zone_id;              /* id, or else name, of the zone */
  const char *where;                /* "kayoi.yaml:31:5" for messages */
  int64_t people[KY_MEASURE_COUNT]; /* thousandths; KY_NULL: not given */
  int64_t rate;                     /* KY_WHOLE parts; KY_NULL: not given */
  int year;                         /* from which the rate holds, and of which the people are; 0: now */
  const char *basis;
  int64_t participants, participants_m, participants_f, participants_weekly; /* distinct; KY_NULL: not given */
  uint8_t participants_of;                                                   /* ky_measure */
  const char *participants_date;                                             /* NULL unknown */
} ky_zone_fact;

/* A fact that says nothing. */
ky_zone_fact ky_zone_fact_none(void);
/* Zones in the official tables and in facts as the map writes them, where only the spelling differs (ky_text_key); what
 * means no zone, or several, stays as it is. Part of the read room (io/zone_names.c). */
ky_err ky_zone_names_join(ky_job *job, ky_inputs *inputs, ky_zone_fact *facts, uint32_t fact_count);
/* Zones and border. Records of one id are merged into one zone. Without zones the border is the one zone. A fact for a
 * zone that does not exist fails the run (KY_E_CONFIG). */
ky_err ky_place_zones(ky_job *job, const ky_inputs *inputs, const ky_zone_fact *facts, uint32_t fact_count,
                      ky_zones *out);
/* Makes the official people of a year those of the zones: new columns official, with its date; none where none are
 * stated for the year. */
ky_err ky_zones_official_year(ky_job *job, int year, ky_zones *zones);
/* Dates of the official people in tables, of the sources or else of their rows, joined by " / "; NULL unknown. */
ky_err ky_official_date(ky_job *job, const ky_inputs *inputs, const char **out);
/* 1 when less than KY_ZONE_COMPLETE of the zone's area lies inside the residents' or the roads' extent, 0 when both
 * shares are known and large enough, else -1. */
int8_t ky_zone_is_partial(const ky_zones *zones, uint32_t zone);
#define KY_ZONE_COMPLETE 980000 /* KY_WHOLE parts */
/* Cells inside the study area, hidden grid groups dissolved (method.md 1, formats.md 2). */
ky_err ky_place_cells(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_place_opts *opts,
                      ky_cells *out);
ky_err ky_place_venues(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_venue_opts *opts,
                       ky_venues *out);
/* Reads KY_VENUE_CATCHMENT of every venue: fills venues->catchments, reports texts that are no zones. To be called
 * again when venues were added or have new indices. has_zones: a source of zones is given. is_honoured false: every
 * venue is open to all. (io/venue_catchments.c) */
ky_err ky_venues_bind(ky_job *job, const ky_zones *zones, bool has_zones, bool is_honoured, ky_venues *venues);
/* Resources in the study area (border + margin_m); those farther away are left out and counted. */
ky_err ky_place_resources(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_place_opts *opts,
                          ky_resources *out);
/* Demand points (method.md 2): buildings, streets, streets_any, centroid, given; people by largest remainder. */
ky_err ky_place_points(ky_job *job, const ky_cells *cells, const ky_zones *zones, const ky_network *network,
                       const ky_place_opts *opts, ky_points *out);

/* Row of a place: the lowest zone that contains or touches it, else outside_zones or outside. */
typedef struct ky_zone_index ky_zone_index;
ky_err ky_zone_index_new(ky_job *job, const ky_zones *zones, ky_zone_index **out); /* scratch */
uint32_t ky_zone_index_row(const ky_zone_index *index, double x_m, double y_m);
/* No edge of a zone or of the border comes into the box: all places in it have the same row. */
bool ky_zone_index_is_plain(const ky_zone_index *index, ky_box box);
/* The same and, if it lies exactly on a zone's edge, true in *is_on_edge. */
uint32_t ky_zone_index_row_edge(const ky_zone_index *index, double x_m, double y_m, bool *is_on_edge);
/* Does a shape record come within margin_m of the municipality? (Inside counts.) */
bool ky_zone_index_near(const ky_zone_index *index, const ky_shapes *shapes, uint32_t record, double margin_m);

/* Shares `people` over `count` weights by largest remainder, ties to the earlier; sums to people exactly.
 * order: scratch of count items. All weights zero: everything goes to the first. */
void ky_share_largest_remainder(int64_t people, const uint64_t *weight, uint32_t count, int64_t *out, uint32_t *order);

const char *ky_points_check(const ky_points *points, const ky_cells *cells);

#endif
