/* Codes of municipalities (全国地方公共団体コード): five digits, or six with their check digit. */
#ifndef KAYOI_MUNICIPALITY_CODE_H
#define KAYOI_MUNICIPALITY_CODE_H

#include <kayoi/job.h>

/* The five digits that the text means: 35202, 352021, full-width, or with the leading 0 that a spreadsheet dropped.
 * 0: it is no code of a municipality (35, 350001: a prefecture), or its check digit is wrong. */
uint32_t ky_municipality_code(ky_arena *arena, const char *text);

typedef enum ky_is_own { KY_OWN, KY_NOT_OWN, KY_OWN_UNKNOWN } ky_is_own;

/* Is `code` a part of the municipality `own` (a designated city has its wards)? Unknown when either is 0, or when
 * `code` is the city of which `own` is a ward. */
ky_is_own ky_municipality_has(uint32_t own, uint32_t code);

#endif
