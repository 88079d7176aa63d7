/* Attributes of people of further years: one set per year, named by it. Columns of the projected grids of KSJ:
 * edition 2017 (H29, by the census of 2010): POP2010 ...; 2018 (H30): PTN_2015, PT0_2020, PT1_ to PT19_; 2024 (R6):
 * PTN_2020, PT00_2025, PT01_ to PT20_. In all of them PTN is everybody, PT0 / PT00 what is left of it after details
 * were moved to other cells (0 in a hidden cell), PTC 65+, PTD 75+, PTE 80+. The oldest classes are 85-89 (PT18), then
 * 90+ (PT19, 2018) or 90-94 and 95+ (PT19 and PT20, 2024). HITOKU marks hidden cells (*) and those that hold others'
 * details
 * (@), GASSAN names the cell that the details went to. */
#include "io/role_years.h"

#include "io/role_columns.h"

#define YEAR(y)                                                                                                       \
  {"pop_total_" #y, "ptn_" #y "|pop" #y "|" #y "年総人口|" #y "年人口|" #y "年人口数", false,                         \
   "people of all ages in " #y},                                                                                      \
      {"pop_65_" #y, "ptc_" #y "|" #y "年65歳以上人口", false, "people aged 65 and over in " #y},                     \
      {"pop_75_" #y, "ptd_" #y "|" #y "年75歳以上人口", false, "people aged 75 and over in " #y},                     \
      {"pop_80_" #y, "pte_" #y "|" #y "年80歳以上人口", false, "people aged 80 and over in " #y},                     \
      {"pop_85_" #y, #y "年85歳以上人口", false, "people aged 85 and over in " #y},                                   \
      {"part_85_" #y, "pt18_" #y, false, "people aged 85 to 89 in " #y},                                              \
      {"part_90_" #y, "pt19_" #y, false, "people aged 90 and over, or 90 to 94, in " #y},                             \
      {"part_95_" #y, "pt20_" #y, false, "people aged 95 and over in " #y},                                           \
      {"group_total_" #y, "pt00_" #y "|pt0_" #y, false, "people of the cells whose details are here in " #y},         \
      {"hidden_" #y, "hitoku" #y "|hitoku_" #y, false, "* details are in another cell, @ holds details of others"}, { \
    "hidden_to_" #y, "gassan" #y "|gassan_" #y, false, "the cell that holds this cell's details in " #y               \
  }

#define DECADE(d) \
  YEAR(d##0), YEAR(d##1), YEAR(d##2), YEAR(d##3), YEAR(d##4), YEAR(d##5), YEAR(d##6), YEAR(d##7), YEAR(d##8), YEAR(d##9)

const ky_attribute ky_year_attributes[KY_YEAR_ATTRIBUTE_COUNT] = {
    {"id", "mesh_id|key_code|meshcode|mesh_code|メッシュコード|地域メッシュコード|メッシュ|cell_id", false,
     "id of the cell; a grid code where there is no geometry"},
    DECADE(201),
    DECADE(202),
    DECADE(203),
    DECADE(204),
    DECADE(205),
    DECADE(206),
    DECADE(207),
    DECADE(208),
    DECADE(209),
    DECADE(210),
    {"lon", KY_LON_LABELS, false, "longitude, when the table has no geometry"},
    {"lat", KY_LAT_LABELS, false, "latitude, when the table has no geometry"},
};
