/* Grouping of poles: a disjoint-set forest whose roots are the first pole of each set. */
#include "core/stops_group.h"

#include <stdlib.h>
#include <string.h>

/* More poles of one name than this in one source are no bus stop; comparing all their pairs would take for ever. */
#define SAME_NAME_MAX 20000

static uint32_t root_of(ky_pole *poles, uint32_t i) {
  while (poles[i].group != i) i = poles[i].group = poles[poles[i].group].group;
  return i;
}

static void join(ky_pole *poles, uint32_t a, uint32_t b) {
  a = root_of(poles, a);
  b = root_of(poles, b);
  poles[a < b ? b : a].group = a < b ? a : b;
}

/* The pole of an id among those of one source, which are in the order of ids; KY_NONE. */
static uint32_t find_id(const ky_pole *poles, uint32_t from, uint32_t to, const char *id) {
  while (from < to) {
    const uint32_t middle = from + (to - from) / 2;
    const int order = strcmp(poles[middle].record.id, id);
    if (order == 0) return middle;
    if (order < 0)
      from = middle + 1;
    else
      to = middle;
  }
  return KY_NONE;
}

static void join_parents(ky_job *job, ky_pole *poles, uint32_t from, uint32_t to, uint8_t *has_parent) {
  for (uint32_t i = from; i < to; i++) {
    const ky_record *record = &poles[i].record;
    const char *parent = ky_raw_value(record->raw, "parent", record->record);
    if (parent == NULL) continue;
    const uint32_t station = find_id(poles, from, to, parent);
    has_parent[i] = station != KY_NONE;
    if (station != KY_NONE) {
      has_parent[station] = 1;
      join(poles, i, station);
      continue;
    }
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_raw_label(job, record->raw),
                             .record = record->id,
                             .field = "parent_station",
                             .reason = "unknown_parent",
                             .action = ky_tr("grouped by its name instead")},
                 ky_tr("station \"%s\" is defined nowhere in the feed"), parent);
  }
}

/* An order of poles by name, then x, then place in the list. */
typedef struct by_name {
  const char *key;
  double x_m;
  uint32_t pole;
} by_name;

static int compare(const void *left, const void *right) {
  const by_name *a = left, *b = right;
  const int order = strcmp(a->key, b->key);
  if (order != 0) return order;
  if (a->x_m != b->x_m) return a->x_m < b->x_m ? -1 : 1;
  return (a->pole > b->pole) - (a->pole < b->pole);
}

static bool is_near(const ky_pole *a, const ky_pole *b, double limit_m) {
  const double dx = a->x_m - b->x_m, dy = a->y_m - b->y_m;
  return dx * dx + dy * dy <= limit_m * limit_m;
}

/* Calls visit for every pair of one name not farther apart than limit_m. */
static ky_err visit_pairs(const ky_pole *poles, const by_name *order, uint32_t count, double limit_m,
                          ky_err (*visit)(void *user, uint32_t a, uint32_t b), void *user) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = i + 1; j < count && j - i <= SAME_NAME_MAX && strcmp(order[i].key, order[j].key) == 0 &&
                             order[j].x_m - order[i].x_m <= limit_m;
         j++)
      if (is_near(&poles[order[i].pole], &poles[order[j].pole], limit_m))
        KY_TRY(visit(user, order[i].pole, order[j].pole));
  return KY_OK;
}

static ky_err join_pair(void *user, uint32_t a, uint32_t b) {
  join(user, a, b);
  return KY_OK;
}

ky_err ky_poles_group(ky_job *job, ky_pole *poles, uint32_t count, double group_m) {
  by_name *order;
  uint8_t *has_parent;
  KY_NEW(job, scratch, order, count);
  KY_NEW(job, scratch, has_parent, count);
  for (uint32_t i = 0; i < count; i++) poles[i].group = i;
  for (uint32_t from = 0, to; from < count; from = to) {
    uint32_t n = 0;
    for (to = from + 1; to < count && poles[to].record.source == poles[from].record.source;) to++;
    join_parents(job, poles, from, to, has_parent);
    for (uint32_t i = from; group_m > 0 && i < to; i++)
      if (!has_parent[i] && poles[i].has_place && poles[i].name_key != NULL)
        order[n++] = (by_name){poles[i].name_key, poles[i].x_m, i};
    if (n != 0) qsort(order, n, sizeof *order, compare);
    KY_TRY(visit_pairs(poles, order, n, group_m, join_pair, poles));
  }
  for (uint32_t i = 0; i < count; i++) poles[i].group = root_of(poles, i);
  return KY_OK;
}

typedef struct meeting {
  const ky_pole *poles;
  ky_err (*meet)(void *user, uint32_t a, uint32_t b);
  void *user;
} meeting;

static ky_err meet_pair(void *user, uint32_t a, uint32_t b) {
  const meeting *m = user;
  const ky_pole *p = &m->poles[a < b ? a : b], *q = &m->poles[a < b ? b : a];
  return p->record.source == q->record.source ? KY_OK : m->meet(m->user, p->group, q->group);
}

ky_err ky_poles_overlap(ky_job *job, const ky_pole *poles, uint32_t count, double overlap_m,
                        ky_err (*meet)(void *user, uint32_t a, uint32_t b), void *user) {
  by_name *order;
  uint32_t n = 0;
  meeting m = {poles, meet, user};
  KY_NEW(job, scratch, order, count);
  for (uint32_t i = 0; i < count; i++)
    if (poles[i].has_place && poles[i].name_key != NULL) order[n++] = (by_name){poles[i].name_key, poles[i].x_m, i};
  if (n != 0) qsort(order, n, sizeof *order, compare);
  return visit_pairs(poles, order, n, overlap_m, meet_pair, &m);
}
