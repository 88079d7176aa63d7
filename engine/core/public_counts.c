/* Which counts of zones, gaps and mobility areas are hidden: now, and together with the last publication.
 *
 * A figure that has not changed since the last publication is one cell of the system, whatever was done with it then:
 * shown then, it is known now; hidden then, it must not follow from what is shown now. The relations of then hold
 * among the figures of then. So neither today's publication alone nor the two together give a small count away, to a
 * reader who takes everything that may be unchanged to be unchanged. */
#include <kayoi/public.h>
#include <string.h>

#include "core/public_system.h"

/* How much matters what is lost: sexes least, the people of a zone most, the municipality above all. */
#define LOSS_SEX   6
#define LOSS_PLAIN 12
#define LOSS_MAIN  40
#define LOSS_TOWN  10 /* times */

typedef struct frame {
  ky_system_table zones, gaps;
} frame;

/* When small counts are so many that there is no way to hide them all among others, less is shown: level by level,
 * until everything that is hidden is safe. At the last one no count from a restricted source is left. */
enum { EVERYTHING, GAPS_BY_65, NO_GAPS, NO_SEXES, NO_AGES, THREE_COUNTS, NOTHING, LEVELS };

typedef struct counting {
  int level;
  ky_job *job;
  const ky_public_opts *opts;
  const ky_public_in *in;
  const ky_publication *published;
  ky_system system;
  frame now, before;
} counting;

static bool ends_with_sex(const char *name) {
  const size_t length = strlen(name);
  return length > 2 && (strcmp(name + length - 2, "_m") == 0 || strcmp(name + length - 2, "_f") == 0);
}

/* Is the count of a restricted source shown at this level? */
static bool is_shown_at(const counting *c, const char *layer, const char *name) {
  const int level = c->level;
  const char *primary = c->in->primary_band; /* covered_65_<primary> is covered_65 */
  static const char *const three[] = {"pop_total", "pop_65", "covered_65", "official_total", "official_65"};
  if (strcmp(layer, "zones") != 0) {
    const bool is_65 = strcmp(name, "people_65") == 0 || strcmp(name, "people_total") == 0;
    return level < NO_GAPS && (level < GAPS_BY_65 || is_65);
  }
  if (level >= NOTHING) return false;
  bool is_one = level < THREE_COUNTS;
  for (size_t i = 0; i < sizeof three / sizeof *three; i++) is_one = is_one || strcmp(three[i], name) == 0;
  if (strncmp(name, "covered_65_", 11) == 0 && primary != NULL && strcmp(name + 11, primary) == 0) return true;
  if (!is_one || (level >= NO_SEXES && ends_with_sex(name))) return false;
  return level < NO_AGES || (strstr(name, "_75") == NULL && strstr(name, "_85") == NULL &&
                             strstr(name, "65_") == NULL && strstr(name, "_no_shop") == NULL);
}

static bool is_count(const counting *c, const char *layer, const ky_column *column) {
  const ky_audience_row *row = ky_audience_of(layer, column->name);
  return row->kind == KY_ATTRIBUTE_COUNT && !c->opts->is_open[row->source] && column->type == KY_COLUMN_FIXED;
}

static int64_t milli_of(const ky_column *column, uint32_t row) {
  int64_t value = column->of.fixed[row];
  for (uint8_t d = column->decimals; value != KY_NULL && d < 3; d++) value *= 10;
  return value;
}

static uint32_t loss_of(const ky_table *table, const ky_column *column, uint32_t row, int64_t milli) {
  static const char *const main_ones[] = {"pop_total",   "pop_65",    "covered_65", "official_total",
                                          "official_65", "people_65", "in_gap_65"};
  const ky_column *level = ky_table_column(table, "level");
  uint32_t loss = LOSS_PLAIN;
  if (ends_with_sex(column->name)) loss = LOSS_SEX;
  for (size_t i = 0; i < sizeof main_ones / sizeof *main_ones; i++)
    if (strcmp(main_ones[i], column->name) == 0) loss = LOSS_MAIN;
  for (int64_t people = milli / KY_PERSON; people > 1; people /= 4) loss++;
  if (level != NULL && level->of.text[row] != NULL && strcmp(level->of.text[row], "municipality") == 0)
    loss *= LOSS_TOWN;
  return loss;
}

static const char *text_of(const ky_table *table, const char *column, uint32_t row) {
  const ky_column *of = ky_table_column(table, column);
  const char *text = of != NULL && of->type == KY_COLUMN_TEXT ? of->of.text[row] : NULL;
  return text != NULL ? text : "";
}

/* The same record in another table of the layer; KY_NONE: none. */
static uint32_t row_in(const ky_table *table, const ky_table *other, uint32_t row) {
  const char *key = strcmp(table->layer, "zones") == 0 ? "zone_id" : "gap_id";
  for (uint32_t r = 0; other != NULL && r < other->count; r++)
    if (strcmp(text_of(table, key, row), text_of(other, key, r)) == 0 &&
        strcmp(text_of(table, "level", row), text_of(other, "level", r)) == 0)
      return r;
  return KY_NONE;
}

/* The value of the same count in another table, thousandths. */
static int64_t value_in(const ky_table *other, const char *name, uint32_t row) {
  const ky_column *column = other != NULL && row != KY_NONE ? ky_table_column(other, name) : NULL;
  return column != NULL && column->type == KY_COLUMN_FIXED ? milli_of(column, row) : KY_NULL;
}

static ky_err new_cells(counting *c, const ky_table *table, ky_system_table *out) {
  *out = (ky_system_table){.table = table};
  if (table == NULL) return KY_OK;
  const size_t n = (size_t)table->column_count * table->count;
  KY_NEW(c->job, scratch, out->cell, n);
  for (size_t i = 0; i < n; i++) out->cell[i] = KY_NONE;
  return KY_OK;
}

/* Today's counts: those of the published table may be hidden, what was shown before is known. */
static ky_err add_now(counting *c, const ky_table *table, const ky_table *published, const ky_table *before,
                      ky_system_table *out) {
  KY_TRY(new_cells(c, table, out));
  for (uint32_t row = 0; table != NULL && row < table->count; row++) {
    const bool is_there = published != NULL && row_in(table, published, row) != KY_NONE;
    const uint32_t was = row_in(table, before, row);
    for (uint32_t k = 0; k < table->column_count; k++) {
      const ky_column *column = &table->columns[k];
      if (!is_count(c, table->layer, column)) continue;
      const int64_t milli = milli_of(column, row);
      if (milli == KY_NULL) continue;
      const bool is_at_level = is_shown_at(c, table->layer, column->name);
      if (!is_at_level && before == NULL) continue; /* nothing of the whole column is published */
      const bool is_known = was != KY_NONE && value_in(before, column->name, was) == milli;
      const bool is_small = milli > 0 && milli < c->opts->threshold; /* of a record left out: protected all the same */
      const ky_count_state state = is_known       ? KY_COUNT_KNOWN
                                   : !is_at_level ? KY_COUNT_LATENT
                                   : is_there     ? KY_COUNT_SHOWN
                                   : is_small     ? KY_COUNT_SMALL
                                                  : KY_COUNT_LATENT;
      KY_TRY(ky_system_cell(&c->system, milli, state, loss_of(table, column, row, milli),
                            &out->cell[(size_t)k * table->count + row]));
    }
  }
  return KY_OK;
}

/* A count of the last publication: today's cell where it has not changed. */
static ky_err add_then(counting *c, const ky_system_table *now, const ky_table *shown, const ky_table *then,
                       uint32_t row, uint32_t k, uint32_t *out) {
  const ky_column *column = &then->columns[k];
  const int64_t milli = milli_of(column, row), public_milli = value_in(shown, column->name, row_in(then, shown, row));
  if (milli == KY_NULL) return KY_OK;
  const uint32_t today = now->table != NULL ? row_in(then, now->table, row) : KY_NONE;
  if (today != KY_NONE) {
    const ky_column *same = ky_table_column(now->table, column->name);
    const uint32_t cell =
        same != NULL ? now->cell[(size_t)(same - now->table->columns) * now->table->count + today] : KY_NONE;
    if (cell != KY_NONE && c->system.counts.value[cell] == milli) {
      *out = cell;
      if (public_milli != KY_NULL) return KY_OK;
      c->system.counts.stays[cell] = 1;
      if (c->system.counts.loss[cell] > 4) c->system.counts.loss[cell] /= 4;
      return KY_OK;
    }
  }
  const bool is_small = milli > 0 && milli < c->opts->threshold;
  const ky_count_state state = public_milli != KY_NULL ? KY_COUNT_KNOWN : is_small ? KY_COUNT_SMALL : KY_COUNT_LATENT;
  return ky_system_cell(&c->system, milli, state, 1, out);
}

static ky_err add_before(counting *c, const ky_system_table *now, const ky_table *shown, const ky_table *then,
                         ky_system_table *out) {
  KY_TRY(new_cells(c, then, out));
  for (uint32_t row = 0; then != NULL && row < then->count; row++)
    for (uint32_t k = 0; k < then->column_count; k++)
      if (is_count(c, then->layer, &then->columns[k]))
        KY_TRY(add_then(c, now, shown, then, row, k, &out->cell[(size_t)k * then->count + row]));
  return KY_OK;
}

/* in_gap of a row and people of gap areas meet in the people of each area in each row. */
static ky_err relate_gap_parts(counting *c, int measure) {
  const ky_table *zones = c->now.zones.table, *gaps = c->now.gaps.table;
  const char *name = ky_measure_name((ky_measure)measure);
  const char *in_gap = ky_format(&c->job->scratch, "in_gap_%s", name);
  const char *people = ky_format(&c->job->scratch, "people_%s", name);
  if (in_gap == NULL || people == NULL) return ky_fail_memory(c->job);
  const ky_column *of_zone = ky_table_column(zones, in_gap), *of_gap = ky_table_column(gaps, people);
  if (of_zone == NULL || of_gap == NULL || !is_count(c, "gaps", of_gap)) return KY_OK;
  const uint32_t *zone_cell = &c->now.zones.cell[(size_t)(of_zone - zones->columns) * zones->count];
  const uint32_t *gap_cell = &c->now.gaps.cell[(size_t)(of_gap - gaps->columns) * gaps->count];
  uint32_t *part;
  KY_NEW(c->job, scratch, part, c->in->gap_part_count);
  for (uint32_t p = 0; p < c->in->gap_part_count; p++)
    KY_TRY(ky_system_cell(&c->system, c->in->gap_parts[p].people[measure], KY_COUNT_LATENT, 1, &part[p]));
  for (uint32_t row = 0; row < zones->count; row++) {
    bool has_any = false;
    for (uint32_t p = 0; p < c->in->gap_part_count && zone_cell[row] != KY_NONE; p++) {
      if (c->in->gap_parts[p].row != row) continue;
      KY_TRY(ky_system_term(&c->system, part[p], 1));
      has_any = true;
    }
    if (has_any) KY_TRY(ky_system_term(&c->system, zone_cell[row], -1));
    KY_TRY(ky_system_end(&c->system));
  }
  for (uint32_t p = 0; p < c->in->gap_part_count;) { /* parts are by gap */
    const uint32_t gap = c->in->gap_parts[p].gap;
    for (; p < c->in->gap_part_count && c->in->gap_parts[p].gap == gap; p++)
      if (gap_cell[gap] != KY_NONE) KY_TRY(ky_system_term(&c->system, part[p], 1));
    if (gap_cell[gap] != KY_NONE) KY_TRY(ky_system_term(&c->system, gap_cell[gap], -1));
    KY_TRY(ky_system_end(&c->system));
  }
  return KY_OK;
}

static const ky_table *find_table(const ky_public_in *in, const char *layer) {
  for (uint32_t t = 0; t < in->table_count; t++)
    if (strcmp(in->tables[t].layer, layer) == 0) return &in->tables[t];
  return NULL;
}

static ky_err build(counting *c) {
  const ky_publication *before = &c->in->before, *then = &c->in->before_internal;
  const bool has_gaps = c->published->gaps != NULL || c->published->mobility != NULL;
  const ky_table *gaps_shown = c->published->gaps != NULL ? c->published->gaps : c->published->mobility;
  const ky_table *gaps_before = before->gaps != NULL ? before->gaps : before->mobility;
  KY_TRY(add_now(c, find_table(c->in, "zones"), c->published->zones, before->zones, &c->now.zones));
  KY_TRY(add_now(c, has_gaps ? find_table(c->in, "gaps") : NULL, gaps_shown, gaps_before, &c->now.gaps));
  const uint32_t today = c->system.counts.count;
  KY_TRY(add_before(c, &c->now.zones, before->zones, before->zones != NULL ? then->zones : NULL, &c->before.zones));
  KY_TRY(add_before(c, &c->now.gaps, gaps_before, gaps_before != NULL ? then->gaps : NULL, &c->before.gaps));
  KY_TRY(ky_system_end(&c->system));
  for (int f = 0; f < 2; f++) {
    const frame *of = f == 0 ? &c->now : &c->before;
    c->system.shared = f == 0 ? 0 : today;
    if (of->zones.table != NULL) KY_TRY(ky_system_relate_zones(&c->system, &of->zones, c->in->primary_band));
    if (of->gaps.table != NULL) KY_TRY(ky_system_relate_gaps(&c->system, &of->gaps));
  }
  for (int m = 0; m < KY_MEASURE_COUNT && c->now.gaps.table != NULL && c->now.zones.table != NULL; m++)
    KY_TRY(relate_gap_parts(c, m));
  return KY_OK;
}

/* Marks what is hidden of a table that is published; a small count that was published before is hidden all the same. */
static ky_err mark(counting *c, const ky_system_table *from, const ky_table *published, uint8_t **out,
                   ky_public_layers *made) {
  if (published == NULL) return KY_OK;
  KY_NEW(c->job, keep, *out, (size_t)published->column_count * published->count);
  if (from->table == NULL) return KY_OK;
  for (uint32_t row = 0; row < published->count; row++) {
    const char *layer_key = strcmp(published->layer, "zones") == 0 ? "zone_id" : "gap_id";
    uint32_t own = KY_NONE;
    for (uint32_t r = 0; r < from->table->count && own == KY_NONE; r++)
      if (strcmp(text_of(from->table, layer_key, r), text_of(published, layer_key, row)) == 0 &&
          strcmp(text_of(from->table, "level", r), text_of(published, "level", row)) == 0)
        own = r;
    for (uint32_t k = 0; k < published->column_count && own != KY_NONE; k++) {
      const ky_column *same = ky_table_column(from->table, published->columns[k].name);
      const uint32_t cell =
          same != NULL ? from->cell[(size_t)(same - from->table->columns) * from->table->count + own] : KY_NONE;
      const ky_column *column = &published->columns[k];
      const int64_t milli = is_count(c, published->layer, column) ? milli_of(column, row) : KY_NULL;
      if (milli == KY_NULL) continue;
      const bool is_small = milli > 0 && milli < c->opts->threshold;
      const uint8_t state = cell == KY_NONE ? KY_COUNT_SHOWN : c->system.counts.state[cell];
      const bool is_companion =
          !is_small && (state == KY_COUNT_COMPANION || !is_shown_at(c, published->layer, column->name));
      (*out)[(size_t)k * published->count + row] = is_small || is_companion;
      made->small += is_small;
      made->companions += is_companion;
      made->published_before += is_small && state == KY_COUNT_KNOWN;
    }
  }
  return KY_OK;
}

/* Detail is given up from above until nothing that is hidden can be worked out. */
static ky_err hide_at_some_level(counting *c, ky_counts_done *done) {
  const ky_arena_mark mark = ky_arena_now(&c->job->scratch);
  const counting empty = *c;
  for (int level = EVERYTHING; level < LEVELS; level++) {
    const ky_counts_opts how = {.threshold = c->opts->threshold,
                                .with_companions = c->opts->with_companions,
                                .stops_at_bare = level + 1 < LEVELS};
    ky_arena_rewind(&c->job->scratch, mark);
    *c = empty;
    c->level = level;
    *done = (ky_counts_done){.bare = 0};
    KY_TRY(build(c));
    if (c->system.counts.count != 0) KY_TRY(ky_counts_hide(c->job, &how, &c->system.counts, done));
    if (done->bare == 0) break;
  }
  return KY_OK;
}

ky_err ky_public_counts(ky_job *job, const ky_public_opts *opts, const ky_public_in *in,
                        const ky_publication *published, ky_hidden *hidden, ky_public_layers *out) {
  counting c = {.job = job, .opts = opts, .in = in, .published = published, .system = {.job = job}};
  ky_counts_done done;
  *hidden = (ky_hidden){.zones = NULL};
  KY_TRY(hide_at_some_level(&c, &done));
  out->level = (uint32_t)c.level;
  out->not_proven = done.bare;
  KY_TRY(mark(&c, &c.now.zones, published->zones, &hidden->zones, out));
  KY_TRY(mark(&c, &c.now.gaps, published->gaps, &hidden->gaps, out));
  return mark(&c, &c.now.gaps, published->mobility, &hidden->mobility, out);
}
