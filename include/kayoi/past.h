/* A past run, read back from what it left: run.json and its layers. Nothing of it is trusted: a folder that kayoi did
 * not write, one of a newer version and files that are cut off or changed are told apart, in words. */
#ifndef KAYOI_PAST_H
#define KAYOI_PAST_H

#include <kayoi/table.h>

/* Of run.json: one more whenever a reader of the number before would understand it wrongly. */
#define KY_RUN_FORMAT 1

/* One source as it was read. */
typedef struct ky_past_input {
  const char *role, *name, *path, *date; /* name, date: may be NULL */
  const char *hash, *table_hash;         /* 16 hexadecimal digits; NULL: none */
  int64_t bytes, records, bad;           /* KY_NULL: not stated */
  bool is_workbook;                      /* a sheet of the workbook, which may be empty */
} ky_past_input;

/* A definition: "walk.primary_m", "500", "config" or "default". */
typedef struct ky_past_setting {
  const char *key, *value, *origin; /* value: NULL null */
} ky_past_setting;

/* A file of the run, path from its folder. */
typedef struct ky_past_output {
  const char *path, *hash;
  int64_t bytes;
} ky_past_output;

typedef struct ky_past_column {
  const char *name;
  ky_column_type type;
  uint8_t decimals;
} ky_past_column;

typedef struct ky_past_layer {
  const char *audience, *layer; /* "internal", "zones" */
  uint32_t rows, column_count;
  ky_past_column *columns;
} ky_past_layer;

/* A row of the ledger, people 65+ in thousandths; KY_NULL: unknown. */
typedef struct ky_past_row {
  const char *level, *zone_id, *name;
  int64_t pop_65, covered_65, in_gap_65;
} ky_past_row;

typedef struct ky_past {
  const char *place;      /* as given: the folder, or the run of a database in words */
  struct ky_pg *database; /* its connection, which must live as long; NULL: files */
  const char *run_id;     /* of the database; NULL: files */
  const char *version;    /* of kayoi */
  const char *name, *code, *crs;
  const char *people_date, *venues_date, *official_date;
  const char *published;   /* "2026-11-21T13:45:01Z"; NULL: not stated */
  const char *config_text; /* the configuration as read; NULL: not stated */
  int64_t venues_counting, gaps_count;
  ky_past_input *inputs;
  ky_past_setting *settings;
  ky_past_output *outputs;
  ky_past_layer *layers;
  ky_past_row *rows;
  uint32_t input_count, setting_count, output_count, layer_count, row_count;
} ky_past;

/* Reads FOLDER/run.json. *why: why it cannot be used (keep arena), *out is NULL then; both NULL: there is no run.json.
 * Fails only when memory is out. */
ky_err ky_past_look(ky_job *job, const char *folder, const ky_past **out, const char **why);
/* The same for a folder that somebody named: KY_E_INPUT with the message. */
ky_err ky_past_open(ky_job *job, const char *folder, const ky_past **out);

/* A run of the results in a database (schema kayoi): "latest", the number of a run, or a name. KY_E_INPUT. */
ky_err ky_past_open_database(ky_job *job, struct ky_pg *database, const char *run, const ky_past **out);

/* A layer of an audience ("internal", "public") as the run wrote it: from the GeoPackage, else GeoJSON, else CSV (then
 * only points have geometry). Columns have the name, type and decimals of then; shapes are in `crs`, NULL: the run's
 * own. *why: why the run has it and it cannot be read; out->layer is NULL when the run does not have it, or not in a
 * file that can be read back. Fails only when memory is out. */
ky_err ky_past_table_look(ky_job *job, const ky_past *past, const char *audience, const char *layer, const char *crs,
                          ky_table *out, const char **why);
/* The same: KY_E_INPUT when the run has it and it cannot be read. */
ky_err ky_past_table(ky_job *job, const ky_past *past, const char *audience, const char *layer, ky_table *out);

const ky_past_setting *ky_past_setting_of(const ky_past *past, const char *key);
const ky_past_layer *ky_past_layer_of(const ky_past *past, const char *audience, const char *layer);
/* A row of the ledger by its level ("municipality"); of zones also by zone_id. NULL: none. */
const ky_past_row *ky_past_row_of(const ky_past *past, const char *level, const char *zone_id);

#endif
