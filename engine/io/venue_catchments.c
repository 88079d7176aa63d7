/* 対象エリア of venues as zones of the map. A venue is bound to zones only when every part of its text is the id or the
 * name of exactly one; nothing is guessed from similar words. */
#include <kayoi/place.h>
#include <stdlib.h>
#include <string.h>

#include "io/text_key.h"
#include "io/zone_keys.h"

/* Parts of one text that are looked at, and joined to one name that holds a separator (東・西圏域). */
#define PARTS_MAX 256
#define JOINED    8

/* Says that it is open to all; normalised. */
static const char EVERYWHERE[] = "市内全域|全域|どなたでも|制限なし";

/* Bytes of the separator that the text starts with; 0: none. */
static size_t separator(const char *text) {
  static const char *const marks[] = {";",  ",",  "/",  "|", "\n", "\r",   "\t",     " ",  "；",     "，",      "、",
                                      "／", "｜", "・", "･", "　", "及び", "および", "と", "並びに", "（改行）"};
  for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
    if (strncmp(text, marks[m], strlen(marks[m])) == 0) return strlen(marks[m]);
  return 0;
}

/* Parts of a text between separators: from[i] .. end[i]. */
typedef struct parts {
  uint32_t count;
  const char *from[PARTS_MAX], *end[PARTS_MAX];
  bool has_more;
} parts;

static void split(const char *text, parts *out) {
  out->count = 0;
  out->has_more = false;
  while (*text != '\0') {
    const char *end = text;
    size_t mark = separator(text);
    while (*end != '\0' && (mark = separator(end)) == 0) end++;
    if (end != text && out->count == PARTS_MAX) out->has_more = true;
    if (end != text && out->count < PARTS_MAX) {
      out->from[out->count] = text;
      out->end[out->count++] = end;
    }
    text = end + mark;
  }
}

typedef struct reading {
  uint8_t state;       /* ky_catchment_state */
  bool has_known;      /* some part is a zone */
  uint32_t zone_count; /* of a bound one */
  uint32_t zone[PARTS_MAX];
} reading;

static ky_err key_between(ky_job *job, const char *from, const char *end, const char **out) {
  const char *text = ky_arena_text(&job->scratch, from, (size_t)(end - from));
  *out = text == NULL ? NULL : ky_text_label(&job->scratch, text);
  return *out == NULL ? ky_fail_memory(job) : KY_OK;
}

static void add_zone(uint32_t zone, reading *out) {
  for (uint32_t k = 0; k < out->zone_count; k++)
    if (out->zone[k] == zone) return;
  uint32_t at = out->zone_count++;
  for (; at > 0 && out->zone[at - 1] > zone; at--) out->zone[at] = out->zone[at - 1];
  out->zone[at] = zone;
}

/* The longest run of parts from `first` on that is one zone; how many it takes, 0: none does. */
static ky_err take_zone(ky_job *job, const ky_zone_keys *keys, const parts *p, uint32_t first, uint32_t *taken,
                        reading *out) {
  *taken = 0;
  for (uint32_t n = p->count - first < JOINED ? p->count - first : JOINED; n > 0; n--) {
    const char *key;
    KY_TRY(key_between(job, p->from[first], p->end[first + n - 1], &key));
    const uint32_t zone = ky_zone_keys_find(keys, key);
    if (zone == KY_NONE) continue;
    add_zone(zone, out);
    *taken = n;
    return KY_OK;
  }
  return KY_OK;
}

static ky_err read_text(ky_job *job, const ky_zone_keys *keys, const char *text, parts *p, reading *out) {
  const char *whole;
  bool is_everywhere = false, is_unread;
  *out = (reading){.state = KY_CATCHMENT_UNREAD};
  split(text, p);
  KY_TRY(key_between(job, text, text + strlen(text), &whole));
  const uint32_t zone = ky_zone_keys_find(keys, whole);
  is_unread = p->count == 0 || p->has_more;
  if (zone != KY_NONE) add_zone(zone, out);
  for (uint32_t i = 0, taken; zone == KY_NONE && i < p->count; i += taken) {
    const char *key;
    KY_TRY(take_zone(job, keys, p, i, &taken, out));
    if (taken != 0) continue;
    taken = 1;
    KY_TRY(key_between(job, p->from[i], p->end[i], &key));
    if (ky_text_label_place(key, EVERYWHERE) >= 0)
      is_everywhere = true;
    else
      is_unread = true;
  }
  out->has_known = out->zone_count != 0;
  if (is_unread) out->zone_count = 0;
  if (is_everywhere && !is_unread) out->state = KY_CATCHMENT_OPEN;
  if (out->zone_count != 0 && !is_everywhere) out->state = KY_CATCHMENT_BOUND;
  return KY_OK;
}

/* The venues of one text. */
static void report(ky_job *job, const ky_venues *venues, uint32_t venue, uint32_t count, bool has_known) {
  const char *text = venues->text[KY_VENUE_CATCHMENT][venue];
  const ky_issue issue = {
      .severity = has_known ? KY_WARNING : KY_INFO,
      .source = "venues",
      .record = venues->id[venue],
      .field = "catchment",
      .reason = has_known ? "catchment_zone_unknown" : "catchment_not_zones",
      .action = has_known ? ky_tr("open to all; write each zone as the map of zones has it, or 市内全域")
                          : ky_tr("open to all; where only people of some zones may come, write these as the map of "
                                  "zones has them")};
  ky_issue_add(job, &issue,
               has_known ? ky_tr("whom it serves, '%.200s' (%u venues), is only in part zones of the map")
                         : ky_tr("whom it serves, '%.200s' (%u venues), names no zone of the map"),
               text, count);
}

typedef struct worded {
  const char *key;
  uint32_t venue;
} worded;

static int by_words(const void *a, const void *b) {
  const worded *x = a, *y = b;
  int order = strcmp(x->key, y->key);
  return order != 0 ? order : (x->venue > y->venue) - (x->venue < y->venue);
}

/* Venues that have a text, those of equal keys side by side. */
static ky_err list_texts(ky_job *job, const ky_venues *venues, worded **out, uint32_t *count) {
  *count = 0;
  KY_NEW(job, scratch, *out, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    const char *text = venues->text[KY_VENUE_CATCHMENT][v];
    if (text == NULL) continue;
    const char *key = ky_text_label(&job->scratch, text);
    if (key == NULL) return ky_fail_memory(job);
    if (key[0] != '\0') (*out)[(*count)++] = (worded){key, v};
  }
  if (*count != 0) qsort(*out, *count, sizeof **out, by_words);
  return KY_OK;
}

/* How the text of each venue was read: readings[of[v]]; KY_NONE: it has none. */
typedef struct readings {
  reading *list;
  uint32_t *of;
} readings;

static ky_err read_all(ky_job *job, const ky_zone_keys *keys, const ky_venues *venues, readings *out) {
  worded *texts;
  uint32_t count, n = 0;
  parts *p;
  KY_TRY(list_texts(job, venues, &texts, &count));
  for (uint32_t i = 0; i < count; i++) n += i == 0 || strcmp(texts[i].key, texts[i - 1].key) != 0;
  KY_NEW(job, scratch, out->list, n);
  KY_NEW(job, scratch, out->of, venues->count);
  KY_NEW(job, scratch, p, 1);
  for (uint32_t v = 0; v < venues->count; v++) out->of[v] = KY_NONE;
  n = 0;
  for (uint32_t i = 0, end; i < count; i = end, n++) {
    const uint32_t venue = texts[i].venue;
    for (end = i; end < count && strcmp(texts[end].key, texts[i].key) == 0; end++) out->of[texts[end].venue] = n;
    KY_TRY(read_text(job, keys, venues->text[KY_VENUE_CATCHMENT][venue], p, &out->list[n]));
    if (keys->count != 0 && out->list[n].state == KY_CATCHMENT_UNREAD)
      report(job, venues, venue, end - i, out->list[n].has_known);
  }
  return KY_OK;
}

static void tell_bound(ky_job *job, uint32_t count) {
  if (count == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_INFO,
                           .source = "venues",
                           .field = "catchment",
                           .reason = "catchment_bound",
                           .action = ky_tr("others are not covered by them, however near; counting.catchment: ignore "
                                           "opens them to all")},
               ky_tr("%u venues serve people of some zones only"), count);
}

/* Texts that could be read only if there were zones. */
static void tell_no_zones(ky_job *job, uint32_t count) {
  if (count == 0) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = "venues",
                           .field = "catchment",
                           .reason = "catchment_without_zones",
                           .action = ky_tr("open to all; add a source of zones, or write counting.catchment: ignore")},
               ky_tr("%u venues say whom they serve, but there are no zones"), count);
}

/* Zones of the venues that are bound, one venue after the other. */
static ky_err gather_sets(ky_job *job, const readings *read, uint32_t row_count, ky_venues *venues) {
  uint32_t *first, *zone, bound = 0;
  size_t most = 0;
  for (uint32_t v = 0; v < venues->count; v++)
    if (read->of[v] != KY_NONE) most += read->list[read->of[v]].zone_count;
  if (most >= KY_NONE) return ky_fail_memory(job);
  KY_NEW(job, scratch, first, (size_t)venues->count + 1);
  KY_NEW(job, scratch, zone, most);
  for (uint32_t v = 0; v < venues->count; v++) {
    const reading *r = read->of[v] != KY_NONE ? &read->list[read->of[v]] : NULL;
    first[v + 1] = first[v];
    if (r == NULL || r->state != KY_CATCHMENT_BOUND) continue;
    for (uint32_t k = 0; k < r->zone_count; k++) zone[first[v + 1]++] = r->zone[k];
    bound++;
  }
  tell_bound(job, bound);
  return ky_catchments_build(job, venues->count, first, zone, row_count, &venues->catchments);
}

ky_err ky_venues_bind(ky_job *job, const ky_zones *zones, bool has_zones, bool is_honoured, ky_venues *venues) {
  ky_zone_keys keys = {NULL, 0};
  readings read = {NULL, NULL};
  uint32_t unread = 0;
  venues->catchments = (ky_catchments){.venue_count = venues->count};
  KY_NEW(job, keep, venues->catchments.state, venues->count);
  if (!is_honoured) {
    for (uint32_t v = 0; v < venues->count; v++)
      if (venues->text[KY_VENUE_CATCHMENT][v] != NULL) venues->catchments.state[v] = KY_CATCHMENT_IGNORED;
    return KY_OK;
  }
  if (has_zones) KY_TRY(ky_zone_keys_list(job, zones, &keys));
  KY_TRY(read_all(job, &keys, venues, &read));
  for (uint32_t v = 0; v < venues->count; v++) {
    if (read.of[v] != KY_NONE) venues->catchments.state[v] = read.list[read.of[v]].state;
    unread += venues->catchments.state[v] == KY_CATCHMENT_UNREAD;
  }
  if (keys.count == 0) tell_no_zones(job, unread);
  return gather_sets(job, &read, KY_ROW_COUNT(zones), venues);
}
