"""What portals find: keys, CRS, comments and names of views, one zone as JSON, tiles; compared with the sample's own layers
as GDAL reads them. Usage: portals.py KAYOI WORK_DIR"""
import json
import math
import os
import re
import shutil
import sys

from osgeo import gdal, ogr, osr

from cluster import Cluster, has_extension
from published import Layer, login, migrate, must, psql, publish, square
from sample_layers import sample_layers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import kayoi, sample  # noqa: E402
from tap import check, done, skip  # noqa: E402

gdal.UseExceptions()
ogr.UseExceptions()
binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WORLD = 20037508.342789244


def shapes_of_views(db, layers, srid):
    reserved = {row[0] for row in db.sql("select word from pg_get_keywords() where catcode in ('R', 'T')")}
    columns = db.sql("select table_name, column_name from information_schema.columns where table_schema = 'kayoi_public'")
    bad = [c for c in columns if c[1] in reserved or not re.fullmatch(r"[a-z_][a-z0-9_]*", c[1])]
    check("no column of any view is a reserved word or needs quotes", not bad and len(columns) > 500, bad)
    views = [row[0] for row in db.sql("select table_name from information_schema.views where table_schema = 'kayoi_public'")]
    check("no view is named by a reserved word", not reserved & set(views) and len(views) > 60, reserved & set(views))
    short = db.sql("select c.relname from pg_class c where relnamespace = 'kayoi_public'::regnamespace and relkind = 'v' and "
                   "coalesce(obj_description(c.oid), '') !~ '[ぁ-ん一-龥ァ-ヶ].* / .*[a-z]'")
    check("every view has a comment in Japanese and English", short == [], short)
    short = db.sql("select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid where relnamespace in "
                   "('kayoi_public'::regnamespace, 'kayoi'::regnamespace) and relkind = 'v' and attnum > 0 and not attisdropped and "
                   "c.relname not in ('runs', 'layers', 'gt_pk_metadata') and coalesce(col_description(c.oid, attnum), '') !~ '[ぁ-ん一-龥ァ-ヶ].* / .*[a-z]'")
    check("every column of a layer has a comment in Japanese and English", short == [], short[:5])
    spatial = {name for (_, name), layer in layers.items() if layer.geometry is not None}
    rows = db.sql("select f_table_name, type, srid, coord_dimension from geometry_columns where f_table_schema = 'kayoi_public'")
    want = {(n + end, layers["public", n].geometry, str(srid), "2") for n in spatial for end in ("", "_by_run")}
    check("type and CRS of every geometry are known", {tuple(r) for r in rows} == want, want ^ {tuple(r) for r in rows})
    keys = {tuple(r) for r in must(db, "portal", "select table_schema, table_name, pk_column, pk_policy from kayoi_public.gt_pk_metadata")}
    check("GeoServer is told the key of every view", keys == {("kayoi_public", v, "gid", "assigned") for v in views
                                                             if v not in ("runs", "layers", "gt_pk_metadata")}, keys)
    many = [v for v in views if v not in ("runs", "layers", "gt_pk_metadata") and db.sql(
        f"select count(*), count(distinct gid) from kayoi_public.{v}")[0] != [db.sql(f"select count(*) from kayoi_public.{v}")[0][0]] * 2]
    check("the key is unique in every view", many == [], many)
    titles = must(db, "portal", "select layer, row_count from kayoi_public.layers where is_latest order by 1")
    want = sorted([k[1], str(len(v.rows))] for k, v in layers.items())
    check("the list of layers has all of them and their rows", titles == want, (titles, want))


def as_gdal_sees(db, folder):
    """The views through GDAL's PostgreSQL driver, as a portal's user, beside the GeoPackage."""
    package = ogr.Open(os.path.join(folder, "internal", "kayoi.gpkg"))
    here = ogr.Open(f"PG:host={db.folder} user=portal dbname={db.database} schemas=kayoi_public")
    for name in ("cells", "gaps", "venues", "streets", "zones"):
        a, b = package.GetLayer(name), here.GetLayer(name)
        fields = [(a.GetLayerDefn().GetFieldDefn(i).GetName()) for i in range(a.GetLayerDefn().GetFieldCount())]
        taken = [f if b.GetLayerDefn().GetFieldIndex(f) >= 0 else f + "_" for f in fields]
        b.SetAttributeFilter(None)
        here_rows = sorted(([f.GetField("gid")] + [f.GetField(t) for t in taken],
                            f.GetGeometryRef().ExportToWkb() if f.GetGeometryRef() is not None else None) for f in b)
        file_rows = [([f.GetField(n) for n in fields], f.GetGeometryRef().ExportToWkb() if f.GetGeometryRef() is not None else None) for f in a]

        def same(x, y):
            return x == y or (x is not None and y is not None and not isinstance(x, str) and math.isclose(float(x), float(y), rel_tol=1e-12, abs_tol=1e-9))
        wrong = [(n, x, y) for h, f in zip(here_rows, file_rows) for n, x, y in zip(fields, h[0][1:], f[0]) if not same(x, y)]
        good = len(here_rows) == len(file_rows) and all(
            all(same(x, y) for x, y in zip(h[0][1:], f[0])) and h[1] == f[1] for h, f in zip(here_rows, file_rows))
        check(f"{name}: rows and shapes are those of the file", good and len(file_rows) > 0, (len(here_rows), len(file_rows), wrong[:3]))
        code = b.GetSpatialRef().GetAuthorityCode(None)
        check(f"{name}: its CRS is that of the file", code == a.GetSpatialRef().GetAuthorityCode(None), code)


def tile_of(lon, lat, z):
    n = 1 << z
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)


def decoded(db, layer, z, x, y, params="{}"):
    """Features of a tile as GDAL's MVT driver reads them: {gid: (attributes, geometry)}; None: an empty tile."""
    rows, error = psql(db, "portal", f"select encode(kayoi_public.{layer}_mvt({z}, {x}, {y}, '{params}'), 'hex')")
    if error is not None:
        raise RuntimeError(error)
    if rows[0][0] == "":
        return None
    path = f"/vsimem/{layer}-{z}-{x}-{y}.pbf"
    gdal.FileFromMemBuffer(path, bytes.fromhex(rows[0][0]))
    tile = gdal.OpenEx(path, open_options=[f"X={x}", f"Y={y}", f"Z={z}", "CLIP=NO"])
    found = {}
    names = [tile.GetLayer(i).GetName() for i in range(tile.GetLayerCount())]
    assert names == [f"kayoi_public.{layer}_mvt"], names
    for feature in tile.GetLayer(0):
        found[feature.GetField("mvt_id")] = (feature.items(), feature.GetGeometryRef().Clone())
    gdal.Unlink(path)
    return found


def some_tile(db):
    """Zoom, column and row of a tile with gaps."""
    lon, lat = (float(v) for v in db.sql("select st_x(p), st_y(p) from (select st_transform(st_pointonsurface(geom), 4326) p from "
                                         "kayoi_public.gaps order by st_area(geom) desc limit 1) x")[0])
    return 12, *tile_of(lon, lat, 12)


def measure(shape):
    """Area and length, of whatever it is."""
    flat = shape.GetDimension()
    return shape.Area() if flat == 2 else 0.0, (shape.Boundary() if flat == 2 else shape).Length() if flat > 0 else 0.0


def tiles(db, srid):
    plane, web, degrees = osr.SpatialReference(), osr.SpatialReference(), osr.SpatialReference()
    for reference, code in ((plane, srid), (web, 3857), (degrees, 4326)):
        reference.ImportFromEPSG(code)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to_web, to_degrees = osr.CoordinateTransformation(plane, web), osr.CoordinateTransformation(plane, degrees)
    here = ogr.Open(f"PG:host={db.folder} user=portal dbname={db.database} schemas=kayoi_public")
    for layer in ("venues", "gaps", "streets", "cells"):
        source = here.GetLayer(layer)
        rows = {f.GetField("gid"): (f.items(), f.GetGeometryRef().Clone()) for f in source if f.GetGeometryRef() is not None}
        lon, lat, _ = to_degrees.TransformPoint(*next(iter(rows.values()))[1].Centroid().GetPoint_2D())
        seen, wrong = 0, []
        for z in (0, 5, 9, 12, 14, 16):
            x, y = tile_of(lon, lat, z)
            side = 2 * WORLD / (1 << z)
            left, top = -WORLD + x * side, WORLD - y * side
            frame = square(left - side / 64, top - side - side / 64, side * (1 + 2 / 64))
            frame = ogr.CreateGeometryFromWkt(frame)
            inner, pixel = frame.Buffer(-side / 32), (side / 4096) ** 2
            got = decoded(db, layer, z, x, y) or {}
            for gid, (values, shape) in rows.items():
                moved = shape.Clone()
                moved.Transform(to_web)
                area, length = measure(moved)
                if moved.Intersects(inner) and gid not in got and (shape.GetDimension() == 0 or area > pixel * 40 or (shape.GetDimension() == 1 and length > side / 400)):
                    wrong.append((z, gid, "missing"))
                if gid not in got:
                    continue
                seen += 1
                if not moved.Intersects(frame):
                    wrong.append((z, gid, "does not belong there"))
                if got[gid][1].Difference(moved.Buffer(side / 4096 * 2)).GetGeometryCount() + measure(got[gid][1].Difference(moved.Buffer(side / 4096 * 2)))[0] > 0:
                    wrong.append((z, gid, "elsewhere"))
                if z == 16:
                    for name, value in values.items():
                        shown = got[gid][0].get(name)
                        if name != "gid" and not (shown == value or (value is not None and shown is not None and (
                                bool(shown) == value if isinstance(value, bool) else not isinstance(value, str) and not isinstance(shown, str) and math.isclose(shown, value, rel_tol=1e-9)))):
                            wrong.append((z, gid, name, value, shown))
            if set(got) - set(rows):
                wrong.append((z, "unknown ids", set(got) - set(rows)))
        check(f"{layer}: tiles at six zooms hold its rows, where they are", not wrong and seen > 20, (seen, wrong[:5]))
    for what, tile in (("beside the layer", (9, 0, 0)), ("on the other side of the earth", (4, 3, 12)), ("that does not exist", (3, 8, 0)),
                       ("of a negative zoom", (-1, 0, 0)), ("of an absurd zoom", (40, 1, 1))):
        check(f"a tile {what} is empty", decoded(db, "gaps", *tile) is None)
    check("a tile of no number is empty", psql(db, "portal", "select length(kayoi_public.gaps_mvt(null, 1, 1))")[0] == [["0"]])
    shape = db.sql("select p.proname, p.proargnames[1:3], p.prorettype::regtype, p.proargtypes[0:2] from pg_proc p where "
                   "pronamespace = 'kayoi_public'::regnamespace and proname like '%\\_mvt'")
    check("functions of tiles are what tile servers look for",
          len(shape) >= 8 and all(s[1:] == ["{z,x,y}", "bytea", "{23,23,23}"] for s in shape), shape[:2])
    kept = psql(db, "portal", "select kayoi_public.gaps_mvt(x => 14, y => 6, z => 4)")[1]
    check("called by names of arguments", kept is None, kept)


def zone_sheets(db):
    """Against rows written here by hand."""
    zones = [("zone_id", "text", 0), ("name", "text", 0), ("level", "text", 0), ("pop_65", "fixed", 3), ("covered_65", "fixed", 3),
             ("covered_65_1000", "fixed", 3), ("covered_65_500", "fixed", 3), ("venues_count", "fixed", 0), ("people_date", "text", 0), ("hidden", "text", 0)]
    rows = [("N", "北", "zone", "100.500", "40.250", "60.125", "40.250", 3, "2025-10-01", None, square(0, 0, 1000)),
            ("S", "南", "zone", None, None, None, None, 0, None, "pop_65", square(0, -1000, 1000))]
    gaps = Layer("空白地帯", "MULTIPOLYGON", [("gap_id", "text", 0), ("zone_id", "text", 0), ("people_65", "fixed", 3)],
                 [("g2", "N", "5.000", square(1, 1, 9)), ("g1", "N", "7.000", square(20, 1, 9)), ("g3", "S", None, None)])
    sites = Layer("候補地", "POINT", [("site_id", "text", 0), ("zone_id", "text", 0), ("order", "fixed", 0)], [("s1", "N", 1, "POINT(5 5)")])
    base = {("public", "zones"): Layer("圏域", "MULTIPOLYGON", zones, rows)}
    check("before anything is published a sheet is null", must(db, "portal", "select kayoi_public.zone_sheet('N')") == [[None]])

    def sheet(call):
        return json.loads(must(db, "portal", f"select kayoi_public.zone_sheet({call})")[0][0])
    publish(db, "night", base, municipality="35202", dates={"people": "2020-10-01", "venues": "2026-04-01"})
    bare = sheet("'N'")
    check("without public gaps, sites and venues these are null, not empty",
          [bare["gaps"], bare["sites"], bare["mobility"], bare["strengths"]["venues"]] == [None] * 4, bare)
    publish(db, "night", {**base, ("public", "gaps"): gaps, ("public", "sites"): sites,
                          ("internal", "venues"): Layer("通いの場", "POINT", [("venue_id", "text", 0), ("zone_id", "text", 0)], [("v", "N", "POINT(1 1)")])},
            municipality="35202", dates={"people": "2020-10-01", "venues": "2026-04-01"})
    made = sheet("'N'")
    keys = list(made)
    check("strengths come first, dates last", keys.index("strengths") < min(keys.index(k) for k in ("people", "coverage", "gaps", "targets"))
          and keys[-1] == "dates", keys)
    check("figures are the rows'", (made["zone_name"], made["people"]["pop_65"], made["coverage"]["covered_65"], made["strengths"]["figures"]) ==
          ("北", 100.5, 40.25, {"venues_count": 3}), made)
    check("bands in the order of their metres", [k for k in made["coverage"] if k.startswith("covered_65_")] ==
          ["covered_65_500", "covered_65_1000"], made["coverage"])
    check("gaps and sites of the zone, in their order", [g["gap_id"] for g in made["gaps"]] == ["g2", "g1"] and
          [(s["site_id"], s["order_"]) for s in made["sites"]] == [("s1", 1)], made)
    check("dates: the zone's own, else the run's", (made["dates"]["people"], made["dates"]["venues"], made["dates"]["participants"]) ==
          ("2025-10-01", "2026-04-01", None), made["dates"])
    check("a public layer only: venues that are internal stay unknown", made["strengths"]["venues"] is None, made["strengths"])
    south = sheet("'S'")
    check("unknown is null, none is 0 and empty", south["people"]["pop_65"] is None and south["strengths"]["figures"]["venues_count"] == 0
          and south["sites"] == [] and south["dates"]["people"] == "2020-10-01", south)
    check("what is hidden is named", south["hidden"] == {"hidden": "pop_65"} and made["hidden"] == {"hidden": None}, south["hidden"])
    check("no such zone is null", must(db, "portal", "select kayoi_public.zone_sheet('X')") == [[None]])
    for bad in ("'; drop table kayoi.run; --", "N' or '1'='1", "%I %L", "\\", "👵"):
        quoted = bad.replace("'", "''")
        check(f"a zone named {bad!r} is null", must(db, "portal", f"select kayoi_public.zone_sheet('{quoted}')") == [[None]])
    publish(db, "night", base, municipality="43100")
    _, error = psql(db, "portal", "select kayoi_public.zone_sheet('N')")
    check("a zone of two municipalities asks which", error is not None and "KY007" in error and "35202, 43100" in error, error)
    check("and is answered when told", sheet("'N', '43100'")["municipality"] == {"code": "43100", "name": "宇部市"})
    db.psql("drop schema kayoi cascade; drop schema kayoi_public cascade")


if not has_extension("postgis"):
    skip("views for portals", "PostGIS is not installed")
    done()
shutil.rmtree(work, ignore_errors=True)
made = kayoi(binary, "run", sample, "--out", os.path.join(work, "out"), "--lang", "en")
check("the sample runs", made.returncode == 0, made.stderr)
with Cluster(extensions=["postgis"]) as cluster:
    migrate(binary, cluster)
    login(cluster, "night", "kayoi_writer")
    login(cluster, "portal", "kayoi_reader")
    zone_sheets(cluster)
    migrate(binary, cluster)
    everything, crs = sample_layers(os.path.join(work, "out"))
    publish(cluster, "night", everything, srid=crs, run_name="計画 2026")
    shapes_of_views(cluster, everything, crs)
    as_gdal_sees(cluster, os.path.join(work, "out"))
    tiles(cluster, crs)
    place = some_tile(cluster)
    first = decoded(cluster, "gaps", *place)
    publish(cluster, "night", {("public", "gaps"): Layer("空白地帯", "MULTIPOLYGON", everything["public", "gaps"].columns, [])}, srid=crs)
    check("tiles of an empty layer are empty", decoded(cluster, "gaps", *place) is None)
    check("tiles of a named run are those of that run", decoded(cluster, "gaps", *place, '{"run_name": "計画 2026"}').keys() == first.keys())
    check("tiles of a run that is not there are empty", decoded(cluster, "gaps", *place, '{"run_name": "x"}') is None)
done()
