/* Which files of OUT/internal kayoi writes itself. */
#include "io/our_files.h"

#include <kayoi/write.h>
#include <string.h>

#define SCENARIOS "scenarios/" /* a folder for each, with what internal/ itself may hold */
#define STYLES    "styles/"
#define REPORT    "report/"
#define DATA      "data/"

/* The files of all layers together. What SQLite keeps beside a GeoPackage that is open belongs to the file that goes:
 * it would spoil the new one. */
static bool is_whole_result(const char *name) {
  static const char *const names[] = {"kayoi.gpkg",         "kayoi.gpkg-wal", "kayoi.gpkg-shm",
                                      "kayoi.gpkg-journal", "kayoi.xlsx",     "kayoi.qgs"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

static bool is_layer(const char *name, size_t length) {
  for (size_t i = 0; ky_layer_name(i) != NULL; i++)
    if (strlen(ky_layer_name(i)) == length && strncmp(ky_layer_name(i), name, length) == 0) return true;
  return false;
}

/* <layer>.<format>, or one file of all layers. */
static bool is_layer_file(const char *name) {
  const char *dot = strchr(name, '.');
  bool is_format = false;
  if (dot == NULL || is_whole_result(name)) return dot != NULL;
  for (const ky_writer *const *writer = ky_writers; *writer != NULL; writer++)
    is_format |= strcmp(dot + 1, (*writer)->name) == 0 && strcmp((*writer)->name, "gpkg") != 0 &&
                 strcmp((*writer)->name, "qgis") != 0;
  is_format |= strcmp(dot, ".zip") == 0; /* a shapefile */
  return is_format && is_layer(name, (size_t)(dot - name));
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
  static const char *const names[] = {"scenarios", "styles", "report"};
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
  if (strncmp(path, REPORT, strlen(REPORT)) == 0) return is_report(path + strlen(REPORT));
  return strchr(path, '/') == NULL && is_layer_file(path);
}
