/* Mobility: the gap areas that no new venue would serve, with the evidence for a ride or a visit. */
#include <kayoi/mobility.h>

#include <string.h>

#include "core/ratio.h"

ky_err ky_mobility_build(ky_job *job, const ky_gaps *gaps, const ky_mobility_opts *opts, ky_mobility *out) {
  memset(out, 0, sizeof *out);
  if (opts->speed_m_per_min <= 0)
    return ky_fail(job, KY_E_CONFIG, ky_tr("mobility.speed_m_per_min must be more than 0 metres per minute"));
  for (uint32_t a = 0; a < gaps->count; a++) out->count += gaps->remedy[a] != KY_NEW_VENUE;
  KY_NEW(job, keep, out->area, out->count);
  KY_NEW(job, keep, out->venue, out->count);
  KY_NEW(job, keep, out->venue_mm, out->count);
  KY_NEW(job, keep, out->riders_75_milli, out->count);
  KY_NEW(job, keep, out->km_round_trip_milli, out->count);
  KY_NEW(job, keep, out->minutes_milli, out->count);
  KY_NEW(job, keep, out->rank, out->count);
  uint32_t n = 0;
  for (uint32_t a = 0; a < gaps->count; a++) {
    if (gaps->remedy[a] == KY_NEW_VENUE) continue;
    const uint32_t mm = gaps->walk_median_mm[a];
    out->area[n] = a;
    out->venue[n] = gaps->venue[a];
    out->venue_mm[n] = mm;
    out->riders_75_milli[n] = gaps->riders_75_milli[a];
    /* millimetres / 1000 are thousandths of a kilometre; millimetres / (m/min) are thousandths of a minute */
    out->km_round_trip_milli[n] = mm == KY_NONE ? KY_NULL : ky_ratio(mm, 2, 1000);
    out->minutes_milli[n] = mm == KY_NONE ? KY_NULL : ky_ratio(mm, 1, opts->speed_m_per_min);
    out->rank[n] = n + 1; /* areas come by people 65+ */
    n++;
  }
  if (gaps->shapes.kind == KY_SHAPE_NONE || gaps->shapes.count != gaps->count) return KY_OK;
  return ky_shapes_pick(job, &gaps->shapes, out->area, out->count, &out->shapes);
}
