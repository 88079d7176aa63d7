/* Tables of a GTFS zip: see gtfs_table.h. A chunk is read, cut after its last whole row, and the rest of it goes before
 * the next chunk. */
#include "io/gtfs_table.h"

#include <cpl_vsi.h>
#include <string.h>

#include "io/gdal_log.h"

#define CHUNK ((size_t)1 << 20) /* no row may be longer */

bool ky_gtfs_has(const ky_gtfs *gtfs, const char *file) {
  VSIStatBufL status;
  const char *path = ky_format(&gtfs->job->scratch, "%s/%s", gtfs->folder, file);
  return path != NULL && VSIStatL(path, &status) == 0;
}

ky_err ky_gtfs_open(ky_job *job, const ky_source *source, const char *root, ky_gtfs *out) {
  ky_gdal_log log = {0};
  *out = (ky_gtfs){.job = job, .source = source, .where = ky_source_where(job, source), .folder = root};
  KY_NEW(job, scratch, out->buffer, CHUNK + 1);
  if (source->encoding != NULL) {
    out->decoder.name = ky_encoding_name(&job->keep, source->encoding);
    if (out->decoder.name == NULL || !ky_encoding_is_cuttable(out->decoder.name))
      return ky_fail(job, KY_E_CONFIG,
                     ky_tr("%s: encoding: \"%s\" cannot be one of a GTFS feed; leave it out or write UTF-8"),
                     source->name, source->encoding);
  }
  ky_gdal_log_open(&log);
  char **members = VSIReadDir(root);
  for (int m = 0; members != NULL && members[m] != NULL && !ky_gtfs_has(out, "stops.txt"); m++) {
    const char *folder = ky_format(&job->scratch, "%s/%s", root, members[m]);
    const ky_gtfs inner = {.job = job, .folder = folder};
    if (folder != NULL && strncmp(members[m], "__MACOSX", 8) != 0 && ky_gtfs_has(&inner, "stops.txt"))
      out->folder = folder;
  }
  for (int m = 0; members != NULL && members[m] != NULL; m++) VSIFree(members[m]);
  VSIFree(members);
  ky_gdal_log_close();
  return KY_OK;
}

/* Bytes up to the end of the last whole row, by the rules of ky_delimited_next; 0 when no row ends here. */
static size_t whole_rows(const char *text, size_t length) {
  enum { FIELD_START, PLAIN, QUOTED } state = FIELD_START;
  size_t end = 0;
  for (size_t i = 0; i < length; i++) {
    const char c = text[i];
    if (state == QUOTED) {
      if (c != '"') continue;
      if (i + 1 < length && text[i + 1] == '"')
        i++;
      else
        state = PLAIN;
    } else if (c == '\n' || (c == '\r' && i + 1 < length && text[i + 1] != '\n')) {
      end = i + 1;
      state = FIELD_START;
    } else if (c == ',') {
      state = FIELD_START;
    } else {
      state = state == FIELD_START && c == '"' ? QUOTED : PLAIN;
    }
  }
  return end;
}

/* A file while it is read. */
typedef struct reading {
  ky_gtfs *gtfs;
  const char *file;
  const ky_gtfs_column *columns;
  uint32_t count;
  ky_gtfs_take take;
  void *user;
  uint32_t field[KY_GTFS_COLUMNS_MAX]; /* of each column; KY_NONE */
  bool has_header;
  ky_delimited rows;
} reading;

static void trim(const char **text, size_t *length) {
  while (*length > 0 && (unsigned char)**text <= ' ') ++*text, --*length;
  while (*length > 0 && (unsigned char)(*text)[*length - 1] <= ' ') --*length;
}

static ky_err take_header(reading *r) {
  const ky_source *source = r->gtfs->source;
  for (uint32_t c = 0; c < r->count; c++) {
    r->field[c] = KY_NONE;
    for (uint32_t f = 0; f < r->rows.field_count && f < KY_FIELDS_MAX && r->field[c] == KY_NONE; f++) {
      const char *name = r->rows.field[f];
      size_t length = r->rows.length[f];
      trim(&name, &length);
      if (strlen(r->columns[c].name) == length && memcmp(name, r->columns[c].name, length) == 0) r->field[c] = f;
    }
    if (r->field[c] == KY_NONE && r->columns[c].is_required)
      return ky_fail(r->gtfs->job, KY_E_INPUT,
                     ky_tr("%s %s: %s has no column %s, which GTFS requires; ask the publisher of the feed"),
                     source->name, source->shown, r->file, r->columns[c].name);
  }
  r->has_header = true;
  return KY_OK;
}

static ky_err take_rows(reading *r, char *text, size_t length) {
  r->rows.at = text;
  r->rows.end = text + length;
  while (ky_delimited_next(&r->rows)) {
    ky_gtfs_row row = {.file = r->file, .number = r->rows.row};
    if (r->rows.is_blank) continue;
    if (!r->has_header) {
      KY_TRY(take_header(r));
      continue;
    }
    for (uint32_t c = 0; c < r->count; c++) {
      row.field[c] = "";
      if (r->field[c] >= r->rows.field_count || r->field[c] >= KY_FIELDS_MAX) continue; /* KY_NONE is neither */
      row.field[c] = r->rows.field[r->field[c]];
      row.length[c] = r->rows.length[r->field[c]];
      trim(&row.field[c], &row.length[c]);
    }
    KY_TRY(r->take(r->user, &row));
  }
  return KY_OK;
}

static ky_err read_chunks(reading *r, VSILFILE *handle) {
  ky_gtfs *gtfs = r->gtfs;
  char *buffer = gtfs->buffer;
  size_t used = 0;
  for (bool is_first = true, is_last = false; !is_last; is_first = false) {
    size_t n = VSIFReadL(buffer + used, 1, CHUNK - used, handle), skip = 0;
    is_last = n < CHUNK - used;
    if (memchr(buffer + used, '\0', n) != NULL)
      return ky_fail(gtfs->job, KY_E_INPUT,
                     ky_tr("%s %s: %s is not text in UTF-8 (it holds zero bytes); ask the publisher of the feed"),
                     gtfs->source->name, gtfs->source->shown, r->file);
    used += n;
    if (is_first && used >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) skip = 3;
    const size_t end = is_last ? used : skip + whole_rows(buffer + skip, used - skip);
    if (end == skip && !is_last)
      return ky_fail(gtfs->job, KY_E_INPUT,
                     ky_tr("%s %s: %s, row %llu is longer than 1 MB; is a quote (\") never closed?"),
                     gtfs->source->name, gtfs->source->shown, r->file, (unsigned long long)r->rows.row + 1);
    KY_TRY(take_rows(r, buffer + skip, end - skip));
    memmove(buffer, buffer + end, used - end);
    used -= end;
  }
  if (!r->rows.is_unclosed) return KY_OK;
  return ky_fail(gtfs->job, KY_E_INPUT, ky_tr("%s %s: %s, row %llu: a quote (\") is opened and never closed"),
                 gtfs->source->name, gtfs->source->shown, r->file, (unsigned long long)r->rows.row);
}

ky_err ky_gtfs_each(ky_gtfs *gtfs, const char *file, bool is_required, const ky_gtfs_column *columns, uint32_t count,
                    ky_gtfs_take take, void *user) {
  ky_gdal_log log = {0};
  ky_err err = KY_OK;
  const ky_source *source = gtfs->source;
  reading r = {.gtfs = gtfs,
               .file = file,
               .columns = columns,
               .count = count,
               .take = take,
               .user = user,
               .rows = {.separator = ','}};
  const char *path = ky_format(&gtfs->job->scratch, "%s/%s", gtfs->folder, file);
  KY_NEW(gtfs->job, scratch, r.rows.field, KY_FIELDS_MAX);
  KY_NEW(gtfs->job, scratch, r.rows.length, KY_FIELDS_MAX);
  if (path == NULL) return ky_fail_memory(gtfs->job);
  ky_gdal_log_open(&log);
  VSILFILE *handle = VSIFOpenL(path, "rb");
  if (handle == NULL) {
    if (is_required)
      err = ky_fail(gtfs->job, KY_E_INPUT,
                    ky_tr("%s %s: the zip holds no %s, which every GTFS feed has; ask the publisher of the feed"),
                    source->name, source->shown, file);
    goto done;
  }
  err = read_chunks(&r, handle);
  if (err == KY_OK && log.error_count != 0)
    err = ky_fail(gtfs->job, KY_E_INPUT, ky_tr("%s %s: %s cannot be read to its end: %s"), source->name, source->shown,
                  file, log.error);
  if (err == KY_OK && !r.has_header && is_required)
    err = ky_fail(gtfs->job, KY_E_INPUT, ky_tr("%s %s: %s is empty; ask the publisher of the feed"), source->name,
                  source->shown, file);
done:
  if (handle != NULL) VSIFCloseL(handle);
  ky_gdal_log_close();
  return err;
}
