/* How layers look on a map. */
#include "io/looks.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "core/code_words.h"
#include "core/palette.h"
#include "io/out_shape.h"

#define CLASSES_MAX 32
#define BANDS_MAX   16

/* A look that is being made. */
typedef struct look_maker {
  ky_job *job;
  const ky_layers *layers;
  const ky_table *table;
  ky_look *look;
  bool is_short; /* a column of the class begun last is missing */
  bool is_out_of_memory;
} look_maker;

static ky_look_class *begin(look_maker *m, const char *label) {
  m->is_out_of_memory |= label == NULL;
  if (m->is_short) m->look->count--; /* the class before cannot be told */
  m->is_short = false;
  assert(m->look->count < CLASSES_MAX);
  ky_look_class *class = &m->look->of[m->look->count++];
  *class = (ky_look_class){.label = label != NULL ? label : "",
                           .fill = KY_COLOUR_UNKNOWN,
                           .line = KY_COLOUR_LINE,
                           .fill_pct = 100,
                           .line_pct = 100,
                           .line_um = 200,
                           .size_um = 2500};
  return class;
}

static void add_test(look_maker *m, const char *column, ky_look_test test) {
  ky_look_class *class = &m->look->of[m->look->count - 1];
  test.column = ky_table_column(m->table, column);
  if (test.column == NULL)
    m->is_short = true;
  else if (class->test_count < KY_LOOK_TESTS)
    class->test[class->test_count++] = test;
}

static void when(look_maker *m, const char *column, ky_test_kind kind) {
  add_test(m, column, (ky_look_test){.kind = kind});
}

static void when_code(look_maker *m, const char *column, const char *code) {
  add_test(m, column, (ky_look_test){.kind = KY_TEST_CODE, .code = code});
}

static void when_range(look_maker *m, const char *column, int64_t above, int64_t up_to) {
  add_test(m, column, (ky_look_test){.kind = KY_TEST_RANGE, .above = above, .up_to = up_to});
}

static const char *metres(look_maker *m, int64_t mm) {
  const char *text = ky_format(&m->job->scratch, "%g", (double)mm / 1000);
  m->is_out_of_memory |= text == NULL;
  return text != NULL ? text : "";
}

static void add_band(int64_t value, int64_t bands[], uint32_t *count, uint32_t capacity) {
  uint32_t at = 0;
  while (at < *count && bands[at] < value) at++;
  if (value == KY_NULL || (at < *count && bands[at] == value) || *count == capacity) return;
  memmove(bands + at + 1, bands + at, (*count - at) * sizeof *bands);
  bands[at] = value;
  ++*count;
}

uint32_t ky_look_bands(const ky_layers *layers, int64_t bands[], uint32_t capacity) {
  static const char *const from[][2] = {{"service_areas", "band_m"}, {"streets", "band"}};
  uint32_t count = 0;
  for (size_t f = 0; f < sizeof from / sizeof *from && count == 0; f++) {
    const ky_table *table = ky_layers_find(layers, from[f][0]);
    const ky_column *column = table != NULL ? ky_table_column(table, from[f][1]) : NULL;
    for (uint32_t i = 0; column != NULL && i < table->count; i++)
      add_band(column->of.fixed[i], bands, &count, capacity);
  }
  return count;
}

/* A class per band, then twice the last band, then beyond: ranges of one column. */
static void add_distances(look_maker *m, const char *column, ky_look_class *like) {
  int64_t bands[BANDS_MAX] = {0};
  const ky_look_class look = *like;
  uint32_t count = ky_look_bands(m->layers, bands, BANDS_MAX - 1);
  if (count != 0) {
    bands[count] = 2 * bands[count - 1];
    count++;
  }
  for (uint32_t b = 0; b <= count && count != 0; b++) {
    const char *label = b == 0 ? ky_format(&m->job->keep, "%s m以内", metres(m, bands[0]))
                        : b == count
                            ? ky_format(&m->job->keep, "%s mより遠い", metres(m, bands[b - 1]))
                            : ky_format(&m->job->keep, "%s〜%s m", metres(m, bands[b - 1]), metres(m, bands[b]));
    ky_look_class *class = begin(m, label);
    const char *text = class->label;
    *class = look;
    class->label = text;
    class->test_count = 0;
    class->fill = ky_palette_step(b, count + 1);
    when_range(m, column, b == 0 ? KY_NULL : bands[b - 1], b == count ? KY_NULL : bands[b]);
  }
}

static void look_cells(look_maker *m) {
  static const ky_look_class area = {.fill_pct = 75, .line = KY_COLOUR_PAPER, .line_pct = 60, .line_um = 100};
  ky_look_class like = area;
  add_distances(m, "walk_m_median", &like);
  static const char *const reaches[] = {"unreachable", "unknown"};
  for (size_t r = 0; r < sizeof reaches / sizeof *reaches; r++) {
    ky_look_class *class = begin(m, ky_code_word("reach", reaches[r]));
    class->fill = ky_palette_code("reach", reaches[r]);
    class->fill_pct = 75;
    class->line = KY_COLOUR_PAPER;
    class->line_um = 100;
    when(m, "walk_m_median", KY_TEST_NULL);
    when_code(m, "reach", reaches[r]);
  }
}

static void look_streets(look_maker *m) {
  int64_t bands[BANDS_MAX];
  const uint32_t count = ky_look_bands(m->layers, bands, BANDS_MAX);
  for (uint32_t b = 0; b < count; b++) {
    ky_look_class *class = begin(m, ky_format(&m->job->keep, "%s m以内", metres(m, bands[b])));
    class->fill = ky_palette_step(b, count + 2);
    class->line_um = 500;
    when_range(m, "band", b == 0 ? KY_NULL : bands[b - 1], bands[b]);
  }
  const char *label = count != 0 ? ky_format(&m->job->keep, "%s mより遠い", metres(m, bands[count - 1])) : "徒歩圏外";
  ky_look_class *class = begin(m, label);
  class->fill = ky_palette_step(count + 1, count + 2);
  class->line_um = 350;
  when(m, "band", KY_TEST_NULL);
  when(m, "walk_m_from", KY_TEST_KNOWN);
  class = begin(m, "場まで歩いて行けない");
  class->fill = KY_COLOUR_UNKNOWN;
  class->line_um = 350;
  class->is_dashed = true;
  when(m, "band", KY_TEST_NULL);
  when(m, "walk_m_from", KY_TEST_NULL);
}

static void style_venue(ky_look_class *class, uint32_t size_um) {
  class->fill = KY_COLOUR_VENUE;
  class->line = KY_COLOUR_PAPER;
  class->line_um = 300;
  class->size_um = size_um;
}

static void look_venues(look_maker *m) {
  static const struct {
    int64_t above, up_to;
    uint32_t size_um;
    const char *label;
  } sizes[] = {{KY_NULL, 9, 2200, "参加者 9人まで"},
               {9, 19, 3000, "参加者 10〜19人"},
               {19, 39, 3900, "参加者 20〜39人"},
               {39, KY_NULL, 5000, "参加者 40人以上"}};
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    style_venue(begin(m, sizes[s].label), sizes[s].size_um);
    when_range(m, "participants", sizes[s].above, sizes[s].up_to);
    when(m, "counts", KY_TEST_TRUE);
  }
  const bool has_sizes = ky_table_column(m->table, "participants") != NULL; /* the public layer has none */
  ky_look_class *class = begin(m, has_sizes ? "参加者数が不明" : "通いの場");
  style_venue(class, 2600);
  if (has_sizes) {
    class->fill = KY_COLOUR_PAPER;
    class->line = KY_COLOUR_VENUE;
    class->line_um = 600;
    when(m, "participants", KY_TEST_NULL);
  }
  when(m, "counts", KY_TEST_TRUE);
  class = begin(m, "徒歩圏に数えない場");
  class->fill = class->line = KY_COLOUR_EXCLUDED;
  class->mark = KY_MARK_CROSS;
  class->line_um = 500;
  when(m, "counts", KY_TEST_FALSE);
  m->look->name[0] = ky_table_column(m->table, "name");
  m->look->name_scale = 20000;
}

static void look_service_areas(look_maker *m) {
  int64_t bands[BANDS_MAX];
  const uint32_t count = ky_look_bands(m->layers, bands, BANDS_MAX);
  for (uint32_t b = 0; b < count; b++) {
    ky_look_class *class = begin(m, ky_format(&m->job->keep, "どこかの場まで%s m以内", metres(m, bands[b])));
    class->fill = class->line = ky_palette_step(b, count + 2);
    class->fill_pct = 45;
    when_range(m, "band_m", b == 0 ? KY_NULL : bands[b - 1], bands[b]);
    when(m, "venue_id", KY_TEST_NULL);
  }
  m->look->order = ky_table_column(m->table, "band_m");
}

static void look_remedies(look_maker *m) {
  static const char *const classes[] = {"new_venue", "transit", "mobility_support", "outreach"};
  for (size_t c = 0; c < sizeof classes / sizeof *classes; c++) {
    ky_look_class *class = begin(m, ky_code_word("class", classes[c]));
    class->fill = class->line = ky_palette_code("class", classes[c]);
    class->fill_pct = 55;
    class->line_um = 500;
    when_code(m, "class", classes[c]);
  }
  ky_look_class *class = begin(m, "手立てが決まらない");
  class->fill_pct = 40;
  when(m, "class", KY_TEST_NULL);
  m->look->name[0] = ky_table_column(m->table, "rank");
  m->look->name_after = "位";
  m->look->name[1] = ky_table_column(m->table, "gap_name");
  m->look->name_scale = 75000;
}

static void add_outline(look_maker *m) {
  static const char *const levels[] = {"zone", "municipality"};
  static const uint32_t widths[] = {500, 900};
  for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
    ky_look_class *class = begin(m, ky_code_word("level", levels[l]));
    class->fill_pct = 0;
    class->line_um = widths[l];
    when_code(m, "level", levels[l]);
  }
}

static void look_zones(look_maker *m) {
  const ky_column *share = ky_table_column(m->table, "covered_share_65");
  const int64_t fifth = 200000; /* six decimals */
  for (int64_t s = 4; s >= 0 && share != NULL; s--) {
    ky_look_class *class =
        begin(m, ky_format(&m->job->keep, "徒歩圏内 %" PRId64 "〜%" PRId64 " %%", s * 20, s * 20 + 20));
    class->fill = ky_palette_step((uint32_t)(4 - s), 5);
    class->fill_pct = 60;
    class->line_um = 400;
    when_range(m, "covered_share_65", s == 0 ? KY_NULL : s * fifth, s == 4 ? KY_NULL : (s + 1) * fifth);
    when_code(m, "level", "zone");
  }
  ky_look_class *class = begin(m, "徒歩圏内の割合が不明");
  class->fill_pct = 60;
  if (share != NULL) when(m, "covered_share_65", KY_TEST_NULL);
  when_code(m, "level", "zone");
  class = begin(m, ky_code_word("level", "municipality"));
  class->fill_pct = 0;
  class->line_um = 900;
  when_code(m, "level", "municipality");
  m->look->name[0] = ky_table_column(m->table, "name");
}

static void look_sites(look_maker *m) {
  static const struct {
    int64_t above, up_to;
    uint32_t size_um;
    const char *label;
  } steps[] = {{KY_NULL, 3, 6000, "候補地 1〜3番目"},
               {3, 10, 5000, "候補地 4〜10番目"},
               {10, KY_NULL, 3800, "候補地 11番目から"}};
  for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
    ky_look_class *class = begin(m, steps[s].label);
    class->fill = KY_COLOUR_SITE;
    class->mark = KY_MARK_STAR;
    class->size_um = steps[s].size_um;
    when_range(m, "order", steps[s].above, steps[s].up_to);
  }
  m->look->name[0] = ky_table_column(m->table, "order");
  m->look->name_before = "候補";
  m->look->name_scale = 150000;
}

static void look_stops(look_maker *m) {
  static const struct {
    ky_test_kind kind;
    uint32_t fill;
    const char *label;
  } answers[] = {{KY_TEST_TRUE, 0x009E73, "乗り換えなしで場へ通える停留所"},
                 {KY_TEST_FALSE, KY_COLOUR_PAPER, "場へは通えない停留所"},
                 {KY_TEST_NULL, KY_COLOUR_UNKNOWN, "便数が分からない停留所"}};
  for (size_t a = 0; a < sizeof answers / sizeof *answers; a++) {
    ky_look_class *class = begin(m, answers[a].label);
    class->fill = answers[a].fill;
    class->mark = KY_MARK_SQUARE;
    class->size_um = 1800;
    when(m, "by_bus", answers[a].kind);
  }
  m->look->name[0] = ky_table_column(m->table, "name");
  m->look->name_scale = 15000;
}

static bool is_first(const char *const *text, uint32_t record) {
  for (uint32_t i = 0; i < record; i++)
    if (text[i] != NULL && strcmp(text[i], text[record]) == 0) return false;
  return true;
}

/* A class per text of the column, those with a colour of their own first; the others as they come. */
static void add_codes(look_maker *m, const char *name) {
  const ky_column *column = ky_table_column(m->table, name);
  const ky_code_colour *known;
  if (column == NULL || column->type != KY_COLUMN_TEXT) return;
  for (size_t k = 0; (known = ky_palette_codes(k)) != NULL; k++) {
    if (strcmp(known->column, name) != 0) continue;
    begin(m, ky_code_word(name, known->code))->fill = known->rgb;
    when_code(m, name, known->code);
  }
  for (uint32_t i = 0; i < m->table->count && m->look->count + 1 < CLASSES_MAX; i++) {
    const char *text = column->of.text[i];
    if (text == NULL || ky_palette_code(name, text) != KY_COLOUR_UNKNOWN || !is_first(column->of.text, i)) continue;
    const char *word = ky_code_word(name, text);
    begin(m, word != NULL ? word : text)->fill = 0x0072B2;
    when_code(m, name, text);
  }
  begin(m, "不明");
  when(m, name, KY_TEST_NULL);
}

static void look_resources(look_maker *m) {
  static const ky_mark marks[] = {KY_MARK_DIAMOND, KY_MARK_SQUARE, KY_MARK_TRIANGLE};
  add_codes(m, "kind");
  for (uint32_t c = 0; c < m->look->count; c++) {
    m->look->of[c].mark = marks[c % (sizeof marks / sizeof *marks)];
    m->look->of[c].line = KY_COLOUR_PAPER;
    m->look->of[c].size_um = 2800;
  }
  m->look->name[0] = ky_table_column(m->table, "name");
  m->look->name_scale = 15000;
}

static void look_issues(look_maker *m) {
  add_codes(m, "severity");
  for (uint32_t c = 0; c < m->look->count; c++) {
    m->look->of[c].mark = KY_MARK_TRIANGLE;
    m->look->of[c].fill_pct = m->look->kind == KY_SHAPE_POLYGON ? 40 : 100;
  }
}

static void look_changes(look_maker *m) {
  add_codes(m, "kind");
  for (uint32_t c = 0; c < m->look->count; c++) {
    m->look->of[c].mark = KY_MARK_DIAMOND;
    m->look->of[c].fill = ky_palette_step(c, m->look->count);
    m->look->of[c].size_um = 3200;
  }
}

static void look_robust(look_maker *m) {
  static const struct {
    const char *answer, *label;
    ky_test_kind robust;
    uint32_t fill;
  } answers[] = {{"covered", "どの定義でも徒歩圏内", KY_TEST_TRUE, 0xFDE725},
                 {"covered", "この定義では徒歩圏内、定義により変わる", KY_TEST_FALSE, 0x7AD151},
                 {"not_covered", "この定義では徒歩圏外、定義により変わる", KY_TEST_FALSE, 0x2A788E},
                 {"not_covered", "どの定義でも徒歩圏外", KY_TEST_TRUE, 0x440154}};
  for (size_t a = 0; a < sizeof answers / sizeof *answers; a++) {
    ky_look_class *class = begin(m, answers[a].label);
    class->fill = answers[a].fill;
    class->fill_pct = 75;
    class->line = KY_COLOUR_PAPER;
    class->line_um = 100;
    when_code(m, "answer", answers[a].answer);
    when(m, "robust", answers[a].robust);
  }
  begin(m, ky_code_word("answer", "unknown"))->fill_pct = 75;
  when_code(m, "answer", "unknown");
}

static const struct {
  const char *layer;
  void (*make)(look_maker *m);
} makers[] = {{"cells", look_cells},         {"streets", look_streets},
              {"venues", look_venues},       {"service_areas", look_service_areas},
              {"gaps", look_remedies},       {"year_gaps", look_remedies},
              {"mobility", look_remedies},   {"zones", look_zones},
              {"sites", look_sites},         {"stops", look_stops},
              {"resources", look_resources}, {"issues", look_issues},
              {"changes", look_changes},     {"cell_sensitivity", look_robust}};

static ky_err start(ky_job *job, const ky_layers *layers, const ky_table *table, ky_look *out, look_maker *m) {
  *out = (ky_look){.kind = ky_shapes_form(table->shapes).kind};
  if (out->kind == KY_SHAPE_MIXED) out->kind = KY_SHAPE_POINT;
  *m = (look_maker){.job = job, .layers = layers, .table = table, .look = out};
  KY_NEW(job, keep, out->of, CLASSES_MAX);
  return KY_OK;
}

static ky_err end(look_maker *m) {
  if (m->is_short) m->look->count--;
  m->is_short = false;
  if (m->look->count == 0) begin(m, m->table->alias != NULL ? m->table->alias : m->table->layer)->fill_pct = 60;
  return m->is_out_of_memory ? ky_fail_memory(m->job) : KY_OK;
}

ky_err ky_look_make(ky_job *job, const ky_layers *layers, const ky_table *table, ky_look *out) {
  look_maker m;
  KY_TRY(start(job, layers, table, out, &m));
  for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
    if (out->kind != KY_SHAPE_NONE && strcmp(makers[i].layer, table->layer) == 0) makers[i].make(&m);
  return end(&m);
}

ky_err ky_look_borders(ky_job *job, const ky_table *zones, ky_look *out) {
  look_maker m;
  KY_TRY(start(job, NULL, zones, out, &m));
  add_outline(&m);
  out->name[0] = ky_table_column(zones, "name");
  return end(&m);
}
