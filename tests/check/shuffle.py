"""A copy of the sample in another order: the same facts, other rows first, ways drawn backwards."""
import json
import os
import random
import re
import shutil


def shuffle(source, target, seed=7):
    rng = random.Random(seed)
    shutil.copytree(source, target)
    for name in sorted(os.listdir(target)):
        path = os.path.join(target, name)
        if name.endswith(".geojson"):
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            rng.shuffle(data["features"])
            with open(path, "w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=False)
        elif name.endswith((".csv", ".txt")):
            head = 1 if name.endswith(".csv") else 2
            with open(path, "rb") as file:
                lines = file.read().split(b"\r\n")[:-1]
            rows = lines[head:]
            rng.shuffle(rows)
            with open(path, "wb") as file:
                file.write(b"\r\n".join(lines[:head] + rows) + b"\r\n")
        elif name.endswith(".osm"):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            start, end = text.index("  <way"), text.index("</osm>")
            ways = re.findall(r"  <way.*?</way>\n", text[start:end], re.S)
            rng.shuffle(ways)
            ids = sorted(int(re.search(r'way id="(\d+)"', w).group(1)) for w in ways)
            out = []
            for way_id, way in zip(ids, ways):    # ids in rising order, as the format wants, on shuffled ways
                way = re.sub(r'way id="\d+"', f'way id="{way_id}"', way)
                nodes = re.findall(r'<nd ref="\d+"/>', way)
                if rng.random() < 0.5:
                    way = re.sub(r"(<nd ref=\"\d+\"/>)+", "".join(reversed(nodes)), way)
                out.append(way)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text[:start] + "".join(out) + text[end:])
