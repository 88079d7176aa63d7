/* From the ids on the command line to the explanation, its file and its text. */
#include "cli_explain.h"

#include <string.h>

#include "cli_text.h"
#include "config_suggest.h"

#define OFFERS 3

static uint32_t find_id(const char *const *id, uint32_t count, const char *word) {
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(id[i], word) == 0) return i;
  return KY_NONE;
}

static bool is_among(const char *const *list, uint32_t count, const char *text) {
  for (uint32_t i = 0; i < count; i++)
    if (strcmp(list[i], text) == 0) return true;
  return false;
}

/* The ids that a slip of the fingers explains, best first; else those that begin with the word, or it with them. */
static uint32_t find_offers(const char *const *id, uint32_t count, const char *word, const char **offer) {
  uint32_t n = 0;
  for (; n < OFFERS; n++) {
    ky_suggestion suggestion = {.word = word};
    for (uint32_t i = 0; i < count; i++)
      if (!is_among(offer, n, id[i])) ky_suggestion_offer(&suggestion, id[i]);
    if (suggestion.best == NULL) break;
    offer[n] = suggestion.best;
  }
  for (uint32_t i = 0; i < count && n < OFFERS; i++) {
    const size_t a = strlen(id[i]), b = strlen(word);
    if (b >= 4 && strncmp(id[i], word, a < b ? a : b) == 0 && a >= 4 && !is_among(offer, n, id[i])) offer[n++] = id[i];
  }
  return n;
}

static ky_err fail_unknown(ky_job *job, const char *option, const char *const *id, uint32_t count, const char *word,
                           const char *hint) {
  const char *offer[OFFERS] = {NULL};
  const uint32_t n = find_offers(id, count, word, offer);
  if (n == 0)
    return ky_fail(job, KY_E_USAGE, ky_tr("%s %s: none of %s has this id; %s"), option, word, ky_show_count(count).text,
                   hint);
  return ky_fail(job, KY_E_USAGE, ky_tr("%s %s: there is no such id; did you mean %s%s%s%s%s?"), option, word, offer[0],
                 n > 1 ? ", " : "", n > 1 ? offer[1] : "", n > 2 ? ", " : "", n > 2 ? offer[2] : "");
}

static ky_err find(ky_job *job, const ky_options *options, const ky_result *result, ky_explain_opts *out) {
  const ky_cells *cells = result->cells;
  const ky_venues *venues = result->venues;
  *out = (ky_explain_opts){.venue = KY_NONE, .with_points = options->with_points};
  out->cell = find_id(cells->id, cells->count, options->cell);
  if (out->cell == KY_NONE)
    return fail_unknown(job, "--cell", cells->id, cells->count, options->cell,
                        ky_tr("cells farther than study.margin_m from the municipality are not in the run; cell_id of "
                              "the layer cells lists them all"));
  if (options->venue == NULL) return KY_OK;
  out->venue = find_id(venues->id, venues->count, options->venue);
  if (out->venue != KY_NONE) return KY_OK;
  return fail_unknown(job, "--venue", venues->id, venues->count, options->venue,
                      ky_tr("venue_id of the layer venues lists them all"));
}

/* The run as the profile asked for walks it. */
static ky_err choose_profile(ky_job *job, const ky_options *options, const ky_result *result, ky_result *out) {
  const char *name[KY_PROFILES_MAX] = {result->walk_opts->profile};
  const uint32_t count = result->profiles != NULL ? result->profiles->count : 1;
  *out = *result;
  if (options->profile == NULL) return KY_OK;
  for (uint32_t p = 1; p < count && p < KY_PROFILES_MAX; p++) name[p] = result->profiles->result[p].opts->profile;
  const uint32_t found = find_id(name, count, options->profile);
  if (found == KY_NONE)
    return fail_unknown(job, "--profile", name, count, options->profile, ky_tr("look at walk in the configuration"));
  return found == 0 ? KY_OK : ky_explain_profile(job, result, found, out);
}

/* explain-ID.geojson where the program was called; what a file name cannot hold becomes an underscore. */
static char *default_path(ky_job *job, const char *cell) {
  char *path = ky_format(&job->keep, "explain-%.150s.geojson", cell);
  for (char *p = path; p != NULL && *p != '\0'; p++)
    if (strchr("/\\:*?\"<>|", *p) != NULL || (unsigned char)*p < 0x20) *p = '_';
  return path;
}

ky_err ky_explain_show(FILE *out, ky_job *job, const ky_options *options, const ky_config *config,
                       const ky_result *result) {
  ky_result walked;
  ky_explain_opts opts;
  ky_explanation explanation;
  KY_TRY(choose_profile(job, options, result, &walked));
  KY_TRY(find(job, options, &walked, &opts));
  KY_TRY(ky_explain(job, &walked, &opts, &explanation));
  const char *path = options->out != NULL ? options->out : default_path(job, options->cell);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_explain_write(job, &walked, &explanation, path));
  const ky_explain_view view = {.config = config, .result = &walked, .explanation = &explanation, .path = path};
  if (options->wants_document)
    ky_explain_json(out, &view);
  else
    ky_explain_text(out, &view);
  return KY_OK;
}
