/* Colours of maps, in one place for QGIS, SLD and the page. What grows is viridis (S. van der Walt, N. Smith 2015),
 * what differs in kind is from Okabe and Ito (2008): both are told apart with every common kind of colour vision. */
#ifndef KAYOI_PALETTE_H
#define KAYOI_PALETTE_H

#include <stddef.h>
#include <stdint.h>

#define KY_COLOUR_NO_WAY   0x4D4D4Du /* no way on foot */
#define KY_COLOUR_UNKNOWN  0xC9C9C9u /* not known, cannot be judged */
#define KY_COLOUR_VENUE    0xD55E00u /* a venue that counts */
#define KY_COLOUR_EXCLUDED 0x7F7F7Fu /* a venue that does not */
#define KY_COLOUR_SITE     0xF0E442u /* a proposed site */
#define KY_COLOUR_LINE     0x333333u /* borders and outlines */
#define KY_COLOUR_PAPER    0xFFFFFFu

/* 0xRRGGBB of step `index` of `count` (>= 1), from light and good (near, covered) to dark and bad (far, not covered).
 */
uint32_t ky_palette_step(uint32_t index, uint32_t count);

/* The colour of a code in a column: "class", "new_venue" -> 0x0072B2; KY_COLOUR_UNKNOWN for other codes. */
uint32_t ky_palette_code(const char *column, const char *code);

/* All of them in their order, for legends; NULL behind the last. */
typedef struct ky_code_colour {
  const char *column, *code;
  uint32_t rgb;
} ky_code_colour;
const ky_code_colour *ky_palette_codes(size_t index);

#endif
