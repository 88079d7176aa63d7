/* What decides a network, as text: two runs with the same key have the same network. */
#include <gdal.h>
#include <inttypes.h>
#include <proj.h>
#include <string.h>
#include <xxhash.h>

#include "io/cache_parts.h"

#define OR_EMPTY(text) ((text) != NULL ? (text) : "")

/* Settings of a source that change what is read from it. Its path as it is written: one config has one network from
 * wherever it is started, and the content is compared anyway. */
static const char *source_text(ky_job *job, const char *before, const ky_source *source) {
  const char *text =
      ky_format(&job->scratch, "%s%s\n path %s\n as %s layer %s encoding %s crs %s date %s\n", OR_EMPTY(before),
                source->name, source->shown != NULL ? source->shown : source->path, OR_EMPTY(source->format),
                OR_EMPTY(source->layer), OR_EMPTY(source->encoding), OR_EMPTY(source->crs), OR_EMPTY(source->date));
  for (uint32_t i = 0; i < source->walkable_count && text != NULL; i++)
    text = ky_format(&job->scratch, "%s walkable %s\n", text, source->walkable[i]);
  for (uint32_t i = 0; i < source->column_count && text != NULL; i++)
    text = ky_format(&job->scratch, "%s %s <- %s\n", text, source->columns[i].attribute, source->columns[i].column);
  return text;
}

static const char *content_text(ky_job *job, const char *before, const ky_raw *raws, uint32_t count) {
  const char *text = before;
  for (uint32_t i = 0; i < count && text != NULL; i++)
    text = ky_format(&job->scratch, "%s content %016" PRIx64 " bytes %" PRIu64 "\n", text, raws[i].hash, raws[i].bytes);
  return text;
}

static const char *extent_text(ky_job *job, const char *before, const ky_shapes *extent) {
  const uint64_t x = XXH3_64bits(extent->x, extent->vertex_count * sizeof *extent->x),
                 y = XXH3_64bits(extent->y, extent->vertex_count * sizeof *extent->y);
  return ky_format(&job->scratch, "%sextent %u %u %016" PRIx64 " %016" PRIx64 "\n", before, extent->count,
                   extent->part_count, extent->count != 0 ? x : 0, extent->count != 0 ? y : 0);
}

/* Which roads under which settings: names the file, so a changed road takes the place of the old one. The texts of
 * issues are part of what is kept, so is the language they are in. */
static const char *identity(ky_job *job, const ky_read_opts *opts, const ky_slope_opts *slope,
                            const ky_noding_opts *noding, const ky_walk_opts *walk, const ky_inputs *inputs) {
  const char *text = ky_format(
      &job->scratch, "language %s\nferries %d\nslope %d %.17g\nnoding %.17g %d\nwalk slope %d stairs %u closed %08x\n",
      ky_tr("from the file"), opts->with_ferries, slope->is_used, slope->step_m, noding->tolerance_m,
      noding->with_crossings, walk->with_slope, walk->stairs_milli, walk->closed_bits);
  for (uint32_t i = 0; i < inputs->road_count && text != NULL; i++)
    text = source_text(job, text, inputs->roads[i].source);
  for (uint32_t i = 0; i < inputs->elevation_count && text != NULL; i++)
    text = source_text(job, text, inputs->elevations[i].source);
  return text;
}

static const char *contents(ky_job *job, const char *before, const ky_inputs *inputs) {
  const char *text =
      ky_format(&job->scratch, "%skayoi %s GDAL %s PROJ %s\ncrs %s around %.17g %.17g\n", before, KY_VERSION,
                GDALVersionInfo("RELEASE_NAME"), proj_info().release, inputs->crs, inputs->x_m, inputs->y_m);
  if (text != NULL) text = content_text(job, text, inputs->roads, inputs->road_count);
  if (text != NULL) text = content_text(job, text, inputs->elevations, inputs->elevation_count);
  return text != NULL ? extent_text(job, text, &inputs->ways.extent) : NULL;
}

ky_err ky_cache_find(ky_job *job, const char *dir, const ky_read_opts *opts, const ky_slope_opts *slope,
                     const ky_noding_opts *noding, const ky_walk_opts *walk, const ky_inputs *inputs, ky_cache *out) {
  *out = (ky_cache){0};
  if (dir == NULL) return KY_OK;
  const char *name = identity(job, opts, slope, noding, walk, inputs);
  const char *key = name != NULL ? contents(job, name, inputs) : NULL;
  if (key == NULL) return ky_fail_memory(job);
  out->path = ky_format(&job->keep, "%s/network-%016" PRIx64 ".kayoi", dir, (uint64_t)XXH3_64bits(name, strlen(name)));
  out->key = ky_format(&job->keep, "%s", key);
  return out->path != NULL && out->key != NULL ? KY_OK : ky_fail_memory(job);
}
