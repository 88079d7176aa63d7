/* The file of a kept network: mapped when it fits, written beside its place and renamed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "io/cache_parts.h"

#define MAGIC   "KAYOInet"
#define VERSION 3 /* one more with every change of what is kept or how it is built */

typedef struct header {
  char magic[8];
  uint32_t version, key_bytes;
  uint64_t file_bytes, hash; /* XXH3-64 of everything behind the header */
} header;

typedef struct mapping {
  char *bytes;
  size_t length;
} mapping;

static void end_mapping(void *handle) {
  mapping *m = handle;
  munmap(m->bytes, m->length);
}

static uint64_t aligned(uint64_t at) {
  return (at + KY_CACHE_ALIGN - 1) / KY_CACHE_ALIGN * KY_CACHE_ALIGN;
}

/* Where counts and arrays lie; returns the file's length. */
static uint64_t lay_out(uint32_t key_bytes, const ky_cache_part *part, uint32_t count, uint64_t text_bytes,
                        uint64_t *counts_at, uint64_t *part_at, uint64_t *text_at) {
  uint64_t at = *counts_at = aligned(sizeof(header) + key_bytes);
  at = aligned(at + sizeof(ky_cache_counts));
  for (uint32_t i = 0; i < count; i++) {
    part_at[i] = at;
    at = aligned(at + part[i].bytes);
  }
  *text_at = at;
  return at + text_bytes;
}

/* Why a mapped file cannot be used; NULL: it is sound. */
static const char *judge(const char *bytes, size_t length, const char *key) {
  header h;
  if (length < sizeof h) return ky_tr("it is cut off");
  memcpy(&h, bytes, sizeof h);
  if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0) return ky_tr("it is not a network kept by kayoi");
  if (h.version != VERSION) return ky_tr("it is of another version of kayoi");
  if (h.file_bytes != length || h.key_bytes > length - sizeof h) return ky_tr("it is cut off");
  if (h.key_bytes != strlen(key) || memcmp(bytes + sizeof h, key, h.key_bytes) != 0)
    return ky_tr("roads, elevation or their settings have changed");
  if (XXH3_64bits(bytes + sizeof h, length - sizeof h) != h.hash) return ky_tr("it is damaged");
  return NULL;
}

/* Points the structs into the mapping. False: the counts do not fit the file. */
static bool attach(char *bytes, size_t length, uint32_t key_bytes, ky_network *network, ky_contraction *contraction,
                   const char **texts, uint64_t *text_bytes) {
  ky_cache_counts counts;
  ky_cache_part part[KY_CACHE_PARTS_MAX];
  uint64_t at[KY_CACHE_PARTS_MAX], counts_at, text_at;
  lay_out(key_bytes, NULL, 0, 0, &counts_at, at, &text_at);
  if (text_at > length) return false;
  memcpy(&counts, bytes + counts_at, sizeof counts);
  if (counts.text_bytes > length || counts.out > counts.nodes || counts.tree_levels > 16) return false;
  ky_cache_recount(&counts, network, contraction);
  uint32_t count = ky_cache_list(&counts, network, contraction, part);
  if (lay_out(key_bytes, part, count, counts.text_bytes, &counts_at, at, &text_at) != length) return false;
  for (uint32_t i = 0; i < count; i++) *part[i].at = bytes + at[i];
  *texts = bytes + text_at;
  *text_bytes = counts.text_bytes;
  return true;
}

/* Everything of the file, or why not. The mapping is private: nobody's writing changes the file. */
static const char *take_file(ky_job *job, const ky_cache *cache, mapping *m, ky_inputs *inputs, ky_network *network,
                             ky_contraction *contraction) {
  ky_network found = {0};
  ky_contraction contracted = {0};
  const char *texts = NULL, *why = judge(m->bytes, m->length, cache->key);
  uint64_t text_bytes = 0;
  if (why != NULL) return why;
  if (!attach(m->bytes, m->length, (uint32_t)strlen(cache->key), &found, &contracted, &texts, &text_bytes) ||
      ky_network_check(&found) != NULL || ky_contraction_check(&contracted) != NULL ||
      !ky_cache_unpack(job, texts, text_bytes, inputs))
    return ky_tr("it is damaged");
  *network = found;
  *contraction = contracted;
  return NULL;
}

ky_err ky_cache_load(ky_job *job, const ky_cache *cache, ky_inputs *inputs, ky_network *network,
                     ky_contraction *contraction, bool *is_found) {
  mapping *m;
  struct stat info;
  *is_found = false;
  if (cache->path == NULL) return KY_OK;
  KY_NEW(job, keep, m, 1);
  int fd = open(cache->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would wait for its other end */
  if (fd < 0) {
    if (errno != ENOENT)
      ky_job_notice(job, ky_tr("the kept network %s cannot be opened (%s): it is built anew"), cache->path,
                    strerror(errno));
    return KY_OK;
  }
  const char *why = NULL;
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    why = ky_tr("it is not a file");
  } else if (info.st_size == 0) {
    why = ky_tr("it is cut off");
  } else {
    m->length = (size_t)info.st_size;
    m->bytes = mmap(NULL, m->length, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (m->bytes == MAP_FAILED) why = strerror(errno);
  }
  close(fd);
  if (why == NULL) {
    why = take_file(job, cache, m, inputs, network, contraction);
    *is_found = why == NULL;
    if (why != NULL)
      end_mapping(m);
    else
      KY_TRY(ky_job_own(job, end_mapping, m));
  }
  if (why != NULL) ky_job_notice(job, ky_tr("the kept network %s is not used: %s; it is built anew"), cache->path, why);
  return KY_OK;
}

/* The temporary file, locked. Another run may hold it, or may have renamed it between opening and locking. -1: none. */
static int open_locked(const char *path) {
  for (int attempt = 0; attempt < 8; attempt++) {
    struct stat opened, named;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      close(fd);
      errno = EBUSY;
      return -1;
    }
    if (fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
        opened.st_dev == named.st_dev)
      return fd;
    close(fd);
  }
  errno = EBUSY;
  return -1;
}

/* Writes and hashes what is behind the header, from `at` on. */
typedef struct out {
  FILE *file;
  XXH3_state_t *hash;
  uint64_t at;
} out;

static void put(out *o, const void *bytes, uint64_t length) {
  if (length == 0) return;
  fwrite(bytes, 1, length, o->file);
  XXH3_64bits_update(o->hash, bytes, length);
  o->at += length;
}

static void put_gap(out *o, uint64_t to) {
  static const char zero[KY_CACHE_ALIGN];
  put(o, zero, to - o->at);
}

/* 0 or an errno. The header comes last: until then the file is not a kept network. */
static int write_file(FILE *file, XXH3_state_t *hash, const ky_cache *cache, const ky_cache_counts *counts,
                      const ky_cache_part *part, uint32_t count, const char *texts) {
  header h = {.magic = MAGIC, .version = VERSION, .key_bytes = (uint32_t)strlen(cache->key)};
  uint64_t at[KY_CACHE_PARTS_MAX], counts_at, text_at;
  out o = {.file = file, .hash = hash, .at = sizeof h};
  h.file_bytes = lay_out(h.key_bytes, part, count, counts->text_bytes, &counts_at, at, &text_at);
  XXH3_64bits_reset(hash);
  fseek(file, (long)sizeof h, SEEK_SET);
  put(&o, cache->key, h.key_bytes);
  put_gap(&o, counts_at);
  put(&o, counts, sizeof *counts);
  for (uint32_t i = 0; i < count; i++) {
    put_gap(&o, at[i]);
    put(&o, *part[i].at, part[i].bytes);
  }
  put_gap(&o, text_at);
  put(&o, texts, counts->text_bytes);
  h.hash = XXH3_64bits_digest(hash);
  fseek(file, 0, SEEK_SET);
  fwrite(&h, 1, sizeof h, file);
  errno = 0;
  if (fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0) return errno != 0 ? errno : EIO;
  return 0;
}

static int save(const ky_cache *cache, const char *temporary, const ky_cache_counts *counts, const ky_cache_part *part,
                uint32_t count, const char *texts) {
  int fd = open_locked(temporary), error = fd < 0 ? errno : 0;
  if (error != 0) return error;
  if (ftruncate(fd, 0) != 0) error = errno;
  FILE *file = fdopen(fd, "r+b"); /* the lock ends when it is closed */
  XXH3_state_t *hash = XXH3_createState();
  if (error == 0 && (file == NULL || hash == NULL)) error = ENOMEM;
  if (error == 0) error = write_file(file, hash, cache, counts, part, count, texts);
  if (error == 0 && rename(temporary, cache->path) != 0) error = errno;
  if (error != 0) unlink(temporary);
  XXH3_freeState(hash);
  if (file != NULL)
    fclose(file);
  else
    close(fd);
  return error;
}

ky_err ky_cache_save(ky_job *job, const ky_cache *cache, const ky_inputs *inputs, const ky_network *network,
                     const ky_contraction *contraction, uint32_t first_issue) {
  ky_network arrays = *network;
  ky_contraction contracted = *contraction;
  ky_cache_counts counts;
  ky_cache_part part[KY_CACHE_PARTS_MAX];
  char *texts, *dir, *temporary;
  if (cache->path == NULL) return KY_OK;
  ky_cache_count(network, contraction, &counts);
  KY_TRY(ky_cache_pack(job, inputs, first_issue, &texts, &counts.text_bytes));
  uint32_t count = ky_cache_list(&counts, &arrays, &contracted, part);
  dir = ky_format(&job->scratch, "%.*s", (int)(strrchr(cache->path, '/') - cache->path), cache->path);
  temporary = ky_format(&job->scratch, "%s.tmp", cache->path);
  if (dir == NULL || temporary == NULL) return ky_fail_memory(job);
  int error = mkdir(dir, 0755) == 0 || errno == EEXIST ? 0 : errno;
  if (error == 0) error = save(cache, temporary, &counts, part, count, texts);
  if (error == EBUSY)
    ky_job_notice(job, ky_tr("the network is not kept this time: another run is writing %s"), cache->path);
  else if (error != 0)
    ky_job_notice(job, ky_tr("the network cannot be kept in %s: %s; the results do not need it"), cache->path,
                  strerror(error));
  return KY_OK;
}
