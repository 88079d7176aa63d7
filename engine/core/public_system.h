/* The counts of a publication as a system of disclosure.h. */
#ifndef KAYOI_PUBLIC_SYSTEM_H
#define KAYOI_PUBLIC_SYSTEM_H

#include <kayoi/public.h>

/* A table's counts: cell of each column and row; KY_NONE: none. */
typedef struct ky_system_table {
  const ky_table *table;
  uint32_t *cell; /* [column * rows + row] */
} ky_system_table;

typedef struct ky_system {
  ky_job *job; /* scratch */
  ky_counts counts;
  uint32_t capacity, equation_capacity, term_capacity;
  /* Of the last publication: cells below this are today's, and a relation of such cells alone has been written. */
  uint32_t shared;
  uint32_t term_count; /* of the equation that is being written too */
} ky_system;

ky_err ky_system_cell(ky_system *s, int64_t value, ky_count_state state, uint32_t loss, uint32_t *out);
/* A term of the equation that is being written; then its end (one without terms is none). */
ky_err ky_system_term(ky_system *s, uint32_t cell, int coefficient);
ky_err ky_system_end(ky_system *s);

/* Every relation inside zones, and inside gaps (people_*), as far as its counts are in the system. */
ky_err ky_system_relate_zones(ky_system *s, const ky_system_table *zones, const char *primary_band);
ky_err ky_system_relate_gaps(ky_system *s, const ky_system_table *gaps);

#endif
