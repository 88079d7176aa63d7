/* Internal layers -> public layers: which layers, records and attributes, then which counts. */
#include <assert.h>
#include <kayoi/public.h>
#include <math.h>
#include <string.h>

#include "core/public_persons.h"
#include "core/public_rows.h"

/* Columns that the public part adds: hidden, hidden_note, place_generalised, people_date, venues_date. */
#define ADDED 5

/* In Japanese, as it stands beside results. */
#define NOTE "%d人未満の数とそれを計算で求められる数は非公表（公表されていない資料による）"

typedef struct making {
  ky_job *job;
  const ky_public_opts *opts;
  const ky_public_in *in;
  ky_public_layers *out;
  const ky_table *venues;
  uint8_t *venue_is; /* [venues] ky_venue_public */
} making;

static const ky_table *find_table(const ky_public_in *in, const char *layer) {
  for (uint32_t t = 0; t < in->table_count; t++)
    if (strcmp(in->tables[t].layer, layer) == 0) return &in->tables[t];
  return NULL;
}

static bool is_switched_on(const ky_public_opts *opts, const char *layer) {
  for (uint32_t l = 0; l < opts->layer_count; l++)
    if (strcmp(opts->layers[l], layer) == 0) return true;
  return false;
}

/* Why a layer is left out; NULL: it is not. */
static const char *why_left_out(const making *m, const char *layer) {
  const ky_layer_audience audience = ky_layer_audience_of(layer);
  if (audience == KY_LAYER_INTERNAL) return "internal";
  if (audience == KY_LAYER_SWITCHED && !is_switched_on(m->opts, layer)) return "not_switched_on";
  if (ky_layer_needs_open(layer) && !m->opts->is_open[KY_FROM_RESIDENTS]) return "residents_restricted";
  return NULL;
}

static bool is_open_for(const making *m, const char *layer, const ky_audience_row *row) {
  return strcmp(layer, "resources") == 0 ? m->opts->resources_open : m->opts->is_open[row->source];
}

static bool is_taken(const making *m, const char *layer, const ky_audience_row *row) {
  return row->kind != KY_ATTRIBUTE_INTERNAL && (row->kind != KY_ATTRIBUTE_OPEN || is_open_for(m, layer, row));
}

/* A text column with texts that may name persons taken out. */
static ky_err personal_texts(const making *m, const ky_column *from, const ky_audience_row *row, const ky_rows *rows,
                             const char ***out) {
  KY_NEW(m->job, keep, *out, rows->count);
  for (uint32_t i = 0; i < rows->count; i++) {
    const char *text = from->of.text[rows->order[i]];
    const bool is_marked = ky_venue_mark(m->venues, rows->order[i]) == 1;
    const bool is_exact = m->venue_is[rows->order[i]] == KY_VENUE_EXACT;
    bool is_shown = text != NULL;
    if (is_shown && row->kind == KY_ATTRIBUTE_OPERATOR) is_shown = ky_text_names_bodies(text);
    if (is_shown && row->kind == KY_ATTRIBUTE_CONTACT) is_shown = is_marked && is_exact;
    if (is_shown && strcmp(from->name, "contact") == 0) is_shown = ky_text_is_contact(text);
    (*out)[i] = is_shown ? text : NULL;
  }
  return KY_OK;
}

/* The name of a venue in a home is often that of its owner. */
static ky_err names_of_venues(const making *m, const ky_column *from, const ky_rows *rows, const char ***out) {
  KY_NEW(m->job, keep, *out, rows->count);
  for (uint32_t i = 0; i < rows->count; i++) {
    const bool is_home = m->venue_is[rows->order[i]] == KY_VENUE_GENERALISED;
    (*out)[i] = !is_home ? from->of.text[rows->order[i]] : strcmp(from->name, "name") == 0 ? "個人宅での集まり" : NULL;
  }
  return KY_OK;
}

static ky_err take_column(making *m, const ky_column *from, const ky_audience_row *row, const ky_rows *rows,
                          ky_table *out) {
  const bool is_venue = strcmp(out->layer, "venues") == 0;
  const char **text;
  if (from->type != KY_COLUMN_TEXT) return ky_rows_column(m->job, from, rows, out);
  if (is_venue && (row->kind == KY_ATTRIBUTE_CONTACT || row->kind == KY_ATTRIBUTE_OPERATOR)) {
    KY_TRY(personal_texts(m, from, row, rows, &text));
  } else if (is_venue && strncmp(from->name, "name", 4) == 0) {
    KY_TRY(names_of_venues(m, from, rows, &text));
  } else {
    return ky_rows_column(m->job, from, rows, out);
  }
  ky_table_text(out, from->name, from->alias, text);
  return KY_OK;
}

/* Homes stand at the middle of their square. */
static ky_err add_places(making *m, const ky_rows *rows, ky_shapes *shapes, ky_table *out) {
  int8_t *is_generalised;
  KY_NEW(m->job, keep, is_generalised, rows->count);
  for (uint32_t i = 0; i < rows->count; i++) {
    is_generalised[i] = m->venue_is[rows->order[i]] == KY_VENUE_GENERALISED;
    if (!is_generalised[i]) continue;
    m->out->homes_generalised++;
    for (uint32_t p = shapes->first_part[i]; p < shapes->first_part[i + 1]; p++) {
      const uint32_t v = shapes->first_vertex[p];
      shapes->x[v] = (floor(shapes->x[v] / KY_PUBLIC_GRID_M) + 0.5) * KY_PUBLIC_GRID_M;
      shapes->y[v] = (floor(shapes->y[v] / KY_PUBLIC_GRID_M) + 0.5) * KY_PUBLIC_GRID_M;
    }
  }
  ky_table_bool(out, "place_generalised", "位置は500m区画の中心", is_generalised);
  return KY_OK;
}

static ky_err pick_rows(making *m, const ky_table *table, ky_rows *out) {
  const ky_rows_rule rule = {.venues = m->venues,
                             .venue_is = m->venue_is,
                             .threshold = m->opts->threshold,
                             .is_restricted = !m->opts->is_open[KY_FROM_RESIDENTS]};
  KY_TRY(ky_rows_pick(m->job, table, &rule, out));
  if (strcmp(table->layer, "venues") == 0) m->out->venues_withheld = table->count - out->count;
  if (strcmp(table->layer, "gaps") == 0) m->out->gaps_withheld = table->count - out->count;
  return KY_OK;
}

static ky_err make_table(making *m, const ky_table *table, ky_table *out) {
  ky_rows rows;
  ky_shapes *shapes = NULL;
  KY_TRY(pick_rows(m, table, &rows));
  if (table->shapes != NULL && strcmp(table->layer, "issues") != 0) {
    KY_NEW(m->job, keep, shapes, 1);
    KY_TRY(ky_shapes_pick(m->job, table->shapes, rows.order, rows.count, shapes));
  }
  KY_TRY(ky_table_new(m->job, table->layer, table->alias, rows.count, shapes, table->column_count + ADDED, out));
  for (uint32_t c = 0; c < table->column_count; c++) {
    const ky_column *column = &table->columns[c];
    const ky_audience_row *row = ky_audience_of(table->layer, column->name);
    if (is_taken(m, table->layer, row)) KY_TRY(take_column(m, column, row, &rows, out));
  }
  return strcmp(table->layer, "venues") == 0 && shapes != NULL ? add_places(m, &rows, shapes, out) : KY_OK;
}

/* Names of the bases of a derived attribute, '*' as in the attribute; the next one from *at. false: none left. */
static bool next_base(const ky_audience_row *row, const char *attribute, const char **at, char *out, size_t size) {
  const char *star = strchr(row->attribute, '*');
  const size_t behind = star != NULL ? strlen(star + 1) : 0;
  const char *from = star != NULL ? attribute + (star - row->attribute) : "";
  const size_t length = star != NULL ? strlen(from) - behind : 0;
  size_t n = 0;
  if (**at == '\0') return false;
  for (; **at != '\0' && **at != '|'; (*at)++) {
    const bool is_star = **at == '*';
    if (n + length + 1 >= size) break;
    if (is_star)
      memcpy(out + n, from, length);
    else
      out[n] = **at;
    n += is_star ? length : 1;
  }
  out[n] = '\0';
  *at += **at == '|';
  return true;
}

static void hide_value(ky_column *column, uint32_t row) {
  if (column->type == KY_COLUMN_TEXT) ((const char **)(uintptr_t)column->of.text)[row] = NULL;
  if (column->type == KY_COLUMN_FIXED) ((int64_t *)(uintptr_t)column->of.fixed)[row] = KY_NULL;
  if (column->type == KY_COLUMN_BOOL) ((int8_t *)(uintptr_t)column->of.flag)[row] = -1;
}

static bool is_null(const ky_column *column, uint32_t row) {
  if (column->type == KY_COLUMN_TEXT) return column->of.text[row] == NULL;
  return column->type == KY_COLUMN_FIXED ? column->of.fixed[row] == KY_NULL : column->of.flag[row] < 0;
}

/* What is derived from something hidden is hidden. */
static void hide_derived(const making *m, const ky_table *table, uint8_t *is_hidden) {
  char base[128];
  for (uint32_t c = 0; c < table->column_count; c++) {
    const ky_audience_row *row = ky_audience_of(table->layer, table->columns[c].name);
    if (row->kind != KY_ATTRIBUTE_DERIVED) continue;
    const char *at = row->bases;
    while (next_base(row, table->columns[c].name, &at, base, sizeof base)) {
      const ky_column *of = ky_table_column(table, base);
      for (uint32_t r = 0; of != NULL && r < table->count; r++) {
        if (!is_hidden[(size_t)(of - table->columns) * table->count + r]) continue;
        uint8_t *hidden = &is_hidden[(size_t)c * table->count + r];
        m->out->derived += *hidden == 0;
        *hidden = 1;
      }
    }
  }
}

/* Nulls, and two columns that name them. */
static ky_err hide(const making *m, ky_table *table, uint8_t *is_hidden) {
  const char **names, **notes;
  const char *note = ky_format(&m->job->keep, NOTE, (int)(m->opts->threshold / KY_PERSON));
  if (note == NULL) return ky_fail_memory(m->job);
  KY_NEW(m->job, keep, names, table->count);
  KY_NEW(m->job, keep, notes, table->count);
  hide_derived(m, table, is_hidden);
  for (uint32_t r = 0; r < table->count; r++) {
    for (uint32_t c = 0; c < table->column_count; c++) {
      ky_column *column = &table->columns[c];
      if (!is_hidden[(size_t)c * table->count + r] || is_null(column, r)) continue;
      hide_value(column, r);
      names[r] = names[r] == NULL ? column->name : ky_format(&m->job->keep, "%s; %s", names[r], column->name);
      if (names[r] == NULL) return ky_fail_memory(m->job);
      notes[r] = note;
    }
  }
  ky_table_text(table, "hidden", "非公表の項目", names);
  ky_table_text(table, "hidden_note", "非公表の理由", notes);
  return KY_OK;
}

static ky_table *made_table(ky_public_layers *out, const char *layer) {
  for (uint32_t t = 0; t < out->count; t++)
    if (strcmp(out->tables[t].layer, layer) == 0) return &out->tables[t];
  return NULL;
}

static ky_err hide_counts(making *m) {
  ky_hidden hidden;
  ky_table *zones = made_table(m->out, "zones"), *gaps = made_table(m->out, "gaps");
  ky_table *mobility = made_table(m->out, "mobility");
  const ky_publication published = {.zones = zones, .gaps = gaps, .mobility = mobility};
  KY_TRY(ky_public_counts(m->job, m->opts, m->in, &published, &hidden, m->out));
  if (zones != NULL) KY_TRY(hide(m, zones, hidden.zones));
  if (gaps != NULL) KY_TRY(hide(m, gaps, hidden.gaps));
  return mobility != NULL ? hide(m, mobility, hidden.mobility) : KY_OK;
}

/* The reference dates of the run, for layers that do not have them. */
static ky_err add_dates(making *m, ky_table *table) {
  static const char *const names[] = {"people_date", "venues_date"};
  static const char *const aliases[] = {"人口の時点", "通いの場の時点"};
  const ky_table *zones = find_table(m->in, "zones");
  for (int i = 0; i < 2; i++) {
    const ky_column *of = zones != NULL && zones->count != 0 ? ky_table_column(zones, names[i]) : NULL;
    const char **texts;
    if (of == NULL || of->type != KY_COLUMN_TEXT || ky_table_column(table, names[i]) != NULL) continue;
    KY_NEW(m->job, keep, texts, table->count);
    for (uint32_t r = 0; r < table->count; r++) texts[r] = of->of.text[0];
    ky_table_text(table, names[i], aliases[i], texts);
  }
  return KY_OK;
}

ky_err ky_public_make(ky_job *job, const ky_public_opts *opts, const ky_public_in *in, ky_public_layers *out) {
  making m = {.job = job, .opts = opts, .in = in, .out = out, .venues = find_table(in, "venues")};
  *out = (ky_public_layers){.count = 0};
  if (m.venues != NULL) KY_TRY(ky_venues_public(job, opts, m.venues, &m.venue_is));
  for (uint32_t t = 0; t < in->table_count; t++) {
    const char *layer = in->tables[t].layer, *why = why_left_out(&m, layer);
    assert(out->count + out->left_out_count < KY_PUBLIC_TABLES_MAX);
    if (why != NULL)
      out->left_out[out->left_out_count++] = (ky_left_out){.layer = layer, .why = why};
    else
      KY_TRY(make_table(&m, &in->tables[t], &out->tables[out->count++]));
  }
  KY_TRY(hide_counts(&m));
  for (uint32_t t = 0; t < out->count; t++) KY_TRY(add_dates(&m, &out->tables[t]));
  return KY_OK;
}
