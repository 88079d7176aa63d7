/* Records while they are read: see raw_build.h. */
#include "io/raw_build.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/dialect.h"
#include "io/digits.h"
#include "io/text_key.h"

bool ky_attribute_is_number(const char *name) {
  static const char *const numbers[] = {"capacity", "sessions_per_month", "seats"};
  if (strncmp(name, "pop_", 4) == 0 || strncmp(name, "participants", 12) == 0) return true;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (strcmp(name, numbers[i]) == 0) return true;
  return false;
}

ky_err ky_raw_begin(ky_job *job, const ky_source *source, const ky_picks *picks, ky_raw_builder *out) {
  memset(out, 0, sizeof *out);
  out->job = job;
  out->source = source;
  out->where = ky_source_where(job, source);
  out->picks = picks;
  out->is_lenient = ky_role_is_geocoded(source->role) || source->role == KY_ROLE_FEEDS;
  out->id_pick = KY_NONE;
  for (uint32_t p = 0; p < picks->count; p++)
    if (strcmp(picks->pick[p].attribute->name, "id") == 0 || strcmp(picks->pick[p].attribute->name, "zone_id") == 0)
      out->id_pick = p;
  KY_NEW(job, scratch, out->value, picks->count);
  KY_NEW(job, scratch, out->is_number, picks->count);
  for (uint32_t p = 0; p < picks->count; p++)
    out->is_number[p] = ky_attribute_is_number(picks->pick[p].attribute->name);
  return KY_OK;
}

/* A copy of the array with twice the room; NULL when memory or 32 bits are out. */
static void *grown(ky_raw_builder *b, const void *old, uint32_t count, uint32_t capacity, size_t size) {
  void *larger = ky_arena_alloc(&b->job->scratch, capacity, size);
  if (larger != NULL && count != 0) memcpy(larger, old, count * size);
  return larger;
}

static uint32_t next_capacity(uint32_t capacity, uint64_t needed) {
  uint64_t next = capacity == 0 ? 256 : (uint64_t)capacity * 2;
  while (next < needed) next *= 2;
  return next < KY_NONE / 2 ? (uint32_t)next : 0;
}

static ky_err too_much(ky_raw_builder *b) {
  return ky_fail(b->job, KY_E_RESOURCE, ky_tr("%s: more than two thousand million vertices; cut it to the area needed"),
                 b->where);
}

static char *numbered(ky_arena *arena, const char *word, uint64_t number) {
  char buffer[KY_DIGITS_MAX], *digits = ky_digits(buffer, number);
  const size_t length = strlen(word), digit_count = strlen(digits);
  char *text = ky_arena_alloc(arena, length + digit_count + 2, 1);
  if (text == NULL) return NULL;
  memcpy(text, word, length);
  text[length] = ' ';
  memcpy(text + length + 1, digits, digit_count);
  return text;
}

/* name: keep arena, or NULL when memory was out. */
static ky_err add_record(ky_raw_builder *b, const char *name) {
  if (name == NULL) return ky_fail_memory(b->job);
  if (b->count == b->record_capacity) {
    uint32_t capacity = next_capacity(b->record_capacity, 0);
    if (capacity == 0) return too_much(b);
    b->first_part = grown(b, b->first_part, b->count, capacity, sizeof *b->first_part);
    b->record = grown(b, b->record, b->count, capacity, sizeof *b->record);
    if (b->first_part == NULL || b->record == NULL) return ky_fail_memory(b->job);
    for (uint32_t p = 0; p < b->picks->count; p++) {
      b->value[p] = grown(b, b->value[p], b->count, capacity, sizeof **b->value);
      if (b->value[p] == NULL) return ky_fail_memory(b->job);
    }
    b->record_capacity = capacity;
  }
  for (uint32_t p = 0; p < b->picks->count; p++) b->value[p][b->count] = NULL;
  b->first_part[b->count] = b->part_count;
  b->record[b->count] = name;
  b->count++;
  return KY_OK;
}

ky_err ky_raw_add(ky_raw_builder *b, const char *name) {
  return add_record(b, ky_arena_text(&b->job->keep, name, strlen(name)));
}

ky_err ky_raw_add_nth(ky_raw_builder *b, const char *word, uint64_t number) {
  return add_record(b, numbered(&b->job->keep, word, number));
}

void ky_raw_no_geometry(ky_raw_builder *b) {
  uint32_t part = b->first_part[b->count - 1];
  if (part < b->part_count) b->vertex_count = b->first_vertex[part];
  b->part_count = part;
}

void ky_raw_take_back(ky_raw_builder *b) {
  ky_raw_no_geometry(b);
  b->count--;
}

/* Bad bytes: what they could be is said, never assumed when the config or the file declares an encoding. */
static void report_undecodable(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length, const char *escaped) {
  const char *declared = b->decoder.name;
  const char *action = ky_tr("the value is missing; look at the record in the file");
  char *text = NULL;
  if (declared != NULL && strcmp(declared, "CP932") != 0 &&
      ky_decode(&b->job->scratch, "CP932", bytes, length, &text) == KY_DECODED)
    action = ky_tr("the value is missing; the bytes are text in CP932: declare encoding: CP932");
  else if (declared != NULL && strcmp(declared, "UTF-8") != 0 && ky_utf8_valid(bytes, length))
    action = ky_tr("the value is missing; the bytes are text in UTF-8: declare encoding: UTF-8");
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_ERROR,
                           .source = b->where,
                           .record = b->record[b->count - 1],
                           .field = b->picks->pick[p].attribute->name,
                           .reason = "bad_encoding",
                           .action = action},
               ky_tr("\"%s\" is not text in %s"), escaped, declared != NULL ? declared : "UTF-8 / CP932");
}

/* One text of the newest record; NULL when it is blank or does not decode, which is reported. */
static ky_err decode(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length, const char **value) {
  switch (ky_decoder_text(&b->decoder, &b->job->keep, bytes, length, value)) {
    case KY_DECODED_NO_MEMORY:
      return ky_fail_memory(b->job);
    case KY_DECODED_BAD:
      report_undecodable(b, p, bytes, length, *value);
      *value = NULL;
      return KY_OK;
    case KY_DECODED:
      if (b->first_utf8 == NULL && b->decoder.utf8_count != 0) b->first_utf8 = b->record[b->count - 1];
      if (b->first_cp932 == NULL && b->decoder.cp932_count != 0) b->first_cp932 = b->record[b->count - 1];
      break;
  }
  return KY_OK;
}

ky_err ky_raw_append(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length) {
  const char **value = &b->value[p][b->count - 1], *more = NULL;
  KY_TRY(decode(b, p, bytes, length, &more));
  if (more == NULL) return KY_OK;
  *value = *value == NULL ? more : ky_format(&b->job->keep, "%s %s", *value, more);
  return *value != NULL ? KY_OK : ky_fail_memory(b->job);
}

ky_err ky_raw_set(ky_raw_builder *b, uint32_t p, const char *bytes, size_t length) {
  const char **value = &b->value[p][b->count - 1];
  const char *previous = b->count > 1 ? b->value[p][b->count - 2] : NULL;
  const bool is_utf8 = b->decoder.name == NULL || strcmp(b->decoder.name, "UTF-8") == 0;
  if (is_utf8 && previous != NULL && strlen(previous) == length && memcmp(previous, bytes, length) == 0) {
    *value = previous;
    if (p == b->id_pick) ky_raw_name(b);
    return KY_OK;
  }
  KY_TRY(decode(b, p, bytes, length, value));
  if (*value != NULL && b->is_number[p] && strspn(*value, "0123456789") != strlen(*value)) {
    const char *number = ky_text_number(&b->job->keep, *value);
    if (number != NULL) {
      b->has_wide_digits = b->has_wide_digits || ky_text_has_other_width(*value, false);
      *value = number;
    }
  }
  if (p == b->id_pick) ky_raw_name(b); /* the id comes first, so that issues of the other values can name the record */
  return KY_OK;
}

void ky_raw_name(ky_raw_builder *b) {
  if (b->id_pick == KY_NONE) return;
  const char *id = b->value[b->id_pick][b->count - 1];
  const char **name = &b->record[b->count - 1];
  if (id == NULL || strcmp(*name, id) == 0) return;
  if (!b->source->is_workbook) {
    *name = id;
  } else if (strchr(*name, '(') == NULL) { /* staff look for the row */
    const char *both = ky_format(&b->job->keep, "%s (%s)", *name, id);
    if (both != NULL) *name = both;
  }
}

const char *ky_raw_get(const ky_raw_builder *b, const char *attribute) {
  for (uint32_t p = 0; p < b->picks->count; p++)
    if (strcmp(b->picks->pick[p].attribute->name, attribute) == 0) return b->value[p][b->count - 1];
  return NULL;
}

ky_err ky_raw_part(ky_raw_builder *b, uint32_t n, bool is_hole, double **x, double **y) {
  if (b->part_count == b->part_capacity) {
    uint32_t capacity = next_capacity(b->part_capacity, 0);
    if (capacity == 0) return too_much(b);
    b->first_vertex = grown(b, b->first_vertex, b->part_count, capacity, sizeof *b->first_vertex);
    b->is_hole = grown(b, b->is_hole, b->part_count, capacity, sizeof *b->is_hole);
    if (b->first_vertex == NULL || b->is_hole == NULL) return ky_fail_memory(b->job);
    b->part_capacity = capacity;
  }
  if (n > b->vertex_capacity - b->vertex_count) {
    uint32_t capacity = next_capacity(b->vertex_capacity, (uint64_t)b->vertex_count + n);
    if (capacity == 0) return too_much(b);
    b->x = grown(b, b->x, b->vertex_count, capacity, sizeof *b->x);
    b->y = grown(b, b->y, b->vertex_count, capacity, sizeof *b->y);
    if (b->x == NULL || b->y == NULL) return ky_fail_memory(b->job);
    b->vertex_capacity = capacity;
  }
  b->first_vertex[b->part_count] = b->vertex_count;
  b->is_hole[b->part_count] = is_hole;
  b->part_count++;
  *x = b->x + b->vertex_count;
  *y = b->y + b->vertex_count;
  b->vertex_count += n;
  return KY_OK;
}

/* What is lost with a record of residents. */
static const char *people_note(const ky_raw_builder *b) {
  const char *people = b->source->role == KY_ROLE_RESIDENTS ? ky_raw_get(b, "pop_total") : NULL;
  if (people == NULL) return "";
  const char *note = ky_format(&b->job->scratch, ky_tr(" (%s people live there)"), people);
  return note != NULL ? note : "";
}

void ky_raw_bad_place(ky_raw_builder *b, const char *field, const char *reason, const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  ky_issue_add(b->job,
               &(ky_issue){.severity = b->is_lenient ? KY_WARNING : KY_ERROR,
                           .source = b->where,
                           .record = b->record[b->count - 1],
                           .field = field,
                           .reason = reason,
                           .action = b->is_lenient ? ky_tr("its coordinates are not used; correct them in the file")
                                                   : ky_tr("the record was left out; correct it in the file")},
               "%s%s", text, people_note(b));
  if (b->is_lenient) {
    ky_raw_no_geometry(b);
  } else {
    ky_raw_take_back(b);
    b->bad_count++;
  }
}

void ky_raw_bad(ky_raw_builder *b, const char *field, const char *reason, const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  ky_issue_add(b->job,
               &(ky_issue){.severity = KY_ERROR,
                           .source = b->where,
                           .record = b->record[b->count - 1],
                           .field = field,
                           .reason = reason,
                           .action = ky_tr("the record was left out; correct it in the file")},
               "%s%s", text, people_note(b));
  ky_raw_take_back(b);
  b->bad_count++;
}

/* Points only, lines or rings only, or cells and points together. Rings are told by their 4 vertices or more. Where
 * lines and polygons are taken, all are lines. */
static ky_shape_kind kind_of(const ky_raw_builder *b) {
  const unsigned kinds = ky_role_get(b->source->role)->kinds;
  if (kinds == 1u << KY_SHAPE_LINE || kinds == (1u << KY_SHAPE_LINE | 1u << KY_SHAPE_POLYGON)) return KY_SHAPE_LINE;
  if (kinds == 1u << KY_SHAPE_POINT) return KY_SHAPE_POINT;
  if (kinds == 1u << KY_SHAPE_NONE) return KY_SHAPE_NONE;
  bool has_point = false, has_ring = false;
  for (uint32_t p = 0; p < b->part_count; p++) {
    uint32_t end = p + 1 < b->part_count ? b->first_vertex[p + 1] : b->vertex_count;
    if (end - b->first_vertex[p] == 1)
      has_point = true;
    else
      has_ring = true;
  }
  return !has_point ? KY_SHAPE_POLYGON : has_ring ? KY_SHAPE_MIXED : KY_SHAPE_POINT;
}

static ky_err copy_shapes(ky_raw_builder *b, ky_shapes *out) {
  KY_TRY(ky_shapes_new(b->job, kind_of(b), b->count, b->part_count, b->vertex_count, out));
  if (b->count != 0) memcpy(out->first_part, b->first_part, b->count * sizeof *out->first_part);
  out->first_part[b->count] = b->part_count;
  if (b->part_count != 0) {
    memcpy(out->first_vertex, b->first_vertex, b->part_count * sizeof *out->first_vertex);
    if (out->is_hole != NULL) memcpy(out->is_hole, b->is_hole, b->part_count);
  }
  out->first_vertex[b->part_count] = b->vertex_count;
  if (b->vertex_count != 0) {
    memcpy(out->x, b->x, b->vertex_count * sizeof *out->x);
    memcpy(out->y, b->y, b->vertex_count * sizeof *out->y);
  }
  return KY_OK;
}

static void report_doubt(ky_raw_builder *b) {
  const char *likely = ky_decoder_doubt(&b->decoder);
  if (likely == NULL) return;
  ky_issue_add(
      b->job,
      &(ky_issue){.severity = KY_WARNING,
                  .source = b->where,
                  .field = "encoding",
                  .reason = "encoding_doubtful",
                  .action = ky_tr("read as declared; if names look wrong, correct encoding: or the .cpg file")},
      ky_tr("the texts are declared to be %s, but most of them are Japanese text in %s"), b->decoder.name, likely);
}

/* The column of a pick, or "A + B" of several. */
static const char *name_of(ky_job *job, const ky_pick *pick, const char *const *names) {
  const char *name = ky_arena_text(&job->keep, names[pick->field], strlen(names[pick->field]));
  for (uint32_t m = 0; m < pick->more_count && name != NULL; m++)
    name = ky_format(&job->keep, "%s + %s", name, names[pick->more[m]]);
  return name;
}

ky_err ky_raw_finish(ky_raw_builder *b, const char *const *names, ky_raw *out) {
  ky_job *job = b->job;
  report_doubt(b);
  out->source = b->source;
  out->count = b->count;
  out->read_count = b->read_count;
  out->bad_count = b->bad_count;
  out->unneeded_count = b->unneeded_count;
  out->column_count = b->picks->count;
  out->ksj = b->picks->ksj;
  KY_NEW(job, keep, out->columns, b->picks->count);
  for (uint32_t p = 0; p < b->picks->count; p++) {
    out->columns[p].attribute = b->picks->pick[p].attribute->name;
    out->columns[p].column = name_of(job, &b->picks->pick[p], names);
    if (out->columns[p].column == NULL) return ky_fail_memory(job);
    KY_NEW(job, keep, out->columns[p].value, b->count);
    if (b->count != 0) memcpy(out->columns[p].value, b->value[p], b->count * sizeof **b->value);
  }
  KY_NEW(job, keep, out->record, b->count);
  if (b->count != 0) memcpy(out->record, b->record, b->count * sizeof *b->record);
  return copy_shapes(b, &out->shapes);
}
