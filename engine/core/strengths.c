/* Groups of venues, and their sums per row. */
#include <kayoi/strengths.h>
#include <stdlib.h>
#include <string.h>

#include "core/code_words.h"
#include "core/ratio.h"

ky_err ky_classes_all(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out) {
  ky_class *class;
  KY_TRY(ky_classes_add(job, KY_CLASS_ALL, "counting", "数える場すべて", anchors, out, &class));
  for (uint32_t v = 0; v < venues->count; v++) {
    class->use[v] = venues->counts[v] != 0;
    class->count += venues->counts[v] != 0;
  }
  return KY_OK;
}

ky_err ky_classes_rest(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out) {
  static const struct { const char *name, *alias; } words[2] = {{"other", "その他の活動"}, {"unknown", "活動内容不明"}};
  uint8_t *has_class;
  KY_NEW(job, scratch, has_class, venues->count);
  for (uint32_t c = 0; c < out->count; c++)
    for (uint32_t v = 0; out->of[c].kind == KY_CLASS_ACTIVITY && v < venues->count; v++)
      has_class[v] |= (uint8_t)out->of[c].use[v];
  for (int k = 0; k < 2; k++) {
    ky_class *class = NULL;
    for (uint32_t v = 0; v < venues->count; v++) {
      const bool is_unknown = venues->text[KY_VENUE_ACTIVITY] == NULL || venues->text[KY_VENUE_ACTIVITY][v] == NULL;
      if (venues->counts[v] == 0 || has_class[v] != 0 || is_unknown != (k == 1)) continue;
      if (class == NULL)
        KY_TRY(ky_classes_add(job, KY_CLASS_ACTIVITY, words[k].name, words[k].alias, anchors, out, &class));
      class->use[v] = 1;
      class->count++;
    }
  }
  return KY_OK;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *reason_alias(const char *reason) {
  const char *word = ky_code_word("reason", reason);
  return word != NULL ? word : reason;
}

ky_err ky_classes_not_counting(ky_job *job, const ky_venues *venues, const ky_anchors *anchors, ky_classes *out) {
  const char **reason;
  uint32_t count = 0;
  KY_NEW(job, scratch, reason, venues->count);
  for (uint32_t v = 0; v < venues->count; v++)
    if (venues->counts[v] == 0 && venues->reason[v] != NULL) reason[count++] = venues->reason[v];
  if (count != 0) qsort(reason, count, sizeof *reason, by_text);
  for (uint32_t r = 0; r < count; r++) {
    ky_class *class;
    if (r != 0 && strcmp(reason[r], reason[r - 1]) == 0) continue;
    KY_TRY(ky_classes_add(job, KY_CLASS_NOT_COUNTING, reason[r], reason_alias(reason[r]), anchors, out, &class));
    for (uint32_t v = 0; v < venues->count; v++) {
      if (venues->counts[v] != 0 || venues->reason[v] == NULL || strcmp(venues->reason[v], reason[r]) != 0) continue;
      class->use[v] = 1;
      class->count++;
    }
  }
  return KY_OK;
}

ky_err ky_classes_take(ky_job *job, const ky_classes *from, ky_class_kind kind, ky_classes *out) {
  for (uint32_t c = 0; from != NULL && c < from->count; c++) {
    const ky_class *class = &from->of[c];
    ky_class *copy;
    if (class->kind != kind) continue;
    KY_TRY(ky_classes_add(job, kind, class->name, class->alias, class->anchors, out, &copy));
    memcpy(copy->use, class->use, class->anchors->count);
    copy->count = class->count;
  }
  return KY_OK;
}

static void add_known(int64_t value, int64_t *known, int64_t *sum) {
  if (value == KY_NULL) return;
  *known += 1;
  *sum = ky_add(*sum, value);
}

static void add_venue(const ky_venues *venues, uint32_t v, int64_t weekly_milli, ky_venue_sum *s) {
  const int64_t now = venues->participants[v], before = venues->participants_before[v];
  const int64_t men = venues->participants_m[v], women = venues->participants_f[v];
  s->venues++;
  s->resident_led += venues->is_resident_led[v] == 1;
  s->resident_led_known += venues->is_resident_led[v] >= 0;
  s->weekly += venues->sessions_milli[v] != KY_NULL && venues->sessions_milli[v] >= weekly_milli;
  add_known(venues->sessions_milli[v], &s->sessions_known, &s->sessions_milli);
  add_known(now, &s->reports, &s->participants);
  add_known(men, &s->men_reports, &s->men);
  add_known(women, &s->women_reports, &s->women);
  add_known(venues->supporters[v], &s->supporters_known, &s->supporters);
  if (men != KY_NULL && now != KY_NULL) s->men_of = ky_add(s->men_of, now);
  if (now == KY_NULL || before == KY_NULL) return;
  s->compared++;
  s->before = ky_add(s->before, before);
  s->change += now - before;
}

static void add_sum(const ky_venue_sum *from, ky_venue_sum *to) {
  to->venues += from->venues;
  to->resident_led += from->resident_led;
  to->resident_led_known += from->resident_led_known;
  to->weekly += from->weekly;
  to->sessions_known += from->sessions_known;
  to->sessions_milli = ky_add(to->sessions_milli, from->sessions_milli);
  to->reports += from->reports;
  to->participants = ky_add(to->participants, from->participants);
  to->men_reports += from->men_reports;
  to->men = ky_add(to->men, from->men);
  to->women_reports += from->women_reports;
  to->women = ky_add(to->women, from->women);
  to->men_of = ky_add(to->men_of, from->men_of);
  to->supporters_known += from->supporters_known;
  to->supporters = ky_add(to->supporters, from->supporters);
  to->compared += from->compared;
  to->before = ky_add(to->before, from->before);
  to->change += from->change;
}

ky_err ky_strengths_build(ky_job *job, const ky_zones *zones, const ky_venues *venues, int64_t weekly_milli,
                          ky_strengths *out) {
  const uint32_t no_place = KY_ROW_COUNT(zones);
  out->row_count = no_place + 1;
  KY_NEW(job, keep, out->sum, (size_t)out->groups.count * out->row_count);
  for (uint32_t g = 0; g < out->groups.count; g++) {
    ky_venue_sum *rows = out->sum + (size_t)g * out->row_count;
    for (uint32_t v = 0; v < venues->count; v++)
      if (out->groups.of[g].use[v] != 0)
        add_venue(venues, v, weekly_milli, &rows[venues->row[v] == KY_NONE ? no_place : venues->row[v]]);
    for (uint32_t row = 0; row <= KY_ROW_OUTSIDE_ZONES(zones); row++)
      add_sum(&rows[row], &rows[KY_ROW_MUNICIPALITY(zones)]);
  }
  return KY_OK;
}

int64_t ky_venue_sum_of(const ky_venue_sum *sum, int64_t known, int64_t value) {
  return sum->venues != 0 && known == 0 ? KY_NULL : value;
}
