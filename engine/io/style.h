/* The look of a layer in the words of QGIS (QML) and of the OGC (SLD 1.0). */
#ifndef KAYOI_STYLE_H
#define KAYOI_STYLE_H

#include "io/looks.h"
#include "io/xml_text.h"

typedef struct ky_style {
  const ky_table *table;
  const ky_look *look;
  const char *const *names; /* of the columns in the file that is styled; NULL: their own */
} ky_style;

/* The whole file. Aliases of the columns, Japanese words of codes, symbols, names on the map. */
void ky_style_qml(const ky_style *style, ky_xml *xml);
/* What stands in a QML file and in a layer of a project alike. */
void ky_style_qml_parts(const ky_style *style, ky_xml *xml);
void ky_style_sld(const ky_style *style, ky_xml *xml);

/* The name of a column in the styled file. */
const char *ky_style_name(const ky_style *style, const ky_column *column);
/* A class's condition as an expression of QGIS: "reach" = 'unknown'. */
const char *ky_style_expression(const ky_style *style, const ky_look_class *class, ky_xml *xml);

#endif
