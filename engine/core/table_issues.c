/* Layer issues: what was wrong or doubtful in the inputs, and what was done about it. */
#include <kayoi/write.h>
#include <math.h>

#define CAPACITY 8

static const char *const severity_names[] = {[KY_INFO] = "info", [KY_WARNING] = "warning", [KY_ERROR] = "error"};

static bool has_place(const ky_issue *issue) {
  return issue->has_place && isfinite(issue->x_m) && isfinite(issue->y_m);
}

static ky_err make_places(ky_job *job, const ky_issues *issues, ky_shapes **out) {
  uint32_t places = 0;
  ky_shapes *shapes;
  for (uint32_t i = 0; i < issues->count; i++) places += has_place(&issues->rows[i]);
  KY_NEW(job, keep, shapes, 1);
  KY_TRY(ky_shapes_new(job, KY_SHAPE_POINT, issues->count, places, places, shapes));
  uint32_t part = 0;
  for (uint32_t i = 0; i < issues->count; i++) {
    if (has_place(&issues->rows[i])) {
      shapes->x[part] = issues->rows[i].x_m;
      shapes->y[part] = issues->rows[i].y_m;
      shapes->first_vertex[part + 1] = part + 1;
      part++;
    }
    shapes->first_part[i + 1] = part;
  }
  *out = shapes;
  return KY_OK;
}

ky_err ky_issues_table(ky_job *job, ky_table *out) {
  const ky_issues *issues = &job->issues;
  const uint32_t n = issues->count;
  ky_shapes *shapes = NULL;
  const char **source, **record, **field, **severity, **reason, **message, **action;
  KY_TRY(make_places(job, issues, &shapes));
  KY_NEW(job, keep, source, n);
  KY_NEW(job, keep, record, n);
  KY_NEW(job, keep, field, n);
  KY_NEW(job, keep, severity, n);
  KY_NEW(job, keep, reason, n);
  KY_NEW(job, keep, message, n);
  KY_NEW(job, keep, action, n);
  for (uint32_t i = 0; i < n; i++) {
    const ky_issue *issue = &issues->rows[i];
    source[i] = issue->source;
    record[i] = issue->record;
    field[i] = issue->field;
    severity[i] = severity_names[issue->severity];
    reason[i] = issue->reason;
    message[i] = issue->message;
    action[i] = issue->action;
  }
  KY_TRY(ky_table_new(job, "issues", "入力の問題", n, shapes, CAPACITY, out));
  ky_table_text(out, "source", "入力", source);
  ky_table_text(out, "record", "記録", record);
  ky_table_text(out, "field", "項目", field);
  ky_table_text(out, "severity", "重要度", severity);
  ky_table_text(out, "reason", "理由", reason);
  ky_table_text(out, "message", "内容", message);
  ky_table_text(out, "action", "対応", action);
  return KY_OK;
}
