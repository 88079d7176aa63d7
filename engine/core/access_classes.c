/* Classes of venues by how often they meet, and of resources by kind. */
#include <kayoi/access.h>
#include <math.h>
#include <string.h>

const char *ky_class_kind_name(ky_class_kind kind) {
  static const char *const names[KY_CLASS_KIND_COUNT] = {"activity", "frequency", "resource",    "operator",
                                                         "day_part", "all",       "not_counting"};
  return names[kind];
}

ky_err ky_classes_add(ky_job *job, ky_class_kind kind, const char *name, const char *alias, const ky_anchors *anchors,
                      ky_classes *classes, ky_class **out) {
  if (classes->count == classes->capacity) {
    const uint32_t capacity = classes->capacity == 0 ? 16 : 2 * classes->capacity;
    ky_class *of;
    KY_NEW(job, keep, of, capacity);
    if (classes->count != 0) memcpy(of, classes->of, classes->count * sizeof *of);
    classes->of = of;
    classes->capacity = capacity;
  }
  *out = &classes->of[classes->count++];
  **out = (ky_class){.kind = (uint8_t)kind, .name = name, .alias = alias, .anchors = anchors};
  KY_NEW(job, keep, (*out)->use, anchors->count);
  return KY_OK;
}

typedef enum frequency { WEEKLY, FORTNIGHTLY, MONTHLY, RARER, UNKNOWN, FREQUENCY_COUNT } frequency;

static frequency frequency_of(int64_t sessions_milli, const ky_access_opts *opts) {
  if (sessions_milli == KY_NULL) return UNKNOWN;
  if (sessions_milli >= opts->weekly_milli) return WEEKLY;
  if (sessions_milli >= opts->fortnightly_milli) return FORTNIGHTLY;
  return sessions_milli >= 1000 ? MONTHLY : RARER;
}

ky_err ky_classes_by_frequency(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                               const ky_access_opts *opts, ky_classes *out) {
  static const struct {
    const char *name, *alias;
  } words[FREQUENCY_COUNT] = {[WEEKLY] = {"weekly", "週1回程度以上"},
                              [FORTNIGHTLY] = {"fortnightly", "月2〜3回程度"},
                              [MONTHLY] = {"monthly", "月1回程度"},
                              [RARER] = {"rarer", "月1回未満"},
                              [UNKNOWN] = {"unknown", "回数不明"}};
  for (int f = 0; f < FREQUENCY_COUNT; f++) {
    ky_class *class = NULL;
    for (uint32_t v = 0; v < venues->count; v++) {
      if (venues->counts[v] == 0 || (int)frequency_of(venues->sessions_milli[v], opts) != f) continue;
      if (class == NULL)
        KY_TRY(ky_classes_add(job, KY_CLASS_FREQUENCY, words[f].name, words[f].alias, anchors, out, &class));
      class->use[v] = 1;
      class->count++;
    }
  }
  return KY_OK;
}

ky_err ky_classes_of_resources(ky_job *job, const ky_resources *resources, const ky_resource_walks *walks,
                               ky_classes *out) {
  static const struct {
    const char *name, *alias;
  } kinds[] = {
#define KY_X(code, alias, words) {code, alias},
      KY_RESOURCE_KINDS(KY_X)
#undef KY_X
          {KY_RESOURCE_OTHER, KY_RESOURCE_OTHER_ALIAS},
  };
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    ky_class *class = NULL;
    for (uint32_t i = 0; i < resources->count; i++) {
      const char *kind = resources->text[KY_RESOURCE_KIND][i];
      if (walks->counts[i] == 0 || kind == NULL || strcmp(kind, kinds[k].name) != 0) continue;
      if (class == NULL)
        KY_TRY(ky_classes_add(job, KY_CLASS_RESOURCE, kinds[k].name, kinds[k].alias, &walks->anchors, out, &class));
      class->use[i] = 1;
      class->count++;
    }
  }
  return KY_OK;
}
