/* Facts of zones: a list of the configuration, tables with a value per record, tables with a column per value. */
#include <kayoi/facts.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "io/text_key.h"
#include "io/zone_keys.h"

static const struct {
  const char *code, *words;
} known[KY_FACT_CODE_COUNT] = {
#define KY_X(id, code, words) [id] = {code, words},
    KY_FACT_CODES(KY_X)
#undef KY_X
};

/* Says that a value is of the municipality as a whole; normalised. */
static const char WHOLE[] = "全体|市全体|町全体|村全体|市町村全体|全市|全町|全村|合計|総数";

/* One fact, found and read. */
typedef struct fact {
  ky_fact_text text;
  uint32_t row;
  uint8_t code;
  int64_t number;
} fact;

typedef struct reading {
  ky_job *job;
  const ky_zones *zones;
  ky_zone_keys keys;
  const char *home; /* key of the municipality's name; NULL unknown */
  fact *of;
  uint32_t count;
} reading;

static ky_err find_row(reading *r, const char *zone, uint32_t *out) {
  const char *key = zone != NULL ? ky_text_label(&r->job->scratch, zone) : "";
  if (key == NULL) return ky_fail_memory(r->job);
  *out = key[0] != '\0' ? ky_zone_keys_find(&r->keys, key) : KY_NONE;
  if (*out == KY_NONE && key[0] != '\0' &&
      (ky_text_label_place(key, WHOLE) >= 0 || (r->home != NULL && strcmp(key, r->home) == 0)))
    *out = KY_ROW_MUNICIPALITY(r->zones);
  return KY_OK;
}

static ky_err code_of(reading *r, const char *item, uint8_t *out) {
  const char *key = item != NULL ? ky_text_label(&r->job->scratch, item) : "";
  if (key == NULL) return ky_fail_memory(r->job);
  *out = KY_FACT_CODE_COUNT;
  for (int c = 0; c < KY_FACT_CODE_COUNT; c++)
    if (strcmp(key, known[c].code) == 0 || ky_text_label_place(key, known[c].words) >= 0) *out = (uint8_t)c;
  return KY_OK;
}

/* Adds the fact of a row that was found. code: KY_FACT_CODE_COUNT: by its item. */
static ky_err add(reading *r, const ky_fact_text *text, uint32_t row, int code) {
  fact *f = &r->of[r->count++];
  *f = (fact){.text = *text, .row = row, .code = (uint8_t)code, .number = KY_NULL};
  if (code == KY_FACT_CODE_COUNT) KY_TRY(code_of(r, text->item, &f->code));
  const char *number = text->value != NULL ? ky_text_number(&r->job->scratch, text->value) : NULL;
  if (number != NULL) f->number = ky_number_fixed(number, 3);
  return KY_OK;
}

#define SHOWN_ZONES 12 /* of a list in a message */

static ky_err refuse(reading *r, const ky_fact_text *text) {
  const char *list = "";
  for (uint32_t z = 0; z < r->zones->count && z < SHOWN_ZONES; z++) {
    list = ky_format(&r->job->scratch, "%s%s%s", list, z == 0 ? "" : ", ", r->zones->id[z]);
    if (list == NULL) return ky_fail_memory(r->job);
  }
  return ky_fail(r->job, KY_E_CONFIG, ky_tr("%s: there is no zone '%s'; the zones are: %s"), text->where, text->zone,
                 list);
}

static void report_unknown(reading *r, const ky_raw *raw, uint32_t record, const char *zone) {
  ky_issue_add(r->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(r->job, raw->source),
                           .record = raw->record[record],
                           .field = "zone_id",
                           .reason = "fact_zone_unknown",
                           .action = ky_tr("left out; write the id or the name of a zone as the map has it")},
               ky_tr("no zone, or more than one, is called '%.60s'"), zone != NULL ? zone : "");
}

/* A record with item and value, and one fact for each column that is a value of its own. */
static ky_err read_record(reading *r, const ky_raw *raw, uint32_t i) {
  uint32_t row;
  ky_fact_text text = {.zone = ky_raw_value(raw, "zone_id", i),
                       .unit = ky_raw_value(raw, "unit", i),
                       .date = ky_raw_value(raw, "date", i),
                       .source = ky_raw_value(raw, "source", i)};
  if (text.date == NULL) text.date = raw->source->date;
  if (text.source == NULL) text.source = raw->source->shown;
  KY_TRY(find_row(r, text.zone, &row));
  if (row == KY_NONE) {
    report_unknown(r, raw, i, text.zone);
    return KY_OK;
  }
  for (int c = 0; c < KY_FACT_CODE_COUNT; c++) {
    const ky_raw_column *column = ky_raw_column_of(raw, known[c].code);
    if (column == NULL) continue;
    ky_fact_text own = text;
    own.item = column->column;
    own.value = column->value[i];
    KY_TRY(add(r, &own, row, c));
  }
  text.item = ky_raw_value(raw, "item", i);
  text.value = ky_raw_value(raw, "value", i);
  return text.item != NULL ? add(r, &text, row, KY_FACT_CODE_COUNT) : KY_OK;
}

static int by_text(const char *a, const char *b) {
  return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_place(const void *left, const void *right) {
  const fact *a = left, *b = right;
  if (a->row != b->row) return a->row < b->row ? -1 : 1;
  int order = (a->code > b->code) - (a->code < b->code);
  if (order == 0) order = by_text(a->text.item, b->text.item);
  if (order == 0) order = by_text(a->text.date, b->text.date);
  if (order == 0) order = by_text(a->text.value, b->text.value);
  if (order == 0) order = by_text(a->text.unit, b->text.unit);
  return order != 0 ? order : by_text(a->text.source, b->text.source);
}

static ky_err put(const reading *r, ky_facts *out) {
  ky_job *job = r->job;
  KY_NEW(job, keep, out->row, r->count);
  KY_NEW(job, keep, out->item, r->count);
  KY_NEW(job, keep, out->value, r->count);
  KY_NEW(job, keep, out->unit, r->count);
  KY_NEW(job, keep, out->date, r->count);
  KY_NEW(job, keep, out->source, r->count);
  KY_NEW(job, keep, out->number, r->count);
  KY_NEW(job, keep, out->code, r->count);
  for (uint32_t i = 0; i < r->count; i++) {
    out->row[i] = r->of[i].row;
    out->item[i] = r->of[i].text.item;
    out->value[i] = r->of[i].text.value;
    out->unit[i] = r->of[i].text.unit;
    out->date[i] = r->of[i].text.date;
    out->source[i] = r->of[i].text.source;
    out->number[i] = r->of[i].number;
    out->code[i] = r->of[i].code;
  }
  out->count = r->count;
  return KY_OK;
}

/* Two values of one thing and date: neither is used for the zones. */
static void report_twice(const reading *r) {
  for (uint32_t i = 1; i < r->count; i++) {
    const fact *a = &r->of[i - 1], *b = &r->of[i];
    if (a->row != b->row || a->code != b->code || a->number == b->number || by_text(a->text.date, b->text.date) != 0 ||
        (a->code == KY_FACT_CODE_COUNT && by_text(a->text.item, b->text.item) != 0))
      continue;
    ky_issue_add(r->job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "zones.facts",
                             .record = a->row < r->zones->count ? r->zones->id[a->row] : NULL,
                             .field = a->text.item,
                             .reason = "fact_twice",
                             .action = ky_tr("both stand in the layer zone_facts, neither in zones; keep one of them, "
                                             "or date them")},
                 ky_tr("two values for the same date: %.40s and %.40s"), a->text.value != NULL ? a->text.value : "-",
                 b->text.value != NULL ? b->text.value : "-");
  }
}

ky_err ky_facts_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const char *municipality_name,
                      const ky_fact_text *stated, uint32_t stated_count, ky_facts *out) {
  reading r = {.job = job, .zones = zones};
  uint64_t most = stated_count;
  memset(out, 0, sizeof *out);
  if (municipality_name != NULL && (r.home = ky_text_label(&job->scratch, municipality_name)) == NULL)
    return ky_fail_memory(job);
  for (uint32_t s = 0; s < inputs->fact_source_count; s++)
    most += (uint64_t)inputs->facts[s].count * (KY_FACT_CODE_COUNT + 1);
  KY_NEW(job, scratch, r.of, most);
  KY_TRY(ky_zone_keys_list(job, zones, &r.keys));
  for (uint32_t s = 0; s < inputs->fact_source_count; s++)
    for (uint32_t i = 0; i < inputs->facts[s].count; i++) KY_TRY(read_record(&r, &inputs->facts[s], i));
  for (uint32_t f = 0; f < stated_count; f++) {
    uint32_t row;
    KY_TRY(find_row(&r, stated[f].zone, &row));
    if (row == KY_NONE) return refuse(&r, &stated[f]);
    KY_TRY(add(&r, &stated[f], row, KY_FACT_CODE_COUNT));
  }
  if (r.count != 0) qsort(r.of, r.count, sizeof *r.of, by_place);
  report_twice(&r);
  return put(&r, out);
}
