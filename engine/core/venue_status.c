/* Status of venues in the registers' own words. */
#include "core/venue_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_any(const char *text, const char *const *words) {
  for (; *words != NULL; words++)
    if (strcmp(text, *words) == 0) return true;
  return false;
}

static bool has_any(const char *text, const char *const *words) {
  for (; *words != NULL; words++)
    if (strstr(text, *words) != NULL) return true;
  return false;
}

ky_venue_status ky_venue_status_read(const char *text) {
  /* whole texts: 未公開 and 活動停止 hold words of them */
  static const char *const open[] = {"open",   "Open",     "OPEN",   "active", "Active", "公開", "公開中",
                                     "公開済", "公開済み", "活動中", "活動",   "開催中", "開催", "実施中",
                                     "実施",   "開設",     "開設中", "運営中", "営業中", "継続", "継続中",
                                     "受付中", "稼働中",   "利用可", "再開",   "通常",   "有効", NULL};
  static const char *const unpublished[] = {"非公開", "未公開", "公開停止", "公開しない", NULL};
  /* in any text: 一時休止中, 廃止（令和5年3月） */
  static const char *const closed[] = {"closed", "Closed", "CLOSED", "休止", "廃止", "閉鎖", "閉所", "閉会",
                                       "終了",   "中止",   "解散",   "休会", "停止", "休館", "閉館", NULL};
  static const char *const taken_back[] = {"再開", "解除", "ない", "なし", NULL};
  if (text == NULL || is_any(text, open)) return KY_STATUS_OPEN;
  if (is_any(text, unpublished)) return KY_STATUS_UNPUBLISHED;
  if (!has_any(text, closed) || has_any(text, taken_back)) return KY_STATUS_UNKNOWN;
  return KY_STATUS_CLOSED;
}
