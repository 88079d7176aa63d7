/* Notes out of an OpenDocument spreadsheet: see sheet_ods.h. */
#include "io/sheet_ods.h"

#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>

#define MEDIA_TYPE "application/vnd.oasis.opendocument.spreadsheet"
#define NOTE       "<office:annotation"
#define NOTE_END   "</office:annotation>"

/* content.xml of the file, malloc, with a final NUL; NULL: not there, or memory is out. */
static char *load_content(ky_job *job, const char *ods, size_t *size) {
  const char *path = ky_format(&job->scratch, "/vsizip/%s/content.xml", ods);
  VSIStatBufL status;
  if (path == NULL || VSIStatL(path, &status) != 0 || status.st_size <= 0) return NULL;
  VSILFILE *file = VSIFOpenL(path, "rb");
  if (file == NULL) return NULL;
  *size = (size_t)status.st_size;
  char *text = malloc(*size + 1);
  if (text != NULL) {
    *size = VSIFReadL(text, 1, *size, file);
    text[*size] = '\0';
  }
  VSIFCloseL(file);
  return text;
}

/* Takes out every note in place; returns the new size. A note that never ends stays. */
static size_t take_out(char *text, size_t size) {
  char *to = text, *from = text;
  const char *const end = text + size;
  for (char *note; (note = strstr(from, NOTE)) != NULL;) {
    char *after = strchr(note, '>');
    if (after != NULL && after[-1] != '/') {
      after = strstr(note, NOTE_END);
      if (after != NULL) after += sizeof NOTE_END - 2;
    }
    if (after == NULL) break;
    memmove(to, from, (size_t)(note - from));
    to += note - from;
    from = after + 1;
  }
  memmove(to, from, (size_t)(end - from));
  return (size_t)(to - text) + (size_t)(end - from);
}

static bool add_member(ky_job *job, const char *zip, const char *name, const char *bytes, size_t size) {
  const char *path = ky_format(&job->scratch, "/vsizip/{%s}/%s", zip, name);
  VSILFILE *file = path != NULL ? VSIFOpenL(path, "wb") : NULL;
  if (file == NULL) return false;
  const bool is_written = VSIFWriteL(bytes, 1, size, file) == size;
  return VSIFCloseL(file) == 0 && is_written;
}

ky_err ky_ods_without_notes(ky_job *job, const char *ods, const char *plain, bool *is_made) {
  size_t size = 0;
  *is_made = false;
  char *content = load_content(job, ods, &size);
  if (content == NULL) return KY_OK; /* GDAL will say what is wrong with the file */
  if (strstr(content, NOTE) != NULL) {
    size = take_out(content, size);
    *is_made = add_member(job, plain, "mimetype", MEDIA_TYPE, sizeof MEDIA_TYPE - 1) &&
               add_member(job, plain, "content.xml", content, size);
    if (!*is_made) ky_fail_memory(job);
  }
  free(content);
  return job->err;
}
