/* Statements, their rows, and COPY in both directions. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "io/pg_handle.h"

static bool is_failure(const PGresult *result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR;
}

#define WAIT_MS 200 /* a signal that comes just before poll is seen this much later */

/* Waits a moment for the server. A signal that asks the program to end cancels what the server is doing, once. */
static void wait_for(ky_pg *pg, short events) {
  struct pollfd at = {.fd = PQsocket(pg->conn), .events = events};
  char ignored[256];
  poll(&at, 1, WAIT_MS);
  const ky_interrupt *interrupt = pg->job->interrupt;
  if (interrupt == NULL || atomic_load(&interrupt->number) == 0 || pg->is_cancelled) return;
  pg->is_cancelled = true;
  PGcancel *cancel = PQgetCancel(pg->conn);
  if (cancel != NULL) PQcancel(cancel, ignored, sizeof ignored);
  PQfreeCancel(cancel);
}

/* Until an answer is there, or the connection gone. */
static void wait_answer(ky_pg *pg) {
  while (PQisBusy(pg->conn)) {
    wait_for(pg, POLLIN);
    if (!PQconsumeInput(pg->conn)) return;
  }
}

/* Reads what the server answers to the end: the last result, or the first failure, which says why; what follows a
 * backend's farewell only says that the connection is gone. Ends where COPY begins. NULL: nothing came. */
static PGresult *settle(ky_pg *pg) {
  PGresult *kept = NULL;
  for (;;) {
    wait_answer(pg);
    PGresult *next = PQgetResult(pg->conn);
    if (next == NULL) break;
    const ExecStatusType status = PQresultStatus(next);
    if (kept != NULL && is_failure(kept)) {
      PQclear(next);
    } else {
      PQclear(kept);
      kept = next;
    }
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) break;
  }
  return kept;
}

/* is_sent: what PQsend... answered. */
static ky_err take(ky_job *job, ky_pg *pg, const char *doing, int is_sent, ExecStatusType wanted, PGresult **out) {
  PGresult *result = settle(pg);
  const ExecStatusType status = PQresultStatus(result);
  *out = result;
  if (is_sent && result != NULL && (status == wanted || (wanted == PGRES_TUPLES_OK && status == PGRES_COMMAND_OK)))
    return KY_OK;
  ky_pg_keep_error(pg, result != NULL && is_failure(result) ? result : NULL);
  PQclear(result);
  *out = NULL;
  return ky_pg_fail(job, pg, doing);
}

ky_err ky_pg_exec(ky_job *job, ky_pg *pg, const char *doing, const char *sql) {
  PGresult *result;
  ky_err err = take(job, pg, doing, PQsendQuery(pg->conn, sql), PGRES_TUPLES_OK, &result);
  PQclear(result);
  return err;
}

static int send(ky_pg *pg, const char *sql, const char *const *params, uint32_t count) {
  return PQsendQueryParams(pg->conn, sql, (int)count, NULL, params, NULL, NULL, 0);
}

ky_err ky_pg_query(ky_job *job, ky_pg *pg, const char *doing, const char *sql, const char *const *params,
                   uint32_t param_count, ky_pg_rows **rows) {
  return take(job, pg, doing, send(pg, sql, params, param_count), PGRES_TUPLES_OK, rows);
}

uint32_t ky_pg_row_count(const ky_pg_rows *rows) {
  return rows != NULL ? (uint32_t)PQntuples(rows) : 0;
}

const char *ky_pg_value(const ky_pg_rows *rows, uint32_t row, uint32_t column) {
  if (rows == NULL || row >= (uint32_t)PQntuples(rows) || column >= (uint32_t)PQnfields(rows)) return NULL;
  return PQgetisnull(rows, (int)row, (int)column) ? NULL : PQgetvalue(rows, (int)row, (int)column);
}

void ky_pg_rows_free(ky_pg_rows *rows) {
  PQclear(rows);
}

static ky_err copy_columns(ky_job *job, const PGresult *result, ky_pg_column **columns, uint32_t *count) {
  *count = (uint32_t)PQnfields(result);
  KY_NEW(job, scratch, *columns, (size_t)*count + 1);
  for (uint32_t c = 0; c < *count; c++) {
    const char *name = PQfname(result, (int)c);
    (*columns)[c].name = ky_arena_text(&job->scratch, name, strlen(name));
    if ((*columns)[c].name == NULL) return ky_fail_memory(job);
    (*columns)[c].type = PQftype(result, (int)c);
    (*columns)[c].modifier = PQfmod(result, (int)c);
  }
  return KY_OK;
}

ky_err ky_pg_describe(ky_job *job, ky_pg *pg, const char *doing, const char *sql, ky_pg_column **columns,
                      uint32_t *count) {
  PGresult *described = NULL, *prepared;
  ky_err err = take(job, pg, doing, PQsendPrepare(pg->conn, "", sql, 0, NULL), PGRES_COMMAND_OK, &prepared);
  if (err == KY_OK) err = take(job, pg, doing, PQsendDescribePrepared(pg->conn, ""), PGRES_COMMAND_OK, &described);
  if (err == KY_OK) err = copy_columns(job, described, columns, count);
  PQclear(described);
  PQclear(prepared);
  return err;
}

static ky_err begin_copy(ky_job *job, ky_pg *pg, const char *doing, const char *sql, ExecStatusType wanted) {
  PGresult *result;
  ky_err err = take(job, pg, doing, send(pg, sql, NULL, 0), wanted, &result);
  PQclear(result);
  return err;
}

ky_err ky_pg_copy_out(ky_job *job, ky_pg *pg, const char *doing, const char *sql) {
  return begin_copy(job, pg, doing, sql, PGRES_COPY_OUT);
}

/* The result behind the last row or piece. */
static ky_err end_copy(ky_job *job, ky_pg *pg, const char *doing, uint64_t *row_count) {
  PGresult *result;
  ky_err err = take(job, pg, doing, 1, PGRES_COMMAND_OK, &result);
  if (err == KY_OK && row_count != NULL) *row_count = strtoull(PQcmdTuples(result), NULL, 10);
  PQclear(result);
  return err;
}

/* libpq's buffer of the row; held until the next call. */
ky_err ky_pg_copy_row(ky_job *job, ky_pg *pg, const char *doing, const char **bytes, size_t *length) {
  PQfreemem(pg->row);
  pg->row = NULL;
  *bytes = NULL;
  *length = 0;
  int got;
  while ((got = PQgetCopyData(pg->conn, &pg->row, 1)) == 0) {
    wait_for(pg, POLLIN);
    if (!PQconsumeInput(pg->conn)) break;
  }
  if (got > 0) {
    *bytes = pg->row;
    *length = (size_t)got;
    return KY_OK;
  }
  return end_copy(job, pg, doing, NULL); /* -2, a failure, has its result as well */
}

void ky_pg_copy_abandon(ky_pg *pg) {
  char ignored[256];
  PGcancel *cancel = PQgetCancel(pg->conn);
  if (cancel != NULL) PQcancel(cancel, ignored, sizeof ignored);
  PQfreeCancel(cancel);
  do {
    PQfreemem(pg->row);
    pg->row = NULL;
  } while (PQgetCopyData(pg->conn, &pg->row, 0) > 0);
  PQclear(settle(pg));
}

/* Without blocking, so that a wait for a server that takes nothing can end. */
ky_err ky_pg_copy_in(ky_job *job, ky_pg *pg, const char *doing, const char *sql) {
  KY_TRY(begin_copy(job, pg, doing, sql, PGRES_COPY_IN));
  PQsetnonblocking(pg->conn, 1);
  return KY_OK;
}

/* -1: the connection is gone. */
static int send_rest(ky_pg *pg) {
  int left;
  while ((left = PQflush(pg->conn)) > 0) {
    wait_for(pg, POLLIN | POLLOUT);
    if (!PQconsumeInput(pg->conn)) return -1;
  }
  return left;
}

static ky_err end_copy_in(ky_job *job, ky_pg *pg, const char *doing, uint64_t *row_count) {
  PQsetnonblocking(pg->conn, 0);
  return end_copy(job, pg, doing, row_count);
}

/* What the server said when it took no more. */
static ky_err fail_copy(ky_job *job, ky_pg *pg, const char *doing) {
  const ky_err err = end_copy_in(job, pg, doing, NULL);
  if (err != KY_OK) return err;
  ky_pg_keep_error(pg, NULL);
  return ky_pg_fail(job, pg, doing);
}

#define PIECE_MAX (1 << 20) /* PQputCopyData takes an int */

ky_err ky_pg_copy_write(ky_job *job, ky_pg *pg, const char *doing, const char *bytes, size_t length) {
  while (length > 0) {
    const size_t piece = length < PIECE_MAX ? length : PIECE_MAX;
    if (PQputCopyData(pg->conn, bytes, (int)piece) != 1 || send_rest(pg) != 0) return fail_copy(job, pg, doing);
    bytes += piece;
    length -= piece;
  }
  return KY_OK;
}

ky_err ky_pg_copy_end(ky_job *job, ky_pg *pg, const char *doing, uint64_t *row_count) {
  if (PQputCopyEnd(pg->conn, NULL) == 1) send_rest(pg); /* when that fails the result says why */
  return end_copy_in(job, pg, doing, row_count);
}

bool ky_pg_is_alive(ky_pg *pg) {
  PGresult *result = PQexec(pg->conn, "");
  const bool is_alive = PQresultStatus(result) == PGRES_EMPTY_QUERY;
  PQclear(result);
  return is_alive;
}
