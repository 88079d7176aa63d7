/* XLSX with libxlsxwriter: one file kayoi.xlsx for people, a sheet per layer that people read, Japanese headers and
 * words, numbers in the formats that people expect. First comes a sheet of key figures with a column per zone, last one
 * that explains every column. Layers for machines (cells, streets ...) are left to the other formats. Texts are always
 * written as text, so no name becomes a formula. Equal results give equal bytes. */
#include <errno.h>
#include <kayoi/write.h>
#include <string.h>
#include <xlsxwriter.h>

#include "core/code_words.h"
#include "io/book_style.h"
#include "io/degrees.h"
#include "io/out_shape.h"

#define ROWS_MAX    1048575
#define TEXT_MAX    8000 /* bytes: a cell holds 32,767 characters */
#define WIDTH_MAX   40
#define WIDTH_ROWS  200 /* rows looked at for the width of a column */
#define FROZEN_COLS 2
#define WORDS_MAX   512
#define PLACE_WIDTH 12
#define PAGE_COLS   24

typedef enum look {
  LOOK_TEXT,
  LOOK_COUNT,
  LOOK_PEOPLE, /* thousandths are kept, tenths are shown */
  LOOK_DECIMAL,
  LOOK_SHARE,
  LOOK_DEGREES,
  LOOK_YEAR,
  LOOKS
} look;

typedef struct book {
  lxw_workbook *file;
  lxw_format *look[LOOKS], *head, *title, *note, *wrapped;
  lxw_error error; /* the first one */
} book;

static void note(book *b, lxw_error error) {
  if (b->error == LXW_NO_ERROR) b->error = error;
}

static void make_formats(book *b) {
  static const char *const number[LOOKS] = {
      [LOOK_COUNT] = "#,##0", [LOOK_PEOPLE] = "#,##0.0",   [LOOK_DECIMAL] = "#,##0.00",
      [LOOK_SHARE] = "0.0%",  [LOOK_DEGREES] = "0.000000", [LOOK_YEAR] = "0"};
  for (int l = 0; l < LOOKS; l++) b->look[l] = ky_book_cell(b->file, number[l]);
  b->head = ky_book_head(b->file, KY_BOOK_HEAD, KY_BOOK_PAPER);
  b->title = ky_book_cell(b->file, NULL);
  format_set_bold(b->title);
  format_set_font_size(b->title, 14);
  b->note = ky_book_cell(b->file, NULL);
  b->wrapped = ky_book_cell(b->file, NULL);
  format_set_text_wrap(b->wrapped);
}

static look look_of(const ky_column *column) {
  if (column->type != KY_COLUMN_FIXED) return LOOK_TEXT;
  const char *unit = column->unit != NULL ? column->unit : "";
  if (strcmp(unit, "share") == 0) return LOOK_SHARE;
  if (strcmp(unit, "year") == 0) return LOOK_YEAR;
  if (column->decimals == 0 || strcmp(unit, "m") == 0 || strcmp(unit, "m2") == 0) return LOOK_COUNT;
  return strcmp(unit, "people") == 0 || strcmp(unit, "people/km2") == 0 || strcmp(unit, "min") == 0 ? LOOK_PEOPLE
                                                                                                    : LOOK_DECIMAL;
}

/* Texts that are too long for a cell end at a character. */
static void put_text(book *b, lxw_worksheet *sheet, uint32_t row, uint16_t col, const char *text, lxw_format *format) {
  char part[TEXT_MAX + 1];
  size_t length = strlen(text);
  if (length > TEXT_MAX) {
    length = TEXT_MAX;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    memcpy(part, text, length);
    part[length] = '\0';
    text = part;
  }
  if (length != 0) note(b, worksheet_write_string(sheet, row, col, text, format));
}

static double fixed_value(int64_t value, uint8_t decimals) {
  double scale = 1;
  for (uint8_t d = 0; d < decimals; d++) scale *= 10;
  return (double)value / scale;
}

/* room: for words that are put together. */
static const char *shown_text(const ky_column *column, uint32_t record, char room[WORDS_MAX]) {
  if (column->type == KY_COLUMN_BOOL)
    return column->of.flag[record] < 0 ? "" : column->of.flag[record] != 0 ? "はい" : "いいえ";
  const char *text = column->of.text[record];
  if (text == NULL) return "";
  const char *word = ky_code_word(column->name, text);
  if (word == NULL) word = ky_days_words(column->name, text, room, WORDS_MAX);
  return word != NULL ? word : text;
}

/* The alias without the codes that it explains, （m 男、f 女）: cells hold their words. */
static const char *heading_of(const ky_column *column, char room[WORDS_MAX]) {
  const size_t opening = strlen("（");
  for (const char *at = strstr(column->alias, "（"); at != NULL; at = strstr(at + opening, "（")) {
    const size_t length = (size_t)(at - column->alias);
    if (at[opening] < 'a' || at[opening] > 'z' || length >= WORDS_MAX) continue;
    memcpy(room, column->alias, length);
    room[length] = '\0';
    return room;
  }
  return column->alias;
}

/* A code beside a column of its names (kind, kind_name) is for machines. */
static bool is_shown(const ky_table *table, uint32_t c) {
  const size_t length = strlen(table->columns[c].name);
  for (uint32_t other = 0; other < table->column_count; other++) {
    const char *name = table->columns[other].name;
    if (strncmp(name, table->columns[c].name, length) == 0 && strcmp(name + length, "_name") == 0) return false;
  }
  return true;
}

static void put_value(book *b, lxw_worksheet *sheet, uint32_t row, uint16_t col, const ky_column *column,
                      uint32_t record, look as) {
  char room[WORDS_MAX];
  if (column->type != KY_COLUMN_FIXED)
    put_text(b, sheet, row, col, shown_text(column, record, room), b->look[LOOK_TEXT]);
  else if (column->of.fixed[record] != KY_NULL)
    note(b,
         worksheet_write_number(sheet, row, col, fixed_value(column->of.fixed[record], column->decimals), b->look[as]));
}

/* Half-width places that a text takes. */
static double width_of(const char *text) {
  double width = 0;
  for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
    if ((*c & 0xC0) != 0x80) width += *c < 0x80 ? 1 : 2;
  return width;
}

static double column_width(const ky_column *column, uint32_t count) {
  char room[WORDS_MAX];
  double width = width_of(heading_of(column, room)) / 2; /* headers wrap */
  if (width < 9) width = 9;
  for (uint32_t i = 0; i < count && i < WIDTH_ROWS && column->type != KY_COLUMN_FIXED; i++) {
    const double here = width_of(shown_text(column, i, room));
    if (here > width) width = here;
  }
  return width + 2 < WIDTH_MAX ? width + 2 : WIDTH_MAX;
}

static void put_places(book *b, lxw_worksheet *sheet, const ky_shapes *shapes, uint16_t col) {
  static const char *const names[2] = {"経度", "緯度"};
  worksheet_set_column(sheet, col, (uint16_t)(col + 1), PLACE_WIDTH, NULL);
  for (uint16_t axis = 0; axis < 2; axis++) {
    put_text(b, sheet, 0, (uint16_t)(col + axis), names[axis], b->head);
    for (uint32_t i = 0; i < shapes->count; i++) {
      const uint32_t vertex = shapes->first_vertex[shapes->first_part[i]];
      if (ky_record_kind(shapes, i) != KY_SHAPE_POINT) continue;
      note(b, worksheet_write_number(sheet, i + 1, (uint16_t)(col + axis),
                                     axis == 0 ? shapes->x[vertex] : shapes->y[vertex], b->look[LOOK_DEGREES]));
    }
  }
}

/* On paper a sheet is as wide as the page, unless that made it too small to read. */
static lxw_worksheet *add_sheet(book *b, const char *name, uint32_t column_count) {
  lxw_worksheet *sheet = workbook_add_worksheet(b->file, name);
  if (sheet == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return NULL;
  }
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9); /* A4 */
  if (column_count <= PAGE_COLS) worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_repeat_rows(sheet, 0, 0);
  return sheet;
}

static void put_table(book *b, const ky_table *table) {
  lxw_worksheet *sheet = add_sheet(b, table->alias, table->column_count);
  const ky_shapes *places = table->shapes_deg;
  const bool has_places = places != NULL && places->kind == KY_SHAPE_POINT;
  uint16_t columns = 0;
  char room[WORDS_MAX];
  if (sheet == NULL) return;
  worksheet_set_row(sheet, 0, 45, NULL);
  for (uint32_t c = 0; c < table->column_count; c++) {
    const ky_column *column = &table->columns[c];
    if (!is_shown(table, c)) continue;
    worksheet_set_column(sheet, columns, columns, column_width(column, table->count), NULL);
    put_text(b, sheet, 0, columns, heading_of(column, room), b->head);
    for (uint32_t i = 0; i < table->count; i++) put_value(b, sheet, i + 1, columns, column, i, look_of(column));
    columns++;
  }
  worksheet_freeze_panes(sheet, 1, columns > FROZEN_COLS ? FROZEN_COLS : 0);
  if (has_places) put_places(b, sheet, places, columns);
  if (table->count != 0)
    worksheet_autofilter(sheet, 0, 0, table->count, (uint16_t)(columns - 1 + (has_places ? 2 : 0)));
}

/* What a planner asks first, in words of her own; NULL name: a heading. */
static const struct {
  const char *heading, *name;
} figures[] = {
    {"人口と徒歩圏", NULL},
    {NULL, "pop_65"},
    {NULL, "covered_65"},
    {NULL, "covered_share_65"},
    {NULL, "beyond_65"},
    {NULL, "unreachable_65"},
    {NULL, "unknown_65"},
    {NULL, "in_gap_65"},
    {NULL, "mobility_65"},
    {NULL, "no_venue_no_shop_65"},
    {"目標と参加", NULL},
    {NULL, "official_65"},
    {NULL, "target_rate"},
    {NULL, "target_participants"},
    {NULL, "participants"},
    {NULL, "participants_sum"},
    {NULL, "participation_rate"},
    {NULL, "attainment"},
    {NULL, "shortfall"},
    {"目標の人はどこにいるか", NULL},
    {NULL, "target_too_far"},
    {NULL, "target_no_seats"},
    {NULL, "target_within_reach"},
    {NULL, "target_unknown"},
    {"場", NULL},
    {NULL, "venues_count"},
    {NULL, "venues_counting"},
    {NULL, "seats"},
    {NULL, "free_seats"},
    {NULL, "places_by_participants"},
    {NULL, "places_by_reach"},
    {"どの圏域から始めるか（順位）", NULL},
    {NULL, "need_uncovered_65_rank"},
    {NULL, "need_shortfall_rank"},
    {NULL, "need_mobility_65_rank"},
    {NULL, "priority_rank"},
};

/* Rows of the ledger that say something to her: the municipality first, then its zones. */
static uint32_t figure_rows(const ky_table *zones, const ky_column *level, uint32_t *rows, uint32_t room) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < zones->count && count < room; i++)
    if (strcmp(level->of.text[i], "municipality") == 0) rows[count++] = i;
  for (uint32_t i = 0; i < zones->count && count < room; i++)
    if (strcmp(level->of.text[i], "zone") == 0) rows[count++] = i;
  return count;
}

#define ZONES_SHOWN 250

/* Below the figures: what comes first of the layers that name places. */
#define LIST_ROWS 5
#define LIST_COLS 6

static const struct {
  const char *layer, *heading, *columns[LIST_COLS];
} lists[] = {
    {"sites",
     "次に場を開く候補地（順番どおりに開いたとき）",
     {"site_name", "zone_id", "gain_65", "covered_after_share"}},
    {"mobility",
     "移動支援などの候補区域（人の多い順）",
     {"gap_name", "zone_id", "people_65", "class", "riders_per_session", "providers_willing"}},
    {"closures",
     "なくなると困る場（徒歩圏外となる人の多い順）",
     {"name", "zone_id", "losing_65", "participants_change", "supporters"}},
};

static const char *zone_name(const ky_table *zones, const char *id) {
  const ky_column *ids = ky_table_column(zones, "zone_id"), *names = ky_table_column(zones, "name");
  for (uint32_t i = 0; id != NULL && ids != NULL && names != NULL && i < zones->count; i++)
    if (ids->of.text[i] != NULL && strcmp(ids->of.text[i], id) == 0) return names->of.text[i];
  return id;
}

static void put_list_column(book *b, lxw_worksheet *sheet, uint32_t row, uint16_t col, const ky_table *zones,
                            const ky_table *table, const ky_column *column) {
  const look as = look_of(column) == LOOK_PEOPLE ? LOOK_COUNT : look_of(column);
  char room[WORDS_MAX];
  put_text(b, sheet, row, col, heading_of(column, room), b->head);
  for (uint32_t i = 0; i < table->count && i < LIST_ROWS; i++) {
    const char *zone = strcmp(column->name, "zone_id") == 0 ? zone_name(zones, column->of.text[i]) : NULL;
    if (zone != NULL)
      put_text(b, sheet, row + 1 + i, col, zone, b->note);
    else
      put_value(b, sheet, row + 1 + i, col, column, i, as);
  }
}

static void put_lists(book *b, lxw_worksheet *sheet, uint32_t row, const ky_table *tables, uint32_t table_count,
                      const ky_table *zones) {
  for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
    const ky_table *table = NULL;
    for (uint32_t t = 0; t < table_count; t++)
      if (strcmp(tables[t].layer, lists[l].layer) == 0) table = &tables[t];
    if (table == NULL || table->count == 0) continue;
    note(b, worksheet_set_row(sheet, row, 24, NULL));
    put_text(b, sheet, row++, 0, lists[l].heading, b->title);
    note(b, worksheet_set_row(sheet, row, 30, NULL));
    uint16_t col = 0;
    for (int c = 0; c < LIST_COLS && lists[l].columns[c] != NULL; c++) {
      const ky_column *column = ky_table_column(table, lists[l].columns[c]);
      if (column != NULL) put_list_column(b, sheet, row, col++, zones, table, column);
    }
    row += 1 + (table->count < LIST_ROWS ? table->count : LIST_ROWS);
  }
  put_text(b, sheet, row + 1, 0,
           "この結果は話し合いのための仮説です。空白地帯は、把握している通いの場がない区域のことです。", b->note);
}

/* A composite priority is there only when the config gives weights. */
static bool is_nowhere(const ky_column *column, const uint32_t *rows, uint32_t count) {
  for (uint32_t z = 0; z < count; z++)
    if (column->of.fixed[rows[z]] != KY_NULL) return false;
  return strcmp(column->name, "priority_rank") == 0;
}

static void put_figures(book *b, const ky_table *zones, const ky_table *tables, uint32_t table_count) {
  const ky_column *level = ky_table_column(zones, "level"), *name = ky_table_column(zones, "name");
  uint32_t rows[ZONES_SHOWN], row = 1;
  char room[WORDS_MAX];
  if (level == NULL || name == NULL) return;
  lxw_worksheet *sheet = add_sheet(b, "まとめ", 1);
  if (sheet == NULL) return;
  const uint32_t count = figure_rows(zones, level, rows, ZONES_SHOWN);
  worksheet_set_column(sheet, 0, 0, WIDTH_MAX, NULL);
  worksheet_set_column(sheet, 1, (uint16_t)(count < LIST_COLS ? LIST_COLS : count), 14, NULL);
  worksheet_freeze_panes(sheet, 1, 1);
  put_text(b, sheet, 0, 0, "項目（65歳以上の人数など。空欄は不明）", b->head);
  for (uint32_t z = 0; z < count; z++)
    put_text(b, sheet, 0, (uint16_t)(z + 1), shown_text(name, rows[z], room), b->head);
  for (size_t f = 0; f < sizeof figures / sizeof *figures; f++) {
    const ky_column *column = figures[f].name != NULL ? ky_table_column(zones, figures[f].name) : NULL;
    if (figures[f].heading != NULL) {
      note(b, worksheet_set_row(sheet, row, 24, NULL));
      put_text(b, sheet, row++, 0, figures[f].heading, b->title);
    }
    if (column == NULL || is_nowhere(column, rows, count)) continue;
    const look as = look_of(column) == LOOK_PEOPLE ? LOOK_COUNT : look_of(column);
    put_text(b, sheet, row, 0, heading_of(column, room), b->note);
    for (uint32_t z = 0; z < count; z++) put_value(b, sheet, row, (uint16_t)(z + 1), column, rows[z], as);
    row++;
  }
  put_lists(b, sheet, row, tables, table_count, zones);
}

static bool is_for_people(const ky_table *table) {
  static const char *const machines[] = {"cells",          "streets",     "service_areas",    "stops",
                                         "distance_curve", "cell_access", "cell_sensitivity", "year_gaps",
                                         "scenario_cells"};
  for (size_t m = 0; m < sizeof machines / sizeof *machines; m++)
    if (strcmp(machines[m], table->layer) == 0) return false;
  return table->column_count != 0;
}

static const char *unit_word(const ky_column *column) {
  static const char *const words[][2] = {
      {"people", "人"}, {"m", "メートル"},      {"m2", "平方メートル"}, {"km", "キロメートル"},   {"min", "分"},
      {"h", "時間"},    {"share", "割合（%）"}, {"year", "年"},         {"people/km2", "人/km²"}, {"m/min", "m/分"}};
  for (size_t w = 0; column->unit != NULL && w < sizeof words / sizeof *words; w++)
    if (strcmp(words[w][0], column->unit) == 0) return words[w][1];
  return column->unit != NULL ? column->unit : column->type == KY_COLUMN_BOOL ? "はい・いいえ" : "";
}

/* Every column of every sheet: its header, its name in the other formats, its unit. */
static void put_explanation(book *b, const ky_table *tables, uint32_t table_count) {
  static const char *const heads[] = {"シート", "列の見出し", "ほかの形式での名前", "単位", "備考"};
  lxw_worksheet *sheet = add_sheet(b, "列の説明", 1);
  uint32_t row = 1;
  char room[WORDS_MAX];
  if (sheet == NULL) return;
  worksheet_set_column(sheet, 0, 0, 22, NULL);
  worksheet_set_column(sheet, 1, 2, WIDTH_MAX, NULL);
  worksheet_set_column(sheet, 3, 3, 16, NULL);
  worksheet_set_column(sheet, 4, 4, 60, NULL);
  worksheet_freeze_panes(sheet, 1, 0);
  for (uint16_t h = 0; h < sizeof heads / sizeof *heads; h++) put_text(b, sheet, 0, h, heads[h], b->head);
  for (uint32_t t = 0; t < table_count; t++) {
    if (!is_for_people(&tables[t])) continue;
    if (tables[t].count > ROWS_MAX) {
      put_text(b, sheet, row, 0, tables[t].alias, b->note);
      put_text(b, sheet, row++, 4, "行が多すぎるため、このファイルにはありません。CSV を見てください。", b->wrapped);
      continue;
    }
    for (uint32_t c = 0; c < tables[t].column_count; c++) {
      const ky_column *column = &tables[t].columns[c];
      if (!is_shown(&tables[t], c)) continue;
      put_text(b, sheet, row, 0, tables[t].alias, b->note);
      put_text(b, sheet, row, 1, heading_of(column, room), b->note);
      put_text(b, sheet, row, 2, column->name, b->note);
      put_text(b, sheet, row, 3, unit_word(column), b->note);
      if (look_of(column) == LOOK_PEOPLE && strcmp(column->unit, "people") == 0)
        put_text(b, sheet, row, 4, "按分した人数なので小数になる。1000分の1人まで正確。", b->wrapped);
      row++;
    }
  }
}

/* Zones come first: they are what a meeting begins with. */
static void put_sheets(book *b, const ky_table *tables, uint32_t table_count) {
  const ky_table *zones = NULL;
  for (uint32_t t = 0; t < table_count; t++)
    if (strcmp(tables[t].layer, "zones") == 0) zones = &tables[t];
  if (zones != NULL) put_figures(b, zones, tables, table_count);
  if (zones != NULL) put_table(b, zones);
  for (uint32_t t = 0; t < table_count; t++)
    if (&tables[t] != zones && is_for_people(&tables[t]) && tables[t].count <= ROWS_MAX) put_table(b, &tables[t]);
  put_explanation(b, tables, table_count);
}

static ky_err write_xlsx(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  lxw_doc_properties properties = {.title = (char *)"kayoi", .author = (char *)"kayoi", .created = KY_BOOK_CREATED};
  book b = {.error = LXW_NO_ERROR};
  const char *path = ky_format(&job->scratch, "%s/kayoi.xlsx", folder);
  (void)opts; /* the same for everybody */
  if (path == NULL) return ky_fail_memory(job);
  errno = 0;
  b.file = workbook_new(path);
  if (b.file == NULL) return ky_fail_memory(job);
  workbook_set_properties(b.file, &properties);
  make_formats(&b);
  put_sheets(&b, layers->tables, layers->count);
  note(&b, workbook_close(b.file)); /* frees it, whatever happened */
  if (b.error == LXW_NO_ERROR) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT,
                 ky_tr("%s: cannot be written: %s; the previous result is as it was; look at the room and the rights "
                       "there or choose another folder with --out"),
                 path, errno != 0 ? strerror(errno) : lxw_strerror(b.error));
}

const ky_writer ky_writer_xlsx = {
    .name = "xlsx",
    .help = KY_MSG("spreadsheet kayoi.xlsx for people: Japanese headers, the layers that people read"),
    .write = write_xlsx,
};
