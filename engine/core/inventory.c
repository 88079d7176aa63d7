/* Inventory: resources sorted into rows and kinds once, then one pass over each pile. */
#include <kayoi/inventory.h>
#include <stdlib.h>
#include <string.h>

#include "core/ratio.h"

#define KIND_UNKNOWN       "unknown"
#define KIND_UNKNOWN_ALIAS "種別不明"
#define PROVIDER           "vehicle_provider"
#define TEXTS_BYTES        200 /* of dates or sources in one text */
#define WORDS_MAX          40  /* words of no code with a record of their own; further ones are "other" */

static const struct {
  const char *code, *alias;
} listed[] = {
#define KY_X(code, alias, words) {code, alias},
    KY_RESOURCE_KINDS(KY_X)
#undef KY_X
};
#define LISTED (uint32_t)(sizeof listed / sizeof *listed)

typedef struct piles {
  const ky_resources *resources; /* NULL: none given */
  const ky_zones *zones;
  const ky_inputs *inputs;
  uint32_t *kind_of;          /* [resources] */
  uint32_t *first, *of;       /* resources of (row, kind), in their own order */
  bool *is_asked;             /* [kinds] a source of the kind was given */
  bool *has_seats, *has_will; /* [kinds] somebody states it */
} piles;

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *kind_text(const ky_resources *resources, uint32_t i) {
  const char *kind = resources->text[KY_RESOURCE_KIND][i];
  return kind != NULL ? kind : KIND_UNKNOWN;
}

static uint32_t find_kind(const ky_inventory *inventory, const char *kind) {
  for (uint32_t k = 0; k < inventory->kind_count; k++)
    if (strcmp(inventory->kind[k], kind) == 0) return k;
  return KY_NONE;
}

/* The same for a kind that a resource has: one that found no place of its own is "other". */
static uint32_t kind_index(const ky_inventory *inventory, const char *kind) {
  const uint32_t k = find_kind(inventory, kind);
  return k != KY_NONE ? k : find_kind(inventory, KY_RESOURCE_OTHER);
}

static const char *alias_of(const char *kind) {
  if (strcmp(kind, KY_RESOURCE_OTHER) == 0) return KY_RESOURCE_OTHER_ALIAS;
  return strcmp(kind, KIND_UNKNOWN) == 0 ? KIND_UNKNOWN_ALIAS : kind;
}

/* The codes of the list, then what else is there. */
static ky_err list_kinds(ky_job *job, const ky_resources *resources, ky_inventory *out) {
  const uint32_t count = resources != NULL ? resources->count : 0;
  const char **words;
  uint32_t word_count = 0;
  KY_NEW(job, scratch, words, count);
  for (uint32_t i = 0; i < count; i++) {
    bool is_listed = false;
    for (uint32_t k = 0; k < LISTED && !is_listed; k++)
      is_listed = strcmp(kind_text(resources, i), listed[k].code) == 0;
    if (!is_listed) words[word_count++] = kind_text(resources, i);
  }
  if (word_count != 0) qsort(words, word_count, sizeof *words, by_text);
  KY_NEW(job, keep, out->kind, LISTED + WORDS_MAX + 1);
  KY_NEW(job, keep, out->alias, LISTED + WORDS_MAX + 1);
  for (uint32_t k = 0; k < LISTED; k++) {
    out->kind[k] = listed[k].code;
    out->alias[k] = listed[k].alias;
  }
  out->kind_count = LISTED;
  for (uint32_t w = 0; w < word_count; w++) {
    if (w != 0 && strcmp(words[w], words[w - 1]) == 0) continue;
    const bool is_last = out->kind_count == LISTED + WORDS_MAX;
    out->kind[out->kind_count] = is_last ? KY_RESOURCE_OTHER : words[w];
    out->alias[out->kind_count] = alias_of(out->kind[out->kind_count]);
    out->kind_count++;
    if (is_last) break;
  }
  return KY_OK;
}

/* A kind was asked about when a list is said to be of it, or names one, wherever it lies. A sheet of the workbook that
 * is empty says nothing. */
static void find_asked(const ky_inventory *inventory, piles *p) {
  for (uint32_t s = 0; s < p->inputs->resource_source_count; s++) {
    const ky_raw *raw = &p->inputs->resources[s];
    const char *declared = raw->source->kind;
    uint32_t k = declared == NULL || (raw->source->is_workbook && raw->read_count == 0)
                     ? KY_NONE
                     : find_kind(inventory, declared);
    if (k != KY_NONE) p->is_asked[k] = true;
    for (uint32_t i = 0; declared == NULL && i < raw->count; i++) {
      const char *kind = ky_raw_value(raw, "kind", i);
      k = kind != NULL ? find_kind(inventory, kind) : KY_NONE;
      if (k != KY_NONE) p->is_asked[k] = true;
    }
  }
}

static ky_err sort_piles(ky_job *job, const ky_inventory *inventory, piles *p) {
  const uint32_t kinds = inventory->kind_count, cells = inventory->row_count * kinds;
  const uint32_t count = p->resources != NULL ? p->resources->count : 0;
  uint32_t *cell_of, *next;
  KY_NEW(job, scratch, p->kind_of, count);
  KY_NEW(job, scratch, cell_of, count);
  KY_NEW(job, scratch, p->first, cells + 1);
  KY_NEW(job, scratch, p->of, count);
  KY_NEW(job, scratch, p->is_asked, kinds);
  KY_NEW(job, scratch, p->has_seats, kinds);
  KY_NEW(job, scratch, p->has_will, kinds);
  KY_NEW(job, scratch, next, cells);
  for (uint32_t k = 0; k < kinds; k++) p->has_seats[k] = p->has_will[k] = strcmp(inventory->kind[k], PROVIDER) == 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t k = kind_index(inventory, kind_text(p->resources, i));
    const uint32_t row = p->resources->row[i] == KY_NONE ? KY_ROW_NO_PLACE(p->zones) : p->resources->row[i];
    p->kind_of[i] = k;
    p->is_asked[k] = true;
    p->has_seats[k] = p->has_seats[k] || p->resources->seats[i] != KY_NULL;
    p->has_will[k] = p->has_will[k] || p->resources->is_willing[i] >= 0;
    cell_of[i] = row * kinds + k;
    p->first[cell_of[i] + 1]++;
  }
  for (uint32_t c = 0; c < cells; c++) {
    next[c] = p->first[c];
    p->first[c + 1] += p->first[c];
  }
  for (uint32_t i = 0; i < count; i++) p->of[next[cell_of[i]]++] = i;
  return KY_OK;
}

/* Appends the text at *at; the room was counted before. */
static void put(char *into, size_t *at, const char *text) {
  const size_t length = strlen(text);
  memcpy(into + *at, text, length);
  *at += length;
}

/* "a、b ほか3件": at most KY_INVENTORY_NAMES of the resources' names. */
static ky_err join_names(ky_job *job, const ky_resources *resources, const uint32_t *of, uint32_t count,
                         const char **out) {
  static const char comma[] = "、";
  const uint32_t shown = count < KY_INVENTORY_NAMES ? count : KY_INVENTORY_NAMES;
  size_t length = 0, at = 0;
  char *text;
  *out = NULL;
  if (count == 0) return KY_OK;
#define NAME(i) (resources->text[KY_RESOURCE_NAME][i] != NULL ? resources->text[KY_RESOURCE_NAME][i] : resources->id[i])
  for (uint32_t i = 0; i < shown; i++) length += strlen(NAME(of[i])) + sizeof comma;
  KY_NEW(job, keep, text, length + 1);
  for (uint32_t i = 0; i < shown; i++) {
    if (i != 0) put(text, &at, comma);
    put(text, &at, NAME(of[i]));
  }
#undef NAME
  *out = shown == count ? text : ky_format(&job->keep, "%s ほか%u件", text, count - shown);
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}

/* Different texts of some resources in order, joined by " / "; those that do not fit end in "...". */
static ky_err join_texts(ky_job *job, const char *const *texts, const uint32_t *of, uint32_t count, const char **out) {
  const char **word;
  char text[TEXTS_BYTES + 8];
  size_t used = 0;
  uint32_t words = 0;
  *out = NULL;
  const ky_arena_mark mark = ky_arena_now(&job->scratch);
  KY_NEW(job, scratch, word, count);
  for (uint32_t i = 0; i < count; i++)
    if (texts[of[i]] != NULL) word[words++] = texts[of[i]];
  if (words != 0) qsort(word, words, sizeof *word, by_text);
  for (uint32_t w = 0; w < words; w++) {
    if (w != 0 && strcmp(word[w], word[w - 1]) == 0) continue;
    const char *comma = used == 0 ? "" : " / ";
    const bool has_room = used + strlen(comma) + strlen(word[w]) <= TEXTS_BYTES;
    put(text, &used, has_room ? comma : " ...");
    if (!has_room) break;
    put(text, &used, word[w]);
  }
  ky_arena_rewind(&job->scratch, mark);
  if (used == 0) return KY_OK;
  *out = ky_arena_text(&job->keep, text, used);
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err fill_item(ky_job *job, const piles *p, uint32_t k, const uint32_t *of, uint32_t count,
                        ky_inventory_item *out) {
  const ky_resources *resources = p->resources;
  const bool is_asked = p->is_asked[k];
  *out = (ky_inventory_item){.count = is_asked ? count : KY_NULL,
                             .seats = KY_NULL,
                             .seats_from = KY_NULL,
                             .willing = KY_NULL,
                             .unwilling = KY_NULL,
                             .not_asked = KY_NULL};
  if (is_asked && p->has_seats[k]) out->seats_from = 0;
  if (is_asked && p->has_seats[k] && count == 0) out->seats = 0;
  if (is_asked && p->has_will[k]) out->willing = out->unwilling = out->not_asked = 0;
  for (uint32_t i = 0; i < count; i++) {
    const int64_t seats = resources->seats[of[i]];
    const int8_t will = resources->is_willing[of[i]];
    if (seats != KY_NULL) {
      out->seats = ky_add(out->seats == KY_NULL ? 0 : out->seats, seats);
      out->seats_from++;
    }
    if (out->willing == KY_NULL) continue;
    out->willing += will == 1;
    out->unwilling += will == 0;
    out->not_asked += will < 0;
  }
  if (count == 0) return KY_OK;
  KY_TRY(join_names(job, resources, of, count, &out->names));
  KY_TRY(join_texts(job, resources->text[KY_RESOURCE_SURVEY_DATE], of, count, &out->survey_date));
  KY_TRY(join_texts(job, resources->source, of, count, &out->sources));
  return join_texts(job, resources->date, of, count, &out->date);
}

/* Those of the zones and of outside_zones, in the order of the resources. */
static ky_err fill_municipality(ky_job *job, const piles *p, uint32_t *of, ky_inventory *out) {
  const uint32_t count = p->resources != NULL ? p->resources->count : 0, all = KY_ROW_MUNICIPALITY(p->zones);
  for (uint32_t k = 0; k < out->kind_count; k++) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++)
      if (p->kind_of[i] == k && p->resources->row[i] < KY_ROW_OUTSIDE(p->zones)) of[n++] = i;
    KY_TRY(fill_item(job, p, k, of, n, &out->item[(size_t)all * out->kind_count + k]));
  }
  return KY_OK;
}

ky_err ky_inventory_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_resources *resources,
                          ky_inventory *out) {
  piles p = {.resources = resources, .zones = zones, .inputs = inputs};
  uint32_t *of;
  memset(out, 0, sizeof *out);
  out->row_count = KY_ROW_COUNT(zones) + 1;
  KY_TRY(list_kinds(job, resources, out));
  KY_NEW(job, keep, out->item, (size_t)out->row_count * out->kind_count);
  KY_TRY(sort_piles(job, out, &p));
  find_asked(out, &p);
  for (uint32_t row = 0; row < out->row_count; row++) {
    for (uint32_t k = 0; row != KY_ROW_MUNICIPALITY(zones) && k < out->kind_count; k++) {
      const uint32_t cell = row * out->kind_count + k;
      KY_TRY(fill_item(job, &p, k, p.of + p.first[cell], p.first[cell + 1] - p.first[cell], &out->item[cell]));
    }
  }
  KY_NEW(job, scratch, of, resources != NULL ? resources->count : 0);
  return fill_municipality(job, &p, of, out);
}

const ky_inventory_item *ky_inventory_find(const ky_inventory *inventory, uint32_t row, const char *kind) {
  const uint32_t k = find_kind(inventory, kind);
  return k == KY_NONE ? NULL : &inventory->item[(size_t)row * inventory->kind_count + k];
}
