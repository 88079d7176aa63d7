/* The report of a check: how each file was understood, before anybody trusts a number made from it. */
#include <math.h>
#include <string.h>

#include "cli_report.h"
#include "cli_text.h"
#include "io/dialect.h"

static const char *or_unknown(const char *text) {
  return text != NULL ? text : ky_tr("unknown");
}

/* The origins of ky_raw.crs_origin and ky_inputs.crs_origin in the reader's words. */
static const char *origin_text(const char *origin, char *buffer, size_t size) {
  static const char prefecture[] = "prefecture ";
  if (origin == NULL) return ky_tr("unknown");
  if (strcmp(origin, "file") == 0) return ky_tr("from the file");
  if (strcmp(origin, "database") == 0) return ky_tr("from the database");
  if (strcmp(origin, "config") == 0) return ky_tr("from the configuration");
  if (strcmp(origin, "assumption") == 0) return ky_tr("assumed: the file does not say");
  if (strcmp(origin, "longitude") == 0) return ky_tr("by the longitude of the data");
  if (strncmp(origin, prefecture, sizeof prefecture - 1) != 0) return origin;
  snprintf(buffer, size, ky_tr("by the prefecture, %s"), origin + sizeof prefecture - 1);
  return buffer;
}

bool ky_issue_is_of(const void *report, const ky_issue *issue) {
  return strcmp(((const ky_source_report *)report)->where, issue->source) == 0;
}

bool ky_issue_is_of_none(const void *read_opts, const ky_issue *issue) {
  const ky_read_opts *opts = read_opts;
  for (uint32_t i = 0; i < opts->source_count; i++)
    if (opts->reports[i].where != NULL && ky_issue_is_of(&opts->reports[i], issue)) return false;
  return true;
}

static void show_extent(FILE *out, const ky_source_report *report) {
  if (!report->has_extent) return;
  fprintf(out, ky_tr("    extent %.4f to %.4f E, %.4f to %.4f N"), report->west_deg, report->east_deg,
          report->south_deg, report->north_deg);
  if (report->is_reference)
    fprintf(out, "; %s", ky_tr("this is the municipality"));
  else if (report->is_apart)
    fprintf(out, "; %s", ky_tr("does NOT overlap the municipality"));
  else if (report->overlap > 0)
    fprintf(out, ky_tr("; covers %.0f %% of the municipality's box"), floor(report->overlap * 100));
  else if (!isnan(report->overlap))
    fprintf(out, "; %s", ky_tr("reaches the municipality's box (a point or straight line: no area to compare)"));
  fputc('\n', out);
}

static void show_columns(FILE *out, const ky_raw *raw) {
  if (raw->column_count == 0) return;
  fprintf(out, "    %s", ky_tr("columns: "));
  for (uint32_t c = 0; c < raw->column_count; c++)
    fprintf(out, "%s%s <- %s", c > 0 ? ", " : "", raw->columns[c].attribute, raw->columns[c].column);
  fputc('\n', out);
}

static void show_timetable(FILE *out, const ky_feed *feed) {
  char day[3][16];
  fprintf(out, ky_tr("    timetable from %s to %s, %s trips; counted on %s: %s trips\n"),
          ky_day_text(day[0], feed->first_day), ky_day_text(day[1], feed->last_day),
          ky_show_count(feed->trip_count).text, ky_day_text(day[2], feed->day),
          feed->day != KY_NO_DAY ? ky_show_count(feed->day_trip_count).text : ky_show_count(KY_NULL).text);
}

/* Where the records are, and whether anybody on the way can read them. */
static void show_postgis(FILE *out, const ky_pg_origin *o) {
  char srid[24];
  fprintf(out, ky_tr("    database %s at %s (%s), user %s; PostgreSQL %s, PostGIS %s\n"), o->database, o->server,
          o->place, o->user, o->version, o->postgis != NULL ? o->postgis : "-");
  if (o->tls != NULL)
    fprintf(out, ky_tr("    connection encrypted (%s), sslmode %s\n"), o->tls, o->sslmode);
  else
    fprintf(out, ky_tr("    connection NOT encrypted (no TLS), sslmode %s\n"), o->sslmode);
  snprintf(srid, sizeof srid, "%u", o->srid);
  fprintf(out, ky_tr("    table %s, geometry %s, SRID %s, in the order of %s\n"),
          o->table != NULL ? o->table : ky_tr("query"), o->geometry != NULL ? o->geometry : "-",
          o->geometry != NULL ? srid : "-", o->order != NULL ? o->order : ky_tr("all columns"));
}

/* What public layers may tell of it. */
static void show_access(FILE *out, const ky_source *source) {
  switch (source->role) {
    case KY_ROLE_RESIDENTS:
    case KY_ROLE_VENUES:
    case KY_ROLE_RESOURCES:
      fprintf(out, "    %s\n",
              source->is_open
                  ? ky_tr("access: open (open: true), its counts may be published")
                  : ky_tr("access: restricted (unless `open: true`), small counts stay out of public layers"));
      break;
    default:
      break;
  }
}

static void show_read(FILE *out, const ky_source_report *report) {
  const ky_raw *raw = &report->raw;
  char origin[80], dialect[KY_DIALECT_BYTES];
  ky_dialect_text(dialect, raw->source, &raw->dialect);
  fprintf(out, ky_tr("    format %s%s%s, encoding %s, CRS %s (%s)\n"), or_unknown(raw->format),
          dialect[0] != '\0' ? ", " : "", dialect, raw->encoding != NULL ? raw->encoding : "-",
          raw->crs != NULL ? raw->crs : "-",
          raw->crs != NULL ? origin_text(raw->crs_origin, origin, sizeof origin) : "-");
  fprintf(out, ky_tr("    %s records read, %s of them unusable; reference date %s\n"),
          ky_show_count(raw->read_count).text, ky_show_count(raw->bad_count).text, or_unknown(raw->source->date));
  if (raw->postgis != NULL) show_postgis(out, raw->postgis);
  if (raw->elsewhere_count != 0)
    fprintf(out, ky_tr("    %s of other municipalities left out\n"), ky_show_count(raw->elsewhere_count).text);
  if (raw->feed != NULL) show_timetable(out, raw->feed);
  show_access(out, raw->source);
  show_extent(out, report);
  show_columns(out, raw);
}

void ky_report_source(FILE *out, const ky_job *job, const ky_source_report *report) {
  const ky_source *source = report->raw.source;
  const ky_issue_filter filter = {ky_issue_is_of, report};
  fprintf(out, "%s  %s\n", source->name, source->shown);
  if (report->kind != NULL) fprintf(out, ky_tr("    recognised as: %s\n"), report->kind);
  if (report->err == KY_OK)
    show_read(out, report);
  else
    fprintf(out, ky_tr("    CANNOT BE USED: %s\n"), report->message);
  const ky_issue_groups groups = ky_issue_groups_make(&job->issues, &filter);
  ky_report_issue_groups(out, &job->issues, &groups, true);
}

/* People of all cells that were placed, a measure; KY_NULL without it. */
static int64_t sum_people(const ky_cells *cells, ky_measure measure) {
  int64_t sum = 0;
  if (cells->people[measure] == NULL) return KY_NULL;
  for (uint32_t c = 0; c < cells->count; c++)
    if (cells->people[measure][c] != KY_NULL) sum += cells->people[measure][c];
  return sum;
}

ky_check_places ky_check_places_of(const ky_result *result) {
  if (result->points == NULL || result->points->count == 0) return (ky_check_places){.is_made = false};
  ky_check_places places = {.is_made = true,
                            .zones = result->zones->count,
                            .streets = result->network->edge_count,
                            .cells = result->cells->count,
                            .venues = result->venues->count,
                            .people = sum_people(result->cells, KY_TOTAL),
                            .people_65 = sum_people(result->cells, KY_65)};
  for (uint32_t v = 0; v < result->venues->count; v++) places.venues_counting += result->venues->counts[v] == 1;
  return places;
}

static void show_places(FILE *out, const ky_check_places *places) {
  fprintf(out, ky_tr("Zones: %s. Streets: %s.\n"), ky_show_count(places->zones).text,
          ky_show_count(places->streets).text);
  fprintf(out, ky_tr("Residential cells: %s, with %s people, %s of them 65 and over (surroundings included).\n"),
          ky_show_count(places->cells).text, ky_show_people(places->people).text,
          ky_show_people(places->people_65).text);
  fprintf(out, ky_tr("Gathering places: %s, %s of them count.\n"), ky_show_count(places->venues).text,
          ky_show_count(places->venues_counting).text);
}

/* "2030: 41,270 people, 16,641 of them 65 and over" of the municipality. */
static void show_years(FILE *out, const ky_result *result) {
  const uint32_t row = KY_ROW_MUNICIPALITY(result->zones);
  for (uint32_t y = 0; y < result->years->count; y++) {
    const ky_year *year = &result->years->year[y];
    fprintf(out, ky_tr("Year %d: %s people in the municipality, %s of them 65 and over.\n"), year->year,
            ky_show_people(year->row_people[KY_YEAR_TOTAL][row]).text,
            ky_show_people(year->row_people[KY_YEAR_65][row]).text);
  }
}

void ky_report_check(FILE *out, const ky_job *job, const ky_config *config, const ky_result *result) {
  char origin[80];
  const ky_read_opts *read = &config->read;
  fprintf(out, ky_tr("%s, configuration %s\n"), config->name, config->path);
  for (uint32_t i = 0; i < read->source_count; i++)
    if (read->reports[i].raw.source != NULL) ky_report_source(out, job, &read->reports[i]);
  const ky_inputs *inputs = result->inputs;
  if (inputs != NULL && inputs->crs != NULL)
    fprintf(out, ky_tr("CRS of the run: %s (%s)\n"), inputs->crs,
            origin_text(inputs->crs_origin, origin, sizeof origin));
  const ky_check_places places = ky_check_places_of(result);
  if (places.is_made) show_places(out, &places);
  if (result->stops != NULL)
    fprintf(out, ky_tr("Stops of buses and trains: %s.\n"), ky_show_count(result->stops->count).text);
  if (result->resources != NULL)
    fprintf(out, ky_tr("Resources (shops, clinics, providers): %s.\n"), ky_show_count(result->resources->count).text);
  if (result->years != NULL) show_years(out, result);
  const ky_issue_filter others = {ky_issue_is_of_none, read};
  const ky_issue_groups groups = ky_issue_groups_make(&job->issues, &others);
  if (groups.count > 0) fprintf(out, "%s\n", ky_tr("Found in the data together:"));
  ky_report_issue_groups(out, &job->issues, &groups, false);
}
