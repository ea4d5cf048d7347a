"""What people wait for comes first: numbers of a long window before the samples of long ago."""

from datetime import timedelta
from typing import Any

import pytest
from collecting import City, definition
from working import bench

from data_access.collector.flows import AT_ONCE
from data_access.collector.remember import BEHIND, Remember
from data_access.collector.usual import UsualValues

RARELY: dict[str, Any] = {"refresh": "2h", "late": "3h", "stale": "5h"}
WEEK = {
    "title": {"zh": "近四日受理", "en": "Opened in four days"},
    "dataset": "orders",
    "measure": {"kind": "count"},
    "time": "opened",
    "window": "4d",
    "unit": {"zh": "件", "en": "orders"},
}


def test_a_long_window_does_not_wait_for_the_next_tick_of_a_slow_dataset(city: City) -> None:
    place = city.places["north"]
    place.add(1, 3, hours=1)
    place.add(10, 4, hours=80)
    city.redefine("v2", north=definition("north", indicators={"lately": WEEK}, **RARELY))
    with city.collecting():
        city.watch.until(lambda: city.watch.value("north.lately") == 7, 8)
        assert city.watch.value("north.opened") == 3


def test_the_history_is_read_before_more_than_the_last_day_is_told(city: City) -> None:
    place = city.places["north"]
    place.add(1, 3, hours=1)
    city.redefine("v2", north=definition("north"))
    with bench(city, place) as work:
        work.tick()
        assert work.desk.reads_history()
        usual = UsualValues.over(city.holder, city.history, work.desk.clock, work.desk.zone)
        remember = Remember(work.desk, city.holder.current, usual)
        city.watch.until(lambda: remember().pause == BEHIND, 20)
        told = remember.told
        span = (work.desk.clock() - timedelta(days=9), work.desk.clock())
        waiting = city.history.samples("north.waiting", span, sample_window="", zone=work.desk.zone)
        assert told > 0
        assert min(point.at for point in waiting) >= span[1] - AT_ONCE
        city.watch.until(lambda: not work.fill().again, 20)
        assert not work.desk.reads_history()
        city.watch.until(lambda: not remember().again, 20)
        assert remember.told > told


def test_a_dataset_that_is_declined_keeps_nobody_waiting(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = city.places["north"]
    place.add(1, 1, hours=1)
    with bench(city, place) as work:
        work.tick()
        monkeypatch.setattr(work.desk.refusals, "of_dataset", lambda dataset: f"no: {dataset}")
        assert not work.desk.reads_history()
