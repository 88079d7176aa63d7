/* Beside room 5, access: how far it is to venues of each class (activity, how often they meet) and to resources of each
 * kind, by the same walks as to any venue; and who has neither a venue nor a shop within the primary distance. */
#ifndef KAYOI_ACCESS_H
#define KAYOI_ACCESS_H

#include <kayoi/gaps.h>
#include <kayoi/nearest.h>

typedef enum ky_class_kind {
  KY_CLASS_ACTIVITY,
  KY_CLASS_FREQUENCY,
  KY_CLASS_RESOURCE,
  KY_CLASS_OPERATOR, /* this and those behind it: strengths.h */
  KY_CLASS_DAY_PART,
  KY_CLASS_ALL,
  KY_CLASS_NOT_COUNTING,
  KY_CLASS_KIND_COUNT
} ky_class_kind;
const char *ky_class_kind_name(ky_class_kind kind); /* "activity" */

typedef struct ky_access_opts {
  uint32_t nearest;                        /* k nearest venues per cell, at most KY_NEAREST_MAX; 0: not asked for */
  bool by_activity, by_frequency;          /* classes of venues */
  int64_t weekly_milli, fortnightly_milli; /* sessions a month from which a venue is weekly, fortnightly */
} ky_access_opts;

/* Most activities that get a class of their own. */
#define KY_ACTIVITY_CLASSES_MAX 40

/* A class: some of the venues that count, or some of the resources that can be walked to. */
typedef struct ky_class {
  uint8_t kind;             /* ky_class_kind */
  const char *name, *alias; /* "weekly" 週1回程度; "shop" 買い物; of an activity both are its words as first given */
  const ky_anchors *anchors; /* of all venues, or of all resources */
  int8_t *use;               /* [anchors] 1: in the class */
  uint32_t count;            /* how many are */
} ky_class;

typedef struct ky_classes {
  uint32_t count, capacity;
  ky_class *of;
} ky_classes;

/* Resources on the network. */
typedef struct ky_resource_walks {
  ky_anchors anchors;
  int8_t *counts;      /* [resources] walks lead to it */
  const char **reason; /* why not: no_place, town_position, no_street_near; NULL */
} ky_resource_walks;

typedef struct ky_access {
  ky_classes classes;
  uint32_t cell_count, row_count;
  /* [class * cells + cell], over the cell's points as ky_coverage has it for all venues */
  uint32_t *cell_walk_mm; /* median */
  uint32_t *cell_place;   /* the nearest of the class for most of the cell: venue or resource */
  int64_t *cell_covered;  /* people 65+ within the primary distance, thousandths; KY_NULL unknown */
  int64_t *covered;       /* [class * rows + row] people 65+ within the primary distance */
  ky_resource_walks resources;
  uint32_t *shop_mm, *clinic_mm; /* [points] walk; NULL: none is known */
  /* [rows] people 65+ without a shop within the primary distance: with no venue there either, and covered; KY_NULL
   * outside the municipality; NULL: no shop is known */
  int64_t *no_venue_no_shop, *covered_no_shop;
  uint32_t *gap_shop_mm, *gap_clinic_mm; /* [gap areas] median over its points; NULL before ky_access_gaps, or none */
} ky_access;

/* Anchors of the resources, as those of venues; a place known as the middle of its town only is none. What cannot be
 * walked to is reported, by source. */
ky_err ky_access_resources(ky_job *job, const ky_resources *resources, const ky_network *network,
                           const ky_network_opts *opts, ky_resource_walks *out);

/* Classes, appended. Activities are equal when their text keys are; a venue with several (体操、茶話会) is in the class
 * of each. (engine/io/activity_classes.c) */
ky_err ky_classes_by_activity(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out);
/* weekly, fortnightly, monthly (at least once a month), rarer, unknown. */
ky_err ky_classes_by_frequency(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                               const ky_access_opts *opts, ky_classes *out);
/* The codes of KY_RESOURCE_KINDS that are there; words of no code are none. */
ky_err ky_classes_of_resources(ky_job *job, const ky_resources *resources, const ky_resource_walks *walks,
                               ky_classes *out);
/* The next class, empty. */
ky_err ky_classes_add(ky_job *job, ky_class_kind kind, const char *name, const char *alias, const ky_anchors *anchors,
                      ky_classes *classes, ky_class **out);

/* One field per class, over classes in parallel; out->classes and out->resources are set. */
ky_err ky_access_build(ky_job *job, const ky_network *network, const ky_contraction *contraction,
                       const ky_points *points, const ky_cells *cells, const ky_zones *zones,
                       const ky_anchors *point_anchors, const ky_catchments *catchments, const ky_coverage *coverage,
                       uint32_t primary_mm, ky_access *out);
/* Distances of gap areas to the nearest shop and clinic. */
ky_err ky_access_gaps(ky_job *job, const ky_points *points, const ky_gaps *gaps, ky_access *access);

#endif
