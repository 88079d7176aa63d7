/* Records of several sources of one role as one list in the order of their ids. */
#ifndef KAYOI_RECORDS_H
#define KAYOI_RECORDS_H

#include <kayoi/read.h>

typedef struct ky_record {
  const char *id;
  const ky_raw *raw;
  uint32_t source, record; /* raws[source], its record */
} ky_record;

/* All records sorted by id (bytewise), then by geometry's first vertex, then by name: never by the order of the input.
 */
ky_err ky_records_new(ky_job *job, const ky_raw *raws, uint32_t raw_count, ky_record **out, uint32_t *out_count);
/* Records of the venues as ky_place_venues numbers them: venue i is record i, repeated ids are told apart (issues). */
ky_err ky_venue_records(ky_job *job, const ky_inputs *inputs, ky_record **out, uint32_t *out_count);
/* A record's id: attribute id, else name, else the reader's record. */
const char *ky_record_id(const ky_raw *raw, uint32_t record);
/* "residents[0] grid.txt": for messages. */
const char *ky_raw_label(ky_job *job, const ky_raw *raw);
/* Reference dates of the sources, joined by " / "; NULL when none is given. */
ky_err ky_raw_dates(ky_job *job, const ky_raw *raws, uint32_t raw_count, const char **out);
/* Number of an attribute; KY_NULL when missing; when it is not a number or negative: KY_NULL and an issue. */
int64_t ky_record_number(ky_job *job, const ky_record *record, const char *attribute, uint8_t decimals);
/* 1 yes, 0 no, -1 not stated; other words are -1 and an issue. */
int8_t ky_record_flag(ky_job *job, const ky_record *record, const char *attribute);

#endif
