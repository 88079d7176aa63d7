/* Noding in its order - ends, then crossings - and what is said about it. */
#include <kayoi/noding.h>
#include <string.h>

#include "core/noding_lines.h"

static void report(ky_job *job, const ky_noding_opts *opts, const ky_noding *did) {
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_INFO,
                  .source = "roads",
                  .reason = "streets_noded",
                  .action = ky_tr("asked for by noding; look at the map whether what was joined belongs together")},
      ky_tr("%u ends of lines were joined to others within %.3f m, lines were cut at %u places for that; %u "
            "crossings became junctions; %u lines vanished in one point; connected parts: %u before, %u "
            "after; the longest move is %.3f m"),
      did->ends_joined, opts->tolerance_m, did->lines_cut, did->crossings, did->lines_lost, did->components_before,
      did->components_after, did->longest_move_m);
  if (did->longest_move_m > opts->tolerance_m + 0.001) /* the grid's rounding */
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "roads",
                             .field = "geometry",
                             .reason = "noding_chain",
                             .has_place = true,
                             .x_m = did->far_x_m,
                             .y_m = did->far_y_m,
                             .action = ky_tr("joined all the same; a smaller tolerance_m keeps such places apart")},
                 ky_tr("ends that follow each other within the tolerance were joined over %.3f m, more than %.3f m"),
                 did->longest_move_m, opts->tolerance_m);
}

static ky_err join_ends(ky_job *job, const ky_noding_lines *lines, double tolerance_m, ky_ways *out, ky_noding *did) {
  ky_noding_joins joins;
  KY_TRY(ky_noding_join_ends(job, lines, tolerance_m, &joins, did));
  return ky_noding_lines_rebuild(job, lines, joins.x_mm, joins.y_mm, joins.insertions, joins.insertion_count, out,
                                 &did->lines_lost);
}

static ky_err node_crossings(ky_job *job, const ky_noding_lines *lines, ky_ways *out, ky_noding *did) {
  ky_insertion *insertions;
  uint32_t count;
  KY_TRY(ky_noding_cross(job, lines, &insertions, &count, &did->crossings));
  return ky_noding_lines_rebuild(job, lines, lines->x_mm, lines->y_mm, insertions, count, out, &did->lines_lost);
}

ky_err ky_ways_node(ky_job *job, const ky_ways *ways, const ky_noding_opts *opts, ky_ways *out, ky_noding *did) {
  ky_noding_lines lines;
  const ky_ways given = *ways; /* out may be ways */
  ky_ways joined = *ways;
  memset(did, 0, sizeof *did);
  *out = *ways;
  if (opts->tolerance_m <= 0 && !opts->with_crossings) return KY_OK;
  KY_TRY(ky_noding_lines_index(job, &given, &lines));
  KY_TRY(ky_noding_lines_components(job, &lines, &did->components_before));
  if (opts->tolerance_m > 0) {
    KY_TRY(join_ends(job, &lines, opts->tolerance_m, &joined, did));
    KY_TRY(ky_noding_lines_index(job, &joined, &lines));
  }
  *out = joined;
  if (opts->with_crossings) {
    KY_TRY(node_crossings(job, &lines, out, did));
    KY_TRY(ky_noding_lines_index(job, out, &lines));
  }
  KY_TRY(ky_noding_lines_components(job, &lines, &did->components_after));
  report(job, opts, did);
  return KY_OK;
}
