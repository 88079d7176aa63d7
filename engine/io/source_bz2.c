/* bzip2: see source_bz2.h. A file may hold several streams one after the other, as parallel packers write it. */
#include "io/source_bz2.h"

#include <bzlib.h>
#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/source_file.h"

#define FOLDER       "/vsimem/kayoi-bz2/"
#define UNPACKED_MAX ((size_t)2 << 30)
#define FIRST        ((size_t)1 << 20)
#define CHUNK        65536

/* What is unpacked so far; GDAL's memory, because GDAL frees it. */
typedef struct unpacked {
  char *bytes;
  size_t length, capacity;
} unpacked;

typedef enum outcome { DONE, DAMAGED, CUT_OFF, TOO_LARGE, NO_MEMORY, UNREADABLE } outcome;

static outcome grow(unpacked *out) {
  if (out->length < out->capacity) return DONE;
  if (out->capacity >= UNPACKED_MAX) return TOO_LARGE;
  size_t capacity = out->capacity == 0 ? FIRST : out->capacity * 2;
  char *larger = VSIRealloc(out->bytes, capacity);
  if (larger == NULL) return NO_MEMORY;
  out->bytes = larger;
  out->capacity = capacity;
  return DONE;
}

/* Feeds what was read to the stream; *is_open: a stream has begun and not ended. */
static outcome feed(bz_stream *stream, bool *is_open, char *bytes, size_t n, unpacked *out) {
  stream->next_in = bytes;
  stream->avail_in = (unsigned)n;
  while (stream->avail_in > 0) {
    if (!*is_open) {
      char *next_in = stream->next_in;
      unsigned left = stream->avail_in;
      memset(stream, 0, sizeof *stream);
      if (BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK) return NO_MEMORY;
      *is_open = true;
      stream->next_in = next_in;
      stream->avail_in = left;
    }
    outcome grown = grow(out);
    if (grown != DONE) return grown;
    size_t room = out->capacity - out->length;
    stream->next_out = out->bytes + out->length;
    stream->avail_out = room > UINT32_MAX / 2 ? UINT32_MAX / 2 : (unsigned)room;
    const unsigned before = stream->avail_out;
    int code = BZ2_bzDecompress(stream);
    out->length += before - stream->avail_out;
    if (code == BZ_STREAM_END) {
      BZ2_bzDecompressEnd(stream);
      *is_open = false;
    } else if (code != BZ_OK) {
      return code == BZ_MEM_ERROR ? NO_MEMORY : DAMAGED;
    }
  }
  return DONE;
}

/* Output can be waiting when all input is in. */
static outcome drain(bz_stream *stream, unpacked *out) {
  for (;;) {
    outcome grown = grow(out);
    if (grown != DONE) return grown;
    stream->next_in = NULL;
    stream->avail_in = 0;
    stream->next_out = out->bytes + out->length;
    stream->avail_out = (unsigned)(out->capacity - out->length < CHUNK ? out->capacity - out->length : CHUNK);
    const unsigned before = stream->avail_out;
    int code = BZ2_bzDecompress(stream);
    out->length += before - stream->avail_out;
    if (code == BZ_STREAM_END) return DONE;
    if (code != BZ_OK) return DAMAGED;
    if (stream->avail_out == before) return CUT_OFF;
  }
}

static outcome unpack(const char *file, unpacked *out) {
  bz_stream stream = {0};
  bool is_open = false;
  outcome end = DONE;
  char *chunk = VSIMalloc(CHUNK);
  FILE *in = chunk != NULL ? fopen(file, "rb") : NULL;
  if (chunk == NULL || in == NULL) end = chunk == NULL ? NO_MEMORY : UNREADABLE;
  for (size_t n; end == DONE && (n = fread(chunk, 1, CHUNK, in)) > 0;) end = feed(&stream, &is_open, chunk, n, out);
  if (end == DONE && ferror(in)) end = UNREADABLE;
  if (end == DONE && is_open) end = drain(&stream, out);
  if (is_open) BZ2_bzDecompressEnd(&stream);
  if (in != NULL) fclose(in);
  VSIFree(chunk);
  return end;
}

static ky_err fail(ky_job *job, const ky_source *source, outcome end) {
  const char *where = ky_source_where(job, source);
  switch (end) {
    case NO_MEMORY:
      return ky_fail_memory(job);
    case TOO_LARGE:
      return ky_fail(job, KY_E_INPUT,
                     ky_tr("%s: would unpack to more than 2 GB; use .osm.pbf, or cut it to the region"), where);
    case UNREADABLE:
      return ky_fail(job, KY_E_INPUT, ky_tr("%s: cannot be read to its end (%s)"), where, strerror(errno));
    case CUT_OFF:
      return ky_fail(job, KY_E_INPUT, ky_tr("%s: the bzip2 file ends before its end; fetch it again"), where);
    default:
      return ky_fail(job, KY_E_INPUT, ky_tr("%s: not a bzip2 file, or a damaged one; fetch it again"), where);
  }
}

ky_err ky_source_bz2_unpack(ky_job *job, const ky_source *source, const char *file, uint64_t hash,
                            const char **vsi_path) {
  unpacked out = {0};
  const char *name = ky_path_name(file);
  char *path = ky_format(&job->keep, FOLDER "%016" PRIx64 "/%s", hash, name);
  if (path == NULL) return ky_fail_memory(job);
  path[strlen(path) - strlen(".bz2")] = '\0';
  outcome end = unpack(file, &out);
  if (end != DONE) {
    VSIFree(out.bytes);
    return fail(job, source, end);
  }
  VSILFILE *memory = VSIFileFromMemBuffer(path, (GByte *)out.bytes, out.length, TRUE);
  if (memory == NULL) {
    VSIFree(out.bytes);
    return ky_fail_memory(job);
  }
  VSIFCloseL(memory);
  *vsi_path = path;
  return KY_OK;
}

void ky_source_bz2_release(const char *vsi_path) {
  if (vsi_path != NULL && strncmp(vsi_path, FOLDER, strlen(FOLDER)) == 0) VSIUnlink(vsi_path);
}
