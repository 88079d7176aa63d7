"""Adds a register without coordinates to the copy of the sample, and the files that place it."""
import json
import os
import sys

folder = sys.argv[1]
hall = json.load(open(os.path.join(folder, "public_halls.geojson"), encoding="utf-8"))["features"][0]
lon, lat = hall["geometry"]["coordinates"]


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="cp932") as file:
        file.write(text)


write("more.csv", "ID,名称,会場,住所\n"
      f"g1,朝の体操,{hall['properties']['P05_003']},\n"
      "g2,昼の茶話会,,通井町試験町一丁目３番地の２\n"
      "g3,夜の会,,大字谷が原５５５\n"
      "g4,どこかの会,,隣市本町1\n")
write("blocks.csv", "都道府県名,市区町村名,大字・丁目名,小字・通称名,街区符号・地番,緯度,経度,代表フラグ\n"
      f"熊本県,架空郡通井町,試験町一丁目,,3,{lat},{lon},1\n")
write("towns.csv", "都道府県名,市区町村名,大字町丁目名,緯度,経度\n"
      f"熊本県,架空郡通井町,谷ヶ原,{lat},{lon}\n")
path = os.path.join(folder, "kayoi.yaml")
text = open(path, encoding="utf-8").read()
text = text.replace("venues:\n", "venues:\n  - path: more.csv\n", 1)
text += ("\ngeocoding:\n  halls: public_halls.geojson\n  blocks: [{path: blocks.csv, crs: EPSG:6668}]\n"
         "  towns: [{path: towns.csv, crs: EPSG:6668}]\n")
open(path, "w", encoding="utf-8").write(text)
