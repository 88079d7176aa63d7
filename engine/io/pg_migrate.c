/* Every check comes before the first change, and everything is one transaction under a lock, so a migration that is
 * interrupted, by whatever, leaves the database as it was. */
#include "io/pg_migrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SERVER_MIN  130000 /* PostgreSQL 13 */
#define POSTGIS_MIN 3      /* tiles with ids */

/* What a database says of itself before anything is done with it; in the order of the columns of facts_sql. */
typedef enum fact {
  FACT_VERSION_NUMBER,
  FACT_VERSION,
  FACT_ENCODING,
  FACT_POSTGIS,
  FACT_POSTGIS_OFFERED,
  FACT_IS_OURS,
  FACT_HAS_SCHEMA,
  FACT_MAY_SEE,
  FACT_MAY_CREATE,
  FACT_ROLES_MISSING,
  FACT_MAY_CREATE_ROLES,
  FACT_IS_MEMBER,
  FACT_COUNT
} fact;

static const char facts_sql[] =
    "SELECT current_setting('server_version_num'), current_setting('server_version'), "
    "current_setting('server_encoding'), "
    "(SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'postgis'), "
    "(SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = 'postgis'), "
    "EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE "
    "n.nspname = 'kayoi' AND c.relname = 'migration' AND c.relkind = 'r'), "
    "EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname IN ('kayoi', 'kayoi_public')), "
    "coalesce((SELECT pg_catalog.has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = "
    "'kayoi'), false), "
    "pg_catalog.has_database_privilege(current_database(), 'CREATE'), "
    "(SELECT string_agg(w.name, ', ') FROM unnest(ARRAY['kayoi_owner', 'kayoi_writer', 'kayoi_reader', "
    "'kayoi_staff']) AS w (name) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = w.name)), "
    "(SELECT rolsuper OR rolcreaterole FROM pg_catalog.pg_roles WHERE rolname = current_user), "
    "coalesce((SELECT pg_catalog.pg_has_role(oid, CASE WHEN current_setting('server_version_num')::integer >= 160000 "
    "THEN 'SET' ELSE 'MEMBER' END) FROM pg_catalog.pg_roles WHERE rolname = 'kayoi_owner'), false)";

static bool is_true(const char *value) {
  return value != NULL && value[0] == 't';
}

static const char *checksum_of(ky_job *job, const ky_migration *migration) {
  return ky_format(&job->keep, "%016" PRIx64, (uint64_t)XXH3_64bits(migration->sql, migration->length));
}

/* Copies of the facts, in the keep arena. */
static ky_err read_facts(ky_job *job, ky_pg *pg, const char *values[FACT_COUNT]) {
  ky_pg_rows *rows = NULL;
  ky_err err = ky_pg_query(job, pg, ky_tr("looking at the database"), facts_sql, NULL, 0, &rows);
  for (uint32_t f = 0; f < FACT_COUNT && err == KY_OK; f++) {
    const char *value = ky_pg_value(rows, 0, f);
    values[f] = value != NULL ? ky_arena_text(&job->keep, value, strlen(value)) : NULL;
    if (value != NULL && values[f] == NULL) err = ky_fail_memory(job);
  }
  ky_pg_rows_free(rows);
  return err;
}

static ky_err check_server(ky_job *job, const ky_pg_facts *at, const char *const values[FACT_COUNT]) {
  if (atoi(values[FACT_VERSION_NUMBER]) < SERVER_MIN)
    return ky_fail(job, KY_E_DATABASE, ky_tr("%s is PostgreSQL %s; kayoi needs 13 or newer: upgrade the server"),
                   at->server, values[FACT_VERSION]);
  if (strcmp(values[FACT_ENCODING], "UTF8") != 0)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s is encoded in %s, which has no room for every name; make one in UTF8: CREATE "
                         "DATABASE name ENCODING 'UTF8' TEMPLATE template0"),
                   at->database, values[FACT_ENCODING]);
  if (values[FACT_POSTGIS] == NULL && values[FACT_POSTGIS_OFFERED] == NULL)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("%s has no PostGIS; install it on the server (Debian: postgresql-15-postgis-3), then run in "
                         "the database %s: CREATE EXTENSION postgis"),
                   at->server, at->database);
  if (values[FACT_POSTGIS] == NULL)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s has no PostGIS; let an administrator run in it: CREATE EXTENSION postgis"),
                   at->database);
  if (atoi(values[FACT_POSTGIS]) < POSTGIS_MIN)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s has PostGIS %s; kayoi needs 3.0 or newer: upgrade it on the server, then run "
                         "ALTER EXTENSION postgis UPDATE"),
                   at->database, values[FACT_POSTGIS]);
  return KY_OK;
}

/* May this user make what a database without kayoi's tables needs? */
static ky_err check_new(ky_job *job, const ky_pg_facts *at, const char *const values[FACT_COUNT]) {
  if (is_true(values[FACT_HAS_SCHEMA]))
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s has a schema kayoi or kayoi_public that kayoi did not make; rename it (ALTER "
                         "SCHEMA kayoi RENAME TO ...) or use another database"),
                   at->database);
  if (!is_true(values[FACT_MAY_CREATE]))
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the user %s may not make schemas in the database %s; migrate as an administrator, or let one "
                         "run: GRANT CREATE ON DATABASE \"%s\" TO \"%s\""),
                   at->user, at->database, at->database, at->user);
  if (is_true(values[FACT_MAY_CREATE_ROLES])) return KY_OK;
  if (values[FACT_ROLES_MISSING] != NULL)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the roles %s are missing and the user %s may not make roles; migrate as an administrator, or "
                         "let one run CREATE ROLE ... NOLOGIN for each, and: GRANT kayoi_owner TO \"%s\""),
                   values[FACT_ROLES_MISSING], at->user, at->user);
  if (!is_true(values[FACT_IS_MEMBER]))
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the user %s may not act as kayoi_owner; migrate as an administrator, or let one run: GRANT "
                         "kayoi_owner TO \"%s\""),
                   at->user, at->user);
  return KY_OK;
}

/* Is what was applied what this program would apply? *version: how many. */
static ky_err compare_row(ky_job *job, const ky_pg_facts *at, const ky_pg_rows *rows, uint32_t row) {
  const char *number = ky_pg_value(rows, row, 0), *name = ky_pg_value(rows, row, 1), *sum = ky_pg_value(rows, row, 2);
  const uint32_t version = (uint32_t)atoi(number);
  if (version > ky_migration_count)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s is at version %s (%s), this kayoi knows %" PRIu32
                         "; install the kayoi that made it, or a newer one"),
                   at->database, number, name, ky_migration_count);
  if (version != row + 1)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s lacks the migration %" PRIu32 " but has %s; its table kayoi.migration was "
                         "changed by hand: restore the database from a backup"),
                   at->database, row + 1, number);
  const char *known = checksum_of(job, &ky_migrations[row]);
  if (known == NULL) return ky_fail_memory(job);
  if (strcmp(known, sum) != 0 || strcmp(ky_migrations[row].name, name) != 0)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the migration %s of the database %s (checksum %s) is not the one of this kayoi (%s, checksum "
                         "%s); use the kayoi that made the database, or a released version"),
                   name, at->database, sum, ky_migrations[row].name, known);
  return KY_OK;
}

static ky_err read_version(ky_job *job, ky_pg *pg, uint32_t *version) {
  ky_pg_rows *rows = NULL;
  ky_err err = ky_pg_query(job, pg, ky_tr("reading the applied migrations"),
                           "SELECT version, name, checksum FROM kayoi.migration ORDER BY version", NULL, 0, &rows);
  *version = err == KY_OK ? ky_pg_row_count(rows) : 0;
  for (uint32_t row = 0; err == KY_OK && row < *version; row++) err = compare_row(job, ky_pg_facts_of(pg), rows, row);
  ky_pg_rows_free(rows);
  return err;
}

static ky_err apply(ky_job *job, ky_pg *pg, uint32_t index) {
  const ky_migration *migration = &ky_migrations[index];
  const char *doing = ky_format(&job->keep, ky_tr("applying the migration %s"), migration->name);
  const char *number = ky_format(&job->keep, "%" PRIu32, index + 1), *sum = checksum_of(job, migration);
  if (doing == NULL || number == NULL || sum == NULL) return ky_fail_memory(job);
  KY_TRY(ky_pg_exec(job, pg, doing, migration->sql));
  KY_TRY(ky_pg_exec(job, pg, doing, "SET LOCAL ROLE kayoi_owner"));
  ky_pg_rows *rows = NULL;
  const ky_err err = ky_pg_query(
      job, pg, doing, "INSERT INTO kayoi.migration (version, name, checksum, engine) VALUES ($1, $2, $3, $4)",
      (const char *const[]){number, migration->name, sum, KY_VERSION}, 4, &rows);
  ky_pg_rows_free(rows);
  KY_TRY(err);
  return ky_pg_exec(job, pg, doing, "RESET ROLE");
}

/* Inside the transaction. The lock is let go at its end. */
static ky_err migrate(ky_job *job, ky_pg *pg, uint32_t *before) {
  const char *values[FACT_COUNT];
  KY_TRY(ky_pg_exec(job, pg, ky_tr("waiting for another migration"),
                    "SET LOCAL lock_timeout = '30s'; SET LOCAL client_min_messages = warning; "
                    "SELECT pg_catalog.pg_advisory_xact_lock(hashtext('kayoi'), hashtext('migrate'))"));
  KY_TRY(read_facts(job, pg, values));
  const ky_pg_facts *at = ky_pg_facts_of(pg);
  *before = 0;
  KY_TRY(check_server(job, at, values));
  if (!is_true(values[FACT_IS_OURS])) {
    KY_TRY(check_new(job, at, values));
  } else if (!is_true(values[FACT_MAY_SEE])) {
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the user %s may not look at the schema kayoi; migrate as an administrator, or let one run: "
                         "GRANT kayoi_owner TO \"%s\""),
                   at->user, at->user);
  } else {
    KY_TRY(read_version(job, pg, before));
    if (*before < ky_migration_count && !is_true(values[FACT_IS_MEMBER]))
      return ky_fail(job, KY_E_DATABASE,
                     ky_tr("the user %s may not act as kayoi_owner; migrate as an administrator, or let one run: GRANT "
                           "kayoi_owner TO \"%s\""),
                     at->user, at->user);
  }
  for (uint32_t m = *before; m < ky_migration_count; m++) KY_TRY(apply(job, pg, m));
  return KY_OK;
}

ky_err ky_pg_migrate(ky_job *job, ky_pg *pg, uint32_t *before) {
  KY_TRY(ky_pg_exec(job, pg, ky_tr("beginning"), "BEGIN"));
  KY_TRY(migrate(job, pg, before)); /* the caller closes the connection, which undoes everything */
  return ky_pg_exec(job, pg, ky_tr("finishing the migration"), "COMMIT");
}

ky_err ky_pg_schema_check(ky_job *job, ky_pg *pg) {
  const char *values[FACT_COUNT];
  uint32_t version;
  const ky_pg_facts *at = ky_pg_facts_of(pg);
  KY_TRY(read_facts(job, pg, values));
  if (!is_true(values[FACT_IS_OURS]))
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the database %s has no tables of kayoi; let its administrator run: kayoi db migrate"),
                   at->database);
  if (!is_true(values[FACT_MAY_SEE]))
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the user %s may not write results; let the administrator of the database run: GRANT "
                         "kayoi_writer TO \"%s\""),
                   at->user, at->user);
  KY_TRY(read_version(job, pg, &version));
  if (version < ky_migration_count)
    return ky_fail(job, KY_E_DATABASE,
                   ky_tr("the tables of kayoi in the database %s are at version %" PRIu32 ", this kayoi needs %" PRIu32
                         "; let its administrator run: kayoi db migrate"),
                   at->database, version, ky_migration_count);
  return KY_OK;
}
