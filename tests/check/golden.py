"""Tables of the sample are those that people looked at. Usage: golden.py OUT_DIR GOLDEN_DIR [--accept]

--accept copies the run's tables over the golden ones; read the difference (git diff) before you commit them."""
import csv
import os
import shutil
import sys

from tap import check, done

TABLES = [
    "cells",
    "venues",
    "gaps",
    "zones",
    "sites",
    "mobility",
    "stops",
    "profiles",
    "distance_curve",
    "resources",
    "population",
    "target_path",
    "year_zones",
    "sensitivity",
    "access",
    "cell_access",
    "cross",
    "venue_groups",
    "inventory",
    "zone_facts",
    "closures",
    "closure_zones",
    "priority",
    "priority_sensitivity",
    "site_sets",
    "site_curve",
    "issues",
]
out, golden = os.path.join(sys.argv[1], "internal"), sys.argv[2]


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def difference(new, old):
    if new[0] != old[0]:
        return f"columns: new {sorted(set(new[0]) - set(old[0]))}, gone {sorted(set(old[0]) - set(new[0]))}, or another order"
    if len(new) != len(old):
        return f"{len(new) - 1} rows, expected {len(old) - 1}"
    lines = [f"row {i} ({b[0]}) {name}: {x!r}, expected {y!r}" for i, (a, b) in enumerate(zip(new, old))
             for name, x, y in zip(old[0], a, b) if x != y]
    return " | ".join(lines[:8])


if "--accept" in sys.argv:
    os.makedirs(golden, exist_ok=True)
    for name in TABLES:
        shutil.copy(os.path.join(out, name + ".csv"), os.path.join(golden, name + ".csv"))
    sys.exit(0)
for name in TABLES:
    path = os.path.join(golden, name + ".csv")
    if check(f"golden {name}.csv is there", os.path.exists(path), path):
        check(f"{name}.csv is the golden one", not (why := difference(read(os.path.join(out, name + ".csv")), read(path))), why)
done()
