"""The lists of a configuration as a planner reads them: resources, venues, facts, each with the zone where it lies. Used by strengths.py,
which compares with them what kayoi wrote."""
import csv
import json
import os
import re
import unicodedata
from fractions import Fraction

import yaml
from osgeo import ogr

from runs import table
from tap import check

ogr.UseExceptions()
KINDS = {"shop": "買い物 商店 スーパー コンビニ", "mobile_sales": "移動販売", "clinic": "医療 病院 診療所", "pharmacy": "薬局",
         "bank": "郵便局 銀行", "hall": "集会所 公民館", "welfare": "福祉施設", "centre": "地域包括支援センター", "demand_bus": "デマンド交通",
         "vehicle_provider": "移動支援の担い手", "volunteer_group": "ボランティア団体", "informal_gathering": "把握外の集まり"}
MICRO = Fraction(1, 10 ** 6)


def plain(text):
    return unicodedata.normalize("NFKC", text or "").replace(" ", "").replace(",", "").strip()


def number(text):
    text = plain(text)
    return Fraction(text) if re.fullmatch(r"[-+]?\d+(\.\d+)?", text) else None


def given(text):
    """A number of a written table; None: no value."""
    return None if text == "" else Fraction(text)


def total(values):
    """Of those known; None when some are there and none is known."""
    values = list(values)
    some = [v for v in values if v is not None]
    return sum(some) if some or not values else None


class Places:
    """Zones of the input by place."""

    def __init__(self, folder, town):
        with open(os.path.join(folder, "zones.geojson"), encoding="utf-8") as file:
            features = json.load(file)["features"]
        self.of = [(f["properties"]["圏域コード"], ogr.CreateGeometryFromJson(json.dumps(f["geometry"]))) for f in features]
        self.rows = [z for z, _ in self.of] + ["outside_zones", "outside", "municipality", "no_place"]
        self.names = {plain(f["properties"]["圏域名"]): f["properties"]["圏域コード"] for f in features}
        self.names |= {z: z for z, _ in self.of} | {"全体": "municipality", town: "municipality"}

    def find(self, lon, lat):
        if not lon or not lat:
            return "no_place"
        point = ogr.CreateGeometryFromWkt(f"POINT ({lon} {lat})")
        return next((z for z, shape in self.of if shape.Contains(point)), "outside")


class Town:
    def __init__(self, out, config):
        self.out, self.folder = out, os.path.dirname(config)
        with open(config, encoding="utf-8") as file:
            self.config = yaml.safe_load(file)
        self.places = Places(self.folder, self.config["municipality"]["name"])
        self.zones = [z for z, _ in self.places.of]
        self.row = {self.key(r): r for r in table(out, "zones")}

    @staticmethod
    def key(row):
        return row["zone_id"] or row["level"]

    def records(self, path):
        with open(os.path.join(self.folder, path), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def parts(self, row):
        """Rows of the ledger that a row is the sum of."""
        return [*self.zones, "outside_zones"] if row == "municipality" else [row]


class Differences:
    """What is told of one table: each value that differs from ours."""

    def __init__(self, name):
        self.name, self.count, self.wrong = name, 0, []

    def same(self, where, written, ours):
        self.count += 1
        if isinstance(ours, str):
            is_same = written == ours
        elif ours is None:
            is_same = written == ""
        else:
            is_same = written != "" and abs(Fraction(written) - ours) <= (0 if Fraction(ours).denominator == 1 else MICRO)
        if not is_same:
            self.wrong.append(f"{where}: {written!r} is not {ours if isinstance(ours, str) or ours is None else float(ours)!r}")

    def tell(self, least=1):
        check(f"{self.name} ({self.count} values)", not self.wrong and self.count >= least, f"{len(self.wrong)} differ: " + "; ".join(self.wrong[:8]))


def resources_of(town):
    """Resources of all lists, each with kind and row, and the kinds that anybody was asked about."""
    found, asked = [], set()
    for source in town.config.get("resources") or []:
        asked |= {source["kind"]} if "kind" in source else set()
        for record in town.records(source["path"]):
            kind = source.get("kind") or next(k for k, words in KINDS.items() if record["種別"] in words.split())
            asked.add(kind)
            found.append({"id": record["番号"], "kind": kind, "row": town.places.find(record["経度"], record["緯度"]), "name": record["名称"],
                          "seats": number(record.get("乗車定員")), "will": {"はい": 1, "いいえ": 0}.get(record.get("協力意向")),
                          "date": record.get("調査日", "")})
    return sorted(found, key=lambda r: r["id"]), asked


def willing_of(providers, is_asked):
    answers = [r["will"] for r in providers]
    return None if not is_asked or (answers and all(a is None for a in answers)) else answers.count(1)


def venues_of(town):
    """The register, with what the layer venues says of counting."""
    layer = {v["venue_id"]: v for v in table(town.out, "venues")}
    out = []
    for record in town.records("venues.csv"):
        venue = {"record": record, "row": town.places.find(record["経度"], record["緯度"]), "counts": layer[record["No"]]["counts"] == "true",
                 "reason": layer[record["No"]]["reason"], "sessions": number(record["月開催回数"]), "led": number(record["住民主体"])}
        for key, column in (("now", "参加者実人数"), ("men", "参加者男"), ("women", "参加者女"), ("before", "前回参加者数"), ("supporters", "担い手")):
            venue[key] = number(record[column])
        out.append(venue)
    return out


def facts_of(town):
    return [{"row": town.places.names[plain(r["圏域"])], **r} for r in town.records(town.config["zones"]["facts"])]


def newest(facts, row, item):
    """The value of the newest date, and whether there is one of it."""
    here = [f for f in facts if f["row"] == row and f["項目"] == item]
    return number(max(here, key=lambda f: f["時点"])["値"]) if here else None
