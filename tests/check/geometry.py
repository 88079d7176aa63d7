"""Plane geometry for the independent recomputation: streets as arrays of segments, clipping, nearest street, zones."""
import math

import numpy as np


class Streets:
    """Segments of all edges: ends, edge, and metres from the edge's start; edges in the order of the layer."""

    def __init__(self, lines, length_mm):
        ax, ay, bx, by, edge, start = [], [], [], [], [], []
        self.metres = np.zeros(len(lines))
        for e, line in enumerate(lines):
            along = 0.0
            for p, q in zip(line, line[1:]):
                ax.append(p[0]), ay.append(p[1]), bx.append(q[0]), by.append(q[1])
                edge.append(e), start.append(along)
                along += math.sqrt((q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2)
            self.metres[e] = along
        self.ax, self.ay, self.bx, self.by = (np.array(v) for v in (ax, ay, bx, by))
        self.edge, self.start = np.array(edge), np.array(start)
        self.dx, self.dy = self.bx - self.ax, self.by - self.ay
        self.len = np.sqrt(self.dx ** 2 + self.dy ** 2)
        self.length_mm = np.array(length_mm, dtype=np.int64)
        self.x_min, self.x_max = np.minimum(self.ax, self.bx), np.maximum(self.ax, self.bx)
        self.y_min, self.y_max = np.minimum(self.ay, self.by), np.maximum(self.ay, self.by)

    def near(self, x_min, y_min, x_max, y_max):
        return np.nonzero((self.x_min <= x_max) & (self.x_max >= x_min) & (self.y_min <= y_max) & (self.y_max >= y_min))[0]

    def place(self, edge, along_m):
        """Coordinates at metres along an edge."""
        first = np.searchsorted(self.edge, edge)
        last = np.searchsorted(self.edge, edge, "right") - 1
        s = min(last, first + int(np.searchsorted(self.start[first:last + 1], along_m, "right")) - 1)
        t = min(1.0, (along_m - self.start[s]) / self.len[s]) if self.len[s] > 0 else 0.0
        return self.ax[s] + t * self.dx[s], self.ay[s] + t * self.dy[s]

    def nearest(self, x, y, cap_m, allowed=None):
        """(edge, along_mm, distance_m) of the nearest segment within the cap; ties to the lower segment; None."""
        near = self.near(x - cap_m, y - cap_m, x + cap_m, y + cap_m)
        if allowed is not None:
            near = near[allowed[self.edge[near]]]
        if len(near) == 0:
            return None
        length2 = self.dx[near] ** 2 + self.dy[near] ** 2
        along = (x - self.ax[near]) * self.dx[near] + (y - self.ay[near]) * self.dy[near]
        t = np.clip(along / np.where(length2 > 0, length2, 1), 0, 1)
        d2 = (x - self.ax[near] - t * self.dx[near]) ** 2 + (y - self.ay[near] - t * self.dy[near]) ** 2
        best = int(np.argmin(d2))
        if d2[best] > cap_m * cap_m:
            return None
        s, e = near[best], self.edge[near[best]]
        metres = self.start[s] + t[best] * self.len[s]
        along_mm = int(math.floor(metres / self.metres[e] * self.length_mm[e] + 0.5))
        return int(e), min(along_mm, int(self.length_mm[e])), math.sqrt(d2[best])

    def inside(self, ring, allowed):
        """Parts of allowed edges inside a ring: (edge, from_m, to_m), in order."""
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        parts = []
        for s in self.near(min(xs), min(ys), max(xs), max(ys)):
            if not allowed[self.edge[s]] or self.len[s] == 0:
                continue
            a, d = (self.ax[s], self.ay[s]), (self.dx[s], self.dy[s])
            cuts = {0.0, 1.0}
            for p, q in zip(ring, ring[1:]):
                rx, ry = q[0] - p[0], q[1] - p[1]
                det = d[0] * ry - d[1] * rx
                if det != 0:
                    t = ((p[0] - a[0]) * ry - (p[1] - a[1]) * rx) / det
                    u = ((p[0] - a[0]) * d[1] - (p[1] - a[1]) * d[0]) / det
                    if 0 < t < 1 and -1e-12 <= u <= 1 + 1e-12:
                        cuts.add(t)
            cuts = sorted(cuts)
            for t0, t1 in zip(cuts, cuts[1:]):
                t = (t0 + t1) / 2
                if locate(ring, a[0] + t * d[0], a[1] + t * d[1]):
                    piece = [int(self.edge[s]), self.start[s] + t0 * self.len[s], self.start[s] + t1 * self.len[s]]
                    if parts and parts[-1][0] == piece[0] and abs(parts[-1][2] - piece[1]) < 1e-7:
                        parts[-1][2] = piece[2]
                    else:
                        parts.append(piece)
        return parts


def locate(ring, x, y):
    """Even-odd."""
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


class Areas:
    """Polygons (lists of rings) in the order of their ids; a place belongs to the first that holds or touches it."""

    def __init__(self, polygons):
        self.rings = []
        for rings in polygons:
            ends = [np.rint(np.array(r) * 1000) for r in rings]
            self.rings.append((np.concatenate([r[:-1] for r in ends]), np.concatenate([r[1:] for r in ends])))

    def find(self, x, y):
        """Index of the area of each place, -1 for none. Whole millimetres, so shared borders are exact."""
        px, py = np.rint(np.asarray(x) * 1000), np.rint(np.asarray(y) * 1000)
        found = np.full(len(px), -1)
        for i, (a, b) in enumerate(self.rings):
            for at in np.nonzero((found < 0) & (px >= a[:, 0].min()) & (px <= a[:, 0].max()) & (py >= a[:, 1].min()) &
                                 (py <= a[:, 1].max()))[0]:
                x0, y0 = px[at], py[at]
                turn = (b[:, 0] - a[:, 0]) * (y0 - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x0 - a[:, 0])
                touches = ((turn == 0) & (np.minimum(a[:, 0], b[:, 0]) <= x0) & (x0 <= np.maximum(a[:, 0], b[:, 0])) &
                           (np.minimum(a[:, 1], b[:, 1]) <= y0) & (y0 <= np.maximum(a[:, 1], b[:, 1])))
                crosses = ((a[:, 1] > y0) != (b[:, 1] > y0)) & ((b[:, 1] > a[:, 1]) == (turn > 0))
                if touches.any() or crosses.sum() % 2:
                    found[at] = i
        return found


def centroid(ring):
    x0, y0 = ring[0]
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        cross = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        area += cross
        cx += (x1 + x2 - 2 * x0) * cross
        cy += (y1 + y2 - 2 * y0) * cross
    return x0 + cx / (3 * area), y0 + cy / (3 * area)


def lines_of(geometry):
    """Points of each line of a line or of several, as (x, y)."""
    parts = [geometry.GetGeometryRef(k) for k in range(geometry.GetGeometryCount())]
    return [part.GetPoints(2) for part in parts or [geometry]]
