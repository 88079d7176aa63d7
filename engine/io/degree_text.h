/* Degrees as people write them: 34.186, 北緯34.186度, 34°11'09.2"N, 34度11分09秒, 34-11-9.2, ３４：１１：０９,
 * 341109.2. */
#ifndef KAYOI_DEGREE_TEXT_H
#define KAYOI_DEGREE_TEXT_H

#include <kayoi/job.h>

typedef enum ky_degree_form {
  KY_DEGREE_NONE,    /* not a coordinate */
  KY_DEGREE_DECIMAL, /* a decimal number, perhaps with 度 or a letter of the compass */
  KY_DEGREE_DMS,     /* degrees and minutes, perhaps seconds, told apart by marks */
  KY_DEGREE_PACKED   /* DDMMSS or DDDMMSS without marks: right only where it gives a place that can be */
} ky_degree_form;

typedef struct ky_degree {
  ky_degree_form form;
  double value; /* degrees; south and west negative. Of KY_DEGREE_PACKED: the number read as DDMMSS */
} ky_degree;

/* Text in UTF-8. False: memory is out. */
bool ky_degree_read(ky_arena *arena, const char *text, ky_degree *out);

/* Two coordinates in one text, in their order: "34.18,131.47", "34°11'09\" 131°28'12\"", "POINT(131.47 34.18)".
 * Both KY_DEGREE_NONE when they are not two. False: memory is out. */
bool ky_degree_pair(ky_arena *arena, const char *text, ky_degree out[2]);

#endif
