/* The recogniser: which reader would take a file, and what its header says. */
#include "io/recognise.h"

#include <string.h>

#include "io/estat_name.h"
#include "io/gdal_log.h"
#include "io/reader.h"
#include "io/sheet.h"
#include "io/source_file.h"
#include "io/workbook.h"

static ky_err set_census(ky_job *job, const char *vsi_path, ky_recognised *out) {
  ky_estat_name name;
  out->kind = KY_FILE_CENSUS_GRID;
  out->format = "e-Stat grid";
  if (out->count != KY_NONE && out->count > 0) out->count--; /* the second header row */
  if (!ky_estat_name_read(vsi_path, &name) || name.level_m == 0) return KY_OK;
  const char *size = name.level_m == 1000  ? "1 km"
                     : name.level_m == 500 ? "500 m"
                     : name.level_m == 250 ? "250 m"
                                           : "125 m";
  out->date = name.date;
  out->crs = name.crs;
  out->edition = name.year != NULL ? ky_format(&job->keep, "%s, %s, %s", name.table, name.year, size)
                                   : ky_format(&job->keep, "%s, %s", name.table, size);
  return out->edition != NULL ? KY_OK : ky_fail_memory(job);
}

/* The year that a table of small areas is of, by its number. */
static ky_err set_area_table(ky_job *job, const char *vsi_path, ky_recognised *out) {
  ky_estat_name name;
  if (out->count != KY_NONE && out->count > 0) out->count--; /* the second header row */
  if (!ky_estat_name_read(vsi_path, &name)) return KY_OK;
  out->date = name.date;
  out->edition = name.year != NULL ? ky_format(&job->keep, "%s, %s", name.table, name.year)
                                   : ky_format(&job->keep, "%s", name.table);
  return out->edition != NULL ? KY_OK : ky_fail_memory(job);
}

/* The reader that is surest for any role. */
static const char *find_reader(const ky_source *source, const char *vsi_path) {
  const char *best = NULL;
  int most = 0;
  for (ky_role role = 0; role < KY_ROLE_COUNT; role++) {
    ky_source probe = *source;
    probe.role = role;
    for (size_t r = 0; ky_readers[r] != NULL; r++) {
      int sure = ky_readers[r]->recognise(&probe, vsi_path);
      if (sure <= most) continue;
      most = sure;
      best = ky_readers[r]->name;
    }
  }
  return best;
}

static bool is_gtfs(ky_job *job, const char *path) {
  const char **members;
  uint32_t count;
  return ky_path_has(path, "zip") && ky_recognise_zip(job, path, &members, &count) == KY_OK && count == 1 &&
         strcmp(members[0], path) == 0;
}

static bool is_workbook(const ky_sheet_name *names, uint32_t count) {
  for (size_t s = 0; s < KY_BOOK_SHEETS; s++) {
    uint32_t i = 0;
    while (i < count && strcmp(names[i].name, ky_book_sheets[s].name) != 0) i++;
    if (i == count) return false;
  }
  return true;
}

/* A file with several sheets of data is several layers, and the first is looked at. */
static ky_err look_at_sheet(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out) {
  const char *csv_path = NULL;
  ky_source one = *source;
  ky_sheet_name *names = NULL;
  uint32_t count = 0, layers = 0;
  KY_TRY(ky_sheet_names(job, source, vsi_path, &names, &count, &out->format));
  if (source->layer == NULL && is_workbook(names, count)) {
    out->kind = KY_FILE_WORKBOOK;
    return KY_OK;
  }
  if (source->layer == NULL) {
    KY_NEW(job, keep, out->layers, count);
    for (uint32_t i = 0; i < count; i++)
      if (names[i].has_rows) out->layers[layers++] = names[i].name;
    if (layers > 1) one.layer = out->layers[0];
    out->layer_count = layers > 1 ? layers : 0;
  }
  ky_err err = ky_sheet_to_csv(job, &one, vsi_path, &csv_path, &out->format);
  const char *format = out->format;
  if (err == KY_OK) err = ky_recognise_table(job, &one, csv_path, out);
  ky_sheet_release(csv_path);
  out->dialect.separator = 0;
  out->dialect.is_sheet = true;
  out->format = format;
  return err;
}

/* Rasters, and files that no reader takes: why not, where their name or first bytes tell. */
static ky_err look_at_other(ky_job *job, const ky_source *source, const char *vsi_path, ky_recognised *out) {
  static const struct {
    const char *extension, *reason; /* KY_MSG */
  } known[] = {
      {"dbf", KY_MSG("the table of a shapefile without its map (.shp); give the .shp, .shx and .dbf together")},
      {"shx", KY_MSG("the index of a shapefile without its map (.shp); give the .shp, .shx and .dbf together")},
      {"7z", KY_MSG("this kind of archive is not read; unpack it and give what is in it")},
      {"lzh", KY_MSG("this kind of archive is not read; unpack it and give what is in it")},
      {"rar", KY_MSG("this kind of archive is not read; unpack it and give what is in it")},
      {"xls", KY_MSG("an old spreadsheet (.xls); save it as .xlsx or CSV")},
      {"pdf", KY_MSG("a PDF is not data; ask its publisher for the list as CSV or XLSX")},
      {"doc", KY_MSG("a document is not data; copy its table into a spreadsheet")},
      {"docx", KY_MSG("a document is not data; copy its table into a spreadsheet")},
      {"xml", KY_MSG("XML is not read; take the shapefile or GeoJSON of the same data")},
      {"gml", KY_MSG("GML is not read; take the shapefile or GeoJSON of the same data")},
      {"kml", KY_MSG("KML is not read; save it as GeoJSON or GeoPackage in a GIS")},
  };
  if (ky_recognise_is_raster(vsi_path)) return ky_recognise_raster(job, source, vsi_path, out);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (ky_path_has(vsi_path, known[i].extension))
      return ky_fail(job, KY_E_INPUT, "%s: %s", source->shown, ky_tr(known[i].reason));
  return KY_OK;
}

static ky_err look(ky_job *job, const ky_source *source, ky_recognised *out) {
  ky_source_file file;
  bool is_dem;
  KY_TRY(ky_recognise_dem(job, source->path, &is_dem, out));
  if (is_dem) return KY_OK;
  if (is_gtfs(job, source->path)) {
    out->kind = KY_FILE_GTFS;
    out->format = "GTFS";
    return KY_OK;
  }
  KY_TRY(ky_source_file_find(job, source, &file));
  const char *reader = find_reader(source, file.vsi_path);
  if (reader == NULL || strcmp(reader, "raster") == 0) return look_at_other(job, source, file.vsi_path, out);
  if (strcmp(reader, "osm") == 0) {
    out->kind = KY_FILE_ROADS;
    out->format = "OpenStreetMap";
    out->crs = "EPSG:4326";
    out->geometry = KY_SHAPE_LINE;
    return KY_OK;
  }
  if (strcmp(reader, "estat") == 0) {
    KY_TRY(ky_recognise_table(job, source, file.vsi_path, out));
    return set_census(job, file.vsi_path, out);
  }
  if (strcmp(reader, "csv") == 0)
    KY_TRY(ky_recognise_table(job, source, file.vsi_path, out));
  else if (strcmp(reader, "sheet") == 0)
    KY_TRY(look_at_sheet(job, source, file.vsi_path, out));
  else
    KY_TRY(ky_recognise_layer(job, source, file.vsi_path, out));
  KY_TRY(ky_recognise_kind(job, ky_path_name(source->path), out));
  return out->kind == KY_FILE_AREA_TABLE ? set_area_table(job, file.vsi_path, out) : KY_OK;
}

/* The probe's texts die with it. */
static ky_err keep_text(ky_job *job, const char **text) {
  if (*text == NULL) return KY_OK;
  *text = ky_arena_text(&job->keep, *text, strlen(*text));
  return *text != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err keep_texts(ky_job *job, const char *const *texts, uint32_t count, const char ***out) {
  KY_NEW(job, keep, *out, (size_t)count + 1);
  for (uint32_t i = 0; i < count; i++) {
    (*out)[i] = texts[i];
    KY_TRY(keep_text(job, &(*out)[i]));
  }
  return KY_OK;
}

static ky_err keep_all(ky_job *job, ky_recognised *out) {
  const char **texts[] = {&out->problem,  &out->format, &out->edition,           &out->date,
                          &out->encoding, &out->crs,    &out->municipality_code, &out->municipality_name};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) KY_TRY(keep_text(job, texts[i]));
  KY_TRY(keep_texts(job, out->columns, out->column_count, &out->columns));
  return keep_texts(job, out->layers, out->layer_count, &out->layers);
}

/* Looks in a job of its own: what a file costs in memory, and why it cannot be read, ends with it. */
static ky_err recognise(ky_job *job, const char *path, const char *layer, bool is_brief, ky_recognised *out) {
  ky_job probe;
  const ky_source source = {
      .role = KY_ROLE_SITES, .name = "", .path = path, .shown = ky_path_name(path), .layer = layer};
  *out = (ky_recognised){.is_brief = is_brief, .count = KY_NONE};
  ky_gdal_start();
  ky_job_init(&probe, 1);
  ky_err err = look(&probe, &source, out);
  if (err == KY_OK) err = probe.err;
  if (err != KY_OK && err != KY_E_RESOURCE) {
    out->kind = KY_FILE_UNKNOWN;
    out->problem = probe.message + strspn(probe.message, " "); /* messages begin with the source's name, here "" */
    err = KY_OK;
  }
  err = err == KY_OK ? keep_all(job, out) : ky_fail(job, err, "%s", probe.message);
  ky_job_free(&probe);
  return err;
}

ky_err ky_recognise(ky_job *job, const char *path, const char *layer, ky_recognised *out) {
  return recognise(job, path, layer, false, out);
}

ky_err ky_recognise_brief(ky_job *job, const char *path, const char *layer, ky_recognised *out) {
  return recognise(job, path, layer, true, out);
}
