"""Gaps and targets of further years against runs of their own. Usage: outlook.py KAYOI WORK_DIR

The people of a year of the sample's projection are given as the residents of a run, without a register; its layers zones and gaps must
be the records of that year in year_zones and year_gaps. Growth is that of layer population, and zones add up in every year."""
import json
import os
import re
import shutil
import sys
from decimal import Decimal

from runs import kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
YEARS = ("2025", "2035", "2045")


def run(name, text):
    config = os.path.join(work, name + ".yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    out = os.path.join(work, "out_" + name)
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
    check(f"{name}: the run ends well", made.returncode == 0, made.stderr[-2000:])
    return out


with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    sample = file.read()
together = run("together", sample)
zones, gaps = table(together, "year_zones"), table(together, "year_gaps")
check("the run's own year comes first, then the years in their order",
      list(dict.fromkeys((row["year"], row["people_from"]) for row in zones)) == [("2020", "residents")] + [(y, "projection") for y in YEARS])


def differences(mine, theirs, keys):
    """Columns of `theirs` that differ; the layer of years has the columns of all years."""
    if len(mine) != len(theirs):
        return [f"{len(mine)} and {len(theirs)} records"]
    return [f"{[a[k] for k in keys]} {name}: {a.get(name)} and {b[name]}" for a, b in zip(mine, theirs) for name in b
            if a.get(name, "") != b[name]]


def of(rows, year, people_from):
    return [row for row in rows if row["year"] == year and row["people_from"] == people_from]


different = differences(of(zones, "2020", "residents"), table(together, "zones"), ["zone_id"])
check("the first records of year_zones are layer zones", not different, different[:5])
different = differences(of(gaps, "2020", "residents"), table(together, "gaps"), ["gap_id"])
check("the first records of year_gaps are layer gaps", not different, different[:5])

# Columns that a run of its own has from other settings: shops are only looked up for the run's own year, the register is of today,
# dates are of other sources, and shares of area are those of the residents' extent.
OTHER = re.compile(r"walk_m_shop|walk_m_clinic|no_venue_no_shop|official_|target_base|people_date|partial|grid_share|cells_without|people_without"
                   r"|centres_|halls_|shops_|clinics_|providers_|volunteer_groups_|need_|feasibility_|priority_|supporters|sessions_per_month"
                   r"|venues_resident_led|venues_weekly|resident_led_share|male_share|participants_change|single_households")
for year in YEARS[1:]:
    text = re.sub(r"(?ms)^residents:\n.*?(?=^#|^\w)", f"residents:\n  - {{path: 500m_mesh_2024_43.geojson, year: {year}, open: true}}\n\n", sample)
    text = re.sub(r"(?ms)^  official(_\w+)?:.*?(?=^  \w|^#|^\w|\Z)", "", text)
    text = re.sub(r"(?ms)^years:\n.*?(?=^#|^\w)", "", text)
    text = re.sub(r"(?ms)^  rates:.*?(?=^  \w|^#|^\w|\Z)", "", text).replace("rate: 0.08\n  basis: 国の目安 8 %（2025年まで）",
                                                                             "rate: 0.1\n  basis: 町の第11期計画（架空）")
    text = re.sub(r"(?ms)^resources:\n.*?(?=^#|^\w)", "", text)
    alone = run(f"alone_{year}", text)
    for layer, rows, keys in (("zones", zones, ["zone_id"]), ("gaps", gaps, ["gap_id"])):
        other = [{k: v for k, v in row.items() if not OTHER.search(k)} for row in table(alone, layer)]
        different = differences(of(rows, year, "projection"), other, keys)
        check(f"{year}: {layer} as in a run of its own ({len(other)} records)", other and not different, different[:5])

population = {(row["zone_id"], row["level"], row["year"]): row for row in table(together, "population")}
for year in YEARS:
    rows = of(zones, year, "projection")
    wrong = [row["zone_id"] for row in rows for band in ("total", "65", "75", "85")
             if row[f"pop_{band}"] != population[(row["zone_id"], row["level"], year)][f"pop_{band}"]]
    check(f"{year}: people are those of layer population", not wrong, wrong)
    town = next(row for row in rows if row["level"] == "municipality")
    inside = [row for row in rows if row["level"] in ("zone", "outside_zones")]
    wrong = [f"{part}_{band}" for band in ("total", "65", "75", "85")
             for part in ("pop", "covered", "beyond", "unreachable", "unknown", "in_gap", "not_in_gap")
             if sum(Decimal(row[f"{part}_{band}"]) for row in inside) != Decimal(town[f"{part}_{band}"])]
    check(f"{year}: zones and what is in none add up to the municipality", not wrong, wrong)
    parts = ("target_too_far", "target_no_seats", "target_within_reach", "target_unknown")
    wrong = [row["zone_id"] for row in rows if row["target_participants"]
             and sum(int(row[part] or 0) for part in parts) != int(row["target_participants"])]
    check(f"{year}: the target is the sum of its parts in every row", not wrong, wrong)
    wrong = [part for part in ("target_participants",) + parts[:1] + parts[3:]
             if sum(int(row[part]) for row in rows if row["level"] == "zone") != int(town[part])]
    check(f"{year}: the zones' targets add up", not wrong, wrong)

# Every column that run.json says adds up, in every year.
with open(os.path.join(together, "run.json"), encoding="utf-8") as file:
    sums = {name: of_rows for name, of_rows in json.load(file)["sums"]["year_zones"].items() if of_rows}
wrong = []
for key in dict.fromkeys((row["year"], row["people_from"]) for row in zones):
    rows = of(zones, *key)
    town = next(row for row in rows if row["level"] == "municipality")
    for name, of_rows in sums.items():
        levels = [level for level, word in (("zone", "zones"), ("outside_zones", "outside_zones")) if word in of_rows.split("+")]
        parts = [Decimal(row[name]) for row in rows if row["level"] in levels and row[name]]
        if town[name] and sum(parts) != Decimal(town[name]):
            wrong.append(f"{key} {name}: {sum(parts)} and {town[name]}")
check(f"{len(sums)} columns add up in every year", len(sums) > 100 and not wrong, wrong[:5])

# The path: people between two known years in proportion to time, rates from their year on, targets by largest remainder.
path = table(together, "target_path")
years = list(dict.fromkeys(row["year"] for row in path))
check("the path has the years of people and of rates", years == ["2025", "2030", "2035", "2045"], years)
register = {row["zone_id"]: Decimal(row["official_65"]) for row in table(together, "zones") if row["level"] == "zone"}
known = {"2025": register}
for year in ("2035", "2045"):
    known[year] = {row["zone_id"]: Decimal(row["pop_65"]) for row in of(zones, year, "projection") if row["level"] == "zone"}
known["2030"] = {zone: ((known["2025"][zone] + known["2035"][zone]) / 2).quantize(Decimal("0.001"), rounding="ROUND_HALF_UP") for zone in register}
for year in years:
    rows = [row for row in path if row["year"] == year]
    rate = Decimal("0.08") if year == "2025" else Decimal("0.1")
    wanted = {zone: rate * people for zone, people in known[year].items()}
    total = int(sum(wanted.values()).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
    shares = {zone: int(value) for zone, value in wanted.items()}
    for zone in sorted(wanted, key=lambda z: (-(wanted[z] % 1), z))[:total - sum(shares.values())]:
        shares[zone] += 1
    told = {row["zone_id"]: int(row["target_participants"]) for row in rows if row["level"] == "zone"}
    bases = {row["zone_id"]: Decimal(row["target_base_65"]) for row in rows if row["level"] == "zone"}
    check(f"{year}: the path's people and targets", told == shares and bases == known[year] and int(rows[-1]["target_participants"]) == total,
          f"{told} {shares} {bases} {known[year]}")
check("the path says where its people come from", [row["people_from"] for row in path if row["level"] == "municipality"]
      == ["register", "between", "projection", "projection"])
now = next(row for row in path if row["year"] == "2045" and row["level"] == "municipality")
check("attainment is that of today's participants", abs(Decimal(now["attainment"]) - Decimal(now["participants"]) / Decimal(now["target_participants"]))
      <= Decimal("0.0000005"), now)
done()
