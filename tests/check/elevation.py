"""Elevation inputs: XML tiles of the Geospatial Information Authority beside GeoTIFFs of the same heights, several tiles,
voids, rotated rasters, part of a town, the wrong place, bad files. Usage: elevation.py KAYOI WORK_DIR

The XML is written here in the published layout, the GeoTIFFs by GDAL; what a height costs is told by the streets."""
import json
import math
import os
import sys
import zipfile

import numpy as np
from osgeo import gdal, ogr, osr

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
ogr.UseExceptions()
binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
sample = os.path.join(root, "sample-data")
CELL = 1 / 3600  # coarser than the real ones, so that the check stays quick
WEST, NORTH, COLUMNS, ROWS = 130.77, 32.80, 225 * 4, 150 * 3  # the sample's town lies inside
rng = np.random.default_rng(3)
rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
HEIGHT = np.round(100 + 40 * np.sin(columns / 37) * np.cos(rows / 29) + rng.normal(0, 0.4, (ROWS, COLUMNS)), 2)


def write(name, text, encoding="utf-8"):
    path = os.path.join(work, name)
    with open(path, "w", encoding=encoding) as file:
        file.write(text)
    return path


def srs(code):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(code)
    return crs


def tif(name, z, west, north, cell=CELL, nodata=None, rotated=False, crs=6668):
    path = os.path.join(work, name)
    dataset = gdal.GetDriverByName("GTiff").Create(path, z.shape[1], z.shape[0], 1, gdal.GDT_Float32)
    # rotated by a quarter turn: the stored columns run southwards
    dataset.SetGeoTransform((west, 0, cell, north, -cell, 0) if rotated else (west, cell, 0, north, 0, -cell))
    if crs is not None:
        dataset.SetProjection(srs(crs).ExportToWkt())
    if nodata is not None:
        dataset.GetRasterBand(1).SetNoDataValue(nodata)
    dataset.GetRasterBand(1).WriteArray(z)
    del dataset
    return path


def xml(z, west, north, cell=CELL, datum="fguuid:jgd2011.bl", start=(0, 0), order="+x-y", lon_first=False, tuples=None,
        encoding="UTF-8"):
    """One tile in the layout of FG-GML-*-DEM5A-*.xml; NaN: void."""
    south, east = north - z.shape[0] * cell, west + z.shape[1] * cell
    low, high = (f"{west:.9f} {south:.9f}", f"{east:.9f} {north:.9f}") if lon_first else \
                (f"{south:.9f} {west:.9f}", f"{north:.9f} {east:.9f}")
    if tuples is None:
        flat = z.ravel()[start[1] * z.shape[1] + start[0]:]
        tuples = ["データなし,-9999." if math.isnan(v) else f"地表面,{v:.2f}" for v in flat]
    lines = "\n".join(tuples)
    return f"""<?xml version="1.0" encoding="{encoding}"?>
<Dataset xsi:schemaLocation="http://fgd.gsi.go.jp/spec/2008/FGD_GMLSchema FGD_GMLSchema.xsd"
         xmlns:gml="http://www.opengis.net/gml/3.2" xmlns="http://fgd.gsi.go.jp/spec/2008/FGD_GMLSchema"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" gml:id="Dataset1">
<gml:description>基盤地図情報メタデータ ID=fmdid:15-3101</gml:description>
<DEM gml:id="DEM001">
  <fid>fgoid:10-00100-15-60101-49302</fid>
  <type>5mメッシュ（標高）</type>
  <mesh>49302600</mesh>
  <coverage gml:id="DEM001-3">
    <gml:boundedBy><gml:Envelope srsName="{datum}">
      <gml:lowerCorner>{low}</gml:lowerCorner>
      <gml:upperCorner>{high}</gml:upperCorner>
    </gml:Envelope></gml:boundedBy>
    <gml:gridDomain><gml:Grid dimension="2" gml:id="DEM001-4">
      <gml:limits><gml:GridEnvelope>
        <gml:low>0 0</gml:low>
        <gml:high>{z.shape[1] - 1} {z.shape[0] - 1}</gml:high>
      </gml:GridEnvelope></gml:limits>
      <gml:axisLabels>x y</gml:axisLabels>
    </gml:Grid></gml:gridDomain>
    <gml:rangeSet><gml:DataBlock>
      <gml:rangeParameters><gml:QuantityList uom="DEM構成点"></gml:QuantityList></gml:rangeParameters>
<gml:tupleList>
{lines}
</gml:tupleList>
    </gml:DataBlock></gml:rangeSet>
    <gml:coverageFunction><gml:GridFunction>
      <gml:sequenceRule order="{order}">Linear</gml:sequenceRule>
      <gml:startPoint>{start[0]} {start[1]}</gml:startPoint>
    </gml:GridFunction></gml:coverageFunction>
  </coverage>
</DEM>
</Dataset>
"""


def packed(name, files):
    path = os.path.join(work, name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for member, content in files.items():
            if os.path.exists(content):
                z.write(content, member)
            else:
                z.writestr(member, content)
    return path


with open(os.path.join(sample, "kayoi.yaml"), encoding="utf-8") as file:
    CONFIG = file.read().replace("path: ", f"path: {sample}/").replace("facts: ", f"facts: {sample}/").replace("../out", os.path.join(work, "out"))


def run(name, sources, slope="tobler", **more):
    text = CONFIG.replace("walk:\n", f"walk:\n  slope: {slope}\n", 1)
    text += "\nelevation: " + json.dumps([dict(path=s, **more) for s in sources]) + "\n"
    path = write(name + ".yaml", text)
    return kayoi(binary, "run", path, "--lang", "en", "--out", os.path.join(work, name))


def costs(name):
    with open(os.path.join(work, name, "internal", "streets.geojson"), encoding="utf-8") as file:
        return {f["properties"]["street_id"]: f["properties"]["cost_m"] for f in json.load(file)["features"]}


def same(title, name, sources, reference, **more):
    result = run(name, sources, **more)
    if not check(f"{title}: runs", result.returncode == 0, result.stderr[-2500:]):
        return
    mine = costs(name)
    wrong = [f"street {k}: {v} m, expected {reference[k]} m" for k, v in mine.items() if abs(v - reference[k]) > 0.002]  # corners have 9 decimals in the XML
    check(f"{title}: {len(mine)} streets cost the same", not wrong, "\n".join(wrong[:5]))


whole = tif("whole.tif", HEIGHT, WEST, NORTH)
first = run("whole", [whole])
if not check("one GeoTIFF of the whole town", first.returncode == 0, first.stderr[-2500:]):
    done()
WHOLE = costs("whole")
with open(os.path.join(work, "whole", "internal", "streets.geojson"), encoding="utf-8") as file:
    lengths = {f["properties"]["street_id"]: f["properties"]["length_m"] for f in json.load(file)["features"]}
check("its slopes are felt", sum(WHOLE[k] > 1.02 * lengths[k] for k in WHOLE) > len(WHOLE) / 4)
check("every street has heights", "no_elevation" not in first.stderr, first.stderr)

same("XML of the same heights", "xml", [write("FG-GML-4930-26-DEM5A-20200101.xml", xml(HEIGHT, WEST, NORTH))], WHOLE)
same("XML in Shift_JIS", "sjis", [write("FG-GML-sjis.xml", xml(HEIGHT, WEST, NORTH, encoding="Shift_JIS"), "cp932")], WHOLE)
same("a rotated raster", "rotated", [tif("rotated.tif", HEIGHT.T.copy(), WEST, NORTH, rotated=True)], WHOLE)
same("a raster without CRS, given in the config", "nocrs", [tif("nocrs.tif", HEIGHT, WEST, NORTH, crs=None)], WHOLE,
     crs="EPSG:6668")

tiles = [(r, c) for r in range(0, ROWS, 150) for c in range(0, COLUMNS, 225)]
part = {t: HEIGHT[t[0]:t[0] + 150, t[1]:t[1] + 225] for t in tiles}
corner = {t: (WEST + t[1] * CELL, NORTH - t[0] * CELL) for t in tiles}
tifs = {f"t{r:04}_{c:04}.tif": tif(f"t{r:04}_{c:04}.tif", part[r, c], *corner[r, c]) for r, c in tiles}
xmls = {f"FG-GML-4930-26-{n:02}-DEM5A-20200101.xml": xml(part[t], *corner[t]) for n, t in enumerate(tiles)}
tif_zip = packed("tifs.zip", tifs)
run("tifs", [tif_zip])
TILED = costs("tifs")
description = {"fmdid15-3101.xml": "<?xml version='1.0'?><MD_Metadata/>"}
same("a zip of XML tiles, beside a zip of GeoTIFFs", "xmls", [packed("xmls.zip", {**xmls, **description})], TILED)
halves = [packed(f"half{i}.zip", dict(list(xmls.items())[i::2])) for i in range(2)]
same("zips in a zip", "nested", [packed("nested.zip", {f"half{i}.zip": h for i, h in enumerate(halves)})], TILED)
same("the same zips one by one, in the other order", "halves", halves[::-1], TILED)

holes = HEIGHT.copy()
holes[100:260, 200:500] = np.nan
tuples = xml(holes, WEST, NORTH)
voids = [(tif("holes.tif", np.where(np.isnan(holes), -9999, holes), WEST, NORTH, nodata=-9999), "declared"),
         (tif("holes2.tif", np.where(np.isnan(holes), -32768, holes), WEST, NORTH), "-32768"),
         (tif("holes3.tif", np.where(np.isnan(holes), -9999, holes), WEST, NORTH), "-9999 not declared")]
result = run("holes", [voids[0][0]])
HOLES = costs("holes")
check("voids: how much street has no height is said", "km of street have no elevation" in result.stderr and
      result.returncode == 0, result.stderr)
check("voids: and how many people live there", "live on a street whose height is not known everywhere" in result.stderr,
      result.stderr)
for source, how in voids[1:]:
    same(f"voids as {how}", "holes_" + how.split()[0].strip("-"), [source], HOLES)
same("voids in XML", "holes_xml", [write("holes.xml", tuples)], HOLES)

# a coarse raster under a fine one with a void: the fine one wherever it knows, whichever is given first
coarse = tif("coarse.tif", np.full((45, 90), 500.0), WEST, NORTH, CELL * 10)
same("a coarse raster below a whole fine one changes nothing", "under", [coarse, whole], WHOLE)
mixed = [run(f"mixed{i}", pair) for i, pair in enumerate(([coarse, voids[0][0]], [voids[0][0], coarse]))]
check("a coarse one fills the voids of a fine one", all(m.returncode == 0 and "no_elevation" not in m.stderr for m in mixed),
      mixed[0].stderr)
check("in whatever order they are given", costs("mixed0") == costs("mixed1"))

late = HEIGHT.copy()
late[:100, :] = np.nan
late[100, :77] = np.nan
LATE = tif("late.tif", np.where(np.isnan(late), -9999, late), WEST, NORTH, nodata=-9999)
run("late", [LATE])
same("XML that starts in the middle of its grid", "start", [write("start.xml", xml(late, WEST, NORTH, start=(77, 100)))],
     costs("late"))
early = HEIGHT.copy()
early[300:, :] = np.nan
run("early", [tif("early.tif", np.where(np.isnan(early), -9999, early), WEST, NORTH, nodata=-9999)])
cut_list = [f"地表面,{v:.2f}" for v in HEIGHT[:300].ravel()]
same("XML whose last rows are left out", "early_xml", [write("early.xml", xml(HEIGHT, WEST, NORTH, tuples=cut_list))],
     costs("early"))

elsewhere = run("elsewhere", [tif("elsewhere.tif", HEIGHT, WEST + 2, NORTH)])
check("elevation of another place: loud, and the run goes on flat",
      elsewhere.returncode == 0 and "elevation_elsewhere" in elsewhere.stderr and "no height for any street" in elsewhere.stderr,
      elsewhere.stderr)
check("then every street costs its length", costs("elsewhere") == lengths)

small, WEST, NORTH = HEIGHT[170:210, 300:350], WEST + 300 * CELL, NORTH - 170 * CELL  # in the middle of the town
lines = [f"地表面,{v:.2f}" for v in small.ravel()]
good = xml(small, WEST, NORTH)
bad = {
    "cut off": (good[:len(good) // 2], "cut off or not XML"),
    "too many heights": (xml(small, WEST, NORTH, tuples=lines + ["地表面,1.00"]), "more heights than its grid has cells"),
    "too many for its start point": (xml(small, WEST, NORTH, start=(2, 0), tuples=lines), "do not fit into its grid"),
    "longitude first": (xml(small, WEST, NORTH, lon_first=True), "latitude first"),
    "another order": (xml(small, WEST, NORTH, order="+y+x"), "an order other than +x-y"),
    "a word for a height": (xml(small, WEST, NORTH, tuples=lines[:-1] + ["地表面,高い"]), "not \"kind,number\""),
    "a monstrous grid": (good.replace("<gml:high>49 39<", "<gml:high>99999999 99999999<"), "size of its grid"),
    "a grid of nan": (good.replace("<gml:high>49 39<", "<gml:high>nan nan<"), "not two numbers"),
    "entities": (good.replace("<Dataset", '<!DOCTYPE a [<!ENTITY b "cccc">]>\n<Dataset', 1), "DOCTYPE"),
    "no datum": (xml(small, WEST, NORTH, datum="fguuid:unknown"), "does not say which coordinate reference system"),
    "an endless value": (xml(small, WEST, NORTH, tuples=["地表面," + "1" * 500]), "far too long"),
    "something else": ("<?xml version='1.0'?><KML/>", "not a tile of elevation"),
    "nothing": (" ", "cut off or not XML"),
}
for name, (text, message) in bad.items():
    result = run("bad", [write("bad.xml", text)])
    check(f"bad XML, {name}: refused with the reason", result.returncode == 3 and message in result.stderr, result.stderr[-600:])


def slope_meshes(name, vintage, slopes):
    """KSJ G04: text columns, `unknown` where there is nothing; a zipped shapefile as delivered. slopes: [row][column]."""
    folder = os.path.join(work, name)
    os.makedirs(folder, exist_ok=True)
    shape = os.path.join(folder, name + ".shp")
    source = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(shape)
    layer = source.CreateLayer(name, srs(4612), ogr.wkbPolygon, ["ENCODING=CP932"])
    columns = [f"G04{vintage}_{n:03}" for n in range(1, 11)]
    for column in columns:
        layer.CreateField(ogr.FieldDefn(column, ogr.OFTString))
    width, height = 0.25 / len(slopes[0]), 0.125 / len(slopes)
    for r, row in enumerate(slopes):
        for c, slope in enumerate(row):
            west, north = 130.77 + c * width, 32.80 - r * height
            record = ogr.Feature(layer.GetLayerDefn())
            for column, value in zip(columns, ["49300000", "123.4", "200", "50", "0", "30.1", "3", "0.1", "7", slope]):
                record.SetField(column, value)
            ring = ", ".join(f"{x} {y}" for x, y in ((west, north), (west + width, north), (west + width, north - height),
                                                    (west, north - height), (west, north)))
            record.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
            layer.CreateFeature(record)
    del layer, source
    return packed(name + ".zip", {f: os.path.join(folder, f) for f in sorted(os.listdir(folder)) if not f.endswith(".cpg")})


def terrains(name):
    with open(os.path.join(work, name, "internal", "gaps.geojson"), encoding="utf-8") as file:
        features = json.load(file)["features"]
    found = {}
    for f in features:
        west, east, _, _ = ogr.CreateGeometryFromJson(json.dumps(f["geometry"])).GetEnvelope()
        found[f["properties"]["gap_id"]] = (west, east, f["properties"]["terrain"])
    return found


# 1.0 degree is 1.7 %: town; 3.0 degrees 5.2 %: hills; 10 degrees 17.6 %: mountain; then nothing is known
EXPECTED = ["town", "hills", "mountain", None]
G04 = slope_meshes("G04-a-11_4930", "a", [["1.0", "3.0", "10", "unknown"]])
result = run("g04", [G04], slope="none")
if check("meshes of slope (KSJ G04): runs, and says what they are used for", result.returncode == 0 and
         "slope_grid_for_terrain" in result.stderr and "mean slopes of 3 meshes, 1 more are unknown" in result.stderr,
         result.stderr[-1500:]):
    wrong, looked = [], set()
    for gap, (west, east, terrain) in terrains("g04").items():
        left, right = int((west - 130.77) / 0.0625), int((east - 130.77) / 0.0625)
        if left != right:
            continue
        looked.add(terrain)
        if terrain != EXPECTED[left]:
            wrong.append(f"gap {gap}: {terrain}, expected {EXPECTED[left]}")
    check(f"terrain of gap areas by their mesh ({sorted(map(str, looked))})", not wrong and len(looked) >= 3, "\n".join(wrong[:5]))
result = run("g04_tobler", [G04])
check("meshes of slope are refused for walks, with the reason", result.returncode == 3 and "too coarse" in result.stderr,
      result.stderr[-600:])
same("heights beside meshes: walks by the heights", "both", [G04, whole], WHOLE)
both = terrains("both")
check("and the terrain too", all(both[g] == t for g, t in terrains("whole").items() if t[2] is not None), both)
fine = slope_meshes("G04-d-11_4930", "d", [["20"] * 16] * 8)
result = run("g04_fine", [G04, fine], slope="none")
check("finer meshes win over coarse ones", result.returncode == 0 and
      {t for _, _, t in terrains("g04_fine").values()} == {"mountain"}, result.stderr[-600:])
result = run("bad", [slope_meshes("G04-c-bad", "x", [["1"]])], slope="none")
check("a layer without slopes is refused", result.returncode == 3 and "slope_deg" in result.stderr, result.stderr[-600:])
result = run("bad", [packed("notes.zip", {"readme.txt": "nothing"})])
check("a zip without tiles is refused", result.returncode == 3 and "holds no" in result.stderr, result.stderr[-600:])
result = run("bad", [tif("bad.tif", HEIGHT, WEST, NORTH, crs=None)])
check("a raster without a CRS is refused", result.returncode == 3 and "coordinate reference system" in result.stderr,
      result.stderr[-600:])
done()
