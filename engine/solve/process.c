/* Why a program of its own, and not a fork of this process: a fork of a process with threads may only do what a signal
 * handler may, which CBC does not keep to; and it would carry this process's memory, so that a limit on it means
 * little. posix_spawn needs neither. The model goes through an unlinked file, so that nobody waits for anybody; the
 * answer comes through a pipe. */
#include "solve/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* Of 2 ms, that a child which has answered or closed its end may take to end. */
#define MOMENTS 500

/* Where kayoi-solver is, seen from the folder of the running program: beside it, beside the folder of tests, installed.
 */
static const char *const places[] = {"kayoi-solver", "../kayoi-solver", "../libexec/kayoi/kayoi-solver"};

/* NULL: not found. */
static const char *find_program(ky_job *job, const ky_solve_opts *opts) {
  char here[4096];
  if (opts->program != NULL) return opts->program;
  ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);
  if (length <= 0) return NULL;
  here[length] = '\0';
  char *slash = strrchr(here, '/');
  if (slash == NULL) return NULL;
  *slash = '\0';
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const char *path = ky_format(&job->scratch, "%s/%s", here, places[i]);
    if (path != NULL && access(path, X_OK) == 0) return path;
  }
  return NULL;
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The model in a file without a name, to be read from its beginning; NULL: it could not be written. */
static FILE *write_model(const ky_model *model, const ky_solve_opts *opts, double seconds) {
  const size_t columns = model->column_count, rows = model->row_count, entries = (size_t)model->start[columns];
  const ky_model_head head = {.magic = KY_MODEL_MAGIC,
                              .column_count = model->column_count,
                              .row_count = model->row_count,
                              .choice_count = model->choice_count,
                              .entry_count = (uint32_t)entries,
                              .node_limit = opts->node_limit,
                              .memory_bytes = (uint64_t)opts->memory_limit_mb << 20,
                              .cutoff = model->cutoff,
                              .seconds = seconds};
  FILE *file = tmpfile();
  if (file == NULL) return NULL;
  bool is_written = fwrite(&head, sizeof head, 1, file) == 1 &&
                    fwrite(model->start, sizeof *model->start, columns + 1, file) == columns + 1 &&
                    fwrite(model->row, sizeof *model->row, entries, file) == entries &&
                    fwrite(model->value, sizeof *model->value, entries, file) == entries &&
                    fwrite(model->cost, sizeof *model->cost, columns, file) == columns &&
                    fwrite(model->row_lower, sizeof *model->row_lower, rows, file) == rows &&
                    fwrite(model->row_upper, sizeof *model->row_upper, rows, file) == rows && fflush(file) == 0;
  if (is_written) {
    rewind(file);
    return file;
  }
  fclose(file);
  return NULL;
}

static bool start(const char *program, FILE *model, const int ends[2], pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  char *arguments[] = {(char *)(uintptr_t)program, NULL};
  if (posix_spawn_file_actions_init(&actions) != 0) return false;
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return false;
  }
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  bool is_started = posix_spawn_file_actions_adddup2(&actions, fileno(model), STDIN_FILENO) == 0 &&
                    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0 &&
                    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                    posix_spawn(child, program, &actions, &attributes, arguments, environ) == 0;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return is_started;
}

/* Reads so many bytes before the deadline. Looks up ten times a second whether the run is to be interrupted. */
static bool read_all(ky_job *job, int from, void *buffer, size_t size, ky_until *until) {
  char *at = buffer;
  while (size != 0) {
    double left_ms = until->ms - now_ms();
    if (job->interrupt != NULL && atomic_load(&job->interrupt->number) != 0) return false;
    if (left_ms <= 0) {
      until->has_struck = true;
      return false;
    }
    struct pollfd wait = {.fd = from, .events = POLLIN};
    int ready = poll(&wait, 1, left_ms < 100 ? (int)left_ms + 1 : 100);
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    ssize_t n = read(from, at, size);
    if (n == 0 || (n < 0 && errno != EINTR)) return false;
    if (n > 0) {
      at += n;
      size -= (size_t)n;
    }
  }
  return true;
}

/* Ends the child: at once, or after a moment in which it can end by itself. Returns its status; -1: unknown. */
static int end_child(pid_t child, bool at_once) {
  const struct timespec moment = {.tv_nsec = 2000000};
  int status = -1;
  for (int i = 0; i < MOMENTS && !at_once; i++) {
    pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) return -1;
    nanosleep(&moment, NULL);
  }
  kill(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return status;
}

static bool is_sane(const ky_model_answer *answer, const uint8_t *chosen, uint32_t count) {
  if (answer->magic != KY_ANSWER_MAGIC || answer->end < KY_MODEL_PROVEN || answer->end > KY_MODEL_ODD) return false;
  for (uint32_t i = 0; i < count; i++)
    if (chosen[i] > 1) return false;
  return answer->has_set <= 1;
}

ky_err ky_process_solve(ky_job *job, const ky_model *model, const ky_solve_opts *opts, ky_until *until,
                        ky_process_end *end, ky_model_answer *answer, uint8_t *chosen) {
  const char *program = find_program(job, opts);
  double left_ms = until->ms - now_ms();
  FILE *file = NULL;
  int ends[2] = {-1, -1};
  pid_t child = -1;
  *end = KY_PROCESS_FAILED;
  if (program == NULL) return KY_OK;
  if (left_ms <= 0) goto done;
  file = write_model(model, opts, left_ms / 1e3 * 0.9); /* CBC's own limit is soft: asked earlier it may come in time */
  if (file == NULL || pipe(ends) != 0) goto done;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  if (!start(program, file, ends, &child)) goto done;
  close(ends[1]);
  ends[1] = -1;
  bool has_answered = read_all(job, ends[0], answer, sizeof *answer, until) &&
                      read_all(job, ends[0], chosen, model->choice_count, until);
  int status = end_child(child, until->has_struck);
  if (has_answered && is_sane(answer, chosen, model->choice_count))
    *end = KY_PROCESS_ANSWERED;
  else if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == KY_SOLVER_NO_MEMORY)
    *end = KY_PROCESS_NO_MEMORY;
done:
  if (*end == KY_PROCESS_FAILED && (until->has_struck || until->ms <= now_ms())) *end = KY_PROCESS_KILLED;
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  if (file != NULL) fclose(file);
  return KY_OK;
}
