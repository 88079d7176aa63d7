/* The config of one municipality: the template's document with its own names, parts and settings. */
#ifndef KAYOI_BATCH_CONFIG_H
#define KAYOI_BATCH_CONFIG_H

#include <kayoi/batch.h>

#include "config.h"

/* A path of the template and what stands for it. */
typedef struct ky_batch_path {
  const char *shown; /* as the template writes it */
  const char *path;  /* relative to the municipality's folder, or absolute; NULL: the source is left out */
} ky_batch_path;

/* Writes it to `path`. template: as read from its file. */
ky_err ky_batch_config_write(ky_job *job, const ky_config *template, const ky_batch_area *area,
                             const ky_batch_path *paths, uint32_t path_count, const char *path);

#endif
