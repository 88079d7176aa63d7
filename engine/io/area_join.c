/* Joins a table of ages to small areas by key. Each area takes the row of its own key, so every area is counted at one
 * level only (HYOSYO 2 where a town is not divided, 4 where it is), whatever levels the table repeats them at. */
#include "io/area_join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "io/small_areas.h"

/* 04101001000 for 041010010: a town without parts, written with their number 00. Not where the town is divided: there
 * 00 is one of its parts. */
static ky_area_row *find_padded(const ky_area_table *table, const char *key) {
  const size_t length = strlen(key);
  char other[16];
  if (strspn(key, "0123456789") != length) return NULL;
  if (length == 11 && strcmp(key + 9, "00") == 0) {
    snprintf(other, sizeof other, "%.9s", key);
    ky_area_row *row = ky_area_table_find(table, other);
    return row != NULL && !row->is_divided ? row : NULL;
  }
  if (length != 9) return NULL;
  snprintf(other, sizeof other, "%.9s00", key);
  return ky_area_table_find(table, other);
}

static void take_rows(ky_area_matches *m) {
  for (int pass = 0; pass < 2; pass++) { /* exact keys first: a row is taken once */
    for (uint32_t i = 0; i < m->raw->count; i++) {
      if (m->row[i] != NULL) continue;
      ky_area_row *row = pass == 0 ? ky_area_table_find(m->table, m->keys[i]) : find_padded(m->table, m->keys[i]);
      if (row == NULL || row->area != KY_NONE) continue;
      row->area = i;
      m->row[i] = row;
      m->padded_count += (uint32_t)pass;
    }
  }
}

/* An area that holds another one which has a row, too: its own row counts those people already. */
static bool holds_another(const ky_area_matches *m, uint32_t area) {
  const char *key = m->keys[area];
  if (m->row[area] == NULL) return false;
  for (uint32_t i = area + 1; i < m->raw->count && strncmp(m->keys[i], key, strlen(key)) == 0; i++)
    if (m->row[i] != NULL) return true;
  return false;
}

static ky_err drop_coarser(ky_job *job, ky_area_matches *m) {
  uint32_t *order, count = 0;
  KY_NEW(job, scratch, order, (size_t)m->raw->count + 1);
  for (uint32_t i = 0; i < m->raw->count; i++) {
    if (!holds_another(m, i)) {
      order[count++] = i;
      continue;
    }
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_ERROR,
                             .source = m->where,
                             .record = m->keys[i],
                             .field = "KEY_CODE",
                             .reason = "area_of_areas",
                             .action = ky_tr("left out: the areas inside it are finer, and its people are theirs")},
                 "%s", ky_tr("the file has areas inside this one as well"));
    m->raw->bad_count++;
  }
  if (count == m->raw->count) return KY_OK;
  for (uint32_t i = 0; i < count; i++) {
    m->keys[i] = m->keys[order[i]];
    m->row[i] = m->row[order[i]];
    if (m->row[i] != NULL) m->row[i]->area = i;
  }
  return ky_areas_keep(job, order, count, m->raw);
}

static int64_t milli_of(const char *text) {
  return text != NULL ? ky_number_fixed(text, 3) : KY_NULL;
}

/* The area that a HTKSAKI or GASSAN means: a whole key, or one without its municipality (4 or 6 digits); KY_NONE when
 * no area has it. *id: the area's id, else the key for a message. */
static ky_err find_link(ky_job *job, const ky_area_matches *m, uint32_t from, const char *link, size_t length,
                        uint32_t *area, const char **id) {
  const char *text = ky_arena_text(&job->scratch, link, length);
  *id = text;
  *area = KY_NONE;
  for (int is_short = 0; text != NULL && is_short < 2; is_short++) {
    if (is_short && ((length != 4 && length != 6) || strlen(m->keys[from]) < 9)) continue;
    const char *key =
        is_short ? ky_format(&job->scratch, "%.5s%s", m->keys[from], text) : ky_area_key(&job->scratch, text);
    if (key == NULL) return ky_fail_memory(job);
    if (is_short) *id = key;
    const ky_area_row *row = ky_area_table_find(m->table, key);
    if (row == NULL || row->area == KY_NONE) row = find_padded(m->table, key);
    if (row == NULL || row->area == KY_NONE) continue;
    *area = row->area;
    *id = ky_raw_value(m->raw, "id", row->area);
    return KY_OK;
  }
  return text != NULL ? KY_OK : ky_fail_memory(job);
}

/* Next item of a list of links; false at its end. */
static bool next_link(const char **at, const char **link, size_t *length) {
  static const char gaps[] = "; ,";
  if (*at == NULL) return false;
  *at += strspn(*at, gaps);
  *link = *at;
  *length = strcspn(*at, gaps);
  *at += *length;
  return *length != 0;
}

/* The links of one row as "id;id". */
static ky_err join_links(ky_job *job, const ky_area_matches *m, uint32_t from, const char *links, const char **out) {
  const char *link, *id;
  size_t length;
  *out = NULL;
  while (next_link(&links, &link, &length)) {
    uint32_t area;
    KY_TRY(find_link(job, m, from, link, length, &area, &id));
    *out = *out == NULL ? ky_format(&job->keep, "%s", id) : ky_format(&job->keep, "%s;%s", *out, id);
    if (*out == NULL) return ky_fail_memory(job);
  }
  return KY_OK;
}

/* The column of an attribute, a new one where the file has none. Pointers to other columns end. */
static ky_err column_of(ky_job *job, ky_raw *raw, const char *attribute, const char *name, ky_raw_column **out) {
  for (uint32_t c = 0; c < raw->column_count; c++) {
    *out = &raw->columns[c];
    if (strcmp(raw->columns[c].attribute, attribute) == 0) return KY_OK;
  }
  ky_raw_column *larger;
  KY_NEW(job, keep, larger, (size_t)raw->column_count + 1);
  memcpy(larger, raw->columns, raw->column_count * sizeof *larger);
  raw->columns = larger;
  *out = &raw->columns[raw->column_count++];
  **out = (ky_raw_column){.attribute = attribute, .column = name};
  KY_NEW(job, keep, (*out)->value, (size_t)raw->count + 1);
  return KY_OK;
}

static void report_total(ky_job *job, const ky_area_matches *m, uint32_t area, const char *reason, const char *action,
                         const char *message) {
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = m->where,
                           .record = m->keys[area],
                           .field = "pop_total",
                           .reason = reason,
                           .action = action},
               "%s", message != NULL ? message : "");
}

/* Of a hidden group: the receiving row has the total of all of it in tables of small areas, only its own in grids. */
static ky_err check_group(ky_job *job, const ky_area_matches *m, uint32_t area, const ky_raw_column *total,
                          int64_t of_row) {
  const int64_t own = milli_of(total->value[area]);
  const char *links = m->row[area]->parts, *link, *id;
  int64_t sum = own;
  size_t length;
  while (next_link(&links, &link, &length)) {
    uint32_t part;
    KY_TRY(find_link(job, m, area, link, length, &part, &id));
    int64_t milli = part != KY_NONE ? milli_of(total->value[part]) : KY_NULL;
    if (milli != KY_NULL) sum += milli;
  }
  if (of_row != sum && of_row != own)
    report_total(job, m, area, "group_total_differs",
                 ky_tr("the totals of the boundaries are used; are both files of one year?"),
                 ky_format(&job->scratch, ky_tr("the areas of its group have %.0f people, its row in the table %.0f"),
                           (double)sum / KY_PERSON, (double)of_row / KY_PERSON));
  return KY_OK;
}

/* pop_total of the boundaries (JINKO) is never hidden; the table's is, and the receiving row has that of its group. */
static ky_err join_total(ky_job *job, ky_area_matches *m, uint32_t c) {
  ky_raw_column *total;
  KY_TRY(column_of(job, m->raw, "pop_total", m->table->column[c], &total));
  for (uint32_t i = 0; i < m->raw->count; i++) {
    const ky_area_row *row = m->row[i];
    const int64_t own = milli_of(total->value[i]), of_row = row != NULL ? milli_of(row->value[c]) : KY_NULL;
    if (row != NULL && row->hidden == '2' && own == KY_NULL && of_row == KY_NULL)
      report_total(job, m, i, "hidden_total_missing",
                   ky_tr("its people are placed in the area that holds its details; the boundaries of e-Stat have them "
                         "(JINKO)"),
                   ky_tr("the table hides its people, and the boundaries do not have them"));
    if (of_row == KY_NULL || (own != KY_NULL && row->hidden != '0')) continue;
    if (own != KY_NULL && own != of_row)
      report_total(job, m, i, "total_differs", ky_tr("the table's is used; are both files of one year?"),
                   ky_format(&job->scratch, ky_tr("the boundaries say %.0f people, the table %.0f"),
                             (double)own / KY_PERSON, (double)of_row / KY_PERSON));
    total->value[i] = row->value[c];
  }
  for (uint32_t i = 0; i < m->raw->count; i++)
    if (m->row[i] != NULL && m->row[i]->hidden == '1' && milli_of(m->row[i]->value[c]) != KY_NULL)
      KY_TRY(check_group(job, m, i, total, milli_of(m->row[i]->value[c])));
  return KY_OK;
}

static ky_err join_counts(ky_job *job, ky_area_matches *m) {
  ky_raw_column *column;
  for (uint32_t c = 0; c < m->table->column_count; c++) {
    if (strcmp(m->table->attribute[c], "pop_total") == 0) {
      KY_TRY(join_total(job, m, c));
      continue;
    }
    KY_TRY(column_of(job, m->raw, m->table->attribute[c], m->table->column[c], &column));
    column->column = m->table->column[c];
    for (uint32_t i = 0; i < m->raw->count; i++) column->value[i] = m->row[i] != NULL ? m->row[i]->value[c] : NULL;
  }
  return KY_OK;
}

static ky_err join_hidden(ky_job *job, ky_area_matches *m) {
  static const char *const names[3][2] = {{"htksyori", "HTKSYORI"}, {"htksaki", "HTKSAKI"}, {"gassan", "GASSAN"}};
  ky_raw_column *column[3];
  bool has_hidden = false;
  for (uint32_t i = 0; i < m->raw->count; i++)
    has_hidden = has_hidden || (m->row[i] != NULL && m->row[i]->hidden != '0');
  if (!has_hidden) return KY_OK;
  for (int pass = 0; pass < 2; pass++) /* the second time nothing moves any more */
    for (int k = 0; k < 3; k++) KY_TRY(column_of(job, m->raw, names[k][0], names[k][1], &column[k]));
  for (uint32_t i = 0; i < m->raw->count; i++) {
    const ky_area_row *row = m->row[i];
    if (row == NULL) continue;
    column[0]->value[i] = row->hidden == '1' ? "1" : row->hidden == '2' ? "2" : "0";
    KY_TRY(join_links(job, m, i, row->to, &column[1]->value[i]));
    KY_TRY(join_links(job, m, i, row->parts, &column[2]->value[i]));
  }
  return KY_OK;
}

ky_err ky_area_join(ky_job *job, const ky_area_table *table, const char **keys, ky_raw *raw) {
  ky_area_matches m = {.table = table, .keys = keys, .raw = raw, .where = ky_source_where(job, raw->source)};
  uint32_t joined = 0;
  KY_NEW(job, scratch, m.row, (size_t)raw->count + 1);
  take_rows(&m);
  for (uint32_t i = 0; i < raw->count; i++) joined += m.row[i] != NULL;
  if (joined == 0)
    return ky_fail(
        job, KY_E_INPUT,
        ky_tr("%s: not one of its %u keys is in the table %s (%u rows): %s there, %s here; is it the table of "
              "another prefecture or year?"),
        m.where, raw->count, table->where, table->row_count,
        table->row_count != 0 ? table->rows[table->row_count - 1].key : "-", raw->count != 0 ? keys[0] : "-");
  KY_TRY(drop_coarser(job, &m));
  KY_TRY(join_counts(job, &m));
  KY_TRY(join_hidden(job, &m));
  return ky_area_report(job, &m);
}
