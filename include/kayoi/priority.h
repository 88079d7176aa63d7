/* Beside room 9, priority: what speaks for beginning in a zone, need and feasibility, each for itself and ranked; one
 * number of them only with weights from the configuration (method.md 9). */
#ifndef KAYOI_PRIORITY_H
#define KAYOI_PRIORITY_H

#include <kayoi/facts.h>
#include <kayoi/inventory.h>
#include <kayoi/strengths.h>
#include <kayoi/targets.h>
#include <kayoi/years.h>

/* Components: key of the configuration, column, Japanese, unit, decimals of the value, what the zones add up to. The
 * larger, the higher. */
#define KY_PRIORITY_COMPONENTS(X)                                                                                      \
  X(KY_NEED_UNCOVERED, "uncovered", "need_uncovered_65", "必要: 徒歩圏外の65歳以上", "people", 3, KY_ADDS_ROWS)        \
  X(KY_NEED_SHARE, "uncovered_share", "need_uncovered_share_65", "必要: 徒歩圏外の割合（65歳以上）", "share", 6,       \
    KY_ADDS_NOT)                                                                                                       \
  X(KY_NEED_SHORTFALL, "shortfall", "need_shortfall", "必要: 目標までの不足", "people", 0, KY_ADDS_ZONES)              \
  X(KY_NEED_GROWTH, "growth_75", "need_growth_75", "必要: 75歳以上の増減", "people", 3, KY_ADDS_ROWS)                  \
  X(KY_NEED_MOBILITY, "mobility", "need_mobility_65", "必要: 歩いて通う場では届かない65歳以上", "people", 3,           \
    KY_ADDS_ROWS)                                                                                                      \
  X(KY_NEED_NO_SHOP, "no_venue_no_shop", "need_no_venue_no_shop_65", "必要: 場も店も徒歩圏にない65歳以上", "people",   \
    3, KY_ADDS_ROWS)                                                                                                   \
  X(KY_FEASIBLE_RESOURCES, "resources", "feasibility_resources", "進めやすさ: 社会資源の数", NULL, 0, KY_ADDS_ROWS)    \
  X(KY_FEASIBLE_PROVIDERS, "providers_willing", "feasibility_providers_willing", "進めやすさ: 協力の意向がある担い手", \
    NULL, 0, KY_ADDS_ROWS)                                                                                             \
  X(KY_FEASIBLE_SUPPORTERS, "supporters", "feasibility_supporters", "進めやすさ: 場の担い手の人数", "people", 0,       \
    KY_ADDS_ROWS)                                                                                                      \
  X(KY_FEASIBLE_INITIATIVE, "initiative", "feasibility_initiative", "進めやすさ: 地域の主体的な取組", NULL, 3,         \
    KY_ADDS_NOT)

typedef enum ky_component {
#define KY_X(id, key, column, alias, unit, decimals, adds) id,
  KY_PRIORITY_COMPONENTS(KY_X)
#undef KY_X
      KY_COMPONENT_COUNT
} ky_component;
const char *ky_component_key(ky_component component); /* "uncovered" */

typedef struct ky_priority_opts {
  uint32_t weight_milli[KY_COMPONENT_COUNT]; /* thousandths; all 0: no composite */
} ky_priority_opts;

/* The composite of a zone when one weight is changed. */
typedef struct ky_priority_trial {
  uint32_t zone;
  uint8_t component;
  uint8_t halves;    /* the weight is taken halves / 2 times: 1 or 3 */
  int64_t composite; /* KY_WHOLE parts */
  uint32_t rank;     /* KY_NONE: no composite */
} ky_priority_trial;

/* A zone's score in a component is its value as a share of the largest value of all zones, 0 where it is not above 0;
 * the composite is the mean of the scores by weight. Ranks: 1 is the largest, equal values share the lower number, what
 * is not known has none. */
typedef struct ky_priority {
  uint32_t zone_count, row_count;
  int64_t *value[KY_COMPONENT_COUNT]; /* [rows]; KY_NULL unknown, or no matter of the row */
  uint32_t *rank[KY_COMPONENT_COUNT]; /* [zones] KY_NONE unknown */
  uint32_t *order;                    /* [zones] by uncovered people, ties to the lower id */
  bool has_weights;
  int64_t *composite;       /* [zones] KY_WHOLE parts; KY_NULL where a component with a weight is not known */
  uint32_t *composite_rank; /* [zones] KY_NONE */
  const char **missing;     /* [zones] keys of the components with a weight that are not known; NULL */
  ky_priority_trial *trial; /* by weight, factor, zone */
  uint32_t trial_count;
  /* beside the values, [zones] */
  int64_t *growth_share;                       /* of people 75+, KY_WHOLE parts */
  const char **survey_date, **initiative_date; /* NULL unknown */
  const char *growth_years;                    /* "2025-2045"; NULL: fewer than two years are known */
} ky_priority;

typedef struct ky_priority_in {
  const ky_zones *zones;
  const ky_points *points;
  const ky_coverage *coverage;
  const ky_gaps *gaps;
  const ky_access *access; /* NULL, as in ky_result; years and facts likewise */
  const ky_targets *targets;
  const ky_years *years;
  const ky_inventory *inventory;
  const ky_strengths *strengths;
  const ky_facts *facts;
} ky_priority_in;

ky_err ky_priority_build(ky_job *job, const ky_priority_in *in, const ky_priority_opts *opts, ky_priority *out);
/* The same from values: ranks, order, composite, trials. out: zone_count and value are there. */
ky_err ky_priority_rank(ky_job *job, const ky_zones *zones, const ky_priority_opts *opts, ky_priority *out);

#endif
