"""Transit supply per cell and stop against a computation of its own: csv and zipfile for the timetables, scipy for the
walks. The five feeds of Kumamoto with the census grid, and a feed drawn at random with all that a timetable may hold.

There are no streets of Kumamoto in the shared data, so a made-up net of straight streets covers the town (STEP apart), and
each cell is one point, its middle. Stops are taken as the run grouped them (gtfs_count.py looks at that).

Usage: transit.py KAYOI WORK_DIR [DATA_FOLDER]"""
import csv
import datetime
import glob
import io
import json
import math
import os
import random
import sys
import zipfile

import numpy as np
from osgeo import ogr
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from geometry import Streets, centroid
from runs import kayoi
from tap import check, done, skip

ogr.UseExceptions()
binary, work = sys.argv[1:3]
data = sys.argv[3] if len(sys.argv) > 3 else ""
os.makedirs(work, exist_ok=True)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
CODES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FROM, TO, NEAR = 9 * 3600, 16 * 3600, 3        # hours of venues; millimetres within which a limit cannot be judged


def seconds(text):
    if not text:
        return None
    h, m, s = (int(v) for v in text.split(":"))
    return h * 3600 + m * 60 + s


class Feed:
    """Trips as lists of calls (pole, leaves, arrives, may board, may alight) with the days of the week they run on."""

    def __init__(self, path, day):
        with zipfile.ZipFile(path) as zipped:
            def table(name):
                if name not in zipped.namelist():
                    return []
                return list(csv.DictReader(io.StringIO(zipped.read(name).decode("utf-8-sig"))))
            self.calendar, self.dates = table("calendar.txt"), table("calendar_dates.txt")
            service = {t["trip_id"]: t["service_id"] for t in table("trips.txt")}
            times, headways = table("stop_times.txt"), table("frequencies.txt")
            info = (table("feed_info.txt") or [{}])[0]
        self.size = {}
        for s in service.values():
            self.size[s] = self.size.get(s, 0) + 1
        used = [c for c in self.calendar if any(c[d] == "1" for d in DAYS)]
        added = [d["date"] for d in self.dates if d["exception_type"] == "1"]
        first = max(min([c["start_date"] for c in used] + added), info.get("feed_start_date") or "0")
        last = min(max([c["end_date"] for c in used] + added), info.get("feed_end_date") or "9")
        self.week = [self.stands_for(day, w, first, last) for w in range(7)]
        runs = [self.services(d) if d else set() for d in self.week]
        self.trips = []
        rows = {}
        for row in times:
            rows.setdefault(row["trip_id"], []).append(row)
        for trip, calls in rows.items():
            days = [w for w in range(7) if service[trip] in runs[w]]
            calls.sort(key=lambda r: int(r["stop_sequence"]))
            if all(c.get("pickup_type") in ("1", "2", "3") for c in calls) or not days:
                continue                        # on request only
            made = [(c["stop_id"], seconds(c["departure_time"] or c["arrival_time"]), seconds(c["arrival_time"] or c["departure_time"]),
                     c.get("pickup_type") != "1", c.get("drop_off_type") != "1") for c in calls]
            own = [f for f in headways if f["trip_id"] == trip]
            if not own:
                self.trips.append((made, days))
            start = min((c[1] for c in made if c[1] is not None), default=None)
            for f in own:
                at = seconds(f["start_time"])
                while at < seconds(f["end_time"]):
                    move = 0 if start is None else at - start
                    self.trips.append(([(p, None if l is None else l + move, None if a is None else a + move, b, d)
                                        for p, l, a, b, d in made], days))
                    at += int(f["headway_secs"])

    def services(self, day):
        text = day.strftime("%Y%m%d")
        on = {c["service_id"] for c in self.calendar if c["start_date"] <= text <= c["end_date"] and c[DAYS[day.weekday()]] == "1"}
        on |= {d["service_id"] for d in self.dates if d["date"] == text and d["exception_type"] == "1"}
        return on - {d["service_id"] for d in self.dates if d["date"] == text and d["exception_type"] == "2"}

    def stands_for(self, day, weekday, first, last):
        if day.weekday() == weekday:
            return day
        near = [day + datetime.timedelta(days=weekday - day.weekday() + 7 * k) for k in (0, -1, 1, -2, 2, -3, 3, -4, 4)]
        near = [d for d in near if first <= d.strftime("%Y%m%d") <= last]
        return max(near, key=lambda d: sum(self.size.get(s, 0) for s in self.services(d)), default=None)


def milli(value):
    return None if value is None else round(value * 1000)


class Run:
    """What a run wrote, and its network."""

    def __init__(self, folder):
        self.about = json.load(open(os.path.join(folder, "run.json"), encoding="utf-8"))
        package = ogr.Open(os.path.join(folder, "internal", "kayoi.gpkg"))

        def layer(name):
            out = []
            for feature in package.GetLayerByName(name):
                row = {n: feature.GetField(n) for n in feature.keys()}
                geometry = feature.GetGeometryRef()
                row["geometry"] = None if geometry is None else geometry.Clone()
                out.append(row)
            return out
        self.cells, self.stops, self.venues, self.zones = (layer(n) for n in ("cells", "stops", "venues", "zones"))
        streets = layer("streets")
        nodes = {}
        for s in streets:
            for key in ("from_node", "to_node"):
                nodes.setdefault(s[key], len(nodes))
        self.ends = np.array([(nodes[s["from_node"]], nodes[s["to_node"]]) for s in streets])
        self.length = np.array([milli(s["length_m"]) for s in streets], dtype=np.int64)
        self.net = Streets([s["geometry"].GetPoints(2) for s in streets], self.length)
        self.edge_of = {s["street_id"]: e for e, s in enumerate(streets)}
        self.nodes = len(nodes)
        arcs = {}
        for e, (a, b) in enumerate(self.ends):
            pair = (min(a, b), max(a, b))
            arcs[pair] = min(arcs.get(pair, self.length[e]), self.length[e])
        keys = np.array(list(arcs))
        self.graph = coo_matrix((np.array(list(arcs.values()), dtype=float), (keys[:, 0], keys[:, 1])),
                                shape=(self.nodes, self.nodes)).tocsr()

    def anchor(self, record):
        """(edge, along, way) of a stop or venue as written; None without a street."""
        if record["street_id"] is None:
            return None
        e = self.edge_of[record["street_id"]]
        return e, round(record["street_frac"] * int(self.length[e])), milli(record["snap_m"])

    def snap(self, x, y):
        found = self.net.nearest(x, y, 200.0)
        return None if found is None else (found[0], found[1], math.ceil(found[2] * 1000 - 1e-6))

    def walks(self, origins, places, limit):
        """[origins x places] millimetres, inf beyond the limit; None has no walk."""
        out = np.full((len(origins), len(places)), np.inf)
        at = [i for i, p in enumerate(places) if p is not None]
        edge, along, way = (np.array([places[i][k] for i in at]) for k in range(3))
        for first in range(0, len(origins), 200):
            block = [o for o in range(first, min(first + 200, len(origins))) if origins[o] is not None]
            if not block:
                continue
            ends = sorted({int(n) for o in block for n in self.ends[origins[o][0]]})
            row = {n: r for r, n in enumerate(ends)}
            d = dijkstra(self.graph, directed=False, indices=ends, limit=limit)
            for o in block:
                e, a, w = origins[o]
                n1, n2 = (row[int(n)] for n in self.ends[e])
                node = np.minimum(d[n1] + a, d[n2] + self.length[e] - a)
                found = np.minimum(node[self.ends[edge, 0]] + along, node[self.ends[edge, 1]] + self.length[edge] - along)
                found = np.where(edge == e, np.minimum(found, np.abs(along - a)), found) + w + way
                out[o, at] = np.where(found <= limit + 0.5, found, np.inf)
        return out


def rides(feed, stop_of, near, open_days, hours, wait):
    """{stop: {venue: [to by day, back by day, before days, after days]}} trip by trip; near: {stop: {venue: walk seconds}}."""
    found = {}
    for calls, days in feed.trips:
        stops = [stop_of.get(c[0]) for c in calls]
        there, back, before, after = set(), set(), set(), set()
        for i, (home, call) in enumerate(zip(stops, calls)):
            for j in range(i + 1, len(calls)):
                if stops[j] == home:
                    continue
                if call[3] and calls[j][4]:
                    for venue, walk in near.get(stops[j], {}).items():
                        if call[1] is not None and FROM <= call[1] <= TO:
                            there.add((home, venue))
                        else:
                            there.add((home, venue, "late"))
                        begin = hours.get(venue, (None, None))[0]
                        if begin is not None and calls[j][2] is not None and begin - wait <= calls[j][2] + walk <= begin:
                            before.add((home, venue))
                    for venue, walk in near.get(home, {}).items():   # home is the venue's stop, j the home
                        if call[1] is not None and FROM <= call[1] <= TO:
                            back.add((stops[j], venue))
                        end = hours.get(venue, (None, None))[1]
                        if end is not None and call[1] is not None and end <= call[1] - walk <= end + wait:
                            after.add((stops[j], venue))
        for k, pairs in enumerate((there, back, before, after)):
            for pair in pairs:
                if len(pair) == 3 or pair[0] is None:
                    continue
                table = found.setdefault(pair[0], {}).setdefault(pair[1], [[0] * 7 for _ in range(4)])
                for d in days:
                    table[k][d] += 1
    return found


def expected_rule(table, open_days, needed):
    return [d for d in range(7) if d in open_days and
            (table[0][d] >= needed and table[1][d] >= needed or table[2][d] and table[3][d])]


def compare(name, feeds, run, open_days, hours, stop_m=300, needed=2, poor_below=20, wait=3600):
    """All of a run's stops and cells; venues by id in open_days and hours."""
    source = {os.path.basename(p): p for p in feeds}
    index = {}
    for k, s in enumerate(run.stops):
        for pole in (s["pole_ids"] or "").split("; "):
            index.setdefault(os.path.basename(s["source"]), {})[pole] = k
        index[os.path.basename(s["source"])].setdefault(s["stop_id"], k)
    day = {os.path.basename(i["path"]): datetime.date.fromisoformat(i["timetable"]["day_counted"])
           for i in run.about["inputs"] if i.get("timetable")}
    anchors = [run.anchor(s) for s in run.stops]
    counting = [v for v in run.venues if v["counts"]]
    limit = np.array([800_000 if "rail" in (s["kind"] or "").split("; ") else stop_m * 1000 for s in run.stops])
    walk = run.walks(anchors, [run.anchor(v) for v in counting], 801_000)
    near = {k: {counting[v]["venue_id"]: math.ceil(walk[k, v] * 60 / 60000) for v in np.nonzero(walk[k] <= limit[k])[0]}
            for k in range(len(run.stops))}
    check(f"{name}: no venue lies as far from a stop as people walk, to the millimetre", not np.any(np.abs(walk - limit[:, None]) <= NEAR))
    departures = np.zeros((len(run.stops), 7), dtype=int)
    led = {}
    for base, path in source.items():
        feed = Feed(path, day[base])
        said = next(i["timetable"]["days_of_week"] for i in run.about["inputs"] if os.path.basename(i["path"]) == base)
        check(f"{name}: the days that stand for the week in {base}",
              said == {c: d.isoformat() if d else None for c, d in zip(CODES, feed.week)}, f"{said} {feed.week}")
        stop_of = index[base]
        for calls, days in feed.trips:
            for pole, _, _, boards, _ in calls:
                if boards and pole in stop_of:
                    departures[stop_of[pole], days] += 1
        for stop, venues in rides(feed, stop_of, near, open_days, hours, wait).items():
            led[stop] = venues
    scheduled = departures.sum(axis=1) > 0
    best = departures[:, :5].max(axis=1)
    holds = {k: {v: expected_rule(t, open_days.get(v, range(5)), needed) for v, t in venues.items()} for k, venues in led.items()}
    holds = {k: {v: d for v, d in venues.items() if d} for k, venues in holds.items()}
    wrong = []
    for k, s in enumerate(run.stops):
        days = "; ".join(CODES[d] for d in range(7) if departures[k, d]) or None
        if (s["stop_departures"], s["days_served"]) != (int(best[k]), days):
            wrong.append(f"{s['stop_id']}: {s['stop_departures']} {s['days_served']}, expected {best[k]} {days}")
    check(f"{name}: departures and days of every stop ({len(run.stops)})", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))
    wrong = []
    for k, s in enumerate(run.stops):
        own = holds.get(k, {}) if scheduled[k] else {}
        days = "; ".join(CODES[d] for d in range(7) if any(d in v for v in own.values())) or None
        if (s["venues_by_bus"], s["by_bus"], s["by_bus_days"]) != (len(own), bool(own), days):
            wrong.append(f"{s['stop_id']} {s['name']}: {s['venues_by_bus']} {s['by_bus_days']}, expected {sorted(own)} {days}")
        if s["bus_venue_id"] is not None:
            table = led[k][s["bus_venue_id"]]
            text = "; ".join(f"{CODES[d]} {table[0][d]}/{table[1][d]}" for d in range(7) if table[0][d] + table[1][d]) or None
            if s["departures_by_day"] != text:
                wrong.append(f"{s['stop_id']}: {s['departures_by_day']}, expected {text}")
    check(f"{name}: where every stop leads", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))
    compare_cells(name, run, anchors, scheduled, best, holds, limit, poor_below)
    return holds, scheduled


def ring_of(geometry):
    while geometry.GetGeometryCount():
        geometry = geometry.GetGeometryRef(0)
    return geometry.GetPoints(2)


def compare_cells(name, run, anchors, scheduled, best, holds, limit, poor_below):
    places = [run.snap(*centroid(ring_of(c["geometry"]))) for c in run.cells]
    far = 6_000_000
    walk = run.walks([a if scheduled[k] else None for k, a in enumerate(anchors)], places, far)
    wrong, judged, seen = [], 0, {"blank": 0, "poor": 0, "ok": 0, "by bus": 0}
    for c, cell in enumerate(run.cells):
        column = walk[:, c]
        if cell["reach"] == "unknown":
            if (cell["walk_m_stop"], cell["stop_departures"], cell["transit"], cell["venues_by_bus"]) != (None,) * 4 or places[c]:
                wrong.append(f"{cell['cell_id']}: beyond the roads, but {cell['transit']}")
            continue
        least = column.min()
        if np.isfinite(least) and least < far - 10 and (cell["walk_m_stop"] is None or abs(milli(cell["walk_m_stop"]) - least) > NEAR):
            wrong.append(f"{cell['cell_id']}: walk {cell['walk_m_stop']}, expected {least / 1000}")
            continue
        if np.any(np.abs(column - limit) <= NEAR):
            continue
        judged += 1
        near = np.nonzero(column <= limit)[0]
        most = max((int(best[k]) for k in near), default=0)
        state = "blank" if len(near) == 0 else "poor" if most < poor_below else "ok"
        venues = set().union(*(holds.get(k, {}) for k in near)) if len(near) else set()
        seen[state] += 1
        seen["by bus"] += bool(venues)
        got = (cell["stop_departures"], cell["transit"], cell["venues_by_bus"],
               cell["by_bus_65"] == (cell["pop_65"] if venues else 0) if cell["pop_65"] is not None else cell["by_bus_65"] is None)
        if got != (most, state, len(venues), True):
            wrong.append(f"{cell['cell_id']}: {got}, expected {(most, state, len(venues))}")
    check(f"{name}: supply of {judged} of {len(run.cells)} cells {seen}", judged >= min(1000, 0.8 * len(run.cells)) and not wrong,
          f"{len(wrong)}: " + "; ".join(wrong[:5]))
    check(f"{name}: every state is there", all(seen.values()), str(seen))
    rows = {z["zone_id"]: z for z in run.zones if z["level"] in ("zone", "municipality")}
    bad = [z["zone_id"] for z in rows.values() if abs(z["pop_65"] - z["transit_blank_65"] - z["transit_poor_65"] -
           z["transit_ok_65"] - z["transit_unknown_65"]) > 1e-6]
    check(f"{name}: every person 65+ has one state of supply per zone", not bad, ", ".join(map(str, bad)))


def write(path, document):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)


def features(items):
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": p, "geometry": {"type": t, "coordinates": c}} for p, t, c in items]}


def net(folder, west, south, east, north, step):
    """Straight streets, a step apart, with a vertex at every crossing."""
    xs = [round(west + i * step, 7) for i in range(int((east - west) / step) + 1)]
    ys = [round(south + i * step, 7) for i in range(int((north - south) / step) + 1)]
    lines = [[[x, y] for y in ys] for x in xs] + [[[x, y] for x in xs] for y in ys]
    write(os.path.join(folder, "streets.geojson"), features(({"highway": "residential"}, "LineString", l) for l in lines))


# Days and hours as people write them, and what they mean: bits nobody parses are unknown.
WHEN = [("毎週水曜日", [2], "10:00～11:30", (36000, 41400)), ("火・木", [1, 3], "13時30分-15時", (48600, 54000)),
        ("第1・3金曜", [4], "午後1時半から3時", (48600, 54000)), ("平日", range(5), "９：３０－１１：００", (34200, 39600)),
        ("土曜", [5], "10:00-12:00", (36000, 43200)), ("", None, "", None), ("不定期", None, "10時頃", None),
        ("月～水", [0, 1, 2], "", None), ("", None, "平日 10:00-11:30", (36000, 41400))]


def write_venues(folder, places, dice):
    """venues.csv; returns {id: days}, {id: hours} of those whose text says them."""
    days, hours = {}, {}
    with open(os.path.join(folder, "venues.csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "lon", "lat", "sessions_per_month", "weekday", "hours", "resident_led"])
        for k, (x, y) in enumerate(places):
            name = f"V{k:03d}"
            text, own, clock, span = dice.choice(WHEN)
            if own is None and clock.startswith("平日"):
                own = range(5)
            if own is not None:
                days[name] = own
            if span is not None:
                hours[name] = span
            out.writerow([name, name, x, y, 4, text, clock, "1"])
    return days, hours


def start(folder, name, config):
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(config + f"outputs: {{dir: {name}, formats: [gpkg, csv]}}\n")
    made = kayoi(binary, "run", path, "--lang", "en")
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2500:]):
        return None
    return Run(os.path.join(folder, name))


def kumamoto():
    folder = os.path.join(work, "kumamoto")
    os.makedirs(folder, exist_ok=True)
    feeds = sorted(os.path.abspath(p) for p in glob.glob(os.path.join(data, "kumamoto", "gtfs", "*.zip")))
    wards = sorted(os.path.abspath(p) for p in glob.glob(os.path.join(data, "kumamoto", "N03", "4310*.json")))
    net(folder, 130.5012, 32.6321, 130.9, 32.98, 0.00271)
    dice = random.Random(11)
    poles = []
    for path in feeds:
        with zipfile.ZipFile(path) as zipped:
            for s in csv.DictReader(io.StringIO(zipped.read("stops.txt").decode("utf-8-sig"))):
                poles.append((float(s["stop_lon"]), float(s["stop_lat"])))
    places = [(round(x + dice.gauss(0, 0.0015), 6), round(y + dice.gauss(0, 0.0015), 6)) for x, y in dice.sample(sorted(poles), 90)
              if 130.55 < x < 130.85 and 32.68 < y < 32.93]
    days, hours = write_venues(folder, places, dice)
    union = [{"type": "Feature", "properties": {"id": os.path.basename(p)[:5], "name": os.path.basename(p)[:5]},
              "geometry": f["geometry"]} for p in wards for f in json.load(open(p, encoding="utf-8"))["features"]]
    write(os.path.join(folder, "zones.geojson"), {"type": "FeatureCollection", "features": union})
    run = start(folder, "run", f"""municipality: {{name: 熊本市, code: "43100"}}
residents: [{{path: {os.path.abspath(os.path.join(data, "kumamoto", "tblT001101H4930.txt"))}}}]
venues: [{{path: venues.csv, crs: EPSG:6668, lon: lon, lat: lat}}]
zones: {{path: zones.geojson, crs: EPSG:6668}}
roads: [{{path: streets.geojson, crs: EPSG:6668}}]
placement: {{method: centroid}}
transit: {{feeds: [{", ".join(feeds)}]}}
""")
    if run is not None:
        compare("Kumamoto", feeds, run, days, hours)


def random_feed(folder, dice, west, south, size):
    """All that a timetable may hold: stations, loops, exceptions, headways, nights, boarding and alighting refused."""
    def clock(s):
        return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"
    stops = ["stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station"]
    poles = []
    for k in range(40):
        x, y = west + dice.random() * size, south + dice.random() * size
        if k % 8 == 0:
            stops.append(f"st{k},駅{k},{y:.6f},{x:.6f},1,")
        for side in "ab":
            stops.append(f"p{k}{side},停{k},{y + dice.random() * 0.0004:.6f},{x:.6f},0,{f'st{k}' if k % 8 == 0 else ''}")
            poles.append(f"p{k}{side}")
    trips, times, headways = ["trip_id,route_id,service_id"], [], ["trip_id,start_time,end_time,headway_secs"]
    for r in range(24):
        path = [dice.choice(poles) for _ in range(dice.randint(2, 14))]      # loops come by themselves
        if r % 4 == 0:
            path += path[:2]
        way_back = [p[:-1] + ("b" if p[-1] == "a" else "a") for p in reversed(path)]
        for n in range(dice.randint(4, 24)):
            trip, at = f"t{r}_{n}", dice.choice([6, 8, 9, 10, 12, 14, 15, 16, 24]) * 3600 + dice.randint(0, 3599)
            trips.append(f"{trip},r{r % 7},{dice.choice(['week', 'week', 'tue', 'sat', 'extra'])}")
            asks = dice.random() < 0.1
            for i, pole in enumerate(path if n % 2 == 0 else way_back):
                arrive, at = at, at + dice.choice([0, 0, 30])
                text = ["", ""] if dice.random() < 0.03 else [clock(arrive), clock(at)]
                pickup = dice.choice("23") if asks else dice.choice("000000012")
                times.append(f"{trip},{text[0]},{text[1]},{pole},{5 * i + 3},{pickup},{dice.choice('00000001')}")
                at += dice.randint(60, 400)
            if dice.random() < 0.15 and not asks:
                begin = dice.randint(7, 12)
                headways.append(f"{trip},{begin}:00:00,{begin + dice.randint(1, 5)}:10:00,{dice.randint(600, 3000)}")
    dice.shuffle(times)
    tables = {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,町営バス,http://x,Asia/Tokyo\n", "stops.txt": "\n".join(stops),
        "routes.txt": "route_id,agency_id,route_short_name,route_type\n" + "\n".join(f"r{k},a,{k},3" for k in range(7)),
        "trips.txt": "\n".join(trips), "frequencies.txt": "\n".join(headways),
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n" + "\n".join(times),
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                        "week,1,1,1,1,1,0,0,20260501,20260831\ntue,0,1,0,0,0,0,0,20260501,20260831\nsat,0,0,0,0,0,1,1,20260501,20260620\n",
        "calendar_dates.txt": "service_id,date,exception_type\nweek,20260504,2\nweek,20260505,2\nweek,20260506,2\n"
                              "extra,20260513,1\nextra,20260515,1\nweek,20260511,2\nextra,20260511,1\n"}
    path = os.path.join(folder, "bus.gtfs.zip")
    with zipfile.ZipFile(path, "w") as zipped:
        for name, text in tables.items():
            zipped.writestr(name, text)
    return path


def drawn(seed):
    folder = os.path.join(work, f"drawn{seed}")
    os.makedirs(folder, exist_ok=True)
    dice, west, south, size = random.Random(seed), 130.7003, 32.8002, 0.05
    net(folder, west - 0.004, south - 0.004, west + size + 0.004, south + size + 0.004, 0.00183)
    feed = random_feed(folder, dice, west, south, size)
    days, hours = write_venues(folder, [(round(west + dice.random() * size, 6), round(south + dice.random() * size, 6))
                                        for _ in range(60)], dice)
    step, cells = size / 24, []
    for i in range(24):
        for j in range(24):
            x, y = west + i * step, south + j * step
            ring = [[x, y], [x + step, y], [x + step, y + step], [x, y + step], [x, y]]
            cells.append(({"id": f"c{i:02d}{j:02d}", "pop_total": 100, "pop_65": dice.randint(0, 40)}, "Polygon", [ring]))
    write(os.path.join(folder, "cells.geojson"), features(cells))
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    write(os.path.join(folder, "zones.geojson"), features([({"id": "Z", "name": "Z"}, "Polygon", [ring])]))
    config = f"""municipality: {{name: X}}
residents: [cells.geojson]
venues: [{{path: venues.csv, crs: EPSG:6668, lon: lon, lat: lat}}]
zones: zones.geojson
roads: [streets.geojson]
placement: {{method: centroid}}
"""
    runs = {}
    for name, more in (("plain", ""), ("far", ", stop_m: 450"), ("many", ", departures: 4"), ("few", ", poor_below: 3"), ("soon", ", wait_min: 20, departures: 30")):
        runs[name] = start(folder, name, config + f"transit: {{feeds: [{feed}]{more}}}\n")
        if runs[name] is None:
            return
    compare(f"feed {seed}", [feed], runs["plain"], days, hours, poor_below=20)
    compare(f"feed {seed}, 450 m", [feed], runs["far"], days, hours, stop_m=450)
    compare(f"feed {seed}, four needed", [feed], runs["many"], days, hours, needed=4)
    compare(f"feed {seed}, by sessions and 20 minutes", [feed], runs["soon"], days, hours, needed=30, wait=1200)
    served = {n: {c["cell_id"] for c in r.cells if c["venues_by_bus"]} for n, r in runs.items()}
    check(f"feed {seed}: a longer way to stops takes nobody's bus away", served["plain"] <= served["far"] and
          len(served["far"]) > len(served["plain"]), f"{len(served['plain'])} {len(served['far'])}")
    check(f"feed {seed}: more departures needed give nobody a bus", served["many"] <= served["plain"] and
          len(served["many"]) < len(served["plain"]), f"{len(served['plain'])} {len(served['many'])}")
    poor = {n: sum(c["transit"] == "poor" for c in r.cells) for n, r in runs.items()}
    check(f"feed {seed}: a lower bar for poor supply", poor["few"] < poor["plain"], str(poor))


for seed in (1, 2):
    drawn(seed)
if os.path.isdir(os.path.join(data, "kumamoto", "gtfs")):
    kumamoto()
else:
    skip("Kumamoto", f"{data} is not there")
done()
