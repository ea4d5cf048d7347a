"""Published figures of "Internet + processing trade" beside the demo city's own rates."""

from collections.abc import Callable

import numpy as np
import sqlalchemy as sa

from demo.published import Lived, Published
from demo.trade.schema import METADATA

TOTALS = METADATA.tables["进出口月报"]
BUSINESS = METADATA.tables["加工贸易业务"]
YUAN_PER_DOLLAR = 6.2284
"""Mean of 2015, the year of the published amount."""
IN_YUAN_FROM = 1_000_000
"""No town trades so many 10,000 yuan of a mode in a month: such a number is in yuan."""
WHERE = "Foshan, 2015-2016"


def _year(lived: Lived) -> list[tuple[str, float]]:
    """Trade mode and amount in 10,000 yuan of the newest sending of the last twelve months told."""
    columns = (TOTALS.c.统计月份, TOTALS.c.镇街代码, TOTALS.c.进出口, TOTALS.c.贸易方式)
    asked = sa.select(*columns, TOTALS.c.本期值).order_by(TOTALS.c.版本)
    newest = {}
    with lived.engine.connect() as connection:
        for month, town, way, mode, value in connection.execute(asked):
            newest[month, town, way, mode] = value
    months = set(sorted({month for month, *_ in newest})[-12:])
    # What is still written in yuan is a ten-thousandth of itself.
    return [
        (mode, value / 10_000 if value > IN_YUAN_FROM else value)
        for (month, _, _, mode), value in newest.items()
        if month in months
    ]


def processing(lived: Lived) -> float:
    """Processing trade of twelve months, in 100 million dollars."""
    total = sum(value for mode, value in _year(lived) if mode == "加工贸易")
    return total / YUAN_PER_DOLLAR / 10_000


def processing_share(lived: Lived) -> float:
    """Processing trade of twelve months as a share of all trade, in percent."""
    rows = _year(lived)
    part = sum(value for mode, value in rows if mode == "加工贸易")
    return 100 * part / sum(value for _, value in rows)


def _hours(lived: Lived, way: str) -> list[float]:
    asked = sa.select(BUSINESS.c.申请时间, BUSINESS.c.办结时间).where(
        BUSINESS.c.办理方式 == way, BUSINESS.c.办结时间.is_not(None)
    )
    with lived.engine.connect() as connection:
        return [(end - start).total_seconds() / 3600 for start, end in connection.execute(asked)]


def at_window(lived: Lived) -> float:
    """What business takes at the window, median in days."""
    return float(np.median(_hours(lived, "窗口"))) / 24


def fastest(lived: Lived) -> float:
    """What the fastest business takes online, in minutes."""
    return min(_hours(lived, "网上")) * 60


def _count(column: sa.Column[str]) -> Callable[[Lived], float]:
    def counted(lived: Lived) -> float:
        online = BUSINESS.c.办理方式 == "网上"
        return lived.number(sa.select(sa.func.count(sa.distinct(column))).where(online))

    return counted


PUBLISHED: tuple[Published, ...] = (
    Published(
        "S17", "processing trade is 40 % of the city's foreign trade", WHERE,
        "share", "% of a year's value", 40, processing_share,
    ),
    Published(
        "S17", "processing trade of 23.611 billion USD in 2015", WHERE,
        "size", "100 million USD a year", 236.11, processing,
    ),
    Published(
        "S17", "six kinds of business online", WHERE,
        "size", "kinds", 6, _count(BUSINESS.c.业务类型),
    ),
    Published(
        "S17", "1,000+ companies expected to benefit", WHERE,
        "size", "companies", 1_000, _count(BUSINESS.c.企业编码),
    ),
    Published(
        "S17", "from 2-3 days", WHERE,
        "duration", "days at the window, median", 2.5, at_window,
    ),
    Published(
        "S17", "to 5 min at the fastest", WHERE,
        "duration", "min online, fastest", 5, fastest,
    ),
)  # fmt: skip
