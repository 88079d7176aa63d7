/* run.json of a comparison: which runs, under which floor. */
#ifndef KAYOI_MUNICIPALITIES_JSON_H
#define KAYOI_MUNICIPALITIES_JSON_H

#include <kayoi/past.h>
#include <kayoi/write.h>

/* Writes it into the folder that is being written. floor: KY_WHOLE parts. */
ky_err ky_municipalities_json(ky_job *job, const ky_past *const *runs, uint32_t count, int64_t floor,
                              const ky_folder *folder);

#endif
