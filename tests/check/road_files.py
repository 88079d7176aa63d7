"""Japanese road files: KSJ N13 and centre lines of a municipality, as shapefiles written by GDAL.
Usage: road_files.py KAYOI WORK_DIR"""
import json
import os
import sys

from osgeo import gdal, ogr, osr

from place import make_place, run_place
from runs import kayoi
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
west, south = 130.70, 32.80
make_place(work, west - 0.01, south - 0.01, west + 0.01, south + 0.03)


def shapefile(name, epsg, fields, records, encoding):
    """Record k is a line on latitude south + 0.0005 k."""
    path = os.path.join(work, name + ".shp")
    if os.path.exists(path):
        gdal.GetDriverByName("ESRI Shapefile").Delete(path)
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    made = gdal.GetDriverByName("ESRI Shapefile").Create(path, 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer(name, system, ogr.wkbLineString, [f"ENCODING={encoding}"])
    for field, width in fields:
        made_field = ogr.FieldDefn(field, ogr.OFTString)
        made_field.SetWidth(width)
        layer.CreateField(made_field)
    for k, record in enumerate(records):
        feature = ogr.Feature(layer.GetLayerDefn())
        for i, value in enumerate(record):
            feature.SetField(i, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING ({west} {south + 0.0005 * k}, {west + 0.001} {south + 0.0005 * k})"))
        layer.CreateFeature(feature)


def walked(name):
    with open(os.path.join(work, name, "internal", "streets.geojson"), encoding="utf-8") as file:
        return sorted(round((f["geometry"]["coordinates"][0][1] - south) / 0.0005) for f in json.load(file)["features"])


def run(name, roads, more=""):
    made, table = run_place(binary, work, name, roads, more)
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2000:]):
        return [], {}
    return walked(name), {i["reason"]: i["message"] for i in table("issues")}


# N13: kind, category, state, level, width, toll; the comment says what it is.
N13 = [("1", "3", "1", "0", "2", "1"),   # 0 municipal
       ("1", "4", "1", "0", "5", "2"),   # 1 expressway
       ("1", "1", "1", "0", "4", "1"),   # 2 national
       ("3", "3", "1", "0", "1", "1"),   # 3 footpath
       ("4", "6", "1", "0", "1", "1"),   # 4 stone steps
       ("1", "3", "5", "0", "2", "1"),   # 5 under construction
       ("1", "2", "2", "1", "3", "1"),   # 6 prefectural, on a bridge
       ("2", "5", "3", "-1", "1", "1"),  # 7 garden path, in a tunnel
       ("1", "2", "1", "0", "3", "2"),   # 8 toll road
       ("1", "9", "1", "0", "3", "1")]   # 9 a category that is none
shapefile("n13", 6668, [("N13_001", 10), *[(f"N13_00{n}", 2) for n in range(2, 8)], ("N13_008", 6)],
          [("2024-04-01", *r, "493014") for r in N13], "UTF-8")
found, issues = run("n13-out", "[n13.shp]")
check("N13: what is not walked", found == [0, 2, 3, 4, 6, 7, 8, 9], f"{found}")
check("N13: it is counted", "1 expressways" in issues.get("closed_by_class", "") and "1 under construction" in issues["closed_by_class"]
      and issues.get("not_walkable", "").startswith("2 of 10"), f"{issues}")
check("N13: toll roads are said", issues.get("toll_roads_walked", "").startswith("1 "), f"{issues}")
check("N13: an unknown category is said", issues.get("unknown_street_class", "").startswith("1 of 10"), f"{issues}")
with open(os.path.join(work, "check.yaml"), "w", encoding="utf-8") as file:
    file.write("municipality: {name: X}\nresidents: [cells.geojson]\nvenues: [venues.geojson]\nzones: zones.geojson\nroads: [n13.shp]\n")
told = json.loads(kayoi(binary, "check", os.path.join(work, "check.yaml"), "--json").stdout)
source = [s for s in told["sources"] if "roads" in json.dumps(s)][0]
check("N13: check names it", "N13" in json.dumps(source, ensure_ascii=False), json.dumps(source, ensure_ascii=False)[:1500])
check("N13: columns", source["columns"].get("class") == "N13_003" and source["columns"].get("layer") == "N13_005", f"{source['columns']}")

CITY = ["高速自動車国道等", "一般国道", "主要地方道", "県道", "市道（１級）", "農道", "石段", "自動車専用道路", "建設中", "その他"]
shapefile("city", 6670, [("路線番号", 10), ("道路種別", 40)], [(str(k), c) for k, c in enumerate(CITY)], "CP932")
for name in ("city",):  # its lines are in degrees: say so
    system = osr.SpatialReference()
    system.ImportFromEPSG(6668)
    with open(os.path.join(work, name + ".prj"), "w", encoding="ascii") as file:
        file.write(system.ExportToWkt(["FORMAT=WKT1_ESRI"]))
found, issues = run("city-out", "[city.shp]")
check("centre lines: expressways, roads for cars only and under construction are not walked", found == [1, 2, 3, 4, 5, 6, 9], f"{found}")
check("centre lines: counted", issues.get("closed_by_class", "").startswith("not walked: 2 expressways and roads for cars only, 1 under construction, 0"),
      f"{issues}")
check("centre lines: その他 is said to be unknown", issues.get("unknown_street_class", "").startswith("1 of 10"), f"{issues}")
found, issues = run("city-listed", "[{path: city.shp, walkable: [市道（1級）, 県道, その他, 里道]}]")
check("walkable names all that is walked, in any width of letters", found == [3, 4, 9], f"{found}")
check("walkable: the rest is counted", "7 of a class that walkable does not name" in issues.get("closed_by_class", ""), f"{issues}")
check("walkable: a word that no way has", "里道" in issues.get("walkable_unused", ""), f"{issues}")

shapefile("plain", 6668, [("name", 20)], [(str(k),) for k in range(4)], "UTF-8")
found, issues = run("plain-out", "[plain.shp]")
check("a layer without a class column: all its streets", found == [0, 1, 2, 3], f"{found}")
made, _ = run_place(binary, work, "refused", "[{path: plain.shp, walkable: [市道]}]")
check("walkable without a class column is refused", made.returncode == 2 and "columns: {class: COLUMN}" in made.stderr, made.stderr[-500:])
made, _ = run_place(binary, work, "misplaced", "[plain.shp]", "sites: {sources: [{path: plain.shp, walkable: [a]}]}")
check("walkable belongs to roads", made.returncode == 2 and "only sources of roads" in made.stderr, made.stderr[-500:])
done()
