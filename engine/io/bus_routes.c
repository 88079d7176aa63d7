/* Columns of bus routes: see bus_routes.h. */
#include "io/bus_routes.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/text_key.h"

#define UNKNOWN_TRIPS 999.0 /* from here on: N07 writes 999.9 */

static ky_err new_column(ky_job *job, const ky_raw *raw, const char *attribute, ky_raw_column *out) {
  *out = (ky_raw_column){.attribute = attribute, .column = attribute};
  KY_NEW(job, keep, out->value, raw->count);
  return KY_OK;
}

static ky_err copy_column(ky_job *job, const ky_raw *raw, const char *from, const char *attribute, ky_raw_column *out) {
  const ky_raw_column *given = ky_raw_column_of(raw, from);
  KY_TRY(new_column(job, raw, attribute, out));
  if (given == NULL) return KY_OK;
  out->column = given->column;
  if (raw->count != 0) memcpy((void *)out->value, (const void *)given->value, raw->count * sizeof *out->value);
  return KY_OK;
}

static ky_err key_column(ky_job *job, const ky_raw *raw, const ky_raw_column *of, const char *attribute,
                         ky_raw_column *out) {
  KY_TRY(new_column(job, raw, attribute, out));
  for (uint32_t i = 0; i < raw->count; i++) {
    if (of->value[i] == NULL) continue;
    out->value[i] = ky_text_key(&job->keep, of->value[i]);
    if (out->value[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* Trips as thousandths. */
static ky_err trips_column(ky_job *job, const ky_raw *raw, ky_raw_column *out, uint32_t *unknown) {
  KY_TRY(copy_column(job, raw, "weekday", "weekday", out));
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *text = out->value[i] != NULL ? ky_text_number(&job->scratch, out->value[i]) : NULL;
    const double trips = text != NULL ? strtod(text, NULL) : -1;
    out->value[i] = NULL;
    if (!(trips >= 0 && trips < UNKNOWN_TRIPS)) {
      ++*unknown;
      continue;
    }
    out->value[i] = ky_format(&job->keep, "%" PRId64, (int64_t)llround(trips * 1000));
    if (out->value[i] == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

static void report(ky_job *job, const ky_raw *raw, bool has_trips, uint32_t unknown) {
  if (!has_trips)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, raw->source),
                    .reason = "routes_without_trips",
                    .action = ky_tr("stops get no trips from it; N07 of 2011 has them, a timetable (GTFS) is newer")},
        "%s", ky_tr("it says nothing about how often buses run (KSJ N07 of 2022 does not)"));
  else if (unknown != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = ky_source_where(job, raw->source),
                             .reason = "route_trips_unknown",
                             .action = ky_tr("stops get no trips from them")},
                 ky_tr("the weekday trips of %u of %u routes are unknown (blank, or 999.9)"), unknown, raw->count);
}

ky_err ky_bus_routes(ky_job *job, ky_raw *raw) {
  const ky_raw_column *kind = ky_raw_column_of(raw, "kind"), *route = ky_raw_column_of(raw, "route");
  const bool is_n07 = kind != NULL && strcasecmp(kind->column, "N07_001") == 0, is_new = is_n07 && route == NULL;
  const bool has_trips = ky_raw_column_of(raw, "weekday") != NULL;
  uint32_t unknown = 0;
  ky_raw_column *columns;
  KY_NEW(job, keep, columns, 6);
  KY_TRY(copy_column(job, raw, is_new ? "" : "kind", "kind", &columns[0]));
  KY_TRY(copy_column(job, raw, is_new ? "kind" : "operator", "operator", &columns[1]));
  KY_TRY(copy_column(job, raw, "route", "route", &columns[2]));
  KY_TRY(key_column(job, raw, &columns[1], "operator_key", &columns[3]));
  KY_TRY(key_column(job, raw, &columns[2], "route_key", &columns[4]));
  KY_TRY(trips_column(job, raw, &columns[5], &unknown));
  raw->columns = columns;
  raw->column_count = 6;
  report(job, raw, has_trips, unknown);
  if (!is_n07) return KY_OK;
  raw->format = ky_format(&job->keep, "%s, %s", is_new ? "KSJ N07 2022" : "KSJ N07 2011", raw->format);
  return raw->format != NULL ? KY_OK : ky_fail_memory(job);
}
