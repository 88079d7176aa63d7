"""Which venues count, and why not: every clause of the two rules, the register's own word, informal gatherings, and the shares
of what is not known; seats of a venue for one zone; bad input. By hand. Usage: counting.py KAYOI WORK_DIR"""
import csv
import json
import os
import shutil
import sys

from place import square, write_json
from runs import kayoi
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
WEST, LAT, METRE = 130.700, 32.800, 1 / 93600  # degrees of longitude of a metre there
HEAD = ["ID", "名称", "緯度", "経度", "ステータス", "月開催回数", "住民主体", "対象エリア", "徒歩圏に数える", "参加率に数える", "把握外の集まり",
        "定員", "参加者実人数"]


def lon(x_m):
    return WEST + x_m * METRE


def table_file(name, rows):
    with open(os.path.join(work, name), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for vid, x_m, *values in rows:
            out.writerow([vid, vid, LAT if x_m is not None else "", lon(x_m) if x_m is not None else "", *values])


def write_town():
    """Zones A (0 to 1 km) and B (1 to 2 km) along one street; homes of 100 people 65+ at 900 and 1,100 m."""
    write_json(os.path.join(work, "zones.geojson"),
               [square(lon(500), LAT, 500 * METRE, 0.01, id="A", name="西圏域"), square(lon(1500), LAT, 500 * METRE, 0.01, id="B", name="東圏域")])
    write_json(os.path.join(work, "border.geojson"), [square(lon(1000), LAT, 1000 * METRE, 0.01, id="T")])
    write_json(os.path.join(work, "roads.geojson"), [{"type": "Feature", "properties": {"highway": "residential"}, "geometry": {
        "type": "LineString", "coordinates": [[lon(0), LAT], [lon(2000), LAT]]}}])
    write_json(os.path.join(work, "homes.geojson"), [{"type": "Feature", "properties": {"id": f"H{x}", "pop_total": 200, "pop_65": 100},
               "geometry": {"type": "Point", "coordinates": [lon(x), LAT]}} for x in (900, 1100)])


def run(name, sources, more="", zones="zones: zones.geojson"):
    with open(os.path.join(work, name + ".yaml"), "w", encoding="utf-8") as file:
        file.write(f"municipality: {{name: X, border: border.geojson}}\nresidents: [homes.geojson]\nvenues:\n{sources}{zones}\nroads: roads.geojson\n"
                   f"outputs: {{dir: {name}, formats: [csv]}}\ntargets: {{rate: 0.5, basis: 試し}}\n{more}\n")
    return kayoi(binary, "run", os.path.join(work, name + ".yaml"), "--lang", "en")


def table(name, layer):
    with open(os.path.join(work, name, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


write_town()
RULE, REGISTER, NO = "rule", "register", "register_says_no"
# id, place, status, sessions, resident-led, catchment, says coverage, says rate, informal -> counts, reason, for rate, why not, bases
CASES = [
    (("plain", 900, "活動中", "4", "1", "", "", "", ""), (1, "", 1, "", RULE, RULE)),
    (("closed", 900, "休止中", "4", "1", "", "", "", ""), (0, "closed", 0, "closed", RULE, RULE)),
    (("monthly", 900, "", "1", "", "", "", "", ""), (1, "", 1, "", RULE, RULE)),
    (("rare", 900, "", "0.5", "1", "", "", "", ""), (0, "sessions_too_few", 0, "sessions_too_few", RULE, RULE)),
    (("unsaid", 900, "", "", "1", "", "", "", ""), (1, "", 1, "", RULE, RULE)),
    (("town_run", 900, "", "4", "0", "", "", "", ""), (1, "", 0, "not_resident_led", RULE, RULE)),
    (("nowhere", None, "", "4", "1", "", "はい", "はい", ""), (0, "no_coordinates", 0, "no_coordinates", RULE, RULE)),
    (("rare_yes", 900, "", "0.5", "1", "", "はい", "", ""), (1, "", 1, "", REGISTER, RULE)),
    (("plain_no", 900, "", "4", "1", "", "いいえ", "", ""), (0, NO, 0, NO, REGISTER, RULE)),
    (("not_rate", 900, "", "4", "1", "", "", "いいえ", ""), (1, "", 0, NO, RULE, REGISTER)),
    (("only_rate", 900, "", "4", "0", "", "いいえ", "はい", ""), (0, NO, 1, "", REGISTER, REGISTER)),
    (("closed_yes", 900, "廃止", "4", "1", "", "はい", "", ""), (0, "closed", 0, "closed", RULE, RULE)),
    (("tea", 1500, "", "8", "1", "", "", "", "はい"), (0, "informal", 0, "informal", RULE, RULE)),
    (("tea_yes", 1500, "", "8", "1", "", "はい", "はい", "はい"), (0, "informal", 0, "informal", RULE, RULE)),
    (("for_west", 1500, "", "4", "1", "西圏域", "", "", ""), (1, "", 1, "", RULE, RULE)),
    (("for_all", 1500, "", "4", "", "市内全域", "", "", ""), (1, "", 1, "", RULE, RULE)),
]
table_file("venues.csv", [(*case, "20", "5") for case, _ in CASES])
table_file("well.csv", [("well", 1500, "", "", "", "", "", "", "", "", ""), ("not_well", 1500, "", "4", "1", "", "", "", "いいえ", "", "")])
TWO = "  - {path: venues.csv, crs: EPSG:6668}\n  - {path: well.csv, crs: EPSG:6668, informal: true}\n"
made = run("rules", TWO)
check("rules: it runs", made.returncode == 0, made.stderr)
venues = {v["venue_id"]: v for v in table("rules", "venues")}
KEYS = ("counts", "reason", "counts_for_rate", "rate_reason", "counts_basis", "counts_for_rate_basis")
expected = {case[0]: [str(bool(e)).lower() if isinstance(e, int) else e for e in out] for case, out in CASES}
expected["well"] = ["false", "informal", "false", "informal", RULE, RULE]
expected["not_well"] = ["true", "", "true", "", RULE, RULE]
wrong = [f"{v}: {[venues[v][k] for k in KEYS]}, expected {e}" for v, e in expected.items() if [venues[v][k] for k in KEYS] != e]
check(f"{len(expected)} venues by hand, all of them in the output", not wrong and set(venues) == set(expected), "\n".join(wrong))
check("informal gatherings are marked", {v for v in venues if venues[v]["is_informal"] == "true"} == {"tea", "tea_yes", "well"})
reasons = {(i["reason"], i["record"]) for i in table("rules", "issues")}
check("contradictions of the register are told", {("closed_never_counts", "closed_yes"), ("informal_never_counts", "tea_yes")} <= reasons, str(reasons))
zones = {z["zone_id"] or z["level"]: z for z in table("rules", "zones")}
SHARES = ("venues_count", "venues_counting", "venues_bound", "informal_count", "sessions_unknown_share", "catchment_unknown_share",
          "resident_led_unknown_share")
# A counts plain, monthly, unsaid, town_run, rare_yes, not_rate; for the rate plain, monthly, unsaid, rare_yes, only_rate
HAND = {"A": ("11", "6", "0", "0", "0.166667", "1.000000", "0.200000"), "B": ("3", "3", "1", "3", "0.000000", "0.333333", "0.333333"),
        "municipality": ("14", "9", "1", "3", "0.111111", "0.777778", "0.250000")}
wrong = [f"{z}: {[zones[z][k] for k in SHARES]}, expected {h}" for z, h in HAND.items() if tuple(zones[z][k] for k in SHARES) != h]
check("shares of what is not known, and informal gatherings, per zone", not wrong, "\n".join(wrong))
with open(os.path.join(work, "rules", "run.json"), encoding="utf-8") as file:
    counting = json.load(file)["counting"]
check("the same in run.json", counting == {"venues_counting": 9, "venues_counting_for_rate": 8, "venues_bound": 1, "sessions_unknown_share": 0.111111,
      "catchment_unknown_share": 0.777778, "resident_led_unknown_share": 0.25, "informal": 3}, str(counting))
check("and in the summary", "how often they meet 11.1 %, whom they serve 77.8 %" in made.stdout, made.stdout)

# the same people, and a club with seats for everybody that is for zone A
table_file("seats.csv", [("club", 1000, "", "4", "1", "Ａ", "", "", "", "1000", "0"), ("hall", 1000, "", "4", "1", "", "", "", "", "10", "0")])
for name, more, lack in (("bound", "", {"A": "0", "B": "40"}), ("open", "counting: {catchment: ignore}", {"A": "0", "B": "0"})):
    made = run(name, "  - {path: seats.csv, crs: EPSG:6668}\n", more)
    zones = {z["zone_id"]: z for z in table(name, "zones") if z["level"] == "zone"} if made.returncode == 0 else {}
    check(f"seats of the club, {name}: too few for {lack}", {z: zones[z]["target_no_seats"] for z in zones} == lack, made.stderr + str(zones))
    allocated = {v["venue_id"]: v["people_65_500"] for v in table(name, "venues")}
    check(f"people of the club, {name}", allocated == {"club": "100.000" if name == "bound" else "200.000", "hall": "200.000"}, str(allocated))

table_file("bad.csv", [("gone", 900, "", "4", "1", "北圏域", "", "", "", "", ""), ("half", 900, "", "4", "1", "西圏域・北圏域", "", "", "", "", ""),
                       ("far", 10, "", "4", "1", "東圏域", "", "", "", "", ""), ("odd", 900, "", "4", "1", "", "たぶん", "", "", "", "")])
made = run("bad", "  - {path: bad.csv, crs: EPSG:6668}\n")
said = {(i["reason"], i["record"], i["severity"]) for i in table("bad", "issues")}
check("zones that do not exist, zones from which nobody comes, a word that is neither yes nor no",
      {("catchment_not_zones", "gone", "info"), ("catchment_zone_unknown", "half", "warning"), ("catchment_out_of_reach", "far", "warning"),
       ("not_yes_or_no", "odd", "warning")} <= said, str(said))
made = run("no_zones", "  - {path: bad.csv, crs: EPSG:6668}\n", zones="")
said = [(i["reason"], i["message"]) for i in table("no_zones", "issues") if i["field"] == "catchment"]
check("no zones: told once, open to all", [s[0] for s in said] == ["catchment_without_zones"] and "3 venues" in said[0][1]
      and all(v["catchment_zones"] == "" and v["counts"] == "true" for v in table("no_zones", "venues")), str(said))
made = run("refused", "  - {path: bad.csv, crs: EPSG:6668}\n", "resources: [{path: bad.csv, crs: EPSG:6668, informal: true}]")
check("informal: is refused for resources", made.returncode == 2 and "informal: is for venues only" in made.stderr, made.stderr)
made = run("setting", "  - {path: bad.csv, crs: EPSG:6668}\n", "counting: {catchment: maybe}")
check("a setting that is none", made.returncode == 2 and "zones" in made.stderr and "ignore" in made.stderr, made.stderr)
done()
