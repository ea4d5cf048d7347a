"""The oracle: rows in plain Python, and what every question of the catalogue says of them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from measures_town import (
    CASES,
    WORDS,
    at,
    department,
    dimension,
    indicator,
)

ZONE = "Europe/Amsterdam"


NOW = at("2026-10-25T06:00")


TOOK = {"start": "opened", "end": "told", "unit": "min"}


MONEY = {"column": "fee", "decimals": 2}


OPEN = {"column": "topic", "value": "open", "fold": True}


TOWN = department(
    CASES
    | {
        "times": {
            "opened": {"column": "opened_at", "kind": "local"},
            "seen": {"column": "seen", "kind": "epoch"},
            "told": {"column": "told", "kind": "text"},
        },
        "dimensions": {"district": dimension("district"), "topic": dimension("topic", fold=True)},
        "pairs": [("district", "topic")],
        "set_aside": [
            {
                "name": "backwards",
                "title": WORDS,
                "where": [{"time": "told", "op": "<", "other": "opened"}],
                "times": ["told"],
            }
        ],
    },
    {
        "n": indicator({"kind": "count"}, time="opened", by=["district", "topic"]),
        "pair": indicator({"kind": "count"}, time="opened", by=[["district", "topic"]]),
        "money": indicator({"kind": "sum", "of": MONEY}, time="opened", by=["district"]),
        "took": indicator({"kind": "mean", "of": TOOK}, time="opened"),
        "told": indicator({"kind": "ratio", "where": [OPEN]}, time="told", by=["district"]),
        "seen": indicator({"kind": "max", "of": {"column": "score"}}, time="seen"),
        "p": indicator({"kind": "percentile", "q": 0.9, "of": TOOK}, time="opened"),
        "d": indicator({"kind": "distinct", "column": "topic"}, time="told"),
        "late": indicator(
            {
                "kind": "stock",
                "aggregate": "sum",
                "of": MONEY,
                "where": [{"time": "told", "op": ">", "value": "now"}],
            }
        ),
    },
    zone=ZONE,
)


@dataclass
class Row:
    """One row in plain Python, and how the department writes it."""

    opened: datetime
    seen: datetime | None
    told: tuple[str, datetime | None] | None
    district: str | None
    topic: str | None
    fee: Decimal | None
    score: float | None

    def took(self) -> int | None:
        """Microseconds from opened to told."""
        if self.told is None or self.told[1] is None:
            return None
        return (utc(self.told[1]) - utc(self.opened)) // timedelta(microseconds=1)

    def backwards(self) -> bool:
        """The set-aside rule."""
        took = self.took()
        return took is not None and took < 0

    def fields(self, number: int) -> dict[str, Any]:
        """As the table holds it."""
        return {
            "id": number,
            "opened_at": self.opened,
            "seen": int(self.seen.timestamp()) if self.seen else None,
            "told": self.told[0] if self.told else None,
            "district": self.district,
            "topic": self.topic,
            "fee": self.fee,
            "score": self.score,
        }


def utc(naive: datetime) -> datetime:
    """The moment a wall clock shows."""
    return naive.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def spelled(naive: datetime, how: int) -> tuple[str, datetime | None]:
    """A time as text in one of the ways real columns hold it."""
    if how == 1 and naive.hour < 10:
        return f"{naive:%Y-%m-%d} {naive.hour}:{naive:%M:%S}", naive
    if how == 2:
        before = naive - timedelta(days=1)
        return f"{before:%Y-%m-%d} {naive.hour + 24}:{naive:%M:%S}", naive
    if how == 3:
        return "Date Not Captured", None
    return f"{naive:%Y-%m-%d %H:%M:%S}", naive


MOMENTS: dict[str, Callable[[Row], datetime | None]] = {
    "opened": lambda row: utc(row.opened),
    "seen": lambda row: row.seen,
    "told": lambda row: utc(row.told[1]) if row.told and row.told[1] else None,
}


Found = dict[tuple[str, str, datetime, str, str], float]


def what_of(additive: Any) -> str:
    """What an additive sums, as the oracle calls it."""
    of = additive.of.column or "took" if additive.of else "rows"
    return f"{of} where" if additive.where else of


def rounded(value: Any) -> float:
    """Nine digits: what floating sums are held to."""
    return float(f"{float(value):.9g}")


def expected_tick(
    rows: Sequence[Row],
    time: str,
    moment: Callable[[Row], datetime | None],
    window: tuple[datetime, datetime],
) -> Found:
    """What a tick must bring."""
    groups: dict[tuple[str, str, datetime], list[Row]] = defaultdict(list)
    for row in rows:
        when = moment(row)
        if when is None or not window[0] <= when < window[1]:
            continue
        if time == "told" and row.backwards():
            continue
        bucket = when - timedelta(seconds=when.timestamp() % 300)
        district, topic = row.district or "", (row.topic or "").strip().upper()
        codes = {
            "": "",
            "district": district,
            "topic": topic,
            "district,topic": f"{district}\x1f{topic}",
        }
        for split in SPLITS[time]:
            groups[split, codes[split], bucket].append(row)
    found: Found = {}
    for key, group in groups.items():
        for (how, what), value in AGGREGATES[time](group).items():
            if value is not None and (value or how != "count"):
                found[(*key, how, what)] = rounded(value)
    return found


SPLITS = {
    "opened": ["", "district", "topic", "district,topic"],
    "seen": [""],
    "told": ["", "district"],
}


def _opened(group: list[Row]) -> dict[tuple[str, str], Any]:
    took = [t / 60e6 for row in group if (t := row.took()) is not None and not row.backwards()]
    fees = [row.fee for row in group if row.fee is not None]
    return {
        ("count", "rows"): len(group),
        ("sum", "fee"): sum(fees) if fees else None,
        ("count", "fee"): len(fees),
        ("sum", "took"): sum(took) if took else None,
        ("count", "took"): len(took),
    }


def _seen(group: list[Row]) -> dict[tuple[str, str], Any]:
    scores = [row.score for row in group if row.score is not None]
    return {("max", "score"): max(scores, default=None), ("count", "score"): len(scores)}


def _told(group: list[Row]) -> dict[tuple[str, str], Any]:
    met = sum((row.topic or "").strip().upper() == "OPEN" for row in group)
    return {("count", "rows"): len(group), ("count", "rows where"): met}


AGGREGATES: dict[str, Callable[[list[Row]], dict[tuple[str, str], Any]]] = {
    "opened": _opened,
    "seen": _seen,
    "told": _told,
}
