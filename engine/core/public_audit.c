/* The audit of a publication: a reader with the public layers of today and of last time, who knows how the figures hang
 * together, tries to work out what is hidden. It is the worst reader there can be: where parts were rounded one by one
 * he knows by how much, and what has not changed since last time he takes to be unchanged.
 *
 * It reads finished tables and shares no code with what hid their values. */
#include <kayoi/public.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 96

typedef struct figure {
  const ky_table *table;
  uint32_t column, row;
  int64_t truth;
} figure;

typedef struct audit {
  ky_job *job;
  const ky_public_opts *opts;
  figure *figure;
  int64_t *value;
  uint8_t *is_wanted;
  uint32_t count, capacity;
  uint32_t *first, *cell;
  int8_t *coefficient;
  int64_t *sum;
  uint8_t *is_most;
  uint32_t equation_count, equation_capacity, term_count, term_capacity;
} audit;

/* A published table and the whole figures behind it; `id` of a column and row. */
typedef struct seen {
  const ky_table *shown, *whole;
  uint32_t *id; /* [column * rows + row] KY_NONE: no count of people */
} seen;

static ky_err reserve(audit *a, uint32_t terms) {
  if (a->term_count + terms > a->term_capacity) {
    const uint32_t more = 2 * (a->term_count + terms) + 1024;
    uint32_t *cell;
    int8_t *coefficient;
    KY_NEW(a->job, scratch, cell, more);
    KY_NEW(a->job, scratch, coefficient, more);
    if (a->term_count != 0) memcpy(cell, a->cell, a->term_count * sizeof *cell);
    if (a->term_count != 0) memcpy(coefficient, a->coefficient, a->term_count);
    a->cell = cell, a->coefficient = coefficient, a->term_capacity = more;
  }
  if (a->equation_count + 2 > a->equation_capacity) {
    const uint32_t more = 2 * a->equation_capacity + 1024;
    uint32_t *first;
    int64_t *sum;
    uint8_t *is_most;
    KY_NEW(a->job, scratch, first, more);
    KY_NEW(a->job, scratch, sum, more);
    KY_NEW(a->job, scratch, is_most, more);
    if (a->first != NULL) memcpy(first, a->first, (a->equation_count + 1) * sizeof *first);
    if (a->equation_count != 0) memcpy(sum, a->sum, a->equation_count * sizeof *sum);
    if (a->equation_count != 0) memcpy(is_most, a->is_most, a->equation_count);
    a->first = first, a->sum = sum, a->is_most = is_most, a->equation_capacity = more;
  }
  return KY_OK;
}

/* Figures with signs: their sum is 0 but for rounding; most: at most 0. A figure that is not there (KY_NONE) makes an
 * equation useless and is simply known to be something: then nothing is added. */
static ky_err add(audit *a, const uint32_t *id, const int *sign, uint32_t n, bool is_most) {
  int64_t truth = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (id[i] == KY_NONE) return KY_OK;
    truth += sign[i] * a->figure[id[i]].truth;
  }
  KY_TRY(reserve(a, n));
  for (uint32_t i = 0; i < n; i++) {
    a->cell[a->term_count] = id[i];
    a->coefficient[a->term_count++] = (int8_t)sign[i];
  }
  a->sum[a->equation_count] = is_most && truth < 0 ? 0 : truth;
  a->is_most[a->equation_count] = is_most;
  a->first[++a->equation_count] = a->term_count;
  return KY_OK;
}

static int64_t thousandths(const ky_table *table, const char *name, uint32_t row) {
  const ky_column *column = ky_table_column(table, name);
  if (column == NULL || column->type != KY_COLUMN_FIXED || column->of.fixed[row] == KY_NULL) return KY_NULL;
  int64_t value = column->of.fixed[row];
  for (int d = column->decimals; d < 3; d++) value *= 10;
  return value;
}

static bool same_text(const ky_table *a, uint32_t row, const ky_table *b, uint32_t other, const char *name) {
  const ky_column *x = ky_table_column(a, name), *y = ky_table_column(b, name);
  if (x == NULL || y == NULL) return x == y;
  const char *s = x->of.text[row], *t = y->of.text[other];
  return s == NULL || t == NULL ? s == t : strcmp(s, t) == 0;
}

static uint32_t find_row(const ky_table *in, const ky_table *like, uint32_t row) {
  const char *id = strcmp(like->layer, "zones") == 0 ? "zone_id" : "gap_id";
  for (uint32_t r = 0; in != NULL && r < in->count; r++)
    if (same_text(like, row, in, r, id) && same_text(like, row, in, r, "level")) return r;
  return KY_NONE;
}

static bool is_people(const ky_table *table, uint32_t column) {
  const ky_column *c = &table->columns[column];
  if (c->type != KY_COLUMN_FIXED) return false;
  return ky_audience_of(table->layer, c->name)->kind == KY_ATTRIBUTE_COUNT;
}

static bool is_restricted(const audit *a, const char *layer, const char *name) {
  return !a->opts->is_open[ky_audience_of(layer, name)->source];
}

/* Every count of a published table becomes a figure: known, or not. */
static ky_err look_at(audit *a, const ky_table *shown, const ky_table *whole, seen *out) {
  *out = (seen){.shown = shown, .whole = whole};
  if (shown == NULL || whole == NULL) return KY_OK;
  KY_NEW(a->job, scratch, out->id, (size_t)shown->column_count * shown->count);
  for (uint32_t c = 0; c < shown->column_count; c++) {
    for (uint32_t r = 0; r < shown->count; r++) {
      const char *name = shown->columns[c].name;
      const uint32_t there = is_people(shown, c) ? find_row(whole, shown, r) : KY_NONE;
      const int64_t truth = there != KY_NONE ? thousandths(whole, name, there) : KY_NULL;
      out->id[(size_t)c * shown->count + r] = KY_NONE;
      if (truth == KY_NULL) continue;
      if (a->count == a->capacity) return ky_fail(a->job, KY_E_INTERNAL, "the audit has no room");
      a->figure[a->count] = (figure){.table = shown, .column = c, .row = r, .truth = truth};
      a->value[a->count] = thousandths(shown, name, r);
      a->is_wanted[a->count] = truth > 0 && truth < a->opts->threshold && is_restricted(a, shown->layer, name);
      out->id[(size_t)c * shown->count + r] = a->count++;
    }
  }
  return KY_OK;
}

static uint32_t id_of(const seen *s, const char *name, uint32_t row) {
  const ky_column *column = s->id != NULL ? ky_table_column(s->shown, name) : NULL;
  return column != NULL ? s->id[(size_t)(column - s->shown->columns) * s->shown->count + row] : KY_NONE;
}

static uint32_t id_of_kind(const seen *s, uint32_t row, const char *kind, const char *band, const char *sex) {
  char name[NAME_BYTES] = "";
  strcat(strcat(strcat(strcat(name, kind), "_"), band), sex);
  return id_of(s, name, row);
}

static const char *const bands[] = {"total", "65", "75", "85"};
static const char *const sexes[] = {"", "_m", "_f"};

static ky_err statuses(audit *a, const seen *s, uint32_t row) {
  for (int b = 0; b < 4; b++) {
    for (int x = 0; x < 3; x++) {
      const char *band = bands[b], *sex = sexes[x];
      const uint32_t beyond = id_of_kind(s, row, "beyond", band, sex);
      const uint32_t unreachable = id_of_kind(s, row, "unreachable", band, sex);
      const uint32_t all[] = {id_of_kind(s, row, "pop", band, sex), id_of_kind(s, row, "covered", band, sex), beyond,
                              unreachable, id_of_kind(s, row, "unknown", band, sex)};
      const uint32_t far[] = {beyond, unreachable, id_of_kind(s, row, "in_gap", band, sex),
                              id_of_kind(s, row, "not_in_gap", band, sex)};
      KY_TRY(add(a, all, (const int[]){1, -1, -1, -1, -1}, 5, false));
      KY_TRY(add(a, far, (const int[]){1, 1, -1, -1}, 4, false));
    }
  }
  return KY_OK;
}

static ky_err ages_and_sexes(audit *a, const seen *s, uint32_t row, const char *kind) {
  for (int b = 0; b < 4; b++) {
    uint32_t by_sex[3];
    for (int x = 0; x < 3; x++) by_sex[x] = id_of_kind(s, row, kind, bands[b], sexes[x]);
    KY_TRY(add(a, by_sex, (const int[]){1, -1, -1}, 3, false));
    for (int x = 0; x < 3; x++) {
      for (int older = b + 1; older < 4; older++) {
        const uint32_t nested[] = {id_of_kind(s, row, kind, bands[older], sexes[x]), by_sex[x]};
        KY_TRY(add(a, nested, (const int[]){1, -1}, 2, true));
      }
    }
  }
  return KY_OK;
}

/* Metres of a band in a name, 0: none. */
static double metres_of(const char *name, const char *prefix) {
  const size_t n = strlen(prefix);
  if (strncmp(name, prefix, n) != 0 || name[n] < '0' || name[n] > '9') return 0;
  char *end;
  const double whole = strtod(name + n, &end);
  const double part = *end == '_' ? strtod(end + 1, &end) : 0;
  return *end == '\0' ? whole + part / 1000 : 0;
}

/* Every two distances of a kind, and every walk beside every line: the nearer or walked one is not more. */
static ky_err distances(audit *a, const seen *s, uint32_t row, const char *primary) {
  static const char walked[] = "covered_65_", straight[] = "straight_65_";
  const ky_table *t = s->shown;
  for (uint32_t i = 0; i < t->column_count; i++) {
    const char *name = t->columns[i].name;
    const double walk = metres_of(name, walked), line = metres_of(name, straight);
    const uint32_t own = id_of(s, name, row), all = id_of(s, "pop_65", row);
    if (walk == 0 && line == 0) continue;
    KY_TRY(add(a, (const uint32_t[]){own, all}, (const int[]){1, -1}, 2, true));
    for (uint32_t k = 0; k < t->column_count; k++) {
      const double farther = metres_of(t->columns[k].name, walk != 0 ? walked : straight);
      const double as_line = walk != 0 ? metres_of(t->columns[k].name, straight) : 0;
      const bool is_more = farther > (walk != 0 ? walk : line) || (as_line != 0 && as_line >= walk);
      if (!is_more) continue;
      const uint32_t pair[] = {own, id_of(s, t->columns[k].name, row)};
      KY_TRY(add(a, pair, (const int[]){1, -1}, 2, true));
    }
    if (walk != 0 && primary != NULL && strcmp(name + sizeof walked - 1, primary) == 0) {
      const uint32_t same[] = {own, id_of(s, "covered_65", row)};
      KY_TRY(add(a, same, (const int[]){1, -1}, 2, false));
    }
  }
  return KY_OK;
}

/* All columns that begin so, but for the sexes, make up the whole. */
static ky_err parts(audit *a, const seen *s, uint32_t row, const char *prefix, const char *whole) {
  uint32_t id[33];
  int sign[33];
  uint32_t n = 0;
  const size_t length = strlen(prefix);
  for (uint32_t c = 0; c < s->shown->column_count && n < 32; c++) {
    const char *name = s->shown->columns[c].name;
    if (strncmp(name, prefix, length) != 0 || strlen(name) < length + 2) continue;
    id[n] = id_of(s, name, row);
    sign[n++] = 1;
  }
  if (n == 0) return KY_OK;
  id[n] = id_of(s, whole, row);
  sign[n++] = -1;
  return add(a, id, sign, n, false);
}

static bool is_level(const ky_table *t, uint32_t row, const char *level) {
  const ky_column *c = ky_table_column(t, "level");
  return c != NULL && c->type == KY_COLUMN_TEXT && c->of.text[row] != NULL && strcmp(c->of.text[row], level) == 0;
}

/* Zones (and people in none) make the municipality. Where one of them has no figure at all the sum says nothing. */
static ky_err sums(audit *a, const seen *s) {
  uint32_t *id, n;
  int *sign;
  KY_NEW(a->job, scratch, id, s->shown->count);
  KY_NEW(a->job, scratch, sign, s->shown->count);
  for (uint32_t c = 0; c < s->shown->column_count; c++) {
    const bool is_register = strncmp(s->shown->columns[c].name, "official", 8) == 0;
    bool has_all = false;
    n = 0;
    for (uint32_t r = 0; r < s->shown->count; r++) {
      const uint32_t of = s->id[(size_t)c * s->shown->count + r];
      const bool is_part = is_level(s->shown, r, "zone") || (!is_register && is_level(s->shown, r, "outside_zones"));
      const bool is_all = is_level(s->shown, r, "municipality");
      if (of == KY_NONE || (!is_part && !is_all)) continue;
      has_all = has_all || is_all;
      id[n] = of;
      sign[n++] = is_all ? -1 : 1;
    }
    if (has_all) KY_TRY(add(a, id, sign, n, false));
  }
  return KY_OK;
}

static ky_err zone_relations(audit *a, const seen *s, const char *primary) {
  static const char *const kinds[] = {"pop",     "covered", "beyond",     "unreachable",
                                      "unknown", "in_gap",  "not_in_gap", "official"};
  if (s->id == NULL) return KY_OK;
  for (uint32_t r = 0; r < s->shown->count; r++) {
    KY_TRY(statuses(a, s, r));
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) KY_TRY(ages_and_sexes(a, s, r, kinds[k]));
    KY_TRY(distances(a, s, r, primary));
    KY_TRY(parts(a, s, r, "unreachable_65_", "unreachable_65"));
    const uint32_t covered = id_of(s, "covered_65", r), all = id_of(s, "pop_65", r);
    const uint32_t neither[] = {covered, id_of(s, "no_venue_no_shop_65", r), all};
    const uint32_t no_shop[] = {id_of(s, "covered_no_shop_65", r), covered};
    KY_TRY(add(a, neither, (const int[]){1, 1, -1}, 3, true));
    KY_TRY(add(a, no_shop, (const int[]){1, -1}, 2, true));
  }
  return sums(a, s);
}

static ky_err gap_relations(audit *a, const seen *s) {
  if (s->id == NULL) return KY_OK;
  for (uint32_t r = 0; r < s->shown->count; r++) {
    KY_TRY(ages_and_sexes(a, s, r, "people"));
    KY_TRY(parts(a, s, r, "cause_65_", "people_65"));
  }
  return KY_OK;
}

/* The same count in two tables: one figure. */
static ky_err same_figures(audit *a, const seen *s, const seen *other, bool only_unchanged) {
  if (s->id == NULL || other->id == NULL) return KY_OK;
  for (uint32_t r = 0; r < s->shown->count; r++) {
    const uint32_t there = find_row(other->shown, s->shown, r);
    for (uint32_t c = 0; c < s->shown->column_count && there != KY_NONE; c++) {
      const uint32_t id = s->id[(size_t)c * s->shown->count + r];
      const uint32_t same = id_of(other, s->shown->columns[c].name, there);
      if (id == KY_NONE || same == KY_NONE) continue;
      if (only_unchanged && a->figure[id].truth != a->figure[same].truth) continue;
      /* shown last time and unchanged: known since then, and no secret of today's */
      if (only_unchanged && a->value[same] != KY_NULL) a->value[id] = a->value[same];
      KY_TRY(add(a, (const uint32_t[]){id, same}, (const int[]){1, -1}, 2, false));
    }
  }
  return KY_OK;
}

/* All gap areas of a band and sex are what the municipality has in gaps; when some are not published, at most that. */
static ky_err gaps_in_zones(audit *a, const seen *zones, const seen *gaps) {
  char name[NAME_BYTES];
  uint32_t *id;
  int *sign;
  if (zones->id == NULL || gaps->id == NULL) return KY_OK;
  KY_NEW(a->job, scratch, id, (size_t)gaps->shown->count + 1);
  KY_NEW(a->job, scratch, sign, (size_t)gaps->shown->count + 1);
  for (uint32_t r = 0; r < zones->shown->count; r++) {
    if (!is_level(zones->shown, r, "municipality")) continue;
    for (int m = 0; m < KY_MEASURE_COUNT; m++) {
      const char *measure = ky_measure_name((ky_measure)m);
      uint32_t n = 0;
      strcat(strcpy(name, "people_"), measure);
      for (uint32_t g = 0; g < gaps->shown->count; g++, n++) {
        id[n] = id_of(gaps, name, g);
        sign[n] = 1;
      }
      strcat(strcpy(name, "in_gap_"), measure);
      id[n] = id_of(zones, name, r);
      sign[n++] = -1;
      KY_TRY(add(a, id, sign, n, gaps->whole == NULL || gaps->shown->count < gaps->whole->count));
    }
  }
  return KY_OK;
}

static const ky_table *layer_of(const ky_table *tables, uint32_t count, const char *layer) {
  for (uint32_t t = 0; t < count; t++)
    if (strcmp(tables[t].layer, layer) == 0) return &tables[t];
  return NULL;
}

/* Small counts that are there to be read, and values from which a hidden base follows. */
static const char *plain_mistakes(const audit *a, const ky_table *table) {
  static const char *const shares[][3] = {{"covered_share_65", "covered_65", "pop_65"},
                                          {"aging_rate", "pop_65", "pop_total"},
                                          {"share_75", "pop_75", "pop_total"},
                                          {"density_65_km2", "people_65", "people_65"},
                                          {"riders_per_session", "people_65", "people_65"},
                                          {"target_participants", "people_65", "people_65"}};
  for (uint32_t r = 0; r < table->count; r++) {
    for (uint32_t c = 0; c < table->column_count; c++) {
      const char *name = table->columns[c].name;
      if (!is_people(table, c) || !is_restricted(a, table->layer, name)) continue;
      const int64_t value = thousandths(table, name, r);
      if (value > 0 && value < a->opts->threshold)
        return ky_format(&a->job->scratch, ky_tr("%s, record %u: %s is shown and small"), table->layer, r + 1, name);
    }
    for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
      const ky_column *share = ky_table_column(table, shares[s][0]);
      if (share == NULL || share->type != KY_COLUMN_FIXED || share->of.fixed[r] == KY_NULL) continue;
      for (int b = 1; b < 3; b++) {
        const ky_column *base = ky_table_column(table, shares[s][b]);
        if (base != NULL && base->type == KY_COLUMN_FIXED && base->of.fixed[r] == KY_NULL)
          return ky_format(&a->job->scratch, ky_tr("%s, record %u: %s is hidden and %s is shown"), table->layer, r + 1,
                           shares[s][b], shares[s][0]);
      }
    }
  }
  return NULL;
}

static ky_err new_audit(audit *a, const ky_publication *const *of, int n) {
  for (int i = 0; i < n; i++) {
    const ky_table *const tables[] = {of[i]->zones, of[i]->gaps, of[i]->mobility};
    for (int t = 0; t < 3; t++)
      if (tables[t] != NULL) a->capacity += tables[t]->column_count * tables[t]->count;
  }
  KY_NEW(a->job, scratch, a->figure, a->capacity);
  KY_NEW(a->job, scratch, a->value, a->capacity);
  KY_NEW(a->job, scratch, a->is_wanted, a->capacity);
  return reserve(a, 1);
}

static ky_err relations(audit *a, const ky_public_in *in, const ky_publication *now) {
  const ky_publication *before = &in->before, *then = &in->before_internal;
  const ky_table *tables = in->tables;
  seen zones[2], gaps[2], mobility[2];
  KY_TRY(look_at(a, now->zones, layer_of(tables, in->table_count, "zones"), &zones[0]));
  KY_TRY(look_at(a, now->gaps, layer_of(tables, in->table_count, "gaps"), &gaps[0]));
  KY_TRY(look_at(a, now->mobility, layer_of(tables, in->table_count, "mobility"), &mobility[0]));
  KY_TRY(look_at(a, before->zones, then->zones, &zones[1]));
  KY_TRY(look_at(a, before->gaps, then->gaps, &gaps[1]));
  KY_TRY(look_at(a, before->mobility, then->mobility, &mobility[1]));
  KY_TRY(same_figures(a, &zones[0], &zones[1], true));
  KY_TRY(same_figures(a, &gaps[0], &gaps[1], true));
  KY_TRY(same_figures(a, &mobility[0], &mobility[1], true));
  for (int f = 0; f < 2; f++) {
    KY_TRY(zone_relations(a, &zones[f], in->primary_band));
    KY_TRY(gap_relations(a, &gaps[f]));
    KY_TRY(gap_relations(a, &mobility[f]));
    KY_TRY(gaps_in_zones(a, &zones[f], &gaps[f]));
    KY_TRY(same_figures(a, &mobility[f], &gaps[f], false));
  }
  return KY_OK;
}

static const char *in_words(const audit *a, const ky_attack_found *found) {
  uint32_t exact = 0, first_exact = 0;
  for (uint32_t i = a->count; i-- > 0;) {
    if (!found->is_recovered[i] || !a->is_wanted[i]) continue;
    exact++;
    first_exact = i;
  }
  const bool is_exact = exact != 0;
  const figure *f = &a->figure[is_exact ? first_exact : found->narrow_cell];
  const ky_column *first = &f->table->columns[0];
  const char *id = first->type == KY_COLUMN_TEXT && first->of.text[f->row] != NULL ? first->of.text[f->row] : "-";
  char low[32], high[32];
  if (is_exact)
    return ky_format(&a->job->scratch, ky_tr("%u hidden counts follow from others, first %s of %s (layer %s)"), exact,
                     f->table->columns[f->column].name, id, f->table->layer);
  ky_fixed_text(low, found->low, 3);
  ky_fixed_text(high, found->high, 3);
  return ky_format(&a->job->scratch,
                   ky_tr("%u hidden counts are known too closely, first %s of %s (layer %s): from %s to %s"),
                   found->narrowed, f->table->columns[f->column].name, id, f->table->layer, low, high);
}

/* The list of hidden attributes of a record without one. */
static ky_err strike_out(audit *a, const ky_table *table, const char *name, uint32_t row) {
  const ky_column *hidden = ky_table_column(table, "hidden"), *note = ky_table_column(table, "hidden_note");
  const char *list = hidden != NULL ? hidden->of.text[row] : NULL;
  const size_t length = strlen(name);
  if (list == NULL || note == NULL) return KY_OK;
  for (const char *at = list; at != NULL; at = strstr(at, "; ") != NULL ? strstr(at, "; ") + 2 : NULL) {
    if (strncmp(at, name, length) != 0 || (at[length] != ';' && at[length] != '\0')) continue;
    const char *rest = at[length] == ';' ? at + length + 2 : "";
    const int before = rest[0] == '\0' && at > list ? (int)(at - list) - 2 : (int)(at - list);
    const char *left = ky_format(&a->job->keep, "%.*s%s", before, list, rest);
    if (left == NULL) return ky_fail_memory(a->job);
    ((const char **)(uintptr_t)hidden->of.text)[row] = left[0] != '\0' ? left : NULL;
    if (left[0] == '\0') ((const char **)(uintptr_t)note->of.text)[row] = NULL;
    break;
  }
  return KY_OK;
}

/* Values that can be worked out and are no secret. The columns of public tables are their own copies. */
static ky_err show_again(audit *a, const ky_publication *now, const ky_attack_found *found, ky_public_layers *made) {
  for (uint32_t i = 0; i < a->count; i++) {
    const figure *f = &a->figure[i];
    const bool is_now = f->table == now->zones || f->table == now->gaps || f->table == now->mobility;
    if (!found->is_recovered[i] || a->is_wanted[i] || !is_now) continue;
    const ky_column *column = &f->table->columns[f->column];
    int64_t value = f->truth;
    for (int d = column->decimals; d < 3; d++) value /= 10;
    ((int64_t *)(uintptr_t)column->of.fixed)[f->row] = value;
    KY_TRY(strike_out(a, f->table, column->name, f->row));
    made->shown_again++;
  }
  return KY_OK;
}

static bool is_secret_found(const audit *a, const ky_attack_found *found) {
  for (uint32_t i = 0; i < a->count; i++)
    if (found->is_recovered[i] && a->is_wanted[i]) return true;
  return found->narrowed != 0;
}

static ky_err look(audit *a, const ky_public_in *in, const ky_publication *now, ky_attack_found *found) {
  KY_TRY(new_audit(a, (const ky_publication *const[]){now, &in->before}, 2));
  KY_TRY(relations(a, in, now));
  const ky_attack attack = {.count = a->count,
                            .value = a->value,
                            .equation_count = a->equation_count,
                            .first = a->first,
                            .cell = a->cell,
                            .coefficient = a->coefficient,
                            .sum = a->sum,
                            .is_most = a->is_most};
  return ky_attack_run(a->job, &attack, a->is_wanted, a->opts->threshold, 0, found);
}

ky_err ky_public_audit(ky_job *job, const ky_public_opts *opts, const ky_public_in *in, ky_public_layers *made,
                       const char **what) {
  const audit fresh = {.job = job, .opts = opts};
  audit a = fresh;
  ky_attack_found found;
  const ky_publication now = {.zones = layer_of(made->tables, made->count, "zones"),
                              .gaps = layer_of(made->tables, made->count, "gaps"),
                              .mobility = layer_of(made->tables, made->count, "mobility")};
  *what = NULL;
  for (uint32_t t = 0; t < made->count && *what == NULL; t++) *what = plain_mistakes(&a, &made->tables[t]);
  if (*what != NULL) return KY_OK;
  KY_TRY(look(&a, in, &now, &found));
  if (found.recovered != 0 && !is_secret_found(&a, &found)) {
    KY_TRY(show_again(&a, &now, &found, made));
    a = fresh;
    KY_TRY(look(&a, in, &now, &found));
  }
  if (!is_secret_found(&a, &found)) return KY_OK;
  *what = in_words(&a, &found);
  return *what != NULL ? KY_OK : ky_fail_memory(job);
}
