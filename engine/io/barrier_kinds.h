/* Which records of rivers, waters and railways bar the way of people on foot.
 *
 * OpenStreetMap (an extract, or a layer with its words in a column): values of waterway, railway and natural; those of
 * KY_BARRIER_KINDS unless the source's `kinds` says otherwise. In a layer any other word bars too, unless it is one of
 * OpenStreetMap's that are easily crossed (streams, ditches, trams) or no longer there.
 * KSJ N02 (railways): N02_001 = 11 to 13 (ordinary, cable); not monorails and guided ways (14 to 16, 22 to 25), which
 * stand on pillars, nor trolley buses (17) and trams (21), which run in streets. KSJ W05 (rivers): all.
 * What runs on a bridge or in a tunnel bars nobody. */
#ifndef KAYOI_BARRIER_KINDS_H
#define KAYOI_BARRIER_KINDS_H

#include <kayoi/read.h>

#define KY_BARRIER_KINDS "river|canal|riverbank|water|rail|light_rail|narrow_gauge"

/* Does `kinds` of the source, or else the default, name the value? NULL is none. */
bool ky_barrier_is_kind(const ky_source *source, const char *value);

/* Takes out the records that bar nobody, with one issue that counts them. */
ky_err ky_barrier_settle(ky_job *job, ky_raw *raw);

#endif
