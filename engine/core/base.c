/* Names and numbers of the lists in base.h. */
#include <kayoi/base.h>

int ky_err_status(ky_err err) {
  static const int status[KY_ERR_COUNT] = {
#define KY_X(name, status, text) status,
      KY_ERRORS(KY_X)
#undef KY_X
  };
  return status[err];
}

const char *ky_err_text(ky_err err) {
  static const char *const text[KY_ERR_COUNT] = {
#define KY_X(name, status, text) text,
      KY_ERRORS(KY_X)
#undef KY_X
  };
  return text[err];
}

const char *ky_measure_name(ky_measure measure) {
  static const char *const name[KY_MEASURE_COUNT] = {
#define KY_X(id, text, total) text,
      KY_MEASURES(KY_X)
#undef KY_X
  };
  return name[measure];
}

ky_measure ky_measure_total(ky_measure measure) {
  static const ky_measure total[KY_MEASURE_COUNT] = {
#define KY_X(id, text, total) total,
      KY_MEASURES(KY_X)
#undef KY_X
  };
  return total[measure];
}
