/* Ids of a feed as numbers, in the order of their first appearance. */
#ifndef KAYOI_GTFS_IDS_H
#define KAYOI_GTFS_IDS_H

#include <kayoi/job.h>

typedef struct ky_ids {
  uint32_t count, capacity;
  const char **text; /* [count] scratch */
  uint32_t *length;  /* [count] */
  uint32_t *slot;    /* [slot_count] open addressing: index or KY_NONE */
  uint32_t slot_count;
} ky_ids;

/* Number of an id, KY_NONE when it is not known. */
uint32_t ky_ids_find(const ky_ids *ids, const char *bytes, size_t length);
/* The same, added when it is new (then *is_new). ids: zeroed at first. */
ky_err ky_ids_add(ky_job *job, ky_ids *ids, const char *bytes, size_t length, uint32_t *index, bool *is_new);

#endif
