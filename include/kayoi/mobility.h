/* Room 8, mobility: evidence for gap areas where walking will not work: the way by road, a tour that picks people up,
 * shops on the way, vehicles in reach, a place where a visiting professional could meet people (method.md 8). */
#ifndef KAYOI_MOBILITY_H
#define KAYOI_MOBILITY_H

#include <kayoi/gaps.h>

/* All of these are assumptions. */
typedef struct ky_mobility_opts {
  int64_t speed_m_per_min;    /* by road vehicle, 400 m/min = 24 km/h */
  uint32_t closed_bits;       /* 1 << ky_street_class: not driven */
  uint32_t pickup_mm;         /* homes within this straight distance of a stop of the tour walk to it, 200 m */
  int64_t boarding_milli_min; /* a stop of the tour takes this long, 2 minutes */
  int64_t vehicle_seats;      /* people that a vehicle takes beside the driver, 8 */
  uint32_t detour_mm;         /* a shop is on the way when the ride becomes longer by no more, 1 km */
  uint32_t provider_mm;       /* a provider this far by road is in reach, 5 km */
  uint32_t hub_mm;            /* likewise a place to meet, 1 km */
  int64_t sessions_milli;     /* per month, of the venue that riders go to: as in ky_gaps_opts */
  int64_t attendances_milli;  /* per participant and month: a venue's seats */
} ky_mobility_opts;

typedef struct ky_mobility_in {
  const ky_gaps *gaps;
  const ky_points *points;
  const ky_venues *venues;
  const ky_network *streets; /* as read, every street open; NULL: nothing is said of ways by road */
  const ky_network_opts *snap;
  const ky_resources *resources;   /* NULL: no source of resources */
  const ky_candidates *candidates; /* given ones are places to meet */
  const uint32_t *shop_mm;         /* [points] walk to a shop; NULL: no shop is known */
  uint32_t primary_mm;
} ky_mobility_in;

/* One record per gap area of class transit, mobility_support or outreach, by people 65+. The way by road begins at the
 * area's main stop: the pick-up point of the home with most people 65+. Streets are driven both ways. */
typedef struct ky_mobility {
  uint32_t count;
  uint32_t *area;            /* index into ky_gaps */
  uint32_t *rank;            /* by people 65+ */
  int64_t *riders_75_milli;  /* riders per session at most, of people 75+; KY_NULL without the band */
  int64_t *no_venue_no_shop; /* people 65+ without a shop in walking range either, thousandths; KY_NULL: not known */
  /* by road from the main stop; KY_NONE, KY_NULL: none */
  uint32_t *venue, *venue_mm;                  /* nearest counting venue */
  uint32_t *free_venue, *free_venue_mm;        /* nearest one with free seats, as far as is known */
  int64_t *free_seats;                         /* of it */
  int64_t *km_round_trip_milli;                /* 2 x to the nearest venue, thousandths of a km */
  int64_t *minutes_milli, *free_minutes_milli; /* one way at speed */
  /* The tour: from the venue with free seats, else the nearest, over all stops and back; nearest stop first, improved
   * by exchanges of two legs. An estimate, and an upper one: not everybody rides every time. */
  uint32_t *stop_count;         /* stops of the tour */
  uint32_t *left_out_count;     /* stops that no road leads to */
  int64_t *tour_mm;             /* KY_NULL: no venue in reach */
  int64_t *tour_minutes_milli;  /* with boarding */
  int64_t *trips;               /* tours per session: riders / seats of a vehicle, rounded up */
  int64_t *vehicle_hours_milli; /* per month: sessions x trips x there and back */
  /* Resources on the way to the tour's venue: least longer way; ties to the lower index. */
  uint32_t *shop, *shop_detour_mm, *clinic, *clinic_detour_mm;
  int8_t
      *has_package; /* exercise and shopping in one ride: class mobility_support with a shop on the way; -1 unknown */
  /* Providers in reach: willing ones first, then the nearest. provider[first_provider[i] .. first_provider[i + 1]) */
  uint32_t *first_provider, *provider, *provider_road_mm;
  int8_t *needs_provider; /* 1: none in reach; -1: no source of resources */
  /* The nearest hall, welfare place or centre, or given candidate site, where people could meet. */
  uint32_t *hub, *hub_road_mm;
  int8_t *hub_is_site; /* hub is an index into candidates, not resources */
  ky_shapes shapes;    /* of the areas */
} ky_mobility;

/* Steps, trails and ways that no vehicle drives. */
uint32_t ky_mobility_closed(void);
ky_err ky_mobility_build(ky_job *job, const ky_mobility_in *in, const ky_mobility_opts *opts, ky_mobility *out);

#endif
