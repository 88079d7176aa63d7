/* Room 9, targets: how many should take part, where they are, how many places that means (method.md 6). */
#ifndef KAYOI_TARGETS_H
#define KAYOI_TARGETS_H

#include <kayoi/gaps.h>
#include <kayoi/seats.h>

typedef struct ky_targets_opts {
  int64_t rate;                  /* default rate, KY_WHOLE parts: 80000 */
  const char *basis;             /* "国の目安 8 %（2025年まで）" */
  const ky_year_rate *year_rate; /* [year_rate_count] default rates of years, ascending */
  uint32_t year_rate_count;
  int64_t weekly_reference;  /* line to hold the weekly rate against, no target: 100000 */
  uint32_t max_age_months;   /* participants older than this against the newest date of the inputs are flagged: 24 */
  int64_t official_apart;    /* register / grid - 1 beyond this, either way, is an issue: 200000 */
  int64_t min_report_share;  /* below it P is "at least": 800000 */
  int64_t attendances_milli; /* a, 4000 */
  int64_t max_unknown_seats; /* more of the venues in range without known seats: no_seats is null; 200000 */
  int64_t goal_share;        /* coverage goal, 800000 */
  int64_t typical_milli;     /* typical participants per venue when nothing better: 15300 (national, 2022) */
  uint32_t min_reports;      /* zone or municipal median needs this many reports: 3 */
  uint32_t primary_mm;
} ky_targets_opts;

typedef struct ky_rate {
  int64_t rate; /* KY_WHOLE parts */
  const char *basis;
} ky_rate;

/* The rate of a zone in a year; year 0: that of the run itself. A rate stated for a year holds from it on, until the
 * next one; what is stated for the zone goes before what is stated for all. */
/* The rate of zones without one of their own. */
ky_rate ky_rate_of_all(const ky_targets_opts *opts, int year);
ky_rate ky_rate_of(const ky_zones *zones, const ky_targets_opts *opts, uint32_t zone, int year);

/* Makes the rates of a year those of the zones: new columns rate and rate_basis, for the rooms of that year. */
ky_err ky_zones_rate_year(ky_job *job, const ky_targets_opts *opts, int year, ky_zones *zones);

/* T of zones and of the municipality from E (thousandths) and rates: rate x E of all, rounded, halves up, then shared
 * by largest remainder, so zones add up to it. rate_all: rate of the sum, KY_NULL when nobody is there. */
ky_err ky_target_people(ky_job *job, const int64_t *base_65, const int64_t *rate, uint32_t zone_count, int64_t *target,
                        int64_t *target_all, int64_t *rate_all);

/* Participants of an age band other than 65+, and their rate; rows as below. */
typedef struct ky_band_rate {
  ky_measure measure;
  int64_t *participants;
  int64_t *rate; /* KY_WHOLE parts; KY_NULL where people of the band are not known */
} ky_band_rate;

/* Rows as in the ledger (place.h): zones, outside_zones, outside, municipality. KY_NULL where not defined.
 * E, T and all that follows exist for zones and the municipality. */
typedef struct ky_targets {
  uint32_t row_count;
  int64_t *base_65;         /* E in thousandths: official if given, else grid */
  int64_t *base_m, *base_f; /* of them men and women: E_m + E_f = E */
  const char **base_sexes;  /* "register", "grid", "shared": E by the shares of men and women in the grid or, where they
                               do  not add up to E, in the register */
  int8_t *is_register;      /* 1 target_base = register */
  int64_t *rate;            /* KY_WHOLE parts; municipality: of the sum */
  const char **basis;
  int64_t *target;                                      /* T, participants */
  int64_t *target_m, *target_f;                         /* T by E_m and E_f; they add up to T */
  int64_t *too_far, *no_seats, *within_reach, *unknown; /* T in parts */
  const char **no_seats_reason; /* why no_seats is null; then within_reach holds all covered target people */
  ky_seats assigned;            /* what no_seats comes from */
  /* P: the zone's distinct participants where they are given, else the sum over its venues, in which a person at two
   * venues counts twice. Men and women: of venues that report both. */
  int64_t *participants, *participants_weekly, *participants_m, *participants_f;
  const char **participants_kind; /* "sum", "distinct", "mixed" (zones of both kinds) */
  int64_t *participants_sum;      /* sum over venues, always */
  /* participants_sum where the people in range of each venue live; men and women within it */
  int64_t *participants_allocated, *participants_allocated_m, *participants_allocated_f;
  int8_t *is_at_least; /* fewer than min_report_share of venues report */
  int8_t *is_sexes_at_least, *is_weekly_at_least;
  int64_t *imputed_low, *imputed_high; /* P as reported, and with a typical venue's participants for each silent one */
  int64_t *report_share;               /* venues for the rate that report, KY_WHOLE parts; KY_NULL without venues */
  int64_t *sexes_report_share, *weekly_report_share;      /* of them that report men and women, weekly participants */
  int64_t *participation_rate, *weekly_rate, *attainment; /* KY_WHOLE parts */
  int64_t *weekly_reference;                              /* a line to hold weekly_rate against */
  int64_t *participation_rate_m, *participation_rate_f;
  int8_t *is_over;                /* more participants than people 65+; never clamped */
  const char **participants_date; /* of P: dates joined by " / " */
  int64_t *age_months;            /* from the earliest of them to the newest date of people and venues */
  int8_t *is_stale;               /* older than max_age_months */
  ky_band_rate band[3];           /* participants counted for other age bands, each beside people of its own */
  uint32_t band_count;
  int64_t *shortfall, *net_shortfall;
  int64_t *venues_count, *venues_counting;
  int64_t *seats, *free_seats; /* of counting venues where they lie; only venues with known seats (and participants) */
  /* Zones and the municipality, their sum: free seats that count against the shortfall, those of venues of the
   * municipality that count for the rate, with known seats and participants. Each venue's are given away once: to the
   * zones in proportion to their people 65+ within its range, by largest remainder; a venue in nobody's range gives
   * none. KY_NULL: there are such venues in range, but what is free is known of none. */
  int64_t *free_in_range;
  int64_t *places_by_participants; /* ceil(max(0, shortfall - free_in_range) / typical participants of a venue) */
  int64_t *places_by_reach;
  const char **places_by_reach_reason; /* why it is null: no_site_in_sequence, sites_end_below_goal */
} ky_targets;

ky_err ky_targets_build(ky_job *job, const ky_zones *zones, const ky_venues *venues, const ky_points *points,
                        const ky_coverage *coverage, const ky_venue_sets *sets, const ky_candidates *candidates,
                        const ky_sites *sites, const ky_targets_opts *opts, ky_targets *out);

#endif
