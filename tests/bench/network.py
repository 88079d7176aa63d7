"""The network, the distance field and the rooms of a synthetic country. Usage: network.py BUILD_DIR WORK_DIR [TILES ...]

For each number of tiles (default: 15, which is 1.1 million nodes): makes the country from the extract of Porto, builds and
keeps its network, runs the rooms from the kept network, and lets scipy compute the same field of the same graph in the same
run, node by node compared. Milliseconds, medians; `anon` is memory of one's own in MB, `file` the mapped network."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
build, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
tiles = [int(argument) for argument in sys.argv[3:]] or [15]
porto = os.path.join(os.path.dirname(root), "shared", "data", "osm", "porto_portugal.osm.pbf")
extract = [porto] if os.path.exists(porto) else []
RUNS = 5


def rooms(*arguments):
    """The lines of bench_rooms: room -> list of lines, and the line of counts."""
    made = subprocess.run([f"{build}/tests/bench_rooms", *map(str, arguments)], capture_output=True, text=True, check=True)
    found, counts = {}, {}
    for line in made.stdout.splitlines():
        line = json.loads(line)
        if "room" in line:
            found.setdefault(line["room"], []).append(line)
        else:
            counts.update(line)
    return found, counts


def median(lines):
    return statistics.median(line["ms"] for line in lines)


def scipy_field(path):
    """Milliseconds of scipy for the field in the file, and the largest difference to it in millimetres."""
    numbers = np.fromfile(path, np.uint32)
    n, m, k = (int(number) for number in numbers[:3])
    low, high, cost = (numbers[3 + i * m:3 + (i + 1) * m] for i in range(3))
    source, distance = numbers[3 + 3 * m:3 + 3 * m + k], numbers[3 + 3 * m + k:]
    order = np.lexsort((cost, high, low))         # of streets between the same nodes the shortest
    low, high, cost = low[order], high[order], cost[order]
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])] & (low != high)
    low, high, cost = low[first], high[first], cost[first].astype(float)
    graph = csr_matrix((np.r_[cost, cost], (np.r_[low, high], np.r_[high, low])), (n, n))
    start = time.monotonic()
    peer = dijkstra(graph, indices=np.unique(source), min_only=True)
    seconds = time.monotonic() - start
    reached = distance != 0xffffffff
    assert np.array_equal(reached, np.isfinite(peer)), "other nodes are reached"
    return 1000 * seconds, float(np.abs(peer[reached] - distance[reached]).max())


def bench(count):
    folder = os.path.join(work, f"country{count}")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([os.path.join(root, "scripts", "make-country"), str(count), folder, *extract], check=True)
    config = os.path.join(folder, "kayoi.yaml")
    built, counts = rooms(config, 2)
    kept = [rooms(config, 2)[0] for _ in range(3)]
    print(f"# {count} tiles: " + ", ".join(f"{value:,} {name}" for name, value in counts.items()))
    print("room        ms      anon   file")
    for room in ("roads", "network", "contract", "keep"):
        line = built[room][0]
        print(f"{room:9s} {line['ms']:9.0f} {line['anon_mb']:7d} {line['file_mb']:6d}")
    total = 0
    for room in kept[0]:
        times = [run[room][0] for run in kept]
        if room in ("place", "walk", "coverage", "targets"):
            total += median(times)
        print(f"{room:9s} {median(times):9.0f} {max(t['anon_mb'] for t in times):7d} {times[0]['file_mb']:6d}")
    print(f"place, walk, coverage, targets: {total / 1000:.1f} s")
    graph = os.path.join(folder, "graph")
    alone, counts = rooms(config, 2, RUNS, 1000 if count < 100 else 10000, graph)
    one, _ = rooms(config, 1, RUNS, 1000 if count < 100 else 10000, graph)
    peers = [scipy_field(graph) for _ in range(RUNS if count < 100 else 1)]
    ours, alone_ms, peer = median(alone["field"]), median(one["field"]), statistics.median(ms for ms, _ in peers)
    print(f"contraction {median(alone['contract']):.0f} ms: {counts['out']:,} nodes out, {counts['core']:,} in the core")
    print(f"field {ours:.0f} ms on 2 threads, {alone_ms:.0f} ms on 1 ({1e6 * alone_ms / counts['arcs']:.1f} ns an arc); scipy "
          f"{peer:.0f} ms: {peer / ours:.1f} and {peer / alone_ms:.1f} times; largest difference {max(d for _, d in peers):.0f} mm")
    shutil.rmtree(folder)


for number in tiles:
    bench(number)
