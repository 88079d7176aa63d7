/* Starts one process after the other, as many at once as cores and memory allow, and says what became of each. */
#define _DEFAULT_SOURCE /* wait4: what a child has taken */
#include "batch_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/batch_status.h"

#define MOMENT_NS 20000000

extern char **environ;

typedef struct child {
  pid_t pid; /* 0: free */
  uint32_t task;
  const char *line_path; /* where its one line goes */
} child;

typedef struct running {
  ky_job *job;
  const ky_batch *batch;
  const ky_batch_run_opts *opts;
  ky_task_status *status;
  child *children; /* [opts->jobs] */
  uint32_t done_count, wanted_count;
} running;

const char *ky_task_state_name(ky_task_state state) {
  static const char *const names[] = {"none", "done", "unchanged", "failed"};
  return names[state];
}

/* Of the machine, in MB; UINT64_MAX where it does not say. */
static uint64_t memory_free_mb(void) {
  char line[128];
  unsigned long long kb = 0;
  FILE *file = fopen("/proc/meminfo", "r");
  if (file == NULL) return UINT64_MAX;
  while (kb == 0 && fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "MemAvailable: %llu kB", &kb) != 1) kb = 0;
  fclose(file);
  return kb == 0 ? UINT64_MAX : kb / 1024;
}

static uint32_t running_count(const running *r) {
  uint32_t count = 0;
  for (uint32_t c = 0; c < r->opts->jobs; c++) count += r->children[c].pid != 0;
  return count;
}

/* One may always run. What is running has taken its share already or will: its estimate is kept free. */
static bool has_room(const running *r, uint32_t task) {
  uint64_t wanted = r->batch->tasks[task].memory_mb;
  if (running_count(r) == 0) return true;
  for (uint32_t c = 0; c < r->opts->jobs; c++)
    if (r->children[c].pid != 0) wanted += r->batch->tasks[r->children[c].task].memory_mb;
  return wanted <= memory_free_mb();
}

static ky_err start(running *r, uint32_t task, child *out) {
  const char *folder = ky_format(&r->job->keep, "%s/%s", r->batch->folder, r->batch->tasks[task].code);
  const char *config = folder != NULL ? ky_format(&r->job->keep, "%s/kayoi.yaml", folder) : NULL;
  const char *log = folder != NULL ? ky_format(&r->job->keep, "%s/log.jsonl", folder) : NULL;
  const char *line = folder != NULL ? ky_format(&r->job->keep, "%s/line.txt", folder) : NULL;
  posix_spawn_file_actions_t actions;
  if (config == NULL || log == NULL || line == NULL || posix_spawn_file_actions_init(&actions) != 0)
    return ky_fail_memory(r->job);
  char *arguments[] = {(char *)"kayoi",
                       (char *)"run",
                       (char *)(uintptr_t)config,
                       (char *)(r->opts->is_forced ? "--force" : "--if-changed"),
                       (char *)"--brief",
                       (char *)"--log=json",
                       (char *)"--threads=1",
                       (char *)"--lang",
                       (char *)(uintptr_t)r->opts->lang,
                       NULL};
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, line, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  const int error = posix_spawn(&out->pid, r->opts->program, &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  out->task = task;
  out->line_path = line;
  if (error == 0) return KY_OK;
  out->pid = 0;
  return ky_fail(r->job, KY_E_RESOURCE, ky_tr("%s: cannot be started: %s"), r->opts->program, strerror(error));
}

/* The last line that it said on stdout. */
static const char *read_line(ky_job *job, const char *path) {
  char text[2000];
  FILE *file = fopen(path, "rb");
  if (file == NULL) return "";
  size_t n = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  unlink(path);
  while (n > 0 && text[n - 1] == '\n') n--;
  text[n] = '\0';
  const char *last = strrchr(text, '\n');
  const char *copy = ky_arena_text(&job->keep, last != NULL ? last + 1 : text, strlen(last != NULL ? last + 1 : text));
  return copy != NULL ? copy : "";
}

static double seconds_of(const struct timeval *time) {
  return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static ky_err end(running *r, child *ended, int status, const struct rusage *usage) {
  ky_task_status *out = &r->status[ended->task];
  const ky_batch_task *task = &r->batch->tasks[ended->task];
  bool is_unchanged;
  out->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  out->message = read_line(r->job, ended->line_path);
  out->seconds = seconds_of(&usage->ru_utime) + seconds_of(&usage->ru_stime);
  out->peak_mb = (uint32_t)(usage->ru_maxrss / 1024);
  if (out->exit_status != 0 && out->message[0] == '\0')
    out->message = WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "";
  KY_TRY(ky_batch_log_is_unchanged(r->job, r->batch, task, &is_unchanged));
  out->state = out->exit_status != 0 ? KY_TASK_FAILED : is_unchanged ? KY_TASK_UNCHANGED : KY_TASK_DONE;
  ended->pid = 0;
  ky_job_progress(r->job, ++r->done_count, r->wanted_count);
  return ky_batch_status_write(r->job, r->batch, task, out);
}

/* Looks whether a child has ended; waits a moment when none has. */
static ky_err wait_for_any(running *r) {
  const struct timespec moment = {.tv_nsec = MOMENT_NS};
  bool has_ended = false;
  for (uint32_t c = 0; c < r->opts->jobs; c++) {
    struct rusage usage;
    int status;
    if (r->children[c].pid == 0 || wait4(r->children[c].pid, &status, WNOHANG, &usage) != r->children[c].pid) continue;
    KY_TRY(end(r, &r->children[c], status, &usage));
    has_ended = true;
  }
  if (!has_ended) nanosleep(&moment, NULL);
  return KY_OK;
}

static bool is_to_end(const ky_job *job) {
  return job->interrupt != NULL && atomic_load(&job->interrupt->number) != 0;
}

/* The children end as the program was asked to: their results stay what they were. */
static void end_children(running *r) {
  for (uint32_t c = 0; c < r->opts->jobs; c++)
    if (r->children[c].pid != 0) kill(r->children[c].pid, SIGTERM);
  for (uint32_t c = 0; c < r->opts->jobs; c++)
    while (r->children[c].pid != 0 && waitpid(r->children[c].pid, NULL, 0) < 0 && errno == EINTR) continue;
}

static ky_err refuse(running *r, uint32_t task) {
  r->status[task] =
      (ky_task_status){.state = KY_TASK_FAILED, .exit_status = 3, .message = r->batch->tasks[task].problem};
  r->done_count++;
  return ky_batch_status_write(r->job, r->batch, &r->batch->tasks[task], &r->status[task]);
}

static ky_err run_all(running *r, uint32_t first, uint32_t last) {
  uint32_t next = first;
  while (next < last || running_count(r) != 0) {
    if (is_to_end(r->job))
      return ky_fail(r->job, KY_E_RESOURCE, "%s",
                     ky_tr("interrupted; the municipalities that were "
                           "at work kept their previous results"));
    if (next < last && r->batch->tasks[next].problem != NULL) {
      KY_TRY(refuse(r, next++));
      continue;
    }
    uint32_t place = 0;
    while (place < r->opts->jobs && r->children[place].pid != 0) place++;
    if (next < last && place < r->opts->jobs && has_room(r, next))
      KY_TRY(start(r, next++, &r->children[place]));
    else
      KY_TRY(wait_for_any(r));
  }
  return KY_OK;
}

static ky_err report_failed(running *r) {
  uint32_t failed = 0, first = 0;
  for (uint32_t t = r->batch->task_count; t-- > 0;) {
    if (r->status[t].state != KY_TASK_FAILED) continue;
    failed++;
    first = t;
  }
  if (failed == 0) return KY_OK;
  return ky_fail(r->job, KY_E_INPUT,
                 ky_tr("%u of %u municipalities failed; the first is %s %s: %s; mend it and run the batch again: the "
                       "others are not run again"),
                 failed, r->wanted_count, r->batch->tasks[first].code, r->batch->tasks[first].name,
                 r->status[first].message);
}

ky_err ky_batch_run(ky_job *job, const ky_batch *batch, const ky_batch_run_opts *opts, ky_task_status **statuses) {
  running r = {.job = job, .batch = batch, .opts = opts};
  KY_NEW(job, keep, r.status, batch->task_count);
  KY_NEW(job, keep, r.children, opts->jobs);
  *statuses = r.status;
  if (opts->task > batch->task_count)
    return ky_fail(job, KY_E_USAGE, ky_tr("%s has %u municipalities; there is no number %u"), batch->folder,
                   batch->task_count, opts->task);
  const uint32_t first = opts->task != 0 ? opts->task - 1 : 0, last = opts->task != 0 ? opts->task : batch->task_count;
  r.wanted_count = last - first;
  if (job->interrupt != NULL)
    atomic_store(&job->interrupt->stage, KY_STAGE_WRITING); /* signals wait for the children */
  ky_job_room_start(job, "batch");
  ky_err err = run_all(&r, first, last);
  if (err != KY_OK) end_children(&r);
  if (job->interrupt != NULL) atomic_store(&job->interrupt->stage, KY_STAGE_CLEAN);
  if (err == KY_OK) err = report_failed(&r);
  if (err == KY_OK) ky_job_room_end(job, ky_tr("%u municipalities"), r.wanted_count);
  return err;
}
