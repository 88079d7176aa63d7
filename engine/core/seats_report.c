/* What seats and participants of venues say to a planner, as a few issues. */
#include <kayoi/seats.h>

#include <inttypes.h>
#include <string.h>

/* More names than this are only counted. */
#define NAMED 12

ky_seat_use ky_seat_use_of(int64_t seats, int64_t participants) {
  ky_seat_use use = {.free = KY_NULL, .over = KY_NULL, .is_full = -1, .is_empty = -1};
  if (participants != KY_NULL) use.is_empty = participants == 0;
  if (seats == KY_NULL || participants == KY_NULL) return use;
  use.free = seats > participants ? seats - participants : 0;
  use.over = participants > seats ? participants - seats : 0;
  use.is_full = participants >= seats;
  return use;
}

enum { FULL, EMPTY, OVER, SHORT, UNKNOWN, KINDS };

static bool is_of(const ky_venues *venues, const ky_seats *seats, uint32_t v, int kind) {
  const ky_seat_use use = ky_seat_use_of(seats->seats[v], venues->participants[v]);
  switch (kind) {
    case FULL:
      return use.is_full == 1 && use.over == 0;
    case EMPTY:
      return use.is_empty == 1;
    case OVER:
      return use.over != KY_NULL && use.over > 0;
    case SHORT:
      return seats->is_short[v] == 1;
    default:
      return seats->is_in_range[v] != 0 && seats->seats[v] == KY_NULL;
  }
}

/* "1 本町, 2 新町": ids and names of the first few. */
static const char *list_names(ky_job *job, const ky_venues *venues, const uint32_t *venue, uint32_t count) {
  const char *text = "";
  for (uint32_t i = 0; i < count && i < NAMED && text != NULL; i++) {
    const char *const *names = venues->text[KY_VENUE_NAME];
    const char *name = names != NULL ? names[venue[i]] : NULL;
    text = ky_format(&job->scratch, "%s%s%s%s%s", text, i == 0 ? "" : ", ", venues->id[venue[i]],
                     name != NULL && strcmp(name, venues->id[venue[i]]) != 0 ? " " : "",
                     name != NULL && strcmp(name, venues->id[venue[i]]) != 0 ? name : "");
  }
  if (text != NULL && count > NAMED)
    text = ky_format(&job->scratch, ky_tr("%s and %u more venues"), text, count - NAMED);
  return text;
}

static void add(ky_job *job, int kind, uint32_t count, const char *names, bool is_used) {
  ky_issue issue = {.severity = KY_INFO, .source = "venues", .field = "seats"};
  switch (kind) {
    case FULL:
      issue.reason = "venues_full";
      issue.action = ky_tr("nobody more can join there: ask for another session or a place nearby");
      ky_issue_add(job, &issue, ky_tr("%u counting venues are full: %s"), count, names);
      break;
    case EMPTY:
      issue.reason = "venues_empty";
      issue.field = "participants";
      issue.action = ky_tr("look whether they still meet; their seats count");
      ky_issue_add(job, &issue, ky_tr("%u counting venues report no participants: %s"), count, names);
      break;
    case OVER:
      issue.severity = KY_WARNING;
      issue.reason = "participants_over_seats";
      issue.action =
          ky_tr("shown as they are; look at capacity, sessions and targets.attendances, or at who is counted");
      ky_issue_add(job, &issue, ky_tr("%u counting venues have more participants than seats: %s"), count, names);
      break;
    case SHORT:
      issue.reason = "seats_short";
      issue.action = ky_tr("one seat more there would seat one more of the target: another session or a place nearby");
      ky_issue_add(job, &issue, ky_tr("%u venues have too few seats for the target people around them: %s"), count,
                   names);
      break;
    default:
      issue.reason = "seats_unknown";
      issue.severity = is_used ? KY_INFO : KY_WARNING;
      issue.action = is_used ? ky_tr("taken as having seats for everybody; add capacity and sessions per month")
                             : ky_tr(
                                   "too many for target_no_seats, which is null (targets.max_unknown_seats); add "
                                   "capacity and sessions per month");
      ky_issue_add(job, &issue, ky_tr("%u venues in range have no known seats: %s"), count, names);
  }
}

ky_err ky_seats_report(ky_job *job, const ky_venues *venues, const ky_seats *seats) {
  uint32_t *venue;
  KY_NEW(job, scratch, venue, venues->count);
  for (int kind = 0; kind < KINDS; kind++) {
    uint32_t count = 0;
    for (uint32_t v = 0; v < venues->count; v++)
      if (venues->counts[v] != 0 && is_of(venues, seats, v, kind)) venue[count++] = v;
    if (count == 0) continue;
    const char *names = list_names(job, venues, venue, count);
    if (names == NULL) return ky_fail_memory(job);
    add(job, kind, count, names, seats->reason == NULL);
  }
  return KY_OK;
}
