/* The tables of a GTFS zip, row by row: a file is never in memory as a whole. */
#ifndef KAYOI_GTFS_TABLE_H
#define KAYOI_GTFS_TABLE_H

#include "io/delimited.h"

#define KY_GTFS_COLUMNS_MAX 16

/* One zip. Zeroed, then ky_gtfs_open. */
typedef struct ky_gtfs {
  ky_job *job;
  const ky_source *source;
  const char *where;  /* for issues */
  const char *folder; /* GDAL's path of the folder with the tables, inside the zip */
  ky_decoder decoder;
  char *buffer; /* scratch */
  struct {
    const char *file, *reason;
    ky_severity severity;
    uint64_t count;
  } seen[64]; /* issues by file and reason: the first few are shown, the rest counted */
  uint32_t seen_count;
} ky_gtfs;

typedef struct ky_gtfs_column {
  const char *name;
  bool is_required; /* the column, not each of its values */
} ky_gtfs_column;

/* Fields in the order of the columns asked for; trimmed, not terminated; length 0 where blank or without the column
 * (field is then never NULL). */
typedef struct ky_gtfs_row {
  const char *file;
  uint64_t number; /* from 1, the header */
  const char *field[KY_GTFS_COLUMNS_MAX];
  size_t length[KY_GTFS_COLUMNS_MAX];
} ky_gtfs_row;

typedef ky_err (*ky_gtfs_take)(void *user, const ky_gtfs_row *row);

/* root: the zip as ky_source_file_find gives it. Finds the folder of stops.txt in it. */
ky_err ky_gtfs_open(ky_job *job, const ky_source *source, const char *root, ky_gtfs *out);
bool ky_gtfs_has(const ky_gtfs *gtfs, const char *file);
/* Hands every row to `take`. A file that is not there: KY_E_INPUT when it is required, else no row. */
ky_err ky_gtfs_each(ky_gtfs *gtfs, const char *file, bool is_required, const ky_gtfs_column *columns, uint32_t count,
                    ky_gtfs_take take, void *user);

/* A field as text in the keep arena, NULL when blank. Bad bytes are reported and shown escaped. */
ky_err ky_gtfs_text(ky_gtfs *gtfs, const ky_gtfs_row *row, uint32_t column, const char **out);
/* A date YYYYMMDD; KY_NO_DAY with an issue when it is none. */
int32_t ky_gtfs_day(ky_gtfs *gtfs, const ky_gtfs_row *row, uint32_t column, const char *name);
bool ky_gtfs_is(const ky_gtfs_row *row, uint32_t column, const char *text);
/* A whole number of at most nine digits; -1 when blank or none. */
int32_t ky_gtfs_number(const ky_gtfs_row *row, uint32_t column);

/* A bad or doubtful row. The first five of a file and reason are issues of their own. action: translated. */
__attribute__((format(printf, 7, 8))) void ky_gtfs_issue(ky_gtfs *gtfs, const ky_gtfs_row *row, ky_severity severity,
                                                         const char *field, const char *reason, const char *action,
                                                         const char *format, ...);
/* Says how many more there were of each. */
void ky_gtfs_close(ky_gtfs *gtfs);

#endif
