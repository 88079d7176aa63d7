"""A small made-up place around real or drawn roads, so that kayoi runs on them: one zone, a few cells, one venue."""
import csv
import json
import os

from runs import kayoi


def write_json(path, features, crs=None):
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)


def square(lon, lat, half_lon, half_lat, **properties):
    ring = [[lon - half_lon, lat - half_lat], [lon + half_lon, lat - half_lat],
            [lon + half_lon, lat + half_lat], [lon - half_lon, lat + half_lat]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}}


def make_place(folder, west, south, east, north):
    """zones.geojson, cells.geojson and venues.geojson of the box."""
    os.makedirs(folder, exist_ok=True)
    lon, lat, half_lon, half_lat = (west + east) / 2, (south + north) / 2, (east - west) / 2, (north - south) / 2
    write_json(os.path.join(folder, "zones.geojson"), [square(lon, lat, half_lon, half_lat, id="Z", name="Z")])
    write_json(os.path.join(folder, "cells.geojson"),
               [square(lon + half_lon * (2 * i - 3) / 4, lat + half_lat * (2 * j - 3) / 4, half_lon / 4, half_lat / 4,
                       id=f"C{i}{j}", pop_total=100, pop_65=30) for i in range(4) for j in range(4)])
    write_json(os.path.join(folder, "venues.geojson"),
               [{"type": "Feature", "properties": {"id": "V", "name": "V"},
                 "geometry": {"type": "Point", "coordinates": [lon, lat]}}])


def run_place(binary, folder, name, roads, more="", formats="[csv, geojson]"):
    """Runs kayoi there; roads is YAML of the sources. Returns (result, table(layer) of the outputs)."""
    config = os.path.join(folder, name + ".yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: X}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: {roads}
outputs: {{dir: {name}, formats: {formats}}}
checks: {{max_bad_share: 1}}
{more}
""")
    made = kayoi(binary, "run", config, "--lang", "en")

    def table(layer):
        with open(os.path.join(folder, name, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    return made, table
