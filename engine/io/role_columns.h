/* Which column of a source is which attribute of its role. */
#ifndef KAYOI_ROLE_COLUMNS_H
#define KAYOI_ROLE_COLUMNS_H

#include <kayoi/read.h>

#define KY_PICK_MORE 4

/* Columns of longitude and latitude. Not those that may go on in minutes and seconds in further columns (緯度(度)), nor
 * the Tokyo datum's. */
#define KY_LON_LABELS                                                                                                                             \
  "経度|lng|long|longitude|経度(世界測地系)|経度_世界測地系|世界測地系経度|経度(jgd2011)|経度(jgd2000)|経度(wgs84)|" \
  "経度(10進)|経度(10進数)|経度(10進法)|経度(東経)|東経|経度(x)|x(経度)"
#define KY_LAT_LABELS                                                                                                                   \
  "緯度|latitude|緯度(世界測地系)|緯度_世界測地系|世界測地系緯度|緯度(jgd2011)|緯度(jgd2000)|緯度(wgs84)|" \
  "緯度(10進)|緯度(10進数)|緯度(10進法)|緯度(北緯)|北緯|緯度(y)|y(緯度)"
#define KY_COORDINATES_LABELS "座標|緯度経度|経緯度|緯度・経度|緯度,経度|位置座標|latlon|latlng"

typedef struct ky_pick {
  const ky_attribute *attribute;
  uint32_t field;              /* index of the column in the source */
  uint32_t more[KY_PICK_MORE]; /* further columns whose texts follow: 所在地（番地まで）, 所在地（建物名） */
  uint32_t more_count;
} ky_pick;

typedef struct ky_picks {
  uint32_t count;
  ky_pick *pick;                    /* in the order of the role's attributes */
  const struct ky_ksj_vintage *ksj; /* facilities of KSJ: their vintage (io/ksj_places.h); NULL */
} ky_picks;

/* Names in one text for a message: "a, b, c and 12 more" (scratch arena). */
const char *ky_columns_list(ky_job *job, const char *const *names, uint32_t count);

/* The mapping of a source names attributes of its role only; KY_E_CONFIG otherwise. */
ky_err ky_columns_check(ky_job *job, const ky_source *source);

/* By the mapping of the config, else by the attribute's own name, else by its labels in their order; without others,
 * names may begin with what the list is of (column_prefix.h). names: columns of
 * the source in UTF-8; others: a second name per column (column ids of the census), NULL entries or NULL allowed.
 * KY_E_INPUT: a mapped column that is not there, or a required attribute without a column. */
ky_err ky_columns_pick(ky_job *job, const ky_source *source, const char *const *names, const char *const *others,
                       uint32_t count, ky_picks *out);

/* A column by the name that a config gives: exact, else normalised; KY_E_INPUT when there is none. what: the key of
 * the config, for the message. */
ky_err ky_columns_find(ky_job *job, const ky_source *source, const char *what, const char *column,
                       const char *const *names, const char *const *others, uint32_t count, uint32_t *field);

/* Field of an attribute; KY_NONE when it has none. */
uint32_t ky_picks_field(const ky_picks *picks, const char *attribute);

#endif
