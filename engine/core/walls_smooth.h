/* Walls between areas with fewer and rounder corners, so that areas can be read on a map of a city. */
#ifndef KAYOI_WALLS_SMOOTH_H
#define KAYOI_WALLS_SMOOTH_H

#include "core/voronoi.h"

/* walls: on whole millimetres, each once, meeting at ends only; so are those that come out. Corners go whose triangle
 * with their neighbours is smaller than smooth_m x smooth_m, then those that are left are cut. Nothing moves over a
 * place or over another wall, so every place stays on its side and walls still meet at ends only; where three walls
 * meet nothing moves. Scratch. */
ky_err ky_walls_smooth(ky_job *job, const double *x, const double *y, uint32_t place_count, double smooth_m,
                       ky_wall **walls, uint32_t *count);

#endif
