/* The data to get. Table ids and codes: formats.md. */
#include "cli_data_checklist.h"

#include <kayoi/job.h>

typedef struct item {
  const char *what;  /* KY_MSG */
  const char *where; /* KY_MSG */
  const char *key;   /* of the configuration */
} item;

static const item needed[] = {
    {KY_MSG("Population by grid"),
     KY_MSG("e-Stat, census 2020, all first-level meshes of the town. JGD2011: 500 m T001141, 250 m T001142, 1 km "
            "T001140; JGD2000: 500 m T001101, 250 m T001102, 1 km T001100. Take one table. tbl....txt as it comes. Or "
            "small areas: boundaries r2ka....zip as path:, their ages "
            "T001082 as table:"),
     "residents"},
    {KY_MSG("Gathering places (通いの場)"),
     KY_MSG("the national open data, or your own list as CSV: name, longitude, latitude, sessions per month, "
            "participants, run by residents or not"),
     "venues"},
    {KY_MSG("Daily-living zones (日常生活圏域)"),
     KY_MSG("polygons of your GIS; else small areas of e-Stat (r2ka, 小地域) with a table of area and zone "
            "(zones.lookup), or school districts of KSJ: A27 (elementary), A32 (junior high)"),
     "zones"},
    {KY_MSG("Roads"),
     KY_MSG(
         "an OpenStreetMap extract (.osm.pbf) cut some km outside the border, KSJ N13, or road centre lines; noding: "
         "joins lines that share no vertices at junctions"),
     "roads"},
};

static const item useful[] = {
    {KY_MSG("Municipal border"), KY_MSG("KSJ N03, your municipality only; left out, the zones are the municipality"),
     "municipality.border"},
    {KY_MSG("People per zone"),
     KY_MSG("resident register (住民基本台帳) by zone: all ages, 65+, 75+, 85+, men and women, date"),
     "zones.official"},
    {KY_MSG("Public halls and other sites"), KY_MSG("KSJ P05, or the list of public facilities (公共施設一覧)"),
     "sites.sources"},
    {KY_MSG("Shops, clinics, providers with vehicles"),
     KY_MSG("lists of your own; clinics: open data (医療機関一覧) or KSJ P04, with kind: clinic"), "resources"},
    {KY_MSG("Elevation"),
     KY_MSG("FG-GML DEM5A or DEM10B (zips as delivered), GeoTIFF or SRTM .hgt of the whole town; only where slopes "
            "should count"),
     "elevation"},
    {KY_MSG("Buildings"),
     KY_MSG(
         "PLATEAU as Shapefile, GeoPackage or FlatGeobuf (not CityGML itself), with use and storeys; else the "
         "buildings "
         "of the GSI (基盤地図情報 建築物), OpenStreetMap where it shows all houses, or the survey of city planning"),
     "buildings"},
    {KY_MSG("People of further years"),
     KY_MSG(
         "KSJ 将来推計人口メッシュ (mesh250 / mesh500 / mesh1000, edition 2024 or 2018): projections by age to 2050"),
     "years.sources"},
    {KY_MSG("Buses and trains"),
     KY_MSG("GTFS / GTFS-JP zips of the operators; without them KSJ P11 (bus stops) and N02 (stations)"), "transit"},
};

static void show_items(FILE *out, const char *title, const item *items, size_t count) {
  fprintf(out, "\n%s\n", title);
  for (size_t i = 0; i < count; i++) {
    fprintf(out, "  [ ] %s  (%s:)\n      %s\n", ky_tr(items[i].what), items[i].key, ky_tr(items[i].where));
  }
}

void ky_data_checklist(FILE *out) {
  fprintf(out, "%s\n", ky_tr("The data that kayoi needs, and where it comes from"));
  show_items(out, ky_tr("Needed:"), needed, sizeof needed / sizeof *needed);
  show_items(out, ky_tr("Useful:"), useful, sizeof useful / sizeof *useful);
  fprintf(out, "\n%s\n",
          ky_tr("Kept by hand, in the workbook that kayoi init writes (kayoi.xlsx): venues, people per zone, shops and "
                "clinics, providers with vehicles."));
  fprintf(
      out, "%s\n",
      ky_tr("Tables and views of PostGIS are sources like files: postgis: {service: gis, table: public.residents} in "
            "place of path:."));
  fprintf(out, "%s\n",
          ky_tr("KSJ: 国土数値情報 of MLIT; keep its zips as they are. Write down the reference date of every file."));
  fprintf(out, "%s\n",
          ky_tr("Put all files into one folder, then: kayoi init DIR --from FOLDER, and kayoi check DIR/kayoi.yaml"));
}
