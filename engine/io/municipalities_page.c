/* index.html of a comparison: what a prefecture officer reads before the numbers, then the numbers. No script and
 * nothing from outside; names are escaped, so they are text whatever they hold. */
#include "io/municipalities_page.h"

#include <kayoi/job.h>
#include <stdio.h>
#include <string.h>

#include "io/out_file.h"

#define NEED_ROWS 10

typedef struct page {
  ky_out_file file;
  const ky_municipalities *towns;
  bool is_japanese;
} page;

static void put(page *p, const char *html) {
  ky_out_text(&p->file, html);
}

static void put_text(page *p, const char *text) {
  for (const char *at = text != NULL ? text : ""; *at != '\0'; at++) {
    const char *entity = *at == '<'   ? "&lt;"
                         : *at == '>' ? "&gt;"
                         : *at == '&' ? "&amp;"
                         : *at == '"' ? "&quot;"
                                      : NULL;
    if (entity != NULL)
      put(p, entity);
    else
      ky_out_bytes(&p->file, at, 1);
  }
}

/* An element with a text. */
static void put_element(page *p, const char *open, const char *text, const char *close) {
  put(p, open);
  put_text(p, text);
  put(p, close);
}

static const char *heading_of(const page *p, int m) {
  return p->is_japanese ? ky_town_measures[m].alias : ky_town_measures[m].column;
}

/* Commas between thousands of a number's whole part. */
static void put_commas(char room[48]) {
  const size_t whole = strcspn(room, ".");
  for (size_t at = whole; at > 3 && room[at - 4] >= '0' && room[at - 4] <= '9' && strlen(room) + 1 < 48; at -= 3) {
    memmove(room + at - 2, room + at - 3, strlen(room + at - 3) + 1);
    room[at - 3] = ',';
  }
}

/* What a reader wants of a value: whole people, tenths of a percent, at most two decimals. */
static const char *shown(const ky_town_measure_info *measure, int64_t value, char room[48]) {
  if (value == KY_NULL) return "–";
  double number = (double)value;
  for (uint8_t d = 0; d < measure->decimals; d++) number /= 10;
  if (measure->unit != NULL && strcmp(measure->unit, "share") == 0)
    snprintf(room, 48, "%.1f %%", number * 100);
  else if (measure->unit != NULL && strcmp(measure->unit, "people") == 0)
    snprintf(room, 48, "%.0f", number);
  else
    snprintf(room, 48, "%.*f", measure->decimals < 2 ? measure->decimals : 2, number);
  put_commas(room);
  return room;
}

/* A share as a bar behind its number. */
static void put_value(page *p, int m, uint32_t i, int64_t floor) {
  const ky_town_measure_info *measure = &ky_town_measures[m];
  const int64_t value = p->towns->value[m][i];
  const bool is_share = measure->unit != NULL && strcmp(measure->unit, "share") == 0 && value != KY_NULL && value >= 0;
  const bool is_low = measure->group == KY_GROUP_COMPLETENESS && (value == KY_NULL || value < floor);
  char room[48], bar[96];
  put(p, is_low ? "<td class=\"low\">" : "<td>");
  if (is_share) {
    const int64_t percent = value > KY_WHOLE ? 100 : value * 100 / KY_WHOLE;
    snprintf(bar, sizeof bar, "<span class=\"bar\" style=\"width:%d%%\"></span>", (int)percent);
    put(p, bar);
  }
  put_element(p, "<span>", shown(measure, value, room), "</span>");
  if (measure->is_ranked && p->towns->rank[m][i] != KY_NONE) {
    snprintf(room, sizeof room, ky_tr("no. %u"), p->towns->rank[m][i]);
    put_element(p, " <b>", room, "</b>");
  }
  put(p, "</td>");
}

static void put_group(page *p, ky_town_group group, int64_t floor) {
  const ky_municipalities *t = p->towns;
  static const char *const english[KY_GROUP_COUNT] = {"Completeness of the data", "Size and ageing",
                                                      "Within walking distance", "Targets and participation", "Needs"};
  put_element(p, "<h2>", p->is_japanese ? ky_town_group_name(group) : english[group],
              "</h2>\n<div class=\"wide\"><table><thead><tr>");
  put_element(p, "<th scope=\"col\">", ky_tr("Municipality"), "</th>");
  for (int m = 0; m < KY_TOWN_MEASURE_COUNT; m++)
    if (ky_town_measures[m].group == group) put_element(p, "<th scope=\"col\">", heading_of(p, m), "</th>");
  if (group == KY_GROUP_COMPLETENESS) {
    put_element(p, "<th scope=\"col\">", ky_tr("Date of the people"), "</th>");
    put_element(p, "<th scope=\"col\">", ky_tr("Date of the register"), "</th>");
    put_element(p, "<th scope=\"col\">", ky_tr("Date of the participants"), "</th>");
    put_element(p, "<th scope=\"col\">", ky_tr("Not ranked for want of"), "</th>");
  }
  put(p, "</tr></thead><tbody>\n");
  for (uint32_t i = 0; i < t->count; i++) {
    put_element(p, "<tr><th scope=\"row\">", t->name[i], "</th>");
    for (int m = 0; m < KY_TOWN_MEASURE_COUNT; m++)
      if (ky_town_measures[m].group == group) put_value(p, m, i, floor);
    if (group == KY_GROUP_COMPLETENESS) {
      put_element(p, "<td class=\"text\">", t->people_date[i], "</td>");
      put_element(p, "<td class=\"text\">", t->official_date[i], "</td>");
      put_element(p, "<td class=\"text\">", t->participants_date[i], "</td>");
      put_element(p, "<td class=\"text\">", t->left_out[i], "</td>");
    }
    put(p, "</tr>\n");
  }
  put(p, "</tbody></table></div>\n");
}

/* Those with the most people in gaps, of all whose data allow to say so; then those of whom nothing is said. */
static void put_needs(page *p) {
  const ky_municipalities *t = p->towns;
  char room[48];
  uint32_t shown_count = 0;
  put_element(p, "<h2>", ky_tr("Who needs help first? People 65+ living in gaps"), "</h2>\n<ol class=\"needs\">");
  for (uint32_t rank = 1; rank <= t->count && shown_count < NEED_ROWS; rank++)
    for (uint32_t i = 0; i < t->count && shown_count < NEED_ROWS; i++) {
      if (t->rank[KY_TOWN_IN_GAP_65][i] != rank) continue;
      put_element(p, "<li><b>", t->name[i], "</b> ");
      put_text(p, shown(&ky_town_measures[KY_TOWN_IN_GAP_65], t->value[KY_TOWN_IN_GAP_65][i], room));
      put_element(p, " ", ky_tr("people"), " (");
      put_text(p, shown(&ky_town_measures[KY_TOWN_GAP_SHARE], t->value[KY_TOWN_GAP_SHARE][i], room));
      put(p, ")</li>\n");
      shown_count++;
    }
  put(p, "</ol>\n");
  for (uint32_t i = 0; i < t->count; i++) {
    if (t->rank[KY_TOWN_IN_GAP_65][i] != KY_NONE || t->left_out[i] == NULL) continue;
    put_element(p, "<p class=\"note\">", t->name[i], ": ");
    put_element(p, "", ky_tr("not ranked, its data are not complete enough"), " (");
    put_element(p, "", t->left_out[i], ")</p>\n");
  }
}

static void put_similar(page *p) {
  const ky_municipalities *t = p->towns;
  put_element(p, "<h2>", ky_tr("Similar municipalities (size, density, ageing)"),
              "</h2>\n<div class=\"wide\"><table><tbody>\n");
  for (uint32_t i = 0; i < t->count; i++) {
    put_element(p, "<tr><th scope=\"row\">", t->name[i], "</th>");
    put_element(p, "<td class=\"text\">", t->similar[i], "</td></tr>\n");
  }
  put(p, "</tbody></table></div>\n");
}

static void put_definitions(page *p, const ky_past *definitions, int64_t floor) {
  static const char *const keys[] = {"walk.primary_m", "walk.basis",    "walk.profile",
                                     "targets.rate",   "targets.basis", "counting.min_sessions_per_month"};
  char room[48];
  put_element(p, "<h2>", ky_tr("Definitions that all of them share"), "</h2>\n<ul>");
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
    const ky_past_setting *setting = ky_past_setting_of(definitions, keys[k]);
    if (setting == NULL || setting->value == NULL) continue;
    put_element(p, "<li><code>", keys[k], "</code>: ");
    put_element(p, "", setting->value, "</li>\n");
  }
  snprintf(room, sizeof room, "%.0f %%", (double)floor * 100 / KY_WHOLE);
  put_element(p, "<li>", ky_tr("nobody is ranked below this completeness"), ": ");
  put_element(p, "", room, "</li>\n");
  put_element(p, "<li>kayoi ", definitions->version, "</li></ul>\n");
}

static const char style[] =
    "body{font:15px/1.6 sans-serif;color:#1f2933;margin:24px;max-width:1400px}h1{font-size:24px;margin:0 0 8px}"
    "h2{font-size:18px;margin:28px 0 8px;border-left:6px solid #1f6f6b;padding-left:8px}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px}"
    "th,td{border:1px solid #c9d5d4;padding:4px "
    "8px;text-align:right;vertical-align:top;position:relative;white-space:nowrap}"
    "thead th{background:#1f6f6b;color:#fff;text-align:left;white-space:normal;min-width:84px;font-weight:600}"
    "tbody th{background:#eef4f3;text-align:left;position:sticky;left:0;z-index:2}td.text{text-align:left}"
    "td span{position:relative}.bar{position:absolute!important;left:0;bottom:0;height:4px;background:#0072b2}"
    "td b{font-size:11px;background:#f0e442;color:#000;border-radius:3px;padding:0 4px;margin-left:4px}"
    "td.low{background:#fde9dd}td.low::after{content:\" \\25B2\";color:#b34700;font-size:10px}"
    ".note{color:#52606d;margin:4px 0}"
    "@media print{body{margin:0;font-size:11px}table{font-size:8px}.wide{overflow:visible}h2{break-after:avoid}"
    "tr{break-inside:avoid}@page{size:A3 landscape;margin:10mm}}";

ky_err ky_municipalities_page(ky_job *job, const ky_municipalities *towns, const ky_past *definitions, int64_t floor,
                              const char *lang, const char *folder) {
  page p = {.towns = towns, .is_japanese = strcmp(lang, "ja") == 0};
  const char *path = ky_format(&job->scratch, "%s/index.html", folder);
  if (path == NULL) return ky_fail_memory(job);
  KY_TRY(ky_out_open(job, path, &p.file));
  put(&p, "<!DOCTYPE html>\n<html lang=\"");
  put(&p, p.is_japanese ? "ja" : "en");
  put(&p,
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
  put_element(&p, "<title>", ky_tr("Municipalities side by side"), "</title><style>");
  put(&p, style);
  put_element(&p, "</style></head>\n<body><h1>", ky_tr("Municipalities side by side"), "</h1>\n");
  put_element(&p, "<p class=\"note\">",
              ky_tr("A number is only as good as the data behind it, so completeness comes first. A gap is an area "
                    "without a gathering place that is known of. Ranks invite to talk; they judge nobody."),
              "</p>\n");
  put_group(&p, KY_GROUP_COMPLETENESS, floor);
  put_needs(&p);
  for (int group = KY_GROUP_SIZE; group < KY_GROUP_COUNT; group++) put_group(&p, (ky_town_group)group, floor);
  put_similar(&p);
  put_definitions(&p, definitions, floor);
  put(&p, "</body></html>\n");
  return ky_out_close(job, &p.file);
}
