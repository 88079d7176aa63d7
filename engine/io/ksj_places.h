/* Facilities of National Land Numerical Information (国土数値情報): P02, P04, P05, P14, P20, P27. The same column name
 * means different things in different vintages, so a vintage is known by the set of its columns. */
#ifndef KAYOI_KSJ_PLACES_H
#define KAYOI_KSJ_PLACES_H

#include <kayoi/read.h>

#define KY_KSJ_ADDRESS_PARTS 3

typedef struct ky_ksj_vintage {
  const char *code;                                    /* "P14" */
  const char *edition;                                 /* "KSJ P14, 2021 or later" */
  uint32_t columns;                                    /* it has P14_001 to P14_0nn, all of them and no more */
  uint8_t name, municipality_code, municipality, kind; /* numbers of columns; 0: none */
  uint8_t address[KY_KSJ_ADDRESS_PARTS];               /* in their order, 0 behind the last */
  const char *site_kinds; /* beginnings of the kinds in which venues are opened, '|'-separated; NULL: any */
} ky_ksj_vintage;

/* The vintage whose set of columns these are. *code: the data set that the columns name ("P14"), NULL for none; a
 * vintage of it may still be NULL. Names are compared without case, and without the _ja of the web service. */
const ky_ksj_vintage *ky_ksj_find(const char *const *names, uint32_t count, const char **code);

/* Number of the column that is the attribute; 0: none of them. */
uint32_t ky_ksj_number(const ky_ksj_vintage *vintage, const char *attribute);

/* Field of column number `number` of the vintage among the names; KY_NONE. */
uint32_t ky_ksj_field(const ky_ksj_vintage *vintage, const char *const *names, uint32_t count, uint32_t number);

/* Adds the attribute `kind` in words ("公立公民館") beside kind_code, and for candidate sites takes out the records of
 * other kinds, with one issue (kinds_left_out) that counts them. */
ky_err ky_ksj_settle(ky_job *job, ky_raw *raw);

#endif
