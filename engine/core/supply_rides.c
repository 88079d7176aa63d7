/* Where a stop leads without a change, by patterns of trips, not by trips: of every pattern the venues near its calls
 * are listed once, in the order of venues; from a stop a trip leads to a venue when it calls near the venue after it
 * lets people in there, and back when it does so the other way round. Each trip counts once a day and way, however
 * often it calls. Stops are independent of each other, so they are looked at in parallel. */
#include <stdlib.h>
#include <string.h>

#include "core/supply_parts.h"
#include "core/thread.h"

/* A venue within reach of a call of a pattern, or of a stop of a line. */
typedef struct entry {
  uint32_t venue, place; /* place of the call in the pattern, or the stop */
  int32_t walk_s;        /* from there to the venue */
} entry;

/* A call of a pattern at some stop. */
typedef struct calling {
  uint32_t pattern, place;
} calling;

/* What was found of a venue from the stop looked at. */
typedef struct tally {
  uint32_t to[KY_WEEK_DAYS], back[KY_WEEK_DAYS];
  uint8_t before, after; /* bits of days with a ride to the beginning and from the end of a session */
  bool is_met;
  int64_t line_milli;
} tally;

typedef struct worker {
  tally *of;      /* [venues] */
  uint32_t *met;  /* [venues] those with something in `of` */
  uint32_t *held; /* [venues] those for which the rule holds */
  uint32_t met_count, held_count;
  uint32_t *list, list_count, list_capacity; /* malloc: held venues of the stops this thread looked at */
  bool is_out_of_memory;
} worker;

typedef struct riding {
  const ky_supply_in *in;
  const ky_supply_opts *opts;
  const ky_stop_venues *near;
  const ky_timetable *table; /* of the feed looked at; NULL: lines */
  const uint32_t *feed_stop;
  uint32_t *first_entry; /* [patterns or lines + 1] */
  entry *entries;
  uint32_t *first_calling; /* [stops + 1] */
  calling *callings;
  ky_stop_supply *out;
  uint32_t *list_thread, *list_from, *list_to; /* [stops] where the thread's list holds its venues */
} riding;

static uint32_t stop_at(const riding *r, uint32_t call) {
  return r->feed_stop[r->table->call_pole[call]];
}

static int by_venue(const void *p, const void *q) {
  const entry *a = p, *b = q;
  if (a->venue != b->venue) return a->venue < b->venue ? -1 : 1;
  return (a->place > b->place) - (a->place < b->place);
}

static int32_t walk_s(const riding *r, uint32_t mm) {
  return (int32_t)(((int64_t)mm * 60 + r->opts->speed_mm_per_min - 1) / r->opts->speed_mm_per_min);
}

/* Venues near the calls of each pattern. */
static ky_err list_entries(ky_job *job, riding *r) {
  const ky_timetable *table = r->table;
  uint64_t count = 0;
  for (uint32_t c = 0; c < table->first_call[table->pattern_count]; c++) {
    const uint32_t stop = stop_at(r, c);
    if (stop != KY_NONE) count += r->near->first[stop + 1] - r->near->first[stop];
  }
  if (count >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, scratch, r->first_entry, (size_t)table->pattern_count + 1);
  KY_NEW(job, scratch, r->entries, count);
  uint32_t n = 0;
  for (uint32_t p = 0; p < table->pattern_count; p++) {
    const uint32_t from = n;
    for (uint32_t c = table->first_call[p]; c < table->first_call[p + 1]; c++) {
      const uint32_t stop = stop_at(r, c);
      for (uint32_t i = stop == KY_NONE ? 0 : r->near->first[stop]; stop != KY_NONE && i < r->near->first[stop + 1];
           i++)
        r->entries[n++] = (entry){r->near->venue[i], c - table->first_call[p], walk_s(r, r->near->walk_mm[i])};
    }
    if (n - from > 1) qsort(r->entries + from, n - from, sizeof *r->entries, by_venue);
    r->first_entry[p + 1] = n;
  }
  return KY_OK;
}

/* Calls at each stop, by pattern and place. */
static ky_err list_callings(ky_job *job, riding *r) {
  const ky_timetable *table = r->table;
  const uint32_t stops = r->in->stops->count;
  uint32_t *next;
  KY_NEW(job, scratch, r->first_calling, (size_t)stops + 1);
  KY_NEW(job, scratch, r->callings, table->first_call[table->pattern_count]);
  KY_NEW(job, scratch, next, stops);
  for (uint32_t c = 0; c < table->first_call[table->pattern_count]; c++)
    if (stop_at(r, c) != KY_NONE) r->first_calling[stop_at(r, c) + 1]++;
  for (uint32_t s = 0; s < stops; s++) {
    r->first_calling[s + 1] += r->first_calling[s];
    next[s] = r->first_calling[s];
  }
  for (uint32_t p = 0; p < table->pattern_count; p++)
    for (uint32_t c = table->first_call[p]; c < table->first_call[p + 1]; c++)
      if (stop_at(r, c) != KY_NONE) r->callings[next[stop_at(r, c)]++] = (calling){p, c - table->first_call[p]};
  return KY_OK;
}

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && a < 0);
}

/* Starts of the run by which `time_s` falls into low_s .. high_s, none before *next; how many, and *next the one after
 * the last of them. */
static uint32_t starts_within(const ky_trip_run *run, int32_t time_s, int64_t low_s, int64_t high_s, int64_t *next) {
  if (time_s == KY_NO_TIME || run->count == 0) return 0;
  const int64_t at = (int64_t)time_s + run->start_s, step = run->headway_s > 0 ? run->headway_s : 1;
  int64_t first = -floor_div(at - low_s, step), last = floor_div(high_s - at, step);
  if (first < *next) first = *next;
  if (last > (int64_t)run->count - 1) last = (int64_t)run->count - 1;
  if (last < first) return 0;
  *next = last + 1;
  return (uint32_t)(last - first + 1);
}

static void add_days(uint32_t by_day[KY_WEEK_DAYS], uint8_t days, uint32_t n) {
  for (int d = 0; d < KY_WEEK_DAYS; d++)
    if (((uint32_t)days >> d & 1u) != 0 && by_day[d] < UINT32_MAX / 4) by_day[d] += n;
}

static tally *tally_of(worker *w, uint32_t venue) {
  tally *t = &w->of[venue];
  if (!t->is_met) {
    *t = (tally){.is_met = true};
    w->met[w->met_count++] = venue;
  }
  return t;
}

/* One pattern, the home's calls and the venue's: what rides of one way need to know. */
typedef struct pairing {
  const riding *r;
  uint32_t pattern;
  const calling *home; /* ascending places */
  uint32_t home_count;
  const entry *venue; /* ascending places, none at the home's stop */
  uint32_t venue_count;
  int32_t from_s, to_s; /* of the venue's session; KY_NO_TIME */
} pairing;

static bool may(const pairing *ride, uint32_t place, uint8_t what) {
  return (ride->r->table->call_may[ride->r->table->first_call[ride->pattern] + place] & what) != 0;
}

static int32_t leaves(const pairing *ride, const ky_trip_run *run, uint32_t place) {
  return ride->r->table->leave_s[run->first_time + place];
}

/* Departures from the home's calls of which the trip calls near the venue later. */
static void ride_there(const pairing *ride, tally *t) {
  const ky_timetable *table = ride->r->table;
  const int64_t wait_s = (int64_t)ride->r->opts->wait_min * 60;
  uint32_t last = KY_NONE;
  for (uint32_t v = 0; v < ride->venue_count; v++)
    if (may(ride, ride->venue[v].place, KY_MAY_ALIGHT)) last = ride->venue[v].place;
  for (uint32_t n = table->first_run[ride->pattern]; last != KY_NONE && n < table->first_run[ride->pattern + 1]; n++) {
    const ky_trip_run *run = &table->run[n];
    uint32_t first_home = KY_NONE;
    int64_t next = 0;
    for (uint32_t h = ride->home_count; h-- > 0;) { /* later calls first: their earlier starts are the ones in time */
      if (ride->home[h].place >= last || !may(ride, ride->home[h].place, KY_MAY_BOARD)) continue;
      first_home = ride->home[h].place;
      add_days(t->to, run->days,
               starts_within(run, leaves(ride, run, first_home), ride->r->opts->from_s, ride->r->opts->to_s, &next));
    }
    for (uint32_t v = 0; ride->from_s != KY_NO_TIME && first_home != KY_NONE && v < ride->venue_count; v++) {
      const entry *at = &ride->venue[v];
      if (at->place <= first_home || !may(ride, at->place, KY_MAY_ALIGHT)) continue;
      next = 0;
      if (starts_within(run, table->arrive_s[run->first_time + at->place], ride->from_s - wait_s - at->walk_s,
                        (int64_t)ride->from_s - at->walk_s, &next) != 0)
        t->before |= run->days;
    }
  }
}

/* Departures from calls near the venue of which the trip calls at the home's stop later. */
static void ride_back(const pairing *ride, tally *t) {
  const ky_timetable *table = ride->r->table;
  const int64_t wait_s = (int64_t)ride->r->opts->wait_min * 60;
  uint32_t last = KY_NONE;
  for (uint32_t h = 0; h < ride->home_count; h++)
    if (may(ride, ride->home[h].place, KY_MAY_ALIGHT)) last = ride->home[h].place;
  for (uint32_t n = table->first_run[ride->pattern]; last != KY_NONE && n < table->first_run[ride->pattern + 1]; n++) {
    const ky_trip_run *run = &table->run[n];
    int64_t next = 0;
    for (uint32_t v = ride->venue_count; v-- > 0;) {
      const entry *at = &ride->venue[v];
      int64_t any = 0;
      if (at->place >= last || !may(ride, at->place, KY_MAY_BOARD)) continue;
      const int32_t leave_s = leaves(ride, run, at->place);
      add_days(t->back, run->days, starts_within(run, leave_s, ride->r->opts->from_s, ride->r->opts->to_s, &next));
      if (ride->to_s != KY_NO_TIME &&
          starts_within(run, leave_s, (int64_t)ride->to_s + at->walk_s, ride->to_s + wait_s + at->walk_s, &any) != 0)
        t->after |= run->days;
    }
  }
}

/* All venues of a pattern from the stop whose calls are `home`; entries at that stop itself are no ride. */
static void ride_pattern(const riding *r, worker *w, uint32_t stop, const calling *home, uint32_t home_count,
                         entry *room) {
  const ky_timetable *table = r->table;
  const uint32_t pattern = home->pattern;
  for (uint32_t from = r->first_entry[pattern], to = from; from < r->first_entry[pattern + 1]; from = to) {
    const uint32_t venue = r->entries[from].venue;
    pairing one = {.r = r, .pattern = pattern, .home = home, .home_count = home_count, .venue = room};
    for (; to < r->first_entry[pattern + 1] && r->entries[to].venue == venue; to++)
      if (stop_at(r, table->first_call[pattern] + r->entries[to].place) != stop)
        room[one.venue_count++] = r->entries[to];
    if (one.venue_count == 0) continue;
    tally *t = tally_of(w, venue);
    one.from_s = r->in->sessions->from_s[venue];
    one.to_s = r->in->sessions->to_s[venue];
    ride_there(&one, t);
    ride_back(&one, t);
  }
}

/* Lines of a stop without a timetable lead to the venues near all of their stops, both ways. */
static void ride_lines(const riding *r, worker *w, uint32_t stop) {
  const ky_stops *stops = r->in->stops;
  for (uint32_t i = stops->first_line[stop]; i < stops->first_line[stop + 1]; i++) {
    const uint32_t line = stops->line[i];
    for (uint32_t e = r->first_entry[line]; e < r->first_entry[line + 1]; e++) {
      const entry *at = &r->entries[e];
      bool is_first = at->place != stop;
      for (uint32_t k = e; is_first && k > r->first_entry[line] && r->entries[k - 1].venue == at->venue; k--)
        is_first = r->entries[k - 1].place == stop;
      if (is_first) tally_of(w, at->venue)->line_milli += stops->line_trips_milli[line];
    }
  }
}

/* Days on which rule 2 holds for a venue: by departures in the hours of venues, or around its session. Where its days
 * are known only these count. */
static uint8_t days_held(const riding *r, const tally *t, uint32_t venue) {
  const uint8_t open = r->in->sessions->days[venue] != 0 ? r->in->sessions->days[venue] : KY_WORK_DAYS;
  uint8_t held = (uint8_t)(t->before & t->after & open);
  if (r->table == NULL)
    return r->opts->route_trips_milli > 0 && t->line_milli >= r->opts->route_trips_milli ? open & KY_WORK_DAYS : 0;
  for (int d = 0; d < KY_WEEK_DAYS; d++)
    if ((open >> d & 1u) != 0 && t->to[d] >= r->opts->departures && t->back[d] >= r->opts->departures)
      held |= (uint8_t)(1u << d);
  return held;
}

/* How much leads to a venue and back on its best open day: the lesser of both ways first, then their sum. */
static uint64_t score_of(const riding *r, const tally *t, uint32_t venue) {
  const uint8_t open = r->in->sessions->days[venue] != 0 ? r->in->sessions->days[venue] : KY_WORK_DAYS;
  uint64_t best = 0;
  if (r->table == NULL) return (uint64_t)t->line_milli;
  for (int d = 0; d < KY_WEEK_DAYS; d++) {
    if ((open >> d & 1u) == 0) continue;
    const uint32_t to = t->to[d], back = t->back[d];
    const uint64_t score = (uint64_t)(to < back ? to : back) << 32 | (to + back);
    if (score > best) best = score;
  }
  return best;
}

static void keep_best(const riding *r, const tally *t, uint32_t stop, uint32_t venue) {
  const size_t at = (size_t)stop * KY_WEEK_DAYS;
  r->out->venue[stop] = venue;
  if (r->table == NULL) {
    r->out->line_trips_milli[stop] = t->line_milli;
    return;
  }
  memcpy(r->out->to + at, t->to, sizeof t->to);
  memcpy(r->out->back + at, t->back, sizeof t->back);
}

static void settle_stop(const riding *r, worker *w, uint32_t stop) {
  uint32_t best = KY_NONE;
  bool is_best_held = false;
  uint64_t best_score = 0;
  w->held_count = 0;
  for (uint32_t i = 0; i < w->met_count; i++) {
    const uint32_t venue = w->met[i];
    const tally *t = &w->of[venue];
    const uint8_t days = days_held(r, t, venue);
    const uint64_t score = score_of(r, t, venue);
    if (days != 0) w->held[w->held_count++] = venue;
    r->out->rule_days[stop] |= days;
    if (days == 0 && score == 0 && t->before == 0 && t->after == 0) continue; /* nothing leads there */
    const bool is_held = days != 0;
    if (best != KY_NONE && (is_held != is_best_held ? !is_held
                            : score != best_score   ? score < best_score
                                                    : venue > best))
      continue;
    best = venue;
    is_best_held = is_held;
    best_score = score;
  }
  if (best != KY_NONE) keep_best(r, &w->of[best], stop, best);
  r->out->reaches[stop] = w->held_count != 0;
  if (r->table == NULL && w->held_count == 0 && best != KY_NONE) r->out->reaches[stop] = -1;
  for (uint32_t i = 0; i < w->met_count; i++) w->of[w->met[i]].is_met = false;
  w->met_count = 0;
}

static int by_number(const void *p, const void *q) {
  const uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;
  return (a > b) - (a < b);
}

static void keep_held(const riding *r, worker *w, uint32_t thread, uint32_t stop) {
  if (w->list_count + w->held_count > w->list_capacity) {
    const uint32_t capacity = 2 * (w->list_count + w->held_count) + 1024;
    uint32_t *larger = capacity < UINT32_C(1) << 31 ? realloc(w->list, capacity * sizeof *larger) : NULL;
    if (larger == NULL) {
      w->is_out_of_memory = true;
      return;
    }
    w->list = larger;
    w->list_capacity = capacity;
  }
  if (w->held_count > 1) qsort(w->held, w->held_count, sizeof *w->held, by_number);
  r->list_thread[stop] = thread;
  r->list_from[stop] = w->list_count;
  if (w->held_count != 0) memcpy(w->list + w->list_count, w->held, w->held_count * sizeof *w->held);
  r->list_to[stop] = w->list_count += w->held_count;
}

static void ride_from(const riding *r, worker *w, uint32_t thread, uint32_t stop, entry *room) {
  if (r->table == NULL) {
    ride_lines(r, w, stop);
  } else {
    for (uint32_t i = r->first_calling[stop], next; i < r->first_calling[stop + 1]; i = next) {
      for (next = i; next < r->first_calling[stop + 1] && r->callings[next].pattern == r->callings[i].pattern; next++) {
      }
      ride_pattern(r, w, stop, &r->callings[i], next - i, room);
    }
  }
  settle_stop(r, w, stop);
  keep_held(r, w, thread, stop);
}

/* Stops of a feed that was counted, or of layers with lines. */
static ky_err ride_all(ky_job *job, const riding *r, worker *workers) {
  const uint32_t stops = r->in->stops->count,
                 groups = r->table != NULL ? r->table->pattern_count : r->in->stops->line_count;
  uint32_t most = 0;
  entry **room;
  for (uint32_t g = 0; g < groups; g++)
    if (r->first_entry[g + 1] - r->first_entry[g] > most) most = r->first_entry[g + 1] - r->first_entry[g];
  KY_NEW(job, scratch, room, job->threads);
  for (int t = 0; t < job->threads; t++) KY_NEW(job, scratch, room[t], most);
#pragma omp parallel for schedule(dynamic, 16) num_threads(job->threads)
  for (uint32_t s = 0; s < stops; s++) {
    const uint32_t thread = (uint32_t)ky_thread();
    const bool is_here = r->table != NULL ? r->first_calling[s] != r->first_calling[s + 1]
                                          : r->in->stops->first_line[s] != r->in->stops->first_line[s + 1];
    if (is_here && r->out->use[s] != 0) ride_from(r, &workers[thread], thread, s, room[thread]);
  }
  for (int t = 0; t < job->threads; t++)
    if (workers[t].is_out_of_memory) return ky_fail_memory(job);
  return KY_OK;
}

/* Venues near the stops of each line. */
static ky_err list_line_entries(ky_job *job, riding *r) {
  const ky_stops *stops = r->in->stops;
  uint32_t *next;
  KY_NEW(job, scratch, r->first_entry, (size_t)stops->line_count + 1);
  KY_NEW(job, scratch, next, stops->line_count);
  for (uint32_t s = 0; s < stops->count; s++)
    for (uint32_t i = stops->first_line[s]; i < stops->first_line[s + 1]; i++) {
      const uint32_t more = r->near->first[s + 1] - r->near->first[s];
      if (more > KY_NONE / 2 - r->first_entry[stops->line[i] + 1]) return ky_fail_memory(job);
      r->first_entry[stops->line[i] + 1] += more;
    }
  for (uint32_t l = 0; l < stops->line_count; l++) {
    next[l] = r->first_entry[l];
    if (r->first_entry[l] > KY_NONE - r->first_entry[l + 1]) return ky_fail_memory(job);
    r->first_entry[l + 1] += r->first_entry[l];
  }
  KY_NEW(job, scratch, r->entries, r->first_entry[stops->line_count]);
  for (uint32_t s = 0; s < stops->count; s++)
    for (uint32_t i = stops->first_line[s]; i < stops->first_line[s + 1]; i++)
      for (uint32_t v = r->near->first[s]; v < r->near->first[s + 1]; v++)
        r->entries[next[stops->line[i]]++] = (entry){.venue = r->near->venue[v], .place = s};
  for (uint32_t l = 0; l < stops->line_count; l++)
    if (r->first_entry[l + 1] - r->first_entry[l] > 1)
      qsort(r->entries + r->first_entry[l], r->first_entry[l + 1] - r->first_entry[l], sizeof *r->entries, by_venue);
  return KY_OK;
}

static ky_err new_columns(ky_job *job, const ky_supply_in *in, riding *r, worker *workers) {
  const uint32_t n = in->stops->count;
  ky_stop_supply *out = r->out;
  KY_NEW(job, keep, out->reaches, n);
  KY_NEW(job, keep, out->rule_days, n);
  KY_NEW(job, keep, out->venue, n);
  KY_NEW(job, keep, out->to, (size_t)n * KY_WEEK_DAYS);
  KY_NEW(job, keep, out->back, (size_t)n * KY_WEEK_DAYS);
  KY_NEW(job, keep, out->line_trips_milli, n);
  KY_NEW(job, keep, out->first_venue, (size_t)n + 1);
  KY_NEW(job, scratch, r->list_thread, n);
  KY_NEW(job, scratch, r->list_from, n);
  KY_NEW(job, scratch, r->list_to, n);
  for (uint32_t s = 0; s < n; s++) {
    const char *source = in->stops->trips_source[s];
    const bool is_timed = source != NULL && strcmp(source, "feed") == 0;
    out->venue[s] = KY_NONE;
    out->line_trips_milli[s] = KY_NULL;
    out->reaches[s] = is_timed || out->use[s] == 0 || source != NULL ? 0 : -1;
    for (int d = 0; d < KY_WEEK_DAYS; d++)
      out->to[(size_t)s * KY_WEEK_DAYS + (size_t)d] = out->back[(size_t)s * KY_WEEK_DAYS + (size_t)d] =
          is_timed ? 0 : KY_NONE;
  }
  for (int t = 0; t < job->threads; t++) {
    KY_NEW(job, scratch, workers[t].of, in->venues->count);
    KY_NEW(job, scratch, workers[t].met, in->venues->count);
    KY_NEW(job, scratch, workers[t].held, in->venues->count);
  }
  return KY_OK;
}

static ky_err gather_lists(ky_job *job, const riding *r, const worker *workers) {
  const uint32_t n = r->in->stops->count;
  ky_stop_supply *out = r->out;
  for (uint32_t s = 0; s < n; s++) {
    const uint32_t more = r->list_to[s] - r->list_from[s];
    if (more > KY_NONE / 2 || out->first_venue[s] > KY_NONE / 2) return ky_fail_memory(job);
    out->first_venue[s + 1] = out->first_venue[s] + more;
  }
  KY_NEW(job, keep, out->venues, out->first_venue[n]);
  for (uint32_t s = 0; s < n; s++)
    if (r->list_to[s] != r->list_from[s])
      memcpy(out->venues + out->first_venue[s], workers[r->list_thread[s]].list + r->list_from[s],
             (r->list_to[s] - r->list_from[s]) * sizeof *out->venues);
  return KY_OK;
}

static ky_err ride_sources(ky_job *job, riding *r, worker *workers) {
  const ky_supply_in *in = r->in;
  for (uint32_t f = 0; f < in->inputs->feed_count; f++) {
    r->table = &in->inputs->feeds[f].feed->timetable;
    r->feed_stop = in->stops->feed_stop[f];
    if (r->table->pattern_count == 0) continue;
    KY_TRY(list_entries(job, r));
    KY_TRY(list_callings(job, r));
    KY_TRY(ride_all(job, r, workers));
  }
  r->table = NULL;
  if (in->stops->first_line == NULL) return KY_OK;
  KY_TRY(list_line_entries(job, r));
  return ride_all(job, r, workers);
}

ky_err ky_supply_rides(ky_job *job, const ky_supply_in *in, const ky_supply_opts *opts, const ky_stop_venues *near,
                       ky_stop_supply *out) {
  riding r = {.in = in, .opts = opts, .near = near, .out = out};
  worker *workers;
  KY_NEW(job, scratch, workers, job->threads);
  KY_TRY(new_columns(job, in, &r, workers));
  ky_err err = ride_sources(job, &r, workers);
  if (err == KY_OK) err = gather_lists(job, &r, workers);
  for (int t = 0; t < job->threads; t++) free(workers[t].list);
  return err;
}
