/* Spreadsheets: a sheet becomes a text table and is read like one. */
#include "io/reader.h"
#include "io/sheet.h"

extern const ky_reader ky_reader_csv;

static int recognise(const ky_source *source, const char *vsi_path) {
  (void)source;
  return ky_is_sheet(vsi_path) ? 70 : 0;
}

static ky_err read_source(ky_job *job, const ky_source *source, const char *vsi_path, ky_raw *out) {
  const char *csv_path = NULL, *format = NULL;
  ky_source *as_text; /* the same source, but its text is UTF-8 whatever the config says of the file */
  KY_NEW(job, keep, as_text, 1);
  *as_text = *source;
  as_text->encoding = NULL;
  ky_err err = ky_sheet_to_csv(job, source, vsi_path, &csv_path, &format);
  if (err == KY_OK) err = ky_reader_csv.read(job, as_text, csv_path, out);
  ky_sheet_release(csv_path);
  if (err != KY_OK) return err;
  out->source = source;
  out->format = format;
  out->encoding = NULL;
  out->dialect.separator = 0; /* of the text made from the sheet */
  out->dialect.is_sheet = true;
  return KY_OK;
}

const ky_reader ky_reader_sheet = {.name = "sheet",
                                   .help = KY_MSG("spreadsheet: .xlsx, .ods; layer: names the sheet"),
                                   .recognise = recognise,
                                   .read = read_source};
