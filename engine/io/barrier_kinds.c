/* Kinds of barriers: see barrier_kinds.h. */
#include "io/barrier_kinds.h"

#include <string.h>

#include "io/raw_edit.h"
#include "io/said_yes.h"

/* Words of OpenStreetMap that bar nobody unless asked for: narrow waters, things in the water, rails in streets, under
 * or above the ground, and what is gone or not yet there. */
static const char *const PASSABLE =
    "stream|tidal_channel|ditch|drain|brook|fairway|dam|weir|waterfall|rapids|lock_gate|sluice_gate|dock|boatyard|fuel|"
    "culvert|pressurised|tram|subway|monorail|funicular|miniature|disused|abandoned|razed|dismantled|construction|"
    "proposed|historic|platform|platform_edge|station|halt|tram_stop|stop|switch|buffer_stop|level_crossing|crossing|"
    "signal|turntable|traverser|wetland|spring|bay|beach|wood|scrub|tree_row|cliff|ridge|valley";

static bool is_listed(const char *list, const char *word) {
  const size_t length = strlen(word);
  for (const char *at = list; *at != '\0';) {
    const size_t n = strcspn(at, "|");
    if (n == length && memcmp(at, word, n) == 0) return true;
    at += n + (at[n] == '|');
  }
  return false;
}

bool ky_barrier_is_kind(const ky_source *source, const char *value) {
  const char *kinds = source->kinds != NULL ? source->kinds : KY_BARRIER_KINDS;
  return value != NULL && (strcmp(kinds, "all") == 0 || is_listed(kinds, value));
}

static const char *const WORDS[] = {"class", "waterway", "railway", "natural"};
#define WORD_COUNT (sizeof WORDS / sizeof *WORDS)

static bool is_n02(const ky_raw *raw) {
  return ky_raw_column_of(raw, "n02_001") != NULL;
}

/* Does its kind bar the way? */
static bool is_barrier(const ky_raw *raw, uint32_t record) {
  const char *code = ky_raw_value(raw, "n02_001", record);
  bool has_word = false, is_passable = false;
  if (raw->source->kinds == NULL && code != NULL)
    return strcmp(code, "11") == 0 || strcmp(code, "12") == 0 || strcmp(code, "13") == 0;
  if (raw->source->kinds != NULL && ky_barrier_is_kind(raw->source, code)) return true;
  for (size_t w = 0; w < WORD_COUNT; w++) {
    const char *word = ky_raw_value(raw, WORDS[w], record);
    if (word == NULL) continue;
    if (ky_barrier_is_kind(raw->source, word)) return true;
    has_word = true;
    is_passable = is_passable || is_listed(PASSABLE, word);
  }
  if (raw->source->kinds != NULL) return strcmp(raw->source->kinds, "all") == 0;
  return !has_word || !is_passable;
}

static ky_err refuse_kinds(ky_job *job, const ky_raw *raw) {
  if (raw->source->kinds == NULL || strcmp(raw->source->kinds, "all") == 0 || is_n02(raw)) return KY_OK;
  for (size_t w = 0; w < WORD_COUNT; w++)
    if (ky_raw_column_of(raw, WORDS[w]) != NULL) return KY_OK;
  return ky_fail(job, KY_E_CONFIG,
                 ky_tr("%s %s: kinds names kinds of barriers, but no column holds them; name it: columns: {class: "
                       "COLUMN}"),
                 raw->source->name, raw->source->shown);
}

static void say_n02(ky_job *job, const ky_raw *raw) {
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_INFO,
                  .source = ky_source_where(job, raw->source),
                  .reason = "barriers_without_levels",
                  .action = ky_tr("all of them are taken as barriers; where that is wrong, cut them out, or take "
                                  "the railways of OpenStreetMap, which says what is a tunnel or a bridge")},
      "%s", ky_tr("KSJ N02 does not say which railways are underground or on viaducts"));
}

ky_err ky_barrier_settle(ky_job *job, ky_raw *raw) {
  bool *keep;
  uint32_t over = 0, other = 0;
  const uint32_t count = raw->count;
  KY_TRY(refuse_kinds(job, raw));
  if (is_n02(raw)) say_n02(job, raw);
  KY_NEW(job, scratch, keep, count);
  for (uint32_t i = 0; i < count; i++) {
    const bool is_over = ky_said_yes(ky_raw_value(raw, "bridge", i)) || ky_said_yes(ky_raw_value(raw, "tunnel", i));
    keep[i] = !is_over && is_barrier(raw, i);
    over += is_over;
    other += !keep[i] && !is_over;
  }
  if (over + other == 0) return KY_OK;
  ky_raw_keep(keep, false, raw);
  raw->unneeded_count += over + other;
  ky_issue_add(job,
               &(ky_issue){.severity = raw->count != 0 ? KY_INFO : KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .reason = "no_barriers",
                           .action = ky_tr("left out; kinds: of the source names what bars the way, e.g. "
                                           "river|canal|stream|rail, or all")},
               ky_tr("of %u records %u run on bridges or in tunnels and %u are of kinds that can be crossed"), count,
               over, other);
  return KY_OK;
}
