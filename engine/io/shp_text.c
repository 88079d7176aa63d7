/* Texts for DBF files: see shp_text.h. */
#include "io/shp_text.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#define INSTEAD     "\xE3\x80\x93" /* 〓, what Japanese printers set for a type they lack */
#define INSTEAD_932 2              /* its bytes in CP932 */
#define BYTES_MAX   8              /* of a character, in any encoding */

struct ky_shp_encoder {
  iconv_t to, back; /* (iconv_t)-1: UTF-8, as it is */
  char text[3 * KY_SHP_TEXT_MAX + BYTES_MAX];
};

ky_shp_encoder *ky_shp_encoder_open(const char *encoding) {
  ky_shp_encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) return NULL;
  encoder->to = encoder->back = (iconv_t)-1;
  if (strcmp(encoding, "UTF-8") == 0) return encoder;
  encoder->to = iconv_open(encoding, "UTF-8");
  encoder->back = iconv_open("UTF-8", encoding);
  if (encoder->to != (iconv_t)-1 && encoder->back != (iconv_t)-1) return encoder;
  ky_shp_encoder_close(encoder);
  return NULL;
}

void ky_shp_encoder_close(ky_shp_encoder *encoder) {
  if (encoder == NULL) return;
  if (encoder->to != (iconv_t)-1) iconv_close(encoder->to);
  if (encoder->back != (iconv_t)-1) iconv_close(encoder->back);
  free(encoder);
}

/* Bytes written, 0: not possible. */
static size_t convert(iconv_t handle, const char *from, size_t length, char out[BYTES_MAX]) {
  char *source = (char *)(uintptr_t)from, *target = out;
  size_t left = length, room = BYTES_MAX;
  iconv(handle, NULL, NULL, NULL, NULL);
  if (iconv(handle, &source, &left, &target, &room) != 0 || left != 0) return 0;
  return (size_t)(target - out);
}

/* One character: its bytes in the file, and in `text` as it reads from there. */
static size_t put_character(ky_shp_encoder *encoder, const char *from, size_t length, char text[BYTES_MAX],
                            size_t *text_length, bool *is_replaced) {
  char bytes[BYTES_MAX];
  *is_replaced = false;
  *text_length = length;
  memcpy(text, from, length);
  if (encoder->to == (iconv_t)-1 || (length == 1 && (unsigned char)from[0] < 0x80)) return length;
  const size_t count = convert(encoder->to, from, length, bytes);
  *text_length = count != 0 ? convert(encoder->back, bytes, count, text) : 0;
  *is_replaced = *text_length != length || memcmp(text, from, length) != 0;
  if (*text_length != 0) return count;
  *text_length = strlen(INSTEAD);
  memcpy(text, INSTEAD, *text_length);
  return INSTEAD_932;
}

const char *ky_shp_fit(ky_shp_encoder *encoder, const char *text, ky_shp_texts *done) {
  const size_t length = strlen(text);
  size_t used = 0, bytes = 0;
  bool has_replaced = false;
  for (size_t i = 0; i < length;) {
    ucs4_t character;
    const int from = u8_mbtouc(&character, (const uint8_t *)text + i, length - i);
    char put[BYTES_MAX];
    size_t put_length;
    bool is_replaced;
    const size_t more = put_character(encoder, text + i, (size_t)from, put, &put_length, &is_replaced);
    if (bytes + more > KY_SHP_TEXT_MAX) {
      done->cut_count++;
      break;
    }
    if (is_replaced && done->first_replaced == 0) done->first_replaced = character;
    has_replaced |= is_replaced;
    memcpy(encoder->text + used, put, put_length);
    used += put_length;
    bytes += more;
    i += (size_t)from;
  }
  encoder->text[used] = '\0';
  done->replaced_count += has_replaced;
  if (bytes > done->longest_bytes) done->longest_bytes = (uint32_t)bytes;
  return encoder->text;
}
