/* What GDAL and PROJ say while one of our functions works with them: kept here, never printed. */
#ifndef KAYOI_GDAL_LOG_H
#define KAYOI_GDAL_LOG_H

#include <kayoi/job.h>

#define KY_GDAL_WARNINGS 8

typedef struct ky_gdal_log {
  char error[512];                     /* the first error; "" if none */
  char warning[KY_GDAL_WARNINGS][256]; /* the first different warnings */
  uint32_t error_count, warning_count, warning_kept;
  void (*on_debug)(void *user, const char *message); /* CPL_DEBUG messages, when asked for; else NULL */
  void *user;
} ky_gdal_log;

/* Between open and close all messages of this thread go to the log. Opens may nest. */
void ky_gdal_log_open(ky_gdal_log *log);
void ky_gdal_log_close(void);
/* The warnings as issues of a source. */
void ky_gdal_log_report(ky_job *job, const ky_gdal_log *log, const char *source);
/* Registers the drivers and switches every network access off. Cheap to repeat. */
void ky_gdal_start(void);

#endif
