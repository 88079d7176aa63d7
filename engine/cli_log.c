#include "cli_log.h"

#include <ctype.h>
#include <kayoi/stamp.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli_text.h"

void ky_log_begin(FILE *out, const char *event, const char *run) {
  fprintf(out, "{\"event\":\"%s\",\"time\":\"%s\"", event, ky_stamp_now().text);
  if (run[0] == '\0') return;
  fputs(",\"run\":", out);
  ky_json_text(out, run);
}

void ky_log_run_id(char id[KY_RUN_ID_BYTES]) {
  const ky_stamp now = ky_stamp_now();
  char host[24], digits[24];
  size_t length = 0;
  for (const char *c = now.text; *c != '\0' && *c != '+' && c - now.text < 23; c++)
    if (*c != '-' && *c != ':') digits[length++] = *c;
  digits[length] = '\0';
  if (gethostname(host, sizeof host) != 0) snprintf(host, sizeof host, "localhost");
  host[sizeof host - 1] = '\0';
  for (char *c = host; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.') *c = '-';
  snprintf(id, KY_RUN_ID_BYTES, "%s-%ld-%s", digits, (long)getpid(), host);
}

unsigned long long ky_log_peak_bytes(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? (unsigned long long)usage.ru_maxrss * 1024 : 0;
}
