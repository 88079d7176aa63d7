"""The projected grid in the layout of KSJ 将来推計人口メッシュ (edition 2024), with the years that the sample uses."""
from grid import place_in_mesh, receiver
from ground import write_features

YEARS = (2025, 2035, 2045)
# what is left of the people of 2020: everybody, 65+, 75+, 80+ (of 75+ in 2020), 85+
LEFT = {2025: (0.955, 1.01, 1.09, 0.60, 1.06), 2035: (0.855, 0.99, 1.19, 0.74, 1.27), 2045: (0.745, 0.93, 1.10, 0.71, 1.36)}


def project(code, cell, year):
    """People of a cell: its own pace is a few percent around the town's, by its place alone."""
    row, column = place_in_mesh(code)
    pace = 1 + ((row * 7 + column * 13) % 11 - 5 + (row % 20 - 10) / 2) * (year - 2020) / 1500
    everybody, aged, old, older, oldest = LEFT[year]
    out = {"PTN": cell["total"] * everybody * pace, "PTC": cell["65"] * aged * pace, "PTD": cell["75"] * old * pace,
           "PTE": cell["75"] * old * older * pace, "85": cell["85"] * oldest * pace}
    out["PTC"] = min(out["PTC"], out["PTN"])
    out["PTD"] = min(out["PTD"], out["PTC"])
    out["PTE"] = min(out["PTE"], out["PTD"])
    out["85"] = min(out["85"], out["PTE"])
    return out


def outline(code):
    row, column = place_in_mesh(code)
    south, west = int(code[:2]) * 2 / 3 + row / 240, 100 + int(code[2:4]) + column / 160
    north, east = south + 1 / 240, west + 1 / 160
    return [[[round(x, 7), round(y, 7)] for x, y in ((west, south), (east, south), (east, north), (west, north), (west, south))]]


def write_future(folder, people):
    cells = {}
    for p in people:
        cell = cells.setdefault(p["cell"], {"total": 0, "65": 0, "75": 0, "85": 0})
        for band in cell:
            cell[band] += p[band]
    rows = {code: {"MESH_ID": code, "SHICODE": "43999", "PTN_2020": float(cells[code]["total"])} for code in sorted(cells)}
    for year in YEARS:
        future = {code: project(code, cells[code], year) for code in sorted(cells)}
        shown = [code for code in sorted(cells) if future[code]["PTN"] >= 10]
        to = {code: receiver(code, shown) for code in sorted(cells) if future[code]["PTN"] < 10}
        for code, row in rows.items():
            own, group = future[code], [code] + [h for h in sorted(to) if to[h] == code]
            ages = {band: 0 if code in to else sum(future[c][band] for c in group) for band in own}
            row[f"HITOKU{year}"] = "*" if code in to else "@" if len(group) > 1 else None
            row[f"GASSAN{year}"] = to.get(code)
            row[f"PTN_{year}"] = round(own["PTN"], 4)
            row[f"PT00_{year}"] = round(ages["PTN"], 4)
            for band in ("PTC", "PTD", "PTE"):
                row[f"{band}_{year}"] = round(ages[band], 4)
            row[f"PT18_{year}"], row[f"PT19_{year}"], row[f"PT20_{year}"] = (round(ages["85"] * part, 4) for part in (0.64, 0.28, 0.08))
    write_features(folder, "500m_mesh_2024_43.geojson", "500m_mesh_2024_43",
                   [{"type": "Feature", "properties": row, "geometry": {"type": "Polygon", "coordinates": outline(code)}}
                    for code, row in rows.items()])
