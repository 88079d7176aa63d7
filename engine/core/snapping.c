/* Counts of ways to streets: see snapping.h. */
#include <kayoi/snapping.h>
#include <math.h>
#include <string.h>

const char *ky_snap_name(ky_snap snap) {
  static const char *const names[KY_SNAP_COUNT] = {"on_street", "within_half_cap",   "within_cap",        "beyond_cap",
                                                   "barrier",   "turned_by_barrier", "on_small_component"};
  return names[snap];
}

static ky_snap state_of(const ky_anchors *anchors, uint32_t i, double half_mm) {
  if (anchors->edge[i] == KY_NONE)
    return anchors->barred != NULL && anchors->barred[i] == KY_BARRED_ALL ? KY_SNAP_BARRIER : KY_SNAP_BEYOND_CAP;
  if (anchors->access_mm[i] == 0) return KY_SNAP_ON_STREET;
  return anchors->access_mm[i] <= half_mm ? KY_SNAP_WITHIN_HALF_CAP : KY_SNAP_WITHIN_CAP;
}

/* people_65: of the place, thousandths; KY_NONE unknown. */
static void add(const ky_network *network, const ky_anchors *anchors, uint32_t i, const ky_network_opts *opts,
                uint32_t people_65, ky_snap_tally *tally) {
  const uint32_t edge = anchors->edge[i];
  bool is[KY_SNAP_COUNT] = {false};
  is[state_of(anchors, i, opts->snap_cap_m * 500)] = true;
  is[KY_SNAP_TURNED] = anchors->barred != NULL && anchors->barred[i] == KY_BARRED_NEARER;
  is[KY_SNAP_SMALL] =
      edge != KY_NONE && network->component_mm[network->component[network->edge_from[edge]]] < opts->min_component_mm;
  if (edge != KY_NONE && anchors->access_mm[i] > tally->longest_mm) tally->longest_mm = anchors->access_mm[i];
  for (int snap = 0; snap < KY_SNAP_COUNT; snap++) {
    if (!is[snap]) continue;
    tally->count[snap]++;
    if (people_65 != KY_NONE && tally->people_65[snap] != KY_NULL) tally->people_65[snap] += people_65;
  }
}

static const char *people_text(ky_job *job, int64_t milli) {
  const char *text = milli == KY_NULL ? ky_tr("unknown") : ky_format(&job->scratch, "%.0f", (double)milli / 1e3);
  return text != NULL ? text : "";
}

/* Beside the ways longer than half of the cap: a sign that the cap decides, not the place. */
static void say_cap(ky_job *job, const ky_snapping *s) {
  const ky_snap_tally *p = &s->points, *v = &s->venues;
  if (p->count[KY_SNAP_BEYOND_CAP] + p->count[KY_SNAP_WITHIN_CAP] + v->count[KY_SNAP_BEYOND_CAP] +
          v->count[KY_SNAP_WITHIN_CAP] ==
      0)
    return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_INFO,
                  .source = "walk.snap_cap_m",
                  .reason = "snap_cap",
                  .action = ky_tr("those beyond it have no street near; look at the road data there")},
      ky_tr("more than %g m from every street: %u points with %s people 65 and over, %u venues; more than half "
            "of that from theirs: %u points with %s, %u venues"),
      s->cap_m, p->count[KY_SNAP_BEYOND_CAP], people_text(job, p->people_65[KY_SNAP_BEYOND_CAP]),
      v->count[KY_SNAP_BEYOND_CAP], p->count[KY_SNAP_WITHIN_CAP], people_text(job, p->people_65[KY_SNAP_WITHIN_CAP]),
      v->count[KY_SNAP_WITHIN_CAP]);
}

static void say_barriers(ky_job *job, const ky_snapping *s) {
  const ky_snap_tally *p = &s->points, *v = &s->venues;
  if (p->count[KY_SNAP_TURNED] + v->count[KY_SNAP_TURNED] != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "barriers",
                             .reason = "turned_by_barrier",
                             .action = ky_tr("they take a street on their own side")},
                 ky_tr("the nearest street lies behind a barrier: %u points with %s people 65 and over, %u venues"),
                 p->count[KY_SNAP_TURNED], people_text(job, p->people_65[KY_SNAP_TURNED]), v->count[KY_SNAP_TURNED]);
  if (p->count[KY_SNAP_BARRIER] != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = "barriers",
                    .reason = "barrier",
                    .action = ky_tr("they count as unreachable (barrier); look whether a path is missing in the "
                                    "road data, or the barrier is none")},
        ky_tr("every street within %g m lies behind a barrier: %u points with %s people 65 and over"), s->cap_m,
        p->count[KY_SNAP_BARRIER], people_text(job, p->people_65[KY_SNAP_BARRIER]));
}

ky_err ky_snapping_count(ky_job *job, const ky_network *network, const ky_zones *zones, const ky_points *points,
                         const ky_anchors *point_anchors, const ky_venues *venues, const ky_anchors *venue_anchors,
                         const ky_network_opts *opts, ky_snapping *out) {
  const uint32_t *people = points->people[KY_65];
  memset(out, 0, sizeof *out);
  out->cap_m = opts->snap_cap_m;
  for (int snap = 0; snap < KY_SNAP_COUNT; snap++) {
    out->venues.people_65[snap] = KY_NULL;
    if (people == NULL) out->points.people_65[snap] = KY_NULL;
  }
  for (uint32_t i = 0; i < points->count; i++)
    if (points->row[i] < KY_ROW_OUTSIDE(zones))
      add(network, point_anchors, i, opts, people != NULL ? people[i] : KY_NONE, &out->points);
  for (uint32_t v = 0; v < venues->count; v++)
    if (isfinite(venues->x_m[v]) && venues->row[v] < KY_ROW_OUTSIDE(zones))
      add(network, venue_anchors, v, opts, KY_NONE, &out->venues);
  say_cap(job, out);
  say_barriers(job, out);
  return KY_OK;
}
