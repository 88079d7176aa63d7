/* The commented example that `kayoi init` writes: every key of the field table, what is required as a value, the rest
 * commented out with its default. It is read back by the reader in a test. */
#include <stdio.h>
#include <string.h>

#include "config_fields.h"
#include "config_yaml.h"

#define WIDTH 100 /* columns of a comment */

/* Columns of a character: two for those that Japanese fonts draw wide. */
static int columns_of(const char *p, size_t *size) {
  unsigned char c = (unsigned char)*p;
  *size = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  return c < 0xe0 ? 1 : 2;
}

static void write_indent(FILE *out, int indent) {
  for (int i = 0; i < indent; i++) fputc(' ', out);
}

/* A comment in lines of at most WIDTH columns, broken at spaces, or between wide characters; `hang`: blanks before all
 * its lines but the first. */
static void write_hanging(FILE *out, int indent, int hang, const char *text) {
  for (int lead = 0; *text != '\0'; lead = hang) {
    size_t end = 0, last_break = 0;
    for (int columns = indent + 2 + lead; text[end] != '\0';) {
      size_t size;
      columns += columns_of(text + end, &size);
      if (columns > WIDTH) break;
      end += size;
      if (text[end] == ' ' || (size == 3 && (unsigned char)text[end] >= 0xe4)) last_break = end;
    }
    if (text[end] == '\0' || last_break == 0) last_break = strlen(text);
    write_indent(out, indent);
    fprintf(out, "# %*s%.*s\n", lead, "", (int)last_break, text);
    text += last_break;
    text += strspn(text, " ");
  }
}

static void write_comment(FILE *out, int indent, const char *text) {
  write_hanging(out, indent, 0, text);
}

/* "Help. 1 to 50000. Default: 2000 (assumption)." */
static void write_help(FILE *out, int indent, const ky_config_field *field) {
  char text[1024], low[32], high[32];
  size_t used = (size_t)snprintf(text, sizeof text, "%s", field->help != NULL ? ky_tr(field->help) : "");
  if (field->type == KY_FIELD_NUMBER && field->choices == NULL)
    used += (size_t)snprintf(text + used, sizeof text - used, ky_tr(" From %s to %s."),
                             ky_yaml_number_text(low, field->min, field->decimals),
                             ky_yaml_number_text(high, field->max, field->decimals));
  if (field->choices != NULL)
    used += (size_t)snprintf(text + used, sizeof text - used, ky_tr(" One of: %s."), field->choices);
  if (field->standard != NULL && field->origin != NULL)
    snprintf(text + used, sizeof text - used, ky_tr(" Default: %s (%s)."), field->standard, ky_tr(field->origin));
  else if (field->standard != NULL)
    snprintf(text + used, sizeof text - used, ky_tr(" Default: %s."), field->standard);
  write_comment(out, indent, text);
}

/* The field's key and example; each line behind `# ` when it is optional. Examples are written from the field's column.
 */
static void write_value(FILE *out, int indent, const ky_config_field *field) {
  const char *mark =
      field->is_required || field->type == KY_FIELD_ZONES || field->type == KY_FIELD_WORKBOOK ? "" : "# ";
  write_indent(out, indent);
  fprintf(out, "%s%s:", mark, field->key);
  const char *text = field->example != NULL ? field->example : field->standard != NULL ? field->standard : "";
  if (field->example == NULL) fputc(' ', out);
  for (; *text != '\0'; text++) {
    fputc(*text, out);
    if (*text != '\n') continue;
    write_indent(out, indent);
    fputs(mark, out);
  }
  fputc('\n', out);
}

/* A key that is only described: "  key: Help. One of: ..."; depth: blanks before it, 4 for a key inside another. */
static void describe(FILE *out, int indent, int depth, const ky_config_field *field) {
  char text[1024];
  size_t used = (size_t)snprintf(text, sizeof text, "%*s%s: %s", depth, "", field->key, ky_tr(field->help));
  if (field->choices != NULL)
    snprintf(text + used, sizeof text - used, ky_tr(" One of: %s."), field->choices);
  else if (field->standard != NULL)
    snprintf(text + used, sizeof text - used, ky_tr(" Default: %s."), field->standard);
  write_hanging(out, indent, depth + 4, text);
}

static void write_described(FILE *out, int indent, const ky_config_field *field) {
  describe(out, indent, 2, field);
}

static void write_field(FILE *out, int indent, const char *section, const ky_config_field *field,
                        const ky_config_fill *fill) {
  if (field->is_other_way) {
    write_described(out, indent, field);
    return;
  }
  write_help(out, indent, field);
  for (uint32_t f = 0; (field->type == KY_FIELD_PROFILES || field->type == KY_FIELD_SECTION) && f < field->child_count;
       f++)
    if (field->children[f].help != NULL) write_described(out, indent, &field->children[f]);
  if (fill == NULL || !fill->write(fill->user, out, section, field->key)) write_value(out, indent, field);
}

void ky_config_example_fields(void *stream, int indent, const ky_config_field *fields, uint32_t count) {
  for (uint32_t f = 0; f < count; f++) write_field(stream, indent, "", &fields[f], NULL);
}

void ky_config_example_keys(void *stream, int indent, const ky_config_field *fields, uint32_t count) {
  for (uint32_t f = 0; f < count; f++) write_described(stream, indent, &fields[f]);
}

void ky_config_example_text(void *stream, int indent, const char *text) {
  write_comment(stream, indent, text);
}

static void write_section(FILE *out, const ky_config_field *field, const ky_config_fill *fill) {
  write_comment(out, 0, ky_tr(field->help));
  fprintf(out, "%s:\n", field->key);
  for (uint32_t f = 0; f < field->child_count; f++) write_field(out, 2, field->key, &field->children[f], fill);
}

static void write_source_keys(FILE *out) {
  write_comment(out, 0, ky_tr("A source is a path, or a mapping with these keys:"));
  for (uint32_t f = 0; f < ky_source_field_count; f++) {
    write_described(out, 0, &ky_source_fields[f]);
    for (uint32_t c = 0; c < ky_source_fields[f].child_count; c++)
      describe(out, 0, 4, &ky_source_fields[f].children[c]);
  }
  fputc('\n', out);
}

void ky_config_example(void *stream, const ky_config_fill *fill) {
  FILE *out = stream;
  write_comment(out, 0,
                ky_tr("Configuration of kayoi. Paths are relative to this file. Lines behind # show the defaults: "
                      "delete the # and the space after it to change one."));
  write_comment(out, 0, ky_tr("Check with: kayoi check kayoi.yaml. Run with: kayoi run kayoi.yaml."));
  fputc('\n', out);
  write_source_keys(out);
  for (uint32_t s = 0; s < ky_config_field_count; s++) {
    const ky_config_field *field = &ky_config_fields[s];
    if (field->type == KY_FIELD_SECTION)
      write_section(out, field, fill);
    else
      write_field(out, 0, "", field, fill);
    if (field->type == KY_FIELD_ZONES)
      for (uint32_t f = 0; f < field->child_count; f++) write_field(out, 2, field->key, &field->children[f], fill);
    fputc('\n', out);
  }
}
