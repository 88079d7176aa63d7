/* Facilities of National Land Numerical Information: see ksj_places.h. Columns and codes from the product
 * specifications of the data sets. */
#include "io/ksj_places.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/raw_edit.h"

static const ky_ksj_vintage vintages[] = {
    {.code = "P02", .edition = "KSJ P02, 1990", .columns = 11, .name = 6, .municipality_code = 1, .kind = 3},
    {.code = "P02",
     .edition = "KSJ P02, 2006",
     .columns = 7,
     .name = 4,
     .municipality_code = 1,
     .kind = 3,
     .address = {5}},
    {.code = "P04", .edition = "KSJ P04, 2010", .columns = 7, .name = 2, .kind = 1, .address = {3}},
    {.code = "P04", .edition = "KSJ P04, 2014 or later", .columns = 10, .name = 2, .kind = 1, .address = {3}},
    {.code = "P05",
     .edition = "KSJ P05, 2010 or 2022",
     .columns = 4,
     .name = 3,
     .municipality_code = 1,
     .kind = 2,
     .address = {4},
     .site_kinds = "4|5"},
    /* public welfare facilities of the older lists: small class 19001 to 19003 are those of the elderly */
    {.code = "P14",
     .edition = "KSJ P14, 2011 or 2015",
     .columns = 11,
     .name = 7,
     .municipality = 2,
     .kind = 5,
     .address = {1, 2, 3},
     .site_kinds = "19001|19002|19003"},
    {.code = "P14",
     .edition = "KSJ P14, 2021 or later",
     .columns = 10,
     .name = 8,
     .municipality_code = 3,
     .municipality = 2,
     .kind = 6,
     .address = {1, 2, 4},
     .site_kinds = "02"},
    {.code = "P20",
     .edition = "KSJ P20, 2012",
     .columns = 12,
     .name = 2,
     .municipality_code = 1,
     .kind = 4,
     .address = {3}},
    {.code = "P27",
     .edition = "KSJ P27, 2013",
     .columns = 9,
     .name = 5,
     .municipality_code = 1,
     .kind = 4,
     .address = {6}},
};

/* Codes in words; what is not here, and what is no code, stays as it is. */
static const struct {
  const char *set, *code, *word;
} words[] = {
    {"P05", "1", "本庁"},
    {"P05", "2", "支所、出張所、連絡所"},
    {"P05", "3", "その他の行政サービス施設"},
    {"P05", "4", "公立公民館"},
    {"P05", "5", "集会施設"},
    {"P04", "1", "病院"},
    {"P04", "2", "診療所"},
    {"P04", "3", "歯科診療所"},
    {"P14", "0203", "老人福祉センター"},
    {"P14", "19001", "老人福祉施設"},
    {"P14", "19002", "老人憩の家"},
    {"P14", "19003", "老人休養ホーム"},
    {"P14", "19008", "児童福祉施設"},
    {"P14", "19013", "保育所"},
    {"P27", "03001", "美術館"},
    {"P27", "03002", "資料館、記念館、博物館、科学館"},
    {"P27", "03003", "図書館"},
};

/* P14_008, p14_008_ja: 8; 0: no column of the set. P14_005_name_ja names the code beside it and is not one. */
static uint32_t number_of(const char *name, const char *code) {
  uint32_t number = 0;
  if (name == NULL || strncasecmp(name, code, 3) != 0 || name[3] != '_') return 0;
  for (int d = 4; d < 7; d++) {
    if (name[d] < '0' || name[d] > '9') return 0;
    number = number * 10 + (uint32_t)(name[d] - '0');
  }
  return name[7] == '\0' || strcasecmp(name + 7, "_ja") == 0 ? number : 0;
}

/* Has it the columns 1 to n, each once, and no other of the set? */
static bool has_columns(const ky_ksj_vintage *vintage, const char *const *names, uint32_t count) {
  uint64_t met = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t number = number_of(names[i], vintage->code);
    if (number >= 64) return false;
    if (number != 0) met |= UINT64_C(1) << number;
  }
  return met == (UINT64_C(2) << vintage->columns) - 2;
}

const ky_ksj_vintage *ky_ksj_find(const char *const *names, uint32_t count, const char **code) {
  *code = NULL;
  for (size_t v = 0; v < sizeof vintages / sizeof *vintages; v++) {
    for (uint32_t i = 0; i < count && *code == NULL; i++)
      if (number_of(names[i], vintages[v].code) != 0) *code = vintages[v].code;
    if (has_columns(&vintages[v], names, count)) return &vintages[v];
  }
  return NULL;
}

uint32_t ky_ksj_number(const ky_ksj_vintage *vintage, const char *attribute) {
  const struct {
    const char *attribute;
    uint32_t number;
  } columns[] = {{"name", vintage->name},
                 {"address", vintage->address[0]},
                 {"municipality_code", vintage->municipality_code},
                 {"municipality", vintage->municipality},
                 {"kind_code", vintage->kind}};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    if (strcmp(columns[i].attribute, attribute) == 0) return columns[i].number;
  return 0;
}

uint32_t ky_ksj_field(const ky_ksj_vintage *vintage, const char *const *names, uint32_t count, uint32_t number) {
  for (uint32_t i = 0; number != 0 && i < count; i++)
    if (number_of(names[i], vintage->code) == number) return i;
  return KY_NONE;
}

static const char *word_of(const char *set, const char *code) {
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(words[i].set, set) == 0 && strcmp(words[i].code, code) == 0) return words[i].word;
  return code;
}

static ky_err add_words(ky_job *job, ky_raw *raw) {
  const char **kind;
  if (ky_raw_column_of(raw, "kind") != NULL) return KY_OK;
  KY_TRY(ky_raw_set_column(job, raw, "kind", ky_raw_column_of(raw, "kind_code")->column, &kind));
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *code = ky_raw_value(raw, "kind_code", i);
    if (code != NULL) kind[i] = word_of(raw->ksj->code, code);
  }
  return KY_OK;
}

/* Does the code begin with one of the '|'-separated beginnings? */
static bool is_wanted(const char *kinds, const char *code) {
  while (*kinds != '\0') {
    const size_t n = strcspn(kinds, "|");
    if (strncmp(code, kinds, n) == 0) return true;
    kinds += n + (kinds[n] == '|');
  }
  return false;
}

#define SHOWN_KINDS 6

/* "本庁 12, 支所、出張所、連絡所 34" of the records left out. */
static const char *list_kinds(ky_job *job, const ky_raw *raw, const ky_raw_column *codes, const bool *keep) {
  const char *kind[SHOWN_KINDS], *text = "";
  uint32_t count[SHOWN_KINDS] = {0}, kinds = 0, others = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    if (keep[i]) continue;
    uint32_t k = 0;
    while (k < kinds && strcmp(kind[k], codes->value[i]) != 0) k++;
    if (k == SHOWN_KINDS) {
      others++;
      continue;
    }
    if (k == kinds) kind[kinds++] = codes->value[i];
    count[k]++;
  }
  for (uint32_t k = 0; k < kinds && text != NULL; k++)
    text = ky_format(&job->scratch, "%s%s%s %u", text, k > 0 ? ", " : "", word_of(raw->ksj->code, kind[k]), count[k]);
  if (others != 0 && text != NULL) text = ky_format(&job->scratch, ky_tr("%s, others %u"), text, others);
  return text != NULL ? text : "";
}

static ky_err keep_sites(ky_job *job, ky_raw *raw, const ky_raw_column *codes) {
  const char *kinds = raw->source->kinds != NULL ? raw->source->kinds : raw->ksj->site_kinds;
  bool *keep;
  uint32_t left_out = 0;
  if (kinds == NULL || strcmp(kinds, "all") == 0) return KY_OK;
  KY_NEW(job, scratch, keep, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    keep[i] = codes->value[i] == NULL || is_wanted(kinds, codes->value[i]);
    left_out += !keep[i];
  }
  if (left_out == 0) return KY_OK;
  ky_issue_add(
      job,
      &(ky_issue){.severity = left_out == raw->count ? KY_WARNING : KY_INFO,
                  .source = ky_source_where(job, raw->source),
                  .field = codes->column,
                  .reason = "kinds_left_out",
                  .action = ky_tr("no candidate sites; write kinds: all, or the codes that are (kinds: 2|4|5), "
                                  "to this source to take them too")},
      ky_tr("%u of %u records are of other kinds than %s: %s"), left_out, raw->count, kinds,
      list_kinds(job, raw, codes, keep));
  raw->kinds_left_out += left_out;
  ky_raw_keep(keep, false, raw);
  return KY_OK;
}

/* A vintage taken for another would give codes as names. */
static ky_err check_names(ky_job *job, const ky_raw *raw) {
  uint32_t named = 0, coded = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *name = ky_raw_value(raw, "name", i);
    if (name == NULL) continue;
    named++;
    coded += name[strspn(name, "0123456789")] == '\0';
  }
  if (named == 0 || coded < named) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s: read as %s, but its names are numbers; name the columns: columns: {name: COLUMN, address: "
                       "COLUMN}"),
                 ky_source_where(job, raw->source), raw->ksj->edition);
}

ky_err ky_ksj_settle(ky_job *job, ky_raw *raw) {
  if (raw->ksj == NULL) return KY_OK;
  KY_TRY(check_names(job, raw));
  const ky_raw_column *codes = ky_raw_column_of(raw, "kind_code");
  if (codes == NULL) return KY_OK;
  KY_TRY(add_words(job, raw));
  return raw->source->role == KY_ROLE_SITES ? keep_sites(job, raw, ky_raw_column_of(raw, "kind_code")) : KY_OK;
}
