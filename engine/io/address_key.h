/* Japanese addresses and names of places as keys: what people write in many ways becomes one spelling. Keys are for
 * matching only, never shown, never stored.
 *
 * 山口県宇部市大字上町字下 二丁目三番地の４ ビル201 -> area 山口県宇部市上町下 (cut before 下), numbers 2 丁目, 3 番地,
 * 4 */
#ifndef KAYOI_ADDRESS_KEY_H
#define KAYOI_ADDRESS_KEY_H

#include <kayoi/job.h>

#define KY_ADDRESS_NUMBERS 4
#define KY_ADDRESS_CUTS    4

typedef enum ky_address_unit {
  KY_UNIT_NONE, /* a hyphen, or nothing behind the number */
  KY_UNIT_CHOME,
  KY_UNIT_BAN,
  KY_UNIT_BANCHI,
  KY_UNIT_GO
} ky_address_unit;

typedef struct ky_address {
  const char *area;                         /* what stands before the numbers, 大字 and 字 taken out */
  uint32_t cut[KY_ADDRESS_CUTS], cut_count; /* bytes of the area before which a 字 stood, ascending */
  uint32_t number[KY_ADDRESS_NUMBERS], number_count;
  ky_address_unit unit[KY_ADDRESS_NUMBERS];
} ky_address;

/* Never fails on odd text: what is no address has an area that matches nothing. False: memory is out. */
bool ky_address_read(ky_arena *arena, const char *text, ky_address *out);

/* Key of the town that the first area_bytes of the area and the first `numbers` numbers name; 常盤町|1c for
 * 常盤町一丁目. A number without a unit may be a 丁目. *out NULL when these numbers cannot be part of a town's name
 * (番地, 号). False: memory is out. */
bool ky_address_town(ky_arena *arena, const ky_address *address, uint32_t area_bytes, uint32_t numbers,
                     const char **out);

/* Name of a hall or venue as a key; the municipality's name (NULL: unknown) at its beginning is dropped. NULL when
 * memory is out. */
char *ky_name_key(ky_arena *arena, const char *name, const char *municipality);

#endif
