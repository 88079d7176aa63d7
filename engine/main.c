/* kayoi: argv -> options -> run. */
#include <errno.h>
#include <kayoi/kayoi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_batch.h"
#include "cli_check_files.h"
#include "cli_compare.h"
#include "cli_db.h"
#include "cli_diff.h"
#include "cli_explain.h"
#include "cli_init.h"
#include "cli_init_from.h"
#include "cli_language.h"
#include "cli_night.h"
#include "cli_options.h"
#include "cli_progress.h"
#include "cli_report.h"
#include "cli_signal.h"
#include "config.h"
#include "scenario.h"

#define LOG_LINE_BYTES 65536

/* Japanese without its catalogue is English; say why. */
static void warn_language(bool is_json) {
  char text[8192];
  ky_progress progress;
  if (!ky_language_is_missing(text, sizeof text)) return;
  ky_progress_init(&progress, is_json);
  ky_progress_event(&progress, &(ky_event){.kind = KY_NOTICE, .text = text});
}

static ky_err configure(ky_job *job, const ky_options *options, ky_config *config) {
  KY_TRY(ky_config_read(job, options->operand, config));
  if (options->lang == NULL && config->lang != NULL && ky_language_set(config->lang)) warn_language(options->is_json);
  if (options->out != NULL && options->command == KY_COMMAND_RUN) config->out_dir = options->out;
  config->public_part.is_wanted = config->public_part.is_wanted || options->is_public;
  if (options->name != NULL) config->history.name = options->name;
  config->gate.is_accepted = options->is_accepted;
  config->publication.wait_s = options->wait_s;
  ky_config_remark(job, config);
  if (options->scenario_count == 0) return KY_OK;
  ky_scenarios *scenarios;
  KY_NEW(job, keep, scenarios, 1);
  config->scenarios = scenarios;
  return ky_scenarios_read(job, config, options->scenarios, options->scenario_count, scenarios);
}

/* A check keeps what becomes of every source. */
static ky_err prepare_check(ky_job *job, ky_config *config) {
  KY_NEW(job, keep, config->read.reports, config->read.source_count);
  return KY_OK;
}

static void report_check(const ky_options *options, const ky_job *job, const ky_config *config,
                         const ky_result *result) {
  if (options->wants_document) {
    ky_report_check_json(stdout, job, options->operand, config, result);
    return;
  }
  if (config != NULL) ky_report_check(stdout, job, config, result);
  ky_report_verdict(stdout, job);
}

/* Up to the last room: a check, an explanation or a run, and what it says at the end. */
static int run(const ky_options *options, ky_last_room last) {
  const bool is_check = last == KY_LAST_PLACE, is_run = last == KY_LAST_WRITE;
  ky_job job;
  ky_config config;
  ky_result result = {.inputs = NULL};
  ky_progress progress;
  ky_night night = {.is_unchanged = false};
  ky_progress_init(&progress, options->is_json);
  if (options->is_brief && !options->is_json) progress.mode = KY_PROGRESS_QUIET;
  ky_job_init(&job, options->threads);
  job.interrupt = ky_signal_watch(options->is_json);
  job.on_event = ky_progress_event;
  job.user = &progress;
  if (is_run) ky_night_start(&night, options, &progress);
  ky_err err = configure(&job, options, &config);
  if (err == KY_OK && is_check) err = prepare_check(&job, &config);
  bool is_configured = err == KY_OK;
  if (is_configured && is_run) err = ky_night_enter(&night, &job, &config);
  if (err == KY_OK && !night.is_unchanged) err = ky_run(&job, &config, last, &result);
  ky_progress_clear(&progress);
  if (err == KY_OK && last == KY_LAST_COVERAGE) err = ky_explain_show(stdout, &job, options, &config, &result);
  ky_signal_settle();
  if (is_configured && options->is_json) ky_report_issues_json(stderr, &job.issues, progress.run);
  if (is_configured && !options->is_json && is_run && !options->is_brief) ky_report_issues(stderr, &job.issues);
  if (err != KY_OK && !is_run) ky_progress_failure(&progress, err, job.message);
  if (err == KY_OK && !is_run) ky_progress_done(&progress, NULL, NULL, NULL);
  if (is_check) report_check(options, &job, is_configured ? &config : NULL, &result);
  if (err == KY_OK && is_run && !night.is_unchanged && !options->is_brief) ky_report_run(stdout, &config, &result);
  if (is_run) ky_night_end(&night, &job, err, &result);
  ky_job_free(&job);
  return ky_err_status(err);
}

static int init(const ky_options *options) {
  ky_job job;
  ky_progress progress;
  ky_progress_init(&progress, false);
  ky_job_init(&job, 1);
  job.on_event = ky_progress_event;
  job.user = &progress;
  ky_findings findings = {.rows = NULL};
  ky_err err = options->from != NULL ? ky_init_from(&job, options->operand, options->from, &findings)
                                     : ky_init_project(&job, options->operand);
  if (err != KY_OK)
    ky_progress_failure(&progress, err, job.message);
  else if (options->from != NULL) {
    ky_findings_report(stdout, &findings);
    printf(ky_tr("%s/kayoi.yaml is written. Look it through, then: kayoi check %s/kayoi.yaml\n"), options->operand,
           options->operand);
  } else
    printf(ky_tr("%s/kayoi.yaml is written. Put your files into %s/data, name them in kayoi.yaml, then: kayoi check "
                 "%s/kayoi.yaml\n"),
           options->operand, options->operand, options->operand);
  if (err == KY_OK && ky_findings_workbook(&findings) == NULL)
    printf(
        ky_tr("%s/kayoi.xlsx is the workbook for what you keep by hand: venues, people per zone, shops, providers\n"),
        options->operand);
  free(findings.rows);
  ky_job_free(&job);
  return ky_err_status(err);
}

static int check(const ky_options *options) {
  if (!ky_operands_are_data(options)) return run(options, KY_LAST_PLACE);
  int status = ky_check_files(options, ky_signal_watch(options->is_json));
  ky_signal_settle();
  return status;
}

static int act(const ky_options *options) {
  switch (options->command) {
    case KY_COMMAND_RUN:
      return run(options, KY_LAST_WRITE);
    case KY_COMMAND_CHECK:
      return check(options);
    case KY_COMMAND_EXPLAIN:
      return run(options, KY_LAST_COVERAGE);
    case KY_COMMAND_DIFF:
      return ky_diff(options);
    case KY_COMMAND_COMPARE:
      return ky_compare_show(options);
    case KY_COMMAND_BATCH:
      return ky_batch_command(options);
    case KY_COMMAND_INIT:
      return init(options);
    case KY_COMMAND_DB:
      return ky_db(options);
    case KY_COMMAND_HELP:
      return ky_options_help(stdout, options->operand) ? 0 : ky_err_status(KY_E_USAGE);
    case KY_COMMAND_VERSION:
      printf("kayoi %s\n", KY_VERSION);
      return 0;
  }
  return ky_err_status(KY_E_INTERNAL);
}

/* A line that begins with the program's name; as JSON it is the message alone. */
static void complain(const ky_options *options, ky_err err, const char *line) {
  if (!options->is_json) {
    fputs(line, stderr);
    return;
  }
  static const char name[] = "kayoi: ";
  char message[sizeof options->complaint];
  ky_progress progress;
  snprintf(message, sizeof message, "%s", strncmp(line, name, strlen(name)) == 0 ? line + strlen(name) : line);
  message[strcspn(message, "\n")] = '\0';
  ky_progress_init(&progress, true);
  ky_progress_failure(&progress, err, message);
}

int main(int argc, char **argv) {
  ky_options options;
  signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of writing, not the end */
  ky_language_start();
  const char *lang = ky_options_lang(argc, argv);
  if (lang != NULL) ky_language_set(lang);
  const bool is_read = ky_options_read(argc, argv, &options);
  /* Whole lines only, so that a signal's own line is never inside another. */
  if (options.is_json) setvbuf(stderr, NULL, _IOLBF, LOG_LINE_BYTES);
  if (!is_read) {
    complain(&options, KY_E_USAGE, options.complaint);
    return ky_err_status(KY_E_USAGE);
  }
  warn_language(options.is_json);
  int status = act(&options);
  if (fflush(stdout) != 0 && errno != EPIPE) {
    char text[256];
    snprintf(text, sizeof text, ky_tr("kayoi: stdout cannot be written (%s)\n"), strerror(errno));
    complain(&options, KY_E_OUTPUT, text);
    if (status == 0) status = ky_err_status(KY_E_OUTPUT);
  }
  return status;
}
