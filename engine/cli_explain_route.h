/* A route as text, and the words that it shares with the rest of an explanation. */
#ifndef KAYOI_CLI_EXPLAIN_ROUTE_H
#define KAYOI_CLI_EXPLAIN_ROUTE_H

#include "cli_explain.h"
#include "cli_text.h"

void ky_explain_route_text(FILE *out, const ky_explain_view *view, const ky_explained_route *route);

/* Street classes in words: "residential street", "steps"; buffer of `size` bytes. */
const char *ky_street_words(uint32_t class_bits, char *buffer, size_t size);
/* A profile in words, those of the config by their name; buffer of `size` bytes. */
const char *ky_profile_words(const char *name, char *buffer, size_t size);
/* Millimetres as metres with all three decimals: "1,412.340". */
ky_shown ky_metres_text(uint32_t mm);
/* Minutes of a walk at the speed of the run, one decimal. */
ky_shown ky_minutes_of(const ky_explain_view *view, uint32_t walk_mm);
/* "name (id)". */
void ky_venue_name(FILE *out, const ky_result *result, uint32_t venue);
/* Why a venue does not count, in words; a reason that has none stands as it is. */
const char *ky_venue_words(const char *reason);
/* 1 is the first point of the cell. */
uint32_t ky_point_number(const ky_explain_view *view, uint32_t point);
/* The text right-aligned in `width` columns. */
void ky_text_right(FILE *out, const char *text, int width);

#endif
