/* Facts of road sources and their issues, packed. A text is its length (KY_NONE: no text) and its bytes. */
#include <string.h>

#include "io/cache_parts.h"

/* Writes when bytes is not NULL, always counts; reads from bytes + at. */
typedef struct packer {
  char *bytes;
  uint64_t at, length;
  bool is_broken;
} packer;

static void put(packer *p, const void *data, size_t size) {
  if (p->bytes != NULL) memcpy(p->bytes + p->at, data, size);
  p->at += size;
}

static void put_text(packer *p, const char *text) {
  uint32_t length = text == NULL ? KY_NONE : (uint32_t)strlen(text);
  put(p, &length, sizeof length);
  if (text != NULL) put(p, text, length);
}

static void pack(packer *p, const ky_inputs *inputs, const ky_issues *issues, uint32_t first_issue) {
  const uint32_t issue_count = issues->count - first_issue;
  put(p, &inputs->road_count, sizeof inputs->road_count);
  put(p, &issue_count, sizeof issue_count);
  for (uint32_t i = 0; i < inputs->road_count; i++) {
    const ky_raw *raw = &inputs->roads[i];
    const uint32_t numbers[4] = {raw->count, raw->read_count, raw->bad_count, raw->is_geographic};
    put(p, numbers, sizeof numbers);
    put_text(p, raw->format);
    put_text(p, raw->encoding);
    put_text(p, raw->crs);
    put_text(p, raw->crs_origin);
  }
  for (uint32_t i = first_issue; i < issues->count; i++) {
    const ky_issue *issue = &issues->rows[i];
    const uint32_t numbers[2] = {(uint32_t)issue->severity, issue->has_place};
    const double place[2] = {issue->x_m, issue->y_m};
    put(p, numbers, sizeof numbers);
    put(p, place, sizeof place);
    put_text(p, issue->source);
    put_text(p, issue->record);
    put_text(p, issue->field);
    put_text(p, issue->reason);
    put_text(p, issue->message);
    put_text(p, issue->action);
  }
}

ky_err ky_cache_pack(ky_job *job, const ky_inputs *inputs, uint32_t first_issue, char **bytes, uint64_t *length) {
  packer p = {0};
  pack(&p, inputs, &job->issues, first_issue);
  *length = p.at;
  KY_NEW(job, scratch, p.bytes, p.at);
  p.at = 0;
  pack(&p, inputs, &job->issues, first_issue);
  *bytes = p.bytes;
  return KY_OK;
}

static void take(packer *p, void *data, size_t size) {
  p->is_broken = p->is_broken || size > p->length - p->at;
  if (p->is_broken) {
    memset(data, 0, size);
    return;
  }
  memcpy(data, p->bytes + p->at, size);
  p->at += size;
}

static const char *take_text(ky_job *job, packer *p) {
  uint32_t length;
  take(p, &length, sizeof length);
  if (p->is_broken || length == KY_NONE) return NULL;
  p->is_broken = length > p->length - p->at;
  if (p->is_broken) return NULL;
  const char *text = ky_arena_text(&job->keep, p->bytes + p->at, length);
  p->is_broken = text == NULL;
  p->at += length;
  return text;
}

static void take_source(ky_job *job, packer *p, ky_raw *raw) {
  uint32_t numbers[4];
  take(p, numbers, sizeof numbers);
  raw->count = numbers[0];
  raw->read_count = numbers[1];
  raw->bad_count = numbers[2];
  raw->is_geographic = numbers[3] != 0;
  raw->format = take_text(job, p);
  raw->encoding = take_text(job, p);
  raw->crs = take_text(job, p);
  raw->crs_origin = take_text(job, p);
}

static ky_issue take_issue(ky_job *job, packer *p) {
  uint32_t numbers[2];
  double place[2];
  ky_issue issue = {0};
  take(p, numbers, sizeof numbers);
  take(p, place, sizeof place);
  p->is_broken = p->is_broken || numbers[0] > KY_ERROR;
  issue.severity = (ky_severity)numbers[0];
  issue.has_place = numbers[1] != 0;
  issue.x_m = place[0];
  issue.y_m = place[1];
  issue.source = take_text(job, p);
  issue.record = take_text(job, p);
  issue.field = take_text(job, p);
  issue.reason = take_text(job, p);
  issue.message = take_text(job, p);
  issue.action = take_text(job, p);
  p->is_broken = p->is_broken || issue.source == NULL || issue.reason == NULL || issue.message == NULL;
  return issue;
}

/* Twice over the bytes: the first time nothing is changed. */
bool ky_cache_unpack(ky_job *job, const char *bytes, uint64_t length, ky_inputs *inputs) {
  for (int is_sure = 0; is_sure < 2; is_sure++) {
    packer p = {.bytes = (char *)bytes, .length = length};
    uint32_t road_count, issue_count;
    take(&p, &road_count, sizeof road_count);
    take(&p, &issue_count, sizeof issue_count);
    if (p.is_broken || road_count != inputs->road_count) return false;
    for (uint32_t i = 0; i < road_count && !p.is_broken; i++) {
      ky_raw raw = inputs->roads[i];
      take_source(job, &p, &raw);
      if (is_sure) inputs->roads[i] = raw;
    }
    for (uint32_t i = 0; i < issue_count && !p.is_broken; i++) {
      ky_issue issue = take_issue(job, &p);
      if (is_sure) ky_issue_add(job, &issue, "%s", issue.message);
    }
    if (p.is_broken || p.at != length) return false;
  }
  return true;
}
