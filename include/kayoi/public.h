/* The public part of a run: which layers and attributes leave the town hall, and with which figures (method.md 11).
 *
 * One table (core/audience.c) says of each layer and attribute who may see it, and of each count of people from which
 * source it comes. What it does not name is internal. */
#ifndef KAYOI_PUBLIC_H
#define KAYOI_PUBLIC_H

#include <kayoi/disclosure.h>
#include <kayoi/table.h>

typedef enum ky_count_source {
  KY_FROM_RESIDENTS, /* the residents' data: a published grid, or an extract */
  KY_FROM_OFFICIAL,  /* people of the register per zone */
  KY_COUNT_SOURCES
} ky_count_source;

typedef enum ky_attribute_kind {
  KY_ATTRIBUTE_INTERNAL,
  KY_ATTRIBUTE_PLAIN,   /* as it is */
  KY_ATTRIBUTE_COUNT,   /* people of `source`; from a restricted one small counts and their companions are hidden */
  KY_ATTRIBUTE_OPEN,    /* only when `source` is open: what cannot be protected (overlapping areas, single cells) */
  KY_ATTRIBUTE_DERIVED, /* from counts of the same record (`bases`); null where one of them is hidden */
  KY_ATTRIBUTE_CONTACT, /* of venues: only when the record itself is marked publishable, and no name of a person */
  KY_ATTRIBUTE_OPERATOR /* of venues: only the name of a body, never of a person */
} ky_attribute_kind;

typedef struct ky_audience_row {
  const char *layer, *attribute; /* attribute: may end in, or hold, one '*' */
  ky_attribute_kind kind;
  ky_count_source source;
  const char *bases; /* of DERIVED: names, '|'-separated, '*' as in the attribute */
} ky_audience_row;

/* What the table says; a row of kind INTERNAL when it says nothing. */
const ky_audience_row *ky_audience_of(const char *layer, const char *attribute);

typedef enum ky_layer_audience { KY_LAYER_INTERNAL, KY_LAYER_PUBLIC, KY_LAYER_SWITCHED } ky_layer_audience;
/* KY_LAYER_PUBLIC: by default; KY_LAYER_SWITCHED: when public.layers names it; INTERNAL: never. */
ky_layer_audience ky_layer_audience_of(const char *layer);
/* Layers that public.layers may name; NULL behind the last. */
const char *ky_layer_publishable(size_t index);
/* The layer is left out as a whole unless the residents' data is open: it says where single people live. */
bool ky_layer_needs_open(const char *layer);

typedef enum ky_home_rule { KY_HOMES_GENERALISE, KY_HOMES_WITHHOLD } ky_home_rule;

#define KY_PUBLIC_GRID_M 500.0 /* homes are drawn at the middle of a square of this side */

typedef struct ky_public_opts {
  bool is_wanted;
  const char **layers; /* further ones */
  uint32_t layer_count;
  int64_t threshold; /* thousandths */
  ky_home_rule homes;
  bool is_open[KY_COUNT_SOURCES];
  bool venues_open, resources_open; /* all their sources are published already */
  bool with_companions;             /* false only in tests of the audit */
} ky_public_opts;

/* People of each gap area in each row of the ledger. */
typedef struct ky_gap_part {
  uint32_t gap, row;
  int64_t people[KY_MEASURE_COUNT]; /* thousandths */
} ky_gap_part;

/* A publication as tables: layers that are not there are NULL. */
typedef struct ky_publication {
  const ky_table *zones, *gaps, *mobility;
} ky_publication;

typedef struct ky_public_in {
  const ky_table *tables; /* the internal layers */
  uint32_t table_count;
  const ky_gap_part *gap_parts;
  uint32_t gap_part_count;
  const char *primary_band;               /* "500": covered_65_500 is covered_65 */
  ky_publication before, before_internal; /* the last publication, and the internal layers of that run */
} ky_public_in;

typedef struct ky_left_out {
  const char *layer, *why; /* stable code */
} ky_left_out;

#define KY_PUBLIC_TABLES_MAX 64

typedef struct ky_public_layers {
  uint32_t count;
  ky_table tables[KY_PUBLIC_TABLES_MAX]; /* shapes_deg is not set */
  ky_left_out left_out[KY_PUBLIC_TABLES_MAX];
  uint32_t left_out_count;
  uint32_t small, companions, derived; /* hidden values */
  uint32_t level;                      /* 0: all detail; more: less, because too many counts are small */
  uint32_t shown_again;                /* see ky_public_audit */
  uint32_t published_before;           /* small ones that the last publication showed already */
  uint32_t not_proven;                 /* small ones for which the search found no second set of figures */
  uint32_t venues_withheld, homes_generalised, gaps_withheld;
} ky_public_layers;

/* Internal layers -> public layers. */
ky_err ky_public_make(ky_job *job, const ky_public_opts *opts, const ky_public_in *in, ky_public_layers *out);

/* Hides counts of zones, gaps and mobility: is_hidden[table][column * rows + row] is set (allocated here for the tables
 * that are in `publication`). Part of ky_public_make. */
typedef struct ky_hidden {
  uint8_t *zones, *gaps, *mobility;
} ky_hidden;
ky_err ky_public_counts(ky_job *job, const ky_public_opts *opts, const ky_public_in *in,
                        const ky_publication *published, ky_hidden *hidden, ky_public_layers *out);

/* The audit: what a reader can work out from the public layers and the last publication. It shares no code with what
 * decided. *what: NULL, or what was found, in words (scratch). A count that is not small, was hidden for the sake of
 * others and follows all the same is no secret: it is shown again (made->shown_again). */
ky_err ky_public_audit(ky_job *job, const ky_public_opts *opts, const ky_public_in *in, ky_public_layers *made,
                       const char **what);

#endif
