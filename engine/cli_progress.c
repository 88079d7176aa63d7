#include "cli_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli_text.h"

#define BAR_CELLS     30
#define NAME_WIDTH    16
#define DRAW_EVERY_MS 100.0

static const char *const room_names[][2] = {
    {"read", KY_MSG("read")},
    {"network", KY_MSG("street network")},
    {"place", KY_MSG("homes and venues")},
    {"walk", KY_MSG("walking")},
    {"coverage", KY_MSG("coverage")},
    {"profiles", KY_MSG("further profiles")},
    {"sites", KY_MSG("sites")},
    {"gaps", KY_MSG("gaps")},
    {"mobility", KY_MSG("mobility")},
    {"targets", KY_MSG("targets")},
    {"write", KY_MSG("write")},
    {"transit", KY_MSG("buses and trains")},
    {"supply", KY_MSG("venues by bus")},
    {"years", KY_MSG("further years")},
    {"access", KY_MSG("access")},
    {"sensitivity", KY_MSG("other definitions")},
    {"strengths", KY_MSG("strengths")},
    {"outlook", KY_MSG("outlook")},
    {"database", KY_MSG("database")},
    {"site_plan", KY_MSG("sets of sites")},
    {"closures", KY_MSG("closures")},
    {"public", KY_MSG("public layers")},
    {"scenarios", KY_MSG("scenarios")},
};

static const char *room_name(const char *room) {
  for (size_t i = 0; room != NULL && i < sizeof room_names / sizeof *room_names; i++)
    if (strcmp(room_names[i][0], room) == 0) return ky_tr(room_names[i][1]);
  return room != NULL ? room : "";
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void ky_progress_init(ky_progress *progress, bool is_json) {
  const char *terminal = getenv("TERM");
  bool has_bar = isatty(STDERR_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
  *progress = (ky_progress){.mode = is_json   ? KY_PROGRESS_JSON
                                    : has_bar ? KY_PROGRESS_BAR
                                              : KY_PROGRESS_LINES,
                            .start_ms = now_ms()};
}

void ky_progress_clear(ky_progress *progress) {
  if (progress->is_drawn) fputs("\r\033[K", stderr);
  progress->is_drawn = false;
}

static void draw_bar(ky_progress *progress, const ky_event *event) {
  fputc('\r', stderr);
  ky_text_pad(stderr, room_name(event->room), NAME_WIDTH);
  if (event->of > 0) {
    double share = (double)(event->done < event->of ? event->done : event->of) / (double)event->of;
    fputs(" [", stderr);
    for (int i = 0; i < BAR_CELLS; i++) fputc(i < (int)(share * BAR_CELLS) ? '#' : '.', stderr);
    fprintf(stderr, "] %3d %%", (int)(share * 100.0));
  } else if (event->done > 0) {
    fprintf(stderr, " %s", ky_show_count((int64_t)event->done).text);
  } else {
    fputs(" ...", stderr);
  }
  fputs("\033[K", stderr);
  fflush(stderr);
  progress->is_drawn = true;
}

static void send_json(const ky_progress *progress, const ky_event *event) {
  static const char *const kinds[] = {"start", "progress", "end", "notice"};
  ky_log_begin(stderr, kinds[event->kind], progress->run);
  if (event->room != NULL) {
    fputs(",\"room\":", stderr);
    ky_json_text(stderr, event->room);
  }
  if (event->kind == KY_ROOM_PROGRESS) fprintf(stderr, ",\"done\":%" PRIu64 ",\"of\":%" PRIu64, event->done, event->of);
  if (event->kind == KY_ROOM_END)
    fprintf(stderr, ",\"ms\":%.1f,\"cpu_ms\":%.1f,\"peak_bytes\":%zu,\"peak_memory_bytes\":%llu", event->ms,
            event->cpu_ms, event->peak_bytes, ky_log_peak_bytes());
  if (event->text != NULL) {
    fputs(",\"text\":", stderr);
    ky_json_text(stderr, event->text);
  }
  fputs("}\n", stderr);
}

static void print_line(ky_progress *progress, const ky_event *event) {
  ky_progress_clear(progress);
  if (event->kind == KY_NOTICE) {
    fprintf(stderr, ky_tr("note: %s\n"), event->text);
    return;
  }
  ky_text_pad(stderr, room_name(event->room), NAME_WIDTH);
  fprintf(stderr, ky_tr(" %6.2f s  %s\n"), event->ms / 1e3, event->text != NULL ? event->text : "");
}

void ky_progress_event(void *user, const ky_event *event) {
  ky_progress *progress = user;
  bool is_step = event->kind == KY_ROOM_PROGRESS || event->kind == KY_ROOM_START;
  if (event->kind == KY_ROOM_PROGRESS) { /* not more often than anyone can read */
    double now = now_ms();
    if (now - progress->drawn_ms < DRAW_EVERY_MS) return;
    progress->drawn_ms = now;
  }
  if (progress->mode == KY_PROGRESS_JSON)
    send_json(progress, event);
  else if (progress->mode == KY_PROGRESS_QUIET)
    return;
  else if (!is_step)
    print_line(progress, event);
  else if (progress->mode == KY_PROGRESS_BAR)
    draw_bar(progress, event);
}

static void send_text(const char *key, const char *text) {
  fprintf(stderr, ",\"%s\":", key);
  ky_json_text(stderr, text);
}

/* How long the job took and what it needed. */
static void send_costs(const ky_progress *progress) {
  fprintf(stderr, ",\"ms\":%.1f,\"peak_memory_bytes\":%llu", now_ms() - progress->start_ms, ky_log_peak_bytes());
}

void ky_progress_start(ky_progress *progress, const char *config) {
  if (progress->mode != KY_PROGRESS_JSON) return;
  ky_log_begin(stderr, "run", progress->run);
  send_text("config", config);
  fprintf(stderr, ",\"version\":\"%s\",\"pid\":%ld}\n", KY_VERSION, (long)getpid());
}

void ky_progress_failure(ky_progress *progress, ky_err err, const char *message) {
  ky_progress_clear(progress);
  if (progress->mode != KY_PROGRESS_JSON) {
    fprintf(stderr, "kayoi: %s\n%s\n", ky_tr(ky_err_text(err)), message);
    return;
  }
  ky_log_begin(stderr, "error", progress->run);
  fprintf(stderr, ",\"exit\":%d", ky_err_status(err));
  send_text("result", err == KY_E_BUSY ? "busy" : err == KY_E_HELD ? "held" : "failed");
  send_text("kind", ky_err_text(err));
  send_text("message", message);
  send_costs(progress);
  fputs("}\n", stderr);
}

void ky_progress_done(ky_progress *progress, const char *out_dir, const char *result, const char *line) {
  ky_progress_clear(progress);
  if (progress->mode != KY_PROGRESS_JSON) return;
  ky_log_begin(stderr, "done", progress->run);
  fputs(",\"exit\":0", stderr);
  if (result != NULL) send_text("result", result);
  if (out_dir != NULL) send_text("out", out_dir);
  if (line != NULL) send_text("line", line);
  send_costs(progress);
  fputs("}\n", stderr);
}
