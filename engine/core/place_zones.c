/* Zones and border from raw polygons, and the facts stated about them. */
#include <kayoi/place.h>
#include <string.h>

#include <kayoi/table.h>
#include "core/number.h"
#include "core/records.h"

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

static uint32_t find_zone(const ky_zones *zones, const char *key) {
  for (uint32_t z = 0; z < zones->count; z++)
    if (strcmp(zones->id[z], key) == 0) return z;
  for (uint32_t z = 0; z < zones->count; z++)
    if (strcmp(zones->name[z], key) == 0) return z;
  return KY_NONE;
}

static ky_err zone_list(ky_job *job, const ky_zones *zones, const char **out) {
  *out = "";
  for (uint32_t z = 0; z < zones->count && z < SHOWN_ZONES; z++) {
    const char *before = *out;
    *out = ky_format(&job->scratch, "%s%s%s", before, z == 0 ? "" : ", ", zones->id[z]);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* The same zone in two tables, or in a table and the configuration. */
static void report_twice(ky_job *job, const ky_zone_fact *fact, const char *zone_id, ky_measure measure,
                         int64_t before) {
  char first[32], second[32];
  const char *field = ky_format(&job->scratch, "pop_%s", ky_measure_name(measure));
  ky_fixed_text(first, before, 3);
  ky_fixed_text(second, fact->people[measure], 3);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = fact->where,
                           .record = zone_id,
                           .field = field,
                           .reason = "official_twice",
                           .action = ky_tr("the later one is used; keep one of them")},
               ky_tr("the official people of the zone are given twice: %s and %s"), first, second);
}

static ky_err set_fact(ky_job *job, const ky_zone_fact *fact, ky_zones *out) {
  uint32_t zone = find_zone(out, fact->zone_id);
  if (zone == KY_NONE) {
    const char *list;
    KY_TRY(zone_list(job, out, &list));
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: there is no zone '%s'; the zones are: %s"), fact->where, fact->zone_id,
                   list);
  }
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    if (fact->people[m] == KY_NULL) continue;
    if (out->official[m] == NULL) {
      KY_NEW(job, keep, out->official[m], out->count);
      for (uint32_t z = 0; z < out->count; z++) out->official[m][z] = KY_NULL;
    }
    const int64_t before = out->official[m][zone];
    if (before != KY_NULL && before != fact->people[m]) report_twice(job, fact, out->id[zone], (ky_measure)m, before);
    out->official[m][zone] = fact->people[m];
  }
  if (fact->rate != KY_NULL) out->rate[zone] = fact->rate;
  if (fact->basis != NULL) out->rate_basis[zone] = fact->basis;
  if (fact->participants != KY_NULL) out->participants[zone] = fact->participants;
  return KY_OK;
}

/* A fact from a record: attributes zone_id (or id), pop_*, rate, basis, participants. */
static ky_zone_fact fact_of(ky_job *job, const ky_record *record, bool is_official) {
  const char *zone_id = is_official ? ky_raw_value(record->raw, "zone_id", record->record) : record->id;
  ky_zone_fact fact = {.zone_id = zone_id != NULL ? zone_id : record->id, .where = ky_raw_label(job, record->raw)};
  for (uint32_t m = 0; m < KY_MEASURE_COUNT; m++) {
    const char *name = ky_format(&job->scratch, "pop_%s", ky_measure_name((ky_measure)m));
    fact.people[m] = name != NULL ? ky_record_number(job, record, name, 3) : KY_NULL;
  }
  fact.rate = ky_record_number(job, record, "rate", 6);
  fact.basis = ky_raw_value(record->raw, "basis", record->record);
  fact.participants = ky_record_number(job, record, "participants", 0);
  return fact;
}

static ky_err set_facts_of(ky_job *job, const ky_raw *raws, uint32_t raw_count, bool is_official, ky_zones *out) {
  ky_record *records;
  uint32_t count;
  KY_TRY(ky_records_new(job, raws, raw_count, &records, &count));
  for (uint32_t i = 0; i < count; i++) {
    ky_zone_fact fact = fact_of(job, &records[i], is_official);
    KY_TRY(set_fact(job, &fact, out));
  }
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
  KY_NEW(job, keep, out->rate, out->count);
  KY_NEW(job, keep, out->rate_basis, out->count);
  KY_NEW(job, keep, out->participants, out->count);
  KY_NEW(job, keep, out->grid_share, out->count);
  KY_NEW(job, keep, out->road_share, out->count);
  for (uint32_t z = 0; z < out->count; z++)
    out->rate[z] = out->participants[z] = out->grid_share[z] = out->road_share[z] = KY_NULL;
  if (has_zones) KY_TRY(set_facts_of(job, inputs->zones, inputs->zone_count, false, out));
  KY_TRY(set_facts_of(job, inputs->officials, inputs->official_count, true, out));
  for (uint32_t f = 0; f < fact_count; f++) KY_TRY(set_fact(job, &facts[f], out));
  return report_missing(job, out);
}
