/* Reports of sources: a failure of one source is kept and the others are read on. */
#ifndef KAYOI_SOURCE_REPORT_H
#define KAYOI_SOURCE_REPORT_H

#include <kayoi/read.h>

/* Fills the report of a source from how reading it ended. A failure that lies in the source (KY_E_INPUT, KY_E_CONFIG)
 * moves from the job into the report and KY_OK is returned; any other one is passed on. */
ky_err ky_source_report_take(ky_job *job, ky_err err, const ky_raw *raw, ky_source_report *out);

/* When all sources are read: extents and how they overlap the municipality (issues for those that do not). Fails with
 * the first failure that the reports hold. */
ky_err ky_source_reports_finish(ky_job *job, ky_source_report *reports, uint32_t count);

#endif
