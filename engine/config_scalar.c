/* Strict scalars: what a planner wrote is what is read, or a problem says how to write it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config_yaml.h"

/* Bytes of a value shown in messages, whole characters only. */
#define SHOWN_BYTES    40
#define TEXT_BYTES_MAX 4096

static bool is_continuation(char byte) {
  return ((unsigned char)byte & 0xc0) == 0x80;
}

typedef struct shown {
  char text[SHOWN_BYTES + 8];
} shown;

static shown show(const yaml_node_t *node) {
  shown s;
  const char *value = (const char *)node->data.scalar.value;
  size_t length = node->data.scalar.length;
  size_t cut = length;
  if (cut > SHOWN_BYTES) {
    cut = SHOWN_BYTES;
    while (cut > 0 && is_continuation(value[cut])) cut--;
  }
  for (size_t i = 0; i < cut; i++) s.text[i] = (unsigned char)value[i] < 0x20 || value[i] == 0x7f ? ' ' : value[i];
  strcpy(s.text + cut, cut < length ? "..." : "");
  return s;
}

bool ky_yaml_is_null(const yaml_node_t *node) {
  if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  const char *value = (const char *)node->data.scalar.value;
  return value[0] == '\0' || strcmp(value, "~") == 0 || strcmp(value, "null") == 0 || strcmp(value, "Null") == 0 ||
         strcmp(value, "NULL") == 0;
}

/* A scalar that is not null, else a problem. `wanted` is a translated noun. */
static bool check_scalar(ky_problems *problems, const yaml_node_t *node, const char *name, const char *wanted) {
  if (node->type != YAML_SCALAR_NODE) {
    ky_problem_add(problems, node->start_mark,
                   node->type == YAML_SEQUENCE_NODE ? ky_tr("%s: a list; %s is needed here")
                                                    : ky_tr("%s: a mapping; %s is needed here"),
                   name, wanted);
    return false;
  }
  if (ky_yaml_is_null(node)) {
    ky_problem_add(problems, node->start_mark, ky_tr("%s: is empty; write %s, or delete the line"), name, wanted);
    return false;
  }
  return true;
}

static bool read_text(ky_problems *problems, const yaml_node_t *node, const char *name, bool may_have_lines,
                      const char **out) {
  if (!check_scalar(problems, node, name, ky_tr("a text"))) return false;
  const char *value = (const char *)node->data.scalar.value;
  size_t length = node->data.scalar.length;
  if (length > TEXT_BYTES_MAX) {
    ky_problem_add(problems, node->start_mark, ky_tr("%s: longer than %d bytes"), name, TEXT_BYTES_MAX);
    return false;
  }
  bool is_blank = true;
  for (size_t i = 0; i < length; i++) {
    const bool is_space = may_have_lines && (value[i] == '\n' || value[i] == '\t' || value[i] == '\r');
    if (((unsigned char)value[i] < 0x20 && !is_space) || value[i] == 0x7f) {
      ky_problem_add(problems, node->start_mark, ky_tr("%s: holds a line break or a control character; write one line"),
                     name);
      return false;
    }
    if (value[i] != ' ' && !is_space) is_blank = false;
  }
  if (is_blank) {
    ky_problem_add(problems, node->start_mark, ky_tr("%s: is empty; write %s, or delete the line"), name,
                   ky_tr("a text"));
    return false;
  }
  char *copy = ky_arena_text(&problems->job->keep, value, length);
  if (copy == NULL) {
    ky_fail_memory(problems->job);
    return false;
  }
  *out = copy;
  return true;
}

bool ky_yaml_text(ky_problems *problems, const yaml_node_t *node, const char *name, const char **out) {
  return read_text(problems, node, name, false, out);
}

bool ky_yaml_lines(ky_problems *problems, const yaml_node_t *node, const char *name, const char **out) {
  return read_text(problems, node, name, true, out);
}

bool ky_yaml_flag(ky_problems *problems, const yaml_node_t *node, const char *name, bool *out) {
  if (!check_scalar(problems, node, name, ky_tr("true or false"))) return false;
  const char *value = (const char *)node->data.scalar.value;
  bool is_true = strcmp(value, "true") == 0;
  if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || (!is_true && strcmp(value, "false") != 0)) {
    ky_problem_add(problems, node->start_mark,
                   ky_tr("%s: '%s' is neither true nor false; write one of the two, without quotes"), name,
                   show(node).text);
    return false;
  }
  *out = is_true;
  return true;
}

const char *ky_yaml_number_text(char *buffer, int64_t value, uint8_t decimals) {
  int64_t unit = 1;
  for (uint8_t i = 0; i < decimals; i++) unit *= 10;
  uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  int length = snprintf(buffer, 32, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "", size / (uint64_t)unit,
                        decimals == 0 ? 1 : (int)decimals, size % (uint64_t)unit);
  while (length > 0 && buffer[length - 1] == '0') buffer[--length] = '\0';
  if (length > 0 && buffer[length - 1] == '.') buffer[--length] = '\0';
  return buffer;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* -?(0|[1-9][0-9]*)(.[0-9]+)? with at most `decimals` that are not zeros at the end, and not too large. */
typedef enum number_fault {
  NUMBER_GOOD,
  NUMBER_NONE,     /* not of that form */
  NUMBER_ZERO,     /* only a leading zero is wrong */
  NUMBER_DECIMALS, /* too many decimals */
  NUMBER_LARGE
} number_fault;

static number_fault parse_number(const char *text, uint8_t decimals, int64_t *out) {
  const int64_t limit = INT64_MAX / 20;
  bool is_negative = text[0] == '-';
  const char *p = text + is_negative;
  number_fault fault = NUMBER_GOOD;
  if (!is_digit(*p)) return NUMBER_NONE;
  if (p[0] == '0' && is_digit(p[1])) fault = NUMBER_ZERO;
  int64_t value = 0;
  for (; is_digit(*p); p++) {
    if (value < limit) value = value * 10 + (*p - '0');
  }
  uint8_t seen = 0;
  bool has_more = false;
  if (*p == '.') {
    if (!is_digit(*++p)) return NUMBER_NONE;
    for (; is_digit(*p); p++) {
      if (seen < decimals) {
        seen++;
        if (value < limit) value = value * 10 + (*p - '0');
      } else if (*p != '0' || decimals == 0) {
        has_more = true;
      }
    }
  }
  for (; seen < decimals; seen++) {
    if (value < limit) value *= 10;
  }
  if (*p != '\0') return NUMBER_NONE;
  if (fault != NUMBER_GOOD) return fault;
  *out = is_negative ? -value : value;
  if (has_more) return NUMBER_DECIMALS;
  return value >= limit ? NUMBER_LARGE : NUMBER_GOOD;
}

/* 8, 8% or 8 % where a share is meant: the text of 0.08, else NULL. */
static const char *share_text(char *buffer, const char *text, uint8_t decimals, int64_t max) {
  char number[32];
  size_t length = strcspn(text, " %");
  if (max != KY_WHOLE || decimals != 6 || length == 0 || length >= sizeof number) return NULL;
  if (strspn(text + length, " %") != strlen(text + length)) return NULL;
  memcpy(number, text, length);
  number[length] = '\0';
  int64_t value;
  if (parse_number(number, 4, &value) != NUMBER_GOOD || value < 0 || value > KY_WHOLE) return NULL;
  return ky_yaml_number_text(buffer, value, 6);
}

static void add_number_problem(ky_problems *problems, const yaml_node_t *node, const char *name, uint8_t decimals,
                               int64_t max, number_fault fault) {
  shown s = show(node);
  char buffer[32];
  yaml_mark_t mark = node->start_mark;
  const char *share = share_text(buffer, (const char *)node->data.scalar.value, decimals, max);
  if (fault == NUMBER_NONE && share != NULL)
    ky_problem_add(problems, mark, ky_tr("%s: '%s' is not a number; a share is meant here: write %s"), name, s.text,
                   share);
  else if (fault == NUMBER_ZERO)
    ky_problem_add(problems, mark, ky_tr("%s: '%s' starts with 0; write the number without it"), name, s.text);
  else if (fault == NUMBER_DECIMALS && decimals == 0)
    ky_problem_add(problems, mark, ky_tr("%s: '%s' is not a whole number"), name, s.text);
  else if (fault == NUMBER_DECIMALS)
    ky_problem_add(problems, mark, ky_tr("%s: '%s' has more than %d decimals"), name, s.text, decimals);
  else
    ky_problem_add(problems, mark,
                   ky_tr("%s: '%s' is not a number; write plain half-width digits without unit or separator, e.g. %s"),
                   name, s.text, decimals == 6 ? "0.08" : "500");
}

bool ky_yaml_number(ky_problems *problems, const yaml_node_t *node, const char *name, uint8_t decimals, int64_t min,
                    int64_t max, int64_t *out) {
  if (!check_scalar(problems, node, name, ky_tr("a number"))) return false;
  const char *text = (const char *)node->data.scalar.value;
  if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) {
    ky_problem_add(problems, node->start_mark,
                   ky_tr("%s: '%s' is in quotes, so it is a text; write the number without them"), name,
                   show(node).text);
    return false;
  }
  int64_t value = 0;
  number_fault fault = parse_number(text, decimals, &value);
  if (fault != NUMBER_GOOD && fault != NUMBER_LARGE) {
    add_number_problem(problems, node, name, decimals, max, fault);
    return false;
  }
  if (fault == NUMBER_LARGE || value < min || value > max) {
    char low[32], high[32], buffer[32];
    const char *share = fault == NUMBER_GOOD && value > max ? share_text(buffer, text, decimals, max) : NULL;
    if (share != NULL)
      ky_problem_add(problems, node->start_mark, ky_tr("%s: %s? A share is at most 1; for %s %% write %s"), name, text,
                     text, share);
    else
      ky_problem_add(problems, node->start_mark, ky_tr("%s: %s is out of range; it must be %s to %s"), name,
                     show(node).text, ky_yaml_number_text(low, min, decimals),
                     ky_yaml_number_text(high, max, decimals));
    return false;
  }
  *out = value;
  return true;
}
