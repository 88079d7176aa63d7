/* The lock beside OUT: see out_lock.h. */
#include "io/out_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <kayoi/stamp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/out_file.h"
#include "io/out_folder.h"

#define LOCK_MARK ".kayoi-lock"
#define LOOK_MS   100
#define HOST_MAX  64
#define TURNS_MAX 1000 /* files that went away between opening and locking, one after another */

static int64_t monotonic_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Letters of a host name alone, so that the line keeps its form. */
static void find_host(char *host, size_t size) {
  if (gethostname(host, size) != 0) snprintf(host, size, "localhost");
  host[size - 1] = '\0';
  for (char *c = host; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~') *c = '-';
  if (host[0] == '\0') snprintf(host, size, "localhost");
}

/* "4711 host 2026-11-21T02:00:00.000+09:00": for messages only, nothing is decided by it. */
static void write_holder(int fd) {
  char host[HOST_MAX], line[HOST_MAX + 80];
  find_host(host, sizeof host);
  const int length = snprintf(line, sizeof line, "%ld %s %s\n", (long)getpid(), host, ky_stamp_now().text);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, line, (size_t)length, 0) != length) return;
}

static ky_err fail_busy(ky_job *job, const char *place, int fd, uint32_t wait_s) {
  char line[HOST_MAX + 80] = "", host[HOST_MAX], since[KY_STAMP_BYTES];
  long pid;
  const ssize_t n = pread(fd, line, sizeof line - 1, 0);
  line[n > 0 ? n : 0] = '\0';
  if (sscanf(line, "%ld %63s %31s", &pid, host, since) != 3)
    return ky_fail(job, KY_E_BUSY,
                   ky_tr("%s: another run writes there, and this one has waited %u seconds; let it end, or wait longer "
                         "with --wait SECONDS"),
                   place, wait_s);
  return ky_fail(job, KY_E_BUSY,
                 ky_tr("%s: another run writes there since %s (process %ld on %s), and this one has waited %u seconds; "
                       "let it end, or wait longer with --wait SECONDS; a run that hangs ends with: kill %ld"),
                 place, since, pid, host, wait_s, pid);
}

/* The file, made if need be. A file of another user that may only be read can be locked all the same. */
static int open_file(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0 && errno == EACCES) {
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) errno = EACCES;
  }
  return fd;
}

/* Is what was locked still the file of that name? Its last holder may have removed it meanwhile. */
static bool is_still(int fd, const char *path) {
  struct stat held, named;
  return fstat(fd, &held) == 0 && lstat(path, &named) == 0 && held.st_ino == named.st_ino &&
         held.st_dev == named.st_dev;
}

static void rest(void) {
  const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000};
  nanosleep(&pause, NULL);
}

/* 0: locked; EWOULDBLOCK: another run has it; EAGAIN is the same. Else why there are no locks. */
static int try_lock(int fd) {
  while (flock(fd, LOCK_EX | LOCK_NB) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

ky_err ky_lock_take(ky_job *job, const char *dir, uint32_t wait_s, ky_lock *out) {
  const char *place;
  const int64_t end_ms = monotonic_ms() + (int64_t)wait_s * 1000;
  bool is_announced = false;
  *out = (ky_lock){.fd = -1};
  KY_TRY(ky_folder_place(job, dir, &place));
  out->path = ky_format(&job->keep, "%s" LOCK_MARK, place);
  if (out->path == NULL) return ky_fail_memory(job);
  for (int turn = 0; turn < TURNS_MAX;) {
    const char *made;
    KY_TRY(ky_folder_parents(job, place, &made));
    if (out->made == NULL) out->made = made;
    const int fd = open_file(out->path);
    if (fd < 0 && errno == ENOENT && ++turn < TURNS_MAX) continue; /* the folder above went away again */
    if (fd < 0) {
      const int error = errno;
      ky_lock_release(out);
      return ky_out_fail(job, place, error);
    }
    const int error = try_lock(fd);
    if (error == EWOULDBLOCK) {
      ky_err err = monotonic_ms() >= end_ms ? fail_busy(job, place, fd, wait_s) : KY_OK;
      close(fd);
      if (err != KY_OK) return err;
      if (!is_announced) ky_job_notice(job, ky_tr("%s: another run writes there; waiting for its end"), place);
      is_announced = true;
      rest();
      continue;
    }
    if (error == 0 && !is_still(fd, out->path)) {
      close(fd);
      turn++;
      continue;
    }
    out->fd = fd;
    write_holder(fd);
    if (error != 0)
      ky_job_notice(job,
                    ky_tr("%s: there are no locks on this file system (%s); see to it that only one run works there"),
                    place, strerror(error));
    return KY_OK;
  }
  return ky_out_fail(job, place, EBUSY);
}

/* Folders that a failed run leaves empty; one that holds the result stays. */
static void remove_made(const ky_lock *lock) {
  char part[PATH_MAX];
  snprintf(part, sizeof part, "%s", lock->path);
  for (char *slash = strrchr(part, '/'); slash != NULL && (size_t)(slash - part) >= strlen(lock->made);
       slash = strrchr(part, '/')) {
    *slash = '\0';
    if (rmdir(part) != 0) return;
  }
}

void ky_lock_release(ky_lock *lock) {
  if (lock->fd >= 0) {
    unlink(lock->path); /* while it is locked: whoever waits looks again */
    close(lock->fd);
  }
  if (lock->made != NULL) remove_made(lock);
  *lock = (ky_lock){.fd = -1};
}
