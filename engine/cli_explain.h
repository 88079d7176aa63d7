/* kayoi explain: what is behind the numbers of one cell. */
#ifndef KAYOI_CLI_EXPLAIN_H
#define KAYOI_CLI_EXPLAIN_H

#include <kayoi/explain.h>
#include <stdio.h>

#include "cli_options.h"
#include "config.h"

/* Explains options->cell of a run up to coverage, writes the GeoJSON file, then the text, or the JSON document. */
ky_err ky_explain_show(FILE *out, ky_job *job, const ky_options *options, const ky_config *config,
                       const ky_result *result);

/* What is shown: everything that the two forms need. */
typedef struct ky_explain_view {
  const ky_config *config;
  const ky_result *result;
  const ky_explanation *explanation;
  const char *path; /* of the GeoJSON file */
} ky_explain_view;

void ky_explain_text(FILE *out, const ky_explain_view *view);
void ky_explain_json(FILE *out, const ky_explain_view *view);

#endif
