#!/usr/bin/python3
"""500,000 points out of PostGIS: kayoi's read room beside psql's COPY of the same rows, GDAL's PostgreSQL driver and the
same points from a GeoPackage. Usage: postgis.py KAYOI WORK_DIR [COUNT]"""
import json
import os
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "db"), os.path.join(here, "..", "check")]
import postgis_load as load  # noqa: E402
from cluster import Cluster  # noqa: E402
from osgeo import gdal  # noqa: E402
from runs import root  # noqa: E402

binary, work = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 500_000
os.makedirs(work, exist_ok=True)


def best(act, rounds=3):
    seconds = []
    for _ in range(rounds):
        start = time.monotonic()
        act()
        seconds.append(time.monotonic() - start)
    return min(seconds)


def read_room(source):
    """Seconds of the room read, the least of three checks."""
    config = load.read(os.path.join(root, "sample-data", "kayoi.yaml"))
    config["names"]["sources"] = [source] if source else []
    if not source:
        config.pop("names")
    path = load.write(config, os.path.join(work, "kayoi.yaml"))
    found = []
    for _ in range(3):
        made = subprocess.run([binary, "check", path, "--log", "json"], capture_output=True, text=True)
        events = [json.loads(line) for line in made.stderr.splitlines() if line.startswith("{")]
        found += [event["ms"] for event in events if event.get("room") == "read" and "ms" in event]
    return min(found) / 1000


with Cluster(extensions=["postgis"]) as db:
    db.sql(f"""create table p (id serial primary key, name text, geom geometry(Point, 6668));
      insert into p (name, geom) select '通井町字' || (n % 5000), ST_SetSRID(ST_MakePoint(130.8 + (n % 1000) / 1e4,
      32.7 + (n / 1000) / 1e4), 6668) from generate_series(1, {count}) n; analyze p; checkpoint""")
    package = os.path.join(work, "p.gpkg")
    gdal.VectorTranslate(package, load.connection(db), layers=["p"], format="GPKG", SQLStatement="select * from p order by id")
    select = "select name, geom, id::text from p order by id"
    copy = best(lambda: db.psql(f"\\copy ({select}) to /dev/null with (format binary)"))
    driver = best(lambda: gdal.VectorTranslate("", load.connection(db), layers=["p"], format="Memory"))
    base = read_room(None)
    columns = {"columns": {"name": "name"}}
    table, file = read_room({**load.source(db, "p"), **columns}), read_room({"path": package, **columns})
print(f"{count} points: psql COPY {copy:.2f} s, kayoi {table - base:.2f} s, GDAL's driver {driver:.2f} s, "
      f"GeoPackage through kayoi {file - base:.2f} s (the other sources of the sample: {base:.2f} s)")
