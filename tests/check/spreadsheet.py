"""The spreadsheet of a run as LibreOffice reads it, against the CSV layers of the same run. Usage: spreadsheet.py KAYOI WORK_DIR

Every sheet is converted to CSV twice: as values, which must be the numbers of the layer, and as shown, where shares are percentages
and nothing has many digits. Words of codes are looked up in layers' own order: one code, one word."""
import csv
import glob
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal, InvalidOperation

from runs import kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), os.path.join(work, "town"))
config = os.path.join(work, "town", "kayoi.yaml")
with open(config, encoding="utf-8") as file:
    text = re.sub(r"formats: \[.*?\]", "formats: [csv, xlsx]", file.read())
with open(config, "w", encoding="utf-8") as file:
    file.write(text)
# a name that a spreadsheet would take for a formula, and one of 9,000 characters
venues = os.path.join(work, "town", "venues.csv")
with open(venues, "rb") as file:
    raw = file.read()
encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp932"
rows = list(csv.reader(raw.decode(encoding).splitlines()))
name_at = rows[0].index("名称")
rows[1][name_at], rows[2][name_at] = "=HYPERLINK(\"http://127.0.0.1/\")&<b>", "長" * 9000
with open(venues, "w", encoding=encoding, newline="") as file:
    csv.writer(file).writerows(rows)


def run(name):
    out = os.path.join(work, name)
    made = kayoi(binary, "run", config, "--out", out)
    check(f"{name}: the run ends well", made.returncode == 0, made.stderr[-2000:])
    return out


def convert(book, folder, as_shown):
    os.makedirs(folder)
    shutil.copy(book, os.path.join(folder, "book.xlsx"))
    options = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,{str(as_shown).lower()},false,false,-1"
    made = subprocess.run(["soffice", f"-env:UserInstallation=file://{os.path.abspath(work)}/office", "--headless", "--convert-to", options,
                           "--outdir", folder, os.path.join(folder, "book.xlsx")], capture_output=True, text=True, timeout=300)
    sheets = {}
    for path in glob.glob(os.path.join(folder, "book-*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            sheets[os.path.basename(path)[5:-4]] = list(csv.reader(file))
    check(f"LibreOffice reads the sheets ({os.path.basename(folder)})", len(sheets) > 8, made.stderr[-500:] + str(list(sheets)))
    return sheets


out = run("out")
book = os.path.join(out, "internal", "kayoi.xlsx")
with open(book, "rb") as first, open(os.path.join(run("again"), "internal", "kayoi.xlsx"), "rb") as second:
    check("two runs give the same bytes", first.read() == second.read())
values, shown = convert(book, os.path.join(work, "values"), False), convert(book, os.path.join(work, "shown"), True)

columns = values["列の説明"]
check("the last sheet explains every column", columns[0][:3] == ["シート", "列の見出し", "ほかの形式での名前"], columns[0])
names = {}
for row in columns[1:]:
    names.setdefault(row[0], []).append((row[1], row[2]))
layers = {"zones": "日常生活圏域", "gaps": "空白地帯", "venues": "通いの場", "sites": "候補地", "mobility": "移動支援の候補", "resources": "社会資源",
          "population": "将来人口", "year_zones": "年別の圏域", "sensitivity": "定義による違い", "issues": "入力の問題"}
WORDS = {"true": "はい", "false": "いいえ"}
DAY_WORDS = dict(zip(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "月火水木金土日"))
DAYS = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)\b(?= \d|;|$)")


def same(told, expected):
    """A value of a sheet and of the layer: equal numbers, or equal texts, cut when they are very long; a word for a code."""
    if told == expected or (len(told) > 2000 and expected.startswith(told)):
        return True
    try:
        wanted = Decimal(expected)
        return (Decimal(told[:-1]) / 100 if told.endswith("%") else Decimal(told)) == wanted
    except InvalidOperation:
        if DAYS.search(expected):
            return told == DAYS.sub(lambda day: DAY_WORDS[day[0]], expected).replace("; ", "、")
        return re.fullmatch(r"[a-z_0-9]+", expected) and WORDS.setdefault(expected, told) == told


for layer, sheet in layers.items():
    rows, head = table(out, layer), [alias for alias, _ in names[sheet]]
    lines = [line for line in values[sheet] if any(line)]
    check(f"{layer}: headers are Japanese and explained", lines[0][:len(head)] == head and all(re.search(r"[^\x00-\x7f]", h) for h in head), lines[0][:6])
    wrong = [f"row {i + 1} {name}: {line[c]!r}, {row[name]!r}" for i, (row, line) in enumerate(zip(rows, lines[1:]))
             for c, (_, name) in enumerate(names[sheet]) if not same(line[c], row[name])]
    check(f"{layer}: {len(rows)} records with the values of the CSV", len(lines) == len(rows) + 1 and not wrong, wrong[:5])
check("codes have words", WORDS.get("new_venue") == "新しい通いの場" and WORDS.get("municipality") == "市町村全体", {k: v for k, v in WORDS.items() if k != v})
place = {alias: i for i, (alias, name) in enumerate(names["日常生活圏域"]) if name in ("covered_share_65", "target_rate", "attainment", "pop_65")}
wrong = [f"{alias} {line[at]}" for alias, at in place.items() for line in shown["日常生活圏域"][1:5]
         if not re.fullmatch(r"[\d,]+\.\d" if alias.startswith("人口") else r"\d+\.\d%", line[at])]
check("shares are percentages, people have thousands and one decimal", len(place) == 4 and not wrong, wrong)
long_digits = [cell for sheet, lines in shown.items() for line in lines[1:] for cell in line if re.fullmatch(r"-?[\d,]*\.\d{7,}", cell)]
check("no number has many digits", not long_digits, long_digits[:5])
zone = {row["name"]: row for row in table(out, "zones")}
summary = values["まとめ"]
wrong = [f"{line[0]} {head}" for line in summary[1:] for alias, name in names["日常生活圏域"] if line[0] == alias
         for head, told in zip(summary[0][1:], line[1:]) if not same(told, zone[head][name])]
check("the first sheet has the key figures of every zone", summary[0][1] == "通井町" and len(summary[0]) == 6 and not wrong, wrong[:5])
after = [line[0] for line in summary]
first = {layer: [row[name] for row in table(out, layer)[:5]] for layer, name in (("sites", "site_name"), ("mobility", "gap_name"), ("closures", "name"))}
check("below them come the first sites, mobility areas and closures",
      all(any(all(name.startswith(told) for told, name in zip(after[i:i + len(those)], those)) for i in range(len(after) - len(those)) if after[i]) for those in first.values()), after)
check("sheets have names that Excel takes, each its own", len(set(values)) == len(values) and all(len(name) <= 31 for name in values), list(values))
machine = {f"{sheet}: {cell}" for sheet, lines in values.items() if sheet not in ("列の説明", "入力の問題") for line in lines[1:] for head, cell in zip(lines[0], line)
           if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", cell) and "記号" not in head and "コード" not in head}
check("no code stands without its Japanese word", not machine - {"歩く人の設定別の徒歩圏: silver_cart"}, sorted(machine)[:9])
check("a name that looks like a formula stays a text", any(cell.startswith("=HYPERLINK") for line in values["通いの場"] for cell in line))
done()
