#include "cli_help.h"

#include <kayoi/job.h>
#include <string.h>

#include "cli_text.h"

/* In the order of ky_command. */
const ky_command_info ky_commands[] = {
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
const size_t ky_command_count = sizeof ky_commands / sizeof *ky_commands;

/* In the order of ky_option_id. */
const ky_option_info ky_option_list[] = {
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
const size_t ky_option_count = sizeof ky_option_list / sizeof *ky_option_list;

static void show_options(FILE *out, unsigned wanted) {
  fprintf(out, "\n%s\n", ky_tr("Options:"));
  for (size_t i = 0; i < ky_option_count; i++) {
    if ((ky_option_list[i].commands & wanted) == 0) continue;
    char left[40];
    snprintf(left, sizeof left, "  %s%s%s", ky_option_list[i].name, ky_option_list[i].argument != NULL ? " " : "",
             ky_option_list[i].argument != NULL ? ky_option_list[i].argument : "");
    ky_text_pad(out, left, 18);
    fprintf(out, "%s\n", ky_tr(ky_option_list[i].help));
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

void ky_help_show(FILE *out) {
  fprintf(out, "%s\n\n", ky_tr("kayoi: who can walk to a gathering place, who cannot, and what to do about it"));
  fprintf(out, "%s\n", ky_tr("Usage:"));
  for (size_t c = 0; c < ky_command_count; c++) {
    char left[40];
    snprintf(left, sizeof left, "  kayoi %s %s", ky_commands[c].name, ky_commands[c].operand);
    ky_text_pad(out, left, 36);
    fprintf(out, "%s\n", ky_tr(ky_commands[c].help));
  }
  show_options(out, FOR_ALL);
  show_exit_codes(out);
}

void ky_help_show_command(FILE *out, ky_command command) {
  const ky_command_info *info = &ky_commands[command];
  fprintf(out, "%s kayoi %s %s\n  %s\n", ky_tr("Usage:"), info->name, info->operand, ky_tr(info->help));
  show_options(out, 1u << command);
  if (command == KY_COMMAND_RUN || command == KY_COMMAND_CHECK || command == KY_COMMAND_EXPLAIN ||
      command == KY_COMMAND_DIFF)
    show_exit_codes(out);
}
