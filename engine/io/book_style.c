/* Formats that all spreadsheets share. */
#include "io/book_style.h"

lxw_format *ky_book_cell(lxw_workbook *book, const char *number) {
  lxw_format *format = workbook_add_format(book);
  format_set_font_name(format, KY_BOOK_FONT);
  format_set_font_size(format, 10);
  format_set_font_color(format, KY_BOOK_INK);
  format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
  if (number != NULL) format_set_num_format(format, number);
  return format;
}

lxw_format *ky_book_head(lxw_workbook *book, lxw_color_t back, lxw_color_t ink) {
  lxw_format *format = ky_book_cell(book, NULL);
  format_set_bold(format);
  format_set_text_wrap(format);
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  format_set_bg_color(format, back);
  format_set_font_color(format, ink);
  format_set_border(format, LXW_BORDER_THIN);
  format_set_border_color(format, 0x9FB8B6);
  return format;
}
