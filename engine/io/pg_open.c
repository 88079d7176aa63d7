/* From a place to a connection. Keywords are handed over one by one, never as a text put together here, so no name can
 * say more than one keyword. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/pg_handle.h"

#define KEYWORDS_MAX 80 /* libpq 15 knows 40 */

static bool is_given(const char *text) {
  return text != NULL && text[0] != '\0';
}

/* What libpq itself says of a conninfo that it cannot read may repeat a part of it, and so is not shown. */
static ky_err parse(ky_job *job, const ky_pg_place *place, PQconninfoOption **out) {
  *out = NULL;
  if (place->service != NULL && place->conninfo != NULL)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: service and conninfo are both given; keep one"), place->where);
  if (place->conninfo == NULL) return KY_OK;
  char *ignored = NULL;
  *out = PQconninfoParse(place->conninfo, &ignored);
  PQfreemem(ignored);
  if (*out == NULL)
    return ky_fail(
        job, KY_E_CONFIG,
        ky_tr("%s: conninfo cannot be read; write keywords of libpq and their values, e.g. \"host=db.example "
              "dbname=gis user=kayoi\", or a postgresql:// address, without a password"),
        place->where);
  for (const PQconninfoOption *o = *out; o->keyword != NULL; o++) {
    if (!is_given(o->val) || (strcmp(o->keyword, "password") != 0 && strcmp(o->keyword, "sslpassword") != 0)) continue;
    PQconninfoFree(*out);
    *out = NULL;
    return ky_fail(
        job, KY_E_CONFIG,
        ky_tr("%s: conninfo holds a password, which would stand in a configuration that others read; take it "
              "out and put it into ~/.pgpass (mode 0600), a service file or a client certificate"),
        place->where);
  }
  return KY_OK;
}

ky_err ky_pg_place_check(ky_job *job, const ky_pg_place *place) {
  PQconninfoOption *given;
  KY_TRY(parse(job, place, &given));
  PQconninfoFree(given);
  if (place->service != NULL && place->service[0] == '\0')
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: service is empty; write the name of a section of pg_service.conf"),
                   place->where);
  return KY_OK;
}

const char *ky_pg_place_text(ky_job *job, const ky_pg_place *place) {
  const char *text = place->service != NULL      ? ky_format(&job->keep, "service=%s", place->service)
                     : is_given(place->conninfo) ? ky_arena_text(&job->keep, place->conninfo, strlen(place->conninfo))
                                                 : "PGHOST, PGDATABASE ...";
  return text != NULL ? text : "";
}

static bool same_text(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool ky_pg_place_same(const ky_pg_place *a, const ky_pg_place *b) {
  return same_text(a->service, b->service) && same_text(a->conninfo, b->conninfo);
}

/* A line that the server sends without being asked (WARNING and above). */
static void on_notice(void *user, const PGresult *result) {
  ky_pg *pg = user;
  const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  char line[KY_PG_ERROR_SIZE];
  if (text == NULL) return;
  snprintf(line, sizeof line, "%s", text);
  ky_pg_clean_text(line, PQpass(pg->conn));
  ky_job_notice(pg->job, ky_tr("%s: the database says: %s"), pg->where, line);
}

static void keep_facts(ky_pg *pg) {
  PQconninfoOption *settled = PQconninfo(pg->conn);
  for (const PQconninfoOption *o = settled; o != NULL && o->keyword != NULL; o++)
    if (strcmp(o->keyword, "sslmode") == 0 && o->val != NULL) snprintf(pg->sslmode, sizeof pg->sslmode, "%s", o->val);
  PQconninfoFree(settled);
  const char *host = PQhost(pg->conn), *port = PQport(pg->conn),
             *version = PQparameterStatus(pg->conn, "server_version");
  const char *encoding = PQparameterStatus(pg->conn, "server_encoding");
  snprintf(pg->encoding, sizeof pg->encoding, "%s", encoding != NULL ? encoding : "");
  snprintf(pg->server, sizeof pg->server, "%s:%s", host != NULL ? host : "", port != NULL ? port : "");
  snprintf(pg->database, sizeof pg->database, "%s", PQdb(pg->conn) != NULL ? PQdb(pg->conn) : "");
  snprintf(pg->user, sizeof pg->user, "%s", PQuser(pg->conn) != NULL ? PQuser(pg->conn) : "");
  snprintf(pg->version, sizeof pg->version, "%s", version != NULL ? version : "");
  pg->version[strcspn(pg->version, " ")] = '\0';
  if (PQsslInUse(pg->conn)) {
    const char *protocol = PQsslAttribute(pg->conn, "protocol"), *cipher = PQsslAttribute(pg->conn, "cipher");
    snprintf(pg->tls, sizeof pg->tls, "%s %s", protocol != NULL ? protocol : "TLS", cipher != NULL ? cipher : "");
  }
  pg->facts = (ky_pg_facts){.server = pg->server,
                            .database = pg->database,
                            .user = pg->user,
                            .version = pg->version,
                            .version_number = PQserverVersion(pg->conn),
                            .tls = pg->tls[0] != '\0' ? pg->tls : NULL,
                            .sslmode = pg->sslmode,
                            .encoding = pg->encoding};
}

/* Why there is no connection: libpq's own text names server, port and user; what to do depends on how far it came. */
static ky_err fail_open(ky_job *job, ky_pg *pg, const ky_pg_place *place) {
  ky_pg_keep_error(pg, NULL);
  const char *advice =
      PQconnectionNeedsPassword(pg->conn)
          ? ky_tr(
                "the server asks for a password and none was found: put it into ~/.pgpass (mode 0600) or the service "
                "file")
      : PQconnectionUsedPassword(pg->conn)
          ? ky_tr("a password was sent: check the one in ~/.pgpass or the service file, the user and the database")
          : ky_tr(
                "check that the server runs and takes connections from here, and that host, port, dbname, user and "
                "sslmode of the service or conninfo are right");
  return ky_fail(job, KY_E_DATABASE, ky_tr("%s: no connection to the database (%s): %s; %s"), place->where,
                 ky_pg_place_text(job, place), pg->error, advice);
}

static PGconn *connect_to(const ky_pg_place *place, const PQconninfoOption *given) {
  const char *keywords[KEYWORDS_MAX + 4], *values[KEYWORDS_MAX + 4];
  int n = 0;
  for (const PQconninfoOption *o = given; o != NULL && o->keyword != NULL && n < KEYWORDS_MAX; o++) {
    if (!is_given(o->val)) continue;
    keywords[n] = o->keyword;
    values[n++] = o->val;
  }
  if (place->service != NULL) {
    keywords[n] = "service";
    values[n++] = place->service;
  }
  keywords[n] = "client_encoding"; /* the last one counts */
  values[n++] = "UTF8";
  keywords[n] = "fallback_application_name";
  values[n++] = "kayoi";
  keywords[n] = NULL;
  values[n] = NULL;
  /* The lowest of libpq's own places for it, so that a service, a conninfo or the user's environment stand above. */
  setenv("PGCONNECT_TIMEOUT", "10", 0);
  return PQconnectdbParams(keywords, values, 0);
}

ky_err ky_pg_open(ky_job *job, const ky_pg_place *place, ky_pg **out) {
  PQconninfoOption *given;
  ky_err err = KY_OK;
  *out = NULL;
  KY_TRY(ky_pg_place_check(job, place));
  KY_TRY(parse(job, place, &given));
  ky_pg *pg = calloc(1, sizeof *pg);
  const char *where = ky_arena_text(&job->keep, place->where, strlen(place->where));
  if (pg == NULL || where == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  pg->job = job;
  pg->where = where;
  pg->conn = connect_to(place, given);
  if (pg->conn == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  PQsetNoticeReceiver(pg->conn, on_notice, pg);
  if (PQstatus(pg->conn) != CONNECTION_OK) {
    err = fail_open(job, pg, place);
    goto done;
  }
  keep_facts(pg);
  char settings[300];
  snprintf(settings, sizeof settings,
           "SET client_min_messages = warning; SET standard_conforming_strings = on; SET statement_timeout = %d",
           KY_PG_STATEMENT_TIMEOUT_S * 1000);
  err = ky_pg_exec(job, pg, ky_tr("settings of the connection"), settings);
done:
  PQconninfoFree(given);
  if (err != KY_OK)
    ky_pg_close(pg);
  else
    *out = pg;
  return err;
}

void ky_pg_close(ky_pg *pg) {
  if (pg == NULL) return;
  PQfreemem(pg->row);
  PQfinish(pg->conn);
  free(pg);
}

const ky_pg_facts *ky_pg_facts_of(const ky_pg *pg) {
  return &pg->facts;
}
