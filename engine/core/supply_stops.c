/* Stops on the network, and what leaves them on each day of the week. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/supply_parts.h"

static bool has_kind(const ky_stops *stops, uint32_t s, ky_stop_kind kind) {
  const char *name = ky_stop_kind_name(kind), *list = stops->kind[s];
  const size_t length = strlen(name);
  while (list != NULL) {
    if (strncmp(list, name, length) == 0 && (list[length] == '\0' || list[length] == ';')) return true;
    list = strstr(list, "; ");
    if (list != NULL) list += 2;
  }
  return false;
}

ky_err ky_supply_limits(ky_job *job, const ky_stops *stops, const ky_supply_opts *opts, uint32_t **limit_mm) {
  KY_NEW(job, scratch, *limit_mm, stops->count);
  for (uint32_t s = 0; s < stops->count; s++)
    (*limit_mm)[s] = has_kind(stops, s, KY_STOP_RAIL) ? opts->station_mm : opts->stop_mm;
  return KY_OK;
}

static ky_err anchor_stops(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, ky_stop_supply *out) {
  const ky_stops *stops = in->stops;
  uint32_t lost = 0, first = 0;
  double *x, *y;
  KY_NEW(job, scratch, x, stops->count);
  KY_NEW(job, scratch, y, stops->count);
  for (uint32_t s = 0; s < stops->count; s++) {
    const uint32_t part = stops->shapes.first_part[s];
    const bool has_place = part != stops->shapes.first_part[s + 1];
    x[s] = has_place ? stops->shapes.x[stops->shapes.first_vertex[part]] : NAN;
    y[s] = has_place ? stops->shapes.y[stops->shapes.first_vertex[part]] : NAN;
  }
  KY_TRY(ky_network_anchor(job, in->network, x, y, stops->count, NULL, opts->snap, &out->anchors));
  for (uint32_t s = 0; s < stops->count; s++) {
    if (out->anchors.edge[s] != KY_NONE || stops->row[s] == KY_NONE || stops->row[s] >= KY_ROW_OUTSIDE(in->zones))
      continue;
    if (lost++ == 0) first = s;
  }
  if (lost != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = "transit",
                    .record = stops->id[first],
                    .reason = "stops_off_streets",
                    .action = ky_tr("nobody can walk to them; see walk.snap_cap_m, and whether roads are missing"),
                    .has_place = !isnan(x[first]),
                    .x_m = x[first],
                    .y_m = y[first]},
        ky_tr("%u stops of the municipality have no street within %.0f m, the first is %s"), lost,
        opts->snap->snap_cap_m, stops->name[first] != NULL ? stops->name[first] : stops->id[first]);
  return KY_OK;
}

/* day: [stops * 7], added to. */
static void count_departures(const ky_timetable *table, const uint32_t *feed_stop, int64_t *day) {
  for (uint32_t p = 0; p < table->pattern_count; p++)
    for (uint32_t r = table->first_run[p]; r < table->first_run[p + 1]; r++)
      for (uint32_t c = table->first_call[p]; c < table->first_call[p + 1]; c++) {
        const uint32_t stop = feed_stop[table->call_pole[c]];
        if (stop == KY_NONE || (table->call_may[c] & KY_MAY_BOARD) == 0) continue;
        for (int d = 0; d < KY_WEEK_DAYS; d++)
          if (((uint32_t)table->run[r].days >> d & 1u) != 0)
            day[(size_t)stop * KY_WEEK_DAYS + (size_t)d] += table->run[r].count;
      }
}

/* By timetable where the stop's feed was counted, else by the weekday trips of its layer. */
static void settle(const ky_stops *stops, const int64_t *day, uint32_t s, ky_stop_supply *out) {
  const bool is_timed = stops->trips_source[s] != NULL && strcmp(stops->trips_source[s], "feed") == 0;
  out->is_demand[s] = stops->is_demand_bus[s] == 1 || (stops->trips_demand[s] != KY_NULL && stops->trips_demand[s] > 0);
  out->departures[s] = is_timed ? 0 : stops->trips_weekday[s];
  for (int d = 0; is_timed && d < KY_WEEK_DAYS; d++) {
    const int64_t n = day[(size_t)s * KY_WEEK_DAYS + (size_t)d];
    if (n > 0) out->days[s] |= (uint8_t)(1u << d);
    if ((KY_WORK_DAYS >> d & 1u) != 0 && n > out->departures[s]) out->departures[s] = n;
  }
  if (!is_timed && out->departures[s] != KY_NULL && out->departures[s] > 0) out->days[s] = KY_WORK_DAYS;
  if (stops->is_demand_bus[s] == 1)
    out->use[s] = 0;
  else
    out->use[s] = is_timed ? out->days[s] != 0 : out->departures[s] != 0;
}

/* The latest date of the residents' data, days; KY_NO_DAY unknown. */
static int32_t people_day(const ky_inputs *inputs) {
  int32_t latest = KY_NO_DAY;
  for (uint32_t i = 0; i < inputs->resident_count; i++) {
    int year, month, day;
    const char *date = inputs->residents[i].source->date;
    if (date == NULL || sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3) continue;
    const int32_t found = ky_day_of(year, month, day);
    if (found > latest) latest = found;
  }
  return latest;
}

/* A timetable of before the people were counted may be of lines that no longer run. */
static void report_old_feeds(ky_job *job, const ky_inputs *inputs) {
  const int32_t people = people_day(inputs);
  char text[2][16];
  for (uint32_t f = 0; people != KY_NO_DAY && f < inputs->feed_count; f++) {
    const int32_t last = inputs->feeds[f].feed->last_day;
    if (last == KY_NO_DAY || last >= people) continue;
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(job, inputs->feeds[f].source),
                             .reason = "feed_before_people",
                             .action = ky_tr("its trips are counted as those of its own time; fetch the present feed")},
                 ky_tr("the feed held until %s, before the people's date %s"), ky_day_text(text[0], last),
                 ky_day_text(text[1], people));
  }
}

ky_err ky_supply_stops(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, ky_stop_supply *out) {
  const uint32_t n = in->stops->count;
  int64_t *day;
  KY_TRY(anchor_stops(job, in, opts, out));
  report_old_feeds(job, in->inputs);
  KY_NEW(job, scratch, day, (size_t)n * KY_WEEK_DAYS);
  KY_NEW(job, keep, out->use, n);
  KY_NEW(job, keep, out->is_demand, n);
  KY_NEW(job, keep, out->departures, n);
  KY_NEW(job, keep, out->days, n);
  for (uint32_t f = 0; f < in->inputs->feed_count; f++)
    count_departures(&in->inputs->feeds[f].feed->timetable, in->stops->feed_stop[f], day);
  for (uint32_t s = 0; s < n; s++) settle(in->stops, day, s, out);
  return KY_OK;
}
