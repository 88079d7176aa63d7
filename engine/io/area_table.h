/* The table of ages that belongs to boundaries of small areas (小地域, formats.md 3): tblT001082C43.txt and its kin, or
 * any table of people by the same key. Layout of e-Stat: CP932, two header rows (ids, labels), KEY_CODE, HYOSYO (1
 * city, 2 town that is not divided, 3 town that is, 4 its parts), CITYNAME, NAME, HTKSYORI, HTKSAKI, GASSAN, counts. */
#ifndef KAYOI_AREA_TABLE_H
#define KAYOI_AREA_TABLE_H

#include <kayoi/read.h>

typedef struct ky_area_row {
  const char *key;    /* ky_area_key */
  const char *level;  /* HYOSYO, else "" */
  const char *name;   /* for messages; may be "" */
  const char **value; /* [column_count] NULL: missing */
  char hidden;        /* HTKSYORI: '0', '1', '2' */
  const char *to;     /* HTKSAKI; NULL */
  const char *parts;  /* GASSAN; NULL */
  bool is_divided;    /* a row of a longer key lies in it */
  uint32_t area;      /* that took it; KY_NONE */
} ky_area_row;

typedef struct ky_area_table {
  const char *where; /* for messages: "residents[0] tblT001082C43.txt" */
  ky_area_row *rows; /* by key; each key once */
  uint32_t row_count;
  const char **attribute; /* [column_count] pop_total, pop_65, ... */
  const char **column;    /* [column_count] their names in the table */
  uint32_t column_count;
  const char *encoding;
  uint64_t bytes, hash;
} ky_area_table;

/* A key as it can be compared: plain digits without blanks, hyphens and ".0"; the zero that a spreadsheet cuts off keys
 * of the prefectures 01 to 09 is put back. A text that is no number: ky_text_key. NULL: memory is out. */
const char *ky_area_key(ky_arena *arena, const char *text);

/* Reads source->table. *layer becomes the source of the boundaries: `columns` of the config that name columns of the
 * table are not among its own. KY_E_INPUT when the table has no key or no people. */
ky_err ky_area_table_read(ky_job *job, const ky_source *source, ky_source *layer, ky_area_table *out);

/* Row of a key; NULL. */
ky_area_row *ky_area_table_find(const ky_area_table *table, const char *key);
/* Index of an attribute's column; KY_NONE. */
uint32_t ky_area_table_column(const ky_area_table *table, const char *attribute);

#endif
