/* The connection that all sources of one place share: one read-only transaction, so all of them are of one moment. */
#ifndef KAYOI_PG_SESSION_H
#define KAYOI_PG_SESSION_H

#include <kayoi/read.h>

#include "io/pg.h"

typedef struct ky_pg_session {
  ky_pg *pg; /* NULL: not opened yet, or ended */
  bool is_owned;
  ky_err err;          /* why it could not be opened; it is not tried again */
  const char *message; /* of that failure */
  const char *postgis; /* version of the extension: "3.3.2"; NULL: it is not installed */
  const char *schema;  /* of the extension, quoted; NULL */
  uint32_t geometry_type, geography_type, hstore_type; /* oids; 0: no such type */
} ky_pg_session;

/* A session that is not open (keep arena); NULL: memory is out. */
ky_pg_session *ky_pg_session_new(ky_job *job);
/* Opens it at its first call: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY, whose snapshot is of this moment. Then
 * sets the source's timeout and a savepoint, so that a statement that fails ends this source and not the transaction.
 */
ky_err ky_pg_session_begin(ky_job *job, const ky_source *source, ky_pg_session **out);
/* After the source, done or failed. A failure that the words of the configuration make (no such table, column or
 * function, wrong SQL) becomes KY_E_CONFIG. */
ky_err ky_pg_session_settle(ky_job *job, const ky_source *source, ky_err err);
void ky_pg_session_end(ky_pg_session *session);

#endif
