/* Raw records: looking up attributes, and how many bad ones a run may have. */
#include <kayoi/read.h>
#include <string.h>

const char *ky_source_where(ky_job *job, const ky_source *source) {
  const char *name = source->name != NULL ? source->name : "?";
  if (source->shown == NULL) return name;
  const char *label = ky_format(&job->keep, "%s %s", name, source->shown);
  return label != NULL ? label : name;
}

const ky_raw_column *ky_raw_column_of(const ky_raw *raw, const char *attribute) {
  for (uint32_t c = 0; c < raw->column_count; c++)
    if (raw->columns[c].attribute[0] == attribute[0] && strcmp(raw->columns[c].attribute, attribute) == 0)
      return &raw->columns[c];
  return NULL;
}

const char *ky_raw_value(const ky_raw *raw, const char *attribute, uint32_t record) {
  const ky_raw_column *column = ky_raw_column_of(raw, attribute);
  return column != NULL ? column->value[record] : NULL;
}

const char *ky_street_class_name(ky_street_class street_class) {
  static const char *const name[KY_STREET_CLASS_COUNT] = {
#define KY_X(id, text) text,
      KY_STREET_CLASSES(KY_X)
#undef KY_X
  };
  return name[street_class];
}

static ky_err check_bad(ky_job *job, const ky_raw *raws, uint32_t count, uint32_t max_bad_share) {
  for (uint32_t r = 0; r < count; r++) {
    if ((uint64_t)raws[r].bad_count * KY_WHOLE <= (uint64_t)raws[r].read_count * max_bad_share) continue;
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("%s: %u of %u records are bad, more than checks.max_bad_share allows (%.1f %%); run `kayoi "
                         "check` to see them, mend the file or raise the share"),
                   ky_source_where(job, raws[r].source), raws[r].bad_count, raws[r].read_count,
                   (double)max_bad_share / (KY_WHOLE / 100.0));
  }
  return KY_OK;
}

ky_err ky_inputs_check_bad(ky_job *job, const ky_inputs *inputs, uint32_t max_bad_share) {
  KY_TRY(check_bad(job, inputs->residents, inputs->resident_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->venues, inputs->venue_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->zones, inputs->zone_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->borders, inputs->border_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->sites, inputs->site_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->officials, inputs->official_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->facts, inputs->fact_source_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->feeds, inputs->feed_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->buildings, inputs->building_source_count, max_bad_share));
  KY_TRY(check_bad(job, inputs->stops, inputs->stop_source_count, max_bad_share));
  return check_bad(job, inputs->roads, inputs->road_count, max_bad_share);
}
