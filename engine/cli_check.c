/* The report of a check: how each file was understood, before anybody trusts a number made from it. */
#include <string.h>

#include "cli_report.h"
#include "cli_text.h"

static const char *or_unknown(const char *text) {
  return text != NULL ? text : ky_tr("unknown");
}

/* The origins of ky_raw.crs_origin and ky_inputs.crs_origin in the reader's words. */
static const char *origin_text(const char *origin, char *buffer, size_t size) {
  static const char prefecture[] = "prefecture ";
  if (origin == NULL) return ky_tr("unknown");
  if (strcmp(origin, "file") == 0) return ky_tr("from the file");
  if (strcmp(origin, "config") == 0) return ky_tr("from the configuration");
  if (strcmp(origin, "longitude") == 0) return ky_tr("by the longitude of the data");
  if (strncmp(origin, prefecture, sizeof prefecture - 1) != 0) return origin;
  snprintf(buffer, size, ky_tr("by the prefecture, %s"), origin + sizeof prefecture - 1);
  return buffer;
}

static void show_source(FILE *out, const ky_raw *raw) {
  const ky_source *source = raw->source;
  char origin[80];
  fprintf(out, "%s  %s\n", source->name, source->shown);
  fprintf(out, ky_tr("    format %s, encoding %s, CRS %s (%s)\n"), or_unknown(raw->format),
          raw->encoding != NULL ? raw->encoding : "-", raw->crs != NULL ? raw->crs : "-",
          raw->crs != NULL ? origin_text(raw->crs_origin, origin, sizeof origin) : "-");
  fprintf(out, ky_tr("    %s records read, %s of them unusable; reference date %s\n"),
          ky_show_count(raw->read_count).text, ky_show_count(raw->bad_count).text, or_unknown(source->date));
}

static void show_sources(FILE *out, const ky_raw *raws, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    if (raws[i].source != NULL) show_source(out, &raws[i]);
}

/* People of all cells that were placed, a measure; KY_NULL without it. */
static int64_t sum_people(const ky_cells *cells, ky_measure measure) {
  int64_t sum = 0;
  if (cells->people[measure] == NULL) return KY_NULL;
  for (uint32_t c = 0; c < cells->count; c++)
    if (cells->people[measure][c] != KY_NULL) sum += cells->people[measure][c];
  return sum;
}

static void show_places(FILE *out, const ky_result *result) {
  const ky_cells *cells = result->cells;
  uint32_t counting = 0;
  for (uint32_t v = 0; v < result->venues->count; v++) counting += result->venues->counts[v] == 1;
  fprintf(out, ky_tr("Zones: %s. Streets: %s.\n"), ky_show_count(result->zones->count).text,
          ky_show_count(result->network->edge_count).text);
  fprintf(out, ky_tr("Residential cells: %s, with %s people, %s of them 65 and over (surroundings included).\n"),
          ky_show_count(cells->count).text, ky_show_people(sum_people(cells, KY_TOTAL)).text,
          ky_show_people(sum_people(cells, KY_65)).text);
  fprintf(out, ky_tr("Gathering places: %s, %s of them count.\n"), ky_show_count(result->venues->count).text,
          ky_show_count(counting).text);
}

void ky_report_check(FILE *out, const ky_config *config, const ky_result *result) {
  char origin[80];
  fprintf(out, ky_tr("%s, configuration %s\n"), config->name, config->path);
  const ky_inputs *inputs = result->inputs;
  if (inputs == NULL) return;
  show_sources(out, inputs->borders, inputs->border_count);
  show_sources(out, inputs->residents, inputs->resident_count);
  show_sources(out, inputs->venues, inputs->venue_count);
  show_sources(out, inputs->zones, inputs->zone_count);
  show_sources(out, inputs->officials, inputs->official_count);
  show_sources(out, inputs->roads, inputs->road_count);
  show_sources(out, inputs->sites, inputs->site_count);
  if (inputs->crs != NULL)
    fprintf(out, ky_tr("CRS of the run: %s (%s)\n"), inputs->crs,
            origin_text(inputs->crs_origin, origin, sizeof origin));
  if (result->points != NULL && result->points->count > 0) show_places(out, result);
}
