"""Education: attendance of the day before and places of the week, as workbooks that people make."""

from functools import partial

import numpy as np

from demo.days import date_of, is_workday
from demo.draws import chance, smooth
from demo.parcels import Cells, Habits, Parcel, parcels, xlsx_bytes
from demo.places import CODES, SHARES, TOWN_DISTRICT, TOWNS

STAGES = ("小学", "初中")
PUPILS = np.array([9000.0, 4200.0])
"""Pupils of the schools that report, by stage, over the whole city."""
ILL = np.array([0.011, 0.008])
"""Share that is absent for illness on an ordinary day."""
DAILY = Habits(hour=9.2, late=0.08, wrong=0.04)
WEEKLY = Habits(hour=10.0, after=1, late=0.12, wrong=0.06)
FRIDAY = 4


def files_of(seed: int, day: int) -> list[Parcel]:
    """All files for a day: attendance of days on which there is school, places of the week."""
    rng = chance(seed, "education.sending", day)
    found: list[Parcel] = []
    if is_workday(day):
        make = partial(attendance, seed, day)
        found += parcels(rng, DAILY, day, "XSCQ_", ".xlsx", make, _old_format)
    if date_of(day).weekday() == FRIDAY:
        places_made = partial(places, seed, day)
        found += parcels(rng, WEEKLY, day, "XWGX_", ".xlsx", places_made, _old_format)
    return found


def _old_format(data: bytes) -> bytes:
    """Saved in the old format by mistake: no workbook that can be opened."""
    return b"\xd0\xcf\x11\xe0" + data[4:]


def _pupils(seed: int) -> np.ndarray:
    """Pupils by town (rows) and stage, of schools that stay as they are."""
    rng = chance(seed, "education.pupils")
    within = np.bincount(TOWN_DISTRICT)
    shares = (SHARES / within)[TOWN_DISTRICT][:, None]
    return np.asarray(np.round(PUPILS * shares * rng.lognormal(0, 0.3, (len(TOWNS), 2))))


def attendance(seed: int, day: int, version: int) -> bytes:
    """Pupils by town, stage and whether they came. Illness comes in waves, and sometimes to one
    town alone."""
    rng = chance(seed, "education.attendance", day)
    pupils = _pupils(seed).astype(int)
    wave = np.exp(0.35 * smooth(seed, "education.wave", day, 9))
    local = np.array([max(0.0, smooth(seed, f"education.{town}", day, 6) - 1.2) for town in TOWNS])
    ill = np.clip(ILL * wave * (1 + 2.2 * local[:, None]), 0, 0.2)
    away = rng.binomial(pupils, ill)
    other = rng.binomial(pupils - away, 0.004 if version else 0.0045)
    rows: list[Cells] = []
    for town in range(len(TOWNS)):
        for stage, name in enumerate(STAGES):
            ill_ones, others = away[town, stage], other[town, stage]
            counts = (pupils[town, stage] - ill_ones - others, ill_ones, others)
            for state, count in zip(("到校", "病假", "其他缺勤"), counts, strict=True):
                where = (int(CODES[TOWN_DISTRICT[town]]), int(TOWNS[town]))
                rows.append((f"{date_of(day):%Y-%m-%d}", *where, name, state, int(count)))
    header = ("日期", "区", "镇街", "学段", "情况", "人数")
    return xlsx_bytes("全市中小学学生出勤日报", "出勤", header, rows)


def places(seed: int, day: int, version: int) -> bytes:
    """School places offered and applied for by town and stage, as they stand on a Friday."""
    del version
    pupils = _pupils(seed)
    rng = chance(seed, "education.places")
    offered = np.round(pupils * rng.uniform(0.03, 0.07, pupils.shape))
    demand = rng.normal(0.86, 0.12, pupils.shape)
    rows: list[Cells] = []
    for town in range(len(TOWNS)):
        moved = 1 + 0.05 * smooth(seed, f"education.moves.{TOWNS[town]}", day // 7, 6)
        for stage, name in enumerate(STAGES):
            count = int(offered[town, stage])
            asked = round(count * demand[town, stage] * moved)
            where = (int(CODES[TOWN_DISTRICT[town]]), int(TOWNS[town]))
            rows.append((f"{date_of(day):%Y-%m-%d}", *where, name, count, asked, count - asked))
    header = ("日期", "区", "镇街", "学段", "学位数", "申请数", "余缺")
    return xlsx_bytes("全市转学插班学位供需周报", "学位", header, rows)
