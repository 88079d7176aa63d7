/* XML as a growing text. */
#include "io/xml_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

#define ESCAPED_MAX 6 /* bytes of the longest entity, &quot; */

ky_xml ky_xml_new(ky_arena *arena) {
  static char nothing[1]; /* outlives the call; make_room replaces it before anything is written */
  return (ky_xml){.arena = arena, .text = nothing};
}

static bool make_room(ky_xml *xml, size_t more) {
  if (xml->is_out_of_memory) return false;
  if (xml->used + more < xml->capacity) return true;
  const size_t capacity = 2 * (xml->used + more) + 4096;
  char *text = ky_arena_alloc(xml->arena, capacity, 1);
  xml->is_out_of_memory = text == NULL;
  if (text == NULL) return false;
  if (xml->used != 0) memcpy(text, xml->text, xml->used);
  xml->text = text;
  xml->capacity = capacity;
  return true;
}

void ky_xml_put(ky_xml *xml, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  const int length = vsnprintf(NULL, 0, format, arguments);
  if (length >= 0 && make_room(xml, (size_t)length + 1)) {
    vsnprintf(xml->text + xml->used, (size_t)length + 1, format, again);
    xml->used += (size_t)length;
  }
  va_end(again);
  va_end(arguments);
}

static const char *entity(ucs4_t character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return character < 0x20 || character == 0xFFFE || character == 0xFFFF ? "\xEF\xBF\xBD" : NULL;
  }
}

const char *ky_xml_escape(ky_xml *xml, const char *text) {
  const size_t length = strlen(text);
  char *out = ky_arena_alloc(xml->arena, length * ESCAPED_MAX + 1, 1), *at = out;
  xml->is_out_of_memory |= out == NULL;
  if (out == NULL) return "";
  for (size_t i = 0; i < length;) {
    ucs4_t character;
    const int bytes = u8_mbtouc(&character, (const uint8_t *)text + i, length - i); /* U+FFFD for what is broken */
    const char *instead = entity(character);
    if (instead == NULL && character == 0xFFFD) instead = "\xEF\xBF\xBD";
    const size_t put = instead != NULL ? strlen(instead) : (size_t)bytes;
    memcpy(at, instead != NULL ? instead : text + i, put);
    at += put;
    i += (size_t)bytes;
  }
  *at = '\0';
  return out;
}

const char *ky_xml_mm(ky_xml *xml, uint32_t um) {
  const char *text = ky_format(xml->arena, "%u.%03u", um / 1000, um % 1000);
  xml->is_out_of_memory |= text == NULL;
  return text != NULL ? text : "";
}
