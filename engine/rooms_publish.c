/* How a run becomes visible: its layers, the files beside OUT, and the exchange at the end. Up to there the earlier
 * result is as it was. */
#include <kayoi/report.h>

#include "io/out_folder.h"
#include "rooms_scenarios.h"

ky_write_opts ky_write_room_opts(const ky_config *c) {
  return (ky_write_opts){.dir = c->out_dir,
                         .formats = c->formats,
                         .format_count = c->format_count,
                         .shapefile_encoding = c->shapefile_encoding,
                         .config_path = c->path,
                         .config_text = c->text,
                         .municipality_name = c->name,
                         .municipality_code = c->code,
                         .settings = c->settings,
                         .setting_count = c->setting_count,
                         .seen = c->seen};
}

/* audience: "internal", "public". */
static ky_err write_page(ky_job *job, const ky_config *c, const ky_layers *layers, const char *audience,
                         const char *folder) {
  const ky_report_opts opts = {.audience = audience,
                               .municipality_name = c->name,
                               .municipality_code = c->code,
                               .tiles_url = c->page_tiles,
                               .tiles_words = c->page_tiles_words,
                               .settings = c->settings,
                               .setting_count = c->setting_count};
  return c->with_page ? ky_report_write(job, layers, &opts, folder) : KY_OK;
}

static ky_err write_public(ky_job *job, const ky_config *c, const ky_public_result *of, const ky_write_opts *opts,
                           const ky_folder *folder) {
  const char *path;
  if (of == NULL || of->layers.count == 0) return KY_OK;
  KY_TRY(ky_folder_inside(job, folder->temporary, "public", &path));
  KY_TRY(ky_write_layers(job, &of->layers, opts, path));
  return write_page(job, c, &of->layers, "public", path);
}

static ky_err write_layers(ky_job *job, const ky_config *c, const ky_result *result, const ky_write_opts *opts,
                           const ky_layers *layers, ky_folder *folder) {
  KY_TRY(ky_write_layers(job, layers, opts, ky_write_folder(folder)));
  KY_TRY(write_page(job, c, layers, "internal", ky_write_folder(folder)));
  KY_TRY(write_public(job, c, result->public_part, opts, folder));
  return ky_write_run_json(job, result, layers, opts, folder);
}

/* Scenarios write their layers while they are made, so the folder is there before them. */
static ky_err fill(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, const ky_write_opts *opts,
                   ky_folder *folder, ky_result *result) {
  ky_layers *layers;
  KY_NEW(job, keep, layers, 1);
  KY_TRY(ky_scenarios_room(job, c, t, o, ky_write_folder(folder), result));
  ky_job_room_start(job, "write");
  KY_TRY(ky_layers_make(job, result, NULL, 0, layers));
  KY_TRY(ky_changes_room(job, c, opts, layers, result));
  KY_TRY(ky_layers_add_issues(job, layers));
  KY_TRY(ky_public_room(job, c, layers, result));
  KY_TRY(write_layers(job, c, result, opts, layers, folder));
  KY_TRY(ky_write_state(job, opts, folder));
  KY_TRY(ky_gate_room(job, c, result, folder));
  KY_TRY(ky_write_commit(job, folder));
  ky_job_room_end(job, "%s", c->out_dir);
  return KY_OK;
}

ky_err ky_publish_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, ky_result *result) {
  const ky_write_opts opts = ky_write_room_opts(c);
  ky_folder *folder;
  KY_TRY(ky_write_open(job, &opts, &folder));
  const ky_err err = fill(job, c, t, o, &opts, folder, result);
  ky_write_close(job, err, folder);
  return err == KY_OK ? ky_history_keep(job, &c->history, c->out_dir) : err;
}
