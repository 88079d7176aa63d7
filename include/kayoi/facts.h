/* What is known of zones apart from the map: values of surveys, households, as stated, with their date. They are passed
 * through; only what they are about is looked up. Part of the place room (engine/io/zone_facts.c). */
#ifndef KAYOI_FACTS_H
#define KAYOI_FACTS_H

#include <kayoi/place.h>

/* Values that later rooms and columns of the zones know: code, its Japanese words ('|'-separated, the first is shown).
 */
#define KY_FACT_CODES(X)                                                                                                                                             \
  X(KY_FACT_SINGLE, "single_households",                                                                                                                             \
    "ひとり暮らし高齢者世帯|ひとり暮らし高齢者世帯数|一人暮らし高齢者世帯|一人暮らし高齢者世帯数|独居高齢者世帯|" \
    "独居高齢者世帯数|高齢単身世帯|高齢単身世帯数|高齢者単身世帯|高齢者単身世帯数|高齢単独世帯|高齢単独世帯数|"     \
    "高齢者単独世帯|高齢者単独世帯数|65歳以上単独世帯|65歳以上単独世帯数|65歳以上の単独世帯|65歳以上の単独世帯数|"    \
    "65歳以上の単身世帯|65歳以上の単身世帯数")                                                                                                                       \
  X(KY_FACT_COUPLES, "couple_households",                                                                                                                            \
    "高齢者夫婦のみの世帯|高齢者夫婦のみの世帯数|高齢者夫婦のみ世帯|高齢夫婦のみ世帯|高齢夫婦のみの世帯|"             \
    "高齢夫婦世帯|高齢夫婦世帯数|高齢者夫婦世帯|高齢者夫婦世帯数")                                                                                                   \
  X(KY_FACT_INITIATIVE, "initiative",                                                                                                                                \
    "地域の主体性|地域の主体的な取組|地域の主体的な取り組み|住民の主体的な取組|住民の主体的な取り組み|"                \
    "地域の取組|地域の取り組み")

typedef enum ky_fact_code {
#define KY_X(id, code, words) id,
  KY_FACT_CODES(KY_X)
#undef KY_X
      KY_FACT_CODE_COUNT /* any other value */
} ky_fact_code;
const char *ky_fact_code_name(ky_fact_code code); /* "single_households"; NULL for any other */

/* A fact as the configuration states it. */
typedef struct ky_fact_text {
  const char *zone, *item, *value, *unit, *date, *source; /* NULL: not stated */
  const char *where;                                      /* "kayoi.yaml:31:5" */
} ky_fact_text;

/* In the order of row, item, date, value. */
typedef struct ky_facts {
  uint32_t count;
  uint32_t *row;                                        /* a zone, or the municipality */
  const char **item, **value, **unit, **date, **source; /* as given; NULL not stated */
  int64_t *number; /* the value in thousandths; KY_NULL when it is no plain number */
  uint8_t *code;   /* ky_fact_code */
} ky_facts;

/* A fact of the configuration for a zone that does not exist fails the run (KY_E_CONFIG); one of a table is left out
 * and reported. */
ky_err ky_facts_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const char *municipality_name,
                      const ky_fact_text *stated, uint32_t stated_count, ky_facts *out);

/* Of each row of the ledger the newest value of a code in thousandths and its date; KY_NULL unknown, also where two of
 * one date contradict each other. The municipality's is the one stated or, when every zone has one, their sum. */
ky_err ky_facts_newest(ky_job *job, const ky_zones *zones, const ky_facts *facts, ky_fact_code code, int64_t **number,
                       const char ***date);

#endif
