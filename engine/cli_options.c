#include "cli_options.h"

#include <kayoi/read.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_data_checklist.h"
#include "cli_help.h"
#include "cli_text.h"
#include "config_suggest.h"
#include "scenario.h"

#define THREADS_MAX 256
#define SECONDS_MAX 1000000 /* of a wait: eleven days */

static int find_command(const char *name) {
  for (size_t c = 0; c < ky_command_count; c++)
    if (strcmp(ky_commands[c].name, name) == 0) return (int)c;
  return -1;
}

/* The first complaint counts. Always false. */
__attribute__((format(printf, 2, 3))) static bool complain(ky_options *out, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (out->complaint[0] == '\0') vsnprintf(out->complaint, sizeof out->complaint, format, args);
  va_end(args);
  return false;
}

static bool complain_command(ky_options *out, const char *name) {
  ky_suggestion suggestion = {.word = name};
  for (size_t c = 0; c < ky_command_count; c++) ky_suggestion_offer(&suggestion, ky_commands[c].name);
  if (suggestion.best != NULL)
    complain(out, ky_tr("kayoi: unknown command '%s', did you mean '%s'?\n"), name, suggestion.best);
  else
    complain(out, ky_tr("kayoi: unknown command '%s'; see kayoi --help\n"), name);
  return false;
}

bool ky_options_help(FILE *out, const char *command) {
  if (command == NULL) {
    ky_help_show(out);
    return true;
  }
  if (strcmp(command, "data") == 0) {
    ky_data_checklist(out);
    return true;
  }
  if (strcmp(command, "scenario") == 0) {
    ky_scenario_example(out);
    return true;
  }
  int found = find_command(command);
  if (found < 0) {
    ky_options wrong = {.complaint = ""};
    complain_command(&wrong, command);
    fputs(wrong.complaint, stderr);
    return false;
  }
  ky_help_show_command(out, (ky_command)found);
  return true;
}

static bool complain_option(ky_options *out, const char *name, size_t length) {
  char word[80];
  snprintf(word, sizeof word, "%.*s", (int)(length < 70 ? length : 70), name);
  ky_suggestion suggestion = {.word = word};
  for (size_t i = 0; i < ky_option_count; i++) ky_suggestion_offer(&suggestion, ky_option_list[i].name);
  if (suggestion.best != NULL)
    complain(out, ky_tr("kayoi: unknown option '%s', did you mean '%s'?\n"), word, suggestion.best);
  else
    complain(out, ky_tr("kayoi: unknown option '%s'; see kayoi --help\n"), word);
  return false;
}

const char *ky_options_lang(int argc, char *const *argv) {
  const char *value = NULL;
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strncmp(argv[i], "--lang=", 7) == 0) value = argv[i] + 7;
    if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) value = argv[i + 1];
  }
  return value != NULL && (strcmp(value, "ja") == 0 || strcmp(value, "en") == 0) ? value : NULL;
}

/* The same for --log json. */
static bool wants_json(int argc, char *const *argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--log=json") == 0 ||
        (strcmp(argv[i], "--log") == 0 && i + 1 < argc && strcmp(argv[i + 1], "json") == 0))
      return true;
  return false;
}

static bool set_threads(const char *value, ky_options *out) {
  char *end;
  long threads = strspn(value, "0123456789") == strlen(value) ? strtol(value, &end, 10) : 0;
  if (threads < 1 || threads > THREADS_MAX) {
    complain(out, ky_tr("kayoi: --threads %s: a whole number from 1 to %d is needed\n"), value, THREADS_MAX);
    return false;
  }
  out->threads = (int)threads;
  return true;
}

static bool set_seconds(const char *name, const char *value, uint32_t *seconds, ky_options *out) {
  char *end;
  long given = strspn(value, "0123456789") == strlen(value) && value[0] != '\0' ? strtol(value, &end, 10) : -1;
  if (given < 0 || given > SECONDS_MAX)
    return complain(out, ky_tr("kayoi: %s %s: whole seconds from 0 to %d are needed\n"), name, value, SECONDS_MAX);
  *seconds = (uint32_t)given;
  return true;
}

static bool set_number(const char *name, const char *value, uint32_t *number, ky_options *out) {
  char *end;
  const long given = strspn(value, "0123456789") == strlen(value) && strlen(value) < 9 ? strtol(value, &end, 10) : 0;
  if (given < 1) return complain(out, ky_tr("kayoi: %s %s: a whole number from 1 on is needed\n"), name, value);
  *number = (uint32_t)given;
  return true;
}

static bool set_floor(const char *value, ky_options *out) {
  char *end;
  const long percent = strspn(value, "0123456789") == strlen(value) ? strtol(value, &end, 10) : 0;
  if (percent < 1 || percent > 100)
    return complain(out, ky_tr("kayoi: --floor %s: a whole number of percent from 1 to 100 is needed\n"), value);
  out->floor = percent * (KY_WHOLE / 100);
  return true;
}

static bool add_scenario(const char *value, ky_options *out) {
  if (value[0] == '\0') return complain(out, "%s", ky_tr("kayoi: --scenario: the name of a file is needed\n"));
  if (out->scenario_count == KY_SCENARIO_FILES_MAX)
    return complain(out, ky_tr("kayoi: more than %d files of scenarios; put several scenarios into one file\n"),
                    KY_SCENARIO_FILES_MAX);
  out->scenarios[out->scenario_count++] = value;
  return true;
}

static bool set_role(const char *value, ky_options *out) {
  ky_suggestion suggestion = {.word = value};
  for (ky_role role = 0; role < KY_ROLE_COUNT; role++) {
    ky_suggestion_offer(&suggestion, ky_role_get(role)->name);
    if (strcmp(ky_role_get(role)->name, value) == 0) out->as = ky_role_get(role)->name;
  }
  if (out->as != NULL) return true;
  if (suggestion.best != NULL)
    return complain(out, ky_tr("kayoi: --as %s: there is no such role, did you mean '%s'?\n"), value, suggestion.best);
  return complain(out, ky_tr("kayoi: --as %s: there is no such role; it is a key of the configuration, e.g. venues\n"),
                  value);
}

/* What was asked for beside the options' values. */
typedef struct wishes {
  bool wants_help, wants_version;
  uint64_t given; /* bits of ky_option_id */
} wishes;

static bool set_option(ky_option_id id, const char *value, ky_options *out, wishes *w) {
  switch (id) {
    case OPTION_OUT:
      out->out = value;
      if (value[0] != '\0') return true;
      return complain(out, "%s", ky_tr("kayoi: --out: the name of a folder or file is needed\n"));
    case OPTION_PUBLIC:
      return out->is_public = true;
    case OPTION_CELL:
      out->cell = value;
      return true;
    case OPTION_VENUE:
      out->venue = value;
      return true;
    case OPTION_SCENARIO:
      return add_scenario(value, out);
    case OPTION_PROFILE:
      out->profile = value;
      return true;
    case OPTION_ACCEPT:
      return out->is_accepted = true;
    case OPTION_NAME:
      out->name = value;
      return true;
    case OPTION_POINTS:
      return out->with_points = true;
    case OPTION_THREADS:
      return set_threads(value, out);
    case OPTION_FROM:
      out->from = value;
      if (value[0] != '\0') return true;
      complain(out, "%s", ky_tr("kayoi: --from: the name of a folder is needed\n"));
      return false;
    case OPTION_AS:
      return set_role(value, out);
    case OPTION_JSON:
      return out->wants_document = true;
    case OPTION_IF_CHANGED:
      return out->if_changed = true;
    case OPTION_FORCE:
      return out->is_forced = true;
    case OPTION_WAIT:
      return set_seconds("--wait", value, &out->wait_s, out);
    case OPTION_TIMEOUT:
      return set_seconds("--timeout", value, &out->timeout_s, out);
    case OPTION_BRIEF:
      return out->is_brief = true;
    case OPTION_AREAS:
      out->areas = value;
      return true;
    case OPTION_TASK:
      return set_number("--task", value, &out->task, out);
    case OPTION_JOBS:
      return set_number("--jobs", value, &out->jobs, out);
    case OPTION_FLOOR:
      return set_floor(value, out);
    case OPTION_SERVICE:
      out->service = value;
      return true;
    case OPTION_CONNINFO:
      out->conninfo = value;
      return true;
    case OPTION_LOG:
      if (strcmp(value, "json") != 0) return complain(out, ky_tr("kayoi: --log %s: only json is known\n"), value);
      return out->is_json = true;
    case OPTION_LANG:
      out->lang = value;
      if (strcmp(value, "ja") == 0 || strcmp(value, "en") == 0) return true;
      complain(out, ky_tr("kayoi: --lang %s: ja or en is needed\n"), value);
      return false;
    case OPTION_HELP:
      return w->wants_help = true;
    case OPTION_VERSION:
      return w->wants_version = true;
  }
  return false;
}

/* Reads the option at argv[*at], `--name value` or `--name=value`, and moves *at to its last word. */
static bool read_option(int argc, char *const *argv, int *at, ky_options *out, wishes *w) {
  const char *word = argv[*at];
  size_t length = strcspn(word, "=");
  size_t id = 0;
  if (strcmp(word, "-h") == 0) return w->wants_help = true;
  while (id < ky_option_count &&
         (strlen(ky_option_list[id].name) != length || strncmp(ky_option_list[id].name, word, length) != 0))
    id++;
  if (id == ky_option_count) return complain_option(out, word, length);
  const char *value = word[length] == '=' ? word + length + 1 : NULL;
  if (ky_option_list[id].argument == NULL && value != NULL) {
    complain(out, ky_tr("kayoi: %s takes no value\n"), ky_option_list[id].name);
    return false;
  }
  if (ky_option_list[id].argument != NULL && value == NULL) {
    if (*at + 1 >= argc) {
      complain(out, ky_tr("kayoi: %s needs a value: %s %s\n"), ky_option_list[id].name, ky_option_list[id].name,
               ky_option_list[id].argument);
      return false;
    }
    value = argv[++*at];
  }
  if ((w->given & UINT64_C(1) << id) != 0 && id != OPTION_SCENARIO) {
    complain(out, ky_tr("kayoi: %s is given twice\n"), ky_option_list[id].name);
    return false;
  }
  w->given |= UINT64_C(1) << id;
  return set_option((ky_option_id)id, value, out, w);
}

/* The command and its operand from the words that are no options. */
static bool read_words(char **words, int count, const wishes *w, ky_options *out) {
  if (count == 0) {
    if (!w->wants_help) {
      if (!out->is_json) ky_help_show(stderr);
      return out->is_json && complain(out, "%s", ky_tr("kayoi: a command is missing; see kayoi --help\n"));
    }
    out->command = KY_COMMAND_HELP;
    return true;
  }
  int command = find_command(words[0]);
  if (command < 0) {
    complain_command(out, words[0]);
    return false;
  }
  const ky_command_info *info = &ky_commands[command];
  if (w->wants_help) {
    out->command = KY_COMMAND_HELP;
    out->operand = command == KY_COMMAND_HELP && count > 1 ? words[1] : info->name;
    return true;
  }
  for (size_t i = 0; i < ky_option_count; i++)
    if ((w->given & UINT64_C(1) << i) != 0 && (ky_option_list[i].commands & 1u << command) == 0) {
      complain(out, ky_tr("kayoi: %s is no option of kayoi %s\n"), ky_option_list[i].name, info->name);
      return false;
    }
  if (info->most != 0 && count - 1 > info->most) {
    complain(out, ky_tr("kayoi: '%s' is too much; kayoi %s takes %s\n"), words[info->most + 1], info->name,
             info->operand);
    return false;
  }
  bool is_missing = count - 1 < info->least;
  for (int i = 1; i < count && info->least > 0; i++) is_missing = is_missing || words[i][0] == '\0';
  if (is_missing) {
    complain(out, ky_tr("kayoi: %s is missing: kayoi %s %s\n"), info->operand, info->name, info->operand);
    return false;
  }
  if (command == KY_COMMAND_EXPLAIN && out->cell == NULL)
    return complain(out, "%s", ky_tr("kayoi: --cell is missing: kayoi explain CONFIG --cell ID\n"));
  if (command == KY_COMMAND_DB && strcmp(words[1], "migrate") != 0 && strcmp(words[1], "status") != 0)
    return complain(out, ky_tr("kayoi: db %s: only migrate and status are known\n"), words[1]);
  if (command == KY_COMMAND_BATCH && strcmp(words[1], "plan") != 0 && strcmp(words[1], "run") != 0 &&
      strcmp(words[1], "merge") != 0)
    return complain(out, ky_tr("kayoi: batch %s: only plan, run and merge are known\n"), words[1]);
  if (command == KY_COMMAND_BATCH && strcmp(words[1], "plan") == 0 && (out->areas == NULL || out->out == NULL))
    return complain(out, "%s",
                    ky_tr("kayoi: kayoi batch plan TEMPLATE --areas TABLE --out BATCH: an option is missing\n"));
  out->command = (ky_command)command;
  out->operand = count >= 2 ? words[1] : NULL;
  out->operands = words + 1;
  out->operand_count = count - 1;
  return true;
}

bool ky_options_read(int argc, char **argv, ky_options *out) {
  char **words = argv + 1; /* moved to the front, never past the word that is read */
  int count = 0;
  wishes w = {.wants_help = false};
  bool is_operand = false;
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  *out = (ky_options){.is_json = wants_json(argc, argv)};
  out->threads = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (int)cores;
  for (int i = 1; i < argc; i++) {
    if (!is_operand && strcmp(argv[i], "--") == 0) {
      is_operand = true;
    } else if (!is_operand && argv[i][0] == '-' && argv[i][1] != '\0') {
      if (!read_option(argc, argv, &i, out, &w)) return false;
    } else {
      words[count++] = argv[i];
    }
  }
  if (w.wants_version) {
    out->command = KY_COMMAND_VERSION;
    return true;
  }
  return read_words(words, count, &w, out);
}
