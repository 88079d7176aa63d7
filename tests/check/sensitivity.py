"""Answers under other definitions against runs with those definitions. Usage: sensitivity.py KAYOI WORK_DIR

For each set of layer sensitivity the sample's configuration is changed by hand and run; people within range, in gaps, by class, numbers of
gap areas and sites, and every cell's answer must be the same. What is robust is counted again from the runs' cells."""
import os
import re
import shutil
import sys
from collections import defaultdict
from decimal import Decimal

from runs import kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    sample = re.sub(r"(?ms)^years:\n.*?(?=^#|^\w)", "", file.read())


def run(name, text):
    config = os.path.join(work, name + ".yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    out = os.path.join(work, "out_" + name)
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
    check(f"{name}: the run ends well", made.returncode == 0, made.stderr[-2000:])
    return out


def changed(old, new):
    assert old in sample, old
    return sample.replace(old, new).replace("sensitivity: true", "sensitivity: false")


own = run("own", sample)
sets = defaultdict(list)
for row in table(own, "sensitivity"):
    sets[row["definition"]].append(row)
plain = "  profile: elderly "
CHANGES = {
    "distance_300": changed("primary_m: 500", "primary_m: 300"),
    "distance_800": changed("primary_m: 500", "primary_m: 800"),
    "speed_80": changed("primary_m: 500", "primary_m: 666.666"),
    "placement_centroid": changed("walk:\n", "placement: {method: centroid}\n\nwalk:\n"),
    "min_people_65_10": changed("min_people_65: 20 ", "min_people_65: 10 "),
    "min_people_65_40": changed("min_people_65: 20 ", "min_people_65: 40 "),
    "profile_general": changed("walk:\n  profile: elderly ", "walk:\n  profile: general ").replace("also: [general, ", "also: [").replace(
        "bands_m: [300, 500, 800]\n  primary_m: 500", "bands_m: [300, 500, 800]\n  primary_m: 800"),
}
check("these sets are made", set(sets) == set(CHANGES) | {"run", "straight", "profile_silver_cart"}, sorted(sets))
CLASSES = ("new_venue", "transit", "mobility_support", "outreach")
answers = {}
for name, text in CHANGES.items():
    out = run(name, text)
    zones, gaps = table(out, "zones"), table(out, "gaps")
    wrong = [f"{mine['name']} {key}: {mine[key]} and {theirs[key]}" for mine, theirs in zip(sets[name], zones)
             for key in ("name", "level", "pop_65", "covered_65", "covered_share_65") if mine[key] != theirs[key]]
    answers[name] = {row["cell_id"]: row["reach"] for row in table(out, "cells")}
    if not name.startswith("profile"):
        wrong += [f"{mine['name']}: in_gap_65" for mine, theirs in zip(sets[name], zones) if mine["in_gap_65"] != theirs["in_gap_65"]]
        town = sets[name][-1]
        people = defaultdict(Decimal)
        for gap in gaps:
            people[gap["class"]] += Decimal(gap["people_65"])
        wrong += [f"{c}: {town[c + '_65']} and {people[c]}" for c in CLASSES if Decimal(town[c + "_65"]) != people[c]]
        wrong += ["gaps"] if int(town["gaps_count"]) != len(gaps) else []
        wrong += ["sites"] if int(town["sites_count"]) != len(table(out, "sites")) else []
    check(f"{name}: as in a run of its own", not wrong and len(zones) == len(sets[name]), wrong[:5])

cells = {row["cell_id"]: row for row in table(own, "cells")}
zones = table(own, "zones")
wrong = [row["name"] for row, zone in zip(sets["straight"], zones) if row["covered_65"] != zone["straight_65_500"]]
check("straight: people within 500 m as the crow flies", not wrong, wrong)
silver = {row["zone_id"] + row["level"]: row for row in table(own, "profiles") if row["profile"] == "silver_cart" and row["primary"] == "true"}
wrong = [row["name"] for row in sets["profile_silver_cart"] if row["covered_65"] != silver[row["zone_id"] + row["level"]]["covered_65"]]
check("profile_silver_cart: the people of layer profiles", not wrong, wrong)


def told(reach):
    return reach if reach in ("covered", "unknown") else "not_covered"


wrong, robust_count = [], 0
for row in table(own, "cell_sensitivity"):
    cell = row["cell_id"]
    if not Decimal(cells[cell]["pop_65"] or 0):
        if row["robust"]:
            wrong.append(f"{cell}: nobody lives there, {row['robust']}")
        continue
    mine = told(cells[cell]["reach"])
    moved = {name for name in CHANGES if told(answers[name][cell]) != mine}
    named = set(row["depends_on"].split())
    if named - {"straight", "profile_silver_cart"} != moved or row["answer"] != mine or (row["robust"] == "true") != (not named):
        wrong.append(f"{cell}: {row['depends_on']} and {sorted(moved)}")
    robust_count += row["robust"] == "true"
check("every cell names the definitions that move it", not wrong, wrong[:5])
check("some answers depend on the rule, some do not", 0 < robust_count < len(cells), robust_count)
done()
