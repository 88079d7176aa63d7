"""Recomputes what zones have and where to start from the lists of the configuration and the layers before them: inventory,
venue_groups, zone_facts, cross, priority and priority_sensitivity, and their columns in zones.

Usage: strengths.py OUT_DIR CONFIG [KAYOI WORK]   (with KAYOI: also variants of the sample with other weights and resources)"""
import csv
import itertools
import json
import math
import os
import re
import shutil
import sys
from collections import Counter, defaultdict
from fractions import Fraction

import yaml
from osgeo import ogr

from runs import kayoi, root, table
from tap import check, done
from zone_lists import KINDS, Differences, Town, facts_of, given, newest, number, resources_of, total, venues_of, willing_of

ZONE_COUNTS = {"centre": "centres_count", "hall": "halls_count", "shop": "shops_count", "clinic": "clinics_count",
               "vehicle_provider": "providers_count", "volunteer_group": "volunteer_groups_count"}
COMPONENTS = {"uncovered": "need_uncovered_65", "uncovered_share": "need_uncovered_share_65", "shortfall": "need_shortfall",
              "growth_75": "need_growth_75", "mobility": "need_mobility_65", "no_venue_no_shop": "need_no_venue_no_shop_65",
              "resources": "feasibility_resources", "providers_willing": "feasibility_providers_willing",
              "supporters": "feasibility_supporters", "initiative": "feasibility_initiative"}
OPERATORS = (("welfare_council", "社会福祉協議会"), ("npo", "NPO"), ("elders_club", "老人クラブ"), ("neighbourhood", "自治会|町内会"),
             ("volunteers", "有志|婦人会|福祉委員|同好会"), ("municipality", "^通井町$"))
STATES = ("covered", "new_venue", "transit", "mobility_support", "outreach", "not_in_gap", "unknown")


def check_inventory(town, name):
    found, asked = resources_of(town)
    if "resources" not in town.config:
        there = os.path.exists(os.path.join(town.out, "internal", "inventory.csv"))
        columns = [*ZONE_COUNTS.values(), "providers_seats", "providers_willing", "providers_survey_date"]
        check(f"{name}: no table inventory, no number in zones", not there and not any(r[c] for r in town.row.values() for c in columns))
        return
    written = {(Town.key(r), r["kind"]): r for r in table(town.out, "inventory")}
    told = Differences(f"{name}: inventory by kind and zone, from the lists")
    for row, kind in itertools.product(town.places.rows, KINDS):
        here = [r for r in found if r["kind"] == kind and r["row"] in town.parts(row)]
        line = written.pop((row, kind), None)
        if line is None:
            told.same(f"{row} {kind} (no record)", "", "" if row not in (*town.zones, "municipality") and not here else "a record")
            continue
        has_will = kind in asked and (kind == "vehicle_provider" or any(r["will"] is not None for r in found if r["kind"] == kind))
        willing = Counter(r["will"] for r in here)
        seats = None if kind not in asked or not has_will else total(r["seats"] for r in here)
        for column, ours in (("count", len(here) if kind in asked else None), ("names", "、".join(r["name"] for r in here)), ("seats", seats),
                             ("seats_known_count", sum(r["seats"] is not None for r in here) if has_will else None),
                             ("willing_count", willing[1] if has_will else None), ("unwilling_count", willing[0] if has_will else None),
                             ("willing_unknown_count", willing[None] if has_will else None),
                             ("survey_date", " / ".join(sorted({r["date"] for r in here} - {""})))):
            told.same(f"{row} {kind} {column}", line[column], ours)
        if kind in ZONE_COUNTS and row in town.row:
            told.same(f"zones {row} {kind}", town.row[row][ZONE_COUNTS[kind]], len(here) if kind in asked else None)
        if kind == "vehicle_provider" and row in town.row:
            told.same(f"zones {row} seats", town.row[row]["providers_seats"], seats)
            told.same(f"zones {row} willing", town.row[row]["providers_willing"], willing_of(here, kind in asked))
    told.wrong += [f"{key}: a record of nothing" for key in written]
    told.tell(100)


def groups_of(venue):
    """(kind, group) of a venue by our own reading of the register."""
    if not venue["counts"]:
        return [("not_counting", venue["reason"])]
    sessions = venue["sessions"]
    often = ("unknown" if sessions is None else "weekly" if sessions >= 4 else "fortnightly" if sessions >= 2 else
             "monthly" if sessions >= 1 else "rarer")
    begins = [v for k, v in venue["record"].items() if k.endswith("開始") and v]
    parts = {"morning" if int(b.split(":")[0]) < 12 else "afternoon" if int(b.split(":")[0]) < 17 else "evening" for b in begins}
    operator = next((code for code, words in OPERATORS if re.search(words, venue["record"]["運営主体"])), "other")
    return [("all", "counting"), ("activity", venue["record"]["活動内容"]), ("operator", operator), ("frequency", often),
            *(("day_part", p) for p in parts or {"unknown"})]


def sums_of(venues):
    """Columns of venue_groups."""
    compared = [v for v in venues if v["now"] is not None and v["before"] is not None]
    counted_men = [v for v in venues if v["men"] is not None and v["now"] is not None]
    known = [v for v in venues if v["sessions"] is not None]
    led = [v["led"] for v in venues if v["led"] is not None]
    people = sum(v["now"] for v in counted_men)
    return {"venues_count": len(venues), "resident_led_count": sum(led), "resident_led_known_count": len(led),
            "resident_led_share": Fraction(sum(led), len(led)) if led else None,
            "weekly_count": sum(v["sessions"] >= 4 for v in known) if known or not venues else None,
            "sessions_per_month": total(v["sessions"] for v in venues), "sessions_known_count": len(known),
            "participants": total(v["now"] for v in venues), "reports_count": sum(v["now"] is not None for v in venues),
            "participants_m": total(v["men"] for v in venues), "participants_f": total(v["women"] for v in venues),
            "male_share": Fraction(sum(v["men"] for v in counted_men), people) if people else None,
            "supporters": total(v["supporters"] for v in venues),
            "supporters_known_count": sum(v["supporters"] is not None for v in venues),
            "participants_before": sum(v["before"] for v in compared) if compared or not venues else None,
            "participants_change": sum(v["now"] - v["before"] for v in compared) if compared or not venues else None,
            "compared_count": len(compared)}


def check_groups(town, name):
    venues = venues_of(town)
    members = defaultdict(list)
    for venue in venues:
        for group in groups_of(venue):
            members[group].append(venue)
    written = {(Town.key(r), r["kind"], r["group"]): r for r in table(town.out, "venue_groups")}
    told = Differences(f"{name}: venue_groups, venues, participants, men, resident-led, weekly, supporters, from the register")
    for row, group in itertools.product(town.places.rows, members):
        here = [v for v in members[group] if v["row"] in town.parts(row)]
        line = written.pop((row, *group), None)
        if line is None:
            told.same(f"{row} {group} (no record)", "", "a record" if here or row in (*town.zones, "municipality") else "")
            continue
        ours = sums_of(here)
        for column, value in ours.items():
            told.same(f"{row} {group} {column}", line[column], value)
        if group == ("all", "counting") and row in town.row:
            for column, name in (("venues_resident_led", "resident_led_count"), ("resident_led_share",) * 2, ("venues_weekly", "weekly_count"),
                                 ("sessions_per_month",) * 2, ("male_share",) * 2, ("supporters",) * 2, ("participants_change",) * 2):
                told.same(f"zones {row} {column}", town.row[row][column], ours[name])
    told.wrong += [f"{key}: a record of no venue of ours" for key in written]
    told.tell(1000)


def check_facts(town):
    facts = facts_of(town)
    ours = sorted((f["row"], f["項目"], f["値"], f["単位"], f["時点"], f["出所"]) for f in facts)
    lines = table(town.out, "zone_facts")
    check("zone_facts: every value as it was written", sorted((Town.key(r), r["item"], r["value"], r["unit"], r["date"], r["source"]) for r in lines) == ours, ours)
    told = Differences("zone_facts: values as numbers; the newest in zones")
    for line in lines:
        told.same(f"{Town.key(line)} {line['item']}", line["value_number"], number(line["value"]))
    singles = {z: newest(facts, z, "ひとり暮らし高齢者世帯") for z in town.zones}
    for row, value in [*singles.items(), ("municipality", sum(singles.values()))]:
        told.same(f"{row} single_households", town.row[row]["single_households"], value)
        told.same(f"{row} single_households_date", town.row[row]["single_households_date"], "2024-10-01")
    told.tell(10)


def check_cross(town):
    told = Differences("cross: people by zone, age, sex and class are those of zones and of the gap areas, exactly")
    in_gaps, sums = Counter(), Counter()
    for gap in table(town.out, "gaps"):
        for band in ("total", "65", "75", "85"):
            for end in ("", "_m", "_f"):
                in_gaps[gap["zone_id"], gap["class"], band + end] += given(gap["people_" + band + end])
    for line in table(town.out, "cross"):
        row, band = Town.key(line), line["age"] + {"all": "", "m": "_m", "f": "_f"}[line["sex"]]
        value = {s: given(line[s]) for s in ("pop", *STATES)}
        ledger, where = town.row[row], f"{row} {band}"
        told.same(where, line["pop"], sum(value[s] for s in STATES))
        for state in ("pop", "covered", "not_in_gap", "unknown"):
            told.same(f"{where} {state}", ledger[f"{state}_{band}"], value[state])
        told.same(f"{where} in gaps", ledger[f"in_gap_{band}"], sum(value[s] for s in STATES[1:5]))
        told.same(f"{where} share", line["covered_share"], value["covered"] / value["pop"] if value["pop"] else None)
        for state in STATES[1:5] if row in town.zones else ():
            told.same(f"{where} {state} of the gap areas", line[state], in_gaps[row, state, band])
        for state in value:
            sums[state, band, "parts" if row in (*town.zones, "outside_zones") else row] += value[state]
    for state, band, _ in [k for k in sums if k[2] == "parts"]:
        told.same(f"municipality {band} {state}", str(float(sums[state, band, "municipality"])), sums[state, band, "parts"])
    told.tell(500)


def check_shops(town):
    """Nobody has a shop in range where the whole cell is farther from every shop than that, as the crow flies."""
    told = Differences("no_venue_no_shop_65: with covered_no_shop_65 and those near a shop everybody; between what cells decide")
    near = {Town.key(r): given(r["covered_65"]) for r in table(town.out, "access") if r["class"] == "shop"}
    shops = [(float(r["lon"]), float(r["lat"])) for r in table(town.out, "resources") if r["kind"] == "shop" and r["lon"]]
    with open(os.path.join(town.out, "internal", "cells.geojson"), encoding="utf-8") as file:
        cells = json.load(file)["features"]
    scale = math.cos(math.radians(shops[0][1]))
    least, most, people = Counter(), Counter(), Counter()
    for cell in cells:
        p, shape = cell["properties"], ogr.CreateGeometryFromJson(json.dumps(cell["geometry"]))
        far = Fraction(str(p["pop_65"] or 0)) - Fraction(str(p["covered_65"] or 0))
        lon_0, lon_1, lat_0, lat_1 = shape.GetEnvelope()
        away = min(math.hypot(max(lon_0 - x, 0, x - lon_1) * scale * 111320, max(lat_0 - y, 0, y - lat_1) * 110900) for x, y in shops)
        people[p["zone_id"]] += Fraction(str(p["pop_65"] or 0))
        most[p["zone_id"]] += far
        least[p["zone_id"]] += far if away > 510 else 0
    decided = 0
    for row in (*town.zones, "municipality"):
        value, covered = given(town.row[row]["no_venue_no_shop_65"]), given(town.row[row]["covered_no_shop_65"])
        told.same(f"{row}: neither, venue alone, shop", town.row[row]["pop_65"], value + covered + near[row])
        if row in town.zones and people[row] == given(town.row[row]["pop_65"]):
            decided += least[row] == most[row]
            told.same(f"{row}: {float(value)} in [{float(least[row])}, {float(most[row])}]", str(least[row] <= value <= most[row]), "True")
    told.same("zones that cells alone decide, at least two", str(decided >= 2), "True")
    told.tell(9)


def components_of(town, row):
    """Values of a row's components from the tables before."""
    ledger, parts = town.row[row], town.parts(row)
    found, asked = resources_of(town)
    providers = [r for r in found if r["kind"] == "vehicle_provider" and r["row"] in parts]
    venues = [v for v in venues_of(town) if v["counts"] and v["row"] in parts]
    far = given(ledger["beyond_65"]) + given(ledger["unreachable_65"])
    years = {int(r["year"]): given(r["pop_75"]) for r in table(town.out, "year_zones") if Town.key(r) == row}
    years = [years[y] for y in sorted(years) if y in town.config["years"]["use"]]
    by_class = next(r for r in table(town.out, "cross") if Town.key(r) == row and (r["age"], r["sex"]) == ("65", "all"))
    return {"uncovered": far, "uncovered_share": far / given(ledger["pop_65"]), "shortfall": given(ledger["shortfall"]),
            "growth_75": years[-1] - years[0], "mobility": sum(given(by_class[s]) for s in STATES[2:5]),
            "no_venue_no_shop": given(ledger["no_venue_no_shop_65"]),
            "resources": sum(r["row"] in parts for r in found) if asked else None,
            "providers_willing": willing_of(providers, "vehicle_provider" in asked),
            "supporters": total(v["supporters"] for v in venues),
            "initiative": newest(facts_of(town), row, "地域の主体的な取組")}


def ranks(values):
    """1 is the largest; equal values share the lower number."""
    known = [v for v in values.values() if v is not None]
    return {z: None if v is None else 1 + sum(other > v for other in known) for z, v in values.items()}


def composite(values, weights):
    """The mean by weight of shares of the largest zone's value, 0 where it is not above 0; None where one is not known."""
    out = {}
    for zone in values:
        out[zone] = Fraction(0)
        for key, weight in weights.items():
            largest = max((v[key] for v in values.values() if v[key] is not None), default=0)
            mine = values[zone][key]
            if mine is None or out[zone] is None:
                out[zone] = None
            elif mine > 0:
                out[zone] += weight * mine / largest / sum(weights.values())
    return out


def check_priority(town, name):
    written = {r["zone_id"]: r for r in table(town.out, "priority")}
    values = {z: components_of(town, z) for z in town.zones}
    whole = components_of(town, "municipality")
    weights = {k: Fraction(str(w)) for k, w in ((town.config.get("priority") or {}).get("weights") or {}).items() if w}
    told = Differences(f"{name}: priority, components and ranks by zone, in zones too")
    for key, column in COMPONENTS.items():
        by_zone = {z: values[z][key] for z in town.zones}
        for zone, rank in ranks(by_zone).items():
            for line in (written[zone], town.row[zone]):
                told.same(f"{zone} {column}", line[column], by_zone[zone])
                told.same(f"{zone} {column}_rank", line[column + "_rank"], rank)
        told.same(f"municipality {column}", town.row["municipality"][column], whole[key])
    order = sorted(town.zones, key=lambda z: (-values[z]["uncovered"], z))
    told.same("order", " ".join(written), " ".join(order))
    told.tell(100)
    score = composite(values, weights) if weights else dict.fromkeys(town.zones)
    rank = ranks(score)
    told = Differences(f"{name}: composite of {', '.join(weights) or 'nothing'}, by hand")
    for zone in town.zones:
        missing = [k for k in COMPONENTS if k in weights and values[zone][k] is None]
        for line in (written[zone], town.row[zone]):
            told.same(f"{zone} score", line["priority_score"], score[zone])
            told.same(f"{zone} rank", line["priority_rank"], rank[zone])
        told.same(f"{zone} missing", written[zone]["priority_missing"], ", ".join(missing))
    told.tell(3 * len(town.zones))
    check_trials(town, name, values, weights, rank)


def check_trials(town, name, values, weights, before):
    path = os.path.join(town.out, "internal", "priority_sensitivity.csv")
    lines = {(r["weight"], Fraction(r["factor"]), r["zone_id"]): r for r in table(town.out, "priority_sensitivity")} if os.path.exists(path) else {}
    told = Differences(f"{name}: priority_sensitivity, each weight by half less and half more")
    for key, factor in itertools.product(weights, (Fraction(1, 2), Fraction(3, 2))):
        score = composite(values, {**weights, key: weights[key] * factor})
        for zone, rank in ranks(score).items():
            line = lines.pop((key, factor, zone), None)
            if line is None:
                told.wrong.append(f"{key} x {factor} {zone}: no record")
                continue
            for column, ours in (("score", score[zone]), ("rank", rank), ("rank_before", before[zone]),
                                 ("rank_change", None if rank is None else rank - before[zone])):
                told.same(f"{key} x {float(factor)} {zone} {column}", line[column], ours)
    told.wrong += [f"{key}: a record of no weight" for key in lines]
    told.tell(8 * len(town.zones) * len(weights))


def check_sums(town):
    with open(os.path.join(town.out, "run.json"), encoding="utf-8") as file:
        adds = json.load(file)["sums"]["zones"]
    told = Differences("zones add up to the municipality in every column of strengths, inventory and need that says so")
    columns = [c for c in town.row["municipality"] if re.match(r"need_|feasibility_|.*no_shop|.*s_count$|providers_|venues_(led|resident|weekly)|supporters|sessions_per|participants_change", c) and adds.get(c)]
    for column in columns:
        parts = [town.row[z][column] for z in town.zones]
        if "outside_zones" in adds[column]:
            parts.append(town.row["outside_zones"][column])
        told.same(column, town.row["municipality"][column], total(given(p) for p in parts))
    told.tell(20)


def variant(kayoi_path, work, name, change, files=()):
    """The sample with another configuration, in CSV alone."""
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(root, "sample-data"), folder)
    config = os.path.join(folder, "kayoi.yaml")
    with open(config, encoding="utf-8") as file:
        settings = yaml.safe_load(file)
    settings["outputs"] = {"formats": ["csv"]}
    change(settings)
    with open(config, "w", encoding="utf-8") as file:
        yaml.safe_dump(settings, file, allow_unicode=True)
    for path, text in files:
        with open(os.path.join(folder, path), "w", encoding="utf-8", newline="") as file:
            file.write(text)
    out = os.path.join(folder, "out")
    made = kayoi(kayoi_path, "run", config, "--out", out, "--lang", "en")
    return Town(out, config) if check(f"{name}: it runs", made.returncode == 0, made.stderr[-800:]) else None


def weigh(weights):
    def change(settings):
        settings["priority"] = {"weights": weights}
    return change


def no_resources(settings):
    del settings["resources"], settings["priority"]


# Halls are said to be asked about and none is in a zone; providers were never asked whether they would help, one has seats.
FEW = "番号,名称,緯度,経度,乗車定員,協力意向\n"
HALLS = FEW + "H1,隣町公民館,32.7437,130.8091,,\n"
PROVIDERS = FEW + "P1,通井タクシー,32.7442379,130.8733084,4,\nP2,北原の会,32.7724602,130.8662647,,\n"


def few_resources(settings):
    settings["resources"] = [{"path": p + ".csv", "kind": k, "crs": "EPSG:6668"} for p, k in (("halls", "hall"), ("providers", "vehicle_provider"))]
    settings["priority"] = {"weights": {"providers_willing": 1, "resources": 0.25}}


def odd_register():
    """Participants without sexes, nobody who says who leads, runs or how often, meetings in the evening and at no time; shops at every venue."""
    with open(os.path.join(root, "sample-data", "venues.csv"), encoding="utf-8-sig", newline="") as file:
        venues = list(csv.DictReader(file))
    shops = FEW + "".join(f"S{v['No']},店,{v['緯度']},{v['経度']},,\n" for v in venues if v["緯度"] and v["No"] not in ("26", "27"))
    changes = {"1": {"参加者男": "", "参加者女": ""}, "7": {"参加者男": ""}, "2": {"住民主体": "", "運営日（平日）－開始": "18:30", "運営日（平日）－終了": "20:00"},
               "5": {"月開催回数": "", "担い手": "0"}, "9": {"運営日（平日）－開始": "", "運営日（平日）－終了": ""},
               "22": {"運営日（土曜）－開始": "13:00", "運営日（土曜）－終了": "15:00"}, "24": {"住民主体": ""}, "25": {"住民主体": ""}}
    text = ",".join(venues[0]) + "\n" + "".join(",".join({**v, **changes.get(v["No"], {})}.values()) + "\n" for v in venues)
    return ("venues.csv", text), ("shops.csv", shops)


def shops_alone(settings):
    settings["resources"] = [{"path": "shops.csv", "kind": "shop", "crs": "EPSG:6668"}]


def check_odd_register(kayoi_path, work):
    name = "an odd register, shops where venues are"
    town = variant(kayoi_path, work, name, shops_alone, odd_register())
    if not town:
        return
    check_groups(town, name)
    wrong = [z for z, r in town.row.items() if z != "outside" and (given(r["covered_no_shop_65"]) != 0
             or given(r["no_venue_no_shop_65"]) != given(r["pop_65"]) - given(r["covered_65"]))]
    check(f"{name}: those without venue and shop are those without venue", not wrong, wrong)


def check_scenario(kayoi_path, work):
    """A venue that a scenario closes, and the register that says so, give the same bytes."""
    layers = ["venue_groups", "cross", "inventory", "priority", "priority_sensitivity", "zone_facts", "zones"]
    with open(os.path.join(root, "sample-data", "venues.csv"), encoding="utf-8-sig", newline="") as file:
        lines = file.read().split("\n")
    register = "\n".join(line.replace(",公開,", ",廃止,") if line.startswith("1,") else line for line in lines)
    town = variant(kayoi_path, work, "venue 1 ends in the register", lambda settings: None, (("venues.csv", register),))
    before = variant(kayoi_path, work, "venue 1 is there", lambda settings: None)
    if not town or not before:
        return
    plan = os.path.join(work, "plan.yaml")
    with open(plan, "w", encoding="utf-8") as file:
        yaml.safe_dump({"scenarios": [{"name": "end", "closes": ["1"], "layers": layers}]}, file)
    out = os.path.join(work, "scenario")
    made = kayoi(kayoi_path, "run", os.path.join(before.folder, "kayoi.yaml"), "--out", out, "--lang", "en", "--scenario", plan)
    if not check("a scenario runs", made.returncode == 0, made.stderr[-800:]):
        return
    of = [os.path.join(out, "internal", "scenarios", "end"), os.path.join(town.out, "internal")]
    texts = [[open(os.path.join(folder, name + ".csv"), "rb").read() for name in layers] for folder in of]
    differ = [name for name, one, two in zip(layers, *texts) if one != two]
    check("a scenario's tables are those of the register that says so", not differ, differ)


def check_variants(kayoi_path, work):
    weights = {"initiative": 1, "growth_75": 2.5, "uncovered_share": 0.125}
    for name, change, files in (("weights of what two zones lack", weigh(weights), ()),
                                ("every weight but the initiative's", weigh({k: n + 1 for n, k in enumerate(COMPONENTS) if k != "initiative"}), ()),
                                ("nobody asked about resources", no_resources, ()),
                                ("halls and providers alone", few_resources, (("halls.csv", HALLS), ("providers.csv", PROVIDERS)))):
        town = variant(kayoi_path, work, name, change, files)
        if town:
            check_inventory(town, name)
            check_priority(town, name)
    check_odd_register(kayoi_path, work)
    check_scenario(kayoi_path, work)


sample_town = Town(sys.argv[1], os.path.abspath(sys.argv[2]))
check_inventory(sample_town, "sample")
check_groups(sample_town, "sample")
check_facts(sample_town)
check_cross(sample_town)
check_shops(sample_town)
check_priority(sample_town, "sample")
check_sums(sample_town)
if len(sys.argv) > 4:
    check_variants(sys.argv[3], sys.argv[4])
done()
