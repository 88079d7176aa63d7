/* Earlier results on files: see history.h. */
#include <kayoi/history.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <kayoi/changes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/out_file.h"
#include "io/out_folder.h"
#include "io/tree.h"

#define NEW_MARK     ".kayoi-new-"
#define NAME_MAX_LEN 100
#define STAMP_LENGTH 18 /* 2026-11-21T134501Z */
#define DAY_S        86400

/* Is it a name that nights are given, 2026-11-21T134501Z, or that with -2? at: when that was. */
static bool is_stamp(const char *name, time_t *at) {
  static const char form[] = "dddd-dd-ddTddddddZ";
  struct tm tm = {.tm_isdst = 0};
  if (strlen(name) < STAMP_LENGTH) return false;
  for (size_t i = 0; i < STAMP_LENGTH; i++)
    if (form[i] == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != form[i]) return false;
  const char *end = name + STAMP_LENGTH;
  if (*end != '\0' && (end[0] != '-' || end[1] == '\0' || end[1 + strspn(end + 1, "0123456789")] != '\0')) return false;
  if (sscanf(name, "%4d-%2d-%2dT%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
             &tm.tm_sec) != 6)
    return false;
  /* seconds of the day number; months from March, as in the usual formula for civil dates */
  const int64_t m = (tm.tm_mon + 9) % 12, y = tm.tm_year - (tm.tm_mon < 3);
  const int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + tm.tm_mday - 719469;
  *at = (time_t)(days * DAY_S + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
  return tm.tm_mon >= 1 && tm.tm_mon <= 12;
}

/* Why it cannot name a folder; NULL: it can. */
static const char *judge_name(const char *name) {
  time_t at;
  if (name[0] == '\0' || strlen(name) > NAME_MAX_LEN) return ky_tr("it has to be 1 to 100 bytes long");
  if (name[0] == '.' || name[0] == '-') return ky_tr("it must not begin with . or -");
  for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++)
    if (*c < 0x20 || *c == 0x7f || strchr("/\\:*?\"<>|", *c) != NULL)
      return ky_tr("it must not have one of / \\ : * ? \" < > | in it");
  if (is_stamp(name, &at)) return ky_tr("dates and times name the results of nights");
  return NULL;
}

ky_err ky_history_check(ky_job *job, const ky_history_opts *opts) {
  const char *name = opts->name;
  if (name == NULL) return KY_OK;
  if (opts->dir == NULL)
    return ky_fail(job, KY_E_CONFIG, ky_tr("the result cannot be kept as '%s': name a folder under history.dir"), name);
  const char *why = judge_name(name);
  if (why != NULL) return ky_fail(job, KY_E_CONFIG, ky_tr("the result cannot be kept as '%s': %s"), name, why);
  const char *path = ky_format(&job->scratch, "%s/%s", opts->dir, name);
  if (path == NULL) return ky_fail_memory(job);
  if (access(path, F_OK) != 0) return KY_OK;
  return ky_fail(job, KY_E_CONFIG,
                 ky_tr("%s is there already: a name stands for one result for good; choose another name"), path);
}

/* A folder that a run which is gone left behind. */
static void clean_dead(int dir_fd, const char *name) {
  const long pid = strncmp(name, NEW_MARK, strlen(NEW_MARK)) == 0 ? strtol(name + strlen(NEW_MARK), NULL, 10) : 0;
  if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH) ky_tree_remove(dir_fd, name);
}

typedef struct entry {
  char name[64];
  time_t at;
} entry;

/* Newest first; of one second the one that was numbered later. */
static int newest_first(const void *p, const void *q) {
  const entry *a = p, *b = q;
  if (a->at != b->at) return a->at < b->at ? 1 : -1;
  const size_t length_a = strlen(a->name), length_b = strlen(b->name);
  if (length_a != length_b) return length_a < length_b ? 1 : -1;
  return strcmp(b->name, a->name);
}

static bool is_run(int dir_fd, const char *name) {
  const int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const bool has_mark = fd >= 0 && ky_folder_has_mark(fd);
  if (fd >= 0) close(fd);
  return has_mark;
}

/* Nights of the folder, newest first. Only folders that kayoi wrote. */
static ky_err list_nights(ky_job *job, int dir_fd, entry **out, uint32_t *count) {
  uint32_t capacity = 0;
  *count = 0;
  *out = NULL;
  const int copy = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = copy < 0 ? NULL : fdopendir(copy);
  if (folder == NULL && copy >= 0) close(copy);
  for (struct dirent *item; folder != NULL && (item = readdir(folder)) != NULL;) {
    entry one;
    clean_dead(dir_fd, item->d_name);
    if (strlen(item->d_name) >= sizeof one.name || !is_stamp(item->d_name, &one.at) || !is_run(dir_fd, item->d_name))
      continue;
    memcpy(one.name, item->d_name, strlen(item->d_name) + 1);
    if (*count == capacity) {
      capacity = capacity == 0 ? 64 : capacity * 2;
      entry *more = ky_arena_alloc(&job->scratch, capacity, sizeof *more);
      if (more == NULL) {
        closedir(folder);
        return ky_fail_memory(job);
      }
      if (*count != 0) memcpy(more, *out, *count * sizeof *more);
      *out = more;
    }
    (*out)[(*count)++] = one;
  }
  if (folder != NULL) closedir(folder);
  if (*count > 1) qsort(*out, *count, sizeof **out, newest_first);
  return KY_OK;
}

static ky_err prune(ky_job *job, const ky_history_opts *opts, int dir_fd, time_t now, const char *made) {
  entry *nights;
  uint32_t count;
  KY_TRY(list_nights(job, dir_fd, &nights, &count));
  for (uint32_t i = opts->keep_runs; i < count; i++) {
    const bool is_young = nights[i].at > now - (time_t)opts->keep_days * DAY_S;
    if (is_young || strcmp(nights[i].name, made) == 0) continue;
    const int error = ky_tree_remove(dir_fd, nights[i].name);
    if (error != 0)
      ky_job_notice(job, ky_tr("%s/%s should go by history.keep_runs and keep_days, and cannot be removed: %s"),
                    opts->dir, nights[i].name, strerror(error));
  }
  return KY_OK;
}

/* internal/<layer> in the first format that can be read back best: a file of its own, then the one of all layers. */
static int copy_layers(int out_fd, int new_fd) {
  static const char *const layers[] = {"venues", "gaps", "zones", "sites", "changes"};
  int from = openat(out_fd, "internal", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = from < 0 || mkdirat(new_fd, "internal", 0777) != 0 ? errno : 0;
  int to = error != 0 ? -1 : openat(new_fd, "internal", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (error == 0 && to < 0) error = errno;
  const bool has_geojson = error == 0 && faccessat(from, "zones.geojson", F_OK, 0) == 0;
  const bool has_gpkg = error == 0 && !has_geojson && faccessat(from, "kayoi.gpkg", F_OK, 0) == 0;
  if (has_gpkg) error = ky_tree_copy(from, "kayoi.gpkg", to, "kayoi.gpkg");
  for (size_t l = 0; error == 0 && !has_gpkg && l < sizeof layers / sizeof *layers; l++) {
    char name[64];
    snprintf(name, sizeof name, "%s.%s", layers[l], has_geojson ? "geojson" : "csv");
    error = ky_tree_copy(from, name, to, name);
    if (error == ENOENT) error = 0;
  }
  if (from >= 0) close(from);
  if (to >= 0) close(to);
  return error;
}

/* Everything that was published. */
static int copy_whole(int out_fd, int new_fd) {
  static const char *const parts[] = {"internal", "public", "report"};
  int error = 0;
  for (size_t p = 0; error == 0 && p < sizeof parts / sizeof *parts; p++) {
    error = ky_tree_copy(out_fd, parts[p], new_fd, parts[p]);
    if (error == ENOENT) error = 0;
  }
  return error;
}

static int fill(const char *out_dir, int dir_fd, const char *new_name, bool is_whole) {
  int out_fd = open(out_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), new_fd = -1, error = 0;
  if (out_fd < 0) return errno;
  if (mkdirat(dir_fd, new_name, 0777) != 0) error = errno;
  if (error == 0 && (new_fd = openat(dir_fd, new_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
    error = errno;
  if (error == 0) error = is_whole ? copy_whole(out_fd, new_fd) : copy_layers(out_fd, new_fd);
  if (error == 0) error = ky_tree_copy(out_fd, "run.json", new_fd, "run.json");
  if (new_fd >= 0) close(new_fd);
  close(out_fd);
  return error != 0 ? error : ky_tree_sync(dir_fd, new_name);
}

/* A rename never replaces: what bears the name already is not empty. */
static int give_name(int dir_fd, const char *new_name, const char *name) {
  if (faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return renameat(dir_fd, new_name, dir_fd, name) == 0 ? 0 : errno == ENOTEMPTY ? EEXIST : errno;
}

static int name_night(int dir_fd, const char *new_name, time_t now, char *made, size_t size) {
  struct tm utc;
  char stamp[32];
  int error = EEXIST;
  if (gmtime_r(&now, &utc) == NULL || strftime(stamp, sizeof stamp, "%Y-%m-%dT%H%M%SZ", &utc) == 0) return EINVAL;
  for (int nth = 1; error == EEXIST && nth < 1000; nth++) {
    snprintf(made, size, nth == 1 ? "%s" : "%s-%d", stamp, nth);
    error = give_name(dir_fd, new_name, made);
  }
  return error;
}

static int make_folders(const char *dir) {
  char path[4096];
  if (strlen(dir) >= sizeof path) return ENAMETOOLONG;
  for (const char *slash = strchr(dir + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    snprintf(path, sizeof path, "%.*s", (int)(slash - dir), dir);
    if (mkdir(path, 0777) != 0 && errno != EEXIST && access(path, F_OK) != 0) return errno;
  }
  return mkdir(dir, 0777) != 0 && errno != EEXIST ? errno : 0;
}

ky_err ky_history_keep(ky_job *job, const ky_history_opts *opts, const char *out_dir) {
  char new_name[64], made[256] = "";
  const time_t now = time(NULL);
  if (opts->dir == NULL) return KY_OK;
  snprintf(new_name, sizeof new_name, NEW_MARK "%ld", (long)getpid());
  int error = make_folders(opts->dir);
  const int dir_fd = error != 0 ? -1 : open(opts->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (error == 0 && dir_fd < 0) error = errno;
  if (error == 0) error = ky_tree_remove(dir_fd, new_name);
  if (error == 0) error = fill(out_dir, dir_fd, new_name, opts->name != NULL);
  if (error == 0 && opts->name != NULL) {
    snprintf(made, sizeof made, "%s", opts->name);
    error = give_name(dir_fd, new_name, made);
  } else if (error == 0) {
    error = name_night(dir_fd, new_name, now, made, sizeof made);
  }
  ky_err err = KY_OK;
  if (error == 0) fsync(dir_fd);
  if (error == 0) err = prune(job, opts, dir_fd, now, made);
  if (error != 0 && dir_fd >= 0) ky_tree_remove(dir_fd, new_name);
  if (dir_fd >= 0) close(dir_fd);
  if (error != 0)
    ky_job_notice(job,
                  ky_tr("%s: the result is published, but could not be kept there: %s; look at the room and the "
                        "rights, then run again"),
                  opts->dir, strerror(error));
  return err;
}
