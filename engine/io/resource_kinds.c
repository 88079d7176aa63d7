/* Kinds of resources: see resource_kinds.h. */
#include "io/resource_kinds.h"

#include <kayoi/place.h>
#include <string.h>

#include "io/text_key.h"

#define SHOWN_WORDS 20 /* words of no code that are reported one by one */

static const struct {
  const char *code, *alias, *words;
} kinds[] = {
#define KY_X(code, alias, words) {code, alias, words},
    KY_RESOURCE_KINDS(KY_X)
#undef KY_X
        {KY_RESOURCE_OTHER, KY_RESOURCE_OTHER_ALIAS, ""},
};

const char *ky_resource_kind_code(ky_arena *scratch, const char *word) {
  const char *key = ky_text_label(scratch, word);
  for (size_t k = 0; key != NULL && k < sizeof kinds / sizeof *kinds; k++) {
    if (strcmp(key, kinds[k].code) == 0 || strcmp(key, kinds[k].alias) == 0) return kinds[k].code;
    if (ky_text_label_place(key, kinds[k].words) >= 0) return kinds[k].code;
  }
  return NULL;
}

/* The column `kind`, new when the source has none. */
static ky_err kind_column(ky_job *job, ky_raw *raw, ky_raw_column **out) {
  for (uint32_t c = 0; c < raw->column_count; c++)
    if (strcmp(raw->columns[c].attribute, "kind") == 0) {
      *out = &raw->columns[c];
      return KY_OK;
    }
  ky_raw_column *columns;
  KY_NEW(job, keep, columns, (size_t)raw->column_count + 1);
  if (raw->column_count != 0) memcpy(columns, raw->columns, raw->column_count * sizeof *columns);
  *out = &columns[raw->column_count++];
  **out = (ky_raw_column){.attribute = "kind", .column = "kind"};
  KY_NEW(job, keep, (*out)->value, raw->count);
  raw->columns = columns;
  return KY_OK;
}

static void report_word(ky_job *job, const ky_raw *raw, const ky_raw_column *column, const char *word) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .field = column->column,
                           .reason = "kind_not_in_list",
                           .action = ky_tr("kept as it is, a kind of its own; if it is one of the list, write that "
                                           "word, or kind: in the configuration when all records are one kind")},
               ky_tr("'%.60s' is none of the kinds that kayoi knows"), word);
}

/* Each word of no code is reported once. */
static void report_words(ky_job *job, const ky_raw *raw, const ky_raw_column *column) {
  const char *words[SHOWN_WORDS];
  uint32_t count = 0;
  for (uint32_t i = 0; i < raw->count && count < SHOWN_WORDS; i++) {
    const char *word = column->value[i];
    bool is_known = word == NULL || ky_resource_kind_code(&job->scratch, word) != NULL;
    for (uint32_t w = 0; w < count && !is_known; w++) is_known = strcmp(words[w], word) == 0;
    if (is_known) continue;
    words[count++] = word;
    report_word(job, raw, column, word);
  }
}

static void report_missing(ky_job *job, const ky_raw *raw, const ky_raw_column *column, uint32_t count,
                           const char *first) {
  if (count == 0) return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = ky_source_where(job, raw->source),
                  .record = first,
                  .field = column->column,
                  .reason = "kind_missing",
                  .action = ky_tr("kept with an unknown kind; add the column 種別, or kind: (shop, clinic ...) "
                                  "to this source in the configuration")},
      ky_tr("%u of %u resources have no kind; this is the first"), count, raw->count);
}

ky_err ky_resource_kinds(ky_job *job, ky_raw *raw) {
  ky_raw_column *column = NULL;
  uint32_t missing = 0;
  const char *first = NULL;
  KY_TRY(kind_column(job, raw, &column));
  if (raw->source->kind == NULL) report_words(job, raw, column);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *word = column->value[i];
    if (raw->source->kind != NULL) {
      column->value[i] = raw->source->kind;
    } else if (word == NULL) {
      if (missing++ == 0) first = raw->record[i];
    } else {
      const char *code = ky_resource_kind_code(&job->scratch, word);
      if (code != NULL) column->value[i] = code;
    }
  }
  report_missing(job, raw, column, missing, first);
  return KY_OK;
}
