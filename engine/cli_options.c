#include "cli_options.h"

#include <kayoi/read.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_data_checklist.h"
#include "cli_text.h"
#include "config_suggest.h"
#include "scenario.h"

#define THREADS_MAX 256
#define SECONDS_MAX 1000000 /* of a wait: eleven days */

typedef struct command_info {
  const char *name;
  const char *operand;
  int least, most; /* operands; most 0: any number of them */
  const char *help;
} command_info;

/* In the order of ky_command. */
static const command_info commands[] = {
    {"run", "CONFIG", 1, 1, KY_MSG("read, calculate, and write the results")},
    {"check", "CONFIG|FILE...", 1, 0,
     KY_MSG("read and check every input, or any files of data, and report; write nothing")},
    {"explain", "CONFIG", 1, 1,
     KY_MSG("explain one cell (--cell ID): its people, nearest venues, the walk leg by leg")},
    {"diff", "RUN_A RUN_B", 2, 2,
     KY_MSG(
         "say what changed between two runs, RUN_A the earlier; a run is a folder, or db:latest, db:NUMBER, db:NAME")},
    {"compare", "RUN...", 1, 0, KY_MSG("the runs of several municipalities side by side")},
    {"batch", "plan|run|merge FILE", 2, 2,
     KY_MSG("many municipalities: plan TEMPLATE --areas TABLE --out BATCH, then run BATCH, then merge BATCH")},
    {"init", "DIR", 1, 1, KY_MSG("make a project folder with a commented configuration")},
    {"db", "migrate|status [CONFIG]", 1, 2,
     KY_MSG("make or bring up to date the tables of kayoi in a PostGIS database (migrate), or show them (status)")},
    {"help", "COMMAND", 0, 1,
     KY_MSG("explain a command; help data: the data to get, and where; help scenario: a template of scenarios")},
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

typedef enum option_id {
  OPTION_OUT,
  OPTION_SCENARIO,
  OPTION_PUBLIC,
  OPTION_ACCEPT,
  OPTION_NAME,
  OPTION_CELL,
  OPTION_VENUE,
  OPTION_PROFILE,
  OPTION_POINTS,
  OPTION_FROM,
  OPTION_AS,
  OPTION_JSON,
  OPTION_IF_CHANGED,
  OPTION_FORCE,
  OPTION_WAIT,
  OPTION_TIMEOUT,
  OPTION_BRIEF,
  OPTION_AREAS,
  OPTION_TASK,
  OPTION_JOBS,
  OPTION_FLOOR,
  OPTION_SERVICE,
  OPTION_CONNINFO,
  OPTION_THREADS,
  OPTION_LOG,
  OPTION_LANG,
  OPTION_HELP,
  OPTION_VERSION
} option_id;

#define FOR(command) (1u << KY_COMMAND_##command)
#define FOR_ALL \
  (FOR(RUN) | FOR(CHECK) | FOR(EXPLAIN) | FOR(DIFF) | FOR(COMPARE) | FOR(BATCH) | FOR(INIT) | FOR(DB) | FOR(HELP))

typedef struct option_info {
  const char *name;
  const char *argument; /* NULL: takes none */
  unsigned commands;
  const char *help;
} option_info;

/* In the order of option_id. */
static const option_info options[] = {
    {"--out", "PATH", FOR(RUN) | FOR(EXPLAIN) | FOR(COMPARE) | FOR(BATCH),
     KY_MSG("run: folder of the results, instead of outputs.dir; explain: GeoJSON file of the walk; compare: folder, "
            "./compare unless given")},
    {"--scenario", "FILE", FOR(RUN) | FOR(CHECK),
     KY_MSG("compare the scenarios of this file with the run; may be given several times (kayoi help scenario)")},
    {"--public", NULL, FOR(RUN), KY_MSG("write OUT/public too: the layers that may leave the town hall")},
    {"--accept", NULL, FOR(RUN), KY_MSG("publish the result even when the gate would hold it back")},
    {"--name", "NAME", FOR(RUN), KY_MSG("keep the result under this name in the history, whole and for good")},
    {"--cell", "ID", FOR(EXPLAIN), KY_MSG("the cell that is explained, by its cell_id")},
    {"--venue", "ID", FOR(EXPLAIN), KY_MSG("walk to this venue instead of the nearest")},
    {"--profile", "NAME", FOR(EXPLAIN), KY_MSG("who walks, when the run has several profiles; the first unless given")},
    {"--points", NULL, FOR(EXPLAIN), KY_MSG("the walk from every point of the cell, not only from its median")},
    {"--from", "FOLDER", FOR(INIT), KY_MSG("look through a folder of files and write a configuration that uses them")},
    {"--as", "ROLE", FOR(CHECK), KY_MSG("read files of data as venues, sites, zones ... instead of as what they are")},
    {"--json", NULL, FOR(CHECK) | FOR(EXPLAIN) | FOR(DIFF), KY_MSG("print the report as one JSON document")},
    {"--if-changed", NULL, FOR(RUN),
     KY_MSG("do nothing when inputs and settings are those of the result that is there, and it is whole")},
    {"--force", NULL, FOR(RUN) | FOR(BATCH), KY_MSG("run although nothing has changed")},
    {"--wait", "S", FOR(RUN),
     KY_MSG("wait up to S seconds for another run on the same folder; not at all unless given")},
    {"--timeout", "S", FOR(RUN), KY_MSG("end after S seconds and leave the previous result as it was")},
    {"--brief", NULL, FOR(RUN), KY_MSG("say one line on stdout and nothing else but failures, for cron's mail")},
    {"--areas", "FILE", FOR(BATCH),
     KY_MSG("batch plan: table of the municipalities with the columns code, name, border and settings of their own")},
    {"--task", "N", FOR(BATCH), KY_MSG("batch run: only municipality N of the plan, for the job array of a scheduler")},
    {"--jobs", "N", FOR(BATCH),
     KY_MSG("batch run: this many at once, as far as the memory allows; one a core unless given")},
    {"--floor", "PERCENT", FOR(COMPARE),
     KY_MSG("rank nobody whose data are less complete than this (80 unless given; an assumption of kayoi)")},
    {"--service", "NAME", FOR(DB) | FOR(DIFF),
     KY_MSG("the database of this section of pg_service.conf, instead of outputs.postgis of CONFIG")},
    {"--conninfo", "TEXT", FOR(DB) | FOR(DIFF),
     KY_MSG("the database, as libpq takes it, e.g. \"host=db dbname=gis\"; without a password")},
    {"--threads", "N", FOR(RUN) | FOR(CHECK) | FOR(EXPLAIN),
     KY_MSG("processor cores to use; all of them unless given")},
    {"--log", "json", FOR(RUN) | FOR(CHECK) | FOR(EXPLAIN) | FOR(DIFF) | FOR(COMPARE) | FOR(BATCH),
     KY_MSG("log one JSON object per line on stderr")},
    {"--lang", "ja|en", FOR_ALL, KY_MSG("language of messages")},
    {"--help", NULL, FOR_ALL, KY_MSG("show this help")},
    {"--version", NULL, FOR_ALL, KY_MSG("show the version")},
};
#define OPTION_COUNT (sizeof options / sizeof *options)

static void show_options(FILE *out, unsigned wanted) {
  fprintf(out, "\n%s\n", ky_tr("Options:"));
  for (size_t i = 0; i < OPTION_COUNT; i++) {
    if ((options[i].commands & wanted) == 0) continue;
    char left[40];
    snprintf(left, sizeof left, "  %s%s%s", options[i].name, options[i].argument != NULL ? " " : "",
             options[i].argument != NULL ? options[i].argument : "");
    ky_text_pad(out, left, 18);
    fprintf(out, "%s\n", ky_tr(options[i].help));
  }
}

static void show_exit_codes(FILE *out) {
  fprintf(out, "\n%s\n", ky_tr("Exit status:"));
  for (int err = 0; err < KY_ERR_COUNT; err++) {
    int status = ky_err_status((ky_err)err);
    if (err > 0 && status == ky_err_status((ky_err)(err - 1)))
      fprintf(out, "      %s\n", ky_tr(ky_err_text((ky_err)err)));
    else
      fprintf(out, "  %2d  %s\n", status, ky_tr(ky_err_text((ky_err)err)));
  }
}

static void show_commands(FILE *out) {
  fprintf(out, "%s\n\n", ky_tr("kayoi: who can walk to a gathering place, who cannot, and what to do about it"));
  fprintf(out, "%s\n", ky_tr("Usage:"));
  for (size_t c = 0; c < COMMAND_COUNT; c++) {
    char left[40];
    snprintf(left, sizeof left, "  kayoi %s %s", commands[c].name, commands[c].operand);
    ky_text_pad(out, left, 36);
    fprintf(out, "%s\n", ky_tr(commands[c].help));
  }
  show_options(out, FOR_ALL);
  show_exit_codes(out);
}

static void show_command(FILE *out, ky_command command) {
  const command_info *info = &commands[command];
  fprintf(out, "%s kayoi %s %s\n  %s\n", ky_tr("Usage:"), info->name, info->operand, ky_tr(info->help));
  show_options(out, 1u << command);
  if (command == KY_COMMAND_RUN || command == KY_COMMAND_CHECK || command == KY_COMMAND_EXPLAIN ||
      command == KY_COMMAND_DIFF)
    show_exit_codes(out);
}

static int find_command(const char *name) {
  for (size_t c = 0; c < COMMAND_COUNT; c++)
    if (strcmp(commands[c].name, name) == 0) return (int)c;
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
  for (size_t c = 0; c < COMMAND_COUNT; c++) ky_suggestion_offer(&suggestion, commands[c].name);
  if (suggestion.best != NULL)
    complain(out, ky_tr("kayoi: unknown command '%s', did you mean '%s'?\n"), name, suggestion.best);
  else
    complain(out, ky_tr("kayoi: unknown command '%s'; see kayoi --help\n"), name);
  return false;
}

bool ky_options_help(FILE *out, const char *command) {
  if (command == NULL) {
    show_commands(out);
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
  show_command(out, (ky_command)found);
  return true;
}

static bool complain_option(ky_options *out, const char *name, size_t length) {
  char word[80];
  snprintf(word, sizeof word, "%.*s", (int)(length < 70 ? length : 70), name);
  ky_suggestion suggestion = {.word = word};
  for (size_t i = 0; i < OPTION_COUNT; i++) ky_suggestion_offer(&suggestion, options[i].name);
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
  uint64_t given; /* bits of option_id */
} wishes;

static bool set_option(option_id id, const char *value, ky_options *out, wishes *w) {
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
  while (id < OPTION_COUNT && (strlen(options[id].name) != length || strncmp(options[id].name, word, length) != 0))
    id++;
  if (id == OPTION_COUNT) return complain_option(out, word, length);
  const char *value = word[length] == '=' ? word + length + 1 : NULL;
  if (options[id].argument == NULL && value != NULL) {
    complain(out, ky_tr("kayoi: %s takes no value\n"), options[id].name);
    return false;
  }
  if (options[id].argument != NULL && value == NULL) {
    if (*at + 1 >= argc) {
      complain(out, ky_tr("kayoi: %s needs a value: %s %s\n"), options[id].name, options[id].name,
               options[id].argument);
      return false;
    }
    value = argv[++*at];
  }
  if ((w->given & UINT64_C(1) << id) != 0 && id != OPTION_SCENARIO) {
    complain(out, ky_tr("kayoi: %s is given twice\n"), options[id].name);
    return false;
  }
  w->given |= UINT64_C(1) << id;
  return set_option((option_id)id, value, out, w);
}

/* The command and its operand from the words that are no options. */
static bool read_words(char **words, int count, const wishes *w, ky_options *out) {
  if (count == 0) {
    if (!w->wants_help) {
      if (!out->is_json) show_commands(stderr);
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
  const command_info *info = &commands[command];
  if (w->wants_help) {
    out->command = KY_COMMAND_HELP;
    out->operand = command == KY_COMMAND_HELP && count > 1 ? words[1] : info->name;
    return true;
  }
  for (size_t i = 0; i < OPTION_COUNT; i++)
    if ((w->given & UINT64_C(1) << i) != 0 && (options[i].commands & 1u << command) == 0) {
      complain(out, ky_tr("kayoi: %s is no option of kayoi %s\n"), options[i].name, info->name);
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
