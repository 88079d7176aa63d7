/* A text file that is being written: buffered, on disk when it is closed, and failing once and for all. */
#ifndef KAYOI_OUT_FILE_H
#define KAYOI_OUT_FILE_H

#include <kayoi/job.h>

typedef struct ky_out_file {
  int fd;
  int error;        /* errno of the first failure; 0: none. After it nothing is written any more */
  const char *path; /* for messages */
  char *buffer;
  size_t used_bytes;
} ky_out_file;

/* A new file; it must not exist yet. */
ky_err ky_out_open(ky_job *job, const char *path, ky_out_file *out);
/* Flushes to the disk and closes. Reports what failed since it was opened: KY_E_OUTPUT. */
ky_err ky_out_close(ky_job *job, ky_out_file *out);

void ky_out_bytes(ky_out_file *out, const char *bytes, size_t count);
void ky_out_text(ky_out_file *out, const char *text);
/* value / 10^decimals with exactly that many decimals: 12.345; not for KY_NULL. */
void ky_out_fixed(ky_out_file *out, int64_t value, uint8_t decimals);
/* A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void ky_out_json(ky_out_file *out, const char *text);
/* The same for a script of a page: < > & and U+2028, U+2029 are escaped too. */
void ky_out_script(ky_out_file *out, const char *text);
/* A field as in RFC 4180: quoted when it has to be. An empty text is "" so that it differs from null. */
void ky_out_csv(ky_out_file *out, const char *text);

/* KY_E_OUTPUT for a path and an errno: what failed, why, and what to do about it. */
ky_err ky_out_fail(ky_job *job, const char *path, int error);

#endif
