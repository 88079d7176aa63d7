/* Census cells while they are being read: rows of people, and the dissolving of hidden groups. */
#ifndef KAYOI_CELL_GROUPS_H
#define KAYOI_CELL_GROUPS_H

#include <kayoi/place.h>

#include "core/records.h"

typedef struct ky_cell_draft {
  const char *id;
  ky_record record;                 /* of its geometry and messages */
  int64_t people[KY_MEASURE_COUNT]; /* thousandths, KY_NULL unknown */
  char hidden;                      /* HTKSYORI: '0' own, '1' received others' details, '2' its details are elsewhere */
  const char *receiver;             /* HTKSAKI of a '2' */
  const char *sources;              /* GASSAN of a '1': ids joined by ';' */
  uint8_t age_source;
} ky_cell_draft;

/* Shares each receiving row's age bands over its group in proportion to total people (method.md 1). drafts are sorted
 * by id; an id may be there once per file. Links that do not point both ways leave the source's bands unknown, with an
 * issue. */
ky_err ky_cell_groups_dissolve(ky_job *job, ky_cell_draft *drafts, uint32_t count);

/* One draft per cell: the parts that several files hold of one cell (a border cell between two prefectures) are added
 * up; an id that is there twice otherwise stays two cells, the later under a new id. After dissolving, because the
 * links of a file are about its own parts. drafts are sorted by id, before and after. */
ky_err ky_cell_parts_merge(ky_job *job, ky_cell_draft *drafts, uint32_t *count);

#endif
