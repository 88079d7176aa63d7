/* The object "public" of run.json: what was published, by which rules, and what was not. */
#include "io/run_json_parts.h"

json_t *ky_json_public(ky_run_json *b) {
  const ky_public_result *of = b->result->public_part;
  json_t *root = json_object(), *left_out = json_array(), *sources = json_object();
  ky_json_set_text(b, root, "audience", "public");
  ky_json_set_milli(b, root, "threshold", of->opts.threshold);
  ky_json_set_text(b, root, "homes", of->opts.homes == KY_HOMES_GENERALISE ? "generalise" : "withhold");
  ky_json_set_text(b, sources, "residents", of->opts.is_open[KY_FROM_RESIDENTS] ? "open" : "restricted");
  ky_json_set_text(b, sources, "official", of->opts.is_open[KY_FROM_OFFICIAL] ? "open" : "restricted");
  ky_json_set_text(b, sources, "venues", of->opts.venues_open ? "open" : "restricted");
  ky_json_set_text(b, sources, "resources", of->opts.resources_open ? "open" : "restricted");
  ky_json_set(b, root, "sources", sources);
  ky_json_set_count(b, root, "hidden_small", of->made.small);
  ky_json_set_count(b, root, "hidden_for_their_sake", of->made.companions);
  ky_json_set_count(b, root, "hidden_derived", of->made.derived);
  ky_json_set_count(b, root, "shown_again", of->made.shown_again);
  ky_json_set_count(b, root, "detail_given_up", of->made.level);
  ky_json_set_count(b, root, "published_before", of->made.published_before);
  ky_json_set_count(b, root, "hidden_not_proven", of->made.not_proven);
  ky_json_set_count(b, root, "venues_withheld", of->made.venues_withheld);
  ky_json_set_count(b, root, "homes_generalised", of->made.homes_generalised);
  ky_json_set_count(b, root, "gaps_withheld", of->made.gaps_withheld);
  for (uint32_t l = 0; l < of->made.left_out_count; l++) {
    json_t *layer = json_object();
    ky_json_set_text(b, layer, "layer", of->made.left_out[l].layer);
    ky_json_set_text(b, layer, "why", of->made.left_out[l].why);
    ky_json_append(b, left_out, layer);
  }
  ky_json_set(b, root, "left_out", left_out);
  ky_json_set_text(b, root, "audit", "nothing hidden can be worked out");
  return root;
}
