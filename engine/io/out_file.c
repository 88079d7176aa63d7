/* Text files: numbers and strings as bytes, the same for every locale. */
#include "io/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

#define BUFFER_BYTES ((size_t)1 << 18)

static const char *advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ky_tr("make room there or choose another folder with --out");
    case EACCES:
    case EPERM:
    case EROFS:
      return ky_tr("allow writing there or choose another folder with --out");
    case ENOTDIR:
    case EEXIST:
      return ky_tr("remove what is in the way or choose another folder with --out");
    case EBUSY:
    case EXDEV:
      return ky_tr(
          "it is the root of a disk or in use, and a result replaces its folder as a whole: name a folder inside it "
          "with --out");
    case ENAMETOOLONG:
      return ky_tr("choose a shorter path with --out");
    default:
      return ky_tr("look at the disk or choose another folder with --out");
  }
}

ky_err ky_out_fail(ky_job *job, const char *path, int error) {
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: cannot be written: %s; the previous result is as it was; %s"), path,
                 strerror(error), advice(error));
}

ky_err ky_out_open(ky_job *job, const char *path, ky_out_file *out) {
  *out = (ky_out_file){.fd = -1, .path = path};
  KY_NEW(job, scratch, out->buffer, BUFFER_BYTES);
  out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  return out->fd < 0 ? ky_out_fail(job, path, errno) : KY_OK;
}

static void flush(ky_out_file *out) {
  for (size_t done = 0; done < out->used_bytes && out->error == 0;) {
    ssize_t n = write(out->fd, out->buffer + done, out->used_bytes - done);
    if (n >= 0)
      done += (size_t)n;
    else if (errno != EINTR)
      out->error = errno;
  }
  out->used_bytes = 0;
}

ky_err ky_out_close(ky_job *job, ky_out_file *out) {
  flush(out);
  if (out->error == 0 && fsync(out->fd) != 0 && errno != EINVAL && errno != ENOTSUP) out->error = errno;
  if (close(out->fd) != 0 && out->error == 0) out->error = errno;
  out->fd = -1;
  return out->error != 0 ? ky_out_fail(job, out->path, out->error) : KY_OK;
}

void ky_out_bytes(ky_out_file *out, const char *bytes, size_t count) {
  while (count != 0) {
    if (out->used_bytes == BUFFER_BYTES) flush(out);
    size_t room = BUFFER_BYTES - out->used_bytes, n = count < room ? count : room;
    memcpy(out->buffer + out->used_bytes, bytes, n);
    out->used_bytes += n;
    bytes += n;
    count -= n;
  }
}

void ky_out_text(ky_out_file *out, const char *text) {
  ky_out_bytes(out, text, strlen(text));
}

void ky_out_fixed(ky_out_file *out, int64_t value, uint8_t decimals) {
  char digits[40];
  size_t at = sizeof digits;
  uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
  for (uint8_t d = 0; d < decimals; d++, rest /= 10) digits[--at] = (char)('0' + rest % 10);
  if (decimals != 0) digits[--at] = '.';
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (value < 0) digits[--at] = '-';
  ky_out_bytes(out, digits + at, sizeof digits - at);
}

/* One byte that JSON wants escaped. */
static void escape(ky_out_file *out, unsigned char c) {
  static const char hex[] = "0123456789abcdef";
  const char *shorts = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (const char *s = shorts; *s != '\0'; s += 2) {
    if ((unsigned char)*s != c) continue;
    ky_out_bytes(out, (const char[2]){'\\', s[1]}, 2);
    return;
  }
  ky_out_bytes(out, (const char[6]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
}

/* What ends a script or a line of one: < > & and the line separators U+2028 and U+2029. */
static bool is_script_sign(const uint8_t *at, int length) {
  return *at == '<' || *at == '>' || *at == '&' ||
         (length == 3 && at[0] == 0xE2 && at[1] == 0x80 && at[2] >> 1 == 0x54);
}

static void put_string(ky_out_file *out, const char *text, bool is_script) {
  const uint8_t *from = (const uint8_t *)text;
  size_t left = strlen(text), plain = 0;
  ky_out_bytes(out, "\"", 1);
  while (plain < left) {
    const uint8_t c = from[plain];
    const int length = c < 0x80 ? 1 : u8_mblen(from + plain, left - plain);
    const bool is_sign = is_script && length > 0 && is_script_sign(from + plain, length);
    if (length > 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !is_sign) {
      plain += (size_t)length;
      continue;
    }
    ky_out_bytes(out, (const char *)from, plain);
    if (length <= 0)
      ky_out_text(out, "\xEF\xBF\xBD");
    else if (length == 3)
      ky_out_text(out, from[plain + 2] == 0xA8 ? "\\u2028" : "\\u2029");
    else
      escape(out, c);
    const size_t done = plain + (length == 3 ? 3 : 1);
    from += done;
    left -= done;
    plain = 0;
  }
  ky_out_bytes(out, (const char *)from, plain);
  ky_out_bytes(out, "\"", 1);
}

void ky_out_json(ky_out_file *out, const char *text) {
  put_string(out, text, false);
}

void ky_out_script(ky_out_file *out, const char *text) {
  put_string(out, text, true);
}

void ky_out_csv(ky_out_file *out, const char *text) {
  size_t length = strlen(text);
  bool is_plain = length != 0 && strpbrk(text, ",\"\r\n") == NULL && text[0] != ' ' && text[length - 1] != ' ';
  if (is_plain) {
    ky_out_bytes(out, text, length);
    return;
  }
  ky_out_bytes(out, "\"", 1);
  for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
    ky_out_bytes(out, text, (size_t)(quote - text) + 1);
    ky_out_bytes(out, "\"", 1);
  }
  ky_out_text(out, text);
  ky_out_bytes(out, "\"", 1);
}
