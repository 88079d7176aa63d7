/* An explanation as a planner reads it: people, where they are placed, the judgement, near venues. */
#include <inttypes.h>
#include <string.h>

#include "cli_explain_route.h"
#include "cli_text.h"

#define LABEL_WIDTH  20
#define PEOPLE_WIDTH 12

/* Thousandths of people as far as they are not zero: "101", "35.126". */
static ky_shown exact(int64_t milli) {
  if (milli == KY_NULL) return ky_show_count(KY_NULL);
  ky_shown shown = ky_show_count(milli / KY_PERSON);
  size_t length = strlen(shown.text);
  length += (size_t)snprintf(shown.text + length, sizeof shown.text - length, ".%03d", (int)(milli % KY_PERSON));
  while (shown.text[length - 1] == '0') shown.text[--length] = '\0';
  if (shown.text[length - 1] == '.') shown.text[--length] = '\0';
  return shown;
}

static void show_band(FILE *out, const ky_cells *cells, uint32_t cell, uint32_t first, const char *label) {
  if (cells->people[first] == NULL) return;
  ky_text_pad(out, label, LABEL_WIDTH);
  for (uint32_t m = first; m < first + 3; m++)
    ky_text_right(out, cells->people[m] != NULL ? exact(cells->people[m][cell]).text : "-", PEOPLE_WIDTH);
  fputc('\n', out);
}

static void show_people(FILE *out, const ky_explain_view *v) {
  const ky_cells *cells = v->result->cells;
  const uint32_t c = v->explanation->cell;
  fputc('\n', out);
  ky_text_pad(out, ky_tr("People"), LABEL_WIDTH);
  ky_text_right(out, ky_tr("all"), PEOPLE_WIDTH);
  ky_text_right(out, ky_tr("men"), PEOPLE_WIDTH);
  ky_text_right(out, ky_tr("women"), PEOPLE_WIDTH);
  fputc('\n', out);
  show_band(out, cells, c, KY_TOTAL, ky_tr("  all ages"));
  show_band(out, cells, c, KY_65, ky_tr("  65 and over"));
  show_band(out, cells, c, KY_75, ky_tr("  75 and over"));
  show_band(out, cells, c, KY_85, ky_tr("  85 and over"));
  if (cells->age_source[c] == KY_AGE_GROUP)
    fprintf(out, "  %s\n",
            ky_tr("Ages and sexes are those of a group of cells, shared by people: the census hides them where few "
                  "people live."));
  if (cells->date != NULL) fprintf(out, ky_tr("  Reference date: %s\n"), cells->date);
}

static const char *row_name(const ky_zones *zones, uint32_t row) {
  if (row < zones->count) return zones->name[row] != NULL ? zones->name[row] : zones->id[row];
  return row == KY_ROW_OUTSIDE_ZONES(zones) ? ky_tr("inside the municipality, in no zone")
                                            : ky_tr("outside the municipality");
}

/* The points of the cell by weight, in tenths of a percent of it. */
typedef struct share {
  uint32_t points;
  uint64_t weight;
} share;

static uint64_t weight_of(const ky_points *points, uint32_t cell) {
  uint64_t sum = 0;
  for (uint32_t i = points->first_point[cell]; i < points->first_point[cell + 1]; i++) sum += points->weight_um[i];
  return sum;
}

static ky_shown percent(uint64_t part, uint64_t whole) {
  return ky_show_percent((int64_t)part, (int64_t)whole);
}

static void show_zone(FILE *out, const ky_explain_view *v) {
  const ky_points *points = v->result->points;
  const ky_zones *zones = v->result->zones;
  const uint32_t c = v->explanation->cell, main_row = points->cell_zone[c];
  share in = {0};
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) {
    if (points->row[i] != main_row) continue;
    in.points++;
    in.weight += points->weight_um[i];
  }
  ky_text_pad(out, ky_tr("Zone"), LABEL_WIDTH);
  fputs(row_name(zones, main_row), out);
  if (main_row < zones->count) fprintf(out, " (%s)", zones->id[main_row]);
  const uint32_t all = points->first_point[c + 1] - points->first_point[c];
  if (in.points < all)
    fprintf(out, ky_tr("; a zone's edge runs through the cell: %u of its %u points (%s %%) lie there"), in.points, all,
            percent(in.weight, weight_of(points, c)).text);
  fputc('\n', out);
}

static void show_rule(FILE *out, const ky_explain_view *v, uint32_t count) {
  const ky_place_opts *place = &v->config->place;
  const ky_shown least = ky_show_metres((uint32_t)(place->min_street_m * 1000));
  switch (v->result->points->placement[v->explanation->cell]) {
    case KY_PLACED_BUILDINGS:
      fprintf(out,
              ky_tr("%u points, one for each building that counts as a home; people are shared by footprint x storeys"),
              count);
      break;
    case KY_PLACED_STREETS:
      fprintf(out, ky_tr("%u points on streets where people live, at most %s m apart; people are shared by length"),
              count, ky_show_metres((uint32_t)(place->step_m * 1000)).text);
      break;
    case KY_PLACED_STREETS_ANY:
      fprintf(
          out,
          ky_tr("%u points on streets of any class, because less than %s m of streets where people live run through "
                "the cell; people are shared by length"),
          count, least.text);
      break;
    case KY_PLACED_GIVEN:
      fputs(ky_tr("1 point, as the residents' data gives it"), out);
      break;
    default:
      if (place->by_streets)
        fprintf(out, ky_tr("1 point, the middle of the cell, because less than %s m of streets run through it"),
                least.text);
      else
        fputs(ky_tr("1 point, the middle of the cell, as the configuration wants it"), out);
  }
}

/* On which streets the points stand; streets of several classes go by all of them. */
static void show_streets(FILE *out, const ky_explain_view *v) {
  const ky_points *points = v->result->points;
  const uint32_t c = v->explanation->cell, first = points->first_point[c], end = points->first_point[c + 1];
  const uint32_t *bits = v->result->network->class_bits;
  for (uint32_t i = first; i < end; i++) {
    share of = {0};
    bool is_new = points->edge[i] != KY_NONE;
    for (uint32_t k = first; k < end && is_new; k++) {
      if (points->edge[k] == KY_NONE || bits[points->edge[k]] != bits[points->edge[i]]) continue;
      is_new = k >= i;
      of.points++;
      of.weight += points->weight_um[k];
    }
    if (!is_new) continue;
    char name[KY_CLASSES_SIZE];
    ky_text_pad(out, "", LABEL_WIDTH);
    const char *words = ky_street_words(bits[points->edge[i]], name, sizeof name);
    const ky_shown share_of = percent(of.weight, weight_of(points, c));
    if (points->placement[c] == KY_PLACED_BUILDINGS)
      fprintf(out, ky_tr("%s: %u points, %s %%\n"), words, of.points, share_of.text);
    else
      fprintf(out, ky_tr("%s: %u points on %.1f m, %s %%\n"), words, of.points, (double)of.weight / 1e6, share_of.text);
  }
}

static void show_placement(FILE *out, const ky_explain_view *v) {
  const uint32_t c = v->explanation->cell, *first = v->result->points->first_point;
  ky_text_pad(out, ky_tr("Where they live"), LABEL_WIDTH);
  show_rule(out, v, first[c + 1] - first[c]);
  fputc('\n', out);
  show_streets(out, v);
}

static const char *reach_words(ky_reach reach) {
  static const char *const words[KY_REACH_COUNT] = {
      [KY_COVERED] = KY_MSG("within range"),
      [KY_BEYOND] = KY_MSG("farther than the range"),
      [KY_UNREACHABLE] = KY_MSG("no way on foot"),
      [KY_UNKNOWN] = KY_MSG("cannot be judged"),
  };
  return ky_tr(words[reach]);
}

/* Why points have no way, in plain words. */
static void show_reasons(FILE *out, const ky_explain_view *v) {
  const ky_points *points = v->result->points;
  const uint32_t c = v->explanation->cell, all = points->first_point[c + 1] - points->first_point[c];
  uint32_t count[KY_UNREACH_COUNT] = {0};
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++)
    count[v->result->coverage->reason[i]]++;
  for (uint32_t r = KY_REACHED + 1; r < KY_UNREACH_COUNT; r++) {
    if (count[r] == 0) continue;
    ky_text_pad(out, "", LABEL_WIDTH);
    if (all > 1) fprintf(out, ky_tr("%u of %u points have no way: "), count[r], all);
    switch (r) {
      case KY_NO_STREET_NEAR:
        fprintf(out, ky_tr("no street is nearer than %s m (walk.snap_cap_m)\n"),
                ky_show_metres((uint32_t)(v->config->network.snap_cap_m * 1000)).text);
        break;
      case KY_BEHIND_BARRIER:
        fprintf(out, ky_tr("every street within %s m lies behind a river or railway (barriers)\n"),
                ky_show_metres((uint32_t)(v->config->network.snap_cap_m * 1000)).text);
        break;
      case KY_DISCONNECTED:
        fprintf(out, "%s\n", ky_tr("the streets there are not joined to those of any place that counts"));
        break;
      case KY_NO_COUNTING_VENUE:
        fprintf(out, "%s\n", ky_tr("there is no place that counts"));
        break;
      default:
        fprintf(out, ky_tr("no street is nearer than %s m, and there the road data ends\n"),
                ky_show_metres((uint32_t)(v->config->network.snap_cap_m * 1000)).text);
    }
  }
}

/* People of the cell's points in a state, thousandths. */
static int64_t people_of(const ky_explain_view *v, ky_measure measure, ky_reach reach) {
  const ky_points *points = v->result->points;
  const uint32_t *people = points->people[measure], c = v->explanation->cell;
  int64_t sum = 0;
  for (uint32_t i = points->first_point[c]; i < points->first_point[c + 1]; i++) {
    if (people == NULL || people[i] == KY_NONE) return KY_NULL;
    if (v->result->coverage->reach[i] == reach) sum += people[i];
  }
  return sum;
}

/* People 65 and over; of all ages where theirs are not known. */
static void show_states(FILE *out, const ky_explain_view *v) {
  const ky_measure measure = people_of(v, KY_65, KY_COVERED) != KY_NULL ? KY_65 : KY_TOTAL;
  int64_t all = 0;
  bool is_first = true;
  ky_text_pad(out, "", LABEL_WIDTH);
  fputs(measure == KY_65 ? ky_tr("people 65 and over: ") : ky_tr("people: "), out);
  for (uint32_t k = 0; k < KY_REACH_COUNT && all != KY_NULL; k++) {
    const int64_t people = people_of(v, measure, (ky_reach)k);
    all = people == KY_NULL ? KY_NULL : all + people;
  }
  for (uint32_t k = 0; k < KY_REACH_COUNT && all != KY_NULL; k++) {
    const int64_t people = people_of(v, measure, (ky_reach)k);
    if (people == 0) continue;
    fprintf(out, "%s%s %s (%s %%)", is_first ? "" : ", ", reach_words((ky_reach)k), exact(people).text,
            ky_show_percent(people, all).text);
    is_first = false;
  }
  fprintf(out, "%s\n", all == KY_NULL ? ky_tr("unknown") : is_first ? "0" : "");
}

static void show_reach(FILE *out, const ky_explain_view *v) {
  const ky_result *r = v->result;
  const uint32_t c = v->explanation->cell;
  char name[128];
  ky_text_pad(out, ky_tr("Who walks"), LABEL_WIDTH);
  fprintf(out, ky_tr("%s, %s m a minute\n"), ky_profile_words(r->walk_opts->profile, name, sizeof name),
          ky_show_metres(r->walk_opts->speed_mm_per_min).text);
  ky_text_pad(out, ky_tr("Judgement"), LABEL_WIDTH);
  fprintf(out, ky_tr("%s (range %s m; the cell is what most of it is)\n"),
          reach_words((ky_reach)r->coverage->cell_reach[c]), ky_show_metres(r->walk_opts->primary_mm).text);
  show_states(out, v);
  show_reasons(out, v);
}

static void show_walk(FILE *out, const ky_explain_view *v) {
  const ky_coverage *coverage = v->result->coverage;
  const uint32_t c = v->explanation->cell;
  if (coverage->cell_walk_median_mm[c] == KY_NONE) return;
  ky_text_pad(out, ky_tr("Walk"), LABEL_WIDTH);
  fprintf(out,
          ky_tr("median %s m, mean %s m, in a straight line %s m (layer cells: walk_m_median, walk_m_mean, "
                "straight_m)\n"),
          ky_metres_text(coverage->cell_walk_median_mm[c]).text, ky_metres_text(coverage->cell_walk_mean_mm[c]).text,
          ky_metres_text(coverage->cell_straight_mm[c]).text);
}

static void show_venue(FILE *out, const ky_explain_view *v, const ky_near_venue *near) {
  fputs("  ", out);
  ky_text_right(out, near->walk_mm != KY_NONE ? ky_metres_text(near->walk_mm).text : ky_tr("no way"), 14);
  ky_text_right(out, near->walk_mm != KY_NONE ? ky_minutes_of(v, near->walk_mm).text : "-", 8);
  ky_text_right(out, near->straight_mm != KY_NONE ? ky_metres_text(near->straight_mm).text : "-", 14);
  fputs("   ", out);
  ky_venue_name(out, v->result, near->venue);
  const char *reason = ky_venue_reason_at(v->result, near->venue, v->explanation->point);
  if (reason != NULL) fprintf(out, ": %s", ky_venue_words(reason));
  fputc('\n', out);
}

static void show_near(FILE *out, const ky_explain_view *v) {
  const ky_explanation *e = v->explanation;
  const uint32_t number = ky_point_number(v, e->point), c = e->cell;
  const uint32_t all = v->result->points->first_point[c + 1] - v->result->points->first_point[c];
  fputc('\n', out);
  if (all == 1)
    fprintf(out, "%s\n", ky_tr("Nearest places"));
  else if (e->is_median)
    fprintf(out, ky_tr("Nearest places, from point %u of %u: its walk is the median of the cell\n"), number, all);
  else
    fprintf(out, ky_tr("Nearest places, from point %u of %u: the one of most weight, because none has a way\n"), number,
            all);
  fputs("  ", out);
  ky_text_right(out, ky_tr("walk m"), 14);
  ky_text_right(out, ky_tr("minutes"), 8);
  ky_text_right(out, ky_tr("straight m"), 14);
  fprintf(out, "   %s\n", ky_tr("place"));
  for (uint32_t i = 0; i < e->near_count; i++) show_venue(out, v, &e->near[i]);
  if (e->near_count == 0) fprintf(out, "  %s\n", ky_tr("There is no place that counts."));
  if (e->passed_count > 0) fprintf(out, "  %s\n", ky_tr("Nearer in a straight line, but not counted:"));
  for (uint32_t i = 0; i < e->passed_count; i++) show_venue(out, v, &e->passed[i]);
}

void ky_explain_text(FILE *out, const ky_explain_view *view) {
  fprintf(out, ky_tr("Cell %s, %s\n"), view->result->cells->id[view->explanation->cell], view->config->name);
  show_people(out, view);
  fputc('\n', out);
  show_zone(out, view);
  show_placement(out, view);
  show_reach(out, view);
  show_walk(out, view);
  show_near(out, view);
  for (uint32_t i = 0; i < view->explanation->route_count; i++)
    ky_explain_route_text(out, view, &view->explanation->route[i]);
  fputc('\n', out);
  fprintf(out, ky_tr("On the map (GeoJSON): %s\n"), view->path);
}
