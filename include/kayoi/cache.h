/* The network of one run kept for the next: one file per set of roads, mapped into memory. It is used only when nothing
 * that decides the network has changed (contents of the roads and rasters, their settings, the CRS, the versions of
 * kayoi and its libraries), and it brings the issues of the roads with it, so results are the same with and without.
 *
 *   header | key (text) | counts | arrays, each at a multiple of 64 bytes | texts     (host byte order)
 *
 * A file that is damaged, cut off or of another version is never used: the network is built anew and a notice says so.
 * The file is written beside its place and renamed, so another run sees the old one or the new one, whole. */
#ifndef KAYOI_CACHE_H
#define KAYOI_CACHE_H

#include <kayoi/contract.h>
#include <kayoi/noding.h>
#include <kayoi/profile.h>
#include <kayoi/slope.h>

typedef struct ky_cache {
  const char *path; /* of the file; NULL: nothing is kept */
  const char *key;  /* everything that decides the network, as text */
} ky_cache;

/* Path and key for the sources located by ky_read. walk: the profile whose costs are contracted; the network itself is
 * that of every profile. dir NULL: nothing is kept. (io) */
ky_err ky_cache_find(ky_job *job, const char *dir, const ky_read_opts *opts, const ky_slope_opts *slope,
                     const ky_noding_opts *noding, const ky_walk_opts *walk, const ky_inputs *inputs, ky_cache *out);
/* Takes network and contraction from the file, the facts of the road sources into inputs->roads, and adds their issues.
 * *is_found false: there is no file that fits; network and contraction are untouched. The mapping ends with the job. */
ky_err ky_cache_load(ky_job *job, const ky_cache *cache, ky_inputs *inputs, ky_network *network,
                     ky_contraction *contraction, bool *is_found);
/* Keeps them. first_issue: the first row of job->issues that comes from the roads. A file that cannot be written is a
 * notice, not a failure: the results do not need it. */
ky_err ky_cache_save(ky_job *job, const ky_cache *cache, const ky_inputs *inputs, const ky_network *network,
                     const ky_contraction *contraction, uint32_t first_issue);

#endif
