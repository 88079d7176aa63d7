/* Messages in the reader's language. The program binds the domain (engine/cli_language.c); a program that binds
 * nothing, such as a unit test, gets the English texts as they are written. */
#include <kayoi/job.h>
#include <libintl.h>

const char *ky_tr(const char *msgid) {
  return dgettext("kayoi", msgid);
}
