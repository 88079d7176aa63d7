/* Moments of time as ISO 8601 with their zone, for logs and for what is beside results; never inside data layers. */
#ifndef KAYOI_STAMP_H
#define KAYOI_STAMP_H

#include <stddef.h>
#include <stdint.h>

#define KY_STAMP_BYTES 32

typedef struct ky_stamp {
  char text[KY_STAMP_BYTES];
} ky_stamp;

/* "2026-11-21T02:00:00.123+09:00". offset_s: east of Greenwich. Only arithmetic, so a signal handler may call it. */
ky_stamp ky_stamp_of(int64_t unix_ms, int32_t offset_s);
/* Of the machine's zone now. */
int32_t ky_stamp_offset(void);
/* Milliseconds of the machine's clock; a signal handler may call it. */
int64_t ky_stamp_clock(void);
/* Now, in the machine's zone. */
ky_stamp ky_stamp_now(void);

#endif
