/* SLD 1.0: the style of one layer as GeoServer, MapServer and QGIS read it. */
#include "io/style.h"

#define PIXEL_UM 280 /* the standard's pixel, micrometres */

/* Micrometres as pixels with two decimals. */
static const char *pixels(ky_xml *xml, uint32_t um) {
  const uint32_t hundredths = (um * 100 + PIXEL_UM / 2) / PIXEL_UM;
  const char *text = ky_format(xml->arena, "%u.%02u", hundredths / 100, hundredths % 100);
  xml->is_out_of_memory |= text == NULL;
  return text != NULL ? text : "";
}

static void put_property(ky_xml *xml, const ky_style *style, const ky_column *column) {
  ky_xml_put(xml, "<ogc:PropertyName>%s</ogc:PropertyName>", ky_xml_escape(xml, ky_style_name(style, column)));
}

static void put_compared(ky_xml *xml, const ky_style *style, const ky_column *column, const char *operation,
                         const char *literal) {
  ky_xml_put(xml, "<ogc:%s>", operation);
  put_property(xml, style, column);
  ky_xml_put(xml, "<ogc:Literal>%s</ogc:Literal></ogc:%s>", ky_xml_escape(xml, literal), operation);
}

static void put_null(ky_xml *xml, const ky_style *style, const ky_column *column, bool is_null) {
  ky_xml_put(xml, is_null ? "<ogc:PropertyIsNull>" : "<ogc:Not><ogc:PropertyIsNull>");
  put_property(xml, style, column);
  ky_xml_put(xml, is_null ? "</ogc:PropertyIsNull>" : "</ogc:PropertyIsNull></ogc:Not>");
}

/* How many elements of the filter a test makes. */
static uint32_t parts_of(const ky_look_test *test) {
  return test->kind == KY_TEST_RANGE && test->above != KY_NULL && test->up_to != KY_NULL ? 2 : 1;
}

static void put_test(ky_xml *xml, const ky_style *style, const ky_look_test *test) {
  char number[32];
  switch (test->kind) {
    case KY_TEST_CODE:
      put_compared(xml, style, test->column, "PropertyIsEqualTo", test->code);
      return;
    case KY_TEST_NULL:
    case KY_TEST_KNOWN:
      put_null(xml, style, test->column, test->kind == KY_TEST_NULL);
      return;
    case KY_TEST_TRUE:
    case KY_TEST_FALSE:
      put_compared(xml, style, test->column, "PropertyIsEqualTo", test->kind == KY_TEST_TRUE ? "true" : "false");
      return;
    case KY_TEST_RANGE:
      break;
  }
  if (test->above == KY_NULL && test->up_to == KY_NULL) put_null(xml, style, test->column, false);
  if (test->above != KY_NULL) {
    ky_fixed_text(number, test->above, test->column->decimals);
    put_compared(xml, style, test->column, "PropertyIsGreaterThan", number);
  }
  if (test->up_to != KY_NULL) {
    ky_fixed_text(number, test->up_to, test->column->decimals);
    put_compared(xml, style, test->column, "PropertyIsLessThanOrEqualTo", number);
  }
}

static void put_filter(ky_xml *xml, const ky_style *style, const ky_look_class *class) {
  uint32_t parts = 0;
  for (uint32_t t = 0; t < class->test_count; t++) parts += parts_of(&class->test[t]);
  if (parts == 0) return;
  ky_xml_put(xml, "<ogc:Filter>%s", parts > 1 ? "<ogc:And>" : "");
  for (uint32_t t = 0; t < class->test_count; t++) put_test(xml, style, &class->test[t]);
  ky_xml_put(xml, "%s</ogc:Filter>\n", parts > 1 ? "</ogc:And>" : "");
}

static void put_stroke(ky_xml *xml, uint32_t rgb, const ky_look_class *class) {
  if (class->line_um == 0) return;
  ky_xml_put(xml, "<Stroke><CssParameter name=\"stroke\">#%06X</CssParameter>", rgb);
  ky_xml_put(xml, "<CssParameter name=\"stroke-width\">%s</CssParameter>", pixels(xml, class->line_um));
  ky_xml_put(xml, "<CssParameter name=\"stroke-opacity\">%u.%02u</CssParameter>", class->line_pct / 100,
             class->line_pct % 100);
  if (class->is_dashed) ky_xml_put(xml, "<CssParameter name=\"stroke-dasharray\">6 4</CssParameter>");
  ky_xml_put(xml, "</Stroke>");
}

static void put_fill(ky_xml *xml, const ky_look_class *class) {
  if (class->fill_pct == 0) return;
  ky_xml_put(xml,
             "<Fill><CssParameter name=\"fill\">#%06X</CssParameter>"
             "<CssParameter name=\"fill-opacity\">%u.%02u</CssParameter></Fill>",
             class->fill, class->fill_pct / 100, class->fill_pct % 100);
}

static void put_symbol(ky_xml *xml, ky_shape_kind kind, const ky_look_class *class) {
  /* the standard knows no diamond: a square turned by 45 degrees */
  static const char *const marks[] = {
      [KY_MARK_CIRCLE] = "circle",     [KY_MARK_SQUARE] = "square", [KY_MARK_DIAMOND] = "square",
      [KY_MARK_TRIANGLE] = "triangle", [KY_MARK_STAR] = "star",     [KY_MARK_CROSS] = "x"};
  if (kind == KY_SHAPE_LINE) {
    ky_xml_put(xml, "<LineSymbolizer>");
    put_stroke(xml, class->fill, class);
    ky_xml_put(xml, "</LineSymbolizer>\n");
    return;
  }
  ky_xml_put(xml, kind == KY_SHAPE_POLYGON ? "<PolygonSymbolizer>" : "<PointSymbolizer><Graphic><Mark>");
  if (kind == KY_SHAPE_POINT) ky_xml_put(xml, "<WellKnownName>%s</WellKnownName>", marks[class->mark]);
  put_fill(xml, class);
  put_stroke(xml, class->line, class);
  if (kind == KY_SHAPE_POLYGON) {
    ky_xml_put(xml, "</PolygonSymbolizer>\n");
    return;
  }
  ky_xml_put(xml, "</Mark><Size>%s</Size>%s</Graphic></PointSymbolizer>\n", pixels(xml, class->size_um),
             class->mark == KY_MARK_DIAMOND ? "<Rotation>45</Rotation>" : "");
}

static void put_names(ky_xml *xml, const ky_style *style) {
  const ky_look *look = style->look;
  if (look->name[0] == NULL) return;
  ky_xml_put(xml, "<Rule><Name>names</Name><Title>名称</Title>\n");
  if (look->name_scale != 0) ky_xml_put(xml, "<MaxScaleDenominator>%u</MaxScaleDenominator>\n", look->name_scale);
  ky_xml_put(xml, "<TextSymbolizer><Label>");
  if (look->name_before != NULL)
    ky_xml_put(xml, "<ogc:Literal>%s</ogc:Literal>", ky_xml_escape(xml, look->name_before));
  put_property(xml, style, look->name[0]);
  if (look->name_after != NULL) ky_xml_put(xml, "<ogc:Literal>%s</ogc:Literal>", ky_xml_escape(xml, look->name_after));
  if (look->name[1] != NULL) {
    ky_xml_put(xml, "<ogc:Literal> </ogc:Literal>");
    put_property(xml, style, look->name[1]);
  }
  ky_xml_put(xml,
             "</Label><Font><CssParameter name=\"font-family\">sans-serif</CssParameter>"
             "<CssParameter name=\"font-size\">12</CssParameter></Font>");
  if (look->kind == KY_SHAPE_POINT)
    ky_xml_put(xml,
               "<LabelPlacement><PointPlacement><AnchorPoint><AnchorPointX>0</AnchorPointX>"
               "<AnchorPointY>0.5</AnchorPointY></AnchorPoint><Displacement><DisplacementX>8</DisplacementX>"
               "<DisplacementY>0</DisplacementY></Displacement></PointPlacement></LabelPlacement>");
  ky_xml_put(xml,
             "<Halo><Radius>2</Radius><Fill><CssParameter name=\"fill\">#FFFFFF</CssParameter></Fill></Halo>"
             "<Fill><CssParameter name=\"fill\">#000000</CssParameter></Fill></TextSymbolizer></Rule>\n");
}

void ky_style_sld(const ky_style *style, ky_xml *xml) {
  const ky_look *look = style->look;
  ky_xml_put(xml,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<StyledLayerDescriptor version=\"1.0.0\" xmlns=\"http://www.opengis.net/sld\" "
             "xmlns:ogc=\"http://www.opengis.net/ogc\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
             "xsi:schemaLocation=\"http://www.opengis.net/sld "
             "http://schemas.opengis.net/sld/1.0.0/StyledLayerDescriptor.xsd\">\n"
             "<NamedLayer><Name>%s</Name>\n<UserStyle><Name>%s</Name><Title>%s</Title>\n<FeatureTypeStyle>\n",
             ky_xml_escape(xml, style->table->layer), ky_xml_escape(xml, style->table->layer),
             ky_xml_escape(xml, style->table->alias != NULL ? style->table->alias : style->table->layer));
  /* what is drawn first lies below: with an order, the last class (the largest) goes first, in a step of its own */
  for (uint32_t i = 0; i < look->count; i++) {
    const uint32_t c = look->order != NULL ? look->count - 1 - i : i;
    if (look->order != NULL && i != 0) ky_xml_put(xml, "</FeatureTypeStyle>\n<FeatureTypeStyle>\n");
    ky_xml_put(xml, "<Rule><Name>%s_%u</Name><Title>%s</Title>\n", ky_xml_escape(xml, style->table->layer), c,
               ky_xml_escape(xml, look->of[c].label));
    put_filter(xml, style, &look->of[c]);
    put_symbol(xml, look->kind, &look->of[c]);
    ky_xml_put(xml, "</Rule>\n");
  }
  put_names(xml, style);
  ky_xml_put(xml, "</FeatureTypeStyle>\n</UserStyle></NamedLayer>\n</StyledLayerDescriptor>\n");
}
