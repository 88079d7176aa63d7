"""Who lives where: people per settlement, spread along its streets into cells of the 500 m grid."""
import math

from ground import MESH, degrees, rng, share
from zones import zone_of

CENSUS = {"total": 32_706, "65": 9_868, "75": 5_018, "85": 1_792}        # the grid, inside the town
#            settlement: (people, share 65+, of them 75+)
PEOPLE = {"通井": (16_900, .255, .47), "東町": (2_500, .21, .44), "北原団地": (3_700, .43, .55), "西新田": (2_350, .29, .50),
          "川南団地": (1_150, .27, .46), "上川南": (520, .37, .53), "宮の下": (330, .39, .54), "田中": (560, .36, .52),
          "柳瀬": (410, .36, .53), "池田": (330, .38, .53), "古閑": (270, .41, .55), "奥川南": (120, .48, .58),
          "平尾": (240, .42, .56), "小野": (85, .50, .60), "塔の平": (95, .47, .58), "辻": (130, .44, .56),
          "渡瀬": (390, .38, .54), "北原西": (380, .36, .52), "新開": (320, .37, .53), "長峰": (340, .35, .52),
          "上北原": (230, .41, .55), "松尾": (150, .44, .56), "谷口": (75, .50, .60), "東嶺口": (460, .38, .53),
          "大谷": (190, .46, .58), "中山": (85, .52, .61), "樫原": (34, .58, .64), "滝の上": (27, .60, .66),
          "峠": (31, .58, .64), "日向": (40, .52, .60), "一軒家": (2, 1.0, .5), "深山": (58, .55, .62)}
OUTSIDE = {"隣町": (9_400, .24, .46), "隣町南": (420, .36, .52)}
FOREST_HOUSE = (5600, 3350)           # three people, no street on the map


def mesh_code(x, y):
    lon, lat = degrees(x, y)
    a, b = int(lat * 1.5), int(lon) - 100
    lat, lon = lat * 1.5 - a, lon - 100 - b
    c, d = int(lat * 8), int(lon * 8)
    lat, lon = lat * 8 - c, lon * 8 - d
    e, f = int(lat * 10), int(lon * 10)
    lat, lon = lat * 10 - e, lon * 10 - f
    code = f"{a:02d}{b:02d}{c}{d}{e}{f}{1 + int(lon * 2) + 2 * int(lat * 2)}"
    assert code.startswith(MESH), code
    return code


def settle(streets, rings, table):
    """Rows of people: [settlement, cell, zone, total, aged weight, old weight]."""
    rows = []
    for name, (people, aged, old) in table.items():
        cells = {}
        for a, b in streets.homes[name]:
            length = math.hypot(b[0] - a[0], b[1] - a[1])
            for k in range(max(1, int(length / 10))):
                t = (k + .5) / max(1, int(length / 10))
                x, y = a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])
                key = mesh_code(x, y), zone_of(rings, x, y)
                cells[key] = cells.get(key, 0) + length / max(1, int(length / 10)) * (0.8 + 0.4 * rng.random())
        keys = sorted(cells, key=lambda k: (k[0], -1 if k[1] is None else k[1]))
        for key, n in zip(keys, share(people, [cells[k] for k in keys])):
            if n:
                rows.append([name, key[0], key[1], n, aged, old])
    return rows


def age(rows, totals):
    """Adds counts of 65+, 75+ and 85+ to the rows, so that they add up to the totals."""
    size = [r[3] for r in rows]
    aged = share(totals["65"], [r[3] * r[4] for r in rows], size)
    old = share(totals["75"], [a * r[5] for a, r in zip(aged, rows)], aged)
    oldest = share(totals["85"], [o * (0.3 + 0.1 * r[5]) for o, r in zip(old, rows)], old)
    return [{"cell": r[1], "zone": r[2], "total": r[3], "65": a, "75": o, "85": e}
            for r, a, o, e in zip(rows, aged, old, oldest)]


def make_people(streets, rings):
    town = settle(streets, rings, PEOPLE)
    town.append(["森", mesh_code(*FOREST_HOUSE), zone_of(rings, *FOREST_HOUSE), 3, .99, .5])
    counts = share(CENSUS["total"], [r[3] for r in town])
    for row, n in zip(town, counts):
        row[3] = max(n, 1)
    town_people = age(town, CENSUS)
    near = settle(streets, rings, OUTSIDE)
    total = sum(r[3] for r in near)
    near_people = age(near, {"65": total // 4, "75": total // 8, "85": total // 23})
    return town_people, near_people
