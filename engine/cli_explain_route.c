/* A walk leg by leg, with the sum so far, so that anybody can add it up. */
#include "cli_explain_route.h"

#include <string.h>

#define NUMBER_WIDTH 12

static const char *const class_words[KY_STREET_CLASS_COUNT] = {
    [KY_STREET_RESIDENTIAL] = KY_MSG("residential street"),
    [KY_STREET_LIVING_STREET] = KY_MSG("living street"),
    [KY_STREET_UNCLASSIFIED] = KY_MSG("minor road"),
    [KY_STREET_PEDESTRIAN] = KY_MSG("pedestrian street"),
    [KY_STREET_TRUNK] = KY_MSG("trunk road"),
    [KY_STREET_PRIMARY] = KY_MSG("primary road"),
    [KY_STREET_SECONDARY] = KY_MSG("secondary road"),
    [KY_STREET_TERTIARY] = KY_MSG("tertiary road"),
    [KY_STREET_SERVICE] = KY_MSG("service road"),
    [KY_STREET_TRACK] = KY_MSG("farm or forest track"),
    [KY_STREET_PATH] = KY_MSG("path"),
    [KY_STREET_FOOTWAY] = KY_MSG("footway"),
    [KY_STREET_STEPS] = KY_MSG("steps"),
    [KY_STREET_CYCLEWAY] = KY_MSG("cycleway"),
    [KY_STREET_BRIDLEWAY] = KY_MSG("bridleway"),
    [KY_STREET_ROAD] = KY_MSG("road of unknown class"),
    [KY_STREET_FERRY] = KY_MSG("ferry"),
    [KY_STREET_OTHER] = KY_MSG("other street"),
};

const char *ky_street_words(uint32_t class_bits, char *buffer, size_t size) {
  size_t used = 0;
  if (class_bits == 0) return ky_tr("street (the data names no class)");
  buffer[0] = '\0';
  for (uint32_t c = 0; c < KY_STREET_CLASS_COUNT && used < size; c++)
    if ((class_bits & 1u << c) != 0)
      used += (size_t)snprintf(buffer + used, size - used, "%s%s", used > 0 ? " / " : "", ky_tr(class_words[c]));
  return buffer;
}

ky_shown ky_metres_text(uint32_t mm) {
  ky_shown shown;
  snprintf(shown.text, sizeof shown.text, "%.40s.%03u", ky_show_count(mm / 1000).text, mm % 1000);
  return shown;
}

ky_shown ky_minutes_of(const ky_explain_view *view, uint32_t walk_mm) {
  ky_shown shown;
  snprintf(shown.text, sizeof shown.text, "%.1f", (double)walk_mm / view->result->walk_opts->speed_mm_per_min);
  return shown;
}

void ky_venue_name(FILE *out, const ky_result *result, uint32_t venue) {
  const char **name = result->venues->text[KY_VENUE_NAME];
  if (name != NULL && name[venue] != NULL)
    fprintf(out, "%s (%s)", name[venue], result->venues->id[venue]);
  else
    fputs(result->venues->id[venue], out);
}

const char *ky_venue_words(const char *reason) {
  static const struct {
    const char *code, *words;
  } list[] = {
      {"no_coordinates", KY_MSG("it has no coordinates")},
      {"closed", KY_MSG("it is closed")},
      {"informal", KY_MSG("it is an informal gathering")},
      {"register_says_no", KY_MSG("the register says that it does not count")},
      {"sessions_unknown", KY_MSG("how often it meets is not known")},
      {"sessions_too_few", KY_MSG("it meets too seldom")},
      {"town_level_position", KY_MSG("only the middle of its town is known")},
      {"no_street_near", KY_MSG("no street is near it")},
      {"other_zones", KY_MSG("it serves people of other zones only")},
      {"barrier", KY_MSG("every street near it lies behind a river or railway")},
  };
  for (size_t i = 0; reason != NULL && i < sizeof list / sizeof *list; i++)
    if (strcmp(reason, list[i].code) == 0) return ky_tr(list[i].words);
  return reason != NULL ? reason : "";
}

uint32_t ky_point_number(const ky_explain_view *view, uint32_t point) {
  return point - view->result->points->first_point[view->explanation->cell] + 1;
}

const char *ky_profile_words(const char *name, char *buffer, size_t size) {
  static const struct {
    const char *name, *words;
  } list[] = {{"elderly", KY_MSG("elderly people")},
              {"general", KY_MSG("people of all ages")},
              {"short", KY_MSG("elderly people, a short way")}};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    if (strcmp(name, list[i].name) != 0) continue;
    snprintf(buffer, size, "%s (%s)", ky_tr(list[i].words), name);
    return buffer;
  }
  return name;
}

void ky_text_right(FILE *out, const char *text, int width) {
  for (int i = ky_text_width(text); i < width; i++) fputc(' ', out);
  fputs(text, out);
}

static void show_columns(FILE *out, const char *a, const char *b, const char *c, const char *text) {
  ky_text_right(out, a, NUMBER_WIDTH);
  if (b != NULL) ky_text_right(out, b, NUMBER_WIDTH);
  ky_text_right(out, c, NUMBER_WIDTH);
  fprintf(out, "   %s\n", text);
}

/* What the leg is: "footway, bridge or tunnel, 3 streets". */
static void name_part(const ky_route_part *part, char *text, size_t size) {
  char name[KY_CLASSES_SIZE];
  const uint32_t streets = part->end_leg - part->first_leg;
  if (part->kind == KY_LEG_ACCESS)
    snprintf(text, size, "%s", ky_tr("from the home straight to the street"));
  else if (part->kind == KY_LEG_EGRESS)
    snprintf(text, size, "%s", ky_tr("from the street straight to the place"));
  else if (streets == 1)
    snprintf(text, size, "%s%s", ky_street_words(part->class_bits, name, sizeof name),
             part->is_bridge ? ky_tr(", bridge or tunnel") : "");
  else
    snprintf(text, size, ky_tr("%s%s (%u pieces between junctions)"),
             ky_street_words(part->class_bits, name, sizeof name), part->is_bridge ? ky_tr(", bridge or tunnel") : "",
             streets);
}

static void show_parts(FILE *out, const ky_explain_view *v, const ky_explained_route *r) {
  const bool has_extra = v->result->walk_opts->with_slope || r->route.walk_mm != r->route.length_mm;
  uint32_t so_far = 0;
  show_columns(out, ky_tr("length m"), has_extra ? ky_tr("added m") : NULL, ky_tr("so far m"), ky_tr("leg"));
  for (uint32_t i = 0; i < r->part_count; i++) {
    const ky_route_part *part = &r->part[i];
    const ky_shown extra = ky_metres_text(part->cost_mm - part->length_mm);
    char text[512];
    so_far += part->cost_mm;
    name_part(part, text, sizeof text);
    show_columns(out, ky_metres_text(part->length_mm).text, has_extra ? extra.text : NULL, ky_metres_text(so_far).text,
                 text);
  }
}

static void show_sum(FILE *out, const ky_explain_view *v, const ky_explained_route *r) {
  const ky_coverage *coverage = v->result->coverage;
  const uint32_t straight = ky_straight_mm(v->result->points, r->point, v->result->venues, r->venue);
  fprintf(out, ky_tr("  = %s m, %s minutes at %s m/min; %s m in a straight line"),
          ky_metres_text(r->route.walk_mm).text, ky_minutes_of(v, r->route.walk_mm).text,
          ky_show_metres(v->result->walk_opts->speed_mm_per_min).text, ky_metres_text(straight).text);
  if (r->venue == coverage->venue[r->point])
    fputs(ky_tr("; equal to the walk_m that the run counts for this point\n"), out);
  else if (coverage->venue[r->point] != KY_NONE)
    fprintf(out, ky_tr("; the nearest place is %s m away\n"), ky_metres_text(coverage->walk_mm[r->point]).text);
  else
    fputc('\n', out);
}

static void show_no_way(FILE *out, const ky_explain_view *v, const ky_explained_route *r) {
  const ky_result *result = v->result;
  const char *words = ky_tr("There is no way on foot: the streets are not joined.");
  if (result->point_anchors->edge[r->point] == KY_NONE)
    words = ky_tr("There is no way on foot: no street is near the home.");
  else if (r->venue == KY_NONE)
    words = ky_tr("There is no way on foot to any place that counts.");
  else if (result->venue_anchors->edge[r->venue] == KY_NONE)
    words = ky_tr("There is no way on foot: no street is near the place, or it has no coordinates.");
  fprintf(out, "  %s\n", words);
}

/* Weight and people of the point, when there are several. */
static void show_point(FILE *out, const ky_explain_view *v, uint32_t point) {
  const ky_points *points = v->result->points;
  const uint32_t c = v->explanation->cell, *people = points->people[KY_65] != NULL ? points->people[KY_65] : NULL;
  uint64_t all = 0;
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) all += points->weight_um[i];
  if (points->first_point[c + 1] - points->first_point[c] == 1) return;
  fprintf(out, ky_tr("  It stands for %s %% of the cell"),
          ky_show_percent((int64_t)points->weight_um[point], (int64_t)all).text);
  if (people != NULL && people[point] != KY_NONE)
    fprintf(out, ky_tr(", %s people 65 and over"), ky_show_metres(people[point]).text);
  fputc('\n', out);
}

void ky_explain_route_text(FILE *out, const ky_explain_view *view, const ky_explained_route *route) {
  fputc('\n', out);
  fprintf(out, ky_tr("The walk from point %u"), ky_point_number(view, route->point));
  if (route->venue != KY_NONE) {
    fputs(ky_tr(" to "), out);
    ky_venue_name(out, view->result, route->venue);
  }
  fputc('\n', out);
  show_point(out, view, route->point);
  const char *reason = route->venue != KY_NONE ? ky_venue_reason_at(view->result, route->venue, route->point) : NULL;
  if (reason != NULL) fprintf(out, ky_tr("  This place is not counted: %s\n"), ky_venue_words(reason));
  if (route->route.leg_count == 0) {
    show_no_way(out, view, route);
    return;
  }
  show_parts(out, view, route);
  show_sum(out, view, route);
  if (route->route.walk_mm != route->route.length_mm)
    fprintf(
        out, "  %s\n",
        ky_tr("added: what slopes and stairs cost, as metres on the flat that take as long (mean of there and back)"));
}
