/* What pg*.c know of a connection. */
#ifndef KAYOI_PG_HANDLE_H
#define KAYOI_PG_HANDLE_H

#include <libpq-fe.h>

#include "io/pg.h"

#define KY_PG_ERROR_SIZE 700

struct ky_pg {
  PGconn *conn;
  ky_job *job;       /* for what the server says without being asked */
  const char *where; /* keep arena of the job */
  char server[300], database[130], user[130], version[40], tls[100], sslmode[20], encoding[40];
  ky_pg_facts facts;
  bool is_cancelled;            /* because a signal asked the program to end */
  char *row;                    /* of COPY, libpq's own memory */
  char state[6];                /* SQLSTATE of the last failure */
  char error[KY_PG_ERROR_SIZE]; /* and its text, clean */
};

/* Keeps what went wrong: of the result, or (NULL) of the connection. */
void ky_pg_keep_error(ky_pg *pg, const PGresult *result);

#endif
