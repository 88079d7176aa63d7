"""Further years on the sample's grid, in the columns of every KSJ edition, against sums made here. Usage: years.py KAYOI WORK_DIR

Files are written by GDAL: GeoJSON, Shapefile in CP932 inside a zip, CSV by grid code. Cells are assigned to zones by their centres
with OGR, hidden cells get their share by a largest remainder of our own."""
import csv
import json
import os
import random
import shutil
import sys
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from osgeo import gdal, ogr, osr

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
ogr.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
rng = random.Random(20261121)


def path(name):
    return os.path.join(work, name)


def cell_box(code):
    """South-west corner and size of a 500 m code (JIS X 0410), degrees."""
    a, b, c, d, e, f, g = int(code[:2]), int(code[2:4]), *(int(x) for x in code[4:])
    lat, lon = Fraction(a * 2, 3) + Fraction(c, 12) + Fraction(e, 120), 100 + b + Fraction(d, 8) + Fraction(f, 80)
    half_lat, half_lon = Fraction(1, 240), Fraction(1, 160)
    return float(lon + (g - 1) % 2 * half_lon), float(lat + (g - 1) // 2 * half_lat), float(half_lon), float(half_lat)


with open(path("tblT001141H4930.txt"), encoding="cp932") as file:
    codes = [row[0] for row in csv.reader(file) if row and row[0].isdigit()]
YEARS = (2025, 2030, 2040)
BANDS = {"PTN": 1.0, "PTC": 0.4, "PTD": 0.22, "PTE": 0.12}
rows = []
for code in codes:
    row = {"MESH_ID": code, "SHICODE": "43999", "PTN_2020": round(rng.uniform(3, 400), 4)}
    for year in YEARS:
        for band, share in BANDS.items():
            row[f"{band}_{year}"] = round(row["PTN_2020"] * share * rng.uniform(0.7, 1.1), 4)
        row[f"PT00_{year}"] = row[f"PTN_{year}"]
        row[f"PT18_{year}"], row[f"PT19_{year}"], row[f"PT20_{year}"] = (round(row[f"PTE_{year}"] * s, 4) for s in (0.3, 0.15, 0.05))
        row[f"HITOKU{year}"], row[f"GASSAN{year}"] = None, None
    rows.append(row)
by_code = {row["MESH_ID"]: row for row in rows}
# every 9th cell is hidden in 2030 and 2040 and gives its details to the next one
AGES = ["PTC", "PTD", "PTE", "PT18", "PT19", "PT20"]
groups = {}
for i in range(0, len(rows) - 1, 9):
    for year in YEARS[1:]:
        hidden, to = rows[i], rows[i + 1]
        for age in AGES:
            to[f"{age}_{year}"] = round(to[f"{age}_{year}"] + hidden[f"{age}_{year}"], 4)
            hidden[f"{age}_{year}"] = 0
        to[f"PT00_{year}"] = round(to[f"PTN_{year}"] + hidden[f"PTN_{year}"], 4)
        hidden[f"PT00_{year}"] = 0
        hidden[f"HITOKU{year}"], hidden[f"GASSAN{year}"], to[f"HITOKU{year}"] = "*", to["MESH_ID"], "@"
        groups[hidden["MESH_ID"], year] = to["MESH_ID"]


def write(name, driver, names=lambda key: key, options=()):
    """The rows as a layer; names: the columns of another edition, None leaves one out."""
    data = ogr.GetDriverByName(driver).CreateDataSource(path(name))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(6668)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    layer = data.CreateLayer("future", crs, ogr.wkbPolygon, options=list(options))
    keys = [key for key in rows[0] if names(key)]
    for key in keys:
        is_text = key in ("MESH_ID", "SHICODE") or key.startswith(("HITOKU", "GASSAN"))
        field = ogr.FieldDefn(names(key), ogr.OFTString if is_text else ogr.OFTReal)
        field.SetWidth(12)
        if not is_text:
            field.SetPrecision(4)
        layer.CreateField(field)
    for row in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for key in keys:
            if row[key] is not None:
                feature.SetField(names(key), row[key])
        west, south, width, height = cell_box(row["MESH_ID"])
        feature.SetGeometry(ogr.CreateGeometryFromWkt(
            "POLYGON((%r %r,%r %r,%r %r,%r %r,%r %r))" % (west, south, west + width, south, west + width, south + height, west, south + height, west, south)))
        layer.CreateFeature(feature)
    del layer, data


def edition_2018(key):
    if key.startswith("PT20_"):
        return None
    return key.replace("PT00_", "PT0_")


write("2024.geojson", "GeoJSON")
write("2018.shp", "ESRI Shapefile", edition_2018, ["ENCODING=CP932"])
with zipfile.ZipFile(path("将来推計人口 2018.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    for end in ("shp", "shx", "dbf", "prj", "cpg"):
        archive.write(path("2018." + end), "500m_mesh_2018_43." + end)
with open(path("codes.csv"), "w", encoding="utf-8-sig", newline="") as file:
    table = csv.DictWriter(file, list(rows[0]))
    table.writeheader()
    table.writerows({key: "" if value is None else value for key, value in row.items()} for row in rows)


def milli(value):
    return int((Decimal(repr(value)) * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def share(people, weights):
    parts = [people * w // sum(weights) for w in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(people * weights[i] % sum(weights)), i))
    for i in rest[:people - sum(parts)]:
        parts[i] += 1
    return parts


def expected(year, band):
    """Thousandths per cell."""
    if band == "85":
        people = {code: int((sum(Decimal(repr(row[f"PT{n}_{year}"])) for n in LAST) * 1000).quantize(Decimal(1), ROUND_HALF_UP))
                  for code, row in by_code.items()}
    else:
        people = {code: milli(row[f"{band}_{year}"]) for code, row in by_code.items()}
    if band != "PTN":
        for (hidden, when), to in groups.items():
            if when != year:
                continue
            pair = sorted([hidden, to])
            for code, part in zip(pair, share(people[to], [milli(by_code[c][f"PTN_{year}"]) for c in pair])):
                people[code] = part
    return people


zones = json.load(open(path("zones.geojson"), encoding="utf-8"))["features"]
shapes = [(zone["properties"]["圏域コード"], ogr.CreateGeometryFromJson(json.dumps(zone["geometry"]))) for zone in zones]


def zone_of(code):
    west, south, width, height = cell_box(code)
    centre = ogr.CreateGeometryFromWkt(f"POINT({west + width / 2} {south + height / 2})")
    return next((zone for zone, shape in shapes if shape.Contains(centre)), None)


places = {code: zone_of(code) for code in by_code}
with open(path("kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()
OWN = config[config.index("years:\n"):config.index("# 道路")]
config = config.replace(OWN, "")


def run(name, text, *arguments):
    with open(path(name + ".yaml"), "w", encoding="utf-8") as file:
        file.write(text)
    return kayoi(binary, "run", path(name + ".yaml"), "--out", path("out_" + name), "--lang", "en", *arguments)


def population(name):
    with open(path(f"out_{name}/internal/population.csv"), encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    return {(row["zone_id"] or row["level"], int(row["year"])): row for row in table}


YEARS_TEXT = "\nyears:\n  sources:\n    - {path: %s%s}\n  use: [2025, 2030, 2040]\nplacement: {method: centroid}\n"
COLUMNS = {"pop_total": "PTN", "pop_65": "PTC", "pop_75": "PTD", "pop_80": "PTE", "pop_85": "85"}
LAST = ("18", "19", "20")
for name, source, more, last in (("2024", "2024.geojson", "", ("18", "19", "20")),
                                 ("2018", "将来推計人口 2018.zip", "", ("18", "19")),
                                 ("csv", "codes.csv", ", crs: EPSG:6668", ("18", "19", "20"))):
    LAST = last
    made = run(name, config + YEARS_TEXT % (source, more))
    if not check(f"further years from {source}", made.returncode == 0, made.stderr[-2000:]):
        continue
    table = population(name)
    for column, band in COLUMNS.items():
        wrong = []
        for year in YEARS:
            people = expected(year, band)
            for zone, _ in shapes:
                want = sum(people[code] for code in by_code if places[code] == zone)
                if int(Decimal(table[zone, year][column]) * 1000) != want:
                    wrong.append(f"{zone} {year}: {table[zone, year][column]} instead of {want}")
        check(f"{source}: {column} of every zone and year is the sum of its cells", not wrong, "\n".join(wrong))
    levels = [zone for zone, _ in shapes] + ["outside_zones", "outside"]
    ledger = json.load(open(path(f"out_{name}/run.json"), encoding="utf-8"))["years"]
    whole = all(sum(int(Decimal(table[level, year]["pop_total"]) * 1000) for level in levels) + round(line["farther_than_margin"] * 1000)
                == sum(expected(year, "PTN").values()) for line, year in zip(ledger, YEARS))
    check(f"{source}: nobody is lost: zones + outside_zones + outside + farther = the file", whole)
    row = table["municipality", 2040]
    for band in ("total", "65", "75", "80", "85"):
        first, later = Decimal(table["municipality", 2025]["pop_" + band]), Decimal(row["pop_" + band])
        want = ((later - first) / first).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        check(f"{source}: growth_{band}", Decimal(row["growth_" + band]) == want, f"{row['growth_' + band]} instead of {want}")
    check(f"{source}: everybody's age is known", Decimal(row["people_without_65"]) == 0, row["people_without_65"])

LAST = ("18", "19", "20")
made = run("all", config + YEARS_TEXT.replace("  use: [2025, 2030, 2040]\n", "") % ("2024.geojson", ""))
table = population("all")
row = table["municipality", 2020]
check("2020 has a total but no ages: null, and growth by age starts in 2025", made.returncode == 0 and row["pop_total"] and not row["pop_65"]
      and not row["growth_65"] and row["growth_from"] == "2020" and row["growth_from_ages"] == "2025" and row["people_without_65"] == row["pop_total"],
      made.stderr[-500:] + str(row))

residents = config.replace("  - path: tblT001141H4930.txt\n    date: 2020-10-01\n    open: true", "  - {path: 2024.geojson, year: 2040, open: true}")
assert residents != config
made = run("residents", residents)
total = {}
if check("residents of the year 2040", made.returncode == 0, made.stderr[-2000:]):
    with open(path("out_residents/internal/zones.csv"), encoding="utf-8-sig", newline="") as file:
        total = {row["level"]: row for row in csv.DictReader(file)}
    with open(path("out_residents/internal/cells.csv"), encoding="utf-8-sig", newline="") as file:
        cells = {row["cell_id"]: row for row in csv.DictReader(file)}
    for column, band in (("pop_total", "PTN"), ("pop_65", "PTC"), ("pop_75", "PTD"), ("pop_85", "85")):
        people = expected(2040, band)
        wrong = [f"{c}: {row[column]} instead of {people[c]}" for c, row in cells.items() if int(Decimal(row[column]) * 1000) != people[c]]
        check(f"residents of 2040: {column} of every cell, hidden ones too", not wrong and cells, "\n".join(wrong))
    check("no band of 80 and over under another name", "pop_80" not in cells[codes[0]] if codes[0] in cells else True)

for name, text, want in (
        ("no_year", residents.replace(", year: 2040", ""), "2025, 2030, 2040"),
        ("other_year", residents.replace("2040", "2045"), "2020, 2025, 2030, 2040"),
        ("other_use", config + (YEARS_TEXT % ("2024.geojson", "")).replace("2040]", "2045]"), "2045"),
        ("use_alone", config + "\nyears: {use: [2030]}\n", "years.sources"),
        ("venue_year", config.replace("  - path: venues.csv\n", "  - path: venues.csv\n    year: 2030\n"), "year")):
    made = run(name, text)
    check(f"refused and said: {name}", made.returncode in (2, 3) and want in made.stderr, made.stderr[-800:])

with zipfile.ZipFile(path("both.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write(path("2024.geojson"), "500m_mesh_2024_43_GML/500m_mesh_2024_43.geojson")
    for end in ("shp", "shx", "dbf", "prj", "cpg"):
        archive.write(path("2018." + end), "500m_mesh_2024_43_GML/500m_mesh_2024_43." + end)
made = run("both", config + YEARS_TEXT % ("both.zip", ""))
same = made.returncode == 0 and population("both") == {key: {**row, "source": "both.zip"} for key, row in population("2024").items()}
check("a zip with the layer as GeoJSON and as shapefile: one is read, and said", same and "same_layer_in_zip" in open(path("out_both/internal/issues.csv"), encoding="utf-8-sig").read(),
      made.stderr[-800:])

with open(path("points.csv"), "w", encoding="utf-8") as file:
    file.write("MESH_ID,緯度（世界測地系）,経度（世界測地系）,PTN_2030,PTC_2030\na,32.75,130.85,100.5,20\n")
made = kayoi(binary, "check", "--as", "years", "--json", "--lang", "en", "--", path("points.csv"))
read = json.loads(made.stdout)["files"][0]["read"]
check("coordinates under the labels that every role knows", read["records_used"] == 1 and read["columns"].get("lat") == "緯度（世界測地系）",
      made.stdout[:800])

made = kayoi(binary, "check", path("2024.yaml"), "--lang", "en")
check("check says what the file is and who is in it", "projected population by grid" in made.stdout and "Year 2040:" in made.stdout, made.stdout[-3000:])
os.makedirs(path("folder"))
shutil.copy(path("2024.geojson"), path("folder"))
made = kayoi(binary, "init", path("new"), "--from", path("folder"), "--lang", "en")
with open(path("new/kayoi.yaml"), encoding="utf-8") as file:
    text = file.read()
check("init --from puts it under years", "years:\n" in text and text.index("\nyears:") < text.index("2024.geojson"), made.stdout[-800:])
done()
