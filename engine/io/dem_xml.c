/* Elevation tiles in XML: see dem_xml.h. The file states the corners as "latitude longitude", the last column and row
 * of the grid, and then one line per height ("地表面,12.34"), from the north-west corner eastwards and row by row, from
 * startPoint on; what lies before it and what is missing at the end is void. */
#include "io/dem_xml.h"

#include <cpl_vsi.h>
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/crs.h"
#include "io/gdal_log.h"

#define CHUNK     65536
#define BYTES_MAX ((uint64_t)1 << 30) /* one file; a tile of 1125 x 750 heights has 20 MB */
#define SIDE_MAX  20000
#define CELLS_MAX ((uint64_t)64 << 20)
#define VOID_M    (-9000.0) /* -9999: no height */

typedef enum element { OTHER, LOWER, UPPER, LOW, HIGH, START, TUPLES } element;

typedef struct dem_parser {
  XML_Parser expat;
  ky_dem_tile *tile;
  bool with_heights, has_lower, has_upper, has_low, has_high, has_order, is_done, is_out_of_memory;
  element inside;
  char text[96]; /* of the element that is open; of TUPLES: the line so far */
  size_t length;
  double lower[2], upper[2], low[2], high[2], start[2];
} dem_parser;

static void stop(dem_parser *p, const char *wrong) {
  if (p->tile->wrong == NULL) p->tile->wrong = wrong;
  XML_StopParser(p->expat, XML_FALSE);
}

static element element_of(const char *name) {
  static const struct {
    const char *name;
    element element;
  } known[] = {{"lowerCorner", LOWER}, {"upperCorner", UPPER}, {"low", LOW},
               {"high", HIGH},         {"startPoint", START},  {"tupleList", TUPLES}};
  const char *colon = strrchr(name, ':');
  if (colon != NULL) name = colon + 1;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i].name) == 0) return known[i].element;
  return OTHER;
}

static bool is_named(const char *element_name, const char *name) {
  const char *colon = strrchr(element_name, ':');
  return strcmp(colon != NULL ? colon + 1 : element_name, name) == 0;
}

/* JGD2024 moved heights, not positions: its degrees are those of JGD2011. */
static const char *crs_of(const char *name) {
  if (strstr(name, "jgd2000") != NULL) return "EPSG:4612";
  if (strstr(name, "jgd2011") != NULL || strstr(name, "jgd2024") != NULL) return "EPSG:6668";
  return NULL;
}

/* Corners and size, when the first height begins. */
static void settle_grid(dem_parser *p) {
  ky_dem_tile *t = p->tile;
  const double columns = p->high[0] - p->low[0] + 1, rows = p->high[1] - p->low[1] + 1;
  if (!p->has_lower || !p->has_upper || !p->has_low || !p->has_high) {
    stop(p, ky_tr("it does not say where it lies or how large its grid is"));
    return;
  }
  if (ky_crs_is_japan(p->lower[0], p->lower[1]) || fabs(p->lower[0]) > 90 || fabs(p->upper[0]) > 90) {
    stop(p, ky_tr("its corners are longitude, latitude; this format has the latitude first"));
    return;
  }
  if (!(p->upper[0] > p->lower[0]) || !(p->upper[1] > p->lower[1]) || fabs(p->lower[1]) > 180 ||
      fabs(p->upper[1]) > 180) {
    stop(p, ky_tr("its corners do not make a box"));
    return;
  }
  if (!(columns >= 1 && columns <= SIDE_MAX && rows >= 1 && rows <= SIDE_MAX && columns * rows <= (double)CELLS_MAX) ||
      columns != floor(columns) || rows != floor(rows)) {
    stop(p, ky_tr("the size of its grid cannot be"));
    return;
  }
  t->south = p->lower[0];
  t->west = p->lower[1];
  t->north = p->upper[0];
  t->east = p->upper[1];
  t->columns = (uint32_t)columns;
  t->rows = (uint32_t)rows;
  if (!p->with_heights) {
    p->is_done = true;
    XML_StopParser(p->expat, XML_FALSE);
    return;
  }
  if (t->z != NULL) {
    stop(p, ky_tr("it holds more than one grid"));
    return;
  }
  t->z = VSIMalloc((size_t)t->columns * t->rows * sizeof *t->z);
  if (t->z == NULL) {
    p->is_out_of_memory = true;
    XML_StopParser(p->expat, XML_FALSE);
  }
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes) {
  dem_parser *p = user;
  if (is_named(name, "DEM")) p->tile->is_dem = true;
  for (size_t i = 0; attributes[i] != NULL; i += 2) {
    if (is_named(name, "Envelope") && strcmp(attributes[i], "srsName") == 0) p->tile->crs = crs_of(attributes[i + 1]);
    if (!is_named(name, "sequenceRule") || strcmp(attributes[i], "order") != 0) continue;
    p->has_order = true;
    if (strcmp(attributes[i + 1], "+x-y") != 0) stop(p, ky_tr("its heights are in an order other than +x-y"));
  }
  p->inside = element_of(name);
  p->length = 0;
  if (p->inside == TUPLES && p->tile->is_dem) settle_grid(p);
}

/* "35.1 136.2": two numbers and nothing else. */
static bool read_pair(dem_parser *p, double pair[2]) {
  char *end, *last;
  p->text[p->length] = '\0';
  pair[0] = strtod(p->text, &end);
  pair[1] = strtod(end, &last);
  const bool is_pair = end != p->text && last != end && last[strspn(last, " \t\r\n")] == '\0';
  return is_pair && isfinite(pair[0]) && isfinite(pair[1]);
}

/* One line of the list, "kind,height". */
static void take_height(dem_parser *p) {
  ky_dem_tile *t = p->tile;
  p->text[p->length] = '\0';
  const char *comma = strrchr(p->text, ',');
  char *end = NULL;
  const double z = comma != NULL ? strtod(comma + 1, &end) : 0;
  if (comma == NULL || end == comma + 1 || *end != '\0' || !isfinite(z)) {
    stop(p, ky_tr("a line of its heights is not \"kind,number\""));
  } else if (t->given >= (uint64_t)t->columns * t->rows) {
    stop(p, ky_tr("it holds more heights than its grid has cells"));
  } else {
    t->z[t->given++] = z > VOID_M ? (float)z : NAN;
  }
  p->length = 0;
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length) {
  dem_parser *p = user;
  if (p->inside == OTHER || (p->inside == TUPLES && p->tile->z == NULL)) return;
  for (int i = 0; i < length && p->tile->wrong == NULL; i++) {
    const char c = text[i];
    if (p->inside == TUPLES && (c == '\n' || c == '\r' || c == ' ' || c == '\t')) {
      if (p->length > 0) take_height(p);
      continue;
    }
    if (p->length + 1 >= sizeof p->text)
      stop(p, ky_tr("one of its values is far too long"));
    else
      p->text[p->length++] = c;
  }
}

static void XMLCALL on_end(void *user, const XML_Char *name) {
  dem_parser *p = user;
  bool is_good = true;
  const element closed = element_of(name);
  if (closed != p->inside || closed == OTHER) return;
  if (closed == TUPLES && p->length > 0) take_height(p);
  if (closed == LOWER) p->has_lower = is_good = read_pair(p, p->lower);
  if (closed == UPPER) p->has_upper = is_good = read_pair(p, p->upper);
  if (closed == LOW) p->has_low = is_good = read_pair(p, p->low);
  if (closed == HIGH) p->has_high = is_good = read_pair(p, p->high);
  if (closed == START) is_good = read_pair(p, p->start);
  if (!is_good) stop(p, ky_tr("one of its corners is not two numbers"));
  p->inside = OTHER;
}

/* No document of this kind has one; entities in it could grow without end. */
static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system, const XML_Char *public_id,
                               int has_internal) {
  (void)name, (void)system, (void)public_id, (void)has_internal;
  stop(user, ky_tr("it has a DOCTYPE, which these files never have"));
}

/* Puts the heights behind the start point, and voids around them. */
static void place_heights(dem_parser *p) {
  ky_dem_tile *t = p->tile;
  const uint64_t cells = (uint64_t)t->columns * t->rows;
  const double before = p->start[1] * t->columns + p->start[0];
  if (!(p->start[0] >= 0 && p->start[0] < t->columns && p->start[1] >= 0 && p->start[1] < t->rows) ||
      before != floor(before) || (uint64_t)before + t->given > cells) {
    t->wrong = ky_tr("its heights do not fit into its grid from its start point on");
    return;
  }
  const uint64_t first = (uint64_t)before;
  memmove(t->z + first, t->z, t->given * sizeof *t->z);
  for (uint64_t i = 0; i < first; i++) t->z[i] = NAN;
  for (uint64_t i = first + t->given; i < cells; i++) t->z[i] = NAN;
}

static void parse(dem_parser *p, VSILFILE *file, const ky_gdal_log *log) {
  uint64_t total = 0;
  for (bool is_last = false; !is_last && !p->is_done && p->tile->wrong == NULL && !p->is_out_of_memory;) {
    char *buffer = XML_GetBuffer(p->expat, CHUNK);
    if (buffer == NULL) {
      p->is_out_of_memory = true;
      return;
    }
    const size_t n = VSIFReadL(buffer, 1, CHUNK, file);
    total += n;
    is_last = n < CHUNK;
    if (total > BYTES_MAX) {
      p->tile->wrong = ky_tr("it is larger than 1 GB");
      return;
    }
    if (XML_ParseBuffer(p->expat, (int)n, is_last) == XML_STATUS_ERROR && !p->is_done && p->tile->wrong == NULL)
      p->is_out_of_memory = p->is_out_of_memory || XML_GetErrorCode(p->expat) == XML_ERROR_NO_MEMORY;
    else
      continue;
    if (!p->is_out_of_memory) p->tile->wrong = ky_tr("it is cut off or not XML; fetch it again");
  }
  if (log->error_count != 0 && p->tile->wrong == NULL) p->tile->wrong = ky_tr("it cannot be read to its end");
}

ky_err ky_dem_xml_read(ky_job *job, const char *vsi_path, bool with_heights, ky_dem_tile *out) {
  ky_gdal_log log = {0};
  memset(out, 0, sizeof *out);
  ky_gdal_log_open(&log);
  VSILFILE *file = VSIFOpenL(vsi_path, "rb");
  /* Older files are Shift_JIS, newer ones UTF-8. All that is used of them is ASCII, and no byte of a longer character
   * is a <, an & or a comma in either: read as Latin, both are good. */
  dem_parser p = {.tile = out, .with_heights = with_heights, .expat = XML_ParserCreate("ISO-8859-1")};
  if (file == NULL) {
    out->wrong = ky_tr("it cannot be opened");
    goto done;
  }
  if (p.expat == NULL) {
    p.is_out_of_memory = true;
    goto done;
  }
  XML_SetUserData(p.expat, &p);
  XML_SetElementHandler(p.expat, on_start, on_end);
  XML_SetCharacterDataHandler(p.expat, on_text);
  XML_SetStartDoctypeDeclHandler(p.expat, on_doctype);
  parse(&p, file, &log);
  if (with_heights && out->wrong == NULL && !p.is_out_of_memory) {
    if (out->z == NULL || !p.has_order)
      out->wrong = ky_tr("it holds no heights, or does not say in which order they are");
    else
      place_heights(&p);
  }
done:
  if (p.expat != NULL) XML_ParserFree(p.expat);
  if (file != NULL) VSIFCloseL(file);
  ky_gdal_log_close();
  if (out->wrong != NULL || p.is_out_of_memory) {
    VSIFree(out->z);
    out->z = NULL;
  }
  return p.is_out_of_memory ? ky_fail_memory(job) : KY_OK;
}
