/* Arena: blocks in a list, newest first. A request that does not fit gets a block of its own size or of the
 * standard size, whichever is larger; the rest of the older block is left unused (at most one standard block).
 *
 *   head -> [ used | free ] -> [ used | waste ] -> [ used | waste ] -> NULL
 */
#include <kayoi/job.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)1 << 20)

struct ky_block {
  ky_block *next;
  size_t size_bytes, used_bytes;
  alignas(max_align_t) unsigned char data[];
};

static ky_block *block_new(size_t bytes) {
  size_t size_bytes = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
  if (size_bytes > SIZE_MAX - sizeof(ky_block)) return NULL;
  ky_block *block = calloc(1, sizeof *block + size_bytes); /* large blocks: untouched pages cost nothing */
  if (block != NULL) block->size_bytes = size_bytes;
  return block;
}

void *ky_arena_alloc(ky_arena *arena, size_t count, size_t size) {
  if (arena->fail_after != 0 && --arena->fail_after == 0) {
    arena->fail_after = 1; /* once out, memory stays out */
    return NULL;
  }
  if (size != 0 && count > (SIZE_MAX / 2) / size) return NULL;
  const size_t align = alignof(max_align_t);
  size_t bytes = (count * size + align - 1) / align * align;
  if (bytes == 0) bytes = align;
  if (arena->head == NULL || arena->head->size_bytes - arena->head->used_bytes < bytes) {
    ky_block *block = block_new(bytes);
    if (block == NULL) return NULL;
    block->next = arena->head;
    arena->head = block;
  }
  void *memory = arena->head->data + arena->head->used_bytes;
  arena->head->used_bytes += bytes;
  arena->used_bytes += bytes;
  if (arena->used_bytes > arena->peak_bytes) arena->peak_bytes = arena->used_bytes;
  return memory;
}

char *ky_arena_text(ky_arena *arena, const char *text, size_t length) {
  char *copy = length < SIZE_MAX ? ky_arena_alloc(arena, length + 1, 1) : NULL;
  if (copy != NULL && length != 0) memcpy(copy, text, length);
  return copy;
}

void ky_arena_reset(ky_arena *arena) {
  while (arena->head != NULL) {
    ky_block *next = arena->head->next;
    free(arena->head);
    arena->head = next;
  }
  arena->used_bytes = 0;
}

void ky_arena_free(ky_arena *arena) {
  ky_arena_reset(arena);
  arena->peak_bytes = 0;
}
