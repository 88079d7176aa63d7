/* Encodings of text: names, strict decoding, what a text is when nobody says. Output is always valid UTF-8. */
#ifndef KAYOI_ENCODING_H
#define KAYOI_ENCODING_H

#include <kayoi/job.h>

/* Strict: no overlong forms, no surrogates, nothing above U+10FFFF, no NUL. */
bool ky_utf8_valid(const char *text, size_t length);

/* The one name of an encoding: Shift_JIS, SJIS, MS932, 932 are "CP932" (what Japanese files called Shift_JIS hold),
 * utf8 and 65001 are "UTF-8", the rest as given. NULL when iconv knows no such encoding. */
const char *ky_encoding_name(ky_arena *arena, const char *name);
/* Can bytes be cut at commas, quotes and line ends before they are decoded? False for UTF-16, ISO-2022 and UTF-7. */
bool ky_encoding_is_cuttable(const char *name);

typedef enum ky_decoded { KY_DECODED, KY_DECODED_BAD, KY_DECODED_NO_MEMORY } ky_decoded;

/* Decodes all bytes or nothing. name: from ky_encoding_name. *out is in the arena. */
ky_decoded ky_decode(ky_arena *arena, const char *name, const char *bytes, size_t length, char **out);

/* Do all the bytes decode? Needs no memory for the result. */
bool ky_can_decode(const char *name, const char *bytes, size_t length);

/* How the texts of one source are read: by the encoding declared, else strict UTF-8 and then CP932. */
typedef struct ky_decoder {
  const char *name;                            /* NULL: nobody says */
  uint64_t utf8_count, cp932_count, bad_count; /* texts with non-ASCII bytes, by what they were */
  uint64_t foreign_count;                      /* texts that the declared encoding decoded, with non-ASCII bytes */
  uint64_t like_utf8_count, like_cp932_count;  /* of them those that are Japanese text in another encoding as well */
} ky_decoder;

/* One text, trimmed of white space at both ends (full-width too); *out NULL when it is blank. KY_DECODED_BAD: *out is
 * an escaped form of the bytes (\xHH) for messages. */
ky_decoded ky_decoder_text(ky_decoder *decoder, ky_arena *arena, const char *bytes, size_t length, const char **out);
/* The encoding that the texts are more likely in than in the declared one ("UTF-8", "CP932"); NULL: no doubt. */
const char *ky_decoder_doubt(const ky_decoder *decoder);
/* "UTF-8", "CP932", "UTF-8, CP932" for what was met; the declared one if any. */
const char *ky_decoder_met(const ky_decoder *decoder);

#endif
