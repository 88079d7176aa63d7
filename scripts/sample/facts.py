"""Values of a survey by zone, as a town would list them: one in each record, names of zones as people write them."""
from ground import write
from venues import csv_cell

#        zone, item, value, unit, date
FACTS = [
    ("中央圏域", "ひとり暮らし高齢者世帯", "1,142", "世帯", "2024-10-01"),
    ("北原 圏域", "ひとり暮らし高齢者世帯", "437", "世帯", "2024-10-01"),
    ("川南圏域", "ひとり暮らし高齢者世帯", "３１８", "世帯", "2024-10-01"),
    ("KY04", "ひとり暮らし高齢者世帯", "101", "世帯", "2024-10-01"),
    ("中央圏域", "ひとり暮らし高齢者世帯", "1105", "世帯", "2021-10-01"),
    ("中央圏域", "外出を控えている人の割合", "21.4", "％", "2023-01-15"),
    ("北原圏域", "外出を控えている人の割合", "33.8", "％", "2023-01-15"),
    ("東嶺圏域", "外出を控えている人の割合", "", "％", "2023-01-15"),          # not asked there
    ("全体", "外出を控えている人の割合", "26.0", "％", "2023-01-15"),
    ("川南圏域", "地域の主体的な取組", "3", "団体", "2024-06-30"),
    ("東嶺圏域", "地域の主体的な取組", "2", "団体", "2024-06-30"),
    ("中央圏域", "地域の主体的な取組", "話し合いの場あり", "", "2024-06-30"),
]


def write_facts(folder):
    rows = [["圏域", "項目", "値", "単位", "時点", "出所"]]
    rows += [[*fact, "高齢者実態調査（架空）"] for fact in FACTS]
    text = "".join(",".join(csv_cell(v) for v in row) + "\r\n" for row in rows)
    write(folder, "facts.csv", b"\xef\xbb\xbf" + text.encode())
