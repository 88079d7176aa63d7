/* Beside room 9, inventory: what resources each zone has, by kind. Not asked is not none: a kind of which no source was
 * given has no number at all. */
#ifndef KAYOI_INVENTORY_H
#define KAYOI_INVENTORY_H

#include <kayoi/place.h>

/* Names of one record; of further ones only the number is told, because all stand in the layer resources. */
#define KY_INVENTORY_NAMES 100

/* Resources of one kind in one row. */
typedef struct ky_inventory_item {
  int64_t count;                            /* KY_NULL: no source of the kind was given */
  const char *names;                        /* "公民館、集会所 ほか3件"; NULL: none */
  int64_t seats;                            /* of vehicles, sum of those known; KY_NULL: not known of any */
  int64_t seats_from;                       /* resources that state them; KY_NULL where the kind has no seats */
  int64_t willing, unwilling, not_asked;    /* KY_NULL where nobody of the kind was asked whether they would help */
  const char *survey_date, *sources, *date; /* different ones, in order; NULL unknown */
} ky_inventory_item;

/* Rows of the ledger (place.h), then one of resources without a place. */
typedef struct ky_inventory {
  uint32_t row_count, kind_count;
  const char **kind, **alias; /* codes of KY_RESOURCE_KINDS in their order, then the words of no code, bytewise (at most
                                 40; further ones are "other") */
  ky_inventory_item *item;    /* [row * kinds + kind]; the municipality is zones + outside_zones */
} ky_inventory;

#define KY_ROW_NO_PLACE(zones) KY_ROW_COUNT(zones)

/* resources: NULL when no source of them is given. */
ky_err ky_inventory_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_resources *resources,
                          ky_inventory *out);
/* Providers with vehicles that are willing to help; KY_NULL when there are some and none of them was asked. */
int64_t ky_inventory_willing(const ky_inventory *inventory, uint32_t row);
/* Of a kind of the list. */
const ky_inventory_item *ky_inventory_find(const ky_inventory *inventory, uint32_t row, const char *kind);

#endif
