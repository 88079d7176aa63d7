/* The command line: commands and options are tables, and the tables are the help. */
#ifndef KAYOI_CLI_OPTIONS_H
#define KAYOI_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define KY_SCENARIO_FILES_MAX 100

typedef enum ky_command {
  KY_COMMAND_RUN,
  KY_COMMAND_CHECK,
  KY_COMMAND_EXPLAIN,
  KY_COMMAND_DIFF,
  KY_COMMAND_COMPARE,
  KY_COMMAND_BATCH,
  KY_COMMAND_INIT,
  KY_COMMAND_DB,
  KY_COMMAND_HELP,
  KY_COMMAND_VERSION
} ky_command;

typedef struct ky_options {
  ky_command command;
  const char *operand;   /* CONFIG, DIR, or the command that help is asked for; NULL: none */
  char *const *operands; /* check, diff: all of them, the first is `operand`; lives as long as argv */
  int operand_count;
  const char *out; /* run: folder, NULL: from the config; explain: file, NULL: explain-ID.geojson */
  const char *scenarios[KY_SCENARIO_FILES_MAX]; /* run, check: files */
  uint32_t scenario_count;
  const char *cell;     /* explain: id of the cell */
  const char *profile;  /* explain: who walks; NULL: the first profile of the run */
  const char *venue;    /* explain: id of the venue to walk to; NULL: the nearest */
  const char *from;     /* init: folder to look through; NULL: none */
  const char *as;       /* check of files: the role to read them in; NULL: that of what they are */
  const char *service;  /* db: section of pg_service.conf; NULL: none */
  const char *conninfo; /* db: how libpq finds the database; NULL: none */
  const char *areas;    /* batch plan: table of municipalities */
  uint32_t task;        /* batch run: that one alone; 0: all */
  uint32_t jobs;        /* batch run: runs at once; 0: as many as cores */
  int64_t floor;        /* compare: completeness below which nobody is ranked, KY_WHOLE parts; 0: the default */
  const char *lang;     /* NULL: from the config, then from the environment */
  int threads;
  uint32_t wait_s;      /* run: how long it waits for another run on the same OUT */
  uint32_t timeout_s;   /* run: after that it ends; 0: it never does */
  bool if_changed;      /* run: nothing is done when nothing has changed */
  bool is_forced;       /* run: even so */
  bool is_brief;        /* run: nothing but one line */
  bool is_public;       /* run: OUT/public too */
  const char *name;     /* run: of the result in the history; NULL: from the config */
  bool is_accepted;     /* run --accept */
  bool is_json;         /* --log json */
  bool wants_document;  /* check --json, explain --json, diff --json */
  bool with_points;     /* explain: routes from every point of the cell */
  char complaint[1024]; /* why the command line cannot be used, a line with its end; "": it was shown */
} ky_options;

/* The --lang of a command line that is not read yet, so that its errors are in that language; NULL: none. */
const char *ky_options_lang(int argc, char *const *argv);
/* Moves the words that are no options to the front of argv. false: out->complaint says why (is_json says how to show
 * it), the exit status is that of KY_E_USAGE. */
bool ky_options_read(int argc, char **argv, ky_options *out);
/* Help for one command, NULL: for all. false: there is no such command (a message went to stderr). */
bool ky_options_help(FILE *out, const char *command);

#endif
