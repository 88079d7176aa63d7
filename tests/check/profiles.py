"""Several profiles in one run: each gives what a run with it alone gives, and its distances are scipy's on the streets that
it walks. On the sample and, with slopes, on Andorra. Usage: profiles.py KAYOI WORK_DIR"""
import csv
import json
import math
import os
import shutil
import sys

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from place import make_place, square, write_json
from runs import different, kayoi, root
from tap import check, done, skip

binary, work = sys.argv[1:3]
data = os.path.join(os.path.dirname(root), "shared", "data", "elevation")
# name: rules as the config has them, and the same for the recomputation: (stairs factor, closed classes, with slope)
RULES = {"slow": (3, {"track", "service"}, False), "cart": (1, {"steps"}, False), "hill": (2.5, {"path"}, True)}
TEXTS = {"slow": "speed_m_per_min: 45.5, stairs: 3, closed: [track, service], threshold_min: 8.333, bands_min: [5, 10, 20]",
         "cart": "speed_m_per_min: 50, stairs: avoided, threshold_m: 400",
         "hill": "speed_m_per_min: 60, slope: tobler, stairs: 2.5, closed: [path], threshold_m: 500, bands_m: [250, 500, 1000]"}


def section(first, also, names):
    own = ", ".join(f"{name}: {{{TEXTS[name]}}}" for name in names)
    return f"walk:\n  profile: {first}\n" + (f"  also: [{', '.join(also)}]\n" if also else "") + f"  profiles: {{{own}}}\n"


def table(out, name):
    with open(os.path.join(out, "internal", name + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def milli(text):
    return round(float(text) * 1000)


def recompute(place, name, out, levels):
    """Costs of streets by the rules of the profile, and every node's distance on the open ones by scipy."""
    factor, closed, is_sloped = RULES[name]
    streets, wrong, stairs, shut = table(out, "streets"), [], 0, 0
    for s in streets:
        classes = set(filter(None, s["class"].split(";")))
        base = levels[s["street_id"]] if is_sloped else milli(s["length_m"])
        expected = None if classes and classes <= closed else base
        if classes == {"steps"} and expected is not None:
            expected = math.ceil(base * factor - 1e-9)
            stairs += 1
        shut += expected is None
        if (milli(s["cost_m"]) if s["cost_m"] else None) != expected:
            wrong.append(f"street {s['street_id']} ({s['class']}): {s['cost_m']}, expected {expected}")
    check(f"{place}, {name}: costs of {len(streets)} streets, {stairs} of them stairs, {shut} closed", not wrong and shut,
          "\n".join(wrong[:5]))
    check(f"{place}, {name}: closed streets have no band", all(not s["band"] for s in streets if not s["cost_m"]))
    nodes = max(max(int(s["from_node"]), int(s["to_node"])) for s in streets)
    arcs = {}
    for s in streets:
        if s["cost_m"]:
            pair = (int(s["from_node"]) - 1, int(s["to_node"]) - 1)
            arcs[pair] = min(arcs.get(pair, 1 << 60), milli(s["cost_m"]))
    for v in table(out, "venues"):
        if v["counts"] != "true":
            continue
        s = streets[int(v["street_id"]) - 1]
        if s["cost_m"] == "":
            check(f"{place}, {name}: venues stand on open streets", False, f"{v['venue_id']} on street {s['street_id']}")
            return
        length, cost, snap = milli(s["length_m"]), milli(s["cost_m"]), milli(v["snap_m"])
        spent = (cost * round(float(v["street_frac"]) * length) + length // 2) // length
        for node, c in ((s["from_node"], spent), (s["to_node"], cost - spent)):
            pair = (nodes, int(node) - 1)
            arcs[pair] = min(arcs.get(pair, 1 << 60), snap + c)
    pairs = np.array(list(arcs))
    graph = csr_matrix((np.array(list(arcs.values()), dtype=float), (pairs[:, 0], pairs[:, 1])), shape=(nodes + 1, nodes + 1))
    distance, wrong = dijkstra(graph, directed=False, indices=nodes), []
    for s in streets:
        for node, walk in ((s["from_node"], s["walk_m_from"]), (s["to_node"], s["walk_m_to"])):
            expected = distance[int(node) - 1]
            if (walk == "") != math.isinf(expected) or (walk != "" and abs(milli(walk) - expected) > 1):
                wrong.append(f"node {node}: {walk} m, scipy {expected / 1000} m")
    check(f"{place}, {name}: every one of {nodes} node distances is scipy's", not wrong, "\n".join(wrong[:5]))


def same_as_alone(place, name, together, alone, first):
    """Numbers of the profile in the run of all, against the run with it alone: the same digits."""
    a = {c["cell_id"]: c for c in table(together, "cells")}
    b = {c["cell_id"]: c for c in table(alone, "cells")}
    suffix = "" if name == first else "_" + name
    wrong = [(i, column) for column in ("covered_65", "walk_m_median", "walk_min_median") for i in b
             if a[i][column + suffix] != b[i][column]]
    check(f"{place}, {name}: cells as in a run alone", a.keys() == b.keys() and not wrong, str(wrong[:5]))
    zones, wrong, looked = table(alone, "zones"), [], 0
    for row in table(together, "profiles"):
        if row["profile"] != name:
            continue
        zone = next(z for z in zones if (z["level"], z["zone_id"]) == (row["level"], row["zone_id"]))
        band = row["band_m"].rstrip("0").rstrip(".").replace(".", "_")
        band = band if "_" not in band else band.split("_")[0] + "_" + band.split("_")[1].ljust(3, "0")
        pairs = [("pop_65", "pop_65"), ("covered_65", "covered_65_" + band), ("unreachable_65", "unreachable_65"),
                 ("unknown_65", "unknown_65")]
        if row["primary"] == "true":
            pairs += [("covered_65", "covered_65"), ("beyond_65", "beyond_65"), ("covered_share_65", "covered_share_65")]
        wrong += [(row["zone_id"], row["band_m"], mine) for mine, its in pairs if row[mine] != zone[its]]
        parts = sum(milli(row[k]) for k in ("covered_65", "beyond_65", "unreachable_65", "unknown_65"))
        if parts != milli(row["pop_65"]):
            wrong.append((row["zone_id"], row["band_m"], "the ledger"))
        looked += 1
    check(f"{place}, {name}: {looked} rows of the ledger as in a run alone", looked >= 3 * len(zones) and not wrong, str(wrong[:5]))


def check_place(place, folder, write_config, names, levels_of):
    """write_config(first, also, profiles): path of a config and the folder it writes to."""
    def run(first, also, *options):
        path, out = write_config(first, also)
        made = kayoi(binary, "run", path, "--out", out, "--lang", "en", *options)
        return out if check(f"{place}: {first} and {also} run {' '.join(options)}", made.returncode == 0, made.stderr[-3000:]) else None
    first, also = names[0], names[1:] + ["general"]
    together = run(first, also)
    alone = {name: run(name, []) for name in names + ["general"]}
    if together is None or None in alone.values():
        return
    for name in names + ["general"]:
        same_as_alone(place, name, together, alone[name], first)
    levels = levels_of(alone)
    for name in names:
        recompute(place, name, alone[name], levels)
    check(f"{place}: profiles differ", len({tuple(c["walk_m_median"] for c in table(alone[n], "cells")) for n in names}) == len(names))
    check(f"{place}: people live at the same places", len({tuple(c["straight_m"] for c in table(alone[n], "cells")) for n in names}) == 1)
    one = together + "-1"
    os.rename(together, one)
    for threads in ("1", "2"):
        other = run(first, also, "--threads", threads)
        if other is not None:
            check(f"{place}: the same bytes on {threads} threads", not different(one, other), lambda: ", ".join(different(one, other)))
    with open(os.path.join(one, "run.json"), encoding="utf-8") as file:
        said = {d["key"]: (d["value"], d["origin"]) for d in json.load(file)["definitions"]}
    rules = ("speed_m_per_min", "slope", "stairs", "closed", "threshold_m", "bands_m", "basis")
    missing = [(n, r) for n in names + ["general"] for r in rules if f"walk.profiles.{n}.{r}" not in said]
    check(f"{place}: run.json lists every rule of every profile", not missing, str(missing))
    check(f"{place}: and where it comes from", said["walk.profiles.cart.stairs"] == ("avoided", "config") and
          said["walk.profiles.general.threshold_m"] == ("800", "default") and said["walk.profiles.cart.closed"][0] == "steps", str(said))


town = os.path.join(work, "town")
shutil.copytree(os.path.join(root, "sample-data"), town, dirs_exist_ok=True)
with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
    text = file.read()
begin, end = text.index("\nwalk:\n") + 1, text.index("\ntargets:\n") + 1


def sample_config(first, also):
    name = first + "-" + "-".join(also)
    path = os.path.join(town, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:begin] + section(first, also, ["slow", "cart"]) + text[end:])
    return path, os.path.join(work, "sample-" + name)


check_place("sample", town, sample_config, ["slow", "cart"], lambda alone: None)

hills = os.path.join(work, "andorra")


def andorra_config(first, also):
    name = first + "-" + "-".join(also)
    path = os.path.join(hills, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: Andorra}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: ["{data}/andorra.osm.pbf"]
elevation: ["{data}/N42E001.hgt.zip", "{data}/N41E001.hgt.zip"]
outputs: {{formats: [csv]}}
{section(first, also, ["slow", "cart", "hill"])}""")
    return path, os.path.join(work, "andorra-" + name)


def sloped(alone):
    """What the slope makes of each street, from a run with the rule and nothing else (slope.py recomputes these)."""
    path, out = andorra_config("hill", [])
    with open(path, encoding="utf-8") as file:
        changed = file.read().replace("stairs: 2.5, closed: [path], ", "")
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)
    made = kayoi(binary, "run", path, "--out", out + "-slope", "--lang", "en")
    check("Andorra: the slope alone runs", made.returncode == 0, made.stderr[-3000:])
    return {s["street_id"]: milli(s["cost_m"]) for s in table(out + "-slope", "streets")}


if os.path.exists(f"{data}/andorra.osm.pbf"):
    make_place(hills, 1.51, 42.50, 1.54, 42.52)
    write_json(os.path.join(hills, "venues.geojson"), [
        {"type": "Feature", "properties": {"id": f"V{n}", "name": f"V{n}"}, "geometry": {"type": "Point", "coordinates": spot}}
        for n, spot in enumerate([(1.5218, 42.5063), (1.5340, 42.5105), (1.5150, 42.5147), (1.5267, 42.5090)])])
    write_json(os.path.join(hills, "zones.geojson"), [square(1.525, 42.51, 0.02, 0.02, id="Z", name="Z")])
    check_place("Andorra", hills, andorra_config, ["hill", "slow", "cart"], sloped)
else:
    skip("profiles on Andorra", f"{data} is not there")
done()
