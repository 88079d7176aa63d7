/* Times the rooms from read to coverage and the targets of a large config, without looking for sites and gaps, and the
 * distance field by itself. One JSON object a line. Usage: bench_rooms CONFIG THREADS [RUNS SOURCES GRAPH]
 *
 * With RUNS: the field alone, RUNS times from SOURCES nodes, and the graph with its distances in the file GRAPH for a
 * peer: counts of nodes, edges, sources; from, to, cost_mm per edge; source nodes; distance per node (uint32 each). */
#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* A line of /proc/self/status in MB. */
static long memory_mb(const char *name) {
  char line[256];
  long kb = 0;
  FILE *file = fopen("/proc/self/status", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, name, strlen(name)) == 0) kb = strtol(line + strlen(name) + 1, NULL, 10);
  if (file != NULL) fclose(file);
  return kb / 1024;
}

typedef struct bench {
  ky_job job;
  ky_config config;
  ky_inputs inputs;
  ky_network network;
  ky_contraction contraction;
  ky_zones zones;
  ky_cells cells;
  ky_venues venues;
  ky_points points;
  ky_anchors venue_anchors, point_anchors;
  ky_field field;
  ky_walks walks;
  ky_coverage coverage;
  ky_candidates candidates;
  ky_sites sites;
  ky_venue_sets venue_sets;
  ky_targets targets;
  double start_ms;
} bench;

static void begin(bench *b, const char *room) {
  ky_job_room_start(&b->job, room);
  b->start_ms = now_ms();
}

static void end(bench *b) {
  double ms = now_ms() - b->start_ms;
  printf("{\"room\": \"%s\", \"ms\": %.1f, \"anon_mb\": %ld, \"file_mb\": %ld, \"peak_mb\": %ld}\n", b->job.room, ms,
         memory_mb("RssAnon"), memory_mb("RssFile"), memory_mb("VmHWM"));
  fflush(stdout);
  ky_job_room_end(&b->job, "%s", "");
}

static ky_err network_rooms(bench *b) {
  const ky_slope_opts slope = {.is_used = b->config.walk.with_slope, .step_m = 30};
  ky_noding noding;
  ky_cache cache;
  bool is_kept;
  begin(b, "read");
  KY_TRY(ky_read(&b->job, &b->config.read, &b->inputs));
  end(b);
  begin(b, "cache");
  KY_TRY(ky_cache_find(&b->job, b->config.cache_dir, &b->config.read, &slope, &b->config.noding, &b->config.walk,
                       &b->inputs, &cache));
  KY_TRY(ky_cache_load(&b->job, &cache, &b->inputs, &b->network, &b->contraction, &is_kept));
  end(b);
  if (is_kept) return KY_OK;
  begin(b, "roads");
  KY_TRY(ky_read_roads(&b->job, &b->config.read, &b->inputs));
  end(b);
  begin(b, "network");
  KY_TRY(ky_ways_node(&b->job, &b->inputs.ways, &b->config.noding, &b->inputs.ways, &noding));
  KY_TRY(ky_network_build(&b->job, &b->inputs.ways, &b->network));
  end(b);
  begin(b, "contract");
  KY_TRY(ky_contract(&b->job, &b->network, &b->contraction));
  end(b);
  begin(b, "keep");
  KY_TRY(ky_cache_save(&b->job, &cache, &b->inputs, &b->network, &b->contraction, b->job.issues.count));
  end(b);
  return KY_OK;
}

static ky_err people_rooms(bench *b) {
  const ky_config *c = &b->config;
  begin(b, "place");
  KY_TRY(ky_place_zones(&b->job, &b->inputs, NULL, 0, &b->zones));
  KY_TRY(ky_place_cells(&b->job, &b->inputs, &b->zones, &c->place, &b->cells));
  ky_arena_reset(&b->job.scratch); /* as run.c does */
  KY_TRY(ky_place_venues(&b->job, &b->inputs, &b->zones, &c->venue, &b->venues));
  KY_TRY(ky_place_points(&b->job, &b->cells, &b->zones, &b->network, &c->place, &b->points));
  KY_TRY(ky_zones_finish(&b->job, &b->cells, &b->network, &c->zone_fit, &b->zones));
  end(b);
  begin(b, "walk");
  const ky_points *p = &b->points;
  const ky_anchors on_street = {.count = p->count, .edge = p->edge, .along_mm = p->along_mm, .access_mm = p->access_mm};
  KY_TRY(ky_network_anchor(&b->job, &b->network, b->venues.x_m, b->venues.y_m, b->venues.count, NULL, &c->network,
                           &b->venue_anchors));
  KY_TRY(ky_venues_settle(&b->job, &b->venue_anchors, &b->venues));
  KY_TRY(ky_network_anchor(&b->job, &b->network, p->x_m, p->y_m, p->count, &on_street, &c->network, &b->point_anchors));
  KY_TRY(ky_walk_field(&b->job, &b->network, &b->contraction, &b->venue_anchors, b->venues.counts, &b->field));
  KY_TRY(ky_walk_places(&b->job, &b->network, &b->field, &b->venue_anchors, b->venues.counts, &b->point_anchors,
                        &b->walks));
  end(b);
  begin(b, "coverage");
  KY_TRY(ky_coverage_build(&b->job, &b->cells, p, &b->zones, &b->venues, &b->network, &b->point_anchors,
                           &b->venue_anchors, &b->walks, &c->walk, &b->coverage));
  KY_TRY(ky_coverage_balance(&b->job, &b->cells, p, &b->zones, &b->coverage));
  end(b);
  begin(b, "targets");
  KY_NEW(&b->job, keep, b->sites.point_site, p->count); /* no site was looked for */
  memset(b->sites.point_site, 0xff, p->count * sizeof *b->sites.point_site);
  KY_TRY(ky_venue_sets_build(&b->job, p, &b->zones, &b->venues, &b->network, &b->point_anchors, &b->venue_anchors,
                             &b->coverage, c->walk.primary_mm, &b->venue_sets));
  KY_TRY(ky_targets_build(&b->job, &b->zones, &b->venues, p, &b->coverage, &b->venue_sets, &b->candidates, &b->sites,
                          &c->targets, &b->targets));
  end(b);
  printf("{\"nodes\": %u, \"streets\": %u, \"cells\": %u, \"points\": %u, \"venues\": %u, \"zones\": %u}\n",
         b->network.node_count, b->network.edge_count, b->cells.count, p->count, b->venues.count, b->zones.count);
  return KY_OK;
}

static void put(FILE *file, const uint32_t *values, size_t count) {
  fwrite(values, sizeof *values, count, file);
}

/* Sources at nodes, evenly over the network: each at the end of one of the node's streets. */
static ky_err field_alone(bench *b, int runs, uint32_t source_count, const char *path) {
  const ky_network *n = &b->network;
  ky_anchors sources = {.count = source_count};
  uint32_t *node;
  KY_NEW(&b->job, keep, sources.edge, source_count);
  KY_NEW(&b->job, keep, sources.along_mm, source_count);
  KY_NEW(&b->job, keep, sources.access_mm, source_count);
  KY_NEW(&b->job, keep, node, source_count);
  for (uint32_t s = 0; s < source_count; s++) {
    node[s] = (uint32_t)((uint64_t)s * n->node_count / source_count);
    sources.edge[s] = n->arc_edge[n->first_arc[node[s]]];
    sources.along_mm[s] = n->edge_from[sources.edge[s]] == node[s] ? 0 : n->length_mm[sources.edge[s]];
  }
  begin(b, "contract");
  KY_TRY(ky_contract(&b->job, n, &b->contraction));
  end(b);
  printf("{\"out\": %u, \"core\": %u, \"arcs\": %u}\n", b->contraction.out_count,
         b->contraction.node_count - b->contraction.out_count, 2 * n->edge_count);
  for (int run = 0; run < runs; run++) {
    begin(b, "field");
    KY_TRY(ky_walk_field(&b->job, n, &b->contraction, &sources, NULL, &b->field));
    end(b);
  }
  FILE *file = fopen(path, "wb");
  if (file == NULL) return ky_fail(&b->job, KY_E_OUTPUT, "%s cannot be written", path);
  put(file, (uint32_t[]){n->node_count, n->edge_count, source_count}, 3);
  put(file, n->edge_from, n->edge_count);
  put(file, n->edge_to, n->edge_count);
  put(file, n->cost_mm, n->edge_count);
  put(file, node, source_count);
  put(file, b->field.cost_mm, n->node_count);
  fclose(file);
  return KY_OK;
}

int main(int argc, char **argv) {
  static bench b;
  if (argc != 3 && argc != 6) {
    fprintf(stderr, "usage: bench_rooms CONFIG THREADS [RUNS SOURCES GRAPH]\n");
    return 2;
  }
  ky_job_init(&b.job, atoi(argv[2]));
  ky_err err = ky_config_read(&b.job, argv[1], &b.config);
  if (err == KY_OK) err = network_rooms(&b);
  if (err == KY_OK && argc == 3) err = people_rooms(&b);
  if (err == KY_OK && argc == 6) err = field_alone(&b, atoi(argv[3]), (uint32_t)atol(argv[4]), argv[5]);
  if (err != KY_OK) fprintf(stderr, "%s\n", b.job.message);
  ky_job_free(&b.job);
  return ky_err_status(err);
}
