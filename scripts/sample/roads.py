"""The streets of 通井町: the core, the roads, the two bridges, the hamlets, and what else a real extract holds."""
import math

from ground import river_y, rng
from streets import Streets, check_river, hamlet, join_crossings, street_grid, winding


def make_streets():
    streets = Streets()
    # The core north of the river and the roads that tie everything together.
    core = street_grid(streets, "通井", (-300, 800), 23, 15, 112, 104, 5, 0.13, 5,
                       ["役場通り", "本町通り", "駅前通り", "新町通り", "学校通り", "市場通り", "寺町通り", "川端通り"],
                       grown=True)
    east = street_grid(streets, "東町", (2050, 820), 7, 7, 118, 110, -4, 0.1, 3, [])
    town = street_grid(streets, "北原団地", (-700, 3350), 10, 8, 96, 92, 14, 0.08, 4, ["団地中央通り"])
    west = street_grid(streets, "西新田", (-3100, 400), 8, 6, 120, 116, -9, 0.12, 3, [], grown=True)
    south = street_grid(streets, "川南団地", (1500, -1500), 6, 4, 110, 105, 3, 0.05, 3, [])
    trunk = streets.add(winding([(-8200, 620), (-5200, 560), (-3600, 430), core[0, 7], core[11, 7], core[22, 7],
                                 east[0, 3], east[6, 3], (3300, 900)], 120, 4),
                        {"highway": "trunk", "name": "国道999号", "sidewalk": "both"})
    valley = streets.add(winding([trunk[-1], (3900, 1250), (4500, 1100), (5100, 1600), (5500, 2150), (6100, 2050),
                                  (6700, 2500), (7400, 2450), (8600, 2900)], 70, 22),
                         {"highway": "tertiary", "name": "東嶺線"})
    south_road = [(x, river_y(x) - 650) for x in range(-7600, 4201, 300)]
    south_road = streets.add(winding(south_road, 100, 6), {"highway": "secondary", "name": "県道川南線"})
    levee_n = streets.add(winding([(x, river_y(x) + 190) for x in range(-4000, 3001, 250)], 90, 4),
                          {"highway": "tertiary", "name": "川北堤防線"})
    for x in (-3950, -2600, -1300, 100, 1500, 2600):
        top = streets.nearest(x, 330, {"residential", "tertiary", "trunk"})
        foot = min(levee_n, key=lambda p: (abs(p[0] - x), p))
        streets.add(winding([top, foot], 80, 4), {"highway": "tertiary"})
    # Exactly two bridges.
    for x, name in ((-1900, "通井大橋"), (1500, "川南橋")):
        north = min(levee_n, key=lambda p: (abs(p[0] - x), p))
        road = min(south_road, key=lambda p: (abs(p[0] - x), p))
        north_end = (north[0], river_y(north[0]) + 75)
        south_end = (north[0], river_y(north[0]) - 75)
        streets.add([north, north_end], {"highway": "secondary"})
        streets.add([north_end, south_end], {"highway": "secondary", "bridge": "yes", "layer": "1", "name": name},
                    ground=False)
        streets.add(winding([south_end, road], 90, 3), {"highway": "secondary"})
    for corner in (south[0, 3], south[5, 3]):
        road = min(south_road, key=lambda p: (math.hypot(p[0] - corner[0], p[1] - corner[1]), p))
        streets.add(winding([corner, road], 80, 2), {"highway": "tertiary"})
    # Roads to the plateau and out of town.
    north_road = streets.add(winding([core[11, 14], (-250, 2100), (-300, 2700), town[5, 0], town[5, 7], (-500, 4300),
                                      (-300, 5900)], 100, 8), {"highway": "secondary", "name": "県道北原線"})
    plateau = streets.add(winding([(-7400, 3700), (-4600, 3500), (-3200, 3300), (-1900, 3400), town[0, 4], town[9, 4],
                                   (900, 3500), (2300, 3900), (3600, 3700)], 110, 12),
                          {"highway": "tertiary", "name": "北原台地線"})
    streets.add(winding([(-8200, -5200), (-3000, -4900), (2000, -5100), (6000, -4900), (9000, -5200)], 250, 30),
                {"highway": "tertiary", "name": "広域農道南線"})
    streets.add(winding([(-8200, 5600), (-3000, 5700), (-300, 5900), (4000, 5600), (9000, 5700)], 250, 30),
                {"highway": "tertiary", "name": "広域農道北線"})
    streets.add(winding([(9000, -5200), (8900, -1500), (8600, 2900), (9000, 5700)], 250, 30), {"highway": "tertiary"})
    far_south = streets.add(winding([south_road[35], (-2500, -2900), (-2200, -4000), (-3000, -4900)], 110, 14),
                            {"highway": "tertiary", "name": "川南奥線"})
    streets.add(winding([south_road[80], (1100, -2600), (1500, -3600), (2000, -5100)], 110, 14),
                {"highway": "tertiary"})
    # Hamlets of 川南 and of the plateau: on a road, or off it behind fields.
    for name, x, y, turn, lanes, size in (
            ("上川南", -4200, -1300, 10, 5, 210), ("宮の下", -3300, -1750, -20, 4, 170),
            ("田中", -1300, -1750, 5, 6, 230), ("柳瀬", -500, -1400, 12, 5, 200), ("池田", 2900, -1350, 25, 4, 180),
            ("古閑", -2700, -2650, 80, 4, 170), ("奥川南", -2100, -3850, 60, 3, 140), ("平尾", 1000, -2750, 40, 4, 170),
            ("小野", 1700, -3800, 75, 3, 130), ("塔の平", 3700, -2100, 15, 3, 130), ("辻", -4700, -2600, 0, 3, 140)):
        hamlet(streets, name, x, y, turn, lanes, size)
    # 渡瀬 lies on the south bank, a stone's throw from the core, and half an hour from it by either bridge.
    hamlet(streets, "渡瀬", -300, river_y(-300) - 190, 8, 6, 260, join=min(south_road, key=lambda p: (abs(p[0] + 700), p)))
    for name, x, y, turn, lanes, size in (
            ("北原西", -4300, 3700, 5, 4, 180), ("新開", -2700, 3150, -10, 4, 170), ("長峰", 1300, 3550, 12, 4, 180),
            ("上北原", -450, 4650, 85, 4, 160), ("松尾", 2700, 4000, -15, 3, 150), ("谷口", -2300, 4400, 30, 3, 130)):
        hamlet(streets, name, x, y, turn, lanes, size)
    # The mountains: hamlets on the valley road and behind forest tracks.
    hamlet(streets, "東嶺口", 3500, 1000, 20, 5, 190)
    hamlet(streets, "大谷", 5150, 1720, 35, 4, 160)
    hamlet(streets, "中山", 6200, 2150, -10, 3, 130)
    for name, x, y, turn in (("樫原", 4600, 2500, 20), ("滝の上", 6900, 3400, 70), ("峠", 7500, 1500, 0),
                             ("日向", 4400, 150, -30)):
        hamlet(streets, name, x, y, turn, 2, 100, highway="unclassified", link="track")
    streets.add(winding([(6700, 2500), (6950, 3250), (7300, 4000), (7450, 4450)], 90, 20), {"highway": "track"})
    hamlet(streets, "一軒家", 7480, 4500, 10, 0, 60, highway="unclassified", link="track")
    # 深山 has been cut off since a landslide: a network of its own.
    hamlet(streets, "深山", 6300, -1700, 30, 5, 230, highway="unclassified", link=None)
    ends = sorted(p for piece in streets.homes["深山"] for p in piece)
    streets.add(winding([(5700, -2000), ends[0]], 90, 8), {"highway": "track"})
    streets.add(winding([ends[-1], (7100, -1350), (7250, -700)], 90, 8), {"highway": "track"})
    # The town next door, west of the border.
    street_grid(streets, "隣町", (-6900, 700), 12, 8, 118, 112, 2, 0.1, 4, [], grown=True)
    hamlet(streets, "隣町南", -6300, -1500, 5, 4, 180)
    field_tracks(streets)
    # What else a real extract holds.
    river_paths(streets, levee_n, south_road)
    streets.add([(-5000, 2350)] + winding([(-4800, 2320), (-800, 2330), (3200, 2500), (5200, 3600)], 300, 0),
                {"highway": "motorway", "oneway": "yes", "name": "架空自動車道", "ref": "E999"}, ground=False)
    streets.add([core[15, 14], (650, 1900), (600, 2326)], {"highway": "motorway_link", "oneway": "yes"}, ground=False)
    for i in (3, 8, 13, 18):          # car parks, walks through blocks, shrine steps
        a, b = core[i, 2], core[i + 1, 2]
        streets.add([a, ((a[0] + b[0]) / 2, a[1] + 48), ((a[0] + b[0]) / 2 + 30, a[1] + 60)],
                    {"highway": "service", "service": "parking_aisle"})
        streets.add([core[i, 9], core[i + 1, 10]], {"highway": "footway"})
    streets.add([town[9, 7], (town[9, 7][0] + 55, town[9, 7][1] + 70)], {"highway": "steps", "incline": "up"})
    streets.add([(town[9, 7][0] + 55, town[9, 7][1] + 70), (town[9, 7][0] + 160, town[9, 7][1] + 130)],
                {"highway": "path"})
    plaza = core[11, 7]
    streets.add([plaza, (plaza[0] + 40, plaza[1] + 4), (plaza[0] + 38, plaza[1] + 42), (plaza[0] - 2, plaza[1] + 38),
                 plaza], {"highway": "pedestrian", "area": "yes", "name": "役場前広場"}, ground=False)
    streets.add([core[22, 3], (core[22, 3][0] + 140, core[22, 3][1])], {"highway": "service", "access": "private"})
    streets.add([(7250, -700), (7000, 300), (7200, 1450)], {"highway": "construction", "construction": "tertiary"},
                ground=False)
    streets.add([core[0, 14], (-2300, 2900)], {"highway": "proposed"}, ground=False)
    join_crossings(streets)
    check_river(streets)
    return streets


def field_tracks(streets):
    """Tracks through fields and woods, from one road to another; never over the river, never far into the hills."""
    ends = [p for points, tags, _ in streets.ways if tags["highway"] in ("secondary", "tertiary")
            for p in points if -5000 < p[0] < 3300 and -4300 < p[1] < 4600]
    made = []
    for _ in range(6000):
        a, b = ends[int(rng.random() * len(ends))], ends[int(rng.random() * len(ends))]
        middle = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        is_dry = all((river_y(p[0]) + 150 < p[1]) == (river_y(a[0]) + 150 < a[1]) and abs(p[1] - river_y(p[0])) > 150
                     for p in (a, b, middle))
        if (is_dry and 350 < math.hypot(a[0] - b[0], a[1] - b[1]) < 1100 and
                all(math.hypot(m[0] - middle[0], m[1] - middle[1]) > 230 for m in made) and
                all(math.hypot(p[0] - middle[0], p[1] - middle[1]) > 130 for p in ends) and not built_up(*middle)):
            streets.add(winding([a, b], 70, 9), {"highway": "track"})
            made.append(middle)


def built_up(x, y):
    return (-1700 < x < 1100 and -50 < y < 1650 or -1250 < x < -150 and 2900 < y < 3800 or 1650 < x < 2450 and 400 < y < 1250
            or -3650 < x < -2550 and 0 < y < 750 or 1150 < x < 1850 and -1700 < y < -1250)


def river_paths(streets, levee_n, south_road):
    """Foot paths on both banks, with steps up to the roads."""
    for side in (55, -55):
        bank = streets.add(winding([(x, river_y(x) + side) for x in range(-3500, 2751, 250)], 120, 3),
                           {"highway": "path", "foot": "yes"})
        road = levee_n if side > 0 else south_road
        for i in (6, 30):
            foot = min(road, key=lambda p: (abs(p[0] - bank[i][0]), p))
            streets.add([bank[i], foot], {"highway": "steps"})
