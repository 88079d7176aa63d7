/* Messages of GDAL: see gdal_log.h. */
#include "io/gdal_log.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

static void CPL_STDCALL take_message(CPLErr kind, CPLErrorNum number, const char *message) {
  (void)number;
  ky_gdal_log *log = CPLGetErrorHandlerUserData();
  if (log == NULL) return;
  if (kind == CE_Debug) {
    if (log->on_debug != NULL) log->on_debug(log->user, message);
  } else if (kind == CE_Warning) {
    log->warning_count++;
    for (uint32_t i = 0; i < log->warning_kept; i++)
      if (strncmp(log->warning[i], message, sizeof log->warning[i] - 1) == 0) return;
    if (log->warning_kept < KY_GDAL_WARNINGS)
      snprintf(log->warning[log->warning_kept++], sizeof log->warning[0], "%s", message);
  } else if (kind >= CE_Failure) {
    if (log->error_count++ == 0) snprintf(log->error, sizeof log->error, "%s", message);
  }
}

void ky_gdal_log_open(ky_gdal_log *log) {
  CPLPushErrorHandlerEx(take_message, log);
  CPLErrorReset();
}

void ky_gdal_log_close(void) {
  CPLPopErrorHandler();
}

void ky_gdal_log_report(ky_job *job, const ky_gdal_log *log, const char *source) {
  for (uint32_t i = 0; i < log->warning_kept; i++)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = source,
                             .reason = "format_warning",
                             .action = ky_tr("the file was read on; look at it in a GIS if figures look wrong")},
                 ky_tr("the format's reader warns: %s"), log->warning[i]);
}

void ky_gdal_start(void) {
  GDALAllRegister();
  OSRSetPROJEnableNetwork(FALSE);
  /* Names in a zip that does not call them UTF-8: Japanese Windows writes CP932 (zip_directory.c knows better). */
  if (CPLGetConfigOption("CPL_ZIP_ENCODING", NULL) == NULL) CPLSetConfigOption("CPL_ZIP_ENCODING", "CP932");
  /* GDAL's index of a large extract goes here, never into the folder that kayoi was started in. */
  if (CPLGetConfigOption("CPL_TMPDIR", NULL) == NULL && CPLGetConfigOption("TMPDIR", NULL) == NULL)
    CPLSetConfigOption("CPL_TMPDIR", "/tmp");
}
