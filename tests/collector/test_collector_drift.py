"""What reconciliation calls drift, and what corrections of long ago do to values meanwhile."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from collecting import City, definition
from working import bench

from dashboard.measures import TickPlan
from dashboard.ports import Range, TickResult
from dashboard.readings import instant
from data_access.collector.corrections import APART, OVERLAP, STANDING, Corrections, Recent
from data_access.departments.source import SqlSource

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WEEK = {"title": {"zh": "乙", "en": "B"}, "window": "30d", "live_by": None, "by": []}


def monthly() -> dict[str, Any]:
    """The orders opened within thirty days."""
    opened = definition("north").indicators["opened"].model_dump(by_alias=True)
    return {"history": "40d", "indicators": {"monthly": opened | WEEK}}


def test_rows_that_come_in_late_within_the_tail_are_no_drift(city: City) -> None:
    north = city.places["north"]
    north.add(1, 5, hours=3)
    with bench(city, north, tail="2h") as work:
        work.read_all()
        north.add(11, 4, minutes=90)
        assert work.drift() == 0
        assert work.value("north.opened") == 9


def test_one_lost_row_is_one_bucket_of_drift_not_a_day(city: City) -> None:
    north = city.places["north"]
    for number in range(5):
        north.add(1 + 10 * number, 5, days=2, minutes=10 * number)
    with bench(city, north) as work:
        work.read_all()
        north.delete(range(1, 2))
        assert work.drift() == 1
        assert work.drift() == 0


def test_corrections_that_the_next_tick_reads_anyway_are_no_drift(city: City) -> None:
    north = city.places["north"]
    north.add(1, 5, days=2)
    with bench(city, north) as work:
        work.read_all()
        north.add(11, 5, days=2, minutes=30)
        north.change(range(11, 16))
        assert work.drift() == 0
        assert work.value("north.opened") == 0


def test_corrections_of_long_ago_leave_a_long_window_its_value(city: City) -> None:
    north = city.places["north"]
    for half_day in range(60):
        north.add(1 + 10 * half_day, 3, hours=12 * half_day + 1)
    with bench(city, north, **monthly()) as work:
        work.read_all()
        assert work.value("north.monthly") == 180
        north.add(1000, 1, days=28)
        # So many buckets become fewer, longer ranges, and are too long together for one tick.
        north.change(range(1, 1001))
        assert work.value("north.monthly") == 180, "a value a little behind, not none"
        assert work.flow().waiting is not None
        assert work.flow().progress is None
        kept = city.history.state("north", f"flow/{work.flow().plan.key}")
        assert kept["corrections"], "a restart forgets none"
    with bench(city, north, **monthly()) as again:
        again.read_all()
        assert again.value("north.monthly") == 181
        assert again.flow().waiting is None, "what was just read again is not read once more"


@pytest.mark.parametrize(("newest", "pause"), [(NOW, STANDING), (NOW + APART, APART)])
def test_what_every_tick_finds_again_is_read_again_now_and_then(
    newest: datetime, pause: timedelta
) -> None:
    window = (NOW - timedelta(days=30), NOW - timedelta(days=29))
    corrections = Corrections()
    corrections.put_off([window], NOW, NOW)
    corrections.read(window)
    corrections.put_off([window], newest, NOW + pause - timedelta(seconds=1))
    assert corrections.waiting == []
    corrections.put_off([window], newest, NOW + pause)
    assert corrections.waiting == [window]


def test_a_histogram_forgotten_for_a_correction_is_made_again_after_a_restart(city: City) -> None:
    north = city.places["north"]
    north.add(1, 10, days=2)
    with bench(city, north) as work:
        work.read_all()
        while work.histograms().again:
            pass
        assert city.histogram_rows("north.median", 2) == 10
        north.delete(range(1, 4))
        assert work.drift() == 1
    with bench(city, north) as work:
        while work.histograms().again:
            pass
        assert city.histogram_rows("north.median", 2) == 7


def test_a_row_that_a_tick_corrects_makes_the_histogram_of_its_day_again(city: City) -> None:
    north = city.places["north"]
    north.add(1, 10, days=2)
    with bench(city, north) as work:
        work.read_all()
        while work.histograms().again:
            pass
        assert not work.histograms().again
        north.add(11, 1, days=2)
        north.change(range(11, 12))
        work.tick()
        assert work.histograms().again


def test_a_histogram_is_made_once_however_busy_today_is(city: City) -> None:
    """Every tick of a busy dataset changes buckets of today while a closed day is being made."""
    north = city.places["north"]
    north.add(1, 10, days=2)
    with bench(city, north) as work:
        work.read_all()
        put, made = city.history.put_histograms, []

        def put_busily(department: str, key: str, day: date, *rest: Any, **more: Any) -> None:
            put(department, key, day, *rest, **more)
            made.append((day, *rest[:1]))
            assert len(made) < 50, "asked again and again"
            work.histograms.changed(work.flow().plan, [datetime.now(UTC)])

        city.history.put_histograms = put_busily  # type: ignore[method-assign]
        while work.histograms().again:
            pass
        assert len(made) == len(set(made)) > 0


def test_a_histogram_whose_day_is_corrected_while_it_is_made_is_made_again(city: City) -> None:
    north = city.places["north"]
    north.add(1, 10, days=2)
    corrected = datetime.now(UTC) - timedelta(days=2)
    with bench(city, north) as work:
        work.read_all()
        put, made = city.history.put_histograms, []

        def put_late(department: str, key: str, day: date, *rest: Any, **more: Any) -> None:
            put(department, key, day, *rest, **more)
            if day == corrected.astimezone(city.zone).date():
                made.append(day)
                if len(made) == 1:
                    work.histograms.changed(work.flow().plan, [corrected])

        city.history.put_histograms = put_late  # type: ignore[method-assign]
        while work.histograms().again:
            pass
        assert len(made) == 2


def test_a_recent_correction_is_read_while_others_may_be_committed_late_and_then_rarely() -> None:
    window = (NOW - timedelta(days=2), NOW - timedelta(days=1))
    recent, written = Recent(), NOW - timedelta(seconds=5)

    def reads(at: datetime, newest: datetime = written) -> bool:
        due = recent.due([window], newest, at)
        recent.read([window], due, newest, at)
        return due == [window]

    second = timedelta(seconds=1)
    assert reads(NOW)
    assert reads(NOW + OVERLAP - second)
    assert not reads(NOW + OVERLAP)
    assert not reads(NOW + STANDING)
    assert reads(NOW + OVERLAP + STANDING), "now and then all the same"
    ahead = NOW + 2 * STANDING
    assert reads(NOW + STANDING + OVERLAP + second, ahead), "something newer was corrected"
    assert reads(ahead + OVERLAP - second, ahead), "by a clock that is ahead of ours"
    assert not reads(ahead + OVERLAP, ahead)


def test_a_recent_correction_is_not_read_by_every_tick_for_ever(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = city.places["north"]
    north.add(1, 5, days=2)
    asked: list[int] = []
    tick = SqlSource.tick

    def counted(
        self: SqlSource, plan: TickPlan, ranges: Sequence[Range], until: datetime | None = None
    ) -> TickResult:
        asked.append(len(ranges))
        return tick(self, plan, ranges, until)

    with bench(city, north) as work:
        work.read_all()
        north.change(range(1, 3))
        monkeypatch.setattr(SqlSource, "tick", counted)
        work.flow().tick(work.door)
        work.flow().tick(work.door)
        assert asked == [2, 2], "the tail and what was corrected"
        monkeypatch.setattr("data_access.collector.corrections.OVERLAP", timedelta(0))
        work.flow().tick(work.door)
        assert asked[2:] == [1]
        time.sleep(1.1)
        north.change(range(3, 4), minutes=1)
        work.flow().tick(work.door)
        assert asked[3:] == [2]


def test_rows_that_came_in_late_before_a_long_gap_are_read(city: City) -> None:
    north = city.places["north"]
    with bench(city, north, tail="2h") as work:
        work.read_all()
        flow = work.flow()
        plan, key = flow.plan, f"flow/{flow.plan.key}"
        ended = datetime.now(UTC) - timedelta(hours=40)
        kept = city.history.state("north", key) | {"ticked_to": instant(ended), "watermark": None}
        city.history.set_state("north", key, kept, token=work.desk.token())
    # Dated before the last tick, and written after it.
    north.add(1, 3, hours=41)
    with bench(city, north, tail="2h") as again:
        again.read_all()
        window = (ended - timedelta(hours=3), ended)
        counted = [additive for additive in plan.additives if additive.how == "count"]
        [total] = city.history.sums(
            counted[:1], window, grain=None, zone="Asia/Shanghai", department="north"
        )
        assert total[counted[0].name] == 3
