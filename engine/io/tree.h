/* Folders with all that is in them. Links are never followed. Every function returns errno, 0 when all is done. */
#ifndef KAYOI_TREE_H
#define KAYOI_TREE_H

int ky_tree_remove(int parent_fd, const char *name);
/* Files and folders to the disk. */
int ky_tree_sync(int parent_fd, const char *name);
/* A file, or a folder with all that is in it, as <to_fd>/<to>, which must not be there. Not linked: whoever opens the
 * one to write must not change the other. */
int ky_tree_copy(int from_fd, const char *from, int to_fd, const char *to);

#endif
