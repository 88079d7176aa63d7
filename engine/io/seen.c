/* Looks at the files behind a run: see seen.h. */
#include "io/seen.h"

#include <dirent.h>
#include <errno.h>
#include <gdal.h>
#include <geos_c.h>
#include <inttypes.h>
#include <proj.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <xxhash.h>

#include "io/file_hash.h"
#include "io/postgis.h"
#include "io/source_file.h"

#define FRESH_NS         ((int64_t)2000000000) /* the coarsest clock of a file system: FAT */
#define RECENT           64
#define DIFFERENCES_SAID 3

/* What is being collected. */
typedef struct looking {
  ky_job *job;
  const ky_seen *before;
  ky_seen *seen;
  bool with_tables;
  uint32_t capacity;
  ky_err err;
} looking;

static int64_t ns_of(struct timespec t) {
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool has_same_stat(const ky_seen_file *a, const ky_seen_file *b) {
  return a->is_there == b->is_there && a->bytes == b->bytes && a->inode == b->inode && a->mtime_ns == b->mtime_ns &&
         a->ctime_ns == b->ctime_ns;
}

/* Had the file been left alone when it was looked at? A clock that was set back makes it look young: then it is hashed.
 */
static bool is_settled(const ky_seen_file *file, int64_t at_ns) {
  return file->mtime_ns + FRESH_NS < at_ns && file->ctime_ns + FRESH_NS < at_ns;
}

/* hint: where it probably is, because two runs look at their files in the same order. */
static const ky_seen_file *find(const ky_seen *seen, const char *path, uint32_t hint) {
  if (seen != NULL && hint < seen->file_count && strcmp(seen->files[hint].path, path) == 0) return &seen->files[hint];
  for (uint32_t i = 0; seen != NULL && i < seen->file_count; i++)
    if (strcmp(seen->files[i].path, path) == 0) return &seen->files[i];
  return NULL;
}

/* Was it added just now? Sheets of a workbook and parts of a shapefile follow each other. */
static bool is_recent(const ky_seen *seen, const char *path) {
  for (uint32_t i = seen->file_count; i > 0 && seen->file_count - i < RECENT; i--)
    if (strcmp(seen->files[i - 1].path, path) == 0) return true;
  return false;
}

/* A file that cannot be read is as if it were not there: the run itself will say what is wrong. */
static void look_at(const looking *l, ky_seen_file *file) {
  struct stat info;
  if (stat(file->path, &info) != 0 || !S_ISREG(info.st_mode)) return;
  file->is_there = true;
  file->bytes = (uint64_t)info.st_size;
  file->inode = (uint64_t)info.st_ino;
  file->mtime_ns = ns_of(info.st_mtim);
  file->ctime_ns = ns_of(info.st_ctim);
  const ky_seen_file *known = find(l->before, file->path, (uint32_t)(file - l->seen->files));
  if (known != NULL && has_same_stat(known, file) && is_settled(known, l->before->at_ns)) {
    file->hash = known->hash;
    return;
  }
  uint64_t bytes;
  if (ky_file_hash(file->path, &bytes, &file->hash) != 0)
    *file = (ky_seen_file){.name = file->name, .path = file->path};
}

static void add_file(looking *l, const char *name, const char *path) {
  ky_seen *seen = l->seen;
  if (l->err != KY_OK || is_recent(seen, path)) return;
  if (seen->file_count == l->capacity) {
    const uint32_t capacity = l->capacity == 0 ? 64 : l->capacity * 2;
    ky_seen_file *files = ky_arena_alloc(&l->job->keep, capacity, sizeof *files);
    if (files == NULL) {
      l->err = ky_fail_memory(l->job);
      return;
    }
    if (seen->file_count != 0) memcpy(files, seen->files, seen->file_count * sizeof *files);
    seen->files = files;
    l->capacity = capacity;
  }
  ky_seen_file *file = &seen->files[seen->file_count++];
  *file = (ky_seen_file){.name = name, .path = ky_arena_text(&l->job->keep, path, strlen(path))};
  if (file->path == NULL)
    l->err = ky_fail_memory(l->job);
  else
    look_at(l, file);
}

/* Does a reader look at this file beside the one that the config names? */
static bool is_beside(const char *name, const char *main_name) {
  static const char *const extensions[] = {"shx", "dbf",  "prj", "cpg", "dat", "map",  "id",  "ind", "mid", "xsd",
                                           "gfs", "csvt", "tfw", "wld", "hdr", "tifw", "blw", "stx", "clr"};
  static const char *const endings[] = {".aux.xml", ".ovr", ".msk", "-wal", "-journal"};
  const size_t length = strlen(main_name);
  const char *dot = strrchr(main_name, '.');
  const size_t stem = dot != NULL ? (size_t)(dot - main_name) : length;
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (strncmp(name, main_name, length) == 0 && strcmp(name + length, endings[i]) == 0) return true;
  if (strncmp(name, main_name, stem) != 0 || name[stem] != '.') return false;
  for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
    if (strcasecmp(name + stem + 1, extensions[i]) == 0) return true;
  return false;
}

static int compare_texts(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Files of the same stem, in the order of their names. */
static void add_beside(looking *l, const char *name, const char *path) {
  const char *main_name = ky_path_name(path), *found[64];
  const char *folder = ky_arena_text(&l->job->scratch, path, (size_t)(main_name - path));
  DIR *entries = folder == NULL ? NULL : opendir(folder[0] != '\0' ? folder : ".");
  size_t count = 0;
  if (folder == NULL) l->err = ky_fail_memory(l->job);
  if (entries == NULL) return;
  for (struct dirent *entry; count < sizeof found / sizeof *found && (entry = readdir(entries)) != NULL;) {
    if (!is_beside(entry->d_name, main_name)) continue;
    found[count] = ky_format(&l->job->scratch, "%s%s", folder, entry->d_name);
    count += found[count] != NULL;
  }
  closedir(entries);
  qsort(found, count, sizeof *found, compare_texts);
  for (size_t i = 0; i < count; i++) add_file(l, name, found[i]);
}

/* The file on disk: of a path into a zip the zip. */
static const char *disk_path(looking *l, const char *path) {
  struct stat info;
  if (stat(path, &info) == 0) return path;
  for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    const char *part = ky_arena_text(&l->job->scratch, path, (size_t)(slash - path));
    if (part != NULL && stat(part, &info) == 0 && S_ISREG(info.st_mode)) return part;
  }
  return path;
}

static void add_path(looking *l, const char *name, const char *given) {
  const char *path = disk_path(l, given);
  add_file(l, name, path);
  if (!ky_path_has(path, "zip") && !ky_path_has(path, "gz") && !ky_path_has(path, "bz2")) add_beside(l, name, path);
  /* A virtual raster names other files, which nobody here knows. */
  if (ky_path_has(path, "vrt")) l->seen->blind = name;
}

/* A table or query is a word: what the database says of it (postgis.h), in the snapshot that is read afterwards. */
static void add_rows(looking *l, const ky_source *source, const char *name) {
  char text[KY_PG_FINGERPRINT_BYTES];
  if (l->err != KY_OK || !l->with_tables) return;
  l->err = ky_pg_fingerprint(l->job, source, text);
  if (l->err != KY_OK) return;
  ky_seen_word *word = &l->seen->words[l->seen->word_count++];
  *word = (ky_seen_word){name, ky_arena_text(&l->job->keep, text, strlen(text))};
  if (word->value == NULL) l->err = ky_fail_memory(l->job);
}

static void add_source(looking *l, const ky_source *source) {
  const char *name = ky_source_where(l->job, source);
  if (name == NULL) name = source->name;
  if (source->postgis != NULL) add_rows(l, source, name);
  if (source->path != NULL) add_path(l, name, source->path);
  if (source->table != NULL) add_path(l, name, source->table);
}

static ky_err set_words(ky_job *job, const ky_read_opts *read, const ky_seen_opts *opts, ky_seen *seen) {
  KY_NEW(job, keep, seen->words, opts->word_count + read->source_count + 1);
  seen->words[seen->word_count++] =
      (ky_seen_word){"engine", ky_format(&job->keep, "kayoi %s, GDAL %s, PROJ %s, GEOS %s", KY_VERSION,
                                         GDALVersionInfo("RELEASE_NAME"), proj_info().release, GEOSversion())};
  if (seen->words[0].value == NULL) return ky_fail_memory(job);
  for (uint32_t i = 0; i < opts->word_count; i++) seen->words[seen->word_count++] = opts->words[i];
  return KY_OK;
}

ky_err ky_seen_look(ky_job *job, const ky_read_opts *read, const ky_seen_opts *opts, const ky_seen *before,
                    ky_seen *out) {
  struct timespec now;
  looking l = {.job = job, .before = before, .seen = out, .with_tables = opts->with_tables};
  clock_gettime(CLOCK_REALTIME, &now);
  *out = (ky_seen){.at_ns = ns_of(now)};
  KY_TRY(set_words(job, read, opts, out));
  for (uint32_t i = 0; i < opts->file_count; i++) add_file(&l, "kayoi", opts->files[i]);
  for (uint32_t i = 0; i < read->source_count; i++) add_source(&l, &read->sources[i]);
  return l.err;
}

/* What is said of the first differences, and how many more there are. */
typedef struct differences {
  ky_job *job;
  char *text; /* NULL: none yet */
  uint32_t count;
} differences;

static void add_difference(differences *d, const char *what, const char *how) {
  if (d->count++ < DIFFERENCES_SAID)
    d->text =
        ky_format(&d->job->keep, "%s%s%s (%s)", d->text != NULL ? d->text : "", d->text != NULL ? ", " : "", what, how);
}

static const char *word_of(const ky_seen *seen, const char *name) {
  for (uint32_t i = 0; i < seen->word_count; i++)
    if (strcmp(seen->words[i].name, name) == 0) return seen->words[i].value;
  return NULL;
}

static void compare_words(differences *d, const ky_seen *before, const ky_seen *now) {
  for (uint32_t i = 0; i < now->word_count; i++) {
    const char *value = word_of(before, now->words[i].name);
    if (value == NULL || strcmp(value, now->words[i].value) != 0)
      add_difference(d, now->words[i].name, ky_tr("changed"));
  }
  for (uint32_t i = 0; i < before->word_count; i++)
    if (word_of(now, before->words[i].name) == NULL) add_difference(d, before->words[i].name, ky_tr("no longer there"));
}

static void compare_files(differences *d, const ky_seen *before, const ky_seen *now) {
  for (uint32_t i = 0; i < now->file_count; i++) {
    const ky_seen_file *file = &now->files[i], *known = find(before, file->path, i);
    if (known == NULL)
      add_difference(d, file->path, ky_tr("new"));
    else if (known->is_there != file->is_there || known->bytes != file->bytes || known->hash != file->hash)
      add_difference(d, file->path, file->is_there ? ky_tr("changed") : ky_tr("no longer there"));
  }
  for (uint32_t i = 0; i < before->file_count; i++)
    if (find(now, before->files[i].path, i) == NULL) add_difference(d, before->files[i].path, ky_tr("no longer there"));
}

ky_err ky_seen_compare(ky_job *job, const ky_seen *before, const ky_seen *now, const char **difference) {
  differences d = {.job = job};
  if (now->blind != NULL) add_difference(&d, now->blind, ky_tr("its changes cannot be seen from outside"));
  compare_words(&d, before, now);
  compare_files(&d, before, now);
  *difference = d.text;
  if (d.count != 0 && d.text == NULL) return ky_fail_memory(job);
  if (d.count <= DIFFERENCES_SAID) return KY_OK;
  *difference = ky_format(&job->keep, ky_tr("%s and %u more"), d.text, d.count - DIFFERENCES_SAID);
  return *difference != NULL ? KY_OK : ky_fail_memory(job);
}

bool ky_seen_is_stale(const ky_seen *before, const ky_seen *now) {
  for (uint32_t i = 0; i < now->file_count; i++) {
    const ky_seen_file *file = &now->files[i], *known = find(before, file->path, i);
    if (known == NULL || !has_same_stat(known, file) || !is_settled(known, before->at_ns)) return true;
  }
  return false;
}

const char *ky_seen_text_hash(ky_job *job, const char *text, size_t bytes) {
  return ky_format(&job->keep, "%016" PRIx64, (uint64_t)XXH3_64bits(text, bytes));
}
