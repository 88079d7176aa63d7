/* Zones of a run in the plane: see zones_prepare.h. */
#include "io/zones_prepare.h"

#include <math.h>
#include <string.h>

#include "io/geos.h"
#include "io/raw_edit.h"

static const ky_raw *raw_of(const ky_read_opts *opts, const ky_raw *raws, ky_role role) {
  for (uint32_t i = 0; i < opts->source_count; i++)
    if (opts->sources[i].role == role) return &raws[i];
  return NULL;
}

/* Do the records name more than one municipality? */
static bool has_several(const ky_raw *raw) {
  char first[6] = "", code[6];
  for (uint32_t i = 0; i < raw->count; i++) {
    ky_zones_code(raw, i, code);
    if (code[0] != '\0' && first[0] != '\0' && strcmp(code, first) != 0) return true;
    if (code[0] != '\0') memcpy(first, code, sizeof first);
  }
  return false;
}

/* Share of a record's area inside the border; NAN on failure. */
static double share_inside(ky_geos *geos, const ky_shapes *shapes, uint32_t record, const GEOSGeometry *border) {
  GEOSGeometry *area = ky_geos_valid(geos, ky_geos_polygons(geos, shapes, record));
  if (area == NULL) return NAN;
  double all_m2 = ky_geos_area(geos, area), inside_m2 = ky_geos_shared_m2(geos, area, border);
  GEOSGeom_destroy_r(geos->handle, area);
  return all_m2 > 0 ? inside_m2 / all_m2 : isnan(all_m2) ? NAN : 0;
}

static ky_err choose_by_border(ky_job *job, const ky_raw *border, double min_inside, ky_raw *raw) {
  ky_geos geos;
  bool *keep;
  uint32_t outside = 0;
  KY_NEW(job, scratch, keep, raw->count);
  if (!ky_geos_open(&geos)) return ky_fail_memory(job);
  GEOSGeometry *area = ky_geos_united(&geos, &border->shapes);
  bool is_done = area != NULL;
  for (uint32_t i = 0; is_done && i < raw->count; i++) {
    const double share = share_inside(&geos, &raw->shapes, i, area);
    is_done = !isnan(share);
    keep[i] = share >= min_inside;
    outside += !keep[i];
  }
  if (area != NULL) GEOSGeom_destroy_r(geos.handle, area);
  ky_err err = is_done ? KY_OK : ky_geos_fail(job, &geos, "zones");
  ky_geos_close(&geos);
  if (err != KY_OK) return err;
  if (outside == raw->count)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s: not one of its %u records has %.0f %% of its area inside the border"),
                   ky_source_where(job, raw->source), raw->count, min_inside * 100);
  if (outside == 0) return KY_OK;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .field = "geometry",
                           .reason = "zones_elsewhere",
                           .action = ky_tr("left out; municipality.code chooses by code instead")},
               ky_tr("%u of %u records have less than %.0f %% of their area inside the border"), outside, raw->count,
               min_inside * 100);
  ky_raw_keep(keep, false, raw);
  return KY_OK;
}

/* A prefecture's districts when no code has chosen among them. */
static ky_err choose(ky_job *job, const ky_read_opts *opts, const ky_raw *border, ky_raw *raw) {
  if (opts->municipality_code != NULL || !has_several(raw)) return KY_OK;
  if (border != NULL && border->count != 0) return choose_by_border(job, border, opts->zone_min_inside, raw);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .field = "municipality",
                           .reason = "zones_of_several",
                           .action = ky_tr("all of them are zones; give municipality.code, or municipality.border")},
               "%s", ky_tr("its records are of several municipalities"));
  return KY_OK;
}

/* Schools of one name but of different founders are different schools. */
static bool is_name_shared(const ky_raw *raw, uint32_t record) {
  const char *name = ky_raw_value(raw, "name", record), *founder = ky_raw_value(raw, "founder", record);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *other = ky_raw_value(raw, "name", i), *other_founder = ky_raw_value(raw, "founder", i);
    if (other != NULL && strcmp(other, name) == 0 && other_founder != NULL && strcmp(other_founder, founder) != 0)
      return true;
  }
  return false;
}

/* Districts have an id from 2021 on, the school's code. Before, the school's name is it, with its founder where two
 * schools have that name. */
static ky_err set_district_ids(ky_job *job, ky_raw *raw) {
  const char **id = NULL;
  if (ky_raw_column_of(raw, "founder") == NULL) return KY_OK;
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *name = ky_raw_value(raw, "name", i), *founder = ky_raw_value(raw, "founder", i);
    if (ky_raw_value(raw, "id", i) != NULL || name == NULL || founder == NULL || !is_name_shared(raw, i)) continue;
    if (id == NULL) KY_TRY(ky_raw_set_column(job, raw, "id", "founder + name", &id));
    id[i] = ky_format(&job->keep, "%s%s", founder, name);
    if (id[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static void warn_small_areas(ky_job *job, const ky_raw *raw) {
  if (ky_raw_column_of(raw, "area_kind") == NULL) return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = ky_source_where(job, raw->source),
                  .reason = "areas_as_zones",
                  .action = ky_tr("every small area is a zone of its own; name a table under zones.lookup that "
                                  "says which area belongs to which zone")},
      ky_tr("it holds small areas of the census (%u records)"), raw->count);
}

ky_err ky_zones_prepare(ky_job *job, const ky_read_opts *opts, ky_raw *raws) {
  const ky_raw *border = raw_of(opts, raws, KY_ROLE_BORDER), *lookup = raw_of(opts, raws, KY_ROLE_ZONE_LOOKUP);
  for (uint32_t i = 0; i < opts->source_count; i++) {
    ky_raw *raw = &raws[i];
    if (opts->sources[i].role != KY_ROLE_ZONES || raw->count == 0) continue;
    KY_TRY(choose(job, opts, border, raw));
    if (lookup != NULL) {
      KY_TRY(ky_zones_look_up(job, lookup, raw));
    } else {
      KY_TRY(set_district_ids(job, raw));
      warn_small_areas(job, raw);
    }
    KY_TRY(ky_zones_dissolve(job, raw));
  }
  return KY_OK;
}
