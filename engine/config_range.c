/* From what the configuration says of walking to the profiles of the run: metres out of minutes, bands, rules. */
#include <stdio.h>
#include <string.h>

#include "config_profiles.h"

/* A profile of the run while it is settled. */
typedef struct settling {
  ky_config_reader *reader;
  const ky_config_profile *profile;
  const char *name; /* "walk.profiles.slow" */
  yaml_mark_t mark; /* where the run asks for it */
  bool is_first;
  ky_walk_opts *out;
} settling;

/* Whole millimetres are reached or not, so a part of a millimetre is left away. */
static uint64_t mm_of(const settling *s, uint32_t milli_min) {
  return (uint64_t)s->out->speed_mm_per_min * milli_min / 1000;
}

static bool check_reach(settling *s, const char *key, yaml_mark_t mark, uint32_t milli_min) {
  char minutes[32], metres[32], speed[32];
  const uint64_t mm = mm_of(s, milli_min);
  if (mm >= 1000 && mm <= KY_REACH_MAX_MM) return true;
  ky_problem_add(&s->reader->problems, mark, ky_tr("%s: %s minutes at %s m/min are %s m; 1 to %d m can be counted"),
                 key, ky_yaml_number_text(minutes, milli_min, 3),
                 ky_yaml_number_text(speed, s->out->speed_mm_per_min, 3), ky_yaml_number_text(metres, (int64_t)mm, 3),
                 KY_REACH_MAX_MM / 1000);
  return false;
}

/* "walk.profiles.slow.bands_min" or "walk.bands_min" */
static const char *key_name(settling *s, bool is_own, const char *key) {
  return ky_config_name(s->reader, is_own ? s->name : "walk", key);
}

static yaml_mark_t own_mark(const settling *s, const char *key) {
  const yaml_mark_t *mark = ky_config_profile_mark(s->reader, s->profile, key);
  return mark != NULL ? *mark : s->mark;
}

static yaml_mark_t walk_mark(const settling *s, const void *member) {
  const yaml_mark_t *mark = ky_config_given(s->reader, member);
  return mark != NULL ? *mark : s->mark;
}

/* Metres and minutes are two ways to say one thing. */
static void add_both(settling *s, bool is_own, yaml_mark_t mark, const char *metres, const char *minutes) {
  ky_problem_add(&s->reader->problems, mark, ky_tr("%s and %s say the same in two ways; delete one"),
                 key_name(s, is_own, metres), key_name(s, is_own, minutes));
}

static void settle_primary(settling *s) {
  const ky_config_range *walk = &s->reader->config->range, *own = &s->profile->range;
  const bool is_walk = s->is_first && (walk->primary_mm != 0 || walk->primary_milli_min != 0);
  const bool is_stated = own->primary_mm != 0 || own->primary_milli_min != 0;
  if (s->is_first && walk->primary_mm != 0 && walk->primary_milli_min != 0)
    add_both(s, false, walk_mark(s, &walk->primary_milli_min), "primary_m", "primary_min");
  if (own->primary_mm != 0 && own->primary_milli_min != 0)
    add_both(s, true, own_mark(s, "threshold_min"), "threshold_m", "threshold_min");
  if (is_walk && is_stated && s->profile->node != NULL)
    ky_problem_add(&s->reader->problems, own_mark(s, own->primary_mm != 0 ? "threshold_m" : "threshold_min"),
                   ky_tr("%s and %s both say how far; delete one"),
                   key_name(s, true, own->primary_mm != 0 ? "threshold_m" : "threshold_min"),
                   key_name(s, false, walk->primary_mm != 0 ? "primary_m" : "primary_min"));
  const ky_config_range *from = is_walk ? walk : own;
  s->out->primary_mm = from->primary_mm;
  if (from->primary_milli_min != 0 &&
      check_reach(s, key_name(s, !is_walk, is_walk ? "primary_min" : "threshold_min"),
                  is_walk ? walk_mark(s, &walk->primary_milli_min) : own_mark(s, "threshold_min"),
                  from->primary_milli_min))
    s->out->primary_mm = (uint32_t)mm_of(s, from->primary_milli_min);
  if (!is_walk && !is_stated)
    ky_problem_add(&s->reader->problems, s->profile->node->start_mark,
                   ky_tr("%s: how far is near? Write threshold_m: 500 or threshold_min: 8"), s->name);
}

static void settle_bands(settling *s) {
  static const uint32_t standard[] = KY_STANDARD_BANDS_MM;
  const ky_config_range *walk = &s->reader->config->range, *own = &s->profile->range;
  const bool is_own = own->bands_mm.count != 0 || own->bands_milli_min.count != 0;
  const ky_config_range *from = is_own ? own : walk;
  ky_walk_opts *out = s->out;
  if (own->bands_mm.count != 0 && own->bands_milli_min.count != 0)
    add_both(s, true, own_mark(s, "bands_min"), "bands_m", "bands_min");
  if (s->is_first && walk->bands_mm.count != 0 && walk->bands_milli_min.count != 0)
    add_both(s, false, walk_mark(s, &walk->bands_milli_min), "bands_m", "bands_min");
  const yaml_mark_t mark = is_own ? own_mark(s, "bands_min") : walk_mark(s, &walk->bands_milli_min);
  out->band_count = 0;
  for (uint32_t b = 0; b < from->bands_mm.count; b++) out->bands_mm[out->band_count++] = from->bands_mm.value[b];
  for (uint32_t b = 0; out->band_count < KY_BANDS_MAX && b < from->bands_milli_min.count; b++)
    if (check_reach(s, key_name(s, is_own, "bands_min"), mark, from->bands_milli_min.value[b]))
      out->bands_mm[out->band_count++] = (uint32_t)mm_of(s, from->bands_milli_min.value[b]);
  if (out->band_count != 0) return;
  memcpy(out->bands_mm, standard, sizeof standard);
  out->band_count = KY_STANDARD_BAND_COUNT;
}

/* The primary distance is one of the bands; bands stay in increasing order. */
static void add_primary_band(settling *s) {
  const ky_config_range *walk = &s->reader->config->range, *own = &s->profile->range;
  const bool is_own = own->bands_mm.count + own->bands_milli_min.count != 0;
  ky_walk_opts *out = s->out;
  uint32_t at = 0;
  char text[32];
  while (at < out->band_count && out->bands_mm[at] < out->primary_mm) at++;
  if (at < out->band_count && out->bands_mm[at] == out->primary_mm) return;
  ky_yaml_number_text(text, out->primary_mm, 3);
  if (out->band_count == KY_BANDS_MAX) {
    const bool is_m = is_own ? own->bands_mm.count != 0 : walk->bands_mm.count != 0;
    const char *key = is_m ? "bands_m" : "bands_min";
    const yaml_mark_t mark = is_own ? own_mark(s, key)
                             : is_m ? walk_mark(s, &walk->bands_mm)
                                    : walk_mark(s, &walk->bands_milli_min);
    ky_problem_add(&s->reader->problems, mark,
                   ky_tr("%s: has no room for the primary distance of %s, %s m; write it in place of another one"),
                   key_name(s, is_own, key), s->profile->name, text);
    return;
  }
  for (uint32_t b = out->band_count; b > at; b--) out->bands_mm[b] = out->bands_mm[b - 1];
  out->bands_mm[at] = out->primary_mm;
  out->band_count++;
  if (s->is_first && !is_own) s->reader->config->has_added_band = walk->bands_mm.count != 0;
}

static void settle_rules(settling *s) {
  const ky_config_profile *p = s->profile;
  const uint32_t steps = UINT32_C(1) << KY_STREET_STEPS;
  s->out->with_slope = p->slope != NULL ? strcmp(p->slope, "tobler") == 0 : s->reader->config->slope_by_default;
  s->out->stairs_milli = p->stairs_milli != 0 ? p->stairs_milli : KY_STAIRS_AS_FLAT;
  s->out->closed_bits = p->closed_bits | (p->avoids_stairs ? steps : 0);
  if (p->is_stairs_given && !p->avoids_stairs && (p->closed_bits & steps) != 0)
    ky_problem_add(&s->reader->problems, own_mark(s, "stairs"),
                   ky_tr("%s: stairs are walked by `stairs` and not walked by `closed: [steps]`; delete one"), s->name);
}

/* A slope rule without heights would be ignored without a word. */
static void check_slope(settling *s) {
  const ky_config *config = s->reader->config;
  for (uint32_t i = 0; i < config->read.source_count; i++)
    if (s->reader->sources[i].role == KY_ROLE_ELEVATION) return;
  if (!s->out->with_slope) return;
  if (s->profile->slope != NULL) {
    ky_problem_add(&s->reader->problems, own_mark(s, "slope"),
                   ky_tr("%s.slope: tobler needs heights; add elevation: with a raster, or write none"), s->name);
    return;
  }
  if (!s->reader->is_slope_told)
    ky_problem_add(&s->reader->problems, walk_mark(s, &config->slope_by_default), "%s",
                   ky_tr("walk.slope: tobler needs heights; add elevation: with a raster, or write none"));
  s->reader->is_slope_told = true;
}

/* "根拠の記載なし（設定で 8 分・480 m を指定）" */
static ky_err say_no_basis(settling *s, uint32_t milli_min) {
  char metres[32], minutes[32];
  ky_yaml_number_text(metres, s->out->primary_mm, 3);
  ky_yaml_number_text(minutes, milli_min, 3);
  s->out->basis = milli_min != 0
                      ? ky_format(&s->reader->job->keep, KY_NO_BASIS "（設定で %s 分・%s m を指定）", minutes, metres)
                      : ky_format(&s->reader->job->keep, KY_NO_BASIS "（設定で %s m を指定）", metres);
  return s->out->basis != NULL ? KY_OK : ky_fail_memory(s->reader->job);
}

/* The text of the config, that of a profile built in as long as its distance stands, or that there is none. */
static ky_err settle_basis(settling *s) {
  const ky_config_range *walk = &s->reader->config->range, *own = &s->profile->range;
  const bool is_walk = s->is_first && (walk->primary_mm != 0 || walk->primary_milli_min != 0);
  if (s->is_first && walk->basis != NULL && own->basis != NULL && s->profile->node != NULL)
    ky_problem_add(&s->reader->problems, own_mark(s, "basis"), ky_tr("%s and %s both say why; delete one"),
                   key_name(s, true, "basis"), "walk.basis");
  s->out->basis = s->is_first && walk->basis != NULL ? walk->basis : own->basis;
  const bool is_built_in = s->profile->node == NULL && s->out->basis == own->basis;
  const uint64_t built_in_mm = own->primary_mm != 0 ? own->primary_mm : mm_of(s, own->primary_milli_min);
  if (s->out->basis != NULL && !(is_built_in && built_in_mm != s->out->primary_mm)) return KY_OK;
  return say_no_basis(s, is_walk ? walk->primary_milli_min : own->primary_milli_min);
}

static ky_err settle(ky_config_reader *reader, const ky_config_profile *profile, yaml_mark_t mark, bool is_first,
                     ky_walk_opts *out) {
  settling s = {.reader = reader,
                .profile = profile,
                .name = ky_config_name(reader, "walk.profiles", profile->name),
                .mark = mark,
                .is_first = is_first,
                .out = out};
  *out = (ky_walk_opts){.profile = profile->name, .speed_mm_per_min = profile->speed_mm_per_min};
  settle_rules(&s);
  check_slope(&s);
  settle_primary(&s);
  settle_bands(&s);
  if (reader->problems.count != 0) return KY_OK;
  add_primary_band(&s);
  return settle_basis(&s);
}

/* run.json shows what became of walk.primary_m, walk.bands_m and walk.basis. */
static void show_range(ky_config *config) {
  config->range.primary_mm = config->walk.primary_mm;
  config->range.basis = config->walk.basis;
  config->range.bands_mm.count = config->walk.band_count;
  memcpy(config->range.bands_mm.value, config->walk.bands_mm, sizeof config->walk.bands_mm);
}

void ky_config_check_profiles(ky_config_reader *reader) {
  const char *first = reader->config->walk.profile;
  if (ky_config_find_profile(reader, first) == NULL)
    ky_config_add_unknown_profile(reader, "walk.profile", reader->profile_node, first);
  for (uint32_t i = 0; i < reader->also_count; i++) {
    const char *word = reader->also[i], *name = ky_config_item_name(reader, "walk.also", i);
    bool is_known = strcmp(first, word) == 0;
    for (uint32_t k = 0; k < i; k++) is_known = is_known || strcmp(reader->also[k], word) == 0;
    if (ky_config_find_profile(reader, word) == NULL)
      ky_config_add_unknown_profile(reader, name, reader->also_node[i], word);
    else if (is_known)
      ky_problem_add(&reader->problems, reader->also_node[i]->start_mark, ky_tr("%s: given twice; keep one"), name);
  }
}

static ky_err settle_also(ky_config_reader *reader) {
  ky_config *config = reader->config;
  KY_NEW(reader->job, keep, config->further, reader->also_count);
  for (uint32_t i = 0; i < reader->also_count; i++)
    KY_TRY(settle(reader, ky_config_find_profile(reader, reader->also[i]), reader->also_node[i]->start_mark, false,
                  &config->further[config->further_count++]));
  return KY_OK;
}

static void find_unused(ky_config_reader *reader) {
  ky_config *config = reader->config;
  for (uint32_t i = 0; i < reader->profile_count; i++) {
    bool is_used = strcmp(reader->profiles[i].name, config->walk.profile) == 0;
    for (uint32_t p = 0; p < config->further_count; p++)
      is_used = is_used || strcmp(reader->profiles[i].name, config->further[p].profile) == 0;
    if (!is_used && config->unused_profile == NULL) config->unused_profile = reader->profiles[i].name;
  }
}

ky_err ky_config_derive_walk(ky_config_reader *reader) {
  ky_config *config = reader->config;
  const ky_config_profile *first = ky_config_find_profile(reader, config->walk.profile);
  const yaml_mark_t mark = reader->profile_node != NULL ? reader->profile_node->start_mark
                                                        : yaml_document_get_root_node(reader->document)->start_mark;
  KY_TRY(settle(reader, first, mark, true, &config->walk));
  KY_TRY(settle_also(reader));
  if (reader->problems.count != 0) return KY_OK;
  find_unused(reader);
  show_range(config);
  return KY_OK;
}
