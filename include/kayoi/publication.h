/* A run's layers in PostGIS (schema kayoi, made by `kayoi db migrate`), whole or not at all: everything is put into the
 * database under a run of its own in one transaction, checked there against what was to be put, and shown by one update
 * that readers do not wait for. Until ky_publication_commit nobody sees anything of it; a connection that ends before
 * leaves nothing behind. */
#ifndef KAYOI_PUBLICATION_H
#define KAYOI_PUBLICATION_H

#include <kayoi/layers.h>

typedef struct ky_publication_opts {
  bool is_wanted;                /* outputs.postgis is there */
  const char *service;           /* section of pg_service.conf; NULL: none */
  const char *conninfo;          /* of libpq; NULL: none */
  const char *run_name;          /* a snapshot, never changed or pruned; NULL: a run like every night's */
  uint32_t keep_runs, keep_days; /* which runs without a name stay; keep_days 0: age keeps none */
  const char *municipality_code, *municipality_name;
  uint32_t wait_s; /* for another run that publishes for the municipality */
} ky_publication_opts;

typedef struct ky_published_run ky_published_run;

/* Before the long work: is the server there, is its schema the program's, may this user publish, is the run's name
 * free, and does nobody else publish for this municipality? From here to the end of the job no other run does (an
 * advisory lock of the session). KY_E_BUSY: another still does after opts->wait_s seconds. The job owns the result. */
ky_err ky_publication_open(ky_job *job, const ky_publication_opts *opts, ky_published_run **out);
/* The same questions but for the lock, for `kayoi check`; *server: what answered (keep arena). */
ky_err ky_publication_probe(ky_job *job, const ky_publication_opts *opts, const char **server);

/* Puts the layers into the database and checks them there: rows and their hash, geometries, the ledger. public_layers
 * may be NULL. folder: of run.json, whose text goes along; what was put where is added to it ("publication"). */
ky_err ky_publication_stage(ky_job *job, ky_published_run *publication, const ky_layers *internal,
                            const ky_layers *public_layers, const char *folder);
/* Readers see the run from here on. */
ky_err ky_publication_commit(ky_job *job, ky_published_run *publication);
/* Deletes old runs as the opts say, and lets others publish. What fails here is a notice: the run is published. */
void ky_publication_end(ky_job *job, ky_published_run *publication);
/* For a night without a change: is the run in the folder the one that readers of the database see, by its number and
 * the hashes of its layers? */
ky_err ky_publication_is_shown(ky_job *job, const ky_publication_opts *opts, const char *folder, bool *is_shown);
/* "run 12 in gis (db.example:5432), before it run 11; 34 layers, 4184 rows" (keep arena) */
const char *ky_publication_text(ky_job *job, const ky_published_run *publication);
/* The message of a failure behind the commit: the database shows the run, the folder does not. */
ky_err ky_publication_fail_after(ky_job *job, const ky_published_run *publication, ky_err err, const char *message);

#endif
