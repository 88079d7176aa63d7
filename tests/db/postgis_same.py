#!/usr/bin/python3
"""Runs from PostGIS beside runs from files: the layers must be the same bytes. The sample (grid codes, coordinate
columns, polygons, OpenStreetMap through osm2pgsql) and Ube (Shapefiles, GeoJSON). Usage: postgis_same.py KAYOI WORK_DIR

Some layers name sources (issues, resources, inventory, population). A source is another one here (`PostGIS venues` for
`venues.csv`), so the names of the files, as run.json lists them, are replaced by those of the tables before bytes are
compared. Issues also name records, here by their keys; they are compared as a table of texts without those. The
spreadsheet and GeoPackage hold the same tables, so they are left out."""
import json
import os
import re
import shutil
import sys

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import postgis_load as load  # noqa: E402
from runs import different, kayoi, root, table  # noqa: E402
from tap import check, done, skip  # noqa: E402

binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
ube = os.path.join(os.path.dirname(root), "shared", "data", "ube")
LEFT_OUT = ("issues.csv", "issues.geojson", "kayoi.gpkg", "kayoi.xlsx", "run.json")


def run(config, name):
    out = os.path.join(work, name)
    config["outputs"]["dir"] = out
    config["outputs"]["formats"] = ["geojson", "csv", "gpkg", "xlsx"]
    made = kayoi(binary, "run", load.write(config, os.path.join(work, name + ".yaml")), "--lang", "en")
    check(f"{name}: runs", made.returncode == 0, made.stderr)
    return out


AREA = re.compile(r"  <way (?:(?!</way>).)*<tag k=.area. v=.yes.(?:(?!</way>).)*</way>\n", re.S)


def without_areas(path):
    """The extract without pedestrian areas: osm2pgsql has them among its polygons, whose rings begin anywhere, and where
    a ring begins is where its street is cut."""
    with open(path, encoding="utf-8") as file:
        text, count = AREA.subn("", file.read())
    check("sample: one pedestrian area is left out", count == 1, str(count))
    to = os.path.join(work, "roads.osm")
    with open(to, "w", encoding="utf-8") as file:
        file.write(text)
    return to


def issues(out):
    """Rows of the layer without what the way of reading names: the place of the source, the key in place of a row."""
    found = []
    for row in table(out, "issues"):
        row["source"] = row["source"].split(" ")[0]
        if re.fullmatch(r"(row|record|row_no|ogc_fid|way) \d+", row["record"]):
            row["record"] = "n"
        found.append(tuple(sorted(row.items())))
    return sorted(found)


def different_layers(files, tables):
    """Names of layers that differ in more than the names of their sources."""
    here, there = origins(files), origins(tables)
    found = []
    for name in different(files, tables, leave_out=LEFT_OUT):
        content = []
        for out in (files, tables):
            with open(os.path.join(out, name), encoding="utf-8") as file:
                content.append(file.read())
        for source_name, one in here.items():
            content[0] = content[0].replace(one["path"], there[source_name]["path"])
        if content[0] != content[1]:
            found.append(name)
    return found


def compare(name, files, tables):
    names = different_layers(files, tables)
    check(f"{name}: every layer is the same bytes", not names, ", ".join(names))
    here, there = issues(files), issues(tables)
    check(f"{name}: the issues are the same", here == there and len(here) > 0,
          lambda: "\n".join(map(str, sorted(set(here) ^ set(there))[:6])))


def origins(out):
    with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
        return {one["name"]: one for one in json.load(file)["inputs"]}


def counts(inputs):
    """Records by role."""
    found = {}
    for one in inputs.values():
        found[one["role"]] = found.get(one["role"], 0) + one["records_read"]
    return found


def check_sample(db):
    load.census(db, os.path.join(sample, "tblT001141H4930.txt"), "mesh")
    load.text_table(db, os.path.join(sample, "venues.csv"), "venues")
    load.text_table(db, os.path.join(sample, "resources.csv"), "resources")
    load.text_table(db, os.path.join(sample, "facts.csv"), "facts")
    load.text_table(db, os.path.join(sample, "43_2024.csv"), "towns", "cp932")
    load.vector(db, os.path.join(sample, "zones.geojson"), "zones")
    load.vector(db, os.path.join(sample, "500m_mesh_2024_43.geojson"), "years")
    load.vector(db, os.path.join(sample, "public_halls.geojson"), "halls")
    roads = without_areas(os.path.join(sample, "roads.osm"))
    load.run("osm2pgsql", "--latlong", "--hstore", "--create", "-d", db.database, "-H", db.folder, "-U", "postgres",
             roads)
    files = load.read(os.path.join(sample, "kayoi.yaml"))
    tables = load.read(os.path.join(sample, "kayoi.yaml"))
    plain = {"crs": "EPSG:6668"}
    tables["residents"] = [load.source(db, "mesh", date="2020-10-01", open=True, grid_level_m=500, **plain)]
    tables["venues"] = [{**tables["venues"][0], **load.source(db, "public.venues")}]
    tables["venues"][0].pop("path")
    tables["resources"] = [load.source(db, "resources", date="2025-04-01", **plain)]
    tables["zones"].update(load.source(db, "zones"))
    tables["zones"].pop("path")
    tables["zones"]["facts"] = load.source(db, "facts")
    tables["names"]["sources"] = [load.source(db, "towns", open=True, **plain)]
    tables["years"]["sources"] = [load.source(db, "years", open=True)]
    files["roads"] = [{"path": roads}]
    tables["roads"] = [load.source(db, "planet_osm_line")]
    tables["sites"]["sources"] = [{"columns": {"id": "施設番号", "name": "P05_003"}, **load.source(db, "halls")}]
    a, b = run(files, "sample-files"), run(tables, "sample-tables")
    compare("sample", a, b)
    here, there = origins(a), origins(b)
    check("sample: as many records from tables as from files", counts(here) == counts(there),
          lambda: f"{counts(here)} {counts(there)}")
    venues = there["venues[0]"].get("postgis", {})
    check("sample: run.json says where the venues are from",
          venues.get("table") == "public.venues" and venues.get("database") == db.database and
          venues.get("order") == "row_no" and venues.get("tls") is None and len(there["venues[0]"]["xxh3_64"]) == 16,
          lambda: json.dumps(there["venues[0]"], ensure_ascii=False))


def check_ube(db):
    if not os.path.isdir(ube):
        skip("Ube from PostGIS", "../shared/data/ube is not there")
        return
    load.census(db, os.path.join(ube, "tblT001101H5031.txt"), "ube_mesh")
    load.vector(db, os.path.join(ube, "N03_35202.json"), "ube_border", schema="public")
    load.vector(db, "/vsizip/" + os.path.join(ube, "ube_shelters.zip"), "避難所 ube")
    load.vector(db, "/vsizip/" + os.path.join(ube, "ube_roads.zip"), "ube_roads")
    files = load.read(os.path.join(root, "tests", "real", "ube.yaml"))
    tables = load.read(os.path.join(root, "tests", "real", "ube.yaml"))
    tables["municipality"]["border"] = load.source(db, "ube_border")
    tables["residents"] = [load.source(db, "ube_mesh", date="2020-10-01", open=True, grid_level_m=500, crs="EPSG:4612")]
    venues = tables["venues"][0]
    venues.pop("path")
    venues.update(load.source(db, "避難所 ube"))
    tables["zones"].pop("path")
    tables["zones"].update(load.source(db, "", query="select * from ube_border;", id="ogc_fid"))
    tables["roads"] = [{"columns": {"class": "highway"}, **load.source(db, "ube_roads")}]
    compare("Ube", run(files, "ube-files"), run(tables, "ube-tables"))


shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
if not has_extension("postgis"):
    skip("runs from PostGIS", "PostGIS is not installed (scripts/setup test)")
else:
    with Cluster(extensions=["postgis", "hstore"]) as cluster:
        check_sample(cluster)
        check_ube(cluster)
done()
