"""Bad input: each case ends in a clear message or in an issue that says what, where, which record and what to do.

Usage: bad_input.py KAYOI"""
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from osgeo import ogr, osr

from broken import Bench
from runs import different, kayoi, sample
from tap import check, done

ogr.UseExceptions()


def set_venue(number, **values):
    def change(records):
        for r in records:
            if r["No"] == str(number):
                r.update(values)
    return lambda town: town.venues(change)


def set_grid(row, column, value):
    def change(rows):
        plain = [r for r in rows if r[1] == "0"]
        plain[row][column] = value
    return lambda town: town.grid(change)


def shapefile_without_prj(town):
    source = ogr.Open(town.path("zones.geojson"))
    made = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(town.path("zones.shp"))
    layer = made.CreateLayer("zones", osr.SpatialReference(), ogr.wkbPolygon, ["ENCODING=UTF-8"])
    for name in ("id", "name"):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTString))
    for feature in source.GetLayer(0):
        copy = ogr.Feature(layer.GetLayerDefn())
        copy.SetField("id", feature.GetField("圏域コード"))
        copy.SetField("name", feature.GetField("圏域名"))
        copy.SetGeometry(feature.GetGeometryRef())
        layer.CreateFeature(copy)
    layer = made = None
    if os.path.exists(town.path("zones.prj")):
        os.remove(town.path("zones.prj"))
    town.set("path: zones.geojson", "path: zones.shp")
    town.set("{id: 圏域コード, name: 圏域名}", "{id: id, name: name}")


def unreadable(town):
    with open(town.path("zones.geojson"), "wb") as file:
        file.write(b"\x00\x01 not a map \xff\xfe" * 50)


def points_as_zones(town):
    shutil.copy(town.path("public_halls.geojson"), town.path("zones.geojson"))
    town.set("{id: 圏域コード, name: 圏域名}", "{id: 施設番号, name: P05_003}")


def crossed(features):
    ring = features[1]["geometry"]["coordinates"][0]
    ring[2], ring[3] = ring[3], ring[2]


def overlapping(features):
    ring = features[0]["geometry"]["coordinates"][0]
    far = max(range(len(ring) - 1), key=lambda i: ring[i][1])       # its northern border moves 1 km into the plateau
    ring[far] = [ring[far][0], ring[far][1] + 0.009]


def venue_on_vertex(town):
    import json
    ring = json.loads(town.text("zones.geojson"))["features"][0]["geometry"]["coordinates"][0]
    lon, lat = ring[5]
    set_venue(1, 経度=f"{lon:.7f}", 緯度=f"{lat:.7f}")(town)


def border_around(town):
    """A border wider than the zones; a venue in between."""
    import json
    ring = [[130.78, 32.69], [131.0, 32.69], [131.0, 32.80], [130.78, 32.80], [130.78, 32.69]]
    town.write("border.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "町"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    town.set('  code: "43999"', '  border: border.geojson\n  code: "43999"')
    set_venue(30, 経度="130.8085", 緯度="32.7450")(town)


def empty_zone(features):
    ring = [[130.90, 32.60], [130.92, 32.60], [130.92, 32.62], [130.90, 32.62], [130.90, 32.60]]
    features.append({"type": "Feature", "properties": {"圏域コード": "KY09", "圏域名": "無人圏域"},
                     "geometry": {"type": "Polygon", "coordinates": [ring]}})


def no_venue_in_zone(town):
    town.venues(lambda records: [r for r in records if not (r["緯度"] and float(r["緯度"]) > 32.765)])


def no_venue_rows(town):
    text = town.text("venues.csv", "utf-8-sig").split("\r\n")[0]
    town.write("venues.csv", text + "\r\n", "utf-8-sig")
    town.write("kayoi.yaml", town.text("kayoi.yaml") + "\ngate: {empty_sources: false}\n")  # else it is held back: check/changes.py


def no_venue_list(town):
    text = town.text("kayoi.yaml")
    start, end = text.index("venues:"), text.index("# 日常生活圏域と")
    town.write("kayoi.yaml", text[:start] + "venues: []\n\n" + text[end:])


def no_roads(town):
    town.write("roads.osm", '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n'
               '  <node id="1" lat="32.74" lon="130.87"/>\n  <node id="2" lat="32.741" lon="130.87"/>\n'
               '  <way id="1"><nd ref="1"/><nd ref="2"/><tag k="waterway" v="river"/></way>\n</osm>\n')


def hidden_to_nowhere(rows):
    next(r for r in rows if r[1] == "2")[2] = "493099999"


def cp932_as_utf8(town):
    text = town.text("venues.csv", "utf-8-sig")
    town.write("venues.csv", text, "cp932")
    town.set("  - path: venues.csv\n", "  - path: venues.csv\n    encoding: UTF-8\n")


def cell_of(tables, row):
    return next((c for c in tables["cells"] if c["cell_id"] == row), None)


def nobody_covered(tables):
    town = tables.zone("municipality")
    if float(town["covered_65"]) != 0 or float(town["unreachable_65"]) == 0:
        return town
    return None


def output_cases(bench):
    """Disk full and unwritable folders."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    previous = os.path.join(bench.work, "full")
    shutil.copytree(bench.good, previous)
    made = subprocess.run([bench.binary, "run", sample, "--out", previous, "--lang", "en"], capture_output=True,
                          text=True, errors="replace", preexec_fn=limit)
    check("disk full: exit 5 and a clear message", made.returncode == 5 and previous in made.stderr, f"exit {made.returncode}: {made.stderr[-700:]}")
    check("disk full: the previous result is intact", not different(bench.good, previous, ()), lambda: ", ".join(different(bench.good, previous, ())))
    left = [f for f in os.listdir(bench.work) if "full" in f and f != "full"]
    check("disk full: no temporary folder is left", not left, ", ".join(left))
    blocked = os.path.join(bench.work, "a-file")
    with open(blocked, "w", encoding="utf-8") as file:
        file.write("not a folder\n")
    made = kayoi(bench.binary, "run", sample, "--out", os.path.join(blocked, "out"), "--lang", "en")
    check("a file stands where the folder should be: exit 5 and a clear message",
          made.returncode == 5 and "a-file" in made.stderr, f"exit {made.returncode}: {made.stderr[-700:]}")
    made = kayoi(bench.binary, "run", sample, "--out", "/proc/kayoi-out", "--lang", "en")
    check("an unwritable folder: exit 5 and a clear message", made.returncode == 5 and "/proc/kayoi-out" in made.stderr,
          f"exit {made.returncode}: {made.stderr[-700:]}")


def interrupted_cases(bench):
    """A run that is stopped at any moment leaves the previous result, and the next run clears up after it."""
    previous = os.path.join(bench.work, "stopped")
    shutil.copytree(bench.good, previous)
    command = [bench.binary, "run", sample, "--out", previous, "--lang", "en"]

    def heed():
        """What the tests were told to ignore (nohup, a background shell) would stay ignored."""
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, signal.SIG_DFL)
    for sign in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        changed, left, ends = [], [], set()
        for delay in (0.02, 0.08, 0.15, 0.2, 0.25, 0.3, 0.35):
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=heed)
            time.sleep(delay)
            running.send_signal(sign)
            ends.add(running.wait())
            changed += different(bench.good, previous)
            if sign != signal.SIGKILL:
                left += [f for f in os.listdir(bench.work) if f.startswith("stopped.") and str(running.pid) in f]
        check(f"{sign.name} at seven moments: the result is whole", not changed, ", ".join(changed))
        check(f"{sign.name} at seven moments: nothing is left beside it", not left, ", ".join(left))
        check(f"{sign.name} at seven moments: done or ended by the signal", ends <= {0, -sign}, str(ends))
    made = kayoi(*command)
    left = [f for f in os.listdir(bench.work) if "stopped" in f and f != "stopped"]
    check("the next run goes through and clears up", made.returncode == 0 and not left and not different(bench.good, previous),
          f"exit {made.returncode}, left: {left}; {made.stderr[-300:]}")


def unreadable_by_rights(town):
    os.chmod(town.path("zones.geojson"), 0)


def without_root_rights(bench):
    """Root may read everything; a program that starts kayoi without that right (setpriv is part of every Debian)."""
    if os.geteuid() != 0:
        return bench.binary
    rights = "-dac_override,-dac_read_search"
    path = os.path.join(bench.work, "without_root_rights")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nexec setpriv --bounding-set={rights} --inh-caps={rights} '{bench.binary}' \"$@\"\n")
    os.chmod(path, 0o755)
    return path


def file_cases(bench):
    fails = bench.fails
    binary = bench.binary
    bench.binary = without_root_rights(bench)
    fails("no right to read a file", unreadable_by_rights, 3, ["zones.geojson", "Permission denied"])
    bench.binary = binary
    fails("missing file", lambda t: os.remove(t.path("zones.geojson")), 3, ["zones.geojson", "zones"])
    fails("unreadable file", unreadable, 3, ["zones.geojson"])
    fails("a folder instead of a file", lambda t: (os.remove(t.path("roads.osm")), os.mkdir(t.path("roads.osm"))), 3, ["roads.osm"])
    fails("empty layer", lambda t: t.features("zones.geojson", lambda f: f.clear()), 3, ["zones.geojson"])
    fails("no .prj", shapefile_without_prj, 3, ["zones.shp", r"crs"])
    fails("wrong geometry type", points_as_zones, 3, ["zones.geojson", "(?i)point cannot be one of zones", "is it the right file"])
    fails("unknown column in a mapping", lambda t: t.set("capacity: 定員", "capacity: 定貝"), 3, ["定貝", "venues"])
    fails("no roads at all", no_roads, 3, ["roads.osm"])
    fails("CP932 text declared UTF-8", cp932_as_utf8, 3, ["venues.csv", "UTF-8"])
    fails("unknown encoding", lambda t: t.set("  - path: venues.csv\n", "  - path: venues.csv\n    encoding: CP9999\n"), 2,
          ["CP9999", "iconv"])
    fails("unknown CRS", lambda t: t.set("crs: EPSG:6668", "crs: EPSG:999999"), 2, ["999999", "EPSG:6668"])
    fails("unknown key", lambda t: t.set("    open: true", "    opne: true"), 2,
          [r"kayoi\.yaml:\d+:\d+", "opne", "did you mean 'open'"])


def venue_cases(bench):
    issue = bench.issue
    issue("a plane zone of another region", lambda t: t.set("crs: EPSG:6670", "crs: EPSG:6671"), "crs_zone_unusual", None,
          message="EPSG:6671 .* zone 3; .* 43999 .* zone is 2")
    issue("NaN coordinates", set_venue(3, 経度="NaN"), "coordinates_not_finite", "3")
    issue("swapped coordinates", set_venue(3, 経度="32.7450000", 緯度="130.8600000"), "coordinates_swapped", "3")
    issue("coordinates out of the country", set_venue(3, 経度="2.3522", 緯度="48.8566"), "coordinates_far", "3")
    issue("a number that is none", set_venue(3, 参加者実人数="約二十", 参加者男="", 参加者女=""), "not_a_number", "3",
          lambda t: None if next(v for v in t["venues"] if v["venue_id"] == "3")["participants"] == "" else "participants is not null")
    issue("blank coordinates", lambda t: None, None, None, lambda t: None if any(
        v["reason"] == "no_coordinates" and v["counts"] == "false" for v in t["venues"]) else "no venue without coordinates")
    issue("duplicate ids", set_venue(4, No="3"), "duplicate_id", "3",
          lambda t: None if len(t["venues"]) == 30 else "a venue was lost")
    issue("a venue in no zone", border_around, "venue_in_no_zone", "30")
    issue("a venue on a zone's edge", venue_on_vertex, "venue_on_edge", "1")
    issue("a venue in the sea", set_venue(5, 経度="130.3000000", 緯度="32.6000000"), "no_street_near", "5", lambda t: None if next(
        v for v in t["venues"] if v["venue_id"] == "5")["counts"] == "false" else "it counts")
    issue("no venues: an empty table", no_venue_rows, None, None, nobody_covered)
    issue("no venues: an empty list", no_venue_list, None, None, nobody_covered)


def zone_cases(bench):
    issue = bench.issue
    issue("self-crossing zone", lambda t: t.features("zones.geojson", crossed), "invalid_polygon", "KY02")
    issue("overlapping zones", lambda t: t.features("zones.geojson", overlapping), "zone_overlap", "KY0")
    issue("a zone with no venue", no_venue_in_zone, None, None, lambda t: None if any(
        z["level"] == "zone" and z["venues_count"] == "0" and float(z["participants"]) == 0 for z in t["zones"])
        else [(z["zone_id"], z["venues_count"], z["participants"]) for z in t["zones"]])
    issue("a zone with no people", lambda t: t.features("zones.geojson", empty_zone), None, None, lambda t: None if any(
        z["zone_id"] == "KY09" and float(z["pop_65"]) == 0 and z["covered_share_65"] == "" for z in t["zones"])
        else [z for z in t["zones"] if z["zone_id"] == "KY09"])


def grid_cases(bench):
    issue = bench.issue
    issue("a cell with no street", lambda t: None, None, None, lambda t: None if
          float(t.zone("municipality")["unreachable_65_no_street_near"]) > 0 else "nobody is without a street")
    for code in ("49301799", "4930173595", "abc", "493017359"):
        issue(f"grid code {code}", set_grid(0, 0, code), "bad_grid_code", code)
    for token in ("*", "-", "X", "…", ""):
        def null_65(tables, token=token):
            nulls = [c for c in tables["cells"] if c["pop_65"] == ""]
            town = tables.zone("municipality")
            outside = tables.zone("outside")
            counted = sum(float(r.get("cells_without_count_65") or 0) for r in (town, outside))
            return None if len(nulls) == 1 and nulls[0]["covered_65"] == "" and counted >= 1 else f"{len(nulls)} nulls, {counted} counted"
        issue(f"count {token!r}", set_grid(2, 22, token), None, None, null_65)
    issue("HTKSAKI pointing to nothing", lambda t: t.grid(hidden_to_nowhere), "hidden_receiver_missing")


def main():
    work = tempfile.mkdtemp(prefix="kayoi-bad.")
    try:
        bench = Bench(sys.argv[1], work)
        if bench.is_ready:
            for cases in (file_cases, venue_cases, zone_cases, grid_cases, output_cases, interrupted_cases):
                cases(bench)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    done()


main()
