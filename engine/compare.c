/* kayoi compare: the same definitions everywhere, or nothing; then the table, the spreadsheet and the page. */
#include "compare.h"

#include <kayoi/batch.h>
#include <kayoi/kayoi.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/municipalities_json.h"
#include "io/municipalities_page.h"
#include "io/municipalities_past.h"

/* Sections whose settings change no number that is compared. */
static const char *const other_sections[] = {"names.",  "sites.",  "outputs.", "strengths.", "history.",   "gate.",
                                             "public.", "checks.", "years.",   "priority.",  "geocoding.", "database."};

#define DIFFERENCES_SHOWN 8

static bool is_definition(const char *key) {
  for (size_t s = 0; s < sizeof other_sections / sizeof *other_sections; s++)
    if (strncmp(key, other_sections[s], strlen(other_sections[s])) == 0) return false;
  return true;
}

static const char *shown_value(const ky_past_setting *setting) {
  return setting == NULL ? ky_tr("(not set)") : setting->value != NULL ? setting->value : "null";
}

/* Appends "key: value (name), value (name)" of a setting that differs. */
static ky_err note_difference(ky_job *job, const ky_past *one, const ky_past *other, const char *key, uint32_t *count,
                              const char **text) {
  const ky_past_setting *a = ky_past_setting_of(one, key), *b = ky_past_setting_of(other, key);
  if (!is_definition(key) || strcmp(shown_value(a), shown_value(b)) == 0) return KY_OK;
  if (++*count > DIFFERENCES_SHOWN) return KY_OK;
  *text = ky_format(&job->scratch, "%s\n  %s: %s (%s), %s (%s)", *text, key, shown_value(a),
                    one->name != NULL ? one->name : one->place, shown_value(b),
                    other->name != NULL ? other->name : other->place);
  return *text == NULL ? ky_fail_memory(job) : KY_OK;
}

static ky_err refuse_different(ky_job *job, const ky_past *one, const ky_past *other) {
  const char *text = "";
  uint32_t count = 0;
  if (strcmp(one->version, other->version) != 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s was made by kayoi %s and %s by kayoi %s, which may count differently; run both with the "
                         "same version"),
                   one->place, one->version, other->place, other->version);
  for (uint32_t s = 0; s < one->setting_count; s++)
    KY_TRY(note_difference(job, one, other, one->settings[s].key, &count, &text));
  for (uint32_t s = 0; s < other->setting_count; s++)
    if (ky_past_setting_of(one, other->settings[s].key) == NULL)
      KY_TRY(note_difference(job, one, other, other->settings[s].key, &count, &text));
  if (count == 0) return KY_OK;
  return ky_fail(
      job, KY_E_INPUT,
      ky_tr("%s and %s have %u different definitions, so their numbers cannot be set side by side; give both "
            "the same ones and run again:%s"),
      one->place, other->place, count, text);
}

/* By code, then by name, then in the order given. */
typedef struct found {
  const ky_past *past;
  uint32_t given;
} found;

static int by_code(const void *a, const void *b) {
  const found *x = a, *y = b;
  const int code = strcmp(x->past->code != NULL ? x->past->code : "", y->past->code != NULL ? y->past->code : "");
  if (code != 0) return code;
  const int name = strcmp(x->past->name != NULL ? x->past->name : "", y->past->name != NULL ? y->past->name : "");
  return name != 0 ? name : (x->given > y->given) - (x->given < y->given);
}

static ky_err refuse_twice(ky_job *job, const found *runs, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    const ky_past *one = runs[i - 1].past, *other = runs[i].past;
    if (one->code == NULL || other->code == NULL || strcmp(one->code, other->code) != 0) continue;
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s and %s are both runs of the municipality %s; name one of them (kayoi diff compares two runs "
              "of one municipality)"),
        one->place, other->place, one->code);
  }
  return KY_OK;
}

/* The results of a batch, of those that have one. */
static ky_err batch_places(ky_job *job, const char *folder, const char ***places, uint32_t *count) {
  ky_batch batch;
  KY_TRY(ky_batch_open(job, folder, &batch));
  KY_NEW(job, keep, *places, batch.task_count);
  *count = 0;
  for (uint32_t t = 0; t < batch.task_count; t++) {
    const char *place = ky_format(&job->keep, "%s/%s/out", folder, batch.tasks[t].code);
    if (place == NULL) return ky_fail_memory(job);
    if (access(place, F_OK) == 0)
      (*places)[(*count)++] = place;
    else
      ky_job_notice(job, ky_tr("%s %s has no result in %s; it is left out"), batch.tasks[t].code, batch.tasks[t].name,
                    folder);
  }
  return KY_OK;
}

static bool is_batch(ky_job *job, const char *folder) {
  const char *path = ky_format(&job->scratch, "%s/batch.json", folder);
  return path != NULL && access(path, F_OK) == 0;
}

/* The folders of runs, in place of batches those of their municipalities. */
static ky_err list_places(ky_job *job, const ky_compare_opts *opts, const char ***places, uint32_t *count) {
  const char ***of;
  uint32_t *counts;
  KY_NEW(job, scratch, of, opts->place_count);
  KY_NEW(job, scratch, counts, opts->place_count);
  *count = 0;
  for (uint32_t p = 0; p < opts->place_count; p++) {
    of[p] = (const char **)(uintptr_t)&opts->places[p];
    counts[p] = 1;
    if (is_batch(job, opts->places[p])) KY_TRY(batch_places(job, opts->places[p], &of[p], &counts[p]));
    *count += counts[p];
  }
  KY_NEW(job, keep, *places, *count);
  *count = 0;
  for (uint32_t p = 0; p < opts->place_count; p++)
    for (uint32_t i = 0; i < counts[p]; i++) (*places)[(*count)++] = of[p][i];
  return KY_OK;
}

static ky_err open_runs(ky_job *job, const ky_compare_opts *opts, found **runs, uint32_t *count) {
  const char **places;
  KY_TRY(list_places(job, opts, &places, count));
  if (*count < 2)
    return ky_fail(job, KY_E_USAGE, "%s", ky_tr("kayoi compare: the folders of two runs or more are needed"));
  KY_NEW(job, keep, *runs, *count);
  for (uint32_t i = 0; i < *count; i++) {
    (*runs)[i].given = i;
    KY_TRY(ky_past_open(job, places[i], &(*runs)[i].past));
  }
  qsort(*runs, *count, sizeof **runs, by_code);
  KY_TRY(refuse_twice(job, *runs, *count));
  for (uint32_t i = 1; i < *count; i++) KY_TRY(refuse_different(job, (*runs)[0].past, (*runs)[i].past));
  return KY_OK;
}

/* What was compared: the folders, in the order of the table. */
static ky_err write_record(ky_job *job, const ky_compare_opts *opts, const found *runs, uint32_t count,
                           const ky_folder *folder) {
  const ky_past **pasts;
  KY_NEW(job, scratch, pasts, count);
  for (uint32_t i = 0; i < count; i++) pasts[i] = runs[i].past;
  return ky_municipalities_json(job, pasts, count, opts->floor, folder);
}

static ky_err write_results(ky_job *job, const ky_compare_opts *opts, const found *runs,
                            const ky_municipalities *towns) {
  static const char *formats[] = {"csv", "xlsx"};
  const ky_write_opts write = {.dir = opts->out, .formats = formats, .format_count = 2};
  ky_folder *folder;
  ky_table table;
  ky_layers *layers;
  KY_NEW(job, keep, layers, 1);
  KY_TRY(ky_municipalities_table(job, towns, &table));
  KY_TRY(ky_layers_add(job, &table, layers));
  KY_TRY(ky_write_open(job, &write, &folder));
  ky_err err = ky_write_layers(job, layers, &write, ky_write_folder(folder));
  if (err == KY_OK)
    err = ky_municipalities_page(job, towns, runs[0].past, opts->floor, opts->lang, ky_write_folder(folder));
  if (err == KY_OK) err = write_record(job, opts, runs, towns->count, folder);
  if (err == KY_OK) err = ky_write_commit(job, folder);
  ky_write_close(job, err, folder);
  return err;
}

ky_err ky_compare_runs(ky_job *job, const ky_compare_opts *opts, ky_municipalities *out) {
  found *runs;
  uint32_t count = 0;
  ky_job_room_start(job, "compare");
  KY_TRY(open_runs(job, opts, &runs, &count));
  KY_TRY(ky_municipalities_new(job, count, out));
  for (uint32_t i = 0; i < count; i++) {
    KY_TRY(ky_municipality_read(job, runs[i].past, i, out));
    ky_job_progress(job, i + 1, count);
  }
  KY_TRY(ky_municipalities_rank(job, opts->floor, out));
  KY_TRY(write_results(job, opts, runs, out));
  ky_job_room_end(job, "%s", opts->out);
  return KY_OK;
}
