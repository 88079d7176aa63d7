/* Buildings of all sources as places with a floor area: see buildings.h. */
#include <kayoi/buildings.h>
#include <kayoi/rtree.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sort.h"
#include "core/thread.h"

/* A building while they are gathered. */
typedef struct draft {
  int64_t x_mm, y_mm;
  uint32_t area;          /* footprint, hundredths of a square metre */
  uint32_t storeys_milli; /* KY_NONE unknown */
  uint32_t source, record;
  uint8_t use;
} draft;

#define AREA_MAX 4e9 /* 40 km2 in those hundredths: no building is larger */

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Middle of the widest part of the footprint on the line through y, the western one of equals. False: there is none. */
static bool widest_middle(const ky_shapes *s, uint32_t record, double y, double *crossing, double *x) {
  uint32_t count = 0;
  double widest = 0;
  for (uint32_t p = s->first_part[record]; p < s->first_part[record + 1]; p++)
    for (uint32_t v = s->first_vertex[p]; v + 1 < s->first_vertex[p + 1]; v++) {
      const double ay = s->y[v], by = s->y[v + 1];
      if ((ay > y) != (by > y)) crossing[count++] = s->x[v] + (y - ay) / (by - ay) * (s->x[v + 1] - s->x[v]);
    }
  if (count > 1) qsort(crossing, count, sizeof *crossing, by_value);
  for (uint32_t i = 0; i + 1 < count; i += 2)
    if (crossing[i + 1] - crossing[i] > widest) {
      widest = crossing[i + 1] - crossing[i];
      *x = (crossing[i] + crossing[i + 1]) / 2;
    }
  return widest > 0;
}

/* The centre where it lies inside, else a place beside it that does. */
static void find_place(const ky_shapes *shapes, uint32_t record, double *crossing, draft *out) {
  double x, y, inside = 0;
  ky_shape_centroid(shapes, record, &x, &y);
  if (out->area != 0 && ky_shape_locate(shapes, record, x, y) < 0 &&
      widest_middle(shapes, record, y, crossing, &inside))
    x = inside;
  out->x_mm = llround(x * 1000);
  out->y_mm = llround(y * 1000);
}

static bool is_point(const ky_shapes *shapes, uint32_t record) {
  const uint32_t part = shapes->first_part[record];
  return part < shapes->first_part[record + 1] && shapes->first_vertex[part + 1] - shapes->first_vertex[part] == 1;
}

static uint32_t footprint(const ky_raw *raw, uint32_t record, const ky_place_opts *opts) {
  const uint32_t stated = raw->buildings.area_dm2[record];
  if (raw->shapes.first_part[record] == raw->shapes.first_part[record + 1]) return 0; /* repaired to nothing */
  if (!is_point(&raw->shapes, record))
    return (uint32_t)fmin(AREA_MAX, round(fmax(0, ky_shape_area_m2(&raw->shapes, record)) * 100));
  return stated != KY_NONE ? stated : (uint32_t)round(opts->point_m2 * 100);
}

static uint64_t floor_of(const draft *d) {
  return (uint64_t)d->area * 10 * (d->storeys_milli == KY_NONE ? 1000 : d->storeys_milli);
}

/* For each thread room for the x of all crossings of a building with a line. */
static ky_err new_crossings(ky_job *job, const ky_inputs *inputs, double ***out) {
  uint32_t most = 0;
  for (uint32_t r = 0; r < inputs->building_source_count; r++) {
    const ky_shapes *s = &inputs->buildings[r].shapes;
    for (uint32_t i = 0; i < s->count; i++) {
      const uint32_t vertices = s->first_vertex[s->first_part[i + 1]] - s->first_vertex[s->first_part[i]];
      if (vertices > most) most = vertices;
    }
  }
  KY_NEW(job, scratch, *out, job->threads);
  for (int t = 0; t < job->threads; t++) KY_NEW(job, scratch, (*out)[t], most);
  return KY_OK;
}

static ky_err make_drafts(ky_job *job, const ky_inputs *inputs, const ky_place_opts *opts, draft *drafts) {
  double **crossings;
  KY_TRY(new_crossings(job, inputs, &crossings));
  for (uint32_t r = 0, at = 0; r < inputs->building_source_count; at += inputs->buildings[r++].count) {
    const ky_raw *raw = &inputs->buildings[r];
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads)
    for (uint32_t i = 0; i < raw->count; i++) {
      draft *d = &drafts[at + i];
      *d = (draft){.source = r,
                   .record = i,
                   .use = raw->buildings.use[i],
                   .storeys_milli = raw->buildings.storeys_milli[i],
                   .area = footprint(raw, i, opts)};
      if (raw->shapes.first_part[i] != raw->shapes.first_part[i + 1])
        find_place(&raw->shapes, i, crossings[ky_thread()], d);
    }
  }
  return KY_OK;
}

/* An issue about several buildings: the first of them says where. */
static ky_issue issue_of(ky_job *job, const ky_inputs *inputs, const draft *first, const char *reason,
                         const char *action) {
  const ky_raw *raw = &inputs->buildings[first->source];
  return (ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, raw->source),
                    .record = raw->record[first->record],
                    .field = "geometry",
                    .reason = reason,
                    .action = action,
                    .has_place = true,
                    .x_m = (double)first->x_mm / 1000,
                    .y_m = (double)first->y_mm / 1000};
}

/* Only homes and unspecified buildings with a floor stay. */
static void keep_homes(ky_job *job, const ky_inputs *inputs, draft *drafts, uint32_t *count, ky_buildings *out) {
  uint32_t kept = 0;
  draft first = {0};
  for (uint32_t i = 0; i < *count; i++) {
    if (drafts[i].use == KY_BUILDING_OTHER) {
      out->other_count++;
    } else if (floor_of(&drafts[i]) == 0) {
      if (out->no_area_count++ == 0) first = drafts[i];
    } else {
      drafts[kept++] = drafts[i];
    }
  }
  *count = kept;
  if (out->no_area_count == 0) return;
  const ky_issue issue =
      issue_of(job, inputs, &first, "building_without_area", ky_tr("they were left out; correct them in the file"));
  ky_issue_add(job, &issue, ky_tr("%u buildings have a footprint of no area; this is the first"), out->no_area_count);
}

/* By place, then footprint; of equals homes come first, then those whose storeys are known, then more storeys. */
static int by_place(const void *a, const void *b) {
  const draft *p = a, *q = b;
  if (p->x_mm != q->x_mm) return p->x_mm < q->x_mm ? -1 : 1;
  if (p->y_mm != q->y_mm) return p->y_mm < q->y_mm ? -1 : 1;
  if (p->area != q->area) return p->area < q->area ? -1 : 1;
  if (p->use != q->use) return p->use < q->use ? -1 : 1;
  const uint32_t s = p->storeys_milli == KY_NONE ? 0 : p->storeys_milli,
                 t = q->storeys_milli == KY_NONE ? 0 : q->storeys_milli;
  return (s < t) - (s > t);
}

/* x decides nearly always: radix by it, then runs of equal x. */
static ky_err sort_drafts(ky_job *job, draft **drafts, uint32_t count) {
  uint64_t *key;
  uint32_t *order;
  draft *sorted;
  KY_NEW(job, scratch, key, count);
  KY_NEW(job, scratch, order, count);
  KY_NEW(job, scratch, sorted, count);
  for (uint32_t i = 0; i < count; i++) {
    key[i] = (uint64_t)(*drafts)[i].x_mm ^ (UINT64_C(1) << 63);
    order[i] = i;
  }
  KY_TRY(ky_sort_pairs(job, key, order, count));
  for (uint32_t i = 0; i < count; i++) sorted[i] = (*drafts)[order[i]];
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from + 1; to < count && sorted[to].x_mm == sorted[from].x_mm;) to++;
    if (to - from > 1) qsort(sorted + from, to - from, sizeof *sorted, by_place);
  }
  *drafts = sorted;
  return KY_OK;
}

static void drop_duplicates(ky_job *job, const ky_inputs *inputs, draft *drafts, uint32_t *count, ky_buildings *out) {
  uint32_t kept = 0;
  draft first = {0};
  for (uint32_t i = 0; i < *count; i++) {
    const draft *last = kept > 0 ? &drafts[kept - 1] : NULL, *d = &drafts[i];
    if (last != NULL && last->x_mm == d->x_mm && last->y_mm == d->y_mm && last->area == d->area) {
      if (out->duplicate_count++ == 0) first = *d;
      continue;
    }
    drafts[kept++] = *d;
  }
  *count = kept;
  if (out->duplicate_count == 0) return;
  const ky_issue issue = issue_of(job, inputs, &first, "duplicate_building", ky_tr("each counts once"));
  ky_issue_add(job, &issue, ky_tr("%u buildings are there twice, with one place and footprint; this is the first"),
               out->duplicate_count);
}

typedef struct overlap_search {
  const ky_inputs *inputs;
  const draft *drafts;
  uint32_t self;
  bool is_found;
} overlap_search;

static bool try_footprint(void *user, uint32_t item) {
  overlap_search *s = user;
  const draft *d = &s->drafts[s->self], *other = &s->drafts[item];
  if (item == s->self) return true;
  s->is_found = ky_shape_locate(&s->inputs->buildings[other->source].shapes, other->record, (double)d->x_mm / 1000,
                                (double)d->y_mm / 1000) > 0;
  return !s->is_found;
}

/* Buildings whose place lies in the footprint of another. */
static ky_err count_overlaps(ky_job *job, const ky_inputs *inputs, const draft *drafts, uint32_t count,
                             ky_buildings *out) {
  ky_rtree tree;
  double *boxes;
  uint32_t overlaps = 0, first = KY_NONE;
  KY_NEW(job, scratch, boxes, 4 * (size_t)count);
  for (uint32_t i = 0; i < count; i++) {
    const ky_box box = ky_shape_box(&inputs->buildings[drafts[i].source].shapes, drafts[i].record);
    memcpy(boxes + 4 * (size_t)i, (const double[4]){box.x_min, box.y_min, box.x_max, box.y_max}, 4 * sizeof *boxes);
  }
  KY_TRY(ky_rtree_build(job, &job->scratch, boxes, count, &tree));
#pragma omp parallel for schedule(dynamic, 1024) num_threads(job->threads) reduction(+ : overlaps) reduction(min : first)
  for (uint32_t i = 0; i < count; i++) {
    const double x = (double)drafts[i].x_mm / 1000, y = (double)drafts[i].y_mm / 1000;
    overlap_search search = {inputs, drafts, i, false};
    ky_rtree_query(&tree, (ky_box){x, y, x, y}, try_footprint, &search);
    overlaps += search.is_found;
    if (search.is_found && i < first) first = i;
  }
  out->overlap_count = overlaps;
  if (overlaps == 0) return KY_OK;
  const ky_issue issue =
      issue_of(job, inputs, &drafts[first], "buildings_overlap",
               ky_tr("all of them count; if two sources hold the same buildings, remove one of the sources"));
  ky_issue_add(job, &issue, ky_tr("%u buildings stand in the footprint of another; this is the first"), overlaps);
  return KY_OK;
}

static ky_err keep(ky_job *job, const draft *drafts, uint32_t count, ky_buildings *out) {
  out->count = count;
  KY_NEW(job, keep, out->x_m, count);
  KY_NEW(job, keep, out->y_m, count);
  KY_NEW(job, keep, out->floor, count);
  KY_NEW(job, keep, out->use, count);
  for (uint32_t i = 0; i < count; i++) {
    out->x_m[i] = (double)drafts[i].x_mm / 1000;
    out->y_m[i] = (double)drafts[i].y_mm / 1000;
    out->floor[i] = floor_of(&drafts[i]);
    out->use[i] = drafts[i].use;
    out->no_storeys_count += drafts[i].storeys_milli == KY_NONE;
  }
  return KY_OK;
}

ky_err ky_buildings_build(ky_job *job, const ky_inputs *inputs, const ky_place_opts *opts, ky_buildings *out) {
  uint64_t all = 0;
  draft *drafts;
  const ky_arena_mark mark = ky_arena_now(&job->scratch);
  memset(out, 0, sizeof *out);
  for (uint32_t r = 0; r < inputs->building_source_count; r++) all += inputs->buildings[r].count;
  if (all >= KY_NONE) return ky_fail(job, KY_E_RESOURCE, "%s", ky_tr("buildings: more than 4,000,000,000 records"));
  uint32_t count = out->read_count = (uint32_t)all;
  KY_NEW(job, scratch, drafts, count);
  KY_TRY(make_drafts(job, inputs, opts, drafts));
  keep_homes(job, inputs, drafts, &count, out);
  KY_TRY(sort_drafts(job, &drafts, count));
  drop_duplicates(job, inputs, drafts, &count, out);
  KY_TRY(count_overlaps(job, inputs, drafts, count, out));
  KY_TRY(keep(job, drafts, count, out));
  ky_arena_rewind(&job->scratch, mark);
  return KY_OK;
}
