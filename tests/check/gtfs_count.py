"""Departures per stop of the five feeds of Kumamoto, counted here once more with csv and zipfile alone.
Usage: gtfs_count.py KAYOI FEED_FOLDER WORK_DIR"""
import collections
import csv
import datetime
import glob
import io
import json
import os
import re
import subprocess
import sys
import zipfile

from tap import check, done

binary, feeds, work = sys.argv[1:4]
paths = sorted(os.path.abspath(p) for p in glob.glob(os.path.join(feeds, "*.zip")))
os.makedirs(work, exist_ok=True)
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def table(zipped, name):
    if name not in zipped.namelist():
        return []
    return list(csv.DictReader(io.StringIO(zipped.read(name).decode("utf-8-sig"))))


def day_of(text):
    return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:8]))


class Feed:
    def __init__(self, path):
        with zipfile.ZipFile(path) as zipped:
            self.stops = [s["stop_id"] for s in table(zipped, "stops.txt")]
            self.trips = {t["trip_id"]: t["service_id"] for t in table(zipped, "trips.txt")}
            self.calendar = table(zipped, "calendar.txt")
            self.dates = table(zipped, "calendar_dates.txt")
            self.times = table(zipped, "stop_times.txt")
            self.routes = [r["route_id"] for r in table(zipped, "routes.txt")]
            self.trip_routes = {t["route_id"] for t in table(zipped, "trips.txt")}
            self.poles = [s["stop_id"] for s in table(zipped, "stops.txt") if s.get("location_type") in (None, "", "0")]
            self.frequencies = table(zipped, "frequencies.txt")
            info = table(zipped, "feed_info.txt")[0]
        used = [c for c in self.calendar if any(c[d] == "1" for d in DAYS)]
        added = [day_of(d["date"]) for d in self.dates if d["exception_type"] == "1"]
        self.first = max(min([day_of(c["start_date"]) for c in used] + added), day_of(info["feed_start_date"]))
        self.last = min(max([day_of(c["end_date"]) for c in used] + added), day_of(info["feed_end_date"]))

    def unused(self):
        """Poles, routes, trips and services that nothing refers to."""
        named, timed = {t["stop_id"] for t in self.times}, {t["trip_id"] for t in self.times}
        defined = {c["service_id"] for c in self.calendar} | {d["service_id"] for d in self.dates}
        return (sum(p not in named for p in self.poles), sum(r not in self.trip_routes for r in self.routes),
                sum(t not in timed for t in self.trips), len(defined - set(self.trips.values())))

    def services(self, day):
        text = day.strftime("%Y%m%d")
        on = {c["service_id"] for c in self.calendar
              if c["start_date"] <= text <= c["end_date"] and c[DAYS[day.weekday()]] == "1"}
        on |= {d["service_id"] for d in self.dates if d["date"] == text and d["exception_type"] == "1"}
        return on - {d["service_id"] for d in self.dates if d["date"] == text and d["exception_type"] == "2"}

    def trips_on(self, day):
        on = self.services(day)
        return {trip for trip, service in self.trips.items() if service in on}

    def departures(self, day):
        """stop_id -> [departures, of them from 9:00 to 16:00]"""
        on, counts = self.trips_on(day), {stop: [0, 0] for stop in self.stops}
        for row in self.times:
            if row["trip_id"] not in on or row.get("pickup_type") == "1":
                continue
            hours, minutes, seconds = (int(v) for v in (row["departure_time"] or row["arrival_time"]).split(":"))
            counts[row["stop_id"]][0] += 1
            counts[row["stop_id"]][1] += 9 * 3600 <= hours * 3600 + minutes * 60 + seconds <= 16 * 3600
        return counts


def write_config(name, group_m, order):
    with open(os.path.join(work, "streets.geojson"), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"highway": "residential"},
             "geometry": {"type": "LineString", "coordinates": [[130.70, 32.80], [130.71, 32.80], [130.72, 32.81]]}}]}, file)
    with open(os.path.join(work, "zone.geojson"), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"zone_id": "A", "name": "中央", "pop_total": 100, "pop_65": 30},
             "geometry": {"type": "Polygon", "coordinates": [[[130.69, 32.79], [130.73, 32.79], [130.73, 32.82],
                                                              [130.69, 32.82], [130.69, 32.79]]]}}]}, file)
    path = os.path.join(work, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("municipality: {name: 熊本市, code: '43100'}\n"
                   "residents: [{path: zone.geojson, crs: EPSG:6668}]\nvenues: []\n"
                   "zones: {path: zone.geojson, crs: EPSG:6668}\nroads: [{path: streets.geojson, crs: EPSG:6668}]\n"
                   f"transit:\n  group_m: {group_m}\n  feeds:\n" + "".join(f"    - {p}\n" for p in order)
                   + f"outputs: {{dir: {name}, formats: [csv]}}\n")
    return path


def run(name, group_m, order):
    config = write_config(name, group_m, order)
    ended = subprocess.run([binary, "run", config, "--lang", "en"], capture_output=True, text=True, errors="replace")
    if not check(f"{name}: runs", ended.returncode == 0, ended.stderr[-2000:]):
        done()
    out = os.path.join(work, name)
    with open(os.path.join(out, "internal", "stops.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
        return rows, json.load(file)


known = {path: Feed(path) for path in paths}
check("five feeds with 2,103 stops", len(paths) == 5 and sum(len(f.stops) for f in known.values()) == 2103)
first, last = max(f.first for f in known.values()), min(f.last for f in known.values())
days = [first + datetime.timedelta(days=d) for d in range(min(56, (last - first).days + 1))]
wednesdays = [d for d in days if d.weekday() == 2]
day = max(wednesdays, key=lambda d: (sum(len(f.trips_on(d)) for f in known.values()), -d.toordinal()))
expected = {(path, stop): counts for path, feed in known.items() for stop, counts in feed.departures(day).items()}
check("no feed has frequencies, which this count leaves out", not any(f.frequencies for f in known.values()))

rows, about = run("poles", 0, paths)
with open(os.path.join(work, "poles", "internal", "issues.csv"), encoding="utf-8-sig", newline="") as file:
    said = {i["source"]: i["message"] for i in csv.DictReader(file) if i["reason"] == "unreferenced_ids"}
for path, feed in known.items():
    poles, routes, trips, services = feed.unused()
    print(f"# {os.path.basename(path)}: unused {feed.unused()}; held {feed.first} to {feed.last}")
    text = next((m for s, m in said.items() if path in s), "defined but not used: 0 stops (first: -), 0 routes, 0 trips, 0 services")
    numbers = [int(n) for n in re.findall(r"(?<![\w.])(\d+) (?:stops|routes|trips|services)", re.sub(r"\(first: .*?\), ", "", text))]
    check(f"{os.path.basename(path)}: unreferenced ids", numbers == [poles, routes, trips, services], f"{text}: {feed.unused()}")
timetables = [i["timetable"] for i in about["inputs"] if i.get("timetable")]
check(f"all feeds are counted on {day}", {t["day_counted"] for t in timetables} == {day.isoformat()}, str(timetables))
check("as many stop times read as written", [t["stop_times"] for t in timetables] == [len(f.times) for f in known.values()],
      str(timetables))
got = {(r["source"], r["stop_id"]): [int(r["trips_weekday"]), int(r["trips_venue_hours"])] for r in rows}
check("every stop is there once", len(got) == len(rows) == 2103 and got.keys() == expected.keys(), f"{len(rows)} rows")
wrong = [f"{os.path.basename(k[0])} {k[1]}: {got.get(k)}, expected {v}" for k, v in expected.items() if got.get(k) != v]
check("weekday trips and trips in venue hours of every stop", not wrong, "; ".join(wrong[:8]))
check("some trips were counted", sum(v[0] for v in expected.values()) > 50000, str(sum(v[0] for v in expected.values())))

grouped, about = run("stops", 200, paths)
sums = collections.Counter()
wrong = []
for row in grouped:
    poles = row["pole_ids"].split("; ")
    want = [sum(expected[(row["source"], p)][i] for p in poles) for i in (0, 1)]
    if [int(row["trips_weekday"]), int(row["trips_venue_hours"])] != want or int(row["pole_count"]) != len(poles):
        wrong.append(f"{row['stop_id']}: {row['trips_weekday']}, expected {want}")
    sums.update((row["source"], p) for p in poles)
check("a stop has the trips of its poles", not wrong, "; ".join(wrong[:8]))
check("every pole belongs to one stop", set(sums) == set(expected) and max(sums.values()) == 1)
check("poles are grouped", len(grouped) < 1500, f"{len(grouped)} stops")
run("shuffled", 200, paths[::-1])
with open(os.path.join(work, "stops", "internal", "stops.csv"), "rb") as a, \
        open(os.path.join(work, "shuffled", "internal", "stops.csv"), "rb") as b:
    check("the order of feeds in the config does not matter", a.read() == b.read())
done()
