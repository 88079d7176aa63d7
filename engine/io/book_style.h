/* How spreadsheets look: the workbook that staff fill in, and the one of results. */
#ifndef KAYOI_BOOK_STYLE_H
#define KAYOI_BOOK_STYLE_H

#include <time.h>
#include <xlsxwriter.h>

/* A fixed moment (2025-01-01), so that equal books are equal bytes. */
#define KY_BOOK_CREATED ((time_t)1735689600)
#define KY_BOOK_FONT    "Yu Gothic"
#define KY_BOOK_INK     0x1F2933
#define KY_BOOK_HEAD    0x1F6F6B /* behind headers */
#define KY_BOOK_PAPER   0xFFFFFF

/* Cells: number is a number format, NULL: none. Owned by the book. */
lxw_format *ky_book_cell(lxw_workbook *book, const char *number);
/* Headers: bold, wrapped, framed. */
lxw_format *ky_book_head(lxw_workbook *book, lxw_color_t back, lxw_color_t ink);

#endif
