/* Facts of buildings: see building_facts.h. Hundreds of thousands of records use a few words, so each is judged once.
 */
#include "io/building_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "io/building_use.h"
#include "io/shapes_valid.h"
#include "io/text_key.h"

#define SLOTS     4096 /* a power of two */
#define WORDS_MAX 2048 /* a column with more values than this is no column of uses */
#define SHOWN     12   /* other uses that are named */
#define AREA_MAX  4e9

/* A value of a column and what it means. */
typedef struct word {
  const char *text;
  uint32_t count, first; /* records; the first of them */
  uint32_t value;        /* ky_building_use, or thousandths of storeys */
  ky_storeys_state state;
} word;

typedef struct vocabulary {
  uint32_t slot[SLOTS]; /* 1 + index of the word; 0: free */
  word words[WORDS_MAX];
  uint32_t count;
  word last; /* of a text beyond WORDS_MAX */
} vocabulary;

/* The word of a text; *is_new: it has to be judged. */
static word *find_word(vocabulary *v, const char *text, uint32_t record, bool *is_new) {
  uint32_t at = (uint32_t)XXH3_64bits(text, strlen(text)) & (SLOTS - 1);
  while (v->slot[at] != 0 && strcmp(v->words[v->slot[at] - 1].text, text) != 0) at = (at + 1) & (SLOTS - 1);
  *is_new = v->slot[at] == 0;
  if (!*is_new) return &v->words[v->slot[at] - 1];
  word *w = &v->last;
  if (v->count < WORDS_MAX) {
    w = &v->words[v->count++];
    v->slot[at] = v->count;
  }
  *w = (word){.text = text, .first = record};
  return w;
}

static const char *value_of(const ky_raw_column *column, uint32_t record) {
  return column != NULL ? column->value[record] : NULL;
}

/* More frequent ones first, ties by their letters. */
static int by_count(const void *a, const void *b) {
  const word *p = a, *q = b;
  if (p->count != q->count) return p->count > q->count ? -1 : 1;
  return strcmp(p->text, q->text);
}

/* "industrial 8, roof 6" */
static void list_others(vocabulary *v, uint32_t blank, char *text, size_t size) {
  uint32_t others = 0;
  size_t used = 0;
  text[0] = '\0';
  if (blank != 0) used = (size_t)snprintf(text, size, ky_tr("blank %u"), blank);
  qsort(v->words, v->count, sizeof *v->words, by_count);
  for (uint32_t w = 0; w < v->count && used + 80 < size; w++) {
    if (v->words[w].value != KY_BUILDING_OTHER) continue;
    if (others++ == SHOWN) {
      snprintf(text + used, size - used, ", ...");
      return;
    }
    used += (size_t)snprintf(text + used, size - used, "%s%.40s %u", used == 0 ? "" : ", ", v->words[w].text,
                             v->words[w].count);
  }
}

static void report_uses(ky_job *job, const ky_raw *raw, const ky_raw_column *column, vocabulary *v,
                        const uint32_t count[3], uint32_t blank) {
  const char *where = ky_source_where(job, raw->source);
  ky_issue issue = {.severity = KY_INFO, .source = where, .field = column != NULL ? column->column : "usage"};
  char others[1024];
  if (count[KY_BUILDING_OTHER] != 0) {
    list_others(v, blank, others, sizeof others);
    issue.reason = "buildings_not_homes";
    issue.action = ky_tr("nobody is placed there; if some of these are homes, name them: residential: [...]");
    issue.severity = count[KY_BUILDING_OTHER] == raw->count ? KY_WARNING : KY_INFO;
    ky_issue_add(job, &issue, ky_tr("%u of %u buildings are no homes: %s"), count[KY_BUILDING_OTHER], raw->count,
                 others);
  }
  if (count[KY_BUILDING_UNSPECIFIED] == 0) return;
  issue.severity = column == NULL ? KY_WARNING : KY_INFO;
  issue.reason = column == NULL ? "building_use_missing" : "building_use_unspecified";
  issue.action = ky_tr("they count in cells where little is known to be homes (placement.home_share)");
  if (column == NULL)
    ky_issue_add(job, &issue, "%s",
                 ky_tr("no column says what the buildings are for; name it: columns: {usage: COLUMN}"));
  else
    ky_issue_add(job, &issue, ky_tr("of %u of %u buildings it is not said whether they are homes"),
                 count[KY_BUILDING_UNSPECIFIED], raw->count);
}

/* Layers made of OpenStreetMap hold areas of all kinds: only those with building=* are buildings. */
static bool is_osm_key(const ky_raw_column *column) {
  return column != NULL && strcmp(column->column, "building") == 0;
}

static ky_err settle_uses(ky_job *job, ky_raw *raw, vocabulary *v) {
  const ky_raw_column *column = ky_raw_column_of(raw, "usage");
  const ky_building_use of_blank = is_osm_key(column) ? KY_BUILDING_OTHER : KY_BUILDING_UNSPECIFIED;
  uint32_t count[3] = {0}, blank = 0;
  KY_NEW(job, keep, raw->buildings.use, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *text = value_of(column, i);
    ky_building_use use = of_blank;
    bool is_new = false;
    if (text != NULL) {
      word *w = find_word(v, text, i, &is_new);
      if (is_new) {
        KY_TRY(ky_building_use_of(job, raw->source, text, &use));
        w->value = (uint32_t)use;
      }
      w->count++;
      use = (ky_building_use)w->value;
    }
    blank += text == NULL && use == KY_BUILDING_OTHER;
    raw->buildings.use[i] = (uint8_t)use;
    count[use]++;
  }
  report_uses(job, raw, column, v, count, blank);
  return KY_OK;
}

/* all: buildings that may be homes. */
static void report_storeys(ky_job *job, const ky_raw *raw, const ky_raw_column *column, uint32_t all, uint32_t unknown,
                           uint32_t bad, uint32_t first_bad) {
  ky_issue issue = {.source = ky_source_where(job, raw->source), .field = column != NULL ? column->column : "storeys"};
  issue.action = ky_tr("each of them counts with one storey");
  if (bad != 0) {
    issue.severity = KY_WARNING;
    issue.record = raw->record[first_bad];
    issue.reason = "storeys_bad";
    ky_issue_add(job, &issue, ky_tr("of %u buildings the storeys cannot be; this is the first: \"%.40s\""), bad,
                 column->value[first_bad]);
  }
  if (unknown == 0) return;
  issue.severity = KY_INFO;
  issue.record = NULL;
  issue.reason = "storeys_unknown";
  if (column == NULL)
    ky_issue_add(job, &issue, "%s", ky_tr("no column says how many storeys buildings have"));
  else
    ky_issue_add(job, &issue, ky_tr("of %u of %u buildings that may be homes the storeys are not known"), unknown, all);
}

static ky_err settle_storeys(ky_job *job, ky_raw *raw, vocabulary *v) {
  const ky_raw_column *column = ky_raw_column_of(raw, "storeys");
  uint32_t all = 0, unknown = 0, bad = 0, first_bad = 0;
  KY_NEW(job, keep, raw->buildings.storeys_milli, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *text = value_of(column, i);
    bool is_new = false;
    raw->buildings.storeys_milli[i] = KY_NONE;
    word *w = text != NULL ? find_word(v, text, i, &is_new) : NULL;
    if (is_new) KY_TRY(ky_storeys_of(job, text, &w->value, &w->state));
    if (w != NULL) raw->buildings.storeys_milli[i] = w->value;
    if (raw->buildings.use[i] == KY_BUILDING_OTHER) continue;
    all++;
    if (w != NULL && w->state == KY_STOREYS_BAD && bad++ == 0) first_bad = i;
    unknown += w == NULL || w->state == KY_STOREYS_UNKNOWN;
  }
  report_storeys(job, raw, column, all, unknown, bad, first_bad);
  return KY_OK;
}

/* A footprint that is stated, for buildings that are points. */
static ky_err settle_areas(ky_job *job, ky_raw *raw) {
  const ky_raw_column *column = ky_raw_column_of(raw, "area");
  KY_NEW(job, keep, raw->buildings.area_dm2, raw->count);
  for (uint32_t i = 0; i < raw->count; i++) {
    const char *text = value_of(column, i), *number = text != NULL ? ky_text_number(&job->scratch, text) : NULL;
    const double m2 = number != NULL ? strtod(number, NULL) : NAN;
    raw->buildings.area_dm2[i] = m2 > 0 && m2 * 100 < AREA_MAX ? (uint32_t)lround(m2 * 100) : KY_NONE;
  }
  return KY_OK;
}

/* One issue for all of them: a layer drawn by hand has hundreds. */
static ky_err repair(ky_job *job, ky_raw *raw) {
  uint32_t *record, count;
  ky_shapes repaired;
  KY_TRY(ky_shapes_invalid(job, &raw->shapes, &record, &count));
  if (count == 0) return KY_OK;
  const ky_box box = ky_shape_box(&raw->shapes, record[0]);
  KY_TRY(ky_shapes_repair(job, &raw->shapes, record, count, 0, &repaired));
  raw->shapes = repaired;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_source_where(job, raw->source),
                           .record = raw->record[record[0]],
                           .field = "geometry",
                           .reason = "invalid_polygon",
                           .action = ky_tr("what they enclose counts, each place once; repair them in the source"),
                           .has_place = true,
                           .x_m = (box.x_min + box.x_max) / 2,
                           .y_m = (box.y_min + box.y_max) / 2},
               ky_tr("%u footprints cross themselves or their parts overlap; this is the first"), count);
  return KY_OK;
}

ky_err ky_building_facts_settle(ky_job *job, ky_raw *raw) {
  vocabulary *uses, *storeys;
  if (raw->source->residential_count != 0 && ky_raw_column_of(raw, "usage") == NULL)
    return ky_fail(job, KY_E_CONFIG,
                   ky_tr("%s %s: residential names values of the use, but no column is the use; name it: columns: "
                         "{usage: COLUMN}"),
                   raw->source->name, raw->source->shown);
  if (raw->count == 0 && raw->unneeded_count != 0)
    ky_issue_add(
        job,
        &(ky_issue){.severity = KY_WARNING,
                    .source = ky_source_where(job, raw->source),
                    .field = "geometry",
                    .reason = "buildings_elsewhere",
                    .action = ky_tr("nobody is placed by it; is it the file of another place, or a wrong crs:?")},
        ky_tr("none of its %u buildings lies near the municipality"), raw->unneeded_count);
  KY_NEW(job, scratch, uses, 1);
  KY_NEW(job, scratch, storeys, 1);
  KY_TRY(settle_uses(job, raw, uses));
  KY_TRY(settle_storeys(job, raw, storeys));
  KY_TRY(settle_areas(job, raw));
  return repair(job, raw);
}
