"""The buses of 通井町 as a GTFS-JP feed: a town loop, three country lines, one that runs twice a week, one on request."""
import io
import math
import zipfile

from ground import degrees

#        stop: place; each has a pole on either side of its street
STOPS = {"駅前": (300, 500), "役場前": (-500, 640), "本町": (-720, 950), "寺町": (-1180, 1340), "学校通り": (50, 1420),
         "新町": (500, 1180), "川南団地": (1500, -1480), "平尾": (1010, -2750), "小野": (1700, -3790),
         "池田": (2890, -1350), "塔の平": (3690, -2100), "東町": (2050, 820), "東嶺口": (3500, 1000), "大谷": (5150, 1720),
         "中山": (6200, 2150), "北原団地": (-700, 3350), "北原団地東": (-330, 3420), "谷口": (-2300, 4400),
         "上北原": (-450, 4640)}
LOOP = ["駅前", "役場前", "本町", "寺町", "学校通り", "新町", "駅前"]
ONO = ["小野", "平尾", "川南団地", "駅前", "役場前"]
TAIRA = ["塔の平", "池田", "川南団地"]
MINE = ["中山", "大谷", "東嶺口", "東町", "駅前"]
KITA = ["北原団地東", "北原団地", "新町", "駅前", "役場前"]
CALL = ["谷口", "上北原", "役場前"]
#        route, name, stops, service, departures of one way, of the other
LINES = [("loop", "まちなか循環", LOOP, "daily", range(7 * 60, 18 * 60 + 1, 40), range(7 * 60 + 20, 18 * 60 + 1, 40)),
         ("ono", "川南線", ONO, "weekday", (440, 570, 690, 810, 960), (630, 750, 870, 990, 1080)),
         ("taira", "塔の平線", TAIRA, "weekday", (475,), (985,)),
         ("mine", "東嶺線", MINE, "tuefri", (490, 780), (740, 900)),
         ("kita", "北原線", KITA, "daily", range(6 * 60 + 50, 19 * 60, 30), range(7 * 60 + 15, 20 * 60, 30)),
         ("call", "ふれあい号（予約制）", CALL, "weekday", (540, 660, 840), (600, 720, 900))]
SERVICES = {"daily": "1,1,1,1,1,1,1", "weekday": "1,1,1,1,1,0,0", "tuefri": "0,1,0,0,1,0,0"}
HOLIDAYS = ("20250429", "20250505", "20250506")
METRES_A_MINUTE = 380


def clock(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def trips_of(route, names, service, starts, way):
    """Rows of trips.txt and stop_times.txt."""
    trips, times = [], []
    for start in starts:
        trip, at = f"{route}_{way}_{start // 60:02d}{start % 60:02d}", start
        trips.append(f"{route},{service},{trip},{names[-1]},{way}")
        for k, name in enumerate(names):
            if k:
                a, b = STOPS[names[k - 1]], STOPS[name]
                at += max(2, round(math.hypot(a[0] - b[0], a[1] - b[1]) * 1.3 / METRES_A_MINUTE))
            number = list(STOPS).index(name) + 1
            asked = route == "call"
            board = 1 if k == len(names) - 1 else 2 if asked else 0
            alight = 1 if k == 0 else 2 if asked else 0
            times.append(f"{trip},{clock(at)},{clock(at)},{number:02d}_{way + 1},{k + 1},{board},{alight}")
    return trips, times


def write_bus(folder):
    stops, routes, trips, times = [], [], [], []
    for number, (name, (x, y)) in enumerate(STOPS.items(), 1):
        for side in (1, 2):
            lon, lat = degrees(x + (6 if side == 1 else -6), y + (4 if side == 1 else -4))
            stops.append(f"{number:02d}_{side},{name},{lat:.6f},{lon:.6f}")
    for route, name, names, service, there, back in LINES:
        routes.append(f"{route},1,,{name},3")
        for way, starts in enumerate((there, back)):
            made = trips_of(route, names if way == 0 else names[::-1], service, starts, way)
            trips += made[0]
            times += made[1]
    calendar = [f"{s},{flags},20250401,20270331" for s, flags in SERVICES.items()]
    dates = [f"weekday,{day},2" for day in HOLIDAYS] + ["tuefri,20250429,2", "tuefri,20250506,2"]
    tables = {
        "agency.txt": ("agency_id,agency_name,agency_url,agency_timezone,agency_lang", ["1,通井町営バス,https://example.com/,Asia/Tokyo,ja"]),
        "agency_jp.txt": ("agency_id,agency_official_name", ["1,通井町"]),
        "stops.txt": ("stop_id,stop_name,stop_lat,stop_lon", stops),
        "routes.txt": ("route_id,agency_id,route_short_name,route_long_name,route_type", routes),
        "trips.txt": ("route_id,service_id,trip_id,trip_headsign,direction_id", trips),
        "stop_times.txt": ("trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type", times),
        "calendar.txt": ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", calendar),
        "calendar_dates.txt": ("service_id,date,exception_type", dates),
        "feed_info.txt": ("feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date",
                          ["通井町,https://example.com/,ja,20250401,20270331"])}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as zipped:       # stored: the same bytes with every zlib
        for name, (head, rows) in tables.items():
            zipped.writestr(zipfile.ZipInfo(name, (2025, 4, 1, 0, 0, 0)), "\n".join([head] + rows) + "\n")
    with open(f"{folder}/bus.gtfs.zip", "wb") as out:
        out.write(whole.getvalue())
    return len(trips)
