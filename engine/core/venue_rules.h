/* The two counting rules of method.md 4, venue by venue. */
#ifndef KAYOI_VENUE_RULES_H
#define KAYOI_VENUE_RULES_H

#include <kayoi/place.h>

#include "core/records.h"

ky_err ky_venue_rules_new(ky_job *job, uint32_t count, ky_venues *out);
/* Fills is_informal and what the register itself says, then counts and reasons; attributes and row are there. */
void ky_venue_rules_apply(ky_job *job, const ky_record *record, const ky_venue_opts *opts, ky_venues *out, uint32_t i);

#endif
