/* The job: messages, issues, rooms' doors. */
#include <assert.h>
#include <kayoi/job.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void ky_job_init(ky_job *job, int threads) {
  memset(job, 0, sizeof *job);
  job->threads = threads < 1 ? 1 : threads;
}

ky_err ky_job_own(ky_job *job, void (*end)(void *handle), void *handle) {
  ky_owned *owned = ky_arena_alloc(&job->keep, 1, sizeof *owned);
  if (owned == NULL) {
    end(handle);
    return ky_fail_memory(job);
  }
  *owned = (ky_owned){end, handle, job->owned};
  job->owned = owned;
  return KY_OK;
}

void ky_job_free(ky_job *job) {
  for (ky_owned *owned = job->owned; owned != NULL; owned = owned->next) owned->end(owned->handle);
  job->owned = NULL;
  ky_arena_free(&job->keep);
  ky_arena_free(&job->scratch);
  free(job->issues.rows);
  memset(&job->issues, 0, sizeof job->issues);
}

static void emit(ky_job *job, const ky_event *event) {
  if (job->on_event != NULL && job->room_depth <= 1) job->on_event(job->user, event);
}

void ky_job_room_start(ky_job *job, const char *room) {
  if (job->room_depth++ != 0) {
    assert(job->room_depth <= KY_ROOMS_DEEP);
    job->inner_start[job->room_depth - 1] = ky_arena_now(&job->scratch);
    return;
  }
  job->room = room;
  job->room_start_ms = now_ms(CLOCK_MONOTONIC);
  job->room_start_cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
  emit(job, &(ky_event){.kind = KY_ROOM_START, .room = room});
}

/* Bytes of the character that begins here; 0: its end was cut off. Bytes that begin none are kept as they are. */
static size_t character_bytes(const unsigned char *at) {
  const size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc2 ? 2 : 1;
  for (size_t i = 1; i < length; i++)
    if ((at[i] & 0xc0) != 0x80) return 0;
  return length;
}

/* Like vsnprintf, but characters that the size or a precision ("%.60s") cuts in two are left out: no file of results
 * could be read with half of one. */
static void write_text(char *text, size_t size, const char *format, va_list args) {
  char *end = text;
  text[0] = '\0';
  vsnprintf(text, size, format, args);
  for (const char *at = text; *at != '\0';) {
    const size_t length = character_bytes((const unsigned char *)at);
    memmove(end, at, length);
    end += length;
    at += length != 0 ? length : 1;
    if (length == 0)
      while (((unsigned char)*at & 0xc0) == 0x80) at++;
  }
  *end = '\0';
}

void ky_job_progress(ky_job *job, uint64_t done, uint64_t of) {
  emit(job, &(ky_event){.kind = KY_ROOM_PROGRESS, .room = job->room, .done = done, .of = of});
}

void ky_job_room_end(ky_job *job, const char *format, ...) {
  char text[256];
  va_list args;
  if (job->room_depth > 1) {
    ky_arena_rewind(&job->scratch, job->inner_start[--job->room_depth]);
    return;
  }
  va_start(args, format);
  write_text(text, sizeof text, format, args);
  va_end(args);
  const double ms = now_ms(CLOCK_MONOTONIC) - job->room_start_ms;
  emit(job, &(ky_event){.kind = KY_ROOM_END,
                        .room = job->room,
                        .ms = ms,
                        .cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - job->room_start_cpu_ms,
                        .peak_bytes = job->keep.peak_bytes + job->scratch.peak_bytes,
                        .text = text});
  if (job->room_count < KY_ROOMS_MAX) job->room_times[job->room_count++] = (ky_room_time){job->room, ms};
  ky_arena_reset(&job->scratch);
  job->room_depth = 0;
}

void ky_job_notice(ky_job *job, const char *format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  write_text(text, sizeof text, format, args);
  va_end(args);
  emit(job, &(ky_event){.kind = KY_NOTICE, .room = job->room, .text = text});
}

ky_err ky_fail(ky_job *job, ky_err err, const char *format, ...) {
  assert(err != KY_OK);
  if (job->err != KY_OK) return job->err;
  job->err = err;
  job->room_depth = 0; /* no end will come */
  va_list args;
  va_start(args, format);
  write_text(job->message, sizeof job->message, format, args);
  va_end(args);
  return err;
}

ky_err ky_fail_memory(ky_job *job) {
  return ky_fail(job, KY_E_RESOURCE, ky_tr("%s: memory is out; free some, or run a smaller area"),
                 job->room != NULL ? job->room : "start");
}

static const char *keep_text(ky_job *job, const char *text) {
  return text == NULL ? NULL : ky_arena_text(&job->keep, text, strlen(text));
}

void ky_issue_add(ky_job *job, const ky_issue *head, const char *format, ...) {
  ky_issues *issues = &job->issues;
  if (issues->count == issues->capacity) {
    uint32_t capacity = issues->capacity == 0 ? 64 : issues->capacity * 2;
    ky_issue *rows = realloc(issues->rows, capacity * sizeof *rows);
    if (rows == NULL) {
      ky_fail_memory(job);
      return;
    }
    issues->rows = rows;
    issues->capacity = capacity;
  }
  char text[1024];
  va_list args;
  va_start(args, format);
  write_text(text, sizeof text, format, args);
  va_end(args);
  ky_issue issue = *head;
  issue.source = keep_text(job, head->source != NULL ? head->source : "");
  issue.record = keep_text(job, head->record);
  issue.field = keep_text(job, head->field);
  issue.reason = keep_text(job, head->reason);
  issue.action = keep_text(job, head->action);
  issue.message = keep_text(job, text);
  if (issue.source == NULL || issue.message == NULL) {
    ky_fail_memory(job);
    return;
  }
  issues->rows[issues->count++] = issue;
}

void ky_issues_rewind(ky_job *job, uint32_t count) {
  assert(count <= job->issues.count);
  job->issues.count = count;
}

char *ky_format(ky_arena *arena, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length < 0) return NULL;
  char *text = ky_arena_alloc(arena, (size_t)length + 1, 1);
  if (text == NULL) return NULL;
  va_start(args, format);
  vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}
