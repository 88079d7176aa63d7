/* Writes the empty workbook with libxlsxwriter. What its sheets hold: workbook_sheets.c. */
#include "io/workbook.h"

#include <errno.h>
#include <kayoi/place.h>
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "io/book_style.h"

#define OPTIONAL_COLOR 0xD9ECEA
#define TITLE_ROWS     1 /* the header; data begins under it */

typedef struct book {
  lxw_workbook *file;
  lxw_format *required, *optional, *text, *count, *decimal, *share, *degrees, *date, *time;
  lxw_format *title, *line, *head, *cell, *key;
  lxw_error error; /* the first one */
} book;

static void note(book *b, lxw_error error) {
  if (b->error == LXW_NO_ERROR) b->error = error;
}

static void make_formats(book *b) {
  b->required = ky_book_head(b->file, KY_BOOK_HEAD, KY_BOOK_PAPER);
  b->optional = ky_book_head(b->file, OPTIONAL_COLOR, KY_BOOK_INK);
  b->text = ky_book_cell(b->file, "@"); /* as typed: 096-... stays a telephone number, 01 stays 01 */
  format_set_indent(b->text, 1);
  b->count = ky_book_cell(b->file, "#,##0");
  b->decimal = ky_book_cell(b->file, "0.0##");
  b->share = ky_book_cell(b->file, "0.0%");
  b->degrees = ky_book_cell(b->file, "0.000000");
  b->date = ky_book_cell(b->file, "yyyy-mm-dd");
  b->time = ky_book_cell(b->file, "h:mm");
  b->title = ky_book_cell(b->file, NULL);
  format_set_bold(b->title);
  format_set_font_size(b->title, 14);
  b->line = ky_book_cell(b->file, NULL);
  b->head = ky_book_head(b->file, KY_BOOK_HEAD, KY_BOOK_PAPER);
  b->cell = ky_book_cell(b->file, NULL);
  format_set_text_wrap(b->cell);
  format_set_border(b->cell, LXW_BORDER_HAIR);
  b->key = ky_book_cell(b->file, NULL);
  format_set_text_wrap(b->key);
  format_set_bold(b->key);
  format_set_border(b->key, LXW_BORDER_HAIR);
}

static lxw_format *format_of(const book *b, ky_book_format format) {
  switch (format) {
    case KY_BOOK_COUNT:
      return b->count;
    case KY_BOOK_DECIMAL:
      return b->decimal;
    case KY_BOOK_SHARE:
      return b->share;
    case KY_BOOK_LAT:
    case KY_BOOK_LON:
      return b->degrees;
    case KY_BOOK_DATE:
      return b->date;
    case KY_BOOK_TIME:
      return b->time;
    case KY_BOOK_TEXT:
      break;
  }
  return b->text;
}

typedef struct limit {
  uint8_t validate;
  double low, high;
  const char *message;
} limit;

static limit limit_of(ky_book_format format) {
  switch (format) {
    case KY_BOOK_COUNT:
      return (limit){LXW_VALIDATION_TYPE_INTEGER, 0, 9999999, "0 以上の整数を書いてください（単位は書きません）。"};
    case KY_BOOK_DECIMAL:
      return (limit){LXW_VALIDATION_TYPE_DECIMAL, 0, 1000, "0 以上の数を書いてください（単位は書きません）。"};
    case KY_BOOK_SHARE:
      return (limit){LXW_VALIDATION_TYPE_DECIMAL, 0, 1, "0 % から 100 % の割合を書いてください（例 10%）。"};
    case KY_BOOK_LAT:
      return (limit){LXW_VALIDATION_TYPE_DECIMAL, 20, 46,
                     "緯度は 20 から 46 の度の小数です（例 32.791234）。経度と入れ替わっていませんか。"};
    case KY_BOOK_LON:
      return (limit){LXW_VALIDATION_TYPE_DECIMAL, 122, 154,
                     "経度は 122 から 154 の度の小数です（例 130.816543）。緯度と入れ替わっていませんか。"};
    case KY_BOOK_TEXT:
    case KY_BOOK_DATE:
    case KY_BOOK_TIME:
      break;
  }
  return (limit){.message = NULL};
}

/* What cells under the header offer and check. A file may hold other values: kayoi checks them again. */
static void validate(book *b, lxw_worksheet *sheet, uint16_t column, const ky_book_column *about) {
  lxw_data_validation rule = {.criteria = LXW_VALIDATION_CRITERIA_BETWEEN,
                              .error_type = LXW_VALIDATION_ERROR_TYPE_STOP};
  char message[256];
  const limit bounds = limit_of(about->format);
  rule.error_title = (char *)about->header;
  rule.error_message = message;
  if (about->list != NULL) {
    rule.validate = LXW_VALIDATION_TYPE_LIST; /* the words themselves: libxlsxwriter 1.1 leaks a range */
    rule.value_list = (char **)(uintptr_t)about->list->words;
    if (!about->list->is_closed) rule.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    snprintf(message, sizeof message, "%s",
             about->list->is_closed ? "一覧から選んでください。わからなければ空欄に。"
                                    : "一覧にない言葉です。このまま使いますか。");
  } else if (about->format == KY_BOOK_DATE) {
    rule.validate = LXW_VALIDATION_TYPE_DATE;
    rule.minimum_datetime = (lxw_datetime){.year = 1990, .month = 1, .day = 1};
    rule.maximum_datetime = (lxw_datetime){.year = 2100, .month = 12, .day = 31};
    snprintf(message, sizeof message, "日付を書いてください（例 2025-03-31）。");
  } else if (about->format == KY_BOOK_TIME) {
    rule.validate = LXW_VALIDATION_TYPE_TIME;
    rule.minimum_datetime = (lxw_datetime){.hour = 0};
    rule.maximum_datetime = (lxw_datetime){.hour = 23, .min = 59};
    snprintf(message, sizeof message, "時刻を 24 時制で書いてください（例 13:30）。");
  } else if (bounds.message != NULL) {
    rule.validate = bounds.validate;
    rule.minimum_number = bounds.low;
    rule.maximum_number = bounds.high;
    snprintf(message, sizeof message, "%s", bounds.message);
  } else {
    return;
  }
  note(b, worksheet_data_validation_range(sheet, TITLE_ROWS, column, KY_BOOK_ROWS, column, &rule));
}

/* Explanation and example on the header itself, so that no row of the sheet is anything but data. */
static void add_note(book *b, lxw_worksheet *sheet, uint16_t column, const ky_book_column *about) {
  char text[512];
  lxw_comment_options options = {
      .author = (char *)"kayoi", .font_name = (char *)KY_BOOK_FONT, .width = 260, .height = 90};
  snprintf(text, sizeof text, "%s%s\n例: %s", about->is_required ? "【必須】" : "", about->help, about->example);
  note(b, worksheet_write_comment_opt(sheet, 0, column, text, &options));
}

static void set_page(lxw_worksheet *sheet) {
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, 9); /* A4 */
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.5);
}

static void write_sheet(book *b, const ky_book_sheet *about) {
  lxw_worksheet *sheet = workbook_add_worksheet(b->file, about->name);
  if (sheet == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  uint16_t frozen = 0;
  note(b, worksheet_set_row(sheet, 0, 36, NULL));
  for (uint16_t c = 0; c < about->column_count; c++) {
    const ky_book_column *column = &about->columns[c];
    note(b, worksheet_set_column(sheet, c, c, column->width, format_of(b, column->format)));
    note(b, worksheet_write_string(sheet, 0, c, column->header, column->is_required ? b->required : b->optional));
    add_note(b, sheet, c, column);
    validate(b, sheet, c, column);
    if (strcmp(column->attribute, "name") == 0 || strcmp(column->attribute, "zone_id") == 0) frozen = (uint16_t)(c + 1);
  }
  worksheet_gridlines(sheet, LXW_SHOW_ALL_GRIDLINES);
  worksheet_freeze_panes(sheet, TITLE_ROWS, frozen);
  worksheet_set_tab_color(sheet, KY_BOOK_HEAD);
  worksheet_repeat_rows(sheet, 0, 0);
  set_page(sheet);
}

/* In the order of the list of kinds. */
static const char *const kind_codes[] = {
#define KY_X(code, alias, words) code,
    KY_RESOURCE_KINDS(KY_X)
#undef KY_X
        KY_RESOURCE_OTHER};

static void write_codes(book *b) {
  lxw_worksheet *sheet = workbook_add_worksheet(b->file, KY_BOOK_CODES);
  if (sheet == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  note(b, worksheet_set_column(sheet, 0, KY_BOOK_LISTS, 28, b->text));
  for (uint16_t c = 0; c < KY_BOOK_LISTS; c++) {
    note(b, worksheet_write_string(sheet, 0, c, ky_book_lists[c]->name, b->head));
    for (uint32_t w = 0; ky_book_lists[c]->words[w] != NULL; w++)
      note(b, worksheet_write_string(sheet, w + 1, c, ky_book_lists[c]->words[w], b->cell));
  }
  note(b, worksheet_write_string(sheet, 0, KY_BOOK_LISTS, "種別の、結果での名前", b->head));
  for (lxw_row_t k = 0; k < sizeof kind_codes / sizeof *kind_codes; k++)
    note(b, worksheet_write_string(sheet, k + 1, KY_BOOK_LISTS, kind_codes[k], b->cell));
  worksheet_freeze_panes(sheet, 1, 0);
  set_page(sheet);
}

static const char *const intro[] = {
    "1. 「通いの場」「圏域の人口」「社会資源」「協力者」の4枚に、見出しの下の行から書きます。1行が1件です。",
    "2. 濃い色の見出しは必須、薄い色はわかるものだけで結構です。わからない欄は空欄に（0 とは書かない）。",
    "3. 見出し（赤い印）にマウスを合わせると、書き方と例が出ます。例はこの表の「例」にもあります。",
    "4. 使わない表は空のままで構いません。列や行を足しても構いません（足した列は計算に使いません）。",
    "5. 表の名前と見出しは変えないでください。セルの結合はしないでください。",
    "6. 保存したら kayoi check kayoi.yaml で確かめます。直すところは、表・行・列とともに示されます。",
};
#define INTRO_LINES (sizeof intro / sizeof *intro)

static const char *unit_of(const ky_book_column *column) {
  if (column->list != NULL) return column->list->is_closed ? "一覧から選ぶ" : "一覧から（他も可）";
  switch (column->format) {
    case KY_BOOK_COUNT:
      return "整数";
    case KY_BOOK_DECIMAL:
      return "数（小数も可）";
    case KY_BOOK_SHARE:
      return "%";
    case KY_BOOK_LAT:
    case KY_BOOK_LON:
      return "度の小数";
    case KY_BOOK_DATE:
      return "日付";
    case KY_BOOK_TIME:
      return "時刻";
    case KY_BOOK_TEXT:
      break;
  }
  return "文字";
}

static void write_guide(book *b) {
  static const struct {
    const char *title;
    double width;
  } columns[] = {{"表", 12}, {"列", 18}, {"必須", 6}, {"内容", 76}, {"書き方", 16}, {"例", 30}, {"使い道", 28}};
  lxw_worksheet *sheet = workbook_add_worksheet(b->file, KY_BOOK_GUIDE);
  if (sheet == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  lxw_row_t row = 0;
  for (uint16_t c = 0; c < sizeof columns / sizeof *columns; c++)
    note(b, worksheet_set_column(sheet, c, c, columns[c].width, NULL));
  note(b, worksheet_write_string(sheet, row, 0, "通いの場と社会資源の記入用ブック", b->title));
  row += 2;
  for (size_t i = 0; i < INTRO_LINES; i++) {
    note(b, worksheet_write_string(sheet, row, 0, intro[i], b->line));
    row++;
  }
  row++;
  const lxw_row_t head = row;
  for (uint16_t c = 0; c < sizeof columns / sizeof *columns; c++)
    note(b, worksheet_write_string(sheet, head, c, columns[c].title, b->head));
  for (size_t s = 0; s < KY_BOOK_SHEETS; s++) {
    const ky_book_sheet *about = &ky_book_sheets[s];
    note(b, worksheet_merge_range(sheet, row + 1, 0, row + 1, 6, "", b->key));
    row++;
    char text[256];
    snprintf(text, sizeof text, "【%s】 %s", about->name, about->about);
    note(b, worksheet_write_string(sheet, row, 0, text, b->key));
    for (uint32_t c = 0; c < about->column_count; c++) {
      const ky_book_column *column = &about->columns[c];
      const char *const texts[] = {about->name,  column->header,  column->is_required ? "必須" : "",
                                   column->help, unit_of(column), column->example,
                                   column->use};
      row++;
      for (uint16_t t = 0; t < sizeof texts / sizeof *texts; t++)
        note(b, worksheet_write_string(sheet, row, t, texts[t], t == 1 ? b->key : b->cell));
    }
  }
  worksheet_freeze_panes(sheet, head + 1, 0);
  worksheet_repeat_rows(sheet, head, head);
  set_page(sheet);
  worksheet_activate(sheet);
}

static void write_all(book *b) {
  lxw_doc_properties properties = {
      .title = (char *)"kayoi.xlsx", .author = (char *)"kayoi", .created = KY_BOOK_CREATED};
  note(b, workbook_set_properties(b->file, &properties));
  make_formats(b);
  write_guide(b);
  for (size_t s = 0; s < KY_BOOK_SHEETS; s++) write_sheet(b, &ky_book_sheets[s]);
  write_codes(b);
}

ky_err ky_workbook_write(ky_job *job, const char *path) {
  book b = {.error = LXW_NO_ERROR};
  errno = 0;
  b.file = workbook_new(path);
  if (b.file == NULL) return ky_fail_memory(job);
  write_all(&b);
  note(&b, workbook_close(b.file)); /* frees it, whatever happened */
  if (b.error == LXW_NO_ERROR) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: the workbook cannot be written (%s)"), path,
                 errno != 0 ? strerror(errno) : lxw_strerror(b.error));
}
