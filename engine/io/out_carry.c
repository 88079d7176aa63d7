/* From an earlier result to the next: see out_carry.h. */
#include "io/out_carry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/our_files.h"
#include "io/out_file.h"

#define MODE_BITS  07777
#define DEPTH_MAX  6 /* folders inside folders that kayoi writes: scenarios/<name>/tiles/<z>/<x> */
#define COPY_BYTES ((size_t)1 << 16)
#define TARGET_MAX 4096 /* of a symbolic link */

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static DIR *open_folder(int parent_fd, const char *name) {
  int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (folder == NULL && fd >= 0) close(fd);
  return folder;
}

/* Does the folder <internal>/<inside> hold nothing but files of kayoi, in it and below? Else the path of what it holds.
 */
static bool is_ours_alone(int parent_fd, const char *inside, int depth, char *name, size_t size) {
  const char *slash = strrchr(inside, '/');
  DIR *folder = depth > 0 ? open_folder(parent_fd, slash != NULL ? slash + 1 : inside) : NULL;
  bool is_good = folder != NULL;
  if (!is_good) snprintf(name, size, "internal/%s", inside);
  for (struct dirent *entry; is_good && (entry = readdir(folder)) != NULL;) {
    struct stat info;
    char inner[600];
    if (is_dots(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    snprintf(inner, sizeof inner, "%s/%s", inside, entry->d_name);
    if (S_ISDIR(info.st_mode)) {
      is_good = is_ours_alone(dirfd(folder), inner, depth - 1, name, size);
    } else {
      is_good = S_ISREG(info.st_mode) && ky_is_our_file(inner);
      if (!is_good) snprintf(name, size, "internal/%s", inner);
    }
  }
  if (folder != NULL) closedir(folder);
  return is_good;
}

int ky_carry_obstacle(int folder_fd, char *name, size_t size) {
  DIR *folder = open_folder(folder_fd, "internal");
  int found = 0;
  if (folder == NULL && errno == ENOENT) return 0;
  if (folder == NULL && errno != ENOTDIR && errno != ELOOP) return -1;
  if (folder == NULL) {
    snprintf(name, size, "internal");
    return 1;
  }
  for (struct dirent *entry; found == 0 && (entry = readdir(folder)) != NULL;) {
    struct stat info;
    if (is_dots(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISDIR(info.st_mode)) continue;
    if (ky_is_our_folder(entry->d_name)) {
      found = !is_ours_alone(dirfd(folder), entry->d_name, DEPTH_MAX, name, size);
      continue;
    }
    snprintf(name, size, "internal/%s", entry->d_name);
    found = 1;
  }
  closedir(folder);
  return found;
}

/* Bytes, permissions and times. Returns errno. */
static int copy_bytes(int from_fd, int to_fd, const struct stat *info) {
  char bytes[COPY_BYTES];
  const struct timespec times[2] = {info->st_atim, info->st_mtim};
  for (ssize_t n; (n = read(from_fd, bytes, sizeof bytes)) != 0;) {
    if (n < 0) return errno;
    for (ssize_t done = 0; done < n;) {
      ssize_t written = write(to_fd, bytes + done, (size_t)(n - done));
      if (written < 0) return errno;
      done += written;
    }
  }
  if (fchmod(to_fd, info->st_mode & 0777) != 0) return errno;
  futimens(to_fd, times); /* nice to have */
  return 0;
}

static int copy_file(int from, int to, const char *name) {
  struct stat info;
  if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (S_ISLNK(info.st_mode)) {
    char target[TARGET_MAX];
    ssize_t length = readlinkat(from, name, target, sizeof target);
    if (length < 0) return errno;
    if (length == TARGET_MAX) return ENAMETOOLONG;
    target[length] = '\0';
    return symlinkat(target, to, name) == 0 ? 0 : errno;
  }
  if (!S_ISREG(info.st_mode)) return ENOTSUP;
  int source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return errno;
  int copy = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int error = copy < 0 ? errno : copy_bytes(source, copy, &info);
  if (copy >= 0 && close(copy) != 0 && error == 0) error = errno;
  close(source);
  if (copy >= 0 && error != 0) unlinkat(to, name, 0);
  return error;
}

/* Returns errno; EEXIST: this run wrote a file of that name. */
static int carry_file(int from, int to, const char *name) {
  if (linkat(from, name, to, name, 0) == 0) return 0;
  return errno == EEXIST || errno == ENOENT ? errno : copy_file(from, to, name);
}

typedef struct carried {
  uint32_t count;
  char first[256]; /* the bytewise lowest name, whatever the order of the folder */
  bool is_open;    /* another program has the GeoPackage open */
} carried;

static ky_err carry_all(ky_job *job, DIR *from, int to, const char *internal, carried *c) {
  for (struct dirent *entry; (entry = readdir(from)) != NULL;) {
    const char *name = entry->d_name;
    if (strcmp(name, "kayoi.gpkg-wal") == 0) c->is_open = true;
    if (is_dots(name) || ky_is_our_file(name) || ky_is_our_folder(name)) continue;
    int error = carry_file(dirfd(from), to, name);
    if (error == EEXIST || error == ENOENT) continue;
    if (error != 0)
      return ky_fail(job, KY_E_OUTPUT,
                     ky_tr("internal/%s, which kayoi did not write, cannot be carried over into %s: %s; the previous "
                           "result is as it was; move the file out of the output folder"),
                     name, internal, strerror(error));
    if (c->count++ == 0 || strcmp(name, c->first) < 0) snprintf(c->first, sizeof c->first, "%s", name);
  }
  return KY_OK;
}

ky_err ky_carry_files(ky_job *job, const char *place, const char *internal) {
  const char *earlier = ky_format(&job->keep, "%s/internal", place);
  carried c = {.count = 0};
  if (earlier == NULL) return ky_fail_memory(job);
  DIR *from = open_folder(AT_FDCWD, earlier);
  if (from == NULL) return errno == ENOENT ? KY_OK : ky_out_fail(job, earlier, errno);
  int to = open(internal, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  ky_err err = to < 0 ? ky_out_fail(job, internal, errno) : carry_all(job, from, to, internal, &c);
  if (to >= 0) close(to);
  closedir(from);
  if (err == KY_OK && c.count != 0)
    ky_job_notice(
        job,
        ky_tr("%s: what kayoi did not write was carried over into the new result: %s (files in all: %u); your own "
              "files are better kept outside of the output folder"),
        earlier, c.first, c.count);
  if (err == KY_OK && c.is_open)
    ky_job_notice(job,
                  ky_tr("%s/kayoi.gpkg seems to be open in another program; open it anew there to see the new result"),
                  earlier);
  return err;
}

ky_err ky_carry_mode(ky_job *job, const char *earlier, const char *path, bool is_being_written) {
  struct stat info;
  if (lstat(earlier, &info) != 0 || !S_ISDIR(info.st_mode)) return KY_OK;
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return ky_out_fail(job, path, errno);
  /* The group first: changing it may clear setgid. A group that is not the user's own stays out of reach. */
  int unchanged = fchown(fd, (uid_t)-1, info.st_gid);
  (void)unchanged;
  mode_t mode = (info.st_mode & MODE_BITS) | (is_being_written ? S_IRWXU : 0);
  int error = fchmod(fd, mode) != 0 ? errno : 0;
  close(fd);
  return error != 0 ? ky_out_fail(job, path, error) : KY_OK;
}
