/* Stop layers: see stop_columns.h.
 *
 * KSJ P11 of 2022: 001 name, 002 operator, 003_01 ... routes, 004_01 ... kinds. Older: 001 name, 002 kind, 003_1 ...
 * operators, 004_1 ... routes. The labels of roles.c tell them apart by the two digits; only 002 is in both. */
#include "io/stop_columns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/role_columns.h"
#include "io/station_riders.h"
#include "io/text_key.h"

#define LIST_MAX 4096 /* bytes of a folded list */

typedef enum vintage { GENERIC, P11_2022, P11_OLDER, N02, S12 } vintage;

static bool is_column(const ky_raw *raw, const char *attribute, const char *column) {
  const ky_raw_column *found = ky_raw_column_of(raw, attribute);
  return found != NULL && strncasecmp(found->column, column, strlen(column)) == 0;
}

static vintage vintage_of(const ky_raw *raw) {
  if (is_column(raw, "name", "N02_005")) return N02;
  if (is_column(raw, "name", "S12_001")) return S12;
  if (!is_column(raw, "name", "P11_001")) return GENERIC;
  if (is_column(raw, "route_01", "P11_003_01") || is_column(raw, "kind_01", "P11_004_01")) return P11_2022;
  return is_column(raw, "operator_01", "P11_003_1") || is_column(raw, "route_01", "P11_004_1") ? P11_OLDER : GENERIC;
}

/* Is the item of n bytes among those of the list? */
static bool holds(const char *list, const char *item) {
  const size_t n = strlen(item);
  for (const char *at = list; (at = strstr(at, item)) != NULL; at++)
    if ((at == list || (at >= list + 2 && memcmp(at - 2, "; ", 2) == 0)) &&
        (at[n] == '\0' || memcmp(at + n, "; ", 2) == 0))
      return true;
  return false;
}

static void append(char *list, const char *item) {
  const size_t used = strlen(list);
  if (holds(list, item) || used + strlen(item) + 3 >= LIST_MAX) return;
  snprintf(list + used, LIST_MAX - used, "%s%s", used == 0 ? "" : "; ", item);
}

/* What a numbered column holds: "route", "kind", "operator"; NULL: it is none. */
static const char *content_of(vintage of, const char *attribute) {
  static const char *const plain[] = {"route", "kind", "operator"};
  for (size_t p = 0; p < sizeof plain / sizeof *plain; p++)
    if (strncmp(attribute, plain[p], strlen(plain[p])) == 0 && attribute[strlen(plain[p])] == '_') return plain[p];
  if (strncmp(attribute, "p11_003_", 8) == 0) return of == P11_OLDER ? "operator" : "route";
  if (strncmp(attribute, "p11_004_", 8) == 0) return of == P11_OLDER ? "route" : "kind";
  return NULL;
}

/* Code of a kind: that of P11 (1 private, 2 public, 3 community, 4 on demand, 5 other), our own, or Japanese words. */
static const char *kind_of(const char *text) {
  static const char *const codes[] = {"bus", "bus", "community_bus", "demand_bus", "other"};
  if (text[0] >= '1' && text[0] <= '5' && text[1] == '\0') return codes[text[0] - '1'];
  if (strstr(text, "デマンド") != NULL || strstr(text, "予約") != NULL) return "demand_bus";
  if (strstr(text, "コミュニティ") != NULL) return "community_bus";
  if (strstr(text, "路面電車") != NULL || strstr(text, "市電") != NULL) return "tram";
  if (strstr(text, "鉄道") != NULL || strstr(text, "駅") != NULL) return "rail";
  if (strstr(text, "バス") != NULL) return "bus";
  for (int k = 0; k < KY_STOP_KIND_COUNT; k++)
    if (strcmp(text, ky_stop_kind_name((ky_stop_kind)k)) == 0) return ky_stop_kind_name((ky_stop_kind)k);
  return NULL;
}

typedef struct folding {
  ky_job *job;
  ky_raw *raw;
  vintage vintage;
  uint32_t unknown_kinds;
  const char *first_unknown; /* kind, and its record */
  const char *unknown_record;
  ky_raw_column riders, riders_year;
} folding;

static void add_kind(folding *f, uint32_t record, const char *text, char *list) {
  if (text == NULL) return;
  const char *kind = kind_of(text);
  if (kind == NULL && f->unknown_kinds++ == 0) {
    f->first_unknown = text;
    f->unknown_record = f->raw->record[record];
  }
  append(list, kind != NULL ? kind : "other");
}

/* Fills *out, NULL when there is nothing. */
static ky_err fold_value(folding *f, const char *attribute, uint32_t i, char *list, const char **out) {
  const ky_raw *raw = f->raw;
  const char *given = ky_raw_value(raw, attribute, i), *second = ky_raw_value(raw, "p11_002", i);
  list[0] = '\0';
  if (strcmp(attribute, "kind") == 0) {
    if (f->vintage == N02 || f->vintage == S12) append(list, "rail");
    if (f->vintage == P11_OLDER) add_kind(f, i, second, list);
    add_kind(f, i, given, list);
  } else {
    if (given != NULL) append(list, given);
    if (f->vintage == P11_2022 && second != NULL && strcmp(attribute, "operator") == 0) append(list, second);
  }
  for (uint32_t c = 0; c < raw->column_count; c++) { /* "routes" begins with "route" */
    const char *content = content_of(f->vintage, raw->columns[c].attribute), *value = raw->columns[c].value[i];
    if (content == NULL || value == NULL || strncmp(attribute, content, strlen(content)) != 0) continue;
    if (strcmp(content, "kind") == 0)
      add_kind(f, i, value, list);
    else
      append(list, value);
  }
  *out = list[0] == '\0' ? NULL : ky_arena_text(&f->job->keep, list, strlen(list));
  return list[0] != '\0' && *out == NULL ? ky_fail_memory(f->job) : KY_OK;
}

/* A list with every item as it is compared. */
static ky_err key_column(ky_job *job, const ky_raw *raw, const ky_raw_column *of, const char *attribute, char *list,
                         ky_raw_column *out) {
  *out = (ky_raw_column){.attribute = attribute, .column = of->column};
  KY_NEW(job, keep, out->value, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    list[0] = '\0';
    for (const char *at = of->value[i]; at != NULL && *at != '\0';) {
      const char *end = strstr(at, "; ");
      const char *item = ky_arena_text(&job->scratch, at, end != NULL ? (size_t)(end - at) : strlen(at));
      const char *key = item != NULL ? ky_text_key(&job->scratch, item) : NULL;
      if (key == NULL) return ky_fail_memory(job);
      append(list, key);
      at = end != NULL ? end + 2 : NULL;
    }
    if (list[0] == '\0') continue;
    out->value[i] = ky_arena_text(&job->keep, list, strlen(list));
    if (out->value[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* The raw's columns with those folded in place of the numbered ones; `key`: the last of them. */
static ky_err fold_columns(folding *f, ky_raw_column *key) {
  static const char *const plain[] = {"id", "name", "parent", "location_type"};
  static const char *const folded[] = {"operator", "routes", "kind"};
  ky_raw *raw = f->raw;
  ky_raw_column *columns;
  uint32_t n = 0;
  char *list;
  KY_NEW(f->job, keep, columns, 12);
  KY_NEW(f->job, scratch, list, LIST_MAX);
  for (size_t p = 0; p < sizeof plain / sizeof *plain; p++) {
    const ky_raw_column *column = ky_raw_column_of(raw, plain[p]);
    if (column != NULL) columns[n++] = *column;
  }
  for (size_t k = 0; raw->feed == NULL && k < sizeof folded / sizeof *folded; k++) {
    ky_raw_column *column = &columns[n++];
    *column = (ky_raw_column){.attribute = folded[k], .column = folded[k]};
    KY_NEW(f->job, keep, column->value, raw->count);
    for (uint32_t i = 0; i < raw->count; i++) KY_TRY(fold_value(f, folded[k], i, list, &column->value[i]));
  }
  if (raw->feed == NULL) { /* operator and routes were folded first and second */
    KY_TRY(key_column(f->job, raw, &columns[n - 3], "operator_key", list, &columns[n]));
    KY_TRY(key_column(f->job, raw, &columns[n - 2], "routes_key", list, &columns[n + 1]));
    n += 2;
  }
  if (f->vintage == S12) {
    columns[n++] = f->riders;
    columns[n++] = f->riders_year;
  }
  columns[n++] = *key;
  raw->columns = columns;
  raw->column_count = n;
  return KY_OK;
}

/* The vertex in the middle of a station's line is the station. */
static void make_points(ky_shapes *shapes) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < shapes->count; i++) {
    const uint32_t part = shapes->first_part[i], end = shapes->first_part[i + 1];
    shapes->first_part[i] = kept; /* kept <= part, so nothing unread is overwritten */
    if (part == end) continue;
    const uint32_t middle = (shapes->first_vertex[part] + shapes->first_vertex[part + 1]) / 2;
    shapes->x[kept] = shapes->x[middle];
    shapes->y[kept] = shapes->y[middle];
    shapes->first_vertex[kept] = kept;
    kept++;
  }
  shapes->first_part[shapes->count] = kept;
  shapes->first_vertex[kept] = kept;
  shapes->part_count = shapes->vertex_count = kept;
  shapes->kind = KY_SHAPE_POINT;
  shapes->is_hole = NULL;
}

ky_err ky_stop_columns(ky_job *job, ky_raw *raw) {
  static const char *const names[] = {
      [P11_2022] = "KSJ P11 2022", [P11_OLDER] = "KSJ P11 before 2022", [N02] = "KSJ N02", [S12] = "KSJ S12"};
  folding f = {.job = job, .raw = raw, .vintage = raw->feed == NULL ? vintage_of(raw) : GENERIC};
  if (f.vintage == S12) KY_TRY(ky_station_riders(job, raw, &f.riders, &f.riders_year));
  const ky_raw_column *name = ky_raw_column_of(raw, "name");
  ky_raw_column key = {.attribute = "name_key", .column = name != NULL ? name->column : "name"};
  KY_NEW(job, keep, key.value, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    if (name == NULL || name->value[i] == NULL) continue;
    key.value[i] = ky_text_key(&job->keep, name->value[i]);
    if (key.value[i] == NULL) return ky_fail_memory(job);
  }
  KY_TRY(fold_columns(&f, &key));
  make_points(&raw->shapes);
  if (f.vintage != GENERIC) {
    raw->format = ky_format(&job->keep, "%s, %s", names[f.vintage], raw->format);
    if (raw->format == NULL) return ky_fail_memory(job);
  }
  if (f.unknown_kinds != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(job, raw->source),
                             .record = f.unknown_record,
                             .field = "kind",
                             .reason = "unknown_kind",
                             .action = ky_tr("taken as other")},
                 ky_tr("\"%s\" is no kind of stop that kayoi knows (%u such values)"), f.first_unknown,
                 f.unknown_kinds);
  return KY_OK;
}
