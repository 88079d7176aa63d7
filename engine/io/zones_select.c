/* Which records of a file can be zones at all: by what they say of themselves. */
#include <string.h>

#include "io/raw_edit.h"
#include "io/zones_prepare.h"

#define WATER "8154" /* HCODE of small areas: water */

/* Cities with wards (政令指定都市): wards have the codes behind the city's. */
static const char *const ward_cities[] = {"01100", "04100", "11100", "12100", "14100", "14130", "14150",
                                          "15100", "22100", "22130", "23100", "26100", "27100", "27140",
                                          "28100", "33100", "34100", "40100", "40130", "43100"};

/* Is it the municipality itself, or a ward of it? */
static bool is_in_municipality(const char *code, const char *municipality) {
  const char *city = NULL;
  if (strncmp(code, municipality, 5) == 0) return true;
  for (size_t i = 0; i < sizeof ward_cities / sizeof *ward_cities; i++)
    if (strncmp(ward_cities[i], code, 3) == 0 && strcmp(ward_cities[i], code) < 0) city = ward_cities[i];
  return city != NULL && strncmp(city, municipality, 5) == 0;
}

void ky_zones_code(const ky_raw *raw, uint32_t record, char code[6]) {
  const char *text = ky_raw_value(raw, "municipality", record);
  /* A small area's code begins with its municipality's; a code of other areas need not. */
  if (text == NULL && ky_raw_column_of(raw, "area_kind") != NULL) text = ky_raw_value(raw, "area", record);
  const size_t length = text != NULL ? strlen(text) : 0;
  code[0] = '\0';
  if (length < 4 || strspn(text, "0123456789") != length) return;
  /* Numbers lose their leading zero: 4 digits of 5; 8 or 10 of a small area's 9 or 11. 6 have a check digit. */
  const bool is_short = length == 4 || length == 8 || length == 10;
  code[0] = '0';
  memcpy(code + is_short, text, is_short ? 4 : 5);
  code[5] = '\0';
}

static void leave_out_water(ky_job *job, bool *keep, ky_raw *raw) {
  uint32_t water = 0;
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *kind = ky_raw_value(raw, "area_kind", i);
    keep[i] = kind == NULL || strcmp(kind, WATER) != 0;
    water += !keep[i];
  }
  if (water == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .field = "area_kind",
                           .reason = "water_areas",
                           .action = ky_tr("left out: nobody lives there")},
               ky_tr("%u of %u records are water (HCODE 8154)"), water, raw->count);
  ky_raw_keep(keep, false, raw);
}

static ky_err leave_out_others(ky_job *job, const char *municipality, bool *keep, ky_raw *raw) {
  uint32_t coded = 0, others = 0;
  char code[6], other[6] = "";
  for (uint32_t i = 0; i < raw->count; i++) {
    ky_zones_code(raw, i, code);
    keep[i] = code[0] == '\0' || is_in_municipality(code, municipality);
    coded += code[0] != '\0';
    others += !keep[i];
    if (!keep[i]) memcpy(other, code, sizeof other);
  }
  if (others == 0) return KY_OK;
  if (others == coded)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s: not one of its %u records is of municipality %s (the last one is of %s); is it the file of "
              "the right prefecture, and is municipality.code right?"),
        ky_source_where(job, raw->source), raw->count, municipality, other);
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = ky_source_where(job, raw->source),
                           .field = "municipality",
                           .reason = "zones_elsewhere",
                           .action = ky_tr("left out; nothing has to be done")},
               ky_tr("%u of %u records are of other municipalities than %s"), others, raw->count, municipality);
  ky_raw_keep(keep, false, raw);
  return KY_OK;
}

ky_err ky_zones_select(ky_job *job, const char *municipality_code, ky_raw *raw) {
  bool *keep;
  if (raw->count == 0) return KY_OK;
  KY_NEW(job, scratch, keep, raw->count);
  leave_out_water(job, keep, raw);
  return municipality_code != NULL ? leave_out_others(job, municipality_code, keep, raw) : KY_OK;
}
