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

/* `bytes` of the newest block from a multiple of `align`, or of a new block. */
static void *take(ky_arena *arena, size_t bytes, size_t align) {
  if (arena->fail_after != 0 && --arena->fail_after == 0) {
    arena->fail_after = 1; /* once out, memory stays out */
    return NULL;
  }
  size_t at = arena->head == NULL ? 0 : (arena->head->used_bytes + align - 1) / align * align;
  if (arena->head == NULL || arena->head->size_bytes < at || arena->head->size_bytes - at < bytes) {
    ky_block *block = block_new(bytes);
    if (block == NULL) return NULL;
    block->next = arena->head;
    arena->head = block;
    at = 0;
  }
  arena->used_bytes += at + bytes - arena->head->used_bytes;
  arena->head->used_bytes = at + bytes;
  if (arena->used_bytes > arena->peak_bytes) arena->peak_bytes = arena->used_bytes;
  return arena->head->data + at;
}

void *ky_arena_alloc(ky_arena *arena, size_t count, size_t size) {
  if (size != 0 && count > (SIZE_MAX / 2) / size) return NULL;
  const size_t bytes = count * size;
  return take(arena, bytes == 0 ? 1 : bytes, alignof(max_align_t));
}

/* Texts stand close together: most are shorter than an aligned place would be. */
char *ky_arena_text(ky_arena *arena, const char *text, size_t length) {
  char *copy = length < SIZE_MAX / 2 ? take(arena, length + 1, 1) : NULL;
  if (copy == NULL) return NULL;
  if (length != 0) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

ky_arena_mark ky_arena_now(const ky_arena *arena) {
  return (ky_arena_mark){arena->head, arena->head == NULL ? 0 : arena->head->used_bytes, arena->used_bytes};
}

void ky_arena_rewind(ky_arena *arena, ky_arena_mark mark) {
  while (arena->head != mark.head) {
    ky_block *next = arena->head->next;
    free(arena->head);
    arena->head = next;
  }
  if (arena->head != NULL) { /* memory comes zeroed */
    memset(arena->head->data + mark.head_bytes, 0, arena->head->used_bytes - mark.head_bytes);
    arena->head->used_bytes = mark.head_bytes;
  }
  arena->used_bytes = mark.used_bytes;
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
