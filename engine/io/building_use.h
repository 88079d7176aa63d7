/* What the columns of a building say: its use and its storeys. */
#ifndef KAYOI_BUILDING_USE_H
#define KAYOI_BUILDING_USE_H

#include <kayoi/read.h>

/* Use by a word or code: values of OpenStreetMap's building=*, codes and words of PLATEAU's bldg:usage, kinds of
 * buildings of the Geospatial Information Authority, Japanese words. A text with several (a;b) is a home when one of
 * them is. NULL, a blank: unspecified. A word that is none of these is another use. Source settings may name the homes
 * (residential:). KY_E_RESOURCE only. */
ky_err ky_building_use_of(ky_job *job, const ky_source *source, const char *text, ky_building_use *out);

typedef enum ky_storeys_state { KY_STOREYS_KNOWN, KY_STOREYS_UNKNOWN, KY_STOREYS_BAD } ky_storeys_state;

/* Storeys above ground as people write them: 2, 2;3 (the mean), 約3, 3階建, 地上3階地下1階, 平屋. Unknown: blank, 0,
 * 9999 and -9999 (PLATEAU), 不明. Bad: negative, more than 200, no number. Uses scratch. */
ky_err ky_storeys_of(ky_job *job, const char *text, uint32_t *milli, ky_storeys_state *state);

#endif
