/* Signals that ask the program to end: SIGINT, SIGTERM, SIGHUP. They end it at once, but while a result is written (the
 * job's interrupt says so) the first one waits until the temporary folder is removed. A second one never waits. */
#ifndef KAYOI_CLI_SIGNAL_H
#define KAYOI_CLI_SIGNAL_H

#include <kayoi/job.h>

/* Signals that the parent ignores (nohup) stay ignored. Returns what belongs into job->interrupt. */
ky_interrupt *ky_signal_watch(bool is_json);
/* Ends the program by the signal that waited, if there is one; else does nothing. */
void ky_signal_settle(void);

#endif
