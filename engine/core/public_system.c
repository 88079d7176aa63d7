/* Counts and equations of the layers. A relation is written as people would: "pop_*=covered_*+beyond_*", with '*' for
 * each band and sex and '#' for each kind of people; "a>b" is a = b + a part that is never published. */
#include "core/public_system.h"

#include <stdlib.h>
#include <string.h>

static ky_err grow(ky_system *s, void **array, uint32_t size, uint32_t count, uint32_t capacity) {
  char *bigger;
  KY_NEW(s->job, scratch, bigger, (size_t)capacity * size);
  if (count != 0) memcpy(bigger, *array, (size_t)count * size);
  *array = bigger;
  return KY_OK;
}

#define GROW(s, array, count, capacity) grow(s, (void **)&(array), sizeof *(array), count, capacity)

ky_err ky_system_cell(ky_system *s, int64_t value, ky_count_state state, uint32_t loss, uint32_t *out) {
  ky_counts *c = &s->counts;
  if (c->count == s->capacity) {
    const uint32_t more = s->capacity == 0 ? 1024 : 2 * s->capacity;
    KY_TRY(GROW(s, c->value, c->count, more));
    KY_TRY(GROW(s, c->loss, c->count, more));
    KY_TRY(GROW(s, c->state, c->count, more));
    KY_TRY(GROW(s, c->stays, c->count, more));
    s->capacity = more;
  }
  c->value[c->count] = value;
  c->loss[c->count] = loss;
  c->state[c->count] = (uint8_t)state;
  *out = c->count++;
  return KY_OK;
}

ky_err ky_system_term(ky_system *s, uint32_t cell, int coefficient) {
  ky_counts *c = &s->counts;
  if (s->term_count == s->term_capacity) {
    const uint32_t more = s->term_capacity == 0 ? 4096 : 2 * s->term_capacity;
    KY_TRY(GROW(s, c->cell, s->term_count, more));
    KY_TRY(GROW(s, c->coefficient, s->term_count, more));
    s->term_capacity = more;
  }
  c->cell[s->term_count] = cell;
  c->coefficient[s->term_count++] = (int8_t)coefficient;
  return KY_OK;
}

ky_err ky_system_end(ky_system *s) {
  ky_counts *c = &s->counts;
  if (c->equation_count + 2 >= s->equation_capacity) {
    const uint32_t more = s->equation_capacity == 0 ? 1024 : 2 * s->equation_capacity;
    KY_TRY(GROW(s, c->first, c->equation_count + (c->first != NULL), more));
    s->equation_capacity = more;
  }
  if (s->term_count == c->first[c->equation_count]) return KY_OK;
  c->first[++c->equation_count] = s->term_count;
  return KY_OK;
}

#define NAME_BYTES 96

typedef struct relation {
  ky_system *s;
  const ky_system_table *of;
  uint32_t row;
} relation;

static uint32_t cell_of(const ky_system_table *of, const char *name, uint32_t row) {
  for (uint32_t c = 0; c < of->table->column_count; c++)
    if (strcmp(of->table->columns[c].name, name) == 0) return of->cell[(size_t)c * of->table->count + row];
  return KY_NONE;
}

/* The word with `of_prefix` for '#' and `measure` for '*'. */
static void spell(const char *word, size_t length, const char *of_prefix, const char *measure, char *out) {
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    const char *part = word[i] == '#' ? of_prefix : word[i] == '*' ? measure : NULL;
    const size_t size = part != NULL ? strlen(part) : 1;
    if (n + size >= NAME_BYTES) break;
    memcpy(out + n, part != NULL ? part : word + i, size);
    n += size;
  }
  out[n] = '\0';
}

static bool are_shared(const ky_system *s, const uint32_t *cells, uint32_t count) {
  uint32_t shared = 0;
  for (uint32_t i = 0; i < count; i++) shared += cells[i] < s->shared;
  return shared == count;
}

/* Counts that are not in the system (open ones, columns that are not there) are known: nothing of theirs is written. */
static ky_err relate(const relation *r, const char *text, const char *of_prefix, const char *measure) {
  int sign = 1, count = 0, wanted = 0;
  int64_t rest = 0;
  const char *at = text;
  char name[NAME_BYTES];
  uint32_t cells[32];
  int signs[32];
  for (; *at != '\0'; wanted++) {
    const size_t length = strcspn(at, "+=>");
    spell(at, length, of_prefix, measure, name);
    const uint32_t cell = cell_of(r->of, name, r->row);
    if (cell != KY_NONE && count < 32) {
      cells[count] = cell;
      signs[count++] = sign;
      rest += sign * r->s->counts.value[cell];
    }
    at += length;
    if (*at == '=' || *at == '>') sign = -1;
    at += *at != '\0';
  }
  const bool is_more = strchr(text, '>') != NULL;
  if (count < 2 || (is_more && count < wanted) || are_shared(r->s, cells, (uint32_t)count)) return KY_OK;
  for (int i = 0; i < count; i++) KY_TRY(ky_system_term(r->s, cells[i], signs[i]));
  if (is_more) {
    uint32_t between;
    KY_TRY(ky_system_cell(r->s, rest, KY_COUNT_LATENT, 1, &between));
    KY_TRY(ky_system_term(r->s, between, -1));
  }
  return ky_system_end(r->s);
}

static ky_err relate_bands(const relation *r, const char *prefix) {
  static const char *const texts[] = {"#_total=#_total_m+#_total_f",
                                      "#_65=#_65_m+#_65_f",
                                      "#_75=#_75_m+#_75_f",
                                      "#_85=#_85_m+#_85_f",
                                      "#_total>#_65",
                                      "#_65>#_75",
                                      "#_75>#_85",
                                      "#_total_m>#_65_m",
                                      "#_65_m>#_75_m",
                                      "#_75_m>#_85_m",
                                      "#_total_f>#_65_f",
                                      "#_65_f>#_75_f",
                                      "#_75_f>#_85_f"};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) KY_TRY(relate(r, texts[t], prefix, ""));
  return KY_OK;
}

/* "covered_65_500" behind "covered_65_": 500000 (millimetres); 0: it is none. */
static int64_t band_of(const char *name, const char *prefix) {
  const size_t length = strlen(prefix);
  if (strncmp(name, prefix, length) != 0 || name[length] < '0' || name[length] > '9') return 0;
  char *end;
  const long metres = strtol(name + length, &end, 10);
  const long millimetres = *end == '_' ? strtol(end + 1, &end, 10) : 0;
  return *end == '\0' ? (int64_t)metres * 1000 + millimetres : 0;
}

/* Bands from near to far: each holds the one before, the last is within all people of 65+. */
static ky_err relate_distances(const relation *r, const char *prefix) {
  const ky_table *t = r->of->table;
  char text[3 * NAME_BYTES], last[NAME_BYTES] = "";
  for (int64_t from = 0;;) {
    const char *next = NULL;
    int64_t nearest = INT64_MAX;
    for (uint32_t c = 0; c < t->column_count; c++) {
      const int64_t band = band_of(t->columns[c].name, prefix);
      if (band > from && band < nearest) next = t->columns[c].name, nearest = band;
    }
    if (next == NULL || strlen(next) >= NAME_BYTES) break;
    if (last[0] != '\0') {
      memcpy(text, next, strlen(next) + 1);
      strcat(strcat(text, ">"), last);
      KY_TRY(relate(r, text, "", ""));
    }
    memcpy(last, next, strlen(next) + 1);
    from = nearest;
  }
  if (last[0] == '\0') return KY_OK;
  memcpy(text, "pop_65>", sizeof "pop_65>");
  return relate(r, strcat(text, last), "", "");
}

/* Parts of a count whose names only the run knows: unreachable_65_<reason>, cause_65_<cause>. */
static ky_err relate_parts(const relation *r, const char *whole, const char *prefix) {
  const ky_table *t = r->of->table;
  const size_t length = strlen(prefix);
  const uint32_t cell = cell_of(r->of, whole, r->row);
  if (cell == KY_NONE) return KY_OK;
  uint32_t parts = 0;
  for (uint32_t c = 0; c < t->column_count; c++) {
    const char *name = t->columns[c].name;
    const uint32_t part = r->of->cell[(size_t)c * t->count + r->row];
    if (strncmp(name, prefix, length) != 0 || part == KY_NONE) continue;
    if (strcmp(name + length, "m") == 0 || strcmp(name + length, "f") == 0) continue;
    KY_TRY(ky_system_term(r->s, part, 1));
    parts++;
  }
  if (parts == 0) return KY_OK;
  KY_TRY(ky_system_term(r->s, cell, -1));
  ky_counts *c = &r->s->counts;
  const uint32_t first = c->first[c->equation_count];
  if (are_shared(r->s, &c->cell[first], r->s->term_count - first)) r->s->term_count = first;
  return ky_system_end(r->s);
}

static ky_err relate_row(const relation *r, const char *primary_band) {
  static const char *const prefixes[] = {"pop",     "covered", "beyond",     "unreachable",
                                         "unknown", "in_gap",  "not_in_gap", "official"};
  char text[2 * NAME_BYTES] = "covered_65=covered_65_";
  for (int m = 0; m < KY_MEASURE_COUNT; m++) {
    const char *measure = ky_measure_name((ky_measure)m);
    KY_TRY(relate(r, "pop_*=covered_*+beyond_*+unreachable_*+unknown_*", "", measure));
    KY_TRY(relate(r, "beyond_*+unreachable_*=in_gap_*+not_in_gap_*", "", measure));
  }
  for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) KY_TRY(relate_bands(r, prefixes[p]));
  KY_TRY(relate_distances(r, "covered_65_"));
  KY_TRY(relate_distances(r, "straight_65_"));
  KY_TRY(relate_parts(r, "unreachable_65", "unreachable_65_"));
  KY_TRY(relate(r, "pop_65>covered_65+no_venue_no_shop_65", "", ""));
  KY_TRY(relate(r, "covered_65>covered_no_shop_65", "", ""));
  if (primary_band == NULL || strlen(primary_band) >= NAME_BYTES) return KY_OK;
  return relate(r, strcat(text, primary_band), "", "");
}

/* covered within a walk <= covered within the same straight line. */
static ky_err relate_lines(const relation *r) {
  const ky_table *t = r->of->table;
  char text[2 * NAME_BYTES];
  for (uint32_t c = 0; c < t->column_count; c++) {
    const char *name = t->columns[c].name;
    if (band_of(name, "straight_65_") == 0 || strlen(name) >= NAME_BYTES) continue;
    memcpy(text, name, strlen(name) + 1);
    strcat(strcat(text, ">covered_65_"), name + sizeof "straight_65_" - 1);
    KY_TRY(relate(r, text, "", ""));
  }
  return KY_OK;
}

static const char *level_of(const ky_table *zones, uint32_t row) {
  const ky_column *level = ky_table_column(zones, "level");
  const char *text = level != NULL && level->type == KY_COLUMN_TEXT ? level->of.text[row] : NULL;
  return text != NULL ? text : "";
}

/* municipality = zones + outside_zones; of the register, zones alone. */
static ky_err relate_sum(ky_system *s, const ky_system_table *zones, uint32_t column) {
  const ky_table *t = zones->table;
  const bool is_register = strncmp(t->columns[column].name, "official_", 9) == 0;
  bool has_all = false;
  for (uint32_t row = 0; row < t->count; row++)
    has_all = has_all || (strcmp(level_of(t, row), "municipality") == 0 &&
                          zones->cell[(size_t)column * t->count + row] != KY_NONE);
  for (uint32_t row = 0; row < t->count && has_all; row++) {
    const uint32_t cell = zones->cell[(size_t)column * t->count + row];
    const char *level = level_of(t, row);
    const bool is_all = strcmp(level, "municipality") == 0;
    if (cell == KY_NONE) continue;
    if (is_all || strcmp(level, "zone") == 0 || (!is_register && strcmp(level, "outside_zones") == 0))
      KY_TRY(ky_system_term(s, cell, is_all ? -1 : 1));
  }
  return ky_system_end(s);
}

ky_err ky_system_relate_zones(ky_system *s, const ky_system_table *zones, const char *primary_band) {
  KY_TRY(ky_system_end(s));
  for (uint32_t row = 0; row < zones->table->count; row++) {
    const relation r = {.s = s, .of = zones, .row = row};
    KY_TRY(relate_row(&r, primary_band));
    KY_TRY(relate_lines(&r));
  }
  for (uint32_t c = 0; c < zones->table->column_count; c++) KY_TRY(relate_sum(s, zones, c));
  return KY_OK;
}

ky_err ky_system_relate_gaps(ky_system *s, const ky_system_table *gaps) {
  KY_TRY(ky_system_end(s));
  for (uint32_t row = 0; row < gaps->table->count; row++) {
    const relation r = {.s = s, .of = gaps, .row = row};
    KY_TRY(relate_bands(&r, "people"));
    KY_TRY(relate_parts(&r, "people_65", "cause_65_"));
  }
  return KY_OK;
}
