/* The results of a batch as one. */
#ifndef KAYOI_BATCH_MERGE_H
#define KAYOI_BATCH_MERGE_H

#include "batch_run.h"

/* People of the whole, thousandths; those of each municipality live inside its border, so nobody is there twice. */
typedef struct ky_merged {
  uint32_t merged_count, left_out_count;
  int64_t pop_total, pop_65, covered_65, in_gap_65;
} ky_merged;

/* Makes BATCH/merged whole: kayoi.gpkg with every layer of every municipality that has a result, behind the columns
 * municipality_code and municipality_name; municipalities.csv with the state, reason and people of all; merged.json.
 * KY_E_BUSY while another merge is at work; KY_E_INPUT when there is no result at all. */
ky_err ky_batch_merge(ky_job *job, const ky_batch *batch, ky_merged *out);

#endif
