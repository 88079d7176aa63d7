/* Questions about sets of sites. */
#include <kayoi/site_plan.h>
#include <string.h>

#include "rooms.h"

/* A few seconds of a question for a city, the same on every machine; what they leave unproven is said. */
#define WORK_LIMIT UINT64_C(400000000)
#define SIZE_LIMIT 60000
#define NODE_LIMIT 2000

typedef struct plan {
  ky_job *job;
  const ky_config *c;
  const ky_town *t;
  const ky_outcome *o;
  ky_solve_opts solve;
  ky_site_lists cover;
  ky_site_plan *out;
} plan;

static ky_site_set *add(plan *p, const char *question, const char *objective, uint32_t k) {
  ky_site_set *set = &p->out->set[p->out->count++];
  *set = (ky_site_set){.question = question, .objective = objective, .k = k, .in_order = KY_NULL};
  return set;
}

/* Names of candidates instead of places in the lists, and what is not proven, in the issues. */
static ky_err finish(plan *p, const ky_site_lists *lists, ky_site_set *set) {
  ky_chosen *chosen = &set->chosen;
  const char *what = set->k != 0 ? ky_format(&p->job->keep, "sites.best %u (%s)", set->k, set->objective)
                                 : ky_format(&p->job->keep, "sites (%s)", set->question);
  if (what == NULL) return ky_fail_memory(p->job);
  for (uint32_t i = 0; i < chosen->count; i++) chosen->candidate[i] = lists->candidate[chosen->candidate[i]];
  set->gap = ky_chosen_gap(chosen);
  ky_chosen_report(p->job, chosen, what, p->t->zones.name);
  return KY_OK;
}

static ky_choices choices_of(const ky_site_lists *lists, ky_objective objective) {
  return (ky_choices){.objective = objective,
                      .candidate_count = lists->candidate_count,
                      .demand_count = lists->demand_count,
                      .weight = lists->weight,
                      .first = lists->first,
                      .demand = lists->demand,
                      .cost = lists->cost,
                      .base = lists->base};
}

static int64_t gain_in_order(const ky_sites *sites, uint32_t k) {
  int64_t sum = 0;
  for (uint32_t s = 0; s < k && s < sites->count; s++) sum += sites->gain_65[s];
  return sum;
}

/* The best sets of `from` ... `best` sites by an objective; more than all candidates are all of them. */
static ky_err ask_best(plan *p, const ky_site_lists *lists, const ky_choices *choices, const char *objective,
                       uint32_t from) {
  uint32_t best = p->c->site_plan.best;
  ky_choice *choice;
  KY_TRY(ky_choices_prepare(p->job, choices, &choice));
  if (best > lists->candidate_count) best = lists->candidate_count;
  for (uint32_t k = from < best ? from : best; k <= best && k != 0; k++) {
    ky_site_set *set = add(p, "best", objective, k);
    KY_TRY(ky_choose_best(p->job, choice, k, &p->solve, &set->chosen));
    if (choices->objective == KY_BY_COVERAGE) set->in_order = gain_in_order(&p->o->sites, k);
    KY_TRY(finish(p, lists, set));
    ky_job_progress(p->job, k, best);
  }
  return KY_OK;
}

/* People 65+ that a share of them is, rounded up. */
static int64_t share_of(int64_t people, int64_t share) {
  return (people / KY_WHOLE) * share + ((people % KY_WHOLE) * share + KY_WHOLE - 1) / KY_WHOLE;
}

static ky_err ask_smallest(plan *p, const ky_choices *choices, const char *question) {
  const ky_sites *sites = &p->o->sites;
  const int64_t goal = share_of(sites->demand_65, p->c->site_plan.goal_share) - sites->covered_before_65;
  ky_choice *choice;
  KY_TRY(ky_choices_prepare(p->job, choices, &choice));
  ky_site_set *set = add(p, question, "coverage", 0);
  KY_TRY(ky_choose_smallest(p->job, choice, goal > 0 ? goal : 0, &p->solve, &set->chosen));
  return finish(p, &p->cover, set);
}

/* What each zone lacks to its least share. */
static ky_err floors(plan *p, int64_t **out) {
  const ky_coverage *coverage = &p->o->coverage;
  ky_job *job = p->job;
  KY_NEW(job, scratch, *out, p->t->zones.count);
  for (uint32_t z = 0; z < p->t->zones.count; z++) {
    const size_t at = (size_t)z * KY_MEASURE_COUNT + KY_65;
    const int64_t least = share_of(coverage->total[at], p->c->site_plan.floor_share);
    const int64_t lack = least - coverage->people[KY_COVERED][at];
    (*out)[z] = lack > 0 ? lack : 0;
  }
  return KY_OK;
}

static ky_err ask_goal(plan *p, ky_choices choices) {
  int64_t *floor;
  if (p->c->site_plan.with_goal) KY_TRY(ask_smallest(p, &choices, "smallest"));
  if (p->c->site_plan.floor_share == 0) return KY_OK;
  KY_TRY(floors(p, &floor));
  choices.zone = p->cover.zone;
  choices.zone_count = p->t->zones.count;
  choices.floor = floor;
  return ask_smallest(p, &choices, "smallest_with_floor");
}

/* Prices of the candidates in the lists; one without a price is left out by a price above the budget. */
static ky_err ask_budget(plan *p, ky_choices choices) {
  ky_job *job = p->job;
  const ky_candidates *candidates = &p->o->candidates;
  const uint64_t budget = (uint64_t)p->c->site_plan.budget;
  uint32_t *price, without = 0;
  ky_choice *choice;
  if (budget == 0) return KY_OK;
  KY_NEW(job, scratch, price, p->cover.candidate_count);
  for (uint32_t i = 0; i < p->cover.candidate_count; i++) {
    const int64_t own = candidates->price[p->cover.candidate[i]];
    without += own == KY_NULL;
    price[i] = own == KY_NULL || own > UINT32_MAX - 1 ? UINT32_MAX - 1 : own < 1 ? 1 : (uint32_t)own;
  }
  if (without != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = "sites.budget",
                             .reason = "site_without_cost",
                             .action = ky_tr("left out of the question what a budget can do; give their costs")},
                 ky_tr("%u candidate sites have no cost"), without);
  choices.price = price;
  KY_TRY(ky_choices_prepare(job, &choices, &choice));
  ky_site_set *set = add(p, "budget", "coverage", 0);
  KY_TRY(ky_choose_best(job, choice, budget < UINT32_MAX - 1 ? budget : UINT32_MAX - 2, &p->solve, &set->chosen));
  return finish(p, &p->cover, set);
}

static ky_err ask_walk(plan *p) {
  const ky_ground *g = p->o->ground;
  ky_site_lists lists;
  if (!p->c->site_plan.by_walk || p->c->site_plan.best == 0) return KY_OK;
  KY_TRY(ky_site_lists_walk(p->job, &p->o->candidates, g->network, g->points, &g->point_anchors, &p->t->zones,
                            &p->o->coverage, &p->cover, p->c->site_plan.walk_cap_mm, &lists));
  const ky_choices choices = choices_of(&lists, KY_BY_WALK);
  return ask_best(p, &lists, &choices, "walk", p->c->site_plan.best);
}

/* Participants of uncovered people, and the seats that each new venue would have. */
static ky_err ask_seats(plan *p) {
  ky_job *job = p->job;
  ky_choices choices = choices_of(&p->cover, KY_BY_SEATS);
  int64_t *weight;
  uint32_t *seats;
  if (!p->c->site_plan.by_seats || p->c->site_plan.best == 0) return KY_OK;
  KY_NEW(job, scratch, weight, p->cover.demand_count);
  KY_NEW(job, scratch, seats, p->cover.candidate_count);
  for (uint32_t d = 0; d < p->cover.demand_count; d++)
    weight[d] = (p->cover.weight[d] * p->c->site_plan.rate + KY_WHOLE / 2) / KY_WHOLE;
  for (uint32_t i = 0; i < p->cover.candidate_count; i++) seats[i] = (uint32_t)p->c->site_plan.seats_milli;
  choices.weight = weight;
  choices.seats = seats;
  return ask_best(p, &p->cover, &choices, "seats", p->c->site_plan.best);
}

static ky_err ask(plan *p) {
  const ky_ground *g = p->o->ground;
  KY_TRY(ky_site_lists_cover(p->job, &p->o->candidates, g->network, g->points, &g->point_anchors, &p->t->zones,
                             &p->o->coverage, &p->c->sites, &p->cover));
  if (p->cover.candidate_count == 0) return KY_OK;
  const ky_choices choices = choices_of(&p->cover, KY_BY_COVERAGE);
  KY_TRY(ask_best(p, &p->cover, &choices, "coverage", 1));
  KY_TRY(ask_goal(p, choices));
  KY_TRY(ask_budget(p, choices));
  KY_TRY(ask_walk(p));
  return ask_seats(p);
}

/* Only when anything is asked. */
ky_err ky_site_plan_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, ky_result *result) {
  const ky_ground *g = o->ground;
  const ky_site_plan_opts *opts = &c->site_plan;
  ky_site_plan *out;
  if (opts->best == 0 && !opts->with_goal && opts->floor_share == 0 && opts->budget == 0) return KY_OK;
  ky_job_room_start(job, "site_plan");
  KY_NEW(job, keep, out, 1);
  KY_NEW(job, keep, out->set, KY_BEST_MAX + 5);
  plan p = {.job = job, .c = c, .t = t, .o = o, .solve = ky_solve_defaults(), .out = out};
  p.solve.time_limit_ms = c->site_plan.time_limit_ms;
  p.solve.work_limit = WORK_LIMIT;
  p.solve.size_limit = SIZE_LIMIT;
  p.solve.node_limit = NODE_LIMIT;
  KY_TRY(ask(&p));
  KY_TRY(ky_site_robustness(job, &o->candidates, &o->sites, g->network, g->points, &g->point_anchors, &t->zones,
                            &o->coverage, &c->walk, &c->sites, out));
  out->knee = ky_site_knee(&o->sites);
  result->site_plan = out;
  ky_job_room_end(job, ky_tr("%u questions about sets of sites"), out->count);
  return KY_OK;
}
