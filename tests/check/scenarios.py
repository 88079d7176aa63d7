"""Scenarios are what a planner would get who edited the inputs by hand and ran again: byte by byte, layer by layer.
Usage: scenarios.py KAYOI WORK_DIR"""
import csv
import io
import json
import os
import re
import shutil
import sys
from decimal import Decimal

from runs import kayoi, root
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
source = os.path.join(root, "sample-data")
LAYERS = ["cells", "streets", "venues", "service_areas", "gaps", "zones", "sites", "mobility", "profiles", "access", "cell_access"]


def town(name):
    """A copy of the sample that may be edited."""
    folder = os.path.join(work, name)
    shutil.copytree(source, folder)
    path = os.path.join(folder, "kayoi.yaml")
    edit_text(path, r"formats: .*", "formats: [csv, geojson]")
    edit_text(path, r"\n +sensitivity: true.*", "")
    edit_text(path, r"\n +goal: true.*", "\n  best: 0")  # sets of sites are asked for by a run, not by its scenarios
    return path


def edit_text(path, pattern, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    made, count = re.subn(pattern, new, text, count=1)
    assert count == 1, pattern
    with open(path, "w", encoding="utf-8") as file:
        file.write(made)


def edit_venues(config, change):
    """change(rows, header) on the register; rows are dicts."""
    path = os.path.join(os.path.dirname(config), "venues.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = reader.fieldnames, list(reader)
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(out.getvalue())


def run(config, out, *more):
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en", *more)
    check(f"{os.path.basename(out)}: runs", made.returncode == 0, made.stderr[-2000:])
    return made


def table(folder, name):
    with open(os.path.join(folder, f"{name}.csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def content(path):
    with open(path, "rb") as file:
        return file.read()


base_config = town("base")
base = os.path.join(work, "base-out")
run(base_config, base)
with open(os.path.join(base, "run.json"), encoding="utf-8") as file:
    base_json = json.load(file)
venues = {v["venue_id"]: v for v in table(base + "/internal", "venues")}
sites = table(base + "/internal", "sites")
places = {}
for feature in json.load(open(base + "/internal/sites.geojson", encoding="utf-8"))["features"]:
    places[feature["properties"]["site_id"]] = feature["geometry"]["coordinates"]


def blank(rows, **values):
    row = dict.fromkeys(rows[0], "")
    row.update(values)
    rows.append(row)


def of(rows, number):
    return next(r for r in rows if r["No"] == number)


# --- each scenario, and the same by hand ------------------------------------------------------------------------------
def add_by_hand(config):
    edit_venues(config, lambda rows: blank(rows, No="東町公民館", 名称="東町公民館", 緯度="32.7431", 経度="130.8712",
                                           定員="20", 月開催回数="4", 住民主体="1", 参加者実人数="15"))


def close_by_hand(config):
    def change(rows):
        of(rows, "3")["ステータス"] = "廃止"
        of(rows, "7")["ステータス"] = "廃止"
    edit_venues(config, change)


def move_by_hand(config):
    def change(rows):
        of(rows, "5").update(緯度="32.7502", 経度="130.8551")
        of(rows, "28").update(緯度="32.79", 経度="130.86")
    edit_venues(config, change)


def change_by_hand(config):
    def change(rows):
        of(rows, "1").update(定員="60", 月開催回数="8", 参加者実人数="41")
        of(rows, "2")["ステータス"] = "休止"
        of(rows, "4")["住民主体"] = "0"
    edit_venues(config, change)


def members_by_hand(config):
    edit_venues(config, lambda rows: of(rows, "6").update(参加者実人数="99", 参加者男="33", 参加者女="66"))


def rate_by_hand(config):
    edit_text(config, r"rate: 0\.08\n  basis: .*", "rate: 0.1\n  basis: 計画の案\n  zones: [{zone: KY02, rate: 0.2, basis: 重点}]")


def threshold_by_hand(config):
    edit_text(config, r"primary_m: 500\n  basis: .*", "primary_m: 400\n  basis: 冬")


def minutes_by_hand(config):
    edit_text(config, r"primary_m: 500\n  basis: .*", "primary_min: 10")


def profile_by_hand(config):
    edit_text(config, r"profile: elderly .*\n  also: \[general, silver_cart\].*", "profile: silver_cart\n  also: [general]")
    edit_text(config, r"\n  primary_m: 500\n  basis: .*", "")


def year_by_hand(year):
    """The projection as the residents, no register of today, and the rate of that year."""
    def edit(config):
        edit_text(config, r"(?ms)^residents:\n.*?(?=^#|^\w)", f"residents:\n  - {{path: 500m_mesh_2024_43.geojson, year: {year}, open: true}}\n\n")
        edit_text(config, r"(?ms)^  official_date:.*?(?=^  facts)", "")
        edit_text(config, r"rate: 0\.08\n  basis: .*", "rate: 0.1\n  basis: 町の第11期計画（架空）")
    return edit


def later_by_hand(config):
    year_by_hand(2035)(config)
    add_by_hand(config)


def general_by_hand(config):
    edit_text(config, r"profile: elderly .*\n  also: \[general, silver_cart\].*", "profile: general\n  also: [silver_cart]")
    edit_text(config, r"\n  primary_m: 500\n  basis: .*", "")


def everything_by_hand(config):
    add_by_hand(config)
    close_by_hand(config)
    rate_by_hand(config)
    threshold_by_hand(config)


ADD = "{name: 東町公民館, lon: 130.8712, lat: 32.7431, capacity: 20, sessions_per_month: 4, resident_led: true, participants: 15}"
RATE = "rate: 0.1, rate_basis: 計画の案, zones: [{zone: 北原圏域, rate: 0.2, basis: 重点}]"
scenarios = {
    "空": ("", None),
    "開設": (f"adds: [{ADD}]", add_by_hand),
    "閉鎖": ('closes: ["3", 男の料理会]', close_by_hand),
    "移転": ('moves: [{venue: "5", lon: 130.8551, lat: 32.7502}, {venue: "28", lon: 130.86, lat: 32.79}]', move_by_hand),
    "変更": ('changes: [{venue: "1", capacity: 60, sessions_per_month: 8, participants: 41}, {venue: "2", status: 休止}, '
             '{venue: "4", resident_led: false}]', change_by_hand),
    "人数": ('changes: [{venue: "6", participants: 99, participants_m: 33, participants_f: 66}]', members_by_hand),
    "率": (RATE, rate_by_hand),
    "距離": ("primary_m: 400, basis: 冬", threshold_by_hand),
    "時間": ("primary_min: 10", minutes_by_hand),
    "歩く人": ("profile: silver_cart", profile_by_hand),
    "全部": (f'adds: [{ADD}], closes: ["3", "7"], primary_m: 400, basis: 冬, {RATE}', everything_by_hand),
    "将来": ("year: 2045", year_by_hand(2045)),
    "将来の開設": (f"year: 2035, adds: [{ADD}]", later_by_hand),
    "別の歩く人": ("profile: general", general_by_hand),
}

def write_scenarios(name, items, layers=LAYERS):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("scenarios:\n")
        for title, what in items:
            file.write(f"  - {{name: '{title}', layers: [{', '.join(layers)}]{', ' + what if what else ''}}}\n")
    return path


# What a run of its own has from other sources than a scenario of that year: the date, and the extent of the residents' data.
OTHER_YEAR = re.compile("people_date|partial|grid_share|official_source")


def rows_without(folder, name, pattern):
    return [{k: v for k, v in row.items() if not pattern.match(k)} for row in table(folder, name)]


out = os.path.join(work, "out")
one_file = write_scenarios("all.yaml", [(title, what) for title, (what, _) in scenarios.items()])
run(base_config, out, "--scenario", one_file)
for title, (what, by_hand) in scenarios.items():
    theirs = base
    if by_hand is not None:
        config = town(f"hand-{title}")
        by_hand(config)
        theirs = os.path.join(work, f"out-{title}")
        run(config, theirs)
    mine = os.path.join(out, "internal", "scenarios", title)
    check(f"{title}: every layer asked for is there", sorted(os.listdir(mine)) == sorted(f"{n}.{f}" for n in LAYERS for f in ("csv", "geojson")),
          sorted(os.listdir(mine)))
    if "year" in what:
        different = [n for n in LAYERS if rows_without(mine, n, OTHER_YEAR) != rows_without(theirs + "/internal", n, OTHER_YEAR)]
    else:
        different = [n for n in sorted(os.listdir(mine)) if content(f"{mine}/{n}") != content(f"{theirs}/internal/{n}")]
    check(f"{title}: layers are those of a run of its own", not different, different)
    same = [n for n in ("venues.csv", "zones.csv") if content(f"{mine}/{n}") == content(f"{base}/internal/{n}")]
    check(f"{title}: differs from the run" if what else f"{title}: is the run", len(same) < 2 if what else len(same) == 2, same)

# --- the tables that compare, against the layers of both states -------------------------------------------------------
D = Decimal
rows = {"scenarios": table(out + "/internal", "scenarios"), "zones": table(out + "/internal", "scenario_zones"),
        "cells": table(out + "/internal", "scenario_cells")}
check("one record per scenario, in the order of the file", [r["scenario"] for r in rows["scenarios"]] == list(scenarios))


def minus(a, b):
    return "" if a == "" or b == "" else str(D(a) - D(b))


def same_number(a, b):
    return a == b or (a != "" and b != "" and D(a) == D(b))


def keyed(rows, *names):
    return {tuple(r[n] for n in names): r for r in rows}


before = {"zones": keyed(table(base + "/internal", "zones"), "zone_id", "level"), "cells": keyed(table(base + "/internal", "cells"), "cell_id")}
for title in scenarios:
    folder = os.path.join(out, "internal", "scenarios", title)
    after = {"zones": keyed(table(folder, "zones"), "zone_id", "level"), "cells": keyed(table(folder, "cells"), "cell_id")}
    wrong = []
    mine = [r for r in rows["zones"] if r["scenario"] == title]
    for row in mine:
        key = (row["zone_id"], row["level"])
        for name in [n[:-len("_before")] for n in row if n.endswith("_before")]:
            a, b = before["zones"][key][name], after["zones"][key][name]
            if row[name + "_before"] != a or row[name + "_after"] != b or not same_number(row[name + "_change"], minus(b, a)):
                wrong.append((key, name))
    check(f"{title}: scenario_zones has the figures of both layers", len(mine) == len(before["zones"]) - 1 and not wrong, wrong[:5])
    mine = keyed([r for r in rows["cells"] if r["scenario"] == title], "cell_id")
    pairs = {"walk_m_median": "walk_m_median", "pop_65": "pop_65", "covered_65": "covered_65", "nearest_venue_id": "nearest_venue_id", "reach": "reach"}
    expected = {k for k in before["cells"].keys() | after["cells"].keys()
                if [before["cells"].get(k, {}).get(n) for n in pairs] != [after["cells"].get(k, {}).get(n) for n in pairs]}
    wrong = [(k, n) for k in mine for n in pairs for state, rest in (("before", before["cells"]), ("after", after["cells"]))
             if mine[k][f"{n}_{state}"] != rest.get(k, {}).get(n, "")]
    check(f"{title}: scenario_cells has the cells that differ, and no others", set(mine) == expected and not wrong, wrong[:5])
    one = next(r for r in rows["scenarios"] if r["scenario"] == title)
    all_zones = next(r for r in rows["zones"] if r["scenario"] == title and r["level"] == "municipality")
    check(f"{title}: the record of the scenario is its municipality", all(one[n] == all_zones[n] for n in all_zones if n in one and n != "scenario"))
    if "year" in scenarios[title][0]:
        check(f"{title}: nobody is followed into another year", one["gaining_65"] == "" and one["losing_65"] == "")
        continue
    for band in ("65", "75"):
        wrong = [r["zone_id"] for r in rows["zones"] if r["scenario"] == title and not same_number(
            minus(r[f"gaining_{band}"], r[f"losing_{band}"]), r[f"covered_{band}_change"])]
        check(f"{title}: gaining less losing is the change of covered {band}+", not wrong, wrong)
    wrong = [k for k, r in mine.items() if not same_number(minus(r["gaining_65"], r["losing_65"]), r["covered_65_change"])]
    check(f"{title}: the same in every cell", not wrong, wrong[:5])
one = keyed(rows["scenarios"], "scenario")
check("who adds takes from nobody, who closes gives to nobody", D(one["開設",]["losing_65"]) == 0 < D(one["開設",]["gaining_65"])
      and D(one["閉鎖",]["gaining_65"]) == 0 < D(one["閉鎖",]["losing_65"]))
check("who moves does both, and both are told", D(one["移転",]["gaining_65"]) > 0 and D(one["移転",]["losing_65"]) > 0,
      (one["移転",]["gaining_65"], one["移転",]["losing_65"]))
done()
