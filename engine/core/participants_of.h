/* Whose participants a source counts, and of when: a rate is formed only with people of the same age band and extent.
 */
#ifndef KAYOI_PARTICIPANTS_OF_H
#define KAYOI_PARTICIPANTS_OF_H

#include "core/records.h"

#define KY_PARTICIPANTS_BANDS "65|75|85|all" /* participants_band of a source */

/* Age band of the participants: KY_65 unless the source says otherwise; KY_TOTAL for all ages. */
uint8_t ky_participants_measure(const ky_source *source);
/* Are they people of another area than the municipality, such as those of a union? */
bool ky_participants_are_elsewhere(const ky_source *source);
/* Reference date of the record's participants: its own, else the source's; NULL unknown. */
const char *ky_participants_date(const ky_record *record);
/* One issue for a source whose participants are in no rate of people 65+ of the municipality. */
void ky_participants_tell(ky_job *job, const ky_raw *raw);

/* Participants of one record: the total becomes men + women where it is missing; contradictions are reported. */
typedef struct ky_participants {
  int64_t *all;
  int64_t m, f, weekly;
} ky_participants;

void ky_participants_check(ky_job *job, const ky_record *record, const ky_participants *of);

/* Months since the year 0 of YYYY, YYYY-MM or YYYY-MM-DD (also with / or 年月日, 令和 and 平成); -1: anything else. Of
 * several dates joined by " / " the earliest and the latest; -1 when none is understood. */
typedef struct ky_months {
  int32_t earliest, latest;
} ky_months;

ky_months ky_months_of(const char *dates);

#endif
