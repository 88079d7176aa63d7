/* kayoi: argv -> options -> run. */
#include <errno.h>
#include <kayoi/kayoi.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_init.h"
#include "cli_language.h"
#include "cli_options.h"
#include "cli_progress.h"
#include "cli_report.h"
#include "config.h"

/* A handler has no argument to be handed its text by. */
static char interrupted[256];

static void on_interrupt(int number) {
  ssize_t written = write(STDERR_FILENO, interrupted, strlen(interrupted));
  (void)written;
  raise(number); /* pending until the handler ends; then the default ends the program */
}

/* Results are renamed into place whole, so there is nothing to undo. */
static void watch_signals(bool is_json) {
  snprintf(interrupted, sizeof interrupted, "%s%s\n", is_json ? "" : "\r\033[K",
           is_json ? "{\"event\":\"interrupted\"}" : ky_tr("kayoi: interrupted; earlier results are as they were"));
  if (!isatty(STDERR_FILENO) && !is_json)
    snprintf(interrupted, sizeof interrupted, "%s\n", ky_tr("kayoi: interrupted; earlier results are as they were"));
  struct sigaction action = {.sa_handler = on_interrupt};
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static ky_err configure(ky_job *job, const ky_options *options, ky_config *config) {
  KY_TRY(ky_config_read(job, options->operand, config));
  if (options->lang == NULL && config->lang != NULL) ky_language_set(config->lang);
  if (options->out != NULL) config->out_dir = options->out;
  ky_config_remark(job, config);
  return KY_OK;
}

static void report_issues(const ky_options *options, const ky_job *job, FILE *out) {
  if (options->is_json)
    ky_report_issues_json(stderr, &job->issues);
  else
    ky_report_issues(out, &job->issues);
}

static int run(const ky_options *options, bool is_check) {
  ky_job job;
  ky_config config;
  ky_result result = {.inputs = NULL};
  ky_progress progress;
  ky_progress_init(&progress, options->is_json);
  watch_signals(options->is_json);
  ky_job_init(&job, options->threads);
  job.on_event = ky_progress_event;
  job.user = &progress;
  ky_err err = configure(&job, options, &config);
  bool is_configured = err == KY_OK;
  if (is_configured) err = ky_run(&job, &config, is_check, &result);
  ky_progress_clear(&progress);
  if (is_check && is_configured) ky_report_check(stdout, &config, &result);
  if (is_configured) report_issues(options, &job, is_check ? stdout : stderr);
  if (err != KY_OK) ky_progress_failure(&progress, err, job.message);
  if (err == KY_OK) ky_progress_done(&progress, is_check ? NULL : config.out_dir);
  if (is_check) ky_report_verdict(stdout, &job);
  if (err == KY_OK && !is_check) ky_report_run(stdout, &config, &result);
  ky_job_free(&job);
  return ky_err_status(err);
}

static int init(const ky_options *options) {
  ky_job job;
  ky_progress progress;
  ky_progress_init(&progress, false);
  ky_job_init(&job, 1);
  ky_err err = ky_init_project(&job, options->operand);
  if (err != KY_OK)
    ky_progress_failure(&progress, err, job.message);
  else
    printf(ky_tr("%s/kayoi.yaml is written. Put your files into %s/data, name them in kayoi.yaml, then: kayoi check "
                 "%s/kayoi.yaml\n"),
           options->operand, options->operand, options->operand);
  ky_job_free(&job);
  return ky_err_status(err);
}

static int act(const ky_options *options) {
  switch (options->command) {
    case KY_COMMAND_RUN:
      return run(options, false);
    case KY_COMMAND_CHECK:
      return run(options, true);
    case KY_COMMAND_INIT:
      return init(options);
    case KY_COMMAND_HELP:
      return ky_options_help(stdout, options->operand) ? 0 : ky_err_status(KY_E_USAGE);
    case KY_COMMAND_VERSION:
      printf("kayoi %s\n", KY_VERSION);
      return 0;
  }
  return ky_err_status(KY_E_INTERNAL);
}

int main(int argc, char **argv) {
  ky_options options;
  signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of writing, not the end */
  ky_language_start();
  const char *lang = ky_options_lang(argc, argv);
  if (lang != NULL) ky_language_set(lang);
  if (!ky_options_read(argc, argv, &options)) return ky_err_status(KY_E_USAGE);
  int status = act(&options);
  if (fflush(stdout) != 0 && errno != EPIPE) {
    fprintf(stderr, ky_tr("kayoi: stdout cannot be written (%s)\n"), strerror(errno));
    if (status == 0) status = ky_err_status(KY_E_OUTPUT);
  }
  return status;
}
