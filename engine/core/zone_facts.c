/* Facts of zones: from the records of the zones themselves, from tables of the register, from the configuration. */
#include "core/zone_facts.h"

#include <kayoi/table.h>
#include <kayoi/years.h>
#include <stdlib.h>
#include <string.h>

#include "core/participants_of.h"
#include "core/ratio.h"
#include "core/records.h"

#define SHOWN_ZONES 12 /* of a list in a message */

ky_zone_fact ky_zone_fact_none(void) {
  ky_zone_fact fact = {.rate = KY_NULL,
                       .participants = KY_NULL,
                       .participants_m = KY_NULL,
                       .participants_f = KY_NULL,
                       .participants_weekly = KY_NULL,
                       .participants_of = KY_65};
  for (int m = 0; m < KY_MEASURE_COUNT; m++) fact.people[m] = KY_NULL;
  return fact;
}

static uint32_t find_zone(const ky_zones *zones, const char *key) {
  for (uint32_t z = 0; z < zones->count; z++)
    if (strcmp(zones->id[z], key) == 0) return z;
  for (uint32_t z = 0; z < zones->count; z++)
    if (strcmp(zones->name[z], key) == 0) return z;
  return KY_NONE;
}

static ky_err refuse_zone(ky_job *job, const ky_zone_fact *fact, const ky_zones *zones) {
  const char *list = "";
  for (uint32_t z = 0; z < zones->count && z < SHOWN_ZONES; z++) {
    list = ky_format(&job->scratch, "%s%s%s", list, z == 0 ? "" : ", ", zones->id[z]);
    if (list == NULL) return ky_fail_memory(job);
  }
  return ky_fail(job, KY_E_CONFIG, ky_tr("%s: there is no zone '%s'; the zones are: %s"), fact->where, fact->zone_id,
                 list);
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

static ky_err set_people(ky_job *job, const ky_zone_fact *fact, uint32_t zone, ky_zones *out) {
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
  return KY_OK;
}

/* A share, or the run ends: 8 may be 8 % or a slip of the pen, and nobody here knows which. */
static ky_err check_rate(ky_job *job, const ky_zone_fact *fact, const char *zone_id) {
  char rate[32], share[32];
  if (fact->rate == KY_NULL || (fact->rate > 0 && fact->rate <= KY_WHOLE)) return KY_OK;
  ky_fixed_text(rate, fact->rate, 6);
  ky_fixed_text(share, (fact->rate + 50) / 100, 6);
  if (fact->rate > 0 && fact->rate <= 100 * (int64_t)KY_WHOLE)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: zone %s: a target rate of %s is more than everybody; did you mean %s? A rate is a share: "
                         "8 %% is written 0.08"),
                   fact->where, zone_id, rate, share);
  return ky_fail(job, KY_E_INPUT, ky_tr("%s: zone %s: a target rate of %s cannot be; 8 %% is written 0.08"),
                 fact->where, zone_id, rate);
}

static ky_err set_participants(ky_job *job, const ky_zone_fact *fact, uint32_t zone, ky_zones *out) {
  if (fact->participants == KY_NULL) return KY_OK;
  int64_t m = fact->participants_m, f = fact->participants_f;
  const bool is_odd = ky_add(m == KY_NULL ? 0 : m, f == KY_NULL ? 0 : f) > fact->participants;
  if (is_odd) {
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = fact->where,
                             .record = out->id[zone],
                             .field = "participants",
                             .reason = "sexes_do_not_add_up",
                             .action = ky_tr("men and women of the zone are taken as unknown; correct the three")},
                 ky_tr("%lld men and %lld women, but %lld participants"), (long long)(m == KY_NULL ? 0 : m),
                 (long long)(f == KY_NULL ? 0 : f), (long long)fact->participants);
    m = f = KY_NULL;
  }
  out->participants[zone] = fact->participants;
  out->participants_m[zone] = m;
  out->participants_f[zone] = f;
  out->participants_weekly[zone] = fact->participants_weekly;
  out->participants_of[zone] = fact->participants_of;
  out->participants_date[zone] = fact->participants_date;
  return KY_OK;
}

static bool has_people(const ky_zone_fact *fact) {
  for (int m = 0; m < KY_MEASURE_COUNT; m++)
    if (fact->people[m] != KY_NULL) return true;
  return false;
}

/* What is stated for a year is collected at the end of zones->year_rate and year_people, which have room for all. */
static void set_year(const ky_zone_fact *fact, uint32_t zone, ky_zones *out) {
  if (fact->rate != KY_NULL)
    out->year_rate[out->year_rate_count++] =
        (ky_year_rate){.zone = zone, .year = fact->year, .rate = fact->rate, .basis = fact->basis};
  if (!has_people(fact)) return;
  ky_year_people *people = &out->year_people[out->year_people_count++];
  *people = (ky_year_people){.zone = zone, .year = fact->year};
  memcpy(people->people, fact->people, sizeof people->people);
}

static ky_err set_fact(ky_job *job, const ky_zone_fact *fact, ky_zones *out) {
  const uint32_t zone = find_zone(out, fact->zone_id);
  if (zone == KY_NONE) return refuse_zone(job, fact, out);
  KY_TRY(check_rate(job, fact, out->id[zone]));
  if (fact->year != 0) {
    set_year(fact, zone, out);
    return KY_OK;
  }
  KY_TRY(set_people(job, fact, zone, out));
  if (fact->rate != KY_NULL) out->rate[zone] = fact->rate;
  if (fact->basis != NULL) out->rate_basis[zone] = fact->basis;
  return set_participants(job, fact, zone, out);
}

/* Registers of different dates may disagree by a few, but not within one row. */
static void check_people(ky_job *job, const ky_zone_fact *fact, const char *zone_id) {
  static const ky_measure totals[] = {KY_TOTAL, KY_65, KY_75, KY_85};
  int64_t wider = KY_NULL;
  ky_issue issue = {.severity = KY_WARNING, .source = fact->where, .record = zone_id};
  char text[4][32];
  for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
    const int64_t all = fact->people[totals[t]], m = fact->people[totals[t] + 1], f = fact->people[totals[t] + 2];
    issue.field = ky_format(&job->scratch, "pop_%s", ky_measure_name(totals[t]));
    ky_fixed_text(text[0], all, 3);
    ky_fixed_text(text[1], m, 3);
    ky_fixed_text(text[2], f, 3);
    ky_fixed_text(text[3], wider, 3);
    if (all != KY_NULL && m != KY_NULL && f != KY_NULL && m + f != all) {
      issue.reason = "official_sexes_do_not_add_up";
      issue.action = ky_tr("all three are shown as given; the total counts, men and women only share it; correct them");
      ky_issue_add(job, &issue, ky_tr("%s men and %s women, but %s people"), text[1], text[2], text[0]);
    }
    if (all != KY_NULL && wider != KY_NULL && all > wider) {
      issue.reason = "official_bands_do_not_fit";
      issue.action = ky_tr("both are shown as given; correct one of them");
      ky_issue_add(job, &issue, ky_tr("%s people, but the wider age band has only %s"), text[0], text[3]);
    }
    if (all != KY_NULL) wider = all;
  }
}

/* Of the column of years; 0: the people of now, which those of the reference date are too. */
static int year_of(ky_job *job, const ky_record *record) {
  const int64_t year = ky_record_number(job, record, "year", 0);
  const char *date = ky_raw_value(record->raw, "date", record->record);
  if (date == NULL) date = record->raw->source->date;
  return year == KY_NULL || year == ky_year_of_date(date) ? 0 : (int)year;
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
  fact.participants_m = ky_record_number(job, record, "participants_m", 0);
  fact.participants_f = ky_record_number(job, record, "participants_f", 0);
  fact.participants_weekly = ky_record_number(job, record, "participants_weekly", 0);
  fact.year = year_of(job, record);
  fact.participants_of = ky_participants_measure(record->raw->source);
  fact.participants_date = ky_participants_date(record);
  if (is_official) check_people(job, &fact, fact.zone_id);
  return fact;
}

static ky_err set_facts_of(ky_job *job, const ky_raw *raws, uint32_t raw_count, bool is_official, ky_zones *out) {
  ky_record *records;
  uint32_t count;
  for (uint32_t r = 0; r < raw_count; r++) ky_participants_tell(job, &raws[r]);
  KY_TRY(ky_records_new(job, raws, raw_count, &records, &count));
  for (uint32_t i = 0; i < count; i++) {
    ky_zone_fact fact = fact_of(job, &records[i], is_official);
    if (ky_participants_are_elsewhere(records[i].raw->source)) fact.participants = KY_NULL;
    KY_TRY(set_fact(job, &fact, out));
  }
  return KY_OK;
}

static uint32_t count_records(const ky_raw *raws, uint32_t raw_count) {
  uint32_t count = 0;
  for (uint32_t r = 0; r < raw_count; r++) count += raws[r].count;
  return count;
}

static ky_err new_columns(ky_job *job, uint32_t facts, ky_zones *out) {
  int64_t **const numbers[] = {&out->rate, &out->participants, &out->participants_m, &out->participants_f,
                               &out->participants_weekly};
  for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++) {
    KY_NEW(job, keep, *numbers[c], out->count);
    for (uint32_t z = 0; z < out->count; z++) (*numbers[c])[z] = KY_NULL;
  }
  KY_NEW(job, keep, out->rate_basis, out->count);
  KY_NEW(job, keep, out->participants_of, out->count);
  KY_NEW(job, keep, out->participants_date, out->count);
  KY_NEW(job, keep, out->year_rate, facts);
  KY_NEW(job, keep, out->year_people, facts);
  for (uint32_t z = 0; z < out->count; z++) out->participants_of[z] = KY_65;
  return KY_OK;
}

static int by_zone_and_year(const void *left, const void *right) {
  const ky_year_rate *a = left, *b = right;
  if (a->zone != b->zone) return a->zone < b->zone ? -1 : 1;
  return (a->year > b->year) - (a->year < b->year);
}

static int by_year_and_zone(const void *left, const void *right) {
  const ky_year_people *a = left, *b = right;
  if (a->year != b->year) return a->year < b->year ? -1 : 1;
  return (a->zone > b->zone) - (a->zone < b->zone);
}

ky_err ky_zones_official_year(ky_job *job, int year, ky_zones *zones) {
  memset(zones->official, 0, sizeof zones->official);
  zones->official_date = NULL;
  for (uint32_t i = 0; i < zones->year_people_count; i++) {
    const ky_year_people *stated = &zones->year_people[i];
    ky_zone_fact then = {.where = "zones.official"};
    if (stated->year != year) continue;
    memcpy(then.people, stated->people, sizeof then.people);
    KY_TRY(set_people(job, &then, stated->zone, zones));
    if (zones->official_date == NULL) zones->official_date = ky_format(&job->keep, "%d", year);
    if (zones->official_date == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

ky_err ky_zone_facts_set(ky_job *job, const ky_inputs *inputs, const ky_zone_fact *facts, uint32_t fact_count,
                         ky_zones *zones) {
  const uint32_t in_tables =
      count_records(inputs->zones, inputs->zone_count) + count_records(inputs->officials, inputs->official_count);
  KY_TRY(new_columns(job, fact_count + in_tables, zones));
  KY_TRY(set_facts_of(job, inputs->zones, inputs->zone_count, false, zones));
  KY_TRY(set_facts_of(job, inputs->officials, inputs->official_count, true, zones));
  for (uint32_t f = 0; f < fact_count; f++) KY_TRY(set_fact(job, &facts[f], zones));
  if (zones->year_rate_count > 1)
    qsort(zones->year_rate, zones->year_rate_count, sizeof *zones->year_rate, by_zone_and_year);
  if (zones->year_people_count > 1)
    qsort(zones->year_people, zones->year_people_count, sizeof *zones->year_people, by_year_and_zone);
  return KY_OK;
}
