/* The file, its text and its tree. libyaml reads the text twice: as events, to stop early at what we do not accept
 * (an alias bomb or deep nesting never becomes a tree), then as a document. */
#include "config_yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Bytes of problems that fit into a message with room for the last line. */
#define MESSAGE_BYTES 1900
#define LINES_MAX     10

void ky_problem_add(ky_problems *problems, yaml_mark_t mark, const char *format, ...) {
  if (problems->count++ >= KY_PROBLEMS_MAX) return;
  char text[640];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  ky_problem *row = &problems->rows[problems->count - 1];
  row->line = mark.line + 1;
  row->column = mark.column + 1;
  row->text = ky_arena_text(&problems->job->scratch, text, strlen(text));
  if (row->text == NULL) row->text = "";
}

bool ky_problems_full(const ky_problems *problems) {
  return problems->count >= KY_PROBLEMS_MAX;
}

/* Insertion sort: stable, and there are few. */
static void sort_problems(ky_problems *problems, uint32_t kept) {
  for (uint32_t i = 1; i < kept; i++) {
    ky_problem row = problems->rows[i];
    uint32_t j = i;
    for (; j > 0; j--) {
      const ky_problem *before = &problems->rows[j - 1];
      if (before->line < row.line || (before->line == row.line && before->column <= row.column)) break;
      problems->rows[j] = *before;
    }
    problems->rows[j] = row;
  }
}

ky_err ky_problems_end(ky_problems *problems) {
  if (problems->count == 0) return KY_OK;
  uint32_t kept = problems->count < KY_PROBLEMS_MAX ? problems->count : KY_PROBLEMS_MAX;
  sort_problems(problems, kept);
  char message[MESSAGE_BYTES + 148];
  size_t length = 0;
  uint32_t shown = 0;
  for (; shown < kept && shown < LINES_MAX; shown++) {
    const ky_problem *row = &problems->rows[shown];
    char line[1024];
    int size = snprintf(line, sizeof line, "%s%s:%zu:%zu: %s", shown == 0 ? "" : "\n", problems->path, row->line,
                        row->column, row->text);
    if (size < 0 || length + (size_t)size >= MESSAGE_BYTES || (size_t)size >= sizeof line) break;
    memcpy(message + length, line, (size_t)size);
    length += (size_t)size;
  }
  message[length] = '\0';
  if (shown < problems->count) {
    if (shown == 0) /* a path too long to show */
      length = (size_t)snprintf(message, 512, "%.300s", problems->rows[0].text);
    message[length++] = '\n';
    if (ky_problems_full(problems)) /* reading stopped there */
      snprintf(message + length, sizeof message - length, "%s", ky_tr("... and many more"));
    else
      snprintf(message + length, sizeof message - length, ky_tr("... and %u more"), problems->count - shown);
  }
  return ky_fail(problems->job, KY_E_CONFIG, "%s", message);
}

ky_err ky_yaml_file(ky_job *job, const char *path, const char *example, const char **text, size_t *length) {
  struct stat status;
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return ky_fail(job, KY_E_CONFIG, ky_tr("%s: cannot be opened (%s); check the path, or write a new one with: %s"),
                   path, strerror(errno), example);
  ky_err err = KY_OK;
  char *bytes = NULL;
  if (fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
    err = ky_fail(job, KY_E_CONFIG, ky_tr("%s: is a folder; name the configuration file in it, e.g. %s/kayoi.yaml"),
                  path, path);
    goto done;
  }
  bytes = ky_arena_alloc(&job->keep, KY_CONFIG_BYTES_MAX + 2, 1);
  if (bytes == NULL) {
    err = ky_fail_memory(job);
    goto done;
  }
  *length = fread(bytes, 1, KY_CONFIG_BYTES_MAX + 1, file);
  if (ferror(file)) {
    err = ky_fail(job, KY_E_CONFIG, ky_tr("%s: cannot be read (%s)"), path, strerror(errno));
    goto done;
  }
  if (*length > KY_CONFIG_BYTES_MAX) {
    err = ky_fail(job, KY_E_CONFIG,
                  ky_tr("%s: larger than 1 MB; a configuration is not: check that this is the right file"), path);
    goto done;
  }
  *text = bytes;
done:
  fclose(file);
  return err;
}

/* The byte at a mark; libyaml counts characters, not bytes. 0 at the end. */
static char byte_at(const char *text, size_t length, yaml_mark_t mark) {
  size_t i = 0, characters = 0;
  for (; i < length && characters < mark.index; characters++) {
    i++;
    while (i < length && ((unsigned char)text[i] & 0xc0) == 0x80) i++;
  }
  return i < length ? text[i] : '\0';
}

/* Length of the UTF-8 sequence at p (left bytes remain) if YAML allows its character, else 0. */
static size_t yaml_character(const unsigned char *p, size_t left) {
  uint32_t c = p[0];
  if (c < 0x80) return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n' || c == '\r' ? 1 : 0;
  size_t size = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
  if (size == 0 || size > left) return 0;
  c &= 0x7fu >> size;
  for (size_t i = 1; i < size; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0;
    c = c << 6 | (p[i] & 0x3fu);
  }
  if ((size == 3 && c < 0x800) || (size == 4 && (c < 0x10000 || c > 0x10ffff))) return 0;
  if (c < 0xa0 ? c != 0x85 : (c >= 0xd800 && c < 0xe000) || c == 0xfeff || c == 0xfffe || c == 0xffff) return 0;
  return size;
}

/* Places of bad bytes come from here, because libyaml knows only their offset. */
static bool check_characters(ky_problems *problems, const char *text, size_t length) {
  const unsigned char *bytes = (const unsigned char *)text;
  yaml_mark_t mark = {0, 0, 0};
  size_t i = 0;
  while (i < length) {
    size_t size = yaml_character(bytes + i, length - i);
    if (size == 0) {
      if (bytes[i] >= 0x80)
        ky_problem_add(problems, mark,
                       ky_tr("is not UTF-8 here (byte 0x%02X); save the file as UTF-8, it may be Shift_JIS"), bytes[i]);
      else
        ky_problem_add(problems, mark,
                       ky_tr("holds a control character (byte 0x%02X); delete it, or save the file as UTF-8"),
                       bytes[i]);
      return false;
    }
    if (bytes[i] == '\n' || (bytes[i] == '\r' && !(i + 1 < length && bytes[i + 1] == '\n'))) {
      mark.line++;
      mark.column = 0;
    } else {
      mark.column++;
    }
    i += size;
  }
  return true;
}

static void add_syntax_problem(ky_problems *problems, const yaml_parser_t *parser, const char *text, size_t length) {
  yaml_mark_t mark = parser->problem_mark;
  const char *detail = parser->problem != NULL ? parser->problem : "?";
  if (parser->error == YAML_MEMORY_ERROR)
    ky_fail_memory(problems->job);
  else if (byte_at(text, length, mark) == '\t')
    ky_problem_add(problems, mark, ky_tr("a tab; YAML is indented with spaces only"));
  else
    ky_problem_add(problems, mark,
                   ky_tr("this is not YAML (%s); check indentation, colons, brackets and quotes near here"), detail);
}

typedef struct scan {
  uint32_t depth, documents;
} scan;

static bool check_decoration(ky_problems *problems, yaml_mark_t mark, const yaml_char_t *anchor,
                             const yaml_char_t *tag) {
  if (anchor != NULL)
    ky_problem_add(problems, mark, ky_tr("anchors (&%.40s) are not accepted; write the value out"),
                   (const char *)anchor);
  else if (tag != NULL)
    ky_problem_add(problems, mark, ky_tr("tags (%.40s) are not accepted; write the value alone"), (const char *)tag);
  return anchor == NULL && tag == NULL;
}

/* Whether the event may stay. */
static bool check_event(ky_problems *problems, const yaml_event_t *event, scan *at) {
  yaml_mark_t mark = event->start_mark;
  switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
      if (++at->documents < 2) return true;
      ky_problem_add(problems, mark, ky_tr("a second document starts here; a configuration is one document"));
      return false;
    case YAML_ALIAS_EVENT:
      ky_problem_add(problems, mark, ky_tr("aliases (*%.40s) are not accepted; write the value out"),
                     (const char *)event->data.alias.anchor);
      return false;
    case YAML_SCALAR_EVENT:
      return check_decoration(problems, mark, event->data.scalar.anchor, event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
      if (++at->depth > KY_CONFIG_DEPTH_MAX) {
        ky_problem_add(problems, mark, ky_tr("nested deeper than %d levels; check brackets and indentation"),
                       KY_CONFIG_DEPTH_MAX);
        return false;
      }
      return event->type == YAML_SEQUENCE_START_EVENT
                 ? check_decoration(problems, mark, event->data.sequence_start.anchor, event->data.sequence_start.tag)
                 : check_decoration(problems, mark, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      at->depth--;
      return true;
    default:
      return true;
  }
}

static const char *example_of(const ky_problems *problems) {
  return problems->example != NULL ? problems->example : KY_CONFIG_EXAMPLE_COMMAND;
}

static bool check_events(ky_problems *problems, const char *text, size_t length) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    ky_fail_memory(problems->job);
    return false;
  }
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
  scan at = {0, 0};
  bool is_good = true, is_end = false;
  while (is_good && !is_end) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      add_syntax_problem(problems, &parser, text, length);
      is_good = false;
      break;
    }
    is_good = check_event(problems, &event, &at);
    is_end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  if (is_good && at.documents == 0) {
    ky_problem_add(problems, (yaml_mark_t){0, 0, 0}, ky_tr("the file is empty; write an example with: %s"),
                   example_of(problems));
    is_good = false;
  }
  return is_good;
}

bool ky_yaml_open(ky_problems *problems, const char *text, size_t length, yaml_document_t *document) {
  if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* the mark that Windows editors put first */
    text += 3;
    length -= 3;
  }
  if (!check_characters(problems, text, length) || !check_events(problems, text, length)) return false;
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    ky_fail_memory(problems->job);
    return false;
  }
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
  bool is_good = yaml_parser_load(&parser, document) != 0;
  if (!is_good) add_syntax_problem(problems, &parser, text, length);
  yaml_parser_delete(&parser);
  if (is_good && yaml_document_get_root_node(document)->type != YAML_MAPPING_NODE) {
    ky_problem_add(problems, yaml_document_get_root_node(document)->start_mark,
                   ky_tr("the file must hold keys and values (%s: ...); write an example with: %s"),
                   problems->example == NULL ? "municipality" : "scenarios", example_of(problems));
    yaml_document_delete(document);
    is_good = false;
  }
  return is_good;
}
