#include "cli_signal.h"

#include <kayoi/stamp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 2048

/* A handler has no argument to be handed its texts by, and may neither format nor allocate: all is ready beforehand. */
static struct watch {
  ky_interrupt interrupt;
  bool is_json;
  int32_t offset_s;
  char text[KY_ENDING_COUNT][LINE_BYTES]; /* for stderr; JSON: what follows the moment and the run */
  char line[KY_ENDING_COUNT][LINE_BYTES]; /* for stdout; "" none */
  char run[128];                          /* ,"run":"..." */
  const char *volatile lock;
} watch;

static void say(int fd, const char *text) {
  for (size_t left = strlen(text); left != 0;) {
    const ssize_t n = write(fd, text, left);
    if (n <= 0) return;
    text += n;
    left -= (size_t)n;
  }
}

/* The beginning of a line of the log, as cli_log.c writes it. */
static void say_begin(ky_ending ending) {
  const ky_stamp now = ky_stamp_of(ky_stamp_clock(), watch.offset_s);
  say(STDERR_FILENO, ending == KY_ENDING_TIMEOUT ? "{\"event\":\"error\"" : "{\"event\":\"interrupted\"");
  say(STDERR_FILENO, ",\"time\":\"");
  say(STDERR_FILENO, now.text);
  say(STDERR_FILENO, "\"");
  say(STDERR_FILENO, watch.run);
}

static void end_by(int number) {
  const bool is_published = atomic_load(&watch.interrupt.stage) == KY_STAGE_PUBLISHED;
  if (number == SIGALRM && is_published) return; /* in time after all */
  const ky_ending ending = number == SIGALRM ? KY_ENDING_TIMEOUT : is_published ? KY_ENDING_AFTER : KY_ENDING_BEFORE;
  if (watch.is_json) say_begin(ending);
  say(STDERR_FILENO, watch.text[ending]);
  say(STDOUT_FILENO, watch.line[ending]);
  if (watch.lock != NULL) unlink(watch.lock);
  if (number == SIGALRM) _exit(ky_err_status(KY_E_RESOURCE));
  signal(number, SIG_DFL);
  raise(number); /* in a handler it is pending until the handler ends */
}

static void on_signal(int number) {
  int none = 0;
  bool is_first = atomic_compare_exchange_strong(&watch.interrupt.number, &none, number);
  if (is_first && atomic_load(&watch.interrupt.stage) == KY_STAGE_WRITING) return;
  end_by(number);
}

ky_interrupt *ky_signal_watch(bool is_json) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  const char *const texts[] = {ky_tr("kayoi: interrupted; earlier results are as they were"),
                               ky_tr("kayoi: interrupted; the new result is in place")};
  const char *start = is_json || !isatty(STDERR_FILENO) ? "" : "\r\033[K"; /* over the bar */
  watch.is_json = is_json;
  watch.offset_s = ky_stamp_offset();
  for (int i = 0; i < 2; i++) snprintf(watch.text[i], LINE_BYTES, "%s%s\n", start, is_json ? "}" : texts[i]);
  struct sigaction action = {.sa_handler = on_signal}, before;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (sigaction(numbers[i], NULL, &before) != 0 || before.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
  return &watch.interrupt;
}

void ky_signal_line(ky_ending ending, const char *line) {
  snprintf(watch.line[ending], LINE_BYTES, "%s\n", line);
}

void ky_signal_run(const char *run) {
  snprintf(watch.run, sizeof watch.run, ",\"run\":\"%s\"", run);
}

void ky_signal_lock(const char *path) {
  watch.lock = path;
}

void ky_signal_timeout(uint32_t seconds, const char *text) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigset_t mine;
  snprintf(watch.text[KY_ENDING_TIMEOUT], LINE_BYTES, "%s\n", text);
  sigemptyset(&action.sa_mask);
  sigaction(SIGALRM, &action, NULL);
  sigemptyset(&mine);
  sigaddset(&mine, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &mine, NULL); /* whoever started this may have blocked it */
  alarm(seconds);
}

void ky_signal_settle(void) {
  int number = atomic_load(&watch.interrupt.number);
  if (number != 0) end_by(number);
}
