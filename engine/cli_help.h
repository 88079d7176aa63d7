/* The tables of the command line: commands and options, which are its help at the same time. */
#ifndef KAYOI_CLI_HELP_H
#define KAYOI_CLI_HELP_H

#include "cli_options.h"

typedef struct ky_command_info {
  const char *name;
  const char *operand;
  int least, most; /* operands; most 0: any number of them */
  const char *help;
} ky_command_info;

typedef enum ky_option_id {
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
} ky_option_id;

#define FOR(command) (1u << KY_COMMAND_##command)
#define FOR_ALL \
  (FOR(RUN) | FOR(CHECK) | FOR(EXPLAIN) | FOR(DIFF) | FOR(COMPARE) | FOR(BATCH) | FOR(INIT) | FOR(DB) | FOR(HELP))

typedef struct ky_option_info {
  const char *name;
  const char *argument; /* NULL: takes none */
  unsigned commands;
  const char *help;
} ky_option_info;

/* In the order of ky_command, and of ky_option_id. */
extern const ky_command_info ky_commands[];
extern const size_t ky_command_count;
extern const ky_option_info ky_option_list[];
extern const size_t ky_option_count;

/* All commands and options, or one command with its own; with the exit statuses. */
void ky_help_show(FILE *out);
void ky_help_show_command(FILE *out, ky_command command);

#endif
