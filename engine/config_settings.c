/* Defaults, what follows from other values, and where each value comes from. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "config_reader.h"

static double scale_of(uint8_t decimals) {
  double scale = 1;
  for (uint8_t i = 0; i < decimals; i++) scale *= 10;
  return scale;
}

void ky_config_store_number(const ky_config_field *field, void *base, int64_t value) {
  char *member = (char *)base + field->offset;
  switch (field->store) {
    case KY_STORE_DOUBLE:
      *(double *)(void *)member = (double)value / scale_of(field->decimals);
      break;
    case KY_STORE_INT:
      *(int *)(void *)member = (int)value;
      break;
    case KY_STORE_U32:
      *(uint32_t *)(void *)member = (uint32_t)value;
      break;
    case KY_STORE_U64:
      *(uint64_t *)(void *)member = (uint64_t)value;
      break;
    case KY_STORE_I64:
      *(int64_t *)(void *)member = value;
      break;
    default:
      assert(field->store == KY_STORE_I64);
      break;
  }
}

static int64_t stored_number(const ky_config_field *field, const void *base) {
  const char *member = (const char *)base + field->offset;
  switch (field->store) {
    case KY_STORE_DOUBLE:
      return (int64_t)(*(const double *)(const void *)member * scale_of(field->decimals) + 0.5);
    case KY_STORE_INT:
      return *(const int *)(const void *)member;
    case KY_STORE_U32:
      return *(const uint32_t *)(const void *)member;
    case KY_STORE_U64:
      return (int64_t) * (const uint64_t *)(const void *)member;
    default:
      return *(const int64_t *)(const void *)member;
  }
}

const yaml_mark_t *ky_config_given(const ky_config_reader *reader, const void *member) {
  size_t offset = (size_t)((const char *)member - (const char *)reader->config);
  for (uint32_t g = 0; g < reader->given_count; g++)
    if (reader->given[g].field->offset == offset) return &reader->given[g].mark;
  return NULL;
}

/* The table's own text of a default goes through the reader of numbers, so it is held to the same rules. */
static void set_number(ky_config_reader *reader, const ky_config_field *field) {
  char text[32];
  yaml_node_t node = {.type = YAML_SCALAR_NODE};
  snprintf(text, sizeof text, "%s", field->standard);
  node.data.scalar.value = (yaml_char_t *)text;
  node.data.scalar.length = strlen(text);
  node.data.scalar.style = YAML_PLAIN_SCALAR_STYLE;
  int64_t value = 0;
  ky_yaml_number(&reader->problems, &node, field->key, field->decimals, field->min, field->max, &value);
  ky_config_store_number(field, reader->config, value);
}

/* "[geojson, gpkg, csv, xlsx, qgis]" */
static ky_err set_formats(ky_config_reader *reader, const ky_config_field *field) {
  ky_config *config = reader->config;
  KY_NEW(reader->job, keep, config->formats, 8);
  for (const char *p = field->standard + 1; *p != ']' && *p != '\0' && config->format_count < 8;) {
    size_t length = strcspn(p, ",]");
    const char *format = ky_arena_text(&reader->job->keep, p, length);
    if (format == NULL) return ky_fail_memory(reader->job);
    config->formats[config->format_count++] = format;
    p += length;
    p += strspn(p, ", ");
  }
  return KY_OK;
}

static ky_err set_default(ky_config_reader *reader, const ky_config_field *field) {
  char *member = (char *)reader->config + field->offset;
  if (field->standard == NULL) return KY_OK;
  switch (field->type) {
    case KY_FIELD_NUMBER:
      set_number(reader, field);
      break;
    case KY_FIELD_FLAG:
      *(bool *)member = strcmp(field->standard, "true") == 0;
      break;
    case KY_FIELD_PROFILE:
      *(const char **)(void *)member = field->standard;
      break;
    case KY_FIELD_CHOICE:
      if (field->store == KY_STORE_BOOL)
        *(bool *)member = strncmp(field->choices, field->standard, strlen(field->standard)) == 0;
      else
        *(const char **)(void *)member = field->standard;
      break;
    case KY_FIELD_PATH:
      *(const char **)(void *)member = ky_config_resolve(reader, field->standard);
      break;
    case KY_FIELD_FORMATS:
      return set_formats(reader, field);
    case KY_FIELD_HOURS:
      ky_config_set_hours(reader, field);
      break;
    default:
      break;
  }
  return reader->job->err;
}

/* Of the fields and, where they are sections, of those inside them. */
static ky_err set_defaults(ky_config_reader *reader, const ky_config_field *fields, uint32_t count) {
  for (uint32_t f = 0; f < count; f++) {
    KY_TRY(set_default(reader, &fields[f]));
    if (fields[f].type == KY_FIELD_SECTION || fields[f].type == KY_FIELD_ZONES)
      KY_TRY(set_defaults(reader, fields[f].children, fields[f].child_count));
  }
  return KY_OK;
}

ky_err ky_config_set_defaults(ky_config_reader *reader) {
  KY_TRY(set_defaults(reader, ky_config_fields, ky_config_field_count));
  assert(reader->problems.count == 0);
  return KY_OK;
}

static bool has_role(const ky_config_reader *reader, ky_role role) {
  for (uint32_t s = 0; s < reader->config->read.source_count; s++)
    if (reader->sources[s].role == role) return true;
  return false;
}

/* Rules between keys. */
static void check_together(ky_config_reader *reader) {
  ky_config *config = reader->config;
  if (!has_role(reader, KY_ROLE_ZONES) && !has_role(reader, KY_ROLE_BORDER))
    ky_problem_add(
        &reader->problems, yaml_document_get_root_node(reader->document)->start_mark,
        ky_tr("zones is missing, and so is municipality.border; one of them says where the municipality is"));
  if (ky_config_given_key(reader, "venues") == NULL && ky_config_given_key(reader, "workbook") == NULL)
    ky_problem_add(&reader->problems, yaml_document_get_root_node(reader->document)->start_mark,
                   ky_tr("venues is missing, and so is workbook; write venues: [] when no gathering place is known"));
  const yaml_mark_t *date = ky_config_given(reader, &config->official_date);
  const yaml_mark_t *origin = ky_config_given(reader, &config->official_source);
  bool has_official =
      ky_config_given(reader, &config->zones) != NULL || ky_config_given_key(reader, "workbook") != NULL;
  if ((date != NULL || origin != NULL) && !has_official)
    ky_problem_add(
        &reader->problems, date != NULL ? *date : *origin,
        ky_tr("zones.%s says something about zones.official, which is not given; add it, or delete the line"),
        date != NULL ? "official_date" : "official_source");
  const yaml_mark_t *use = ky_config_given(reader, &config->years.use);
  if (use != NULL && !has_role(reader, KY_ROLE_YEARS))
    ky_problem_add(&reader->problems, *use, "%s",
                   ky_tr("years.use chooses years of years.sources, which is not given; add it, or delete the line"));
  for (uint32_t s = 0; s < config->read.source_count && !has_role(reader, KY_ROLE_STOPS); s++)
    if (reader->sources[s].role == KY_ROLE_BUS_ROUTES) {
      ky_problem_add(
          &reader->problems, yaml_document_get_root_node(reader->document)->start_mark, "%s",
          ky_tr("transit.routes gives trips to transit.stops, which is not there; add it, or delete the routes"));
      break;
    }
  for (uint32_t s = 0; s < config->read.source_count; s++)
    if (reader->sources[s].role == KY_ROLE_OFFICIAL && reader->sources[s].date == NULL)
      reader->sources[s].date = config->official_date;
}

/* Classes of frequency stand one above the other. */
static void check_access(ky_config_reader *reader) {
  const ky_access_opts *access = &reader->config->access;
  const yaml_mark_t *given = ky_config_given(reader, &access->fortnightly_milli);
  if (given == NULL) given = ky_config_given(reader, &access->weekly_milli);
  if (given != NULL && access->fortnightly_milli > access->weekly_milli)
    ky_problem_add(&reader->problems, *given, "%s",
                   ky_tr("access.fortnightly_from is above access.weekly_from; no venue would be fortnightly"));
}

ky_err ky_config_derive(ky_config_reader *reader) {
  ky_config *config = reader->config;
  check_together(reader);
  check_access(reader);
  ky_config_check_priority(reader);
  ky_config_check_profiles(reader);
  ky_config_check_page(reader);
  KY_TRY(ky_config_check_publication(reader));
  ky_config_derive_placement(reader, has_role(reader, KY_ROLE_BUILDINGS));
  if (reader->problems.count > 0) return KY_OK;
  KY_TRY(ky_config_derive_walk(reader));
  KY_TRY(ky_config_derive_targets(reader));
  ky_config_derive_extents(reader);
  config->sites.primary_mm = config->gaps.primary_mm = config->targets.primary_mm = config->walk.primary_mm;
  config->gaps.rate = config->targets.rate;
  config->gaps.attendances_milli = config->mobility.attendances_milli = config->targets.attendances_milli;
  config->site_plan.goal_share = config->targets.goal_share;
  config->site_plan.rate = config->targets.rate;
  config->mobility.sessions_milli = config->gaps.sessions_milli;
  config->mobility.closed_bits = ky_mobility_closed();
  return KY_OK;
}

/* Notices, not issues: results must not depend on the day of the run. */
void ky_config_remark(ky_job *job, const ky_config *config) {
  char text[32];
  time_t now = time(NULL);
  struct tm day;
  if (config->has_added_band)
    ky_job_notice(job, ky_tr("walk.primary_m, %s, is not among walk.bands_m; it was added there"),
                  ky_yaml_number_text(text, config->walk.primary_mm, 3));
  if (config->unused_profile != NULL)
    ky_job_notice(job, ky_tr("walk.profiles.%s is not walked; name it in walk.profile or walk.also"),
                  config->unused_profile);
  if (strcmp(config->targets.basis, KY_STANDARD_TARGET_BASIS) == 0 && gmtime_r(&now, &day) != NULL &&
      day.tm_year + 1900 > KY_STANDARD_TARGET_YEAR)
    ky_job_notice(
        job, ky_tr("the target of 8 %% was the national aim until %d; set targets.rate and targets.basis to your own"),
        KY_STANDARD_TARGET_YEAR);
}

static const char *setting_value(ky_config_reader *reader, const ky_config_field *field) {
  const ky_config *config = reader->config;
  const char *member = (const char *)config + field->offset;
  char text[160] = "";
  switch (field->type) {
    case KY_FIELD_NUMBER:
      ky_yaml_number_text(text, stored_number(field, config), field->decimals);
      break;
    case KY_FIELD_FLAG:
      return *(const bool *)member ? "true" : "false";
    case KY_FIELD_DATE:
    case KY_FIELD_HOURS:
      ky_config_transit_text(field, config, text);
      break;
    case KY_FIELD_RATES:
      ky_config_rates_text(config, text, sizeof text);
      break;
    case KY_FIELD_YEARS:
      ky_config_years_text(config, text, sizeof text);
      break;
    case KY_FIELD_LAYERS:
      ky_config_public_layers_text(config, text, sizeof text);
      break;
    case KY_FIELD_BANDS:
      ky_config_bands_text((const ky_config_bands *)(const void *)member, text, sizeof text);
      break;
    case KY_FIELD_ALSO:
      ky_config_also_text(config, text, sizeof text);
      break;
    case KY_FIELD_CHOICE:
      if (field->store == KY_STORE_TEXT) return *(const char *const *)(const void *)member;
      {
        const char *second = strchr(field->choices, '|') + 1; /* such a choice is one of two */
        snprintf(text, sizeof text, "%.*s",
                 *(const bool *)member ? (int)(second - field->choices - 1) : (int)strlen(second),
                 *(const bool *)member ? field->choices : second);
      }
      break;
    default:
      return *(const char *const *)(const void *)member;
  }
  return ky_arena_text(&reader->job->keep, text, strlen(text));
}

static ky_err add_setting(ky_config_reader *reader, const char *section, const ky_config_field *field) {
  ky_config *config = reader->config;
  if (field->origin == NULL) return KY_OK;
  bool is_given = ky_config_given(reader, (const char *)config + field->offset) != NULL;
  if (field->is_other_way && !is_given) return KY_OK;
  is_given = is_given || ky_config_says_otherwise(reader, field);
  ky_setting setting = {.origin = is_given ? "config" : "default", .value = setting_value(reader, field)};
  setting.key = ky_format(&reader->job->keep, "%s.%s", section, field->key);
  if (setting.key == NULL || setting.value == NULL) return ky_fail_memory(reader->job);
  bool has_reason = strncmp(setting.value, KY_NO_BASIS, sizeof KY_NO_BASIS - 1) != 0;
  if (!is_given && has_reason) setting.source = field->origin;
  config->settings[config->setting_count++] = setting;
  return KY_OK;
}

ky_err ky_config_list_settings(ky_config_reader *reader) {
  KY_NEW(reader->job, keep, reader->config->settings, KY_CONFIG_GIVEN_MAX + KY_PROFILES_MAX * KY_PROFILE_FIELD_COUNT);
  const bool has_transit = has_role(reader, KY_ROLE_FEEDS) || has_role(reader, KY_ROLE_STOPS);
  for (uint32_t s = 0; s < ky_config_field_count; s++) {
    if (ky_config_fields[s].children == ky_transit_fields && !has_transit) continue; /* they define nothing */
    if (ky_config_fields[s].children == ky_years_fields && !has_role(reader, KY_ROLE_YEARS)) continue;
    for (uint32_t f = 0; f < ky_config_fields[s].child_count; f++)
      KY_TRY(add_setting(reader, ky_config_fields[s].key, &ky_config_fields[s].children[f]));
    if (ky_config_fields[s].children == ky_priority_fields) KY_TRY(ky_config_list_priority(reader));
    if (ky_config_fields[s].children == ky_walk_fields) KY_TRY(ky_config_list_profiles(reader));
  }
  return KY_OK;
}
