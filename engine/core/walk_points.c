/* Walks of points to venues that are not all for everybody: a field for every class of points that some venues are
 * only for. */
#include <kayoi/walk.h>
#include <string.h>

/* Points of one class after the other, as places on the network. */
static ky_err gather(ky_job *job, const ky_by_class *by_class, const ky_anchors *points, ky_anchors *out) {
  *out = (ky_anchors){.count = by_class->first[by_class->count]};
  KY_NEW(job, scratch, out->edge, out->count);
  KY_NEW(job, scratch, out->along_mm, out->count);
  KY_NEW(job, scratch, out->access_mm, out->count);
  for (uint32_t k = 0; k < out->count; k++) {
    out->edge[k] = points->edge[by_class->order[k]];
    out->along_mm[k] = points->along_mm[by_class->order[k]];
    out->access_mm[k] = points->access_mm[by_class->order[k]];
  }
  return KY_OK;
}

typedef struct walking {
  const ky_network *network;
  const ky_contraction *contraction;
  const ky_anchors *sources;
  const int8_t *use;
  const ky_catchments *catchments;
  const ky_field *open;
  ky_by_class by_class;
  ky_anchors places; /* in the order of by_class */
  ky_walks *out;
} walking;

/* keep and scratch are given back by the caller. */
static ky_err walk_class(ky_job *job, const walking *w, uint32_t class) {
  const uint32_t first = w->by_class.first[class], count = w->by_class.first[class + 1] - first;
  const ky_anchors places = {.count = count,
                             .edge = w->places.edge + first,
                             .along_mm = w->places.along_mm + first,
                             .access_mm = w->places.access_mm + first};
  bool is_open;
  int8_t *use;
  ky_field field;
  ky_walks walks;
  KY_NEW(job, scratch, use, w->sources->count);
  ky_catchment_use(w->catchments, class, w->use, w->sources->count, use, &is_open);
  if (!is_open) KY_TRY(ky_walk_field(job, w->network, w->contraction, w->sources, use, &field));
  KY_TRY(ky_walk_places(job, w->network, is_open ? w->open : &field, w->sources, use, &places, &walks));
  for (uint32_t k = 0; k < count; k++) {
    w->out->walk_mm[w->by_class.order[first + k]] = walks.walk_mm[k];
    w->out->source[w->by_class.order[first + k]] = walks.source[k];
  }
  return KY_OK;
}

ky_err ky_walk_points(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                      const ky_anchors *sources, const int8_t *use, const ky_catchments *catchments,
                      const uint32_t *row, const ky_anchors *points, ky_field *open, ky_walks *out) {
  walking w = {network, contraction, sources, use, catchments, open, .out = out};
  bool is_open;
  int8_t *open_use;
  if (catchments->set == NULL) {
    KY_TRY(ky_walk_field(job, network, contraction, sources, use, open));
    return ky_walk_places(job, network, open, sources, use, points, out);
  }
  KY_NEW(job, scratch, open_use, sources->count);
  ky_catchment_use(catchments, 0, use, sources->count, open_use, &is_open);
  KY_TRY(ky_walk_field(job, network, contraction, sources, open_use, open));
  *out = (ky_walks){.count = points->count};
  KY_NEW(job, keep, out->walk_mm, points->count);
  KY_NEW(job, keep, out->source, points->count);
  KY_TRY(ky_by_class_new(job, catchments, row, points->count, &w.by_class));
  KY_TRY(gather(job, &w.by_class, points, &w.places));
  for (uint32_t c = 0; c < w.by_class.count; c++) {
    const ky_arena_mark keep = ky_arena_now(&job->keep), scratch = ky_arena_now(&job->scratch);
    if (w.by_class.first[c] != w.by_class.first[c + 1]) KY_TRY(walk_class(job, &w, c));
    ky_arena_rewind(&job->keep, keep);
    ky_arena_rewind(&job->scratch, scratch);
  }
  return KY_OK;
}
