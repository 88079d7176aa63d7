/* How much the answers depend on the rules: the same town under other definitions, one changed at a time. */
#ifndef KAYOI_SENSITIVITY_H
#define KAYOI_SENSITIVITY_H

#include <kayoi/gaps.h>

typedef enum ky_definition_kind {
  KY_DEFINITION_RUN,       /* the run's own */
  KY_DEFINITION_DISTANCE,  /* another band is the walking range */
  KY_DEFINITION_STRAIGHT,  /* straight distance instead of a walk; says nothing of remedies */
  KY_DEFINITION_SPEED,     /* as far as others walk in the same time, 80 m/min */
  KY_DEFINITION_PLACEMENT, /* homes at the centre of their cell; on streets where the run has them there */
  KY_DEFINITION_SITE_SIZE, /* half or twice the people that make a site worth it; says nothing of coverage */
  KY_DEFINITION_PROFILE    /* another profile of the run; says nothing of remedies */
} ky_definition_kind;

/* What a cell's people are told. */
typedef enum ky_answer { KY_ANSWER_COVERED, KY_ANSWER_NOT_COVERED, KY_ANSWER_UNKNOWN, KY_ANSWER_NOBODY } ky_answer;

/* One set of definitions and its answers. */
typedef struct ky_definition {
  const char *key;   /* "distance_300", "straight", "speed_80" ... */
  const char *alias; /* 徒歩 300 m */
  ky_definition_kind kind;
  uint32_t primary_mm;
  int64_t min_people_65;               /* thousandths */
  int64_t *total_65;                   /* [rows] homes placed otherwise may be in another zone */
  int64_t *covered_65;                 /* [rows] people 65+, thousandths */
  int64_t *in_gap_65;                  /* [rows]; NULL: no remedies are looked for */
  int64_t *remedy_65[KY_REMEDY_COUNT]; /* [rows] of them by class; NULL likewise */
  uint32_t area_count, site_count;     /* gap areas; sites worth it. KY_NONE: not looked for */
  uint8_t *cell_answer;                /* [cells] ky_answer of the reach with most weight */
  uint8_t *cell_remedy;                /* [cells] class of most uncovered people 65+; KY_REMEDY_COUNT: nobody; NULL */
} ky_definition;

typedef struct ky_sensitivity {
  uint32_t count, cell_count, row_count;
  ky_definition *definition; /* [0] is the run's own */
} ky_sensitivity;

/* Answers of an outcome on `points`; gaps may be NULL. Fills all but key, alias, kind and options (keep arena). */
ky_err ky_definition_answers(ky_job *job, const ky_cells *cells, const ky_points *points, const ky_zones *zones,
                             const ky_coverage *coverage, const ky_gaps *gaps, ky_definition *out);
/* Does the definition change the cell's answer; or its remedy, where it has one under both? */
bool ky_definition_moves_reach(const ky_sensitivity *all, uint32_t definition, uint32_t cell);
/* People 65+ of the municipality's cells that every definition gives the same answer, thousandths. */
int64_t ky_sensitivity_robust_65(const ky_sensitivity *all, const ky_cells *cells, const ky_points *points,
                                 const ky_zones *zones);
bool ky_definition_moves_remedy(const ky_sensitivity *all, uint32_t definition, uint32_t cell);

#endif
