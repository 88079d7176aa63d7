/* Why a file is no vector layer: see layer_refusal.h. */
#include "io/layer_refusal.h"

#include <string.h>

#include "io/encoding.h"
#include "io/source_file.h"

#define SHOWN_MAX 120

/* The beginning on one line, cut between characters. */
static const char *beginning(ky_job *job, const char *bytes) {
  char text[SHOWN_MAX + 1];
  size_t n = 0;
  for (; *bytes != '\0' && n < SHOWN_MAX; bytes++) {
    const bool is_space = (unsigned char)*bytes <= ' ';
    if (is_space && n > 0 && text[n - 1] == ' ') continue;
    text[n++] = is_space ? ' ' : *bytes;
  }
  while (n > 0 && !ky_utf8_valid(text, n)) n--;
  text[n] = '\0';
  return ky_format(&job->scratch, "%s", text);
}

static const char *or_said(const char *text, const char *said) {
  return text != NULL ? text : said;
}

const char *ky_layer_refusal(ky_job *job, const char *vsi_path, const char *said) {
  char head[513] = "";
  const size_t length = ky_source_file_peek(vsi_path, head, sizeof head - 1);
  const char *text = strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? head + 3 : head;
  text += strspn(text, " \t\r\n");
  if (memchr(head, '\0', length) == NULL && (text[0] == '{' || text[0] == '[') && strstr(text, "\"Feature") == NULL) {
    const char *shown = beginning(job, text);
    return or_said(ky_format(&job->scratch,
                             ky_tr("it is JSON, but not a map (GeoJSON has \"type\": "
                                   "\"FeatureCollection\"); it begins: %s"),
                             shown != NULL ? shown : ""),
                   said);
  }
  if (text[0] == '<')
    return ky_tr("it is a web page or XML, perhaps an error of the site it was fetched from; fetch it again");
  if (memcmp(head, "PK\x03\x04", 4) == 0) return ky_tr("it is a zip or a spreadsheet; give it its own extension");
  if (strncmp(head, "%PDF", 4) == 0) return ky_tr("it is a PDF; ask its publisher for the data");
  if (said[0] != '\0') return said;
  return ky_tr("its content is not what its name says; fetch it again");
}
