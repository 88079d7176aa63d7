#define _XOPEN_SOURCE 700 /* realpath */
/* The plan of a batch: borders give windows, inputs are cut to them, every municipality gets its config. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch_config.h"
#include "io/batch_json.h"
#include "io/borders.h"
#include "io/out_file.h"
#include "io/tree.h"

/* Streets may lead around, and cells over the edge: windows reach this much farther than study.margin_m. */
#define REACH_M 1000.0
/* Land that two borders share: less than this is rounding of published coordinates. */
#define OVERLAP_M2 100.0
/* Holes between borders up to this are no lakes and no municipalities left out. */
#define SLIVER_M2 1e6
/* A run's cost by the bytes of its parts, on one core: from Ube (2.6 s, 127 MB) and Porto (3.7 s, 210 MB) with room for
 * a slower machine. Estimates for schedulers, not promises. */
#define SECONDS_BASE   10.0
#define SECONDS_PER_MB 2.0
#define MEMORY_BASE_MB 300.0
#define MEMORY_PER_MB  20.0
#define FILES_OPEN     8192

typedef struct planning {
  ky_job *job;
  ky_config template;
  ky_batch_area *areas;
  uint32_t count;
  ky_border *borders;     /* [count] raw NULL: none */
  const char **problem;   /* [count] */
  ky_cut_windows windows; /* of those without a problem */
  uint32_t *area_of;      /* [windows.count] */
  ky_batch_input *inputs; /* [template.read.source_count] */
  const char *temporary;
} planning;

static ky_err read_border(ky_job *job, const ky_source *source, ky_raw *out) {
  ky_source_report report = {.err = KY_OK};
  ky_read_opts opts = {.sources = source, .source_count = 1, .reports = &report};
  KY_TRY(ky_read_alone(job, &opts));
  if (report.err != KY_OK) return ky_fail(job, report.err, "%s", report.message);
  *out = report.raw;
  return ky_border_degrees(job, out);
}

static const ky_source *shared_border(const ky_config *template) {
  for (uint32_t s = 0; s < template->read.source_count; s++)
    if (template->read.sources[s].role == KY_ROLE_BORDER) return &template->read.sources[s];
  return NULL;
}

/* A border of its own that cannot be read is that municipality's problem alone. */
static ky_err own_border(planning *p, uint32_t a) {
  ky_job *job = p->job;
  ky_raw *raw;
  ky_source *source;
  KY_NEW(job, keep, raw, 1);
  KY_NEW(job, keep, source, 1);
  *source =
      (ky_source){.role = KY_ROLE_BORDER, .name = "border", .path = p->areas[a].border, .shown = p->areas[a].border};
  const ky_err err = read_border(job, source, raw);
  if (err == KY_OK) p->borders[a] = (ky_border){.raw = raw};
  if (err == KY_E_INTERNAL || err == KY_E_RESOURCE) return err;
  if (err == KY_OK) return KY_OK;
  p->problem[a] = ky_arena_text(&job->keep, job->message, strlen(job->message));
  return p->problem[a] != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err find_borders(planning *p) {
  const ky_source *shared = shared_border(&p->template);
  ky_raw *raw = NULL;
  for (uint32_t a = 0; a < p->count; a++) {
    double box[4];
    if (p->areas[a].border != NULL) {
      KY_TRY(own_border(p, a));
      continue;
    }
    if (shared == NULL)
      return ky_fail(
          p->job, KY_E_CONFIG,
          ky_tr("%s names no municipality.border, and the table none for %s; name a file with the borders of "
                "all municipalities (KSJ N03) in the template"),
          p->template.path, p->areas[a].code);
    if (raw == NULL) {
      KY_NEW(p->job, keep, raw, 1);
      KY_TRY(read_border(p->job, shared, raw));
    }
    const ky_border border = {.raw = raw, .code = p->areas[a].code};
    if (ky_border_box(&border, 0, box))
      p->borders[a] = border;
    else
      p->problem[a] = ky_format(&p->job->keep, ky_tr("%s has no border with the code %s"), shared->shown, border.code);
  }
  return KY_OK;
}

/* People on land that two municipalities claim would be counted twice, so both wait until that is settled. */
static ky_err refuse_overlaps(planning *p) {
  ky_border_overlap *overlaps;
  uint32_t count;
  ky_border_slivers slivers;
  KY_TRY(ky_borders_overlaps(p->job, p->borders, p->count, OVERLAP_M2, SLIVER_M2, &overlaps, &count, &slivers));
  if (slivers.count != 0)
    ky_job_notice(
        p->job,
        ky_tr("the borders leave %u slivers between them (%.0f m2, the largest %.0f m2 at %.5f, %.5f); people "
              "there belong to no municipality: take borders of one source and year"),
        slivers.count, slivers.area_m2, slivers.largest_m2, slivers.lon, slivers.lat);
  for (uint32_t o = 0; o < count; o++) {
    const uint32_t pair[2] = {overlaps[o].a, overlaps[o].b};
    for (int side = 0; side < 2; side++) {
      const ky_batch_area *other = &p->areas[pair[1 - side]];
      if (p->problem[pair[side]] != NULL) continue;
      p->problem[pair[side]] = ky_format(
          &p->job->keep, ky_tr("its border and that of %s (%s) share %.0f m2, whose people would be counted twice"),
          other->name, other->code, overlaps[o].area_m2);
      if (p->problem[pair[side]] == NULL) return ky_fail_memory(p->job);
    }
  }
  return KY_OK;
}

static ky_err make_folder(ky_job *job, const char *path) {
  return mkdir(path, 0777) == 0 ? KY_OK : ky_out_fail(job, path, errno);
}

static ky_err make_windows(planning *p) {
  ky_job *job = p->job;
  const char **folder;
  KY_NEW(job, keep, p->windows.box, p->count);
  KY_NEW(job, keep, folder, p->count);
  KY_NEW(job, keep, p->area_of, p->count);
  p->windows.folder = folder;
  for (uint32_t a = 0; a < p->count; a++) {
    const uint32_t w = p->windows.count;
    const char *town = ky_format(&job->scratch, "%s/%s", p->temporary, p->areas[a].code);
    if (town == NULL) return ky_fail_memory(job);
    KY_TRY(make_folder(job, town));
    if (p->problem[a] != NULL || p->borders[a].raw == NULL) continue;
    folder[w] = ky_format(&job->keep, "%s/data", town);
    if (folder[w] == NULL) return ky_fail_memory(job);
    KY_TRY(make_folder(job, folder[w]));
    ky_border_box(&p->borders[a], p->template.place.margin_m + REACH_M, p->windows.box[w]);
    p->area_of[w] = a;
    p->windows.count++;
    const char *border = ky_format(&job->scratch, "%s/border.gpkg", folder[w]);
    if (border == NULL) return ky_fail_memory(job);
    KY_TRY(ky_border_write(job, &p->borders[a], border));
  }
  return KY_OK;
}

/* Parts stay open together, one or two files each. */
static void allow_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_OPEN) return;
  limit.rlim_cur = limit.rlim_max < FILES_OPEN ? limit.rlim_max : FILES_OPEN;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static ky_err cut_inputs(planning *p) {
  const ky_read_opts *read = &p->template.read;
  allow_files();
  KY_NEW(p->job, keep, p->inputs, read->source_count);
  for (uint32_t s = 0; s < read->source_count; s++) {
    ky_cut *cut;
    KY_NEW(p->job, keep, cut, 1);
    p->inputs[s] = (ky_batch_input){&read->sources[s], cut};
    KY_TRY(ky_cut_source(p->job, &read->sources[s], &p->windows, s + 1, cut));
    ky_job_progress(p->job, s + 1, read->source_count);
  }
  return KY_OK;
}

/* An absolute path, because the municipality's config is in another folder than the template. */
static const char *absolute(ky_job *job, const char *path) {
  char *real = realpath(path, NULL);
  const char *copy = ky_arena_text(&job->keep, real != NULL ? real : path, strlen(real != NULL ? real : path));
  free(real);
  return copy;
}

/* Without people or streets in its window there is nothing to calculate. */
static ky_err check_parts(planning *p, uint32_t w) {
  static const ky_role needed[] = {KY_ROLE_RESIDENTS, KY_ROLE_ROADS};
  for (size_t n = 0; n < sizeof needed / sizeof *needed; n++) {
    bool has_any = false;
    for (uint32_t s = 0; s < p->template.read.source_count; s++)
      has_any = has_any || (p->inputs[s].source->role == needed[n] &&
                            (p->inputs[s].cut->method == KY_CUT_LINKED || p->inputs[s].cut->path[w] != NULL));
    if (has_any) continue;
    p->problem[p->area_of[w]] = ky_format(&p->job->keep, ky_tr("nothing of %s lies within its border and margin"),
                                          ky_role_get(needed[n])->name);
    return p->problem[p->area_of[w]] != NULL ? KY_OK : ky_fail_memory(p->job);
  }
  return KY_OK;
}

static ky_err write_config(planning *p, uint32_t w) {
  ky_job *job = p->job;
  const uint32_t source_count = p->template.read.source_count;
  const ky_batch_area *area = &p->areas[p->area_of[w]];
  ky_batch_area placed = *area;
  ky_batch_path *paths;
  uint32_t count = 0;
  KY_NEW(job, scratch, paths, 2 * source_count);
  for (uint32_t s = 0; s < source_count; s++) {
    const ky_source *source = p->inputs[s].source;
    const ky_cut *cut = p->inputs[s].cut;
    const char *path = NULL;
    if (source->path == NULL || source->role == KY_ROLE_BORDER) continue;
    if (cut->method == KY_CUT_LINKED)
      path = absolute(job, source->path);
    else if (cut->path[w] != NULL)
      path = ky_format(&job->keep, "data%s", cut->path[w] + strlen(p->windows.folder[w]));
    if (path == NULL && (cut->method == KY_CUT_LINKED || cut->path[w] != NULL)) return ky_fail_memory(job);
    paths[count++] = (ky_batch_path){source->shown, path};
    if (source->table == NULL) continue;
    paths[count++] = (ky_batch_path){source->table_shown, absolute(job, source->table)};
    if (paths[count - 1].path == NULL) return ky_fail_memory(job);
  }
  placed.border = "data/border.gpkg";
  const char *path = ky_format(&job->scratch, "%s/%s/kayoi.yaml", p->temporary, area->code);
  if (path == NULL) return ky_fail_memory(job);
  return ky_batch_config_write(job, &p->template, &placed, paths, count, path);
}

static void estimate(const planning *p, uint32_t w, ky_batch_task *task) {
  for (uint32_t s = 0; s < p->template.read.source_count; s++) task->bytes += p->inputs[s].cut->bytes[w];
  const double mb = (double)task->bytes / 1e6;
  task->seconds = (uint32_t)(SECONDS_BASE + SECONDS_PER_MB * mb);
  task->memory_mb = (uint32_t)(MEMORY_BASE_MB + MEMORY_PER_MB * mb);
}

static ky_err write_plan(planning *p, const char *areas_path, ky_batch *batch) {
  KY_NEW(p->job, keep, batch->tasks, p->count);
  batch->task_count = p->count;
  for (uint32_t a = 0; a < p->count; a++)
    batch->tasks[a] = (ky_batch_task){.code = p->areas[a].code, .name = p->areas[a].name};
  for (uint32_t w = 0; w < p->windows.count; w++) {
    KY_TRY(check_parts(p, w));
    if (p->problem[p->area_of[w]] != NULL) continue;
    KY_TRY(write_config(p, w));
    estimate(p, w, &batch->tasks[p->area_of[w]]);
  }
  for (uint32_t a = 0; a < p->count; a++) batch->tasks[a].problem = p->problem[a];
  return ky_batch_json_write(p->job, batch, p->template.path, areas_path, p->inputs, p->template.read.source_count,
                             p->windows.count, p->temporary);
}

static ky_err plan(planning *p, const char *areas_path, const char *out, ky_batch *batch) {
  KY_TRY(find_borders(p));
  KY_TRY(refuse_overlaps(p));
  KY_TRY(make_windows(p));
  KY_TRY(cut_inputs(p));
  KY_TRY(write_plan(p, areas_path, batch));
  return rename(p->temporary, out) == 0 ? KY_OK : ky_out_fail(p->job, out, errno);
}

ky_err ky_batch_plan(ky_job *job, const char *template_path, const char *areas_path, const char *out, ky_batch *batch) {
  planning p = {.job = job};
  *batch = (ky_batch){.folder = out};
  ky_job_room_start(job, "plan");
  KY_TRY(ky_config_read(job, template_path, &p.template));
  KY_TRY(ky_batch_areas_read(job, areas_path, &p.areas, &p.count));
  KY_NEW(job, keep, p.borders, p.count);
  KY_NEW(job, keep, p.problem, p.count);
  p.temporary = ky_format(&job->keep, "%s.tmp-%ld", out, (long)getpid());
  if (p.temporary == NULL) return ky_fail_memory(job);
  if (access(out, F_OK) == 0)
    return ky_fail(job, KY_E_OUTPUT, ky_tr("%s: is there already; name a new folder with --out, or remove it"), out);
  KY_TRY(make_folder(job, p.temporary));
  const ky_err err = plan(&p, areas_path, out, batch);
  if (err != KY_OK) ky_tree_remove(AT_FDCWD, p.temporary);
  if (err == KY_OK) ky_job_room_end(job, ky_tr("%u municipalities"), p.count);
  return err;
}
