/* What of a database needs no server: names in SQL, places, what messages hide. */
#include "io/pg.h"
#include "io/pg_session.h"
#include "io/postgis.h"

#include "town.h"

static ky_job job;

static int set_up(void **state) {
  (void)state;
  ky_job_init(&job, 1);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  ky_job_free(&job);
  return 0;
}

static void forgive(void) {
  job.err = KY_OK;
  job.message[0] = '\0';
}

static void test_identifiers(void **state) {
  (void)state;
  static const char *const pairs[][2] = {{"residents", "\"residents\""},
                                         {"Residents", "\"Residents\""},
                                         {"a\"b", "\"a\"\"b\""},
                                         {"x\"; drop table t; --", "\"x\"\"; drop table t; --\""},
                                         {"通いの場 (2024)", "\"通いの場 (2024)\""},
                                         {"a'b\\c", "\"a'b\\c\""}};
  const char *quoted;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    assert_int_equal(ky_pg_identifier(&job, "table", pairs[i][0], &quoted), KY_OK);
    assert_string_equal(quoted, pairs[i][1]);
  }
  char name[65] = "";
  memset(name, 'a', 63);
  assert_int_equal(ky_pg_identifier(&job, "table", name, &quoted), KY_OK);
  name[63] = 'a';
  assert_int_equal(ky_pg_identifier(&job, "table", name, &quoted), KY_E_CONFIG);
  assert_non_null(strstr(job.message, "64 bytes"));
  forgive();
  assert_int_equal(ky_pg_identifier(&job, "table", "住民基本台帳二〇二四年四月一日現在住民", &quoted), KY_OK);
  assert_int_equal(ky_pg_identifier(&job, "table", "住民基本台帳二〇二四年四月一日現在住民三月末", &quoted),
                   KY_E_CONFIG); /* 22 kanji */
  forgive();
  assert_int_equal(ky_pg_identifier(&job, "table", "", &quoted), KY_E_CONFIG);
  forgive();
  assert_int_equal(ky_pg_identifier(&job, "table", "a\xFF", &quoted), KY_E_CONFIG);
  forgive();
}

static void test_literals(void **state) {
  (void)state;
  const char *quoted;
  assert_int_equal(ky_pg_literal(&job, "it's; \"x\" \\'", &quoted), KY_OK);
  assert_string_equal(quoted, "'it''s; \"x\" \\'''");
  assert_int_equal(ky_pg_literal(&job, "\xC0\x27", &quoted), KY_E_CONFIG); /* a quote behind half a character */
  forgive();
}

static void test_table_names(void **state) {
  (void)state;
  static const struct {
    const char *text, *schema, *table;
  } good[] = {{"residents", NULL, "residents"},
              {"gis.residents", "gis", "residents"},
              {"\"a.b\".c", "a.b", "c"},
              {"a.\"b.c\"", "a", "b.c"},
              {"\"say \"\"x\"\"\"", NULL, "say \"x\""},
              {"公開.通いの場", "公開", "通いの場"},
              {"t; drop table u", NULL, "t; drop table u"}};
  static const char *const bad[] = {"", ".", "a.", ".a", "a.b.c", "\"a", "\"a\"b", "a.\"b\"c", "\"\"", "\"a\".\"b\".c"};
  const char *schema, *table;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_int_equal(ky_pg_table_name(&job, "table", good[i].text, &schema, &table), KY_OK);
    assert_string_equal(table, good[i].table);
    if (good[i].schema == NULL)
      assert_null(schema);
    else
      assert_string_equal(schema, good[i].schema);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(ky_pg_table_name(&job, "table", bad[i], &schema, &table), KY_E_CONFIG);
    forgive();
  }
}

/* A place with a password is refused, and neither its message nor that of an unreadable one repeats it. */
static void test_places(void **state) {
  (void)state;
  static const char *const secret[] = {"host=db password=geheim5 dbname=gis", "host=db sslpassword='geheim5'",
                                       "postgresql://kayoi:geheim5@db/gis",   "postgres://db/gis?password=geheim5",
                                       "host=db dbname=gis geheim5",          "host=db pasword=geheim5",
                                       "host=db password='geheim5",           "postgresql://kayoi:geheim5@db:gis:x/"};
  static const char *const good[] = {"", "host=db dbname=gis", "postgresql://kayoi@db:5433/gis?sslmode=verify-full"};
  for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
    const ky_pg_place place = {.conninfo = secret[i], .where = "venues[0]"};
    assert_int_equal(ky_pg_place_check(&job, &place), KY_E_CONFIG);
    assert_null(strstr(job.message, "geheim5"));
    assert_ptr_equal(strstr(job.message, "venues[0]"), job.message);
    forgive();
  }
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_int_equal(ky_pg_place_check(&job, &(ky_pg_place){.conninfo = good[i], .where = "x"}), KY_OK);
  assert_int_equal(ky_pg_place_check(&job, &(ky_pg_place){.service = "gis", .conninfo = "host=a", .where = "x"}),
                   KY_E_CONFIG);
  forgive();
}

static void test_clean_text(void **state) {
  (void)state;
  static const struct {
    const char *text, *secret, *clean;
  } rows[] = {{"login with geheim5 failed", "geheim5", "login with *** failed"},
              {"geheim5geheim5", "geheim5", "******"},
              {"  two\n\tlines \n", NULL, "two lines"},
              {"nothing", "", "nothing"},
              {"a-b-a", "a", ""},
              {"接続できません", NULL, "接続できません"},
              {"caf\xE9", NULL, "caf?"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[100];
    snprintf(text, sizeof text, "%s", rows[i].text);
    ky_pg_clean_text(text, rows[i].secret);
    assert_string_equal(text, rows[i].clean);
  }
}

/* A socket that is not there: the message names it, the user's advice comes with it, and the password does not. */
static void test_no_server(void **state) {
  (void)state;
  ky_pg *pg;
  setenv("PGPASSWORD", "geheim5", 1);
  const ky_pg_place place = {.conninfo = "host=/tmp/no-such-folder.kayoi dbname=gis user=u", .where = "zones"};
  assert_int_equal(ky_pg_open(&job, &place, &pg), KY_E_DATABASE);
  assert_null(pg);
  assert_non_null(strstr(job.message, "/tmp/no-such-folder.kayoi"));
  assert_null(strstr(job.message, "geheim5"));
  assert_int_equal(ky_err_status(job.err), 4);
  forgive();
  unsetenv("PGPASSWORD");
}

/* Over a server, when tests/db/postgis_api.py has started one: rows, COPY both ways, a killed backend. */
static void test_server(void **state) {
  (void)state;
  ky_pg *pg;
  ky_pg_rows *rows;
  ky_pg_column *columns;
  const char *bytes, *params[] = {"3", NULL};
  size_t length;
  uint64_t taken = 0;
  uint32_t count, met = 0;
  assert_int_equal(ky_pg_open(&job, &(ky_pg_place){.where = "zones"}, &pg), KY_OK);
  assert_null(ky_pg_facts_of(pg)->tls); /* a socket */
  assert_int_equal(ky_pg_query(&job, pg, "asking", "select $1::int + 1, $2::text", params, 2, &rows), KY_OK);
  assert_int_equal(ky_pg_row_count(rows), 1);
  assert_string_equal(ky_pg_value(rows, 0, 0), "4");
  assert_null(ky_pg_value(rows, 0, 1));
  assert_null(ky_pg_value(rows, 1, 0));
  ky_pg_rows_free(rows);
  assert_int_equal(ky_pg_describe(&job, pg, "asking", "select 1 as \"甲\", 'x'::text as b", &columns, &count), KY_OK);
  assert_int_equal(count, 2);
  assert_string_equal(columns[0].name, "甲");
  assert_int_equal(columns[1].type, 25);
  assert_int_equal(ky_pg_describe(&job, pg, "asking", "select 1; select 2", &columns, &count), KY_E_DATABASE);
  assert_string_equal(ky_pg_state(pg), "42601");
  forgive();
  assert_int_equal(ky_pg_exec(&job, pg, "making", "create temp table t (a int, b text)"), KY_OK);
  assert_int_equal(ky_pg_copy_in(&job, pg, "writing", "copy t from stdin"), KY_OK);
  assert_int_equal(ky_pg_copy_write(&job, pg, "writing", "1\tx\n2\t甲\n", strlen("1\tx\n2\t甲\n")), KY_OK);
  assert_int_equal(ky_pg_copy_end(&job, pg, "writing", &taken), KY_OK);
  assert_int_equal(taken, 2);
  assert_int_equal(ky_pg_copy_in(&job, pg, "writing", "copy t from stdin"), KY_OK);
  assert_int_equal(ky_pg_copy_write(&job, pg, "writing", "no number\tx\n", strlen("no number\tx\n")), KY_OK);
  assert_int_equal(ky_pg_copy_end(&job, pg, "writing", NULL), KY_E_DATABASE);
  assert_string_equal(ky_pg_state(pg), "22P02");
  forgive();
  assert_int_equal(ky_pg_copy_out(&job, pg, "reading", "copy (select b from t order by a) to stdout"), KY_OK);
  do {
    assert_int_equal(ky_pg_copy_row(&job, pg, "reading", &bytes, &length), KY_OK);
    if (bytes != NULL) met++;
  } while (bytes != NULL);
  assert_int_equal(met, 2);
  assert_int_equal(ky_pg_exec(&job, pg, "dying", "select pg_terminate_backend(pg_backend_pid())"), KY_E_DATABASE);
  assert_string_equal(ky_pg_state(pg), "57P01");
  forgive();
  assert_int_equal(ky_pg_exec(&job, pg, "asking", "select 1"), KY_E_DATABASE);
  forgive();
  ky_pg_close(pg);
}

static const char *fingerprint(ky_source *source, char text[KY_PG_FINGERPRINT_BYTES]) {
  assert_int_equal(ky_pg_fingerprint(&job, source, text), KY_OK);
  ky_pg_session_end(source->postgis->session);
  return text;
}

/* Every kind of change is seen, also one that writes the same values again; nothing else is a change. */
static void test_fingerprint(void **state) {
  (void)state;
  static const char *const changes[] = {"update seen set b = b where a = 2",
                                        "insert into seen values (4, 'd')",
                                        "delete from seen where a = 4",
                                        "alter table seen add column c int",
                                        "truncate seen",
                                        "insert into seen values (1, 'a')",
                                        "begin; delete from seen; insert into seen values (1, 'a'); commit"};
  ky_pg *pg;
  char before[KY_PG_FINGERPRINT_BYTES], after[KY_PG_FINGERPRINT_BYTES];
  ky_pg_session session = {0};
  ky_pg_source table = {.table = "seen", .timeout_s = 60, .session = &session};
  ky_source source = {.role = KY_ROLE_FACTS, .name = "facts", .shown = "PostGIS seen", .postgis = &table};
  assert_int_equal(ky_pg_open(&job, &(ky_pg_place){.where = "x"}, &pg), KY_OK);
  assert_int_equal(ky_pg_exec(&job, pg, "x", "create table seen (a int primary key, b text)"), KY_OK);
  assert_int_equal(ky_pg_exec(&job, pg, "x", "insert into seen values (1, 'a'), (2, 'b'), (3, 'c')"), KY_OK);
  fingerprint(&source, before);
  assert_memory_equal(before, "xmin:", 5);
  assert_int_equal(ky_pg_exec(&job, pg, "x", "analyze seen"), KY_OK);
  assert_string_equal(before, fingerprint(&source, after));
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    assert_int_equal(ky_pg_exec(&job, pg, "x", changes[i]), KY_OK);
    assert_string_not_equal(before, fingerprint(&source, after));
    memcpy(before, after, sizeof before);
    assert_string_equal(before, fingerprint(&source, after));
  }
  table = (ky_pg_source){.query = "select a::text as zone, b as item from seen", .id = "zone", .timeout_s = 60};
  table.session = &session;
  source.columns = (ky_mapping[]){{"zone_id", "zone"}};
  source.column_count = 1;
  fingerprint(&source, before);
  assert_memory_equal(before, "rows:", 5);
  assert_string_equal(before, fingerprint(&source, after));
  assert_int_equal(ky_pg_exec(&job, pg, "x", "update seen set b = 'z'"), KY_OK);
  assert_string_not_equal(before, fingerprint(&source, after));
  ky_pg_close(pg);
}

/* What needs a server is run by tests/db/postgis_api.py, which starts one. */
int main(void) {
  const struct CMUnitTest alone[] = {
      cmocka_unit_test(test_identifiers), cmocka_unit_test(test_literals),   cmocka_unit_test(test_table_names),
      cmocka_unit_test(test_places),      cmocka_unit_test(test_clean_text), cmocka_unit_test(test_no_server),
  };
  const struct CMUnitTest served[] = {cmocka_unit_test(test_server), cmocka_unit_test(test_fingerprint)};
  if (getenv("KAYOI_TEST_DATABASE") != NULL) return cmocka_run_group_tests(served, set_up, tear_down);
  return cmocka_run_group_tests(alone, set_up, tear_down);
}
