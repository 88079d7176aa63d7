/* Numbers with decimals as text, for readers of many records: the same bytes as printf in the C locale, ten times as
 * fast. */
#ifndef KAYOI_DECIMAL_TEXT_H
#define KAYOI_DECIMAL_TEXT_H

#include <stddef.h>

#define KY_DECIMAL_MAX    48
#define KY_DECIMAL_PLACES 18 /* the most places that ky_decimal_fixed writes */

/* "%.*f" of places decimals, exactly rounded, without the zeros at the end of them. Gives its length; 0: the number is
 * not finite or not below 1e15, or there are too many places, and printf has to write it. */
size_t ky_decimal_fixed(double number, int places, char text[KY_DECIMAL_MAX]);

/* "%.15g", where that is without an exponent: 0 otherwise. */
size_t ky_decimal_digits15(double number, char text[KY_DECIMAL_MAX]);

#endif
