/* Hashes a file in pieces that stay in a processor's cache. */
#include "io/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#define CHUNK ((size_t)1 << 17)

static int hash_all(int fd, char *chunk, XXH3_state_t *state, uint64_t *bytes) {
  *bytes = 0;
  XXH3_64bits_reset(state);
  for (;;) {
    const ssize_t n = read(fd, chunk, CHUNK);
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    XXH3_64bits_update(state, chunk, (size_t)n);
    *bytes += (uint64_t)n;
  }
}

int ky_file_hash(const char *path, uint64_t *bytes, uint64_t *hash) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  char *chunk = malloc(CHUNK);
  XXH3_state_t *state = XXH3_createState();
  const int error = chunk == NULL || state == NULL ? ENOMEM : hash_all(fd, chunk, state, bytes);
  if (error == 0) *hash = XXH3_64bits_digest(state);
  XXH3_freeState(state);
  free(chunk);
  close(fd);
  return error;
}
