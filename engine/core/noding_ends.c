/* Ends of lines and what they are joined to: pairs within the tolerance, put together to clusters by a disjoint-set
 * forest, each with one place. All choices are by distance and then by place, never by order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/noding_lines.h"
#include "core/sort.h"

/* The nearest of a line to an end. */
typedef struct near_line {
  uint32_t part;
  bool is_joined;      /* the end is one of its vertices already */
  uint32_t end, inner; /* nearest end and inner vertex of it within the tolerance, KY_NONE */
  double end2, inner2; /* squared distances */
  uint32_t segment;    /* nearest place between two vertices, KY_NONE */
  double place2, x_mm, y_mm;
} near_line;

/* An end that meets a line between two of its vertices. */
typedef struct meeting {
  uint32_t end, segment, part;
  uint32_t cluster;
  double place2, x_mm, y_mm;
} meeting;

typedef struct joining {
  ky_job *job;
  const ky_noding_lines *lines;
  double tolerance2;            /* square millimetres */
  uint32_t *parent;             /* [distinct] */
  uint32_t *first_at, *part_at; /* [distinct + 1] -> parts that end there */
  near_line *found;             /* of the end looked at */
  uint32_t found_count, found_capacity;
  uint32_t end; /* distinct vertex looked at */
  meeting *meetings;
  uint32_t meeting_count, meeting_capacity;
  ky_err err; /* of a visit */
} joining;

static uint32_t root_of(uint32_t *parent, uint32_t v) {
  while (parent[v] != v) v = parent[v] = parent[parent[v]];
  return v;
}

static void join(joining *j, uint32_t a, uint32_t b) {
  a = root_of(j->parent, a);
  b = root_of(j->parent, b);
  j->parent[a < b ? b : a] = a < b ? a : b;
}

static ky_err list_ends(joining *j) {
  ky_job *job = j->job;
  const ky_noding_lines *lines = j->lines;
  const ky_shapes *shapes = &lines->ways->shapes;
  uint32_t *next;
  KY_NEW(job, scratch, j->first_at, (size_t)lines->distinct_count + 1);
  KY_NEW(job, scratch, j->part_at, 2 * (size_t)shapes->part_count);
  KY_NEW(job, scratch, next, lines->distinct_count);
  for (uint32_t p = 0; p < shapes->part_count; p++) {
    j->first_at[lines->vertex[shapes->first_vertex[p]] + 1]++;
    j->first_at[lines->vertex[shapes->first_vertex[p + 1] - 1] + 1]++;
  }
  for (uint32_t d = 0; d < lines->distinct_count; d++) {
    j->first_at[d + 1] += j->first_at[d];
    next[d] = j->first_at[d];
  }
  for (uint32_t p = 0; p < shapes->part_count; p++) {
    j->part_at[next[lines->vertex[shapes->first_vertex[p]]]++] = p;
    j->part_at[next[lines->vertex[shapes->first_vertex[p + 1] - 1]]++] = p;
  }
  return KY_OK;
}

static near_line *near_of(joining *j, uint32_t part) {
  for (uint32_t i = 0; i < j->found_count; i++)
    if (j->found[i].part == part) return &j->found[i];
  if (j->found_count == j->found_capacity) {
    const uint32_t capacity = j->found_capacity == 0 ? 64 : j->found_capacity * 2;
    near_line *larger = ky_arena_alloc(&j->job->scratch, capacity, sizeof *larger);
    if (larger == NULL) return NULL;
    if (j->found_count != 0) memcpy(larger, j->found, j->found_count * sizeof *larger);
    j->found = larger;
    j->found_capacity = capacity;
  }
  j->found[j->found_count] = (near_line){.part = part, .end = KY_NONE, .inner = KY_NONE, .segment = KY_NONE};
  return &j->found[j->found_count++];
}

static void look_at_vertex(const joining *j, near_line *near, uint32_t v, bool is_end) {
  const ky_noding_lines *lines = j->lines;
  const uint32_t d = lines->vertex[v];
  const double dx = lines->x_mm[d] - lines->x_mm[j->end], dy = lines->y_mm[d] - lines->y_mm[j->end];
  const double d2 = dx * dx + dy * dy;
  uint32_t *best = is_end ? &near->end : &near->inner;
  double *best2 = is_end ? &near->end2 : &near->inner2;
  if (d == j->end) near->is_joined = true;
  if (d2 > j->tolerance2 || (*best != KY_NONE && (d2 > *best2 || (d2 == *best2 && d > *best)))) return;
  *best = d;
  *best2 = d2;
}

/* The foot of the perpendicular, where it lies between the segment's ends, on the millimetre grid. */
static void look_at_segment(const joining *j, near_line *near, uint32_t segment) {
  const ky_noding_lines *lines = j->lines;
  uint32_t low, high;
  ky_noding_lines_ends(lines, segment, &low, &high);
  const double bx = lines->x_mm[high] - lines->x_mm[low], by = lines->y_mm[high] - lines->y_mm[low];
  const double px = lines->x_mm[j->end] - lines->x_mm[low], py = lines->y_mm[j->end] - lines->y_mm[low];
  const double length2 = bx * bx + by * by, t = (px * bx + py * by) / length2;
  if (!(t > 0 && t < 1)) return;
  const double dx = px - t * bx, dy = py - t * by, d2 = dx * dx + dy * dy;
  const double x = lines->x_mm[low] + round(t * bx), y = lines->y_mm[low] + round(t * by);
  if (d2 > j->tolerance2) return;
  if (near->segment != KY_NONE) {
    if (d2 > near->place2) return;
    if (d2 == near->place2 && (x > near->x_mm || (x == near->x_mm && y >= near->y_mm))) return;
  }
  near->segment = segment;
  near->place2 = d2;
  near->x_mm = x;
  near->y_mm = y;
}

static bool visit_segment(void *user, uint32_t item) {
  joining *j = user;
  const ky_shapes *shapes = &j->lines->ways->shapes;
  const uint32_t v = j->lines->segment[item], part = j->lines->part[v];
  near_line *near = near_of(j, part);
  if (near == NULL) {
    j->err = ky_fail_memory(j->job);
    return false;
  }
  look_at_vertex(j, near, v, v == shapes->first_vertex[part]);
  look_at_vertex(j, near, v + 1, v + 2 == shapes->first_vertex[part + 1]);
  look_at_segment(j, near, v);
  return true;
}

/* Does a line that ends here lie on the level of the other one? */
static bool is_on_level(const joining *j, uint32_t other) {
  for (uint32_t i = j->first_at[j->end]; i < j->first_at[j->end + 1]; i++)
    if (ky_noding_lines_level(j->lines, j->part_at[i], other)) return true;
  return false;
}

static ky_err add_meeting(joining *j, const near_line *near) {
  if (j->meeting_count == j->meeting_capacity) {
    const uint32_t capacity = j->meeting_capacity == 0 ? 1024 : j->meeting_capacity * 2;
    meeting *larger;
    KY_NEW(j->job, scratch, larger, capacity);
    if (j->meeting_count != 0) memcpy(larger, j->meetings, j->meeting_count * sizeof *larger);
    j->meetings = larger;
    j->meeting_capacity = capacity;
  }
  j->meetings[j->meeting_count++] = (meeting){.end = j->end,
                                              .segment = near->segment,
                                              .part = near->part,
                                              .place2 = near->place2,
                                              .x_mm = near->x_mm,
                                              .y_mm = near->y_mm};
  return KY_OK;
}

static ky_err join_end(joining *j, uint32_t end, double reach_mm) {
  const double x = j->lines->x_mm[end], y = j->lines->y_mm[end];
  j->end = end;
  j->found_count = 0;
  ky_rtree_query(&j->lines->tree, (ky_box){x - reach_mm, y - reach_mm, x + reach_mm, y + reach_mm}, visit_segment, j);
  KY_TRY(j->err);
  for (uint32_t i = 0; i < j->found_count; i++) {
    const near_line *near = &j->found[i];
    if (near->is_joined) continue;
    if (near->end != KY_NONE)
      join(j, end, near->end);
    else if (!is_on_level(j, near->part))
      continue;
    else if (near->inner != KY_NONE)
      join(j, end, near->inner);
    else if (near->segment != KY_NONE)
      KY_TRY(add_meeting(j, near));
  }
  return KY_OK;
}

/* One place for every cluster; those of one vertex that meet no line stay where they are. */
static ky_err place_clusters(joining *j, ky_noding_joins *out, uint8_t *is_cluster) {
  ky_job *job = j->job;
  const ky_noding_lines *lines = j->lines;
  const uint32_t n = lines->distinct_count;
  uint8_t *is_settled;
  KY_NEW(job, scratch, is_settled, n);
  KY_NEW(job, scratch, out->x_mm, n);
  KY_NEW(job, scratch, out->y_mm, n);
  for (uint32_t d = 0; d < n; d++) { /* ascending by place: the first inner vertex of a cluster is its lowest */
    const uint32_t root = root_of(j->parent, d);
    if (root != d) is_cluster[root] = 1;
    if (root == d) { /* where no inner vertex and no line decides, the lowest vertex of the cluster does */
      out->x_mm[d] = lines->x_mm[d];
      out->y_mm[d] = lines->y_mm[d];
    }
    if (is_settled[root] != 0 || (lines->use[d] & KY_IS_LINE_INNER) == 0) continue;
    is_settled[root] = 1;
    out->x_mm[root] = lines->x_mm[d];
    out->y_mm[root] = lines->y_mm[d];
  }
  for (uint32_t m = 0; m < j->meeting_count; m++) {
    meeting *at = &j->meetings[m];
    const uint32_t root = at->cluster = root_of(j->parent, at->end);
    is_cluster[root] = 1;
    if (is_settled[root] == 1) continue;
    if (is_settled[root] == 2 &&
        (at->x_mm > out->x_mm[root] || (at->x_mm == out->x_mm[root] && at->y_mm >= out->y_mm[root])))
      continue;
    is_settled[root] = 2;
    out->x_mm[root] = at->x_mm;
    out->y_mm[root] = at->y_mm;
  }
  for (uint32_t d = 0; d < n; d++) {
    const uint32_t root = root_of(j->parent, d);
    out->x_mm[d] = out->x_mm[root]; /* roots are the lowest of their cluster, so theirs is final */
    out->y_mm[d] = out->y_mm[root];
  }
  return KY_OK;
}

static int by_line_and_cluster(const void *left, const void *right) {
  const meeting *a = left, *b = right;
  if (a->part != b->part) return a->part < b->part ? -1 : 1;
  if (a->cluster != b->cluster) return a->cluster < b->cluster ? -1 : 1;
  if (a->place2 != b->place2) return a->place2 < b->place2 ? -1 : 1;
  if (a->x_mm != b->x_mm) return a->x_mm < b->x_mm ? -1 : 1;
  return (a->y_mm > b->y_mm) - (a->y_mm < b->y_mm);
}

static bool has_key(const uint64_t *keys, uint32_t count, uint64_t key) {
  uint32_t from = 0, to = count;
  while (from < to) {
    const uint32_t middle = from + (to - from) / 2;
    if (keys[middle] < key)
      from = middle + 1;
    else
      to = middle;
  }
  return from < count && keys[from] == key;
}

static void note_move(double dx_mm, double dy_mm, double x_mm, double y_mm, ky_noding *did) {
  const double m = hypot(dx_mm, dy_mm) / 1000.0;
  if (m <= did->longest_move_m) return;
  did->longest_move_m = m;
  did->far_x_m = x_mm / 1000.0;
  did->far_y_m = y_mm / 1000.0;
}

/* Lines get the place of a cluster once, and only when none of their vertices has gone there. */
static ky_err cut_lines(joining *j, const uint8_t *is_cluster, ky_noding_joins *out, ky_noding *did) {
  ky_job *job = j->job;
  const ky_noding_lines *lines = j->lines;
  uint64_t *keys;
  uint32_t *order, count = 0;
  KY_NEW(job, scratch, keys, lines->ways->shapes.vertex_count);
  KY_NEW(job, scratch, order, lines->ways->shapes.vertex_count);
  KY_NEW(job, scratch, out->insertions, j->meeting_count);
  for (uint32_t v = 0; v < lines->ways->shapes.vertex_count; v++) {
    const uint32_t root = root_of(j->parent, lines->vertex[v]);
    if (is_cluster[root]) keys[count++] = (uint64_t)lines->part[v] << 32 | root;
  }
  KY_TRY(ky_sort_pairs(job, keys, order, count));
  if (j->meeting_count != 0) qsort(j->meetings, j->meeting_count, sizeof *j->meetings, by_line_and_cluster);
  for (uint32_t m = 0; m < j->meeting_count; m++) {
    const meeting *at = &j->meetings[m];
    uint32_t low, high;
    if (m > 0 && at[-1].part == at->part && at[-1].cluster == at->cluster) continue;
    if (has_key(keys, count, (uint64_t)at->part << 32 | at->cluster)) continue;
    ky_noding_lines_ends(lines, at->segment, &low, &high);
    const double x = out->x_mm[at->cluster], y = out->y_mm[at->cluster];
    out->insertions[out->insertion_count++] =
        (ky_insertion){.segment = at->segment,
                       .along = hypot(at->x_mm - lines->x_mm[low], at->y_mm - lines->y_mm[low]),
                       .x_mm = x,
                       .y_mm = y};
    note_move(x - at->x_mm, y - at->y_mm, at->x_mm, at->y_mm, did);
  }
  did->lines_cut = out->insertion_count;
  return KY_OK;
}

ky_err ky_noding_join_ends(ky_job *job, const ky_noding_lines *lines, double tolerance_m, ky_noding_joins *out,
                           ky_noding *did) {
  const double reach_mm = tolerance_m * 1000.0;
  joining j = {.job = job, .lines = lines, .tolerance2 = reach_mm * reach_mm};
  uint8_t *is_cluster;
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, j.parent, lines->distinct_count);
  KY_NEW(job, scratch, is_cluster, lines->distinct_count);
  for (uint32_t d = 0; d < lines->distinct_count; d++) j.parent[d] = d;
  KY_TRY(list_ends(&j));
  for (uint32_t d = 0; d < lines->distinct_count; d++)
    if ((lines->use[d] & KY_IS_LINE_END) != 0) KY_TRY(join_end(&j, d, reach_mm));
  KY_TRY(place_clusters(&j, out, is_cluster));
  for (uint32_t d = 0; d < lines->distinct_count; d++) {
    if (!is_cluster[root_of(j.parent, d)]) continue;
    did->ends_joined += (lines->use[d] & KY_IS_LINE_END) != 0;
    note_move(out->x_mm[d] - lines->x_mm[d], out->y_mm[d] - lines->y_mm[d], lines->x_mm[d], lines->y_mm[d], did);
  }
  return cut_lines(&j, is_cluster, out, did);
}
