/* One table through a writer. */
#ifndef KAYOI_WRITE_ONE_H
#define KAYOI_WRITE_ONE_H

#include <kayoi/write.h>

static inline ky_err write_one(const ky_writer *writer, ky_job *job, const char *place, const ky_table *table) {
  static ky_layers layers;
  const ky_write_opts opts = {.dir = place};
  layers = (ky_layers){.crs = "EPSG:6670", .count = 1};
  layers.tables[0] = *table;
  return writer->write(job, &layers, &opts, place);
}

#endif
