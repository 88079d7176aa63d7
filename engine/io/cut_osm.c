/* OpenStreetMap files are cut by osmium (Debian: osmium-tool), which makes all extracts in one go. Its strategy
 * complete_ways keeps every way that touches a window whole, so that streets cross the edge as they are; it reads the
 * file twice. */
#include <errno.h>
#include <fcntl.h>
#include <kayoi/job.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/cut.h"
#include "io/out_file.h"

/* osmium keeps a table of nodes for each extract, so there are that many at a time. */
#define AT_ONCE 400
#define PASSES  2

extern char **environ;

/* Numbers of JSON have a point in every locale that this program runs in (LC_ALL=C.UTF-8). */
static void put_box(ky_out_file *file, const double *box) {
  char text[128];
  snprintf(text, sizeof text, "[%.7f, %.7f, %.7f, %.7f]", box[0], box[1], box[2], box[3]);
  ky_out_text(file, text);
}

static ky_err write_config(ky_job *job, const ky_cut_windows *windows, uint32_t first, uint32_t end, ky_cut *out,
                           const char *path) {
  ky_out_file file;
  KY_TRY(ky_out_open(job, path, &file));
  ky_out_text(&file, "{\"extracts\": [");
  for (uint32_t w = first; w < end; w++) {
    ky_out_text(&file, w > first ? ",\n{\"output\": " : "\n{\"output\": ");
    ky_out_json(&file, out->path[w]);
    ky_out_text(&file, ", \"bbox\": ");
    put_box(&file, windows->box[w]);
    ky_out_text(&file, "}");
  }
  ky_out_text(&file, "\n]}\n");
  return ky_out_close(job, &file);
}

/* What it said, without its line ends. */
static const char *read_message(ky_job *job, const char *path) {
  char text[400];
  FILE *file = fopen(path, "rb");
  if (file == NULL) return "";
  const size_t n = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[n] = '\0';
  for (size_t i = 0; i < n; i++)
    if (text[i] == '\n') text[i] = ' ';
  const char *copy = ky_arena_text(&job->scratch, text, n);
  return copy != NULL ? copy : "";
}

static ky_err run_osmium(ky_job *job, const ky_source *source, const char *config, const char *log) {
  posix_spawn_file_actions_t actions;
  char *arguments[] = {(char *)"osmium",
                       (char *)"extract",
                       (char *)"--no-progress",
                       (char *)"--overwrite",
                       (char *)"--strategy=complete_ways",
                       (char *)"--config",
                       (char *)(uintptr_t)config,
                       (char *)"--",
                       (char *)(uintptr_t)source->path,
                       NULL};
  pid_t child = -1;
  int status = -1;
  if (posix_spawn_file_actions_init(&actions) != 0) return ky_fail_memory(job);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = posix_spawnp(&child, "osmium", &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    return ky_fail(job, KY_E_RESOURCE,
                   ky_tr("%s: OpenStreetMap files are cut by the program osmium, which cannot be started (%s); install "
                         "the package osmium-tool"),
                   source->shown, strerror(error));
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) break;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return KY_OK;
  return ky_fail(job, KY_E_INPUT, ky_tr("%s: osmium could not cut it: %s"), source->shown, read_message(job, log));
}

ky_err ky_cut_osm(ky_job *job, const ky_source *source, const ky_cut_windows *windows, const char *stem, ky_cut *out) {
  struct stat info;
  const char *extension = ky_path_has(source->path, "pbf") ? "osm.pbf" : "osm";
  if (stat(source->path, &info) != 0)
    return ky_fail(job, KY_E_INPUT, ky_tr("%s %s: cannot be read: %s"), source->name, source->shown, strerror(errno));
  for (uint32_t w = 0; w < windows->count; w++) {
    out->path[w] = ky_format(&job->keep, "%s/%s.%s", windows->folder[w], stem, extension);
    if (out->path[w] == NULL) return ky_fail_memory(job);
  }
  for (uint32_t first = 0; first < windows->count; first += AT_ONCE) {
    const uint32_t end = first + AT_ONCE < windows->count ? first + AT_ONCE : windows->count;
    const char *config = ky_format(&job->scratch, "%s/%s-cut.json", windows->folder[first], stem);
    const char *log = ky_format(&job->scratch, "%s/%s-cut.log", windows->folder[first], stem);
    if (config == NULL || log == NULL) return ky_fail_memory(job);
    ky_err err = write_config(job, windows, first, end, out, config);
    if (err == KY_OK) err = run_osmium(job, source, config, log);
    unlink(config);
    unlink(log);
    KY_TRY(err);
    out->passes += PASSES;
    out->bytes_read += (uint64_t)info.st_size * PASSES;
  }
  out->method = KY_CUT_OSM;
  return KY_OK;
}
