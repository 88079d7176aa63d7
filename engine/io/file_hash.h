/* The content of a file in one number. */
#ifndef KAYOI_FILE_HASH_H
#define KAYOI_FILE_HASH_H

#include <stdint.h>

/* XXH3-64 of all its bytes, and how many they are. Returns errno. */
int ky_file_hash(const char *path, uint64_t *bytes, uint64_t *hash);

#endif
