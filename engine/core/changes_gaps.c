/* Gap areas: their ids may change from run to run, so areas are matched by what they have in common on the ground.
 * Areas that hang together by that are one group: one and one is the same area, one and several a split, and so on. */
#include <stdlib.h>
#include <string.h>

#include "core/changes_parts.h"

typedef struct gaps {
  ky_changes_build_state *s;
  const ky_table *before, *after;
  const char *const *was_id, *const *is_id;
  ky_overlap *link; /* a: before, b: after */
  uint32_t link_count;
  uint32_t *was_degree, *is_degree; /* links of each area */
} gaps;

static void add_link(gaps *g, uint32_t was, uint32_t is) {
  g->link[g->link_count++] = (ky_overlap){.a = was, .b = is};
  g->was_degree[was]++;
  g->is_degree[is]++;
}

/* Areas that have enough in common; then those left over by their id (outlines that are not known, or too small). */
static ky_err link_areas(gaps *g) {
  ky_job *job = g->s->job;
  ky_overlaps found = {.count = 0};
  g->s->out->has_gap_shapes =
      (g->before->shapes != NULL || g->before->count == 0) && (g->after->shapes != NULL || g->after->count == 0);
  if (g->before->shapes != NULL && g->after->shapes != NULL)
    KY_TRY(ky_overlaps_find(job, g->before->shapes, g->after->shapes, &found));
  KY_NEW(job, scratch, g->link, (size_t)found.count + g->before->count);
  for (uint32_t i = 0; i < found.count; i++) {
    const uint64_t a = found.squares_a[found.of[i].a], b = found.squares_b[found.of[i].b], smaller = a < b ? a : b;
    if (found.of[i].squares * 100 >= smaller * KY_SAME_GAP_PERCENT) add_link(g, found.of[i].a, found.of[i].b);
  }
  for (uint32_t j = 0; j < g->before->count; j++)
    for (uint32_t i = 0; i < g->after->count; i++)
      if (g->was_degree[j] == 0 && g->is_degree[i] == 0 && ky_change_is_same(g->was_id[j], g->is_id[i]))
        add_link(g, j, i);
  return KY_OK;
}

static int64_t people(const ky_table *table, uint32_t record) {
  return ky_change_number(table, "people_65", record, 3);
}

static ky_err people_text(ky_job *job, int64_t value, const char **out) {
  char text[40];
  *out = NULL;
  if (value == KY_NULL) return KY_OK;
  *out = ky_arena_text(&job->keep, text, ky_fixed_text(text, value, 3));
  return *out == NULL ? ky_fail_memory(job) : KY_OK;
}

static int64_t minus(int64_t a, int64_t b) {
  return a == KY_NULL || b == KY_NULL ? KY_NULL : a - b;
}

/* What every change of an area says; was, is: KY_NONE where it is not. */
static ky_err start(gaps *g, ky_change_kind kind, uint32_t was, uint32_t is, ky_change *c) {
  ky_job *job = g->s->job;
  const ky_table *table = is != KY_NONE ? g->after : g->before;
  const uint32_t record = is != KY_NONE ? is : was;
  const int64_t did = was != KY_NONE ? people(g->before, was) : 0, does = is != KY_NONE ? people(g->after, is) : 0;
  ky_change_place place;
  *c = (ky_change){.kind = kind,
                   .id = is != KY_NONE ? g->is_id[is] : g->was_id[was],
                   .name = ky_change_word(table, "gap_name", record),
                   .zone_id = ky_change_word(table, "zone_id", record),
                   .field = "people_65",
                   .people_65 = minus(does, did),
                   .share = KY_NULL,
                   .moved_mm = KY_NULL};
  if (was != KY_NONE) KY_TRY(people_text(job, did, &c->before));
  if (is != KY_NONE) KY_TRY(people_text(job, does, &c->after));
  KY_TRY(ky_change_inside(job, table, record, &place));
  c->has_place = place.is_known;
  c->x_m = place.x_m;
  c->y_m = place.y_m;
  return KY_OK;
}

static ky_err finish(gaps *g, uint32_t was, uint32_t is, bool gains, bool loses, ky_change *c) {
  ky_why_area areas[2];
  uint32_t count = 0;
  if (was != KY_NONE) areas[count++] = (ky_why_area){g->before->shapes, was};
  if (is != KY_NONE) areas[count++] = (ky_why_area){g->after->shapes, is};
  KY_TRY(ky_change_why(g->s, KY_WHY_GAPS, areas, count, gains, loses, &c->why));
  return ky_change_add(g->s, c);
}

/* The same area: how many people, what it is called, what would help. */
static ky_err tell_same(gaps *g, uint32_t was, uint32_t is) {
  static const char *const told[] = {"gap_id", "class", "cause"};
  const int64_t did = people(g->before, was), does = people(g->after, is);
  const bool has_new_id = !ky_change_is_same(g->was_id[was], g->is_id[is]);
  ky_change c;
  if (did != does) {
    const bool is_more = did != KY_NULL && (does == KY_NULL || does > did);
    KY_TRY(start(g, is_more ? KY_GAP_GROWN : KY_GAP_SHRUNK, was, is, &c));
    if (has_new_id) c.replaces = g->was_id[was];
    KY_TRY(finish(g, was, is, !is_more, is_more, &c));
  }
  for (size_t t = 0; t < sizeof told / sizeof *told; t++) {
    const char *a = ky_change_word(g->before, told[t], was), *b = ky_change_word(g->after, told[t], is);
    if (ky_change_is_same(a, b) || ky_table_column(g->before, told[t]) == NULL ||
        ky_table_column(g->after, told[t]) == NULL)
      continue;
    KY_TRY(start(g, KY_GAP_CHANGED, was, is, &c));
    if (has_new_id) c.replaces = g->was_id[was];
    c.field = told[t];
    c.before = a;
    c.after = b;
    c.people_65 = KY_NULL;
    KY_TRY(finish(g, was, is, true, true, &c));
  }
  return KY_OK;
}

/* Ids and people of the areas before that an area now is made of. */
static ky_err replaced(gaps *g, uint32_t is, const char **ids, int64_t *sum) {
  const char *text = NULL;
  *sum = 0;
  for (uint32_t l = 0; l < g->link_count; l++) {
    if (g->link[l].b != is) continue;
    const uint32_t was = g->link[l].a;
    const int64_t did = people(g->before, was);
    text = ky_format(&g->s->job->keep, "%s%s%s", text != NULL ? text : "", text != NULL ? "; " : "",
                     g->was_id[was] != NULL ? g->was_id[was] : "");
    if (text == NULL) return ky_fail_memory(g->s->job);
    *sum = *sum == KY_NULL || did == KY_NULL ? KY_NULL : *sum + did;
  }
  *ids = text;
  return KY_OK;
}

/* An area of a group of more than two. */
static ky_err tell_group(gaps *g, uint32_t is, ky_change_kind kind) {
  ky_why_area *areas;
  uint32_t count = 0;
  int64_t sum;
  ky_change c;
  KY_NEW(g->s->job, scratch, areas, g->link_count + 1);
  KY_TRY(start(g, kind, KY_NONE, is, &c));
  KY_TRY(replaced(g, is, &c.replaces, &sum));
  KY_TRY(people_text(g->s->job, sum, &c.before));
  c.people_65 = kind == KY_GAP_MERGED ? minus(people(g->after, is), sum) : KY_NULL;
  areas[count++] = (ky_why_area){g->after->shapes, is};
  for (uint32_t l = 0; l < g->link_count; l++)
    if (g->link[l].b == is) areas[count++] = (ky_why_area){g->before->shapes, g->link[l].a};
  KY_TRY(ky_change_why(g->s, KY_WHY_GAPS, areas, count, true, true, &c.why));
  return ky_change_add(g->s, &c);
}

/* The kind of what became of the areas that `is` hangs together with. */
static ky_err tell_linked(gaps *g, uint32_t is) {
  bool has_split = false; /* one of those before lives on in others too */
  uint32_t was = KY_NONE;
  for (uint32_t l = 0; l < g->link_count; l++) {
    if (g->link[l].b != is) continue;
    was = g->link[l].a;
    has_split = has_split || g->was_degree[was] > 1;
  }
  if (g->is_degree[is] == 1 && !has_split) return tell_same(g, was, is);
  if (g->is_degree[is] > 1 && has_split) return tell_group(g, is, KY_GAP_REDRAWN);
  if (g->is_degree[is] > 1) return tell_group(g, is, KY_GAP_MERGED);
  for (uint32_t l = 0; l < g->link_count; l++) /* the same area may have merged elsewhere: then all is drawn anew */
    if (g->link[l].a == was && g->is_degree[g->link[l].b] > 1) return tell_group(g, is, KY_GAP_REDRAWN);
  return tell_group(g, is, KY_GAP_SPLIT);
}

ky_err ky_changes_of_gaps(ky_changes_build_state *s) {
  gaps g = {.s = s, .before = s->in->before.gaps, .after = s->in->after.gaps};
  ky_change c;
  if (g.before == NULL || g.after == NULL) return KY_OK;
  const ky_column *was = ky_table_column(g.before, "gap_id"), *is = ky_table_column(g.after, "gap_id");
  if (was == NULL || is == NULL || was->type != KY_COLUMN_TEXT || is->type != KY_COLUMN_TEXT) return KY_OK;
  g.was_id = was->of.text;
  g.is_id = is->of.text;
  KY_NEW(s->job, scratch, g.was_degree, g.before->count);
  KY_NEW(s->job, scratch, g.is_degree, g.after->count);
  KY_TRY(link_areas(&g));
  for (uint32_t i = 0; i < g.after->count; i++) {
    if (g.is_degree[i] != 0) {
      KY_TRY(tell_linked(&g, i));
      continue;
    }
    KY_TRY(start(&g, KY_GAP_OPENED, KY_NONE, i, &c));
    KY_TRY(finish(&g, KY_NONE, i, false, true, &c));
  }
  for (uint32_t j = 0; j < g.before->count; j++) {
    if (g.was_degree[j] != 0) continue;
    KY_TRY(start(&g, KY_GAP_CLOSED, j, KY_NONE, &c));
    KY_TRY(finish(&g, j, KY_NONE, true, false, &c));
  }
  return KY_OK;
}
