"""The census grid in the text layout of e-Stat: two header rows, CP932, hidden cells and their receivers."""
from ground import MESH, rng, share, write

BANDS = ["０～１４歳人口", "１５歳以上人口", "１５～６４歳人口", "１８歳以上人口", "２０歳以上人口", "６５歳以上人口",
         "７５歳以上人口", "８５歳以上人口", "９５歳以上人口", "外国人人口"]
HOUSEHOLDS = ["世帯総数", "一般世帯数"] + [f"{w}世帯数　一般世帯数" for w in (
    "１人", "２人", "３人", "４人", "５人", "６人", "７人以上", "親族のみの", "核家族", "核家族以外の",
    "６歳未満世帯員のいる", "６５歳以上世帯員のいる", "世帯主の年齢が２０～２９歳の１人", "高齢単身", "高齢夫婦")]


def labels():
    out = ["　人口（総数）", "　人口（総数）　男", "　人口（総数）　女"]
    for band in BANDS:
        out += [f"　{band}　総数", f"　{band}　男", f"　{band}　女"]
    return out + ["　" + h for h in HOUSEHOLDS]


def sexes(total, male_share):
    male = min(total, max(0, int(total * male_share + rng.random())))
    return [total, male, total - male]


def detail(total, aged, old, oldest, male):
    """Columns 004 ff. of a cell, in the order of the labels; ages of a few people are unknown in some cells."""
    unknown = 1 if total > 60 and rng.random() < 0.3 else 0
    young = int((total - aged) * 0.19 + rng.random() * 0.9) if total > aged else 0
    work = max(0, total - aged - young - unknown)
    eighteen = aged + work - int(work * 0.06)
    twenty = eighteen - int(work * 0.04)
    a, o, e = sexes(aged, 0.44), sexes(old, 0.40), None
    o[1] = min(o[1], a[1])
    o[2] = o[0] - o[1]
    if o[2] > a[2]:
        o[1], o[2] = o[0] - a[2], a[2]
    e = sexes(oldest, 0.31)
    e[1] = min(e[1], o[1])
    e[2] = e[0] - e[1]
    if e[2] > o[2]:
        e[1], e[2] = e[0] - o[2], o[2]
    w = sexes(work, 0.5)
    n = sexes(int(oldest * 0.05), 0.2)
    n = [n[0], min(n[1], e[1]), n[0] - min(n[1], e[1])]
    out = sexes(young, 0.51) + [work + aged, w[1] + a[1], w[2] + a[2]] + w
    for k in (eighteen, twenty):
        out += [k, a[1] + int((k - aged) / 2), k - a[1] - int((k - aged) / 2)]
    out += a + o + e + n + sexes(int(total * 0.008), 0.45)
    return out


def households(total, aged):
    homes = max(1, round(total / 2.5))
    sizes = share(homes, [.30, .30, .17, .13, .06, .03, .01])
    old_homes = min(homes, round(aged / 1.35))
    alone, couples = int(old_homes * .27), int(old_homes * .28)
    kin = int(homes * .66)
    return [homes, homes] + sizes + [kin, int(kin * .85), kin - int(kin * .85), int(homes * .07), old_homes,
                                    int(homes * .02), min(alone, sizes[0]), min(couples, sizes[1])]


def place_in_mesh(code):
    """Row and column of a 500 m cell in its first-level mesh."""
    half = int(code[8]) - 1
    return ((int(code[4]) * 10 + int(code[6])) * 2 + half // 2, (int(code[5]) * 10 + int(code[7])) * 2 + half % 2)


def receiver(code, shown):
    """The nearest cell that shows its details."""
    row, column = place_in_mesh(code)

    def distance(other):
        r, c = place_in_mesh(other)
        return (r - row) ** 2 + (c - column) ** 2, other
    return min(shown, key=distance)


def write_grid(folder, people):
    cells = {}
    for p in people:
        cell = cells.setdefault(p["cell"], {"total": 0, "65": 0, "75": 0, "85": 0})
        for band in cell:
            cell[band] += p[band]
    shown = [code for code in sorted(cells) if cells[code]["total"] > 9]
    hidden = {code: receiver(code, shown) for code in sorted(cells) if cells[code]["total"] <= 9}
    lines = ["KEY_CODE,HTKSYORI,HTKSAKI,GASSAN," + ",".join(f"T001141{i:03d}" for i in range(1, 51)),
             ",,,," + ",".join(labels())]
    for code in sorted(cells):
        own = cells[code]
        people3 = sexes(own["total"], 0.475)
        if code in hidden:
            homes = households(own["total"], own["65"])
            row = [code, 2, hidden[code], ""] + people3 + ["*"] * 30 + homes[:2] + ["*"] * 15
        else:
            sources = [s for s in sorted(hidden) if hidden[s] == code]
            group = {b: own[b] + sum(cells[s][b] for s in sources) for b in own}
            row = ([code, 1 if sources else 0, "", ";".join(sources)] + people3 +
                   detail(group["total"], group["65"], group["75"], group["85"], people3[1]) +
                   households(group["total"], group["65"]))
        assert len(row) == 54, len(row)
        lines.append(",".join(str(v) for v in row))
    text = "".join(line + "\r\n" for line in lines)
    write(folder, f"tblT001141H{MESH}.txt", text.encode("cp932"))
    return len(cells), len(hidden)
