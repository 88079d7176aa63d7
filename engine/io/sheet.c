/* Spreadsheets through GDAL. The file is copied to memory under a name that GDAL knows, because a spreadsheet may be
 * named .csv; every cell is taken as text, so that 08 stays 08. */
#include "io/sheet.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <string.h>

#include "io/encoding.h"
#include "io/gdal_log.h"
#include "io/role_columns.h"
#include "io/sheet_cells.h"
#include "io/sheet_ods.h"
#include "io/source_file.h"
#include "io/text_key.h"

#define SHEET_MAX    ((uint64_t)200 << 20) /* packed */
#define UNPACKED_MAX ((uint64_t)1 << 30)

static const char *const extensions[] = {"xlsx", "xlsm", "ods"};

bool ky_is_sheet(const char *vsi_path) {
  char head[4];
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (ky_path_has(vsi_path, extensions[i])) return true;
  const bool is_text_name =
      ky_path_has(vsi_path, "csv") || ky_path_has(vsi_path, "tsv") || ky_path_has(vsi_path, "txt");
  return is_text_name && ky_source_file_peek(vsi_path, head, sizeof head) == sizeof head &&
         memcmp(head, "PK\x03\x04", sizeof head) == 0;
}

static ky_err refuse(ky_job *job, const ky_source *source, const char *why) {
  return ky_fail(job, KY_E_INPUT, "%s %s: %s", source->name, source->shown, why);
}

/* What the packed sheets would unpack to. */
static uint64_t unpacked_bytes(const char *copy) {
  uint64_t total = 0;
  char root[512];
  snprintf(root, sizeof root, "/vsizip/%s", copy);
  char **members = VSIReadDirRecursive(root);
  for (int i = 0; members != NULL && members[i] != NULL; i++) {
    char path[1024];
    VSIStatBufL status;
    snprintf(path, sizeof path, "%s/%s", root, members[i]);
    if (VSIStatL(path, &status) == 0 && status.st_size > 0) total += (uint64_t)status.st_size;
  }
  CSLDestroy(members);
  return total;
}

/* Copies the file to memory; an .ods begins with its media type. */
static ky_err copy_file(ky_job *job, const ky_source *source, const char *vsi_path, const char **copy,
                        const char **format) {
  char *bytes = NULL;
  size_t length = 0;
  KY_TRY(ky_source_file_load(job, source, vsi_path, &bytes, &length));
  if (length > SHEET_MAX) return refuse(job, source, ky_tr("a spreadsheet of more than 200 MB; save the sheet as CSV"));
  if (length >= 4 && memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0)
    return refuse(
        job, source,
        ky_tr("an old spreadsheet (.xls), or one that is locked with a password; open it and save it as .xlsx "
              "without a password, or as CSV"));
  const char mark[] = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
  const bool is_ods = length > 30 + sizeof mark && memcmp(bytes + 30, mark, sizeof mark - 1) == 0;
  *format = is_ods ? "ODS" : "XLSX";
  *copy = ky_format(&job->keep, "/vsimem/kayoi_sheet_%s.%s", source->name, is_ods ? "ods" : "xlsx");
  if (*copy == NULL) return ky_fail_memory(job);
  VSILFILE *file = VSIFOpenL(*copy, "wb");
  if (file == NULL) return ky_fail_memory(job);
  const bool is_written = VSIFWriteL(bytes, 1, length, file) == length;
  if (VSIFCloseL(file) != 0 || !is_written) return ky_fail_memory(job);
  if (unpacked_bytes(*copy) > UNPACKED_MAX)
    return refuse(job, source, ky_tr("the spreadsheet would unpack to more than 1 GB; save the sheet as CSV"));
  return KY_OK;
}

/* Sheet names as people keep them: width of letters and spaces do not matter. */
static bool is_name(ky_job *job, const char *name, const char *wanted) {
  if (strcmp(name, wanted) == 0) return true;
  const char *a = ky_utf8_valid(name, strlen(name)) ? ky_text_key(&job->scratch, name) : NULL;
  const char *b = ky_text_key(&job->scratch, wanted);
  return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const char *refusal(ky_job *job, const ky_source *source, const char *list, int found) {
  if (source->layer == NULL && found == 0) return ky_tr("no sheet has rows under a header");
  if (source->layer == NULL) return ky_format(&job->scratch, ky_tr("name one of its sheets with layer: (%s)"), list);
  if (found > 1) return ky_format(&job->scratch, ky_tr("several sheets are named '%s' (%s)"), source->layer, list);
  return ky_format(
      &job->scratch,
      source->is_workbook
          ? ky_tr("it has no sheet '%s' (its sheets: %s); give the sheet its name back, empty if you do not "
                  "need it; or name the sheets one by one as sources with layer: instead of workbook:")
          : ky_tr("it has no sheet '%s'; its sheets: %s"),
      source->layer, list);
}

/* The sheet that the config names, else the only one with rows under a header; *place: among all sheets. */
static ky_err find_sheet(ky_job *job, const ky_source *source, GDALDatasetH dataset, OGRLayerH *sheet, int *place) {
  char list[512] = "";
  int found = 0;
  *sheet = NULL;
  for (int i = 0; i < GDALDatasetGetLayerCount(dataset); i++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
    const bool is_named = source->layer != NULL && is_name(job, OGR_L_GetName(layer), source->layer);
    if (strlen(list) + 80 < sizeof list)
      snprintf(list + strlen(list), 80, "%s%.70s", i == 0 ? "" : ", ", OGR_L_GetName(layer));
    if (source->layer != NULL ? !is_named : OGR_L_GetFeatureCount(layer, 1) < 2) continue;
    *sheet = layer;
    *place = i;
    found++;
  }
  if (found == 1) return KY_OK;
  const char *why = refusal(job, source, list, found);
  return refuse(job, source, why != NULL ? why : "?");
}

static bool put(VSILFILE *file, const char *text, bool is_first) {
  bool is_good = is_first || VSIFWriteL(",", 1, 1, file) == 1;
  is_good = is_good && VSIFWriteL("\"", 1, 1, file) == 1;
  for (; is_good && *text != '\0'; text++) {
    if (*text == '"') is_good = VSIFWriteL("\"", 1, 1, file) == 1;
    is_good = is_good && VSIFWriteL(text, 1, 1, file) == 1;
  }
  return is_good && VSIFWriteL("\"", 1, 1, file) == 1;
}

static bool write_rows(OGRLayerH sheet, VSILFILE *file) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(sheet);
  const int count = OGR_FD_GetFieldCount(definition);
  bool is_good = true;
  OGRFeatureH feature;
  OGR_L_ResetReading(sheet);
  while (is_good && (feature = OGR_L_GetNextFeature(sheet)) != NULL) {
    for (int f = 0; f < count; f++) {
      const bool has_value = OGR_F_IsFieldSetAndNotNull(feature, f) != 0;
      is_good = is_good && put(file, has_value ? OGR_F_GetFieldAsString(feature, f) : "", f == 0);
    }
    OGR_F_Destroy(feature);
    is_good = is_good && VSIFWriteL("\n", 1, 1, file) == 1;
  }
  return is_good;
}

/* How GDAL reads sheets, from opening to closing: it looks at them late. The header is a row like the others: GDAL
 * takes the only row of a sheet for data, and renames equal columns. */
static void set_options(bool is_on) {
  static const char *const settings[][2] = {{"OGR_XLSX_HEADERS", "DISABLE"},
                                            {"OGR_ODS_HEADERS", "DISABLE"},
                                            {"OGR_XLSX_FIELD_TYPES", "STRING"},
                                            {"OGR_ODS_FIELD_TYPES", "STRING"}};
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    CPLSetThreadLocalConfigOption(settings[i][0], is_on ? settings[i][1] : NULL);
}

/* NULL: cannot be opened; the job's message says why. */
static GDALDatasetH open_sheets(ky_job *job, const ky_source *source, const char *copy, const ky_gdal_log *log) {
  const char *const drivers[] = {"XLSX", "ODS", NULL};
  GDALDatasetH dataset = GDALOpenEx(copy, GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, NULL, NULL);
  if (dataset == NULL)
    refuse(job, source, log->error[0] != '\0' ? log->error : ky_tr("the spreadsheet is damaged; save it again"));
  return dataset;
}

/* The copy that GDAL reads: the file in memory, without notes. Both are gone with close_copy. */
typedef struct sheet_copy {
  const char *path, *file, *plain, *format;
  bool is_plain;
} sheet_copy;

static ky_err open_copy(ky_job *job, const ky_source *source, const char *vsi_path, sheet_copy *out) {
  *out = (sheet_copy){.plain = ky_format(&job->keep, "/vsimem/kayoi_plain_%s.ods", source->name)};
  if (out->plain == NULL) return ky_fail_memory(job);
  KY_TRY(copy_file(job, source, vsi_path, &out->file, &out->format));
  if (strcmp(out->format, "ODS") == 0) KY_TRY(ky_ods_without_notes(job, out->file, out->plain, &out->is_plain));
  out->path = out->is_plain ? out->plain : out->file;
  return KY_OK;
}

static void close_copy(const sheet_copy *copy) {
  if (copy->file != NULL) VSIUnlink(copy->file);
  if (copy->is_plain) VSIUnlink(copy->plain);
}

static ky_err convert(ky_job *job, const ky_source *source, const char *copy, const char *csv_path, int *place) {
  ky_gdal_log log = {0};
  OGRLayerH sheet = NULL;
  VSILFILE *file = NULL;
  ky_gdal_log_open(&log);
  set_options(true);
  GDALDatasetH dataset = open_sheets(job, source, copy, &log);
  ky_err err = dataset != NULL ? find_sheet(job, source, dataset, &sheet, place) : job->err;
  if (err != KY_OK) goto done;
  file = VSIFOpenL(csv_path, "wb");
  if (file == NULL || !write_rows(sheet, file)) err = ky_fail_memory(job);
done:
  if (file != NULL) VSIFCloseL(file);
  if (dataset != NULL) GDALClose(dataset);
  set_options(false);
  ky_gdal_log_close();
  return err;
}

ky_err ky_sheet_to_csv(ky_job *job, const ky_source *source, const char *vsi_path, const char **csv_path,
                       const char **format) {
  sheet_copy copy;
  int place = 0;
  *csv_path = ky_format(&job->keep, "/vsimem/kayoi_sheet_%s.csv", source->name);
  if (*csv_path == NULL) return ky_fail_memory(job);
  ky_err err = open_copy(job, source, vsi_path, &copy);
  if (err == KY_OK) err = convert(job, source, copy.path, *csv_path, &place);
  if (err == KY_OK && !copy.is_plain && strcmp(copy.format, "XLSX") == 0)
    err = ky_sheet_cells_check(job, source, copy.path, place);
  *format = copy.format;
  close_copy(&copy);
  return err;
}

static ky_err list_names(ky_job *job, const ky_source *source, const char *copy, ky_sheet_name **names,
                         uint32_t *count) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  ky_gdal_log_open(&log);
  set_options(true);
  GDALDatasetH dataset = open_sheets(job, source, copy, &log);
  if (dataset == NULL) {
    err = job->err;
    goto done;
  }
  *count = (uint32_t)GDALDatasetGetLayerCount(dataset);
  *names = ky_arena_alloc(&job->keep, *count, sizeof **names);
  if (*names == NULL) err = ky_fail_memory(job);
  for (uint32_t i = 0; err == KY_OK && i < *count; i++) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, (int)i);
    (*names)[i].name = ky_arena_text(&job->keep, OGR_L_GetName(layer), strlen(OGR_L_GetName(layer)));
    (*names)[i].has_rows = OGR_L_GetFeatureCount(layer, 1) > 1;
    if ((*names)[i].name == NULL) err = ky_fail_memory(job);
  }
done:
  if (dataset != NULL) GDALClose(dataset);
  set_options(false);
  ky_gdal_log_close();
  return err;
}

ky_err ky_sheet_names(ky_job *job, const ky_source *source, const char *vsi_path, ky_sheet_name **names,
                      uint32_t *count, const char **format) {
  sheet_copy copy;
  *count = 0;
  ky_err err = open_copy(job, source, vsi_path, &copy);
  if (err == KY_OK) err = list_names(job, source, copy.path, names, count);
  *format = copy.format;
  close_copy(&copy);
  return err;
}

void ky_sheet_release(const char *csv_path) {
  if (csv_path != NULL) VSIUnlink(csv_path);
}
