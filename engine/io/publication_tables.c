/* Tables for the layers of a run: kayoi.ensure_layer, once a layer. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "io/pg_copy.h"
#include "io/publication_parts.h"

#define KEYS_HEAD " (run_id, row_no, "
#define GEOM_TAIL ", geom)"
/* A reader may hold a table for as long as it likes. Whoever waits behind it for the exclusive lock that a new column
 * takes keeps all other readers waiting too, so it waits a second only, and tries again. */
#define LOCK_TIMEOUT "SET lock_timeout = '1s'"
#define TRIES_MAX    60

static int add_column(json_t *list, const ky_column *column) {
  static const char *const types[] = {
      [KY_COLUMN_TEXT] = "text", [KY_COLUMN_FIXED] = "fixed", [KY_COLUMN_BOOL] = "bool"};
  json_t *one = json_object();
  int wrong = json_object_set_new(one, "name", json_string(column->name));
  wrong |= json_object_set_new(one, "type", json_string(types[column->type]));
  wrong |= json_object_set_new(one, "decimals", json_integer(column->decimals));
  wrong |= json_object_set_new(one, "alias", column->alias != NULL ? json_string(column->alias) : json_null());
  wrong |= json_object_set_new(one, "unit", column->unit != NULL ? json_string(column->unit) : json_null());
  return wrong | json_array_append_new(list, one);
}

/* [{"name": "cell_id", "type": "text", ...}, ...]; to be freed. NULL: memory, or a name that is not UTF-8. */
static char *columns_text(const ky_table *table) {
  json_t *list = json_array();
  int wrong = 0;
  for (uint32_t c = 0; c < table->column_count; c++) wrong |= add_column(list, &table->columns[c]);
  char *text = wrong == 0 ? json_dumps(list, JSON_COMPACT) : NULL;
  json_decref(list);
  return text;
}

/* "kayoi.cells (run_id, row_no, cell_id, geom)" in its parts. */
static ky_err take_apart(ky_job *job, const char *target, ky_staged *staged) {
  const char *head = strstr(target, KEYS_HEAD);
  const size_t tail = staged->has_geometry ? sizeof GEOM_TAIL - 1 : 1, length = strlen(target);
  if (head == NULL || strlen(head) < sizeof KEYS_HEAD - 1 + tail)
    return ky_fail(job, KY_E_INTERNAL, "kayoi.ensure_layer: '%s'", target);
  const char *columns = head + sizeof KEYS_HEAD - 1;
  staged->target = ky_arena_text(&job->keep, target, length);
  staged->stored = ky_arena_text(&job->keep, target, (size_t)(head - target));
  staged->columns = ky_arena_text(&job->keep, columns, length - tail - (size_t)(columns - target));
  return staged->target == NULL || staged->stored == NULL || staged->columns == NULL ? ky_fail_memory(job) : KY_OK;
}

static ky_err ensure(ky_job *job, ky_published_run *p, const ky_staged *staged, ky_pg_rows **rows) {
  char srid[16];
  char *columns = columns_text(staged->table);
  const char *params[] = {
      staged->audience, staged->table->layer, staged->table->alias, ky_pg_geometry_type(staged->table->shapes), srid,
      columns};
  snprintf(srid, sizeof srid, "%d", (int)p->srid);
  const char *doing = ky_format(&job->scratch, ky_tr("making the table of layer %s"), staged->table->layer);
  ky_err err = columns == NULL || doing == NULL
                   ? ky_fail_memory(job)
                   : ky_pg_query(job, p->pg, doing, "SELECT kayoi.ensure_layer($1, $2, $3, $4, $5::integer, $6::jsonb)",
                                 params, 6, rows);
  free(columns);
  return err;
}

/* One layer; tried again while a reader's lock is in the way, each time with a job of its own for the message. */
static ky_err make_table(ky_job *job, ky_published_run *p, ky_staged *staged) {
  const struct timespec pause = {.tv_nsec = 500000000};
  for (int tries = 1;; tries++) {
    ky_job part;
    ky_pg_rows *rows = NULL;
    ky_job_init(&part, 1);
    part.interrupt = job->interrupt;
    ky_err err = ensure(&part, p, staged, &rows);
    const bool is_again = err != KY_OK && strcmp(ky_pg_state(p->pg), "55P03") == 0 && tries < TRIES_MAX;
    if (err == KY_OK)
      err = take_apart(job, ky_pg_value(rows, 0, 0), staged);
    else if (!is_again)
      ky_fail(job, err, "%s", part.message);
    ky_pg_rows_free(rows);
    ky_job_free(&part);
    if (!is_again) return err;
    if (tries == 1)
      ky_job_notice(job, ky_tr("%s: layer %s has new columns, and its table is in use; trying again until it is free"),
                    KY_PUBLICATION_WHERE, staged->table->layer);
    nanosleep(&pause, NULL);
    KY_TRY(ky_write_check(job));
  }
}

ky_err ky_publication_tables(ky_job *job, ky_published_run *p) {
  KY_TRY(ky_pg_exec(job, p->pg, ky_tr("settings of the connection"), LOCK_TIMEOUT));
  for (uint32_t i = 0; i < p->staged_count; i++) KY_TRY(make_table(job, p, &p->staged[i]));
  return ky_pg_exec(job, p->pg, ky_tr("settings of the connection"), "RESET lock_timeout");
}
