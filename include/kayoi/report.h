/* The page: one folder that shows a run's layers on a map and in tables, opened by a double click, without a network.
 *
 *   report/index.html, page.js, page.css   made at build from engine/report, the same for every run
 *   report/data/run.js                     what the run is: its name, its definitions, which layers follow
 *   report/data/<layer>.js                 columns and shapes of one layer (engine/README.md, The page) */
#ifndef KAYOI_REPORT_H
#define KAYOI_REPORT_H

#include <kayoi/layers.h>
#include <kayoi/write.h>

typedef struct ky_report_opts {
  const char *audience; /* "internal", "public" */
  const char *municipality_name, *municipality_code;
  const char *tiles_url;   /* of background tiles, with {z}, {x} and {y}; NULL: none, and no request leaves the page */
  const char *tiles_words; /* whose they are; NULL: not said */
  const ky_setting *settings;
  uint32_t setting_count;
  const char *assets; /* folder of the page's own files; NULL: looked for beside the program */
} ky_report_opts;

/* Writes <folder>/report/. Where this program came without the page's files there is none, and a notice says so; layers
 * that are too large for a browser are left out, which the page and a notice say. */
ky_err ky_report_write(ky_job *job, const ky_layers *layers, const ky_report_opts *opts, const char *folder);

#endif
