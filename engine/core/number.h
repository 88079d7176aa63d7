/* Strict decimal numbers in texts of records. */
#ifndef KAYOI_NUMBER_H
#define KAYOI_NUMBER_H

#include <kayoi/base.h>

/* "[+-]digits[.digits]" to a whole number of 10^-decimals, further digits rounded half up; KY_NULL when the text is
 * anything else or too large. */
int64_t ky_number_fixed(const char *text, uint8_t decimals);

#endif
