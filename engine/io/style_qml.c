/* QML: the style of one layer as QGIS 3 reads it. */
#include <kayoi/place.h>
#include <string.h>

#include "core/code_words.h"
#include "io/style.h"

#define WORDS_MAX 64 /* of one column; more are no codes */

const char *ky_style_name(const ky_style *style, const ky_column *column) {
  return style->names != NULL ? style->names[column - style->table->columns] : column->name;
}

/* In an expression of QGIS, not yet escaped for XML. mark: '\'' for texts, '"' for names. */
static const char *quoted(ky_xml *xml, const char *text, char mark) {
  char *out = ky_arena_alloc(xml->arena, 2 * strlen(text) + 3, 1), *at = out;
  xml->is_out_of_memory |= out == NULL;
  if (out == NULL) return "";
  *at++ = mark;
  for (; *text != '\0'; text++) {
    if (*text == mark) *at++ = mark;
    if (*text == '\\' && mark == '\'') *at++ = '\\';
    *at++ = *text;
  }
  *at++ = mark;
  *at = '\0';
  return out;
}

static const char *number(ky_xml *xml, const ky_column *column, int64_t value) {
  char text[32];
  ky_fixed_text(text, value, column->decimals);
  return ky_xml_escape(xml, text);
}

static void put_test(ky_xml *expression, const ky_style *style, const ky_look_test *test) {
  const char *name = quoted(expression, ky_style_name(style, test->column), '"');
  if (expression->used != 0) ky_xml_put(expression, " AND ");
  switch (test->kind) {
    case KY_TEST_CODE:
      ky_xml_put(expression, "%s = %s", name, quoted(expression, test->code, '\''));
      break;
    case KY_TEST_NULL:
      ky_xml_put(expression, "%s IS NULL", name);
      break;
    case KY_TEST_KNOWN:
      ky_xml_put(expression, "%s IS NOT NULL", name);
      break;
    case KY_TEST_TRUE:
      ky_xml_put(expression, "%s = TRUE", name);
      break;
    case KY_TEST_FALSE:
      ky_xml_put(expression, "%s = FALSE", name);
      break;
    case KY_TEST_RANGE:
      if (test->above == KY_NULL && test->up_to == KY_NULL) ky_xml_put(expression, "%s IS NOT NULL", name);
      if (test->above != KY_NULL)
        ky_xml_put(expression, "%s > %s%s", name, number(expression, test->column, test->above),
                   test->up_to != KY_NULL ? " AND " : "");
      if (test->up_to != KY_NULL)
        ky_xml_put(expression, "%s <= %s", name, number(expression, test->column, test->up_to));
      break;
  }
}

const char *ky_style_expression(const ky_style *style, const ky_look_class *class, ky_xml *xml) {
  ky_xml expression = ky_xml_new(xml->arena);
  for (uint32_t t = 0; t < class->test_count; t++) put_test(&expression, style, &class->test[t]);
  xml->is_out_of_memory |= expression.is_out_of_memory;
  return expression.text;
}

/* "213,94,0,255" */
static const char *colour(ky_xml *xml, uint32_t rgb, uint32_t pct) {
  const char *text = ky_format(xml->arena, "%u,%u,%u,%u", rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF, pct * 255 / 100);
  xml->is_out_of_memory |= text == NULL;
  return text != NULL ? text : "";
}

static void put_property(ky_xml *xml, const char *key, const char *value) {
  ky_xml_put(xml, "<prop k=\"%s\" v=\"%s\"/>", key, value);
}

static const char *line_style(const ky_look_class *class) {
  return class->line_um == 0 ? "no" : class->is_dashed ? "dash" : "solid";
}

static void put_outline(ky_xml *xml, const ky_look_class *class) {
  put_property(xml, "outline_color", colour(xml, class->line, class->line_pct));
  put_property(xml, "outline_style", line_style(class));
  put_property(xml, "outline_width", ky_xml_mm(xml, class->line_um));
  put_property(xml, "outline_width_unit", "MM");
}

/* `prop` and not the newer Option: every QGIS 3 reads it. */
static void put_symbol(ky_xml *xml, ky_shape_kind kind, const ky_look_class *class, uint32_t index) {
  static const char *const types[] = {
      [KY_SHAPE_POINT] = "marker", [KY_SHAPE_LINE] = "line", [KY_SHAPE_POLYGON] = "fill"};
  static const char *const layers[] = {
      [KY_SHAPE_POINT] = "SimpleMarker", [KY_SHAPE_LINE] = "SimpleLine", [KY_SHAPE_POLYGON] = "SimpleFill"};
  static const char *const marks[] = {
      [KY_MARK_CIRCLE] = "circle",     [KY_MARK_SQUARE] = "square", [KY_MARK_DIAMOND] = "diamond",
      [KY_MARK_TRIANGLE] = "triangle", [KY_MARK_STAR] = "star",     [KY_MARK_CROSS] = "cross2"};
  ky_xml_put(xml, "<symbol type=\"%s\" name=\"%u\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n", types[kind],
             index);
  ky_xml_put(xml, "<layer class=\"%s\" enabled=\"1\" locked=\"0\" pass=\"0\">", layers[kind]);
  if (kind == KY_SHAPE_LINE) {
    put_property(xml, "line_color", colour(xml, class->fill, class->line_pct));
    put_property(xml, "line_style", line_style(class));
    put_property(xml, "line_width", ky_xml_mm(xml, class->line_um));
    put_property(xml, "line_width_unit", "MM");
    put_property(xml, "capstyle", "round");
    put_property(xml, "joinstyle", "round");
  } else {
    put_property(xml, "color", colour(xml, class->fill, class->fill_pct));
    put_outline(xml, class);
    put_property(xml, "joinstyle", "round");
    if (kind == KY_SHAPE_POLYGON) put_property(xml, "style", class->fill_pct == 0 ? "no" : "solid");
  }
  if (kind == KY_SHAPE_POINT) {
    put_property(xml, "name", marks[class->mark]);
    put_property(xml, "size", ky_xml_mm(xml, class->size_um));
    put_property(xml, "size_unit", "MM");
  }
  ky_xml_put(xml, "</layer>\n</symbol>\n");
}

static void put_renderer(const ky_style *style, ky_xml *xml) {
  const ky_look *look = style->look;
  ky_xml_put(xml, "<renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" forceraster=\"0\" enableorderby=\"%d\">\n",
             look->order != NULL);
  ky_xml_put(xml, "<rules key=\"{kayoi-%s}\">\n", style->table->layer);
  for (uint32_t c = 0; c < look->count; c++)
    ky_xml_put(xml, "<rule key=\"{kayoi-%s-%u}\" symbol=\"%u\" label=\"%s\" filter=\"%s\"/>\n", style->table->layer, c,
               c, ky_xml_escape(xml, look->of[c].label),
               ky_xml_escape(xml, ky_style_expression(style, &look->of[c], xml)));
  ky_xml_put(xml, "</rules>\n<symbols>\n");
  for (uint32_t c = 0; c < look->count; c++) put_symbol(xml, look->kind, &look->of[c], c);
  ky_xml_put(xml, "</symbols>\n");
  if (look->order != NULL)
    ky_xml_put(xml, "<orderby><orderByClause asc=\"0\" nullsFirst=\"0\">%s</orderByClause></orderby>\n",
               ky_xml_escape(xml, quoted(xml, ky_style_name(style, look->order), '"')));
  ky_xml_put(xml, "</renderer-v2>\n");
}

/* Black on a white rim, so that it reads on every colour of the map. */
static void put_names(const ky_style *style, ky_xml *xml) {
  static const int placements[] = {[KY_SHAPE_POINT] = 6, [KY_SHAPE_LINE] = 2, [KY_SHAPE_POLYGON] = 1};
  const ky_look *look = style->look;
  if (look->name[0] == NULL) {
    ky_xml_put(xml, "<labeling type=\"none\"/>\n");
    return;
  }
  ky_xml text = ky_xml_new(xml->arena);
  ky_xml_put(&text, "concat(%s, %s, %s", quoted(xml, look->name_before != NULL ? look->name_before : "", '\''),
             quoted(xml, ky_style_name(style, look->name[0]), '"'),
             quoted(xml, look->name_after != NULL ? look->name_after : "", '\''));
  if (look->name[1] != NULL) ky_xml_put(&text, ", ' ', %s", quoted(xml, ky_style_name(style, look->name[1]), '"'));
  ky_xml_put(&text, ")");
  xml->is_out_of_memory |= text.is_out_of_memory;
  ky_xml_put(xml,
             "<labeling type=\"simple\"><settings calloutType=\"simple\">\n"
             "<text-style fieldName=\"%s\" isExpression=\"1\" fontFamily=\"sans-serif\" fontWeight=\"50\" "
             "namedStyle=\"Book\" fontSize=\"9\" "
             "fontSizeUnit=\"Point\" textColor=\"0,0,0,255\" textOpacity=\"1\" useSubstitutions=\"0\">"
             "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,230\" "
             "bufferOpacity=\"0.9\" bufferJoinStyle=\"128\"/></text-style>\n",
             ky_xml_escape(xml, text.text));
  ky_xml_put(xml,
             "<placement placement=\"%d\" predefinedPositionOrder=\"TR,TL,BR,BL,R,L,TSR,BSR\" dist=\"0.5\" "
             "distUnits=\"MM\" centroidInside=\"1\" priority=\"5\"/>\n",
             placements[look->kind]);
  ky_xml_put(xml, "<rendering drawLabels=\"1\" scaleVisibility=\"%d\" scaleMin=\"0\" scaleMax=\"%u\"/>\n",
             look->name_scale != 0, look->name_scale);
  ky_xml_put(xml, "</settings></labeling>\n");
}

/* Codes of a column that have a Japanese word, each once, in the order of their first record. */
static uint32_t words_of(const ky_table *table, const ky_column *column, const char *codes[WORDS_MAX]) {
  uint32_t count = 0;
  if (column->type != KY_COLUMN_TEXT) return 0;
  for (uint32_t i = 0; i < table->count; i++) {
    const char *code = column->of.text[i];
    bool is_known = code == NULL || (count != 0 && strcmp(codes[count - 1], code) == 0);
    for (uint32_t k = 0; k < count && !is_known; k++) is_known = strcmp(codes[k], code) == 0;
    if (is_known) continue;
    if (ky_code_word(column->name, code) == NULL || count == WORDS_MAX) return 0; /* free text */
    codes[count++] = code;
  }
  return count;
}

static void put_fields(const ky_style *style, ky_xml *xml) {
  const ky_table *table = style->table;
  ky_xml_put(xml, "<fieldConfiguration>\n");
  for (uint32_t c = 0; c < table->column_count; c++) {
    const char *codes[WORDS_MAX];
    const uint32_t count = words_of(table, &table->columns[c], codes);
    if (count == 0) continue;
    ky_xml_put(xml,
               "<field name=\"%s\"><editWidget type=\"ValueMap\"><config><Option type=\"Map\">"
               "<Option name=\"map\" type=\"List\">\n",
               ky_xml_escape(xml, ky_style_name(style, &table->columns[c])));
    for (uint32_t k = 0; k < count; k++)
      ky_xml_put(xml, "<Option type=\"Map\"><Option name=\"%s\" type=\"QString\" value=\"%s\"/></Option>\n",
                 ky_xml_escape(xml, ky_code_word(table->columns[c].name, codes[k])), ky_xml_escape(xml, codes[k]));
    ky_xml_put(xml, "</Option></Option></config></editWidget></field>\n");
  }
  ky_xml_put(xml, "</fieldConfiguration>\n<aliases>\n");
  for (uint32_t c = 0; c < table->column_count; c++)
    if (table->columns[c].alias != NULL)
      ky_xml_put(xml, "<alias field=\"%s\" index=\"%u\" name=\"%s\"/>\n",
                 ky_xml_escape(xml, ky_style_name(style, &table->columns[c])), c + 1,
                 ky_xml_escape(xml, table->columns[c].alias));
  ky_xml_put(xml, "</aliases>\n");
}

/* By what a record is called in lists: its name where it has one. */
static const ky_column *title_of(const ky_table *table) {
  static const char *const names[] = {"name", "gap_name", "site_name", "place_name"};
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    const ky_column *column = ky_table_column(table, names[n]);
    for (uint32_t i = 0; column != NULL && column->type == KY_COLUMN_TEXT && i < table->count; i++)
      if (column->of.text[i] != NULL) return column;
  }
  return table->column_count != 0 ? &table->columns[0] : NULL;
}

void ky_style_qml_parts(const ky_style *style, ky_xml *xml) {
  const ky_column *title = title_of(style->table);
  put_fields(style, xml);
  if (style->look->kind != KY_SHAPE_NONE) {
    put_renderer(style, xml);
    put_names(style, xml);
    ky_xml_put(xml,
               "<blendMode>0</blendMode>\n<featureBlendMode>0</featureBlendMode>\n<layerOpacity>1</layerOpacity>\n");
  }
  if (title != NULL)
    ky_xml_put(xml, "<previewExpression>%s</previewExpression>\n",
               ky_xml_escape(xml, quoted(xml, ky_style_name(style, title), '"')));
}

void ky_style_qml(const ky_style *style, ky_xml *xml) {
  static const int geometry[] = {
      [KY_SHAPE_NONE] = 4, [KY_SHAPE_POINT] = 0, [KY_SHAPE_LINE] = 1, [KY_SHAPE_POLYGON] = 2};
  ky_xml_put(xml,
             "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
             "<qgis version=\"3.22.0\" labelsEnabled=\"1\" styleCategories=\"AllStyleCategories\">\n");
  ky_style_qml_parts(style, xml);
  ky_xml_put(xml, "<layerGeometryType>%d</layerGeometryType>\n</qgis>\n", geometry[style->look->kind]);
}
