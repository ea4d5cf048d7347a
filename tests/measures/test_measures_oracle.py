"""Every engine beside an oracle in plain Python: any rows, any of the catalogue's questions."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from measures_oracle import (
    MOMENTS,
    NOW,
    TOWN,
    ZONE,
    Found,
    Row,
    expected_tick,
    rounded,
    spelled,
    utc,
    what_of,
)
from measures_town import (
    at,
    cases_table,
    fill,
    plan_of,
    source,
)
from servers import ENGINES, make_database

from data_access.departments.source import SqlSource

BUCKET = timedelta(minutes=5)


seconds = st.integers(-6 * 3600, 34 * 3600)


naive_times = seconds.map(lambda s: datetime(2026, 10, 25) + timedelta(seconds=s))


rows_of = st.builds(
    Row,
    opened=naive_times,
    seen=st.none() | seconds.map(lambda s: at("2026-10-25T00:00") + timedelta(seconds=s)),
    told=st.none() | st.builds(spelled, naive_times, st.integers(0, 3)),
    district=st.sampled_from(["440604", "440605", "a", "A", "", None]),
    topic=st.sampled_from(["open", "Open ", "OPEN", "shut", None, "北"]),
    fee=st.none() | st.decimals(-1000, 10**9, places=2),
    score=st.none() | st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 6)),
)


@pytest.fixture(scope="module")
def cities(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[SqlSource, sa.Engine, sa.Table]]]:
    """The same empty table on each engine."""
    found, made = {}, []
    for engine in ENGINES:
        folder: Path = tmp_path_factory.mktemp(engine)
        generator = make_database(engine, request, folder)
        url = next(generator)
        more = (
            sa.Column("seen", sa.BigInteger, index=True),
            sa.Column("told", sa.String(30), index=True),
        )
        table = cases_table(url, *more)
        fill(url, table, [])
        found[engine] = (source(url, TOWN, now=NOW), sa.create_engine(url), table)
        made.append(generator)
    yield found
    for under_test, writer, _ in found.values():
        under_test.close()
        writer.dispose()
    for generator in made:
        next(generator, None)


@given(rows=st.lists(rows_of, max_size=25), start=st.integers(0, 60), length=st.integers(1, 300))
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_engine_says_what_plain_python_says(
    cities: dict[str, tuple[SqlSource, sa.Engine, sa.Table]],
    rows: list[Row],
    start: int,
    length: int,
) -> None:
    first = at("2026-10-24T20:00") + start * BUCKET
    window = (first, first + length * BUCKET)
    for engine, (under_test, writer, table) in cities.items():
        with writer.begin() as connection:
            connection.execute(table.delete())
            if rows:
                connection.execute(table.insert(), [row.fields(n) for n, row in enumerate(rows)])
        for plan_time, moment in MOMENTS.items():
            assert ticked(under_test, plan_time, window) == expected_tick(
                rows, plan_time, moment, window
            ), (engine, plan_time)
        check_totals(under_test, rows)
        check_asked(under_test, rows, window)


def ticked(under_test: SqlSource, time: str, window: tuple[datetime, datetime]) -> Found:
    """A tick by (split, code, bucket, how, of what), sums rounded to nine digits."""
    plan = plan_of(TOWN, time)
    names = {a.name: (a.how, what_of(a)) for a in plan.additives}
    return {
        (row.by, row.code, row.at, *names[row.additive]): rounded(row.value)
        for row in under_test.tick(plan, [window]).rows
    }


def check_totals(under_test: SqlSource, rows: Sequence[Row]) -> None:
    """Local days of a zone with a day of 25 hours."""
    plan = plan_of(TOWN, "opened")
    count = next(a.name for a in plan.additives if a.how == "count" and a.of is None)
    window = (at("2026-10-24T00:00", ZONE), at("2026-10-27T00:00", ZONE))
    found = {t.day: t.values.get(count, 0) for t in under_test.day_totals(plan, window)}
    days = Counter(row.opened.date() for row in rows)
    assert found == {day: days.get(day, 0) for day in (date(2026, 10, d) for d in (24, 25, 26))}


def check_asked(
    under_test: SqlSource, rows: Sequence[Row], window: tuple[datetime, datetime]
) -> None:
    """The exact percentile, the distinct count and a stock beside now."""
    inside = [r for r in rows if window[0] <= utc(r.opened) < window[1] and not r.backwards()]
    took = [t / 60e6 for r in inside if (t := r.took()) is not None]
    [percentile] = under_test.asked("p", window)
    assert percentile.n == len(took)
    if took:
        assert percentile.value == pytest.approx(float(np.quantile(took, 0.9)), rel=1e-9)
    topics = [
        r.topic
        for r in rows
        if r.told and r.told[1] and window[0] <= utc(r.told[1]) < window[1] and not r.backwards()
    ]
    [distinct] = under_test.asked("d", window)
    assert (distinct.value, distinct.n) == (
        len({t for t in topics if t is not None}),
        sum(t is not None for t in topics),
    )
    late = [
        r.fee for r in rows if r.told and r.told[1] and utc(r.told[1]) > NOW and r.fee is not None
    ]
    [stock] = under_test.stock("late", NOW)
    assert (stock.value, stock.n) == (float(sum(late)), len(late))
