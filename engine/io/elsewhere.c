/* Records of other municipalities: see elsewhere.h. */
#include "io/elsewhere.h"

#include <math.h>
#include <string.h>

#include "io/address_key.h"
#include "io/geocode_wanted.h"
#include "io/municipality_code.h"
#include "io/project.h"
#include "io/raw_edit.h"

/* A place farther than this from the municipality's box is hardly one of its own; nearer ones may be next door. */
#define FAR_M       50000.0
#define SHOWN_COUNT 5
/* A shorter list that names no municipality is taken as the municipality's own, whatever its places are. */
#define WIDE_COUNT 20

typedef struct list {
  ky_job *job;
  const ky_elsewhere *elsewhere;
  ky_raw *raw;
  uint8_t *own;       /* [count] ky_is_own, by what the record states */
  uint8_t *is_beyond; /* [count] it has a place, beyond the margin */
  bool *keep;         /* [count] */
  uint32_t placed, beyond, stated;
} list;

bool ky_elsewhere_concerns(ky_role role) {
  return role == KY_ROLE_VENUES || role == KY_ROLE_SITES || role == KY_ROLE_RESOURCES;
}

/* 市, 町 or 村 at the end: a ward alone does not say of which city. */
static bool names_municipality(const char *key) {
  static const char *const ends[] = {"市", "町", "村"};
  const size_t length = strlen(key);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (length > 3 && strcmp(key + length - 3, ends[i]) == 0) return true;
  return false;
}

/* 山口県宇部市, 上益城郡益城町 and 熊本市中央区 name 宇部市, 益城町 and 熊本市. False: memory is out. */
static bool compare_names(ky_arena *arena, const char *own, const char *name, ky_is_own *out) {
  *out = KY_OWN_UNKNOWN;
  if (own == NULL || name == NULL) return true;
  const char *own_key = ky_name_key(arena, own, NULL), *key = ky_name_key(arena, name, NULL);
  if (own_key == NULL || key == NULL) return false;
  if (own_key[0] == '\0' || key[0] == '\0') return true;
  if (strstr(key, own_key) != NULL || strstr(own_key, key) != NULL)
    *out = KY_OWN;
  else if (names_municipality(key))
    *out = KY_NOT_OWN;
  return true;
}

static ky_err state_owners(list *l) {
  ky_arena memory = {0};
  const ky_elsewhere *e = l->elsewhere;
  const uint32_t own = ky_municipality_code(&l->job->scratch, e->municipality_code);
  ky_err err = KY_OK;
  for (uint32_t i = 0; i < l->raw->count && err == KY_OK; i++) {
    const char *code = ky_raw_value(l->raw, "municipality_code", i);
    ky_is_own is_own = ky_municipality_has(own, ky_municipality_code(&memory, code));
    if (is_own == KY_OWN_UNKNOWN &&
        !compare_names(&memory, e->municipality_name, ky_raw_value(l->raw, "municipality", i), &is_own))
      err = ky_fail_memory(l->job);
    l->own[i] = (uint8_t)is_own;
    l->stated += is_own != KY_OWN_UNKNOWN;
    if (memory.used_bytes > 1 << 16) ky_arena_reset(&memory);
  }
  ky_arena_free(&memory);
  return err;
}

static void find_places(list *l) {
  const ky_home *home = l->elsewhere->home;
  const bool is_known = home->box.x_min <= home->box.x_max;
  for (uint32_t i = 0; i < l->raw->count; i++) {
    double x, y;
    if (!ky_raw_place(l->raw, i, &x, &y) || !isfinite(x) || !isfinite(y)) continue;
    l->placed++;
    l->is_beyond[i] = is_known && !ky_home_near(home, x, y, l->elsewhere->margin_m);
    l->beyond += l->is_beyond[i];
  }
}

/* Most places beyond the margin, but not all: a list of all of them in another place is a wrong file or CRS. */
static bool is_wide(const list *l) {
  if (l->stated != 0) return true;
  return l->placed >= WIDE_COUNT && l->beyond > l->placed / 2 && l->beyond < l->placed;
}

static uint32_t choose(list *l) {
  const bool is_wide_list = is_wide(l);
  uint32_t left_out = 0;
  for (uint32_t i = 0; i < l->raw->count; i++) {
    double x, y;
    const bool has_place = ky_raw_place(l->raw, i, &x, &y) && isfinite(x) && isfinite(y);
    const bool is_placed_elsewhere = l->is_beyond[i] && l->own[i] != KY_OWN && is_wide_list;
    const bool is_stated_elsewhere = !has_place && l->own[i] == KY_NOT_OWN;
    /* without a border nobody knows what is near: what the records state decides */
    const bool is_blind = l->elsewhere->home->box.x_min > l->elsewhere->home->box.x_max && l->own[i] == KY_NOT_OWN;
    l->keep[i] = !(is_placed_elsewhere || is_stated_elsewhere || is_blind);
    left_out += !l->keep[i];
  }
  return left_out;
}

/* "12 (venue A), 15, 18 ..." of the records kept in spite of their place. *first: the first of them. */
static const char *list_far(const list *l, uint32_t *count, uint32_t *first, double *most_m) {
  const char *text = "";
  *count = 0;
  *most_m = 0;
  for (uint32_t i = 0; i < l->raw->count; i++) {
    double x = 0, y = 0;
    if (!l->keep[i] || !l->is_beyond[i] || !ky_raw_place(l->raw, i, &x, &y)) continue;
    const double distance_m = ky_home_distance_m(l->elsewhere->home, x, y);
    if (l->own[i] != KY_OWN && !(distance_m > FAR_M)) continue;
    if (distance_m > KY_UNUSED_M) continue; /* ky_project_check says so */
    if (++*count == 1) *first = i;
    if (distance_m > *most_m) *most_m = distance_m;
    if (*count > SHOWN_COUNT || text == NULL) continue;
    text = ky_format(&l->job->scratch, "%s%s%.60s", text, *count > 1 ? ", " : "", l->raw->record[i]);
  }
  return text != NULL ? text : "";
}

static void report_far(const list *l) {
  uint32_t count, first = 0;
  double most_m, x = 0, y = 0;
  if (l->raw->source->role == KY_ROLE_RESOURCES) return; /* ky_place_resources leaves them out and says so */
  const char *names = list_far(l, &count, &first, &most_m);
  if (count == 0) return;
  ky_raw_place(l->raw, first, &x, &y);
  ky_issue_add(
      l->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = ky_source_where(l->job, l->raw->source),
                  .record = l->raw->record[first],
                  .field = "lon/lat",
                  .reason = "far_from_municipality",
                  .has_place = true,
                  .x_m = x,
                  .y_m = y,
                  .action = ky_tr("kept there, where nobody of the municipality can walk; correct their coordinates")},
      ky_tr("%u records of the municipality's own list lie outside of it, up to %.0f km away: %s%s"), count,
      most_m / 1000, names, count > SHOWN_COUNT ? ", …" : "");
}

static void report_left_out(const list *l, uint32_t count) {
  const bool is_all = count == l->raw->count;
  ky_issue_add(l->job,
               &(ky_issue){.severity = is_all ? KY_WARNING : KY_INFO,
                           .source = ky_source_where(l->job, l->raw->source),
                           .reason = "other_municipalities",
                           .action = is_all ? ky_tr("nothing of it is left; is it the list of another place, or is "
                                                    "municipality.code wrong?")
                                            : ky_tr("left out; those within study.margin_m of the border are kept")},
               ky_tr("%u of %u records belong to other municipalities or lie more than %.0f m from this one"), count,
               l->raw->count, l->elsewhere->margin_m);
}

ky_err ky_elsewhere_take_out(ky_job *job, const ky_elsewhere *elsewhere, ky_raw *raw) {
  list l = {.job = job, .elsewhere = elsewhere, .raw = raw};
  KY_NEW(job, scratch, l.own, raw->count);
  KY_NEW(job, scratch, l.is_beyond, raw->count);
  KY_NEW(job, scratch, l.keep, raw->count);
  KY_TRY(state_owners(&l));
  find_places(&l);
  const uint32_t count = choose(&l);
  report_far(&l);
  if (count == 0) return KY_OK;
  report_left_out(&l, count);
  raw->elsewhere_count += count;
  ky_raw_keep(l.keep, false, raw);
  return KY_OK;
}
