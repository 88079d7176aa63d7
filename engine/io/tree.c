/* Folders with all that is in them: see tree.h. */
#include "io/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 8 /* folders inside folders */

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes a folder and all in it; links are removed, never followed. Returns errno, 0 when it is gone. */
static int remove_below(int parent_fd, const char *name, int depth) {
  if (unlinkat(parent_fd, name, 0) == 0 || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), error = 0;
  if (fd < 0) return errno;
  DIR *folder = depth > 0 ? fdopendir(fd) : NULL;
  if (folder == NULL) {
    close(fd);
    return ELOOP;
  }
  for (struct dirent *entry; error == 0 && (entry = readdir(folder)) != NULL;)
    if (!is_dots(entry->d_name)) error = remove_below(fd, entry->d_name, depth - 1);
  closedir(folder);
  if (error == 0 && unlinkat(parent_fd, name, AT_REMOVEDIR) != 0) error = errno;
  return error;
}

/* Files and folders below to the disk. Returns errno. */
static int sync_below(int parent_fd, const char *name, int depth) {
  struct stat info;
  if (fstatat(parent_fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return 0; /* a link or the like that was carried over */
  int fd = openat(parent_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), error = 0;
  if (fd < 0) return errno == EACCES && S_ISREG(info.st_mode) ? 0 : errno; /* not kayoi's: it reads what it writes */
  if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP) error = errno;
  DIR *folder = error == 0 && S_ISDIR(info.st_mode) && depth > 0 ? fdopendir(fd) : NULL;
  if (folder == NULL) {
    close(fd);
    return error;
  }
  for (struct dirent *entry; error == 0 && (entry = readdir(folder)) != NULL;)
    if (!is_dots(entry->d_name)) error = sync_below(fd, entry->d_name, depth - 1);
  closedir(folder);
  return error;
}

int ky_tree_remove(int parent_fd, const char *name) {
  return remove_below(parent_fd, name, DEPTH_MAX);
}

int ky_tree_sync(int parent_fd, const char *name) {
  return sync_below(parent_fd, name, DEPTH_MAX);
}

static int copy_bytes(int from_fd, int to_fd) {
  char bytes[1 << 16];
  for (ssize_t n; (n = read(from_fd, bytes, sizeof bytes)) != 0;) {
    if (n < 0) return errno;
    for (ssize_t done = 0; done < n;) {
      const ssize_t written = write(to_fd, bytes + done, (size_t)(n - done));
      if (written < 0) return errno;
      done += written;
    }
  }
  return 0;
}

static int copy_file(int from_fd, const char *from, int to_fd, const char *to, mode_t mode) {
  const int source = openat(from_fd, from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return errno;
  const int copy = openat(to_fd, to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0777);
  int error = copy < 0 ? errno : copy_bytes(source, copy);
  if (copy >= 0 && close(copy) != 0 && error == 0) error = errno;
  close(source);
  return error;
}

static int copy_below(int from_fd, const char *from, int to_fd, const char *to, int depth);

/* The members of one folder into another that is there. */
static int copy_members(int from_fd, int to_fd, int depth) {
  DIR *folder = fdopendir(from_fd);
  int error = folder == NULL ? errno : 0;
  if (folder == NULL) close(from_fd);
  for (struct dirent *entry; error == 0 && (entry = readdir(folder)) != NULL;)
    if (!is_dots(entry->d_name)) error = copy_below(dirfd(folder), entry->d_name, to_fd, entry->d_name, depth);
  if (folder != NULL) closedir(folder);
  return error;
}

static int copy_folder(int from_fd, const char *from, int to_fd, const char *to, mode_t mode, int depth) {
  if (depth == 0) return ELOOP;
  if (mkdirat(to_fd, to, (mode & 0777) | S_IRWXU) != 0) return errno;
  const int source = openat(from_fd, from, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const int target = openat(to_fd, to, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = source < 0 || target < 0 ? errno : 0;
  if (error == 0)
    error = copy_members(source, target, depth - 1); /* closes source */
  else if (source >= 0)
    close(source);
  if (target >= 0) close(target);
  return error;
}

/* Links, pipes and the like are nobody's results: left out. */
static int copy_below(int from_fd, const char *from, int to_fd, const char *to, int depth) {
  struct stat info;
  if (fstatat(from_fd, from, &info, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (S_ISDIR(info.st_mode)) return copy_folder(from_fd, from, to_fd, to, info.st_mode, depth);
  if (!S_ISREG(info.st_mode)) return 0;
  return copy_file(from_fd, from, to_fd, to, info.st_mode);
}

int ky_tree_copy(int from_fd, const char *from, int to_fd, const char *to) {
  return copy_below(from_fd, from, to_fd, to, DEPTH_MAX);
}
