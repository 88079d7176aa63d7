/* Places by address, from MLIT 位置参照情報: blocks (街区レベル) and towns (大字・町丁目レベル).
 *
 * An address may leave out prefecture, county, city or ward, and 2-3 may be 二丁目3番 or 2番地3. So a venue looks for
 * every reading of its address, and a record answers under every beginning that its address can have. An address
 * without a city finds records of the municipality only. */
#include <stdio.h>
#include <string.h>

#include "io/address_key.h"
#include "io/geocode.h"

static const ky_geocode_level blocks = {KY_ROLE_BLOCKS, "block", "placed_by_block", {"city", "town", "aza", "block"}};
static const ky_geocode_level towns = {KY_ROLE_TOWNS, "town", "placed_by_town", {"city", "town", NULL, NULL}};

/* Readings per venue: for each number of leading numbers in the town's name, the block with and without its branch. */
#define READINGS_MAX (2 * (KY_ADDRESS_NUMBERS + 1) + KY_ADDRESS_CUTS)

/* A 丁目 is always part of the town's name: leading numbers that must be. */
static uint32_t fewest_town_numbers(const ky_address *address) {
  for (uint32_t n = address->number_count; n > 0; n--)
    if (address->unit[n - 1] == KY_UNIT_CHOME) return n;
  return 0;
}

static ky_err add_block_readings(ky_job *job, const ky_address *address, uint32_t venue, ky_reading *out,
                                 uint32_t *count) {
  const uint32_t bytes = (uint32_t)strlen(address->area);
  for (uint32_t rank = 0; rank < 2; rank++) { /* 126-1 before 126 */
    for (uint32_t n = fewest_town_numbers(address); n < address->number_count; n++) {
      const char *town, *key;
      if (rank == 0 && n + 1 >= address->number_count) continue;
      if (!ky_address_town(&job->scratch, address, bytes, n, &town)) return ky_fail_memory(job);
      if (town == NULL) break;
      key = rank == 0 ? ky_format(&job->scratch, "%s#%u-%u", town, address->number[n], address->number[n + 1])
                      : ky_format(&job->scratch, "%s#%u", town, address->number[n]);
      if (key == NULL) return ky_fail_memory(job);
      out[(*count)++] = (ky_reading){venue, rank, key};
    }
  }
  return KY_OK;
}

/* The town as written; then, behind a 字, the town without its aza. */
static ky_err add_town_readings(ky_job *job, const ky_address *address, uint32_t venue, ky_reading *out,
                                uint32_t *count) {
  const char *key;
  for (uint32_t n = fewest_town_numbers(address); n <= address->number_count; n++) {
    if (!ky_address_town(&job->scratch, address, (uint32_t)strlen(address->area), n, &key)) return ky_fail_memory(job);
    if (key == NULL) break;
    out[(*count)++] = (ky_reading){venue, 0, key};
  }
  for (uint32_t c = address->cut_count; c > 0; c--) {
    if (!ky_address_town(&job->scratch, address, address->cut[c - 1], 0, &key)) return ky_fail_memory(job);
    out[(*count)++] = (ky_reading){venue, 1 + address->cut_count - c, key};
  }
  return KY_OK;
}

static ky_err make_readings(ky_geocoder *g, ky_role role, ky_reading *readings, uint32_t *count) {
  for (uint32_t v = 0; v < g->count; v++) {
    ky_address address;
    if (g->venue[v].coord_source != NULL || g->venue[v].address == NULL) continue;
    if (!ky_address_read(&g->job->scratch, g->venue[v].address, &address)) return ky_fail_memory(g->job);
    if (address.area[0] == '\0') continue;
    KY_TRY(role == KY_ROLE_BLOCKS ? add_block_readings(g->job, &address, v, readings, count)
                                  : add_town_readings(g->job, &address, v, readings, count));
  }
  return KY_OK;
}

/* What can stand before a town's name, and the town with and without its aza. */
#define SPELLINGS_MAX 20
#define MEMORY_BYTES  ((size_t)1 << 19)

typedef struct town_keys {
  ky_arena memory;                            /* of the newest towns */
  const char *prefecture, *city, *town, *aza; /* as given, NULL where missing */
  bool is_made;
  uint32_t count;
  const char *key[SPELLINGS_MAX];
  bool names_city[SPELLINGS_MAX];
} town_keys;

/* 上益城郡益城町 is 益城町 too; 熊本市中央区 is 熊本市, and 中央区 where the city is understood. */
static uint32_t city_forms(ky_arena *memory, const char *city, const char **form, bool *names_city) {
  static const char county[] = "郡", town[] = "町", village[] = "村", city_word[] = "市", ward[] = "区";
  const size_t length = strlen(city);
  uint32_t count = 0;
  form[count] = "";
  names_city[count++] = false;
  if (length == 0) return count;
  form[count] = city;
  names_city[count++] = true;
  if (length < 6) return count;
  const char *last = city + length - 3, *cut = strstr(city, county);
  if (cut != NULL && cut != city && cut + 3 < last && (strcmp(last, town) == 0 || strcmp(last, village) == 0)) {
    form[count] = cut + 3;
    names_city[count++] = true;
  }
  cut = strlen(city) > 3 ? strstr(city + 3, city_word) : NULL;
  if (cut != NULL && cut + 3 < last && strcmp(last, ward) == 0) {
    form[count] = ky_arena_text(memory, city, (size_t)(cut + 3 - city));
    names_city[count++] = true;
    form[count] = cut + 3;
    names_city[count++] = false;
  }
  return count;
}

static bool is_same(const char *a, const char *b) {
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static const char *folded(ky_arena *memory, const char *text) {
  ky_address address;
  if (text == NULL) return "";
  return ky_address_read(memory, text, &address) ? address.area : NULL;
}

/* Every spelling of the town's key; false: memory is out. */
static bool spell_town(town_keys *keys, const char *tail) {
  const char *prefecture = folded(&keys->memory, keys->prefecture), *city = folded(&keys->memory, keys->city);
  const char *form[5];
  bool names_city[5];
  if (prefecture == NULL || city == NULL) return false;
  uint32_t count = city_forms(&keys->memory, city, form, names_city);
  for (uint32_t f = 0; f < count; f++) {
    for (int with = 0; with < 2; with++) {
      if (form[f] == NULL) return false;
      if (with == 1 && prefecture[0] == '\0') continue;
      const char *key = ky_format(&keys->memory, "%s%s%s", with == 1 ? prefecture : "", form[f], tail);
      if (key == NULL) return false;
      keys->key[keys->count] = key;
      keys->names_city[keys->count++] = names_city[f];
    }
  }
  return true;
}

/* The town's own part of the key; NULL when it has none. False: memory is out. */
static bool town_tail(ky_arena *memory, const char *text, const char **tail) {
  ky_address address;
  *tail = NULL;
  if (!ky_address_read(memory, text, &address)) return false;
  if (address.area[0] == '\0') return true;
  return ky_address_town(memory, &address, (uint32_t)strlen(address.area), address.number_count, tail);
}

/* The town's keys, with its aza and, because addresses leave out 小字 and 通称, without. False: memory is out. */
static bool spell_all(town_keys *keys) {
  const char *plain, *whole = NULL, *text;
  if (!town_tail(&keys->memory, keys->town, &plain)) return false;
  if (plain != NULL && !spell_town(keys, plain)) return false;
  if (keys->aza == NULL) return true;
  text = ky_format(&keys->memory, "%s字%s", keys->town, keys->aza);
  if (text == NULL || !town_tail(&keys->memory, text, &whole)) return false;
  return whole == NULL || (plain != NULL && strcmp(plain, whole) == 0) || spell_town(keys, whole);
}

/* Keys of the record's town; those of the record before are kept when it is the same, as in files sorted by town. Only
 * keys that a venue may look for stay. */
static ky_err update_town(ky_job *job, const ky_raw *raw, uint32_t i, const ky_wanted *wanted, town_keys *keys) {
  const char *prefecture = ky_raw_value(raw, "prefecture", i), *city = ky_raw_value(raw, "city", i);
  const char *town = ky_raw_value(raw, "town", i), *aza = ky_raw_value(raw, "aza", i);
  if (keys->is_made && is_same(keys->prefecture, prefecture) && is_same(keys->city, city) &&
      is_same(keys->town, town) && is_same(keys->aza, aza))
    return KY_OK;
  if (keys->memory.used_bytes > MEMORY_BYTES) ky_arena_reset(&keys->memory);
  *keys = (town_keys){
      .memory = keys->memory, .prefecture = prefecture, .city = city, .town = town, .aza = aza, .is_made = true};
  if (town != NULL && !spell_all(keys)) return ky_fail_memory(job);
  uint32_t kept = 0;
  for (uint32_t k = 0; k < keys->count; k++) {
    if (!ky_wanted_begins(wanted, keys->key[k])) continue;
    keys->key[kept] = keys->key[k];
    keys->names_city[kept++] = keys->names_city[k];
  }
  keys->count = kept;
  return KY_OK;
}

/* "#126" or "#126-1" of a block; empty for what is no number. False: memory is out. */
static bool block_tail(ky_arena *memory, const char *block, char *tail, size_t size) {
  ky_address address;
  tail[0] = '\0';
  if (block == NULL) return true;
  if (!ky_address_read(memory, block, &address)) return false;
  if (address.area[0] != '\0' || address.number_count == 0) return true;
  if (address.number_count == 1)
    snprintf(tail, size, "#%u", address.number[0]);
  else
    snprintf(tail, size, "#%u-%u", address.number[0], address.number[1]);
  return true;
}

static ky_err add_record(ky_geocoder *g, const ky_raw *raw, uint32_t i, const town_keys *keys, ky_arena *memory,
                         ky_wanted *wanted) {
  const bool is_block = raw->source->role == KY_ROLE_BLOCKS;
  const char *flag = is_block ? ky_raw_value(raw, "representative", i) : NULL;
  char tail[32] = "";
  double x, y;
  if (keys->count == 0 || !ky_raw_place(raw, i, &x, &y)) return KY_OK;
  if (is_block && !block_tail(memory, ky_raw_value(raw, "block", i), tail, sizeof tail)) return ky_fail_memory(g->job);
  if (is_block && tail[0] == '\0') return KY_OK;
  const int slot = flag != NULL && strcmp(flag, "0") == 0;
  for (uint32_t k = 0; k < keys->count; k++) {
    const char *key = ky_format(memory, "%s%s", keys->key[k], tail);
    if (key == NULL) return ky_fail_memory(g->job);
    const uint32_t found = ky_wanted_find(wanted, key);
    if (found != KY_NONE && (keys->names_city[k] || ky_home_has(&g->home, x, y)))
      ky_found_add(&wanted->found[slot][found], raw, i, x, y);
  }
  return KY_OK;
}

static ky_err add_source(ky_geocoder *g, const ky_raw *raw, ky_wanted *wanted) {
  town_keys keys = {0};
  ky_arena memory = {0};
  ky_err err = KY_OK;
  for (uint32_t i = 0; i < raw->count && err == KY_OK; i++) {
    err = update_town(g->job, raw, i, wanted, &keys);
    if (err == KY_OK) err = add_record(g, raw, i, &keys, &memory, wanted);
    if (memory.used_bytes > MEMORY_BYTES) ky_arena_reset(&memory);
  }
  ky_arena_free(&memory);
  ky_arena_free(&keys.memory);
  return err;
}

ky_err ky_geocode_addresses(ky_geocoder *g, ky_role role) {
  ky_reading *readings;
  ky_wanted wanted;
  uint32_t count = 0;
  if (g->count == 0 || !ky_geocoder_has(g, role)) return KY_OK;
  KY_NEW(g->job, scratch, readings, (size_t)g->count * READINGS_MAX);
  KY_TRY(make_readings(g, role, readings, &count));
  KY_TRY(ky_wanted_new(g->job, readings, count, &wanted));
  for (uint32_t r = 0; r < g->raw_count; r++)
    if (g->raws[r].source->role == role) KY_TRY(add_source(g, &g->raws[r], &wanted));
  return ky_geocode_settle(g, role == KY_ROLE_BLOCKS ? &blocks : &towns, readings, count, &wanted);
}
