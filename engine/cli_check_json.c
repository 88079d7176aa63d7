/* The report of a check as one JSON document, for programs. Keys are stable; null is what is not known. */
#include <inttypes.h>
#include <math.h>

#include "cli_report.h"
#include "cli_text.h"
#include "io/dialect.h"

static void write_text(FILE *out, const char *key, const char *text) {
  fprintf(out, "\"%s\":", key);
  if (text != NULL)
    ky_json_text(out, text);
  else
    fputs("null", out);
}

/* Thousandths of a person as people, exactly. */
static void write_people(FILE *out, const char *key, int64_t milli) {
  if (milli == KY_NULL)
    fprintf(out, "\"%s\":null", key);
  else
    fprintf(out, "\"%s\":%" PRId64 ".%03" PRId64, key, milli / KY_PERSON, milli % KY_PERSON);
}

static void write_groups(FILE *out, const ky_issues *issues, const ky_issue_filter *filter) {
  const ky_issue_groups groups = ky_issue_groups_make(issues, filter);
  fputs("\"issues\":[", out);
  for (uint32_t g = 0; g < groups.count; g++) {
    const ky_issue_group *row = &groups.rows[g];
    const ky_issue *first = &issues->rows[row->example[0]];
    fprintf(out, "%s{\"severity\":\"%s\",", g > 0 ? "," : "", ky_severity_name(first->severity));
    write_text(out, "reason", first->reason);
    fprintf(out, ",\"count\":%" PRIu32 ",", row->count);
    write_text(out, "action", first->action);
    fputs(",\"examples\":[", out);
    for (uint32_t e = 0; e < row->count && e < KY_ISSUE_EXAMPLES_MAX; e++) {
      const ky_issue *issue = &issues->rows[row->example[e]];
      fputs(e > 0 ? ",{" : "{", out);
      write_text(out, "source", issue->source);
      fputc(',', out);
      write_text(out, "record", issue->record);
      fputc(',', out);
      write_text(out, "field", issue->field);
      fputc(',', out);
      write_text(out, "message", issue->message);
      fputc('}', out);
    }
    fputs("]}", out);
  }
  fprintf(out, "],\"issues_of_further_reasons\":%" PRIu32, groups.others);
}

static void write_extent(FILE *out, const ky_source_report *report) {
  if (report->has_extent)
    fprintf(out, ",\"extent_deg\":{\"west\":%.7f,\"south\":%.7f,\"east\":%.7f,\"north\":%.7f}", report->west_deg,
            report->south_deg, report->east_deg, report->north_deg);
  else
    fputs(",\"extent_deg\":null", out);
  fprintf(out, ",\"is_municipality\":%s", report->is_reference ? "true" : "false");
  if (isnan(report->overlap))
    fputs(",\"meets_municipality\":null", out);
  else
    fprintf(out, ",\"meets_municipality\":%s", report->is_apart ? "false" : "true");
  if (isnan(report->overlap))
    fputs(",\"municipality_share\":null", out);
  else
    fprintf(out, ",\"municipality_share\":%.4f", report->overlap);
}

static void write_columns(FILE *out, const ky_raw *raw) {
  fputs(",\"columns\":{", out);
  for (uint32_t c = 0; c < raw->column_count; c++) {
    if (c > 0) fputc(',', out);
    write_text(out, raw->columns[c].attribute, raw->columns[c].column);
  }
  fputc('}', out);
}

/* How a text table or a spreadsheet is written; null for what is neither. */
static void write_dialect(FILE *out, const ky_raw *raw) {
  const ky_dialect *d = &raw->dialect;
  char text[KY_DIALECT_BYTES];
  if (d->separator == 0 && !d->is_sheet) {
    fputs(",\"dialect\":null", out);
    return;
  }
  fputs(",\"dialect\":{", out);
  write_text(out, "separator", ky_dialect_separator(d));
  fprintf(out,
          ",\"byte_order_mark\":%s,\"quoted_line_feeds\":%s,\"header_row\":%" PRIu32
          ",\"other_width_names\":%s,\"full_width_digits\":%s,",
          d->has_bom ? "true" : "false", d->has_quoted_lines ? "true" : "false", d->header_row,
          d->has_wide_names ? "true" : "false", d->has_wide_digits ? "true" : "false");
  write_text(out, "text", ky_dialect_text(text, raw->source, d));
  fputc('}', out);
}

/* A date, null for none. */
static void write_day(FILE *out, const char *key, int32_t day) {
  char text[16];
  write_text(out, key, day != KY_NO_DAY ? ky_day_text(text, day) : NULL);
}

static void write_timetable(FILE *out, const ky_feed *feed) {
  fputs(",\"timetable\":{", out);
  write_day(out, "valid_from", feed->first_day);
  fputc(',', out);
  write_day(out, "valid_to", feed->last_day);
  fputc(',', out);
  write_day(out, "day_counted", feed->day);
  fprintf(out, ",\"trips\":%" PRIu32 ",\"trips_on_day\":%" PRIu32 "}", feed->trip_count, feed->day_trip_count);
}

static void write_postgis(FILE *out, const ky_pg_origin *o) {
  const struct {
    const char *key, *text;
  } texts[] = {{"place", o->place},       {"server", o->server},   {"database", o->database},
               {"user", o->user},         {"version", o->version}, {"postgis_version", o->postgis},
               {"tls", o->tls},           {"sslmode", o->sslmode}, {"table", o->table},
               {"geometry", o->geometry}, {"order", o->order}};
  fputs(",\"postgis\":{", out);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    write_text(out, texts[i].key, texts[i].text);
    fputc(',', out);
  }
  if (o->geometry != NULL)
    fprintf(out, "\"srid\":%" PRIu32 "}", o->srid);
  else
    fputs("\"srid\":null}", out);
}

void ky_report_source_json(FILE *out, const ky_job *job, const ky_source_report *report) {
  const ky_raw *raw = &report->raw;
  const ky_issue_filter filter = {ky_issue_is_of, report};
  const struct {
    const char *key, *text;
  } texts[] = {{"source", raw->source->name},
               {"role", ky_role_get(raw->source->role)->name},
               {"path", raw->source->shown},
               {"recognised", report->kind},
               {"format", raw->format},
               {"encoding", raw->encoding},
               {"crs", raw->crs},
               {"crs_origin", raw->crs_origin},
               {"date", raw->source->date},
               {"access", raw->source->is_open ? "open" : "restricted"},
               {"error", report->message}};
  fputc('{', out);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    write_text(out, texts[i].key, texts[i].text);
    fputc(',', out);
  }
  fprintf(out, "\"records_read\":%" PRIu32 ",\"records_bad\":%" PRIu32 ",\"records_used\":%" PRIu32, raw->read_count,
          raw->bad_count, raw->count);
  fprintf(out, ",\"records_elsewhere\":%" PRIu32, raw->elsewhere_count);
  write_extent(out, report);
  write_columns(out, raw);
  write_dialect(out, raw);
  if (raw->feed != NULL) write_timetable(out, raw->feed);
  if (raw->postgis != NULL) write_postgis(out, raw->postgis);
  fputc(',', out);
  write_groups(out, &job->issues, &filter);
  fputc('}', out);
}

static void write_years(FILE *out, const ky_result *result) {
  const uint32_t row = KY_ROW_MUNICIPALITY(result->zones);
  fputs(",\"years\":[", out);
  for (uint32_t y = 0; y < result->years->count; y++) {
    const ky_year *year = &result->years->year[y];
    fprintf(out, "%s{\"year\":%d,", y > 0 ? "," : "", year->year);
    write_people(out, "people", year->row_people[KY_YEAR_TOTAL][row]);
    fputc(',', out);
    write_people(out, "people_65", year->row_people[KY_YEAR_65][row]);
    fputc('}', out);
  }
  fputc(']', out);
}

static void write_places(FILE *out, const ky_result *result) {
  const ky_check_places places = ky_check_places_of(result);
  if (!places.is_made) {
    fputs("\"places\":null", out);
    return;
  }
  fprintf(out,
          "\"places\":{\"zones\":%" PRIu32 ",\"streets\":%" PRIu32 ",\"cells\":%" PRIu32 ",\"venues\":%" PRIu32
          ",\"venues_counting\":%" PRIu32 ",",
          places.zones, places.streets, places.cells, places.venues, places.venues_counting);
  write_people(out, "people", places.people);
  fputc(',', out);
  write_people(out, "people_65", places.people_65);
  if (result->stops != NULL) fprintf(out, ",\"stops\":%" PRIu32, result->stops->count);
  if (result->resources != NULL) fprintf(out, ",\"resources\":%" PRIu32, result->resources->count);
  if (result->years != NULL) write_years(out, result);
  fputc('}', out);
}

static void write_read(FILE *out, const ky_job *job, const ky_config *config, const ky_result *result) {
  const ky_inputs *inputs = result->inputs;
  const ky_issue_filter others = {ky_issue_is_of_none, &config->read};
  bool is_first = true;
  write_text(out, "municipality", config->name);
  fputc(',', out);
  write_text(out, "crs", inputs != NULL ? inputs->crs : NULL);
  fputc(',', out);
  write_text(out, "crs_origin", inputs != NULL ? inputs->crs_origin : NULL);
  fputs(",\"sources\":[\n", out);
  for (uint32_t i = 0; i < config->read.source_count; i++) {
    if (config->read.reports[i].raw.source == NULL) continue;
    if (!is_first) fputs(",\n", out);
    is_first = false;
    ky_report_source_json(out, job, &config->read.reports[i]);
  }
  fputs("\n],", out);
  write_groups(out, &job->issues, &others);
  fputs(",\n", out);
  write_places(out, result);
  fputc(',', out);
}

void ky_report_check_json(FILE *out, const ky_job *job, const char *path, const ky_config *config,
                          const ky_result *result) {
  const uint32_t doubts = ky_doubt_count(job);
  const char *verdict = job->err != KY_OK ? "not_ready" : doubts > 0 ? "ready_with_doubts" : "ready";
  fputc('{', out);
  write_text(out, "config", path);
  fputc(',', out);
  if (config != NULL) write_read(out, job, config, result);
  fprintf(out, "\"exit\":%d,", ky_err_status(job->err));
  write_text(out, "error", job->err != KY_OK ? job->message : NULL);
  fprintf(out, ",\"doubts\":%" PRIu32 ",\"verdict\":\"%s\"}\n", doubts, verdict);
}
