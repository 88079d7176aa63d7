/* Which resources can be walked to, and what is said about the others. */
#include <kayoi/access.h>
#include <math.h>
#include <string.h>

#define NO_STREET     "no_street_near"
#define BARRIER       "barrier"
#define TOWN_POSITION "town_position"

static bool is_for(const ky_resource_walks *walks, uint32_t i, const char *reason) {
  return walks->reason[i] != NULL && strcmp(walks->reason[i], reason) == 0;
}

/* One issue per source, at the first of its records. */
static ky_err report(ky_job *job, const ky_resources *resources, const ky_resource_walks *walks, const char *reason,
                     const char *what, const char *action) {
  int8_t *is_told;
  KY_NEW(job, scratch, is_told, resources->count);
  for (uint32_t i = 0; i < resources->count; i++) {
    uint32_t count = 0;
    if (is_told[i] != 0 || !is_for(walks, i, reason)) continue;
    for (uint32_t k = i; k < resources->count; k++) {
      if (!is_for(walks, k, reason) || strcmp(resources->source[k], resources->source[i]) != 0) continue;
      is_told[k] = 1;
      count++;
    }
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = resources->source[i],
                             .record = resources->id[i],
                             .field = "geometry",
                             .reason = reason,
                             .has_place = true,
                             .x_m = resources->x_m[i],
                             .y_m = resources->y_m[i],
                             .action = ky_tr(action)},
                 ky_tr(what), count);
  }
  return KY_OK;
}

/* The middle of a town tells nothing about a walk. */
static void judge(const ky_resources *resources, ky_resource_walks *out) {
  for (uint32_t i = 0; i < resources->count; i++) {
    const bool is_town = strcmp(resources->coord_source[i], "town") == 0;
    if (is_town) out->anchors.edge[i] = KY_NONE;
    if (!isfinite(resources->x_m[i]) || !isfinite(resources->y_m[i]))
      out->reason[i] = "no_place";
    else if (is_town)
      out->reason[i] = TOWN_POSITION;
    else if (out->anchors.edge[i] == KY_NONE)
      out->reason[i] = out->anchors.barred != NULL && out->anchors.barred[i] == KY_BARRED_ALL ? BARRIER : NO_STREET;
    out->counts[i] = out->reason[i] == NULL;
  }
}

ky_err ky_access_resources(ky_job *job, const ky_resources *resources, const ky_network *network,
                           const ky_network_opts *opts, ky_resource_walks *out) {
  memset(out, 0, sizeof *out);
  KY_NEW(job, keep, out->counts, resources->count);
  KY_NEW(job, keep, out->reason, resources->count);
  KY_TRY(ky_network_anchor(job, network, resources->x_m, resources->y_m, resources->count, NULL, opts, &out->anchors));
  judge(resources, out);
  KY_TRY(report(job, resources, out, NO_STREET,
                KY_MSG("%u resources have no street within the snapping distance; this is the first"),
                KY_MSG("no walk leads to them; look at their places, or at the road data there")));
  KY_TRY(report(job, resources, out, BARRIER,
                KY_MSG("of %u resources every street near lies behind a barrier; this is the first"),
                KY_MSG("no walk leads to them; look at their places, at the barriers and at the road data there")));
  return report(job, resources, out, TOWN_POSITION,
                KY_MSG("of %u resources only the town is known, not the place; this is the first"),
                KY_MSG("no walk leads to them; give coordinates or a full address"));
}
