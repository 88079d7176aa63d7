"""The daily-living zones: polygons that share their borders vertex by vertex."""
import math

from ground import ZONES, degrees, river_y, write_features


def zone_rings():
    """Four zones that share their borders vertex by vertex: the river, the expressway's line, a ridge."""
    west, ridge = -5200, 3200
    river = [(x, river_y(x)) for x in range(west, ridge + 1, 200)]
    line = [(x, 2350 + 60 * math.sin(x / 900)) for x in range(west, ridge + 1, 400)]
    north = [(x, 5150 + 140 * math.sin(x / 1100)) for x in range(west, ridge + 1, 600)]
    south = [(x, -4450 + 120 * math.sin(x / 1300)) for x in range(west, ridge + 1, 600)]
    east = [ridge_point for ridge_point in
            ((5000, 5250), (6800, 5080), (8050, 5200), (8250, 3000), (7950, 1000), (8150, -1500), (7700, -3600),
             (6000, -4300), (4500, -4500))]
    west_mid = [(-5330, 1500), (-5080, 600)]
    west_south = [(-5350, -2000), (-5050, -3300)]
    ridge_n = [(3350, 4200), (3050, 3300)]
    ridge_m = [(3300, 1500), (3120, 600)]
    ridge_s = [(3400, -1900), (3250, -3200)]
    centre = river + ridge_m[::-1] + line[::-1] + west_mid
    plateau = line + ridge_n[::-1] + north[::-1]
    kawaminami = south + ridge_s[::-1] + river[::-1] + west_south
    mountains = [south[-1]] + east[::-1] + [north[-1]] + ridge_n + [line[-1]] + ridge_m + [river[-1]] + ridge_s
    return [centre, plateau, kawaminami, mountains]


def inside(ring, x, y):
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


def zone_of(rings, x, y):
    for i, ring in enumerate(rings):
        if inside(ring, x, y):
            return i
    return None


def area2(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))


def write_zones(folder, rings):
    features = []
    for (zone_id, name), ring in zip(ZONES, rings):
        ring = ring if area2(ring) > 0 else ring[::-1]
        ring = [list(degrees(*p)) for p in ring]
        features.append({"type": "Feature", "properties": {"圏域コード": zone_id, "圏域名": name},
                         "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}})
    write_features(folder, "zones.geojson", "日常生活圏域", features)
