/* Mean slopes of meshes (KSJ G04) for the terrain of gap areas: see slope.h. */
#include <kayoi/slope.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIANS (3.14159265358979323846 / 180)

/* "12.3" degrees as rise over run, KY_WHOLE parts; KY_NONE: not an angle. */
static uint32_t slope_of(const char *text) {
  char *end;
  const double degrees = strtod(text, &end);
  if (end == text || *end != '\0' || !(degrees >= 0 && degrees < 90)) return KY_NONE;
  return (uint32_t)fmin(round(tan(degrees * RADIANS) * KY_WHOLE), 1e9);
}

/* Meshes whose slope the source does not know (it writes `unknown`), and those whose slope makes no sense. */
typedef struct tally {
  uint32_t known, unknown, wrong;
  const char *first_wrong;
} tally;

static void report(ky_job *job, const ky_raw *raw, const tally *t) {
  const char *where = ky_source_where(job, raw->source);
  if (t->wrong != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = where,
                             .record = t->first_wrong,
                             .field = "slope_deg",
                             .reason = "not_a_slope",
                             .action = ky_tr("these meshes are not used; is the right column mapped?")},
                 ky_tr("%u meshes have a slope that is not an angle of 0 to 90 degrees; this is the first"), t->wrong);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = where,
                           .reason = "slope_grid_for_terrain",
                           .action = ky_tr("it tells town, hills and mountain of gap areas where no street has a "
                                           "height; walks never use it: a mesh is too coarse for a street")},
               ky_tr("mean slopes of %u meshes, %u more are unknown"), t->known, t->unknown);
}

ky_err ky_slope_grid_build(ky_job *job, const ky_raw *sources, uint32_t source_count, ky_slope_grid *out) {
  uint64_t count = 0;
  double *box;
  memset(out, 0, sizeof *out);
  for (uint32_t s = 0; s < source_count; s++) count += sources[s].count;
  if (count == 0) return KY_OK;
  if (count >= KY_NONE) return ky_fail(job, KY_E_RESOURCE, ky_tr("elevation: too many meshes"));
  KY_NEW(job, keep, out->mesh, count);
  KY_NEW(job, scratch, box, count * 4);
  for (uint32_t s = 0; s < source_count; s++) {
    const ky_raw *raw = &sources[s];
    tally t = {0};
    for (uint32_t i = 0; i < raw->count; i++) {
      const char *text = ky_raw_value(raw, "slope_deg", i);
      const bool is_unknown = text == NULL || strcmp(text, "unknown") == 0;
      const uint32_t slope = is_unknown ? KY_NONE : slope_of(text);
      t.unknown += is_unknown;
      if (!is_unknown && slope == KY_NONE && t.wrong++ == 0) t.first_wrong = raw->record[i];
      if (slope == KY_NONE) continue;
      t.known++;
      const ky_box b = ky_shape_box(&raw->shapes, i);
      memcpy(box + (size_t)out->count * 4, (double[4]){b.x_min, b.y_min, b.x_max, b.y_max}, 4 * sizeof *box);
      out->mesh[out->count++] =
          (ky_slope_mesh){.raw = raw, .record = i, .slope = slope, .size = (b.x_max - b.x_min) * (b.y_max - b.y_min)};
    }
    if (raw->count != 0) report(job, raw, &t);
  }
  return ky_rtree_build(job, &job->keep, box, out->count, &out->tree);
}

typedef struct lookup {
  const ky_slope_grid *grid;
  double x, y, size;
  uint32_t slope;
} lookup;

/* The smallest mesh; of equal ones (on a shared edge, or given twice) the flatter. */
static bool look(void *user, uint32_t item) {
  lookup *l = user;
  const ky_slope_mesh *mesh = &l->grid->mesh[item];
  if (ky_shape_locate(&mesh->raw->shapes, mesh->record, l->x, l->y) < 0) return true;
  const bool is_first = l->slope == KY_NONE, is_smaller = mesh->size < l->size * 0.9;
  const bool is_equal = mesh->size <= l->size * 1.1;
  if (is_first || is_smaller || (is_equal && mesh->slope < l->slope)) {
    l->slope = mesh->slope;
    l->size = mesh->size;
  }
  return true;
}

uint32_t ky_slope_grid_at(const ky_slope_grid *grid, double x, double y) {
  lookup l = {.grid = grid, .x = x, .y = y, .slope = KY_NONE};
  if (grid->count != 0) ky_rtree_query(&grid->tree, (ky_box){x, y, x, y}, look, &l);
  return l.slope;
}
