/* The page of a comparison. */
#ifndef KAYOI_MUNICIPALITIES_PAGE_H
#define KAYOI_MUNICIPALITIES_PAGE_H

#include <kayoi/municipalities.h>
#include <kayoi/past.h>

/* index.html in the folder, one file without scripts that opens anywhere: a table for each group of measures,
 * completeness first. definitions: a run whose settings are those of all; floor: KY_WHOLE parts; lang: "ja" or "en". */
ky_err ky_municipalities_page(ky_job *job, const ky_municipalities *towns, const ky_past *definitions, int64_t floor,
                              const char *lang, const char *folder);

#endif
