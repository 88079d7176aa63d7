/* Everything: the rooms of kayoi in their order. */
#ifndef KAYOI_H
#define KAYOI_H

#include <kayoi/access.h>
#include <kayoi/barriers.h>
#include <kayoi/base.h>
#include <kayoi/buildings.h>
#include <kayoi/cache.h>
#include <kayoi/contract.h>
#include <kayoi/coverage.h>
#include <kayoi/explain.h>
#include <kayoi/facts.h>
#include <kayoi/gaps.h>
#include <kayoi/inventory.h>
#include <kayoi/job.h>
#include <kayoi/layers.h>
#include <kayoi/mobility.h>
#include <kayoi/municipalities.h>
#include <kayoi/names.h>
#include <kayoi/nearest.h>
#include <kayoi/network.h>
#include <kayoi/noding.h>
#include <kayoi/past.h>
#include <kayoi/place.h>
#include <kayoi/priority.h>
#include <kayoi/profile.h>
#include <kayoi/profiles.h>
#include <kayoi/read.h>
#include <kayoi/route.h>
#include <kayoi/rtree.h>
#include <kayoi/seats.h>
#include <kayoi/shape.h>
#include <kayoi/sites.h>
#include <kayoi/slope.h>
#include <kayoi/snapping.h>
#include <kayoi/solve.h>
#include <kayoi/stamp.h>
#include <kayoi/stops.h>
#include <kayoi/strengths.h>
#include <kayoi/table.h>
#include <kayoi/targets.h>
#include <kayoi/transit.h>
#include <kayoi/walk.h>
#include <kayoi/write.h>
#include <kayoi/years.h>

#endif
