/* GeoJSON (RFC 7946): one file per layer, WGS 84, 7 decimals, bbox, exteriors counter-clockwise. Written here and not
 * by GDAL so that every number has exactly the digits of its column and 60,000 records take less than a second. */
#include <kayoi/write.h>

#include "io/degrees.h"
#include "io/out_geojson.h"
#include "io/out_shape.h"

/* Text that stays the same for every record: ,"name": */
static const char **property_names(ky_job *job, const ky_table *table) {
  const char **names = ky_arena_alloc(&job->scratch, table->column_count, sizeof *names);
  for (uint32_t c = 0; names != NULL && c < table->column_count; c++) {
    names[c] = ky_format(&job->scratch, "%s\"%s\":", c == 0 ? "" : ",", table->columns[c].name);
    if (names[c] == NULL) return NULL;
  }
  return names;
}

static void put_value(ky_out_file *out, const ky_column *column, uint32_t record) {
  if (column->type == KY_COLUMN_TEXT && column->of.text[record] != NULL)
    ky_out_json(out, column->of.text[record]);
  else if (column->type == KY_COLUMN_FIXED && column->of.fixed[record] != KY_NULL)
    ky_out_fixed(out, column->of.fixed[record], column->decimals);
  else if (column->type == KY_COLUMN_BOOL && column->of.flag[record] >= 0)
    ky_out_text(out, column->of.flag[record] != 0 ? "true" : "false");
  else
    ky_out_text(out, "null");
}

static void put_features(ky_out_file *out, const ky_table *table, const char *const *names) {
  for (uint32_t i = 0; i < table->count && out->error == 0; i++) {
    ky_out_text(out, i == 0 ? "\n{\"type\":\"Feature\"," : ",\n{\"type\":\"Feature\",");
    if (ky_record_kind(table->shapes_deg, i) != KY_SHAPE_NONE)
      ky_out_bbox(out, ky_shape_box(table->shapes_deg, i), KY_DEGREE_DECIMALS);
    ky_out_geometry(out, table->shapes_deg, i, KY_DEGREE_DECIMALS);
    ky_out_text(out, ",\"properties\":{");
    for (uint32_t c = 0; c < table->column_count; c++) {
      ky_out_text(out, names[c]);
      put_value(out, &table->columns[c], i);
    }
    ky_out_text(out, "}}");
  }
}

static ky_err write_table(ky_job *job, const char *folder, const ky_table *table) {
  ky_out_file out;
  const char *path = ky_format(&job->scratch, "%s/%s.geojson", folder, table->layer);
  const char **names = property_names(job, table);
  if (path == NULL || names == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &out));
  ky_out_text(&out, "{\"type\":\"FeatureCollection\",\"name\":");
  ky_out_json(&out, table->layer);
  ky_out_bytes(&out, ",", 1);
  if (table->shapes_deg != NULL && table->shapes_deg->vertex_count != 0)
    ky_out_bbox(&out, ky_shapes_box(table->shapes_deg), KY_DEGREE_DECIMALS);
  ky_out_text(&out, "\"features\":[");
  put_features(&out, table, names);
  ky_out_text(&out, "\n]}\n");
  return ky_out_close(job, &out);
}

static ky_err write_geojson(ky_job *job, const ky_layers *layers, const ky_write_opts *opts, const char *folder) {
  (void)opts; /* the same for everybody */
  for (uint32_t t = 0; t < layers->count; t++) KY_TRY(write_table(job, folder, &layers->tables[t]));
  return KY_OK;
}

const ky_writer ky_writer_geojson = {
    .name = "geojson", .help = "GeoJSON (RFC 7946, WGS 84): one file per layer", .write = write_geojson};
