/* What people put into OUT/internal beside the layers: styles, notes, a project. It moves on with every new result. */
#ifndef KAYOI_OUT_CARRY_H
#define KAYOI_OUT_CARRY_H

#include <kayoi/job.h>

/* Is there something in this folder that cannot be carried: an `internal` that is no folder, or a folder inside it?
 * 0 no, 1 yes (its path in `name`), -1 errno. */
int ky_carry_obstacle(int folder_fd, char *name, size_t size);

/* Files of <place>/internal that kayoi does not write go into `internal` too, as links or copies, and are said. The
 * files of `place` stay as they are. */
ky_err ky_carry_files(ky_job *job, const char *place, const char *internal);

/* Gives the folder the group and mode of an earlier one; nothing when there is none. is_being_written: its owner may
 * write there whatever the mode. */
ky_err ky_carry_mode(ky_job *job, const char *earlier, const char *path, bool is_being_written);

#endif
