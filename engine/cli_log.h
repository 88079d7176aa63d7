/* Lines of --log json: every line is an object that begins with its event, the moment and the run. */
#ifndef KAYOI_CLI_LOG_H
#define KAYOI_CLI_LOG_H

#include <stdio.h>

#define KY_RUN_ID_BYTES 64

/* `{"event":"end","time":"2026-11-21T02:00:00.123+09:00","run":"..."`: what follows begins with a comma. run: "" none.
 */
void ky_log_begin(FILE *out, const char *event, const char *run);
/* Tells runs of all machines apart: "20261121T020000.123-4711-host". */
void ky_log_run_id(char id[KY_RUN_ID_BYTES]);
/* Bytes of memory that the process held at its peak. */
unsigned long long ky_log_peak_bytes(void);

#endif
