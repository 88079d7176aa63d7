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
                         .postgis_service = c->publication.service,
                         .postgis_conninfo = c->publication.conninfo,
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
  ky_write_opts public_opts = *opts;
  if (of == NULL || of->layers.count == 0) return KY_OK;
  public_opts.is_public = true;
  KY_TRY(ky_folder_inside(job, folder->temporary, "public", &path));
  KY_TRY(ky_write_layers(job, &of->layers, &public_opts, path));
  return write_page(job, c, &of->layers, "public", path);
}

static ky_err write_layers(ky_job *job, const ky_config *c, const ky_result *result, const ky_write_opts *opts,
                           const ky_layers *layers, ky_folder *folder) {
  KY_TRY(ky_write_layers(job, layers, opts, ky_write_folder(folder)));
  KY_TRY(write_page(job, c, layers, "internal", ky_write_folder(folder)));
  KY_TRY(write_public(job, c, result->public_part, opts, folder));
  return ky_write_run_json(job, result, layers, opts, folder);
}

/* The database first, then the folder: what can fail in the exchange of folders was tried before. Once the database
 * shows the run a signal no longer keeps the folder from following. */
static ky_err publish(ky_job *job, const ky_write_opts *opts, ky_published_run *publication, const ky_layers *layers,
                      const ky_result *result, ky_folder *folder) {
  const ky_layers *public_layers = result->public_part != NULL ? &result->public_part->layers : NULL;
  ky_job part;
  ky_job_room_start(job, "database");
  KY_TRY(ky_publication_stage(job, publication, layers, public_layers, folder->temporary));
  KY_TRY(ky_write_state(job, opts, folder)); /* behind the last change of run.json */
  KY_TRY(ky_write_check(job));
  KY_TRY(ky_publication_commit(job, publication));
  ky_job_room_end(job, "%s", ky_publication_text(job, publication));
  ky_job_init(&part, 1);
  ky_err err = ky_write_commit(&part, folder);
  if (err != KY_OK) err = ky_publication_fail_after(job, publication, err, part.message);
  ky_job_free(&part);
  ky_publication_end(job, publication);
  return err;
}

/* Scenarios write their layers while they are made, so the folder is there before them. */
static ky_err fill(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o, const ky_write_opts *opts,
                   ky_published_run *publication, ky_folder *folder, ky_result *result) {
  ky_layers *layers;
  KY_NEW(job, keep, layers, 1);
  KY_TRY(ky_scenarios_room(job, c, t, o, ky_write_folder(folder), result));
  ky_job_room_start(job, "write");
  KY_TRY(ky_layers_make(job, result, NULL, 0, layers));
  KY_TRY(ky_changes_room(job, c, opts, layers, result));
  KY_TRY(ky_layers_add_issues(job, layers));
  KY_TRY(ky_public_room(job, c, layers, result));
  KY_TRY(write_layers(job, c, result, opts, layers, folder));
  KY_TRY(ky_gate_room(job, c, result, folder));
  if (publication == NULL) KY_TRY(ky_write_state(job, opts, folder));
  ky_job_room_end(job, "%s", c->out_dir);
  if (publication != NULL) return publish(job, opts, publication, layers, result, folder);
  KY_TRY(ky_write_check(job));
  return ky_write_commit(job, folder);
}

ky_err ky_publish_prepare(ky_job *job, const ky_config *c, ky_last_room last, ky_published_run **out) {
  *out = NULL;
  if (last == KY_LAST_WRITE) KY_TRY(ky_out_probe(job, c->out_dir));
  if (!c->publication.is_wanted) return KY_OK;
  if (last == KY_LAST_WRITE) return ky_publication_open(job, &c->publication, out);
  if (last != KY_LAST_PLACE) return KY_OK;
  const char *server;
  KY_TRY(ky_publication_probe(job, &c->publication, &server));
  ky_job_notice(job, ky_tr("outputs.postgis: results would go to %s"), server);
  return KY_OK;
}

ky_err ky_publish_room(ky_job *job, const ky_config *c, const ky_town *t, const ky_outcome *o,
                       ky_published_run *publication, ky_result *result) {
  const ky_write_opts opts = ky_write_room_opts(c);
  ky_folder *folder;
  KY_TRY(ky_write_open(job, &opts, &folder));
  const ky_err err = fill(job, c, t, o, &opts, publication, folder, result);
  ky_write_close(job, err, folder);
  return err == KY_OK ? ky_history_keep(job, &c->history, c->out_dir) : err;
}
