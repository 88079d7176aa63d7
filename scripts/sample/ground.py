"""The ground that everything lies on: degrees, the river, chance, and how files are written.

Places are metres east and north of an origin; files hold degrees (JGD2011)."""
import json
import math
import os
import random

LAT0, LON0 = 32.74, 130.87            # origin, degrees
M_PER_LAT, M_PER_LON = 110_905.0, 93_700.0
MESH = "4930"                         # first-level mesh that holds everything
ZONES = [("KY01", "中央圏域"), ("KY02", "北原圏域"), ("KY03", "川南圏域"), ("KY04", "東嶺圏域")]

rng = random.Random(20251001)


def jitter(size):
    return (rng.random() * 2 - 1) * size


def degrees(x, y):
    return round(LON0 + x / M_PER_LON, 7), round(LAT0 + y / M_PER_LAT, 7)


def river_y(x):
    """North of the river's centre line lie the core and the plateau, south of it 川南."""
    return -700 + 260 * math.sin(x / 1500) + 90 * math.sin(x / 520 + 1) + 0.05 * x


def share(total, weights, limit=None):
    """Largest remainder, ties to the earlier; limit: the most that each may have."""
    whole = sum(weights)
    exact = [total * w / whole for w in weights]
    out = [int(e) if limit is None else min(int(e), limit[i]) for i, e in enumerate(exact)]
    order = sorted(range(len(weights)), key=lambda i: (-(exact[i] - int(exact[i])), i))
    rest = total - sum(out)
    while rest:
        before = rest
        for i in order:
            if rest and (limit is None or out[i] < limit[i]) and weights[i]:
                out[i] += 1
                rest -= 1
        assert rest < before
    return out


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data)


def write_features(folder, name, title, features):
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    write(folder, name, ('{"type":"FeatureCollection","name":"%s","features":[\n%s\n]}\n' % (title, lines)).encode())
