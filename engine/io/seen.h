/* What decided a result, so that a night without changes is known without working: `kayoi run --if-changed`.
 *
 * Every run looks at its files before it reads them, and leaves what it saw in OUT/state.json, which appears and goes
 * with the result. A file is known again by its size, its inode and its times of change (mtime, ctime); where these
 * differ, or the file had changed within the two seconds before it was looked at, by its bytes (XXH3-64).
 *
 * Of a source in PostGIS it keeps what the database says of its rows (postgis.h), asked only with --if-changed.
 *
 * What this cannot see: bytes that change without any of these (a disk edited behind its file system), grids of PROJ
 * that are installed or removed, a library replaced by another build of the same version. */
#ifndef KAYOI_SEEN_H
#define KAYOI_SEEN_H

#include <kayoi/read.h>

#define KY_SEEN_FILE_NAME     "state.json"
#define KY_SEEN_NEW_FILE_NAME ".state.json.new" /* for a moment, while the times in it are brought up to date */

typedef struct ky_seen_file {
  const char *name; /* what it is to the run: "venues[0] data/venues.csv" */
  const char *path;
  bool is_there;
  uint64_t bytes, inode, hash;
  int64_t mtime_ns, ctime_ns;
} ky_seen_file;

/* A setting that decides: "engine", "configuration" ... */
typedef struct ky_seen_word {
  const char *name, *value;
} ky_seen_word;

typedef struct ky_seen {
  int64_t at_ns;     /* when it was looked, by the machine's clock */
  const char *blind; /* a source whose changes nobody can see from outside; NULL: none */
  ky_seen_word *words;
  ky_seen_file *files;
  uint32_t word_count, file_count;
} ky_seen;

/* Beside the sources: settings as they count, and files that are no source (programs, catalogues of messages). */
typedef struct ky_seen_opts {
  const ky_seen_word *words;
  const char *const *files;
  uint32_t word_count, file_count;
  bool with_tables; /* also ask databases, which costs; else sources there count as changed the next time */
} ky_seen_opts;

/* Looks at everything; hashes of files that are as `before` saw them are taken from there. before: may be NULL. */
ky_err ky_seen_look(ky_job *job, const ky_read_opts *read, const ky_seen_opts *opts, const ky_seen *before,
                    ky_seen *out);
/* What is different, in words for a message (keep arena); NULL: nothing. */
ky_err ky_seen_compare(ky_job *job, const ky_seen *before, const ky_seen *now, const char **difference);

/* Did it take hashes to find nothing different, because files were touched or new? */
bool ky_seen_is_stale(const ky_seen *before, const ky_seen *now);
/* For the value of a word: a text in one number (keep arena); NULL when memory is out. */
const char *ky_seen_text_hash(ky_job *job, const char *text, size_t bytes);

/* The state of a result: what was seen, and every file of `folder` with its size, time and hash. */
ky_err ky_seen_write(ky_job *job, const ky_seen *seen, const char *folder);
/* What OUT/state.json says. *out is NULL where there is none, or none that can be used. */
ky_err ky_seen_read(ky_job *job, const char *folder, const ky_seen **out);
/* A file of the result that is missing, cut off or changed (keep arena); NULL: the result is whole. */
ky_err ky_seen_damage(ky_job *job, const char *folder, const char **damage);
/* The times of now in the state that is there, so that the next look need not hash again. Nothing depends on it. */
void ky_seen_refresh(ky_job *job, const ky_seen *seen, const char *folder);

#endif
