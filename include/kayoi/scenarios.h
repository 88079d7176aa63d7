/* Scenarios beside the run: who gains and who loses, and every key figure of both states. What a scenario is, the
 * engine knows (engine/scenario.h); here are two states of one town. */
#ifndef KAYOI_SCENARIOS_H
#define KAYOI_SCENARIOS_H

#include <kayoi/table.h>

struct ky_result;

/* Key figures: columns of the layer zones by their names. */
#define KY_FIGURES_MAX 40

/* Cells of which something is different; texts and counts of both states, [count]. */
typedef struct ky_compared_cells {
  uint32_t count;
  const char **id, **zone_id;
  int64_t *pop_65[2], *covered_65[2], *walk_mm[2]; /* before, after; KY_NULL unknown, or no such cell */
  const char **venue[2], **reach[2];
  int64_t *gaining_65, *losing_65; /* KY_NULL when homes are not the same */
} ky_compared_cells;

/* A definition that differs, "walk.primary_m". */
typedef struct ky_compared_definition {
  const char *key, *before, *after;
} ky_compared_definition;

typedef struct ky_compared {
  const char *name, *folder;
  uint32_t file; /* index into the files of the comparison */
  ky_compared_definition *definition;
  uint32_t definition_count;
  uint32_t added, closed, moved, changed; /* venues */
  int year;                               /* 0: that of the run */
  bool has_same_homes;                    /* the same demand points, so people can be followed one by one */
  int64_t *gaining[2], *losing[2];        /* [rows] people 65+ and 75+; NULL unless has_same_homes, 75+: or unknown */
  int64_t *after[KY_FIGURES_MAX];         /* [rows] */
  ky_compared_cells cells;
} ky_compared;

/* A file of scenarios, as read. */
typedef struct ky_compared_file {
  const char *path, *text;
  size_t bytes;
} ky_compared_file;

typedef struct ky_comparison {
  uint32_t count, row_count, figure_count, file_count;
  ky_compared *of;
  ky_compared_file *file;
  const ky_column *figure[KY_FIGURES_MAX]; /* of the run's table of zones: name, alias, unit, and what was before */
} ky_comparison;

/* zones: the run's table of zones, which must live as long as the comparison. */
ky_err ky_comparison_start(ky_job *job, const ky_table *zones, uint32_t count, ky_comparison *out);
/* One scenario: `after` against `before`. zones: its table of zones. What it keeps is copied into the job, so `after`
 * may go. out: name, folder and counts are already there. */
ky_err ky_compare(ky_job *job, const ky_comparison *comparison, const struct ky_result *before,
                  const struct ky_result *after, const ky_table *zones, bool has_same_homes, ky_compared *out);
/* A figure of a row; KY_NULL: unknown, or the layer zones has no such column. */
int64_t ky_compared_figure(const ky_comparison *comparison, const ky_compared *of, const char *name, uint32_t row,
                           bool is_after);

#endif
