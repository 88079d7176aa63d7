/* The header row of a text table: see table_header.h. */
#include "io/table_header.h"

#include <string.h>

#include "io/column_prefix.h"
#include "io/text_key.h"

#define LOOK_ROWS  10
#define LOOK_BYTES ((size_t)1 << 16)

/* Is it an attribute of the role, by its own name or by a label? */
static bool is_known(const ky_role_info *role, const char *key) {
  for (uint32_t a = 0; a < role->attribute_count; a++)
    if (strcmp(role->attributes[a].name, key) == 0 || ky_text_label_place(key, role->attributes[a].labels) >= 0)
      return true;
  return false;
}

static bool is_mapped(const ky_source *source, const char *name) {
  for (uint32_t c = 0; c < source->column_count; c++)
    if (strcmp(source->columns[c].column, name) == 0) return true;
  return (source->lon != NULL && strcmp(source->lon, name) == 0) ||
         (source->lat != NULL && strcmp(source->lat, name) == 0);
}

/* How many of the names are columns that the role or the mapping asks for. */
static ky_err count_known(ky_job *job, const ky_source *source, ky_role role, const char *const *names, uint32_t count,
                          uint32_t *known) {
  const char **plain;
  KY_TRY(ky_columns_plain(job, names, count, &plain));
  *known = 0;
  for (uint32_t i = 0; i < count; i++) {
    const char *key = ky_text_label(&job->scratch, names[i]);
    const char *short_key = plain[i] != NULL ? ky_text_label(&job->scratch, plain[i]) : "";
    if (key == NULL || short_key == NULL) return ky_fail_memory(job);
    *known += is_mapped(source, names[i]) || is_known(ky_role_get(role), key) ||
              (short_key[0] != '\0' && is_known(ky_role_get(role), short_key));
  }
  return KY_OK;
}

/* The same; without a role, for the one that knows most. */
static ky_err count_for(ky_job *job, const ky_source *source, ky_role role, const char *const *names, uint32_t count,
                        uint32_t *known) {
  if (role < KY_ROLE_COUNT) return count_known(job, source, role, names, count, known);
  *known = 0;
  for (ky_role r = 0; r < KY_ROLE_COUNT; r++) {
    uint32_t of_role;
    KY_TRY(count_known(job, source, r, names, count, &of_role));
    if (of_role > *known) *known = of_role;
  }
  return KY_OK;
}

static void report_titles(ky_job *job, const ky_source *source, uint64_t row, const char *title) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, source),
                           .reason = "header_not_first",
                           .action = ky_tr("read from there; the rows above are taken as titles and not read")},
               ky_tr("the header is row %llu; the first row is \"%.80s\""), (unsigned long long)row, title);
}

/* Fields of a row as texts, "" for what is blank or does not decode. */
static ky_err row_texts(ky_job *job, const ky_delimited *row, const char ***out, uint32_t *count) {
  ky_decoder decoder = {.name = row->encoding};
  *count = row->field_count < KY_FIELDS_MAX ? row->field_count : KY_FIELDS_MAX;
  KY_NEW(job, scratch, *out, *count);
  for (uint32_t f = 0; f < *count; f++) {
    ky_decoded decoded = ky_decoder_text(&decoder, &job->scratch, row->field[f], row->length[f], &(*out)[f]);
    if (decoded == KY_DECODED_NO_MEMORY) return ky_fail_memory(job);
    if (decoded == KY_DECODED_BAD || (*out)[f] == NULL) (*out)[f] = "";
  }
  return KY_OK;
}

/* The first of the next rows that knows two columns becomes the header, if there is one. Looks at a copy, because
 * cutting moves bytes. */
static ky_err find_lower(ky_job *job, const ky_source *source, ky_role role, ky_delimited *table, const char ***names,
                         uint32_t *count, uint64_t *title_rows) {
  const size_t left = (size_t)(table->end - table->at), length = left < LOOK_BYTES ? left : LOOK_BYTES;
  const char *title = (*names)[0];
  ky_delimited ahead = *table;
  KY_NEW(job, scratch, ahead.at, length + 1);
  memcpy(ahead.at, table->at, length);
  ahead.end = ahead.at + length;
  for (int i = 1; i < LOOK_ROWS && ky_delimited_next(&ahead); i++) {
    const char **texts;
    uint32_t text_count, known;
    KY_TRY(row_texts(job, &ahead, &texts, &text_count));
    KY_TRY(count_for(job, source, role, texts, text_count, &known));
    if (known < 2) continue;
    while (table->row < ahead.row && ky_delimited_next(table)) continue;
    *title_rows = table->row - 1;
    report_titles(job, source, table->row, title);
    return ky_delimited_names(job, source, table, names, count);
  }
  return KY_OK;
}

ky_err ky_table_header(ky_job *job, const ky_source *source, ky_role role, ky_delimited *table, const char ***names,
                       uint32_t *count, uint64_t *title_rows) {
  uint32_t known;
  *title_rows = 0;
  do {
    if (!ky_delimited_next(table))
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: the table has no header row"), source->name, source->shown);
  } while (table->is_blank);
  KY_TRY(ky_delimited_names(job, source, table, names, count));
  KY_TRY(count_for(job, source, role, *names, *count, &known));
  if (known >= 2) return KY_OK;
  return find_lower(job, source, role, table, names, count, title_rows);
}
