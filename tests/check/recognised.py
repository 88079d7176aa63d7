"""Every file of the shared data: what kayoi takes it for and what it reads of it (scripts/recognise), against the golden
table and against what the csv module finds.

Usage: recognised.py KAYOI DATA [--accept]   (--accept writes tests/golden/recognised.tsv anew: look at the diff)"""
import csv
import io
import os
import re
import subprocess
import sys

from tap import check, done

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOLDEN = os.path.join(ROOT, "tests", "golden", "recognised.tsv")
FOLDERS = ("ube", "kumamoto", "formats", "yamaguchi", "osm", "elevation")
PARTS = (".dbf", ".shx", ".prj", ".cpg")
LEAST = 0.95


def rows_of(path):
    """Rows of a text table without its header and how it is written, or None for what is none; encodings and separators as
    the csv module's users settle them."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"PK":
        return None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    first = text.split("\n", 1)[0]
    separator = "\t" if first.count("\t") > first.count(",") else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    words = (("byte order mark", data[:3] == b"\xef\xbb\xbf"), ("tab-separated though named .csv", separator == "\t"),
             ("line feeds in quotes", any("\n" in cell or "\r" in cell for row in rows for cell in row)))
    return [row for row in rows[1:] if any(row)], dict(words)


def degrees(text):
    """Decimal degrees, or degrees, minutes and seconds; None for anything else."""
    parts = re.fullmatch(r"\s*(\d+)[°度](\d+)['′分]([\d.]+)[\"″秒]?[NE]?\s*", text)
    if parts:
        return int(parts[1]) + int(parts[2]) / 60 + float(parts[3]) / 3600
    try:
        return float(text)
    except ValueError:
        return None


def places_of(rows):
    """How many rows have a latitude and a longitude of Japan in the two columns that hold most of them; 0: none."""
    width = max((len(row) for row in rows), default=0)

    def fits(column, low, high):
        values = [degrees(row[column]) if column < len(row) else None for row in rows]
        return [v is not None and low < v < high and v != int(v) for v in values]
    def best(low, high):
        return max((fits(c, low, high) for c in range(width)), key=sum, default=[])
    return sum(a and b for a, b in zip(best(20, 46), best(122, 154)))


def table_of(binary, data):
    folders = [os.path.join(data, name) for name in FOLDERS]
    made = subprocess.run([os.path.join(ROOT, "scripts", "recognise"), *folders], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "KAYOI": os.path.abspath(binary)}, check=True)
    return made.stdout


def check_golden(text, accept):
    if accept:
        with open(GOLDEN, "w", encoding="utf-8") as file:
            file.write(text)
    with open(GOLDEN, encoding="utf-8") as file:
        wanted = file.read().splitlines()
    got = text.splitlines()
    for line in sorted(set(wanted) - set(got)):
        check(f"as in the golden table: {line.split(chr(9))[0]}", False, f"want: {line}")
    for line in sorted(set(got) - set(wanted)):
        check(f"in the golden table: {line.split(chr(9))[0]}", False, f"got: {line}")
    check(f"{len(wanted) - 1} files and members are what the golden table says", got == wanted, "see above")


def check_complete(rows, data):
    """Each file on disk is named: itself, what is in it, or the shapefile that it is a part of."""
    lost = []
    named = {row["file"] for row in rows}
    for name in FOLDERS:
        for folder, _, files in os.walk(os.path.join(data, name)):
            for file in files:
                path = " ".join(os.path.relpath(os.path.join(folder, file), data).split())
                stem, extension = os.path.splitext(path)
                if path in named or any(n.startswith((path + "/", path + " [")) for n in named):
                    continue
                if extension not in PARTS or stem + ".shp" not in named:
                    lost.append(path)
    check("no file is passed over", not lost, ", ".join(lost))
    silent = [row["file"] for row in rows if row["used"] == "0" and row["reported"] == "-"]
    check("what is not used has a reason", not silent, ", ".join(silent))


def check_tables(rows, data):
    found = loaded = 0
    for row in rows:
        path = next((os.path.join(data, name) for name in (row["file"], row["file"].replace(" ", "\u3000", 1))
                     if os.path.exists(os.path.join(data, name))), None)
        if path is None or not path.endswith(".csv"):
            continue
        table = rows_of(path)
        if table is None:
            continue
        table, words = table
        said = {word: word in row["format"] for word in words}
        check(f"{row['file']}: written as the csv module finds it", said == words, f"{words}, kayoi: {row['format']}")
        check(f"{row['file']}: {len(table)} records, as the csv module reads them", row["in"] == str(len(table)), f"kayoi read {row['in']}")
        places = places_of(table)
        found += places > 0
        loaded += places > 0 and row["used"] == str(places)
        if places > 0 and row["used"] != str(places):
            print(f"# {row['file']}: {places} places, kayoi used {row['used']}")
    check(f"{loaded} of {found} CSV files with coordinates load every place without any mapping", found > 40 and loaded >= LEAST * found)


def main():
    binary, data = sys.argv[1:3]
    text = table_of(binary, data)
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    check_golden(text, "--accept" in sys.argv)
    check_complete(rows, data)
    check_tables(rows, data)
    done()


main()
