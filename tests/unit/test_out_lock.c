/* The lock beside OUT: one holder, told by name, gone with its process; and moments of time as text. */
#include <kayoi/stamp.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "io/out_lock.h"
#include "own_folder.h"

/* A process that takes the lock, says so and sleeps until it is killed. */
static pid_t hold(const char *dir) {
  int ends[2];
  char byte;
  assert_int_equal(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    ky_job job;
    ky_lock lock;
    ky_job_init(&job, 1);
    if (ky_lock_take(&job, dir, 0, &lock) != KY_OK || write(ends[1], "x", 1) != 1) _exit(1);
    for (;;) pause();
  }
  close(ends[1]);
  assert_int_equal(read(ends[0], &byte, 1), 1);
  close(ends[0]);
  return child;
}

static void end(pid_t child, int number) {
  int status;
  kill(child, number);
  assert_int_equal(waitpid(child, &status, 0), child);
}

static void test_one_holder(void **state) {
  (void)state;
  char dir[256], who[64];
  ky_job job, other;
  ky_lock lock;
  snprintf(dir, sizeof dir, "%s", path_in("out"));
  const pid_t child = hold(dir);
  ky_job_init(&job, 1);
  assert_int_equal(ky_lock_take(&job, dir, 0, &lock), KY_E_BUSY);
  snprintf(who, sizeof who, "process %ld on ", (long)child);
  assert_non_null(strstr(job.message, who));
  assert_true(exists("out.kayoi-lock"));
  ky_lock_release(&lock); /* of nothing: the file is the other's */
  assert_true(exists("out.kayoi-lock"));
  end(child, SIGKILL);
  assert_true(exists("out.kayoi-lock")); /* locks nobody out */
  ky_job_init(&other, 1);
  assert_int_equal(ky_lock_take(&other, dir, 0, &lock), KY_OK);
  ky_lock_release(&lock);
  ky_lock_release(&lock);
  assert_false(exists("out.kayoi-lock"));
  ky_job_free(&job);
  ky_job_free(&other);
}

static void test_wait(void **state) {
  (void)state;
  char dir[256];
  ky_job job;
  ky_lock lock;
  snprintf(dir, sizeof dir, "%s", path_in("out/")); /* the same place as without its slash */
  const pid_t child = hold(path_in("out"));
  const pid_t killer = fork();
  if (killer == 0) {
    const struct timespec pause_s = {.tv_nsec = 300000000};
    nanosleep(&pause_s, NULL);
    kill(child, SIGTERM);
    _exit(0);
  }
  ky_job_init(&job, 1);
  assert_int_equal(ky_lock_take(&job, dir, 60, &lock), KY_OK);
  ky_lock_release(&lock);
  end(killer, 0);
  end(child, 0);
  ky_job_free(&job);
}

/* Folders above OUT are made for the lock and go with it, unless something is in them. */
static void test_folders_above(void **state) {
  (void)state;
  ky_job job;
  ky_lock lock;
  ky_job_init(&job, 1);
  assert_int_equal(ky_lock_take(&job, path_in("a/b/out"), 0, &lock), KY_OK);
  assert_true(exists("a/b/out.kayoi-lock"));
  ky_lock_release(&lock);
  assert_false(exists("a"));
  assert_int_equal(ky_lock_take(&job, path_in("a/b/out"), 0, &lock), KY_OK);
  save("a/kept", "x");
  ky_lock_release(&lock);
  assert_false(exists("a/b"));
  assert_true(exists("a/kept"));
  ky_job_free(&job);
}

/* What stands where the lock should be is neither followed nor emptied. */
static void test_in_the_way(void **state) {
  (void)state;
  ky_job job, other;
  ky_lock lock;
  char text[16], target[256];
  save("precious", "data");
  snprintf(target, sizeof target, "%s", path_in("precious"));
  assert_int_equal(symlink(target, path_in("out.kayoi-lock")), 0);
  ky_job_init(&job, 1);
  assert_int_equal(ky_lock_take(&job, path_in("out"), 0, &lock), KY_E_OUTPUT);
  load("precious", text, sizeof text);
  assert_string_equal(text, "data");
  assert_int_equal(mkdir(path_in("two.kayoi-lock"), 0700), 0);
  ky_job_init(&other, 1);
  assert_int_equal(ky_lock_take(&other, path_in("two"), 0, &lock), KY_E_OUTPUT);
  ky_job_free(&job);
  ky_job_free(&other);
}

/* Beside the C library's own calendar, over leap years, centuries and both signs of the zone. */
static void test_stamp(void **state) {
  (void)state;
  assert_string_equal(ky_stamp_of(0, 9 * 3600).text, "1970-01-01T09:00:00.000+09:00");
  assert_string_equal(ky_stamp_of(1795226400123, 0).text, "2026-11-21T02:00:00.123+00:00");
  assert_string_equal(ky_stamp_of(951782400000, -12600).text, "2000-02-28T20:30:00.000-03:30");
  assert_string_equal(ky_stamp_of(-1, 0).text, "1969-12-31T23:59:59.999+00:00");
  for (int64_t s = -4000000000; s < 8000000000; s += 86399 * 17) {
    const time_t moment = (time_t)s;
    struct tm utc;
    char want[40];
    assert_non_null(gmtime_r(&moment, &utc));
    strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%S.000+00:00", &utc);
    assert_string_equal(ky_stamp_of(s * 1000, 0).text, want);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_one_holder), IN_FOLDER(test_wait),         IN_FOLDER(test_folders_above),
      IN_FOLDER(test_in_the_way), cmocka_unit_test(test_stamp),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
