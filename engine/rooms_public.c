/* The public part: from the layers as tables to OUT/public, and the audit of it. */
#include <inttypes.h>
#include <kayoi/past.h>
#include <string.h>

#include "io/out_folder.h"
#include "rooms.h"

/* Is every source of the role published already? Without sources there is nothing to hide. */
static bool is_open(const ky_config *c, ky_role role) {
  for (uint32_t s = 0; s < c->read.source_count; s++)
    if (c->read.sources[s].role == role && !c->read.sources[s].is_open) return false;
  return true;
}

static ky_public_opts opts_of(const ky_config *c) {
  return (ky_public_opts){
      .is_wanted = c->public_part.is_wanted,
      .layers = c->public_part.layers,
      .layer_count = c->public_part.layer_count,
      .threshold = c->public_part.threshold,
      .homes = c->public_part.are_homes_shown ? KY_HOMES_GENERALISE : KY_HOMES_WITHHOLD,
      .is_open =
          {[KY_FROM_RESIDENTS] = is_open(c, KY_ROLE_RESIDENTS), [KY_FROM_OFFICIAL] = c->public_part.is_official_open},
      .venues_open = is_open(c, KY_ROLE_VENUES),
      .resources_open = is_open(c, KY_ROLE_RESOURCES),
      .with_companions = true};
}

/* People of each gap area in each row of the ledger: areas may lie in several zones. */
static ky_err find_gap_parts(ky_job *job, const ky_result *r, ky_public_in *in) {
  const uint32_t rows = KY_ROW_COUNT(r->zones);
  ky_gap_part *parts;
  uint32_t *part_of, count = 0, capacity = 0;
  KY_NEW(job, scratch, part_of, rows);
  for (uint32_t pass = 0; pass < 2; pass++) {
    if (pass == 1) KY_NEW(job, keep, parts, capacity);
    for (uint32_t g = 0; g < r->gaps->count; g++) {
      for (uint32_t row = 0; row < rows; row++) part_of[row] = KY_NONE;
      for (uint32_t k = r->gaps->first_point[g]; k < r->gaps->first_point[g + 1]; k++) {
        const uint32_t p = r->gaps->point[k], row = r->points->row[p];
        if (part_of[row] == KY_NONE) part_of[row] = pass == 0 ? capacity++ : count++;
        if (pass == 0) continue;
        ky_gap_part *part = &parts[part_of[row]];
        part->gap = g;
        part->row = row;
        for (int m = 0; m < KY_MEASURE_COUNT; m++)
          if (r->points->people[m] != NULL && r->points->people[m][p] != KY_NONE)
            part->people[m] += r->points->people[m][p];
      }
    }
  }
  in->gap_parts = parts;
  in->gap_part_count = count;
  return KY_OK;
}

/* The name that columns give the primary distance. */
static ky_err name_primary(ky_job *job, const ky_walk_opts *walk, ky_public_in *in) {
  const uint32_t mm = walk->primary_mm;
  in->primary_band = mm % 1000 == 0 ? ky_format(&job->keep, "%" PRIu32, mm / 1000)
                                    : ky_format(&job->keep, "%" PRIu32 "_%03" PRIu32, mm / 1000, mm % 1000);
  return in->primary_band != NULL ? KY_OK : ky_fail_memory(job);
}

static ky_err read_layer(ky_job *job, const ky_past *past, const char *audience, const char *layer,
                         const ky_table **out) {
  ky_table *table;
  const char *why;
  KY_NEW(job, keep, table, 1);
  KY_TRY(ky_past_table_look(job, past, audience, layer, NULL, table, &why));
  *out = why == NULL && table->layer != NULL ? table : NULL;
  if (why == NULL && *out == NULL && ky_past_layer_of(past, audience, layer) != NULL)
    why = ky_tr("its layers are in no format that can be read back (outputs.formats: gpkg, geojson or csv)");
  if (why == NULL) return KY_OK;
  return ky_fail(job, KY_E_DISCLOSURE,
                 ky_tr("the last publication cannot be compared with: %s; put %s back as it was, or name another "
                       "folder with --out when it was never given to anybody"),
                 why, past->place);
}

/* The last publication, and the whole figures behind it. */
static ky_err find_before(ky_job *job, const char *place, ky_public_in *in) {
  const ky_past *past;
  const char *why;
  KY_TRY(ky_past_look(job, place, &past, &why));
  if (past == NULL || ky_past_layer_of(past, "public", "zones") == NULL) return KY_OK;
  KY_TRY(read_layer(job, past, "public", "zones", &in->before.zones));
  KY_TRY(read_layer(job, past, "public", "gaps", &in->before.gaps));
  KY_TRY(read_layer(job, past, "public", "mobility", &in->before.mobility));
  KY_TRY(read_layer(job, past, "internal", "zones", &in->before_internal.zones));
  KY_TRY(read_layer(job, past, "internal", "gaps", &in->before_internal.gaps));
  return read_layer(job, past, "internal", "mobility", &in->before_internal.mobility);
}

/* What was given away is known from OUT alone, which this run takes the place of. */
static ky_err tell_forgotten(ky_job *job, const ky_config *c) {
  const ky_past *past;
  const char *why;
  KY_TRY(ky_past_look(job, c->out_dir, &past, &why));
  if (past != NULL && ky_past_layer_of(past, "public", "zones") != NULL)
    ky_job_notice(job,
                  ky_tr("the last result in %s had public layers and this one has none: a later publication will not "
                        "know them, so what it hides may follow from them; run with --public, or write public: "
                        "{write: true} into the configuration"),
                  c->out_dir);
  return KY_OK;
}

static ky_err finish(ky_job *job, const ky_public_layers *made, ky_layers *out) {
  for (uint32_t t = 0; t < made->count; t++) KY_TRY(ky_layers_add(job, &made->tables[t], out));
  return KY_OK;
}

ky_err ky_public_room(ky_job *job, const ky_config *c, const ky_layers *layers, ky_result *result) {
  if (!c->public_part.is_wanted) return tell_forgotten(job, c);
  const ky_public_opts opts = opts_of(c);
  ky_public_in in = {.tables = layers->tables, .table_count = layers->count};
  ky_public_result *out;
  const char *what;
  ky_job_room_start(job, "public");
  KY_NEW(job, keep, out, 1);
  out->opts = opts;
  out->layers.crs = layers->crs;
  KY_TRY(name_primary(job, &c->walk, &in));
  KY_TRY(find_gap_parts(job, result, &in));
  KY_TRY(find_before(job, c->out_dir, &in));
  KY_TRY(ky_public_make(job, &opts, &in, &out->made));
  KY_TRY(ky_public_audit(job, &opts, &in, &out->made, &what));
  if (what != NULL)
    return ky_fail(job, KY_E_DISCLOSURE,
                   ky_tr("the public layers are not written: %s. Nothing is published and the last result stays; take "
                         "a layer out of public.layers, or publish without --public"),
                   what);
  KY_TRY(finish(job, &out->made, &out->layers));
  result->public_part = out;
  ky_job_room_end(job, ky_tr("%u layers; hidden: %u small counts, %u others for their sake"), out->layers.count,
                  out->made.small, out->made.companions + out->made.derived);
  return KY_OK;
}
