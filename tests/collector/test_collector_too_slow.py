"""What a department does not answer in time is asked in smaller pieces and holds up nothing else."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from collecting import City, T, definition
from working import Bench, bench

from dashboard.measures import TickPlan
from dashboard.ports import DayTotal, Range, TickResult, Unreachable
from data_access.collector import stride
from data_access.collector.agenda import agenda_of
from data_access.collector.door import SourceDown
from data_access.collector.stride import DAY, FIRST_REST, LONGEST, LONGEST_REST, SHORTEST, Stride
from data_access.collector.work import SetAside
from data_access.departments.source import SqlSource

LONG: dict[str, Any] = {"history": "60d"}


def slow(monkeypatch: pytest.MonkeyPatch, time: str, most: Callable[[], timedelta]) -> list[Range]:
    """A plan of which no more is answered in time at once; what was asked of it."""
    tick, asked = SqlSource.tick, []

    def timed(
        self: SqlSource, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        if plan.time == time:
            asked.append((ranges[0][0], ranges[-1][1]))
            if any(end - start > most() for start, end in ranges):
                raise Unreachable("north: the statement was ended after 2 s")
        return tick(self, plan, ranges, until)

    monkeypatch.setattr(SqlSource, "tick", timed)
    return asked


def test_history_that_is_too_much_at_once_is_read_in_smaller_pieces(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty years came quickly; the dense ones before them take longer than a statement may."""
    monkeypatch.setattr(stride, "QUICK", 0.0)
    with bench(city, city.places["north"], **LONG) as work:
        work.tick()
        flow = work.flow()
        flow.stride = Stride(LONGEST, 0.0, 0.0)
        asked = slow(monkeypatch, "opened", lambda: timedelta(hours=25))
        failures, again = 0, True
        while again:
            try:
                again = work.fill().again
            except SourceDown:
                failures += 1
                assert failures < 20, "the same again and again"
        assert (failures, flow.pending) == (7, [])
        assert all(end - start <= timedelta(hours=25) for start, end in asked[failures:])


def test_a_plan_whose_piece_failed_lets_others_go_first(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    north.add(1, 2, days=3)
    with bench(city, north) as work:
        work.tick()
        now = work.desk.clock()
        work.flow("opened").pending = [(now - 4 * DAY, now - DAY)]
        work.flow("closed").pending = [(now - 4 * DAY, now - 2 * DAY)]
        asked = slow(monkeypatch, "opened", lambda: timedelta(0))
        with pytest.raises(SourceDown):
            work.fill()
        assert len(asked) == 1
        while work.flow("closed").pending:
            work.fill()
        assert len(asked) == 1, "it rests"


def test_who_takes_over_from_a_question_that_hangs_asks_for_less(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(city, city.places["north"]) as work:
        work.tick()
        flow, handed = work.flow(), []
        tick = SqlSource.tick

        def hanging(self: SqlSource, *rest: Any) -> TickResult:
            handed.append(flow.handed_over(work.desk.token))
            return tick(self, *rest)

        monkeypatch.setattr(SqlSource, "tick", hanging)
        before = flow.stride.length
        flow.fill(work.door)
        assert handed[0].stride.length == before / 2
        assert handed[0].stride.again_at > 0


def slow_totals(
    monkeypatch: pytest.MonkeyPatch, is_too_much: Callable[[TickPlan, Range], bool]
) -> list[tuple[str, Range]]:
    """Of some windows the totals of days are not answered in time; what was answered."""
    day_totals, answered = SqlSource.day_totals, []

    def timed(self: SqlSource, plan: TickPlan, window: Range) -> list[DayTotal]:
        if is_too_much(plan, window):
            raise Unreachable("north: the statement was ended after 2 s")
        answered.append((plan.time, window))
        return day_totals(self, plan, window)

    monkeypatch.setattr(SqlSource, "day_totals", timed)
    return answered


def compared(work: Bench) -> int:
    """The drift found by comparing all that waits, whatever fails."""
    drift, failures = 0, 0
    while work.reconciler.queue:
        try:
            drift += sum(work.reconciler().drift.values())
        except SourceDown:
            failures += 1
            assert failures < 20, "the same again and again"
    return drift


def test_a_history_that_is_too_long_for_one_statement_is_compared_in_pieces(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    for day in range(1, 50):
        north.add(10 * day, 2, days=day)
    with bench(city, north, **LONG) as work:
        work.read_all()
        answered = slow_totals(monkeypatch, lambda _, window: window[1] - window[0] > 5 * DAY)
        north.delete(range(20, 21))
        north.delete(range(490, 491))
        work.reconciler.want(None)
        assert compared(work) == 2
    for plan in ("opened", "closed"):
        windows = sorted(window for time, window in answered if time == plan)
        assert all(one[1] == then[0] for one, then in pairwise(windows)), "nothing is left out"


def test_a_day_that_is_never_answered_keeps_no_other_day_from_being_compared(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    north.add(1, 2, days=20)
    with bench(city, north, **LONG) as work:
        work.read_all()
        bad = work.desk.clock() - 10 * DAY
        slow_totals(monkeypatch, lambda plan, window: window[0] <= bad < window[1])
        north.delete(range(1, 2))
        work.reconciler.want(None)
        assert compared(work) == 1


def test_a_plan_that_is_never_answered_ends_no_comparison_of_the_others(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(city, city.places["north"]) as work:
        work.read_all()
        answered = slow_totals(monkeypatch, lambda plan, _: plan.time == "closed")
        work.reconciler.want(None)
        failures = 0
        for _ in range(20):
            try:
                work.reconciler.sweep()
            except SourceDown:
                failures += 1
        lengths = [end - start for _, (start, end) in answered]
        assert max(lengths) > 4 * DAY, "the whole history once"
        assert sum(length < 2 * DAY for length in lengths) >= 4, "and the newest days as ever"
        assert failures >= 4, "it is tried again all the same"


def test_a_stride_is_bounded_and_forgets_failures_once_it_is_answered() -> None:
    one = Stride()
    for _ in range(20):
        one = one.failed(0.0)
    assert one.length == SHORTEST
    assert one.failed(100.0).again_at == 100.0 + LONGEST_REST
    assert one.answered(5.0).length == SHORTEST, "a failure made it so, not slowness"
    assert one.answered(5.0).failed(0.0).again_at == FIRST_REST
    for _ in range(20):
        one = one.answered(0.0)
    assert one.length == LONGEST
    assert one.answered(5.0).length == LONGEST / 2
    assert Stride().answered(5.0).length == DAY


def test_a_day_whose_histogram_is_not_answered_lets_other_days_go_on(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    for day in range(1, 5):
        north.add(10 * day, 3, days=day)
    histogram, asked = SqlSource.histogram, []
    with bench(city, north) as work:
        work.read_all()
        bad = work.desk.clock() - 2 * DAY

        def timed(self: SqlSource, key: str, window: Range, by: str | None = None) -> Any:
            asked.append(window)
            if window[0] <= bad < window[1]:
                raise Unreachable("north: the statement was ended after 2 s")
            return histogram(self, key, window, by)

        monkeypatch.setattr(SqlSource, "histogram", timed)
        again = True
        while again:
            with suppress(SourceDown):
                again = work.histograms().again
        assert city.histogram_rows("north.median", 3) == 3
        assert city.histogram_rows("north.median", 2) == 0
        assert len(set(asked)) == len(asked), "not the same again and again"
    monkeypatch.undo()
    with bench(city, north) as work:
        while work.histograms().again:
            pass
        assert city.histogram_rows("north.median", 2) == 3


def test_a_dataset_whose_set_aside_rows_are_not_answered_leaves_the_others_their_counts(
    city: City,
) -> None:
    rule = {"name": "odd", "title": T, "where": [{"column": "minutes", "op": "<", "value": 0}]}
    orders = definition("north", set_aside=[rule]).datasets["orders"]
    town = definition("north", set_aside=[rule], others={"well": orders, "better": orders})
    source = SqlSource(town, city.places["north"].url)

    def ask(question: Callable[[SqlSource], Any]) -> Any:
        return question(source)

    def set_aside(name: str, window: Range | None) -> dict[str, int]:
        if name == "orders":
            raise SourceDown("north: the statement was ended after 2 s")
        return {"odd": 0}

    source.set_aside = set_aside  # type: ignore[method-assign]
    door: Any = SimpleNamespace(ask=ask)
    with bench(city, city.places["north"]) as work:
        job = SetAside(replace(work.desk, door=lambda: door), agenda_of(town).datasets)
        with pytest.raises(SourceDown):
            job()
        told = [job(), job()]
        assert [set(one.set_aside) for one in told] == [{"well"}, {"better"}]
        assert [one.again for one in told] == [True, False]
        assert [set(job().set_aside) for _ in range(2)] == [{"well"}, {"better"}], "the slow last"
        with pytest.raises(SourceDown):
            job()
