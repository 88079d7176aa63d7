/* A run from its run.json, wherever that was. */
#ifndef KAYOI_PAST_JSON_H
#define KAYOI_PAST_JSON_H

#include <jansson.h>
#include <kayoi/past.h>

/* Of a run.json that this kayoi has just made; place: for messages (not copied). */
ky_err ky_past_of_json(ky_job *job, json_t *root, const char *place, const ky_past **out);

/* Of any; root: NULL with the error of its text. *why: why it cannot be used, *out is NULL then. folder: copied. */
ky_err ky_past_judge(ky_job *job, json_t *root, const json_error_t *error, const char *folder, ky_past **out,
                     const char **why);

#endif
