/* The number of the running OpenMP thread, 0 .. job->threads - 1. */
#ifndef KAYOI_THREAD_H
#define KAYOI_THREAD_H

#ifdef _OPENMP
#include <omp.h>
#endif

static inline int ky_thread(void) {
#ifdef _OPENMP
  return omp_get_thread_num();
#else
  return 0;
#endif
}

#endif
