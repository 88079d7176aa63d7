#include "cli_signal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A handler has no argument to be handed its texts by. */
static struct watch {
  ky_interrupt interrupt;
  char text[2][256]; /* nothing was changed; the new result is in place */
} watch;

static void end_by(int number) {
  const char *text = watch.text[atomic_load(&watch.interrupt.stage) == KY_STAGE_PUBLISHED];
  ssize_t written = write(STDERR_FILENO, text, strlen(text));
  (void)written;
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
  const char *const texts[2] = {ky_tr("kayoi: interrupted; earlier results are as they were"),
                                ky_tr("kayoi: interrupted; the new result is in place")};
  const char *start = is_json || !isatty(STDERR_FILENO) ? "" : "\r\033[K"; /* over the bar */
  for (int i = 0; i < 2; i++)
    snprintf(watch.text[i], sizeof watch.text[i], "%s%s\n", start, is_json ? "{\"event\":\"interrupted\"}" : texts[i]);
  struct sigaction action = {.sa_handler = on_signal}, before;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (sigaction(numbers[i], NULL, &before) != 0 || before.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
  return &watch.interrupt;
}

void ky_signal_settle(void) {
  int number = atomic_load(&watch.interrupt.number);
  if (number != 0) end_by(number);
}
