/* Zones and border from raw polygons. What is stated about them: core/zone_facts.c. */
#include <kayoi/place.h>
#include <string.h>

#include "core/records.h"
#include "core/zone_facts.h"

#define SHOWN_ZONES 12 /* of a list in a message */

/* Joins the records of each id into one: their parts in the order of the records. */
static ky_err merge_records(ky_job *job, const ky_record *records, uint32_t record_count, ky_zones *out) {
  uint32_t parts = 0, vertices = 0;
  for (uint32_t i = 0; i < record_count; i++) {
    const ky_shapes *in = &records[i].raw->shapes;
    uint32_t from = in->first_part[records[i].record], to = in->first_part[records[i].record + 1];
    out->count += i == 0 || strcmp(records[i].id, records[i - 1].id) != 0;
    parts += to - from;
    vertices += in->first_vertex[to] - in->first_vertex[from];
  }
  KY_NEW(job, keep, out->id, out->count);
  KY_NEW(job, keep, out->name, out->count);
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POLYGON, out->count, parts, vertices, &out->shapes));
  ky_shapes *shapes = &out->shapes;
  uint32_t zone = 0, part = 0, vertex = 0;
  for (uint32_t i = 0; i < record_count; i++) {
    if (i == 0 || strcmp(records[i].id, records[i - 1].id) != 0) {
      out->id[zone] = records[i].id;
      const char *name = ky_raw_value(records[i].raw, "name", records[i].record);
      out->name[zone] = name != NULL ? name : records[i].id;
      shapes->first_part[zone++] = part;
    }
    const ky_shapes *in = &records[i].raw->shapes;
    for (uint32_t p = in->first_part[records[i].record]; p < in->first_part[records[i].record + 1]; p++) {
      uint32_t n = in->first_vertex[p + 1] - in->first_vertex[p];
      shapes->first_vertex[part] = vertex;
      shapes->is_hole[part++] = in->is_hole[p];
      memcpy(shapes->x + vertex, in->x + in->first_vertex[p], n * sizeof *shapes->x);
      memcpy(shapes->y + vertex, in->y + in->first_vertex[p], n * sizeof *shapes->y);
      vertex += n;
    }
  }
  shapes->first_part[zone] = part;
  shapes->first_vertex[part] = vertex;
  return KY_OK;
}

static ky_err join_borders(ky_job *job, const ky_inputs *inputs, ky_zones *out) {
  ky_record *records;
  uint32_t count;
  ky_zones all = {0};
  KY_TRY(ky_records_new(job, inputs->borders, inputs->border_count, &records, &count));
  for (uint32_t i = 0; i < count; i++) /* every polygon for itself: a border may come in overlapping pieces */
    if ((records[i].id = ky_format(&job->scratch, "%010u", i)) == NULL) return ky_fail_memory(job);
  KY_TRY(merge_records(job, records, count, &all));
  out->border = all.shapes;
  return KY_OK;
}

#define DATES_MAX 200 /* bytes of all dates in one text */

ky_err ky_official_date(ky_job *job, const ky_inputs *inputs, const char **out) {
  *out = NULL;
  for (uint32_t r = 0; r < inputs->official_count; r++) {
    const ky_raw *raw = &inputs->officials[r];
    for (uint32_t i = 0; i < raw->count; i++) {
      const char *date = raw->source->date != NULL ? raw->source->date : ky_raw_value(raw, "date", i);
      if (date == NULL || (*out != NULL && (strstr(*out, date) != NULL || strlen(*out) + strlen(date) > DATES_MAX)))
        continue;
      *out = *out == NULL ? date : ky_format(&job->keep, "%s / %s", *out, date);
      if (*out == NULL) return ky_fail_memory(job);
    }
  }
  return KY_OK;
}

/* Targets of zones without register people stand on another base than those of the others. */
static ky_err report_missing(ky_job *job, const ky_zones *zones) {
  const int64_t *people = zones->official[KY_65];
  const char *list = "";
  uint32_t missing = 0;
  bool is_given = false;
  for (int m = 0; m < KY_MEASURE_COUNT; m++) is_given = is_given || zones->official[m] != NULL;
  if (!is_given) return KY_OK;
  for (uint32_t z = 0; z < zones->count; z++) {
    if (people != NULL && people[z] != KY_NULL) continue;
    if (missing < SHOWN_ZONES) {
      list = ky_format(&job->scratch, "%s%s%s (%s)", list, missing == 0 ? "" : ", ", zones->id[z], zones->name[z]);
      if (list == NULL) return ky_fail_memory(job);
    }
    missing++;
  }
  if (missing == 0) return KY_OK;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "zones.official",
                           .field = "pop_65",
                           .reason = "official_missing",
                           .action = ky_tr("targets and rates of these zones stand on the residents' data instead "
                                           "(target_base: grid); give pop_65 of every zone")},
               ky_tr("no people 65+ in the resident register for %u of %u zones: %s%s"), missing, zones->count, list,
               missing > SHOWN_ZONES ? " ..." : "");
  return KY_OK;
}

int8_t ky_zone_is_partial(const ky_zones *zones, uint32_t zone) {
  int64_t grid = zones->grid_share[zone], road = zones->road_share[zone];
  if ((grid != KY_NULL && grid < KY_ZONE_COMPLETE) || (road != KY_NULL && road < KY_ZONE_COMPLETE)) return 1;
  return grid == KY_NULL || road == KY_NULL ? -1 : 0;
}

ky_err ky_place_zones(ky_job *job, const ky_inputs *inputs, const ky_zone_fact *facts, uint32_t fact_count,
                      ky_zones *out) {
  memset(out, 0, sizeof *out);
  if (inputs->zone_count == 0 && inputs->border_count == 0)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("neither zones nor municipality.border is given; one of them says where the "
                         "municipality is"));
  bool has_zones = inputs->zone_count != 0;
  ky_record *records;
  uint32_t count;
  KY_TRY(ky_records_new(job, has_zones ? inputs->zones : inputs->borders,
                        has_zones ? inputs->zone_count : inputs->border_count, &records, &count));
  if (!has_zones) {
    for (uint32_t i = 0; i < count; i++) records[i].id = "1";
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "zones",
                             .reason = "no_zones",
                             .action = ky_tr("the whole municipality is one zone, id 1")},
                 "%s", ky_tr("no daily-living zones are given"));
  }
  KY_TRY(merge_records(job, records, count, out));
  if (out->count == 0) return ky_fail(job, KY_E_INPUT, ky_tr("zones: no polygon in any source"));
  if (inputs->border_count != 0) KY_TRY(join_borders(job, inputs, out));
  KY_NEW(job, keep, out->grid_share, out->count);
  KY_NEW(job, keep, out->road_share, out->count);
  for (uint32_t z = 0; z < out->count; z++) out->grid_share[z] = out->road_share[z] = KY_NULL;
  KY_TRY(ky_zone_facts_set(job, inputs, facts, fact_count, out));
  return report_missing(job, out);
}
