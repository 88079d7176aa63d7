/* run.json: what changed since the last published run, and what the gate says. */
#include <kayoi/changes.h>
#include <kayoi/gate.h>
#include <string.h>

#include "io/run_json_parts.h"

json_t *ky_json_changes(ky_run_json *b) {
  const ky_run_changes *from = b->result->changes;
  json_t *changes = json_object(), *count = json_object();
  ky_json_set(b, changes, "compared", json_boolean(from->before != NULL && from->why_not == NULL));
  ky_json_set_text(b, changes, "why_not", from->why_not);
  for (ky_change_kind kind = 0; kind < KY_CHANGE_KIND_COUNT; kind++)
    ky_json_set_count(b, count, ky_change_kind_name(kind), ky_changes_count(&from->changes, kind));
  ky_json_set(b, changes, "count", count);
  return changes;
}

json_t *ky_json_gate(ky_run_json *b) {
  const ky_gate *from = b->result->gate;
  json_t *gate = json_object(), *reasons = json_array();
  ky_json_set_text(b, gate, "state",
                   !from->is_on        ? "off"
                   : from->count == 0  ? "passed"
                   : from->is_accepted ? "accepted"
                                       : "held");
  for (uint32_t i = 0; i < from->count; i++) {
    const ky_gate_reason *r = &from->reason[i];
    const bool is_share = strcmp(r->code, "coverage") == 0;
    json_t *reason = json_object();
    ky_json_set_text(b, reason, "code", r->code);
    ky_json_set_text(b, reason, "source", r->source);
    ky_json_set(b, reason, "before",
                r->before == KY_NULL ? json_null()
                : is_share           ? json_real((double)r->before / KY_WHOLE)
                                     : json_integer(r->before));
    ky_json_set(b, reason, "after",
                r->after == KY_NULL ? json_null()
                : is_share          ? json_real((double)r->after / KY_WHOLE)
                                    : json_integer(r->after));
    ky_json_append(b, reasons, reason);
  }
  ky_json_set(b, gate, "reasons", reasons);
  return gate;
}
