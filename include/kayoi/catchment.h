/* Catchments: whom venues serve where their register says so (method.md 4). Found with the venues; every room that asks
 * which venue is for whom asks ky_venue_serves. A structure of zeros: every venue is open to all. */
#ifndef KAYOI_CATCHMENT_H
#define KAYOI_CATCHMENT_H

#include <kayoi/job.h>

typedef enum ky_catchment_state {
  KY_CATCHMENT_UNKNOWN, /* nothing is written: open to all */
  KY_CATCHMENT_OPEN,    /* it says that it is open to all */
  KY_CATCHMENT_BOUND,   /* it serves people of its zones only */
  KY_CATCHMENT_UNREAD,  /* what is written names no zones: open to all */
  KY_CATCHMENT_IGNORED, /* by the setting: open to all */
  KY_CATCHMENT_STATE_COUNT
} ky_catchment_state;
const char *ky_catchment_state_name(ky_catchment_state state); /* "bound" */

typedef struct ky_catchments {
  uint32_t venue_count;   /* later venues are open to all */
  uint8_t *state;         /* [venues] ky_catchment_state; NULL: nobody looked */
  uint32_t *set;          /* [venues] KY_NONE: open to all; NULL: every venue is */
  uint32_t set_count;     /* distinct sets of zones */
  uint32_t *first, *zone; /* [set_count + 1]; zones of each set, ascending */
  /* Ledger rows that the same sets hold are one class; class 0: none holds them, outside the zones among them. */
  uint32_t class_count, *row_class; /* [rows] */
  uint32_t words;                   /* per class */
  uint64_t *holds;                  /* [classes x words] bit of each set */
} ky_catchments;

/* From the zones of each venue, ascending and distinct: zone[first[v] .. first[v + 1]); none: open to all. Leaves state
 * as it is. Sets are in the order of the first venue that has them, classes in that of their first row. */
ky_err ky_catchments_build(ky_job *job, uint32_t venue_count, const uint32_t *first, const uint32_t *zone,
                           uint32_t row_count, ky_catchments *out);

static inline uint32_t ky_catchment_set(const ky_catchments *catchments, uint32_t venue) {
  return catchments->set != NULL && venue < catchments->venue_count ? catchments->set[venue] : KY_NONE;
}

static inline bool ky_catchment_holds(const ky_catchments *catchments, uint32_t set, uint32_t class) {
  return (catchments->holds[(size_t) class * catchments->words + set / 64] >> (set % 64) & 1) != 0;
}

/* Does the venue serve people of this ledger row? */
static inline bool ky_venue_serves(const ky_catchments *catchments, uint32_t venue, uint32_t row) {
  const uint32_t set = ky_catchment_set(catchments, venue);
  return set == KY_NONE || ky_catchment_holds(catchments, set, catchments->row_class[row]);
}

/* Places of one class one after the other: order[first[c] .. first[c + 1]), ascending. row: of each place, KY_NONE: in
 * no class. Scratch. */
typedef struct ky_by_class {
  uint32_t count; /* classes, at least 1 */
  uint32_t *first, *order;
} ky_by_class;
ky_err ky_by_class_new(ky_job *job, const ky_catchments *catchments, const uint32_t *row, uint32_t count,
                       ky_by_class *out);
/* Those of use[i] != 0 that serve the class; *is_open: the same ones as serve class 0. */
void ky_catchment_use(const ky_catchments *catchments, uint32_t class, const int8_t *use, uint32_t count, int8_t *out,
                      bool *is_open);

#endif
