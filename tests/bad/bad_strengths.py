"""Bad weights of priority, bad facts of zones, resources of a kind that nobody knows, a venue that the register takes out. Each ends in a clear message, or in an issue
and a result that shows what was done.

Usage: bad_strengths.py KAYOI"""
import shutil
import sys
import tempfile

from broken import Bench
from tap import done

WEIGHTS = "weights: {uncovered: 2, no_venue_no_shop: 1, growth_75: 1, supporters: 1}"


def lean(town_of):
    """Towns that are written in CSV alone and without other definitions, because only tables are looked at."""
    def make():
        town = town_of()
        town.set("formats: [geojson, gpkg, csv, xlsx, qgis]", "formats: [csv]")
        town.set("  sensitivity: true", "  sensitivity: false")
        return town
    return make


def weights(text):
    return lambda town: town.set(WEIGHTS, "weights: " + text)


def facts(*items):
    """A list in the configuration instead of the table."""
    return lambda town: town.set("facts: facts.csv ", "facts: [" + ", ".join(items) + "] ")


def table(old, new):
    return lambda town: town.set(old, new, "facts.csv")


def resource(old, new):
    return lambda town: town.set(old, new, "resources.csv")


def values(layer, wanted, **where):
    """then: columns of the one record of a layer that fits."""
    def then(tables):
        found = [r for r in tables[layer] if all(r[k] == v for k, v in where.items())]
        if len(found) != 1:
            return f"{len(found)} records of {layer} for {where}"
        return "; ".join(f"{c}: {found[0][c]!r} is not {v!r}" for c, v in wanted.items() if found[0][c] != v)
    return then


def weight_cases(bench):
    bench.fails("a negative weight", weights("{uncovered: -2, supporters: 1}"), 2, [r"kayoi\.yaml:\d+:\d+: priority\.weights\.uncovered: -2 .*range"])
    bench.fails("a weight that is no number", weights("{uncovered: 高い}"), 2, [r"priority\.weights\.uncovered: .*高い"])
    bench.fails("an unknown component", weights("{uncovered: 2, supporter: 1}"), 2, [r"priority\.weights.*supporter\b", r"supporters"])
    bench.fails("all weights 0", weights("{uncovered: 0, growth_75: 0}"), 2, [r"kayoi\.yaml:\d+:\d+: .*all weights are 0"])
    bench.issue("a weight of what two zones do not know", weights("{uncovered: 1, initiative: 1}"), "weight_without_values", None,
                values("priority", {"priority_score": "", "priority_rank": "", "priority_missing": "initiative"}, zone_id="KY01"), "2 of 4 zones")


def fact_cases(bench):
    bench.fails("a fact in the configuration for an unknown zone", facts("{zone: KY09, item: 独居高齢者世帯, value: 12}"), 2,
                [r"kayoi\.yaml:\d+:\d+: there is no zone 'KY09'; the zones are: KY01, KY02, KY03, KY04"])
    bench.fails("a fact without its item", facts("{zone: KY01, value: 12}"), 2, [r"zones\.facts\[0\].*item"])
    bench.issue("a fact in a table for an unknown zone", table("KY04,ひとり暮らし", "KY09,ひとり暮らし"), "fact_zone_unknown", "KY09",
                values("zones", {"single_households": "", "single_households_date": ""}, zone_id="KY04"), "KY09")
    bench.issue("a sum of zones of which one is not known", table("KY04,ひとり暮らし", "KY09,ひとり暮らし"), "fact_zone_unknown", None,
                values("zones", {"single_households": ""}, level="municipality"))
    bench.issue("two values for one date", table("KY04,ひとり暮らし高齢者世帯,101,", "川南圏域,ひとり暮らし高齢者世帯,319,"), "fact_twice", "KY03",
                values("zones", {"single_households": ""}, zone_id="KY03"))
    bench.issue("a value that is no number", table("KY04,ひとり暮らし高齢者世帯,101,", "KY04,ひとり暮らし高齢者世帯,約100,"), None, None,
                values("zone_facts", {"value": "約100", "value_number": ""}, zone_id="KY04", code="single_households"))


def resource_cases(bench):
    bench.issue("a kind that is none of the list", resource("R13,集会所,", "R13,学校,"), "kind_not_in_list", None,
                values("inventory", {"count": "1", "names": "池田集会所"}, zone_id="KY03", kind="学校"), "学校")
    bench.issue("a resource of no kind", resource("R13,集会所,", "R13,,"), "kind_missing", None,
                values("inventory", {"count": "1", "names": "池田集会所"}, zone_id="KY03", kind="unknown"))
    bench.fails("a kind of a source that is none", lambda t: t.set("  - path: resources.csv\n", "  - path: resources.csv\n    kind: school\n"), 2,
                [r"resources\[0\]\.kind: .*school"])
    bench.issue("seats that are negative", resource(",8,平日", ",-8,平日"), "negative_number", "R10",
                values("inventory", {"seats": "", "seats_known_count": "0", "willing_count": "1"}, zone_id="KY03", kind="vehicle_provider"))
    bench.issue("a word for willing that nobody knows", resource(",はい,", ",相談次第,"), "not_yes_or_no", "R10",
                values("inventory", {"willing_count": "0", "unwilling_count": "0", "willing_unknown_count": "1"}, zone_id="KY03", kind="vehicle_provider"))


def says_no(town):
    """A column of the register that takes venue 3 out."""
    lines = town.text("venues.csv", "utf-8-sig").splitlines()
    more = ["徒歩圏に数える"] + ["0" if line.startswith("3,") else "" for line in lines[1:]]
    town.write("venues.csv", "".join(f"{line},{extra}\n" for line, extra in zip(lines, more)), "utf-8-sig")
    town.set("      supporters: 担い手 ", "      counts_for_coverage: 徒歩圏に数える\n      supporters: 担い手 ")


def group_cases(bench):
    bench.issue("a venue that the register takes out", says_no, None, None,
                values("venue_groups", {"venues_count": "1", "group_name": "台帳で数えないとされている"}, zone_id="KY01", group="register_says_no"))


work = tempfile.mkdtemp(prefix="kayoi-bad-strengths.")
try:
    bench = Bench(sys.argv[1], work)
    if bench.is_ready:
        bench.town = lean(bench.town)
        for cases in (weight_cases, fact_cases, resource_cases, group_cases):
            cases(bench)
finally:
    shutil.rmtree(work, ignore_errors=True)
done()
