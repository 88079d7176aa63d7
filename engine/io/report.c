/* The page of a run: see report.h. */
#include <inttypes.h>
#include <kayoi/report.h>
#include <stdio.h>
#include <string.h>

#include "core/palette.h"
#include "io/out_folder.h"
#include "io/report_assets.h"
#include "io/report_script.h"

/* A layer as the page gets it. */
typedef struct part {
  const ky_report_layer *of;
  const ky_table *table;
  const char *only_null; /* of a large layer: see report_layers.h */
  bool is_left_out;
} part;

#define PARTS_MAX 64

static uint32_t choose(const ky_layers *layers, part *parts) {
  uint32_t count = 0;
  for (const ky_report_layer *of = ky_report_layers; of->layer != NULL; of++) {
    const ky_table *table = ky_layers_find(layers, of->layer);
    if (table == NULL) continue;
    part *p = &parts[count++];
    *p = (part){.of = of, .table = table};
    if (!ky_report_is_large(table)) continue;
    p->only_null = of->when_null;
    p->is_left_out = of->when_null == NULL || ky_table_column(table, of->when_null) == NULL;
  }
  return count;
}

/* "https://tiles.example.jp" of "https://tiles.example.jp/{z}/{x}/{y}.png" (scratch). */
static ky_err origin_of(ky_job *job, const char *url, const char **out) {
  *out = NULL;
  if (url == NULL) return KY_OK;
  const char *host = strstr(url, "://"), *end = host == NULL ? NULL : host + 3 + strcspn(host + 3, "/?#");
  if (end == NULL) return KY_OK;
  *out = ky_arena_text(&job->scratch, url, (size_t)(end - url));
  return *out != NULL ? KY_OK : ky_fail_memory(job);
}

static void put_member(ky_out_file *out, const char *key, const char *text, bool is_last) {
  ky_out_text(out, "\"");
  ky_out_text(out, key);
  ky_out_text(out, "\":");
  if (text != NULL) ky_out_script(out, text);
  if (text == NULL) ky_out_text(out, "null");
  if (!is_last) ky_out_text(out, ",");
}

/* Of the public part only what explains its numbers: how a town weighs its zones stays inside. */
static bool is_said(const ky_report_opts *opts, const char *key) {
  static const char *const open[] = {
      "walk.",         "counting.",           "placement.",         "gaps.", "transit.", "mobility.", "targets.rate",
      "targets.basis", "targets.attendances", "sites.min_people_65"};
  for (size_t i = 0; i < sizeof open / sizeof *open; i++)
    if (strncmp(key, open[i], strlen(open[i])) == 0) return true;
  return strcmp(opts->audience, "public") != 0;
}

static void put_settings(ky_out_file *out, const ky_report_opts *opts) {
  uint32_t put = 0;
  ky_out_text(out, "\"settings\":[");
  for (uint32_t s = 0; s < opts->setting_count; s++) {
    if (!is_said(opts, opts->settings[s].key)) continue;
    ky_out_text(out, put++ == 0 ? "\n{" : ",\n{");
    put_member(out, "key", opts->settings[s].key, false);
    put_member(out, "value", opts->settings[s].value, false);
    put_member(out, "origin", opts->settings[s].origin, false);
    put_member(out, "source", opts->settings[s].source, true);
    ky_out_text(out, "}");
  }
  ky_out_text(out, "],\n");
}

/* Colours of codes, as every style of the run has them. */
static void put_colours(ky_out_file *out) {
  const ky_code_colour *of;
  ky_out_text(out, "\"colours\":[");
  for (size_t i = 0; (of = ky_palette_codes(i)) != NULL; i++) {
    char colour[16];
    snprintf(colour, sizeof colour, "#%06" PRIx32, of->rgb);
    ky_out_text(out, i == 0 ? "{" : ",{");
    put_member(out, "column", of->column, false);
    put_member(out, "code", of->code, false);
    put_member(out, "colour", colour, true);
    ky_out_text(out, "}");
  }
  ky_out_text(out, "],\n");
}

static void put_parts(ky_out_file *out, const part *parts, uint32_t count) {
  uint32_t put = 0;
  ky_out_text(out, "\"layers\":[");
  for (uint32_t p = 0; p < count; p++) {
    if (parts[p].is_left_out) continue;
    ky_out_text(out, put++ == 0 ? "{" : ",{");
    put_member(out, "layer", parts[p].of->layer, false);
    ky_out_text(out, parts[p].of->is_later ? "\"later\":true}" : "\"later\":false}");
  }
  ky_out_text(out, "],\n\"left_out\":[");
  put = 0;
  for (uint32_t p = 0; p < count; p++) {
    const uint32_t shown = parts[p].is_left_out ? 0 : ky_report_rows(parts[p].table, parts[p].only_null);
    if (shown == parts[p].table->count) continue;
    ky_out_text(out, put++ == 0 ? "{" : ",{");
    put_member(out, "layer", parts[p].of->layer, false);
    put_member(out, "alias", parts[p].table->alias, false);
    ky_out_text(out, "\"records\":");
    ky_out_fixed(out, parts[p].table->count, 0);
    ky_out_text(out, ",\"shown\":");
    ky_out_fixed(out, shown, 0);
    ky_out_text(out, "}");
  }
  ky_out_text(out, "]");
}

static ky_err write_run(ky_job *job, const ky_layers *layers, const ky_report_opts *opts, const part *parts,
                        uint32_t count, const char *folder) {
  ky_out_file out;
  const char *path = ky_format(&job->scratch, "%s/run.js", folder);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_text(&out, "window.kayoi={\"format\":1,\"layers\":{},\"run\":{");
  put_member(&out, "engine", KY_VERSION, false);
  put_member(&out, "audience", opts->audience, false);
  put_member(&out, "municipality", opts->municipality_name, false);
  put_member(&out, "code", opts->municipality_code, false);
  put_member(&out, "crs", layers->crs, false);
  put_member(&out, "tiles", opts->tiles_url, false);
  put_member(&out, "tiles_words", opts->tiles_words, false);
  put_settings(&out, opts);
  put_colours(&out);
  put_parts(&out, parts, count);
  ky_out_text(&out, "}};\n");
  return ky_out_close(job, &out);
}

static void say_left_out(ky_job *job, const part *parts, uint32_t count) {
  for (uint32_t p = 0; p < count; p++) {
    if (parts[p].is_left_out)
      ky_job_notice(job,
                    ky_tr("the page leaves out the layer %s: %u records are too many for a browser; it is in the other "
                          "formats"),
                    parts[p].of->layer, parts[p].table->count);
    else if (parts[p].only_null != NULL)
      ky_job_notice(job,
                    ky_tr("the page shows of the layer %s only what is of all places together: %u records are too many "
                          "for a browser"),
                    parts[p].of->layer, parts[p].table->count);
  }
}

ky_err ky_report_write(ky_job *job, const ky_layers *layers, const ky_report_opts *opts, const char *folder) {
  part parts[PARTS_MAX];
  const char *report, *data, *origin;
  const char *assets = opts->assets != NULL ? opts->assets : ky_report_assets_find(job);
  if (assets == NULL) {
    ky_job_notice(
        job, "%s",
        ky_tr("no map page is written: this kayoi was built without node and npm, so its files are not beside "
              "the program; install them and build again (scripts/setup), or set outputs.page: false"));
    return KY_OK;
  }
  const uint32_t count = choose(layers, parts);
  KY_TRY(origin_of(job, opts->tiles_url, &origin));
  KY_TRY(ky_folder_inside(job, folder, "report", &report));
  KY_TRY(ky_folder_inside(job, report, "data", &data));
  KY_TRY(ky_report_assets_copy(job, assets, origin, report));
  KY_TRY(write_run(job, layers, opts, parts, count, data));
  for (uint32_t p = 0; p < count; p++) {
    const ky_arena_mark mark = ky_arena_now(&job->scratch);
    if (parts[p].is_left_out) continue;
    KY_TRY(ky_report_script(job, data, parts[p].table, parts[p].of, parts[p].only_null));
    ky_arena_rewind(&job->scratch, mark);
  }
  say_left_out(job, parts, count);
  return KY_OK;
}
