/* The folder of a run: see out_folder.h. */
#define _GNU_SOURCE /* renameat2: the exchange of two folders in one step */
#include "io/out_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "io/out_carry.h"
#include "io/out_file.h"
#include "io/seen.h"
#include "io/tree.h"

#define TEMPORARY_MARK ".tmp-"
#define OLD_MARK       ".kayoi-old-" /* not ".old-": a user may call a copy out.old-2023 */

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool ky_folder_has_mark(int folder_fd) {
  char text[256];
  int fd = openat(folder_fd, "run.json", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = '\0';
  return strstr(text, KY_FOLDER_MARK) != NULL;
}

/* What kayoi writes into OUT. */
static bool is_known(const char *name) {
  static const char *const names[] = {"run.json", "internal", "public", KY_SEEN_FILE_NAME, KY_SEEN_NEW_FILE_NAME};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

/* Looks for something that kayoi does not write: 0 nothing, 1 found (its name in `name`), -1 errno. In a folder that is
 * not kayoi's everything is foreign. */
static int find_foreign(int folder_fd, bool is_ours, char *name, size_t size) {
  int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = 0;
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (folder == NULL) {
    if (fd >= 0) close(fd);
    return -1;
  }
  for (struct dirent *entry; found == 0 && (entry = readdir(folder)) != NULL;) {
    const char *at = entry->d_name;
    if (is_dots(at) || (is_ours && is_known(at))) continue;
    if (name != NULL) snprintf(name, size, "%s", at);
    found = 1;
  }
  closedir(folder);
  return found;
}

/* OUT may be replaced when it is not there, empty, or holds what kayoi writes and, in internal/, files that can be
 * carried over. */
static ky_err check_place(ky_job *job, const char *place) {
  char name[280];
  int fd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return KY_OK;
  if (fd < 0 && errno == ENOTDIR)
    return ky_fail(job, KY_E_OUTPUT,
                   ky_tr("%s: is a file, not a folder; remove it or choose another folder with --out"), place);
  if (fd < 0) return ky_out_fail(job, place, errno);
  int found = find_foreign(fd, ky_folder_has_mark(fd), name, sizeof name);
  if (found == 0) found = ky_carry_obstacle(fd, name, sizeof name);
  int error = errno;
  close(fd);
  if (found < 0) return ky_out_fail(job, place, error);
  if (found == 0) return KY_OK;
  return ky_fail(
      job, KY_E_OUTPUT,
      ky_tr("%s: holds '%s', which kayoi did not write and will not remove; move it away, or choose an empty or "
            "new folder with --out"),
      place, name);
}

/* Makes the folders above `path`; *first_bytes: how much of it names the first that was not there, 0: all were.
 * Returns errno. */
static int make_parents(const char *path, size_t *first_bytes) {
  char part[PATH_MAX];
  *first_bytes = 0;
  if (strlen(path) >= sizeof part) return ENAMETOOLONG;
  for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
    if (mkdir(part, 0777) == 0)
      *first_bytes = *first_bytes == 0 ? (size_t)(slash - path) : *first_bytes;
    else if (errno != EEXIST && access(part, F_OK) != 0)
      return errno;
  }
  return 0;
}

static ky_err fail_parents(ky_job *job, const char *path, int error) {
  if (error != ENOTDIR) return ky_out_fail(job, path, error);
  return ky_fail(job, KY_E_OUTPUT,
                 ky_tr("%s: a part of the path is a file, not a folder; choose another folder with --out"), path);
}

ky_err ky_folder_place(ky_job *job, const char *given, const char **place) {
  size_t length = strlen(given);
  while (length > 1 && given[length - 1] == '/') length--;
  char *path = ky_arena_text(&job->keep, given, length);
  if (path == NULL) return ky_fail_memory(job);
  if (length == 0) return ky_fail(job, KY_E_OUTPUT, "%s", ky_tr("outputs.dir is empty; name a folder"));
  char *real = realpath(path, NULL);
  *place = path;
  if (real == NULL) return errno != ENOENT ? fail_parents(job, path, errno) : KY_OK;
  *place = ky_arena_text(&job->keep, real, strlen(real));
  free(real);
  if (*place == NULL) return ky_fail_memory(job);
  if (strcmp(*place, "/") != 0) return KY_OK;
  return ky_fail(job, KY_E_OUTPUT, "%s", ky_tr("/: cannot be the output folder; name another one with --out"));
}

ky_err ky_folder_parents(ky_job *job, const char *place, const char **made) {
  size_t first_bytes;
  const int error = make_parents(place, &first_bytes);
  *made = first_bytes != 0 ? ky_arena_text(&job->keep, place, first_bytes) : NULL;
  if (first_bytes != 0 && *made == NULL) return ky_fail_memory(job);
  return error == 0 ? KY_OK : fail_parents(job, place, error);
}

/* Nobody holds the folder's lock. Where locks do not work, the number of its process decides. */
static bool is_dead(int folder_fd, pid_t pid) {
  if (flock(folder_fd, LOCK_EX | LOCK_NB) == 0) return true;
  return errno != EWOULDBLOCK && kill(pid, 0) != 0 && errno == ESRCH;
}

/* Is `tail`, behind the base name, `mark` and the number of a process? */
static bool is_named(const char *tail, const char *mark, pid_t *pid) {
  size_t length = strlen(mark);
  if (strncmp(tail, mark, length) != 0 || tail[length] < '1' || tail[length] > '9') return false;
  char *end;
  errno = 0;
  intmax_t number = strtoimax(tail + length, &end, 10);
  *pid = (pid_t)number;
  return errno == 0 && *end == '\0' && number <= INT32_MAX;
}

/* One thing beside OUT: removed, or put back, if a dead run left it. What cannot be removed stays for the next run. */
static void clean_one(int parent_fd, const char *base, const char *name) {
  pid_t pid;
  const char *tail = name + strlen(base);
  bool is_old = is_named(tail, OLD_MARK, &pid);
  if (!is_old && !is_named(tail, TEMPORARY_MARK, &pid)) return;
  int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  bool is_ours = is_dead(fd, pid) && find_foreign(fd, true, NULL, 0) == 0;
  close(fd);
  if (!is_ours) return;
  if (is_old && faccessat(parent_fd, base, F_OK, 0) != 0)
    renameat(parent_fd, name, parent_fd, base);
  else
    ky_tree_remove(parent_fd, name);
}

/* What dead runs left beside OUT: half-written folders go; an earlier result that lost its place comes back. */
static void clean_stale(const char *parent, const char *base) {
  int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (folder == NULL) {
    if (fd >= 0) close(fd);
    return;
  }
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (strncmp(entry->d_name, base, strlen(base)) == 0) clean_one(fd, base, entry->d_name);
  closedir(folder);
}

/* The earlier folders' modes and groups are the new ones'; from the start, for setgid and for privacy. */
static ky_err carry_modes(ky_job *job, const ky_folder *folder, bool is_being_written) {
  const char *earlier = ky_format(&job->keep, "%s/internal", folder->place);
  if (earlier == NULL) return ky_fail_memory(job);
  KY_TRY(ky_carry_mode(job, earlier, folder->internal, is_being_written));
  return ky_carry_mode(job, folder->place, folder->temporary, is_being_written);
}

static ky_err make_folder(ky_job *job, const char *temporary, ky_folder *folder) {
  if (mkdir(temporary, 0777) != 0) return ky_out_fail(job, temporary, errno);
  folder->temporary = temporary; /* from here on it is ours to remove */
  folder->lock_fd = open(folder->temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder->lock_fd < 0) return ky_out_fail(job, folder->temporary, errno);
  flock(folder->lock_fd, LOCK_EX | LOCK_NB); /* where it does not work the process number has to do: is_stale */
  KY_TRY(ky_carry_mode(job, folder->place, folder->temporary, true)); /* what is made inside gets its group */
  if (mkdir(folder->internal, 0777) != 0) return ky_out_fail(job, folder->internal, errno);
  return carry_modes(job, folder, true);
}

ky_err ky_folder_open(ky_job *job, const char *place, ky_folder *out) {
  *out = (ky_folder){.lock_fd = -1};
  KY_TRY(ky_folder_place(job, place, &out->place));
  const char *made;
  KY_TRY(ky_folder_parents(job, out->place, &made));
  const char *slash = strrchr(out->place, '/'), *base = slash != NULL ? slash + 1 : out->place;
  out->parent = slash == NULL         ? "."
                : slash == out->place ? "/"
                                      : ky_arena_text(&job->keep, out->place, (size_t)(slash - out->place));
  const char *temporary = ky_format(&job->keep, "%s" TEMPORARY_MARK "%ld", out->place, (long)getpid());
  out->internal = ky_format(&job->keep, "%s" TEMPORARY_MARK "%ld/internal", out->place, (long)getpid());
  if (out->parent == NULL || temporary == NULL || out->internal == NULL) return ky_fail_memory(job);
  clean_stale(out->parent, base);
  KY_TRY(check_place(job, out->place));
  ky_err err = make_folder(job, temporary, out);
  if (err != KY_OK) ky_folder_discard(out);
  return err;
}

/* Is the folder a mount point, which no rename can replace? Where the kernel does not say, another device than that of
 * the folder above tells. */
static bool is_mount(const char *place, const char *parent) {
  struct statx info;
  struct stat above;
  if (statx(AT_FDCWD, place, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &info) != 0) return false;
  if ((info.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
    return (info.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return stat(parent, &above) == 0 && above.st_dev != makedev(info.stx_dev_major, info.stx_dev_minor);
}

/* Makes and removes the first folder that a run would make: a folder above OUT, or the temporary one beside it. */
static int try_folder(ky_job *job, const char *place) {
  char *path = ky_format(&job->scratch, "%s" TEMPORARY_MARK "%ld", place, (long)getpid());
  if (path == NULL) return ENOMEM;
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (access(path, F_OK) != 0 && errno == ENOENT) break;
    *slash = '/';
  }
  if (mkdir(path, 0777) != 0) return errno;
  rmdir(path);
  return 0;
}

ky_err ky_out_probe(ky_job *job, const char *dir) {
  const char *place;
  KY_TRY(ky_folder_place(job, dir, &place));
  const char *slash = strrchr(place, '/');
  const char *parent = ky_arena_text(&job->scratch, slash == NULL ? "." : place,
                                     slash == NULL || slash == place ? 1 : (size_t)(slash - place));
  if (parent == NULL) return ky_fail_memory(job);
  if (is_mount(place, parent)) return ky_out_fail(job, place, EBUSY);
  KY_TRY(check_place(job, place));
  int error = try_folder(job, place);
  return error == 0 ? KY_OK : error == ENOMEM ? ky_fail_memory(job) : fail_parents(job, place, error);
}

void ky_folder_discard(ky_folder *folder) {
  if (folder->temporary != NULL) ky_tree_remove(AT_FDCWD, folder->temporary);
  if (folder->lock_fd >= 0) close(folder->lock_fd);
  folder->temporary = NULL;
  folder->lock_fd = -1;
}

/* Where folders cannot be exchanged: the earlier one steps aside, and comes back when the new one cannot follow. */
static int step_aside(ky_job *job, const ky_folder *folder) {
  const char *old = ky_format(&job->keep, "%s" OLD_MARK "%ld", folder->place, (long)getpid());
  if (old == NULL) return ENOMEM;
  if (rename(folder->place, old) != 0) return errno;
  if (rename(folder->temporary, folder->place) != 0) {
    int error = errno;
    rename(old, folder->place);
    return error;
  }
  ky_tree_remove(AT_FDCWD, old);
  return 0;
}

/* Returns errno. After an exchange the temporary folder is the earlier result, which ky_folder_discard removes. */
static int exchange(ky_job *job, const ky_folder *folder) {
  if (renameat2(AT_FDCWD, folder->temporary, AT_FDCWD, folder->place, RENAME_EXCHANGE) == 0) return 0;
  if (errno == ENOENT) return rename(folder->temporary, folder->place) == 0 ? 0 : errno;
  if (errno == EINVAL || errno == ENOSYS || errno == ENOTSUP) return step_aside(job, folder);
  return errno;
}

/* OUT.held, if it is kayoi's. Returns errno; ENOTEMPTY: it is somebody else's. */
static int remove_held(const char *held) {
  const int fd = open(held, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? 0 : ENOTEMPTY;
  const bool is_ours = ky_folder_has_mark(fd) && find_foreign(fd, true, NULL, 0) == 0;
  close(fd);
  return is_ours ? ky_tree_remove(AT_FDCWD, held) : ENOTEMPTY;
}

ky_err ky_folder_commit(ky_job *job, ky_folder *folder) {
  KY_TRY(check_place(job, folder->place)); /* someone may have put something there meanwhile */
  KY_TRY(ky_carry_files(job, folder->place, folder->internal));
  int error = ky_tree_sync(AT_FDCWD, folder->temporary);
  if (error != 0) return ky_out_fail(job, folder->temporary, error);
  KY_TRY(carry_modes(job, folder, false));
  error = exchange(job, folder);
  if (error != 0) return ky_out_fail(job, folder->place, error);
  int parent_fd = open(folder->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent_fd >= 0) {
    fsync(parent_fd); /* the exchange is done; only its survival of a power cut hangs on this */
    close(parent_fd);
  }
  const char *held = ky_format(&job->scratch, "%s" KY_FOLDER_HELD, folder->place);
  if (held != NULL) remove_held(held); /* what was held back is out of date now */
  ky_folder_discard(folder);
  return KY_OK;
}

ky_err ky_folder_hold(ky_job *job, ky_folder *folder, const char **out) {
  *out = ky_format(&job->keep, "%s" KY_FOLDER_HELD, folder->place);
  if (*out == NULL) return ky_fail_memory(job);
  int error = remove_held(*out);
  if (error == 0) error = ky_tree_sync(AT_FDCWD, folder->temporary);
  if (error == 0 && rename(folder->temporary, *out) != 0) error = errno;
  if (error != 0) return ky_out_fail(job, *out, error);
  folder->temporary = NULL; /* it has its place */
  ky_folder_discard(folder);
  return KY_OK;
}

ky_err ky_folder_inside(ky_job *job, const char *parent, const char *name, const char **out) {
  *out = ky_format(&job->keep, "%s/%s", parent, name);
  if (*out == NULL) return ky_fail_memory(job);
  if (mkdir(parent, 0777) != 0 && errno != EEXIST) return ky_out_fail(job, parent, errno);
  return mkdir(*out, 0777) == 0 || errno == EEXIST ? KY_OK : ky_out_fail(job, *out, errno);
}
