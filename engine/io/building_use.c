/* Uses and storeys of buildings: see building_use.h.
 *   OpenStreetMap: wiki, Key:building, "Accommodation", without what is for guests, soldiers and play (hotel, barracks,
 *   tree_house); hut is left out because the wiki gives it two meanings, cabin and shed.
 *   PLATEAU: code list Building_usage: 411 to 415 are homes, 461 is unknown.
 *   Geospatial Information Authority: kinds of BldA, codes of its vector tiles; roofs without walls are no homes. */
#include "io/building_use.h"

#include <string.h>

#include "io/text_key.h"

static const char homes[] =
    "apartments|house|detached|residential|terrace|semidetached_house|bungalow|dormitory|farm|cabin|annexe|ger|"
    "houseboat|static_caravan|stilt_house|trullo|"
    "411|412|413|414|415|"
    "アパート|マンション|長屋|寄宿舎|寮|社宅|農家|住居|専用住居|併用住居|住商併用建物|住居併用工場";

static const char unspecified[] =
    "yes|building|unknown|unspecified|461|不明|用途不明|建物|建築物|普通建物|堅ろう建物|"
    "堅牢建物|高層建物|3101|3102|3103";

/* 共同住宅, 店舗等併用住宅, 一戸建ての住宅 and the like; not what speaks of something else. */
static bool speaks_of_homes(const char *key) {
  static const char *const others[] = {"非住宅", "住宅以外", "住宅展示"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strstr(key, others[i]) != NULL) return false;
  return strstr(key, "住宅") != NULL;
}

static ky_err is_listed(ky_job *job, const ky_source *source, const char *key, bool *out) {
  *out = false;
  for (uint32_t r = 0; r < source->residential_count && !*out; r++) {
    const char *listed = ky_text_label(&job->scratch, source->residential[r]);
    if (listed == NULL) return ky_fail_memory(job);
    *out = strcmp(listed, key) == 0;
  }
  return KY_OK;
}

static ky_err use_of_word(ky_job *job, const ky_source *source, const char *key, ky_building_use *out) {
  bool is_home = false;
  *out = KY_BUILDING_OTHER;
  if (source->residential_count != 0) {
    KY_TRY(is_listed(job, source, key, &is_home));
    if (is_home) *out = KY_BUILDING_HOME;
    return KY_OK;
  }
  if (ky_text_label_place(key, homes) >= 0 || speaks_of_homes(key))
    *out = KY_BUILDING_HOME;
  else if (ky_text_label_place(key, unspecified) >= 0)
    *out = KY_BUILDING_UNSPECIFIED;
  return KY_OK;
}

ky_err ky_building_use_of(ky_job *job, const ky_source *source, const char *text, ky_building_use *out) {
  *out = KY_BUILDING_UNSPECIFIED;
  if (text == NULL) return KY_OK;
  char *key = ky_text_label(&job->scratch, text);
  if (key == NULL) return ky_fail_memory(job);
  if (key[0] == '\0') return KY_OK;
  *out = KY_BUILDING_OTHER;
  for (char *word = key, *next; word != NULL; word = next) {
    ky_building_use use;
    next = strchr(word, ';');
    if (next != NULL) *next++ = '\0';
    if (word[0] == '\0') continue;
    KY_TRY(use_of_word(job, source, word, &use));
    if (use < *out) *out = use; /* homes, then unspecified, then others */
  }
  return KY_OK;
}

#define STOREYS_MAX  200.0
#define UNKNOWN_CODE 9999.0

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* A number from its first digit on, without a sign or an exponent; returns where it ends. */
static const char *read_number(const char *at, double *out) {
  double unit = 1;
  for (*out = 0; is_digit(*at); at++) *out = *out * 10 + (*at - '0');
  if (at[0] != '.' || !is_digit(at[1])) return at;
  for (at++; is_digit(*at); at++) *out += (*at - '0') * (unit /= 10);
  return at;
}

/* How many numbers are in the text, and their mean. */
static uint32_t mean_of(const char *key, double *mean) {
  uint32_t count = 0;
  double sum = 0, number;
  for (const char *at = key; *at != '\0';) {
    if (!is_digit(*at)) {
      at++;
      continue;
    }
    at = read_number(at, &number);
    sum += number;
    count++;
  }
  *mean = count > 0 ? sum / count : 0;
  return count;
}

ky_err ky_storeys_of(ky_job *job, const char *text, uint32_t *milli, ky_storeys_state *state) {
  double mean;
  *milli = KY_NONE;
  *state = KY_STOREYS_UNKNOWN;
  if (text == NULL) return KY_OK;
  char *key = ky_text_label(&job->scratch, text);
  if (key == NULL) return ky_fail_memory(job);
  if (key[0] == '\0' || ky_text_label_place(key, "不明|-|unknown|none") >= 0) return KY_OK;
  char *below = strstr(key, "地下");
  if (below != NULL && below != key) *below = '\0';
  const bool is_flat = strstr(key, "平屋") != NULL || strstr(key, "平家") != NULL;
  const bool is_negative = key[0] == '-' || strncmp(key, "△", strlen("△")) == 0;
  const uint32_t count = mean_of(key, &mean);
  if (count == 0 && is_flat) mean = 1;
  if (count != 0 && (mean == 0 || mean == UNKNOWN_CODE)) return KY_OK;
  *state = KY_STOREYS_BAD;
  if ((count == 0 && !is_flat) || is_negative || !(mean <= STOREYS_MAX) || below == key) return KY_OK;
  *milli = (uint32_t)(mean * 1000 + 0.5);
  *state = *milli != 0 ? KY_STOREYS_KNOWN : KY_STOREYS_UNKNOWN;
  return KY_OK;
}
