/* Municipalities out of past runs. */
#ifndef KAYOI_MUNICIPALITIES_PAST_H
#define KAYOI_MUNICIPALITIES_PAST_H

#include <kayoi/municipalities.h>
#include <kayoi/past.h>

/* Row i from a run: every value that its layers hold. KY_E_INPUT when they cannot be read. */
ky_err ky_municipality_read(ky_job *job, const ky_past *past, uint32_t i, ky_municipalities *out);

#endif
