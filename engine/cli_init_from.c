/* kayoi init DIR --from FOLDER. */
#include "cli_init_from.h"

#include <stdlib.h>
#include <string.h>

#include "cli_init.h"
#include "cli_text.h"

ky_err ky_init_from(ky_job *job, const char *dir, const char *folder, ky_findings *findings) {
  ky_init_file file;
  KY_TRY(ky_findings_walk(job, folder, "", findings));
  KY_TRY(ky_findings_recognise(job, findings));
  ky_findings_choose(findings);
  KY_TRY(ky_init_open(job, dir, &file));
  ky_err err = ky_findings_write(job, dir, folder, findings, file.stream);
  if (err == KY_OK && ky_findings_workbook(findings) == NULL) err = ky_init_workbook(job, dir);
  return ky_init_close(job, &file, err);
}

static void show_row(FILE *out, const ky_found *row) {
  const ky_recognised *file = &row->file;
  fprintf(out, "  %s", row->shown);
  if (row->layer != NULL) fprintf(out, " [%s]", row->layer);
  if (file->kind != KY_FILE_UNKNOWN) {
    fprintf(out, ": %s", ky_tr(ky_file_info_get(file->kind)->text));
    if (file->edition != NULL) fprintf(out, " (%s)", file->edition);
    if (file->count != KY_NONE) fprintf(out, ky_tr(", %s records"), ky_show_count(file->count).text);
  }
  fputc('\n', out);
  if (row->reason != NULL) fprintf(out, "      -> %s\n", row->reason);
}

static void show_rows(FILE *out, const ky_findings *findings, ky_file_use use, const char *title) {
  bool is_titled = false;
  for (uint32_t i = 0; i < findings->count; i++) {
    if (findings->rows[i].use != use) continue;
    if (!is_titled) fprintf(out, "%s\n", title);
    is_titled = true;
    show_row(out, &findings->rows[i]);
  }
}

static void show_needed(FILE *out, const ky_findings *findings) {
  static const struct {
    ky_role role;
    const char *text;
  } needed[] = {{KY_ROLE_RESIDENTS, KY_MSG("residents (where people live)")}, {KY_ROLE_ROADS, KY_MSG("roads")}};
  const bool has_area = ky_findings_count(findings, KY_ROLE_ZONES, KY_USE_ROLE) +
                            ky_findings_count(findings, KY_ROLE_BORDER, KY_USE_ROLE) >
                        0;
  bool is_complete = has_area && findings->municipality_name != NULL;
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    is_complete = is_complete && ky_findings_count(findings, needed[i].role, KY_USE_ROLE) > 0;
  if (is_complete) return;
  fprintf(out, "%s\n", ky_tr("Still to be written into kayoi.yaml (kayoi help data says where to get it):"));
  if (findings->municipality_name == NULL) fprintf(out, "  %s\n", ky_tr("the name of the municipality"));
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
    if (ky_findings_count(findings, needed[i].role, KY_USE_ROLE) == 0) fprintf(out, "  %s\n", ky_tr(needed[i].text));
  if (!has_area) fprintf(out, "  %s\n", ky_tr("zones, or the border of the municipality"));
}

void ky_findings_report(FILE *out, const ky_findings *findings) {
  show_rows(out, findings, KY_USE_ROLE, ky_tr("Used:"));
  show_rows(out, findings, KY_USE_OFFER,
            ky_tr("To be decided (behind # in kayoi.yaml; delete the # of those that are meant):"));
  show_rows(out, findings, KY_USE_NONE, ky_tr("Not used:"));
  show_needed(out, findings);
}
