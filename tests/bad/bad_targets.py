"""Bad targets: rates that are no shares, zones that do not exist, participants and registers that contradict themselves or are
those of other people. Each ends in a clear message, or in an issue and a result that shows what was done.

Usage: bad_targets.py KAYOI"""
import shutil
import sys
import tempfile

from broken import Bench
from tap import done


def venue(number, **values):
    def change(records):
        for r in records:
            if r["No"] == str(number):
                r.update(values)
    return lambda town: town.venues(change)


def targets(text):
    return lambda town: town.set("targets:\n", "targets:\n" + text)


def register(rows, header="圏域コード,65歳以上,65歳以上男,65歳以上女,75歳以上,目標参加率,参加者実人数"):
    """The register as a table instead of the list in the configuration."""
    def change(town):
        text = town.text("kayoi.yaml")
        start, end = text.index("  official:\n"), text.index("# 将来の年の人口")
        town.write("kayoi.yaml", text[:start] + "  official:\n    path: official.csv\n\n" + text[end:])
        town.write("official.csv", "\n".join([header, *rows]) + "\n")
    return change


GOOD = ["KY01,5712,,,2739,,", "KY02,2240,,,1248,,", "KY03,1679,,,899,,", "KY04,477,,,281,,"]


def row(zone, text):
    return register([text if r.startswith(zone) else r for r in GOOD])


def source(line):
    return lambda town: town.set("  - path: venues.csv\n", "  - path: venues.csv\n" + line)


def zone(tables, zone_id):
    return next(z for z in tables["zones"] if z["zone_id"] == zone_id)


def same(pairs):
    """then: columns of zones as texts."""
    def then(tables):
        wrong = [f"{z} {c}: {zone(tables, z)[c]!r} is not {v!r}" for z, c, v in pairs if zone(tables, z)[c] != v]
        return "; ".join(wrong)
    return then


def rate_cases(bench):
    bench.fails("a rate of 8", lambda t: t.set("rate: 0.08", "rate: 8"), 2, [r"targets\.rate: 8\? .* write 0\.08"])
    bench.fails("a rate of 108 %", lambda t: t.set("rate: 0.08", "rate: 1.08"), 2, [r"targets\.rate: 1\.08.* at most 1; .* write 0\.0108"])
    bench.fails("a zone's rate of 10", targets("  zones: [{zone: KY01, rate: 10}]\n"), 2, [r"targets\.zones\[0\]\.rate: 10\? .* write 0\.1"])
    bench.fails("a rate of 8 in a table", row("KY02", "KY02,2240,,,1248,8,"), 3,
                [r"official.*zone KY02: a target rate of 8\.000000 is more than everybody; did you mean 0\.080000\?"])
    bench.fails("a rate of 0 in a table", row("KY02", "KY02,2240,,,1248,0,"), 3, [r"zone KY02: a target rate of 0\.000000 cannot be"])
    bench.fails("a target for an unknown zone", targets("  zones: [{zone: KY07, rate: 0.1}]\n"), 2,
                [r"kayoi\.yaml:\d+:\d+: there is no zone 'KY07'; the zones are: KY01, KY02, KY03, KY04"])
    bench.fails("a year without its rate", targets("  zones: [{zone: KY01, year: 2040}]\n"), 2, ["a year needs the rate"])
    bench.fails("participants of a later year", targets("  zones: [{zone: KY01, year: 2040, rate: 0.1, participants: 5}]\n"), 2,
                ["participants are those of now"])
    bench.fails("years of rates out of order", targets("  rates: [{year: 2040, rate: 0.1}, {year: 2030, rate: 0.09}]\n"), 2,
                [r"targets\.rates\[1\]: its year is not later"])
    bench.fails("the same year twice for a zone", targets("  zones: [{zone: KY01, year: 2040, rate: 0.1}, {zone: KY01, year: 2040, rate: 0.2}]\n"), 2,
                ["zone 'KY01' is given twice"])


def participants_cases(bench):
    bench.issue("men and women who are more than the participants", venue(1, 参加者男="20", 参加者女="22", 参加者実人数="27"),
                "sexes_do_not_add_up", "1", same([("KY01", "participants", "201"), ("KY01", "participants_m", "41"),
                                                  ("KY01", "participants_f", "133")]), "20 men and 22 women, but 27")
    bench.issue("men and women who are fewer than the participants", venue(1, 参加者男="4", 参加者女="22", 参加者実人数="27"),
                "sexes_do_not_add_up", "1", same([("KY01", "participants_m", "45")]))
    bench.issue("men and women without a total", venue(1, 参加者実人数=""), "participants_from_sexes", "1",
                same([("KY01", "participants", "201")]))
    bench.issue("negative participants", venue(1, 参加者実人数="-27", 参加者男="", 参加者女="", うち週1回以上=""), "negative_number", "1",
                same([("KY01", "participants", "174")]))
    bench.issue("more weekly participants than participants", venue(1, うち週1回以上="99"), "weekly_exceed_participants", "1",
                same([("KY01", "participants_weekly", "89")]))
    bench.issue("more participants than people", venue(1, 参加者実人数="99999", 参加者男="", 参加者女=""), "participants_exceed_people", "KY01",
                same([("KY01", "participants", "100173"), ("KY01", "participants_over", "true"), ("KY01", "shortfall", "0")]))
    bench.fails("participants of a zone that do not add up", targets("  zones: [{zone: KY01, participants: 60, participants_m: 20, participants_f: 50}]\n"),
                2, [r"targets\.zones\[0\]: participants is not participants_m \+ participants_f"])
    bench.fails("men and women of a zone without a total", targets("  zones: [{zone: KY01, participants_m: 20}]\n"), 2, ["need participants beside them"])
    bench.fails("negative participants of a zone", targets("  zones: [{zone: KY01, participants: -5}]\n"), 2, [r"participants: -5 is out of range"])
    bench.issue("participants counted for 75 and over", source("    participants_band: 75\n"), "participants_of_other_band", None,
                same([("KY01", "participants", ""), ("KY01", "participation_rate", ""), ("KY01", "participants_75", "201"),
                      ("KY01", "participation_rate_75", "0.073384")]))  # 201 / 2739
    bench.issue("participants counted for 75 and over, where nobody knows the people of 75", lambda t: (
        source("    participants_band: 85\n")(t), t.set(", pop_85: 969", "")), "participants_of_other_band", None,
        same([("KY01", "participation_rate_85", "0.213603")]))  # of the residents' data: 201 / 941
    bench.issue("participants of a union", source("    participants_extent: 東部広域連合\n"), "participants_of_other_extent", None,
                same([("KY01", "participants", ""), ("KY01", "participation_rate", ""), ("KY01", "shortfall", "")]), "those of 東部広域連合")
    bench.issue("participants of the town itself", source("    participants_extent: 通井町\n"), None, None,
                same([("KY01", "participants", "201")]))
    bench.fails("an age band that nobody has", source("    participants_band: 70\n"), 2, [r"participants_band: '70' is none of 65\|75\|85\|all"])
    bench.fails("an age band of roads", lambda t: t.set("  - path: roads.osm", "  - path: roads.osm\n    participants_band: 75"), 2,
                ["are for venues and tables of zones only"])
    bench.issue("old participants", source("    participants_date: 2022-03-31\n"), "participants_stale", None,
                same([("KY01", "participants_stale", "true"), ("KY01", "participants_age_months", "37"), ("KY01", "participants", "201")]),
                "up to 37 months older")


    bench.issue("a date that is none", source("    participants_date: 去年の春\n"), "date_not_understood", "KY01",
                same([("KY01", "participants_stale", ""), ("KY01", "participants", "201")]), "去年の春")
    bench.issue("a date of an era", source("    participants_date: 令和4年3月31日\n"), "participants_stale", None,
                same([("KY01", "participants_age_months", "37")]))


def register_cases(bench):
    bench.fails("official people of an unknown zone", register([*GOOD, "KY08,100,,,10,,"]), 2,
                [r"official.*there is no zone 'KY08'; the zones are: KY01, KY02, KY03, KY04"])
    bench.fails("an unknown zone in the configuration", lambda t: t.set("zone: KY04, pop_total", "zone: KY08, pop_total"), 2,
                [r"kayoi\.yaml:\d+:\d+: there is no zone 'KY08'"])
    bench.fails("men and women in the configuration who are not the total", lambda t: t.set("pop_65: 5712,", "pop_65: 5712, pop_65_m: 2000, pop_65_f: 3000,"),
                2, ["pop_65 is not pop_65_m"])
    bench.issue("men and women in a table who are not the total", row("KY01", "KY01,5712,2000,3000,2739,,"), "official_sexes_do_not_add_up", "KY01",
                same([("KY01", "official_65_m", "2000.000"), ("KY01", "target_base_65", "5712.000"), ("KY01", "target_base_65_m", "2284.800"),
                      ("KY01", "target_base_sexes", "shared")]))
    bench.issue("more people of 75 than of 65", row("KY01", "KY01,2700,,,2739,,"), "official_bands_do_not_fit", "KY01")
    bench.issue("a register of ten times the people", row("KY04", "KY04,4770,,,281,,"), "official_far_from_grid", "KY04",
                same([("KY04", "official_grid_ratio_65", "10.236052"), ("KY04", "target_base_65", "4770.000")]), "ratio 10.236")
    bench.issue("a register of another year, with a wider limit", lambda t: (
        row("KY04", "KY04,600,,,281,,")(t), t.set("  official_date:", "  official_apart: 0.5\n  official_date:")), None, None,
        lambda tables: "; ".join(r["reason"] for r in tables["issues"] if r["reason"] == "official_far_from_grid"))
    bench.issue("negative official people", row("KY04", "KY04,-477,,,281,,"), "negative_number", "KY04",
                same([("KY04", "official_65", ""), ("KY04", "target_base", "grid")]))
    bench.issue("a zone that the register lacks", register(GOOD[:3]), "official_missing", None, same([("KY04", "target_base", "grid")]))


work = tempfile.mkdtemp(prefix="kayoi-bad-targets.")
try:
    bench = Bench(sys.argv[1], work)
    if bench.is_ready:
        for cases in (rate_cases, participants_cases, register_cases):
            cases(bench)
finally:
    shutil.rmtree(work, ignore_errors=True)
done()
