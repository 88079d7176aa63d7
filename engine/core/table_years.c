/* Layers year_zones and year_gaps: the layers zones and gaps of every year with people by age behind each other, those
 * of the residents first. A record's key is the year and what its people come from, with the id of the layer. */
#include <kayoi/write.h>

typedef ky_err (*maker)(ky_job *job, const ky_result *result, ky_table *out);

static ky_err add_origin(ky_job *job, const ky_result *result, const ky_table *tables, ky_table *out) {
  const char **from;
  uint32_t at = 0;
  KY_NEW(job, keep, from, out->count);
  for (uint32_t y = 0; y < result->year_result_count; y++)
    for (uint32_t i = 0; i < tables[y].count; i++) from[at++] = result->year_results[y].people_from;
  ky_table_text(out, "people_from", "人口の出所", from);
  return KY_OK;
}

static ky_err stack(ky_job *job, const ky_result *result, maker make, const char *layer, const char *alias,
                    bool keep_shapes, ky_table *out) {
  const uint32_t count = result->year_result_count;
  ky_table *tables;
  int64_t *year;
  KY_NEW(job, scratch, tables, count);
  KY_NEW(job, scratch, year, count);
  for (uint32_t y = 0; y < count; y++) {
    KY_TRY(make(job, &result->year_results[y].result, &tables[y]));
    year[y] = result->year_results[y].year;
  }
  KY_TRY(ky_table_stack(job, layer, alias, "year", "年", year, tables, count, keep_shapes, out));
  return add_origin(job, result, tables, out);
}

ky_err ky_year_zones_table(ky_job *job, const ky_result *result, ky_table *out) {
  return stack(job, result, ky_zones_table, "year_zones", "年別の圏域", false, out);
}

ky_err ky_year_gaps_table(ky_job *job, const ky_result *result, ky_table *out) {
  return stack(job, result, ky_gaps_table, "year_gaps", "年別の空白地帯", true, out);
}
