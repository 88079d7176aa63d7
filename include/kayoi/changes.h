/* What changed between two runs of one municipality, from their layers and run.json alone: so two folders, two runs of
 * the database and a run against the one before are compared by the same rules. */
#ifndef KAYOI_CHANGES_H
#define KAYOI_CHANGES_H

#include <kayoi/layers.h>
#include <kayoi/past.h>

/* A place that differs by less is the same place, written in another format. */
#define KY_SAME_PLACE_MM 1000
/* A venue of the same name this near is the same venue under another id. */
#define KY_SAME_VENUE_MM 50000
/* Two gap areas belong together when at least this much of the smaller one lies in the other (assumption). */
#define KY_SAME_GAP_PERCENT 10

/* What is different about the runs themselves. */
#define KY_CAUSES(X)                                                              \
  X(KY_CAUSE_ENGINE, "engine")   /* version of kayoi */                           \
  X(KY_CAUSE_CRS, "crs")         /* plane of the run */                           \
  X(KY_CAUSE_SETTING, "setting") /* a definition */                               \
  X(KY_CAUSE_YEAR, "year")       /* date of the people */                         \
  X(KY_CAUSE_INPUT, "input")     /* a source: other bytes, added or taken away */ \
  X(KY_CAUSE_CONFIG, "config")   /* the configuration in something that is neither */

typedef enum ky_cause_kind {
#define KY_X(name, text) name,
  KY_CAUSES(KY_X)
#undef KY_X
      KY_CAUSE_KINDS
} ky_cause_kind;

const char *ky_cause_kind_name(ky_cause_kind kind);

typedef struct ky_change_cause {
  ky_cause_kind kind;
  const char *key;            /* of the definition; role of the source: "venues" */
  const char *name;           /* path of the source; NULL: of none */
  const char *before, *after; /* NULL: not there */
} ky_change_cause;

typedef struct ky_change_causes {
  uint32_t count;
  ky_change_cause *of;
} ky_change_causes;

/* Everything that differs, definitions first. */
ky_err ky_change_causes_find(ky_job *job, const ky_past *before, const ky_past *after, ky_change_causes *out);

/* Layers of one side; NULL: not known. Shapes of both sides are in one CRS. */
typedef struct ky_change_side {
  const ky_table *venues, *gaps, *zones, *sites;
} ky_change_side;

typedef struct ky_changes_in {
  ky_change_side before, after;
  ky_change_causes causes;
  int64_t primary_mm; /* the wider walking range of the two runs: how far a venue may matter */
} ky_changes_in;

/* kind of a change, with its Japanese word. */
#define KY_CHANGE_KINDS(X)                                           \
  X(KY_CHANGE_DEFINITION, "definition", "定義")                      \
  X(KY_CHANGE_SOURCE, "source", "入力データ")                        \
  X(KY_CHANGE_TOTAL, "total", "全体の数値")                          \
  X(KY_VENUE_OPENED, "venue_opened", "開設された場")                 \
  X(KY_VENUE_CLOSED, "venue_closed", "休止・廃止された場")           \
  X(KY_VENUE_MOVED, "venue_moved", "移った場")                       \
  X(KY_VENUE_CHANGED, "venue_changed", "内容が変わった場")           \
  X(KY_GAP_OPENED, "gap_opened", "新しい空白地帯")                   \
  X(KY_GAP_CLOSED, "gap_closed", "解消した空白地帯")                 \
  X(KY_GAP_GROWN, "gap_grown", "人が増えた空白地帯")                 \
  X(KY_GAP_SHRUNK, "gap_shrunk", "人が減った空白地帯")               \
  X(KY_GAP_SPLIT, "gap_split", "分かれた空白地帯")                   \
  X(KY_GAP_MERGED, "gap_merged", "一つになった空白地帯")             \
  X(KY_GAP_REDRAWN, "gap_redrawn", "引き直された空白地帯")           \
  X(KY_GAP_CHANGED, "gap_changed", "内容が変わった空白地帯")         \
  X(KY_ZONE_COVERAGE, "zone_coverage", "徒歩圏の割合が変わった圏域") \
  X(KY_ZONE_PEOPLE, "zone_people", "人口が変わった圏域")             \
  X(KY_ZONE_ADDED, "zone_added", "加わった圏域")                     \
  X(KY_ZONE_REMOVED, "zone_removed", "なくなった圏域")               \
  X(KY_SITE_ADDED, "site_added", "加わった候補地")                   \
  X(KY_SITE_DROPPED, "site_dropped", "外れた候補地")

typedef enum ky_change_kind {
#define KY_X(name, text, word) name,
  KY_CHANGE_KINDS(KY_X)
#undef KY_X
      KY_CHANGE_KIND_COUNT
} ky_change_kind;

const char *ky_change_kind_name(ky_change_kind kind);

typedef struct ky_change {
  ky_change_kind kind;
  const char *id, *replaces, *name, *zone_id;
  const char *field;          /* what before and after are: a column of the layer, "place", "status" */
  const char *before, *after; /* as the files write them; NULL: null, or not there */
  const char *why;            /* "venue_opened 31; setting walk.primary_m 500 -> 800" */
  int64_t people_65;          /* how many more people 65+, thousandths; KY_NULL: not a number of people */
  int64_t share;              /* by how much a share rose, KY_WHOLE parts; KY_NULL */
  int64_t moved_mm;           /* KY_NULL: not moved, or not known how far */
  bool has_place;
  double x_m, y_m; /* one place of what changed, inside its area */
} ky_change;

typedef struct ky_changes {
  uint32_t count, capacity;
  ky_change *row;
  bool has_gap_shapes; /* else gaps were matched by their ids alone */
} ky_changes;

ky_err ky_changes_build(ky_job *job, const ky_changes_in *in, ky_changes *out);
uint32_t ky_changes_count(const ky_changes *changes, ky_change_kind kind);
/* Layer changes: a record per change, a point each. No changes: all columns and no record. */
ky_err ky_changes_table(ky_job *job, const ky_changes *changes, ky_table *out);

/* Two runs side by side. */
typedef struct ky_run_changes {
  const ky_past *before, *after; /* before: NULL: there is none to compare with */
  const char *why_not;           /* there is one that cannot be compared; NULL */
  ky_changes changes;
  const char *missing[8]; /* "zones" of a side that cannot be read back: not compared */
  uint32_t missing_count;
} ky_run_changes;

/* Of two past runs (io/changes_runs.c). KY_E_INPUT: of two municipalities, or without a layer in common. */
ky_err ky_changes_of_runs(ky_job *job, const ky_past *before, const ky_past *after, ky_run_changes *out);
/* Of this run against an earlier one; a run that cannot be compared is why_not, never a failure. */
ky_err ky_changes_of_layers(ky_job *job, const ky_past *before, const ky_past *after, const ky_layers *layers,
                            ky_run_changes *out);

#endif
