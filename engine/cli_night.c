#include "cli_night.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_language.h"
#include "cli_log.h"
#include "cli_signal.h"
#include "cli_text.h"
#include "io/report_assets.h"
#include "scenario.h"

#define OWN_FILES_MAX 64

/* What is said when a signal ends the run. On a terminal stderr has said it already, as with every failure. */
static void set_endings(const ky_night *night) {
  char line[KY_LINE_BYTES];
  if (isatty(STDOUT_FILENO)) return;
  snprintf(line, sizeof line, ky_tr("kayoi %s: INTERRUPTED: the previous result is as it was"), night->name);
  ky_signal_line(KY_ENDING_BEFORE, line);
  snprintf(line, sizeof line, ky_tr("kayoi %s: interrupted, but the new result is in place"), night->name);
  ky_signal_line(KY_ENDING_AFTER, line);
  if (night->options->timeout_s == 0) return;
  snprintf(line, sizeof line, ky_tr("kayoi %s: ENDED after %u seconds (--timeout); the previous result is as it was"),
           night->name, night->options->timeout_s);
  ky_signal_line(KY_ENDING_TIMEOUT, line);
}

static void set_timeout(const ky_options *options) {
  char message[256], text[1024];
  if (options->timeout_s == 0) return;
  snprintf(message, sizeof message,
           ky_tr("not done after %u seconds (--timeout); earlier results are as they were; give more time, or look at "
                 "which room takes it (--log json)"),
           options->timeout_s);
  if (options->is_json)
    snprintf(text, sizeof text, ",\"exit\":%d,\"result\":\"timeout\",\"kind\":\"%s\",\"message\":\"%s\"}",
             ky_err_status(KY_E_RESOURCE), ky_err_text(KY_E_RESOURCE), message);
  else
    snprintf(text, sizeof text, "kayoi: %s", message);
  ky_signal_timeout(options->timeout_s, text);
}

void ky_night_start(ky_night *night, const ky_options *options, ky_progress *progress) {
  *night = (ky_night){.options = options,
                      .progress = progress,
                      .name = options->operand,
                      .lock = {.fd = -1},
                      .before = {.covered_65 = KY_NULL, .pop_65 = KY_NULL, .gaps = KY_NULL}};
  ky_log_run_id(progress->run);
  ky_signal_run(progress->run);
  ky_progress_start(progress, options->operand);
  set_endings(night);
  set_timeout(options);
}

/* What the result that is there says, for comparison; nothing when it cannot be read. */
static ky_err look_before(ky_night *night, ky_job *job) {
  const ky_past *past;
  const char *why;
  KY_TRY(ky_past_look(job, night->out_dir, &past, &why));
  if (past == NULL) return KY_OK;
  const ky_past_row *row = ky_past_row_of(past, "municipality", NULL);
  night->before.published = past->published;
  night->before.gaps = past->gaps_count;
  if (row == NULL) return KY_OK;
  night->before.covered_65 = row->covered_65;
  night->before.pop_65 = row->pop_65;
  return KY_OK;
}

/* The files of which the map page is made, in the order of their names. */
static void add_page(ky_job *job, const char **files, uint32_t *count) {
  const char *folder = ky_report_assets_find(job);
  const uint32_t first = *count;
  DIR *entries = folder != NULL ? opendir(folder) : NULL;
  if (entries == NULL) return;
  for (struct dirent *entry; *count < OWN_FILES_MAX && (entry = readdir(entries)) != NULL;)
    if (entry->d_name[0] != '.') files[(*count)++] = ky_format(&job->keep, "%s/%s", folder, entry->d_name);
  closedir(entries);
  for (uint32_t i = first; i < *count; i++)
    for (uint32_t k = i; k > first && files[k] != NULL && files[k - 1] != NULL && strcmp(files[k], files[k - 1]) < 0;
         k--) {
      const char *other = files[k];
      files[k] = files[k - 1];
      files[k - 1] = other;
    }
}

/* The programs, and the messages that stand in the layer of issues. */
static uint32_t own_files(ky_job *job, const char **files) {
  static const char *const solvers[] = {"kayoi-solver", "../kayoi-solver", "../libexec/kayoi/kayoi-solver"};
  char program[PATH_MAX], path[PATH_MAX + 64];
  uint32_t count = 0;
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  program[length > 0 ? length : 0] = '\0';
  files[count++] = ky_arena_text(&job->keep, program, strlen(program));
  char *slash = strrchr(program, '/');
  if (slash != NULL) *slash = '\0';
  for (size_t i = 0; i < sizeof solvers / sizeof *solvers; i++) {
    snprintf(path, sizeof path, "%s/%s", program, solvers[i]);
    if (access(path, R_OK) == 0) files[count++] = ky_arena_text(&job->keep, path, strlen(path));
  }
  ky_language_file(path, sizeof path);
  if (strcmp(ky_language(), "ja") == 0) files[count++] = ky_arena_text(&job->keep, path, strlen(path));
  add_page(job, files, &count);
  for (uint32_t i = 0; i < count; i++)
    if (files[i] == NULL) return 0;
  return count;
}

/* All settings that decide, beside the sources' files. */
static ky_err look(ky_job *job, const ky_config *config, bool with_tables, const ky_seen *before, ky_seen *seen) {
  const char *files[OWN_FILES_MAX];
  const uint32_t scenarios = config->scenarios != NULL ? config->scenarios->file_count : 0;
  ky_seen_word *words;
  uint32_t count = 0;
  KY_NEW(job, keep, words, scenarios + 3);
  words[count++] = (ky_seen_word){"configuration", ky_seen_text_hash(job, config->text, config->text_bytes)};
  words[count++] = (ky_seen_word){"language", ky_arena_text(&job->keep, ky_language(), strlen(ky_language()))};
  words[count++] = (ky_seen_word){"public layers", config->public_part.is_wanted ? "yes" : "no"};
  for (uint32_t i = 0; i < scenarios; i++) {
    const ky_scenario_file *file = &config->scenarios->file[i];
    words[count++] =
        (ky_seen_word){ky_format(&job->keep, "scenario %u", i + 1), ky_seen_text_hash(job, file->text, file->bytes)};
  }
  for (uint32_t i = 0; i < count; i++)
    if (words[i].name == NULL || words[i].value == NULL) return ky_fail_memory(job);
  const ky_seen_opts opts = {.words = words,
                             .word_count = count,
                             .files = files,
                             .file_count = own_files(job, files),
                             .with_tables = with_tables};
  if (opts.file_count == 0) return ky_fail_memory(job);
  return ky_seen_look(job, &config->read, &opts, before, seen);
}

/* Is there anything to do? If so the log says why. */
static ky_err decide(ky_night *night, ky_job *job, const ky_config *config, const ky_seen *before,
                     const ky_seen *seen) {
  const char *difference = NULL, *damage = NULL;
  bool is_shown = true;
  /* A name asked for is one more thing to do. */
  if (!night->options->if_changed || night->options->is_forced || night->options->name != NULL) return KY_OK;
  if (before == NULL) {
    ky_job_notice(job, ky_tr("%s: no result with a state to compare with, so this run makes one"), night->out_dir);
    return KY_OK;
  }
  KY_TRY(ky_seen_compare(job, before, seen, &difference));
  if (difference == NULL) KY_TRY(ky_seen_damage(job, night->out_dir, &damage));
  if (difference == NULL && damage == NULL && config->publication.is_wanted)
    KY_TRY(ky_publication_is_shown(job, &config->publication, night->out_dir, &is_shown));
  if (!is_shown)
    ky_job_notice(job, "%s",
                  ky_tr("the database does not show the last result (outputs.postgis), so this run publishes one"));
  else if (difference != NULL)
    ky_job_notice(job, ky_tr("changed since the last result: %s"), difference);
  else if (damage != NULL)
    ky_job_notice(job, ky_tr("the last result is no longer whole: %s"), damage);
  night->is_unchanged = difference == NULL && damage == NULL && is_shown;
  if (night->is_unchanged && ky_seen_is_stale(before, seen)) ky_seen_refresh(job, seen, night->out_dir);
  return KY_OK;
}

ky_err ky_night_enter(ky_night *night, ky_job *job, ky_config *config) {
  const ky_seen *before;
  ky_seen *seen;
  night->name = config->name;
  night->out_dir = config->out_dir;
  set_endings(night); /* now in its words: the configuration may have chosen the language */
  KY_TRY(ky_lock_take(job, config->out_dir, night->options->wait_s, &night->lock));
  ky_signal_lock(night->lock.path);
  KY_TRY(look_before(night, job));
  KY_NEW(job, keep, seen, 1);
  KY_TRY(ky_seen_read(job, night->out_dir, &before));
  KY_TRY(look(job, config, night->options->if_changed, before, seen));
  config->seen = seen;
  return decide(night, job, config, before, seen);
}

void ky_night_end(ky_night *night, const ky_job *job, ky_err err, const ky_result *result) {
  char line[KY_LINE_BYTES];
  if (err != KY_OK)
    ky_line_failed(line, night->name, err, job->message);
  else if (night->is_unchanged)
    ky_line_unchanged(line, night->name, night->out_dir, &night->before);
  else
    ky_line_published(line, night->name, night->out_dir, job, result, &night->before);
  if (err != KY_OK)
    ky_progress_failure(night->progress, err, job->message);
  else
    ky_progress_done(night->progress, night->out_dir, night->is_unchanged ? "unchanged" : "published", line);
  if (err == KY_OK || !isatty(STDOUT_FILENO)) puts(line);
  ky_signal_lock(NULL);
  ky_lock_release(&night->lock);
}
