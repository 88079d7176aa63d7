"""What changed between two runs, against an answer made from their files alone: venues from CSV, gap areas from the
outlines of the GeoPackage with GEOS. Then runs of other settings, years, planes, formats, towns.
Usage: changes.py KAYOI WORK_DIR"""
import csv
import json
import os
import re
import shutil
import sys

from osgeo import gdal, ogr

from runs import different, kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
ogr.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")  # areas that only touch have lines in common
TOLD = ["name", "activity", "operator", "weekday", "hours", "sessions_per_month", "capacity", "participants", "fee", "transport", "resident_led",
        "catchment", "publish", "status", "counts", "counts_for_rate", "reason", "rate_reason", "zone_id", "is_informal"]


def town(name, *edits, formats="[csv, geojson, gpkg]"):
    """A copy of the sample; edits: (pattern, text) of the configuration."""
    folder = os.path.join(work, name)
    shutil.copytree(os.path.join(root, "sample-data"), folder)
    path = os.path.join(folder, "kayoi.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for pattern, new in ((r"formats: .*", f"formats: {formats}"), (r"\n +sensitivity: true.*", ""), (r"\n +goal: true.*", ""), *edits):
        text, count = re.subn(pattern, new, text, count=1)
        assert count == 1, pattern
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\ngate: {hold: false}\n")
    return path


def edit_venues(config, change):
    """change(rows by number, header) edits them in place."""
    path = os.path.join(os.path.dirname(config), "venues.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    rows = change({r["No"]: r for r in rows})
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        out.writerows(rows.values())


def run(config, out, *more):
    made = kayoi(binary, "run", config, "--out", os.path.join(work, out), "--lang", "en", *more)
    assert made.returncode == 0, made.stderr
    return os.path.join(work, out)


def diff(a, b, *more):
    return kayoi(binary, "diff", a, b, "--lang", "en", *more)


def changes(a, b):
    made = diff(a, b, "--json")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def of(document, *kinds):
    return [c for c in document["changes"] if c["kind"] in kinds]


# ---- what a planner would expect ----

def expected_venues(a, b):
    """{(kind, id, field)} from the CSV files; ids are kept in these towns."""
    before = {r["venue_id"]: r for r in table(a, "venues")}
    after = {r["venue_id"]: r for r in table(b, "venues")}
    found = set()
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        was_open, is_open = was is not None and was["reason"] != "closed", now is not None and now["reason"] != "closed"
        if was_open != is_open:
            found.add(("venue_opened" if is_open else "venue_closed", key, "counts"))
        if was is None or now is None:
            continue
        if (was["lon"], was["lat"]) != (now["lon"], now["lat"]):
            found.add(("venue_moved", key, "place"))
        for column in TOLD:
            follows = column in ("status", "counts", "counts_for_rate", "reason", "rate_reason")
            if was[column] != now[column] and not (follows and was_open != is_open):
                found.add(("venue_changed", key, column))
    return found


def outlines(out):
    file = ogr.Open(os.path.join(out, "internal", "kayoi.gpkg"))
    return {f["gap_id"]: (f["people_65"], f.GetGeometryRef().Clone().MakeValid()) for f in file.GetLayerByName("gaps")}


def expected_gaps(a, b):
    """{(kind, id, replaces)} by the areas that GEOS says they have in common; None: too close to the limit to say."""
    before, after = outlines(a), outlines(b)
    links = set()
    for i, (_, p) in before.items():
        for j, (_, q) in after.items():
            share = p.Intersection(q).GetArea() / min(p.GetArea(), q.GetArea()) if p.Intersects(q) else 0
            if 0.09 < share < 0.11:
                return None
            if share >= 0.1:
                links.add((i, j))
    for key in before.keys() & after.keys():
        if not any(i == key for i, _ in links) and not any(j == key for _, j in links):
            links.add((key, key))
    found = set()
    for i in before:
        if not any(k == i for k, _ in links):
            found.add(("gap_closed", i, None))
    for j in after:
        olds = {i for i, k in links if k == j}
        news = {k for i, k in links if i in olds}
        if not olds:
            found.add(("gap_opened", j, None))
        elif len(olds) == 1 and len(news) == 1:
            i, = olds
            new_id = None if i == j else i
            if round(before[i][0] * 1000) != round(after[j][0] * 1000):
                found.add(("gap_grown" if after[j][0] > before[i][0] else "gap_shrunk", j, new_id))
        elif len(news) == 1:
            found.add(("gap_merged", j, frozenset(olds)))
        elif len(olds) > 1 or any(len({i for i, k in links if k == other}) > 1 for other in news):
            found.add(("gap_redrawn", j, frozenset(olds)))
        else:
            found.add(("gap_split", j, frozenset(olds)))
    return found


def told_gaps(document):
    several = ("gap_split", "gap_merged", "gap_redrawn")
    return {(c["kind"], c["id"], frozenset(c["replaces"].split("; ")) if c["kind"] in several else c["replaces"])
            for c in document["changes"] if c["kind"].startswith("gap_") and c["kind"] != "gap_changed"}


def zone_shares(a, b):
    before, after = ({(r["level"], r["zone_id"]): r for r in table(out, "zones")} for out in (a, b))
    return {key[1] or key[0]: (before[key]["covered_share_65"], after[key]["covered_share_65"]) for key in before
            if key[0] in ("zone", "outside_zones") and (before[key]["covered_65"], before[key]["covered_share_65"]) !=
            (after[key]["covered_65"], after[key]["covered_share_65"])}


def agrees(name, a, b):
    document = changes(a, b)
    told = {(c["kind"], c["id"], c["field"]) for c in document["changes"] if c["kind"].startswith("venue_")}
    want = expected_venues(a, b)
    check(f"{name}: venues", told == want, f"too much {told - want}, missing {want - told}")
    gaps = expected_gaps(a, b)
    if gaps is not None:
        check(f"{name}: {len(gaps)} gap areas", told_gaps(document) == gaps, f"too much {told_gaps(document) - gaps}, missing {gaps - told_gaps(document)}")
    shares = {c["id"]: (c["before"], c["after"]) for c in of(document, "zone_coverage")}
    check(f"{name}: zones", shares == zone_shares(a, b), f"{shares} {zone_shares(a, b)}")
    return document


# ---- a year of venues ----

def edited(rows):
    del rows["4"]                                                     # gone from the list
    rows["7"]["ステータス"] = "廃止"                                   # closed on the list
    rows["1"]["緯度"] = f"{float(rows['1']['緯度']) + 0.0009:.7f}"      # 100 m north
    rows["5"].update({"名称": "改名サロン", "定員": "99"})
    rows["100"] = dict(rows["2"], No="100", 名称="北原団地サロン", 緯度="32.7700438", 経度="130.8615250")  # in the largest gap
    return rows


base_config = town("base")
base = run(base_config, "base-out")
year_config = town("year")
edit_venues(year_config, edited)
year = run(year_config, "year-out")
document = agrees("a year of venues", base, year)
moved = of(document, "venue_moved")
check("100 m is 100 m", len(moved) == 1 and abs(float(moved[0]["moved_m"]) - 99.8) < 0.3, moved)
check("it is the venues", {c["why"] for c in of(document, "venue_opened", "venue_closed", "venue_moved")} == {"input venues venues.csv"})
closed = of(document, "gap_closed")
check("what opened near is the reason of a gap that closed", closed and all("venue_opened 100" in c["why"] and "venue_closed" not in c["why"] for c in closed), closed)
totals = {c["id"]: c for c in of(document, "total")}
rows = [[r for r in table(out, "zones") if r["level"] == "municipality"][0] for out in (base, year)]
check("numbers of the whole", all(totals[k]["before"] == rows[0][k] and totals[k]["after"] == rows[1][k] for k in totals) and
      {"covered_65", "venues_counting"} <= totals.keys(), totals)
text = diff(base, year).stdout
check("the report says it", all(part in text for part in ("opened 1, closed 2, moved 1", "北原団地サロン", "moved by 100 m", "capacity 40 -> 99", "why: place 100 opened")), text)
check("in Japanese too", "北原団地サロン" in kayoi(binary, "diff", base, year, "--lang", "ja").stdout)
agrees("the way back", year, base)

# ---- the layer is the same answer ----
second = os.path.join(work, "second")
shutil.copytree(base, second)
check("a first run compares with nothing", table(base, "changes") == [])
run(year_config, "second")
layer = table(second, "changes")
keys = ("kind", "id", "replaces", "name", "zone_id", "field", "before", "after", "why")
check("the layer of a run is the diff with the run before", [tuple(r[k] for k in keys) for r in layer] ==
      [tuple(c[k] if c[k] is not None else "" for k in keys) for c in document["changes"]], f"{len(layer)} {len(document['changes'])}")
check("each change of a place has one", all(r["lon"] and r["lat"] for r in layer if r["kind"].split("_")[0] in ("gap", "zone", "site")))
third = os.path.join(work, "third")
shutil.copytree(base, third)
run(year_config, "third", "--threads", "1")
check("the same before, the same bytes", different(second, third, leave_out=("run.json", "state.json")) == [], different(second, third))
run(year_config, "third")
check("run again: nothing changed", table(third, "changes") == [] and "Nothing changed." in diff(second, third).stdout)

# ---- formats ----
for name, formats, file in (("geojson", "[geojson]", None), ("csv", "[csv]", None)):
    a = run(town(f"{name}-a", formats=formats), f"{name}-a-out")
    config = town(f"{name}-b", formats=formats)
    edit_venues(config, edited)
    other = changes(a, run(config, f"{name}-b-out"))
    if name == "csv":
        check("CSV alone: gaps by their numbers, and said", not other["gaps_by_outline"] and
              "numbers alone" in diff(a, os.path.join(work, "csv-b-out")).stdout)
        check("CSV alone: the venues are the same", [c["id"] for c in of(other, "venue_opened", "venue_closed", "venue_moved")] ==
              [c["id"] for c in of(document, "venue_opened", "venue_closed", "venue_moved")])
    else:
        check("GeoJSON alone: the same changes", [(c["kind"], c["id"], c["field"], c["replaces"]) for c in other["changes"]] ==
              [(c["kind"], c["id"], c["field"], c["replaces"]) for c in document["changes"]])
xlsx = run(town("xlsx", formats="[xlsx]"), "xlsx-out")
made = diff(xlsx, base)
check("spreadsheets alone cannot be compared", made.returncode == 3 and "outputs.formats" in made.stderr, made.stderr)

# ---- definitions, years, planes ----
rate = run(town("rate", (r"rate: 0\.08", "rate: 0.1")), "rate-out")
told = changes(base, rate)
check("another rate: targets and nothing else", {c["kind"] for c in told["changes"]} == {"definition", "total"} and
      {c["id"] for c in of(told, "definition")} == {"targets.rate"} and {c["id"] for c in of(told, "total")} == {"target_participants", "shortfall"},
      [(c["kind"], c["id"]) for c in told["changes"]])
lines = diff(base, rate).stdout.splitlines()
check("definitions come first", "different definitions" in lines[3] and "targets.rate: 0.08 -> 0.1" in lines[4], lines[:6])
wide = run(town("wide", (r"primary_m: 500", "primary_m: 800"), (r"basis: 高齢者.*", "basis: 試算")), "wide-out")
told = agrees("another walking range", base, wide)
check("another walking range is the reason of every gap and zone", all("setting walk.primary_m 500 -> 800" in c["why"] for c in
      told["changes"] if c["kind"].startswith(("gap_", "zone_"))))
later = town("later", (r"date: 2020-10-01", "date: 2025-10-01"))
census = os.path.join(os.path.dirname(later), "tblT001141H4930.txt")
with open(census, encoding="cp932", newline="") as file:
    lines = file.read().split("\r\n")
cell = next(i for i, line in enumerate(lines) if line.startswith("493006984"))
parts = lines[cell].split(",")
lines[cell] = ",".join(parts[:4] + [str(int(v) * 2) if v.isdigit() else v for v in parts[4:]])
with open(census, "w", encoding="cp932", newline="") as file:
    file.write("\r\n".join(lines))
told = agrees("a new census", base, run(later, "later-out"))
check("a new census is the reason", of(told, "zone_people") and all("year 2020-10-01 -> 2025-10-01" in c["why"] and "input residents" in c["why"]
      for c in of(told, "zone_people", "zone_coverage")), of(told, "zone_people", "zone_coverage")[:2])
plane = run(town("plane", (r"crs: EPSG:6670", "crs: EPSG:6669")), "plane-out")
told = changes(base, plane)
check("another plane moves nobody", of(told, "definition")[0]["id"] == "crs" and not of(told, "venue_moved", "gap_opened", "gap_closed"), told["count"])
numbered = town("numbered")
edit_venues(numbered, lambda rows: {k: dict(r, No=str(int(k) + 500)) for k, r in rows.items()})
told = changes(base, run(numbered, "numbered-out"))
check("a list that is numbered anew closes nothing", told["count"]["venue_opened"] == told["count"]["venue_closed"] == 0 and
      told["count"]["venue_changed"] >= 28, told["count"])

# ---- what cannot be compared ----
made = diff(base, run(town("other", (r'code: "43999"', 'code: "43100"')), "other-out"))
check("runs of two towns", made.returncode == 3 and "two municipalities" in made.stderr, made.stderr)
hurt = os.path.join(work, "hurt")
shutil.copytree(base, hurt)
for name in ("kayoi.gpkg", "venues.geojson", "venues.csv"):
    path = os.path.join(hurt, "internal", name)
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
made = diff(base, hurt)
check("a file that is cut off", made.returncode == 3 and "cut off" in made.stderr, made.stderr)
made = kayoi(binary, "run", year_config, "--out", hurt, "--lang", "en")
check("a damaged result is replaced and said", made.returncode == 0 and "not compared with" in made.stderr and table(hurt, "changes") == [], made.stderr[-400:])
lost = os.path.join(work, "lost")
shutil.copytree(base, lost)
for name in os.listdir(os.path.join(lost, "internal")):
    if name.startswith("gaps") or name == "kayoi.gpkg":
        os.remove(os.path.join(lost, "internal", name))
made = diff(lost, year)
check("a layer that is gone is said, the rest is compared", made.returncode == 0 and "Not compared: gaps" in made.stdout and "opened 1, closed 2" in made.stdout)
done()
