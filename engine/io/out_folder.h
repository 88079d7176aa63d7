/* The folder of a run: written beside its final place, then exchanged whole. Until ky_folder_commit the earlier result
 * is as it was; after it the new one is there; no state between can be seen (where the file system can exchange two
 * folders; else a moment without either, mended by the next run).
 *
 *   out.tmp-<pid>   being written (its folder is locked with flock, so others know it is alive)
 *   out             the result (run.json, internal/, public/, state.json); only a folder that kayoi made, or an empty
 * one, is ever replaced. Its mode and group stay, and so do files that others put into internal/ (out_carry.h)
 *   out.kayoi-old-<pid>   the earlier result for a moment, where folders cannot be exchanged */
#ifndef KAYOI_OUT_FOLDER_H
#define KAYOI_OUT_FOLDER_H

#include <kayoi/write.h>

struct ky_folder {
  const char *place;                /* OUT without links and final slashes (keep arena) */
  const char *parent;               /* the folder that it is in */
  const char *temporary, *internal; /* out.tmp-<pid>, out.tmp-<pid>/internal */
  int lock_fd;                      /* of the temporary folder; -1: none */
};

/* Checks OUT, removes what dead runs left beside it, makes the temporary folder. */
ky_err ky_folder_open(ky_job *job, const char *place, ky_folder *out);
/* Everything to the disk, then the exchange, then the earlier result is removed. */
ky_err ky_folder_commit(ky_job *job, ky_folder *folder);
/* Removes the temporary folder, if there is one. Call it after a failure; harmless otherwise. */
void ky_folder_discard(ky_folder *folder);

/* OUT without links and final slashes, so that what lies beside it is on the same file system (keep arena). */
ky_err ky_folder_place(ky_job *job, const char *given, const char **place);
/* Makes the folders above OUT. made: the first that was not there (keep arena), NULL: none. */
ky_err ky_folder_parents(ky_job *job, const char *place, const char **made);

/* Makes <parent>/<name>, and parent when it is not there yet. out: its path (keep arena). */
ky_err ky_folder_inside(ky_job *job, const char *parent, const char *name, const char **out);

/* Instead of the exchange: the new result becomes OUT.held, in place of what was held before; OUT stays. Files of
 * others that bear this name are not touched: KY_E_OUTPUT. */
#define KY_FOLDER_HELD ".held"
ky_err ky_folder_hold(ky_job *job, ky_folder *folder, const char **out);

/* Is there a run.json that kayoi wrote? */
bool ky_folder_has_mark(int folder_fd);

/* The first words of run.json, by which a folder is known as kayoi's. */
#define KY_FOLDER_MARK "\"kayoi\""

#endif
