"""A town of the size of Porto on its real streets: residents, venues and zones made by rule, the same in every run."""
import json
import os
import random

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
roads = os.path.join(os.path.dirname(root), "shared", "data", "osm", "porto_portugal.osm.pbf")
WEST, SOUTH, EAST, NORTH = -8.69, 41.13, -8.55, 41.19
STEP_LON, STEP_LAT = 0.003, 0.00225                  # about 250 m


def ring(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(west, south, east, north, **properties):
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring(west, south, east, north)]}}


def write(folder, name, features):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


def make(folder, venues=300, formats="[geojson, gpkg, csv]", seed=5):
    """Writes the inputs and porto.yaml; returns the path of the latter and the venues."""
    os.makedirs(folder, exist_ok=True)
    rng = random.Random(seed)
    columns, rows = round((EAST - WEST) / STEP_LON), round((NORTH - SOUTH) / STEP_LAT)
    cells = []
    for j in range(rows):
        for i in range(columns):
            people = rng.randrange(0, 600)
            old = people * rng.randrange(15, 40) // 100
            west, south = WEST + i * STEP_LON, SOUTH + j * STEP_LAT
            cells.append(polygon(west, south, west + STEP_LON, south + STEP_LAT, id=f"C{j:03d}{i:03d}",
                                 pop_total=people, pop_65=old, pop_75=old // 2))
    write(folder, "cells.geojson", cells)
    wide, high = (EAST - WEST) / 4, (NORTH - SOUTH) / 3
    write(folder, "zones.geojson", [polygon(WEST + i * wide, SOUTH + j * high, WEST + (i + 1) * wide, SOUTH + (j + 1) * high,
                                            id=f"Z{j}{i}", name=f"Zona {j}{i}") for j in range(3) for i in range(4)])
    places = []
    for v in range(venues):
        lon, lat = rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)
        places.append({"type": "Feature", "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
                       "properties": {"id": f"V{v:04d}", "name": f"Lugar {v}", "sessions_per_month": rng.choice([1, 2, 4, 8]),
                                      "capacity": rng.choice([10, 15, 20, 30]), "participants": rng.randrange(5, 40)}})
    write(folder, "venues.geojson", places)
    config = os.path.join(folder, "porto.yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: Porto}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: ["{roads}"]
outputs: {{dir: out, formats: {formats}}}
""")
    return config, places
