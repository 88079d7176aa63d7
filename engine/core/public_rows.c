/* Records of public layers. */
#include "core/public_rows.h"

#include <string.h>

#include "core/public_persons.h"

static const char *text_at(const ky_table *table, const char *column, uint32_t row) {
  const ky_column *of = ky_table_column(table, column);
  return of != NULL && of->type == KY_COLUMN_TEXT ? of->of.text[row] : NULL;
}

static int flag_at(const ky_table *table, const char *column, uint32_t row) {
  const ky_column *of = ky_table_column(table, column);
  return of != NULL && of->type == KY_COLUMN_BOOL ? of->of.flag[row] : -1;
}

int ky_venue_mark(const ky_table *venues, uint32_t row) {
  return flag_at(venues, "publish", row);
}

ky_err ky_venues_public(ky_job *job, const ky_public_opts *opts, const ky_table *venues, uint8_t **out) {
  KY_NEW(job, scratch, *out, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    const int mark = ky_venue_mark(venues, v);
    const bool is_public = mark == 1 || (mark < 0 && opts->venues_open);
    const bool is_home = ky_venue_is_home(text_at(venues, "kind", v), text_at(venues, "name", v));
    (*out)[v] = !is_public                           ? KY_VENUE_WITHHELD
                : !is_home                           ? KY_VENUE_EXACT
                : opts->homes == KY_HOMES_GENERALISE ? KY_VENUE_GENERALISED
                                                     : KY_VENUE_WITHHELD;
  }
  return KY_OK;
}

static bool is_exact(const ky_rows_rule *rule, const char *venue_id) {
  const ky_table *venues = rule->venues;
  for (uint32_t v = 0; venues != NULL && v < venues->count; v++) {
    const char *id = text_at(venues, "venue_id", v);
    if (id != NULL && strcmp(id, venue_id) == 0) return rule->venue_is[v] == KY_VENUE_EXACT;
  }
  return false;
}

static bool are_all_exact(const ky_rows_rule *rule) {
  const ky_table *venues = rule->venues;
  for (uint32_t v = 0; venues != NULL && v < venues->count; v++)
    if (flag_at(venues, "counts", v) == 1 && rule->venue_is[v] != KY_VENUE_EXACT) return false;
  return true;
}

static bool is_lone(const ky_rows_rule *rule, const ky_table *table, uint32_t row) {
  const ky_column *people = ky_table_column(table, "people_total");
  if (people == NULL || people->of.fixed[row] == KY_NULL) people = ky_table_column(table, "people_65");
  return people != NULL && people->of.fixed[row] != KY_NULL && people->of.fixed[row] < rule->threshold;
}

static bool is_public(const ky_table *table, const ky_rows_rule *rule, bool all_exact, uint32_t row) {
  if (strcmp(table->layer, "venues") == 0) return rule->venue_is[row] != KY_VENUE_WITHHELD;
  if (strcmp(table->layer, "service_areas") == 0) {
    const char *id = text_at(table, "venue_id", row);
    return id != NULL ? is_exact(rule, id) : all_exact;
  }
  if (strcmp(table->layer, "gaps") == 0 || strcmp(table->layer, "mobility") == 0)
    return !rule->is_restricted || !is_lone(rule, table, row);
  return true;
}

/* By gap_id, bytewise: the internal order is that of people. */
static void sort_by_id(const ky_table *table, ky_rows *rows) {
  const ky_column *id = ky_table_column(table, "gap_id");
  if (id == NULL) return;
  for (uint32_t i = 1; i < rows->count; i++) {
    const uint32_t row = rows->order[i];
    uint32_t at = i;
    for (; at > 0 && strcmp(id->of.text[rows->order[at - 1]], id->of.text[row]) > 0; at--)
      rows->order[at] = rows->order[at - 1];
    rows->order[at] = row;
  }
}

ky_err ky_rows_pick(ky_job *job, const ky_table *table, const ky_rows_rule *rule, ky_rows *out) {
  const bool all_exact = are_all_exact(rule);
  *out = (ky_rows){.count = 0};
  KY_NEW(job, scratch, out->order, table->count);
  for (uint32_t row = 0; row < table->count; row++)
    if (is_public(table, rule, all_exact, row)) out->order[out->count++] = row;
  if (rule->is_restricted && (strcmp(table->layer, "gaps") == 0 || strcmp(table->layer, "mobility") == 0))
    sort_by_id(table, out);
  return KY_OK;
}

ky_err ky_rows_column(ky_job *job, const ky_column *from, const ky_rows *rows, ky_table *out) {
  const char **text;
  int64_t *fixed;
  int8_t *flag;
  if (from->type == KY_COLUMN_TEXT) {
    KY_NEW(job, keep, text, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) text[i] = from->of.text[rows->order[i]];
    ky_table_text(out, from->name, from->alias, text);
  } else if (from->type == KY_COLUMN_FIXED) {
    KY_NEW(job, keep, fixed, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) fixed[i] = from->of.fixed[rows->order[i]];
    ky_table_fixed(out, from->name, from->alias, from->unit, from->decimals, fixed);
    ky_table_adds(out, (ky_adds)from->adds);
  } else {
    KY_NEW(job, keep, flag, rows->count);
    for (uint32_t i = 0; i < rows->count; i++) flag[i] = from->of.flag[rows->order[i]];
    ky_table_bool(out, from->name, from->alias, flag);
  }
  return KY_OK;
}
