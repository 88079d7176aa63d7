/* Venues without coordinates get a place from the files given as `geocoding:`: halls and facilities by name, then
 * positions of blocks, then of towns, by address. Nothing leaves the machine. */
#ifndef KAYOI_GEOCODE_H
#define KAYOI_GEOCODE_H

#include "io/geocode_home.h"
#include "io/geocode_wanted.h"

/* A venue without a place, and the place found for it. */
typedef struct ky_unplaced {
  ky_raw *raw;
  uint32_t record;
  const char *address;      /* as given; NULL */
  const char *coord_source; /* "hall", "block", "town"; NULL: none yet */
  double x, y;              /* metres, run CRS */
} ky_unplaced;

typedef struct ky_geocoder {
  ky_job *job;
  const ky_raw *raws; /* all sources, projected */
  uint32_t raw_count;
  const char *municipality; /* its name; NULL */
  ky_home home;
  ky_unplaced *venue;
  uint32_t count;
} ky_geocoder;

/* How one level looks and speaks. */
typedef struct ky_geocode_level {
  ky_role role;
  const char *coord_source; /* venues' coord_source: "hall" */
  const char *reason;       /* of the issue: "placed_by_hall" */
  const char *label[4];     /* attributes that name a record of the role; NULL behind the last */
} ky_geocode_level;

/* Places what the level can and reports each venue placed or ambiguous. readings: those of a venue together, by rank.
 */
ky_err ky_geocode_settle(ky_geocoder *g, const ky_geocode_level *level, const ky_reading *readings, uint32_t count,
                         const ky_wanted *wanted);
/* Is there a source of the role? */
bool ky_geocoder_has(const ky_geocoder *g, ky_role role);

ky_err ky_geocode_halls(ky_geocoder *g);
/* role: KY_ROLE_BLOCKS or KY_ROLE_TOWNS. */
ky_err ky_geocode_addresses(ky_geocoder *g, ky_role role);

/* The whole of it, and what is said about places of venues: those that stay without one, and the
 * same venue given twice. raws: all sources, projected; those of venues are changed. */
ky_err ky_geocode(ky_job *job, const char *municipality, ky_raw *raws, uint32_t raw_count);

#endif
