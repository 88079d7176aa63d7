/* Columns of a source: see role_columns.h. */
#include "io/role_columns.h"

#include <stdio.h>
#include <string.h>

#include "io/column_prefix.h"
#include "io/ksj_places.h"
#include "io/text_key.h"
#include "io/year_columns.h"

#define LIST_MAX 24

const char *ky_columns_list(ky_job *job, const char *const *names, uint32_t count) {
  char text[900] = "";
  size_t used = 0;
  uint32_t listed = 0;
  for (; listed < count && listed < LIST_MAX; listed++) {
    const char *name = names[listed] != NULL ? names[listed] : "?";
    if (strlen(name) + 3 >= sizeof text - used) break;
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", listed == 0 ? "" : ", ", name);
  }
  const char *list = listed == count ? ky_format(&job->scratch, "%s", text)
                                     : ky_format(&job->scratch, ky_tr("%s and %u more"), text, count - listed);
  return list != NULL ? list : "";
}

static const ky_attribute *find_attribute(const ky_role_info *role, const char *name) {
  for (uint32_t a = 0; a < role->attribute_count; a++)
    if (strcmp(role->attributes[a].name, name) == 0) return &role->attributes[a];
  return NULL;
}

/* A file with several years has the columns of years, whatever its role. */
static const ky_role_info *columns_role(const ky_source *source) {
  return ky_role_get(source->year != 0 ? KY_ROLE_YEARS : source->role);
}

ky_err ky_columns_check(ky_job *job, const ky_source *source) {
  const ky_role_info *role = columns_role(source);
  const char **names;
  for (uint32_t c = 0; c < source->column_count; c++) {
    const char *attribute = source->columns[c].attribute;
    if (find_attribute(role, attribute) != NULL) continue;
    KY_NEW(job, scratch, names, role->attribute_count);
    for (uint32_t a = 0; a < role->attribute_count; a++) names[a] = role->attributes[a].name;
    const char *near = ky_text_nearest(attribute, names, role->attribute_count);
    const char *hint = near != NULL ? ky_format(&job->scratch, ky_tr("; did you mean \"%s\"?"), near) : "";
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s.columns: %s has no attribute \"%s\"%s It has: %s"), source->name,
                   role->name, attribute, hint != NULL && hint[0] != '\0' ? hint : ".",
                   ky_columns_list(job, names, role->attribute_count));
  }
  return KY_OK;
}

ky_err ky_columns_find(ky_job *job, const ky_source *source, const char *what, const char *column,
                       const char *const *names, const char *const *others, uint32_t count, uint32_t *field) {
  for (int is_other = 0; is_other < 2; is_other++) {
    const char *const *list = is_other ? others : names;
    for (*field = 0; list != NULL && *field < count; (*field)++)
      if (list[*field] != NULL && strcmp(list[*field], column) == 0) return KY_OK;
  }
  const char *key = ky_text_label(&job->scratch, column);
  if (key == NULL) return ky_fail_memory(job);
  for (int is_other = 0; is_other < 2; is_other++) {
    const char *const *list = is_other ? others : names;
    for (*field = 0; list != NULL && *field < count; (*field)++) {
      if (list[*field] == NULL) continue;
      const char *name = ky_text_label(&job->scratch, list[*field]);
      if (name == NULL) return ky_fail_memory(job);
      if (strcmp(name, key) == 0) return KY_OK;
    }
  }
  const char **known;
  uint32_t known_count = 0;
  KY_NEW(job, scratch, known, count);
  for (uint32_t f = 0; f < count; f++)
    if (names[f] != NULL) known[known_count++] = names[f];
  const char *near = ky_text_nearest(column, known, known_count);
  const char *hint = near != NULL ? ky_format(&job->scratch, ky_tr("; did you mean \"%s\"?"), near) : NULL;
  return ky_fail(
      job, KY_E_INPUT, ky_tr("%s %s: %s names the column \"%s\", which the file does not have%s Its columns: %s"),
      source->name, source->shown, what, column, hint != NULL ? hint : ".", ky_columns_list(job, known, known_count));
}

/* Does the label at a place among labels end in '*'? Such a label means columns that are parts of one text. */
static bool is_open_label(const char *labels, int place) {
  for (; place > 0 && labels != NULL; place--) {
    labels = strchr(labels, '|');
    if (labels != NULL) labels++;
  }
  const size_t n = labels != NULL ? strcspn(labels, "|") : 0;
  return n != 0 && labels[n - 1] == '*';
}

/* Place of a column among the names of an attribute: -1 its own name, then its labels; INT32_MAX: none. */
static int place_of(const ky_attribute *attribute, const char *key, const char *other_key) {
  int best = INT32_MAX;
  const char *const both[2] = {key, other_key};
  for (int k = 0; k < 2; k++) {
    if (both[k] == NULL || both[k][0] == '\0') continue;
    if (strcmp(both[k], attribute->name) == 0) return -1;
    int place = ky_text_label_place(both[k], attribute->labels);
    if (place >= 0 && place < best) best = place;
  }
  return best;
}

/* Which part of an address a column holds, from the whole to the building; by its name. */
static int address_part(const char *key) {
  static const char *const parts[] = {"都道府県", "市区町村|市町村", "町字|町名|大字|丁目", "番地|地番|以下",
                                      "建物|部屋|方書|ビル"};
  const int count = (int)(sizeof parts / sizeof *parts);
  for (int p = count - 1; p >= 0; p--) {
    for (const char *word = parts[p]; word != NULL; word = strchr(word, '|')) {
      char text[32];
      word += *word == '|';
      snprintf(text, sizeof text, "%.*s", (int)strcspn(word, "|"), word);
      if (strstr(key, text) != NULL) return p;
    }
  }
  return count;
}

/* Parts of one text go by what they are, then by name: the order of columns means nothing. */
static void sort_parts(const char *const *keys, ky_pick *pick) {
  uint32_t field[KY_PICK_MORE + 1];
  field[0] = pick->field;
  memcpy(field + 1, pick->more, pick->more_count * sizeof *field);
  for (uint32_t i = 1; i <= pick->more_count; i++) {
    const uint32_t moved = field[i];
    const int part = address_part(keys[moved]);
    uint32_t k = i;
    for (; k > 0; k--) {
      const int before = address_part(keys[field[k - 1]]);
      if (before < part || (before == part && strcmp(keys[field[k - 1]], keys[moved]) <= 0)) break;
      field[k] = field[k - 1];
    }
    field[k] = moved;
  }
  pick->field = field[0];
  memcpy(pick->more, field + 1, pick->more_count * sizeof *field);
}

/* Best default column of an attribute: its own name, then its labels in their order. */
static void find_default(ky_job *job, const ky_source *source, const char *const *keys, const char *const *other_keys,
                         const char *const *names, uint32_t count, ky_pick *pick) {
  int best = INT32_MAX;
  uint32_t same = 0;
  for (uint32_t f = 0; f < count; f++) {
    int place = place_of(pick->attribute, keys[f], other_keys[f]);
    if (place > best || place == INT32_MAX) continue;
    if (place < best) {
      best = place;
      pick->field = f;
      pick->more_count = same = 0;
    } else if (place >= 0 && is_open_label(pick->attribute->labels, place) && pick->more_count < KY_PICK_MORE) {
      pick->more[pick->more_count++] = f;
    } else {
      same++;
    }
  }
  if (pick->more_count != 0) sort_parts(keys, pick);
  if (same != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, source),
                    .field = names[pick->field],
                    .reason = "duplicate_column",
                    .action = ky_tr("the first of them was used; map another one with columns: if it is meant")},
        ky_tr("%u columns can be %s"), same + 1, pick->attribute->name);
}

/* The column of a known vintage; false when it has none for the attribute. */
static bool find_ksj(const ky_ksj_vintage *ksj, const char *const *names, uint32_t count, ky_pick *pick) {
  const uint32_t number = ksj != NULL ? ky_ksj_number(ksj, pick->attribute->name) : 0;
  pick->field = ksj != NULL ? ky_ksj_field(ksj, names, count, number) : KY_NONE;
  if (pick->field == KY_NONE) return false;
  for (uint32_t p = 1; strcmp(pick->attribute->name, "address") == 0 && p < KY_KSJ_ADDRESS_PARTS; p++) {
    const uint32_t more = ky_ksj_field(ksj, names, count, ksj->address[p]);
    if (more != KY_NONE) pick->more[pick->more_count++] = more;
  }
  return true;
}

/* Facilities of KSJ whose columns fit no known vintage: which column is the name must be told. */
static ky_err check_ksj(ky_job *job, const ky_source *source, const char *code, const char *const *names,
                        uint32_t count, const ky_picks *picks) {
  if (code == NULL || picks->ksj != NULL || ky_picks_field(picks, "name") != KY_NONE) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: its columns are of KSJ %s, but of no edition that kayoi knows; name them: columns: "
                       "{name: COLUMN, address: COLUMN}. Its columns: %s"),
                 source->name, source->shown, code, ky_columns_list(job, names, count));
}

/* Roles that facilities of KSJ may serve. */
static bool takes_facilities(ky_role role) {
  return role == KY_ROLE_VENUES || role == KY_ROLE_SITES || role == KY_ROLE_HALLS || role == KY_ROLE_RESOURCES;
}

static ky_err make_keys(ky_job *job, const char *const *names, uint32_t count, const char ***keys) {
  KY_NEW(job, scratch, *keys, count);
  for (uint32_t f = 0; names != NULL && f < count; f++) {
    if (names[f] == NULL) continue;
    (*keys)[f] = ky_text_label(&job->scratch, names[f]);
    if ((*keys)[f] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

ky_err ky_columns_pick(ky_job *job, const ky_source *source, const char *const *names, const char *const *others,
                       uint32_t count, ky_picks *out) {
  const ky_role_info *role = columns_role(source);
  const char **keys, **other_keys, **plain;
  KY_TRY(make_keys(job, names, count, &keys));
  KY_TRY(ky_columns_plain(job, names, count, &plain));
  if (others == NULL) others = plain;
  KY_TRY(make_keys(job, others, count, &other_keys));
  const char *code = NULL;
  memset(out, 0, sizeof *out);
  if (takes_facilities(source->role)) out->ksj = ky_ksj_find(names, count, &code);
  KY_NEW(job, scratch, out->pick, role->attribute_count);
  for (uint32_t a = 0; a < role->attribute_count; a++) {
    const ky_attribute *attribute = &role->attributes[a];
    ky_pick pick = {.attribute = attribute, .field = KY_NONE};
    bool is_mapped = false;
    for (uint32_t c = 0; c < source->column_count && !is_mapped; c++) {
      if (strcmp(source->columns[c].attribute, attribute->name) != 0) continue;
      const char *what = ky_format(&job->scratch, "columns.%s", attribute->name);
      if (what == NULL) return ky_fail_memory(job);
      KY_TRY(ky_columns_find(job, source, what, source->columns[c].column, names, others, count, &pick.field));
      is_mapped = true;
    }
    if (!is_mapped && !find_ksj(out->ksj, names, count, &pick))
      find_default(job, source, keys, other_keys, names, count, &pick);
    if (pick.field != KY_NONE) {
      out->pick[out->count++] = pick;
    } else if (attribute->is_required) {
      return ky_fail(job, KY_E_INPUT,
                     ky_tr("%s %s: no column is %s (%s); name it: columns: {%s: COLUMN}. Its columns: %s"),
                     source->name, source->shown, attribute->name, attribute->help, attribute->name,
                     ky_columns_list(job, names, count));
    }
  }
  KY_TRY(check_ksj(job, source, code, names, count, out));
  if (role->attributes == ky_role_get(KY_ROLE_YEARS)->attributes) return ky_year_picks(job, source, out);
  return source->role == KY_ROLE_RESIDENTS ? ky_year_needed(job, source, names, count, out) : KY_OK;
}

uint32_t ky_picks_field(const ky_picks *picks, const char *attribute) {
  for (uint32_t i = 0; i < picks->count; i++)
    if (strcmp(picks->pick[i].attribute->name, attribute) == 0) return picks->pick[i].field;
  return KY_NONE;
}
