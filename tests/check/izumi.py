"""Targets of 出水市 in 2020 and 2040 against a hand calculation. Usage: izumi.py KAYOI WORK_DIR

People by age are published (51,596 to 41,270 in all; 65-74 8,389 to 6,082; 75-84 5,478 to 5,719; 85+ 3,582 to 4,840). How they are split
over the five zones is invented here, as are the map, the venues and the 1,200 participants. By hand, at 8 % in 2020 and 10 % in 2040:
  2020: 65+ 17,449 -> 1,395.92 -> 1,396   2040: 65+ 16,641 -> 1,664.1 -> 1,664
  zones 2020: 6,980 5,234 2,617 1,745 873 -> 558.40 418.72 209.36 139.60 69.84 -> 558 419 209 140 70 (1,396: .72 .60 .84 are raised)
  zones 2040: 6,656 4,992 2,496 1,664 833 -> 665.6 499.2 249.6 166.4 83.3 -> 666 499 250 166 83 (1,664)
Zone 1 has its people at the venue's door, zones 2 to 5 have none in walking range."""
import json
import os
import shutil
import sys
from decimal import Decimal

from runs import kayoi, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
SPLIT = {"2020": (6980, 5234, 2617, 1745, 873), "2040": (6656, 4992, 2496, 1664, 833)}
BANDS = {"2020": {"total": 51596, "75": 9060, "85": 3582}, "2040": {"total": 41270, "75": 10559, "85": 4840}}
TARGET = {"2020": (558, 419, 209, 140, 70), "2040": (666, 499, 250, 166, 83)}


def shares(total, parts):
    """Whole people by the weights, the rest to the first."""
    whole = [total * p // sum(parts) for p in parts]
    whole[0] += total - sum(whole)
    return whole


def write(name, features):
    with open(os.path.join(work, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:6670"}},
                   "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]}, file)


def square(x, y, size):
    return {"type": "Polygon", "coordinates": [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]}


write("zones.geojson", [({"id": f"Z{z + 1}", "name": f"第{z + 1}圏域（架空）"}, square(2000 * z, 0, 2000)) for z in range(5)])
write("cells.geojson", [({"id": f"C{z + 1}", "total": t, "old": o, "older": a, "oldest": b}, square(2000 * z + 900, 900, 200))
                        for z, (t, o, a, b) in enumerate(zip(shares(51596, SPLIT["2020"]), SPLIT["2020"], shares(9060, SPLIT["2020"]),
                                                             shares(3582, SPLIT["2020"])))])
write("roads.geojson", [({}, {"type": "LineString", "coordinates": [[0, 1000], [10000, 1000]]})])
write("venues.geojson", [({"id": "V1", "name": "公民館", "sessions": 4, "seats": 5000, "taking_part": 1200},
                          {"type": "Point", "coordinates": [1000, 1000]})])
with open(os.path.join(work, "register.csv"), "w", encoding="utf-8", newline="") as file:
    file.write("圏域コード,年,総数,65歳以上,75歳以上,85歳以上\r\n")
    for year in ("2020", "2040"):
        parts = [shares(BANDS[year][band], SPLIT[year]) for band in ("total", "75", "85")]
        for z in range(5):
            file.write(f"Z{z + 1},{year},{parts[0][z]},{SPLIT[year][z]},{parts[1][z]},{parts[2][z]}\r\n")
with open(os.path.join(work, "kayoi.yaml"), "w", encoding="utf-8") as file:
    file.write("""municipality: {name: 出水市（圏域は架空）}
crs: EPSG:6670
residents:
  - path: cells.geojson
    date: 2020-10-01
    columns: {id: id, pop_total: total, pop_65: old, pop_75: older, pop_85: oldest}
venues:
  - path: venues.geojson
    date: 2020-10-01
    columns: {id: id, name: name, sessions_per_month: sessions, capacity: seats, participants: taking_part}
zones:
  path: zones.geojson
  columns: {id: id, name: name}
  official:
    path: register.csv
    date: 2020-10-01
    columns: {zone_id: 圏域コード, pop_total: 総数, pop_65: 65歳以上, pop_75: 75歳以上, pop_85: 85歳以上}
roads: [{path: roads.geojson}]
targets:
  rate: 0.08
  basis: 国の目安
  rates: [{year: 2040, rate: 0.1, basis: 市の長期構想（架空）}]
outputs: {formats: [csv]}
""")
out = os.path.join(work, "out")
made = kayoi(binary, "run", os.path.join(work, "kayoi.yaml"), "--out", out, "--lang", "en")
check("the run ends well", made.returncode == 0, made.stderr[-3000:])
zones, path = table(out, "year_zones"), table(out, "target_path")
for year, people_from in (("2020", "residents"), ("2040", "register")):
    rows = [row for row in zones if row["year"] == year]
    town = next(row for row in rows if row["level"] == "municipality")
    told = tuple(int(row["target_participants"]) for row in rows if row["level"] == "zone")
    check(f"{year}: targets of the zones as by hand", told == TARGET[year] and int(town["target_participants"]) == sum(TARGET[year]), told)
    check(f"{year}: people from {people_from}, targets from the register", town["people_from"] == people_from and town["target_base"] == "register", town["people_from"])
    check(f"{year}: official people are the published ones", [Decimal(town["official_" + b]) for b in ("total", "65", "75", "85")]
          == [BANDS[year]["total"], sum(SPLIT[year]), BANDS[year]["75"], BANDS[year]["85"]], town["official_75"])
    check(f"{year}: all of zone 1 within reach, the others too far",
          int(rows[0]["target_within_reach"]) == TARGET[year][0] and int(town["target_too_far"]) == sum(TARGET[year][1:]))
town = {row["year"]: row for row in zones if row["level"] == "municipality"}
share = Decimal(town["2020"]["official_75"]) / Decimal(town["2020"]["official_total"]) * 100
check("75 and over were 17.6 % in 2020, from counts", share.quantize(Decimal("0.1")) == Decimal("17.6"), share)
growth = [(Decimal(town["2040"]["official_" + b]) / Decimal(town["2020"]["official_" + b]) - 1) * 100 for b in ("total", "75", "85")]
check("growth to 2040 is the published one", [g.quantize(Decimal("0.1")) for g in growth] == [Decimal("-20.0"), Decimal("16.5"), Decimal("35.1")], growth)
told = [(row["year"], row["people_from"], row["target_participants"], row["participants"], row["net_shortfall"], row["shortfall"]) for row in path if row["level"] == "municipality"]
check("the path: 1,200 take part, 196 and 464 fewer than the target; zones 2 to 5 miss all of theirs",
      told == [("2020", "register", "1396", "1200", "196", "838"), ("2040", "register", "1664", "1200", "464", "998")], told)
done()
