/* Times of day and headways, in whole seconds. */
#include "core/departures.h"

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && a < 0);
}

void ky_headway_count(const ky_headway *headway, int32_t offset_s, uint32_t from_s, uint32_t to_s, int64_t *all,
                      int64_t *in_hours) {
  const int64_t h = headway->headway_s, first = (int64_t)headway->start_s + offset_s;
  *all = *in_hours = 0;
  if (headway->end_s <= headway->start_s) return;
  *all = ((int64_t)headway->end_s - headway->start_s + h - 1) / h;
  int64_t low = -floor_div(first - (int64_t)from_s, h), high = floor_div((int64_t)to_s - first, h);
  if (low < 0) low = 0;
  if (high > *all - 1) high = *all - 1;
  if (high >= low) *in_hours = high - low + 1;
}

/* Digits at *at, at most `most` of them; -1 without any. */
static int32_t digits(const char **at, const char *end, int most) {
  int32_t value = 0;
  int n = 0;
  for (; *at < end && **at >= '0' && **at <= '9'; ++*at, n++) {
    if (n == most) return -1;
    value = value * 10 + (**at - '0');
  }
  return n == 0 ? -1 : value;
}

int32_t ky_time_of(const char *text, size_t length) {
  const char *at = text, *end = text + length;
  int32_t part[3];
  for (int i = 0; i < 3; i++) {
    if (i > 0 && (at == end || *at++ != ':')) return KY_NO_TIME;
    part[i] = digits(&at, end, i == 0 ? 3 : 2);
    if (part[i] < 0 || (i > 0 && part[i] > 59)) return KY_NO_TIME;
  }
  return at == end ? part[0] * 3600 + part[1] * 60 + part[2] : KY_NO_TIME;
}
