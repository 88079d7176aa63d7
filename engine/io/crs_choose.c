/* Which CRS a run uses when its config names none (formats.md 9). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/crs.h"

/* Origins of the plane rectangular zones I-XIX, degrees. */
static const struct {
  double lat, lon;
} zones[19] = {{33, 129.5},
               {33, 131},
               {36, 132 + 1 / 6.0},
               {33, 133.5},
               {36, 134 + 1 / 3.0},
               {36, 136},
               {36, 137 + 1 / 6.0},
               {36, 138.5},
               {36, 139 + 5 / 6.0},
               {40, 140 + 5 / 6.0},
               {44, 140.25},
               {44, 142.25},
               {44, 144.25},
               {26, 142},
               {26, 127.5},
               {26, 124},
               {26, 131},
               {20, 136},
               {26, 154}};

/* Zone of most of each prefecture, 01-47. Hokkaido, Tokyo, Kagoshima and Okinawa have several: see below. */
static const unsigned char zone_of_prefecture[47] = {12, 10, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 9, 9, 8, 7,
                                                     7,  6,  8,  8,  7,  8,  7, 6, 6, 6, 6, 5, 6, 6, 5, 3,
                                                     5,  3,  3,  4,  4,  4,  4, 2, 2, 1, 2, 2, 2, 2, 15};

bool ky_crs_is_japan(double lon, double lat) {
  return lon >= 122 && lon <= 154.5 && lat >= 20 && lat <= 46.5;
}

/* The zone from..to whose origin is nearest in longitude; ties to the lower. */
static int nearest_zone(double lon, int from, int to) {
  int best = from;
  for (int zone = from + 1; zone <= to; zone++)
    if (fabs(zones[zone - 1].lon - lon) < fabs(zones[best - 1].lon - lon)) best = zone;
  return best;
}

/* The islands of the south, by the bounds of the official notice. */
static int southern_zone(double lon, double lat) {
  if (lon >= 140.5) return lon < 143 ? 14 : 19;
  if (lon >= 133 || lat < 22) return 18;
  if (lon >= 130) return 17;
  return lon >= 126 ? 15 : 16;
}

/* Islands of Kagoshima that belong to zone I; Amami reaches a little farther east. */
static bool is_western_kagoshima(double lon, double lat) {
  return lat >= 27 && lat < 32 && lon > 128.3 && lon < (lat < 29 ? 130 + 13 / 60.0 : 130);
}

static int zone_in_prefecture(int prefecture, double lon, double lat) {
  const bool has_place = isfinite(lon) && isfinite(lat);
  if (has_place && prefecture == 1) return nearest_zone(lon, 11, 13);
  if (has_place && prefecture == 13 && lat < 28) return southern_zone(lon, lat);
  if (has_place && prefecture == 46 && is_western_kagoshima(lon, lat)) return 1;
  if (has_place && prefecture == 47) return southern_zone(lon, lat);
  return zone_of_prefecture[prefecture - 1];
}

static int zone_by_place(double lon, double lat) {
  if (lat >= 41.4) return nearest_zone(lon, 11, 13);
  if (is_western_kagoshima(lon, lat)) return 1;
  if (lat < 28) return southern_zone(lon, lat);
  if (lat >= 38) return lon < 139.5 ? 8 : 10;
  return nearest_zone(lon, 1, 9);
}

static int prefecture_of(const char *code) {
  if (code == NULL || strlen(code) < 2 || code[0] < '0' || code[0] > '9' || code[1] < '0' || code[1] > '9') return 0;
  int prefecture = (code[0] - '0') * 10 + code[1] - '0';
  return prefecture <= 47 ? prefecture : 0;
}

/* Plane zone of a code of JGD2011, JGD2000 or Tokyo; 0: none. */
static int zone_of_crs(const char *crs) {
  static const int before_first[] = {6668, 2442, 30160};
  int code = 0, end = 0;
  if (sscanf(crs, "EPSG:%5d%n", &code, &end) != 1 || crs[end] != '\0') return 0;
  for (size_t i = 0; i < sizeof before_first / sizeof *before_first; i++)
    if (code > before_first[i] && code <= before_first[i] + 19) return code - before_first[i];
  return 0;
}

/* Is any part of the prefecture in the zone? */
static bool has_zone(int prefecture, int zone) {
  switch (prefecture) {
    case 1:
      return zone >= 11 && zone <= 13;
    case 13:
      return zone == 9 || zone == 14 || zone == 18 || zone == 19;
    case 46:
      return zone == 1 || zone == 2;
    case 47:
      return zone >= 15 && zone <= 17;
    default:
      return zone == zone_of_prefecture[prefecture - 1];
  }
}

static void warn_zone(ky_job *job, const char *crs, const char *municipality_code) {
  const int prefecture = prefecture_of(municipality_code), zone = zone_of_crs(crs);
  if (prefecture == 0 || zone == 0 || has_zone(prefecture, zone)) return;
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = "config",
                  .field = "crs",
                  .reason = "crs_zone_unusual",
                  .action = ky_tr("crs: was used as it is, distances are less exact away from its zone; correct it or "
                                  "municipality.code, or leave crs: out and the zone is chosen by the code")},
      ky_tr("%s is plane rectangular zone %d; the municipality's code %s is of prefecture %02d, whose zone is %d"), crs,
      zone, municipality_code, prefecture, zone_of_prefecture[prefecture - 1]);
}

static ky_err choose_given(ky_job *job, const ky_read_opts *opts, const char **crs, const char **origin) {
  const char *given = opts->crs;
  ky_crs run;
  bool is_valid;
  KY_TRY(ky_crs_read(job, given, &run, &is_valid));
  if (!is_valid || !run.is_metric)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("crs: \"%s\" is not a projected CRS in metres; write for example EPSG:6670 (plane rectangular "
                         "zone II, JGD2011), or leave it out and the zone is chosen by the municipality's code"),
                   given);
  *crs = run.text;
  *origin = "config";
  warn_zone(job, run.text, opts->municipality_code);
  return KY_OK;
}

ky_err ky_crs_choose(ky_job *job, const ky_read_opts *opts, double lon, double lat, const char **crs,
                     const char **origin) {
  if (opts->crs != NULL) return choose_given(job, opts, crs, origin);
  const int prefecture = prefecture_of(opts->municipality_code);
  if (prefecture != 0) {
    *crs = ky_format(&job->keep, "EPSG:%d", 6668 + zone_in_prefecture(prefecture, lon, lat));
    *origin = ky_format(&job->keep, "prefecture %02d", prefecture);
  } else if (!isfinite(lon) || !isfinite(lat)) {
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("no source has a place to choose the run's CRS by; write crs: in the config"));
  } else if (ky_crs_is_japan(lon, lat)) {
    *crs = ky_format(&job->keep, "EPSG:%d", 6668 + zone_by_place(lon, lat));
    *origin = "longitude";
  } else {
    int utm = (int)floor((lon + 180) / 6) + 1;
    if (utm < 1) utm = 1;
    if (utm > 60) utm = 60;
    *crs = ky_format(&job->keep, "EPSG:%d", (lat < 0 ? 32700 : 32600) + utm);
    *origin = "UTM";
  }
  return *crs != NULL && *origin != NULL ? KY_OK : ky_fail_memory(job);
}
