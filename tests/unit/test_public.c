/* The public part: which layers, records, attributes and counts; and the audit, which must notice when counts are
 * hidden without companions. */
#include <kayoi/public.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/public_persons.h"

#define P KY_PERSON

/* Four rows: zones A, B, C and the municipality; people 65+ of the register by sex. */
typedef struct town {
  ky_job job;
  const char *id[4], *name[4], *level[4];
  int64_t all[4], men[4], women[4], share[4], base[4];
  ky_table tables[2];
  ky_public_in in;
  ky_public_opts opts;
} town;

static void town_people(town *t, const int64_t *men, const int64_t *women) {
  memset(t->men, 0, sizeof t->men);
  memset(t->women, 0, sizeof t->women);
  for (int r = 0; r < 3; r++) {
    t->men[r] = men[r] * P, t->women[r] = women[r] * P;
    t->men[3] += men[r] * P, t->women[3] += women[r] * P;
  }
  for (int r = 0; r < 4; r++) {
    t->all[r] = t->men[r] + t->women[r];
    t->base[r] = 2 * t->all[r];
    t->share[r] = 500000;
  }
}

static void town_open(town *t, const int64_t *men, const int64_t *women) {
  static const char *const ids[] = {"A", "B", "C", NULL}, *const levels[] = {"zone", "zone", "zone", "municipality"};
  memset(t, 0, sizeof *t);
  ky_job_init(&t->job, 1);
  memcpy(t->id, ids, sizeof ids);
  memcpy(t->name, ids, sizeof ids);
  memcpy(t->level, levels, sizeof levels);
  town_people(t, men, women);
  ky_table *zones = &t->tables[0];
  assert_int_equal(ky_table_new(&t->job, "zones", "圏域", 4, NULL, 10, zones), KY_OK);
  ky_table_text(zones, "zone_id", "番号", t->id);
  ky_table_text(zones, "name", "名称", t->name);
  ky_table_text(zones, "level", "区分", t->level);
  ky_table_fixed(zones, "official_65", "台帳", "people", 3, t->all);
  ky_table_fixed(zones, "official_65_m", "台帳 男", "people", 3, t->men);
  ky_table_fixed(zones, "official_65_f", "台帳 女", "people", 3, t->women);
  ky_table_fixed(zones, "pop_65", "人口", "people", 3, t->base);
  ky_table_fixed(zones, "official_grid_ratio_65", "比", "ratio", 6, t->share);
  ky_table_fixed(zones, "participants", "参加者", "people", 0, t->men);
  t->in = (ky_public_in){.tables = t->tables, .table_count = 1, .primary_band = "500"};
  t->opts = (ky_public_opts){.threshold = 10 * P, .is_open = {[KY_FROM_RESIDENTS] = true}, .with_companions = true};
}

static const ky_table *find(const ky_public_layers *made, const char *layer) {
  for (uint32_t i = 0; i < made->count; i++)
    if (strcmp(made->tables[i].layer, layer) == 0) return &made->tables[i];
  return NULL;
}

static int64_t value(const ky_table *table, const char *column, uint32_t row) {
  const ky_column *of = ky_table_column(table, column);
  assert_non_null(of);
  return of->of.fixed[row];
}

static const char *text(const ky_table *table, const char *column, uint32_t row) {
  const ky_column *of = ky_table_column(table, column);
  assert_non_null(of);
  return of->of.text[row];
}

/* A has 4 men and 30 women: its men and women are hidden, and those of one more zone; never the town's. */
static void a_small_count_and_its_companions(void **state) {
  (void)state;
  static const int64_t men[] = {4, 50, 70}, women[] = {30, 60, 80};
  static town t;
  ky_public_layers *made = calloc(1, sizeof *made);
  const char *what;
  town_open(&t, men, women);
  assert_int_equal(ky_public_make(&t.job, &t.opts, &t.in, made), KY_OK);
  const ky_table *zones = find(made, "zones");
  assert_int_equal(made->small, 1);
  assert_int_equal(made->companions, 3);
  assert_true(value(zones, "official_65_m", 0) == KY_NULL && value(zones, "official_65_f", 0) == KY_NULL);
  assert_int_equal(value(zones, "official_65", 0), 34 * P);
  assert_int_equal(value(zones, "official_65_m", 3), 124 * P);
  assert_string_equal(text(zones, "hidden", 0), "official_65_m; official_65_f");
  assert_non_null(strstr(text(zones, "hidden_note", 0), "10"));
  assert_null(text(zones, "hidden", 3));
  assert_null(ky_table_column(zones, "participants")); /* the audience table does not name it */
  assert_int_equal(value(zones, "pop_65", 0), 68 * P); /* open: it passes */
  assert_int_equal(t.men[0], 4 * P);                   /* the internal layer is whole */
  assert_int_equal(ky_public_audit(&t.job, &t.opts, &t.in, made, &what), KY_OK);
  assert_null(what);
  ky_job_free(&t.job);
  free(made);
}

/* The same with the companions switched off: the audit names what can be worked out. */
static void the_audit_notices_missing_companions(void **state) {
  (void)state;
  static const int64_t men[] = {4, 50, 70}, women[] = {30, 60, 80};
  static town t;
  ky_public_layers *made = calloc(1, sizeof *made);
  const char *what;
  town_open(&t, men, women);
  t.opts.with_companions = false;
  assert_int_equal(ky_public_make(&t.job, &t.opts, &t.in, made), KY_OK);
  assert_int_equal(made->companions, 0);
  assert_int_equal(ky_public_audit(&t.job, &t.opts, &t.in, made, &what), KY_OK);
  assert_non_null(what);
  assert_non_null(strstr(what, "official_65_m"));
  ky_job_free(&t.job);
  free(made);
}

/* The register of a zone is small: its ratio to the open count would give it away. */
static void what_is_derived_goes_too(void **state) {
  (void)state;
  static const int64_t men[] = {2, 50, 70}, women[] = {3, 60, 80};
  static town t;
  ky_public_layers *made = calloc(1, sizeof *made);
  const char *what;
  town_open(&t, men, women);
  assert_int_equal(ky_public_make(&t.job, &t.opts, &t.in, made), KY_OK);
  const ky_table *zones = find(made, "zones");
  assert_true(value(zones, "official_65", 0) == KY_NULL);
  assert_true(value(zones, "official_grid_ratio_65", 0) == KY_NULL);
  assert_int_equal(ky_public_audit(&t.job, &t.opts, &t.in, made, &what), KY_OK);
  assert_null(what);
  ky_job_free(&t.job);
  free(made);
}

/* First everything is shown: 12, 50 and 70 men of 132. Then four of A's men are gone: 8 of 128. Hiding B's men beside
 * them would be no use, for they have not changed and were shown: the town's men have to go. */
static void the_last_publication_is_known(void **state) {
  (void)state;
  static const int64_t men[] = {12, 50, 70}, fewer[] = {8, 50, 70}, women[] = {30, 60, 80};
  static town then, now;
  ky_public_layers *first = calloc(1, sizeof *first), *second = calloc(1, sizeof *second);
  const char *what;
  town_open(&then, men, women);
  assert_int_equal(ky_public_make(&then.job, &then.opts, &then.in, first), KY_OK);
  assert_int_equal(first->small, 0);
  town_open(&now, fewer, women);
  now.in.before.zones = find(first, "zones");
  now.in.before_internal.zones = &then.tables[0];
  assert_int_equal(ky_public_make(&now.job, &now.opts, &now.in, second), KY_OK);
  const ky_table *zones = find(second, "zones");
  assert_true(value(zones, "official_65_m", 0) == KY_NULL);
  assert_true(value(zones, "official_65_m", 3) == KY_NULL);
  assert_true(value(zones, "official_65", 0) == KY_NULL); /* men = all - women, and the women were shown */
  assert_int_equal(value(zones, "official_65_m", 1), 50 * P);
  assert_int_equal(ky_public_audit(&now.job, &now.opts, &now.in, second, &what), KY_OK);
  assert_null(what);
  /* as if there had been none before: the audit, which knows it, finds the way */
  now.in.before.zones = NULL;
  assert_int_equal(ky_public_make(&now.job, &now.opts, &now.in, second), KY_OK);
  now.in.before.zones = find(first, "zones");
  assert_int_equal(ky_public_audit(&now.job, &now.opts, &now.in, second, &what), KY_OK);
  assert_non_null(what);
  ky_job_free(&then.job);
  ky_job_free(&now.job);
  free(first);
  free(second);
}

/* A was small and hidden with B; now A has grown. B has not changed: shown today, it would tell A's old figure. */
static void what_was_hidden_stays_hidden(void **state) {
  (void)state;
  static const int64_t men[] = {4, 50, 70}, more[] = {40, 50, 70}, women[] = {30, 60, 80};
  static town then, now;
  ky_public_layers *first = calloc(1, sizeof *first), *second = calloc(1, sizeof *second);
  const char *what;
  town_open(&then, men, women);
  assert_int_equal(ky_public_make(&then.job, &then.opts, &then.in, first), KY_OK);
  town_open(&now, more, women);
  now.in.before.zones = find(first, "zones");
  now.in.before_internal.zones = &then.tables[0];
  assert_int_equal(ky_public_make(&now.job, &now.opts, &now.in, second), KY_OK);
  assert_int_equal(second->small, 0);
  assert_true(second->companions > 0);
  assert_int_equal(ky_public_audit(&now.job, &now.opts, &now.in, second, &what), KY_OK);
  assert_null(what);
  now.in.before.zones = NULL;
  assert_int_equal(ky_public_make(&now.job, &now.opts, &now.in, second), KY_OK);
  assert_int_equal(second->companions, 0);
  now.in.before.zones = find(first, "zones");
  assert_int_equal(ky_public_audit(&now.job, &now.opts, &now.in, second, &what), KY_OK);
  assert_non_null(what);
  ky_job_free(&then.job);
  ky_job_free(&now.job);
  free(first);
  free(second);
}

static void names_of_persons(void **state) {
  (void)state;
  assert_true(ky_text_names_bodies("本町老人クラブ"));
  assert_true(ky_text_names_bodies("通井町 社会福祉協議会"));
  assert_false(ky_text_names_bodies("山田太郎"));
  assert_false(ky_text_names_bodies("本町老人クラブ 会長 山田太郎"));
  assert_false(ky_text_names_bodies("本町老人クラブ（山田）"));
  assert_false(ky_text_names_bodies("会田"));
  assert_false(ky_text_names_bodies(""));
  assert_true(ky_text_is_contact("096-000-0000"));
  assert_true(ky_text_is_contact("電話 ０９６（０００）００００　内線12"));
  assert_false(ky_text_is_contact("096-000-0000 山田"));
  assert_false(ky_text_is_contact("yamada@example.jp"));
  assert_true(ky_venue_is_home("個人宅", "お茶のみ会"));
  assert_true(ky_venue_is_home(NULL, "山田さん宅サロン"));
  assert_false(ky_venue_is_home("公民館", "市営住宅 体操"));
}

/* Three venues: marked, not marked, marked and in a home; the operator of the first is a person. */
static void venues_and_homes(void **state) {
  (void)state;
  static const char *const ids[] = {"1", "2", "3"}, *const names[] = {"体操", "囲碁", "山田さん宅サロン"};
  static const char *const operators[] = {"山田太郎", "老人クラブ", "老人クラブ"};
  static const char *const addresses[] = {"本町1", "本町2", "本町3"};
  static const int8_t marks[] = {1, -1, 1}, counts[] = {1, 1, 1};
  static const int64_t bands[] = {500000, 500000}, people[] = {20 * P, 90 * P};
  static const char *const area_ids[] = {"1", NULL};
  ky_job job;
  ky_table tables[2];
  ky_shapes shapes;
  ky_public_layers *made = calloc(1, sizeof *made);
  ky_job_init(&job, 1);
  assert_int_equal(ky_shapes_new(&job, KY_SHAPE_POINT, 3, 3, 3, &shapes), KY_OK);
  for (uint32_t i = 0; i < 3; i++) {
    shapes.first_part[i + 1] = shapes.first_vertex[i + 1] = i + 1;
    shapes.x[i] = -1234.5 + 10 * i, shapes.y[i] = 777;
  }
  assert_int_equal(ky_table_new(&job, "venues", "場", 3, &shapes, 6, &tables[0]), KY_OK);
  ky_table_text(&tables[0], "venue_id", "番号", ids);
  ky_table_text(&tables[0], "name", "名称", names);
  ky_table_text(&tables[0], "operator", "運営主体", operators);
  ky_table_text(&tables[0], "address", "所在地", addresses);
  ky_table_bool(&tables[0], "publish", "公開可", marks);
  ky_table_bool(&tables[0], "counts", "数える", counts);
  assert_int_equal(ky_table_new(&job, "service_areas", "徒歩圏", 2, NULL, 3, &tables[1]), KY_OK);
  ky_table_text(&tables[1], "venue_id", "番号", area_ids);
  ky_table_fixed(&tables[1], "band_m", "距離", "m", 3, bands);
  ky_table_fixed(&tables[1], "people_65", "人数", "people", 3, people);
  const ky_public_in in = {.tables = tables, .table_count = 2};
  ky_public_opts opts = {.threshold = 10 * P, .with_companions = true, .homes = KY_HOMES_GENERALISE};
  assert_int_equal(ky_public_make(&job, &opts, &in, made), KY_OK);
  const ky_table *venues = find(made, "venues"), *areas = find(made, "service_areas");
  assert_int_equal(venues->count, 2);
  assert_null(text(venues, "operator", 0));
  assert_string_equal(text(venues, "operator", 1), "老人クラブ");
  assert_string_equal(text(venues, "address", 0), "本町1");
  assert_null(text(venues, "address", 1));
  assert_null(strstr(text(venues, "name", 1), "山田"));
  assert_true(venues->shapes->x[1] == -1250 && venues->shapes->y[1] == 750);
  assert_true(shapes.x[2] == -1214.5);
  assert_int_equal(areas->count, 1); /* that of all venues shows where the others are */
  assert_null(ky_table_column(areas, "people_65"));
  opts.homes = KY_HOMES_WITHHOLD;
  assert_int_equal(ky_public_make(&job, &opts, &in, made), KY_OK);
  assert_int_equal(find(made, "venues")->count, 1);
  opts.venues_open = true;
  opts.is_open[KY_FROM_RESIDENTS] = true;
  assert_int_equal(ky_public_make(&job, &opts, &in, made), KY_OK);
  assert_int_equal(find(made, "venues")->count, 2);
  assert_null(text(find(made, "venues"), "address", 1)); /* not marked itself */
  assert_int_equal(value(find(made, "service_areas"), "people_65", 0), 20 * P);
  ky_job_free(&job);
  free(made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_count_and_its_companions),
      cmocka_unit_test(the_audit_notices_missing_companions),
      cmocka_unit_test(what_is_derived_goes_too),
      cmocka_unit_test(the_last_publication_is_known),
      cmocka_unit_test(what_was_hidden_stays_hidden),
      cmocka_unit_test(names_of_persons),
      cmocka_unit_test(venues_and_homes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
