/* Age band, extent and date of participants. */
#include "core/participants_of.h"

#include <string.h>

#include "core/ratio.h"

uint8_t ky_participants_measure(const ky_source *source) {
  const char *band = source->participants_band;
  if (band == NULL || strcmp(band, "65") == 0) return KY_65;
  return strcmp(band, "75") == 0 ? KY_75 : strcmp(band, "85") == 0 ? KY_85 : KY_TOTAL;
}

bool ky_participants_are_elsewhere(const ky_source *source) {
  return source->participants_extent != NULL;
}

const char *ky_participants_date(const ky_record *record) {
  const ky_source *source = record->raw->source;
  const char *own = ky_raw_value(record->raw, "participants_date", record->record);
  if (own != NULL) return own;
  if (source->participants_date != NULL) return source->participants_date;
  return source->date != NULL ? source->date : ky_raw_value(record->raw, "date", record->record);
}

static bool has_participants(const ky_raw *raw) {
  const ky_raw_column *column = ky_raw_column_of(raw, "participants");
  for (uint32_t i = 0; column != NULL && i < raw->count; i++)
    if (column->value[i] != NULL) return true;
  return false;
}

void ky_participants_tell(ky_job *job, const ky_raw *raw) {
  const ky_source *source = raw->source;
  ky_issue issue = {.severity = KY_WARNING, .source = ky_raw_label(job, raw), .field = "participants"};
  if (!has_participants(raw)) return;
  if (ky_participants_are_elsewhere(source)) {
    issue.reason = "participants_of_other_extent";
    issue.action = ky_tr(
        "they are shown, but in no rate and no sum; give those of the municipality, or delete participants_extent "
        "if they are");
    ky_issue_add(job, &issue, ky_tr("the participants are those of %s, the people those of the municipality"),
                 source->participants_extent);
  } else if (ky_participants_measure(source) != KY_65) {
    issue.reason = "participants_of_other_band";
    issue.action = ky_tr("no rate of people 65 and over is formed with them; they have a rate of their own age band");
    ky_issue_add(job, &issue, ky_tr("the participants are counted for the age band %s, not for 65 and over"),
                 source->participants_band);
  }
}

static void check_sexes(ky_job *job, ky_issue *issue, int64_t all, int64_t m, int64_t f) {
  if (m == KY_NULL || f == KY_NULL || ky_add(m, f) == all) return;
  issue->reason = "sexes_do_not_add_up";
  issue->action =
      ky_add(m, f) > all
          ? ky_tr("shown as given; men and women of this record are in no sum and no rate: correct the source")
          : ky_tr("all three are used as given; correct the source");
  ky_issue_add(job, issue, ky_tr("%lld men and %lld women, but %lld participants"), (long long)m, (long long)f,
               (long long)all);
}

void ky_participants_check(ky_job *job, const ky_record *record, const ky_participants *of) {
  ky_issue issue = {
      .severity = KY_WARNING, .source = ky_raw_label(job, record->raw), .record = record->id, .field = "participants"};
  if (*of->all != KY_NULL) {
    check_sexes(job, &issue, *of->all, of->m, of->f);
  } else if (of->m != KY_NULL && of->f != KY_NULL) {
    *of->all = ky_add(of->m, of->f);
    issue.severity = KY_INFO;
    issue.reason = "participants_from_sexes";
    issue.action = ky_tr("their sum is used");
    ky_issue_add(job, &issue, ky_tr("%lld men and %lld women, and no total"), (long long)of->m, (long long)of->f);
  }
  if (of->weekly == KY_NULL || *of->all == KY_NULL || of->weekly <= *of->all) return;
  issue.severity = KY_WARNING;
  issue.field = "participants_weekly";
  issue.reason = "weekly_exceed_participants";
  issue.action = ky_tr("shown as given; the weekly number of this record is in no sum and no rate: correct the source");
  ky_issue_add(job, &issue, ky_tr("%lld weekly participants of %lld"), (long long)of->weekly, (long long)*of->all);
}

/* Digits of at most `most` at *text, which moves behind them; -1: none, or more. */
static int32_t digits(const char **text, int most) {
  int32_t value = 0;
  int count = 0;
  for (; **text >= '0' && **text <= '9'; (*text)++, count++)
    if (count < most) value = value * 10 + (**text - '0');
  return count == 0 || count > most ? -1 : value;
}

static bool skip(const char **text, const char *const *marks, size_t count) {
  for (size_t m = 0; m < count; m++) {
    const size_t length = strlen(marks[m]);
    if (strncmp(*text, marks[m], length) != 0) continue;
    *text += length;
    return true;
  }
  return false;
}

/* The year at *text, of the western count or of an era (令和7, 令和元), which moves behind it; -1: none. */
static int32_t year_of(const char **text) {
  static const struct {
    const char *era;
    int32_t before; /* year before its first */
  } eras[] = {{"令和", 2018}, {"平成", 1988}};
  static const char *const first[] = {"元"};
  for (size_t e = 0; e < sizeof eras / sizeof *eras; e++) {
    if (!skip(text, &eras[e].era, 1)) continue;
    if (skip(text, first, 1)) return eras[e].before + 1;
    const int32_t year = digits(text, 2);
    return year < 1 ? -1 : eras[e].before + year;
  }
  const int32_t year = digits(text, 4);
  return year < 1000 ? -1 : year;
}

/* One date up to its end or the next " / ". */
static int32_t months_of_one(const char *text) {
  static const char *const after_year[] = {"-", "/", ".", "年"}, *const after_month[] = {"-", "/", ".", "月"};
  const int32_t year = year_of(&text);
  if (year < 0) return -1;
  if (*text == '\0' || strncmp(text, " / ", 3) == 0 || strcmp(text, "年") == 0) return year * 12;
  if (!skip(&text, after_year, 4)) return -1;
  const int32_t month = digits(&text, 2);
  return month < 1 || month > 12 || (*text != '\0' && strncmp(text, " / ", 3) != 0 && !skip(&text, after_month, 4))
             ? -1
             : year * 12 + month - 1;
}

ky_months ky_months_of(const char *dates) {
  ky_months found = {-1, -1};
  for (const char *p = dates; p != NULL;) {
    const int32_t months = months_of_one(p);
    if (months >= 0 && (found.earliest < 0 || months < found.earliest)) found.earliest = months;
    if (months > found.latest) found.latest = months;
    p = strstr(p, " / ");
    if (p != NULL) p += 3;
  }
  return found;
}
