/* CRS definitions, transformation: see crs.h. OSR handles live inside one function each. */
#include "io/crs.h"

#include <cpl_conv.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <proj.h>
#include <stdio.h>
#include <string.h>

#include "core/thread.h"
#include "io/gdal_log.h"

/* A definition comes from a config or an input and must stay a definition: a code, WKT or a PROJ string; GDAL would
 * also take names of files and addresses. */
static bool is_definition(const char *text) {
  static const char *const starts[] = {
      "EPSG:",    "epsg:",    "ESRI:",     "OGC:",         "urn:ogc:def:crs:", "+proj=",    "GEOGCS[", "PROJCS[",
      "GEOGCRS[", "PROJCRS[", "COMPD_CS[", "COMPOUNDCRS[", "BOUNDCRS[",        "LOCAL_CS[", "ENGCRS["};
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
    if (strncmp(text, starts[i], strlen(starts[i])) == 0) return true;
  return false;
}

static OGRSpatialReferenceH open_crs(const char *definition) {
  OGRSpatialReferenceH crs = is_definition(definition) ? OSRNewSpatialReference(NULL) : NULL;
  if (crs == NULL) return NULL;
  if (OSRSetFromUserInput(crs, definition) != OGRERR_NONE) {
    OSRDestroySpatialReference(crs);
    return NULL;
  }
  OSRSetAxisMappingStrategy(crs, OAMS_TRADITIONAL_GIS_ORDER);
  return crs;
}

/* The code of a CRS that states none, when the database has exactly one that is all but sure to be it. */
static bool find_code(OGRSpatialReferenceH crs, char *text, size_t size) {
  int count = 0, *confidence = NULL;
  bool is_found = false;
  OGRSpatialReferenceH *matches = OSRFindMatches(crs, NULL, &count, &confidence);
  if (count > 0 && confidence[0] >= 90 && (count == 1 || confidence[1] < confidence[0])) {
    const char *code = OSRGetAuthorityCode(matches[0], NULL), *authority = OSRGetAuthorityName(matches[0], NULL);
    if (code != NULL && authority != NULL) {
      snprintf(text, size, "%s:%s", authority, code);
      is_found = true;
    }
  }
  OSRFreeSRSArray(matches);
  CPLFree(confidence);
  return is_found;
}

static const char *datum_of(OGRSpatialReferenceH crs) {
  const char *datum = OSRGetAttrValue(crs, "DATUM", 0);
  if (datum == NULL) return "unknown";
  if (strstr(datum, "Geodetic_Datum_2011") || strstr(datum, "JGD_2011") || strstr(datum, "JGD2011")) return "JGD2011";
  if (strstr(datum, "Geodetic_Datum_2000") || strstr(datum, "JGD_2000") || strstr(datum, "JGD2000")) return "JGD2000";
  if (strcmp(datum, "Tokyo") == 0 || strcmp(datum, "D_Tokyo") == 0) return "Tokyo";
  return datum;
}

static ky_err describe(ky_job *job, OGRSpatialReferenceH crs, ky_crs *out) {
  char code[64];
  const char *number = OSRGetAuthorityCode(crs, NULL), *authority = OSRGetAuthorityName(crs, NULL);
  char *wkt = NULL;
  bool has_code = number != NULL && authority != NULL;
  if (has_code)
    snprintf(code, sizeof code, "%s:%s", authority, number);
  else
    has_code = find_code(crs, code, sizeof code);
  if (!has_code && OSRExportToWkt(crs, &wkt) != OGRERR_NONE) {
    CPLFree(wkt);
    return ky_fail(job, KY_E_INTERNAL, ky_tr("a CRS without a code cannot be written as text"));
  }
  const char *text = has_code ? code : wkt;
  out->text = ky_arena_text(&job->keep, text, strlen(text));
  CPLFree(wkt);
  const char *name = OSRGetName(crs);
  if (name == NULL) name = "";
  out->name = ky_arena_text(&job->keep, name, strlen(name));
  const char *datum = datum_of(crs);
  out->datum = ky_arena_text(&job->keep, datum, strlen(datum));
  if (out->text == NULL || out->name == NULL || out->datum == NULL) return ky_fail_memory(job);
  out->is_geographic = OSRIsGeographic(crs) && fabs(OSRGetAngularUnits(crs, NULL) - 0.017453292519943295) < 1e-12;
  out->is_metric = OSRIsProjected(crs) && OSRGetLinearUnits(crs, NULL) == 1.0;
  return KY_OK;
}

ky_err ky_crs_read(ky_job *job, const char *definition, ky_crs *out, bool *is_valid) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  memset(out, 0, sizeof *out);
  ky_gdal_log_open(&log);
  OGRSpatialReferenceH crs = open_crs(definition);
  *is_valid = crs != NULL && !OSRIsLocal(crs) && (OSRIsGeographic(crs) || OSRIsProjected(crs));
  if (*is_valid && strncmp(OSRGetName(crs) != NULL ? OSRGetName(crs) : "", "Undefined", 9) == 0) *is_valid = false;
  if (*is_valid) err = describe(job, crs, out);
  if (crs != NULL) OSRDestroySpatialReference(crs);
  ky_gdal_log_close();
  return err;
}

/* Do two definitions mean the same, whatever their spelling? */
static bool is_same(const char *a, const char *b) {
  ky_gdal_log log = {0};
  ky_gdal_log_open(&log);
  OGRSpatialReferenceH left = open_crs(a), right = open_crs(b);
  char *options[] = {(char[]){"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"}, (char[]){"CRITERION=EQUIVALENT"}, NULL};
  bool same = left != NULL && right != NULL && OSRIsSameEx(left, right, (const char *const *)options);
  if (left != NULL) OSRDestroySpatialReference(left);
  if (right != NULL) OSRDestroySpatialReference(right);
  ky_gdal_log_close();
  return same;
}

/* Messages name a CRS by its code if it has one. */
static const char *shown(const ky_crs *crs) {
  return strlen(crs->text) <= 32 ? crs->text : crs->name;
}

ky_err ky_crs_settle(ky_job *job, const ky_source *source, const char *from_file, ky_raw *raw) {
  ky_crs file = {0}, config = {0};
  bool has_file = false, has_config = false;
  if (from_file != NULL && from_file[0] != '\0') KY_TRY(ky_crs_read(job, from_file, &file, &has_file));
  if (source->crs != NULL) {
    KY_TRY(ky_crs_read(job, source->crs, &config, &has_config));
    if (!has_config)
      return ky_fail(job, KY_E_CONFIG,
                     ky_tr("%s: crs: \"%s\" is not a geographic or projected CRS; write a code such as EPSG:6668"),
                     source->name, source->crs);
  }
  if (!has_file && !has_config)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s %s: the file does not say which coordinate reference system it is in (no .prj?); ask its "
                         "publisher and add crs: to this source, for example crs: EPSG:6668 for JGD2011 degrees"),
                   source->name, source->shown);
  const ky_crs *used = has_config ? &config : &file;
  if (has_file && has_config && !is_same(file.text, config.text))
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_WARNING,
                             .source = ky_source_where(job, source),
                             .field = "crs",
                             .reason = "crs_contradicts",
                             .action = ky_tr("crs: of the config was used; remove it if the file is right")},
                 ky_tr("the file says %s, the config says %s"), shown(&file), shown(&config));
  if (!used->is_geographic && !used->is_metric)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: %s is neither in degrees nor in metres; convert the file first"),
                   source->name, source->shown, shown(used));
  raw->crs = used->text;
  raw->crs_origin = has_config ? "config" : "file";
  raw->is_geographic = used->is_geographic;
  return KY_OK;
}

#define CHUNK 4096

/* Points that one handle transforms: GDAL chooses among several ways of transformation as it goes along, so the parts
 * must not depend on the number of threads. */
#define PART ((size_t)16 * CHUNK)

/* Fewer parts are done sooner by one thread: each has to load the definitions for itself. */
#define PARALLEL_FROM 5

#define SLOTS ((size_t)1 << 17) /* a power of two, at least twice PART */

/* Room of one thread to find repeated points in. */
typedef struct repeats {
  uint32_t *slot; /* [SLOTS] the point last seen there, KY_NONE */
  uint32_t *of;   /* [PART] the point among the different ones */
} repeats;

static size_t slot_of(double x, double y) {
  uint64_t a, b;
  memcpy(&a, &x, sizeof a);
  memcpy(&b, &y, sizeof b);
  const uint64_t mixed = (a ^ ((b << 32) | (b >> 32))) * 0x9E3779B97F4A7C15u;
  return (size_t)(mixed >> 32) & (SLOTS - 1);
}

/* Streets meet in points and are often listed in both directions: each different point is moved to the front, once (or
 * more often, where two share a slot). Gives how many there are. */
static size_t fold_repeats(const repeats *r, double *x, double *y, size_t n) {
  size_t count = 0;
  memset(r->slot, 0xFF, SLOTS * sizeof *r->slot);
  for (size_t i = 0; i < n; i++) {
    uint32_t *slot = &r->slot[slot_of(x[i], y[i])];
    const bool is_repeated =
        *slot != KY_NONE && memcmp(&x[*slot], &x[i], sizeof *x) == 0 && memcmp(&y[*slot], &y[i], sizeof *y) == 0;
    if (!is_repeated) {
      x[count] = x[i];
      y[count] = y[i];
      *slot = (uint32_t)count++;
    }
    r->of[i] = *slot;
  }
  return count;
}

/* From the last one on: the places before it are still needed. */
static void unfold_repeats(const repeats *r, double *x, double *y, size_t n) {
  for (size_t i = n; i-- > 0;) {
    x[i] = x[r->of[i]];
    y[i] = y[r->of[i]];
  }
}

static void transform_points(OGRCoordinateTransformationH way, double *x, double *y, size_t n) {
  for (size_t i = 0; i < n; i += CHUNK) {
    int ok[CHUNK];
    size_t count = n - i < CHUNK ? n - i : CHUNK;
    OCTTransformEx(way, (int)count, x + i, y + i, NULL, ok);
    for (size_t k = 0; k < count; k++)
      if (!ok[k] || !isfinite(x[i + k]) || !isfinite(y[i + k])) x[i + k] = y[i + k] = NAN;
  }
}

/* Handles of GDAL belong to one thread. */
static bool transform_part(const char *from, const char *to, const repeats *r, double *x, double *y, size_t n,
                           char *error, size_t size) {
  ky_gdal_log log = {0};
  OGRCoordinateTransformationH way = NULL;
  ky_gdal_log_open(&log);
  OGRSpatialReferenceH source = open_crs(from), target = open_crs(to);
  if (source != NULL && target != NULL) way = OCTNewCoordinateTransformation(source, target);
  const bool is_known = way != NULL;
  if (way == NULL) {
    snprintf(error, size, "%.*s", (int)size - 1, log.error);
    goto done;
  }
  if (n < CHUNK) {
    transform_points(way, x, y, n);
  } else {
    transform_points(way, x, y, fold_repeats(r, x, y, n));
    unfold_repeats(r, x, y, n);
  }
done:
  if (way != NULL) OCTDestroyCoordinateTransformation(way);
  if (source != NULL) OSRDestroySpatialReference(source);
  if (target != NULL) OSRDestroySpatialReference(target);
  ky_gdal_log_close();
  return is_known;
}

ky_err ky_crs_transform(ky_job *job, const char *from, const char *to, double *x, double *y, size_t n) {
  if (n == 0) return KY_OK;
  const size_t parts = n <= PART ? 1 : (n + PART - 1) / PART;
  const int threads = parts < PARALLEL_FROM ? 1 : parts < (size_t)job->threads ? (int)parts : job->threads;
  bool is_done = true;
  char error[256] = "";
  repeats *room;
  KY_NEW(job, scratch, room, (size_t)threads);
  for (int t = 0; t < threads && n >= CHUNK; t++) {
    KY_NEW(job, scratch, room[t].slot, SLOTS);
    KY_NEW(job, scratch, room[t].of, PART);
  }
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
  for (size_t p = 0; p < parts; p++) {
    const size_t first = p * PART, count = n - first < PART ? n - first : PART;
    char why[sizeof error] = "";
    const bool is_part_done =
        transform_part(from, to, &room[ky_thread()], x + first, y + first, count, why, sizeof why);
    if (is_part_done) continue;
#pragma omp critical
    {
      is_done = false;
      memcpy(error, why, sizeof error);
    }
  }
  if (is_done) return KY_OK;
  return ky_fail(job, KY_E_INPUT, ky_tr("no way from CRS %.40s to %.40s: %s"), from, to, error);
}

static bool has_grid(const char *first, const char *second) {
  return proj_grid_info(first).filename[0] != '\0' || proj_grid_info(second).filename[0] != '\0';
}

ky_err ky_crs_warn_datum(ky_job *job, const char *source, const char *from, const char *to) {
  ky_crs a, b;
  bool valid_a, valid_b;
  KY_TRY(ky_crs_read(job, from, &a, &valid_a));
  KY_TRY(ky_crs_read(job, to, &b, &valid_b));
  if (!valid_a || !valid_b || strcmp(a.datum, b.datum) == 0) return KY_OK;
  if (strcmp(a.datum, "Tokyo") == 0 && !has_grid("tky2jgd.gsb", "jp_gsi_tky2jgd.tif"))
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = source,
                    .field = "crs",
                    .reason = "tokyo_datum",
                    .action = ky_tr("converted with three parameters; install the grid jp_gsi_tky2jgd.tif for PROJ, "
                                    "or convert the file with TKY2JGD first")},
        ky_tr("coordinates in the Tokyo datum are accurate to about 9 m here"));
  if (strcmp(a.datum, "JGD2000") == 0 && strcmp(b.datum, "JGD2011") == 0 &&
      !has_grid("touhokutaiheiyouoki2011.gsb", "jp_gsi_touhokutaiheiyouoki2011.tif"))
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_INFO,
                    .source = source,
                    .field = "crs",
                    .reason = "jgd2000_datum",
                    .action = ky_tr("JGD2000 was taken as JGD2011: right to centimetres in western Japan and Hokkaido; "
                                    "in the north-east the earthquake of 2011 moved the land by up to 5 m")},
        ky_tr("coordinates are in JGD2000, the run is in JGD2011"));
  return KY_OK;
}

#define AREA_SLACK_DEG 1.0

ky_err ky_crs_warn_place(ky_job *job, const char *crs, double lon, double lat) {
  ky_gdal_log log = {0};
  double west = -180, south = -90, east = 180, north = 90;
  if (!isfinite(lon) || !isfinite(lat)) return KY_OK;
  ky_gdal_log_open(&log);
  OGRSpatialReferenceH handle = open_crs(crs);
  const bool has_area = handle != NULL && OSRGetAreaOfUse(handle, &west, &south, &east, &north, NULL) && west < east;
  if (handle != NULL) OSRDestroySpatialReference(handle);
  ky_gdal_log_close();
  if (!has_area || (lon >= west - AREA_SLACK_DEG && lon <= east + AREA_SLACK_DEG && lat >= south - AREA_SLACK_DEG &&
                    lat <= north + AREA_SLACK_DEG))
    return KY_OK;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "config",
                           .field = "crs",
                           .reason = "crs_far",
                           .action = ky_tr(
                               "distances are distorted; correct crs: or municipality.code, or the sources' places")},
               ky_tr("the run's CRS %s is made for %.1f to %.1f degrees east and %.1f to %.1f north, the municipality "
                     "lies at %.2f, "
                     "%.2f"),
               crs, west, east, south, north, lon, lat);
  return KY_OK;
}
