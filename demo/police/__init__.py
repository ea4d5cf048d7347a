"""Police services online: sums of the day before, and nothing but sums."""

from functools import partial

import numpy as np

from demo.days import date_of, is_workday
from demo.draws import chance, smooth
from demo.parcels import Cells, Habits, Parcel, csv_bytes, parcels
from demo.places import CODES, SHARES, TOWN_DISTRICT, TOWNS

KINDS = ("交通管理", "治安管理", "出入境")
MATTERS = np.array([760.0, 260.0, 190.0])
"""Matters on a workday, by kind."""
ONLINE = np.array([0.83, 0.58, 0.66])
"""Share that is dealt with online."""
PAID = np.array([0.46, 0.30, 0.78])
"""Share for which something is paid."""
BY_PHONE = np.array([0.93, 0.61])
"""Share of paid matters that is paid by phone: online, and at the counter."""
DAILY = Habits(hour=6.7, late=0.04, wrong=0.02)
HEADER = ("统计日期", "区", "镇街", "业务类别", "办理渠道", "支付方式", "办结件数")


def files_of(seed: int, day: int) -> list[Parcel]:
    """All files for a day."""
    rng = chance(seed, "police.sending", day)
    return parcels(rng, DAILY, day, "GAYW_", ".csv", partial(sums, seed, day), _other_heading)


def _other_heading(data: bytes) -> bytes:
    """The system was updated and calls a column otherwise."""
    return data.replace("办结件数".encode(), "件数".encode(), 1)


def sums(seed: int, day: int, version: int) -> bytes:
    """Matters by town, kind, channel and how they were paid; sums of nothing are left out."""
    rng = chance(seed, "police.sums", day)
    within = np.bincount(TOWN_DISTRICT)
    busy = (1.0 if is_workday(day) else 0.4) * (1 + 0.05 * smooth(seed, "police.busy", day, 5))
    expected = busy * MATTERS * (SHARES / within)[TOWN_DISTRICT][:, None]
    found = rng.poisson(expected)
    online = rng.binomial(found, ONLINE)
    rows: list[Cells] = []
    total = 0
    for channel, of_channel in enumerate((online, found - online)):
        paid = rng.binomial(of_channel, PAID)
        by_phone = rng.binomial(paid, BY_PHONE[channel])
        parts = (by_phone, paid - by_phone, of_channel - paid)
        for way, counts in zip(("移动支付", "其他支付", "不收费"), parts, strict=True):
            counts = counts + version * (counts // 50)
            total += int(counts.sum())
            rows += _rows(day, ("网上", "窗口")[channel], way, counts)
    return csv_bytes(HEADER, rows, "utf-8-sig", ("合计", len(rows), total))


def _rows(day: int, channel: str, way: str, counts: np.ndarray) -> list[Cells]:
    return [
        (
            f"{date_of(day):%Y-%m-%d}",
            str(CODES[TOWN_DISTRICT[town]]),
            str(TOWNS[town]),
            KINDS[kind],
            channel,
            way,
            int(counts[town, kind]),
        )
        for town, kind in np.argwhere(counts > 0).tolist()
    ]
