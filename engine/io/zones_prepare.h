/* The polygons of files become the zones of a run: districts of other municipalities and water are left out, small
 * areas are joined by a table, records of one id become one zone. */
#ifndef KAYOI_ZONES_PREPARE_H
#define KAYOI_ZONES_PREPARE_H

#include <kayoi/read.h>

/* Right after reading: water out, and what the records say belongs to another municipality than the code (NULL: not
 * asked). KY_E_INPUT when all of them do. */
ky_err ky_zones_select(ky_job *job, const char *municipality_code, ky_raw *raw);

/* In the plane, over all sources of a run: districts chosen by the border where no code did it, ids of districts,
 * lookup, records joined. */
ky_err ky_zones_prepare(ky_job *job, const ky_read_opts *opts, ky_raw *raws);

/* Puts zone id and name of the lookup's areas into a source of small areas; those without a zone are left out. Both
 * ways reported. KY_E_INPUT when nothing matches. */
ky_err ky_zones_look_up(ky_job *job, const ky_raw *lookup, ky_raw *raw);

/* Records of one id become one record, the union of their polygons. */
ky_err ky_zones_dissolve(ky_job *job, ky_raw *raw);

/* Code of a record's municipality, 5 digits; empty: it names none. */
void ky_zones_code(const ky_raw *raw, uint32_t record, char code[6]);

#endif
