"""No way from a place to its street crosses a river, water or railway: every way that kayoi writes, tested by GEOS against
barriers that osgeo reads or makes itself. Usage: barriers.py KAYOI DATA WORK_DIR

Ways are those of many venues at random places: the layer venues names their street and the place on it. Where GEOS finds
the way of a run without barriers free, the run with barriers must take the same; where it crosses, another or none."""
import json
import os
import random
import sys

from osgeo import gdal, ogr, osr

from place import make_place, run_place, write_json
from runs import root
from tap import check, done, skip

gdal.UseExceptions()
ogr.UseExceptions()
binary, data, work = sys.argv[1:4]
VENUES, END_M = 1500, 0.005


def transform(crs):
    here, there = osr.SpatialReference(), osr.SpatialReference()
    here.ImportFromEPSG(4326)
    there.ImportFromEPSG(int(crs.split(":")[1]))
    for one in (here, there):
        one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(here, there)


def lines_of(geometry):
    """Its lines and the outlines of its polygons."""
    if geometry.GetGeometryCount() == 0:
        return [geometry]
    return [line for i in range(geometry.GetGeometryCount()) for line in lines_of(geometry.GetGeometryRef(i))]


def osm_barriers(path):
    """Rivers, canals, railways and waters by GDAL's own settings for OpenStreetMap, degrees."""
    found = []
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR)
    while True:
        feature, layer = dataset.GetNextFeature()  # layer after layer would lose features
        if feature is None:
            return found
        if layer.GetName() in ("lines", "multipolygons"):
            tags = {}
            for part in (feature.GetField("other_tags") or "").strip('"').split('","'):
                key, _, value = part.partition('"=>"')
                tags[key] = value
            for key in ("waterway", "railway", "natural"):
                if feature.GetFieldIndex(key) >= 0 and feature.GetField(key):
                    tags[key] = feature.GetField(key)
            if tags.get("tunnel", "no") != "no" or tags.get("bridge", "no") != "no":
                continue
            if tags.get("waterway") in ("river", "canal", "riverbank") or tags.get("natural") == "water" or \
                    tags.get("railway") in ("rail", "light_rail", "narrow_gauge"):
                found.append(feature.GetGeometryRef().Clone())


def made_barriers(path, west, south, east, north):
    """Zigzag rivers through the box and a few waters, written by osgeo as a GeoPackage; degrees."""
    draw = random.Random(7)
    found = []
    for k in range(6):
        line = ogr.Geometry(ogr.wkbLineString)
        for i in range(40):
            line.AddPoint_2D(west + (east - west) * i / 39, south + (north - south) * (k + draw.random()) / 6)
        found.append(line)
    for _ in range(30):
        x, y, r = draw.uniform(west, east), draw.uniform(south, north), draw.uniform(0.0002, 0.001)
        found.append(ogr.CreateGeometryFromWkt(f"POINT({x} {y})").Buffer(r, 5))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    layer = dataset.CreateLayer("barriers", crs, ogr.wkbUnknown)
    for geometry in found:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    return found


def ways_of(folder):
    """venue_id -> (reason, way as ((x, y), (x, y)) or None, snap_m), metres."""
    dataset = ogr.Open(os.path.join(folder, "internal", "kayoi.gpkg"))
    streets = {f.GetField("street_id"): f.GetGeometryRef().Clone() for f in dataset.GetLayerByName("streets")}
    found = {}
    for venue in dataset.GetLayerByName("venues"):
        place = venue.GetGeometryRef()
        street = streets.get(venue.GetField("street_id"))
        way = None
        if street is not None:
            at = street.Value(street.Length() * venue.GetField("street_frac"))
            way = ((place.GetX(), place.GetY()), (at.GetX(), at.GetY()))
        found[venue.GetField("venue_id")] = (venue.GetField("reason"), way, venue.GetField("snap_m"))
    return found


class Barriers:
    def __init__(self, geometries, crs):
        change = transform(crs)
        self.all = ogr.Geometry(ogr.wkbMultiLineString)
        self.one = []
        for geometry in geometries:
            geometry.Transform(change)
            lines = lines_of(geometry)
            area = None
            if all(line.GetPointCount() > 3 and line.GetPoint_2D(0) == line.GetPoint_2D(line.GetPointCount() - 1) for line in lines):
                area = geometry if geometry.GetDimension() == 2 else ogr.ForceToPolygon(geometry.Clone())
            collected = ogr.Geometry(ogr.wkbMultiLineString)
            for line in lines:
                plain = ogr.Geometry(ogr.wkbLineString)
                for x, y in (p[:2] for p in line.GetPoints()):
                    plain.AddPoint_2D(x, y)
                collected.AddGeometry(plain)
            self.one.append((collected.GetEnvelope(), collected, area))

    def crossed(self, way, end_m):
        """Does the way without end_m at both ends meet a barrier, waters left aside that hold its place?"""
        (px, py), (qx, qy) = way
        length = ((px - qx) ** 2 + (py - qy) ** 2) ** 0.5
        if length <= 2 * end_m:
            return False
        cut = end_m / length
        ax, ay, bx, by = px + cut * (qx - px), py + cut * (qy - py), qx - cut * (qx - px), qy - cut * (qy - py)
        line = ogr.CreateGeometryFromWkt(f"LINESTRING({ax!r} {ay!r},{bx!r} {by!r})")
        place = ogr.CreateGeometryFromWkt(f"POINT({px!r} {py!r})")
        for (x0, x1, y0, y1), lines, area in self.one:
            if max(ax, bx) < x0 or min(ax, bx) > x1 or max(ay, by) < y0 or min(ay, by) > y1:
                continue
            if lines.Intersects(line) and not (area is not None and area.Contains(place)):
                return True
        return False


def compare(name, free, barred, barriers):
    crossing, differs, doubtful, turned, alone = [], [], 0, 0, 0
    for venue, (_, way, snap) in free.items():
        reason, other, other_snap = barred[venue]
        if other is not None and barriers.crossed(other, END_M):
            crossing.append(venue)
        if way is None:
            continue
        is_crossed = barriers.crossed(way, END_M)
        if is_crossed != barriers.crossed(way, 0.0005):
            doubtful += 1
        elif is_crossed:
            turned += other is not None
            alone += other is None
            if (other == way) or (other is None and reason != "barrier") or (other is not None and other_snap < snap):
                differs.append(venue)
        elif other != way:
            differs.append(venue)
    check(f"{name}: no way of {sum(w is not None for _, w, _ in barred.values())} crosses a barrier", not crossing, ", ".join(crossing[:9]))
    check(f"{name}: ways that cross turn to another street or none ({turned}, {alone}), all others stay", not differs,
          ", ".join(f"{v} {free[v]} {barred[v]}" for v in differs[:5]))
    check(f"{name}: hardly any way ends at a barrier", doubtful < 10, str(doubtful))
    return turned, alone


def look(name, roads, source, geometries, box, crs, fewest):
    west, south, east, north = box
    folder = os.path.join(work, name)
    make_place(folder, west, south, east, north)
    draw = random.Random(3)
    write_json(os.path.join(folder, "venues.geojson"), [
        {"type": "Feature", "properties": {"id": f"v{i}", "name": f"v{i}"},
         "geometry": {"type": "Point", "coordinates": [round(draw.uniform(west, east), 7), round(draw.uniform(south, north), 7)]}}
        for i in range(VENUES)])
    runs = {}
    for kind, more in (("free", ""), ("barred", f"barriers: {{path: {source}}}\n")):
        made, _ = run_place(binary, folder, kind, f"[{roads}]", more + f"crs: {crs}", "[gpkg, csv]")
        if not check(f"{name}: the run with {kind} ways", made.returncode == 0, made.stderr[-1500:]):
            return
        runs[kind] = ways_of(os.path.join(folder, kind))
    turned, alone = compare(name, runs["free"], runs["barred"], Barriers(geometries, crs))
    check(f"{name}: barriers matter there", turned + alone >= fewest, f"{turned} turned, {alone} without a street")
    with open(os.path.join(folder, "barred", "run.json"), encoding="utf-8") as file:
        counted = json.load(file)["snapping"]["venues"]
    check(f"{name}: run.json counts them", counted["barrier"] == alone and abs(counted["turned_by_barrier"] - turned) <= 3,
          f"{counted}, here {turned} and {alone}")

    def straight(kind):
        with open(os.path.join(folder, kind, "internal", "cells.csv"), encoding="utf-8-sig") as file:
            rows = [line.split(",") for line in file.read().splitlines()]
        return [row[rows[0].index("straight_m")] for row in rows[1:]]
    check(f"{name}: straight distances are the same", straight("free") == straight("barred"))


def kinds():
    """Which records of layers are barriers: the issue no_barriers counts the others."""
    folder = os.path.join(work, "kinds")
    make_place(folder, *town)
    roads = os.path.join(root, "sample-data", "roads.osm")

    def layer(name, records):
        write_json(os.path.join(folder, name), [
            {"type": "Feature", "properties": r, "geometry": {"type": "LineString", "coordinates": [[130.8, 32.75 + 0.0001 * i], [130.81, 32.75]]}}
            for i, r in enumerate(records)])
    layer("cut.geojson", [{"fclass": c, "bridge": b, "tunnel": "F"} for c, b in (
        ("river", "F"), ("river", "T"), ("stream", "F"), ("tram", "F"), ("rail", "F"), ("用水路", "F"))])
    layer("n02.geojson", [{"N02_001": str(c)} for c in (11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 25)])
    layer("w05.geojson", [{"W05_001": "880001", "W05_003": "1", "W05_004": "川"}] * 2)
    for source, kind, wanted in (("cut.geojson", None, "of 6 records 1 run on bridges or in tunnels and 2 are"),
                                 ("cut.geojson", "stream|tram", "of 6 records 1 run on bridges or in tunnels and 3 are"),
                                 ("cut.geojson", "all", "of 6 records 1 run on bridges or in tunnels and 0 are"),
                                 ("n02.geojson", None, "of 12 records 0 run on bridges or in tunnels and 9 are"),
                                 ("n02.geojson", "21", "of 12 records 0 run on bridges or in tunnels and 11 are"),
                                 ("w05.geojson", None, None)):
        more = f"barriers: {{path: {source}{', kinds: ' + chr(34) + kind + chr(34) if kind else ''}}}"
        made, table = run_place(binary, folder, "kinds", f"[{roads}]", more + "\ncrs: EPSG:6670", "[csv]")
        said = [i["message"] for i in table("issues") if i["reason"] == "no_barriers"] if made.returncode == 0 else [made.stderr[-500:]]
        check(f"barriers of {source}, kinds {kind}", (said == [] if wanted is None else len(said) == 1 and said[0].startswith(wanted)), f"{said}")
    made, _ = run_place(binary, folder, "kinds", f"[{roads}]", "barriers: {path: w05.geojson, kinds: river}\ncrs: EPSG:6670", "[csv]")
    check("kinds without a column of kinds are refused", made.returncode == 2 and "no column holds them" in made.stderr, made.stderr[-500:])


os.makedirs(work, exist_ok=True)
town = (130.78, 32.735, 130.83, 32.775)
kinds()
rivers = os.path.join(work, "rivers.gpkg")
look("sample", os.path.join(root, "sample-data", "roads.osm"), rivers, made_barriers(rivers, *town), town, "EPSG:6670", 50)
for name, file, box, crs, fewest in (
        ("liechtenstein", "liechtenstein-2013-08-03.osm.pbf", (9.47, 47.05, 9.63, 47.27), "EPSG:32632", 15),
        ("tsukuba", "tsukuba-jp_tsukuba.osm", None, "EPSG:6677", 0)):
    path = os.path.abspath(os.path.join(data, "osm", file))
    if not os.path.exists(path):
        skip(f"barriers of {name}", f"no {path}")
        continue
    if box is None:
        dataset = ogr.Open(path)
        west, east, south, north = dataset.GetLayerByName("lines").GetExtent()
        box = (west, south, east, north)
    look(name, path, path, osm_barriers(path), box, crs, fewest)
done()
