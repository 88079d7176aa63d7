/* What joining a table to small areas came to. */
#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "io/area_join.h"

#define CITY_DIGITS 5
#define LEVELS_MAX  8

static int64_t milli_of(const char *text) {
  return text != NULL ? ky_number_fixed(text, 3) : KY_NULL;
}

/* "HYOSYO 2: 120 areas, HYOSYO 4: 310" of the rows that areas took. */
static void report_levels(ky_job *job, const ky_area_matches *m) {
  const char *level[LEVELS_MAX] = {NULL};
  uint32_t count[LEVELS_MAX] = {0}, levels = 0, joined = 0;
  char text[256] = "";
  for (uint32_t i = 0; i < m->raw->count; i++) {
    if (m->row[i] == NULL) continue;
    uint32_t at = 0;
    while (at < levels && strcmp(level[at], m->row[i]->level) != 0) at++;
    if (at == LEVELS_MAX) continue;
    if (at == levels) level[levels++] = m->row[i]->level;
    count[at]++;
    joined++;
  }
  for (uint32_t at = 0; at < levels; at++) /* by level, not by who came first */
    for (uint32_t other = at + 1; other < levels; other++)
      if (strcmp(level[other], level[at]) < 0) {
        const char *name = level[at];
        uint32_t n = count[at];
        level[at] = level[other], count[at] = count[other];
        level[other] = name, count[other] = n;
      }
  for (uint32_t at = 0; at < levels; at++) {
    size_t used = strlen(text);
    if (level[at][0] != '\0')
      snprintf(text + used, sizeof text - used, "%sHYOSYO %.8s: %u", used != 0 ? ", " : "", level[at], count[at]);
  }
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = m->table->where,
                           .field = "HYOSYO",
                           .reason = "area_levels",
                           .action = ky_tr("nothing: each area takes the row of its own key, so nobody counts twice")},
               ky_tr("%u of %u areas have a row (%s)"), joined, m->raw->count, text[0] != '\0' ? text : "-");
}

static void report_padded(ky_job *job, const ky_area_matches *m) {
  const char *here = NULL, *there = NULL;
  if (m->padded_count == 0) return;
  for (uint32_t i = 0; i < m->raw->count && here == NULL; i++) {
    if (m->row[i] == NULL || strcmp(m->keys[i], m->row[i]->key) == 0) continue;
    here = m->keys[i];
    there = m->row[i]->key;
  }
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = m->where,
                           .field = "KEY_CODE",
                           .reason = "keys_padded",
                           .action = ky_tr("nothing: 00 at the end of a key means a town that is not divided")},
               ky_tr("%u keys differ from the table's by 00 at their end (%s here, %s there)"), m->padded_count, here,
               there);
}

static void report_areas(ky_job *job, const ky_area_matches *m) {
  for (uint32_t i = 0; i < m->raw->count; i++) {
    if (m->row[i] != NULL) continue;
    const char *people = ky_raw_value(m->raw, "pop_total", i);
    ky_issue_add(job,
                 &(ky_issue){.severity = people != NULL && strcmp(people, "0") == 0 ? KY_INFO : KY_WARNING,
                             .source = m->where,
                             .record = m->keys[i],
                             .field = "KEY_CODE",
                             .reason = "area_without_row",
                             .action = ky_tr("its ages are unknown; its people count in the total where the boundaries "
                                             "have one")},
                 ky_tr("the table has no row of this key (%s people)"), people != NULL ? people : "?");
  }
}

/* Does the layer have an area of the same municipality? Keys are in order. */
static bool has_city(const ky_area_matches *m, const char *key) {
  uint32_t low = 0, high = m->raw->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (strncmp(m->keys[middle], key, CITY_DIGITS) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < m->raw->count && strncmp(m->keys[low], key, CITY_DIGITS) == 0;
}

/* A row whose people are in an area already: its own, or that of a row that it lies in. */
static bool is_covered(const ky_area_matches *m, const ky_area_row *row) {
  char outer[32];
  for (size_t n = strlen(row->key); n > CITY_DIGITS; n--) {
    if (n >= sizeof outer) continue;
    memcpy(outer, row->key, n);
    outer[n] = '\0';
    const ky_area_row *other = ky_area_table_find(m->table, outer);
    if (other != NULL && other->area != KY_NONE) return true;
  }
  return row->area != KY_NONE;
}

static bool is_city(const ky_area_row *row) {
  return strlen(row->key) <= CITY_DIGITS || strcmp(row->level, "1") == 0;
}

static void report_rows(ky_job *job, const ky_area_matches *m) {
  const uint32_t total = ky_area_table_column(m->table, "pop_total");
  uint32_t elsewhere = 0;
  for (uint32_t r = 0; r < m->table->row_count; r++) {
    const ky_area_row *row = &m->table->rows[r];
    if (is_city(row) || row->is_divided || is_covered(m, row)) continue;
    if (!has_city(m, row->key)) {
      elsewhere++;
      continue;
    }
    const char *people = total != KY_NONE ? row->value[total] : NULL;
    ky_issue_add(
        job,
        &(ky_issue){.severity = people != NULL && strcmp(people, "0") == 0 ? KY_INFO : KY_WARNING,
                    .source = m->table->where,
                    .record = row->key,
                    .field = "KEY_CODE",
                    .reason = "row_without_area",
                    .action = ky_tr("its people are in no sum; give the boundaries of the same year and of the "
                                    "whole municipality")},
        ky_tr("no area has this key: %s (%s people)"), row->name, people != NULL ? people : "?");
  }
  if (elsewhere != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = m->table->where,
                             .reason = "rows_elsewhere",
                             .action = ky_tr("nothing, if the other municipalities of the table are not wanted")},
                 ky_tr("%u rows are of municipalities that the boundaries do not have"), elsewhere);
}

/* People of the areas of one municipality; of a group the receiving row has them all, so hidden rows add nothing. */
static int64_t sum_city(const ky_area_matches *m, const char *city, const char *attribute, uint32_t column) {
  int64_t sum = 0;
  const bool is_total = strcmp(attribute, "pop_total") == 0;
  for (uint32_t i = 0; i < m->raw->count; i++) {
    if (strncmp(m->keys[i], city, strlen(city)) != 0) continue;
    const char *text = is_total            ? ky_raw_value(m->raw, attribute, i)
                       : m->row[i] != NULL ? m->row[i]->value[column]
                                           : NULL;
    if (milli_of(text) != KY_NULL) sum += milli_of(text);
  }
  return sum;
}

/* The table's own row of the municipality against what its areas came to. */
static void report_cities(ky_job *job, const ky_area_matches *m) {
  static const char *const attributes[] = {"pop_total", "pop_65"};
  for (uint32_t r = 0; r < m->table->row_count; r++) {
    const ky_area_row *row = &m->table->rows[r];
    if (!is_city(row) || strlen(row->key) != CITY_DIGITS || row->area != KY_NONE || !has_city(m, row->key)) continue;
    for (size_t k = 0; k < sizeof attributes / sizeof *attributes; k++) {
      const uint32_t column = ky_area_table_column(m->table, attributes[k]);
      const int64_t published = column != KY_NONE ? milli_of(row->value[column]) : KY_NULL;
      if (published == KY_NULL) continue;
      const int64_t sum = sum_city(m, row->key, attributes[k], column);
      if (sum == published) continue;
      ky_issue_add(
          job,
          &(ky_issue){.severity = KY_WARNING,
                      .source = m->where,
                      .record = row->key,
                      .field = attributes[k],
                      .reason = "city_total_differs",
                      .action = ky_tr("the areas are used as they are; look at the keys that found no partner")},
          ky_tr("its areas have %.0f people, its row in the table %.0f"), (double)sum / KY_PERSON,
          (double)published / KY_PERSON);
    }
  }
}

ky_err ky_area_report(ky_job *job, const ky_area_matches *m) {
  report_levels(job, m);
  report_padded(job, m);
  report_areas(job, m);
  report_rows(job, m);
  report_cities(job, m);
  return job->err;
}
