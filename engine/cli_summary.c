/* The summary of a run. People 65 and over throughout; the municipality's row of the ledger. */
#include <inttypes.h>
#include <kayoi/counting.h>
#include <string.h>

#include "cli_report.h"
#include "cli_text.h"

#define SCENARIOS_SHOWN 20

static const int sites_shown = 3;

static int64_t people_65(const ky_result *result, ky_reach reach) {
  size_t at = (size_t)KY_ROW_MUNICIPALITY(result->zones) * KY_MEASURE_COUNT + KY_65;
  return result->coverage->people[reach][at];
}

static void show_coverage(FILE *out, const ky_result *result, int64_t all) {
  int64_t covered = people_65(result, KY_COVERED);
  fprintf(out, ky_tr("Within %s m on foot of a gathering place: %s people (%s %%)\n"),
          ky_show_metres(result->walk_opts->primary_mm).text, ky_show_people(covered).text,
          ky_show_percent(covered, all).text);
  fprintf(out, ky_tr("Farther than that: %s people. No way on foot: %s. Cannot be judged (no road data): %s\n"),
          ky_show_people(people_65(result, KY_BEYOND)).text, ky_show_people(people_65(result, KY_UNREACHABLE)).text,
          ky_show_people(people_65(result, KY_UNKNOWN)).text);
}

/* What further profiles say, at the distance of each. */
static void show_profiles(FILE *out, const ky_result *result) {
  const uint32_t row = KY_ROW_MUNICIPALITY(result->zones);
  const size_t at = (size_t)row * KY_MEASURE_COUNT + KY_65;
  for (uint32_t p = 1; result->profiles != NULL && p < result->profiles->count; p++) {
    const ky_profile_result *of = &result->profiles->result[p];
    const int64_t covered = of->coverage.people[KY_COVERED][at];
    fprintf(out, ky_tr("  Profile %s (%s m/min): within %s m %s people (%s %%)\n"), of->opts->profile,
            ky_show_metres(of->opts->speed_mm_per_min).text, ky_show_metres(of->opts->primary_mm).text,
            ky_show_people(covered).text, ky_show_percent(covered, of->coverage.total[at]).text);
  }
}

static void show_gaps(FILE *out, const ky_gaps *gaps) {
  uint32_t count[KY_REMEDY_COUNT] = {0};
  int64_t people[KY_REMEDY_COUNT] = {0}, all = 0;
  for (uint32_t i = 0; i < gaps->count; i++) {
    count[gaps->remedy[i]]++;
    people[gaps->remedy[i]] += gaps->people[KY_65][i];
    all += gaps->people[KY_65][i];
  }
  fprintf(out, ky_tr("Gaps (areas without a known gathering place): %s areas, %s people\n"),
          ky_show_count(gaps->count).text, ky_show_people(all).text);
  fprintf(
      out, ky_tr("  Candidate remedies: new place %u areas (%s people), mobility support %u (%s), visits %u (%s)\n"),
      count[KY_NEW_VENUE], ky_show_people(people[KY_NEW_VENUE]).text, count[KY_MOBILITY_SUPPORT],
      ky_show_people(people[KY_MOBILITY_SUPPORT]).text, count[KY_OUTREACH], ky_show_people(people[KY_OUTREACH]).text);
  if (count[KY_TRANSIT] > 0)
    fprintf(out, ky_tr("  By bus: %u areas (%s people)\n"), count[KY_TRANSIT], ky_show_people(people[KY_TRANSIT]).text);
}

/* What the target is a share of: the register's people, the residents' data, or both, zone by zone. */
static void show_base(FILE *out, const ky_result *result, uint32_t row) {
  const ky_targets *targets = result->targets;
  fprintf(out,
          targets->is_register[row] == 1
              ? ky_tr("Target: of %s people 65 and over in the resident register, %s participants (%s).")
          : targets->is_register[row] == 0
              ? ky_tr("Target: of %s people 65 and over in the residents' data, %s participants (%s).")
              : ky_tr("Target: of %s people 65 and over (resident register where given, else the residents' data), %s "
                      "participants (%s)."),
          ky_show_people(targets->base_65[row]).text, ky_show_count(targets->target[row]).text,
          targets->basis[row] != NULL ? targets->basis[row] : result->targets_opts->basis);
}

/* The order of the sites is not the smallest set of them. */
static void show_smallest(FILE *out, const ky_result *result, int64_t in_order) {
  const ky_site_plan *plan = result->site_plan;
  for (uint32_t s = 0; plan != NULL && s < plan->count; s++) {
    const ky_chosen *chosen = &plan->set[s].chosen;
    if (strcmp(plan->set[s].question, "smallest") != 0 || !chosen->is_allowed) continue;
    if (in_order == KY_NULL || chosen->count < in_order)
      fprintf(out, ky_tr("In another combination of sites %u are enough for that (layer site_sets)\n"), chosen->count);
  }
}

static void show_targets(FILE *out, const ky_result *result) {
  const ky_targets *targets = result->targets;
  uint32_t row = KY_ROW_MUNICIPALITY(result->zones);
  show_base(out, result, row);
  fprintf(out,
          targets->is_at_least[row] == 1 ? ky_tr(" Now: at least %s (few places report). Missing: %s\n")
                                         : ky_tr(" Now: %s. Missing: %s\n"),
          ky_show_count(targets->participants[row]).text, ky_show_count(targets->shortfall[row]).text);
  fprintf(out, ky_tr("More places needed: %s to take in those missing; to bring %s %% of people within range: %s\n"),
          ky_show_count(targets->places_by_participants[row]).text,
          ky_show_percent(result->targets_opts->goal_share, KY_WHOLE).text,
          targets->places_by_reach[row] != KY_NULL ? ky_show_count(targets->places_by_reach[row]).text
                                                   : ky_tr("more than the candidate sites can do"));
  show_smallest(out, result, targets->places_by_reach[row]);
}

/* Where the target people are, and venues that planners look at first. */
static void show_seats(FILE *out, const ky_result *result) {
  const ky_targets *targets = result->targets;
  const uint32_t row = KY_ROW_MUNICIPALITY(result->zones);
  uint32_t full = 0, empty = 0, tight = 0;
  for (uint32_t v = 0; v < result->venues->count; v++) {
    const ky_seat_use use = ky_seat_use_of(targets->assigned.seats[v], result->venues->participants[v]);
    if (result->venues->counts[v] == 0) continue;
    full += use.is_full == 1;
    empty += use.is_empty == 1;
    tight += targets->assigned.is_short[v] == 1;
  }
  if (targets->no_seats[row] != KY_NULL)
    fprintf(out, ky_tr("Of the target: too far %s, within reach but without a seat %s, with a seat %s, unknown %s\n"),
            ky_show_count(targets->too_far[row]).text, ky_show_count(targets->no_seats[row]).text,
            ky_show_count(targets->within_reach[row]).text, ky_show_count(targets->unknown[row]).text);
  else
    fprintf(
        out,
        ky_tr("Of the target: too far %s, within reach %s, unknown %s. Whether there are seats cannot be said: %u of "
              "%u places in range have no known capacity or sessions\n"),
        ky_show_count(targets->too_far[row]).text, ky_show_count(targets->within_reach[row]).text,
        ky_show_count(targets->unknown[row]).text, targets->assigned.unknown_count, targets->assigned.in_range_count);
  if (full + empty + tight > 0)
    fprintf(out,
            ky_tr("Places that are full: %u, without participants: %u, with too few seats for the people around: %u "
                  "(layer venues)\n"),
            full, empty, tight);
}

static void show_partial(FILE *out, const ky_zones *zones) {
  uint32_t count = 0;
  for (uint32_t z = 0; z < zones->count; z++) count += ky_zone_is_partial(zones, z) == 1;
  if (count == 0) return;
  fprintf(out, ky_tr("Incomplete: the data covers only a part of %u of %u zones, and their numbers are of that part\n"),
          count, zones->count);
}

/* Of the places that count, how much the rules had to assume. */
static void show_counting(FILE *out, const ky_result *result) {
  const ky_counted c = ky_counting_municipality(result->zones, result->venues, result->resources);
  if (c.coverage == 0) return;
  fprintf(out,
          ky_tr("Places that count: %s. Unknown of them: how often they meet %s %%, whom they serve %s %% (taken as "
                "everybody), whether residents lead them %s %%\n"),
          ky_show_count(c.coverage).text, ky_show_percent(c.sessions_unknown, c.coverage).text,
          ky_show_percent(c.catchment_unknown, c.coverage).text, ky_show_percent(c.resident_led_unknown, c.rate).text);
  if (c.bound != 0) fprintf(out, ky_tr("  For people of some zones only: %s places\n"), ky_show_count(c.bound).text);
  if (c.informal != 0)
    fprintf(out, ky_tr("  Informal gatherings, not counted among them: %s\n"), ky_show_count(c.informal).text);
}

static void show_sites(FILE *out, const ky_result *result) {
  const ky_sites *sites = result->sites;
  if (sites->count == 0) fprintf(out, "%s\n", ky_tr("No site for a new place reaches enough people."));
  for (int i = 0; i < sites_shown && (uint32_t)i < sites->count; i++) {
    uint32_t c = sites->candidate[i], row = result->candidates->row[c];
    const char *name = result->candidates->name != NULL ? result->candidates->name[c] : NULL;
    const char *zone = row < result->zones->count ? result->zones->name[row] : ky_tr("outside the zones");
    fprintf(out, ky_tr("Candidate site %d: %s (%s), newly reaches %s people\n"), i + 1,
            name != NULL ? name : result->candidates->id[c], zone, ky_show_people(sites->gain_65[i]).text);
  }
}

/* The same in the years to come. */
static void show_years(FILE *out, const ky_result *result) {
  for (uint32_t y = 1; y < result->year_result_count; y++) {
    const ky_year_result *then = &result->year_results[y];
    const size_t row = KY_ROW_MUNICIPALITY(then->result.zones), at = row * KY_MEASURE_COUNT + KY_65;
    const int64_t all = then->result.coverage->total[at], covered = then->result.coverage->people[KY_COVERED][at];
    fprintf(out, ky_tr("In %lld: %s people 65 and over, of them %s (%s %%) within range of today's places\n"),
            (long long)then->year, ky_show_people(all).text, ky_show_people(covered).text,
            ky_show_percent(covered, all).text);
  }
}

static void show_sensitivity(FILE *out, const ky_result *result, int64_t all) {
  const ky_sensitivity *s = result->sensitivity;
  if (s == NULL) return;
  const int64_t robust = ky_sensitivity_robust_65(s, result->cells, result->points, result->zones);
  fprintf(out,
          ky_tr("Under %u other definitions (distances, placement ...) the answer is the same for %s people "
                "(%s %%); see the layer sensitivity\n"),
          s->count - 1, ky_show_people(robust).text, ky_show_percent(robust, all).text);
}

/* Each scenario in one line: covered then, against now, and who is behind the difference. */
static void show_scenarios(FILE *out, const ky_result *result) {
  const ky_comparison *c = result->comparison;
  const uint32_t all = KY_ROW_MUNICIPALITY(result->zones);
  for (uint32_t i = 0; c != NULL && i < c->count && i < SCENARIOS_SHOWN; i++) {
    const ky_compared *one = &c->of[i];
    const int64_t pop = ky_compared_figure(c, one, "pop_65", all, true);
    const int64_t covered = ky_compared_figure(c, one, "covered_65", all, true);
    fprintf(out, ky_tr("Scenario %s: within reach %s people (%s %%)"), one->name, ky_show_people(covered).text,
            ky_show_percent(covered, pop).text);
    if (one->gaining[0] != NULL)
      fprintf(out, ky_tr("; %s gain a place in reach, %s lose it"), ky_show_people(one->gaining[0][all]).text,
              ky_show_people(one->losing[0][all]).text);
    else
      fprintf(out, ky_tr("; people of the year %d"), one->year);
    fprintf(out, ky_tr("; target %s, missing %s\n"),
            ky_show_count(ky_compared_figure(c, one, "target_participants", all, true)).text,
            ky_show_count(ky_compared_figure(c, one, "shortfall", all, true)).text);
  }
  if (c != NULL && c->count > SCENARIOS_SHOWN)
    fprintf(out, ky_tr("... and %u more scenarios; see the layer scenarios\n"), c->count - SCENARIOS_SHOWN);
}

static void show_public(FILE *out, const ky_config *config, const ky_public_result *of) {
  if (of == NULL) return;
  fprintf(out,
          ky_tr("Public: %s/public, %u layers. Hidden: %u counts below %s people from sources that are not open, %u "
                "others from which they could be worked out; %u venues are not marked for publication\n"),
          config->out_dir, of->layers.count, of->made.small, ky_show_people(of->opts.threshold).text,
          of->made.companions + of->made.derived, of->made.venues_withheld);
}

void ky_report_run(FILE *out, const ky_config *config, const ky_result *result) {
  const char *date = result->cells->date;
  fputc('\n', out);
  if (result->cells->people[KY_65] == NULL) {
    fprintf(out, ky_tr("%s: the residents' data has no people aged 65 and over, so shares and targets are unknown\n"),
            config->name);
  } else {
    size_t at = (size_t)KY_ROW_MUNICIPALITY(result->zones) * KY_MEASURE_COUNT + KY_65;
    int64_t all = result->coverage->total[at];
    fprintf(out, ky_tr("%s: %s people aged 65 and over (reference date: %s)\n"), config->name, ky_show_people(all).text,
            date != NULL ? date : ky_tr("unknown"));
    show_coverage(out, result, all);
    show_counting(out, result);
    show_profiles(out, result);
    show_gaps(out, result->gaps);
    show_targets(out, result);
    show_seats(out, result);
    show_sites(out, result);
    show_scenarios(out, result);
    show_years(out, result);
    show_sensitivity(out, result, all);
  }
  show_partial(out, result->zones);
  show_public(out, config, result->public_part);
  fprintf(out, ky_tr("Results: %s/internal (run.json beside it says how they were made)\n"), config->out_dir);
}
