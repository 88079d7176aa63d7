"""Social resources: shops, clinics, halls and a provider with a vehicle, as a town would list them."""
from ground import degrees, write
from venues import csv_cell

COLUMNS = ["番号", "種別", "名称", "所在地", "緯度", "経度", "電話番号", "乗車定員", "空き時間", "運送の区分", "協力意向", "調査日"]

#            kind, name, place (m from the middle), then for vehicles: seats, idle hours, legal type, willing, survey date
RESOURCES = [
    ("買い物", "かよいスーパー本店", (-450, 760)),
    ("買い物", "東町ストア", (2120, 800)),
    ("コンビニ", "通井駅前店", (260, 540)),
    ("移動販売", "とくとく号 平尾停車場", (1050, -2700)),
    ("医療", "通井中央病院", (-900, 1050)),
    ("診療所", "北原診療所", (-4250, 3600)),
    ("薬局", "本町薬局", (-820, 1010)),
    ("郵便局", "上川南郵便局", (-4150, -1250)),
    ("地域包括支援センター", "通井町地域包括支援センター", (-520, 660)),
    ("移動支援の担い手", "社会福祉法人かよい会", (1500, -1400), 8, "平日 10:00〜15:00", "登録不要（互助）", "はい", "2025-02-14"),
    ("移動支援の担い手", "通井タクシー", (310, 470), 4, "平日 13:00〜15:00", "許可", "", "2025-02-14"),
    ("把握外の集まり", "大谷の朝市", None),
    ("集会所", "池田集会所", (2910, -1350)),
    ("公民館", "北原公民館", (-350, 3600)),
    ("ボランティア団体", "北原ささえあいの会", (-400, 3500)),
    ("移動支援の担い手", "NPO法人かよいあい", (-1500, 750), "", "", "登録不要（互助）", "いいえ", "2025-02-14"),
]


def write_resources(folder):
    rows = [COLUMNS]
    for n, (kind, name, at, *vehicle) in enumerate(RESOURCES, 1):
        lon, lat = degrees(*at) if at else ("", "")
        address = f"熊本県架空郡通井町{n}番地" if at else "熊本県架空郡通井町大谷"
        rows.append([f"R{n:02d}", kind, name, address, lat, lon, "096-000-0000", *(vehicle or [""] * 5)])
    text = "".join(",".join(csv_cell(v) for v in row) + "\r\n" for row in rows)
    write(folder, "resources.csv", b"\xef\xbb\xbf" + text.encode())
