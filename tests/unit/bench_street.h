/* A bench of its own for every test, with GDAL started and one street. */
#ifndef KAYOI_TEST_BENCH_STREET_H
#define KAYOI_TEST_BENCH_STREET_H

#include "bench_read.h"
#include "io/gdal_log.h"

static bench b;

static inline int open_bench(void **state) {
  (void)state;
  ky_gdal_start();
  bench_open(&b);
  bench_street(&b);
  return 0;
}

static inline int close_bench(void **state) {
  (void)state;
  bench_close(&b);
  return 0;
}

#endif
