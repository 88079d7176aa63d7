/* Walkability of streets that are not OpenStreetMap's: KSJ N13, municipal centre lines, or what the config says.
 *
 * KSJ N13 (2024): N13_002 kind (1 ordinary, 2 garden path, 3 footpath, 4 stone steps, 5 unknown), N13_003 category
 * (1 national, 2 prefectural, 3 municipal, 4 expressway, 5 other, 6 unknown), N13_004 state (1 ordinary, 2 bridge,
 * 3 tunnel, 4 snow shelter, 5 under construction, 6 other, 7 unknown), N13_005 level, N13_006 width, N13_007 toll.
 * Everything is walked but expressways and what is under construction; kind goes before category.
 *
 * Japanese words (道路種別 and the like): roads for cars only and roads under construction are not walked. */
#ifndef KAYOI_ROAD_CLASS_H
#define KAYOI_ROAD_CLASS_H

#include "io/osm_walk.h"

typedef enum ky_road_verdict {
  KY_ROAD_OPEN,
  KY_ROAD_CLOSED,     /* by OpenStreetMap's tags */
  KY_ROAD_UNKNOWN,    /* nothing known forbids walking */
  KY_ROAD_CARS_ONLY,  /* expressways and other roads for cars only */
  KY_ROAD_UNDER_WORK, /* under construction, not opened */
  KY_ROAD_NOT_LISTED  /* its class is not among the source's `walkable` */
} ky_road_verdict;

bool ky_road_is_n13(const ky_raw *raw);
/* Names the format after N13, and refuses `walkable` without a class column. */
ky_err ky_road_settle(ky_job *job, ky_raw *raw);
/* A class in Japanese words; normalised inside (scratch). *class_bits as in ky_osm_walkable. */
ky_err ky_road_word(ky_job *job, const char *word, ky_road_verdict *verdict, uint32_t *class_bits);
/* A record of N13. */
ky_road_verdict ky_road_n13(const ky_raw *raw, uint32_t record, uint32_t *class_bits);
/* Place of the class among the source's `walkable`, KY_NONE. */
ky_err ky_road_listed(ky_job *job, const ky_source *source, const char *word, uint32_t *place);

#endif
