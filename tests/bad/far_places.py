"""Places and roads that do not go together: a venue 5 km from any road, streets that are all islands, a heap of venues at one
place, and what run.json counts of them. Usage: far_places.py KAYOI"""
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "check"))
from osgeo import ogr, osr  # noqa: E402
from place import make_place, run_place, write_json  # noqa: E402
from tap import check, done  # noqa: E402

ogr.UseExceptions()
WEST, SOUTH = 130.70, 32.80
STEP = 0.0005
BOX = (WEST - 0.01, SOUTH - 0.01, WEST + 0.02, SOUTH + 0.02)


def system(epsg):
    made = osr.SpatialReference()
    made.ImportFromEPSG(epsg)
    made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return made


def grid():
    """Streets of a small town as WKT, degrees: shared vertices at every junction."""
    lines = []
    for i in range(20):
        for a, b in (((0, i), (19, i)), ((i, 0), (i, 19))):
            n = 20
            xy = [(WEST + STEP * (a[0] + (b[0] - a[0]) * k / (n - 1)), SOUTH + STEP * (a[1] + (b[1] - a[1]) * k / (n - 1))) for k in range(n)]
            lines.append("LINESTRING (" + ", ".join(f"{x:.7f} {y:.7f}" for x, y in xy) + ")")
    return lines


def write_roads(path, lines):
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("roads", system(4326), ogr.wkbLineString)
    for line in lines:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(line))
        layer.CreateFeature(feature)


def run(work, name, lines, more=""):
    write_roads(os.path.join(work, name + ".gpkg"), lines)
    made, table = run_place(sys.argv[1], work, name, f"[{name}.gpkg]", more, "[csv]")
    check(f"{name}: the run goes through", made.returncode == 0, made.stderr[-1500:])
    return table if made.returncode == 0 else None


def islands(work):
    """Streets of 100 m each, none joined: those beside the venue's street are disconnected, and nobody is lost."""
    lines = [f"LINESTRING ({WEST + 0.002 * i:.7f} {SOUTH + 0.002 * j:.7f}, {WEST + 0.002 * i + 0.001:.7f} {SOUTH + 0.002 * j:.7f})"
             for i in range(10) for j in range(10)]
    table = run(work, "islands", lines, more="placement: {method: centroid}")
    if table is None:
        return
    town = next(z for z in table("zones") if z["level"] == "municipality")
    check("islands only: people are disconnected, not lost", float(town["unreachable_65_disconnected"]) > 0 and float(town["pop_65"]) == 480,
          f"{town['pop_65']} {town['unreachable_65_disconnected']}")
    with open(os.path.join(work, "islands", "run.json"), encoding="utf-8") as file:
        counted = json.load(file)["snapping"]
    check("islands only: small components are counted", counted["venues"]["on_small_component"] == 1, f"{counted['venues']}")


def far_venue(work):
    def venue(name, lon, lat):
        return {"type": "Feature", "properties": {"id": name, "name": name}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
    write_json(os.path.join(work, "venues.geojson"), [venue("V", WEST + 0.0051, SOUTH + 0.005), venue("far", WEST + 0.0051, SOUTH + 0.055)])
    table = run(work, "far", grid(), more="study: {margin_m: 10000}")
    if table is None:
        return
    far = next(v for v in table("venues") if v["venue_id"] == "far")
    check("a venue 5 km from any road does not count, with a reason", far["counts"] == "false" and far["reason"] == "no_street_near"
          and far["snap_m"] == "", f"{far}")
    said = [i for i in table("issues") if i["reason"] == "no_street_near" and i["record"] == "far"]
    check("a venue 5 km from any road: an issue with its place", len(said) == 1 and said[0]["lat"] != "", f"{said}")


def heap(work):
    """150 venues where one is alone: the same area for the first hundred of them, people for all."""
    def venue(name, lat):
        return {"type": "Feature", "properties": {"id": name, "name": name},
                "geometry": {"type": "Point", "coordinates": [WEST + 0.0051, lat]}}
    places = [venue(f"H{i:03d}", SOUTH + 0.005) for i in range(150)] + [venue("alone", SOUTH + 0.008)]
    write_json(os.path.join(work, "venues.geojson"), places[::-1])
    if run(work, "heap", grid()) is None:
        return
    made, table = run_place(sys.argv[1], work, "heap", "[heap.gpkg]", formats="[csv, geojson]")
    with open(os.path.join(work, "heap", "internal", "service_areas.geojson"), encoding="utf-8") as file:
        areas = [f for f in json.load(file)["features"] if f["properties"]["venue_id"]]
    drawn, people = {}, {}
    for area in areas:
        name, band = area["properties"]["venue_id"], area["properties"]["band_m"]
        people.setdefault(band, {})[name] = area["properties"]["people_65"]
        if area["geometry"] is not None:
            drawn.setdefault(band, {})[name] = json.dumps(area["geometry"])
    check("a heap of venues: a record for every venue and band", len(areas) == 3 * 151, len(areas))
    for band in sorted(people):
        of_heap = {drawn[band][name] for name in drawn[band] if name != "alone"}
        check(f"a heap of venues, {band:.0f} m: the first hundred are drawn, all alike, and not like the one alone",
              sorted(drawn[band]) == [f"H{i:03d}" for i in range(100)] + ["alone"] and len(of_heap) == 1
              and drawn[band]["alone"] not in of_heap, f"{len(drawn[band])} drawn, {len(of_heap)} shapes")
        check(f"a heap of venues, {band:.0f} m: the same people for all", len({people[band][n] for n in people[band] if n != "alone"}) == 1)
    said = [i for i in table("issues") if i["reason"] == "many_venues_at_one_place"]
    check("a heap of venues is said", len(said) == 1 and said[0]["message"].startswith("50 venues"), f"{said}")


def main():
    work = tempfile.mkdtemp(prefix="kayoi-roads.")
    try:
        make_place(work, *BOX)
        islands(work)
        far_venue(work)
        heap(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    done()


main()
