/* The section `targets`: its fields, the rates of years, and what follows when no reason is given. */
#include <stdio.h>
#include <string.h>

#include "config_reader.h"

#define COUNT(array)    ((uint32_t)(sizeof(array) / sizeof *(array)))
#define AT(member)      offsetof(ky_config, member)
#define ZONE_AT(member) offsetof(ky_config_zone, member)
#define RATE_AT(member) offsetof(ky_year_rate, member)
#define ASSUMPTION      KY_MSG("assumption")
#define HANDBOOK        KY_MSG("handbook")
#define SURVEY          KY_MSG("national survey 2022")
#define METHOD          KY_MSG("method of kayoi")
#define FIRST_YEAR      2010
#define LAST_YEAR       2109

const ky_config_field ky_targets_fields[KY_TARGETS_FIELD_COUNT] = {
    {.key = "rate",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.rate),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .standard = "0.08",
     .origin = HANDBOOK,
     .help = KY_MSG("Target participation rate of people 65 and over, as a share: 0.08 is 8 %.")},
    {.key = "basis",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = AT(targets.basis),
     .origin = HANDBOOK,
     .example = " " KY_STANDARD_TARGET_BASIS,
     .help = KY_MSG("Why this rate. The text stands beside every target.")},
    {.key = "rates",
     .type = KY_FIELD_RATES,
     .offset = AT(targets.year_rate),
     .origin = METHOD,
     .example = "\n  - {year: 2028, rate: 0.08, basis: 第10期計画}\n  - {year: 2040, rate: 0.1, basis: 長期構想}",
     .help = KY_MSG("Rates of later years: a path of targets. Each holds from its year on, until the next one. Without "
                    "them targets.rate holds in every year.")},
    {.key = "weekly_reference",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.weekly_reference),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .standard = "0.1",
     .origin = KY_MSG("observed association with falling certification rates"),
     .help = KY_MSG("Reference line beside the rate of those who take part weekly. It is no target.")},
    {.key = "max_age_months",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(targets.max_age_months),
     .min = 0,
     .max = 1200,
     .standard = "24",
     .origin = ASSUMPTION,
     .help = KY_MSG("Participants counted longer before the newest date of people and venues are flagged "
                    "(participants_stale).")},
    {.key = "attendances",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.attendances_milli),
     .decimals = 3,
     .min = 1,
     .max = 100000,
     .standard = "4",
     .origin = ASSUMPTION,
     .help = KY_MSG("Attendances per participant and month.")},
    {.key = "max_unknown_seats",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.max_unknown_seats),
     .decimals = 6,
     .min = 0,
     .max = KY_WHOLE,
     .standard = "0.2",
     .origin = ASSUMPTION,
     .help =
         KY_MSG("A venue whose capacity or sessions nobody knows has seats for everybody; when a larger share of the "
                "venues in range is such, target_no_seats is left empty.")},
    {.key = "min_report_share",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.min_report_share),
     .decimals = 6,
     .min = 0,
     .max = KY_WHOLE,
     .standard = "0.8",
     .origin = ASSUMPTION,
     .help = KY_MSG("When a smaller share of venues reports participants, their sum is shown as \"at least\".")},
    {.key = "coverage_goal",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.goal_share),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .standard = "0.8",
     .origin = ASSUMPTION,
     .help = KY_MSG("Share of people 65 and over within reach that places_by_reach aims at.")},
    {.key = "typical_participants",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = AT(targets.typical_milli),
     .decimals = 3,
     .min = 1,
     .max = 1000000,
     .standard = "15.3",
     .origin = SURVEY,
     .help = KY_MSG("Participants of a typical venue, used where too few venues report.")},
    {.key = "min_reports",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_U32,
     .offset = AT(targets.min_reports),
     .min = 1,
     .max = 1000,
     .standard = "3",
     .origin = METHOD,
     .help = KY_MSG("A median of reported participants needs at least this many venues.")},
    {.key = "zones",
     .type = KY_FIELD_ZONE_TARGETS,
     .example =
         "\n  - {zone: A, rate: 0.1, basis: 地区の計画, participants: 120, participants_m: 20, participants_f: 100}"
         "\n  - {zone: A, rate: 0.12, basis: 地区の計画, year: 2040}",
     .help = KY_MSG("Zones with a target of their own, now or from a year on, or with a known number of distinct "
                    "participants (participants, participants_m, participants_f, participants_weekly, date).")},
};

#define PARTICIPANTS(name, member) \
  { .key = name, .type = KY_FIELD_NUMBER, .store = KY_STORE_I64, .offset = ZONE_AT(member), .min = 0, .max = 100000000 }

const ky_config_field ky_zone_target_fields[] = {
    {.key = "zone", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(zone_id), .is_required = true},
    {.key = "rate",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = ZONE_AT(rate),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE},
    {.key = "year",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = ZONE_AT(year),
     .min = FIRST_YEAR,
     .max = LAST_YEAR},
    {.key = "basis", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(basis)},
    PARTICIPANTS("participants", participants),
    PARTICIPANTS("participants_m", participants_m),
    PARTICIPANTS("participants_f", participants_f),
    PARTICIPANTS("participants_weekly", participants_weekly),
    {.key = "date", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = ZONE_AT(participants_date)},
};
const uint32_t ky_zone_target_field_count = COUNT(ky_zone_target_fields);

static const ky_config_field rate_fields[] = {
    {.key = "year",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_INT,
     .offset = RATE_AT(year),
     .min = FIRST_YEAR,
     .max = LAST_YEAR,
     .is_required = true,
     .help = KY_MSG("The year from which the rate holds.")},
    {.key = "rate",
     .type = KY_FIELD_NUMBER,
     .store = KY_STORE_I64,
     .offset = RATE_AT(rate),
     .decimals = 6,
     .min = 1,
     .max = KY_WHOLE,
     .is_required = true,
     .help = KY_MSG("Target participation rate of people 65 and over, as a share: 0.08 is 8 %.")},
    {.key = "basis", .type = KY_FIELD_TEXT, .store = KY_STORE_TEXT, .offset = RATE_AT(basis)},
};

void ky_config_read_rates(ky_config_reader *reader, const char *name, const yaml_node_t *node) {
  ky_targets_opts *targets = &reader->config->targets;
  const size_t count =
      node->type == YAML_SEQUENCE_NODE ? (size_t)(node->data.sequence.items.top - node->data.sequence.items.start) : 0;
  if (count == 0 || count > LAST_YEAR - FIRST_YEAR + 1) {
    ky_problem_add(&reader->problems, node->start_mark, ky_tr("%s: a list is needed here, e.g. %s"), name,
                   "[{year: 2028, rate: 0.08, basis: 第10期計画}]");
    return;
  }
  ky_year_rate *rates = ky_arena_alloc(&reader->job->keep, count, sizeof *rates);
  if (rates == NULL) {
    ky_fail_memory(reader->job);
    return;
  }
  for (size_t i = 0; i < count && !ky_problems_full(&reader->problems); i++) {
    const yaml_node_t *item = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
    const char *item_name = ky_config_item_name(reader, name, i);
    const ky_config_scope scope = {rate_fields, COUNT(rate_fields), &rates[i]};
    rates[i].zone = KY_NONE;
    ky_config_read_mapping(reader, item_name, item, &scope, 1);
    if (i > 0 && rates[i].year != 0 && rates[i].year <= rates[i - 1].year)
      ky_problem_add(&reader->problems, item->start_mark,
                     ky_tr("%s: its year is not later than the one before; write them in increasing order"), item_name);
  }
  targets->year_rate = reader->year_rates = rates;
  targets->year_rate_count = (uint32_t)count;
}

void ky_config_rates_text(const ky_config *config, char *text, size_t size) {
  const ky_targets_opts *targets = &config->targets;
  size_t used = 0;
  if (targets->year_rate_count == 0) snprintf(text, size, "none");
  for (uint32_t i = 0; i < targets->year_rate_count && used + 24 < size; i++) {
    char rate[32];
    used += (size_t)snprintf(text + used, size - used, "%s%d: %s", i > 0 ? ", " : "", targets->year_rate[i].year,
                             ky_yaml_number_text(rate, targets->year_rate[i].rate, 6));
  }
}

void ky_config_check_zone_target(ky_config_reader *reader, const char *name, const yaml_node_t *item,
                                 const ky_config_zone *zone) {
  const int64_t m = zone->participants_m, f = zone->participants_f;
  const bool has_parts = m != KY_NULL || f != KY_NULL || zone->participants_weekly != KY_NULL;
  if (zone->year != 0 && zone->rate == KY_NULL)
    ky_problem_add(&reader->problems, item->start_mark, ky_tr("%s: a year needs the rate that holds from it on"), name);
  if (zone->year != 0 && (zone->participants != KY_NULL || has_parts || zone->participants_date != NULL))
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: participants are those of now; write them in an item without year"), name);
  if (has_parts && zone->participants == KY_NULL)
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: men, women and weekly participants need participants beside them"), name);
  else if (has_parts && ((m == KY_NULL ? 0 : m) + (f == KY_NULL ? 0 : f) > zone->participants ||
                         (m != KY_NULL && f != KY_NULL && m + f != zone->participants)))
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: participants is not participants_m + participants_f; check the three"), name);
  else if (has_parts && zone->participants_weekly != KY_NULL && zone->participants_weekly > zone->participants)
    ky_problem_add(&reader->problems, item->start_mark,
                   ky_tr("%s: participants_weekly is larger than participants; they are some of them"), name);
}

static ky_err rate_without_basis(ky_config_reader *reader, int64_t rate, const char **basis) {
  char text[32];
  *basis = ky_format(&reader->job->keep, KY_NO_BASIS "（設定で %s %% を指定）", ky_yaml_number_text(text, rate, 4));
  return *basis != NULL ? KY_OK : ky_fail_memory(reader->job);
}

ky_err ky_config_derive_targets(ky_config_reader *reader) {
  ky_config *config = reader->config;
  ky_targets_opts *targets = &config->targets;
  if (targets->basis == NULL) {
    targets->basis = KY_STANDARD_TARGET_BASIS;
    if (targets->rate != 80000) KY_TRY(rate_without_basis(reader, targets->rate, &targets->basis));
  }
  for (uint32_t i = 0; i < targets->year_rate_count; i++)
    if (reader->year_rates[i].basis == NULL)
      KY_TRY(rate_without_basis(reader, reader->year_rates[i].rate, &reader->year_rates[i].basis));
  for (uint32_t z = 0; z < config->zone_count; z++)
    if (config->zones[z].rate != KY_NULL && config->zones[z].basis == NULL)
      KY_TRY(rate_without_basis(reader, config->zones[z].rate, &config->zones[z].basis));
  return KY_OK;
}

/* Participants of the municipality itself are what every source is taken to hold. */
void ky_config_derive_extents(ky_config_reader *reader) {
  const ky_config *config = reader->config;
  for (uint32_t s = 0; s < config->read.source_count; s++) {
    const char **extent = &reader->sources[s].participants_extent;
    if (*extent == NULL) continue;
    if ((config->name != NULL && strcmp(*extent, config->name) == 0) ||
        (config->code != NULL && strcmp(*extent, config->code) == 0))
      *extent = NULL;
  }
}
