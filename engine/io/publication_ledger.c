/* The ledger, added up by the database from the rows that it was given: the municipality is its zones and what lies
 * outside them, everybody is covered, beyond, unreachable or unknown, and the cells hold the same people. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/publication_parts.h"

/* Names of a layer's columns as SQL has them, in the order of the table. */
static ky_err split_columns(ky_job *job, const ky_staged *staged, const char ***names) {
  char *rest = ky_arena_text(&job->scratch, staged->columns, strlen(staged->columns));
  KY_NEW(job, scratch, *names, staged->table->column_count);
  if (rest == NULL) return ky_fail_memory(job);
  for (uint32_t c = 0; c < staged->table->column_count; c++) {
    char *comma = strstr(rest, ", "); /* kayoi.column_name leaves neither in a name */
    (*names)[c] = rest;
    if (comma == NULL) continue;
    *comma = '\0';
    rest = comma + 2;
  }
  return KY_OK;
}

/* A condition that is true where the layer is wrong, and what is said then. */
typedef struct rules {
  ky_job *job;
  const char *text; /* scratch arena; NULL: memory */
} rules;

static void add_rule(rules *r, const char *name, const char *condition) {
  if (r->text == NULL || condition == NULL) {
    r->text = NULL;
    return;
  }
  r->text = ky_format(&r->job->scratch, "%s%sCASE WHEN %s THEN '%s' END", r->text, r->text[0] != '\0' ? ", " : "",
                      condition, name);
}

/* Where no part is unknown the whole is their sum; else it is unknown, or what is known of them. */
static void add_sum(rules *r, const ky_column *column, const char *sql) {
  if (column->adds == KY_ADDS_NOT) return;
  const char *parts = column->adds == KY_ADDS_ROWS ? "level IN ('zone', 'outside_zones')" : "level = 'zone'";
  const char *whole = ky_format(&r->job->scratch, "max(%s) FILTER (WHERE level = 'municipality')", sql);
  const char *sum = ky_format(&r->job->scratch, "sum(%s) FILTER (WHERE %s)", sql, parts);
  const char *condition = whole == NULL || sum == NULL
                              ? NULL
                              : ky_format(&r->job->scratch,
                                          "%s <> %s OR (%s IS NULL AND count(*) FILTER (WHERE %s) > 0"
                                          " AND count(*) FILTER (WHERE %s AND %s IS NULL) = 0)",
                                          whole, sum, whole, parts, parts, sql);
  add_rule(r, column->name, condition);
}

/* pop_<m> = covered_<m> + beyond_<m> + unreachable_<m> + unknown_<m> in every row. */
static void add_states(rules *r, const ky_staged *zones, const char *const *names, const char *measure) {
  static const char *const parts[] = {"pop", "covered", "beyond", "unreachable", "unknown"};
  const char *sql[5];
  for (int i = 0; i < 5; i++) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", parts[i], measure);
    const ky_column *column = ky_table_column(zones->table, name);
    if (column == NULL) return;
    sql[i] = names[column - zones->table->columns];
  }
  const char *name = ky_format(&r->job->scratch, "pop_%s = covered + beyond + unreachable + unknown", measure);
  add_rule(r, name != NULL ? name : "",
           ky_format(&r->job->scratch, "bool_or(%s <> %s + %s + %s + %s)", sql[0], sql[1], sql[2], sql[3], sql[4]));
}

/* The people of all cells are those of the municipality and those outside it. sums: of the cells' columns, all from one
 * way through them, c0, c1 ... of the row c. */
static void add_cells(rules *r, const ky_staged *zones, const char *const *zone_names, const ky_staged *cells,
                      const char *const *cell_names, ky_measure measure, const char **sums) {
  char name[64];
  snprintf(name, sizeof name, "pop_%s", ky_measure_name(measure));
  const ky_column *of_zones = ky_table_column(zones->table, name), *of_cells = ky_table_column(cells->table, name);
  if (of_zones == NULL || of_cells == NULL) return;
  const char *said = ky_format(&r->job->scratch, "%s of cells", name);
  if (*sums != NULL)
    *sums = ky_format(&r->job->scratch, "%s, sum(%s) AS c%d", *sums, cell_names[of_cells - cells->table->columns],
                      (int)measure);
  add_rule(r, said != NULL ? said : "",
           ky_format(&r->job->scratch, "sum(%s) FILTER (WHERE level IN ('municipality', 'outside')) <> max(c.c%d)",
                     zone_names[of_zones - zones->table->columns], (int)measure));
}

static const ky_staged *find(const ky_published_run *p, const char *layer) {
  for (uint32_t i = 0; i < p->staged_count; i++)
    if (strcmp(p->staged[i].audience, "internal") == 0 && strcmp(p->staged[i].table->layer, layer) == 0)
      return &p->staged[i];
  return NULL;
}

static ky_err ask(ky_job *job, ky_published_run *p, const ky_staged *zones, const ky_staged *cells,
                  const char *conditions, const char *sums) {
  const char *sql =
      ky_format(&job->scratch,
                "SELECT array_to_string(ARRAY[%s]::text[], ', ') FROM (SELECT count(*) AS n%s FROM %s WHERE "
                "run_id = %" PRId64 ") c, (SELECT * FROM %s WHERE run_id = %" PRId64 ") z",
                conditions, sums, cells->stored, p->run_id, zones->stored, p->run_id);
  ky_pg_rows *rows;
  if (sql == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_query(job, p->pg, ky_tr("adding up the ledger"), sql, NULL, 0, &rows));
  const char *wrong = ky_pg_value(rows, 0, 0);
  const ky_err err =
      wrong == NULL || wrong[0] == '\0'
          ? KY_OK
          : ky_fail(job, KY_E_INTERNAL,
                    ky_tr("%s: the ledger in the database does not balance (%.300s); nothing is published; please "
                          "report it"),
                    KY_PUBLICATION_WHERE, wrong);
  ky_pg_rows_free(rows);
  return err;
}

ky_err ky_publication_check_ledger(ky_job *job, ky_published_run *p) {
  const ky_staged *zones = find(p, "zones"), *cells = find(p, "cells");
  const char **zone_names, **cell_names, *sums = "";
  rules r = {job, ""};
  if (zones == NULL || cells == NULL || ky_table_column(zones->table, "level") == NULL) return KY_OK;
  KY_TRY(split_columns(job, zones, &zone_names));
  KY_TRY(split_columns(job, cells, &cell_names));
  for (uint32_t c = 0; c < zones->table->column_count; c++) add_sum(&r, &zones->table->columns[c], zone_names[c]);
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    add_states(&r, zones, zone_names, ky_measure_name((ky_measure)m));
    add_cells(&r, zones, zone_names, cells, cell_names, (ky_measure)m, &sums);
  }
  if (r.text == NULL || sums == NULL) return ky_fail_memory(job);
  return ask(job, p, zones, cells, r.text, sums);
}
