/* Why a file is no vector layer, in words that say what it is instead. */
#ifndef KAYOI_LAYER_REFUSAL_H
#define KAYOI_LAYER_REFUSAL_H

#include <kayoi/job.h>

/* From the first bytes of the file where they tell, else what the format's reader said ("": nothing). Scratch arena. */
const char *ky_layer_refusal(ky_job *job, const char *vsi_path, const char *said);

#endif
