/* Signals that ask the program to end: SIGINT, SIGTERM, SIGHUP, and the alarm of --timeout. They end it at once, but
 * while a result is written (the job's interrupt says so) the first one waits until the temporary folder is removed. A
 * second one never waits. */
#ifndef KAYOI_CLI_SIGNAL_H
#define KAYOI_CLI_SIGNAL_H

#include <kayoi/job.h>

/* How a run ends by a signal. */
typedef enum ky_ending {
  KY_ENDING_BEFORE, /* nothing was changed */
  KY_ENDING_AFTER,  /* the new result is in place */
  KY_ENDING_TIMEOUT,
  KY_ENDING_COUNT
} ky_ending;

/* Signals that the parent ignores (nohup) stay ignored. Returns what belongs into job->interrupt. */
ky_interrupt *ky_signal_watch(bool is_json);
/* From now on an ending says this line on stdout, with its line feed. */
void ky_signal_line(ky_ending ending, const char *line);
/* The run, for lines of the log; and the file of a lock, removed at an ending. They live as long as the program
 * watches; NULL: none (any more). */
void ky_signal_run(const char *run);
void ky_signal_lock(const char *path);
/* Ends the program with the status of KY_E_RESOURCE after so many seconds; text: what it says then on stderr. Programs
 * that it has started end with it (solve/solver.c asks the kernel for that). */
void ky_signal_timeout(uint32_t seconds, const char *text);
/* Ends the program by the signal that waited, if there is one; else does nothing. */
void ky_signal_settle(void);

#endif
