/* Texts for DBF files: what the encoding can hold, cut to what a field can hold. */
#ifndef KAYOI_SHP_TEXT_H
#define KAYOI_SHP_TEXT_H

#include <kayoi/job.h>

#define KY_SHP_TEXT_MAX 254 /* bytes of a text field */

/* What was done to the texts of one column. */
typedef struct ky_shp_texts {
  uint32_t cut_count, replaced_count; /* texts */
  uint32_t longest_bytes;             /* of what is written */
  uint32_t first_replaced;            /* the character of the first of them; 0: none */
} ky_shp_texts;

typedef struct ky_shp_encoder ky_shp_encoder;

/* encoding: "CP932", "UTF-8". NULL: out of memory. */
ky_shp_encoder *ky_shp_encoder_open(const char *encoding);
void ky_shp_encoder_close(ky_shp_encoder *encoder);

/* The text as it reads when it comes back from the file, UTF-8, valid until the next call: at most KY_SHP_TEXT_MAX
 * bytes in the encoding, cut between characters; what the encoding lacks is a look-alike (〜 as ～) or 〓. */
const char *ky_shp_fit(ky_shp_encoder *encoder, const char *text, ky_shp_texts *done);

#endif
