"""Transit sources that say too little, too late, or too far away: what stays null, what is said, and what is never taken
for "no bus".

Usage: transit_trouble.py KAYOI WORK_DIR"""
import io
import os
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from place import make_place, run_place, square, write_json  # noqa: E402
from runs import kayoi  # noqa: E402
from tap import check, done  # noqa: E402

binary, work = sys.argv[1:3]
WEST, SOUTH, SIZE = 130.70, 32.80, 0.04
make_place(work, WEST, SOUTH, WEST + SIZE, SOUTH + SIZE)
XS = [round(WEST + 0.002 + i * 0.002, 4) for i in range(19)]
write_json(os.path.join(work, "streets.geojson"),
           [{"type": "Feature", "properties": {"highway": "residential"}, "geometry": {"type": "LineString", "coordinates": line}}
            for y in XS for line in ([[x, round(SOUTH + y - WEST, 4)] for x in XS], [[y, round(SOUTH + x - WEST, 4)] for x in XS])])
# One cell beside stop A, one beside stop B where the venue is, one far from both.
A, B, FAR = (WEST + 0.006, SOUTH + 0.006), (WEST + 0.03, SOUTH + 0.03), (WEST + 0.006, SOUTH + 0.03)
write_json(os.path.join(work, "cells.geojson"),
           [square(x, y, 0.001, 0.001, id=name, pop_total=100, pop_65=18) for name, (x, y) in (("A", A), ("B", B), ("F", FAR))])
write_json(os.path.join(work, "venues.geojson"),
           [{"type": "Feature", "properties": {"id": "V", "name": "V"}, "geometry": {"type": "Point", "coordinates": [B[0] + 0.001, B[1]]}}])


def points(name, records):
    write_json(os.path.join(work, name), [{"type": "Feature", "properties": p, "geometry": {"type": "Point", "coordinates": list(c)}}
                                          for p, c in records])


def lines(name, records):
    write_json(os.path.join(work, name), [{"type": "Feature", "properties": p, "geometry": {"type": "LineString", "coordinates": c}}
                                          for p, c in records])


def run(name, transit, more=""):
    made, table = run_place(binary, work, name, "[streets.geojson]", f"placement: {{method: centroid}}\n{transit}\n{more}")
    if not check(f"{name}: runs", made.returncode == 0, made.stderr[-2500:]):
        done()
    issues = {i["reason"]: i for i in table("issues")}
    return {c["cell_id"]: c for c in table("cells")}, table("gaps"), {s["name"]: s for s in table("stops")} if transit else {}, issues, made


SUPPLY = ["walk_m_stop", "stop_id", "stop_departures", "transit", "venues_by_bus", "by_bus_65", "demand_bus_65"]
cells, gaps, _, _, _ = run("none", "")
check("without transit sources everything is null", all(c[k] == "" for c in cells.values() for k in SUPPLY) and
      all(g["transit"] == "" and g["departures_to"] == "" and g["by_bus_65"] == "" and g["venues_by_bus"] == "" for g in gaps) and len(gaps) == 2)

points("stops.geojson", [({"id": "a", "name": "甲"}, A), ({"id": "b", "name": "乙"}, B)])
cells, gaps, stops, _, _ = run("untold", "transit: {stops: [stops.geojson]}")
check("stops of which no trips are known: unknown, not poor and not blank", cells["A"]["transit"] == cells["A"]["stop_departures"] ==
      cells["A"]["venues_by_bus"] == "" and float(cells["A"]["walk_m_stop"]) < 300, str(cells["A"]))
check("and far from them it is blank", cells["F"]["transit"] == "blank" and cells["F"]["venues_by_bus"] == "0", str(cells["F"]))
check("no area goes by a bus that nobody knows", all(g["class"] != "transit" for g in gaps))

# Routes without a timetable: both stops on one route.
for trips, poor, state, reach in ((8, 20, "poor", "true"), (7.9, 5, "ok", ""), (0, 20, "blank", "false"), (40, 20, "ok", "true")):
    lines("routes.geojson", [({"kind": 1, "operator": "町営", "route": "線", "weekday": trips}, [list(A), list(B)])])
    points("stops.geojson", [({"id": n, "name": m, "operator": "町営", "routes": "線"}, c) for n, m, c in (("a", "甲", A), ("b", "乙", B))])
    cells, gaps, stops, _, _ = run("routes", f"transit: {{stops: [stops.geojson], routes: [routes.geojson], poor_below: {poor}}}")
    area = [g for g in gaps if g["stop_name"] == "甲" and float(g["walk_m_stop"] or 9999) < 300]
    check(f"a route with {trips} trips a weekday: {state}, by bus {reach or 'unknown'}", cells["A"]["transit"] == state and
          stops["甲"]["by_bus"] == reach and stops["甲"]["trips_source"] == "n07" and stops["甲"]["departures_to"] == "" and
          (not area or area[0]["trips_source"] == "n07" and (area[0]["class"] == "transit") == (reach == "true") and area[0]["departures_to"] == ""),
          f"{cells['A']} {stops['甲']} {area}")
cells, gaps, stops, _, _ = run("never", "transit: {stops: [stops.geojson], routes: [routes.geojson], route_trips: 0}")
check("route_trips 0: such routes never stand for departures", stops["甲"]["by_bus"] == "" and all(g["class"] != "transit" for g in gaps))


def feed(name, first, last, stops):
    times = [f"{trip},{at},{at},{stop},{k},0,0" for trip, way in (("t9", "ab"), ("t11", "ab"), ("u10", "ba"), ("u13", "ba"))
             for k, (stop, at) in enumerate(zip(way, (f"{trip[1:]}:00:00", f"{trip[1:]}:20:00")))]
    tables = {"agency.txt": "agency_id,agency_name\n1,町営\n", "routes.txt": "route_id,route_short_name,route_type\nr,線,3\n",
              "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(f"{i},{n},{y},{x}\n" for i, n, (x, y) in stops),
              "trips.txt": "trip_id,route_id,service_id\n" + "".join(f"{t},r,s\n" for t in ("t9", "t11", "u10", "u13")),
              "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n" + "\n".join(times) + "\n",
              "calendar.txt": f"service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\ns,1,1,1,1,1,0,0,{first},{last}\n"}
    with zipfile.ZipFile(os.path.join(work, name), "w") as zipped:
        for file, text in tables.items():
            zipped.writestr(file, text)


def dated(name, date):
    """The configuration's people with a date."""
    path = os.path.join(work, name + ".yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(work, f"{name}-{date}.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("residents: [cells.geojson]", f"residents: [{{path: cells.geojson, date: {date}}}]"))
    return path


feed("old.gtfs.zip", "20180401", "20190331", [("a", "甲", A), ("b", "乙", B)])
cells, gaps, stops, issues, made = run("old", "transit: {feeds: [old.gtfs.zip]}")
check("two departures each way: transit", [g["class"] for g in gaps if g["stop_name"] == "甲" and g["departures_to"] == "2"] == ["transit"] and
      stops["甲"]["departures_by_day"] == "mon 2/2; tue 2/2; wed 2/2; thu 2/2; fri 2/2", f"{gaps} {stops}")
check("a feed without people's date is not called old", "feed_before_people" not in issues)
for date, expected in (("2020-10-01", True), ("2019-03-31", False)):
    made = kayoi(binary, "run", dated("old", date), "--lang", "en", "--out", os.path.join(work, "old-" + date))
    with open(os.path.join(work, "old-" + date, "internal", "issues.csv"), encoding="utf-8-sig") as file:
        text = file.read()
    check(f"a feed that ended on 2019-03-31, people of {date}", made.returncode == 0 and ("feed_before_people" in text) == expected and
          (not expected or "2019-03-31" in text and "2020-10-01" in text), made.stderr[-900:] + text[-600:])

feed("far.gtfs.zip", "20260401", "20270331", [("a", "甲", (WEST + 0.0001, SOUTH + 0.0395)), ("b", "乙", B)])
cells, gaps, stops, issues, made = run("far", "transit: {feeds: [far.gtfs.zip]}", "walk: {snap_cap_m: 100}")
check("a stop far from every street leads nobody anywhere, and is named", cells["A"]["transit"] == "blank" and
      "stops_off_streets" in issues and "甲" in issues["stops_off_streets"]["message"] and stops["甲"]["snap_m"] == "", f"{issues} {stops}")
check("and no area goes by it", all(g["class"] != "transit" for g in gaps))
done()
