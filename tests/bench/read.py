"""Reading beside ogr2ogr copying the same file, alternating, medians. Usage: read.py KAYOI WORK_DIR [RUNS] [NAME ...]

Each file is the only large source of a small config and is read by `kayoi check`. Milliseconds of processor time (user
and system, all threads), which others on the machine disturb least:
  room   kayoi's read room: drivers, small sources, hash, recognition, records, projection, streets
  bare   ogr2ogr without its start (`ogr2ogr --version`): what it adds for the copy
  check  the whole process: start, read room, network, place
  copy   ogr2ogr, the whole process, to the format of the file (FlatGeobuf for what it cannot write)
and the ratios bare / room and copy / check, by processor and by wall time: above 1 kayoi is faster."""
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections import namedtuple

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
data = os.path.join(os.path.dirname(root), "shared", "data")
binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
Timing = namedtuple("Timing", "cpu wall")
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
only = sys.argv[4:]
os.makedirs(work, exist_ok=True)
# where the small sources are, CRS of the run
PLACES = {"ube": (131.25, 33.95, "EPSG:6671"), "porto": (-8.6, 41.16, "EPSG:32629")}


def write(name, text, encoding="utf-8"):
    path = os.path.join(work, name)
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write(text)
    return path


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def square(lon, lat, half, **properties):
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return feature("Polygon", [ring + ring[:1]], **properties)


def geojson(name, *features):
    return write(name + ".geojson", json.dumps({"type": "FeatureCollection", "features": features}))


def small_sources(place, lon, lat):
    return {"zones": geojson(place + "_zones", square(lon, lat, 0.05, id="Z", name="Z")),
            "residents": geojson(place + "_cells", square(lon, lat, 0.0025, id="C", pop_total=100, pop_65=30)),
            "venues": geojson(place + "_venues", feature("Point", [lon, lat], id="V", name="V")),
            "roads": geojson(place + "_roads", feature("LineString", [[lon - 0.01, lat], [lon + 0.01, lat]], id="R"))}


def points_csv(rows):
    """Venues with points, among columns that nobody asks for."""
    path = os.path.join(work, f"points_{rows}.csv")
    if os.path.exists(path):
        return path
    spread = random.Random(1)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("NO,名称,所在地_連結表記,電話番号,定員,備考,緯度,経度\n")
        for i in range(rows):
            file.write(f"{i},集会所{i},宇部市東区{i % 97}丁目{i % 31}番{i % 13}号,0836-00-{i % 10000:04},{i % 80},"
                       f"\"午前, 午後とも可\",{33.9 + spread.random() * 0.1:.7f},{131.2 + spread.random() * 0.1:.7f}\n")
    return path


def padded_dbf(rows, fields, width):
    """Points with text fields, a few characters in each: 254 bytes wide is what a careless export leaves."""
    path = os.path.join(work, f"padded_{rows}_{width}.shp")
    if os.path.exists(path):
        return path
    from osgeo import ogr, osr
    ogr.UseExceptions()
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(6668)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(path)
    layer = source.CreateLayer("padded", crs, ogr.wkbPoint, ["ENCODING=UTF-8"])
    for f in range(fields):
        field = ogr.FieldDefn("name" if f == 0 else f"F{f}", ogr.OFTString)
        field.SetWidth(width)
        layer.CreateField(field)
    spread = random.Random(2)
    for i in range(rows):
        record = ogr.Feature(layer.GetLayerDefn())
        for f in range(fields):
            record.SetField(f, f"公園{i % 1000}")
        record.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT({131.2 + spread.random() * .1} {33.9 + spread.random() * .1})"))
        layer.CreateFeature(record)
    return path


def copied(name, driver, source):
    path = os.path.join(work, name)
    if not os.path.exists(path):
        subprocess.run(["ogr2ogr", "-f", driver, "-nlt", "PROMOTE_TO_MULTI", path, source], check=True, capture_output=True)
    return path


def stop_times(feed):
    path = os.path.join(work, "stop_times.csv")
    if not os.path.exists(path):
        with zipfile.ZipFile(feed) as z, z.open("stop_times.txt") as packed, open(path, "wb") as file:
            shutil.copyfileobj(packed, file)
    return path


def mb(path):
    parts = [path] + ([path[:-3] + e for e in ("shx", "dbf")] if path.endswith(".shp") else [])
    return sum(os.path.getsize(p) for p in parts) / 1e6


def cases():
    """name, role, config of the source, file, what ogr2ogr reads, driver it writes, its further arguments."""
    ube, osm = os.path.join(data, "ube"), os.path.join(data, "osm")
    found = []
    if os.path.isdir(ube):
        roads, border = os.path.join(ube, "ube_roads.zip"), os.path.join(ube, "N03_35202.json")
        census = os.path.join(ube, "tblT001101H5031.txt")
        feed = os.path.join(data, "kumamoto", "gtfs", "toshibus.gtfs.zip")
        streets = {"columns": {"class": "highway"}}
        found += [("shapefile in zip, 106 MB DBF", "roads", streets, roads, "/vsizip/" + roads, "ESRI Shapefile", []),
                  ("N03 GeoJSON", "border", {}, border, border, "GeoJSON", []),
                  ("census text", "residents", {}, census, "CSV:" + census, "CSV", []),
                  ("GTFS (ogr2ogr: stop_times.txt)", "feeds", {}, feed, stop_times(feed), "CSV", [])]
        gpkg = copied("roads.gpkg", "GPKG", "/vsizip/" + roads)
        fgb = copied("roads.fgb", "FlatGeobuf", "/vsizip/" + roads)
        found += [("GeoPackage of the roads", "roads", streets, gpkg, gpkg, "GPKG", []),
                  ("FlatGeobuf of the roads", "roads", streets, fgb, fgb, "FlatGeobuf", [])]
    porto = os.path.join(osm, "porto_portugal.osm.pbf")
    if os.path.exists(porto):
        found += [("Porto PBF (ogr2ogr: lines)", "roads", {}, porto, porto, "FlatGeobuf", ["lines"]),
                  ("Porto PBF (lines, multipolygons)", "roads", {}, porto, porto, "FlatGeobuf", ["lines", "multipolygons"])]
    if not found:
        print("skipped: ../shared/data is not there; only generated files are read")
    points = points_csv(200000)
    found.append(("CSV, 200,000 points", "venues", {"crs": "EPSG:6668"}, points, points, "CSV", []))
    if "600,000" in " ".join(only):
        points = points_csv(600000)
        found.append(("CSV, 600,000 points", "venues", {"crs": "EPSG:6668"}, points, points, "CSV", []))
    if "padded" in only:
        for width in (10, 254):
            padded = padded_dbf(1000000, 20, width)
            found.append((f"padded DBF, 1,000,000 x 20 x {width}", "venues", {}, padded, padded, "FlatGeobuf", []))
    return [c for c in found if not only or any(o in c[0] for o in only)]


def config(number, name, role, source, path):
    place = "porto" if "Porto" in name else "ube"
    lon, lat, crs = PLACES[place]
    sources = {key: [{"path": p}] for key, p in small_sources(place, lon, lat).items()}
    entry = [dict(source, path=path)]
    document = {"municipality": {"name": "bench"}, "crs": crs, "outputs": {"dir": f"out{number}"}, **sources}
    if role == "border":
        document["municipality"]["border"] = entry[0]
    elif role == "feeds":
        document["transit"] = {"feeds": entry}
    else:
        document[role] = entry
    document["zones"] = document["zones"][0]
    return write(f"case{number}.yaml", json.dumps(document, ensure_ascii=False))


def timed(command):
    """Processor ms, wall ms, peak MB, stderr and exit status of one process."""
    errors = os.path.join(work, "stderr")
    with open(errors, "wb") as to:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=to)
        _, status, usage = os.wait4(child.pid, 0)
        wall = (time.monotonic() - start) * 1e3
        child.returncode = os.waitstatus_to_exitcode(status)
    with open(errors, encoding="utf-8", errors="replace") as file:
        return Timing((usage.ru_utime + usage.ru_stime) * 1e3, wall), usage.ru_maxrss / 1024, file.read(), child.returncode


def room(log):
    """The read room's time; None when that did not end."""
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    ends = [event for event in events if event.get("event") == "end" and event["room"] == "read"]
    return Timing(ends[0]["cpu_ms"], ends[0]["ms"]) if ends else None


def copy(source, driver, more, number):
    target = os.path.join(work, f"copy{number}")
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    extension = {"ESRI Shapefile": "shp", "FlatGeobuf": "fgb", "GPKG": "gpkg", "GeoJSON": "geojson", "CSV": "csv"}
    # several layers of FlatGeobuf are a folder of files; without -oo nothing is converted: the text as it is
    result = timed(["ogr2ogr", "-f", driver, os.path.join(target, "copy" if len(more) > 1 else "copy." + extension[driver]), source] + more)
    shutil.rmtree(target, ignore_errors=True)
    return result


def measure(command, copied_from, driver, more, number, name):
    """Lists of times of the read room, of `check`, of ogr2ogr's start and of its copy; peaks of `check`."""
    rooms, checks, starts, copies, peaks = [], [], [], [], []
    for _ in range(runs):
        time_, peak, log, status = timed(command)
        if room(log) is None:
            sys.exit(f"{name}: kayoi check failed ({status}):\n{log[-2000:]}")
        rooms.append(room(log)), checks.append(time_), peaks.append(peak)
        starts.append(timed(["ogr2ogr", "--version"])[0])
        time_, _, log, status = copy(copied_from, driver, more, number)
        if status != 0:
            sys.exit(f"{name}: ogr2ogr failed ({status}):\n{log[-2000:]}")
        copies.append(time_)
    return rooms, checks, starts, copies, peaks


def middle(times):
    return Timing(*(statistics.median(values) for values in zip(*times)))


print(f"{'':<43}{'processor ms':^27} {'ratio':^11} {'wall ratio':^11}")
print(f"{'file':<34} {'MB':>7} {'room':>6} {'bare':>6} {'check':>6} {'copy':>6} {'room':>5} {'check':>5} {'room':>5} {'check':>5} "
      f"{'peak MB':>8}")
slower = 0
for number, (name, role, source, path, copied_from, driver, more) in enumerate(cases()):
    command = [binary, "check", config(number, name, role, source, path), "--log", "json", "--lang", "en"]
    *times, peaks = measure(command, copied_from, driver, more, number, name)
    ours, check, start, whole = (middle(t) for t in times)
    bare = Timing(whole.cpu - start.cpu, whole.wall - start.wall)
    slower += bare.cpu < ours.cpu
    print(f"{name:<34} {mb(path):7.1f} {ours.cpu:6.0f} {bare.cpu:6.0f} {check.cpu:6.0f} {whole.cpu:6.0f} "
          f"{bare.cpu / ours.cpu:5.2f} {whole.cpu / check.cpu:5.2f} {bare.wall / ours.wall:5.2f} {whole.wall / check.wall:5.2f} "
          f"{statistics.median(peaks):8.0f}", flush=True)
print(f"{slower} read slower than ogr2ogr copies")
