/* Sets of zones that venues are bound to, and the classes of rows that follow from them. */
#include <kayoi/catchment.h>
#include <stdlib.h>
#include <string.h>

const char *ky_catchment_state_name(ky_catchment_state state) {
  static const char *const names[KY_CATCHMENT_STATE_COUNT] = {"unknown", "open", "bound", "not_understood", "ignored"};
  return names[state];
}

/* The zones of one venue, or the sets that hold one row. */
typedef struct item {
  const void *content;
  size_t bytes;
  uint32_t index;
} item;

static int by_content(const void *a, const void *b) {
  const item *x = a, *y = b;
  if (x->bytes != y->bytes) return x->bytes < y->bytes ? -1 : 1;
  const int order = memcmp(x->content, y->content, x->bytes);
  return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* For each item the lowest index of those with the same content, into same[index]. */
static void find_equal(item *items, uint32_t count, uint32_t *same) {
  if (count != 0) qsort(items, count, sizeof *items, by_content);
  for (uint32_t i = 0; i < count; i++) {
    const bool is_equal = i != 0 && items[i].bytes == items[i - 1].bytes &&
                          memcmp(items[i].content, items[i - 1].content, items[i].bytes) == 0;
    same[items[i].index] = is_equal ? same[items[i - 1].index] : items[i].index;
  }
}

static ky_err find_sets(ky_job *job, uint32_t venue_count, const uint32_t *first, const uint32_t *zone,
                        ky_catchments *out) {
  item *items;
  uint32_t *same, n = 0, zones = 0;
  KY_NEW(job, keep, out->set, venue_count);
  KY_NEW(job, scratch, items, venue_count);
  KY_NEW(job, scratch, same, venue_count);
  for (uint32_t v = 0; v < venue_count; v++) {
    out->set[v] = KY_NONE;
    if (first[v] == first[v + 1]) continue;
    items[n++] = (item){zone + first[v], (first[v + 1] - first[v]) * sizeof *zone, v};
  }
  find_equal(items, n, same);
  for (uint32_t v = 0; v < venue_count; v++) {
    if (first[v] == first[v + 1]) continue;
    out->set[v] = same[v] == v ? out->set_count++ : out->set[same[v]];
    if (same[v] == v) zones += first[v + 1] - first[v];
  }
  KY_NEW(job, keep, out->first, (size_t)out->set_count + 1);
  KY_NEW(job, keep, out->zone, zones);
  uint32_t set = 0;
  for (uint32_t v = 0; v < venue_count; v++) {
    if (first[v] == first[v + 1] || same[v] != v) continue;
    const uint32_t count = first[v + 1] - first[v];
    memcpy(out->zone + out->first[set], zone + first[v], count * sizeof *zone);
    out->first[set + 1] = out->first[set] + count;
    set++;
  }
  return KY_OK;
}

/* Rows of the same bits are one class; rows without any are class 0, and there are always such: people outside. */
static ky_err find_classes(ky_job *job, uint32_t row_count, ky_catchments *out) {
  uint64_t *bits;
  item *items;
  uint32_t *same;
  out->words = (out->set_count + 63) / 64;
  KY_NEW(job, keep, out->row_class, row_count);
  KY_NEW(job, scratch, bits, (size_t)row_count * out->words);
  KY_NEW(job, scratch, items, row_count);
  KY_NEW(job, scratch, same, row_count);
  for (uint32_t s = 0; s < out->set_count; s++)
    for (uint32_t k = out->first[s]; k < out->first[s + 1]; k++)
      bits[(size_t)out->zone[k] * out->words + s / 64] |= (uint64_t)1 << s % 64;
  for (uint32_t row = 0; row < row_count; row++)
    items[row] = (item){bits + (size_t)row * out->words, out->words * sizeof *bits, row};
  find_equal(items, row_count, same);
  const uint32_t open = same[row_count - 1];
  out->class_count = 1;
  for (uint32_t row = 0; row < row_count; row++)
    out->row_class[row] = same[row] == open ? 0 : same[row] == row ? out->class_count++ : out->row_class[same[row]];
  KY_NEW(job, keep, out->holds, (size_t)out->class_count * out->words);
  for (uint32_t row = 0; row < row_count; row++)
    memcpy(out->holds + (size_t)out->row_class[row] * out->words, bits + (size_t)row * out->words,
           out->words * sizeof *bits);
  return KY_OK;
}

ky_err ky_catchments_build(ky_job *job, uint32_t venue_count, const uint32_t *first, const uint32_t *zone,
                           uint32_t row_count, ky_catchments *out) {
  *out = (ky_catchments){.venue_count = venue_count, .state = out->state};
  if (venue_count == 0 || first[venue_count] == 0) return KY_OK;
  KY_TRY(find_sets(job, venue_count, first, zone, out));
  return find_classes(job, row_count, out);
}

ky_err ky_by_class_new(ky_job *job, const ky_catchments *catchments, const uint32_t *row, uint32_t count,
                       ky_by_class *out) {
  const bool is_bound = catchments->set != NULL;
  *out = (ky_by_class){.count = is_bound ? catchments->class_count : 1};
  KY_NEW(job, scratch, out->first, (size_t)out->count + 2);
  KY_NEW(job, scratch, out->order, count);
  /* first[c + 2] counts, then becomes the next free place of class c + 1; at the end first[c] is where c starts */
  for (uint32_t i = 0; i < count; i++)
    if (row[i] != KY_NONE) out->first[(is_bound ? catchments->row_class[row[i]] : 0) + 2]++;
  for (uint32_t c = 0; c < out->count; c++) out->first[c + 2] += out->first[c + 1];
  for (uint32_t i = 0; i < count; i++)
    if (row[i] != KY_NONE) out->order[out->first[(is_bound ? catchments->row_class[row[i]] : 0) + 1]++] = i;
  return KY_OK;
}

void ky_catchment_use(const ky_catchments *catchments, uint32_t class, const int8_t *use, uint32_t count, int8_t *out,
                      bool *is_open) {
  *is_open = true;
  for (uint32_t v = 0; v < count; v++) {
    const uint32_t set = ky_catchment_set(catchments, v);
    out[v] = use[v] != 0 && (set == KY_NONE || ky_catchment_holds(catchments, set, class));
    if (set != KY_NONE && out[v] != 0) *is_open = false;
  }
}
