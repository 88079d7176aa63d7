/* Edit distance with swaps of neighbours (optimal string alignment), on bytes. */
#include "config_suggest.h"

#include <string.h>

#define WORD_MAX 40

static unsigned min3(unsigned a, unsigned b, unsigned c) {
  unsigned d = a < b ? a : b;
  return d < c ? d : c;
}

static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  unsigned row[3][WORD_MAX + 1];
  for (size_t j = 0; j <= b_length; j++) row[0][j] = (unsigned)j;
  for (size_t i = 1; i <= a_length; i++) {
    unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *above = row[(i + 1) % 3];
    now[0] = (unsigned)i;
    for (size_t j = 1; j <= b_length; j++) {
      unsigned change = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = min3(up[j] + 1, now[j - 1] + 1, up[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && above[j - 2] + 1 < now[j])
        now[j] = above[j - 2] + 1;
    }
  }
  return row[a_length % 3][b_length];
}

void ky_suggestion_offer(ky_suggestion *suggestion, const char *known) {
  size_t word_length = strlen(suggestion->word), known_length = strlen(known);
  if (word_length == 0 || word_length > WORD_MAX || known_length > WORD_MAX) return;
  unsigned d = distance(suggestion->word, word_length, known, known_length);
  size_t longest = word_length > known_length ? word_length : known_length;
  unsigned allowed = longest <= 3 ? 1 : longest <= 8 ? 2 : 3;
  if (d > allowed || d >= longest) return;
  if (suggestion->best != NULL && d >= suggestion->distance) return;
  suggestion->best = known;
  suggestion->distance = d;
}
