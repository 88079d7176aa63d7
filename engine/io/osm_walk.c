/* Walkability as one table of classes and three rules. */
#include "io/osm_walk.h"

#include <string.h>

typedef struct street_rule {
  const char *highway;
  bool is_walkable;
  ky_street_class street_class;
} street_rule;

static const street_rule rules[] = {
    {"trunk", true, KY_STREET_TRUNK},
    {"trunk_link", true, KY_STREET_TRUNK},
    {"primary", true, KY_STREET_PRIMARY},
    {"primary_link", true, KY_STREET_PRIMARY},
    {"secondary", true, KY_STREET_SECONDARY},
    {"secondary_link", true, KY_STREET_SECONDARY},
    {"tertiary", true, KY_STREET_TERTIARY},
    {"tertiary_link", true, KY_STREET_TERTIARY},
    {"unclassified", true, KY_STREET_UNCLASSIFIED},
    {"residential", true, KY_STREET_RESIDENTIAL},
    {"living_street", true, KY_STREET_LIVING_STREET},
    {"service", true, KY_STREET_SERVICE},
    {"track", true, KY_STREET_TRACK},
    {"track_grade", true, KY_STREET_TRACK}, /* extracts cut into layers write track_grade1 to track_grade5 */
    {"path", true, KY_STREET_PATH},
    {"footway", true, KY_STREET_FOOTWAY},
    {"pedestrian", true, KY_STREET_PEDESTRIAN},
    {"steps", true, KY_STREET_STEPS},
    {"cycleway", true, KY_STREET_CYCLEWAY},
    {"bridleway", true, KY_STREET_BRIDLEWAY},
    {"road", true, KY_STREET_ROAD},
    {"corridor", true, KY_STREET_OTHER},
    {"motorway", false, KY_STREET_OTHER},
    {"motorway_link", false, KY_STREET_OTHER},
    {"construction", false, KY_STREET_OTHER},
    {"proposed", false, KY_STREET_OTHER},
    {"raceway", false, KY_STREET_OTHER},
    {"busway", false, KY_STREET_OTHER},
    {"bus_guideway", false, KY_STREET_OTHER},
    {"platform", false, KY_STREET_OTHER},
    {"elevator", false, KY_STREET_OTHER},
    {"abandoned", false, KY_STREET_OTHER},
};

static bool is_one_of(const char *value, const char *const *words) {
  for (; value != NULL && *words != NULL; words++)
    if (strcmp(value, *words) == 0) return true;
  return false;
}

/* 1 opens, -1 closes, 0 says nothing. */
static int permission(const ky_street_tags *tags) {
  static const char *const opens[] = {"yes", "designated", "permissive", NULL};
  static const char *const closes[] = {"no", "private", "use_sidepath", NULL};
  static const char *const no_access[] = {"no", "private", NULL};
  if (is_one_of(tags->foot, opens)) return 1;
  if (is_one_of(tags->foot, closes)) return -1;
  return is_one_of(tags->access, no_access) ? -1 : 0;
}

static const street_rule *find_rule(const char *value, size_t length) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (strlen(rules[i].highway) == length && strncmp(rules[i].highway, value, length) == 0) return &rules[i];
  return NULL;
}

static bool is_open(const street_rule *rule, const ky_street_tags *tags, int permitted) {
  const bool is_indoor = tags->indoor != NULL && strcmp(tags->indoor, "yes") == 0;
  if (strcmp(rule->highway, "corridor") == 0 && is_indoor) return false;
  if (permitted != 0) return permitted > 0;
  if (rule->street_class == KY_STREET_TRUNK && tags->motorroad != NULL && strcmp(tags->motorroad, "yes") == 0)
    return false;
  return rule->is_walkable;
}

/* Words in another script, numbers and capitals are values too, though none that the rules know. */
static bool is_foreign(char c) {
  return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

ky_walkable ky_osm_walkable(const ky_street_tags *tags, bool with_ferries, uint32_t *class_bits) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
  const int permitted = permission(tags);
  const bool is_ferry = tags->route != NULL && strcmp(tags->route, "ferry") == 0;
  bool has_value = false, is_known = false;
  *class_bits = 0;
  if (is_ferry) {
    if (!with_ferries || permitted < 0) return KY_WALK_NO;
    *class_bits = 1u << KY_STREET_FERRY;
    return KY_WALK_YES;
  }
  for (const char *value = tags->highway; value != NULL && *value != '\0';) {
    size_t length = strspn(value, letters);
    if (length == 0) {
      if (is_foreign(*value)) has_value = true;
      value++;
      continue;
    }
    has_value = true;
    const street_rule *rule = find_rule(value, length);
    is_known = is_known || rule != NULL;
    if (rule != NULL && is_open(rule, tags, permitted)) *class_bits |= 1u << rule->street_class;
    value += length;
  }
  if (*class_bits != 0) return KY_WALK_YES;
  if (is_known || permitted < 0) return KY_WALK_NO;
  if (!has_value || permitted == 0) return KY_WALK_OTHER;
  *class_bits = 1u << KY_STREET_OTHER;
  return KY_WALK_YES;
}
