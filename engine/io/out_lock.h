/* One run at a time for each OUT: a file beside it, OUT.kayoi-lock, is locked (flock) as long as a run works, and says
 * who works. The kernel ends the lock with its process, however that ends, so a file that a killed run left behind
 * locks nobody out; a run that ends by itself removes it.
 *
 * On NFS the kernel turns flock into a lock at the server, which other machines see too. A file system without locks
 * is said in a notice, and then nothing keeps a second run out. */
#ifndef KAYOI_OUT_LOCK_H
#define KAYOI_OUT_LOCK_H

#include <kayoi/job.h>

typedef struct ky_lock {
  const char *path; /* keep arena */
  const char *made; /* the first of the folders above that was made for it; NULL: none */
  int fd;           /* -1: not held */
} ky_lock;

/* KY_E_BUSY: another run still holds it after wait_s seconds; the message says which. KY_E_OUTPUT: no file can be made
 * there. */
ky_err ky_lock_take(ky_job *job, const char *dir, uint32_t wait_s, ky_lock *out);
/* Removes the file, and folders that were made for it alone. Harmless without a lock. */
void ky_lock_release(ky_lock *lock);

#endif
