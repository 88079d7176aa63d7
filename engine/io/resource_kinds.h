/* What each resource is, as a code. */
#ifndef KAYOI_RESOURCE_KINDS_H
#define KAYOI_RESOURCE_KINDS_H

#include <kayoi/read.h>

/* Brings the column `kind` to codes of KY_RESOURCE_KINDS: the source's own kind for all records, else by its words.
 * Words that are none of them stay as they are; they, and records without a kind, are reported. */
ky_err ky_resource_kinds(ky_job *job, ky_raw *raw);

/* Code of a word, by its normalised text; NULL: none of the list, or memory is out. */
const char *ky_resource_kind_code(ky_arena *scratch, const char *word);

#endif
