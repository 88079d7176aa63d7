/* XML as a growing text: what is put between the marks of the language goes through ky_xml_escape. */
#ifndef KAYOI_XML_TEXT_H
#define KAYOI_XML_TEXT_H

#include <kayoi/job.h>

typedef struct ky_xml {
  ky_arena *arena; /* of the text and of everything escaped */
  char *text;      /* "" at first; always with a final NUL */
  size_t used, capacity;
  bool is_out_of_memory; /* then the text is not whole */
} ky_xml;

ky_xml ky_xml_new(ky_arena *arena);
/* printf-like, at the end of the text. */
__attribute__((format(printf, 2, 3))) void ky_xml_put(ky_xml *xml, const char *format, ...);
/* For contents and attributes: & < > " ' and line ends as entities; what XML 1.0 cannot hold (control characters, bytes
 * that are not UTF-8) becomes U+FFFD. Never NULL. */
const char *ky_xml_escape(ky_xml *xml, const char *text);
/* Micrometres as millimetres: 2.5. */
const char *ky_xml_mm(ky_xml *xml, uint32_t um);

#endif
