/* Activities of venues as classes: the words between separators, equal when their text keys are. */
#include <kayoi/access.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_key.h"

/* A word of one venue. */
typedef struct word {
  const char *text, *key;
  uint32_t venue;
} word;

/* The words of one key: those from `first` on, in the order of the venues. */
typedef struct activity {
  uint32_t first, end, venues;
} activity;

static int by_key(const void *a, const void *b) {
  const word *x = a, *y = b;
  int order = strcmp(x->key, y->key);
  if (order != 0) return order;
  return x->venue != y->venue ? (x->venue > y->venue) - (x->venue < y->venue) : strcmp(x->text, y->text);
}

/* Most venues first; the words are already in the order of their keys. */
static int by_venues(const void *a, const void *b) {
  const activity *x = a, *y = b;
  if (x->venues != y->venues) return x->venues > y->venues ? -1 : 1;
  return (x->first > y->first) - (x->first < y->first);
}

/* Bytes of the separator that the text starts with; 0: none. */
static size_t separator(const char *text) {
  static const char *const marks[] = {";", ",", "/", "|", "\n", "；", "，", "、", "／", "｜", "・", "･"};
  for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
    if (strncmp(text, marks[m], strlen(marks[m])) == 0) return strlen(marks[m]);
  return 0;
}

/* A copy without blanks around it; NULL: memory is out. */
static const char *trimmed(ky_job *job, const char *text, size_t length) {
  for (; length > 0 && strchr(" \t\r", *text) != NULL; length--) text++;
  while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL) length--;
  return ky_arena_text(&job->keep, text, length);
}

/* Adds the words of a text; *out NULL: they are only counted. */
static ky_err split(ky_job *job, const char *text, uint32_t venue, word *out, uint32_t *count) {
  while (*text != '\0') {
    size_t length = 0, mark;
    while (text[length] != '\0' && separator(text + length) == 0) length++;
    mark = separator(text + length);
    if (length != 0 && out != NULL) {
      const char *piece = trimmed(job, text, length), *key = piece == NULL ? NULL : ky_text_key(&job->scratch, piece);
      if (key == NULL) return ky_fail_memory(job);
      out[*count] = (word){piece, key, venue};
    }
    *count += length != 0;
    text += length + mark;
  }
  return KY_OK;
}

static ky_err list_words(ky_job *job, const ky_venues *venues, word **out, uint32_t *count) {
  uint32_t room = 0;
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] != 0 && venues->text[KY_VENUE_ACTIVITY][v] != NULL)
      KY_TRY(split(job, venues->text[KY_VENUE_ACTIVITY][v], v, NULL, &room));
  KY_NEW(job, scratch, *out, room);
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] != 0 && venues->text[KY_VENUE_ACTIVITY][v] != NULL)
      KY_TRY(split(job, venues->text[KY_VENUE_ACTIVITY][v], v, *out, count));
  qsort(*out, *count, sizeof **out, by_key);
  return KY_OK;
}

static ky_err add_class(ky_job *job, const word *words, const activity *a, const ky_anchors *anchors, ky_classes *out) {
  ky_class *class;
  const char *name = words[a->first].text;
  KY_TRY(ky_classes_add(job, KY_CLASS_ACTIVITY, name, name, anchors, out, &class));
  for (uint32_t w = a->first; w < a->end; w++) class->use[words[w].venue] = 1;
  class->count = a->venues;
  return KY_OK;
}

static void report_rest(ky_job *job, const word *words, const activity *activities, uint32_t count) {
  if (count <= KY_ACTIVITY_CLASSES_MAX) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "venues",
                           .record = words[activities[KY_ACTIVITY_CLASSES_MAX].first].text,
                           .field = "activity",
                           .reason = "activities_without_class",
                           .action = ky_tr("their venues count as before, but have no class of their own; write the "
                                           "activities in fewer words")},
               ky_tr("%u of %u activities are not looked at apart, those with fewest venues; this is the first"),
               count - KY_ACTIVITY_CLASSES_MAX, count);
}

ky_err ky_classes_by_activity(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out) {
  word *words;
  activity *activities;
  uint32_t word_count = 0, count = 0;
  KY_TRY(list_words(job, venues, &words, &word_count));
  KY_NEW(job, scratch, activities, word_count);
  for (uint32_t w = 0; w < word_count; w++) {
    const bool is_first = w == 0 || strcmp(words[w].key, words[w - 1].key) != 0;
    if (words[w].key[0] == '\0') continue; /* blanks only */
    if (is_first) activities[count++] = (activity){.first = w};
    activities[count - 1].end = w + 1;
    activities[count - 1].venues += is_first || words[w].venue != words[w - 1].venue;
  }
  qsort(activities, count, sizeof *activities, by_venues);
  for (uint32_t a = 0; a < count && a < KY_ACTIVITY_CLASSES_MAX; a++)
    KY_TRY(add_class(job, words, &activities[a], anchors, out));
  report_rest(job, words, activities, count);
  return KY_OK;
}
