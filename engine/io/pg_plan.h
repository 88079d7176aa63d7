/* How a table or query is read: which columns, in which order, by which SQL. */
#ifndef KAYOI_PG_PLAN_H
#define KAYOI_PG_PLAN_H

#include "io/pg_session.h"
#include "io/role_columns.h"
#include "io/table_plan.h"

typedef struct ky_pg_plan {
  const char *doing;  /* for messages: "reading gis.residents" */
  const char *sql;    /* SELECT: fields as text, then the geometry, then the key */
  const char **names; /* columns that can be attributes, without the geometry */
  uint32_t count;
  uint32_t *field;    /* [count] in a row; KY_NONE: not selected */
  uint8_t *is_number; /* [field_count] numeric: zeros behind the point say nothing */
  uint32_t field_count;
  uint32_t geometry, key; /* fields; KY_NONE: none */
  const char *key_name;
  ky_picks picks;
  ky_table_plan place; /* without a geometry */
  const char *crs;     /* of the geometry, for ky_crs_settle; NULL: nobody says */
  bool is_osm;         /* tags of OpenStreetMap in columns of their own */
  ky_pg_origin *origin;
} ky_pg_plan;

/* with_issues: what is odd is reported (a source that is weighed and then read says it once). */
ky_err ky_pg_plan_make(ky_job *job, const ky_source *source, ky_pg_session *session, bool with_issues, ky_pg_plan *out);

#endif
