/* One layer as a script that a page reads with a plain <script>, because from file:// nothing can be fetched. */
#ifndef KAYOI_REPORT_SCRIPT_H
#define KAYOI_REPORT_SCRIPT_H

#include "io/out_file.h"
#include "io/report_layers.h"

/* Writes <folder>/<layer>.js:
 *
 *   window.kayoi.layers.gaps={"layer":"gaps","alias":"空白地帯","count":43,"columns":{
 *     "gap_id":{"alias":"空白地帯番号","values":["493016282a",...]},
 *     "people_65":{"alias":"65歳以上","unit":"people","values":[918.399,...]},
 *     "class":{"alias":"打つ手","dictionary":["new_venue",...],"words":{"new_venue":"新しい通いの場"},"codes":[0,...]},
 *     "is_small":{"alias":"小さい","flags":[0,1,-1]}},
 *    "shapes":{"kind":"polygon","decimals":6,"parts":[1,...],"sizes":[12,...],"holes":[0,...],"xy":[...]}};
 *
 * null stands for unknown, in codes and flags -1. xy are whole units of the last decimal, each the difference from the
 * vertex before it in the layer; rings go without their last vertex. only_null: records where this column is null;
 * NULL: all. */
ky_err ky_report_script(ky_job *job, const char *folder, const ky_table *table, const ky_report_layer *of,
                        const char *only_null);

/* Records that the script has. */
uint32_t ky_report_rows(const ky_table *table, const char *only_null);

#endif
