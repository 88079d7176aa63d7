/* Who may see what: the one table. Attributes that it does not name are internal. */
#include <kayoi/public.h>
#include <string.h>

#define PLAIN(layer, name) \
  { layer, name, KY_ATTRIBUTE_PLAIN, KY_FROM_RESIDENTS, NULL }
#define PEOPLE(layer, name) \
  { layer, name, KY_ATTRIBUTE_COUNT, KY_FROM_RESIDENTS, NULL }
#define REGISTER(layer, name) \
  { layer, name, KY_ATTRIBUTE_COUNT, KY_FROM_OFFICIAL, NULL }
#define OPEN(layer, name) \
  { layer, name, KY_ATTRIBUTE_OPEN, KY_FROM_RESIDENTS, NULL }
#define DERIVED(layer, name, bases) \
  { layer, name, KY_ATTRIBUTE_DERIVED, KY_FROM_RESIDENTS, bases }
#define INTERNAL(layer, name) \
  { layer, name, KY_ATTRIBUTE_INTERNAL, KY_FROM_RESIDENTS, NULL }

/* The first row that fits decides. People of zones by status, band and sex come from the residents' data; participants,
 * targets (which tell the register's people) and who would lose what stay inside. */
static const ky_audience_row table[] = {
    PLAIN("venues", "venue_id"),
    PLAIN("venues", "name"),
    PLAIN("venues", "name_kana"),
    PLAIN("venues", "activity"),
    {"venues", "operator", KY_ATTRIBUTE_OPERATOR, KY_FROM_RESIDENTS, NULL},
    PLAIN("venues", "corporation_number"),
    PLAIN("venues", "weekday"),
    PLAIN("venues", "hours"),
    PLAIN("venues", "closed_days"),
    PLAIN("venues", "audience"),
    PLAIN("venues", "catchment"),
    PLAIN("venues", "fee"),
    PLAIN("venues", "transport"),
    PLAIN("venues", "meals"),
    PLAIN("venues", "own_food"),
    PLAIN("venues", "comprehensive"),
    PLAIN("venues", "kind"),
    {"venues", "postal_code", KY_ATTRIBUTE_CONTACT, KY_FROM_RESIDENTS, NULL},
    {"venues", "address", KY_ATTRIBUTE_CONTACT, KY_FROM_RESIDENTS, NULL},
    {"venues", "contact", KY_ATTRIBUTE_CONTACT, KY_FROM_RESIDENTS, NULL},
    PLAIN("venues", "sessions_per_month"),
    PLAIN("venues", "capacity"),
    PLAIN("venues", "counts"),
    PLAIN("venues", "zone_id"),
    PLAIN("venues", "coord_source"),

    PLAIN("resources", "resource_id"),
    PLAIN("resources", "kind"),
    PLAIN("resources", "name"),
    OPEN("resources", "address"), /* of resources: when their lists are open */
    OPEN("resources", "phone"),
    PLAIN("resources", "legal_type"),
    PLAIN("resources", "zone_id"),
    PLAIN("resources", "date"),

    PLAIN("service_areas", "venue_id"),
    PLAIN("service_areas", "band_m"),
    OPEN("service_areas", "people_65"), /* areas overlap: no rule hides their counts safely */

    PLAIN("zones", "zone_id"),
    PLAIN("zones", "name"),
    PLAIN("zones", "level"),
    DERIVED("zones", "covered_share_65", "covered_65|pop_65"),
    DERIVED("zones", "aging_rate", "pop_65|pop_total"),
    DERIVED("zones", "share_75", "pop_75|pop_total"),
    PEOPLE("zones", "no_venue_no_shop_65"),
    PEOPLE("zones", "covered_no_shop_65"),
    PEOPLE("zones", "straight_65_*"),
    PEOPLE("zones", "pop_*"),
    PEOPLE("zones", "covered_*"),
    PEOPLE("zones", "beyond_*"),
    PEOPLE("zones", "unreachable_*"),
    PEOPLE("zones", "unknown_*"),
    PEOPLE("zones", "in_gap_*"),
    PEOPLE("zones", "not_in_gap_*"),
    PLAIN("zones", "official_date"),
    PLAIN("zones", "official_source"),
    DERIVED("zones", "official_grid_ratio_*", "official_*|pop_*"),
    REGISTER("zones", "official_*"),
    PLAIN("zones", "partial"),
    PLAIN("zones", "grid_share"),
    PLAIN("zones", "road_share"),
    PLAIN("zones", "target_rate"),
    PLAIN("zones", "target_basis"),
    PLAIN("zones", "venues_count"),
    PLAIN("zones", "venues_counting"),
    PLAIN("zones", "gaps_count"),
    PLAIN("zones", "centres_count"),
    PLAIN("zones", "halls_count"),
    PLAIN("zones", "shops_count"),
    PLAIN("zones", "clinics_count"),
    PLAIN("zones", "people_date"),
    PLAIN("zones", "venues_date"),

    PLAIN("gaps", "gap_id"),
    PLAIN("gaps", "gap_name"),
    PLAIN("gaps", "zone_id"),
    PEOPLE("gaps", "people_*"),
    PLAIN("gaps", "area_m2"),
    PLAIN("gaps", "is_small"),
    DERIVED("gaps", "density_65_km2", "people_65"),
    DERIVED("gaps", "settlement", "people_65"),
    PLAIN("gaps", "terrain"),
    DERIVED("gaps", "walk_m_min", "people_65"),
    DERIVED("gaps", "walk_m_median", "people_65"),
    DERIVED("gaps", "walk_m_max", "people_65"),
    DERIVED("gaps", "walk_m_shop", "people_65"),
    DERIVED("gaps", "walk_m_clinic", "people_65"),
    PLAIN("gaps", "transit"),
    PLAIN("gaps", "stop_id"),
    PLAIN("gaps", "stop_name"),
    DERIVED("gaps", "cause", "people_65"),
    PEOPLE("gaps", "cause_65_*"),
    PLAIN("gaps", "class"),
    PLAIN("gaps", "site_id"),
    PLAIN("gaps", "site_name"),
    DERIVED("gaps", "riders_per_session", "people_65"),
    DERIVED("gaps", "target_participants", "people_65"),
    OPEN("gaps", "rank"), /* the order tells a hidden count from its neighbours */

    PLAIN("mobility", "gap_id"),
    PLAIN("mobility", "gap_name"),
    PLAIN("mobility", "class"),
    PLAIN("mobility", "zone_id"),
    OPEN("mobility", "rank"),
    PEOPLE("mobility", "people_*"),
    DERIVED("mobility", "riders_per_session", "people_65"),
    DERIVED("mobility", "riders_per_session_75", "people_75"),
    PLAIN("mobility", "transit"),
    PLAIN("mobility", "stop_id"),
    PLAIN("mobility", "stop_name"),
    PLAIN("mobility", "shop_name"),
    PLAIN("mobility", "clinic_name"),
    PLAIN("mobility", "providers_count"),
    PLAIN("mobility", "needs_provider"),
    PLAIN("mobility", "status"),

    PLAIN("sites", "site_id"),
    PLAIN("sites", "site_name"),
    PLAIN("sites", "kind"),
    PLAIN("sites", "order"),
    PLAIN("sites", "zone_id"),
    OPEN("sites", "gain_65"),
    OPEN("sites", "gain_so_far_65"),
    OPEN("sites", "covered_after_65"),
    OPEN("sites", "covered_after_share"),
    OPEN("sites", "alone_65_*"),
    PLAIN("sites", "robust"),

    PLAIN("streets", "street_id"),
    PLAIN("streets", "length_m"),
    PLAIN("streets", "walk_m_from"),
    PLAIN("streets", "walk_m_to"),
    PLAIN("streets", "band"),
    PLAIN("streets", "class"),
    PLAIN("streets", "bridge"),

    PLAIN("cells", "cell_id"),
    PLAIN("cells", "zone_id"),
    PLAIN("cells", "place"),
    PLAIN("cells", "place_name"),
    OPEN("cells", "pop_*"),
    OPEN("cells", "covered_*"),
    OPEN("cells", "walk_m_median"),
    OPEN("cells", "walk_m_mean"),
    OPEN("cells", "walk_min_median"),
    OPEN("cells", "straight_m"),
    OPEN("cells", "walk_m_shop"),
    OPEN("cells", "walk_m_clinic"),
    OPEN("cells", "walk_m_stop"),
    OPEN("cells", "transit"),
    OPEN("cells", "reach"),
    OPEN("cells", "placement"),
    OPEN("cells", "age_source"),

    PLAIN("stops", "stop_id"),
    PLAIN("stops", "name"),
    PLAIN("stops", "kind"),
    PLAIN("stops", "routes"),
    PLAIN("stops", "operator"),
    PLAIN("stops", "zone_id"),
    PLAIN("stops", "trips_weekday"),
    PLAIN("stops", "trips_venue_hours"),
    PLAIN("stops", "trips_date"),

    PLAIN("inventory", "zone_id"),
    PLAIN("inventory", "name"),
    PLAIN("inventory", "level"),
    PLAIN("inventory", "kind"),
    PLAIN("inventory", "kind_name"),
    PLAIN("inventory", "count"),
    PLAIN("inventory", "date"),

    PLAIN("issues", "severity"),
    PLAIN("issues", "reason"),
};
#define ROWS (sizeof table / sizeof *table)

static const struct {
  const char *layer;
  ky_layer_audience audience;
  bool needs_open;
} layers[] = {
    {"venues", KY_LAYER_PUBLIC, false},      {"resources", KY_LAYER_PUBLIC, false},
    {"zones", KY_LAYER_PUBLIC, false},       {"service_areas", KY_LAYER_PUBLIC, false},
    {"gaps", KY_LAYER_SWITCHED, false},      {"mobility", KY_LAYER_SWITCHED, false},
    {"sites", KY_LAYER_SWITCHED, false},     {"streets", KY_LAYER_SWITCHED, false},
    {"cells", KY_LAYER_SWITCHED, true},      {"stops", KY_LAYER_SWITCHED, false},
    {"inventory", KY_LAYER_SWITCHED, false}, {"issues", KY_LAYER_SWITCHED, false},
};
#define LAYERS (sizeof layers / sizeof *layers)

static bool fits(const char *pattern, const char *name) {
  const char *star = strchr(pattern, '*');
  if (star == NULL) return strcmp(pattern, name) == 0;
  const size_t before = (size_t)(star - pattern), behind = strlen(star + 1), length = strlen(name);
  return length > before + behind && strncmp(pattern, name, before) == 0 &&
         strcmp(star + 1, name + length - behind) == 0;
}

const ky_audience_row *ky_audience_of(const char *layer, const char *attribute) {
  static const ky_audience_row internal = INTERNAL("", "");
  for (size_t i = 0; i < ROWS; i++)
    if (strcmp(table[i].layer, layer) == 0 && fits(table[i].attribute, attribute)) return &table[i];
  return &internal;
}

ky_layer_audience ky_layer_audience_of(const char *layer) {
  for (size_t l = 0; l < LAYERS; l++)
    if (strcmp(layers[l].layer, layer) == 0) return layers[l].audience;
  return KY_LAYER_INTERNAL;
}

const char *ky_layer_publishable(size_t index) {
  return index < LAYERS ? layers[index].layer : NULL;
}

bool ky_layer_needs_open(const char *layer) {
  for (size_t l = 0; l < LAYERS; l++)
    if (strcmp(layers[l].layer, layer) == 0) return layers[l].needs_open;
  return true;
}
