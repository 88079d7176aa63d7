/* What the name of an e-Stat file says: tbl{T001101}{H}{4930}.txt, tbl{T001082}{C}{43}.txt (formats.md 2 and 3). */
#ifndef KAYOI_ESTAT_NAME_H
#define KAYOI_ESTAT_NAME_H

#include <kayoi/base.h>

typedef struct ky_estat_name {
  char table[8]; /* "T001101" */
  char area[6];  /* first-level mesh, prefecture or municipality; "" when there is none */
  int level_m;   /* of a grid: 1000, 500, 250, 125; 0: a table of small areas (letter C) */
  /* What the table's number fixes; NULL: a table that is not known. */
  const char *year, *date, *crs;
} ky_estat_name;

/* Looks at the last such name in the path: of the file, else of the zip around it. False: there is none. */
bool ky_estat_name_read(const char *path, ky_estat_name *out);

#endif
