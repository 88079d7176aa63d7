/* The configuration of a run: what config.c reads from YAML and run.c hands to the rooms. */
#ifndef KAYOI_CONFIG_H
#define KAYOI_CONFIG_H

#include <kayoi/kayoi.h>

/* Facts of zones (place.h) as written in the config; tables of them are sources of role KY_ROLE_OFFICIAL. */
typedef ky_zone_fact ky_config_zone;

/* How far, as the config says it. 0, an empty list, NULL: it does not. */
typedef struct ky_config_bands {
  uint32_t count, value[KY_BANDS_MAX];
} ky_config_bands;

typedef struct ky_config_range {
  uint32_t primary_mm, primary_milli_min;
  ky_config_bands bands_mm, bands_milli_min;
  const char *basis;
} ky_config_range;

/* The section public. */
typedef struct ky_config_public {
  bool is_wanted; /* or --public */
  bool are_homes_shown, is_official_open;
  int64_t threshold; /* thousandths */
  const char **layers;
  uint32_t layer_count;
} ky_config_public;

typedef struct ky_scenarios ky_scenarios; /* scenario.h */

typedef struct ky_config {
  const char *path;        /* as given on the command line */
  const char *text;        /* the file as read */
  size_t text_bytes;       /* of it */
  const char *name, *code; /* municipality */
  const char *lang;        /* "ja", "en"; NULL: from the locale */
  ky_read_opts read;       /* sources of all roles, in the order of the config */
  ky_config_zone *zones;
  uint32_t zone_count;
  ky_fact_text *facts; /* zones.facts as a list */
  uint32_t fact_count;
  const char *official_date, *official_source;
  ky_place_opts place;
  const char *place_method; /* "buildings", "streets", "centroid" */
  ky_years_opts years;
  ky_zone_fit_opts zone_fit;
  ky_venue_opts venue;
  ky_noding_opts noding;
  ky_network_opts network;
  ky_walk_opts walk;     /* the first profile: decides gaps, sites, targets */
  ky_walk_opts *further; /* walk.also */
  uint32_t further_count;
  ky_config_range range;      /* of the section walk; in the end that of the first profile */
  bool slope_by_default;      /* walk.slope: of profiles that state no rule */
  const char *unused_profile; /* the first one defined that the run does not walk; NULL: none */
  ky_access_opts access;
  ky_sites_opts sites;
  ky_site_plan_opts site_plan;
  ky_supply_opts supply; /* of the section transit */
  ky_gaps_opts gaps;
  ky_names_opts names;
  ky_mobility_opts mobility;
  ky_targets_opts targets;
  ky_strengths_opts strengths;
  ky_priority_opts priority;
  ky_gate_opts gate;
  ky_history_opts history;
  const char *cache_dir;                     /* where the network is kept; NULL: nowhere */
  bool with_sensitivity;                     /* outputs.sensitivity */
  bool with_page;                            /* outputs.page */
  const char *page_tiles, *page_tiles_words; /* section page; NULL: none */
  ky_config_public public_part;
  ky_publication_opts publication; /* outputs.postgis */
  const char *out_dir;             /* resolved against the config's folder */
  const char **formats;
  uint32_t format_count;
  const char *shapefile_encoding; /* "cp932", "utf-8" */
  ky_setting *settings;           /* every definition, in the order of the example */
  uint32_t setting_count;
  bool has_added_band;           /* walk.primary_m was not among the walk.bands_m given */
  uint32_t max_bad_share;        /* KY_WHOLE parts of a source's records that may be bad before the run fails */
  const ky_scenarios *scenarios; /* of the command line; NULL: none */
  const struct ky_seen *seen;    /* what decides the run, as it was before anything was read; NULL: nobody looked */
} ky_config;

/* Reads and validates the file; every problem is file:line:col in the message (KY_E_CONFIG). */
ky_err ky_config_read(ky_job *job, const char *path, ky_config *out);

/* Settings of a scenario in place of those of the file. */
typedef struct ky_config_change {
  const char *profile;                    /* NULL: as it is */
  uint32_t primary_mm, primary_milli_min; /* at most one of them; both 0: as it is */
  const char *basis;                      /* of that distance; NULL: none */
  int64_t rate;                           /* KY_WHOLE parts; KY_NULL: as it is */
  const char *rate_basis;
  const ky_zone_fact *zones; /* rates of zones */
  uint32_t zone_count;
} ky_config_change;

/* The same file with the change, as if it had been written there. A change of the profile takes the distance of that
 * profile, unless it states one. *problem: what is wrong with it then (scratch), NULL: nothing. */
ky_err ky_config_vary(ky_job *job, const ky_config *base, const ky_config_change *change, ky_config *out,
                      const char **problem);

/* What a reader of the results should know about the settings, as notices. Apart from ky_config_read, because the
 * config itself may choose the language of messages. */
void ky_config_remark(ky_job *job, const ky_config *config);
/* Values for the example: `write` puts "key: value" of a field (section "" at the top) into the stream with its own
 * indent and line end, or returns false, and the example's own value stands there. */
typedef struct ky_config_fill {
  bool (*write)(void *user, void *stream /* FILE */, const char *section, const char *key);
  void *user;
} ky_config_fill;
/* The commented example of every key, from the field table. fill: NULL for none. */
void ky_config_example(void *stream /* FILE */, const ky_config_fill *fill);

/* Where a run ends. */
typedef enum ky_last_room {
  KY_LAST_PLACE,    /* a check: every input read and placed, no network kept */
  KY_LAST_COVERAGE, /* an explanation: what is behind the distances, of all profiles */
  KY_LAST_WRITE     /* a run with its results */
} ky_last_room;

/* run.c: the rooms in order, up to the last one wanted; nothing is written before KY_LAST_WRITE. */
ky_err ky_run(ky_job *job, const ky_config *config, ky_last_room last, ky_result *out);

#endif
