"""Sets of sites against scenarios that open them. Usage: site_plan.py KAYOI WORK_DIR [SHARED_DATA]

The sample, and Ube where its data is at hand: every first k sites of the order, and every set of layer site_sets, opened in a scenario of
their own, cover as many people more as the layers say. On the sample all pairs of halls are opened: none covers more than the best set of
two. Budgets, floors and goals that cannot be reached are said."""
import itertools
import json
import os
import re
import shutil
import sys
from decimal import Decimal

from osgeo import ogr

from runs import kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), os.path.join(work, "town"))


def run(name, config, *more):
    out = os.path.join(work, "out_" + name)
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en", *more)
    check(f"{name}: the run ends well", made.returncode == 0, made.stderr[-2000:])
    return out


def covered(name, config, sets):
    """People newly covered by each set of sites, by scenarios."""
    path = os.path.join(work, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("scenarios:\n")
        for i, sites in enumerate(sets):
            adds = ", ".join(f"{{name: X{n}, at: {json.dumps(site)}}}" for n, site in enumerate(sites))
            file.write(f"  - {{name: s{i}, adds: [{adds}], layers: []}}\n")
    rows = table(run(name, config, "--scenario", path), "scenarios")
    return [Decimal(row["covered_65_change"]) for row in rows]


def by_question(out):
    sets = {}
    for row in table(out, "site_sets"):
        sets.setdefault((row["question"], row["objective"], row["sites_count"]), []).append(row)
    return sets


def inside(path, rows):
    """Ids of sites that lie in none of the polygons of a layer."""
    source = ogr.Open(path)  # it has to outlive its layer
    areas = [feature.GetGeometryRef().Clone() for feature in source.GetLayer(0)]
    lost = []
    for row in rows:
        place = ogr.Geometry(ogr.wkbPoint)
        place.AddPoint_2D(float(row["lon"]), float(row["lat"]))
        if not any(area.Distance(place) < 1e-6 for area in areas):
            lost.append(row["site_id"])
    return lost


def compare(town, config, border, first=5):
    out = run(town, config)
    lost = inside(border, table(out, "sites"))
    check(f"{town}: every site lies inside the municipality", not lost, lost[:5])
    sites, curve, sets = table(out, "sites"), table(out, "site_curve"), by_question(out)
    check(f"{town}: there are sites and questions", len(sites) > 1 and len(sets) > 2 and len(curve) == len(sites))
    asked = [[row["site_id"] for row in sites[:k + 1]] for k in range(min(first, len(sites)))]
    told = [Decimal(row["gain_so_far_65"]) for row in curve[:first]]
    for key, rows in sets.items():
        if key[1] == "coverage" and rows[0]["site_id"]:
            asked.append([row["site_id"] for row in rows])
            told.append(Decimal(rows[0]["value"]))
    found = covered(town + "_sets", config, asked)
    check(f"{town}: {len(asked)} sets cover what the layers say", found == told, [p for p in zip(asked, told, found) if p[1] != p[2]][:3])
    wrong = [row["k"] for row in curve if row["best_65"] and not Decimal(row["gain_so_far_65"]) <= Decimal(row["best_65"]) <= Decimal(row["bound"])]
    check(f"{town}: the order is no better than the best set, and that no better than its bound", not wrong, wrong)
    return out, sets


sample = os.path.join(work, "town", "kayoi.yaml")
with open(sample, encoding="utf-8") as file:
    text = re.sub(r"(?ms)^years:\n.*?(?=^#|^\w)", "", file.read()).replace("sensitivity: true", "sensitivity: false")
text = re.sub(r"(?ms)^access:\n.*?(?=^#|^\w)", "", text)
text = re.sub(r"formats: \[.*?\]", "formats: [csv]", text)
with open(sample, "w", encoding="utf-8") as file:
    file.write(text)
out, sets = compare("sample", sample, os.path.join(work, "town", "zones.geojson"))
with open(os.path.join(work, "town", "public_halls.geojson"), encoding="utf-8") as file:
    halls = [f["properties"]["施設番号"] for f in json.load(file)["features"]]
halls = [hall for hall in halls if hall != "H43"]  # it lies outside
alone = dict(zip(halls, covered("sample_alone", sample, [[hall] for hall in halls])))
viable = [hall for hall in halls if alone[hall] >= 20]
told = Decimal(sets["best", "coverage", "2"][0]["value"])
all_pairs = list(itertools.combinations(viable, 2))
pairs = [(a, b) for a, b in all_pairs if alone[a] + alone[b] >= told]  # the others cover less even without an overlap
best = max(covered("sample_pairs", sample, pairs))
check(f"none of {len(all_pairs)} pairs of halls covers more than the best set of two ({len(pairs)} opened)", best == told, f"{best} {told}")
smallest = next(rows for key, rows in sets.items() if key[0] == "smallest")
town = next(row for row in table(out, "zones") if row["level"] == "municipality")
need = Decimal(town["pop_65"]) * Decimal("0.8") - Decimal(town["covered_65"])
fewer = sets["best", "coverage", str(int(smallest[0]["sites_count"]) - 1)][0]
check("the fewest sites reach the goal, and one fewer does not", Decimal(smallest[0]["value"]) >= need > Decimal(fewer["bound"]), f"{need} {smallest[0]['value']}")

# Costs: the number of a hall; a budget of 60 pays for few. A floor of 99 % in every zone cannot be kept.
with open(os.path.join(work, "town", "public_halls.geojson"), encoding="utf-8") as file:
    collection = json.load(file)
for feature in collection["features"]:
    feature["properties"]["費用"] = int(feature["properties"]["施設番号"][1:])
with open(os.path.join(work, "town", "public_halls.geojson"), "w", encoding="utf-8") as file:
    json.dump(collection, file, ensure_ascii=False)
asked = os.path.join(work, "town", "asked.yaml")
with open(asked, "w", encoding="utf-8") as file:
    file.write(text.replace("  min_people_65: 20 ", "  budget: 60\n  floor_share: 0.99\n  by_walk: true\n  by_seats: true\n  best: 3\n  min_people_65: 20 "))
out = run("asked", asked)
sets = by_question(out)
cost = {hall: int(hall[1:]) for hall in viable}
rows = next(rows for key, rows in sets.items() if key[0] == "budget")
spent = sum(int(row["cost"]) for row in rows)
value = Decimal(rows[0]["value"])
within = [c for n in (1, 2) for c in itertools.combinations(viable, n) if sum(cost[h] for h in c) <= 60 and sum(alone[h] for h in c) >= value]
best = max(covered("budget_pairs", asked, within), default=0) if within else 0
check("a budget is kept, and what it buys is no worse than any pair within it", spent <= 60 and Decimal(rows[0]["value"]) >= best, f"{spent} {rows[0]['value']} {best}")
floor = next(rows for key, rows in sets.items() if key[0] == "smallest_with_floor")[0]
issues = [row for row in table(out, "issues") if row["reason"] == "floor_impossible"]
check("a floor that cannot be kept is said, with the zone", floor["reached"] == "false" and floor["proof"] == "impossible" and issues and issues[0]["record"], floor)
check("walk and seats have their best sets too", {("best", "walk", "3"), ("best", "seats", "3")} <= set(sets) and all(
    rows[0]["proof"] == "proven" for key, rows in sets.items() if key[1] in ("walk", "seats")), list(sets))
seats = sets["best", "seats", "3"][0]
check("three venues of 20 seats seat at most 60", Decimal(seats["value"]) <= 60, seats["value"])

data = sys.argv[3] if len(sys.argv) > 3 else os.path.join(root, "..", "shared", "data")
if os.path.exists(os.path.join(data, "ube", "ube_roads.zip")):
    with open(os.path.join(root, "tests", "real", "ube.yaml"), encoding="utf-8") as file:
        text = re.sub(r"formats: \[.*?\]", "formats: [csv]", file.read()).replace("../../../shared/data", os.path.abspath(data))
    assert "\nsites:" not in text
    text += "\nsites: {goal: true}\n"
    ube = os.path.join(work, "ube.yaml")
    with open(ube, "w", encoding="utf-8") as file:
        file.write(text)
    compare("ube", ube, os.path.join(data, "ube", "N03_35202.json"), first=3)
else:
    print("# SKIPPED Ube: its data is not at hand")
done()
