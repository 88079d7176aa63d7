/* The folder of a run: it appears whole or not at all, replaces only what kayoi made, and keeps what others put there.
 */
#include <dirent.h>
#include <fcntl.h>
#include <kayoi/write.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "io/out_file.h"
#include "io/out_folder.h"
#include "own_folder.h"

/* Writes a result with this text in run.json and internal/a. */
static ky_err publish(const char *name, const char *text) {
  ky_job job;
  ky_folder out;
  ky_out_file file;
  ky_job_init(&job, 1);
  ky_err err = ky_folder_open(&job, path_in(name), &out);
  if (err == KY_OK) {
    const char *run = ky_format(&job.keep, "%s/run.json", out.temporary),
               *data = ky_format(&job.keep, "%s/a", out.internal);
    if ((err = ky_out_open(&job, data, &file)) == KY_OK) {
      for (int i = 0; i < 1000; i++) ky_out_text(&file, text);
      err = ky_out_close(&job, &file);
    }
    if (err == KY_OK && (err = ky_out_open(&job, run, &file)) == KY_OK) {
      ky_out_text(&file, "{" KY_FOLDER_MARK ": 1, \"text\": ");
      ky_out_json(&file, text);
      ky_out_text(&file, "}");
      err = ky_out_close(&job, &file);
    }
    if (err == KY_OK) err = ky_folder_commit(&job, &out);
    ky_folder_discard(&out);
  }
  if (err != KY_OK) print_message("%s\n", job.message);
  ky_job_free(&job);
  return err;
}

static void assert_published(const char *name, const char *text) {
  char found[256], run[64];
  snprintf(run, sizeof run, "%s/run.json", name);
  load(run, found, sizeof found);
  assert_non_null(strstr(found, text));
}

static int count_entries(void) {
  DIR *entries = opendir(folder);
  int count = 0;
  assert_non_null(entries);
  while (readdir(entries) != NULL) count++;
  closedir(entries);
  return count - 2;
}

static void test_folder(void **state) {
  (void)state;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_published("out", "one");
  assert_int_equal(publish("out/", "two"), KY_OK); /* over the first */
  assert_published("out", "two");
  assert_int_equal(count_entries(), 1);
  assert_int_equal(mkdir(path_in("empty"), 0777), 0);
  assert_int_equal(publish("empty", "three"), KY_OK);
  assert_published("empty", "three");
  assert_int_equal(publish("new/deep/out", "four"), KY_OK);
  assert_published("new/deep/out", "four");
  assert_int_equal(symlink("out", path_in("link")), 0);
  assert_int_equal(publish("link", "five"), KY_OK); /* what the link points to, not the link */
  assert_published("out", "five");
  assert_true(exists("link"));
  assert_int_equal(count_entries(), 4);
}

/* Only what kayoi made is replaced. */
static void test_folder_foreign(void **state) {
  (void)state;
  assert_int_equal(mkdir(path_in("photos"), 0777), 0);
  save("photos/cat.jpg", "cat");
  assert_int_equal(publish("photos", "x"), KY_E_OUTPUT);
  save("photos/run.json", "{\"something\": \"else\"}");
  assert_int_equal(publish("photos", "x"), KY_E_OUTPUT);
  assert_true(exists("photos/cat.jpg"));
  save("file", "text");
  assert_int_equal(publish("file", "x"), KY_E_OUTPUT);
  assert_int_equal(publish("file/out", "x"), KY_E_OUTPUT);
  assert_int_equal(publish("out", "one"), KY_OK);
  save("out/notes.txt", "mine");
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  assert_published("out", "one");
  assert_true(exists("out/notes.txt"));
  assert_int_equal(count_entries(), 3);
}

/* Half-written folders of dead runs go; of living ones, and things that only look like it, stay. */
static void test_folder_stale(void **state) {
  (void)state;
  assert_int_equal(mkdir(path_in("out.tmp-999999999"), 0777), 0);
  assert_int_equal(mkdir(path_in("out.tmp-999999999/internal"), 0777), 0);
  save("out.tmp-999999999/internal/a", "half");
  assert_int_equal(mkdir(path_in("out.tmp-999999998"), 0777), 0);
  int lock = open(path_in("out.tmp-999999998"), O_RDONLY | O_DIRECTORY);
  assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
  assert_int_equal(mkdir(path_in("out.tmp-2023"), 0777), 0);
  save("out.tmp-2023/mine.txt", "mine");
  assert_int_equal(mkdir(path_in("out.tmp-old"), 0777), 0);
  assert_int_equal(mkdir(path_in("out.old-999999999"), 0777), 0);
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_false(exists("out.tmp-999999999"));
  assert_true(exists("out.tmp-999999998") && exists("out.tmp-2023/mine.txt") && exists("out.tmp-old"));
  assert_true(exists("out.old-999999999"));
  close(lock);
  assert_int_equal(publish("out", "two"), KY_OK);
  assert_false(exists("out.tmp-999999998"));
  /* a run died between its two renames: the earlier result comes back */
  assert_int_equal(rename(path_in("out"), path_in("out.kayoi-old-999999999")), 0);
  assert_int_equal(publish("out.kayoi", "other"), KY_OK); /* not its business */
  assert_true(exists("out.kayoi-old-999999999"));
  save("blocked", "");
  ky_job job;
  ky_folder open_folder;
  ky_job_init(&job, 1);
  assert_int_equal(ky_folder_open(&job, path_in("out"), &open_folder), KY_OK);
  assert_published("out", "two");
  ky_folder_discard(&open_folder);
  assert_published("out", "two");
  ky_job_free(&job);
}

/* A disk that is full after 100 kB, in a child so that the limit ends with it. */
static void test_disk_full(void **state) {
  (void)state;
  assert_int_equal(publish("out", "one"), KY_OK);
  static char much[1024];
  memset(much, 'x', sizeof much - 1);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){100000, 100000});
    _exit(publish("out", much) == KY_E_OUTPUT ? 0 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assert_published("out", "one");
  assert_int_equal(count_entries(), 1);
}

static void test_unwritable(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(chmod(folder, 0755), 0);
  assert_int_equal(mkdir(path_in("closed"), 0555), 0);
  const uid_t me = geteuid();
  if (me == 0 && seteuid(65534) != 0) skip(); /* root may write everywhere: be nobody meanwhile */
  const ky_err err = publish("closed/out", "x");
  ky_job_init(&job, 1);
  const ky_err probed = ky_out_probe(&job, path_in("closed/out"));
  ky_job_free(&job);
  assert_int_equal(seteuid(me), 0);
  assert_int_equal(err, KY_E_OUTPUT);
  assert_int_equal(probed, KY_E_OUTPUT);
}

static void test_odd_places(void **state) {
  (void)state;
  ky_job job;
  ky_folder out;
  const char *const places[] = {"", "/", "/proc/kayoi/out", "/dev/null"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_folder_open(&job, places[i], &out), KY_E_OUTPUT);
    assert_true(job.message[0] != '\0');
    ky_job_free(&job);
  }
}

/* Notices of a job, the last one. */
static char notice[1024];

static void on_event(void *user, const ky_event *event) {
  (void)user;
  if (event->kind == KY_NOTICE) snprintf(notice, sizeof notice, "%s", event->text);
}

/* A style that somebody saved beside the layers stays; layers and what SQLite leaves go. */
static void test_carried(void **state) {
  (void)state;
  static const char *const theirs[] = {"cells.qml", "cells.gpkg", "cells", "cells.csv.bak", ".note", "kayoi.csv"};
  static const char *const ours[] = {"cells.csv", "service_areas.geojson", "kayoi.gpkg", "kayoi.gpkg-wal",
                                     "kayoi.gpkg-shm"};
  char name[64], text[64];
  ky_job job;
  ky_folder out;
  assert_int_equal(publish("out", "one"), KY_OK);
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
    snprintf(name, sizeof name, "out/internal/%s", theirs[i]);
    save(name, theirs[i]);
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    snprintf(name, sizeof name, "out/internal/%s", ours[i]);
    save(name, "old");
  }
  assert_int_equal(symlink("nowhere", path_in("out/internal/link")), 0);
  assert_int_equal(publish("out", "two"), KY_OK);
  assert_int_equal(publish("out", "three"), KY_OK);
  assert_published("out", "three");
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
    snprintf(name, sizeof name, "out/internal/%s", theirs[i]);
    load(name, text, sizeof text);
    assert_string_equal(text, theirs[i]);
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    snprintf(name, sizeof name, "out/internal/%s", ours[i]);
    assert_false(exists(name));
  }
  assert_true(exists("out/internal/link"));
  load("out/internal/a", text, sizeof text);
  assert_memory_equal(text, "three", 5); /* this run's, not the carried one */
  ky_job_init(&job, 1);
  job.on_event = on_event;
  assert_int_equal(ky_folder_open(&job, path_in("out"), &out), KY_OK);
  assert_int_equal(ky_folder_commit(&job, &out), KY_OK);
  assert_non_null(strstr(notice, "in all: 8"));
  assert_non_null(strstr(notice, ".note"));
  ky_job_free(&job);
}

/* A folder that kayoi writes may hold what kayoi writes there, and nothing else. */
static void test_folders_of_ours(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_int_equal(mkdir(path_in("out/internal/styles"), 0777), 0);
  save("out/internal/styles/cells.qml", "style");
  assert_int_equal(publish("out", "two"), KY_OK);
  assert_false(exists("out/internal/styles/cells.qml")); /* of the earlier result */
  assert_int_equal(mkdir(path_in("out/internal/styles"), 0777), 0);
  save("out/internal/styles/my.qml", "style");
  assert_int_equal(publish("out", "three"), KY_E_OUTPUT);
  ky_job_init(&job, 1);
  assert_int_equal(ky_out_probe(&job, path_in("out")), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "'internal/styles/my.qml'"));
  ky_job_free(&job);
  assert_published("out", "two");
}

static void test_carry_refused(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_int_equal(mkdir(path_in("out/internal/mine"), 0777), 0);
  save("out/internal/mine/cells.qml", "style");
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  ky_job_init(&job, 1);
  assert_int_equal(ky_out_probe(&job, path_in("out")), KY_E_OUTPUT);
  assert_non_null(strstr(job.message, "'internal/mine'"));
  ky_job_free(&job);
  assert_published("out", "one");
  assert_true(exists("out/internal/mine/cells.qml"));
  assert_int_equal(rename(path_in("out/internal/mine"), path_in("mine")), 0);
  assert_int_equal(rename(path_in("out/internal"), path_in("elsewhere")), 0);
  assert_int_equal(symlink("../elsewhere", path_in("out/internal")), 0);
  assert_int_equal(publish("out", "two"), KY_E_OUTPUT);
  assert_true(exists("out/internal") && exists("elsewhere/a"));
}

/* A file of somebody else may often not be linked: it is copied, with its time. */
static void test_carry_copy(void **state) {
  (void)state;
  char text[64];
  struct stat info;
  if (geteuid() != 0) skip();
  assert_int_equal(chown(folder, 65534, 65534), 0);
  assert_int_equal(seteuid(65534), 0);
  const ky_err first = publish("out", "one");
  assert_int_equal(seteuid(0), 0);
  assert_int_equal(first, KY_OK);
  save("out/internal/cells.qml", "style");
  const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
  assert_int_equal(utimensat(AT_FDCWD, path_in("out/internal/cells.qml"), times, 0), 0);
  assert_int_equal(chmod(path_in("out/internal/cells.qml"), 0644), 0);
  assert_int_equal(seteuid(65534), 0);
  const ky_err second = publish("out", "two");
  assert_int_equal(seteuid(0), 0);
  assert_int_equal(second, KY_OK);
  assert_published("out", "two");
  load("out/internal/cells.qml", text, sizeof text);
  assert_string_equal(text, "style");
  assert_int_equal(stat(path_in("out/internal/cells.qml"), &info), 0);
  assert_int_equal(info.st_mtim.tv_sec, 1000000000);
  assert_int_equal(count_entries(), 1);
}

static mode_t mode_of(const char *name) {
  struct stat info;
  assert_int_equal(stat(path_in(name), &info), 0);
  return info.st_mode & 07777;
}

/* A folder shared by a group stays shared, whatever the umask; files follow the umask. */
static void test_mode(void **state) {
  (void)state;
  struct stat info;
  assert_int_equal(publish("out", "one"), KY_OK);
  assert_int_equal(chmod(path_in("out"), 02775), 0);
  assert_int_equal(chmod(path_in("out/internal"), 0750), 0);
  const gid_t group = geteuid() == 0 ? 12345 : getegid();
  assert_int_equal(chown(path_in("out"), (uid_t)-1, group), 0);
  assert_int_equal(chmod(path_in("out"), 02775), 0);
  const mode_t before = umask(077);
  assert_int_equal(publish("out", "two"), KY_OK);
  umask(before);
  assert_published("out", "two");
  assert_int_equal(mode_of("out"), 02775);
  assert_int_equal(mode_of("out/internal"), 0750);
  assert_int_equal(mode_of("out/run.json"), 0600);
  assert_int_equal(stat(path_in("out"), &info), 0);
  assert_int_equal(info.st_gid, group);
  assert_int_equal(stat(path_in("out/run.json"), &info), 0);
  assert_int_equal(info.st_gid, group);
}

/* What a run would find at its end is found at its start, and nothing is left. */
static void test_probe(void **state) {
  (void)state;
  ky_job job;
  assert_int_equal(mkdir(path_in("photos"), 0777), 0);
  save("photos/cat.jpg", "cat");
  save("file", "text");
  assert_int_equal(publish("out", "one"), KY_OK);
  const char *const good[] = {"out", "new", "new/deep/out"}, *const bad[] = {"photos", "file", "file/out"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, path_in(good[i])), KY_OK);
    ky_job_free(&job);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, path_in(bad[i])), KY_E_OUTPUT);
    ky_job_free(&job);
  }
  assert_int_equal(count_entries(), 3);
  const char *const places[] = {"", "/", "/proc/kayoi/out", "/dev/null", "/proc"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    ky_job_init(&job, 1);
    assert_int_equal(ky_out_probe(&job, places[i]), KY_E_OUTPUT);
    assert_true(job.message[0] != '\0');
    if (strcmp(places[i], "/proc") == 0) assert_non_null(strstr(job.message, "inside it")); /* a mount point */
    ky_job_free(&job);
  }
}

/* A signal while a result is written: nothing of the new result is there, all of the earlier one. */
static void test_interrupt(void **state) {
  (void)state;
  static const char *formats[] = {"csv"};
  ky_interrupt interrupt = {.number = SIGTERM};
  ky_job job;
  ky_inputs inputs = {.crs = "EPSG:6670"};
  ky_result result = {.inputs = &inputs};
  ky_layers layers;
  ky_folder *made;
  assert_int_equal(publish("out", "one"), KY_OK);
  ky_job_init(&job, 1);
  job.interrupt = &interrupt;
  const ky_write_opts opts = {.dir = path_in("out"), .formats = formats, .format_count = 1};
  assert_int_equal(ky_write_open(&job, &opts, &made), KY_OK);
  assert_int_equal(ky_layers_make(&job, &result, NULL, 0, &layers), KY_E_OUTPUT);
  ky_write_close(&job, KY_E_OUTPUT, made);
  assert_non_null(strstr(job.message, "interrupted"));
  assert_int_equal(interrupt.stage, KY_STAGE_CLEAN);
  ky_job_free(&job);
  assert_published("out", "one");
  assert_int_equal(count_entries(), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_folder),    IN_FOLDER(test_folder_foreign),  IN_FOLDER(test_folder_stale),
      IN_FOLDER(test_disk_full), IN_FOLDER(test_unwritable),      IN_FOLDER(test_odd_places),
      IN_FOLDER(test_carried),   IN_FOLDER(test_folders_of_ours), IN_FOLDER(test_carry_copy),
      IN_FOLDER(test_carried),   IN_FOLDER(test_carry_refused),   IN_FOLDER(test_carry_copy),
      IN_FOLDER(test_mode),      IN_FOLDER(test_probe),           IN_FOLDER(test_interrupt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
