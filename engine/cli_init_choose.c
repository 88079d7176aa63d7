/* What a run would use of the files found. Where files compete for a role, somebody has to decide: nothing is chosen by
 * a rule of thumb. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli_init_from.h"

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static bool has_extension(const char *path, const char *extension) {
  const char *dot = strrchr(base_name(path), '.');
  return dot != NULL && strcasecmp(dot + 1, extension) == 0;
}

static ky_err recognise_row(ky_job *job, ky_findings *findings, uint32_t row) {
  ky_recognised file;
  KY_TRY(ky_recognise(job, findings->rows[row].path, NULL, &file));
  findings->rows[row].file = file;
  if (file.layer_count < 2) return KY_OK;
  for (uint32_t i = 0; i < file.layer_count; i++) {
    ky_found *layer = &findings->rows[row];
    if (i > 0) layer = ky_findings_add(job, findings, findings->rows[row].path, findings->rows[row].shown);
    if (layer == NULL) return job->err;
    layer->layer = file.layers[i];
    KY_TRY(ky_recognise(job, layer->path, layer->layer, &layer->file));
  }
  return KY_OK;
}

#define MEMBERS_MAX 200

/* A zip with several data files: a row for each instead of the zip's; one with very many stays a row that says so. */
static ky_err open_zip(ky_job *job, ky_findings *findings, uint32_t row, bool *is_opened) {
  const char **members;
  uint32_t count;
  const char *path = findings->rows[row].path, *shown = findings->rows[row].shown;
  KY_TRY(ky_recognise_zip(job, path, &members, &count));
  *is_opened = count > 1 && count <= MEMBERS_MAX;
  for (uint32_t i = 0; *is_opened && i < count; i++) {
    const char *name = ky_format(&job->keep, "%s%s", shown, members[i] + strlen(path));
    if (name == NULL) return ky_fail_memory(job);
    if (i == 0) {
      findings->rows[row].path = members[i];
      findings->rows[row].shown = name;
    } else if (ky_findings_add(job, findings, members[i], name) == NULL) {
      return job->err;
    }
  }
  return KY_OK;
}

static int by_shown(const void *a, const void *b) {
  const ky_found *left = a, *right = b;
  int order = strcmp(left->shown, right->shown);
  if (order != 0 || left->layer == NULL || right->layer == NULL) return order;
  return strcmp(left->layer, right->layer);
}

ky_err ky_findings_recognise(ky_job *job, ky_findings *findings) {
  uint32_t on_disk = findings->count;
  for (uint32_t i = 0; i < on_disk; i++) {
    bool is_opened;
    if (findings->rows[i].reason == NULL && has_extension(findings->rows[i].path, "zip"))
      KY_TRY(open_zip(job, findings, i, &is_opened));
  }
  on_disk = findings->count;
  for (uint32_t i = 0; i < on_disk; i++)
    if (findings->rows[i].reason == NULL) KY_TRY(recognise_row(job, findings, i));
  if (findings->count > 0) qsort(findings->rows, findings->count, sizeof *findings->rows, by_shown);
  return KY_OK;
}

uint32_t ky_findings_count(const ky_findings *findings, ky_role role, ky_file_use use) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < findings->count; i++)
    count += findings->rows[i].use == use && ky_file_info_get(findings->rows[i].file.kind)->role == role;
  return count;
}

void ky_finding_settle(ky_found *row) {
  const ky_file_info *info = ky_file_info_get(row->file.kind);
  if (row->reason != NULL) return; /* not looked at */
  row->use = row->file.problem != NULL ? KY_USE_NONE : info->use;
  row->reason = row->file.problem != NULL ? row->file.problem : info->reason != NULL ? ky_tr(info->reason) : NULL;
  if (has_extension(row->path, "yaml") || has_extension(row->path, "yml"))
    row->reason = ky_tr("a configuration, not data");
  if (row->file.kind == KY_FILE_BORDER && row->file.municipality_count > 1) {
    row->use = KY_USE_OFFER;
    row->reason = ky_tr("it holds several municipalities: cut it to the one of the run");
  }
}

/* All files of a role wait for a decision. */
static void offer_all(ky_findings *findings, ky_role role, const char *reason) {
  for (uint32_t i = 0; i < findings->count; i++) {
    ky_found *row = &findings->rows[i];
    if (row->use != KY_USE_ROLE || ky_file_info_get(row->file.kind)->role != role) continue;
    row->use = KY_USE_OFFER;
    row->reason = reason;
  }
}

/* Census grids go together when they are one table, each for another mesh. */
static bool are_one_census(const ky_findings *findings) {
  const ky_found *first = NULL;
  for (uint32_t i = 0; i < findings->count; i++) {
    const ky_found *row = &findings->rows[i];
    if (row->use != KY_USE_ROLE || row->file.kind != KY_FILE_CENSUS_GRID) continue;
    if (first == NULL) first = row;
    if (row != first && (row->file.edition == NULL || first->file.edition == NULL ||
                         strcmp(row->file.edition, first->file.edition) != 0))
      return false;
    for (uint32_t j = 0; j < i; j++)
      if (findings->rows[j].use == KY_USE_ROLE && findings->rows[j].file.kind == KY_FILE_CENSUS_GRID &&
          strcmp(base_name(findings->rows[j].path), base_name(row->path)) == 0)
        return false;
  }
  return true;
}

/* The first five digits: the sixth is a check digit. */
static bool is_same_code(const char *a, const char *b) {
  return a != NULL && b != NULL && strlen(a) >= 5 && strncmp(a, b, 5) == 0;
}

static bool is_code(const char *code) {
  size_t length = code != NULL ? strlen(code) : 0;
  return (length == 5 || length == 6) && strspn(code, "0123456789") == length;
}

/* What all rows of a kind that are used say about the municipality; nothing when they differ. */
static void find_municipality(ky_findings *findings, ky_file_kind kind) {
  const char *code = NULL, *name = NULL;
  for (uint32_t i = 0; i < findings->count; i++) {
    const ky_recognised *file = &findings->rows[i].file;
    if (file->kind != kind || findings->rows[i].use != KY_USE_ROLE || file->municipality_count == 0) continue;
    if (file->municipality_count > 1 || (code != NULL && !is_same_code(code, file->municipality_code))) return;
    if (code == NULL && is_code(file->municipality_code)) code = file->municipality_code;
    if (name == NULL) name = file->municipality_name;
  }
  if (findings->municipality_code == NULL) findings->municipality_code = code;
  if (findings->municipality_name == NULL) findings->municipality_name = name;
}

/* Of several borders, the one of the municipality that the list of venues names. */
static void choose_border(ky_findings *findings) {
  uint32_t same = 0;
  if (ky_findings_count(findings, KY_ROLE_BORDER, KY_USE_ROLE) < 2) return;
  for (uint32_t i = 0; i < findings->count; i++) {
    const ky_found *row = &findings->rows[i];
    same += row->use == KY_USE_ROLE && row->file.kind == KY_FILE_BORDER &&
            is_same_code(row->file.municipality_code, findings->municipality_code);
  }
  if (same != 1) {
    offer_all(findings, KY_ROLE_BORDER, ky_tr("there are several borders: keep the one of the municipality"));
    return;
  }
  for (uint32_t i = 0; i < findings->count; i++) {
    ky_found *row = &findings->rows[i];
    if (row->use != KY_USE_ROLE || row->file.kind != KY_FILE_BORDER) continue;
    if (is_same_code(row->file.municipality_code, findings->municipality_code)) continue;
    row->use = KY_USE_OFFER;
    row->reason = ky_tr("the border of another municipality than the one that the list of venues names");
  }
}

/* The only row of a kind; NULL when there is none or several. */
static ky_found *only_row(ky_findings *findings, ky_file_kind kind) {
  ky_found *only = NULL;
  for (uint32_t i = 0; i < findings->count; i++) {
    ky_found *row = &findings->rows[i];
    if (row->file.kind != kind || row->use != KY_USE_OFFER) continue;
    if (only != NULL) return NULL;
    only = row;
  }
  return only;
}

/* One file of small areas and one table of their zones are the zones, where nothing else is. */
static void choose_lookup(ky_findings *findings) {
  ky_found *areas = only_row(findings, KY_FILE_SMALL_AREAS), *lookup = only_row(findings, KY_FILE_ZONE_LOOKUP);
  if (areas == NULL || lookup == NULL || ky_findings_count(findings, KY_ROLE_ZONES, KY_USE_ROLE) != 0) return;
  areas->use = lookup->use = KY_USE_ROLE;
  areas->reason = lookup->reason = NULL;
}

const ky_found *ky_findings_workbook(const ky_findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++)
    if (findings->rows[i].use == KY_USE_ROLE && findings->rows[i].file.kind == KY_FILE_WORKBOOK)
      return &findings->rows[i];
  return NULL;
}

/* One workbook is used; of several, somebody says which. */
static void choose_workbook(ky_findings *findings) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < findings->count; i++)
    count += findings->rows[i].use == KY_USE_ROLE && findings->rows[i].file.kind == KY_FILE_WORKBOOK;
  for (uint32_t i = 0; i < findings->count && count > 1; i++) {
    ky_found *row = &findings->rows[i];
    if (row->use != KY_USE_ROLE || row->file.kind != KY_FILE_WORKBOOK) continue;
    row->use = KY_USE_OFFER;
    row->reason =
        ky_tr("there are several workbooks: bring them together in one, or write the right one behind workbook:");
  }
}

void ky_findings_choose(ky_findings *findings) {
  for (uint32_t i = 0; i < findings->count; i++) ky_finding_settle(&findings->rows[i]);
  if (!are_one_census(findings))
    offer_all(findings, KY_ROLE_RESIDENTS,
              ky_tr("there are several census grids, perhaps of the same people: keep one table and cell size"));
  if (ky_findings_count(findings, KY_ROLE_ZONES, KY_USE_ROLE) > 1)
    offer_all(findings, KY_ROLE_ZONES, ky_tr("there are several files of zones: keep one"));
  if (ky_findings_count(findings, KY_ROLE_YEARS, KY_USE_ROLE) > 1)
    offer_all(findings, KY_ROLE_YEARS,
              ky_tr("there are several projected grids, perhaps of the same people: keep one edition and cell size"));
  if (ky_findings_count(findings, KY_ROLE_ROADS, KY_USE_ROLE) > 1)
    offer_all(findings, KY_ROLE_ROADS,
              ky_tr("there are several road files: keep those that do not repeat the same streets"));
  if (ky_findings_count(findings, KY_ROLE_BUILDINGS, KY_USE_ROLE) > 1)
    offer_all(findings, KY_ROLE_BUILDINGS,
              ky_tr("there are several files of buildings: keep those that do not repeat the same buildings"));
  choose_lookup(findings);
  choose_workbook(findings);
  find_municipality(findings, KY_FILE_VENUES);
  choose_border(findings);
  find_municipality(findings, KY_FILE_BORDER);
}
