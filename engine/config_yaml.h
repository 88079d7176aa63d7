/* A YAML file as a tree of nodes with places, read strictly, and the list of what is wrong with it. */
#ifndef KAYOI_CONFIG_YAML_H
#define KAYOI_CONFIG_YAML_H

#include <kayoi/job.h>
#include <yaml.h>

#define KY_CONFIG_BYTES_MAX (1024 * 1024)
#define KY_CONFIG_DEPTH_MAX 16
#define KY_PROBLEMS_MAX     64

typedef struct ky_problem {
  size_t line, column; /* from 1 */
  const char *text;
} ky_problem;

/* Everything wrong with one file. Texts live in job->scratch. `count` goes on counting beyond the rows kept. */
typedef struct ky_problems {
  ky_job *job;
  const char *path;
  const char *example; /* the command that shows how such a file looks; NULL: that of a configuration */
  uint32_t count;
  ky_problem rows[KY_PROBLEMS_MAX];
} ky_problems;

/* `mark` counts from 0, as libyaml does. */
__attribute__((format(printf, 3, 4))) void ky_problem_add(ky_problems *problems, yaml_mark_t mark, const char *format,
                                                          ...);
bool ky_problems_full(const ky_problems *problems);
/* KY_OK, or one failure that lists the problems in the order of the file. */
ky_err ky_problems_end(ky_problems *problems);

#define KY_CONFIG_EXAMPLE_COMMAND "kayoi init DIR"

/* The whole file in job->keep, with a final NUL. Fails on a missing, unreadable, or too large one. */
ky_err ky_yaml_file(ky_job *job, const char *path, const char *example, const char **text, size_t *length);
/* Opens the text as one document; false when it is none (then problems say why, and there is nothing to close).
 * Anchors, aliases, tags, deep nesting and further documents are problems. Close with yaml_document_delete. */
bool ky_yaml_open(ky_problems *problems, const char *text, size_t length, yaml_document_t *document);

/* Strict scalars. `name` is the key in messages; false: a problem was added. */
bool ky_yaml_text(ky_problems *problems, const yaml_node_t *node, const char *name, const char **out);  /* keep */
bool ky_yaml_lines(ky_problems *problems, const yaml_node_t *node, const char *name, const char **out); /* with \n */
bool ky_yaml_flag(ky_problems *problems, const yaml_node_t *node, const char *name, bool *out);
/* value = the number x 10^decimals, exactly. */
bool ky_yaml_number(ky_problems *problems, const yaml_node_t *node, const char *name, uint8_t decimals, int64_t min,
                    int64_t max, int64_t *out);
/* Nothing was written: `key:`, `key: ~` or `key: null`. */
bool ky_yaml_is_null(const yaml_node_t *node);

/* A number without the zeros that say nothing: 2.500 is "2.5". Buffer of 32 bytes. */
const char *ky_yaml_number_text(char *buffer, int64_t value, uint8_t decimals);

#endif
