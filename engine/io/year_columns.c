/* Columns by year: see year_columns.h. */
#include "io/year_columns.h"

#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "io/role_years.h"
#include "io/text_key.h"

int ky_attribute_year(const char *attribute) {
  const size_t length = strlen(attribute);
  int year = 0;
  if (length < 6 || attribute[length - 5] != '_') return 0;
  for (size_t i = length - 4; i < length; i++) {
    if (attribute[i] < '0' || attribute[i] > '9') return 0;
    year = 10 * year + (attribute[i] - '0');
  }
  return year >= KY_YEAR_FIRST && year <= KY_YEAR_LAST ? year : 0;
}

static bool is_wanted(const ky_source *source, int year) {
  if (source->year != 0) return year == source->year;
  for (uint32_t i = 0; i < source->year_count; i++)
    if (source->years[i] == year) return true;
  return source->year_count == 0;
}

/* Years as bits, from the year KY_YEAR_FIRST on. */
typedef struct year_set {
  bool has[KY_YEAR_LAST - KY_YEAR_FIRST + 1];
} year_set;

static const char *list_years(ky_job *job, const year_set *set) {
  char text[700] = "";
  size_t used = 0;
  for (int y = 0; y <= KY_YEAR_LAST - KY_YEAR_FIRST; y++)
    if (set->has[y])
      used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", used == 0 ? "" : ", ", KY_YEAR_FIRST + y);
  const char *list = ky_format(&job->scratch, "%s", text);
  return list != NULL ? list : "";
}

ky_err ky_year_picks(ky_job *job, const ky_source *source, ky_picks *picks) {
  uint32_t kept = 0, years = 0;
  year_set there = {{false}};
  for (uint32_t p = 0; p < picks->count; p++) {
    const int year = ky_attribute_year(picks->pick[p].attribute->name);
    if (year != 0) there.has[year - KY_YEAR_FIRST] = true;
    if (year != 0 && !is_wanted(source, year)) continue;
    years += year != 0;
    picks->pick[kept++] = picks->pick[p];
  }
  picks->count = kept;
  if (years != 0) return KY_OK;
  const char *list = list_years(job, &there);
  if (list[0] == '\0')
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: no column is the people of a year (such as PTN_2030 of KSJ); map them: columns: "
                         "{pop_total_2030: COLUMN, pop_65_2030: COLUMN}"),
                   source->name, source->shown);
  return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: does not hold the years that are asked for; it holds %s"), source->name,
                 source->shown, list);
}

/* "ptn_2030", "pop2010": the columns of everybody in KSJ's grids. */
static int year_of_label(const char *label) {
  char name[16];
  const char *digits = strncmp(label, "ptn_", 4) == 0 ? label + 4 : strncmp(label, "pop", 3) == 0 ? label + 3 : "";
  if (strlen(digits) != 4) return 0;
  snprintf(name, sizeof name, "p_%s", digits);
  return ky_attribute_year(name);
}

ky_err ky_year_needed(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                      const ky_picks *picks) {
  year_set there = {{false}};
  bool is_any = false;
  if (ky_picks_field(picks, "pop_total") != KY_NONE || ky_picks_field(picks, "pop_65") != KY_NONE) return KY_OK;
  for (uint32_t i = 0; i < count; i++) {
    const char *label = names[i] != NULL ? ky_text_label(&job->scratch, names[i]) : NULL;
    const int year = label != NULL ? year_of_label(label) : 0;
    if (year == 0) continue;
    there.has[year - KY_YEAR_FIRST] = is_any = true;
  }
  if (!is_any) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: holds people of several years; name the one whose residents the run is about with year: "
                       "(it holds %s), or give the file under years:"),
                 source->name, source->shown, list_years(job, &there));
}

/* The column of an attribute of a year; NULL when there is none. */
static const ky_raw_column *column_of(const ky_raw *raw, const char *prefix, int year) {
  char name[32];
  snprintf(name, sizeof name, "%s_%d", prefix, year);
  return ky_raw_column_of(raw, name);
}

/* The classes above 85 of a year: two where the last is 90 and over, else three; 0 when one of them is missing. */
static uint32_t find_classes(const ky_raw *raw, int year, const ky_raw_column *part[3]) {
  const ky_raw_column *group = column_of(raw, "group_total", year);
  const bool is_recent = group != NULL && (group->column[2] == '0' && group->column[3] == '0');
  part[0] = column_of(raw, "part_85", year);
  part[1] = column_of(raw, "part_90", year);
  part[2] = column_of(raw, "part_95", year);
  if (part[0] == NULL || part[1] == NULL || (is_recent && part[2] == NULL)) return 0;
  return part[2] != NULL ? 3 : 2;
}

#define SUM_DECIMALS 6

static ky_err sum_classes(ky_job *job, const ky_raw *raw, const ky_raw_column *const *part, uint32_t parts, int year,
                          ky_raw_column *out) {
  out->attribute = ky_format(&job->keep, "pop_85_%d", year);
  out->column = parts == 3 ? ky_format(&job->keep, "%s + %s + %s", part[0]->column, part[1]->column, part[2]->column)
                           : ky_format(&job->keep, "%s + %s", part[0]->column, part[1]->column);
  if (out->attribute == NULL || out->column == NULL) return ky_fail_memory(job);
  KY_NEW(job, keep, out->value, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    int64_t sum = 0;
    for (uint32_t p = 0; p < parts && sum != KY_NULL; p++) {
      const int64_t value = part[p]->value[i] != NULL ? ky_number_fixed(part[p]->value[i], SUM_DECIMALS) : KY_NULL;
      sum = value == KY_NULL || value < 0 || value > INT64_MAX / 8 ? KY_NULL : sum + value;
    }
    if (sum == KY_NULL) continue;
    out->value[i] = ky_format(&job->keep, "%lld.%06lld", (long long)(sum / 1000000), (long long)(sum % 1000000));
    if (out->value[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static bool is_class(const char *attribute) {
  return strncmp(attribute, "part_", 5) == 0;
}

/* Attributes without their year. */
static ky_err drop_year(ky_job *job, ky_raw *raw) {
  for (uint32_t c = 0; c < raw->column_count; c++) {
    const char *name = raw->columns[c].attribute;
    if (ky_attribute_year(name) == 0) continue;
    raw->columns[c].attribute = ky_arena_text(&job->keep, name, strlen(name) - 5);
    if (raw->columns[c].attribute == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

ky_err ky_year_columns(ky_job *job, ky_raw *raw) {
  ky_raw_column *columns;
  const ky_raw_column *part[3];
  uint32_t kept = 0;
  KY_NEW(job, keep, columns, 2 * (size_t)raw->column_count + 1);
  for (uint32_t c = 0; c < raw->column_count; c++) {
    const int year = ky_attribute_year(raw->columns[c].attribute);
    const bool is_first = strncmp(raw->columns[c].attribute, "part_85_", 8) == 0;
    const uint32_t parts = is_first && column_of(raw, "pop_85", year) == NULL ? find_classes(raw, year, part) : 0;
    if (parts != 0) KY_TRY(sum_classes(job, raw, part, parts, year, &columns[kept++]));
    if (!is_class(raw->columns[c].attribute)) columns[kept++] = raw->columns[c];
  }
  raw->columns = columns;
  raw->column_count = kept;
  return raw->source->year != 0 ? drop_year(job, raw) : KY_OK;
}
