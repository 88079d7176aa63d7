/* Layers of both sides, in one plane, for the comparison. */
#include <kayoi/changes.h>
#include <kayoi/layers.h>
#include <stdlib.h>
#include <string.h>

static const char *const compared[] = {"venues", "gaps", "zones", "sites"};
#define COMPARED (sizeof compared / sizeof *compared)

static const ky_table **side_of(ky_change_side *side, size_t layer) {
  const ky_table **const of[] = {&side->venues, &side->gaps, &side->zones, &side->sites};
  return of[layer];
}

static void note_missing(ky_run_changes *out, const char *layer) {
  for (uint32_t i = 0; i < out->missing_count; i++)
    if (strcmp(out->missing[i], layer) == 0) return;
  out->missing[out->missing_count++] = layer;
}

/* Every layer of a past run in the plane of the later one. *why: one that is there and cannot be read. */
static ky_err read_side(ky_job *job, const ky_past *past, const char *crs, ky_change_side *side, ky_run_changes *out,
                        const char **why) {
  *why = NULL;
  for (size_t l = 0; l < COMPARED && *why == NULL; l++) {
    ky_table *table;
    KY_NEW(job, keep, table, 1);
    KY_TRY(ky_past_table_look(job, past, "internal", compared[l], crs, table, why));
    if (table->layer != NULL)
      *side_of(side, l) = table;
    else if (*why == NULL)
      note_missing(out, compared[l]);
  }
  return KY_OK;
}

static bool is_other_place(const ky_past *a, const ky_past *b) {
  const char *one = a->code != NULL && b->code != NULL ? a->code : a->name;
  const char *two = a->code != NULL && b->code != NULL ? b->code : b->name;
  return one != NULL && two != NULL && strcmp(one, two) != 0;
}

/* The wider walking range of the two; 0 where neither says. */
static int64_t range_mm(const ky_past *a, const ky_past *b) {
  const ky_past *const runs[2] = {a, b};
  double widest = 0;
  for (int r = 0; r < 2; r++) {
    const ky_past_setting *setting = ky_past_setting_of(runs[r], "walk.primary_m");
    const double metres = setting != NULL && setting->value != NULL ? strtod(setting->value, NULL) : 0;
    if (metres > widest && metres < 1e6) widest = metres;
  }
  return (int64_t)(widest * 1000);
}

static ky_err compare(ky_job *job, ky_changes_in *in, ky_run_changes *out) {
  in->primary_mm = range_mm(out->before, out->after);
  KY_TRY(ky_change_causes_find(job, out->before, out->after, &in->causes));
  return ky_changes_build(job, in, &out->changes);
}

static const char *other_place(ky_job *job, const ky_past *a, const ky_past *b) {
  return ky_format(&job->keep,
                   ky_tr("the runs are of two municipalities, %s (%s) and %s (%s): they cannot be compared"),
                   a->name != NULL ? a->name : "-", a->code != NULL ? a->code : "-", b->name != NULL ? b->name : "-",
                   b->code != NULL ? b->code : "-");
}

ky_err ky_changes_of_runs(ky_job *job, const ky_past *before, const ky_past *after, ky_run_changes *out) {
  ky_changes_in in = {.primary_mm = 0};
  const char *why;
  *out = (ky_run_changes){.before = before, .after = after};
  if (is_other_place(before, after)) return ky_fail(job, KY_E_INPUT, "%s", other_place(job, before, after));
  KY_TRY(read_side(job, before, after->crs, &in.before, out, &why));
  if (why == NULL) KY_TRY(read_side(job, after, after->crs, &in.after, out, &why));
  if (why != NULL) return ky_fail(job, KY_E_INPUT, "%s", why);
  if (out->missing_count == COMPARED)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s and %s: no layer of both can be read back (venues, gaps, zones, sites); name gpkg, geojson "
              "or csv under outputs.formats and run again"),
        before->place, after->place);
  return compare(job, &in, out);
}

ky_err ky_changes_of_layers(ky_job *job, const ky_past *before, const ky_past *after, const ky_layers *layers,
                            ky_run_changes *out) {
  ky_changes_in in = {.primary_mm = 0};
  *out = (ky_run_changes){.before = before, .after = after};
  if (before == NULL) return KY_OK;
  if (is_other_place(before, after)) out->why_not = other_place(job, before, after);
  if (out->why_not == NULL) KY_TRY(read_side(job, before, after->crs, &in.before, out, &out->why_not));
  if (out->why_not != NULL) return KY_OK;
  for (size_t l = 0; l < COMPARED; l++) *side_of(&in.after, l) = ky_layers_find(layers, compared[l]);
  return compare(job, &in, out);
}
