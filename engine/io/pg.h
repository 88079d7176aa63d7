/* A connection to PostgreSQL, and nothing about what is read or written over it.
 *
 * Credentials come by libpq's own means only (service file, .pgpass, environment, client certificate). A conninfo that
 * holds a password is refused, and no message, log line or record says one: whatever the server or libpq says goes
 * through ky_pg_clean_text first. Every failure is KY_E_DATABASE with what, where and what to do, from its SQLSTATE; a
 * place that is written wrong is KY_E_CONFIG.
 *
 * libpq is a private matter of pg*.c: nobody else includes its header. It does not let SIGPIPE come up, so a server
 * that goes away is an error here and no signal. */
#ifndef KAYOI_PG_H
#define KAYOI_PG_H

#include <kayoi/job.h>

/* Where a database is, as the configuration says it. Neither service nor conninfo: libpq's environment (PGHOST ...). */
typedef struct ky_pg_place {
  const char *service;  /* section of pg_service.conf; NULL: none */
  const char *conninfo; /* "host=db dbname=gis" or a postgresql:// address, without a password; NULL: none */
  const char *where;    /* for messages: "residents[0]", "outputs.postgis" */
} ky_pg_place;

typedef struct ky_pg ky_pg;
typedef struct pg_result ky_pg_rows; /* libpq's PGresult */

/* What the connection is, for `kayoi check` and run.json; texts live as long as the connection. */
typedef struct ky_pg_facts {
  const char *server;   /* "db.example:5432" or "/var/run/postgresql:5432" */
  const char *database; /* as the server knows it */
  const char *user;
  const char *version;  /* "15.4" */
  int version_number;   /* 150004 */
  const char *tls;      /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; NULL: the connection is not encrypted */
  const char *sslmode;  /* as libpq settled it: "prefer", "verify-full" */
  const char *encoding; /* of the database: "UTF8", "EUC_JP" */
} ky_pg_facts;

#define KY_PG_STATEMENT_TIMEOUT_S 600

/* Connects: within connect_timeout (10 s unless the place or PGCONNECT_TIMEOUT says otherwise), as application "kayoi",
 * in UTF-8 whatever the database is encoded in, with KY_PG_STATEMENT_TIMEOUT_S. Close it with ky_pg_close. */
ky_err ky_pg_open(ky_job *job, const ky_pg_place *place, ky_pg **out);
/* Ends the connection; what was not committed is undone. NULL is fine. */
void ky_pg_close(ky_pg *pg);
/* Does the server still answer? */
bool ky_pg_is_alive(ky_pg *pg);
const ky_pg_facts *ky_pg_facts_of(const ky_pg *pg);
/* Is the place written as one that can be opened? Needs no server; KY_E_CONFIG: no, or it holds a password. */
ky_err ky_pg_place_check(ky_job *job, const ky_pg_place *place);
/* The place in words for messages and run.json: "service gis", "dbname=gis host=db", "environment" (keep arena; never
 * a credential, because such a conninfo is refused). */
const char *ky_pg_place_text(ky_job *job, const ky_pg_place *place);
/* Do two places lead to the same connection? */
bool ky_pg_place_same(const ky_pg_place *a, const ky_pg_place *b);

/* Runs SQL without a result; several statements are allowed. doing: what it is for, translated, for the message. */
ky_err ky_pg_exec(ky_job *job, ky_pg *pg, const char *doing, const char *sql);
/* One statement with $1 ... as texts (NULL: null); *rows must be freed, also after none came. */
ky_err ky_pg_query(ky_job *job, ky_pg *pg, const char *doing, const char *sql, const char *const *params,
                   uint32_t param_count, ky_pg_rows **rows);
uint32_t ky_pg_row_count(const ky_pg_rows *rows);
/* Text of a field; NULL: null, or no such field. */
const char *ky_pg_value(const ky_pg_rows *rows, uint32_t row, uint32_t column);
void ky_pg_rows_free(ky_pg_rows *rows);
/* What one statement would give, without running it: names and type oids of its columns (scratch arena). */
typedef struct ky_pg_column {
  const char *name;
  uint32_t type;
  int modifier; /* -1: none */
} ky_pg_column;
ky_err ky_pg_describe(ky_job *job, ky_pg *pg, const char *doing, const char *sql, ky_pg_column **columns,
                      uint32_t *count);

/* COPY ... TO STDOUT: begin, then rows until *bytes is NULL. A row is valid until the next call. Rows of a binary COPY
 * come as the protocol cuts them, one a call; the header and the trailer (-1) are part of the first and last. */
ky_err ky_pg_copy_out(ky_job *job, ky_pg *pg, const char *doing, const char *sql);
ky_err ky_pg_copy_row(ky_job *job, ky_pg *pg, const char *doing, const char **bytes, size_t *length);
/* Ends a COPY TO STDOUT of which no more rows are wanted; the transaction is then one that failed. */
void ky_pg_copy_abandon(ky_pg *pg);
/* COPY ... FROM STDIN: begin, any number of pieces, end. After a failure nothing more is to be written. */
ky_err ky_pg_copy_in(ky_job *job, ky_pg *pg, const char *doing, const char *sql);
ky_err ky_pg_copy_write(ky_job *job, ky_pg *pg, const char *doing, const char *bytes, size_t length);
/* *row_count: rows that the server took; may be NULL. */
ky_err ky_pg_copy_end(ky_job *job, ky_pg *pg, const char *doing, uint64_t *row_count);

/* SQLSTATE of the last failure: "57P01"; "" when none, or when the connection itself is gone. */
const char *ky_pg_state(const ky_pg *pg);
/* What the server said about the last failure, without credentials. */
const char *ky_pg_error_text(const ky_pg *pg);
/* The message of the last failure of this connection. The functions above call it themselves. */
ky_err ky_pg_fail(ky_job *job, ky_pg *pg, const char *doing);

/* A name as an SQL identifier, quoted, whatever it holds (keep arena). KY_E_CONFIG: empty, no UTF-8, or over 63 bytes,
 * which the server would cut to another name. where: the config key, for the message. */
ky_err ky_pg_identifier(ky_job *job, const char *where, const char *name, const char **out);
/* "table" or "schema.table", cut once at its dot; a part with a dot of its own is written in double quotes, as SQL does
 * ("a.b".c). *schema NULL: not given. Parts are as they stand, never folded to lower case (keep arena). */
ky_err ky_pg_table_name(ky_job *job, const char *where, const char *text, const char **schema, const char **table);
/* A text as an SQL literal (keep arena): where parameters cannot stand. */
ky_err ky_pg_literal(ky_job *job, const char *text, const char **out);

/* In place: one line, valid UTF-8, every occurrence of secret (may be NULL or empty) as ***. */
void ky_pg_clean_text(char *text, const char *secret);

#endif
