/* Layer changes: one record per change, a point each, so that every format and every portal can hold it in one layer.
 */
#include <kayoi/changes.h>

static ky_err add_texts(ky_job *job, const ky_changes *changes, ky_table *table) {
  static const struct {
    const char *name, *alias;
    size_t offset;
  } columns[] = {
      {"id", "番号", offsetof(ky_change, id)},       {"replaces", "前回の番号", offsetof(ky_change, replaces)},
      {"name", "名称", offsetof(ky_change, name)},   {"zone_id", "日常生活圏域", offsetof(ky_change, zone_id)},
      {"field", "項目", offsetof(ky_change, field)}, {"before", "前回", offsetof(ky_change, before)},
      {"after", "今回", offsetof(ky_change, after)}, {"why", "理由", offsetof(ky_change, why)}};
  const char **kind, **text;
  KY_NEW(job, keep, kind, changes->count);
  for (uint32_t i = 0; i < changes->count; i++) kind[i] = ky_change_kind_name(changes->row[i].kind);
  ky_table_text(table, "kind", "変化", kind);
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
    KY_NEW(job, keep, text, changes->count);
    for (uint32_t i = 0; i < changes->count; i++)
      text[i] = *(const char *const *)(const void *)((const char *)&changes->row[i] + columns[c].offset);
    ky_table_text(table, columns[c].name, columns[c].alias, text);
  }
  return KY_OK;
}

static ky_err add_numbers(ky_job *job, const ky_changes *changes, ky_table *table) {
  int64_t *people, *share, *moved;
  KY_NEW(job, keep, people, changes->count);
  KY_NEW(job, keep, share, changes->count);
  KY_NEW(job, keep, moved, changes->count);
  for (uint32_t i = 0; i < changes->count; i++) {
    people[i] = changes->row[i].people_65;
    share[i] = changes->row[i].share;
    moved[i] = changes->row[i].moved_mm;
  }
  ky_table_fixed(table, "change_65", "65歳以上の増減", "people", 3, people);
  ky_table_fixed(table, "change_share", "割合の増減", "share", 6, share);
  ky_table_fixed(table, "moved_m", "移った距離", "m", 3, moved);
  return KY_OK;
}

ky_err ky_changes_table(ky_job *job, const ky_changes *changes, ky_table *out) {
  uint32_t places = 0;
  ky_shapes *shapes;
  KY_NEW(job, keep, shapes, 1);
  for (uint32_t i = 0; i < changes->count; i++) places += changes->row[i].has_place;
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, changes->count, places, places, shapes));
  places = 0;
  for (uint32_t i = 0; i < changes->count; i++) {
    const ky_change *change = &changes->row[i];
    shapes->first_part[i] = places;
    if (!change->has_place) continue;
    shapes->first_vertex[places] = places;
    shapes->x[places] = change->x_m;
    shapes->y[places++] = change->y_m;
  }
  shapes->first_part[changes->count] = places;
  shapes->first_vertex[places] = places;
  KY_TRY(ky_table_new(job, "changes", "前回からの変化", changes->count, shapes, 16, out));
  KY_TRY(add_texts(job, changes, out));
  return add_numbers(job, changes, out);
}
