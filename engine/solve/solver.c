/* The program kayoi-solver: reads a model from its standard input, lets CBC look for its best set, writes the answer to
 * its standard output. It is a process of its own because CBC's time limit is soft, its memory cannot be limited from
 * inside, and it may abort; whoever started it kills it when the time is over. Started by nobody but kayoi. */
#include <coin/Cbc_C_Interface.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "solve/model.h"

/* A block that always fits unless memory is out. */
#define PROBE_BYTES ((size_t)64 << 20)

/* CBC ends by abort() when memory is out, and for reasons of its own: told apart by asking for memory. */
static void on_abort(int number) {
  (void)number;
  void *probe = mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (probe == MAP_FAILED) _exit(KY_SOLVER_NO_MEMORY);
  signal(SIGABRT, SIG_DFL);
  raise(SIGABRT);
}

static void *take(size_t count, size_t size) {
  void *array = malloc(count == 0 ? size : count * size);
  if (array == NULL) exit(KY_SOLVER_NO_MEMORY);
  if (fread(array, size, count, stdin) != count) exit(KY_SOLVER_BAD_INPUT);
  return array;
}

static void limit(const ky_model_head *head) {
  const struct rlimit memory = {head->memory_bytes, head->memory_bytes}, core = {0, 0};
  /* Twice the time, as processor time, in case nobody is left to kill this process. */
  const rlim_t seconds = (rlim_t)(head->seconds * 2) + 5;
  const struct rlimit time = {seconds, seconds};
  signal(SIGABRT, on_abort);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setrlimit(RLIMIT_CORE, &core);
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &time);
}

static Cbc_Model *load(const ky_model_head *head) {
  const int columns = (int)head->column_count, rows = (int)head->row_count;
  int *start = take((size_t)columns + 1, sizeof *start), *row = take(head->entry_count, sizeof *row);
  double *value = take(head->entry_count, sizeof *value), *cost = take((size_t)columns, sizeof *cost);
  double *lower = take((size_t)rows, sizeof *lower), *upper = take((size_t)rows, sizeof *upper);
  double *most = malloc((size_t)columns * sizeof *most);
  if (most == NULL) exit(KY_SOLVER_NO_MEMORY);
  for (int i = 0; i < columns; i++) most[i] = 1;
  Cbc_Model *model = Cbc_newModel();
  Cbc_setLogLevel(model, 0);
  Cbc_loadProblem(model, columns, rows, start, row, value, NULL, most, cost, lower, upper);
  for (int i = 0; i < (int)head->choice_count; i++) Cbc_setInteger(model, i);
  free(start);
  free(row);
  free(value);
  free(cost);
  free(lower);
  free(upper);
  free(most);
  return model;
}

static uint32_t end_of(Cbc_Model *model) {
  if (Cbc_isProvenOptimal(model)) return KY_MODEL_PROVEN;
  if (Cbc_isProvenInfeasible(model)) return KY_MODEL_NONE;
  if (Cbc_isNodeLimitReached(model)) return KY_MODEL_NODES;
  return Cbc_isSecondsLimitReached(model) ? KY_MODEL_TIME : KY_MODEL_ODD;
}

int main(void) {
  ky_model_head head;
  if (fread(&head, sizeof head, 1, stdin) != 1 || head.magic != KY_MODEL_MAGIC) {
    fputs("kayoi-solver: started by kayoi, not by hand\n", stderr);
    return KY_SOLVER_BAD_INPUT;
  }
  limit(&head);
  int answers = dup(STDOUT_FILENO), nothing = open("/dev/null", O_WRONLY);
  if (answers < 0 || nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0) return KY_SOLVER_BAD_INPUT; /* CBC prints */
  Cbc_Model *model = load(&head);
  Cbc_setParameter(model, "ratioGap", "0");
  Cbc_setParameter(model, "allowableGap", "0");
  Cbc_setMaximumNodes(model, (int)head.node_limit);
  Cbc_setMaximumSeconds(model, head.seconds);
  Cbc_setCutoff(model, head.cutoff);
  Cbc_solve(model);
  const double *set = Cbc_bestSolution(model);
  ky_model_answer answer = {KY_ANSWER_MAGIC, end_of(model), set != NULL, (uint32_t)Cbc_getNodeCount(model),
                            Cbc_getBestPossibleObjValue(model)};
  unsigned char *chosen = calloc(head.choice_count + 1, 1);
  if (chosen == NULL) return KY_SOLVER_NO_MEMORY;
  for (uint32_t i = 0; set != NULL && i < head.choice_count; i++) chosen[i] = set[i] > 0.5;
  FILE *out = fdopen(answers, "wb");
  bool is_written = out != NULL && fwrite(&answer, sizeof answer, 1, out) == 1 &&
                    fwrite(chosen, 1, head.choice_count, out) == head.choice_count && fclose(out) == 0;
  _exit(is_written ? 0 : KY_SOLVER_BAD_INPUT); /* no destructors: they take long for a large tree */
}
