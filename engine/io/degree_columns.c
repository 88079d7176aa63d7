/* Degrees, minutes and seconds in three columns: see degree_columns.h. */
#include "io/degree_columns.h"

#include <string.h>

#include "io/text_key.h"

static const char *const axes[2][4] = {{"経度", "東経", "longitude", "lon"}, {"緯度", "北緯", "latitude", "lat"}};
static const char *const units[3] = {"度|deg|degree|degrees|d", "分|min|minute|minutes|m", "秒|sec|second|seconds|s"};

/* Behind the name of the axis: 度, _度, (度), ・度, -deg. NULL: memory is out. */
static const char *unit_text(ky_arena *arena, const char *behind) {
  static const char *const marks[] = {"_", "-", ".", "(", "[", "・", ":", "/"};
  for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
    const size_t n = strlen(marks[m]);
    if (strncmp(behind, marks[m], n) != 0) continue;
    behind += n;
    break;
  }
  size_t length = strlen(behind);
  if (length > 0 && strchr(")]", behind[length - 1]) != NULL) length--;
  return ky_arena_text(arena, behind, length);
}

/* Which part of which axis a column is; false: none of them. */
static ky_err part_of(ky_job *job, const char *name, int *axis, int *part, bool *is_part) {
  const char *key = ky_text_label(&job->scratch, name);
  *is_part = false;
  if (key == NULL) return ky_fail_memory(job);
  for (*axis = 0; *axis < 2; (*axis)++) {
    for (size_t w = 0; w < sizeof axes[0] / sizeof *axes[0]; w++) {
      const char *word = axes[*axis][w];
      if (strncmp(key, word, strlen(word)) != 0) continue;
      const char *unit = unit_text(&job->scratch, key + strlen(word));
      if (unit == NULL) return ky_fail_memory(job);
      for (*part = 0; *part < 3; (*part)++)
        if ((*is_part = ky_text_label_place(unit, units[*part]) >= 0)) return KY_OK;
    }
  }
  return KY_OK;
}

/* "緯度度, 緯度分" of the columns that are there. */
static ky_err list_found(ky_job *job, const ky_degree_columns *columns, const char *const *names, const char **out) {
  const char *found[6];
  uint32_t count = 0;
  for (int a = 1; a >= 0; a--)
    for (int p = 0; p < 3; p++)
      if (columns->part[a][p] != KY_NONE) found[count++] = names[columns->part[a][p]];
  *out = ky_columns_list(job, found, count);
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}

ky_err ky_degree_columns_find(ky_job *job, const ky_source *source, const char *const *names, uint32_t count,
                              ky_degree_columns *out, bool *found) {
  *found = false;
  for (int a = 0; a < 2; a++)
    for (int p = 0; p < 3; p++) out->part[a][p] = KY_NONE;
  for (uint32_t c = 0; c < count; c++) {
    int axis, part;
    bool is_part;
    if (names[c] == NULL) continue;
    KY_TRY(part_of(job, names[c], &axis, &part, &is_part));
    if (is_part && out->part[axis][part] == KY_NONE) out->part[axis][part] = c;
  }
  const uint32_t *lon = out->part[0], *lat = out->part[1];
  const bool has_degrees = lon[0] != KY_NONE && lat[0] != KY_NONE;
  const bool has_more = lon[1] != KY_NONE || lon[2] != KY_NONE || lat[1] != KY_NONE || lat[2] != KY_NONE;
  *found = has_degrees && (!has_more || (lon[1] != KY_NONE && lat[1] != KY_NONE));
  out->is_decimal = *found && !has_more;
  if (*found || !has_more) return KY_OK;
  const char *list;
  KY_TRY(list_found(job, out, names, &list));
  return ky_fail(
      job, KY_E_INPUT,
      ky_tr("%s %s: its coordinates are degrees, minutes and seconds in columns of their own, and not all of "
            "them are there: %s; both latitude and longitude need degrees and minutes (緯度_度, 緯度_分, "
            "緯度_秒, 経度_度 ...), or name columns with decimal degrees: lon: NAME, lat: NAME"),
      source->name, source->shown, list);
}

void ky_degree_columns_pick(const ky_role_info *role, const ky_degree_columns *columns, ky_picks *picks) {
  static const char *const names[2] = {"lon", "lat"};
  for (int a = 0; a < 2; a++) {
    for (uint32_t i = 0; i < role->attribute_count; i++) {
      if (strcmp(role->attributes[i].name, names[a]) != 0) continue;
      ky_pick pick = {.attribute = &role->attributes[i], .field = columns->part[a][0]};
      for (int p = 1; p < 3; p++)
        if (columns->part[a][p] != KY_NONE) pick.more[pick.more_count++] = columns->part[a][p];
      picks->pick[picks->count++] = pick;
    }
  }
}

ky_err ky_degree_columns_join(ky_job *job, const ky_degree_columns *columns, const char *const text[3],
                              const char **out) {
  *out = text[0];
  if (columns->is_decimal) return KY_OK;
  *out = NULL;
  if (text[0] == NULL && text[1] == NULL && text[2] == NULL) return KY_OK;
  *out = text[2] != NULL
             ? ky_format(&job->scratch, "%s°%s'%s\"", text[0] != NULL ? text[0] : "", text[1] != NULL ? text[1] : "",
                         text[2])
             : ky_format(&job->scratch, "%s°%s'", text[0] != NULL ? text[0] : "", text[1] != NULL ? text[1] : "");
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}
