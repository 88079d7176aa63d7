/* Names of cells, gap areas and sites, from the names of their points. */
#include <kayoi/names.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR "付近"

/* How much of something has each name; zero between uses. */
typedef struct tally {
  int64_t *weight; /* [names] */
} tally;

/* The name of most weight among points[0 .. count), ties to the lower one; KY_NONE: none has a name. */
static uint32_t most(tally *t, const uint32_t *name, const uint32_t *points, uint32_t count, const uint32_t *people) {
  uint32_t best = KY_NONE;
  int64_t all = 0;
  for (uint32_t i = 0; people != NULL && i < count; i++)
    if (people[points[i]] != KY_NONE) all += people[points[i]];
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t at = name[points[i]], weight = all == 0 ? 1 : people[points[i]];
    if (at != KY_NONE && weight != KY_NONE) t->weight[at] += weight;
  }
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t at = name[points[i]];
    if (at == KY_NONE) continue;
    if (best == KY_NONE || t->weight[at] > t->weight[best] || (t->weight[at] == t->weight[best] && at < best))
      best = at;
  }
  for (uint32_t i = 0; i < count; i++)
    if (name[points[i]] != KY_NONE) t->weight[name[points[i]]] = 0;
  return best;
}

ky_err ky_names_cells(ky_job *job, const ky_names *names, const ky_points *points, ky_cells *cells) {
  tally t;
  uint32_t *name, *own;
  if (names->count == 0) return KY_OK;
  KY_NEW(job, scratch, t.weight, names->count);
  KY_NEW(job, scratch, name, points->count);
  KY_NEW(job, scratch, own, points->count);
  KY_NEW(job, keep, cells->place_name, cells->count);
  for (uint32_t i = 0; i < points->count; i++) own[i] = i;
  ky_names_find(job, names, points->x_m, points->y_m, points->count, NULL, name);
  for (uint32_t from = 0, to; from < points->count; from = to) {
    const uint32_t cell = points->cell[from];
    for (to = from + 1; to < points->count && points->cell[to] == cell;) to++;
    const uint32_t best = most(&t, name, own + from, to - from, points->people[KY_65]);
    cells->place_name[cell] = best != KY_NONE ? names->name[best] : NULL;
  }
  return KY_OK;
}

/* Things that may share a name: where they are, and what tells them apart. */
typedef struct named_thing {
  uint32_t name, order; /* index into names; place in the order of the layer */
  double x_m, y_m;
  const char *mark; /* "" or 北, 東, （2） ... */
} named_thing;

static int compare_things(const void *p, const void *q) {
  const named_thing *a = p, *b = q;
  if (a->name != b->name) return a->name < b->name ? -1 : 1;
  return a->order < b->order ? -1 : a->order > b->order;
}

/* Side of a thing seen from the middle of those of its name. */
static const char *side_of(double dx, double dy) {
  if (fabs(dx) < 1 && fabs(dy) < 1) return "中央";
  return fabs(dx) > fabs(dy) ? (dx > 0 ? "東" : "西") : (dy > 0 ? "北" : "南");
}

static bool are_different(const named_thing *things, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < i; k++)
      if (strcmp(things[i].mark, things[k].mark) == 0) return false;
  return true;
}

/* Things of one name: sides where these differ, else numbers in the order of the layer. */
static ky_err mark_apart(ky_job *job, named_thing *things, uint32_t count) {
  double x = 0, y = 0;
  if (count < 2) return KY_OK;
  for (uint32_t i = 0; i < count; i++) {
    x += things[i].x_m / count;
    y += things[i].y_m / count;
  }
  for (uint32_t i = 0; i < count; i++) things[i].mark = side_of(things[i].x_m - x, things[i].y_m - y);
  const bool are_sides = count <= 5 && are_different(things, count);
  for (uint32_t i = 0; i < count; i++) {
    things[i].mark =
        are_sides ? ky_format(&job->keep, "（%s）", things[i].mark) : ky_format(&job->keep, "（%u）", i + 1);
    if (things[i].mark == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* text[order]: "錦町付近", "錦町付近（北）". */
static ky_err write_names(ky_job *job, const ky_names *names, named_thing *things, uint32_t count, const char **text) {
  if (count > 1) qsort(things, count, sizeof *things, compare_things);
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && things[to].name == things[from].name;) to++;
    KY_TRY(mark_apart(job, things + from, to - from));
    for (uint32_t i = from; i < to; i++) {
      text[things[i].order] = ky_format(&job->keep, "%s" NEAR "%s", names->name[things[i].name], things[i].mark);
      if (text[things[i].order] == NULL) return ky_fail_memory(job);
    }
  }
  return KY_OK;
}

ky_err ky_names_gaps(ky_job *job, const ky_names *names, const ky_points *points, ky_gaps *gaps) {
  tally t;
  uint32_t *name, n = 0;
  bool *is_wanted;
  named_thing *things;
  KY_NEW(job, keep, gaps->name, gaps->count);
  if (names->count == 0) return KY_OK;
  KY_NEW(job, scratch, t.weight, names->count);
  KY_NEW(job, scratch, name, points->count);
  KY_NEW(job, scratch, is_wanted, points->count);
  KY_NEW(job, scratch, things, gaps->count);
  for (uint32_t i = 0; i < points->count; i++) is_wanted[i] = gaps->point_area[i] != KY_NONE;
  ky_names_find(job, names, points->x_m, points->y_m, points->count, is_wanted, name);
  for (uint32_t a = 0; a < gaps->count; a++) {
    const uint32_t *of = gaps->point + gaps->first_point[a], size = gaps->first_point[a + 1] - gaps->first_point[a];
    const uint32_t best = most(&t, name, of, size, points->people[KY_65]);
    if (best == KY_NONE) continue;
    named_thing *thing = &things[n++];
    *thing = (named_thing){.name = best, .order = a, .mark = ""};
    for (uint32_t i = 0; i < size; i++) {
      thing->x_m += points->x_m[of[i]] / size;
      thing->y_m += points->y_m[of[i]] / size;
    }
  }
  return write_names(job, names, things, n, gaps->name);
}

ky_err ky_names_sites(ky_job *job, const ky_names *names, const ky_sites *sites, ky_candidates *candidates) {
  double *x, *y;
  uint32_t *name, n = 0;
  const char **text;
  named_thing *things;
  if (names->count == 0 || candidates->is_given) return KY_OK;
  KY_NEW(job, scratch, x, sites->count);
  KY_NEW(job, scratch, y, sites->count);
  KY_NEW(job, scratch, name, sites->count);
  KY_NEW(job, scratch, text, sites->count);
  KY_NEW(job, scratch, things, sites->count);
  for (uint32_t s = 0; s < sites->count; s++) {
    x[s] = candidates->x_m[sites->candidate[s]];
    y[s] = candidates->y_m[sites->candidate[s]];
  }
  ky_names_find(job, names, x, y, sites->count, NULL, name);
  for (uint32_t s = 0; s < sites->count; s++)
    if (name[s] != KY_NONE)
      things[n++] = (named_thing){.name = name[s], .order = s, .x_m = x[s], .y_m = y[s], .mark = ""};
  KY_TRY(write_names(job, names, things, n, text));
  for (uint32_t s = 0; s < sites->count; s++) candidates->name[sites->candidate[s]] = text[s];
  return KY_OK;
}
