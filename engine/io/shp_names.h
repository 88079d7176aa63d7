/* Names of attributes in shapefiles, where a name has at most ten characters.
 *
 * - An attribute of at most ten characters keeps its name.
 * - Others have the name of the fixed table (shp_names.inc), the same in every layer.
 * - Attributes with a band, a rank, a kind or a profile in their name (covered_65_500, walk_m_2, covered_65_general)
 * have a short beginning from a second table and keep their end: c65_500, wm_2.
 * - What is too long even so, or is not in the tables, gets the first characters that fit and three that are computed
 *   from the whole attribute, so a name never depends on what else is in the layer. */
#ifndef KAYOI_SHP_NAMES_H
#define KAYOI_SHP_NAMES_H

#include <kayoi/table.h>

#define KY_SHP_NAME_MAX 10

typedef char ky_shp_name[KY_SHP_NAME_MAX + 1];

/* names[column]: all different, also when upper and lower case are the same. names has table->column_count places. */
void ky_shp_names(const ky_table *table, ky_shp_name *names);

#endif
