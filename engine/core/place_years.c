/* People of further years: cells from the records of all sources, hidden groups dissolved year by year, placed once,
 * and shared over the points to the rows of the ledger. */
#include <kayoi/years.h>
#include <stdlib.h>
#include <string.h>

#include "core/cell_shapes.h"
#include "core/number.h"
#include "core/projection_groups.h"
#include "core/years_rows.h"

#define YEARS_MAX 128

/* Columns of one source in one year; NULL: it has none. */
typedef struct year_source {
  const ky_raw_column *band[KY_YEAR_BAND_COUNT], *hidden, *hidden_to;
} year_source;

/* What the building shares. A cell is a run of records with one id and one box. */
typedef struct builder {
  ky_job *job;
  const ky_inputs *inputs;
  ky_record *records;
  uint32_t record_count;
  ky_cell_draft *drafts; /* [records] sorted by id; people and links anew in every year */
  ky_hidden_mark *marks; /* [records] */
  int64_t *people_80;    /* [records] */
  const char **cell_id;  /* [cells] */
  uint32_t *first;       /* [cells + 1] records */
  uint32_t cell_count;
  uint8_t *is_near; /* [cells] within the margin */
} builder;

static const ky_raw_column *column_of(ky_job *job, const ky_raw *raw, const char *prefix, int year) {
  const char *name = ky_format(&job->scratch, "%s_%d", prefix, year);
  return name != NULL ? ky_raw_column_of(raw, name) : NULL;
}

static void find_columns(ky_job *job, const ky_raw *raw, int year, year_source *out) {
  for (ky_year_band b = 0; b < KY_YEAR_BAND_COUNT; b++) {
    const char *prefix = ky_format(&job->scratch, "pop_%s", ky_year_band_name(b));
    out->band[b] = prefix != NULL ? column_of(job, raw, prefix, year) : NULL;
  }
  out->hidden = column_of(job, raw, "hidden", year);
  out->hidden_to = column_of(job, raw, "hidden_to", year);
}

static bool has_year(const year_source *source) {
  for (ky_year_band b = 0; b < KY_YEAR_BAND_COUNT; b++)
    if (source->band[b] != NULL) return true;
  return false;
}

/* Year of "pop_65_2030"; 0 for other attributes. */
static int year_of(const char *attribute) {
  const char *digits = strrchr(attribute, '_');
  if (strncmp(attribute, "pop_", 4) != 0 || digits == NULL || strlen(digits) != 5) return 0;
  const int64_t year = ky_number_fixed(digits + 1, 0);
  return year == KY_NULL ? 0 : (int)year;
}

static int by_number(const void *a, const void *b) {
  const int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

/* The years asked for, else every year of any source; one that no source holds is an error. */
static ky_err choose_years(ky_job *job, const ky_inputs *inputs, const ky_years_opts *opts, int *years,
                           uint32_t *count) {
  int there[YEARS_MAX];
  uint32_t n = 0;
  for (uint32_t r = 0; r < inputs->year_source_count; r++) {
    for (uint32_t c = 0; c < inputs->years[r].column_count; c++) {
      const int year = year_of(inputs->years[r].columns[c].attribute);
      bool is_new = year != 0 && n < YEARS_MAX;
      for (uint32_t i = 0; i < n; i++) is_new = is_new && there[i] != year;
      if (is_new) there[n++] = year;
    }
  }
  qsort(there, n, sizeof *there, by_number);
  const char *list = "";
  for (uint32_t i = 0; i < n && list != NULL; i++)
    list = ky_format(&job->scratch, "%s%s%d", list, i == 0 ? "" : ", ", there[i]);
  for (uint32_t u = 0; u < opts->use_count; u++)
    if (n == 0 || bsearch(&opts->use[u], there, n, sizeof *there, by_number) == NULL)
      return ky_fail(job, KY_E_INPUT, ky_tr("years.use: no source holds the year %d; they hold %s"), opts->use[u],
                     list != NULL ? list : "");
  const int *from = opts->use_count != 0 ? opts->use : there;
  *count = opts->use_count != 0 ? opts->use_count : n;
  memcpy(years, from, *count * sizeof *years);
  return KY_OK;
}

/* The same row of a border cell in two files: every value is the same. */
static bool is_copy(const ky_record *a, const ky_record *b) {
  if (a->source == b->source || a->raw->column_count != b->raw->column_count) return false;
  for (uint32_t c = 0; c < a->raw->column_count; c++) {
    const char *x = a->raw->columns[c].value[a->record], *y = b->raw->columns[c].value[b->record];
    if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x, y) != 0)) return false;
  }
  return true;
}

static void report_record(ky_job *job, const ky_record *record, ky_severity severity, const char *reason,
                          const char *action, const char *message) {
  ky_issue_add(job,
               &(ky_issue){.severity = severity,
                           .source = ky_raw_label(job, record->raw),
                           .record = record->id,
                           .reason = reason,
                           .action = action},
               "%s", message);
}

/* Cells from sorted records; copies are dropped, other places under the same id become cells of their own. */
static ky_err make_cells(builder *b, uint32_t count) {
  ky_job *job = b->job;
  uint32_t nth = 1, copies = 0, parts = 0;
  KY_NEW(job, scratch, b->first, (size_t)count + 1);
  KY_NEW(job, scratch, b->cell_id, count);
  for (uint32_t i = 0; i < count; i++) {
    const ky_record record = b->records[i];
    const ky_record *last = b->record_count != 0 ? &b->records[b->record_count - 1] : NULL;
    const ky_shapes *shapes = &record.raw->shapes;
    if (shapes->first_part[record.record] == shapes->first_part[record.record + 1]) {
      report_record(job, &record, KY_ERROR, "no_geometry", ky_tr("left out; its people are in no sum"),
                    ky_tr("a residential record without a place"));
      continue;
    }
    const bool is_known = last != NULL && strcmp(last->id, record.id) == 0;
    if (is_known && ky_record_same_box(last, &record)) {
      const bool is_same = is_copy(last, &record);
      copies += is_same;
      parts += !is_same;
      if (!is_same) b->records[b->record_count++] = record;
      b->first[b->cell_count] = b->record_count;
      continue;
    }
    nth = is_known ? nth + 1 : 1;
    b->cell_id[b->cell_count] = nth == 1 ? record.id : ky_format(&job->keep, "%s#%u", record.id, nth);
    if (b->cell_id[b->cell_count] == NULL) return ky_fail_memory(job);
    if (nth > 1)
      report_record(job, &record, KY_WARNING, "duplicate_id",
                    ky_tr("both are kept, this one under a new id; check that no one is counted twice"),
                    ky_tr("the same id is there for two places"));
    b->records[b->record_count++] = record;
    b->first[++b->cell_count] = b->record_count;
  }
  if (copies + parts != 0)
    ky_issue_add(job,
                 &(ky_issue){.severity = KY_INFO,
                             .source = "years",
                             .field = "id",
                             .reason = "split_cell",
                             .action = ky_tr("the parts of a cell are added up, a row that is the same counts once")},
                 ky_tr("%u cells are given in parts, %u rows are there twice"), parts, copies);
  return KY_OK;
}

/* A code that begins another one is the larger cell of the same place (JIS X 0410). */
static ky_err check_sizes(const builder *b) {
  for (uint32_t i = 0; i + 1 < b->record_count; i++) {
    const char *large = b->records[i].id, *small = b->records[i + 1].id;
    const size_t n = strlen(large);
    if (n < 8 || strspn(large, "0123456789") != n || strspn(small, "0123456789") != strlen(small) ||
        strlen(small) == n || strncmp(large, small, n) != 0)
      continue;
    return ky_fail(b->job, KY_E_INPUT,
                   ky_tr("years: cell %s of %s contains cell %s of %s, so the same people are given twice; keep the "
                         "grids of one size"),
                   large, ky_raw_label(b->job, b->records[i].raw), small, ky_raw_label(b->job, b->records[i + 1].raw));
  }
  return KY_OK;
}

/* At most what the people of one point can be. */
#define PEOPLE_MAX ((int64_t)UINT32_MAX - 1)

static int64_t number_of(ky_job *job, const ky_record *record, const ky_raw_column *column) {
  const char *text = column->value[record->record];
  const int64_t value = text != NULL ? ky_number_fixed(text, 3) : KY_NULL;
  if (text == NULL || (value >= 0 && value <= PEOPLE_MAX)) return value;
  if (value <= PEOPLE_MAX) return ky_record_number(job, record, column->attribute, 3); /* says what is wrong */
  ky_issue_add(job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = ky_raw_label(job, record->raw),
                           .record = record->id,
                           .field = column->attribute,
                           .reason = "too_many_people",
                           .action = ky_tr("taken as unknown; correct it in the source")},
               "%s", ky_tr("more than 4,294,967 people in one cell"));
  return KY_NULL;
}

/* People of all records in a year, hidden groups dissolved. */
static ky_err read_year(builder *b, const year_source *sources) {
  for (uint32_t i = 0; i < b->record_count; i++) {
    const ky_record *record = &b->records[i];
    const year_source *source = &sources[record->source];
    ky_cell_draft *draft = &b->drafts[i];
    *draft = (ky_cell_draft){.id = record->id, .record = *record, .hidden = '0'};
    for (int m = 0; m < KY_MEASURE_COUNT; m++) draft->people[m] = KY_NULL;
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
      const int64_t people = source->band[band] != NULL ? number_of(b->job, record, source->band[band]) : KY_NULL;
      *(band == KY_YEAR_80 ? &b->people_80[i] : &draft->people[ky_year_measure(band)]) = people;
    }
    b->marks[i].mark = source->hidden != NULL ? source->hidden->value[record->record] : NULL;
    b->marks[i].to = source->hidden_to != NULL ? source->hidden_to->value[record->record] : NULL;
  }
  KY_TRY(ky_projection_link(b->job, b->drafts, b->record_count, b->marks));
  KY_TRY(ky_cell_groups_dissolve(b->job, b->drafts, b->record_count));
  return ky_projection_share(b->job, b->drafts, b->record_count, b->people_80);
}

/* People of a cell: the sum of its parts that hold the band. A part whose band is hidden makes the cell's unknown. */
static int64_t cell_people(const builder *b, const year_source *sources, uint32_t cell, ky_year_band band) {
  int64_t sum = KY_NULL;
  for (uint32_t i = b->first[cell]; i < b->first[cell + 1]; i++) {
    if (sources[b->records[i].source].band[band] == NULL) continue;
    const int64_t people = band == KY_YEAR_80 ? b->people_80[i] : b->drafts[i].people[ky_year_measure(band)];
    if (people == KY_NULL) return KY_NULL;
    sum = sum == KY_NULL ? people : sum + people > PEOPLE_MAX ? PEOPLE_MAX : sum + people;
  }
  return sum;
}

static const char *basis_of(const ky_raw *raw) {
  for (uint32_t c = 0; c < raw->column_count; c++) {
    const char *column = raw->columns[c].column;
    if (strncmp(raw->columns[c].attribute, "group_total_", 12) != 0) continue;
    return strncmp(column, "PT00", 4) == 0 || strncmp(column, "pt00", 4) == 0
               ? "国土数値情報 将来推計人口メッシュ（令和6年推計）"
               : "国土数値情報 将来推計人口メッシュ（平成30年推計）";
  }
  return NULL;
}

/* Files that hold the year, and the projection that they are; reports those that do not hold it. */
static ky_err name_sources(builder *b, const year_source *sources, const char *basis, ky_year *out) {
  const ky_inputs *inputs = b->inputs;
  out->basis = basis;
  for (uint32_t r = 0; r < inputs->year_source_count; r++) {
    const ky_raw *raw = &inputs->years[r];
    if (!has_year(&sources[r])) {
      ky_issue_add(b->job,
                   &(ky_issue){.severity = KY_WARNING,
                               .source = ky_raw_label(b->job, raw),
                               .reason = "year_missing",
                               .action = ky_tr("its people are missing in that year; leave the year out of years.use, "
                                               "or add the file that holds it")},
                   ky_tr("it does not hold the year %d, which another source holds"), out->year);
      continue;
    }
    const char *shown = raw->source->shown != NULL ? raw->source->shown : raw->source->name;
    if (out->source == NULL || strstr(out->source, shown) == NULL)
      out->source = out->source == NULL ? shown : ky_format(&b->job->keep, "%s / %s", out->source, shown);
    if (out->source == NULL) return ky_fail_memory(b->job);
    if (out->basis == NULL) out->basis = basis_of(raw);
  }
  return KY_OK;
}

/* The year's people of the cells within the margin. */
static ky_err keep_year(builder *b, const year_source *sources, uint32_t near_count, ky_year *out) {
  ky_job *job = b->job;
  KY_NEW(job, keep, out->age_source, near_count);
  for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
    bool is_there = false;
    for (uint32_t r = 0; r < b->inputs->year_source_count; r++) is_there = is_there || sources[r].band[band] != NULL;
    out->input[band] = is_there ? 0 : KY_NULL;
    if (is_there) KY_NEW(job, keep, out->cell_people[band], near_count);
  }
  for (uint32_t c = 0, at = 0; c < b->cell_count; c++) {
    if (!b->is_near[c]) {
      const int64_t people = cell_people(b, sources, c, KY_YEAR_TOTAL);
      if (people != KY_NULL) out->far_people += people;
      continue;
    }
    for (ky_year_band band = 0; band < KY_YEAR_BAND_COUNT; band++) {
      if (out->cell_people[band] == NULL) continue;
      const int64_t people = cell_people(b, sources, c, band);
      out->cell_people[band][at] = people;
      if (people != KY_NULL) out->input[band] += people;
    }
    for (uint32_t i = b->first[c]; i < b->first[c + 1]; i++)
      if (b->drafts[i].age_source == KY_AGE_GROUP) out->age_source[at] = KY_AGE_GROUP;
    at++;
  }
  return KY_OK;
}

/* Which cells are near, and their geometry; their own order stays. */
static ky_err keep_cells(builder *b, const ky_zones *zones, double margin_m, ky_cells *out) {
  ky_job *job = b->job;
  ky_zone_index *index;
  ky_cell_draft *near_cells;
  KY_TRY(ky_zone_index_new(job, zones, &index));
  KY_NEW(job, scratch, near_cells, b->cell_count);
  KY_NEW(job, scratch, b->is_near, b->cell_count);
  for (uint32_t c = 0; c < b->cell_count; c++) {
    const ky_record *record = &b->records[b->first[c]];
    b->is_near[c] = ky_zone_index_near(index, &record->raw->shapes, record->record, margin_m);
    if (b->is_near[c]) near_cells[out->count++] = (ky_cell_draft){.id = b->cell_id[c], .record = *record};
  }
  out->far_count = b->cell_count - out->count;
  if (out->count == 0)
    return ky_fail(job, KY_E_INPUT,
                   ky_tr("years: none of %u cells lies within %.0f m of the municipality; is it the grid of another "
                         "place, or a wrong crs?"),
                   out->far_count, margin_m);
  KY_NEW(job, keep, out->id, out->count);
  for (uint32_t c = 0; c < out->count; c++) out->id[c] = near_cells[c].id;
  KY_TRY(ky_cell_shapes(job, near_cells, out->count, &out->shapes));
  return ky_cell_spacing(job, &out->shapes, &out->spacing_m);
}

static ky_err begin(ky_job *job, const ky_inputs *inputs, builder *b) {
  uint32_t count;
  *b = (builder){.job = job, .inputs = inputs};
  KY_TRY(ky_records_new(job, inputs->years, inputs->year_source_count, &b->records, &count));
  KY_TRY(make_cells(b, count));
  KY_TRY(check_sizes(b));
  KY_NEW(job, scratch, b->drafts, b->record_count);
  KY_NEW(job, scratch, b->marks, b->record_count);
  KY_NEW(job, scratch, b->people_80, b->record_count);
  return KY_OK;
}

static ky_err place(ky_job *job, const ky_zones *zones, const ky_network *network, const ky_place_opts *opts,
                    ky_years *out) {
  const ky_year *first = &out->year[0];
  const int64_t *people = first->cell_people[KY_YEAR_TOTAL];
  out->cells.people[people != NULL ? KY_TOTAL : KY_65] =
      first->cell_people[people != NULL ? KY_YEAR_TOTAL : KY_YEAR_65];
  out->cells.age_source = first->age_source;
  return ky_place_points(job, &out->cells, zones, network, opts, &out->points);
}

ky_err ky_years_build(ky_job *job, const ky_inputs *inputs, const ky_zones *zones, const ky_network *network,
                      const ky_place_opts *place_opts, const ky_years_opts *opts, ky_years *out) {
  builder b;
  int years[YEARS_MAX];
  year_source *sources;
  memset(out, 0, sizeof *out);
  KY_TRY(choose_years(job, inputs, opts, years, &out->count));
  KY_TRY(begin(job, inputs, &b));
  KY_TRY(keep_cells(&b, zones, place_opts->margin_m, &out->cells));
  KY_NEW(job, keep, out->year, out->count);
  KY_NEW(job, scratch, sources, inputs->year_source_count);
  for (uint32_t y = 0; y < out->count; y++) {
    out->year[y].year = years[y];
    for (uint32_t r = 0; r < inputs->year_source_count; r++)
      find_columns(job, &inputs->years[r], years[y], &sources[r]);
    KY_TRY(read_year(&b, sources));
    KY_TRY(name_sources(&b, sources, opts->basis, &out->year[y]));
    KY_TRY(keep_year(&b, sources, out->cells.count, &out->year[y]));
  }
  KY_TRY(place(job, zones, network, place_opts, out));
  return ky_years_rows(job, zones, out);
}
