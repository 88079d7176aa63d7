/* Further profiles, one after the other; each search uses the threads that the rooms use. */
#include <kayoi/profiles.h>
#include <string.h>

/* A venue that only the first profile's streets leave alone still counts for the others. */
static ky_err all_counting(ky_job *job, const ky_venues *venues, int8_t **out) {
  KY_NEW(job, keep, *out, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) (*out)[v] = venues->counts[v] != 0 || ky_venue_is_unsnapped(venues, v);
  return KY_OK;
}

static void report_unsnapped(ky_job *job, const ky_walk_opts *profile, uint32_t count) {
  const char *where = ky_format(&job->scratch, "walk.profiles.%s", profile->profile);
  if (count == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = where,
                           .reason = "no_open_street_near",
                           .action = ky_tr("they do not count for this profile; look at the classes that it closes")},
               ky_tr("%u venues have no open street within the snapping distance"), count);
}

/* Anchors on the streets that this profile walks. */
static ky_err anchor(ky_job *job, const ky_profiles_in *in, const ky_network *network, ky_profile_result *out) {
  const ky_points *p = in->points;
  const ky_venues *v = in->venues;
  const ky_anchors on = {.count = p->count, .edge = p->edge, .along_mm = p->along_mm, .access_mm = p->access_mm};
  int8_t *counts;
  uint32_t unsnapped = 0;
  KY_TRY(ky_network_anchor(job, network, v->x_m, v->y_m, v->count, NULL, in->snap, &out->venue_anchors));
  KY_TRY(ky_network_anchor(job, network, p->x_m, p->y_m, p->count, &on, in->snap, &out->point_anchors));
  KY_TRY(all_counting(job, v, &counts));
  for (uint32_t i = 0; i < v->count; i++) {
    if (counts[i] == 0 || out->venue_anchors.edge[i] != KY_NONE) continue;
    counts[i] = 0;
    unsnapped++;
  }
  out->counts = counts;
  report_unsnapped(job, out->opts, unsnapped);
  return KY_OK;
}

/* Walks alone are kept: network, contraction and field of the profile are given back. */
static ky_err walk(ky_job *job, const ky_profiles_in *in, const ky_network *network, ky_profile_result *out) {
  const uint32_t count = out->point_anchors.count;
  ky_contraction contraction;
  ky_field field;
  ky_walks walks;
  KY_NEW(job, keep, out->walks.walk_mm, count);
  KY_NEW(job, keep, out->walks.source, count);
  const ky_arena_mark keep = ky_arena_now(&job->keep), scratch = ky_arena_now(&job->scratch);
  KY_TRY(ky_contract(job, network, &contraction));
  KY_TRY(ky_walk_points(job, network, &contraction, &out->venue_anchors, out->counts, &in->venues->catchments,
                        in->points->row, &out->point_anchors, &field, &walks));
  out->walks.count = count;
  memcpy(out->walks.walk_mm, walks.walk_mm, count * sizeof *walks.walk_mm);
  memcpy(out->walks.source, walks.source, count * sizeof *walks.source);
  ky_arena_rewind(&job->keep, keep);
  ky_arena_rewind(&job->scratch, scratch);
  return KY_OK;
}

/* What an earlier profile has in common with this one. */
static void share(const ky_profiles *done, ky_profile_result *out, bool *has_anchors, bool *has_walks) {
  *has_anchors = *has_walks = false;
  for (uint32_t p = 0; p < done->count && !*has_walks; p++) {
    const ky_profile_result *other = &done->result[p];
    if (other->opts->closed_bits == out->opts->closed_bits && !*has_anchors) {
      *has_anchors = true;
      out->counts = other->counts;
      out->venue_anchors = other->venue_anchors;
      out->point_anchors = other->point_anchors;
    }
    *has_walks = ky_profile_costs_equal(other->opts, out->opts);
    if (*has_walks) out->walks = other->walks;
  }
}

static ky_err build_one(ky_job *job, const ky_profiles_in *in, const ky_profiles *done, ky_profile_result *out) {
  ky_network network;
  bool has_anchors, has_walks;
  share(done, out, &has_anchors, &has_walks);
  ky_profile_report(job, in->streets, out->opts);
  if (!has_walks) {
    KY_TRY(ky_profile_network(job, in->streets, out->opts, &network));
    if (!has_anchors) KY_TRY(anchor(job, in, &network, out));
    KY_TRY(walk(job, in, &network, out));
  }
  KY_TRY(ky_coverage_further(job, in->cells, in->points, in->zones, out->counts, in->venues->count,
                             &in->venues->catchments, in->streets, &out->point_anchors, &out->walks,
                             in->coverage->straight_mm, out->opts, &out->coverage));
  return ky_coverage_balance(job, in->cells, in->points, in->zones, &out->coverage);
}

ky_err ky_profiles_build(ky_job *job, const ky_profiles_in *in, const ky_walk_opts *further, uint32_t further_count,
                         ky_profiles *out) {
  *out = (ky_profiles){.count = 1};
  KY_NEW(job, keep, out->result, (size_t)further_count + 1);
  out->result[0] = (ky_profile_result){.opts = in->first,
                                       .counts = in->venues->counts,
                                       .venue_anchors = *in->venue_anchors,
                                       .point_anchors = *in->point_anchors,
                                       .walks = *in->walks,
                                       .coverage = *in->coverage};
  for (uint32_t p = 0; p < further_count; p++) {
    out->result[out->count].opts = &further[p];
    KY_TRY(build_one(job, in, out, &out->result[out->count]));
    out->count++;
    ky_job_progress(job, p + 1, further_count);
  }
  return KY_OK;
}
