/* The layers of the page and their columns; decimals: 6 are 11 cm, 5 are 1.1 m. */
#include "io/report_layers.h"

#include <string.h>

/* bound and gap_pct say how sure a solver is; they are for those who read tables. */
const ky_report_layer ky_report_layers[] = {
    {.layer = "zones", .decimals = 6},
    {.layer = "gaps", .decimals = 6},
    {.layer = "venues", .decimals = 6},
    {.layer = "cells",
     .columns =
         " cell_id zone_id place place_name pop_total pop_65 pop_75 pop_85 covered_65 covered_share_65 walk_m_median "
         "walk_min_median straight_m nearest_venue_id reach walk_m_shop walk_m_clinic transit placement "
         "target_participants ",
     .decimals = 6},
    {.layer = "sites",
     .columns =
         " site_id site_name kind order gain_65 gain_so_far_65 covered_after_65 covered_after_share zone_id robust "
         "source ",
     .decimals = 6},
    {.layer = "site_curve",
     .columns = " k site_id site_name gain_65 gain_so_far_65 covered_after_65 covered_after_share diminishing best_65 ",
     .decimals = 6},
    {.layer = "site_sets",
     .columns = " question objective sites_count value in_order_65 reached site_id site_name zone_id ",
     .decimals = 6},
    {.layer = "mobility", .decimals = 6},
    {.layer = "distance_curve", .decimals = 6},
    {.layer = "scenarios", .decimals = 6},
    {.layer = "scenario_zones", .decimals = 6},
    {.layer = "streets",
     .columns = " street_id length_m walk_m_from walk_m_to nearest_venue_id band class ",
     .decimals = 6,
     .is_later = true},
    {.layer = "service_areas", .decimals = 5, .is_later = true, .when_null = "venue_id"},
    {.layer = "scenario_cells", .decimals = 6, .is_later = true},
    {.layer = "year_zones", .decimals = 6, .is_later = true},
    {.layer = "year_gaps", .decimals = 6, .is_later = true},
    {.layer = "target_path", .decimals = 6, .is_later = true},
    {.layer = "resources", .decimals = 6, .is_later = true},
    {.layer = "stops", .columns = " stop_id name departures ", .decimals = 6, .is_later = true},
    {.layer = "closures", .decimals = 6, .is_later = true},
    {.layer = "priority", .decimals = 6, .is_later = true},
    {.layer = NULL},
};

bool ky_report_takes(const ky_report_layer *of, const char *column) {
  const size_t length = strlen(column);
  if (strcmp(column, "bound") == 0 || strcmp(column, "gap_pct") == 0 || strcmp(column, "best_gap_pct") == 0)
    return false;
  if (of->columns == NULL) return true;
  for (const char *at = strstr(of->columns, column); at != NULL; at = strstr(at + 1, column))
    if (at[-1] == ' ' && at[length] == ' ') return true;
  return false;
}

bool ky_report_is_large(const ky_table *table) {
  return table->count > KY_REPORT_RECORDS_MAX ||
         (table->shapes_deg != NULL && table->shapes_deg->vertex_count > KY_REPORT_VERTICES_MAX);
}
