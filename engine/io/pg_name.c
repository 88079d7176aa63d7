/* Names and texts inside SQL. The connection is always in UTF-8 with standard strings, where doubling the quote is all
 * that it takes; a name is checked to be UTF-8 first. */
#include <string.h>

#include "io/encoding.h"
#include "io/pg.h"

#define NAME_BYTES_MAX 63 /* NAMEDATALEN - 1: a longer name is cut by the server, perhaps to that of another table */

static ky_err check_name(ky_job *job, const char *where, const char *name) {
  const size_t length = strlen(name);
  if (length == 0) return ky_fail(job, KY_E_CONFIG, ky_tr("%s: an empty name; write one"), where);
  if (!ky_utf8_valid(name, length)) return ky_fail(job, KY_E_CONFIG, ky_tr("%s: the name is not in UTF-8"), where);
  if (length > NAME_BYTES_MAX)
    return ky_fail(
        job, KY_E_CONFIG,
        ky_tr("%s: the name \"%s\" has %zu bytes; names in PostgreSQL have at most %d (21 kanji), and a longer "
              "one would be cut to another name"),
        where, name, length, NAME_BYTES_MAX);
  return KY_OK;
}

/* text between two quotes, those inside doubled. */
static ky_err quote(ky_job *job, const char *text, char mark, const char **out) {
  const size_t length = strlen(text);
  char *to = ky_arena_alloc(&job->keep, length + 2, 2);
  if (to == NULL) return ky_fail_memory(job);
  size_t n = 0;
  to[n++] = mark;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == mark) to[n++] = mark;
    to[n++] = text[i];
  }
  to[n++] = mark;
  to[n] = '\0';
  *out = to;
  return KY_OK;
}

ky_err ky_pg_identifier(ky_job *job, const char *where, const char *name, const char **out) {
  *out = "";
  KY_TRY(check_name(job, where, name));
  return quote(job, name, '"', out);
}

ky_err ky_pg_literal(ky_job *job, const char *text, const char **out) {
  *out = "";
  if (!ky_utf8_valid(text, strlen(text))) return ky_fail(job, KY_E_CONFIG, ky_tr("a text is not in UTF-8"));
  return quote(job, text, '\'', out);
}

/* One part of a table's name; *rest: behind it, NULL when a quote is not closed. */
static char *take_part(ky_job *job, const char *text, const char **rest) {
  if (text[0] != '"') {
    const size_t length = strcspn(text, ".");
    *rest = text + length;
    return ky_arena_text(&job->keep, text, length);
  }
  char *part = ky_arena_text(&job->keep, text, strlen(text));
  size_t n = 0;
  *rest = NULL;
  if (part == NULL) return NULL;
  for (const char *from = text + 1; *from != '\0'; from++) {
    if (*from == '"' && *++from != '"') {
      *rest = from;
      break;
    }
    part[n++] = *from;
  }
  part[n] = '\0';
  return part;
}

ky_err ky_pg_table_name(ky_job *job, const char *where, const char *text, const char **schema, const char **table) {
  const char *rest;
  *schema = NULL;
  *table = take_part(job, text, &rest);
  if (*table == NULL) return ky_fail_memory(job);
  if (rest != NULL && *rest == '.') {
    *schema = *table;
    *table = take_part(job, rest + 1, &rest);
    if (*table == NULL) return ky_fail_memory(job);
  }
  if (rest == NULL || *rest != '\0')
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: \"%s\" is no name of a table; write TABLE or SCHEMA.TABLE, a part that holds a dot in "
                         "double quotes ('\"my.schema\".table')"),
                   where, text);
  if (*schema != NULL) KY_TRY(check_name(job, where, *schema));
  return check_name(job, where, *table);
}
