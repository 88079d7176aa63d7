/* Lists of places that reach beyond the municipality: nationwide open data, a prefecture's register. */
#ifndef KAYOI_ELSEWHERE_H
#define KAYOI_ELSEWHERE_H

#include "io/geocode_home.h"

typedef struct ky_elsewhere {
  const ky_home *home;                               /* where the municipality is; its box may be empty */
  const char *municipality_code, *municipality_name; /* NULL: unknown */
  double margin_m;                                   /* what lies farther from the border is elsewhere */
} ky_elsewhere;

/* Is it a role whose files may reach beyond the municipality (venues, sites, resources)? */
bool ky_elsewhere_concerns(ky_role role);

/* Takes records of other municipalities out of a projected list and counts them (raw->elsewhere_count, one issue
 * other_municipalities): by place where they have one, else by the code or name of the municipality that they state. In
 * a list that states neither, places beyond the margin are elsewhere only when most of them are, else they are kept and
 * named in one issue (far_from_municipality), as are records that state the municipality itself but lie beyond. */
ky_err ky_elsewhere_take_out(ky_job *job, const ky_elsewhere *elsewhere, ky_raw *raw);

#endif
