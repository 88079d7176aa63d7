/* Colours of maps. */
#include "core/palette.h"

#include <string.h>

#define BLACK      0x000000u
#define ORANGE     0xE69F00u
#define SKY        0x56B4E9u
#define GREEN      0x009E73u
#define YELLOW     0xF0E442u
#define BLUE       0x0072B2u
#define VERMILLION 0xD55E00u
#define PURPLE     0xCC79A7u

uint32_t ky_palette_step(uint32_t index, uint32_t count) {
  /* viridis at tenths, from its light end */
  static const uint32_t stops[] = {0xFDE725, 0xBDDF26, 0x7AD151, 0x44BF70, 0x22A884, 0x21918C,
                                   0x2A788E, 0x355F8D, 0x414487, 0x482475, 0x440154};
  const uint32_t last = sizeof stops / sizeof *stops - 1;
  if (count < 2) return stops[last / 2];
  const uint32_t scaled = (index < count ? index : count - 1) * last, span = count - 1;
  const uint32_t below = scaled / span, part = scaled % span;
  if (part == 0) return stops[below];
  uint32_t rgb = 0;
  for (unsigned shift = 0; shift <= 16; shift += 8) {
    const uint32_t from = stops[below] >> shift & 0xFF, to = stops[below + 1] >> shift & 0xFF;
    rgb |= ((from * (span - part) + to * part + span / 2) / span) << shift;
  }
  return rgb;
}

static const ky_code_colour codes[] = {
    {"class", "new_venue", BLUE},
    {"class", "transit", GREEN},
    {"class", "mobility_support", ORANGE},
    {"class", "outreach", PURPLE},
    {"reach", "covered", SKY},
    {"reach", "beyond", BLUE},
    {"reach", "unreachable", KY_COLOUR_NO_WAY},
    {"reach", "unknown", KY_COLOUR_UNKNOWN},
    {"cause", "disconnected", BLACK},
    {"cause", "no_street_near", PURPLE},
    {"cause", "slope", VERMILLION},
    {"cause", "detour", ORANGE},
    {"cause", "no_venue", BLUE},
    {"transit", "ok", GREEN},
    {"transit", "poor", YELLOW},
    {"transit", "blank", VERMILLION},
    {"severity", "info", SKY},
    {"severity", "warning", ORANGE},
    {"severity", "error", VERMILLION},
    {"kind", "shop", ORANGE},
    {"kind", "mobile_sales", YELLOW},
    {"kind", "clinic", VERMILLION},
    {"kind", "pharmacy", PURPLE},
    {"kind", "bank", BLUE},
    {"kind", "hall", GREEN},
    {"kind", "welfare", SKY},
    {"kind", "centre", BLACK},
    {"kind", "demand_bus", BLUE},
    {"kind", "vehicle_provider", ORANGE},
    {"kind", "volunteer_group", GREEN},
    {"kind", "informal_gathering", PURPLE},
};

uint32_t ky_palette_code(const char *column, const char *code) {
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (strcmp(codes[i].column, column) == 0 && strcmp(codes[i].code, code) == 0) return codes[i].rgb;
  return KY_COLOUR_UNKNOWN;
}

const ky_code_colour *ky_palette_codes(size_t index) {
  return index < sizeof codes / sizeof *codes ? &codes[index] : NULL;
}
