/* Codes of facts, and the newest value of each row. Facts are in the order of row, code, item and date. */
#include <kayoi/facts.h>
#include <string.h>

#include "core/ratio.h"

const char *ky_fact_code_name(ky_fact_code code) {
  static const char *const names[KY_FACT_CODE_COUNT] = {
#define KY_X(id, code, words) [id] = code,
      KY_FACT_CODES(KY_X)
#undef KY_X
  };
  return code < KY_FACT_CODE_COUNT ? names[code] : NULL;
}

static int compare(const char *a, const char *b) {
  return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* A later date takes the place of an earlier one; of two values of one date none stays. */
static void take(int64_t number, const char *date, bool *is_taken, int64_t *value, const char **value_date) {
  const int order = *is_taken ? compare(date, *value_date) : 1;
  if (order < 0) return;
  if (order == 0 && number != *value)
    *value = KY_NULL;
  else
    *value = number;
  *value_date = date;
  *is_taken = true;
}

static void sum_zones(const ky_zones *zones, int64_t *number, const char **date) {
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  bool is_one_date = true;
  number[all] = zones->count != 0 ? 0 : KY_NULL;
  for (uint32_t z = 0; z < zones->count; z++) {
    const bool is_known = number[all] != KY_NULL && number[z] != KY_NULL;
    number[all] = is_known ? number[all] + number[z] : KY_NULL;
    is_one_date = is_one_date && compare(date[z], date[0]) == 0;
  }
  if (number[all] != KY_NULL && is_one_date) date[all] = date[0];
}

ky_err ky_facts_newest(ky_job *job, const ky_zones *zones, const ky_facts *facts, ky_fact_code code, int64_t **number,
                       const char ***date) {
  const uint32_t rows = KY_ROW_COUNT(zones);
  bool *is_taken;
  KY_NEW(job, keep, *number, rows);
  KY_NEW(job, keep, *date, rows);
  KY_NEW(job, scratch, is_taken, rows);
  for (uint32_t row = 0; row < rows; row++) (*number)[row] = KY_NULL;
  for (uint32_t f = 0; facts != NULL && f < facts->count; f++) {
    const uint32_t row = facts->row[f];
    if (facts->code[f] == code) take(facts->number[f], facts->date[f], &is_taken[row], &(*number)[row], &(*date)[row]);
  }
  if (!is_taken[KY_ROW_MUNICIPALITY(zones)]) sum_zones(zones, *number, *date);
  return KY_OK;
}
