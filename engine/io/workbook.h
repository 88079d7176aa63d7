/* The workbook (kayoi.xlsx) that staff fill in by hand: what its sheets and columns are, and how a new one is written.
 * Its texts are Japanese whatever the language of messages: headers are labels of roles.c. */
#ifndef KAYOI_WORKBOOK_H
#define KAYOI_WORKBOOK_H

#include <kayoi/read.h>

typedef enum ky_book_format {
  KY_BOOK_TEXT,
  KY_BOOK_COUNT,   /* whole number */
  KY_BOOK_DECIMAL, /* not negative */
  KY_BOOK_SHARE,   /* per cent */
  KY_BOOK_LAT,
  KY_BOOK_LON,
  KY_BOOK_DATE,
  KY_BOOK_TIME
} ky_book_format;

/* A list of words that cells offer. */
typedef struct ky_book_list {
  const char *name;
  const char *const *words; /* NULL-terminated */
  bool is_closed;           /* other words are refused; else allowed after a question */
} ky_book_list;

typedef struct ky_book_column {
  const char *header, *attribute; /* of the sheet's role */
  ky_book_format format;
  double width; /* characters */
  bool is_required;
  const ky_book_list *list; /* NULL: none */
  const char *help, *example, *use;
} ky_book_column;

typedef struct ky_book_sheet {
  const char *name;
  ky_role role;
  const char *kind; /* resources: of all records; NULL */
  const char *about;
  const ky_book_column *columns;
  uint32_t column_count;
} ky_book_sheet;

#define KY_BOOK_SHEETS 4
extern const ky_book_sheet ky_book_sheets[KY_BOOK_SHEETS];
#define KY_BOOK_LISTS 6
extern const ky_book_list *const ky_book_lists[KY_BOOK_LISTS];

/* What stands in the sheets 説明 and コード, which are not read. */
#define KY_BOOK_GUIDE "説明"
#define KY_BOOK_CODES "コード"

/* Rows under the header that offer lists and check what is typed. */
#define KY_BOOK_ROWS 2000

/* Writes an empty workbook: the same bytes every time. KY_E_OUTPUT when the file cannot be written. */
ky_err ky_workbook_write(ky_job *job, const char *path);

#endif
