/* Cells of a sheet in its own XML: see sheet_cells.h. The file is scanned as text, because only three marks matter:
 * <mergeCell ref="H6:H7"/>, <c r="B5"><f>...</f></c> without a value, and <c r="B5" t="e">. */
#include "io/sheet_cells.h"

#include <cpl_minixml.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHEET_MAX ((size_t)64 << 20)
#define INDEX_MAX ((size_t)4 << 20) /* workbook.xml and its relations */
#define SHOWN     20                /* cells of one kind that are reported one by one */

/* A member of the file as a text of the scratch arena; NULL: not there or too large, or memory is out. */
static char *load_member(ky_job *job, const char *xlsx, const char *member, size_t limit) {
  char *path = ky_format(&job->scratch, "/vsizip/%s/%s", xlsx, member), *text = NULL;
  VSIStatBufL status;
  if (path == NULL || VSIStatL(path, &status) != 0 || status.st_size <= 0 || (size_t)status.st_size > limit)
    return NULL;
  VSILFILE *file = VSIFOpenL(path, "rb");
  const size_t size = (size_t)status.st_size;
  if (file == NULL) return NULL;
  text = ky_arena_alloc(&job->scratch, size + 1, 1);
  if (text != NULL && VSIFReadL(text, 1, size, file) != size) text = NULL;
  VSIFCloseL(file);
  return text;
}

/* The nth child of that name; NULL. */
static const CPLXMLNode *child(const CPLXMLNode *parent, const char *name, int nth) {
  for (const CPLXMLNode *node = parent != NULL ? parent->psChild : NULL; node != NULL; node = node->psNext)
    if (node->eType == CXT_Element && strcmp(node->pszValue, name) == 0 && nth-- == 0) return node;
  return NULL;
}

/* Relation of the sheet at that place; a text of the tree. */
static const char *sheet_relation(const CPLXMLNode *workbook, int sheet) {
  const CPLXMLNode *sheets = CPLGetXMLNode((CPLXMLNode *)workbook, "=workbook.sheets");
  return CPLGetXMLValue((CPLXMLNode *)child(sheets, "sheet", sheet), "r:id", NULL);
}

static const char *relation_target(const CPLXMLNode *relations, const char *id) {
  const CPLXMLNode *all = CPLGetXMLNode((CPLXMLNode *)relations, "=Relationships");
  const CPLXMLNode *relation;
  for (int i = 0; (relation = child(all, "Relationship", i)) != NULL; i++) {
    const char *known = CPLGetXMLValue((CPLXMLNode *)relation, "Id", "");
    if (strcmp(known, id) == 0) return CPLGetXMLValue((CPLXMLNode *)relation, "Target", NULL);
  }
  return NULL;
}

/* Path of the sheet's member inside the file; NULL: not found (scratch). */
static const char *sheet_member(ky_job *job, const char *xlsx, int sheet) {
  const char *book = load_member(job, xlsx, "xl/workbook.xml", INDEX_MAX);
  const char *links = load_member(job, xlsx, "xl/_rels/workbook.xml.rels", INDEX_MAX);
  const char *member = NULL;
  if (book == NULL || links == NULL) return NULL;
  CPLXMLNode *workbook = CPLParseXMLString(book), *relations = CPLParseXMLString(links);
  const char *id = workbook != NULL ? sheet_relation(workbook, sheet) : NULL;
  const char *target = id != NULL && relations != NULL ? relation_target(relations, id) : NULL;
  if (target != NULL)
    member = target[0] == '/' ? ky_format(&job->scratch, "%s", target + 1) : ky_format(&job->scratch, "xl/%s", target);
  CPLDestroyXMLNode(workbook);
  CPLDestroyXMLNode(relations);
  return member;
}

/* Value of an attribute inside a tag that ends at `end`, into a buffer; false when it is not there or too long. */
static bool attribute(const char *tag, const char *end, const char *name, char *value, size_t size) {
  const size_t length = strlen(name);
  for (const char *p = tag; p + length + 2 < end; p++) {
    if ((*p != ' ' && *p != '\n') || strncmp(p + 1, name, length) != 0 || strncmp(p + 1 + length, "=\"", 2) != 0)
      continue;
    const char *from = p + length + 3, *to = memchr(from, '"', (size_t)(end - from));
    if (to == NULL || (size_t)(to - from) >= size) return false;
    memcpy(value, from, (size_t)(to - from));
    value[to - from] = '\0';
    return true;
  }
  return false;
}

/* Row of "H6" or "H6:H7"; 0: none. */
static long row_of(const char *reference) {
  return strtol(reference + strspn(reference, "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"), NULL, 10);
}

typedef struct scan {
  ky_job *job;
  const char *where;
  uint32_t merged, blank, failed;
} scan;

static void report(scan *s, uint32_t *count, const char *reference, const char *reason, const char *message,
                   const char *action) {
  char record[48];
  if (++*count > SHOWN) return;
  snprintf(record, sizeof record, "row %ld", row_of(reference));
  ky_issue_add(s->job,
               &(ky_issue){.severity = KY_WARNING,
                           .source = s->where,
                           .record = record,
                           .field = reference,
                           .reason = reason,
                           .action = action},
               "%s", message);
}

static void report_more(scan *s, uint32_t count, const char *reason) {
  if (count <= SHOWN) return;
  ky_issue_add(s->job, &(ky_issue){.severity = KY_WARNING, .source = s->where, .reason = reason},
               ky_tr("%u more cells of the sheet, which are not listed"), count - SHOWN);
}

/* Between <c ...> and </c>. */
static void look_at_cell(scan *s, const char *tag, const char *tag_end, const char *end) {
  char reference[24], type[16];
  if (!attribute(tag, tag_end, "r", reference, sizeof reference) || row_of(reference) < 2) return;
  if (attribute(tag, tag_end, "t", type, sizeof type) && strcmp(type, "e") == 0) {
    report(s, &s->failed, reference, "formula_error", ky_tr("the cell holds an error (#REF!, #N/A ...)"),
           ky_tr("mend the formula, or write the value itself"));
    return;
  }
  const char *formula = NULL, *value = NULL;
  for (const char *p = tag_end; p + 3 < end; p++) {
    if (formula == NULL && p[0] == '<' && p[1] == 'f' && strchr(" />", p[2]) != NULL) formula = p;
    if (strncmp(p, "<v>", 3) == 0 && p[3] != '<') value = p;
  }
  if (formula != NULL && value == NULL)
    report(s, &s->blank, reference, "formula_without_result",
           ky_tr("the cell holds a formula whose result is empty or was never worked out"),
           ky_tr("taken as empty; open the workbook in a spreadsheet program and save it, or write the value itself"));
}

static void look_at_merged(scan *s, const char *tag, const char *end) {
  char reference[48];
  if (!attribute(tag, end, "ref", reference, sizeof reference) || row_of(reference) < 2) return;
  report(s, &s->merged, reference, "merged_cells", ky_tr("these cells are merged, so only the first holds a value"),
         ky_tr("the others are taken as empty; undo the merging and write the value into each of them"));
}

static void look_through(scan *s, const char *xml) {
  for (const char *p = strchr(xml, '<'); p != NULL; p = strchr(p + 1, '<')) {
    const bool is_cell = strncmp(p, "<c ", 3) == 0, is_merged = strncmp(p, "<mergeCell ", 11) == 0;
    if (!is_cell && !is_merged) continue;
    const char *tag_end = strchr(p, '>');
    if (tag_end == NULL) return;
    if (is_merged) look_at_merged(s, p, tag_end);
    if (is_merged || tag_end[-1] == '/') continue;
    const char *end = strstr(tag_end, "</c>");
    if (end == NULL) return;
    look_at_cell(s, p, tag_end, end);
    p = end;
  }
}

ky_err ky_sheet_cells_check(ky_job *job, const ky_source *source, const char *xlsx, int sheet) {
  scan s = {.job = job, .where = ky_source_where(job, source)};
  const char *member = sheet_member(job, xlsx, sheet);
  const char *xml = member != NULL ? load_member(job, xlsx, member, SHEET_MAX) : NULL;
  if (xml == NULL) return job->err;
  look_through(&s, xml);
  report_more(&s, s.merged, "merged_cells");
  report_more(&s, s.blank, "formula_without_result");
  report_more(&s, s.failed, "formula_error");
  return job->err;
}
