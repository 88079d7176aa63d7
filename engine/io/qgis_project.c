/* A QGIS project: see qgis_project.h. QGIS 3 reads it; what it does not find in it is at its defaults. */
#include "io/qgis_project.h"

#include <cpl_conv.h>
#include <inttypes.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/out_shape.h"
#include "io/style.h"

#define YEARS_MAX   16
#define ID_PREFIX   "kayoi_layer_" /* QGIS takes no id of ten characters or fewer */
#define ENTRIES_MAX (KY_TABLES_MAX + YEARS_MAX + 1)

/* The layers of the tree, from the top of the map to its bottom. */
typedef struct place {
  const char *group, *layer;
  bool is_visible, is_borders, is_per_year;
} place;

static const place places[] = {
    {"通いの場と候補地", "venues", true, false, false},   {"通いの場と候補地", "sites", true, false, false},
    {"社会資源と交通", "resources", false, false, false}, {"社会資源と交通", "stops", false, false, false},
    {"空白地帯と手立て", "gaps", true, false, false},     {"空白地帯と手立て", "mobility", false, false, false},
    {"日常生活圏域", "zones", true, true, false},         {"日常生活圏域", "zones", false, false, false},
    {"歩く距離", "streets", true, false, false},          {"歩く距離", "service_areas", false, false, false},
    {"歩く距離", "cells", false, false, false},           {"変わったところ", "changes", false, false, false},
    {"将来の年", "year_gaps", false, false, true},        {"定義を変えたとき", "cell_sensitivity", false, false, false},
    {"元データの問題", "issues", false, false, false},
};
#define OTHER_GROUP "その他の図"
#define TABLE_GROUP "表"

/* One layer of the project. */
typedef struct entry {
  const char *group, *id, *name, *subset;
  const ky_table *table;
  ky_look look;
  bool is_visible;
} entry;

typedef struct project {
  ky_job *job;
  const ky_layers *layers;
  const ky_qgis_place *place;
  ky_xml *xml;
  const char *srs; /* the element <spatialrefsys> */
  entry *of;
  uint32_t count;
} project;

static ky_err add(project *p, const char *group, const ky_table *table, bool is_borders, bool is_visible,
                  const char *subset, int64_t year) {
  entry *e = &p->of[p->count++];
  const char *alias = table->alias != NULL ? table->alias : table->layer;
  *e = (entry){.group = group, .table = table, .subset = subset, .is_visible = is_visible};
  e->id = is_borders       ? ky_format(p->xml->arena, ID_PREFIX "%s_borders", table->layer)
          : subset != NULL ? ky_format(p->xml->arena, ID_PREFIX "%s_%" PRId64, table->layer, year)
                           : ky_format(p->xml->arena, ID_PREFIX "%s", table->layer);
  e->name = is_borders       ? ky_format(p->xml->arena, "%sの境界", alias)
            : subset != NULL ? ky_format(p->xml->arena, "%s %" PRId64 "年", alias, year)
                             : alias;
  if (e->id == NULL || e->name == NULL) return ky_fail_memory(p->job);
  return is_borders ? ky_look_borders(p->job, table, &e->look) : ky_look_make(p->job, p->layers, table, &e->look);
}

/* A layer for each year of the table, each with the records of that year alone. */
static ky_err add_years(project *p, const place *at, const ky_table *table) {
  const ky_column *column = ky_table_column(table, "year");
  int64_t years[YEARS_MAX];
  uint32_t count = 0;
  for (uint32_t i = 0; column != NULL && i < table->count && count < YEARS_MAX; i++) {
    const int64_t year = column->of.fixed[i];
    if (year != KY_NULL && (count == 0 || years[count - 1] != year)) years[count++] = year; /* in their order */
  }
  for (uint32_t y = 0; y < count; y++) {
    const char *subset = ky_format(p->xml->arena, "\"year\" = %" PRId64, years[y]);
    if (subset == NULL) return ky_fail_memory(p->job);
    KY_TRY(add(p, at->group, table, false, at->is_visible, subset, years[y]));
  }
  return count == 0 ? add(p, at->group, table, false, at->is_visible, NULL, 0) : KY_OK;
}

static ky_err add_others(project *p, bool tables) {
  for (uint32_t t = 0; t < p->layers->count; t++) {
    const ky_table *table = &p->layers->tables[t];
    bool is_placed = false;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) is_placed |= strcmp(places[i].layer, table->layer) == 0;
    const bool is_table = ky_shapes_form(table->shapes).kind == KY_SHAPE_NONE;
    if (is_table == tables && (is_table || !is_placed))
      KY_TRY(add(p, is_table ? TABLE_GROUP : OTHER_GROUP, table, false, false, NULL, 0));
  }
  return KY_OK;
}

static ky_err add_all(project *p) {
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const ky_table *table = ky_layers_find(p->layers, places[i].layer);
    if (table == NULL || ky_shapes_form(table->shapes).kind == KY_SHAPE_NONE) continue;
    if (places[i].is_per_year)
      KY_TRY(add_years(p, &places[i], table));
    else
      KY_TRY(add(p, places[i].group, table, places[i].is_borders, places[i].is_visible, NULL, 0));
  }
  KY_TRY(add_others(p, false));
  return add_others(p, true);
}

static ky_err make_srs(project *p) {
  const char *const wkt2[] = {"FORMAT=WKT2_2019", NULL};
  OGRSpatialReferenceH crs = OSRNewSpatialReference(NULL);
  char *wkt = NULL;
  const bool is_done = crs != NULL && OSRSetFromUserInput(crs, p->layers->crs) == OGRERR_NONE &&
                       OSRExportToWktEx(crs, &wkt, wkt2) == OGRERR_NONE;
  /* srsid: any number of QGIS's own makes it look for the code first */
  if (is_done)
    p->srs = ky_format(p->xml->arena,
                       "<spatialrefsys nativeFormat=\"Wkt\"><wkt>%s</wkt><srsid>1</srsid><authid>%s</authid>"
                       "</spatialrefsys>",
                       ky_xml_escape(p->xml, wkt),
                       strncmp(p->layers->crs, "EPSG:", 5) == 0 ? ky_xml_escape(p->xml, p->layers->crs) : "");
  CPLFree(wkt);
  if (crs != NULL) OSRDestroySpatialReference(crs);
  if (!is_done) return ky_fail(p->job, KY_E_INTERNAL, "kayoi.qgs: %s", p->layers->crs);
  return p->srs != NULL ? KY_OK : ky_fail_memory(p->job);
}

static const char *source_of(project *p, const entry *e) {
  const char *source = p->place->source(p->place->user, p->xml->arena, e->table, e->subset);
  p->xml->is_out_of_memory |= source == NULL;
  return source != NULL ? ky_xml_escape(p->xml, source) : "";
}

static void put_tree(project *p) {
  ky_xml_put(p->xml, "<layer-tree-group>\n<customproperties/>\n");
  for (uint32_t i = 0; i < p->count; i++) {
    const entry *e = &p->of[i];
    const bool is_first = i == 0 || strcmp(p->of[i - 1].group, e->group) != 0;
    bool is_open = false;
    for (uint32_t k = i; is_first && k < p->count && strcmp(p->of[k].group, e->group) == 0; k++)
      is_open |= p->of[k].is_visible;
    if (is_first && i != 0) ky_xml_put(p->xml, "</layer-tree-group>\n");
    if (is_first)
      ky_xml_put(p->xml, "<layer-tree-group name=\"%s\" expanded=\"%d\" checked=\"Qt::Checked\">\n",
                 ky_xml_escape(p->xml, e->group), is_open);
    ky_xml_put(p->xml,
               "<layer-tree-layer id=\"%s\" name=\"%s\" providerKey=\"%s\" source=\"%s\" expanded=\"%d\" "
               "checked=\"Qt::%s\"/>\n",
               e->id, ky_xml_escape(p->xml, e->name), p->place->provider, source_of(p, e), e->is_visible,
               e->is_visible ? "Checked" : "Unchecked");
  }
  ky_xml_put(p->xml, "%s</layer-tree-group>\n", p->count != 0 ? "</layer-tree-group>\n" : "");
}

static void put_layer(project *p, const entry *e) {
  static const char *const kinds[] = {[KY_SHAPE_NONE] = "No geometry",
                                      [KY_SHAPE_POINT] = "Point",
                                      [KY_SHAPE_LINE] = "Line",
                                      [KY_SHAPE_POLYGON] = "Polygon"};
  const bool is_named = p->place->names != NULL;
  const ky_style style = {.table = e->table,
                          .look = &e->look,
                          .names = is_named ? p->place->names(p->place->user, p->xml->arena, e->table) : NULL};
  p->xml->is_out_of_memory |= is_named && style.names == NULL;
  ky_xml_put(p->xml,
             "<maplayer type=\"vector\" geometry=\"%s\" autoRefreshEnabled=\"0\" labelsEnabled=\"1\" "
             "styleCategories=\"AllStyleCategories\">\n<id>%s</id>\n<datasource>%s</datasource>\n",
             kinds[e->look.kind], e->id, source_of(p, e));
  ky_xml_put(p->xml,
             "<shortname>%s</shortname>\n<layername>%s</layername>\n<provider encoding=\"UTF-8\">%s</provider>\n",
             e->id + strlen(ID_PREFIX), ky_xml_escape(p->xml, e->name), p->place->provider);
  if (e->look.kind != KY_SHAPE_NONE) ky_xml_put(p->xml, "<srs>%s</srs>\n", p->srs);
  ky_style_qml_parts(&style, p->xml);
  ky_xml_put(p->xml, "</maplayer>\n");
}

/* The zones and a little around them; else all there is. */
static ky_box view(const project *p) {
  ky_box box = {.x_min = INFINITY, .y_min = INFINITY, .x_max = -INFINITY, .y_max = -INFINITY};
  const ky_table *zones = ky_layers_find(p->layers, "zones");
  if (zones != NULL && zones->shapes != NULL && zones->shapes->vertex_count != 0) box = ky_shapes_box(zones->shapes);
  for (uint32_t t = 0; t < p->layers->count && !(box.x_min <= box.x_max); t++)
    if (p->layers->tables[t].shapes != NULL && p->layers->tables[t].shapes->vertex_count != 0)
      box = ky_shapes_box(p->layers->tables[t].shapes);
  if (!(box.x_min <= box.x_max)) return (ky_box){0, 0, 1, 1};
  const double margin = 0.03 * fmax(fmax(box.x_max - box.x_min, box.y_max - box.y_min), 1000);
  return (ky_box){box.x_min - margin, box.y_min - margin, box.x_max + margin, box.y_max + margin};
}

static void put_canvas(project *p) {
  const ky_box box = view(p);
  ky_xml_put(p->xml,
             "<mapcanvas name=\"theMapCanvas\" annotationsVisible=\"1\"><units>meters</units>"
             "<extent><xmin>%lld</xmin><ymin>%lld</ymin><xmax>%lld</xmax><ymax>%lld</ymax></extent>"
             "<rotation>0</rotation><destinationsrs>%s</destinationsrs></mapcanvas>\n",
             llround(box.x_min), llround(box.y_min), llround(box.x_max), llround(box.y_max), p->srs);
}

/* For QGIS Server: what it offers as WMS and WFS. Paths are relative to the project, so that the folder can be moved.
 */
static void put_properties(project *p, const char *title) {
  ky_xml_put(p->xml,
             "<properties>\n<Paths><Absolute type=\"bool\">false</Absolute></Paths>\n"
             "<SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\n"
             "<WMSServiceCapabilities type=\"bool\">true</WMSServiceCapabilities>\n");
  ky_xml_put(p->xml, "<WMSServiceTitle type=\"QString\">%s</WMSServiceTitle>\n", title);
  if (strncmp(p->layers->crs, "EPSG:", 5) == 0)
    ky_xml_put(p->xml,
               "<WMSCrsList type=\"QStringList\"><value>%s</value><value>EPSG:4326</value><value>EPSG:3857</value>"
               "</WMSCrsList>\n",
               ky_xml_escape(p->xml, p->layers->crs));
  ky_xml_put(p->xml, "<WFSLayers type=\"QStringList\">");
  for (uint32_t i = 0; i < p->count; i++) ky_xml_put(p->xml, "<value>%s</value>", p->of[i].id);
  ky_xml_put(p->xml, "</WFSLayers>\n<WFSLayersPrecision>");
  for (uint32_t i = 0; i < p->count; i++) ky_xml_put(p->xml, "<%s type=\"int\">3</%s>", p->of[i].id, p->of[i].id);
  ky_xml_put(p->xml, "</WFSLayersPrecision>\n</properties>\n");
}

ky_err ky_qgis_project(ky_job *job, const ky_layers *layers, const ky_qgis_place *place_of, const char *title,
                       ky_xml *xml) {
  project p = {.job = job, .layers = layers, .place = place_of, .xml = xml};
  const char *named = ky_xml_escape(xml, title != NULL ? title : "kayoi");
  KY_NEW(job, scratch, p.of, ENTRIES_MAX);
  KY_TRY(make_srs(&p));
  KY_TRY(add_all(&p));
  ky_xml_put(xml,
             "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
             "<qgis version=\"3.22.0\" projectname=\"%s\">\n",
             named);
  ky_xml_put(xml, "<homePath path=\"\"/>\n<title>%s</title>\n<projectCrs>%s</projectCrs>\n", named, p.srs);
  put_tree(&p);
  put_canvas(&p);
  ky_xml_put(xml, "<projectlayers>\n");
  for (uint32_t i = 0; i < p.count; i++) put_layer(&p, &p.of[i]);
  ky_xml_put(xml, "</projectlayers>\n<layerorder>\n");
  for (uint32_t i = 0; i < p.count; i++) ky_xml_put(xml, "<layer id=\"%s\"/>\n", p.of[i].id);
  ky_xml_put(xml, "</layerorder>\n");
  put_properties(&p, named);
  ky_xml_put(xml, "</qgis>\n");
  return xml->is_out_of_memory ? ky_fail_memory(job) : KY_OK;
}
