"""Bad files: archives, shapefiles without their parts, encodings, feeds, rasters, links, odd names. Each ends in a clear
message or in an issue that says what, where, which record and what to do.

Usage: bad_files.py KAYOI [--show]   (--show prints what kayoi says, to be read)"""
import binascii
import io
import os
import re
import shutil
import struct
import sys
import tempfile
import zipfile

import numpy
from osgeo import gdal, ogr, osr

from broken import Bench
from runs import kayoi
from tap import check, done

gdal.UseExceptions()
ROLES = ("residents", "venues", "zones", "border", "roads", "sites", "official", "resources")


class Files:
    """A folder of files, and what `kayoi check FILE` says of them."""

    def __init__(self, binary, work):
        self.binary, self.work, self.count = binary, work, 0

    def folder(self):
        self.count += 1
        path = os.path.join(self.work, f"files{self.count}")
        os.mkdir(path)
        return path

    def look(self, name, path, status, words, *arguments):
        """kayoi check PATH ends with the status and says the words (regular expressions)."""
        made = kayoi(self.binary, "check", path, "--lang", "en", *arguments)
        said = made.stdout + made.stderr
        if "--show" in sys.argv:
            print(f"# {name}: " + "\n#   ".join(said.strip().splitlines()))
        missing = [w for w in words if not re.search(w, said)]
        return check(f"{name}: exit {status} and a clear message",
                     made.returncode == status and not missing and "Sanitizer" not in said and "runtime error" not in said,
                     f"exit {made.returncode}; not said: {missing}; said: {said[-700:]}")


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path


LIST = "番号,名称,経度,緯度\r\n1,中央公民館,131.25,33.95\r\n2,北公民館,131.26,33.96\r\n"


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def raw_zip(names, data, flags=0):
    """A zip of stored members whose names are these bytes, none marked as UTF-8; flags 1: says that they are encrypted."""
    members = directory = b""
    for name in names:
        head = (20, flags, 0, 0, 33, binascii.crc32(data), len(data), len(data), len(name), 0)
        directory += struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *head, 0, 0, 0, 0, len(members)) + name
        members += struct.pack("<4s5H3I2H", b"PK\3\4", *head) + name + data
    return members + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(members), 0)


def zip_bomb(path):
    """300 MB of zeros in less than 1 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("list.csv", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return path


def zip_cases(files):
    folder = files.folder()
    whole = zipped(list__csv=LIST * 500)
    files.look("a whole zip", write(folder, "good.zip", zipped(list__csv=LIST)), 0, ["2 records read"])
    files.look("truncated zip", write(folder, "cut.zip", whole[:len(whole) // 2]), 3, ["cut.zip", "damaged", "fetch it again"])
    broken = bytearray(whole)
    broken[60:70] = bytes(10)
    files.look("a zip with damaged content", write(folder, "broken.zip", bytes(broken)), 3, ["broken.zip", "(?i)damaged|end"])
    files.look("zip bomb", zip_bomb(os.path.join(folder, "bomb.zip")), 3, ["bomb.zip", "limits: 8 GB", "unpack it yourself"])
    files.look("zip of no bytes", write(folder, "none.zip", b""), 3, ["none.zip", "empty"])
    files.look("zip of no files", write(folder, "void.zip", zipped()), 3, ["void.zip", "empty"])
    files.look("zip in a zip", write(folder, "outer.zip", zipped(inner__zip=whole)), 3, ["outer.zip", "inner.zip", "(?i)unpack"])
    files.look("zip with a password", write(folder, "secret.zip", raw_zip([b"list.csv"], bytes(40), 1)), 3, ["secret.zip", "password"])
    files.look("zip without data", write(folder, "notes.zip", zipped(read_me__pdf="%PDF-1.4")), 3, ["notes.zip", "no file of a known format"])
    names = ("公民館一覧.csv", "集会所一覧.csv")
    for encoding, system in (("cp932", "Windows"), ("utf-8", "macOS")):
        coded = [name.encode(encoding) for name in names]
        one = write(folder, f"one {encoding}.zip", raw_zip(coded[:1], LIST.encode("cp932")))
        files.look(f"a name of {system} in a zip", one, 0, ["2 records read", "CP932"])
        path = write(folder, f"two {encoding}.zip", raw_zip(coded, LIST.encode()))
        files.look(f"names of {system} in a zip", path, 0, [f"{name}\n" for name in names])
        files.look(f"a member by its name of {system}", path + "/公民館一覧.csv", 0, ["公民館一覧.csv", "2 records read"])
        files.look(f"a member that is not there, {system}", path + "/公園.csv", 3, ["公園.csv", "公民館一覧.csv"])


def shapefile(folder, stem, codepage=None):
    path = os.path.join(folder, stem + ".shp")
    made = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(path)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(6668)
    layer = made.CreateLayer(stem, reference, ogr.wkbPoint, ["ENCODING=CP932"])
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for i, name in enumerate(("中央公民館", "北公民館", "南集会所")):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(0, name)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({131.25 + i / 100} 33.95)"))
        layer.CreateFeature(feature)
    layer = made = None
    if codepage is not None:
        write(folder, stem + ".cpg", codepage)
    return path


def shape_cases(files):
    folder = files.folder()
    files.look("a whole shapefile", shapefile(folder, "good"), 0, ["3 records read", "places with a name"])
    for part, words in (("shx", ["no_shx", r"\.shx", "give"]), ("dbf", ["no_dbf", r"\.dbf", "give"])):
        path = shapefile(folder, "no_" + part)
        os.remove(path[:-3] + part)
        files.look(f"shapefile without .{part}", path, 3, words)
    files.look("a .dbf alone", write(folder, "alone.dbf", b"\3" + bytes(40)), 3, [r"alone\.dbf", r"without its map \(\.shp\)"])
    path = shapefile(folder, "wrong_cpg", "UTF-8")
    files.look("wrong .cpg: UTF-8 over CP932", path, 0, ["3 x bad_encoding", "record 1", "declare encoding: CP932"])
    path = shapefile(folder, "latin_cpg", "ISO-8859-1")
    files.look("wrong .cpg: Latin over CP932", path, 0, ["encoding_doubtful", "CP932", r"\.cpg"])
    path = shapefile(folder, "odd_cpg", "JAPANESE")
    files.look("a .cpg that names nothing", path, 0, ["encoding_unknown", "JAPANESE"])
    path = shapefile(folder, "cut")
    with open(path, "r+b") as file:
        file.truncate(120)
    files.look("truncated .shp", path, 3, ["cut.shp"])


def text_cases(files):
    folder = files.folder()
    files.look("mixed encodings", write(folder, "mixed.csv", LIST.encode() + "3,南公民館,131.27,33.97\r\n".encode("cp932")), 0,
               ["encoding_mixed", "row 4|3", "3 records read", "save the file again in one encoding"])
    files.look("bytes that are no text", write(folder, "bytes.csv", LIST.encode() + b"3,\xff\xfe\xfd,131.27,33.97\r\n"), 0, ["bad_encoding", r"\\xFF"])
    files.look("zero bytes", write(folder, "zero.csv", LIST.encode().replace("北".encode(), b"\0")), 3, ["zero.csv", r"byte \d+ is zero"])
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        files.look(f"Unicode text of Excel in {encoding}", write(folder, f"{encoding}.csv", LIST.replace(",", "\t").encode(encoding)),
                   0 if encoding == "utf-16" else 3, ["2 records read", "TSV"] if encoding == "utf-16" else ["UTF-16"])
    files.look("sep=; of Excel", write(folder, "sep.csv", "sep=;\r\n" + LIST.replace(",", ";")), 0, ["2 records read"])
    files.look("a title above the header", write(folder, "title.csv", "公民館一覧,,,\r\n令和6年4月1日,,,\r\n" + LIST), 0,
               ["header_not_first", "row 3", "公民館一覧", "2 records read"])
    for i, (lat, lon) in enumerate((("緯度（世界測地系）", "経度（世界測地系）"), ("北緯", "東経"), ("施設_緯度", "施設_経度"), ("Latitude", "Longitude"))):
        files.look(f"coordinates called {lat}", write(folder, f"called{i}.csv", f"全国地方公共団体コード,施設名,{lat},{lon}\n352012,中央,33.95,131.25\n"), 0,
                   ["1 records read, 0 of them", r"extent 131\.2500"])
    files.look("degrees, minutes and seconds in columns of their own", write(folder, "three.csv", "施設名,緯度（度）,緯度（分）,緯度（秒）,経度（度）,経度（分）,経度（秒）\n中央,33,57,0,131,15,0\n"),
               0, ["1 records read, 0 of them", r"extent 131\.2500 to 131\.2500 E, 33\.9500"])
    files.look("a quote that never closes", write(folder, "quote.csv", LIST + '3,"南公民館,131.27,33.97\r\n'), 3, ["quote.csv", r'quote \("\) in row 4'])
    files.look("a web page named .csv", write(folder, "page.csv", "<!DOCTYPE html><html>404</html>"), 3, ["web page", "fetch the file again"])
    files.look("a PDF named .csv", write(folder, "print.csv", "%PDF-1.4 ..."), 3, ["PDF"])
    files.look("a web page named .geojson", write(folder, "page.geojson", "<html>404</html>"), 3, ["web page", "fetch it again"])
    files.look("JSON that is no map", write(folder, "odd.json", '{"status": "error"}'), 3, ["not a map", "status"])
    files.look("an old spreadsheet", write(folder, "old.xls", b"\xd0\xcf\x11\xe0" + bytes(600)), 3, [r"\.xls", "save it as"])
    files.look("a spreadsheet with a password", write(folder, "locked.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)), 3, ["password", "save it as"])
    for role in ROLES:
        for name in ("empty.csv", "empty.geojson", "empty.zip"):
            path = write(folder, f"{role}_{name}", b"")
            files.look(f"an empty {name} as {role}", path, 3, ["empty"], "--as", role)


def link_cases(files):
    folder = files.folder()
    write(folder, "公民館 一覧 🏠.csv", LIST)
    os.symlink(".", os.path.join(folder, "loop"))
    os.symlink("b.csv", os.path.join(folder, "a.csv"))
    os.symlink("a.csv", os.path.join(folder, "b.csv"))
    os.mkfifo(os.path.join(folder, "pipe.csv"))
    os.symlink("/dev/zero", os.path.join(folder, "device.csv"))
    out = os.path.join(files.work, "project 🏠 計画")
    made = kayoi(files.binary, "init", out, "--from", folder, "--lang", "en")
    said = made.stdout + made.stderr
    words = ["公民館 一覧 🏠.csv: public halls", r"loop\n.*link to a folder; not followed", r"a.csv\n.*leads back to itself", r"b.csv\n.*leads back to itself",
             r"pipe.csv\n.*not an ordinary file", r"device.csv\n.*not an ordinary file"]
    missing = [w for w in words if not re.search(w, said)]
    check("init --from a folder with loops, a pipe and a device", made.returncode == 0 and not missing, f"exit {made.returncode}, not said {missing}: {said}")
    files.look("a link to itself", os.path.join(folder, "a.csv"), 3, ["(?i)too many levels of symbolic links"], "--as", "sites")
    files.look("a pipe", os.path.join(folder, "pipe.csv"), 3, ["pipe.csv", "not an ordinary file"])
    files.look("a device", os.path.join(folder, "device.csv"), 3, ["device.csv", "not an ordinary file"])
    files.look("a folder that is read as data", folder, 0, ["2 records read", "not followed"])


FEED = {"agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1,市営バス,https://example.jp,Asia/Tokyo\n",
        "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,駅前,32.745,130.86\nB,市役所,32.750,130.87\n",
        "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nR,1,1,本線,3\n",
        "trips.txt": "route_id,service_id,trip_id\nR,平日,T1\nR,平日,T2\n",
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1,23:50:00,23:50:00,A,1\nT1,24:10:00,24:10:00,B,2\n"
                          "T2,25:30:00,25:30:00,A,1\nT2,25:50:00,25:50:00,B,2\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n平日,1,1,1,1,1,0,0,20260401,20260930\n"}


def feed(folder, name, without=(), **changed):
    path = os.path.join(folder, name)
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in FEED.items():
            if member not in without:
                archive.writestr(member, changed.get(member[:-4], text))
    return path


def feed_cases(files):
    folder = files.folder()
    files.look("times past 24:00", feed(folder, "late.zip"), 0, ["2 records read", "2 trips; counted on 2026-\\d\\d-\\d\\d: 2 trips"])
    for member in ("stops.txt", "trips.txt", "stop_times.txt", "calendar.txt"):
        files.look(f"GTFS without {member}", feed(folder, f"no_{member}.zip", (member,)), 3, [member.replace(".", r"\."), "no_"], "--as", "transit.feeds")
    files.look("a time that is none", feed(folder, "time.zip", stop_times=FEED["stop_times.txt"].replace("25:30:00,25:30:00", "25:90:00,halb neun")), 0,
               ["stop_times.txt", "25:90:00|halb neun"])
    files.look("a stop without coordinates", feed(folder, "stop.zip", stops=FEED["stops.txt"].replace("32.750,130.87", ",")), 0, ["B"])
    files.look("an id that nothing has", feed(folder, "id.zip", stop_times=FEED["stop_times.txt"].replace(",B,2", ",C,2")), 0, ["C"])


def dem(path, west, north, driver="GTiff"):
    made = gdal.GetDriverByName(driver).Create(path, 20, 20, 1, gdal.GDT_Float32)
    made.SetGeoTransform((west, 0.01, 0, north, 0, -0.01))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(6668)
    made.SetProjection(reference.ExportToWkt())
    made.GetRasterBand(1).WriteArray(numpy.full((20, 20), 12, "float32"))
    made = None


def far_dem(town):
    dem(town.path("dem.tif"), 135.0, 35.0)
    town.write("kayoi.yaml", town.text("kayoi.yaml") + "\nelevation: [dem.tif]\n")


def text_as_dem(town):
    town.write("dem.tif", "not a raster\n")
    town.write("kayoi.yaml", town.text("kayoi.yaml") + "\nelevation: [dem.tif]\n")


def other_prefecture(town):
    """The whole grid two first-level meshes to the north: codes that begin with 51 instead of 49."""
    name = town.grid(lambda rows: [["51" + row[0][2:]] + row[1:2] + ["51" + row[2][2:] if row[2] else row[2]] +
                                   [";".join("51" + code[2:] for code in row[3].split(";")) if row[3] else row[3]] + row[4:] for row in rows])
    os.rename(town.path(name), town.path(name.replace("4930", "5130")))
    town.set(name, name.replace("4930", "5130"))


def other_grid_too(town):
    """The right grid, and one of another prefecture beside it."""
    name = next(n for n in os.listdir(town.folder) if n.startswith("tbl"))
    shutil.copy(town.path(name), town.path("kept"))
    other_prefecture(town)
    os.rename(town.path("kept"), town.path(name))
    other = name.replace("4930", "5130")
    town.set(f"  - path: {other}\n", f"  - path: {name}\n    crs: EPSG:6668\n  - path: {other}\n")


def odd_names(town):
    """Everything under a folder with a space, Japanese and an emoji."""
    moved = os.path.join(os.path.dirname(town.folder), "通い 🏠 の場 " + os.path.basename(town.folder))
    os.rename(town.folder, moved)
    town.folder, town.config = moved, os.path.join(moved, "kayoi.yaml")
    os.rename(town.path("venues.csv"), town.path("通い の場🏠.csv"))
    town.set("path: venues.csv", 'path: "通い の場🏠.csv"')


def emoji_venue(town):
    odd_names(town)

    def change(records):
        for record in records:
            if record["No"] == "3":
                record["名称"] = "  サロン 🌸　花 "
    text = town.text("通い の場🏠.csv", "utf-8-sig")
    town.write("venues.csv", text, "utf-8-sig")
    town.venues(change)
    os.rename(town.path("venues.csv"), town.path("通い の場🏠.csv"))


def town_cases(bench):
    bench.issue("a DEM that does not cover the town", far_dem, "no_elevation_anywhere", None, lambda t: None if any(
        i["reason"] == "elevation_elsewhere" and "dem.tif" in i["source"] for i in t["issues"]) else "the file is not named", "no height for any street")
    bench.fails("a text that is named .tif", text_as_dem, 3, [r"dem\.tif"])
    bench.fails("a grid of another prefecture", other_prefecture, 3, ["none of 113 cells", "grid of another place"])
    bench.issue("a grid of another prefecture beside the right one", other_grid_too, "residents_elsewhere", None, lambda t: None if any(
        "5130" in i["source"] for i in t["issues"] if i["reason"] == "residents_elsewhere") else "the grid is not named")
    bench.fails("roads that are the residents", lambda t: t.set("path: roads.osm", "path: zones.geojson"), 3, ["zones.geojson", "cannot be roads"])
    bench.issue("names with spaces, Japanese and emoji", emoji_venue, None, None, lambda t: None if any(
        "サロン 🌸　花" in v["name"] for v in t["venues"]) else "the name was changed")


def same_file_cases(bench):
    """One file in two roles is said by check; in one role twice it stops the run."""
    town = bench.town()
    town.write("kayoi.yaml", town.text("kayoi.yaml").replace("    - path: public_halls.geojson\n", "    - path: venues.csv\n    - path: public_halls.geojson\n", 1))
    made = kayoi(bench.binary, "check", town.config, "--lang", "en")
    check("two roles point at one file: check says so", made.returncode == 0 and "same_file" in made.stdout, f"exit {made.returncode}: {made.stdout[-900:]}{made.stderr[-300:]}")
    bench.fails("one file twice in one role", lambda t: t.write("kayoi.yaml", t.text("kayoi.yaml").replace("venues:\n", "venues:\n  - path: venues.csv\n", 1)), 2,
                ["venues.csv", "same data", "remove one of the two"])


def main():
    work = tempfile.mkdtemp(prefix="kayoi-bad.")
    try:
        files = Files(sys.argv[1], work)
        for cases in (zip_cases, shape_cases, text_cases, link_cases, feed_cases):
            cases(files)
        bench = Bench(sys.argv[1], work)
        if bench.is_ready:
            town_cases(bench)
            same_file_cases(bench)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    done()


main()
