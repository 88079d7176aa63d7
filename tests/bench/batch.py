"""What a batch costs beside its single runs, and a country of them. Usage: batch.py KAYOI WORK TILES [EXTRACT.osm.pbf]
Each tile of scripts/make-country is a municipality. Prints bytes read by the plan, seconds of the plan, of single runs one
after the other on one core, of the batch with one job and with two."""
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import time

import numpy as np
from osgeo import ogr, osr

PROGRAM, WORK, TILES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
EXTRACT = [os.path.abspath(sys.argv[4])] if len(sys.argv) > 4 else []
SINGLES = 45  # at most, of the country


def timed(*arguments):
    """Seconds on the clock, and of processors: the second is steady on a busy machine."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return np.array([time.monotonic() - start, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime])


def code_of(tile):
    return f"{1 + tile // 99:02d}{1 + tile % 99:03d}"


def lay_out(folder):
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["scripts/make-country", str(TILES), folder, *EXTRACT], check=True, stdout=subprocess.DEVNULL)
    ogr.UseExceptions()
    dataset = ogr.Open(f"{folder}/zones.shp")  # a layer does not keep it open
    zones = dataset.GetLayer()
    rows, features = [["code", "name"]], []
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(6668)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    for tile, zone in enumerate(zones):
        shape = zone.GetGeometryRef().Clone()
        shape.TransformTo(degrees)
        features.append({"type": "Feature", "properties": {"N03_007": code_of(tile), "N03_004": f"{tile + 1}町"},
                         "geometry": json.loads(shape.ExportToJson(["COORDINATE_PRECISION=9"]))})
        rows.append([code_of(tile), f"{tile + 1}町"])
    with open(f"{folder}/n03.geojson", "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6668"}},
                   "features": features}, file, ensure_ascii=False)
    with open(f"{folder}/areas.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    lines = open(f"{folder}/kayoi.yaml", encoding="utf-8").read().splitlines()
    keep = [line for line in lines if not line.startswith(("municipality", "zones", "cache", "outputs"))]
    with open(f"{folder}/template.yaml", "w", encoding="utf-8") as file:
        file.write("\n".join(["municipality: {name: X, border: n03.geojson}", "outputs: {formats: [csv, gpkg]}", *keep]) + "\n")


lay_out(f"{WORK}/country")
seconds = {}
for name in ("one", "two", "single"):
    shutil.rmtree(f"{WORK}/{name}", ignore_errors=True)
    seconds[f"plan {name}"] = timed(PROGRAM, "batch", "plan", f"{WORK}/country/template.yaml", "--areas", f"{WORK}/country/areas.csv",
                                    "--out", f"{WORK}/{name}")
    if TILES > SINGLES:
        break
plan = json.load(open(f"{WORK}/one/batch.json", encoding="utf-8"))
size = sum(os.path.getsize(f"{WORK}/country/{n}") for n in os.listdir(f"{WORK}/country") if n.startswith(("cells", "roads", "venues")))
clock, work = seconds["plan one"]
print(f"plan of {TILES}: {clock:.1f} s ({work:.1f} s of processors); inputs {size / 1e6:.1f} MB, read {plan['bytes_read'] / 1e6:.1f} MB")
if TILES <= SINGLES:
    single = sum(timed(PROGRAM, "run", f"{WORK}/single/{code_of(t)}/kayoi.yaml", "--threads", "1", "--brief") for t in range(TILES))
    for name, jobs in (("one", 1), ("two", 2)):
        clock, work = timed(PROGRAM, "batch", "run", f"{WORK}/{name}", "--jobs", str(jobs))
        print(f"{TILES} single runs on one core: {single[0]:.1f} s ({single[1]:.1f}); batch, {jobs} at once: {clock:.1f} s ({work:.1f}), "
              f"{clock / single[0]:.2f} times ({work / single[1]:.2f})")
else:
    clock, work = timed(PROGRAM, "batch", "run", f"{WORK}/one", "--jobs", "2")
    print(f"{TILES} municipalities, two at once: {clock:.1f} s, {work / TILES:.2f} s of processors each")
    clock, work = timed(PROGRAM, "batch", "merge", f"{WORK}/one")
    print(f"merge: {clock:.1f} s ({work:.1f})")
