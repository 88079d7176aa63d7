/* What a register says of a venue: is it open? */
#ifndef KAYOI_VENUE_STATUS_H
#define KAYOI_VENUE_STATUS_H

typedef enum ky_venue_status {
  KY_STATUS_OPEN,        /* or nothing is said */
  KY_STATUS_UNPUBLISHED, /* open, but not to be shown */
  KY_STATUS_CLOSED,      /* for good or for a while */
  KY_STATUS_UNKNOWN      /* none of the words that are known */
} ky_venue_status;

/* text: as given; NULL: nothing is said. */
ky_venue_status ky_venue_status_read(const char *text);

#endif
