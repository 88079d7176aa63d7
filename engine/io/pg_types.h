/* Types of PostgreSQL that are told apart: their oids never change (catalog/pg_type.dat). */
#ifndef KAYOI_PG_TYPES_H
#define KAYOI_PG_TYPES_H

#define KY_PG_CHAR    18
#define KY_PG_NAME    19
#define KY_PG_TEXT    25
#define KY_PG_BPCHAR  1042
#define KY_PG_VARCHAR 1043
#define KY_PG_NUMERIC 1700
#define KY_PG_JSONB   3802

/* Tags that can be columns of their own, see ky_pg_relation_osm. */
#define KY_PG_TAGS_MAX 16

#endif
