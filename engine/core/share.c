/* Largest remainder (Hamilton): whole units shared in proportion, exact in sum. */
#include <kayoi/place.h>

__extension__ typedef unsigned __int128 uwide;

/* people * weight mod total, knowing the quotient: the true remainder is below total, so 64-bit wrap-around is exact.
 */
static uint64_t remainder_of(uint64_t people, uint64_t weight, uint64_t quotient, uint64_t total) {
  return people * weight - quotient * total;
}

typedef struct sharing {
  uint64_t people, total;
  const uint64_t *weight;
  const int64_t *quotient;
} sharing;

/* Does a come before b? Larger remainder first, then the earlier. */
static bool is_before(const sharing *s, uint32_t a, uint32_t b) {
  uint64_t ra = remainder_of(s->people, s->weight[a], (uint64_t)s->quotient[a], s->total);
  uint64_t rb = remainder_of(s->people, s->weight[b], (uint64_t)s->quotient[b], s->total);
  return ra != rb ? ra > rb : a < b;
}

static void sift_down(const sharing *s, uint32_t *heap, uint32_t at, uint32_t count) {
  uint32_t item = heap[at];
  for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && is_before(s, heap[child + 1], heap[child])) child++;
    if (!is_before(s, heap[child], item)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = item;
}

void ky_share_largest_remainder(int64_t people, const uint64_t *weight, uint32_t count, int64_t *out, uint32_t *order) {
  uint64_t total = 0;
  int64_t left = people;
  for (uint32_t i = 0; i < count; i++) {
    total += weight[i];
    out[i] = 0;
  }
  if (count == 0) return;
  if (total == 0) {
    out[0] = people;
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    out[i] = (int64_t)((uwide)(uint64_t)people * weight[i] / total);
    left -= out[i];
    order[i] = i;
  }
  if (left == 0) return;
  /* the `left` items with the largest remainders get one more; quotients must not change while they are compared */
  sharing s = {(uint64_t)people, total, weight, out};
  for (uint32_t i = count / 2; i-- > 0;) sift_down(&s, order, i, count);
  uint32_t end = count;
  for (int64_t i = 0; i < left; i++) {
    uint32_t top = order[0];
    order[0] = order[--end];
    sift_down(&s, order, 0, end);
    order[end] = top; /* chosen ones gather behind the heap */
  }
  for (uint32_t i = end; i < count; i++) out[order[i]]++;
}
