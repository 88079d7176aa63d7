/* Gathering places: attributes, whether they count, where they lie. */
#include <kayoi/place.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/participants_of.h"
#include "core/records.h"
#include "core/venue_rules.h"
#include "core/venue_status.h"

static const char *const TEXT_ATTRIBUTE[KY_VENUE_TEXT_COUNT] = {
#define KY_X(id, text, alias) text,
    KY_VENUE_TEXTS(KY_X)
#undef KY_X
};

static ky_err new_columns(ky_job *job, uint32_t count, ky_venues *out) {
  out->count = count;
  KY_NEW(job, keep, out->id, count);
  KY_NEW(job, keep, out->x_m, count);
  KY_NEW(job, keep, out->y_m, count);
  for (uint32_t t = 0; t < KY_VENUE_TEXT_COUNT; t++) KY_NEW(job, keep, out->text[t], count);
  KY_NEW(job, keep, out->sessions_milli, count);
  KY_NEW(job, keep, out->capacity, count);
  KY_NEW(job, keep, out->participants, count);
  KY_NEW(job, keep, out->participants_m, count);
  KY_NEW(job, keep, out->participants_f, count);
  KY_NEW(job, keep, out->participants_weekly, count);
  KY_NEW(job, keep, out->participants_before, count);
  KY_NEW(job, keep, out->supporters, count);
  KY_NEW(job, keep, out->participants_of, count);
  KY_NEW(job, keep, out->is_other_extent, count);
  KY_NEW(job, keep, out->participants_date, count);
  KY_NEW(job, keep, out->is_resident_led, count);
  KY_NEW(job, keep, out->is_published, count);
  KY_NEW(job, keep, out->row, count);
  KY_TRY(ky_venue_rules_new(job, count, out));
  return ky_shapes_new(job, KY_SHAPE_POINT, count, count, count, &out->shapes);
}

/* A word that nobody knows is no reason to take a place away from people; one that is not to be published says so. */
static void check_status(ky_job *job, const ky_record *record, ky_venues *venues, uint32_t i) {
  const char *text = venues->text[KY_VENUE_STATUS][i];
  const ky_venue_status status = ky_venue_status_read(text);
  if (status == KY_STATUS_UNPUBLISHED && venues->is_published[i] < 0) venues->is_published[i] = 0;
  if (status != KY_STATUS_UNKNOWN) return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = ky_raw_label(job, record->raw),
                  .record = record->id,
                  .field = "status",
                  .reason = "status_unknown",
                  .action = ky_tr("it counts as open; write 公開, 活動中, 休止, 廃止 or another known word if it "
                                  "does not")},
      ky_tr("the status '%.60s' is none of the known words"), text);
}

static void read_attributes(ky_job *job, const ky_record *record, ky_venues *out, uint32_t i) {
  for (uint32_t t = 0; t < KY_VENUE_TEXT_COUNT; t++)
    out->text[t][i] = ky_raw_value(record->raw, TEXT_ATTRIBUTE[t], record->record);
  out->sessions_milli[i] = ky_record_number(job, record, "sessions_per_month", 3);
  out->capacity[i] = ky_record_number(job, record, "capacity", 0);
  out->participants[i] = ky_record_number(job, record, "participants", 0);
  out->participants_m[i] = ky_record_number(job, record, "participants_m", 0);
  out->participants_f[i] = ky_record_number(job, record, "participants_f", 0);
  out->participants_weekly[i] = ky_record_number(job, record, "participants_weekly", 0);
  out->participants_before[i] = ky_record_number(job, record, "participants_before", 0);
  out->supporters[i] = ky_record_number(job, record, "supporters", 0);
  out->participants_of[i] = ky_participants_measure(record->raw->source);
  out->is_other_extent[i] = ky_participants_are_elsewhere(record->raw->source);
  out->participants_date[i] = ky_participants_date(record);
  out->is_resident_led[i] = ky_record_flag(job, record, "resident_led");
  out->is_published[i] = ky_record_flag(job, record, "publish");
  ky_participants_check(job, record,
                        &(ky_participants){&out->participants[i], out->participants_m[i], out->participants_f[i],
                                           out->participants_weekly[i]});
  check_status(job, record, out, i);
}

static void locate(ky_job *job, const ky_record *record, const ky_zone_index *index, const ky_zones *zones,
                   ky_venues *out, uint32_t i) {
  bool is_on_edge;
  ky_issue issue = {.severity = KY_INFO,
                    .source = ky_raw_label(job, record->raw),
                    .record = record->id,
                    .field = "geometry",
                    .has_place = true,
                    .x_m = out->x_m[i],
                    .y_m = out->y_m[i]};
  out->row[i] = ky_zone_index_row_edge(index, out->x_m[i], out->y_m[i], &is_on_edge);
  if (is_on_edge) {
    issue.reason = "venue_on_edge";
    issue.action = ky_tr("given to the zone with the lower id");
    ky_issue_add(job, &issue, ky_tr("the venue lies exactly on the edge of zone %s"), zones->id[out->row[i]]);
  } else if (out->row[i] == KY_ROW_OUTSIDE_ZONES(zones)) {
    issue.reason = "venue_in_no_zone";
    issue.action =
        ky_tr("it counts for coverage; its participants are in no zone's sum; look at its place or at the zones");
    ky_issue_add(job, &issue, "%s", ky_tr("the venue lies inside the border but in no zone"));
  } else if (out->row[i] == KY_ROW_OUTSIDE(zones)) {
    issue.reason = "venue_outside";
    issue.action = ky_tr(
        "it counts for coverage of people who can walk there, not for participation; look at its place if it should "
        "lie inside");
    ky_issue_add(job, &issue, "%s", ky_tr("the venue lies outside the municipality"));
  }
}

static int by_id(const void *a, const void *b) {
  return strcmp(((const ky_record *)a)->id, ((const ky_record *)b)->id);
}

/* The second, third ... record of an id becomes id#2, id#3 ...: nothing is lost, every id is distinct. */
static ky_err rename_repeated(ky_job *job, ky_record *records, uint32_t count) {
  uint32_t repeated = 0, nth = 1;
  for (uint32_t i = 1; i < count; i++) {
    const char *first = records[i - nth].id;
    nth = strcmp(records[i].id, first) == 0 ? nth + 1 : 1;
    if (nth == 1) continue;
    repeated++;
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_raw_label(job, records[i].raw),
                    .record = first,
                    .field = "id",
                    .reason = "duplicate_id",
                    .action = ky_tr("both are kept, this one under a new id; check that it is not the same venue")},
        ky_tr("id %s is there more than once"), first);
    records[i].id = ky_format(&job->keep, "%s#%u", first, nth);
    if (records[i].id == NULL) return ky_fail_memory(job);
  }
  if (repeated != 0) qsort(records, count, sizeof *records, by_id);
  return KY_OK;
}

ky_err ky_venue_records(ky_job *job, const ky_inputs *inputs, ky_record **out, uint32_t *out_count) {
  KY_TRY(ky_records_new(job, inputs->venues, inputs->venue_count, out, out_count));
  return rename_repeated(job, *out, *out_count);
}

ky_err ky_place_venues(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_venue_opts *opts,
                       ky_venues *out) {
  memset(out, 0, sizeof *out);
  ky_record *records = NULL;
  uint32_t count = 0, vertex = 0;
  ky_zone_index *index = NULL;
  for (uint32_t r = 0; r < inputs->venue_count; r++) ky_participants_tell(job, &inputs->venues[r]);
  KY_TRY(ky_venue_records(job, inputs, &records, &count));
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_TRY(new_columns(job, count, out));
  for (uint32_t i = 0; i < count; i++) {
    const ky_shapes *in = &records[i].raw->shapes;
    uint32_t part = in->kind == KY_SHAPE_NONE ? 0 : in->first_part[records[i].record];
    bool has_place = in->kind != KY_SHAPE_NONE && part != in->first_part[records[i].record + 1];
    out->id[i] = records[i].id;
    out->shapes.first_part[i] = vertex;
    out->x_m[i] = out->y_m[i] = NAN;
    out->row[i] = KY_NONE;
    read_attributes(job, &records[i], out, i);
    if (has_place) {
      out->x_m[i] = out->shapes.x[vertex] = in->x[in->first_vertex[part]];
      out->y_m[i] = out->shapes.y[vertex] = in->y[in->first_vertex[part]];
      out->shapes.first_vertex[vertex] = vertex;
      vertex++;
      locate(job, &records[i], index, zones, out, i);
      const char *const *found = records[i].raw->coord_source;
      if (found != NULL && found[records[i].record] != NULL)
        out->text[KY_VENUE_COORD_SOURCE][i] = found[records[i].record];
      if (out->text[KY_VENUE_COORD_SOURCE][i] == NULL) out->text[KY_VENUE_COORD_SOURCE][i] = "given";
    } else {
      out->text[KY_VENUE_COORD_SOURCE][i] = "none";
    }
    ky_venue_rules_apply(job, &records[i], opts, out, i);
  }
  out->shapes.first_part[count] = vertex;
  out->shapes.first_vertex[vertex] = vertex;
  out->shapes.part_count = out->shapes.vertex_count = vertex;
  if (count == 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "venues",
                             .reason = "no_venues",
                             .action = ky_tr("everybody is unreachable (no_counting_venue); add the venues you know")},
                 "%s", ky_tr("no venue in any source"));
  return ky_raw_dates(job, inputs->venues, inputs->venue_count, &out->date);
}

#define BARRIER        "barrier"
#define NO_STREET_NEAR "no_street_near"

bool ky_venue_is_unsnapped(const ky_venues *venues, uint32_t venue) {
  const char *reason = venues->reason[venue];
  return reason != NULL && (strcmp(reason, NO_STREET_NEAR) == 0 || strcmp(reason, BARRIER) == 0);
}

ky_err ky_venues_settle(ky_job *job, const ky_anchors *anchors, ky_venues *venues) {
  for (uint32_t i = 0; i < venues->count; i++) {
    if (venues->counts[i] == 0 || anchors->edge[i] != KY_NONE) continue;
    const bool is_barred = anchors->barred != NULL && anchors->barred[i] == KY_BARRED_ALL;
    venues->counts[i] = 0;
    venues->reason[i] = is_barred ? BARRIER : NO_STREET_NEAR;
    if (venues->counts_for_rate[i] != 0 && venues->says_rate[i] != 1) {
      venues->counts_for_rate[i] = 0;
      venues->rate_reason[i] = venues->reason[i];
    }
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = "venues",
                    .record = venues->id[i],
                    .field = "geometry",
                    .reason = venues->reason[i],
                    .has_place = true,
                    .x_m = venues->x_m[i],
                    .y_m = venues->y_m[i],
                    .action = is_barred ? ky_tr("it does not count; look at its place, at the barriers and at the road "
                                                "data there")
                                        : ky_tr("it does not count; look at its place, or at the road data there")},
        "%s",
        is_barred ? ky_tr("every street within the snapping distance of the venue lies behind a barrier")
                  : ky_tr("no street within the snapping distance of the venue"));
  }
  return KY_OK;
}
