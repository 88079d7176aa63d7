"""Streets and how they are made: quarters, hamlets, winding roads, junctions; and the OSM file."""
import math

from ground import degrees, jitter, river_y, rng, write

WALKED = {"trunk", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "track",
          "path", "footway", "steps", "pedestrian"}


class Streets:
    """Ways as lists of points; points are rounded to a decimetre, so equal points are one junction."""

    def __init__(self):
        self.ways = []                # [points, tags, ground]
        self.homes = {}               # settlement -> list of (point, point) where people live

    def add(self, points, tags, ground=True):
        points = [(round(x, 1), round(y, 1)) for x, y in points]
        points = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
        self.ways.append([points, tags, ground])
        return points

    def live(self, settlement, points):
        self.homes.setdefault(settlement, []).extend(zip(points, points[1:]))

    def nearest(self, x, y, classes):
        best = None
        for points, tags, _ in self.ways:
            if tags["highway"] in classes:
                for p in points:
                    d = (p[0] - x) ** 2 + (p[1] - y) ** 2
                    if best is None or (d, p) < best:
                        best = (d, p)
        return best[1]


def winding(points, step, wiggle):
    """The polyline with a vertex about every `step` metres, moved sideways a little; its ends stay."""
    out = [points[0]]
    for a, b in zip(points, points[1:]):
        length = math.hypot(b[0] - a[0], b[1] - a[1])
        n = max(1, round(length / step))
        for i in range(1, n + 1):
            t = i / n
            x, y = a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])
            if i < n:
                x, y = x + jitter(wiggle), y + jitter(wiggle)
            out.append((x, y))
    return out


def street_grid(streets, settlement, centre, columns, rows, dx, dy, turn_deg, holes, main_every, names, grown=False):
    """A quarter of regular streets, turned, with missing pieces; every main_every-th line is a main street.
    A grown quarter (not a planned one) has bent streets and no corners."""
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))
    node = {}
    for i in range(columns):
        for j in range(rows):
            u = (i - (columns - 1) / 2) * dx + jitter(11 if grown else 4)
            v = (j - (rows - 1) / 2) * dy + jitter(11 if grown else 4)
            if grown:
                u, v = u + 45 * math.sin(v / 420), v + 55 * math.sin(u / 610)
            node[i, j] = (centre[0] + c * u - s * v, centre[1] + s * u + c * v)
    corners = {(i, j) for i, j in node if grown and
               abs(2 * i / (columns - 1) - 1) ** 4 + abs(2 * j / (rows - 1) - 1) ** 4 > 1.28}
    for along, across, key in ((columns, rows, lambda i, j: (i, j)), (rows, columns, lambda i, j: (j, i))):
        for j in range(across):
            is_main = main_every and j % main_every == main_every // 2
            run = []
            for i in range(along):
                is_hole = i > 0 and not is_main and 0 < j < across - 1 and rng.random() < holes
                if is_hole or key(i, j) in corners:
                    if len(run) > 1:
                        street_line(streets, settlement, run, is_main, names)
                    run = []
                if key(i, j) not in corners:
                    run.append(node[key(i, j)])
            if len(run) > 1:
                street_line(streets, settlement, run, is_main, names)
    return node


def street_line(streets, settlement, run, is_main, names):
    tags = {"highway": "tertiary" if is_main else "residential"}
    if is_main and names:
        tags["name"] = names.pop(0)
    points = streets.add(run, tags)
    if not is_main:
        streets.live(settlement, points)


def hamlet(streets, settlement, x, y, turn_deg, lanes, size, highway="residential", link="tertiary", join=None):
    """A lane with side lanes, joined to the nearest road by one way (link None: left without)."""
    c, s = math.cos(math.radians(turn_deg)), math.sin(math.radians(turn_deg))

    def at(u, v):
        return x + c * u - s * v, y + s * u + c * v
    spine = winding([at(-size, 0), at(0, 0), at(size, 0)], 45, 5)
    spine = streets.add(spine, {"highway": highway})
    streets.live(settlement, spine)
    for k in range(lanes):
        start = spine[1 + (k * (len(spine) - 2)) // max(1, lanes)]
        side = 1 if k % 2 == 0 else -1
        length = 60 + rng.random() * size * 0.6
        end = (start[0] - s * side * length + jitter(20), start[1] + c * side * length + jitter(20))
        lane = streets.add(winding([start, end], 40, 4), {"highway": highway})
        streets.live(settlement, lane)
    if link:
        road = join or streets.nearest(x, y, {"secondary", "tertiary", "trunk"} if link != "track"
                                       else {"secondary", "tertiary", "trunk", "track"})
        nearest = min(spine, key=lambda p: (math.hypot(p[0] - road[0], p[1] - road[1]), p))
        if nearest != road:
            streets.add(winding([nearest, road], 90, 9), {"highway": link})


def crossing(a, b, c, d):
    """Where two pieces cross inside both, or None."""
    rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    det = rx * sy - ry * sx
    if det == 0:
        return None
    t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / det
    u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / det
    if -1e-9 <= t <= 1 + 1e-9 and -1e-9 <= u <= 1 + 1e-9:
        return round(a[0] + t * rx, 1), round(a[1] + t * ry, 1)
    return None


def join_crossings(streets):
    """Streets on the ground that cross get a junction there; bridges and the expressway do not."""
    box = 200.0
    buckets = {}
    for w, (points, tags, ground) in enumerate(streets.ways):
        if ground:
            for i, (a, b) in enumerate(zip(points, points[1:])):
                for gx in range(int(min(a[0], b[0]) // box), int(max(a[0], b[0]) // box) + 1):
                    for gy in range(int(min(a[1], b[1]) // box), int(max(a[1], b[1]) // box) + 1):
                        buckets.setdefault((gx, gy), []).append((w, i))
    extra = {}
    for group in buckets.values():
        for n, (w, i) in enumerate(group):
            a, b = streets.ways[w][0][i:i + 2]
            for v, j in group[n + 1:]:
                if v == w:
                    continue
                c, d = streets.ways[v][0][j:j + 2]
                if {a, b} & {c, d}:
                    continue
                at = crossing(a, b, c, d)
                if at:
                    extra.setdefault((w, i), set()).add(at)
                    extra.setdefault((v, j), set()).add(at)
    for w, way in enumerate(streets.ways):
        points = way[0]
        out = [points[0]]
        for i, (a, b) in enumerate(zip(points, points[1:])):
            for p in sorted(extra.get((w, i), ()), key=lambda p: (math.hypot(p[0] - a[0], p[1] - a[1]), p)):
                if p != out[-1] and p != b:
                    out.append(p)
            if b != out[-1]:
                out.append(b)
        way[0] = out


def check_river(streets):
    """Nothing but the two bridges crosses the river."""
    bridges = 0
    for points, tags, _ in streets.ways:
        if tags["highway"] not in WALKED:
            continue
        for a, b in zip(points, points[1:]):
            if -5200 <= a[0] <= 3200 and (a[1] > river_y(a[0])) != (b[1] > river_y(b[0])):
                assert tags.get("bridge"), ("crosses the river", tags, a, b)
                bridges += 1
    assert bridges == 2, bridges


def write_osm(folder, streets):
    ids, lines, ways = {}, [], []
    for points, tags, _ in streets.ways:
        for p in points:
            ids.setdefault(p, 900_000_001 + len(ids))
    for p, i in ids.items():
        lon, lat = degrees(*p)
        lines.append(f'  <node id="{i}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    river = [(x, river_y(x)) for x in range(-8200, 3601, 200)]
    extra = [([p for p in river], {"waterway": "river", "name": "架空川"})]
    next_id = 900_000_001 + len(ids)
    river_refs = []
    for p in river:
        lon, lat = degrees(*p)
        lines.append(f'  <node id="{next_id}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
        river_refs.append(next_id)
        next_id += 1
    for n, (points, tags, _) in enumerate(streets.ways):
        ways.append((800_000_001 + n, [ids[p] for p in points], tags))
    ways.append((800_000_001 + len(ways), river_refs, extra[0][1]))
    for way_id, refs, tags in ways:
        lines.append(f'  <way id="{way_id}" version="1">')
        lines.append("    " + "".join(f'<nd ref="{r}"/>' for r in refs))
        for key in sorted(tags):
            lines.append(f'    <tag k="{key}" v="{tags[key]}"/>')
        lines.append("  </way>")
    text = ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<osm version="0.6" generator="scripts/make-sample (fictional town)">\n' + "\n".join(lines) + "\n</osm>\n")
    write(folder, "roads.osm", text.encode())
