/* Several municipalities side by side: completeness first, then coverage, targets and needs, and who is alike. A rank
 * is an invitation to talk, so nobody has one whose data are not complete enough for it. */
#ifndef KAYOI_MUNICIPALITIES_H
#define KAYOI_MUNICIPALITIES_H

#include <kayoi/table.h>

typedef enum ky_town_group {
  KY_GROUP_COMPLETENESS,
  KY_GROUP_SIZE,
  KY_GROUP_COVERAGE,
  KY_GROUP_TARGETS,
  KY_GROUP_NEEDS,
  KY_GROUP_COUNT
} ky_town_group;

/* What a rank needs to be known well enough: bits of the measures of completeness. */
enum {
  KY_NEEDS_PLACES = 1, /* where venues are */
  KY_NEEDS_REPORTS = 2,
  KY_NEEDS_STREETS = 4, /* people whose walk is known */
  KY_NEEDS_ZONES = 8,   /* zones that lie inside the data */
  KY_NEEDS_WALKS = KY_NEEDS_PLACES | KY_NEEDS_STREETS | KY_NEEDS_ZONES
};

/* id, column, alias, unit, decimals, group, rank (0 none; 1 the largest is first), needs. Those from HOLDS on are
 * columns of the layer zones, record of the municipality; those before are made of the layers of a run. */
#define KY_TOWN_MEASURES(X)                                                                                            \
  X(LOCATED, "located_share", "位置がわかる場の割合", "share", 6, KY_GROUP_COMPLETENESS, 0, 0)                         \
  X(REPORT, "report_share", "参加者を報告した場の割合", "share", 6, KY_GROUP_COMPLETENESS, 0, 0)                       \
  X(KNOWN, "known_share_65", "徒歩圏を判定できた65歳以上の割合", "share", 6, KY_GROUP_COMPLETENESS, 0, 0)              \
  X(WHOLE_ZONES, "whole_zones_share", "データの範囲に収まる圏域の割合", "share", 6, KY_GROUP_COMPLETENESS, 0, 0)       \
  X(COMPLETENESS, "completeness", "データのそろい具合（上の4つの最小値）", "share", 6, KY_GROUP_COMPLETENESS, 0, 0)    \
  X(AREA, "area_km2", "面積（km²）", "km2", 3, KY_GROUP_SIZE, 0, 0)                                                    \
  X(DENSITY, "density_per_km2", "人口密度", "people/km2", 1, KY_GROUP_SIZE, 0, 0)                                      \
  X(VENUES_PER_1000, "venues_per_1000_65", "65歳以上千人あたりの場", NULL, 3, KY_GROUP_COVERAGE, 0, 0)                 \
  X(GAP_SHARE, "in_gap_share_65", "空白地帯に住む65歳以上の割合", "share", 6, KY_GROUP_NEEDS, 1, KY_NEEDS_WALKS)       \
  X(MOBILITY_SHARE, "mobility_share_65", "移動支援などの候補区域に住む65歳以上の割合", "share", 6, KY_GROUP_NEEDS, 1,  \
    KY_NEEDS_WALKS)                                                                                                    \
  X(POP, "pop_total", "人口", "people", 3, KY_GROUP_SIZE, 0, 0)                                                        \
  X(POP_65, "pop_65", "65歳以上人口", "people", 3, KY_GROUP_SIZE, 0, 0)                                                \
  X(AGING, "aging_rate", "高齢化率", "share", 6, KY_GROUP_SIZE, 0, 0)                                                  \
  X(SHARE_75, "share_75", "75歳以上の割合", "share", 6, KY_GROUP_SIZE, 0, 0)                                           \
  X(COVERED_SHARE, "covered_share_65", "徒歩圏内の割合（65歳以上）", "share", 6, KY_GROUP_COVERAGE, 1, KY_NEEDS_WALKS) \
  X(COVERED_65, "covered_65", "徒歩圏内の65歳以上", "people", 3, KY_GROUP_COVERAGE, 0, 0)                              \
  X(UNKNOWN_65, "unknown_65", "判定できない65歳以上", "people", 3, KY_GROUP_COVERAGE, 0, 0)                            \
  X(VENUES, "venues_counting", "数える通いの場", NULL, 0, KY_GROUP_COVERAGE, 0, 0)                                     \
  X(TARGET_RATE, "target_rate", "参加率の目標", "share", 6, KY_GROUP_TARGETS, 0, 0)                                    \
  X(TARGET, "target_participants", "目標の参加者", "people", 0, KY_GROUP_TARGETS, 0, 0)                                \
  X(PARTICIPANTS, "participants", "参加者", "people", 0, KY_GROUP_TARGETS, 0, 0)                                       \
  X(RATE, "participation_rate", "参加率", "share", 6, KY_GROUP_TARGETS, 1, KY_NEEDS_REPORTS)                           \
  X(ATTAINMENT, "attainment", "目標に対する達成率", "share", 6, KY_GROUP_TARGETS, 1, KY_NEEDS_REPORTS)                 \
  X(TOO_FAR, "target_too_far", "目標の人のうち場が遠い人", "people", 0, KY_GROUP_TARGETS, 0, 0)                        \
  X(NO_SEATS, "target_no_seats", "目標の人のうち席が足りない人", "people", 0, KY_GROUP_TARGETS, 0, 0)                  \
  X(IN_GAP_65, "in_gap_65", "空白地帯に住む65歳以上", "people", 3, KY_GROUP_NEEDS, 1, KY_NEEDS_WALKS)                  \
  X(SHORTFALL, "shortfall", "目標に足りない参加者", "people", 0, KY_GROUP_NEEDS, 1, KY_NEEDS_REPORTS)                  \
  X(GAPS, "gaps_count", "空白地帯の数", NULL, 0, KY_GROUP_NEEDS, 0, 0)                                                 \
  X(MOBILITY_65, "mobility_65", "移動支援などの候補区域に住む65歳以上", "people", 3, KY_GROUP_NEEDS, 1,                \
    KY_NEEDS_WALKS)                                                                                                    \
  X(NO_SHOP, "no_venue_no_shop_65", "場も店も徒歩圏にない65歳以上", "people", 3, KY_GROUP_NEEDS, 1, KY_NEEDS_WALKS)

typedef enum ky_town_measure {
#define KY_X(id, ...) KY_TOWN_##id,
  KY_TOWN_MEASURES(KY_X)
#undef KY_X
      KY_TOWN_MEASURE_COUNT,
  KY_TOWN_HOLDS = KY_TOWN_POP
} ky_town_measure;

typedef struct ky_town_measure_info {
  const char *column, *alias, *unit;
  uint8_t decimals;
  ky_town_group group;
  bool is_ranked;
  unsigned needs;
} ky_town_measure_info;

extern const ky_town_measure_info ky_town_measures[KY_TOWN_MEASURE_COUNT];
/* Japanese heading of a group. */
const char *ky_town_group_name(ky_town_group group);

/* Struct of arrays [count]. Values have the decimals of their measure; KY_NULL unknown. */
typedef struct ky_municipalities {
  uint32_t count;
  const char **code, **name; /* code: NULL where a run has none */
  const char **people_date, **official_date, **participants_date, **venues_date;
  int64_t *value[KY_TOWN_MEASURE_COUNT];
  uint32_t *rank[KY_TOWN_MEASURE_COUNT]; /* 1..; KY_NONE: none; NULL: the measure is not ranked */
  const char **left_out;                 /* which completeness is missing for ranks, in Japanese; NULL: nothing */
  const char **similar;                  /* names of those most alike; NULL: unknown */
} ky_municipalities;

#define KY_SIMILAR_MAX 3

/* All values unknown; keep arena. */
ky_err ky_municipalities_new(ky_job *job, uint32_t count, ky_municipalities *out);
/* From the values that were read: those made of others, ranks of those complete enough (floor: KY_WHOLE parts), and the
 * KY_SIMILAR_MAX most alike by size, density and ageing: nearest in the plane of their standard scores (population 65+
 * and density as logarithms). Equal values share a rank. */
ky_err ky_municipalities_rank(ky_job *job, int64_t floor, ky_municipalities *towns);
/* One record per municipality in the order of the codes, ranks beside their measures. */
ky_err ky_municipalities_table(ky_job *job, const ky_municipalities *towns, ky_table *out);

#endif
