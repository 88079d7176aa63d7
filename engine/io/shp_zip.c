/* A zip through GDAL. */
#include "io/shp_zip.h"

#include <cpl_conv.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/out_file.h"

#define CHUNK        ((size_t)1 << 16)
#define END_BYTES    22     /* of the record at the end, without a comment */
#define ENTRY_BYTES  46     /* of an entry of the directory, without its name */
#define FIRST_OF_ALL 0x0021 /* 1980-01-01, as zip files count days */

static int add_file(void *zip, const char *path, const char *name, char *chunk) {
  FILE *file = fopen(path, "rb");
  int error = file == NULL ? errno : 0;
  if (file == NULL || CPLCreateFileInZip(zip, name, NULL) != CE_None) {
    if (file != NULL) fclose(file);
    return error != 0 ? error : EIO;
  }
  for (size_t n; error == 0 && (n = fread(chunk, 1, CHUNK, file)) > 0;)
    if (CPLWriteFileInZip(zip, chunk, (int)n) != CE_None) error = errno != 0 ? errno : EIO;
  if (error == 0 && ferror(file)) error = EIO;
  if (CPLCloseFileInZip(zip) != CE_None && error == 0) error = errno != 0 ? errno : EIO;
  fclose(file);
  return error;
}

static uint32_t number(const unsigned char *bytes, int count) {
  uint32_t value = 0;
  for (int i = count - 1; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

static bool put_date(FILE *file, long at) {
  const unsigned char date[4] = {0, 0, FIRST_OF_ALL & 0xFF, FIRST_OF_ALL >> 8};
  return fseek(file, at, SEEK_SET) == 0 && fwrite(date, 1, sizeof date, file) == sizeof date;
}

/* GDAL writes month 0 and day 0, which some programs refuse: the first day that a zip file can name. */
static int set_dates(const char *path) {
  FILE *file = fopen(path, "r+b");
  unsigned char bytes[ENTRY_BYTES];
  if (file == NULL) return errno;
  bool is_good = fseek(file, -END_BYTES, SEEK_END) == 0 && fread(bytes, 1, END_BYTES, file) == END_BYTES &&
                 number(bytes, 4) == 0x06054B50;
  const uint32_t count = number(bytes + 10, 2);
  long at = (long)number(bytes + 16, 4);
  for (uint32_t e = 0; is_good && e < count; e++) {
    is_good = fseek(file, at, SEEK_SET) == 0 && fread(bytes, 1, ENTRY_BYTES, file) == ENTRY_BYTES &&
              number(bytes, 4) == 0x02014B50 && put_date(file, at + 12) &&
              put_date(file, (long)number(bytes + 42, 4) + 10);
    at += (long)(ENTRY_BYTES + number(bytes + 28, 2) + number(bytes + 30, 2) + number(bytes + 32, 2));
  }
  const int error = is_good ? 0 : ferror(file) ? EIO : EBADMSG;
  return fclose(file) != 0 && error == 0 ? errno : error;
}

ky_err ky_shp_zip(ky_job *job, const char *path, const char *folder, const char *const *names, uint32_t count) {
  char *chunk;
  int error = 0;
  KY_NEW(job, scratch, chunk, CHUNK);
  errno = 0;
  void *zip = CPLCreateZip(path, NULL);
  if (zip == NULL) return ky_out_fail(job, path, errno != 0 ? errno : EIO);
  for (uint32_t i = 0; i < count && error == 0; i++) {
    const char *file = ky_format(&job->scratch, "%s/%s", folder, names[i]);
    error = file == NULL ? ENOMEM : add_file(zip, file, names[i], chunk);
    if (file != NULL) unlink(file);
  }
  if (CPLCloseZip(zip) != CE_None && error == 0) error = errno != 0 ? errno : EIO;
  if (error == 0) error = set_dates(path);
  return error != 0 ? ky_out_fail(job, path, error) : KY_OK;
}
