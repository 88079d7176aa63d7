/* Kayoi base: numbers, errors and the measures of people that every room shares.
 *
 * Units end every dimensional name: _m metres, _mm millimetres, _m2 square metres, _um micrometres,
 * _deg degrees, _ms milliseconds. People are counted in thousandths of a person ("milli people"),
 * as integers, so that every sum is exact. */
#ifndef KAYOI_BASE_H
#define KAYOI_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An index or a distance that does not exist: no venue, no zone, no route. */
#define KY_NONE UINT32_MAX
/* An unknown number in an int64_t column. Null is never zero. */
#define KY_NULL INT64_MIN
/* Thousandths in one person. */
#define KY_PERSON 1000
/* Parts in a whole for rates and shares: 0.08 is 80000. */
#define KY_WHOLE 1000000

/* Every way a run can break: name, exit status of the program, text.
 * A bad record is not among them: it becomes a row of the issues (job.h) and the run goes on. */
#define KY_ERRORS(X)                                                        \
  X(KY_OK, 0, "done")                                                       \
  X(KY_E_USAGE, 2, "the command line is wrong")                             \
  X(KY_E_CONFIG, 2, "the configuration is wrong")                           \
  X(KY_E_INPUT, 3, "an input cannot be used")                               \
  X(KY_E_DATABASE, 4, "the database cannot be used")                        \
  X(KY_E_OUTPUT, 5, "the output cannot be written")                         \
  X(KY_E_RESOURCE, 6, "memory or another resource is out")                  \
  X(KY_E_HELD, 7, "the result is held back")                                \
  X(KY_E_BUSY, 8, "another run is at work there")                           \
  X(KY_E_DISCLOSURE, 9, "the public layers would give a hidden count away") \
  X(KY_E_INTERNAL, 70, "kayoi broke one of its own rules")

typedef enum ky_err {
#define KY_X(name, status, text) name,
  KY_ERRORS(KY_X)
#undef KY_X
      KY_ERR_COUNT
} ky_err;

/* Exit status of the program for an error. */
int ky_err_status(ky_err err);
/* One line of English that says what kind of failure it is. */
const char *ky_err_text(ky_err err);

/* Measures of people: age band x sex. Name is the attribute of layers.md without its prefix "pop_";
 * `total` is the index of the measure that male and female add up to. */
#define KY_MEASURES(X)               \
  X(KY_TOTAL, "total", KY_TOTAL)     \
  X(KY_TOTAL_M, "total_m", KY_TOTAL) \
  X(KY_TOTAL_F, "total_f", KY_TOTAL) \
  X(KY_65, "65", KY_65)              \
  X(KY_65_M, "65_m", KY_65)          \
  X(KY_65_F, "65_f", KY_65)          \
  X(KY_75, "75", KY_75)              \
  X(KY_75_M, "75_m", KY_75)          \
  X(KY_75_F, "75_f", KY_75)          \
  X(KY_85, "85", KY_85)              \
  X(KY_85_M, "85_m", KY_85)          \
  X(KY_85_F, "85_f", KY_85)

typedef enum ky_measure {
#define KY_X(name, text, total) name,
  KY_MEASURES(KY_X)
#undef KY_X
      KY_MEASURE_COUNT
} ky_measure;

/* "total", "65", "65_m", ... */
const char *ky_measure_name(ky_measure measure);
/* The measure that a male or female one is part of; a total is its own. */
ky_measure ky_measure_total(ky_measure measure);

#endif
