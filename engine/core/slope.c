/* Slopes of streets and what they cost (method.md 3). */
#include <kayoi/slope.h>
#include <math.h>
#include <string.h>

double ky_slope_factor(double s) {
  const double up = fmin(1, exp(-3.5 * fabs(s + 0.05)) / exp(-0.175));
  const double down = fmin(1, exp(-3.5 * fabs(-s + 0.05)) / exp(-0.175));
  return fmax(1, (1 / up + 1 / down) / 2);
}

/* Pieces of a street between heights. */
static uint32_t pieces_of(const ky_network *network, uint32_t edge, double step_m) {
  if (network->is_bridge[edge]) return 1;
  double n = ceil(network->length_mm[edge] / (step_m * 1000) - 1e-9);
  return n < 1 ? 1 : (uint32_t)n;
}

ky_err ky_slope_places(ky_job *job, const ky_network *network, const ky_slope_opts *opts, ky_heights *out) {
  uint64_t count = 0;
  memset(out, 0, sizeof *out);
  KY_NEW(job, scratch, out->first, (size_t)network->edge_count + 1);
  for (uint32_t e = 0; e < network->edge_count; e++) {
    count += pieces_of(network, e, opts->step_m) + 1;
    if (count >= KY_NONE)
      return ky_fail(job, KY_E_RESOURCE, ky_tr("elevation: too many streets; cut the roads to the region"));
    out->first[e + 1] = (uint32_t)count;
  }
  out->count = (uint32_t)count;
  KY_NEW(job, scratch, out->x_m, count);
  KY_NEW(job, scratch, out->y_m, count);
  KY_NEW(job, scratch, out->z_m, count);
  for (uint32_t e = 0; e < network->edge_count; e++) {
    uint32_t first = out->first[e], pieces = out->first[e + 1] - first - 1;
    for (uint32_t k = 0; k <= pieces; k++) {
      uint32_t along_mm = (uint32_t)((uint64_t)network->length_mm[e] * k / pieces);
      ky_edge_place(network, e, along_mm, &out->x_m[first + k], &out->y_m[first + k]);
    }
  }
  return KY_OK;
}

/* One street: its cost, its mean steepness (length-weighted, KY_WHOLE parts), and the part without heights in mm. */
typedef struct climb {
  double cost_mm, rise_mm, known_mm, unknown_mm;
} climb;

static climb climb_of(const ky_heights *heights, const ky_network *network, uint32_t edge) {
  climb c = {0};
  uint32_t first = heights->first[edge], pieces = heights->first[edge + 1] - first - 1;
  double piece_mm = (double)network->length_mm[edge] / pieces;
  for (uint32_t k = 0; k < pieces; k++) {
    double dz_mm = ((double)heights->z_m[first + k + 1] - (double)heights->z_m[first + k]) * 1000.0;
    if (!isfinite(dz_mm)) {
      c.cost_mm += piece_mm;
      c.unknown_mm += piece_mm;
      continue;
    }
    c.cost_mm += piece_mm * ky_slope_factor(dz_mm / piece_mm);
    c.rise_mm += fabs(dz_mm);
    c.known_mm += piece_mm;
  }
  return c;
}

static void report(ky_job *job, double unknown_mm, double all_mm) {
  if (unknown_mm == 0) return;
  if (unknown_mm >= all_mm) {
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_ERROR,
                             .source = "elevation",
                             .reason = "no_elevation_anywhere",
                             .action = ky_tr("EVERY WALK IS COUNTED AS FLAT; give the elevation tiles of this place")},
                 ky_tr("no height for any street (%.1f km)"), all_mm / 1e6);
    return;
  }
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "elevation",
                           .reason = "no_elevation",
                           .action = ky_tr("taken as flat there; add the elevation tiles that are missing")},
               ky_tr("%.1f of %.1f km of street have no elevation"), unknown_mm / 1e6, all_mm / 1e6);
}

ky_err ky_slope_apply(ky_job *job, const ky_heights *heights, const ky_slope_opts *opts, ky_network *network) {
  double unknown_mm = 0, all_mm = 0;
  KY_NEW(job, keep, network->slope, network->edge_count);
  KY_NEW(job, keep, network->sloped_mm, network->edge_count);
  KY_NEW(job, keep, network->no_height_mm, network->edge_count);
  for (uint32_t e = 0; e < network->edge_count; e++) {
    climb c = climb_of(heights, network, e);
    unknown_mm += c.unknown_mm;
    all_mm += c.known_mm + c.unknown_mm;
    network->slope[e] = c.known_mm > 0 ? (uint32_t)fmin(round(c.rise_mm / c.known_mm * KY_WHOLE), 1e9) : KY_NONE;
    network->sloped_mm[e] = (uint32_t)fmin(fmax(ceil(c.cost_mm - 1e-6), network->length_mm[e]), UINT32_MAX / 4.0);
    network->no_height_mm[e] = (uint32_t)fmin(round(c.unknown_mm), network->length_mm[e]);
  }
  if (!opts->is_used)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "elevation",
                             .reason = "slope_not_used",
                             .action = ky_tr("write walk.slope: tobler to make slopes count")},
                 "%s",
                 ky_tr("elevation is given, but walks are counted as flat; it only tells town, hills and mountain"));
  report(job, unknown_mm, all_mm);
  return KY_OK;
}

void ky_slope_people(ky_job *job, const ky_network *network, const ky_points *points, const ky_zones *zones,
                     const ky_anchors *anchors) {
  const ky_measure measure = points->people[KY_65] != NULL ? KY_65 : KY_TOTAL;
  int64_t without = 0, all = 0;
  if (network->no_height_mm == NULL || points->people[measure] == NULL) return;
  for (uint32_t i = 0; i < points->count; i++) {
    const uint32_t people = points->people[measure][i], edge = anchors->edge[i];
    if (people == KY_NONE || points->row[i] >= KY_ROW_OUTSIDE(zones)) continue;
    all += people;
    if (edge != KY_NONE && network->no_height_mm[edge] != 0) without += people;
  }
  if (without == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "elevation",
                           .reason = "people_without_elevation",
                           .action = ky_tr("their walks are too short where it is steep; add the elevation tiles that "
                                           "are missing")},
               measure == KY_65 ? ky_tr("%.3f of %.3f people 65 and over live on a street whose height is not known "
                                        "everywhere")
                                : ky_tr("%.3f of %.3f people live on a street whose height is not known everywhere"),
               (double)without / 1e3, (double)all / 1e3);
}
