/* What a server's failure means for whoever runs kayoi. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/encoding.h"
#include "io/pg_handle.h"

/* By the whole SQLSTATE or its class (the first two characters); the first that fits. */
static const struct {
  const char *state, *cause, *action;
} causes[] = {
    {"KY001", KY_MSG("a name is not possible in the database"), KY_MSG("shorten or change it in the configuration")},
    {"KY002", KY_MSG("a table of kayoi has a column or a geometry of another kind"),
     KY_MSG("ask its administrator whether two versions of kayoi publish there")},
    {"KY003", KY_MSG("the database holds coordinates of another CRS"),
     KY_MSG("write the crs: of the database into the configuration, or use another database")},
    {"KY004", KY_MSG("the run's name is taken"), KY_MSG("choose another run_name, or none")},
    {"28", KY_MSG("the server does not let this user in"),
     KY_MSG("check user, password (~/.pgpass, service file) and pg_hba.conf")},
    {"42501", KY_MSG("permission is missing"), KY_MSG("ask the owner for it (GRANT), or use another user")},
    {"42P01", KY_MSG("there is no such table"), KY_MSG("check its name, its schema and the database")},
    {"42703", KY_MSG("there is no such column"), KY_MSG("check its name; names are written exactly as in the table")},
    {"3F000", KY_MSG("there is no such schema"), KY_MSG("check its name and the database")},
    {"3D000", KY_MSG("there is no such database"), KY_MSG("check its name")},
    {"42883", KY_MSG("a function is missing"), KY_MSG("is the extension PostGIS there? CREATE EXTENSION postgis")},
    {"42704", KY_MSG("a type or object is missing"),
     KY_MSG("is the extension PostGIS there? CREATE EXTENSION postgis")},
    {"42601", KY_MSG("the SQL is wrong"), KY_MSG("correct the query; it must be one SELECT")},
    {"42", KY_MSG("the SQL does not fit the database"), KY_MSG("correct the names or the query")},
    {"57014", KY_MSG("the statement was cancelled, by its timeout or by an administrator"),
     KY_MSG("look what holds it up (locks, load), or give it more time")},
    {"57P01", KY_MSG("an administrator or a restart of the server ended the connection"),
     KY_MSG("run again when the server is up")},
    {"57P02", KY_MSG("the server crashed"), KY_MSG("run again when the server is up; see its log")},
    {"57P03", KY_MSG("the server does not take connections now"),
     KY_MSG("it starts, stops or recovers; run again later")},
    {"53100", KY_MSG("the disk of the database is full"), KY_MSG("make room in its tablespace and run again")},
    {"53200", KY_MSG("the server has no memory left"), KY_MSG("run again when it has less to do")},
    {"53300", KY_MSG("the server has no connection left"), KY_MSG("run again later, or raise max_connections")},
    {"53", KY_MSG("the server is out of a resource"), KY_MSG("see its log")},
    {"55P03", KY_MSG("another session holds a lock on it"), KY_MSG("run again when that has ended")},
    {"40", KY_MSG("another session changed the same data"), KY_MSG("run again")},
    {"25006", KY_MSG("the SQL would write, and sources are only read"), KY_MSG("correct the query")},
    {"KY008", KY_MSG("a role has other rights than it should"), KY_MSG("change them as the text says")},
    {"22", KY_MSG("a value does not fit"), KY_MSG("correct the data or the query")},
    {"23", KY_MSG("a rule of the table is broken"), KY_MSG("see the text of the server")},
    {"58", KY_MSG("the server cannot read or write its files"), KY_MSG("see its log")},
    {"08", KY_MSG("the connection broke"), KY_MSG("run again when network and server are up")},
};

static size_t find_cause(const char *state) {
  size_t i = 0;
  while (i < sizeof causes / sizeof *causes && strncmp(causes[i].state, state, strlen(causes[i].state)) != 0) i++;
  return i;
}

/* Puts *** in place of every occurrence; a text that would become too long is cut there. */
static void hide(char *text, const char *secret) {
  const size_t length = strlen(secret), room = strlen(text);
  char *from = text;
  while ((from = strstr(from, secret)) != NULL) {
    const size_t rest = strlen(from + length);
    if ((size_t)(from - text) + 3 + rest > room) { /* a secret of one or two bytes */
      *from = '\0';
      return;
    }
    memmove(from + 3, from + length, rest + 1);
    memcpy(from, "***", 3);
    from += 3;
  }
}

void ky_pg_clean_text(char *text, const char *secret) {
  if (secret != NULL && secret[0] != '\0') hide(text, secret);
  const bool is_utf8 = ky_utf8_valid(text, strlen(text));
  size_t n = 0;
  for (const char *from = text; *from != '\0'; from++) {
    const unsigned char c = (unsigned char)*from;
    const char to = c < ' ' || c == 0x7F ? ' ' : c >= 0x80 && !is_utf8 ? '?' : *from;
    if (to == ' ' && (n == 0 || text[n - 1] == ' ')) continue;
    text[n++] = to;
  }
  while (n > 0 && text[n - 1] == ' ') n--;
  text[n] = '\0';
}

/* Cut at a character. */
static void copy_text(char *to, size_t size, const char *from) {
  snprintf(to, size, "%s", from);
  size_t n = strlen(to);
  if (n + 1 < size) return;
  while (n > 0 && ((unsigned char)to[n - 1] & 0xC0) == 0x80) n--;
  if (n > 0 && (unsigned char)to[n - 1] >= 0xC0) to[n - 1] = '\0';
}

/* Cleaned before it is cut, so that no half of a secret is left at its end. */
static void append_clean(ky_pg *pg, const char *between, const char *text) {
  const size_t used = strlen(pg->error), gap = strlen(between);
  char *whole = strdup(text);
  if (whole == NULL || used + gap + 1 >= sizeof pg->error) {
    free(whole);
    return;
  }
  ky_pg_clean_text(whole, PQpass(pg->conn));
  memcpy(pg->error + used, between, gap + 1);
  copy_text(pg->error + used + gap, sizeof pg->error - used - gap, whole);
  free(whole);
}

void ky_pg_keep_error(ky_pg *pg, const PGresult *result) {
  const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
  const char *text = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  const char *detail = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
  if (text == NULL) text = PQerrorMessage(pg->conn);
  snprintf(pg->state, sizeof pg->state, "%s", state != NULL ? state : "");
  pg->error[0] = '\0';
  append_clean(pg, "", text != NULL ? text : "");
  if (detail != NULL) append_clean(pg, ": ", detail);
}

const char *ky_pg_state(const ky_pg *pg) {
  return pg->state;
}
const char *ky_pg_error_text(const ky_pg *pg) {
  return pg->error;
}

ky_err ky_pg_fail(ky_job *job, ky_pg *pg, const char *doing) {
  if (pg->state[0] == '\0')
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("%s: %s: the connection to the database broke (%s): %s; run again when network and server are "
                         "up"),
                   pg->where, doing, pg->server, pg->error);
  const size_t at = find_cause(pg->state);
  if (at == sizeof causes / sizeof *causes)
    return ky_fail(job, KY_E_DATABASE, ky_tr("%s: %s: the database (%s) refused: %s (SQLSTATE %s); see its log"),
                   pg->where, doing, pg->server, pg->error, pg->state);
  return ky_fail(job, KY_E_DATABASE, ky_tr("%s: %s: %s: %s (SQLSTATE %s, %s, database %s, user %s); %s"), pg->where,
                 doing, ky_tr(causes[at].cause), pg->error, pg->state, pg->server, pg->database, pg->user,
                 ky_tr(causes[at].action));
}
