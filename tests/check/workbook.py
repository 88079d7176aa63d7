"""The workbook that `init` writes: what it holds, and that what staff write into it is what a run uses.
Usage: workbook.py KAYOI WORK_DIR"""
import csv
import datetime
import filecmp
import os
import shutil
import subprocess
import sys
import zipfile

import openpyxl

from runs import kayoi, root
from tap import check, done, skip

binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
SHEETS = ["説明", "通いの場", "圏域の人口", "社会資源", "協力者", "コード"]


def path(*name):
    return os.path.join(work, *name)


def rows_of(folder, layer):
    with open(os.path.join(folder, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# As init leaves it.
made = kayoi(binary, "init", path("p"), "--lang", "en")
check("init writes the workbook", made.returncode == 0 and os.path.exists(path("p", "kayoi.xlsx")), made.stderr)
check("its zip is whole", zipfile.ZipFile(path("p", "kayoi.xlsx")).testzip() is None)
kayoi(binary, "init", path("q"), "--lang", "ja", TZ="Asia/Tokyo")
check("twice the same bytes", filecmp.cmp(path("p", "kayoi.xlsx"), path("q", "kayoi.xlsx"), shallow=False))
empty = openpyxl.load_workbook(path("p", "kayoi.xlsx"))
check("its sheets", empty.sheetnames == SHEETS, empty.sheetnames)
codes = [[cell.value for cell in column[1:] if cell.value] for column in empty["コード"].columns]
for name in SHEETS[1:5]:
    sheet = empty[name]
    check(f"{name}: one row, the header, frozen, with a note on every cell",
          sheet.max_row == 1 and sheet.freeze_panes and sheet.freeze_panes.endswith("2")
          and all(cell.value and cell.comment and "例: " in cell.comment.text for cell in sheet[1]), sheet.dimensions)
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    for rule in lists:
        words = rule.formula1.strip('"').split(",")
        check(f"{name}: the list at {rule.sqref} is one of コード", words in codes, rule.formula1)
    check(f"{name}: has lists or limits", len(sheet.data_validations.dataValidation) >= 3)
guide = {(row[0], row[1]) for row in empty["説明"].iter_rows(values_only=True) if row[1]}
missing = [(name, cell.value) for name in SHEETS[1:5] for cell in empty[name][1] if (name, cell.value) not in guide]
check("every column is explained", not missing, missing)
with open(path("p", "kayoi.xlsx"), "ab") as file:
    file.write(b" ")
os.remove(path("p", "kayoi.yaml"))
made = kayoi(binary, "init", path("p"), "--lang", "en")
check("a workbook that is there stays", made.returncode == 0 and "stays as it is" in made.stderr
      and not filecmp.cmp(path("p", "kayoi.xlsx"), path("q", "kayoi.xlsx"), shallow=False), made.stderr)

# The sample with its venues, people per zone and resources in the workbook instead. Its sessions are at other times, so buses are left
# out; the venues' rows have no date.
shutil.copytree(sample, path("s"))
with open(os.path.join(sample, "kayoi.yaml"), encoding="utf-8") as file:
    text = file.read()
official = [dict(pair.split(": ") for pair in line[line.index("{") + 1:line.index("}")].split(", "))
            for line in text.splitlines() if line.startswith("    - {zone:")]


def without(config, key):
    """The config without a top-level key, or without zones.official."""
    lines, out, skipping = config.splitlines(keepends=True), [], False
    for line in lines:
        if line.startswith(key + ":"):
            skipping = True
        elif skipping and line.strip() and len(line) - len(line.lstrip()) <= len(key) - len(key.lstrip()):
            skipping = False
        if not skipping:
            out.append(line)
    return "".join(out)


def config(name, more="workbook: kayoi.xlsx\n"):
    bare = without(without(without(without(without(text, "venues"), "resources"), "  official"), "  official_date"), "transit")
    with open(path("s", name), "w", encoding="utf-8") as file:
        file.write(bare + more)
    return path("s", name)


def put(sheet, row, values):
    head = {cell.value: cell.column for cell in sheet[1]}
    for column, value in values.items():
        if value not in (None, ""):
            sheet.cell(row, head[column]).value = value


def number(value):
    return float(value) if "." in value else int(value)


VENUES = {"番号": "No", "名称": "名称", "所在地": "所在地（都道府県から番地まで）", "活動内容": "活動内容", "運営主体": "運営主体",
          "連絡先": "電話番号"}
NUMBERS = {"緯度": "緯度", "経度": "経度", "月回数": "月開催回数", "定員": "定員", "参加者実人数": "参加者実人数",
           "参加者実人数（男）": "参加者男", "参加者実人数（女）": "参加者女", "週1回以上の参加者": "うち週1回以上",
           "前回の参加者数": "前回参加者数", "担い手の人数": "担い手"}


def fill(book, gap=0):
    with open(os.path.join(sample, "venues.csv"), encoding="utf-8-sig", newline="") as file:
        venues = list(csv.DictReader(file))
    for n, venue in enumerate(venues, 2):
        values = {column: venue[name] for column, name in VENUES.items()}
        values.update({column: number(venue[name]) for column, name in NUMBERS.items() if venue[name]})
        values["住民主体"] = "はい" if venue["住民主体"] == "1" else "いいえ"
        values["状態"] = "休止" if venue["ステータス"] == "休止" else "活動中"
        values["開始時刻"], values["終了時刻"] = datetime.time(10, 0), datetime.time(11, 30)
        put(book["通いの場"], n + (gap if n > 10 else 0), values)
    for n, zone in enumerate(official, 2):
        put(book["圏域の人口"], n, {"圏域": zone["zone"], "総人口": int(zone["pop_total"]), "65歳以上": int(zone["pop_65"]),
                               "75歳以上": int(zone["pop_75"]), "85歳以上": int(zone["pop_85"]),
                               "基準日": datetime.date(2025, 3, 31)})
    with open(os.path.join(sample, "resources.csv"), encoding="utf-8-sig", newline="") as file:
        for n, resource in enumerate(csv.DictReader(file), 2):
            provider = resource["種別"] == "移動支援の担い手"
            values = {column: resource[column] for column in ("番号", "名称", "所在地", "電話番号", "調査日")}
            values.update({column: number(resource[column]) for column in ("緯度", "経度") if resource[column]})
            if provider:
                values.update({"乗車定員": int(resource["乗車定員"]) if resource["乗車定員"] else None, "空き時間": resource["空き時間"],
                               "運送の区分": resource["運送の区分"], "協力意向": resource["協力意向"]})
            else:
                values["種別"] = resource["種別"]
            put(book["協力者" if provider else "社会資源"], n, values)


def same_results(name, folder):
    """Against the run of the sample as it is: people, places and targets must not know where they were written."""
    for layer, left_out in (("cells", ()), ("gaps", ()), ("zones", ("official_date", "venues_date", "participants_date", "participants_age_months",
                                                                     "participants_stale")),
                            ("venues", ("hours", "fee", "transport", "status", "weekday", "address", "name_kana", "corporation_number",
                                        "closed_days", "audience", "catchment", "meals", "own_food", "comprehensive",
                                        "postal_code", "note", "other")), ("sites", ()),
                            ("resources", ("source", "date"))):
        a, b = rows_of(path("plain"), layer), rows_of(folder, layer)
        differ = [f"{x.get(key)!r} {key}: {y.get(key)!r}" for x, y in zip(a, b) for key in x
                  if key not in left_out and x[key] != y.get(key)]
        check(f"{name}: {layer} as from the files", len(a) == len(b) and not differ, "; ".join(differ[:5]) or f"{len(a)} {len(b)}")
    dates = {row["official_date"] for row in rows_of(folder, "zones") if row["level"] == "zone"}
    check(f"{name}: the date of the people", all(d.replace("/", "-") == "2025-03-31" for d in dates), dates)
    hours = {row["hours"] for row in rows_of(folder, "venues")}
    check(f"{name}: cells with times are hours", hours == {"10:00-11:30"}, hours)


with open(path("s", "plain.yaml"), "w", encoding="utf-8") as file:
    file.write(without(without(text, "  official_date"), "transit"))
made = kayoi(binary, "run", path("s", "plain.yaml"), "--out", path("plain"), "--lang", "en")
check("the sample itself runs", made.returncode == 0, made.stderr[-800:])
book = openpyxl.load_workbook(path("q", "kayoi.xlsx"))
fill(book, gap=3)
book.save(path("s", "kayoi.xlsx"))
made = kayoi(binary, "run", config("book.yaml"), "--out", path("book"), "--lang", "en")
check("the workbook runs, rows left blank in the middle", made.returncode == 0, made.stderr[-800:])
if made.returncode == 0:
    same_results("workbook", path("book"))

os.makedirs(path("folder"))
for name in ("zones.geojson", "roads.osm", "tblT001141H4930.txt"):
    shutil.copy(os.path.join(sample, name), path("folder"))
shutil.copy(path("s", "kayoi.xlsx"), path("folder", "記入済み.xlsx"))
made = kayoi(binary, "init", path("from"), "--from", path("folder"), "--lang", "en")
with open(path("from", "kayoi.yaml"), encoding="utf-8") as file:
    written = file.read()
check("init --from knows a workbook and uses it", "記入済み.xlsx: the workbook of kayoi" in made.stdout
      and 'workbook: "../folder/記入済み.xlsx"' in written and not os.path.exists(path("from", "kayoi.xlsx")), made.stdout)
made = kayoi(binary, "check", path("from", "kayoi.yaml"), "--lang", "en")
check("and the project is ready", made.returncode == 0 and "Gathering places: 30" in made.stdout, made.stdout[-500:] + made.stderr[-300:])

office = shutil.which("soffice") or shutil.which("libreoffice")
if office is None:
    skip("saved again by LibreOffice", "libreoffice-calc-nogui is not installed")
for kind in ("xlsx", "ods") if office else ():
    subprocess.run([office, "-env:UserInstallation=file://" + path("office"), "--headless", "--convert-to", kind, "--outdir",
                    path("saved"), path("s", "kayoi.xlsx")], capture_output=True, timeout=300, check=False)
    shutil.copy(path("saved", "kayoi." + kind), path("s", "saved." + kind))
    made = kayoi(binary, "run", config(kind + ".yaml", f"workbook: saved.{kind}\n"), "--out", path("saved_" + kind), "--lang", "en")
    if check(f"saved by LibreOffice as {kind}, it runs", made.returncode == 0, made.stderr[-800:]):
        same_results("LibreOffice " + kind, path("saved_" + kind))

# What people do to workbooks.
shutil.copy(path("q", "kayoi.xlsx"), path("s", "empty.xlsx"))
made = kayoi(binary, "check", config("empty.yaml", "workbook: empty.xlsx\n"), "--lang", "en")
check("empty sheets are no fault", made.returncode == 0 and "empty_source" not in made.stdout, made.stdout[-800:])
book = openpyxl.load_workbook(path("q", "kayoi.xlsx"))
sheet = book["通いの場"]
put(sheet, 2, {"番号": "V1", "名称": "いきいき体操", "緯度": "３２．７４５", "経度": "130.865", "月回数": "４", "定員": "２０人", "住民主体": "はい"})
put(sheet, 7, {"番号": "V2", "名称": "サロン", "緯度": 32.746, "経度": 130.866, "月回数": "週に一度", "定員": "=10+5", "住民主体": "たぶん"})
sheet.cell(1, 30).value, sheet.cell(2, 30).value = "覚え書き", "自由"
put(sheet, 8, {"名称": "会A", "運営主体": "自治会", "緯度": 32.747, "経度": 130.867})
put(sheet, 9, {"名称": "会B", "緯度": 32.748, "経度": 130.868})
sheet.merge_cells("H8:H9")
book.save(path("s", "odd.xlsx"))
made = kayoi(binary, "run", config("odd.yaml", "workbook: odd.xlsx\n"), "--out", path("odd"), "--lang", "en")
check("odd cells do not end the run", made.returncode == 0, made.stderr[-800:])
if made.returncode == 0:
    first = [row for row in rows_of(path("odd"), "venues") if row["venue_id"] == "V1"][0]
    check("numbers as text and full-width digits are numbers",
          (first["capacity"], first["sessions_per_month"]) == ("20", "4.000") and first["lon"] == "130.8650000", first)
    issues = {(row["record"], row["field"], row["reason"]) for row in rows_of(path("odd"), "issues")
              if row["source"] == "workbook[通いの場] odd.xlsx"}
    for expected in (("row 7 (V2)", "月回数", "not_a_number"), ("row 7 (V2)", "住民主体", "not_yes_or_no"),
                     ("row 7", "N7", "formula_without_result"), ("row 8", "H8:H9", "merged_cells")):
        check("said with sheet, row and column: " + expected[2], expected in issues, sorted(issues))
for name, change in (("renamed", lambda b: setattr(b["社会資源"], "title", "資源")), ("missing", lambda b: b.remove(b["社会資源"]))):
    book = openpyxl.load_workbook(path("q", "kayoi.xlsx"))
    change(book)
    book.save(path("s", name + ".xlsx"))
    made = kayoi(binary, "check", config(name + ".yaml", f"workbook: {name}.xlsx\n"), "--lang", "en")
    check(f"a {name} sheet is named, with those there are",
          made.returncode == 3 and "it has no sheet '社会資源'" in made.stdout and "圏域の人口, " in made.stdout, made.stdout[-800:])
book = openpyxl.load_workbook(path("q", "kayoi.xlsx"))
put(book["圏域の人口"], 2, {"圏域": "無い圏域", "65歳以上": 10})
book.save(path("s", "nozone.xlsx"))
made = kayoi(binary, "check", config("nozone.yaml", "workbook: nozone.xlsx\n"), "--lang", "en")
check("a zone that does not exist is named with its sheet",
      made.returncode == 2 and "workbook[圏域の人口]" in made.stdout + made.stderr and "無い圏域" in made.stdout + made.stderr, made.stdout[-500:] + made.stderr[-500:])
done()
