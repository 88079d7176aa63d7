/* Reports of sources, and their extents on the map against the municipality's. */
#include "io/source_report.h"

#include <math.h>
#include <string.h>

#include "io/crs.h"
#include "io/recognise.h"

/* Takes a failure that lies in the data out of the job, so that the next source can be read. */
static ky_err take_failure(ky_job *job, ky_err err, const char **message) {
  if (err != KY_E_INPUT && err != KY_E_CONFIG && err != KY_E_DATABASE) return err;
  *message = ky_arena_text(&job->keep, job->message, strlen(job->message));
  if (*message == NULL) {
    job->err = KY_OK;
    return ky_fail_memory(job);
  }
  job->err = KY_OK;
  job->message[0] = '\0';
  return KY_OK;
}

/* The box of all vertices, through points on its sides: in another CRS its corners are not its farthest places. */
static ky_err find_extent(ky_job *job, ky_source_report *report) {
  enum { STEPS = 8, COUNT = (STEPS + 1) * (STEPS + 1) };
  const ky_raw *raw = &report->raw;
  double lon[COUNT], lat[COUNT];
  const char *ignored;
  if (raw->shapes.vertex_count == 0 || raw->crs == NULL) return KY_OK;
  ky_box box = ky_shapes_box(&raw->shapes);
  for (int i = 0; i < COUNT; i++) {
    lon[i] = box.x_min + (box.x_max - box.x_min) * (i % (STEPS + 1)) / STEPS;
    lat[i] = box.y_min + (box.y_max - box.y_min) * (i / (STEPS + 1)) / STEPS;
  }
  ky_err err = ky_crs_transform(job, raw->crs, "EPSG:4326", lon, lat, COUNT);
  if (err != KY_OK) return take_failure(job, err, &ignored); /* the run's projection says what is wrong with it */
  for (int i = 0; i < COUNT; i++) {
    if (!isfinite(lon[i]) || !isfinite(lat[i])) continue;
    if (!report->has_extent || lon[i] < report->west_deg) report->west_deg = lon[i];
    if (!report->has_extent || lon[i] > report->east_deg) report->east_deg = lon[i];
    if (!report->has_extent || lat[i] < report->south_deg) report->south_deg = lat[i];
    if (!report->has_extent || lat[i] > report->north_deg) report->north_deg = lat[i];
    report->has_extent = true;
  }
  return KY_OK;
}

/* Only what a message needs: a file that cannot be recognised has no kind. */
static ky_err find_kind(ky_job *job, const ky_source *source, ky_source_report *out) {
  ky_recognised file;
  KY_TRY(ky_recognise_brief(job, source->path, source->layer, &file));
  if (file.kind == KY_FILE_UNKNOWN) return KY_OK;
  out->kind = ky_recognised_text(job, &file);
  return out->kind != NULL ? KY_OK : ky_fail_memory(job);
}

ky_err ky_source_report_take(ky_job *job, ky_err err, const ky_raw *raw, ky_source_report *out) {
  *out = (ky_source_report){.err = err, .raw = *raw, .overlap = NAN, .where = ky_source_where(job, raw->source)};
  if (err != KY_OK) KY_TRY(take_failure(job, err, &out->message));
  if (raw->source->is_workbook)
    out->kind = ky_tr("a sheet of the workbook");
  else if (raw->source->path != NULL)
    KY_TRY(find_kind(job, raw->source, out));
  return out->err == KY_OK ? find_extent(job, out) : KY_OK;
}

/* The box of the municipality: of the border, else of the zones. */
static bool find_reference(ky_source_report *reports, uint32_t count, ky_source_report *box) {
  static const ky_role order[] = {KY_ROLE_BORDER, KY_ROLE_ZONES};
  *box = (ky_source_report){.has_extent = false};
  for (size_t k = 0; k < sizeof order / sizeof *order && !box->has_extent; k++) {
    for (uint32_t i = 0; i < count; i++) {
      ky_source_report *r = &reports[i];
      if (r->raw.source->role != order[k] || !r->has_extent) continue;
      r->is_reference = true;
      if (!box->has_extent) {
        *box = *r;
        continue;
      }
      box->west_deg = fmin(box->west_deg, r->west_deg);
      box->east_deg = fmax(box->east_deg, r->east_deg);
      box->south_deg = fmin(box->south_deg, r->south_deg);
      box->north_deg = fmax(box->north_deg, r->north_deg);
    }
  }
  return box->has_extent;
}

static void compare(ky_job *job, const ky_source_report *box, ky_source_report *report) {
  double width = fmin(box->east_deg, report->east_deg) - fmax(box->west_deg, report->west_deg);
  double height = fmin(box->north_deg, report->north_deg) - fmax(box->south_deg, report->south_deg);
  double area = (box->east_deg - box->west_deg) * (box->north_deg - box->south_deg);
  report->is_apart = width < 0 || height < 0;
  report->overlap = report->is_apart || !(area > 0) ? 0 : fmin(1, width * height / area);
  if (!report->is_apart) return;
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = report->where,
                           .reason = "no_overlap",
                           .action = ky_tr("is it the file of another place, or its crs: wrong? Give the file that "
                                           "covers the municipality")},
               ky_tr("it lies at %.3f to %.3f E, %.3f to %.3f N and does not overlap the municipality at %.3f to %.3f "
                     "E, %.3f to %.3f N"),
               report->west_deg, report->east_deg, report->south_deg, report->north_deg, box->west_deg, box->east_deg,
               box->south_deg, box->north_deg);
}

/* One file given twice: in one role its records count twice, in two roles it may be meant. */
static void compare_files(ky_job *job, const ky_source_report *reports, uint32_t at) {
  const ky_source *source = reports[at].raw.source;
  for (uint32_t i = 0; i < at; i++) {
    const ky_source *other = reports[i].raw.source;
    const bool is_layer_same = (source->layer == NULL) == (other->layer == NULL) &&
                               (source->layer == NULL || strcmp(source->layer, other->layer) == 0);
    if (source->path == NULL || other->path == NULL || strcmp(source->path, other->path) != 0 || !is_layer_same)
      continue;
    const bool is_twice = source->role == other->role;
    ky_issue_add(job,
                 &(ky_issue){.severity = is_twice ? KY_WARNING : KY_INFO,
                             .source = reports[at].where,
                             .reason = "same_file",
                             .action = is_twice ? ky_tr("its records would count twice; delete one of the two")
                                                : ky_tr("nothing, if one file is meant to be both")},
                 ky_tr("it is the same file as %s"), reports[i].where);
    return;
  }
}

ky_err ky_source_reports_finish(ky_job *job, ky_source_report *reports, uint32_t count) {
  ky_source_report box;
  for (uint32_t i = 0; i < count; i++) compare_files(job, reports, i);
  if (find_reference(reports, count, &box))
    for (uint32_t i = 0; i < count; i++)
      if (reports[i].has_extent && !reports[i].is_reference) compare(job, &box, &reports[i]);
  for (uint32_t i = 0; i < count; i++)
    if (reports[i].err != KY_OK) return ky_fail(job, reports[i].err, "%s", reports[i].message);
  return KY_OK;
}
