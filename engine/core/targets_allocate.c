/* Participants of each venue, and the men and women among them, where the people 65+ within its range live. */
#include "core/ratio.h"
#include "core/targets_steps.h"

/* Room for one venue: rows in its range, their people, and the parts of its participants. */
typedef struct parts {
  uint32_t count, *order;
  uint64_t *weight;
  uint32_t *row;
  int64_t *all, *m, *f;
} parts;

static ky_err new_parts(ky_job *job, uint32_t rows, parts *out) {
  KY_NEW(job, scratch, out->order, rows);
  KY_NEW(job, scratch, out->weight, rows);
  KY_NEW(job, scratch, out->row, rows);
  KY_NEW(job, scratch, out->all, rows);
  KY_NEW(job, scratch, out->m, rows);
  KY_NEW(job, scratch, out->f, rows);
  return KY_OK;
}

/* All participants by people in range; men by these parts, women by what is left of them: in no row more than its part,
 * and nobody is lost. All in the venue's own row when nobody is in range. */
static void share(const ky_targets_step *step, uint32_t venue, const ky_report *report, parts *p) {
  const ky_venue_rows *in_range = &step->coverage->venue_rows;
  const uint32_t first = in_range->first[venue];
  p->count = in_range->first[venue + 1] - first;
  for (uint32_t k = 0; k < p->count; k++) {
    p->row[k] = in_range->row[first + k];
    p->weight[k] = (uint64_t)in_range->people[first + k];
  }
  if (p->count == 0) {
    p->row[0] = step->venues->row[venue];
    p->weight[0] = p->count = 1;
  }
  ky_share_largest_remainder(report->all, p->weight, p->count, p->all, p->order);
  if (report->m == KY_NULL) return;
  for (uint32_t k = 0; k < p->count; k++) p->weight[k] = (uint64_t)p->all[k];
  ky_share_largest_remainder(report->m, p->weight, p->count, p->m, p->order);
  for (uint32_t k = 0; k < p->count; k++) p->weight[k] = (uint64_t)(p->all[k] - p->m[k]);
  ky_share_largest_remainder(report->f, p->weight, p->count, p->f, p->order);
}

static void add(int64_t value, int64_t *to) {
  *to = ky_add(*to == KY_NULL ? 0 : *to, value);
}

/* No venue at all: nobody takes part. Venues that do not report: nobody knows. */
static void start(const ky_targets_step *step, ky_targets *out) {
  const uint32_t all = KY_ROW_MUNICIPALITY(step->zones);
  bool has_venue = false, has_report = false, has_sexes = false;
  for (uint32_t v = 0; v < step->venues->count; v++) {
    if (!ky_is_rate_venue(step->venues, v)) continue;
    const ky_report report = ky_venue_report(step->venues, v);
    has_venue = true;
    has_report = has_report || report.all != KY_NULL;
    has_sexes = has_sexes || (report.all != KY_NULL && report.m != KY_NULL);
  }
  for (uint32_t row = 0; row <= all; row++) {
    if (has_report || !has_venue) out->participants_allocated[row] = 0;
    if (has_sexes || !has_venue) out->participants_allocated_m[row] = out->participants_allocated_f[row] = 0;
  }
}

ky_err ky_targets_allocate(const ky_targets_step *step, ky_targets *out) {
  const ky_zones *zones = step->zones;
  const uint32_t all = KY_ROW_MUNICIPALITY(zones);
  int64_t *const columns[] = {out->participants_allocated, out->participants_allocated_m,
                              out->participants_allocated_f};
  parts p = {0};
  KY_TRY(new_parts(step->job, KY_ROW_COUNT(zones), &p));
  start(step, out);
  for (uint32_t v = 0; v < step->venues->count; v++) {
    if (!ky_is_rate_venue(step->venues, v)) continue;
    const ky_report report = ky_venue_report(step->venues, v);
    if (report.all == KY_NULL) continue;
    share(step, v, &report, &p);
    for (uint32_t k = 0; k < p.count; k++) {
      add(p.all[k], &columns[0][p.row[k]]);
      if (report.m == KY_NULL) continue;
      add(p.m[k], &columns[1][p.row[k]]);
      add(p.f[k], &columns[2][p.row[k]]);
    }
  }
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    for (uint32_t z = 0; z < zones->count && columns[c][z] != KY_NULL; z++) add(columns[c][z], &columns[c][all]);
  return KY_OK;
}
