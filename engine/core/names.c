/* Which name holds at a place. */
#include <kayoi/names.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WATER "8154" /* HCODE of the census's small areas */

static int compare_doubles(double a, double b) {
  return (a > b) - (a < b);
}

/* By name, then by place, so that nothing depends on the order of the files. */
static int compare_named(const void *p, const void *q) {
  const ky_named *a = p, *b = q;
  int order = strcmp(a->name, b->name);
  if (order != 0) return order;
  const ky_box one = ky_shape_box(a->shapes, a->record), two = ky_shape_box(b->shapes, b->record);
  order = compare_doubles(one.x_min, two.x_min);
  if (order == 0) order = compare_doubles(one.y_min, two.y_min);
  if (order == 0) order = compare_doubles(one.x_max, two.x_max);
  return order != 0 ? order : compare_doubles(one.y_max, two.y_max);
}

static uint32_t records_of(const ky_raw *raws, uint32_t count) {
  uint32_t records = 0;
  for (uint32_t r = 0; r < count; r++) records += raws[r].count;
  return records;
}

/* Named records of one kind of geometry, sorted. */
static ky_err gather(ky_job *job, const ky_raw *raws, uint32_t count, const char *attribute, ky_shape_kind kind,
                     ky_named **out, uint32_t *out_count) {
  ky_named *named;
  uint32_t n = 0;
  KY_NEW(job, keep, named, records_of(raws, count));
  for (uint32_t r = 0; r < count; r++) {
    if (raws[r].shapes.kind != kind || ky_raw_column_of(&raws[r], attribute) == NULL) continue;
    for (uint32_t i = 0; i < raws[r].count; i++) {
      const char *name = ky_raw_value(&raws[r], attribute, i), *hcode = ky_raw_value(&raws[r], "hcode", i);
      if (name == NULL || (hcode != NULL && strcmp(hcode, WATER) == 0)) continue;
      if (raws[r].shapes.first_part[i] == raws[r].shapes.first_part[i + 1]) continue;
      named[n++] = (ky_named){name, &raws[r].shapes, i};
    }
  }
  if (n > 1) qsort(named, n, sizeof *named, compare_named);
  *out = named;
  *out_count = n;
  return KY_OK;
}

static ky_err index_named(ky_job *job, const ky_named *named, uint32_t count, ky_rtree *tree) {
  double *boxes;
  KY_NEW(job, scratch, boxes, 4 * (size_t)count);
  for (uint32_t i = 0; i < count; i++) {
    const ky_box box = ky_shape_box(named[i].shapes, named[i].record);
    memcpy(boxes + 4 * (size_t)i, (const double[4]){box.x_min, box.y_min, box.x_max, box.y_max}, 4 * sizeof *boxes);
  }
  return ky_rtree_build(job, &job->keep, boxes, count, tree);
}

/* Both sorted lists into one of different names. */
static ky_err number_names(ky_job *job, uint32_t area_count, uint32_t spot_count, ky_names *out) {
  KY_NEW(job, keep, out->name, (size_t)area_count + spot_count);
  KY_NEW(job, keep, out->area_name, area_count);
  KY_NEW(job, keep, out->spot_name, spot_count);
  for (uint32_t a = 0, s = 0; a < area_count || s < spot_count;) {
    const bool is_area = s == spot_count || (a < area_count && strcmp(out->area[a].name, out->spot[s].name) <= 0);
    const char *name = is_area ? out->area[a].name : out->spot[s].name;
    if (out->count == 0 || strcmp(out->name[out->count - 1], name) != 0) out->name[out->count++] = name;
    *(is_area ? &out->area_name[a++] : &out->spot_name[s++]) = out->count - 1;
  }
  return KY_OK;
}

/* Records without a name are counted, not named after their neighbours. */
static void report_nameless(ky_job *job, const ky_raw *raw) {
  uint32_t nameless = 0;
  for (uint32_t i = 0; i < raw->count; i++) nameless += ky_raw_value(raw, "name", i) == NULL;
  if (nameless == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .field = "name",
                           .reason = "place_without_name",
                           .action = ky_tr("gaps and cells there have no name")},
               ky_tr("%u of %u records have no name"), nameless, raw->count);
}

ky_err ky_names_build(ky_job *job, const ky_inputs *inputs, const ky_names_opts *opts, ky_names *out) {
  const bool is_given = inputs->name_source_count != 0;
  const ky_raw *raws = is_given ? inputs->names : inputs->residents;
  const uint32_t raw_count = is_given ? inputs->name_source_count : opts->with_residents ? inputs->resident_count : 0;
  const char *attribute = is_given ? "name" : "area_name";
  ky_named *areas, *spots;
  uint32_t area_count = 0, spot_count = 0;
  memset(out, 0, sizeof *out);
  out->max_m = opts->max_m;
  KY_TRY(gather(job, raws, raw_count, attribute, KY_SHAPE_POLYGON, &areas, &area_count));
  KY_TRY(gather(job, raws, is_given ? raw_count : 0, attribute, KY_SHAPE_POINT, &spots, &spot_count));
  out->area = areas;
  out->spot = spots;
  KY_TRY(number_names(job, area_count, spot_count, out));
  KY_TRY(index_named(job, areas, area_count, &out->areas));
  KY_TRY(index_named(job, spots, spot_count, &out->spots));
  for (uint32_t r = 0; is_given && r < raw_count; r++) report_nameless(job, &raws[r]);
  if (!is_given && out->count != 0)
    ky_job_notice(job,
                  ky_tr("gaps are named after the small areas of residents (%u names); names.sources would say others, "
                        "names.residents: false none"),
                  out->count);
  return KY_OK;
}

typedef struct search {
  const ky_names *names;
  double x, y;
  uint32_t name;
} search;

static bool visit_area(void *user, uint32_t item) {
  search *s = user;
  const uint32_t name = s->names->area_name[item];
  if (name >= s->name) return true;
  if (ky_shape_locate(s->names->area[item].shapes, s->names->area[item].record, s->x, s->y) >= 0) s->name = name;
  return true;
}

static double visit_spot(void *user, uint32_t item, double limit2) {
  search *s = user;
  const ky_named *spot = &s->names->spot[item];
  const uint32_t vertex = spot->shapes->first_vertex[spot->shapes->first_part[spot->record]];
  const double dx = spot->shapes->x[vertex] - s->x, dy = spot->shapes->y[vertex] - s->y, d2 = dx * dx + dy * dy;
  const uint32_t name = s->names->spot_name[item];
  if (d2 > limit2 || (d2 == limit2 && s->name != KY_NONE && name >= s->name)) return limit2;
  s->name = name;
  return d2;
}

static uint32_t name_at(const ky_names *names, double x, double y) {
  search s = {.names = names, .x = x, .y = y, .name = KY_NONE};
  ky_rtree_query(&names->areas, (ky_box){x, y, x, y}, visit_area, &s);
  if (s.name == KY_NONE) ky_rtree_nearest(&names->spots, x, y, names->max_m * names->max_m, visit_spot, &s);
  return s.name;
}

void ky_names_find(ky_job *job, const ky_names *names, const double *x_m, const double *y_m, uint32_t count,
                   const bool *is_wanted, uint32_t *name) {
  (void)job; /* its threads, where there are threads */
#pragma omp parallel for num_threads(job->threads) schedule(dynamic, 256)
  for (uint32_t i = 0; i < count; i++)
    name[i] = is_wanted == NULL || is_wanted[i] ? name_at(names, x_m[i], y_m[i]) : KY_NONE;
}
