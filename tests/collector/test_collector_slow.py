"""A stock that takes longer than a statement may: it alone goes without, unless nobody is answered."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from collecting import INDICATORS, City
from working import Bench, bench

from dashboard.ports import GroupValue, TimedOut, Unreachable
from data_access.collector.door import SourceDown
from data_access.departments.source import SqlSource


@pytest.fixture
def work(city: City) -> Iterator[Bench]:
    more = dict.fromkeys(("waiting_too", "waiting_here"), INDICATORS["waiting"])
    city.places["north"].add(1, 3)
    with bench(city, city.places["north"], indicators=more) as found:
        yield found


def answer_stocks(monkeypatch: pytest.MonkeyPatch, fails: dict[str, Exception]) -> list[str]:
    """Have some stocks fail; the names of those that are asked for."""
    real, asked = SqlSource.stock, list[str]()

    def stock(
        source: SqlSource, indicator: str, now: datetime, by: str | None = None
    ) -> list[GroupValue]:
        asked.append(indicator)
        if indicator in fails:
            raise fails[indicator]
        return real(source, indicator, now, by)

    monkeypatch.setattr(SqlSource, "stock", stock)
    return asked


def test_a_stock_that_takes_too_long_stops_neither_the_others_nor_the_flows(
    work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: dict[str, Exception] = {"waiting": TimedOut("the statement was ended after 2 s")}
    asked = answer_stocks(monkeypatch, slow)
    found = work.tick().measured
    assert {"north.waiting_too", "north.waiting_here", "north.opened"} <= found.keys()
    assert "north.waiting" not in found
    said = work.desk.refusals.of_reading("north.waiting")
    assert said == "too_slow: the statement was ended after 2 s"
    work.tick()
    assert asked.count("waiting") == 1, "it is left alone for a while"
    slow.clear()
    monkeypatch.setattr(work.desk.refusals, "lets", lambda job, piece: True)
    assert work.value("north.waiting") == 3
    assert work.desk.refusals.of_reading("north.waiting") is None


def test_two_that_take_too_long_with_no_answer_in_between_are_a_silent_department(
    work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [key.partition(".")[2] for key, _ in work.desk.agenda.datasets[0].stocks]
    asked = answer_stocks(monkeypatch, dict.fromkeys(names, TimedOut("ended")))
    with pytest.raises(SourceDown):
        work.tick()
    assert asked == names[:2]


def test_a_department_that_is_not_reached_ends_the_tick(
    work: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_stocks(monkeypatch, {"waiting": Unreachable("the database does not answer")})
    with pytest.raises(SourceDown):
        work.tick()
