"""How a text table is written is said, in words and for programs: separator, byte order mark, encoding, line feeds in quotes, a
title above the header, full-width headers and digits, a spreadsheet named .csv. And where one point lies in the municipality.

Usage: dialects.py KAYOI WORK_DIR"""
import json
import os
import shutil
import sys

from osgeo import gdal

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()

HEADER = ["No", "名称", "所在地", "定員", "緯度", "経度"]
ROWS = [["1", "北の集い", "北原1-1", "20", "32.75", "130.85"], ["2", "南の集い", "川南2-2", "15", "32.73", "130.86"]]


def text(separator=",", end="\r\n", header=HEADER, rows=ROWS, title=""):
    return title + "".join(separator.join(row) + end for row in [header, *rows])


def wide(value):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


WIDE_ROWS = [[*row[:3], wide(row[3]), wide(row[4]), row[5]] for row in ROWS]
TWO_LINES = [["1", '"北の\r\n集い"', *ROWS[0][2:]], ROWS[1]]
PLAIN = {"separator": "comma", "byte_order_mark": False, "quoted_line_feeds": False, "header_row": 1, "other_width_names": False,
         "full_width_digits": False}
CASES = {  # name: bytes, encoding, what differs from PLAIN, words in their order
    "plain.csv": (text().encode(), "UTF-8", {}, "comma-separated"),
    "cp932.csv": (text().encode("cp932"), "CP932", {}, "comma-separated"),
    "mark.csv": (text().encode("utf-8-sig"), "UTF-8", {"byte_order_mark": True}, "comma-separated, byte order mark"),
    "utf16.txt": (text("\t").encode("utf-16"), "UTF-8", {"separator": "tab", "byte_order_mark": True},
                  "tab-separated, byte order mark"),
    "tabs.csv": (text("\t").encode("cp932"), "CP932", {"separator": "tab"}, "tab-separated though named .csv"),
    "tabs.tsv": (text("\t").encode(), "UTF-8", {"separator": "tab"}, "tab-separated"),
    "semicolons.csv": (text(";", "\n").encode(), "UTF-8", {"separator": "semicolon"}, "semicolon-separated"),
    "sep.csv": (("sep=;\n" + text(";", "\n")).encode(), "UTF-8", {"separator": "semicolon", "header_row": 2},
                "semicolon-separated, first line sep=, header in row 2"),
    "lines.csv": (text(rows=TWO_LINES).encode(), "UTF-8", {"quoted_line_feeds": True}, "comma-separated, line feeds in quotes"),
    "title.csv": (text(title="通いの場一覧,,,,,\r\n令和7年4月,,,,,\r\n").encode("cp932"), "CP932", {"header_row": 3},
                  "comma-separated, header in row 3"),
    "wide.csv": (text(header=["Ｎｏ", *HEADER[1:]], rows=WIDE_ROWS).encode("cp932"), "CP932",
                 {"other_width_names": True, "full_width_digits": True},
                 "comma-separated, full-width letters or half-width kana in the header, full-width digits"),
    "kana.csv": (text(header=["No", "名称", "ｼｮｻﾞｲﾁ", *HEADER[3:]]).encode("cp932"), "CP932", {"other_width_names": True},
                 "comma-separated, full-width letters or half-width kana in the header"),
    "all.csv": (text("\t", title="一覧\r\n", rows=[TWO_LINES[0], WIDE_ROWS[1]]).encode("utf-8-sig"), "UTF-8",
                {"separator": "tab", "byte_order_mark": True, "quoted_line_feeds": True, "header_row": 2, "full_width_digits": True},
                "tab-separated though named .csv, byte order mark, line feeds in quotes, header in row 2, full-width digits"),
}


def config_with(name, role_text):
    path = os.path.join(work, "with_" + name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(role_text)
    return path


def venues_config(name):
    start, end = config.index("venues:"), config.index("# 社会資源")
    return config_with(name, config[:start] + f"venues:\n  - path: {name}\n    crs: EPSG:6668\n\n" + config[end:])


def source_of(made, name):
    return next(s for s in json.loads(made.stdout)["sources"] if s["source"] == name)


def check_case(name, encoding, dialect, words, places):
    """A table of two venues: what check says as text, for programs and in its run."""
    path = venues_config(name)
    source = source_of(kayoi(binary, "check", path, "--json", "--lang", "en"), "venues[0]")
    told = {key: value for key, value in (source["dialect"] or {}).items() if key != "text"}
    check(f"{name}: facts for programs", told == dialect, f"want {dialect}, got {told}")
    check(f"{name}: words for programs", source["dialect"] and source["dialect"]["text"] == words, source["dialect"])
    check(f"{name}: {places} records, {encoding}", source["records_used"] == places and source["encoding"] == encoding, source)
    shown = kayoi(binary, "check", path, "--lang", "en").stdout
    line = f"    format {source['format']}, {words}, encoding {encoding or '-'}, CRS EPSG:6668 (from the configuration)"
    check(f"{name}: words for people", line in shown.splitlines(), f"want {line}")


for name, (data, encoding, differs, words) in CASES.items():
    with open(os.path.join(work, name), "wb") as file:
        file.write(data)
    check_case(name, encoding, {**PLAIN, **differs}, words, 2)

gdal.VectorTranslate(os.path.join(work, "sheet.xlsx"), os.path.join(work, "plain.csv"), format="XLSX")
shutil.copy(os.path.join(work, "sheet.xlsx"), os.path.join(work, "named.csv"))
with open(os.path.join(work, "wide_utf8.csv"), "wb") as file:
    file.write(text(header=["Ｎｏ", *HEADER[1:]], rows=WIDE_ROWS).encode())
gdal.VectorTranslate(os.path.join(work, "wide.ods"), os.path.join(work, "wide_utf8.csv"), format="ODS")
SHEET = {**PLAIN, "separator": None}
check_case("named.csv", None, SHEET, "a spreadsheet though named .csv", 2)
check_case("wide.ods", None, {**SHEET, "other_width_names": True, "full_width_digits": True},
           "full-width letters or half-width kana in the header, full-width digits", 2)
source = source_of(kayoi(binary, "check", venues_config("sheet.xlsx"), "--json", "--lang", "en"), "venues[0]")
check("a spreadsheet that is named as one has nothing to be said", source["dialect"]["text"] == "" and source["format"] == "XLSX", source)
source = source_of(kayoi(binary, "check", venues_config("sheet.xlsx"), "--json", "--lang", "en"), "roads[0]")
check("a map has no dialect", source["dialect"] is None, source)

out = os.path.join(work, "out")
made = kayoi(binary, "run", venues_config("all.csv"), "--out", out, "--lang", "en")
check("a run of the table with everything", made.returncode == 0, made.stderr[-1000:])
with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
    inputs = {i["name"]: i for i in json.load(file)["inputs"]}
want = {**PLAIN, **CASES["all.csv"][2], "text": CASES["all.csv"][3]}
check("run.json says the same", inputs["venues[0]"].get("dialect") == want, inputs["venues[0]"])
check("run.json: only tables have it", "dialect" not in inputs["roads[0]"] and "dialect" in inputs["residents[0]"])
with open(os.path.join(out, "internal", "venues.geojson"), encoding="utf-8") as file:
    venues = [f["properties"] for f in json.load(file)["features"]]
check("line feeds and full-width digits arrive", [(v["name"], v["capacity"]) for v in venues] == [("北の\r\n集い", 20), ("南の集い", 15)], venues)

shown = kayoi(binary, "check", venues_config("all.csv"), "--lang", "ja").stdout
check("in Japanese", "タブ区切り" in shown and "3行目" not in shown and "見出しは2行目" in shown, shown[:1500])

with open(os.path.join(work, "lost.csv"), "wb") as file:
    file.write("年度\t予算\n2024\t100\n2025\t120\n".encode())
shown = kayoi(binary, "check", "--lang", "en", "--", os.path.join(work, "lost.csv")).stdout
check("of a file that is of no use too", "    format TSV, tab-separated though named .csv, encoding UTF-8" in shown.splitlines(), shown)

one = text(rows=ROWS[:1]).encode()
for name, place, lies in (("one.csv", one, True), ("far.csv", one.replace(b"32.75", b"33.75"), False)):
    with open(os.path.join(work, name), "wb") as file:
        file.write(place)
    path = venues_config(name)
    source = source_of(kayoi(binary, "check", path, "--json", "--lang", "en"), "venues[0]")
    reasons = [issue["reason"] for issue in source["issues"]]
    check(f"{name}: one point, for programs", source["meets_municipality"] is lies and ("no_overlap" in reasons) is not lies, source)
    shown = kayoi(binary, "check", path, "--lang", "en").stdout
    check(f"{name}: one point, for people", ("does NOT overlap" in shown) is not lies and ("reaches the municipality's box" in shown) is lies, shown)

shown = kayoi(binary, "check", os.path.join(work, "kayoi.yaml"), "--lang", "en").stdout
check("keys of a census grid are named by their ids", "id <- KEY_CODE" in shown and "<- column " not in shown, shown[:900])
done()
