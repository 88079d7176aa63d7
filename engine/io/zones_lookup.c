/* Small areas into zones by a table: KEY_CODE or S_NAME -> zone. */
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "io/address_key.h"
#include "io/raw_edit.h"
#include "io/text_key.h"
#include "io/zones_prepare.h"

#define NAMED          50 /* areas, and rows of the table, that are named one by one */
#define PREFIX_MIN     8  /* digits of a town's code, without a leading zero, that stands for all its 丁目 */
#define NAME_BYTES     9  /* three kanji: shorter names are all near each other */
#define CODE_DIGITS    11
#define NOT_IN_TABLE   KY_NONE
#define LOOSE_CONFLICT (KY_NONE - 1)

/* A row of the table. Keys are for matching only. */
typedef struct entry {
  const char *key;   /* a code without leading zeros, or a name (ky_text_key) */
  const char *loose; /* the name as an address: 一丁目 is 1丁目, 大字 is nothing; NULL: a code */
  const char *zone;  /* NULL: the rows of this key contradict each other */
  const char *name, *written;
  uint32_t area_count;
  const char *first_area; /* code of an area that the key named */
  bool has_several_codes;
} entry;

typedef struct table {
  ky_job *job;
  const ky_raw *lookup;
  const ky_raw *raw; /* the small areas */
  entry *row;        /* by key, each key once */
  uint32_t count;
  const char **area_name; /* [raw->count] for "did you mean" */
} table;

static bool is_code(const char *text) {
  return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* Key of a code or name; *loose as in entry. */
static ky_err make_key(ky_job *job, const char *text, const char **key, const char **loose) {
  ky_address address;
  *loose = NULL;
  if ((*key = ky_text_key(&job->scratch, text)) == NULL) return ky_fail_memory(job);
  if (is_code(*key)) {
    *key += strspn(*key, "0");
    return KY_OK;
  }
  if (!ky_address_read(&job->scratch, text, &address)) return ky_fail_memory(job);
  if (!ky_address_town(&job->scratch, &address, (uint32_t)strlen(address.area), address.number_count, loose))
    return ky_fail_memory(job);
  if (*loose == NULL) *loose = *key;
  return KY_OK;
}

static int by_key(const void *left, const void *right) {
  const entry *a = left, *b = right;
  int order = strcmp(a->key, b->key);
  if (order == 0) order = strcmp(a->zone != NULL ? a->zone : "", b->zone != NULL ? b->zone : "");
  if (order == 0) order = strcmp(a->name != NULL ? a->name : "", b->name != NULL ? b->name : "");
  return order != 0 ? order : strcmp(a->written, b->written);
}

static void report_conflict(const table *t, const entry *a, const entry *b) {
  ky_issue_add(t->job,
               &(ky_issue){.severity = KY_ERROR,
                           .source = ky_source_where(t->job, t->lookup->source),
                           .record = a->written,
                           .field = "zone",
                           .reason = "lookup_conflict",
                           .action = ky_tr("it belongs to no zone until one of the rows is deleted")},
               ky_tr("the table puts this area into two zones: %s, %s"), a->zone, b->zone);
}

/* Sorts the rows; of rows with one key, the first stays. */
static void sort_rows(table *t) {
  uint32_t kept = 0;
  if (t->count != 0) qsort(t->row, t->count, sizeof *t->row, by_key);
  for (uint32_t i = 0, end; i < t->count; i = end) {
    entry row = t->row[i];
    bool is_reported = false;
    for (end = i + 1; end < t->count && strcmp(t->row[end].key, row.key) == 0; end++) {
      if (strcmp(t->row[end].zone, t->row[i].zone) == 0 || is_reported) continue;
      report_conflict(t, &t->row[i], &t->row[end]);
      is_reported = true;
      row.zone = NULL;
    }
    t->row[kept++] = row;
  }
  t->count = kept;
}

static ky_err make_rows(table *t) {
  const ky_raw *lookup = t->lookup;
  KY_NEW(t->job, scratch, t->row, (size_t)lookup->count + 1);
  for (uint32_t i = 0; i < lookup->count; i++) {
    const char *area = ky_raw_value(lookup, "area", i);
    entry row = {.zone = ky_raw_value(lookup, "zone", i), .name = ky_raw_value(lookup, "name", i), .written = area};
    if (area != NULL && row.zone != NULL) {
      KY_TRY(make_key(t->job, area, &row.key, &row.loose));
      t->row[t->count++] = row;
      continue;
    }
    if (area == NULL && row.zone == NULL) continue; /* an empty row */
    ky_issue_add(t->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(t->job, lookup->source),
                             .record = area != NULL ? area : lookup->record[i],
                             .field = area == NULL ? "area" : "zone",
                             .reason = "lookup_incomplete",
                             .action = ky_tr("the row is not used; fill in the table")},
                 "%s", area == NULL ? ky_tr("the row names no area") : ky_tr("the row names no zone"));
  }
  sort_rows(t);
  return KY_OK;
}

static uint32_t find_key(const table *t, const char *key, size_t length) {
  uint32_t low = 0, high = t->count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    int order = strncmp(t->row[middle].key, key, length);
    if (order == 0 && t->row[middle].key[length] != '\0') order = 1;
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NOT_IN_TABLE;
}

/* By code, by name, by name behind the municipality's, by the code of the town that a 丁目 belongs to. */
static ky_err find_exact(const table *t, uint32_t area, uint32_t *row) {
  const char *code = ky_raw_value(t->raw, "area", area), *name = ky_raw_value(t->raw, "area_name", area);
  const char *city = ky_raw_value(t->raw, "area_city", area), *code_key = NULL, *key, *loose;
  *row = NOT_IN_TABLE;
  if (code != NULL) {
    KY_TRY(make_key(t->job, code, &code_key, &loose));
    *row = find_key(t, code_key, strlen(code_key));
  }
  if (*row == NOT_IN_TABLE && name != NULL) {
    KY_TRY(make_key(t->job, name, &key, &loose));
    *row = find_key(t, key, strlen(key));
  }
  if (*row == NOT_IN_TABLE && name != NULL && city != NULL) {
    const char *both = ky_format(&t->job->scratch, "%s%s", city, name);
    if (both == NULL) return ky_fail_memory(t->job);
    KY_TRY(make_key(t->job, both, &key, &loose));
    *row = find_key(t, key, strlen(key));
  }
  if (code_key == NULL || !is_code(code_key)) return KY_OK;
  size_t length = strlen(code_key) <= CODE_DIGITS ? strlen(code_key) : 0;
  while (*row == NOT_IN_TABLE && length > PREFIX_MIN) *row = find_key(t, code_key, --length);
  return KY_OK;
}

/* A name written otherwise (1丁目 for 一丁目, without 大字), among the rows that named no area as they stand. */
static ky_err find_loose(const table *t, const bool *is_used, uint32_t area, uint32_t *row) {
  const char *name = ky_raw_value(t->raw, "area_name", area), *key, *loose;
  if (name == NULL) return KY_OK;
  KY_TRY(make_key(t->job, name, &key, &loose));
  for (uint32_t r = 0; loose != NULL && r < t->count; r++) {
    if (is_used[r] || t->row[r].loose == NULL || strcmp(t->row[r].loose, loose) != 0) continue;
    *row = *row == NOT_IN_TABLE ? r : LOOSE_CONFLICT; /* two rows could be meant: none is taken */
  }
  if (*row == LOOSE_CONFLICT) *row = NOT_IN_TABLE;
  return KY_OK;
}

static void count_area(entry *row, const char *code) {
  row->area_count++;
  if (code == NULL) return;
  if (row->first_area == NULL) row->first_area = code;
  if (is_code(row->key)) return; /* a town's code stands for several on purpose */
  if (strcmp(row->first_area, code) != 0) row->has_several_codes = true;
}

static ky_err match(table *t, uint32_t *row_of) {
  bool *is_used;
  KY_NEW(t->job, scratch, is_used, (size_t)t->count + 1);
  for (uint32_t i = 0; i < t->raw->count; i++) {
    KY_TRY(find_exact(t, i, &row_of[i]));
    if (row_of[i] != NOT_IN_TABLE) is_used[row_of[i]] = true;
  }
  for (uint32_t i = 0; i < t->raw->count; i++) {
    if (row_of[i] == NOT_IN_TABLE) KY_TRY(find_loose(t, is_used, i, &row_of[i]));
    if (row_of[i] != NOT_IN_TABLE) count_area(&t->row[row_of[i]], ky_raw_value(t->raw, "area", i));
  }
  return KY_OK;
}

static void report_rows(const table *t) {
  const char *where = ky_source_where(t->job, t->lookup->source);
  uint32_t unmatched = 0;
  for (uint32_t r = 0; r < t->count; r++) {
    const entry *row = &t->row[r];
    if (row->has_several_codes)
      ky_issue_add(t->job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = where,
                               .record = row->written,
                               .field = "area",
                               .reason = "lookup_name_repeated",
                               .action = ky_tr("all of them are in the zone; write KEY_CODE to tell them apart")},
                   ky_tr("%u small areas with different codes have this name"), row->area_count);
    if (row->area_count != 0 || unmatched++ >= NAMED) continue;
    const bool is_long = strlen(row->written) >= NAME_BYTES;
    const char *near =
        row->loose != NULL && is_long ? ky_text_nearest(row->written, t->area_name, t->raw->count) : NULL;
    ky_issue_add(t->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = where,
                             .record = row->written,
                             .field = "area",
                             .reason = "lookup_unmatched",
                             .action = ky_tr("the row has no effect; correct the code or name")},
                 near != NULL ? ky_tr("no small area has this code or name; did you mean \"%s\"?")
                              : ky_tr("no small area has this code or name"),
                 near);
  }
  if (unmatched <= NAMED) return;
  ky_issue_add(t->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = where,
                           .field = "area",
                           .reason = "lookup_unmatched",
                           .action = ky_tr("the rows have no effect; correct the codes or names")},
               ky_tr("%u more rows of %u name no small area"), unmatched - NAMED, t->count);
}

static const char *people_text(ky_job *job, int64_t people) {
  const char *text = people == KY_NULL ? ky_tr("unknown") : ky_format(&job->scratch, "%lld", (long long)people);
  return text != NULL ? text : "";
}

static void report_area(const table *t, uint32_t area, int64_t people) {
  const ky_box box = ky_shape_box(&t->raw->shapes, area);
  const char *name = ky_raw_value(t->raw, "area_name", area);
  ky_issue_add(t->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(t->job, t->raw->source),
                           .record = t->raw->record[area],
                           .field = "area",
                           .reason = "area_without_zone",
                           .has_place = box.x_min <= box.x_max,
                           .x_m = (box.x_min + box.x_max) / 2,
                           .y_m = (box.y_min + box.y_max) / 2,
                           .action = ky_tr("its people are counted outside the zones; add it to the table")},
               ky_tr("the small area %s is in no zone (people by the file: %s)"), name != NULL ? name : "",
               people_text(t->job, people));
}

/* Of the records of one code, the largest number: parts may repeat it or share it. */
static int64_t people_of(const ky_raw *raw, uint32_t area, int64_t before) {
  const char *text = ky_raw_value(raw, "area_people", area);
  const int64_t people = text != NULL ? ky_number_fixed(text, 0) : KY_NULL;
  return people == KY_NULL || (before != KY_NULL && before > people) ? before : people;
}

typedef struct unplaced {
  const char *record;
  uint32_t area;
} unplaced;

static int by_record(const void *left, const void *right) {
  const unplaced *a = left, *b = right;
  const int order = strcmp(a->record, b->record);
  return order != 0 ? order : (a->area > b->area) - (a->area < b->area);
}

/* Areas of which no row speaks, each code once. */
static ky_err report_areas(const table *t, const bool *keep) {
  uint32_t areas = 0, count = 0;
  int64_t all = 0;
  unplaced *list;
  KY_NEW(t->job, scratch, list, (size_t)t->raw->count + 1);
  for (uint32_t i = 0; i < t->raw->count; i++)
    if (!keep[i]) list[count++] = (unplaced){t->raw->record[i], i};
  if (count == 0) return KY_OK;
  qsort(list, count, sizeof *list, by_record);
  for (uint32_t i = 0, end; i < count; i = end, areas++) {
    int64_t people = KY_NULL;
    for (end = i; end < count && strcmp(list[end].record, list[i].record) == 0; end++)
      people = people_of(t->raw, list[end].area, people);
    if (people != KY_NULL) all += people;
    if (areas < NAMED) report_area(t, list[i].area, people);
  }
  ky_issue_add(t->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(t->job, t->raw->source),
                           .field = "area",
                           .reason = "areas_without_zone",
                           .action = ky_tr("their people are counted outside the zones; add them to zones.lookup")},
               ky_tr("%u small areas are in no zone; by the file at least %lld people live there"), areas,
               (long long)all);
  return KY_OK;
}

/* No row names an area: the wrong column, or the wrong file. */
static ky_err fail_unmatched(const table *t) {
  const char *code = ky_raw_value(t->raw, "area", 0), *name = ky_raw_value(t->raw, "area_name", 0);
  return ky_fail(
      t->job, KY_E_INPUT,
      ky_tr("%s: no row names a small area of %s: the table has e.g. \"%s\", the areas have e.g. %s (%s); map "
            "the column of codes or names with columns: {area: ...}"),
      ky_source_where(t->job, t->lookup->source), ky_source_where(t->job, t->raw->source),
      t->count != 0 ? t->row[0].written : "", code != NULL ? code : "-", name != NULL ? name : "-");
}

static ky_err need_areas(ky_job *job, const ky_raw *raw) {
  if (ky_raw_column_of(raw, "area") != NULL || ky_raw_column_of(raw, "area_name") != NULL) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: zones.lookup joins small areas, but this file has no column of their codes (KEY_CODE) or "
                       "names (S_NAME); map it with columns: {area: ...} or {area_name: ...}"),
                 ky_source_where(job, raw->source));
}

ky_err ky_zones_look_up(ky_job *job, const ky_raw *lookup, ky_raw *raw) {
  table t = {.job = job, .lookup = lookup, .raw = raw};
  uint32_t *row_of, kept = 0;
  const char **id, **name;
  bool *keep;
  KY_TRY(need_areas(job, raw));
  KY_NEW(job, scratch, row_of, raw->count);
  KY_NEW(job, scratch, keep, raw->count);
  KY_NEW(job, scratch, t.area_name, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    t.area_name[i] = ky_raw_value(raw, "area_name", i);
    if (t.area_name[i] == NULL) t.area_name[i] = "";
  }
  KY_TRY(make_rows(&t));
  KY_TRY(match(&t, row_of));
  for (uint32_t i = 0; i < raw->count; i++) {
    keep[i] = row_of[i] != NOT_IN_TABLE && t.row[row_of[i]].zone != NULL;
    kept += keep[i];
  }
  if (kept == 0) return fail_unmatched(&t);
  report_rows(&t);
  KY_TRY(report_areas(&t, keep));
  KY_TRY(ky_raw_set_column(job, raw, "id", "zones.lookup", &id));
  KY_TRY(ky_raw_set_column(job, raw, "name", "zones.lookup", &name));
  for (uint32_t i = 0; i < raw->count; i++) {
    if (!keep[i]) continue;
    id[i] = t.row[row_of[i]].zone;
    name[i] = t.row[row_of[i]].name;
  }
  ky_raw_keep(keep, false, raw);
  return KY_OK;
}
