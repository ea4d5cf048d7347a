"""Times in every form departments write them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from measures_town import (
    NOW,
    asked,
    at,
    counted,
    department,
    fill,
    indicator,
    plan_of,
    source,
    timed,
)

AMSTERDAM = "Europe/Amsterdam"


SHANGHAI = "Asia/Shanghai"


HOUR = timedelta(hours=1)


FORMS: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "epoch": ({"kind": "epoch"}, sa.BigInteger(), lambda t: int(t.timestamp())),
    "float": ({"kind": "epoch"}, sa.Double(), lambda t: t.timestamp()),
    "digits": ({"kind": "epoch"}, sa.String(20), lambda t: str(int(t.timestamp()))),
    "millis": (
        {"kind": "epoch", "unit": "ms"},
        sa.BigInteger(),
        lambda t: int(t.timestamp() * 1000),
    ),
    "micros": (
        {"kind": "epoch", "unit": "us"},
        sa.BigInteger(),
        lambda t: (t - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1),
    ),
    "hundreds": ({"kind": "epoch", "unit": 100}, sa.Integer(), lambda t: int(t.timestamp()) // 100),
    "local": ({"kind": "local"}, sa.DateTime(), lambda t: _local(t)),
    "text": ({"kind": "text"}, sa.String(30), lambda t: f"{_local(t):%Y-%m-%d %H:%M:%S}"),
    "stamp": (
        {"kind": "text", "format": "%Y%m%d%H%M%S"},
        sa.String(14),
        lambda t: f"{_local(t):%Y%m%d%H%M%S}",
    ),
    "unsorted": (
        {"kind": "text", "format": "%d/%m/%Y %H:%M", "sorts": False},
        sa.String(20),
        lambda t: f"{_local(t):%d/%m/%Y %H:%M}",
    ),
    "offset": (
        {"kind": "text", "format": "%Y-%m-%d %H:%M:%S.%f%z"},
        sa.String(40),
        lambda t: f"{t.astimezone(ZoneInfo(SHANGHAI)).isoformat(' ', 'milliseconds')}",
    ),
}


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(SHANGHAI)).replace(tzinfo=None)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_time_gives_the_same_buckets(database_url: str, form: str) -> None:
    spec, kind, wrote = FORMS[form]
    first = at("2026-11-21T15:00")
    moments = [first + timedelta(seconds=100 * n * n) for n in range(60)]
    under_test, plan = timed(database_url, spec, kind, [*map(wrote, moments), None], SHANGHAI)
    ranges = [
        (at("2026-11-21T15:00"), at("2026-11-21T16:05")),
        (at("2026-11-21T20:00"), at("2026-11-22T04:00")),
    ]
    inside = [m for m in moments if any(a <= m < b for a, b in ranges)]
    expected = Counter(m - timedelta(seconds=m.timestamp() % 300) for m in inside)
    assert counted(under_test, plan, *ranges) == expected
    assert asked(under_test, ranges[1]) == sum(ranges[1][0] <= m < ranges[1][1] for m in moments)
    result = under_test.tick(plan, ranges)
    assert result.unreadable == 0
    reported = under_test.reported("cases")
    assert reported == max(m for m in moments if m <= NOW + timedelta(minutes=1)).replace(
        second=0 if form == "unsorted" else max(m for m in moments if m <= NOW).second
    )


def test_instants_of_every_engine_are_utc(database_url: str) -> None:
    aware = database_url.startswith("postgresql")
    moments = [at("2026-11-21T15:59:59"), at("2026-11-21T16:00"), at("2026-11-21T16:04:59.5")]
    values = [m if aware else m.replace(tzinfo=None) for m in moments]
    under_test, plan = timed(
        database_url, {"kind": "instant"}, sa.DateTime(timezone=aware), values, SHANGHAI
    )
    start = at("2026-11-21T16:00")
    assert counted(under_test, plan, (start, start + HOUR)) == {start: 2}


def test_days_belong_to_the_midnight_of_their_zone(database_url: str) -> None:
    days = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), None]
    under_test, plan = timed(database_url, {"kind": "date"}, sa.Date(), days, AMSTERDAM)
    midnight = at("2026-03-29T00:00", AMSTERDAM)
    assert counted(under_test, plan, (midnight, midnight + 23 * HOUR)) == {midnight: 1}
    assert counted(under_test, plan, (midnight + HOUR, midnight + 24 * HOUR)) == {
        at("2026-03-30T00:00", AMSTERDAM): 1
    }
    assert asked(under_test, (midnight, midnight + 24 * HOUR)) == 2


@pytest.mark.parametrize("spelling", ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"])
def test_sqlite_timestamps_are_right_with_and_without_a_fraction(
    tmp_path: Any, spelling: str
) -> None:
    url = f"sqlite:///{tmp_path}/fractions.sqlite"
    eight = datetime(2026, 11, 22, 8, 0)
    values = [(eight + timedelta(seconds=s)).strftime(spelling) for s in (-1, 0, 299, 300)]
    under_test, plan = timed(url, {"kind": "local"}, sa.String(), [*values, ""], SHANGHAI)
    start = at("2026-11-22T08:00", SHANGHAI)
    window = (start, start + timedelta(minutes=5))
    assert counted(under_test, plan, window) == {start: 2}
    assert asked(under_test, window) == 2
    for op, expected in {">": 2, ">=": 3, "<": 1, "<=": 2, "=": 1, "!=": 3}.items():
        where = [{"time": "at", "op": op, "value": "2026-11-22T08:00"}]
        town = department(
            {"table": "events", "times": {"at": {"column": "moment", "kind": "local"}}},
            {"n": indicator({"kind": "stock", "where": where})},
        )
        found = source(url, town).stock("n", NOW)[0].n
        # The empty text meets no comparison but `!=`, which no clock would say of it.
        assert found == expected + (op == "!="), op


def test_parts_of_a_second_are_kept(database_url: str) -> None:
    precise = (
        sa.DateTime() if not database_url.startswith("mysql") else sa.dialects.mysql.DATETIME(fsp=6)
    )
    table = sa.Table(
        "calls",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rang", precise, index=True),
        sa.Column("answered", sa.String(40)),
    )
    fill(
        database_url,
        table,
        [
            {
                "id": 1,
                "rang": datetime(2026, 11, 22, 8, 0, 0, 250_000),
                "answered": "2026-11-22 08:00:01.123456",
            }
        ],
    )
    town = department(
        {
            "table": "calls",
            "times": {
                "rang": {"column": "rang", "kind": "local"},
                "answered": {
                    "column": "answered",
                    "kind": "text",
                    "format": "%Y-%m-%d %H:%M:%S.%f",
                },
            },
        },
        {
            "wait": indicator(
                {"kind": "max", "of": {"start": "rang", "end": "answered"}}, time="rang"
            )
        },
    )
    result = source(database_url, town).tick(plan_of(town), [(at("2026-11-22T00:00"), NOW)])
    assert max(row.value for row in result.rows if isinstance(row.value, float)) == pytest.approx(
        0.873456, rel=1e-12
    )
