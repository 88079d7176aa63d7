/* What an area has by road: shops and clinics on the way, providers with vehicles, a place to meet. */
#include <stdlib.h>
#include <string.h>

#include "core/mobility_parts.h"

static bool is_kind(const ky_resources *resources, uint32_t r, const char *kind) {
  const char *of = resources->text[KY_RESOURCE_KIND][r];
  return of != NULL && strcmp(of, kind) == 0;
}

/* A place where people could meet. */
static bool is_meeting_place(const ky_resources *resources, uint32_t r) {
  static const char *const kinds[] = {"hall", "centre", "welfare", "informal_gathering"};
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
    if (is_kind(resources, r, kinds[k])) return true;
  return false;
}

static void try_hub(uint32_t mm, uint32_t index, bool is_site, const ky_mobility_opts *opts, uint32_t i,
                    ky_mobility *out) {
  if (mm > opts->hub_mm || mm >= out->hub_road_mm[i]) return;
  out->hub[i] = index;
  out->hub_road_mm[i] = mm;
  out->hub_is_site[i] = is_site;
}

void ky_mobility_hub(const ky_mobility_in *in, const ky_roads *roads, const ky_mobility_opts *opts,
                     const ky_search *search, uint32_t i, ky_mobility *out) {
  for (uint32_t r = 0; in->resources != NULL && r < in->resources->count; r++)
    if (is_meeting_place(in->resources, r)) try_hub(ky_road_to(search, &roads->resources, r), r, false, opts, i, out);
  for (uint32_t c = 0; in->candidates->is_given && c < in->candidates->count; c++)
    try_hub(ky_road_to(search, &roads->sites, c), c, true, opts, i, out);
}

static void try_detour(uint32_t there, uint32_t back, uint32_t direct, uint32_t r, uint32_t *best, uint32_t *best_mm) {
  if (there == KY_NONE || back == KY_NONE) return;
  const uint64_t way = (uint64_t)there + back;
  const uint64_t longer = way > direct ? way - direct : 0;
  if (longer >= *best_mm) return; /* KY_NONE: nothing found yet */
  *best = r;
  *best_mm = (uint32_t)longer;
}

void ky_mobility_on_the_way(const ky_mobility_in *in, const ky_roads *roads, const ky_mobility_opts *opts,
                            const ky_search *search, ky_search *back, uint32_t to, uint32_t i, ky_mobility *out) {
  const uint32_t direct = ky_road_to(search, &roads->venues, to);
  if (in->resources == NULL || direct == KY_NONE || !ky_road_from(back, &roads->venues, to, direct + opts->detour_mm))
    return;
  for (uint32_t r = 0; r < in->resources->count; r++) {
    const bool is_shop = is_kind(in->resources, r, "shop");
    if (!is_shop && !is_kind(in->resources, r, "clinic")) continue;
    const uint32_t there = ky_road_to(search, &roads->resources, r), rest = ky_road_to(back, &roads->resources, r);
    if (is_shop)
      try_detour(there, rest, direct, r, &out->shop[i], &out->shop_detour_mm[i]);
    else
      try_detour(there, rest, direct, r, &out->clinic[i], &out->clinic_detour_mm[i]);
  }
  if (out->shop_detour_mm[i] > opts->detour_mm) out->shop[i] = out->shop_detour_mm[i] = KY_NONE;
  if (out->clinic_detour_mm[i] > opts->detour_mm) out->clinic[i] = out->clinic_detour_mm[i] = KY_NONE;
}

ky_err ky_providers_new(ky_job *job, const ky_mobility_in *in, uint32_t record_count, ky_providers *out) {
  memset(out, 0, sizeof *out);
  if (in->resources == NULL) return KY_OK;
  KY_NEW(job, scratch, out->resource, in->resources->count);
  for (uint32_t r = 0; r < in->resources->count; r++)
    if (is_kind(in->resources, r, "vehicle_provider")) out->resource[out->count++] = r;
  KY_NEW(job, scratch, out->road_mm, (size_t)record_count * out->count);
  memset(out->road_mm, 0xFF, (size_t)record_count * out->count * sizeof *out->road_mm);
  return KY_OK;
}

void ky_providers_reach(const ky_roads *roads, const ky_mobility_opts *opts, const ky_search *search, uint32_t i,
                        ky_providers *providers) {
  for (uint32_t p = 0; p < providers->count; p++) {
    const uint32_t mm = ky_road_to(search, &roads->resources, providers->resource[p]);
    if (mm <= opts->provider_mm) providers->road_mm[(size_t)i * providers->count + p] = mm;
  }
}

/* A provider as it stands in the list of an area. */
typedef struct offer {
  int8_t is_willing;
  uint32_t mm, resource;
} offer;

static int compare_offers(const void *left, const void *right) {
  const offer *a = left, *b = right;
  if ((a->is_willing == 1) != (b->is_willing == 1)) return a->is_willing == 1 ? -1 : 1;
  if (a->mm != b->mm) return a->mm < b->mm ? -1 : 1;
  return (a->resource > b->resource) - (a->resource < b->resource);
}

ky_err ky_providers_list(ky_job *job, const ky_mobility_in *in, const ky_providers *providers, ky_mobility *out) {
  size_t total = 0;
  offer *offers;
  for (size_t i = 0; i < (size_t)out->count * providers->count; i++) total += providers->road_mm[i] != KY_NONE;
  KY_NEW(job, keep, out->first_provider, out->count + 1);
  KY_NEW(job, keep, out->provider, total);
  KY_NEW(job, keep, out->provider_road_mm, total);
  KY_NEW(job, scratch, offers, providers->count);
  uint32_t at = 0;
  for (uint32_t i = 0; i < out->count; i++) {
    uint32_t n = 0;
    for (uint32_t p = 0; p < providers->count; p++) {
      const uint32_t mm = providers->road_mm[(size_t)i * providers->count + p], r = providers->resource[p];
      if (mm != KY_NONE) offers[n++] = (offer){in->resources->is_willing[r], mm, r};
    }
    if (n > 1) qsort(offers, n, sizeof *offers, compare_offers);
    for (uint32_t k = 0; k < n; k++, at++) {
      out->provider[at] = offers[k].resource;
      out->provider_road_mm[at] = offers[k].mm;
    }
    out->first_provider[i + 1] = at;
    out->needs_provider[i] = in->resources == NULL ? -1 : n == 0;
  }
  return KY_OK;
}
