/* Which rows of a file of addresses (位置参照情報) can matter: a prefecture has 600,000 of them, the addresses of a
 * list of venues name a few towns. */
#ifndef KAYOI_TOWN_FILTER_H
#define KAYOI_TOWN_FILTER_H

#include <kayoi/read.h>

/* Towns that the addresses of venues and resources may name. */
typedef struct ky_town_filter ky_town_filter;

/* From all records read so far of roles that are geocoded; those with coordinates too, because these may prove
 * unusable. Lives in keep. */
ky_err ky_town_filter_new(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_town_filter **out);

/* Can an address name the town (bytes as the file has them, in the encoding; NULL: UTF-8, else CP932)? Never false for
 * one that does. */
ky_err ky_town_filter_wants(ky_job *job, ky_town_filter *filter, const char *encoding, const char *bytes, size_t length,
                            bool *out);

#endif
