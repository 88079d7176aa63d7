/* What a source selects from: a table, view or query with its columns, and what tools for OpenStreetMap made of it. */
#ifndef KAYOI_PG_RELATION_H
#define KAYOI_PG_RELATION_H

#include "io/pg_session.h"

/* A column as it can be selected. */
typedef struct ky_pg_field {
  const char *name;
  const char *sql; /* q."name", or an expression over tags */
  uint32_t type;
  int modifier;
  bool is_geometry; /* geometry or geography */
} ky_pg_field;

typedef struct ky_pg_relation {
  const char *name;     /* "gis.residents" for messages; NULL: a query */
  const char *from;     /* behind FROM: a table or a subselect, named q, perhaps with a join */
  const char *where;    /* "" or " WHERE ..." */
  const char *regclass; /* quoted name; NULL: a query */
  ky_pg_field *fields;
  uint32_t count;
  const char **key; /* columns of its key, quoted */
  const char **key_name;
  uint32_t key_count;
  bool is_osm;
  bool is_stored; /* rows lie on the server's disk, and whoever asks may see all their columns */
} ky_pg_relation;

ky_err ky_pg_relation_find(ky_job *job, const ky_source *source, ky_pg_session *session, ky_pg_relation *out);
/* Columns of osm2pgsql (hstore or jsonb tags) and osm2pgrouting (tag_id, table configuration) as the tags they stand
 * for; which rows are streets, barriers or buildings. Tables only: a query says itself what it selects. */
ky_err ky_pg_relation_osm(ky_job *job, const ky_source *source, ky_pg_session *session, ky_pg_relation *relation);

/* Index of a column by its exact name, KY_NONE. */
uint32_t ky_pg_relation_field(const ky_pg_relation *relation, const char *name);

#endif
