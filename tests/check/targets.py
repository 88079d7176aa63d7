"""Recomputes every column of targets in zones.csv with whole numbers and fractions, from the configuration, cells' ledger and
venues.csv alone; adds up what run.json says adds up; cells' targets likewise.

Usage: targets.py OUT_DIR CONFIG [KAYOI WORK]   (with KAYOI: also for a variant of the sample that has everything odd)"""
import csv
import json
import os
import re
import subprocess
import sys
from fractions import Fraction

import yaml

from runs import kayoi, sample
from tap import check, done

LEVELS = ("zone", "municipality")


def table(out, layer):
    with open(os.path.join(out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text == "" else Fraction(text)


def half_up(value):
    return int((value * 2 + 1) // 2)


def remainders(total, values):
    """Whole numbers that add up to total, nearest below values, the rest by remainder, ties to the earlier."""
    out = [int(v // 1) for v in values]
    for i in sorted(range(len(values)), key=lambda i: (-(values[i] - out[i]), i))[:total - sum(out)]:
        out[i] += 1
    return out


def split(whole, weights):
    total = sum(weights)
    return [whole] + [0] * (len(weights) - 1) if total == 0 else remainders(whole, [Fraction(whole * w, total) for w in weights])


def add(values):
    return None if any(v is None for v in values) else sum(values)


def known(values):
    some = [v for v in values if v is not None]
    return sum(some) if some else None


def months(text):
    date = re.match(r"(\d{4})(?:-(\d\d))?", text or "")
    return None if date is None else int(date[1]) * 12 + int(date[2] or 1) - 1


class Town:
    def __init__(self, out, config):
        self.out = out
        self.zones = table(out, "zones")
        self.venues = table(out, "venues")
        with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
            self.run = json.load(file)
        with open(config, encoding="utf-8") as file:
            self.config = yaml.safe_load(file)
        self.setting = {d["key"]: d["value"] for d in self.run["definitions"]}
        self.plain = [z for z in self.zones if z["level"] == "zone"]
        self.whole = next(z for z in self.zones if z["level"] == "municipality")
        named = {z["name"]: z["zone_id"] for z in self.plain}
        section = self.config["zones"] if isinstance(self.config["zones"], dict) else {}
        official = section.get("official") or []
        self.official = {named.get(o["zone"], o["zone"]): o for o in official if isinstance(official, list)}
        self.stated = {}
        for item in (self.config.get("targets") or {}).get("zones") or []:
            if "year" not in item:
                self.stated[named.get(item["zone"], item["zone"])] = item
        self.source = self.config["venues"][0]
        self.of_65 = self.source.get("participants_band", "65") in ("65", 65) and "participants_extent" not in self.source
        self.wrong = []

    def share_setting(self, key):
        return Fraction(self.setting[key])

    def expect(self, zone, column, value, decimals=0):
        """Compares with the text in the file: nothing is rounded twice."""
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            scaled = half_up(abs(Fraction(value)) * 10 ** decimals)
            sign = "-" if value < 0 and scaled != 0 else ""
            text = sign + (str(scaled) if decimals == 0 else f"{scaled // 10 ** decimals}.{scaled % 10 ** decimals:0{decimals}d}")
        else:
            text = "" if value is None else {True: "true", False: "false"}.get(value, value)
        if zone[column] != text:
            self.wrong.append(f"{zone['zone_id'] or zone['level']} {column}: {zone[column]!r}, recomputed {text!r}")

    def report(self, what):
        check(f"{os.path.basename(self.out)}: {what}", not self.wrong, f"{len(self.wrong)}: " + "; ".join(self.wrong[:6]))
        self.wrong = []

    # ------------------------------------------------------------------------------------------------ whom it is for
    def bases(self):
        for z in self.plain:
            given = self.official.get(z["zone_id"], {})
            for band in ("total", "65", "75", "85", "65_m", "65_f"):
                if f"official_{band}" not in z:
                    continue
                people, grid = given.get(f"pop_{band}"), number(z.get(f"pop_{band}", ""))
                self.expect(z, f"official_{band}", people, 3)
                self.expect(z, f"official_grid_ratio_{band}",
                            Fraction(people) / grid if people is not None and grid not in (None, 0) else None, 6)
            people = given.get("pop_65")
            base = Fraction(people) if people is not None else number(z["pop_65"])
            self.expect(z, "target_base", "grid" if people is None else "register")
            self.expect(z, "target_base_65", base, 3)
            milli = int(base * 1000)
            m, f = given.get("pop_65_m"), given.get("pop_65_f")
            grid = number(z.get("pop_65_m", "")), number(z.get("pop_65_f", ""))
            has_grid = None not in grid and not (sum(grid) == 0 and milli)
            if people is None:
                parts, origin = (grid, "grid") if has_grid else (None, None)
            elif m is not None and f is not None:
                parts, origin = (m, f), "register" if m + f == people else "shared"
            else:
                parts, origin = (grid, "shared") if has_grid else (None, None)
            z["E"] = milli
            z["E_sex"] = split(milli, [int(p * 1000) for p in parts]) if parts else [None, None]
            self.expect(z, "target_base_sexes", origin)
            for name, part in zip("mf", z["E_sex"]):
                self.expect(z, f"target_base_65_{name}", None if part is None else Fraction(part, 1000), 3)
        self.whole["E"] = sum(z["E"] for z in self.plain)
        self.whole["E_sex"] = [add([z["E_sex"][k] for z in self.plain]) for k in range(2)]
        self.report("people 65+ of targets, men and women, and the register against the grid")

    def goals(self):
        default = self.share_setting("targets.rate")
        rates = [Fraction(str(self.stated.get(z["zone_id"], {}).get("rate", default))) for z in self.plain]
        wanted = [r * Fraction(z["E"], 1000) for r, z in zip(rates, self.plain)]
        total = half_up(sum(wanted))
        for z, rate, target in zip(self.plain, rates, remainders(total, wanted)):
            z["T"] = target
            self.expect(z, "target_rate", rate, 6)
            z["T_sex"] = [None, None] if z["E_sex"][0] is None else split(target, z["E_sex"])
            basis = self.stated.get(z["zone_id"], {}).get("basis")
            if basis is not None:
                self.expect(z, "target_basis", basis)
            # beyond and unreachable are too far; together with the covered and the unknown they are the target
            parts = [int(number(z[k]) * 1000) for k in ("beyond_65", "covered_65", "unknown_65")]
            parts[0] += int(number(z["unreachable_65"]) * 1000)
            if sum(parts) == 0:
                parts = [0, 0, 1]
            far, covered, unknown = split(target, parts)
            self.expect(z, "target_too_far", far)
            self.expect(z, "target_unknown", unknown)
            seats = [number(z[k]) for k in ("target_no_seats", "target_within_reach")]
            if known(seats) != covered:
                self.wrong.append(f"{z['zone_id']}: no_seats and within_reach {seats} are not {covered}")
        self.whole["T"], self.whole["T_sex"] = total, [add([z["T_sex"][k] for z in self.plain]) for k in range(2)]
        self.expect(self.whole, "target_rate", sum(wanted) * 1000 / self.whole["E"] if self.whole["E"] else None, 6)
        for z in self.plain + [self.whole]:
            self.expect(z, "target_participants", z["T"])
            for name, part in zip("mf", z["T_sex"]):
                self.expect(z, f"target_participants_{name}", part)
        self.report("targets, of men and women, and where they are")

    # ------------------------------------------------------------------------------------------------- who takes part
    def reports(self, venue):
        """What a venue says of people 65+ of the town: all, men, women, weekly."""
        if not self.of_65:
            return [None] * 4
        all_, m, f, weekly = (number(venue[k]) for k in ("participants", "participants_m", "participants_f", "participants_weekly"))
        if m is None or f is None or (all_ is not None and m + f > all_):
            m = f = None
        return [all_, m, f, None if None not in (all_, weekly) and weekly > all_ else weekly]

    def participants(self):
        least = self.share_setting("targets.min_report_share")
        counted = [v for v in self.venues if v["counts_for_rate"] == "true"]
        for v in counted:
            v["report"] = self.reports(v)
        ids = {z["zone_id"] for z in self.plain}
        self.typical = self.typical_of([v["report"][0] for v in counted if v["zone_id"] in ids and v["report"][0] is not None],
                                       self.share_setting("targets.typical_participants"))
        for z in self.plain:
            here = [v for v in counted if v["zone_id"] == z["zone_id"]]
            sums = [0 if not here else known([v["report"][k] for v in here]) for k in range(4)]
            counts = [sum(v["report"][k] is not None for v in here) for k in range(4)]
            z["counts"] = [len(here)] + counts
            given = self.stated.get(z["zone_id"], {})
            z["distinct"] = "participants" in given
            z["P"] = [given.get(k) for k in ("participants", "participants_m", "participants_f", "participants_weekly")] \
                if z["distinct"] else sums
            few = [here and counts[k] < least * len(here) for k in range(4)]
            z["few"] = [None if p is None else bool(f) and not z["distinct"] for p, f in zip(z["P"], few)]
            self.expect(z, "participants_sum", sums[0])
            self.expect(z, "participants_kind", None if z["P"][0] is None else "distinct" if z["distinct"] else "sum")
            for column, k in (("report_share", 0), ("report_share_sexes", 1), ("report_share_weekly", 3)):
                self.expect(z, column, Fraction(counts[k], len(here)) if here else None, 6)
            z["typical"] = self.typical_of([v["report"][0] for v in here if v["report"][0] is not None], self.typical)
            z["low"] = z["P"][0] if z["distinct"] else sums[0] or 0
            z["high"] = z["low"] + (0 if z["distinct"] else half_up((len(here) - counts[0]) * z["typical"]))
        whole = self.whole
        whole["P"] = [known([z["P"][k] for z in self.plain]) for k in range(4)]
        open_ = [z for z in self.plain if not z["distinct"]]
        total = [sum(z["counts"][k] for z in open_) for k in range(5)]
        whole["few"] = [None if whole["P"][k] is None else
                        any(z["P"][k] is None for z in self.plain) or (total[0] > 0 and total[k + 1] < least * total[0])
                        for k in range(4)]
        whole["low"], whole["high"] = sum(z["low"] for z in self.plain), sum(z["high"] for z in self.plain)
        for z in self.plain + [whole]:
            for column, k in (("participants", 0), ("participants_m", 1), ("participants_f", 2), ("participants_weekly", 3)):
                self.expect(z, column, z["P"][k])
            for column, k in (("participants_at_least", 0), ("participants_sexes_at_least", 1), ("participants_weekly_at_least", 3)):
                self.expect(z, column, z["few"][k])
            self.expect(z, "participants_low", z["low"])
            self.expect(z, "participants_high", z["high"])
        self.report("participants, men and women, weekly; at least, and between what")

    def typical_of(self, reports, otherwise):
        if len(reports) < int(self.setting["targets.min_reports"]):
            return otherwise
        values = sorted(reports)
        median = Fraction(values[(len(values) - 1) // 2] + values[len(values) // 2], 2)
        return median if median > 0 else otherwise

    def rates(self):
        for z in self.plain + [self.whole]:
            participants, target = z["P"][0], z["T"]
            for column, part, people in (("participation_rate", z["P"][0], z["E"]), ("participation_rate_m", z["P"][1], z["E_sex"][0]),
                                         ("participation_rate_f", z["P"][2], z["E_sex"][1]),
                                         ("participation_rate_weekly", z["P"][3], z["E"])):
                self.expect(z, column, None if part is None or not people else Fraction(part) * 1000 / people, 6)
            self.expect(z, "weekly_reference", self.share_setting("targets.weekly_reference"), 6)
            self.expect(z, "attainment", None if participants is None or target == 0 else Fraction(participants) / target, 6)
            self.expect(z, "participants_over", None if participants is None else participants * 1000 > z["E"])
            z["missing"] = None if participants is None or z["few"][0] else max(0, target - participants)
            self.expect(z, "net_shortfall", None if participants is None or z["few"][0] else target - participants)
        self.whole["missing"] = add([z["missing"] for z in self.plain])
        places = []
        for z in self.plain:
            free = number(z["free_seats_in_range"]) or 0
            places.append(None if z["missing"] is None else -int(-max(0, z["missing"] - free) // z["typical"]))
            self.expect(z, "places_by_participants", places[-1])
        self.expect(self.whole, "places_by_participants", add(places))
        for z in self.plain + [self.whole]:
            self.expect(z, "shortfall", z["missing"])
        self.report("rates, attainment, shortfall, places by participants")

    def ages(self):
        dates = [d for z in self.zones for d in (z["people_date"], z["official_date"], z["venues_date"])]
        newest = max((months(part) for d in dates for part in d.split(" / ") if months(part) is not None), default=None)
        for z in self.plain + [self.whole]:
            oldest = min((months(part) for part in z["participants_date"].split(" / ") if months(part) is not None), default=None)
            age = None if None in (oldest, newest) else max(0, newest - oldest)
            self.expect(z, "participants_age_months", age)
            self.expect(z, "participants_stale", None if age is None else age > int(self.setting["targets.max_age_months"]))
        self.report("how old the participants are")

    def sums(self):
        for column, rule in self.run["sums"]["zones"].items():
            rows = [number(z[column]) for z in self.zones if z["level"] == "zone" or (rule == "zones+outside_zones" and z["level"] == "outside_zones")]
            whole = number(self.whole[column])
            if rule is not None and None not in rows and (whole is None or sum(rows) != whole):
                self.wrong.append(f"{column}: {[str(r) for r in rows]} are not {whole}")
            if rule is not None and None in rows and whole is not None and known(rows) not in (None, whole):
                self.wrong.append(f"{column}: what is known, {known(rows)}, is not {whole}")
        self.report("zones add up to the municipality wherever run.json says so")
        people = [c for c in self.zones[0] if re.match(r"(pop|covered|beyond|unreachable|unknown|in_gap|not_in_gap|straight|official|target_base|supporters|mobility|no_venue|"
                                                       r"target|participants|shortfall|venues|seats|halls|shops|clinics|centres|providers|volunteer_groups)(_|$)", c)]
        rule = self.run["sums"]["zones"]
        apart = [c for c in people if c in rule and rule[c] is None and not re.search(r"share|ratio|rate|age_months", c)]
        check(f"{os.path.basename(self.out)}: every count of people and places says what it adds up to", not apart, ", ".join(apart))

    def cells(self):
        default = self.share_setting("targets.rate")
        for cell in table(self.out, "cells"):
            rate = Fraction(str(self.stated.get(cell["zone_id"], {}).get("rate", default)))
            in_zone = any(cell["zone_id"] == z["zone_id"] for z in self.plain)
            people = number(cell["pop_65"])
            want = None if not in_zone or people is None else Fraction(half_up(people * 1000 * rate), 1000)
            if number(cell["target_participants"]) != want:
                self.wrong.append(f"cell {cell['cell_id']}: {cell['target_participants']}, recomputed {want}")
        self.report("target participants of every cell, at the rate of its zone")

    def check(self):
        for part in (self.bases, self.goals, self.participants, self.rates, self.ages, self.sums, self.cells):
            part()


def odd_town(work):
    """The sample with what it lacks: own rates, men and women in one zone of the register, a list of names, old reports,
    contradictions in the venues."""
    town = os.path.join(work, "odd")
    subprocess.run(["cp", "-r", os.path.dirname(sample), town], check=True)
    with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
        text = file.read()
    text = text.replace("zone: KY01, pop_total: 22586, pop_65: 5712,", "zone: KY01, pop_total: 22586, pop_65: 5712, pop_65_m: 2500, pop_65_f: 3212,")
    text = re.sub(r"    - \{zone: KY04.*\n", "", text)
    text = text.replace("  rate: 0.08\n", "  rate: 0.07\n  min_report_share: 0.9\n  zones:\n    - {zone: KY02, rate: 0.105, basis: 北原の計画}\n"
                        "    - {zone: KY03, participants: 70, participants_m: 12, participants_f: 58, date: 2022-03-31}\n"
                        "    - {zone: KY02, rate: 0.2, basis: 先の計画, year: 2040}\n", 1)
    with open(os.path.join(town, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(text)
    path = os.path.join(town, "venues.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head = rows[0]
    rows[1][head.index("参加者男")] = "99"
    rows[2][head.index("うち週1回以上")] = "99"
    rows[3][head.index("参加者実人数")] = ""
    rows[4][head.index("参加者実人数")] = "-3"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return os.path.join(town, "kayoi.yaml")


Town(sys.argv[1], sys.argv[2]).check()
if len(sys.argv) > 3:
    binary, work = sys.argv[3:5]
    os.makedirs(work, exist_ok=True)
    config, out = odd_town(work), os.path.join(work, "out")
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
    if check("the odd town runs", made.returncode == 0, made.stderr[-2000:]):
        town = Town(out, config)
        town.check()
        check("it is odd: a register and a grid, a sum and a list of names, old participants",
              {z["target_base"] for z in town.zones} >= {"register", "grid", "mixed"} and town.whole["participants_kind"] == "mixed" and
              any(z["participants_stale"] == "true" for z in town.zones))
        reasons = town.run["issues"]["by_reason"]
        check("what is odd is said", all(reasons.get(r, 0) > 0 for r in ("sexes_do_not_add_up", "weekly_exceed_participants", "participants_from_sexes",
                                                                     "participants_stale", "official_missing")), str(reasons))
done()
