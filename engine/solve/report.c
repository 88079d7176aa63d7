/* What an answer does not prove, and why, in the issues. */
#include <kayoi/solve.h>

/* The texts of an end that is worth saying; the others have no reason. */
typedef struct saying {
  const char *reason, *message, *action;
} saying;

static const saying sayings[KY_SOLVE_END_COUNT] = {
    [KY_SOLVE_WORK] = {"solver_work_limit",
                       KY_MSG("%s: not proven to be the best; no set is better by more than %.2f %%"),
                       KY_MSG("the best set found is given; every run finds the same one")},
    [KY_SOLVE_TIME] =
        {"solver_time_limit", KY_MSG("%s: the time limit ended the proof; no set is better by more than %.2f %%"),
         KY_MSG("the best set found is given; another run may find another one, a longer time limit a better one")},
    [KY_SOLVE_MEMORY] = {"solver_memory_limit",
                         KY_MSG("%s: the memory limit ended the proof; no set is better by more than %.2f %%"),
                         KY_MSG("the best set found is given; a higher memory limit may find a better one")},
    [KY_SOLVE_FAILED] = {"solver_failed",
                         KY_MSG("%s: kayoi-solver did not answer; no set is better by more than %.2f %%"),
                         KY_MSG("the best set found without it is given; look whether the program kayoi-solver lies "
                                "beside kayoi and runs")},
};

static void report_floor(ky_job *job, const ky_chosen *chosen, const char *what, const char *const *zone_names) {
  ky_issue head = {
      .severity = KY_WARNING,
      .source = what,
      .reason = "floor_impossible",
      .record = zone_names != NULL ? zone_names[chosen->short_zone] : NULL,
      .action = ky_tr("the set that comes nearest to all floors is given; lower the floor, or allow more places")};
  ky_issue_add(job, &head,
               ky_tr("the floor of this zone cannot be kept beside the others: the set given covers %.3f there, no set "
                     "more than %.3f"),
               (double)chosen->short_value / KY_PERSON, (double)chosen->short_bound / KY_PERSON);
}

void ky_chosen_report(ky_job *job, const ky_chosen *chosen, const char *what, const char *const *zone_names) {
  const saying *said = &sayings[chosen->end];
  if (said->reason != NULL) {
    ky_issue head = {.severity = KY_WARNING, .source = what, .reason = said->reason, .action = ky_tr(said->action)};
    ky_issue_add(job, &head, ky_tr(said->message), what, (double)ky_chosen_gap(chosen) * 100 / KY_WHOLE);
  } else if (chosen->end == KY_SOLVE_IMPOSSIBLE && chosen->short_zone != KY_NONE) {
    report_floor(job, chosen, what, zone_names);
  } else if (chosen->end == KY_SOLVE_IMPOSSIBLE) {
    ky_issue head = {
        .severity = KY_WARNING,
        .source = what,
        .reason = "goal_impossible",
        .action =
            ky_tr("the set that comes nearest is given; lower the goal, or give more candidates or a larger budget")};
    ky_issue_add(job, &head, ky_tr("%s: no set does what is asked; nothing covers more than %.3f"), what,
                 (double)chosen->bound / KY_PERSON);
  }
}
