/* What changed, for planners. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli_diff.h"
#include "cli_text.h"

#define SHOWN_MAX 40 /* changes of one kind; --json has all of them */

/* Columns in words. */
static const struct {
  const char *column, *word;
} words[] = {{"pop_65", KY_MSG("people 65 and over")},
             {"covered_65", KY_MSG("within reach of a place")},
             {"covered_share_65", KY_MSG("share within reach")},
             {"beyond_65", KY_MSG("farther than that")},
             {"unreachable_65", KY_MSG("no way on foot")},
             {"unknown_65", KY_MSG("cannot be judged")},
             {"in_gap_65", KY_MSG("in gap areas")},
             {"gaps_count", KY_MSG("gap areas")},
             {"venues_counting", KY_MSG("places that count")},
             {"target_participants", KY_MSG("target of participants")},
             {"participants", KY_MSG("participants")},
             {"participation_rate", KY_MSG("participation rate")},
             {"shortfall", KY_MSG("missing to the target")},
             {"places_by_reach", KY_MSG("more places needed for the goal of reach")},
             {"venue_id", KY_MSG("number")},
             {"name", KY_MSG("name")},
             {"activity", KY_MSG("activity")},
             {"operator", KY_MSG("operator")},
             {"weekday", KY_MSG("weekday")},
             {"hours", KY_MSG("hours")},
             {"sessions_per_month", KY_MSG("sessions a month")},
             {"capacity", KY_MSG("capacity")},
             {"fee", KY_MSG("fee")},
             {"transport", KY_MSG("transport")},
             {"resident_led", KY_MSG("led by residents")},
             {"catchment", KY_MSG("area served")},
             {"publish", KY_MSG("may be published")},
             {"status", KY_MSG("status")},
             {"counts", KY_MSG("counts for reach")},
             {"counts_for_rate", KY_MSG("counts for the rate")},
             {"reason", KY_MSG("reason for not counting")},
             {"rate_reason", KY_MSG("reason for not counting for the rate")},
             {"zone_id", KY_MSG("zone")},
             {"is_informal", KY_MSG("informal gathering")},
             {"gap_id", KY_MSG("number")},
             {"class", KY_MSG("remedy")},
             {"cause", KY_MSG("main cause")}};

static const char *word_of(const char *column) {
  for (size_t i = 0; column != NULL && i < sizeof words / sizeof *words; i++)
    if (strcmp(words[i].column, column) == 0) return ky_tr(words[i].word);
  return column != NULL ? column : "";
}

static const char *or_dash(const char *text) {
  return text != NULL ? text : "-";
}

/* Codes in words; a text that is none stands for itself. */
static const char *code_text(const char *text) {
  if (text == NULL) return "-";
  return strcmp(text, "true") == 0 ? ky_tr("yes") : strcmp(text, "false") == 0 ? ky_tr("no") : text;
}

/* A value of the layer as people read it: whole people, percentages, the rest as it is. */
static ky_shown value_of(const ky_change *c, const char *text) {
  ky_shown shown;
  if (text != NULL && c->share != KY_NULL)
    snprintf(shown.text, sizeof shown.text, "%.1f %%", strtod(text, NULL) * 100);
  else if (text != NULL && c->people_65 != KY_NULL)
    shown = ky_show_people(llround(strtod(text, NULL) * KY_PERSON));
  else
    snprintf(shown.text, sizeof shown.text, "%s", or_dash(text));
  return shown;
}

/* "+12", "-3" */
static ky_shown rise_of(int64_t milli) {
  const ky_shown shown = ky_show_people(milli);
  ky_shown rise;
  snprintf(rise.text, sizeof rise.text, "%s%.46s", milli > 0 ? "+" : "", shown.text);
  return rise;
}

/* "venue_opened 31" in words. */
static void show_reason(FILE *out, const char *token, size_t length) {
  static const struct {
    const char *code, *format;
  } reasons[] = {{"venue_opened ", KY_MSG("place %.*s opened")},
                 {"venue_closed ", KY_MSG("place %.*s closed")},
                 {"venue_moved ", KY_MSG("place %.*s moved")},
                 {"venue_counts ", KY_MSG("place %.*s counts differently")},
                 {"venue_catchment ", KY_MSG("place %.*s serves other zones")},
                 {"input ", KY_MSG("input data: %.*s")},
                 {"setting ", KY_MSG("setting: %.*s")},
                 {"year ", KY_MSG("date of the people: %.*s")},
                 {"engine ", KY_MSG("version of kayoi: %.*s")},
                 {"crs ", KY_MSG("plane CRS: %.*s")}};
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
    const size_t code = strlen(reasons[i].code);
    if (length <= code || strncmp(token, reasons[i].code, code) != 0) continue;
    fprintf(out, ky_tr(reasons[i].format), (int)(length - code), token + code);
    return;
  }
  fprintf(out, "%.*s", (int)length, token);
}

static void show_why(FILE *out, const char *why) {
  if (why == NULL) return;
  fprintf(out, "\n      %s ", ky_tr("why:"));
  for (const char *at = why; *at != '\0';) {
    const char *end = strstr(at, "; ");
    const size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    show_reason(out, at, length);
    at += length;
    if (end != NULL) {
      fputs("; ", out);
      at += 2;
    }
  }
}

static void show_run(FILE *out, const char *letter, const ky_past *past) {
  fprintf(out, ky_tr("%s: %s (people of %s, places of %s, made with kayoi %s"), letter, past->place,
          or_dash(past->people_date), or_dash(past->venues_date), past->version);
  if (past->published != NULL) fprintf(out, ky_tr(", on %s"), past->published);
  fputs(")\n", out);
}

static void show_definitions(FILE *out, const ky_changes *changes) {
  if (ky_changes_count(changes, KY_CHANGE_DEFINITION) == 0) return;
  fprintf(out, "\n%s\n", ky_tr("The runs follow different definitions; numbers differ for that reason too:"));
  for (uint32_t i = 0; i < changes->count; i++)
    if (changes->row[i].kind == KY_CHANGE_DEFINITION)
      fprintf(out, "  %s: %s -> %s\n", changes->row[i].id, or_dash(changes->row[i].before),
              or_dash(changes->row[i].after));
}

static void show_sources(FILE *out, const ky_changes *changes) {
  if (ky_changes_count(changes, KY_CHANGE_SOURCE) == 0) return;
  fprintf(out, "\n%s\n", ky_tr("Input data that differs:"));
  for (uint32_t i = 0; i < changes->count; i++)
    if (changes->row[i].kind == KY_CHANGE_SOURCE)
      fprintf(out, ky_tr("  %s: %s (records: %s -> %s)\n"), changes->row[i].id, or_dash(changes->row[i].name),
              or_dash(changes->row[i].before), or_dash(changes->row[i].after));
}

static void show_totals(FILE *out, const ky_changes *changes) {
  if (ky_changes_count(changes, KY_CHANGE_TOTAL) == 0) return;
  fprintf(out, "\n%s\n", ky_tr("The municipality:"));
  for (uint32_t i = 0; i < changes->count; i++) {
    const ky_change *c = &changes->row[i];
    if (c->kind != KY_CHANGE_TOTAL) continue;
    fprintf(out, "  %s: %s -> %s", word_of(c->field), value_of(c, c->before).text, value_of(c, c->after).text);
    if (c->people_65 != KY_NULL) fprintf(out, " (%s)", rise_of(c->people_65).text);
    if (c->share != KY_NULL) fprintf(out, ky_tr(" (%+.1f points)"), (double)c->share * 100 / KY_WHOLE);
    fputc('\n', out);
  }
}

static void show_name(FILE *out, const char *sign, const ky_change *c) {
  fprintf(out, "  %s %s %s", sign, or_dash(c->id), c->name != NULL ? c->name : "");
  if (c->zone_id != NULL) fprintf(out, " [%s]", c->zone_id);
}

static void show_venue(FILE *out, const ky_change *c) {
  show_name(out, c->kind == KY_VENUE_OPENED ? "+" : c->kind == KY_VENUE_CLOSED ? "-" : "*", c);
  if (c->kind == KY_VENUE_MOVED && c->moved_mm != KY_NULL)
    fprintf(out, ky_tr(": moved by %s m"), ky_show_count((c->moved_mm + 500) / 1000).text);
  else if (c->kind == KY_VENUE_MOVED)
    fputs(c->after != NULL ? ky_tr(": has a position now") : ky_tr(": has no position any more"), out);
  else if (c->kind == KY_VENUE_CHANGED)
    fprintf(out, ": %s %s -> %s", word_of(c->field), code_text(c->before), code_text(c->after));
  else if (c->kind == KY_VENUE_OPENED && c->after != NULL && strcmp(c->after, "false") == 0)
    fputs(ky_tr(": does not count"), out);
  fputc('\n', out);
}

static void show_gap(FILE *out, const ky_change *c) {
  show_name(out, c->kind == KY_GAP_OPENED ? "+" : c->kind == KY_GAP_CLOSED ? "-" : "*", c);
  if (c->replaces != NULL) fprintf(out, ky_tr(" (was %s)"), c->replaces);
  if (strcmp(c->field, "people_65") == 0)
    fprintf(out, ky_tr(": people %s -> %s"),
            c->before != NULL ? ky_show_people(llround(strtod(c->before, NULL) * KY_PERSON)).text : "-",
            c->after != NULL ? ky_show_people(llround(strtod(c->after, NULL) * KY_PERSON)).text : "-");
  else
    fprintf(out, ": %s %s -> %s", word_of(c->field), code_text(c->before), code_text(c->after));
  show_why(out, c->why);
  fputc('\n', out);
}

static void show_zone(FILE *out, const ky_change *c) {
  show_name(out, "*", c);
  fprintf(out, ": %s %s -> %s", word_of(c->field), value_of(c, c->before).text, value_of(c, c->after).text);
  if (c->share != KY_NULL)
    fprintf(out, ky_tr(" (%+.1f points, %s people)"), (double)c->share * 100 / KY_WHOLE, rise_of(c->people_65).text);
  show_why(out, c->why);
  fputc('\n', out);
}

static void show_site(FILE *out, const ky_change *c) {
  const char *people = c->after != NULL ? c->after : c->before;
  show_name(out, c->kind == KY_SITE_ADDED ? "+" : "-", c);
  if (people != NULL)
    fprintf(out, ky_tr(": newly reaches %s people"), ky_show_people(llround(strtod(people, NULL) * KY_PERSON)).text);
  fputc('\n', out);
}

/* One part of the report: kinds from first to last under a heading with their counts. */
static void show_part(FILE *out, const ky_changes *changes, const char *heading, ky_change_kind first,
                      ky_change_kind last, void (*show)(FILE *out, const ky_change *c)) {
  static const char *const labels[KY_CHANGE_KIND_COUNT] = {[KY_VENUE_OPENED] = KY_MSG("opened %u"),
                                                           [KY_VENUE_CLOSED] = KY_MSG("closed %u"),
                                                           [KY_VENUE_MOVED] = KY_MSG("moved %u"),
                                                           [KY_VENUE_CHANGED] = KY_MSG("facts changed %u"),
                                                           [KY_GAP_OPENED] = KY_MSG("opened %u"),
                                                           [KY_GAP_CLOSED] = KY_MSG("closed %u"),
                                                           [KY_GAP_GROWN] = KY_MSG("grown %u"),
                                                           [KY_GAP_SHRUNK] = KY_MSG("shrunk %u"),
                                                           [KY_GAP_SPLIT] = KY_MSG("made by splits %u"),
                                                           [KY_GAP_MERGED] = KY_MSG("merged %u"),
                                                           [KY_GAP_REDRAWN] = KY_MSG("drawn anew %u"),
                                                           [KY_GAP_CHANGED] = KY_MSG("facts changed %u"),
                                                           [KY_ZONE_COVERAGE] = KY_MSG("reach changed %u"),
                                                           [KY_ZONE_PEOPLE] = KY_MSG("people changed %u"),
                                                           [KY_ZONE_ADDED] = KY_MSG("added %u"),
                                                           [KY_ZONE_REMOVED] = KY_MSG("removed %u"),
                                                           [KY_SITE_ADDED] = KY_MSG("added %u"),
                                                           [KY_SITE_DROPPED] = KY_MSG("dropped %u")};
  bool is_first = true;
  for (ky_change_kind kind = first; kind <= last; kind++) {
    const uint32_t count = ky_changes_count(changes, kind);
    if (count == 0) continue;
    if (is_first) fprintf(out, "\n%s ", heading);
    if (!is_first) fputs(", ", out);
    fprintf(out, ky_tr(labels[kind]), count);
    is_first = false;
  }
  if (is_first) return;
  fputc('\n', out);
  for (ky_change_kind kind = first; kind <= last; kind++) {
    uint32_t shown = 0, count = ky_changes_count(changes, kind);
    for (uint32_t i = 0; i < changes->count && shown < SHOWN_MAX; i++) {
      if (changes->row[i].kind != kind) continue;
      show(out, &changes->row[i]);
      shown++;
    }
    if (count > shown) fprintf(out, ky_tr("  ... and %u more (kayoi diff --json lists all)\n"), count - shown);
  }
}

static void show_limits(FILE *out, const ky_run_changes *diff) {
  for (uint32_t i = 0; i < diff->missing_count; i++)
    fprintf(out, ky_tr("\nNot compared: %s (one of the runs has no such layer in a file that can be read back)\n"),
            diff->missing[i]);
  if (!diff->changes.has_gap_shapes)
    fprintf(out, "\n%s\n",
            ky_tr("Gap areas were matched by their numbers alone, because one of the runs has no outlines (gpkg, "
                  "geojson)"));
}

void ky_diff_text(FILE *out, const ky_run_changes *diff) {
  const ky_changes *changes = &diff->changes;
  show_run(out, "A", diff->before);
  show_run(out, "B", diff->after);
  show_definitions(out, changes);
  show_sources(out, changes);
  show_totals(out, changes);
  show_part(out, changes, ky_tr("Places:"), KY_VENUE_OPENED, KY_VENUE_CHANGED, show_venue);
  show_part(out, changes, ky_tr("Gaps:"), KY_GAP_OPENED, KY_GAP_CHANGED, show_gap);
  show_part(out, changes, ky_tr("Zones:"), KY_ZONE_COVERAGE, KY_ZONE_REMOVED, show_zone);
  show_part(out, changes, ky_tr("Candidate sites:"), KY_SITE_ADDED, KY_SITE_DROPPED, show_site);
  show_limits(out, diff);
  if (changes->count == 0) fprintf(out, "\n%s\n", ky_tr("Nothing changed."));
}
