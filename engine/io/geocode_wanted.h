/* What unplaced venues look for: keys, and what the files given say about each. Only keys that a venue asks for are
 * remembered, so a file of a whole prefecture costs no memory here. */
#ifndef KAYOI_GEOCODE_WANTED_H
#define KAYOI_GEOCODE_WANTED_H

#include <kayoi/read.h>

/* Records that bear one key, whatever order they came in. */
typedef struct ky_found {
  uint32_t count;
  const ky_raw *raw; /* the record with the lowest x, then y, then source and record name stands for all */
  uint32_t record;
  double x, y; /* metres, run CRS */
  ky_box box;
} ky_found;

/* One way to look for a venue: lower ranks first. */
typedef struct ky_reading {
  uint32_t venue, rank;
  const char *key;
} ky_reading;

typedef struct ky_wanted {
  uint32_t count;
  const char **key;   /* [count] sorted bytewise, distinct */
  ky_found *found[2]; /* [count] first choice, second choice (blocks: representative points, the others) */
} ky_wanted;

ky_err ky_wanted_new(ky_job *job, const ky_reading *readings, uint32_t count, ky_wanted *out); /* scratch */
/* Index of a key, KY_NONE. */
uint32_t ky_wanted_find(const ky_wanted *wanted, const char *key);
/* Does any key begin so? */
bool ky_wanted_begins(const ky_wanted *wanted, const char *beginning);

void ky_found_add(ky_found *found, const ky_raw *raw, uint32_t record, double x, double y);
void ky_found_join(ky_found *found, const ky_found *other);
/* Diagonal of the box of all records, metres. */
double ky_found_spread_m(const ky_found *found);

/* The first vertex of a record; false when it has none. */
bool ky_raw_place(const ky_raw *raw, uint32_t record, double *x, double *y);

#endif
