"""Traffic violations that were dealt with: sums of a day by town, channel and payment, which come as
a file the next morning; a town's sums are sometimes sent again, corrected."""

import numpy as np

from demo.days import DAY, HOUR, MINUTE, Array, is_workday, midnight
from demo.draws import chance
from demo.places import SHARES, TOWN_DISTRICT, TOWNS
from demo.sheets import Columns, Sheet, Written

PER_DAY = 4_300
"""Violations dealt with on a working day; windows are closed on days of rest."""
CHANNELS = ("CK", "ZZ", "WS", "SJ")
"""Window, self-service terminal, website, phone."""
SHARE_OF_CHANNELS = (0.19, 0.12, 0.17, 0.52)
PAYMENTS = ("XJ", "YHK", "YD")
"""Cash, bank card, by phone."""
SHARE_OF_PAYMENTS = {
    "CK": (0.22, 0.3, 0.48), "ZZ": (0.0, 0.35, 0.65),
    "WS": (0.0, 0.28, 0.72), "SJ": (0.0, 0.06, 0.94),
}  # fmt: skip
AGAIN = 0.03
"""Share of towns whose sums are sent again two days later."""


def violations_of(seed: int, day: int) -> dict[str, Sheet]:
    """The sums of a day, which come the next morning, and those that are corrected."""
    rng = chance(seed, "traffic.violations", day)
    expected = _expected(is_workday(day))
    counts = rng.poisson(expected)
    town, channel, payment = np.nonzero(counts)
    sums = counts[town, channel, payment]
    resent = np.isin(town, np.flatnonzero(rng.random(len(TOWNS)) < AGAIN))
    first = np.full(len(sums), midnight(day + 1) + 6 * HOUR + 5 * MINUTE)
    first = first + int(rng.integers(0, 12)) * MINUTE
    wrong = np.where(resent, np.maximum(1, sums * 7 // 10), sums)
    rows = np.append(np.arange(len(sums)), np.flatnonzero(resent))
    again = np.arange(len(rows)) >= len(sums)
    columns: Columns = {
        "TJRQ": np.full(len(rows), midnight(day)),
        "XZJDDM": TOWNS[town[rows]],
        "CLQD": np.array(CHANNELS, dtype=object)[channel[rows]],
        "JKFS": np.array(PAYMENTS, dtype=object)[payment[rows]],
        "BBH": again + 1,
        "XZQHDM": np.array([code[:6] for code in TOWNS[town[rows]]], dtype=object),
        "JS": np.where(again, sums[rows], wrong[rows]),
        "GXSJ": Written(),
    }
    return {"WF_HZ": Sheet(np.where(again, first[rows] + DAY, first[rows]), columns)}


def _expected(workday: bool) -> Array:
    """Violations expected by town, channel and payment: the busiest town of a district first."""
    ranks = np.concatenate([np.arange(np.sum(d == TOWN_DISTRICT)) for d in range(len(SHARES))])
    weights = 1 / (1 + 0.5 * ranks)
    totals = np.bincount(TOWN_DISTRICT, weights)
    towns = SHARES[TOWN_DISTRICT] * weights / totals[TOWN_DISTRICT]
    open_windows = np.array([1.0, 1.0, 1.0, 1.0] if workday else [0.0, 0.6, 0.8, 0.9])
    channels = np.array(SHARE_OF_CHANNELS) * open_windows
    payments = np.array([SHARE_OF_PAYMENTS[channel] for channel in CHANNELS])
    return np.asarray(PER_DAY * towns[:, None, None] * channels[:, None] * payments)
