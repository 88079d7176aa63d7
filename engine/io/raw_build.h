/* Records of one source while they are read: growing arrays in scratch, then exact ones in keep. */
#ifndef KAYOI_RAW_BUILD_H
#define KAYOI_RAW_BUILD_H

#include "io/encoding.h"
#include "io/role_columns.h"

typedef struct ky_raw_builder {
  ky_job *job;
  const ky_source *source;
  const char *where; /* for issues */
  const ky_picks *picks;
  ky_decoder decoder;
  const char *first_utf8, *first_cp932; /* the first records with a text in it that is not ASCII; NULL: none */
  bool has_wide_digits;                 /* a number so far was written in digits of full width */
  bool is_lenient;                      /* a record without a usable place stays, without geometry (venues) */
  uint32_t id_pick;                     /* index of the pick of `id`; KY_NONE */
  uint32_t read_count, bad_count, unneeded_count;
  uint32_t count, part_count, vertex_count;
  uint32_t record_capacity, part_capacity, vertex_capacity;
  uint32_t *first_part, *first_vertex; /* [count], [part_count]: where each begins */
  uint8_t *is_hole;
  double *x, *y;
  const char **record;
  const char ***value; /* [picks][count] */
  bool *is_number;     /* [picks] a column of numbers? */
} ky_raw_builder;

ky_err ky_raw_begin(ky_job *job, const ky_source *source, const ky_picks *picks, ky_raw_builder *out);

/* A new record without geometry; name: "row 12", used until it has an id. */
ky_err ky_raw_add(ky_raw_builder *b, const char *name);
/* The same; its name is made of a word and a number, which is cheaper than printf. */
ky_err ky_raw_add_nth(ky_raw_builder *b, const char *word, uint64_t number);
/* Takes the newest record away again. */
void ky_raw_take_back(ky_raw_builder *b);
/* Value of pick p for the newest record. A text that does not decode is an issue, and missing. A text of a column of
 * numbers is brought to plain digits when it is a number. */
ky_err ky_raw_set(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length);
/* A further part of that value, from another column of the pick. */
ky_err ky_raw_append(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length);
/* After the values: the record's name is its id if it has one. */
void ky_raw_name(ky_raw_builder *b);
const char *ky_raw_get(const ky_raw_builder *b, const char *attribute); /* of the newest record */

/* A part of n vertices for the newest record; *x, *y: where they go. */
ky_err ky_raw_part(ky_raw_builder *b, uint32_t n, bool is_hole, double **x, double **y);
/* Drops parts and vertices of the newest record. */
void ky_raw_no_geometry(ky_raw_builder *b);

/* The newest record has no usable place: it is reported, and taken back unless the role keeps such records. The
 * format gives the message; field may be NULL. Residents: their people are named in the message. */
__attribute__((format(printf, 4, 5))) void ky_raw_bad_place(ky_raw_builder *b, const char *field, const char *reason,
                                                            const char *format, ...);
/* The newest record cannot be used at all. */
__attribute__((format(printf, 4, 5))) void ky_raw_bad(ky_raw_builder *b, const char *field, const char *reason,
                                                      const char *format, ...);

/* Into *out (columns, records, counts, encoding, shapes of the kind that is there). names: columns of the source. */
ky_err ky_raw_finish(ky_raw_builder *b, const char *const *names, ky_raw *out);

/* Is it a column of numbers? */
bool ky_attribute_is_number(const char *name);

#endif
