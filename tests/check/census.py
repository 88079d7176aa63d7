"""Census grids from the raw text to the layers of a run, people counted again here. Usage: census.py KAYOI OUT_DIR

Reads the published rows of ../shared/data on its own (csv module, integers), dissolves hidden groups by their links,
shares by largest remainder, and compares every cell with what kayoi wrote."""
import csv
import json
import os
import re
import sys
import zipfile

from runs import kayoi, root
from tap import check, done, skip

binary, out = sys.argv[1:3]
shared = os.path.join(os.path.dirname(root), "shared", "data")
MEASURES = ["total", "total_m", "total_f"] + [f"{age}{sex}" for age in ("65", "75", "85") for sex in ("", "_m", "_f")]
os.makedirs(out, exist_ok=True)


def read(path):
    """{code: row}: hidden, to, parts, and each measure in people or None."""
    with open(path, encoding="cp932", newline="") as file:
        ids, labels, *rows = list(csv.reader(file))
    place = {}
    for measure in MEASURES:
        age, sex = re.fullmatch(r"(total|\d\d)(_[mf])?", measure).groups()
        sex = {None: "総数", "_m": "男", "_f": "女"}[sex]
        label = f"人口（総数）{'' if sex == '総数' else sex}" if age == "total" else \
            f"{age}歳以上人口{sex}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        place[measure] = [re.sub(r"\s", "", t) for t in labels].index(label)
    grid = {}
    for row in rows:
        values = {m: int(row[at]) if row[at].isdigit() else None for m, at in place.items()}
        grid[row[0]] = dict(hidden=row[1], to=row[2], parts=[p for p in row[3].split(";") if p], **values)
    return grid


def largest_remainder(milli, weights):
    total = sum(weights)
    if total == 0:
        return [milli] + [0] * (len(weights) - 1)
    base = [milli * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(milli * weights[i] % total), i))
    for i in order[:milli - sum(base)]:
        base[i] += 1
    return base


def expect(grid):
    """{code: {measure: thousandths}}, and the members of each group by its receiving cell."""
    cells = {code: {m: None if row[m] is None else row[m] * 1000 for m in MEASURES} for code, row in grid.items()}
    groups = {}
    for code, row in grid.items():
        if row["hidden"] == "1":
            groups[code] = sorted([code] + [p for p in row["parts"] if p in grid and grid[p]["to"] == code])
    for code, members in groups.items():
        weights = [grid[m]["total"] for m in members]
        for age in ("65", "75", "85"):
            both = grid[code][age] == grid[code][age + "_m"] + grid[code][age + "_f"]
            for sex in ("_m", "_f") + (() if both else ("",)):
                for member, part in zip(members, largest_remainder(grid[code][age + sex] * 1000, weights)):
                    cells[member][age + sex] = part
            for member in members if both else []:
                cells[member][age] = cells[member][age + "_m"] + cells[member][age + "_f"]
    return cells, groups


def make(folder, residents, box, name="config"):
    """A config whose border holds the whole box."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    lon, lat = (west + east) / 2, (south + north) / 2

    def write(file, text):
        with open(os.path.join(folder, file), "w", encoding="utf-8") as stream:
            stream.write(text)
    os.makedirs(folder, exist_ok=True)
    write("zone.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": "A", "name": "全域"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    write("roads.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"highway": "residential"}, "geometry": {"type": "LineString", "coordinates": [
            [lon, lat], [lon + 0.02, lat], [lon + 0.02, lat + 0.01]]}}]}))
    write("venues.csv", f"No,名称,経度,緯度\n1,公民館,{lon + 0.01},{lat}\n")
    write(name + ".yaml", "municipality: {name: 試験}\nresidents:\n" + "".join(f"  - {r}\n" for r in residents) +
          "venues: [{path: venues.csv, crs: EPSG:6668}]\nzones: {path: zone.geojson}\n"
          "roads: [{path: roads.geojson}]\noutputs: {formats: [csv]}\n")
    return os.path.join(folder, name + ".yaml")


def run(config, folder):
    made = kayoi(binary, "run", config, "--out", folder, "--lang", "en")
    if made.returncode != 0:
        return made, None, None, None

    def table(layer):
        with open(os.path.join(folder, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    cells = {c["cell_id"]: {m: round(float(c["pop_" + m]) * 1000) if c.get("pop_" + m) else None for m in MEASURES} |
             {"age_source": c["age_source"], "cell": c} for c in table("cells")}
    return made, cells, {z["level"]: z for z in table("zones")}, table("issues")


def mesh_box(code, pad=0.02):
    south, west = int(code[:2]) * 2 / 3, int(code[2:]) + 100
    return west - pad, south - pad, west + 1 + pad, south + 2 / 3 + pad


def compare(name, grid, cells, rows):
    wanted, groups = expect(grid)
    people = sum(row["total"] for row in grid.values())
    check(f"{name}: every cell is there", set(cells) == set(grid), f"{len(cells)} of {len(grid)}")
    check(f"{name}: {people:,} people are kept exactly",
          sum(c["total"] for c in cells.values()) == people * 1000 == round(float(rows["municipality"]["pop_total"]) * 1000),
          rows["municipality"]["pop_total"])
    hidden = {code for code, row in grid.items() if row["hidden"] == "2"}
    to = {(code, grid[code]["to"]) for code in hidden}
    listed = {(part, code) for code, row in grid.items() for part in row["parts"]}
    outside = {(part, code) for part, code in to ^ listed if not (part in grid and code in grid)}
    check(f"{name}: the published links point both ways", to ^ listed == outside, sorted(to ^ listed)[:5])
    wrong = [(c, m) for c in wanted for m in MEASURES if c in cells and cells[c][m] != wanted[c][m]]
    check(f"{name}: every band and sex of every cell equals the recomputation", not wrong,
          lambda: [(c, m, cells[c][m], wanted[c][m]) for c, m in wrong[:5]])
    sums = [(code, m) for code, members in groups.items() for m in MEASURES[3:]
            if sum(cells[c][m] for c in members) != grid[code][m] * 1000]
    check(f"{name}: each of {len(groups):,} groups sums to its published row", not sums, sums[:5])
    published = sum(row["65"] for row in grid.values() if row["65"] is not None)
    check(f"{name}: {published:,} people 65+ in the cells as in the published rows",
          sum(c["65"] or 0 for c in cells.values()) == published * 1000)
    group = {c for members in groups.values() if len(members) > 1 for c in members}
    check(f"{name}: age_source says which cells are of a group",
          {c for c in cells if cells[c]["age_source"] == "group"} == group)
    print(f"# {name}: {len(grid):,} cells, {people:,} people, {published:,} 65+, {len(hidden):,} hidden, {len(outside)} links out of the file")


for folder, file in (("kumamoto", "tblT001101H4930.txt"), ("ube", "tblT001101H5031.txt"), ("formats", "tblT001101H5130.txt")):
    path = os.path.join(shared, folder, file)
    if not os.path.exists(path):
        skip(file, "shared data is not there")
        continue
    grid = read(path)
    here = os.path.join(out, file[:-4])
    config = make(here, [f"{{path: {path}, date: 2020-10-01}}"], mesh_box(file[11:15]))
    made, cells, rows, issues = run(config, os.path.join(here, "out"))
    if check(f"{file}: runs", made.returncode == 0, made.stderr[-2000:]):
        compare(file, grid, cells, rows)
    if folder != "kumamoto":
        continue

    # The same file as two packages of prefectures: every cell of a strip is in both, each with its part.
    with open(path, encoding="cp932", newline="") as stream:
        ids, labels, *lines = list(csv.reader(stream))
    linked = {line[0] for line in lines if line[1] != "0"}
    first, second, split = [], [], 0
    for line in lines:
        if line[0][4:6] == "55" and line[0] not in linked:
            half = [str(int(v) // 3) for v in line[4:]]
            first.append(line[:4] + half)
            second.append(line[:4] + [str(int(v) - int(h)) for v, h in zip(line[4:], half)])
            split += 1
        else:
            (first if line[0][5] < "5" else second).append(line)

    def text(rows, end):
        return "".join(",".join(row) + end for row in [ids, labels] + rows).encode("cp932")
    with open(os.path.join(here, "tblT001101H43.txt"), "wb") as stream:
        stream.write(text(first, "\r\n"))
    with zipfile.ZipFile(os.path.join(here, "tblT001101H40.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tblT001101H40.txt", text(second[::-1], "\n"))
    both = make(here, ["{path: tblT001101H43.txt}", "{path: tblT001101H40.zip}"], mesh_box("4930"), "split")
    made, parts, rows, issues = run(both, os.path.join(here, "out-split"))
    if check("two packages that split cells: runs", made.returncode == 0, made.stderr[-2000:]):
        check(f"two packages: {split} split cells are said", sum(i["reason"] == "split_cell" for i in issues) == split)
        compare("two packages", grid, parts, rows)
        check("two packages: the cells are those of the one file",
              {c: {k: v for k, v in cell["cell"].items()} for c, cell in parts.items()} == {c: cell["cell"] for c, cell in cells.items()})
    with open(os.path.join(here, "copy tblT001101H4930.txt"), "wb") as stream:
        stream.write(text(lines[::-1], "\n"))
    twice = make(here, [f"{{path: {path}}}", "{path: \"copy tblT001101H4930.txt\"}"], mesh_box("4930"), "twice")
    made = kayoi(binary, "run", twice, "--out", os.path.join(here, "out-twice"), "--lang", "en")
    check("the same rows in another file are refused", made.returncode == 2 and "count twice" in made.stderr, made.stderr[-500:])

    # Another place: alone it is refused, beside the right one it is said.
    other = os.path.join(shared, "ube", "tblT001101H5031.txt")
    if os.path.exists(other):
        alone = make(here, [f"{{path: {other}}}"], (130.70, 32.70, 130.80, 32.80), "alone")
        made = kayoi(binary, "run", alone, "--out", os.path.join(here, "out-alone"), "--lang", "en")
        check("the grid of another prefecture is refused", made.returncode == 3 and "another place" in made.stderr, made.stderr[-500:])
        beside = make(here, [f"{{path: {path}}}", f"{{path: {other}}}"], (130.70, 32.70, 130.80, 32.80), "beside")
        made, some, rows, issues = run(beside, os.path.join(here, "out-beside"))
        check("beside the right grid it is said", made.returncode == 0 and
              [i["source"] for i in issues if i["reason"] == "residents_elsewhere"] == [f"residents[1] {other}"],
              made.stderr[-500:])
done()
