/* Vector files through GDAL: Shapefile, GeoPackage, GeoJSON, FlatGeobuf. */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <math.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <string.h>

#include "io/crs.h"
#include "io/decimal_text.h"
#include "io/digits.h"
#include "io/feature_geometry.h"
#include "io/gdal_log.h"
#include "io/layer_refusal.h"
#include "io/people_window.h"
#include "io/reader.h"
#include "io/shape_parts.h"
#include "io/source_file.h"

static int recognise(const ky_source *source, const char *vsi_path) {
  static const char *const extensions[] = {"shp", "gpkg", "geojson", "json", "fgb"};
  (void)source;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (ky_path_has(vsi_path, extensions[i])) return 60;
  return ky_path_has(vsi_path, "geojson.gz") || ky_path_has(vsi_path, "json.gz") ? 60 : 0;
}

static GDALDatasetH open_vector(const char *vsi_path) {
  const char *const drivers[] = {"ESRI Shapefile", "GPKG", "GeoJSON", "FlatGeobuf", NULL};
  const char *const options[] = {"ENCODING=", NULL}; /* Shapefile: the bytes as they are; decoded here, strictly */
  const bool is_shape = ky_path_has(vsi_path, "shp");
  return GDALOpenEx(vsi_path, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, is_shape ? options : NULL, NULL);
}

/* The only layer, or the only one with geometry where that is needed: styles and lists often lie beside it. */
static OGRLayerH only_layer(const ky_source *source, GDALDatasetH dataset) {
  const int count = GDALDatasetGetLayerCount(dataset);
  const bool needs_geometry = ky_role_get(source->role)->kinds != 1u << KY_SHAPE_NONE;
  OGRLayerH only = NULL;
  int found = 0;
  for (int i = 0; i < count; i++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
    if (count > 1 && needs_geometry && OGR_L_GetGeomType(layer) == wkbNone) continue;
    only = layer;
    found++;
  }
  return found == 1 ? only : NULL;
}

/* The layer that the config names, else the only one. */
static ky_err find_layer(ky_job *job, const ky_source *source, GDALDatasetH dataset, OGRLayerH *layer) {
  const int count = GDALDatasetGetLayerCount(dataset);
  char list[512] = "";
  *layer = source->layer != NULL ? GDALDatasetGetLayerByName(dataset, source->layer) : only_layer(source, dataset);
  if (*layer != NULL) return KY_OK;
  for (int i = 0; i < count && strlen(list) + 80 < sizeof list; i++)
    snprintf(list + strlen(list), 80, "%s%.70s", i == 0 ? "" : ", ", OGR_L_GetName(GDALDatasetGetLayer(dataset, i)));
  if (source->layer != NULL)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: no layer '%s'; it has: %s"), source->name, source->shown,
                   source->layer, list);
  return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: %d layers; name one with layer: (%s)"), source->name, source->shown,
                 count, list);
}

/* A DBF cuts names at 10 bytes, perhaps inside a character: what is left of that one goes too. */
static ky_decoded decode_name(ky_decoder *decoder, ky_arena *arena, const char *bytes, const char **out) {
  const size_t length = strlen(bytes);
  const ky_decoder before = *decoder;
  ky_decoded decoded = ky_decoder_text(decoder, arena, bytes, length, out);
  for (size_t n = length - 1; decoded == KY_DECODED_BAD && length == 10 && n >= 7; n--) {
    *decoder = before;
    decoded = ky_decoder_text(decoder, arena, bytes, n, out);
  }
  return decoded;
}

/* Names of the fields; a Shapefile's are bytes in the encoding of the file. */
static ky_err field_names(ky_job *job, const ky_source *source, OGRFeatureDefnH definition, ky_decoder *decoder,
                          const char ***names, uint32_t *count) {
  *count = (uint32_t)OGR_FD_GetFieldCount(definition);
  KY_NEW(job, keep, *names, (size_t)*count + 1);
  for (uint32_t f = 0; f < *count; f++) {
    const char *bytes = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)f));
    switch (decode_name(decoder, &job->keep, bytes, &(*names)[f])) {
      case KY_DECODED_NO_MEMORY:
        return ky_fail_memory(job);
      case KY_DECODED_BAD:
        ky_issue_add(job,
                     &(ky_issue){.severity = KY_WARNING,
                                 .source = ky_source_where(job, source),
                                 .field = (*names)[f],
                                 .reason = "bad_encoding",
                                 .action = ky_tr("the column cannot be mapped; declare encoding:")},
                     ky_tr("the name of column %u is not text in %s"), f + 1, ky_decoder_met(decoder));
        break;
      case KY_DECODED:
        break;
    }
    if ((*names)[f] == NULL) (*names)[f] = "";
  }
  return KY_OK;
}

/* What the texts are in: the config, else the .cpg file; the DBF's own byte says Latin for most Japanese files and is
 * not asked. GDAL hands over UTF-8 from every other format. */
static ky_err settle_encoding(ky_job *job, const ky_source *source, OGRLayerH layer, bool is_shape,
                              ky_decoder *decoder) {
  const char *name = source->encoding;
  if (!is_shape) {
    decoder->name = "UTF-8";
    if (source->encoding != NULL)
      ky_issue_add(job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = ky_source_where(job, source),
                               .field = "encoding",
                               .reason = "encoding_not_used",
                               .action = ky_tr("remove encoding: from this source")},
                   "%s", ky_tr("this format is UTF-8 by its definition"));
    return KY_OK;
  }
  if (name == NULL) name = GDALGetMetadataItem(layer, "ENCODING_FROM_CPG", "SHAPEFILE");
  const char *cpg = GDALGetMetadataItem(layer, "CPG_VALUE", "SHAPEFILE");
  if ((name == NULL || name[0] == '\0') && cpg != NULL) name = cpg;
  decoder->name = name != NULL && name[0] != '\0' ? ky_encoding_name(&job->keep, name) : NULL;
  if (decoder->name != NULL || name == NULL || name[0] == '\0') return KY_OK;
  if (source->encoding != NULL)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s: encoding: \"%s\" is not known; write UTF-8, CP932 or a name that iconv --list shows"),
                   source->name, source->encoding);
  ky_issue_add(
      job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = ky_source_where(job, source),
                  .field = "encoding",
                  .reason = "encoding_unknown",
                  .action = ky_tr("each text was read as UTF-8 if it is that, else as CP932; declare encoding:")},
      ky_tr("the .cpg file names an encoding that is not known: \"%.40s\""), name);
  return KY_OK;
}

/* Fields are ignored by name, in any case of letters: one whose name a wanted field has too must stay. */
static bool is_used_name(OGRFeatureDefnH definition, const ky_picks *picks, const char *name) {
  for (uint32_t p = 0; p < picks->count; p++) {
    const ky_pick *pick = &picks->pick[p];
    if (EQUAL(name, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)pick->field)))) return true;
    for (uint32_t m = 0; m < pick->more_count; m++)
      if (EQUAL(name, OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)pick->more[m])))) return true;
  }
  return false;
}

/* Only the columns that are asked for are read: a DBF can be far larger than what is used of it. */
static ky_err ignore_others(ky_job *job, OGRLayerH layer, OGRFeatureDefnH definition, const ky_picks *picks,
                            uint32_t count) {
  const char **ignored;
  uint32_t n = 0;
  KY_NEW(job, scratch, ignored, (size_t)count + 1);
  for (uint32_t f = 0; f < count; f++) {
    const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)f));
    if (!is_used_name(definition, picks, name)) ignored[n++] = name;
  }
  OGR_L_SetIgnoredFields(layer, ignored);
  return KY_OK;
}

#define WHOLE_MAX 1e15

/* A whole number, of which no decimals would be left; GDAL's printf is slow. */
static bool whole_number(OGRFeatureH feature, int field, OGRFieldType type, int64_t *out) {
  const OGRField *raw = OGR_F_GetRawFieldRef(feature, field);
  if (type == OFTInteger64) {
    *out = raw->Integer64;
    return true;
  }
  if (type != OFTReal || !(fabs(raw->Real) < WHOLE_MAX) || raw->Real != trunc(raw->Real) ||
      (raw->Real == 0 && signbit(raw->Real)))
    return false;
  *out = (int64_t)raw->Real;
  return true;
}

/* As GDAL writes it, by the field's decimals or to 15 digits, without the zeros at the end; 0: GDAL has to. */
static size_t real_text(OGRFeatureH feature, int field, char text[KY_DECIMAL_MAX]) {
  OGRFieldDefnH definition = OGR_F_GetFieldDefnRef(feature, field);
  const double number = OGR_F_GetRawFieldRef(feature, field)->Real;
  if (OGR_Fld_GetType(definition) != OFTReal || OGR_Fld_GetSubType(definition) != OFSTNone) return 0;
  return OGR_Fld_GetWidth(definition) != 0 ? ky_decimal_fixed(number, OGR_Fld_GetPrecision(definition), text)
                                           : ky_decimal_digits15(number, text);
}

/* A field as text. Decimals that say nothing are dropped, so that an id stored as a number is what it is elsewhere. */
static const char *field_text(OGRFeatureH feature, int field, char buffer[KY_DECIMAL_MAX], size_t *length) {
  const OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, field));
  int64_t number;
  if (whole_number(feature, field, type, &number)) {
    char *text = ky_digits(buffer, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
    if (number < 0) *--text = '-';
    *length = strlen(text);
    return text;
  }
  if ((*length = real_text(feature, field, buffer)) != 0) return buffer;
  const char *text = OGR_F_GetFieldAsString(feature, field);
  *length = strlen(text);
  if (type != OFTReal || strchr(text, '.') == NULL) return text;
  if (strpbrk(text, "eEnN") != NULL) return text;
  while (text[*length - 1] == '0') (*length)--;
  if (text[*length - 1] == '.') (*length)--;
  return text;
}

static ky_err set_values(ky_raw_builder *b, OGRFeatureH feature) {
  for (uint32_t p = 0; p < b->picks->count; p++) {
    const ky_pick *pick = &b->picks->pick[p];
    char buffer[KY_DECIMAL_MAX];
    size_t length;
    if (OGR_F_IsFieldSetAndNotNull(feature, (int)pick->field)) {
      const char *text = field_text(feature, (int)pick->field, buffer, &length);
      KY_TRY(ky_raw_set(b, p, text, length));
    }
    for (uint32_t m = 0; m < pick->more_count; m++) {
      if (!OGR_F_IsFieldSetAndNotNull(feature, (int)pick->more[m])) continue;
      const char *text = field_text(feature, (int)pick->more[m], buffer, &length);
      KY_TRY(ky_raw_append(b, p, text, length));
    }
  }
  return KY_OK;
}

/* window: what lies beside it is only counted; NULL: nothing does. */
static ky_err read_features(ky_raw_builder *b, OGRLayerH layer, const ky_box *window, bool is_geographic,
                            uint32_t *wrong_kind) {
  OGRFeatureH feature = NULL;
  ky_err err = KY_OK;
  OGR_L_ResetReading(layer);
  while (err == KY_OK && (feature = OGR_L_GetNextFeature(layer)) != NULL) {
    bool is_wrong = false;
    b->read_count++;
    if (ky_feature_is_outside(OGR_F_GetGeometryRef(feature), window)) {
      b->unneeded_count++;
      OGR_F_Destroy(feature);
      continue;
    }
    err = ky_raw_add_nth(b, "record", b->read_count);
    if (err == KY_OK) err = set_values(b, feature);
    if (err == KY_OK) {
      ky_raw_name(b);
      err = ky_feature_geometry(b, OGR_F_GetGeometryRef(feature), is_geographic, &is_wrong);
    }
    *wrong_kind += is_wrong;
    OGR_F_Destroy(feature);
  }
  return err;
}

static const char *format_name(GDALDatasetH dataset) {
  const char *name = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
  return strcmp(name, "ESRI Shapefile") == 0 ? "Shapefile"
         : strcmp(name, "GPKG") == 0         ? "GeoPackage"
         : strcmp(name, "GeoJSON") == 0      ? "GeoJSON"
                                             : "FlatGeobuf";
}

static ky_err layer_crs(ky_job *job, const ky_source *source, OGRLayerH layer, ky_raw *out) {
  char *wkt = NULL;
  OGRSpatialReferenceH crs = OGR_L_GetSpatialRef(layer);
  if (ky_role_get(source->role)->kinds == 1u << KY_SHAPE_NONE) return KY_OK;
  if (crs != NULL && OSRExportToWkt(crs, &wkt) != OGRERR_NONE) wkt = NULL;
  ky_err err = ky_crs_settle(job, source, wkt, out);
  CPLFree(wkt);
  return err;
}

static ky_err read_layer(ky_job *job, const ky_source *source, GDALDatasetH dataset, OGRLayerH layer, ky_gdal_log *log,
                         ky_raw *out) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  const bool is_shape = strcmp(format_name(dataset), "Shapefile") == 0;
  ky_decoder decoder = {0};
  ky_picks picks;
  ky_raw_builder b;
  ky_box window;
  const char **names;
  uint32_t count, wrong_kind = 0;
  KY_TRY(settle_encoding(job, source, layer, is_shape, &decoder));
  KY_TRY(layer_crs(job, source, layer, out));
  KY_TRY(field_names(job, source, definition, &decoder, &names, &count));
  KY_TRY(ky_columns_pick(job, source, names, NULL, count, &picks));
  KY_TRY(ignore_others(job, layer, definition, &picks, count));
  KY_TRY(ky_raw_begin(job, source, &picks, &b));
  b.decoder = decoder;
  const bool has_window = source->role == KY_ROLE_BUILDINGS && source->window != NULL;
  if (has_window) KY_TRY(ky_window_in(job, source->window, out->crs, &window));
  KY_TRY(read_features(&b, layer, has_window ? &window : NULL, out->is_geographic, &wrong_kind));
  if (log->error_count != 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: damaged after record %u: %s"), source->name, source->shown,
                   b.read_count, log->error);
  if (b.count == 0 && wrong_kind != 0 && wrong_kind == b.read_count)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: its geometry (%s) cannot be %s; is it the right file?"), source->name,
                   source->shown, OGRGeometryTypeToName(OGR_FD_GetGeomType(definition)),
                   ky_role_get(source->role)->name);
  KY_TRY(ky_raw_finish(&b, names, out));
  out->format = format_name(dataset);
  out->encoding = is_shape ? ky_decoder_met(&b.decoder) : NULL;
  return KY_OK;
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  ky_gdal_log log = {0};
  OGRLayerH layer = NULL;
  ky_err err = KY_OK;
  KY_TRY(ky_shape_parts_check(job, source, vsi_path));
  ky_gdal_log_open(&log);
  GDALDatasetH dataset = open_vector(vsi_path);
  if (dataset == NULL) {
    err = ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read as Shapefile, GeoPackage, GeoJSON or FlatGeobuf: %s"),
                  source->name, source->shown, ky_layer_refusal(job, vsi_path, log.error));
    goto done;
  }
  err = find_layer(job, source, dataset, &layer);
  if (err == KY_OK) err = read_layer(job, source, dataset, layer, &log, out);
  if (err == KY_OK) ky_gdal_log_report(job, &log, ky_source_where(job, source));
done:
  if (dataset != NULL) GDALClose(dataset);
  ky_gdal_log_close();
  return err;
}

const ky_reader ky_reader_ogr = {.name = "ogr",
                                 .help = KY_MSG("vector layer: Shapefile, GeoPackage, GeoJSON, FlatGeobuf"),
                                 .recognise = recognise,
                                 .read = read_source};
