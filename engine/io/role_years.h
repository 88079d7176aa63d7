/* Attributes of sources with people of further years. */
#ifndef KAYOI_ROLE_YEARS_H
#define KAYOI_ROLE_YEARS_H

#include <kayoi/read.h>

#define KY_YEAR_FIRST           2010
#define KY_YEAR_LAST            2109
#define KY_YEAR_ATTRIBUTE_COUNT (3 + 11 * (KY_YEAR_LAST - KY_YEAR_FIRST + 1))

extern const ky_attribute ky_year_attributes[KY_YEAR_ATTRIBUTE_COUNT];

#endif
