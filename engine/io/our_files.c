/* Which files of OUT/internal kayoi writes itself. */
#include "io/our_files.h"

#include <kayoi/write.h>
#include <string.h>

#define SCENARIOS "scenarios/" /* a folder for each, with what internal/ itself may hold */
#define STYLES    "styles/"
#define TILES     "tiles/"
#define REPORT    "report/"
#define DATA      "data/"

/* The files of all layers together. What SQLite keeps beside a GeoPackage that is open belongs to the file that goes:
 * it would spoil the new one. */
static bool is_whole_result(const char *name) {
  static const char *const names[] = {"kayoi.gpkg", "kayoi.gpkg-wal", "kayoi.gpkg-shm",    "kayoi.gpkg-journal",
                                      "kayoi.xlsx", "kayoi.qgs",      "kayoi-postgis.qgs", "shapefile_fields.csv"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

static bool is_layer(const char *name, size_t length) {
  for (size_t i = 0; ky_layer_name(i) != NULL; i++)
    if (strlen(ky_layer_name(i)) == length && strncmp(ky_layer_name(i), name, length) == 0) return true;
  return false;
}

/* <layer>.<ending>, or one file of all layers. */
static bool is_layer_file(const char *name) {
  static const char *const endings[] = {".geojson", ".csv", ".zip"};
  const char *dot = strchr(name, '.');
  if (dot == NULL || is_whole_result(name)) return dot != NULL;
  for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
    if (strcmp(dot, endings[e]) == 0) return is_layer(name, (size_t)(dot - name));
  return false;
}

/* tiles/metadata.json, tiles/<zoom>/<column>/<row>.pbf */
static bool is_tile(const char *name) {
  if (strcmp(name, "metadata.json") == 0) return true;
  for (int part = 0; part < 3; part++) {
    const size_t digits = strspn(name, "0123456789");
    if (digits == 0 || (part < 2 && name[digits] != '/')) return false;
    name += digits + (part < 2);
  }
  return strcmp(name, ".pbf") == 0;
}

/* styles/<layer>.qml, .sld */
static bool is_style(const char *name) {
  const char *dot = strchr(name, '.');
  return dot != NULL && (strcmp(dot, ".qml") == 0 || strcmp(dot, ".sld") == 0) && is_layer(name, (size_t)(dot - name));
}

/* report/index.html ...; report/data/run.js, <layer>.js */
static bool is_report(const char *name) {
  static const char *const names[] = {"index.html", "page.js",    "page.css",   "sheets.html",
                                      "sheets.js",  "sheets.css", DATA "run.js"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  if (strncmp(name, DATA, strlen(DATA)) != 0) return false;
  const char *file = name + strlen(DATA), *dot = strchr(file, '.');
  return dot != NULL && strcmp(dot, ".js") == 0 && is_layer(file, (size_t)(dot - file));
}

bool ky_is_our_folder(const char *name) {
  static const char *const names[] = {"scenarios", "styles", "report", "tiles"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

bool ky_is_our_file(const char *path) {
  if (strncmp(path, SCENARIOS, strlen(SCENARIOS)) == 0) {
    const char *inside = strchr(path + strlen(SCENARIOS), '/');
    if (inside == NULL) return false;
    path = inside + 1;
  }
  if (strncmp(path, STYLES, strlen(STYLES)) == 0) return is_style(path + strlen(STYLES));
  if (strncmp(path, TILES, strlen(TILES)) == 0) return is_tile(path + strlen(TILES));
  if (strncmp(path, REPORT, strlen(REPORT)) == 0) return is_report(path + strlen(REPORT));
  return strchr(path, '/') == NULL && is_layer_file(path);
}
