/* What changed since the last published run, whether that is plausible, and what is kept of it. */
#include <stdio.h>
#include <string.h>

#include "rooms.h"

/* The run that everybody sees until this one takes its place. */
static ky_err find_last(ky_job *job, const ky_config *c, const ky_past **out) {
  const char *why;
  KY_TRY(ky_past_look(job, c->out_dir, out, &why));
  if (why != NULL) ky_job_notice(job, ky_tr("the earlier result is not compared with: %s"), why);
  return KY_OK;
}

ky_err ky_changes_room(ky_job *job, const ky_config *c, const ky_write_opts *opts, ky_layers *layers,
                       ky_result *result) {
  ky_run_changes *changes;
  ky_gate *gate;
  ky_table table;
  const ky_past *before, *after;
  KY_NEW(job, keep, changes, 1);
  KY_NEW(job, keep, gate, 1);
  KY_TRY(find_last(job, c, &before));
  KY_TRY(ky_run_describe(job, result, opts, &after));
  KY_TRY(ky_changes_of_layers(job, before, after, layers, changes));
  if (changes->why_not != NULL)
    ky_job_notice(job, ky_tr("the earlier result is not compared with: %s"), changes->why_not);
  KY_TRY(ky_changes_table(job, &changes->changes, &table));
  KY_TRY(ky_layers_add(job, &table, layers));
  KY_TRY(ky_gate_judge(job, &c->gate, before, after, gate));
  result->changes = changes;
  result->gate = gate;
  return KY_OK;
}

static const char *reason_text(ky_job *job, const ky_gate_reason *r) {
  ky_arena *scratch = &job->scratch;
  if (strcmp(r->code, "coverage") == 0)
    return ky_format(scratch, ky_tr("share of people 65 and over within reach %.1f %% -> %.1f %%"),
                     (double)r->before * 100 / KY_WHOLE, (double)r->after * 100 / KY_WHOLE);
  if (strcmp(r->code, "venues") == 0)
    return ky_format(scratch, ky_tr("places that count %lld -> %lld"), (long long)r->before, (long long)r->after);
  if (r->after == 0) return ky_format(scratch, ky_tr("%s is empty"), r->source);
  return ky_format(scratch, ky_tr("%s: records %lld -> %lld"), r->source, (long long)r->before, (long long)r->after);
}

/* All reasons behind each other. */
static const char *reasons_text(ky_job *job, const ky_gate *gate) {
  const char *text = "";
  for (uint32_t i = 0; i < gate->count && text != NULL; i++) {
    const char *reason = reason_text(job, &gate->reason[i]);
    text = reason == NULL ? NULL : ky_format(&job->scratch, "%s%s%s", text, i != 0 ? "; " : "", reason);
  }
  return text;
}

ky_err ky_gate_room(ky_job *job, const ky_config *c, const ky_result *result, ky_folder *folder) {
  const char *held, *reasons = reasons_text(job, result->gate);
  if (reasons == NULL) return ky_fail_memory(job);
  if (result->gate->count != 0 && !ky_gate_holds(result->gate))
    ky_job_notice(job, ky_tr("accepted (--accept) though not plausible: %s"), reasons);
  if (!ky_gate_holds(result->gate)) return KY_OK;
  KY_TRY(ky_write_hold(job, folder, &held));
  return ky_fail(job, KY_E_HELD,
                 ky_tr("held back, the published result stays: %s; the new one lies in %s (kayoi diff %s %s); if it is "
                       "right: kayoi run %s --accept (limits: gate in the configuration)"),
                 reasons, held, c->out_dir, held, c->path);
}
