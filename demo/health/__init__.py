"""Health: hospitals' bookings as GBK files of the day before, vaccination reminders as weekly ones."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from demo.days import DAY, HOUR, MINUTE, OFFSET, Array, date_of, is_workday, midnight
from demo.draws import chance, lasting, numbered, opening_hours, pick, smooth
from demo.parcels import Cells, Habits, Parcel, csv_bytes, cut_off, parcels
from demo.places import CODES, SHARES, TOWN_DISTRICT, TOWNS

HOSPITALS = 18
BOOKINGS = 260
"""Visits that a workday has by booking, of the hospitals whose files are sent."""
CHANNELS = ("手机", "窗口", "自助机", "电话")
CHANNEL_SHARES = np.array([61.0, 18, 13, 8])
BOOKED_IN = np.array([60.0, 260, 95, 190])
"""Seconds from opening the booking to its confirmation, median, by channel."""
OPEN = opening_hours((8.0, 12.0), (14.0, 17.5))
HEADER = (
    "预约号", "就诊日期", "机构", "区", "镇街", "渠道", "预约开始", "预约完成", "到诊", "叫号", "支付方式",
)  # fmt: skip
DAILY = Habits(hour=7.2)
WEEKLY = Habits(hour=9.0, late=0.1, wrong=0.05)
SUNDAY = 6


def files_of(seed: int, day: int) -> list[Parcel]:
    """All files for a day: bookings of every day, vaccination of the week that ends on Sunday."""
    rng = chance(seed, "health.sending", day)
    found = parcels(rng, DAILY, day, "YY_", ".csv", partial(bookings, seed, day), cut_off)
    if date_of(day).weekday() == SUNDAY:
        make = partial(vaccination, seed, day)
        found += parcels(rng, WEEKLY, day, "JZTX_", ".csv", make, _as_utf8)
    return found


def _as_utf8(data: bytes) -> bytes:
    """Saved by another program than usual, in another encoding."""
    return data.decode("gb18030").encode("utf-8-sig")


def _hospitals(seed: int) -> tuple[Array, Array]:
    """The town of each hospital, and how many of the visits go there."""
    rng = chance(seed, "health.hospitals")
    within = np.bincount(TOWN_DISTRICT)
    shares = (SHARES / within)[TOWN_DISTRICT]
    towns = np.concatenate([[0, 4, 11, 21, 28], rng.choice(len(TOWNS), HOSPITALS - 5, p=shares)])
    return towns, rng.lognormal(0, 0.5, HOSPITALS)


def bookings(seed: int, day: int, version: int) -> bytes:
    """The visits of a day with how they were booked, waited for and paid; the corrected file has
    the calls that a hospital's clock had put before the arrival."""
    rng = chance(seed, "health.bookings", day)
    towns, weights = _hospitals(seed)
    busy = (1.0 if is_workday(day) else 0.45) * (1 + 0.06 * smooth(seed, "health.ill", day, 6))
    size = int(rng.poisson(BOOKINGS * busy))
    hospital = rng.choice(HOSPITALS, size, p=weights / weights.sum())
    channel = rng.choice(len(CHANNELS), size, p=CHANNEL_SHARES / CHANNEL_SHARES.sum())
    slot = rng.choice(len(OPEN), size, p=OPEN)
    came = midnight(day) + slot * 600 + rng.integers(0, 600, size)
    took = (BOOKED_IN[channel] * rng.lognormal(0, 0.45, size)).astype(np.int64)
    ahead = rng.integers(0, 7, size) * DAY + rng.integers(1, 10, size) * HOUR // 2
    begun = came - ahead
    waited = lasting(rng, 17 * MINUTE, 0.62, size)
    called = came + np.where((rng.random(size) < 0.006) & (version == 0), -waited, waited)
    paid = pick(rng, ("移动支付", "医保卡", "银行卡", "现金"), np.array([57, 27, 10, 6]), size)
    place = towns[hospital]
    names = np.array([f"演示医院{n + 1:02d}" for n in range(HOSPITALS)], dtype=object)
    columns: Sequence[Array] = (
        numbered(day, size, "YY"),
        np.full(size, f"{date_of(day):%Y-%m-%d}", dtype=object),
        names[hospital],
        CODES[TOWN_DISTRICT[place]],
        TOWNS[place],
        np.array(CHANNELS, dtype=object)[channel],
        _written(begun),
        _written(begun + took),
        _written(came),
        # Some leave before they are called; some clerks write words where a time belongs.
        np.where(rng.random(size) < 0.02, "", _written(called)),
        np.where(rng.random(size) < 0.004, "未采集", paid),
    )
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    return csv_bytes(HEADER, rows, "gbk", ("合计", len(rows)))


def _written(times: Array) -> Array:
    texts = np.datetime_as_string((times + OFFSET).astype("datetime64[s]"), unit="s")
    return np.char.replace(np.char.replace(texts, "-", "/"), "T", " ").astype(object)


def vaccination(seed: int, day: int, version: int) -> bytes:
    """Children due in a week by town: vaccinated, reminded and not yet come, or not reminded."""
    del version
    rng = chance(seed, "health.vaccination", day)
    within = np.bincount(TOWN_DISTRICT)
    expected = 900 * (SHARES / within)[TOWN_DISTRICT]
    rows: list[Cells] = []
    total = 0
    for number, due in enumerate(rng.poisson(expected).tolist()):
        forgotten, waiting = rng.binomial(due, 0.03), rng.binomial(due, 0.09)
        counts = (due - forgotten - waiting, waiting, forgotten)
        total += due
        for result, count in zip(("已接种", "已提醒未种", "未提醒"), counts, strict=True):
            place = (CODES[TOWN_DISTRICT[number]], TOWNS[number])
            rows.append((f"{date_of(day):%Y-%m-%d}", *place, result, max(0, int(count))))
    total = sum(int(str(row[4])) for row in rows)
    header = ("周末日期", "区", "镇街", "情况", "人数")
    return csv_bytes(header, rows, "gbk", ("合计", len(rows), total))
