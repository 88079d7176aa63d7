/* The job: what every room is handed first. Memory, the message of a failure, issues, progress.
 *
 * Memory: `keep` holds what rooms return and lives until ky_job_free; `scratch` is emptied by
 * ky_job_room_end. Rooms never free. All memory comes zeroed.
 *
 * Errors: a bad record is ky_issue_add and the room goes on. A broken run is `return ky_fail(...)`
 * at the place that knows best; callers only pass it on with KY_TRY. A bug is assert(). */
#ifndef KAYOI_JOB_H
#define KAYOI_JOB_H

#include <kayoi/base.h>
#include <stdatomic.h>

typedef struct ky_block ky_block;

typedef struct ky_arena {
  ky_block *head;      /* newest block; older ones behind it */
  size_t used_bytes;   /* handed out since the last reset */
  size_t peak_bytes;   /* most that was ever handed out */
  uint64_t fail_after; /* tests: this many more allocations succeed; 0 = no limit */
} ky_arena;

/* count x size zeroed bytes, aligned for any type; NULL when memory is out or the product overflows.
 * count = 0 gives a valid pointer that must not be read. */
void *ky_arena_alloc(ky_arena *arena, size_t count, size_t size);
/* A copy of the first `length` bytes of text with a final NUL; NULL when memory is out. */
char *ky_arena_text(ky_arena *arena, const char *text, size_t length);
/* What was allocated after the mark is given back by the rewind; nothing of it may be used any more. */
typedef struct ky_arena_mark {
  ky_block *head;
  size_t head_bytes, used_bytes;
} ky_arena_mark;
ky_arena_mark ky_arena_now(const ky_arena *arena);
void ky_arena_rewind(ky_arena *arena, ky_arena_mark mark);
void ky_arena_reset(ky_arena *arena);
void ky_arena_free(ky_arena *arena);

typedef enum ky_severity { KY_INFO, KY_WARNING, KY_ERROR } ky_severity;

/* One bad or doubtful record. All texts are owned by the job. */
typedef struct ky_issue {
  ky_severity severity;
  const char *source; /* "residents[0] grid.txt"; never NULL */
  const char *record; /* id or "row 12"; NULL: the source as a whole */
  const char *field;  /* NULL: the record as a whole */
  const char *reason; /* stable English code, e.g. "duplicate_id" */
  const char *message;
  const char *action; /* what was done, and what the user can do */
  bool has_place;
  double x_m, y_m; /* where, in the run's CRS, if has_place */
} ky_issue;

typedef struct ky_issues {
  uint32_t count, capacity;
  ky_issue *rows; /* malloc; grows */
} ky_issues;

typedef enum ky_event_kind { KY_ROOM_START, KY_ROOM_PROGRESS, KY_ROOM_END, KY_NOTICE } ky_event_kind;

typedef struct ky_event {
  ky_event_kind kind;
  const char *room;  /* "network" */
  uint64_t done, of; /* progress: done of of; of = 0: unknown */
  double ms, cpu_ms; /* KY_ROOM_END: wall time, time of all processors */
  size_t peak_bytes; /* KY_ROOM_END: arenas' peak so far */
  const char *text;  /* KY_ROOM_END: counts in words; KY_NOTICE: the message */
} ky_event;

typedef struct ky_room_time {
  const char *room;
  double ms;
} ky_room_time;

/* A signal that asks the program to end, as its handler and the rooms see it. */
typedef enum ky_stage { KY_STAGE_CLEAN, KY_STAGE_WRITING, KY_STAGE_PUBLISHED } ky_stage;

typedef struct ky_interrupt {
  atomic_int number; /* of the signal; 0: none yet */
  atomic_int stage;  /* ky_stage: nothing to undo; a temporary folder is there; the new result is in its place */
} ky_interrupt;

/* Something outside the arenas that lives as long as the job, and how it ends. */
typedef struct ky_owned {
  void (*end)(void *handle);
  void *handle;
  struct ky_owned *next;
} ky_owned;

#define KY_ROOMS_MAX  32
#define KY_ROOMS_DEEP 4

typedef struct ky_job {
  ky_arena keep, scratch;
  ky_issues issues;
  ky_owned *owned;                                     /* newest first */
  int threads;                                         /* >= 1 */
  void (*on_event)(void *user, const ky_event *event); /* NULL: silence */
  void *user;
  ky_interrupt *interrupt; /* NULL: nobody interrupts */
  ky_err err;              /* of the first ky_fail */
  char message[2048];      /* of the first ky_fail: what, where, which record, what to do */
  const char *room;        /* the room that runs now */
  double room_start_ms, room_start_cpu_ms;
  uint32_t room_depth; /* rooms inside rooms */
  ky_arena_mark inner_start[KY_ROOMS_DEEP];
  ky_room_time room_times[KY_ROOMS_MAX];
  uint32_t room_count;
} ky_job;

void ky_job_init(ky_job *job, int threads);
void ky_job_free(ky_job *job);
/* ky_job_free will end the handle, newest first; when memory is out it is ended at once. */
ky_err ky_job_own(ky_job *job, void (*end)(void *handle), void *handle);

/* Doors of a room: start, progress (cheap; call it every few thousand items), end. `text` is printf-like:
 * the counts that the room wants to be known by. */
void ky_job_room_start(ky_job *job, const char *room);
/* A room inside a room, as in the outcome of a further year, is a part of it: it is neither announced nor timed, its
 * notices and progress are not heard, and its end gives back its own scratch memory alone. */
void ky_job_progress(ky_job *job, uint64_t done, uint64_t of);
__attribute__((format(printf, 2, 3))) void ky_job_room_end(ky_job *job, const char *format, ...);
/* A line for the log that is not about one record. */
__attribute__((format(printf, 2, 3))) void ky_job_notice(ky_job *job, const char *format, ...);

/* Writes the message of a broken run (only the first counts) and returns err. */
__attribute__((format(printf, 3, 4))) ky_err ky_fail(ky_job *job, ky_err err, const char *format, ...);
/* The same for memory that ran out. */
ky_err ky_fail_memory(ky_job *job);

/* Adds an issue. `head` gives severity, source, record, field, reason, action and place (texts are copied);
 * the format gives the message. Safe only in serial code: the order of issues is part of the result. */
__attribute__((format(printf, 3, 4))) void ky_issue_add(ky_job *job, const ky_issue *head, const char *format, ...);

/* Takes back the issues from `count` on: those of a variant that has the same records as the run. */
void ky_issues_rewind(ky_job *job, uint32_t count);

/* A printf-like text in the arena; NULL when memory is out. */
__attribute__((format(printf, 2, 3))) char *ky_format(ky_arena *arena, const char *format, ...);

/* Translation of a message (gettext, domain "kayoi"); the msgid itself when there is none. */
__attribute__((format_arg(1))) const char *ky_tr(const char *msgid);
/* Marks a text of a table for the catalogue; ky_tr translates it where it is shown. */
#define KY_MSG(msgid) msgid

/* Passes a failure on. */
#define KY_TRY(call)                              \
  do {                                            \
    ky_err ky_try_err_ = (call);                  \
    if (ky_try_err_ != KY_OK) return ky_try_err_; \
  } while (0)

/* pointer = count zeroed items from the arena (`keep` or `scratch`), or return out of memory. Not between
 * the opening and the closing of a foreign handle: there, call ky_arena_alloc and go to done. */
#define KY_NEW(job, arena, pointer, n)                                         \
  do {                                                                         \
    (pointer) = ky_arena_alloc(&(job)->arena, (size_t)(n), sizeof *(pointer)); \
    if ((pointer) == NULL) return ky_fail_memory(job);                         \
  } while (0)

#endif
