"""Names that people write in many ways join where they should, and come out as they were written, byte for byte: radicals and
half-width kana, か所 and ヵ所, full-width spaces, combining marks, emoji, other hyphens.

Usage: text_keys.py KAYOI WORK_DIR"""
import csv
import json
import os
import shutil
import sqlite3
import sys
import unicodedata

from runs import kayoi, root
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()

# id and name in the map; as the register, the plan and the lookup write them
ZONES = {
    "KY01": ("ＫＹ０１", "⺠⽣・⻄⻑圏域", ("民生・西長圏域", "民生・ 西長　圏域", "民生・西長圏域")),
    "KY02": ("ＫＹ－０２", "ｷﾀﾊﾞﾗ　圏域", ("キタバラ圏域", "キタハ\u3099ラ圏域", "ｷﾀﾊﾞﾗ圏域")),
    "KY03": ("ky 03", "三ヵ所圏域", ("三か所圏域", "三カ所圏域", "三箇所圏域")),
    "KY04": ("ky④", "か\u3099くえん🏠\uFE0F葛\U000E0100圏域", ("がくえん🏠葛圏域", "がくえん🏠\uFE0F葛圏域", "か\u3099くえん🏠葛圏域"))}
PEOPLE = {"KY01": 5712, "KY02": 2240, "KY03": 1679, "KY04": 477}
RATES = {"KY01": "0.080000", "KY02": "0.090000", "KY03": "0.100000", "KY04": "0.110000"}
VENUES = [  # name, hall, activity; the place is the hall's
    ("ﾏﾙﾔﾏ公⺠館", "", "体操①㈱・⼥性"), ("その他の会🏠\uFE0F👨\u200D👩\u200D👧", "川⻄３ヶ所集会所", "ｶﾗｵｹ\"大会\"、か\u3099く"),
    ("テニス　の　会", "\u200B東の家（改行）2階", "①②③ ㎢ ～ − ‐ ー"), ("𠮷野家サロン", "本町会館", "é e\u0301 ﾊﾟ パ ハ\u309A")]
HALLS = [("マルヤマ公民館", 32.7724602, 130.8662647), ("川西3か所集会所", 32.7405410, 130.8598613), ("東の家2階", 32.7472134, 130.8799253),
         ("本町　会館", 32.7481151, 130.8625293)]


def write(name, text):
    with open(os.path.join(work, name), "wb") as file:
        file.write(text.encode())


def quoted(cells):
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"


def run(name, text):
    path, out = os.path.join(work, name + ".yaml"), os.path.join(work, "out_" + name)
    write(name + ".yaml", text)
    made = kayoi(binary, "run", path, "--out", out, "--lang", "en")
    if not check(f"{name}: runs", made.returncode == 0, made.stderr[-1500:]):
        done()
    return os.path.join(out, "internal")


def table(folder, layer):
    with open(os.path.join(folder, layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def stored(folder, layer, column):
    """Texts of the GeoPackage as bytes."""
    with sqlite3.connect(os.path.join(folder, "kayoi.gpkg")) as base:
        base.text_factory = bytes
        return {row[0] for row in base.execute(f'SELECT "{column}" FROM "{layer}"')}


def check_bytes(folder, layer, column, texts):
    """In all three formats, as bytes: GeoJSON may escape quotes and nothing else."""
    with open(os.path.join(folder, layer + ".geojson"), "rb") as file:
        geojson = file.read()
    with open(os.path.join(folder, layer + ".csv"), "rb") as file:
        sheet = file.read()
    kept = stored(folder, layer, column)
    lost = {"GeoJSON": [t for t in texts if json.dumps(t, ensure_ascii=False).encode() not in geojson],
            "CSV": [t for t in texts if t.replace('"', '""').encode() not in sheet],
            "GeoPackage": [t for t in texts if t.encode() not in kept]}
    for name, some in lost.items():
        check(f"{name}: {layer}.{column} is byte for byte as it was written", not some, some)


# 1. Zones, register, targets, venues and halls.
with open(os.path.join(work, "zones.geojson"), encoding="utf-8") as file:
    zones = json.load(file)
for feature in zones["features"]:
    properties = feature["properties"]
    properties["圏域コード"], properties["圏域名"], _ = ZONES[properties["圏域コード"]]
write("zones.geojson", json.dumps(zones, ensure_ascii=False))
write("official.csv", quoted(["圏域名", "６５歳以上人口　総数"]) + "".join(quoted([spelt[0], PEOPLE[key]]) for key, (_, _, spelt) in ZONES.items()))
start, end = config.index("  official:\n"), config.index("# 将来の年の人口")
text = config[:start] + "  official:\n    path: official.csv\n\n" + config[end:]
text = text.replace("  rate: 0.08\n", "  rate: 0.08\n  zones:\n" + "".join(
    f"    - {{zone: \"{spelt[1]}\", rate: {float(RATES[key])}, basis: 計画}}\n" for key, (_, _, spelt) in ZONES.items()))
write("named.csv", quoted(["名称", "会場", "活動内容"]) + "".join(quoted(row) for row in VENUES))
write("halls.csv", quoted(["名称", "緯度", "経度"]) + "".join(quoted(row) for row in HALLS))
start, end = text.index("venues:"), text.index("# 社会資源")
text = text[:start] + "venues:\n  - path: named.csv\n\n" + text[end:]
text += "\ngeocoding:\n  halls:\n    - {path: halls.csv, crs: EPSG:6668}\n"
check("no name of the register is written as in the map", all(name not in spelt for _, name, spelt in ZONES.values()))
folder = run("names", text)
got = {row["zone_id"]: row for row in table(folder, "zones") if row["level"] == "zone"}
check("zones are named as in the map", {key: row["name"] for key, row in got.items()} == {code: name for code, name, _ in ZONES.values()},
      {key: row["name"] for key, row in got.items()})
for key, (code, name, _) in ZONES.items():
    row = got.get(code, {})
    check(f"{name}: its people of the register", row.get("official_65") == f"{PEOPLE[key]}.000", row.get("official_65"))
    check(f"{name}: its rate of the plan", row.get("target_rate") == RATES[key], row.get("target_rate"))
venues = {row["name"]: row for row in table(folder, "venues")}
for (name, hall, _), (_, lat, lon) in zip(VENUES, HALLS):
    row = venues.get(name, {})
    check(f"{name}: placed by the name of {hall or 'its own'}", row.get("coord_source") == "hall" and
          (row.get("lat"), row.get("lon")) == (f"{lat:.7f}", f"{lon:.7f}"), row)
check_bytes(folder, "venues", "name", [row[0] for row in VENUES])
check_bytes(folder, "venues", "activity", [row[2] for row in VENUES])
check_bytes(folder, "zones", "name", [name for _, name, _ in ZONES.values()])
check_bytes(folder, "zones", "zone_id", [code for code, _, _ in ZONES.values()])
check("the names hold what normalising would change", all(unicodedata.normalize("NFKC", name) != name for _, name, _ in list(ZONES.values())[:2]))

# 2. Small areas, joined by a lookup that writes their names in another way; two of them are one zone.
for n, feature in enumerate(zones["features"]):
    key = list(ZONES)[n]
    feature["properties"] = {"KEY_CODE": f"4399900{n}0", "S_NAME": ZONES[key][1], "HCODE": 8101, "JINKO": 100}
write("areas.geojson", json.dumps(zones, ensure_ascii=False))
joined = {"KY01": "⻄の圏域①", "KY02": "⻄の圏域①", "KY03": "ﾐﾅﾐ圏域", "KY04": "山🏔\uFE0F圏域"}
write("lookup.csv", quoted(["町丁・字等名", "日常生活圏域名"]) + "".join(quoted([spelt[2], joined[key]]) for key, (_, _, spelt) in ZONES.items()))
start, end = config.index("zones:\n  path"), config.index("# 将来の年の人口")
text = config[:start] + "zones:\n  path: areas.geojson\n  lookup: lookup.csv\n  official:\n" + "".join(
    f"    - {{zone: {unicodedata.normalize('NFKC', name).replace('⻄', '西')}, pop_65: {people}}}\n"
    for name, people in (("⻄の圏域①", 7952), ("ﾐﾅﾐ圏域", 1679), ("山🏔圏域", 477))) + "\n" + config[end:]
folder = run("lookup", text)
got = {row["zone_id"]: row["official_65"] for row in table(folder, "zones") if row["level"] == "zone"}
check("zones of the lookup, with the people of the register", got == {"⻄の圏域①": "7952.000", "ﾐﾅﾐ圏域": "1679.000", "山🏔\uFE0F圏域": "477.000"}, got)
check_bytes(folder, "zones", "zone_id", list(dict.fromkeys(joined.values())))

# 3. A name that is another one does not join.
made = kayoi(binary, "check", os.path.join(work, "lookup.yaml"), "--lang", "en")
write("wrong.yaml", text.replace("西の圏域1", "酉の圏域1"))
made = kayoi(binary, "check", os.path.join(work, "wrong.yaml"), "--lang", "en")
check("酉 is not ⻄", made.returncode != 0 and "酉の圏域1" in made.stdout + made.stderr, made.stderr[-500:])
done()
