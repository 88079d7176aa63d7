"""From an OSM PBF to the contracted network beside ogr2ogr copying the same roads to FlatGeobuf, alternating.
Usage: roads.py KAYOI WORK_DIR [RUNS]

`kayoi` is `kayoi check` of a config whose only large source is the file: start of the program, read room and network room
(contraction included), without the rooms after them. `ogr2ogr` copies the lines with a highway. Milliseconds of wall time:
median and least of the runs; ratio = kayoi / ogr2ogr."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
sys.path.insert(0, os.path.join(root, "tests", "check"))
from place import make_place  # noqa: E402

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
data = os.path.join(os.path.dirname(root), "shared", "data", "osm")
FILES = [("Porto", "porto_portugal.osm.pbf", (-8.615, 41.145, -8.605, 41.15)),
         ("Liechtenstein", "liechtenstein-2013-08-03.osm.pbf", (9.515, 47.13, 9.525, 47.135))]


def timed(command):
    start = time.monotonic()
    made = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if made.returncode != 0:
        sys.exit(f"{command[0]} failed ({made.returncode}):\n{made.stderr[-2000:]}")
    return (time.monotonic() - start) * 1e3, made.stdout + made.stderr


def kayoi(config):
    """Wall time of all but the rooms after the network, and the times of the read and the network room in it."""
    wall, log = timed([binary, "check", config, "--log", "json", "--lang", "en"])
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    ms = {event["room"]: event["ms"] for event in events if event.get("event") == "end"}
    return wall - sum(ms.values()) + ms["read"] + ms["network"], ms["read"], ms["network"]


def copy(path):
    target = os.path.join(work, "copy.fgb")
    if os.path.exists(target):
        os.remove(target)
    return timed(["ogr2ogr", "-f", "FlatGeobuf", target, path, "lines", "-where", "highway IS NOT NULL"])[0]


print(f"{'file':<14} {'MB':>5} {'read':>6} {'network':>8} {'kayoi':>6} {'least':>6} {'ogr2ogr':>8} {'least':>6} {'ratio':>6} {'of least':>9}")
for name, file, box in FILES:
    path = os.path.join(data, file)
    if not os.path.exists(path):
        print(f"skipped: {name}: {path} is not there")
        continue
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    make_place(folder, *box)
    config = os.path.join(folder, "kayoi.yaml")
    with open(config, "w", encoding="utf-8") as out:
        out.write(f"municipality: {{name: X}}\nresidents: [cells.geojson]\nvenues: [venues.geojson]\nzones: zones.geojson\n"
                  f"roads: [\"{path}\"]\nchecks: {{max_bad_share: 1}}\n")
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(kayoi(config))
        theirs.append(copy(path))
    total, read, network = (statistics.median(column) for column in zip(*ours))
    least = min(run[0] for run in ours)
    print(f"{name:<14} {os.path.getsize(path) / 1e6:5.1f} {read:6.0f} {network:8.0f} {total:6.0f} {least:6.0f} {statistics.median(theirs):8.0f} "
          f"{min(theirs):6.0f} {total / statistics.median(theirs):6.2f} {least / min(theirs):9.2f}", flush=True)
