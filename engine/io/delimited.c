/* Text tables: see delimited.h. In UTF-8, CP932 and EUC-JP no part of a longer character is a comma, a quote or a
 * line end, so cutting before decoding is safe; other encodings are decoded whole first. */
#include "io/delimited.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/dialect.h"
#include "io/source_file.h"

static ky_err decode_whole(ky_job *job, const ky_source *source, const char *encoding, ky_delimited *out) {
  char *text = NULL;
  switch (ky_decode(&job->scratch, encoding, out->at, (size_t)(out->end - out->at), &text)) {
    case KY_DECODED_NO_MEMORY:
      return ky_fail_memory(job);
    case KY_DECODED_BAD:
      return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: is not text in %s; declare another encoding: or save it as UTF-8"),
                     source->name, source->shown, encoding);
    case KY_DECODED:
      break;
  }
  out->at = text;
  out->end = text + strlen(text);
  out->encoding = "UTF-8";
  return KY_OK;
}

/* Is a line Japanese text in UTF-8? All its bytes may be CP932 as well (名称 reads 蜷咲ｧｰ), but not the other way
 * round: two or more characters of three bytes do not occur by chance. */
static bool has_utf8_line(const char *at, const char *end) {
  while (at < end) {
    const char *line = at;
    uint32_t threes = 0;
    for (; at < end && *at != '\n'; at++) threes += ((unsigned char)*at & 0xF0) == 0xE0;
    if (threes >= 2 && ky_utf8_valid(line, (size_t)(at - line))) return true;
    at++;
  }
  return false;
}

static ky_err settle_encoding(ky_job *job, const ky_source *source, ky_delimited *out) {
  size_t length = (size_t)(out->end - out->at);
  if (source->encoding != NULL) {
    out->encoding = ky_encoding_name(&job->keep, source->encoding);
    if (out->encoding == NULL)
      return ky_fail(job, KY_E_CONFIG,
                     ky_tr("%s: encoding: \"%s\" is not known; write UTF-8, CP932 or a name that "
                           "iconv --list shows"),
                     source->name, source->encoding);
  }
  const bool has_bom = length >= 3 && memcmp(out->at, "\xEF\xBB\xBF", 3) == 0;
  if (length >= 2 && (memcmp(out->at, "\xFF\xFE", 2) == 0 || memcmp(out->at, "\xFE\xFF", 2) == 0)) {
    out->has_bom = true;
    return decode_whole(job, source, "UTF-16", out);
  }
  if (out->encoding != NULL && !ky_encoding_is_cuttable(out->encoding))
    return decode_whole(job, source, out->encoding, out);
  out->has_bom = has_bom;
  if (has_bom) {
    out->at += 3;
    if (out->encoding != NULL && strcmp(out->encoding, "UTF-8") != 0)
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = ky_source_where(job, source),
                               .field = "encoding",
                               .reason = "encoding_contradicts",
                               .action = ky_tr("read as UTF-8; remove encoding: from this source")},
                   ky_tr("the file begins with the mark of UTF-8, the config declares %s"), out->encoding);
    out->encoding = "UTF-8";
  } else if (out->encoding == NULL) {
    if (ky_can_decode("UTF-8", out->at, length))
      out->encoding = "UTF-8";
    else if (ky_can_decode("CP932", out->at, length) && !has_utf8_line(out->at, out->end))
      out->encoding = "CP932";
  }
  return KY_OK;
}

#define SEPARATOR_ROWS 10

/* The separator that the first row with any has most of, outside quotes: a title above the header may have none. */
static char find_separator(const char *at, const char *end) {
  size_t commas = 0, tabs = 0, semicolons = 0, rows = 0;
  bool is_quoted = false;
  for (; at < end; at++) {
    if (!is_quoted && *at == '\n' && (commas + tabs + semicolons > 0 || ++rows == SEPARATOR_ROWS)) break;
    if (*at == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    commas += *at == ',';
    tabs += *at == '\t';
    semicolons += *at == ';';
  }
  if (tabs > commas && tabs >= semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}

/* Excel's own first line, `sep=;`, is not a row of the table. */
static bool take_separator(ky_delimited *out) {
  const char *line = out->at;
  const size_t length = (size_t)(out->end - out->at);
  const bool is_quoted = length > 0 && *line == '"';
  line += is_quoted;
  if (length < 8 || strncasecmp(line, "sep=", 4) != 0 || strchr(",;\t", line[4]) == NULL) return false;
  const char *after = line + 5 + is_quoted;
  if (*after != '\r' && *after != '\n') return false;
  out->separator = line[4];
  out->says_separator = true;
  out->at += after - out->at + (after[0] == '\r' && after[1] == '\n' ? 2 : 1);
  out->row = 1;
  return true;
}

/* What is not text by its first bytes, whatever its name says. */
static ky_err check_text(ky_job *job, const ky_source *source, const char *bytes, size_t length) {
  if (length >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0))
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: is a spreadsheet or an archive, not a text table, whatever its name "
                         "says; save it as CSV (UTF-8), or give it its own extension"),
                   source->name, source->shown);
  if (length >= 4 && memcmp(bytes, "%PDF", 4) == 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: is a PDF, not a text table; ask its publisher for the list as CSV"),
                   source->name, source->shown);
  size_t start = 0;
  while (start < length && (memchr(" \t\r\n\xEF\xBB\xBF", bytes[start], 7) != NULL)) start++;
  if (length - start >= 14 &&
      (strncasecmp(bytes + start, "<!doctype html", 14) == 0 || strncasecmp(bytes + start, "<html", 5) == 0))
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: is a web page, not a text table: perhaps the page of the download was saved, or an "
                         "error of the site; fetch the file again"),
                   source->name, source->shown);
  return KY_OK;
}

ky_err ky_delimited_open(ky_job *job, const ky_source *source, const char *vsi_path, ky_delimited *out) {
  char *bytes = NULL;
  size_t length = 0;
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->field, KY_FIELDS_MAX);
  KY_NEW(job, scratch, out->length, KY_FIELDS_MAX);
  KY_TRY(ky_source_file_load(job, source, vsi_path, &bytes, &length));
  KY_TRY(check_text(job, source, bytes, length));
  out->at = bytes;
  out->end = bytes + length;
  KY_TRY(settle_encoding(job, source, out));
  const char *zero = memchr(out->at, '\0', (size_t)(out->end - out->at));
  if (zero != NULL)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s %s: byte %zu is zero, so it is not a text table, or one in UTF-16; save it as CSV (UTF-8), "
              "or declare encoding: %s"),
        source->name, source->shown, (size_t)(zero - out->at) + 1,
        (zero - out->at) % 2 == 1 ? "UTF-16LE" : "UTF-16BE"); /* which half of an ASCII character is zero */
  if (!take_separator(out)) out->separator = find_separator(out->at, out->end);
  return KY_OK;
}

/* A quoted field: doubled quotes become one in place; text after the closing quote is kept as it is. */
static char *cut_quoted(ky_delimited *table, char *at, const char **field, size_t *length) {
  char *to = ++at;
  *field = to;
  bool is_open = true;
  for (; at < table->end; at++) {
    if (is_open && *at == '"') {
      if (at + 1 < table->end && at[1] == '"')
        at++;
      else {
        is_open = false;
        continue;
      }
    } else if (!is_open && (*at == table->separator || *at == '\n' || *at == '\r')) {
      break;
    }
    if (*at == '\n' || *at == '\r') table->has_quoted_lines = true;
    *to++ = *at;
  }
  if (is_open) table->is_unclosed = true;
  *length = (size_t)(to - *field);
  return at;
}

bool ky_delimited_next(ky_delimited *table) {
  if (table->at >= table->end) return false;
  table->row++;
  table->field_count = 0;
  table->is_blank = true;
  char *at = table->at;
  for (;;) {
    const char *field = at;
    size_t length;
    if (at < table->end && *at == '"') {
      at = cut_quoted(table, at, &field, &length);
    } else {
      while (at < table->end && *at != table->separator && *at != '\n' && *at != '\r') at++;
      length = (size_t)(at - field);
    }
    if (length != 0) table->is_blank = false;
    if (table->field_count < KY_FIELDS_MAX) {
      table->field[table->field_count] = field;
      table->length[table->field_count] = length;
    }
    table->field_count++;
    if (at >= table->end) break;
    const char stop = *at++;
    if (stop == table->separator) continue;
    if (stop == '\r' && at < table->end && *at == '\n') at++;
    break;
  }
  table->at = at;
  return true;
}

ky_err ky_delimited_names(ky_job *job, const ky_source *source, const ky_delimited *table, const char ***names,
                          uint32_t *count) {
  ky_decoder decoder = {.name = table->encoding};
  if (table->field_count > KY_FIELDS_MAX)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: row %llu has %u columns; at most %d are read"), source->name,
                   source->shown, (unsigned long long)table->row, table->field_count, KY_FIELDS_MAX);
  *count = table->field_count;
  KY_NEW(job, keep, *names, *count);
  for (uint32_t f = 0; f < *count; f++) {
    switch (ky_decoder_text(&decoder, &job->keep, table->field[f], table->length[f], &(*names)[f])) {
      case KY_DECODED_NO_MEMORY:
        return ky_fail_memory(job);
      case KY_DECODED_BAD: {
        const char *hint = "";
        if (table->encoding == NULL || strcmp(table->encoding, "CP932") != 0)
          if (ky_can_decode("CP932", table->field[f], table->length[f]))
            hint = ky_tr("; its bytes are text in CP932: declare encoding: CP932");
        if (ky_utf8_valid(table->field[f], table->length[f]))
          hint = ky_tr("; its bytes are text in UTF-8: declare encoding: UTF-8");
        return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: row %llu, name of column %u: \"%s\" is not text in %s%s"),
                       source->name, source->shown, (unsigned long long)table->row, f + 1, (*names)[f],
                       table->encoding != NULL ? table->encoding : "UTF-8 / CP932", hint);
      }
      case KY_DECODED:
        break;
    }
    if ((*names)[f] == NULL) (*names)[f] = ky_format(&job->keep, "column %u", f + 1);
    if ((*names)[f] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

ky_dialect ky_delimited_dialect(const ky_delimited *table, uint64_t header_row, const char *const *names,
                                uint32_t count) {
  ky_dialect dialect = {.separator = table->separator,
                        .says_separator = table->says_separator,
                        .has_bom = table->has_bom,
                        .has_quoted_lines = table->has_quoted_lines,
                        .header_row = (uint32_t)header_row};
  for (uint32_t c = 0; c < count; c++)
    dialect.has_wide_names = dialect.has_wide_names || ky_text_has_other_width(names[c], true);
  return dialect;
}

ky_err ky_delimited_close(ky_job *job, const ky_source *source, const ky_delimited *table) {
  if (!table->is_unclosed) return KY_OK;
  return ky_fail(job, KY_E_INPUT,
                 ky_tr("%s %s: a quote (\") in row %llu is opened and never closed; close it, or the "
                       "rest of the file is one field"),
                 source->name, source->shown, (unsigned long long)table->row);
}
