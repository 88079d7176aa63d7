/* "Did you mean ...?": the nearest of some known words. */
#ifndef KAYOI_CONFIG_SUGGEST_H
#define KAYOI_CONFIG_SUGGEST_H

/* Start with {.word = what was written}, offer every known word; `best` is then the nearest one that a slip of
 * the fingers explains, else NULL. Ties stay with the word offered first. */
typedef struct ky_suggestion {
  const char *word;
  const char *best;
  unsigned distance; /* of best */
} ky_suggestion;

void ky_suggestion_offer(ky_suggestion *suggestion, const char *known);

#endif
