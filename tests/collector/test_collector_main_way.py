"""From a row in a department's database to a reading in Redis, and every way a row may change."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from collecting import QUICK, City, definition, epoch_now

from dashboard.frames import SHARED
from dashboard.measures import tick_plans
from data_access.departments.source import SqlSource


def test_a_committed_row_changes_the_reading_with_the_next_tick(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 30)
    north.add(31, 10, town="b", hours=30)
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 30)
        watch.until(lambda: watch.value("north.waiting") == 40)
        north.add(100, 5, town="b")
        watch.until(lambda: watch.value("north.opened") == 35, 5)
        reading = watch.reading("north.opened")
        assert {c: p["value"] for c, p in reading["parts"].items()} == {"a": 30, "b": 5}
        assert (reading["state"], reading["level"], reading["n"]) == ("fresh", "normal", 35)
        assert reading["version"] == "v1"
        assert reading["late_after"] == 2.0
        watch.until(lambda: watch.value("north.share") == 100 * 45 / 35)
        watch.until(lambda: watch.value("south.opened") == 0, what="zero is a value")


def test_corrected_rows_correct_the_reading_with_the_next_tick(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 20, hours=5)
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 20)
        north.change(range(1, 6), closed=epoch_now(hours=1))
        watch.until(lambda: watch.value("north.closed") == 5, what="closed")
        watch.until(lambda: watch.value("north.waiting") == 15, what="no more waiting")
        north.change(range(1, 3), town="b")
        watch.until(lambda: watch.reading("north.opened")["parts"].get("b", {}).get("value") == 2)
        assert watch.reading("north.opened")["parts"]["a"]["value"] == 18


def test_reconciliation_finds_what_leaves_no_trace_behind(city: City) -> None:
    """Reopened, deleted and re-dated rows are no more where they were counted."""
    north, watch = city.places["north"], city.watch
    north.add(1, 10, hours=3)
    north.add(11, 10, hours=2)
    north.change(range(11, 15), closed=epoch_now(hours=1), changed=epoch_now(hours=1))
    city.redefine("v1", north=definition("north", quiet="00:00-00:00"))
    with city.collecting():
        watch.until(lambda: watch.value("north.opened") == 20)
        watch.until(lambda: watch.value("north.closed") == 4)
        north.delete(range(1, 4))
        north.change(range(4, 6), opened=epoch_now(hours=40))
        north.change(range(11, 13), closed=None)
        watch.until(lambda: watch.value("north.waiting") == 15)
        time.sleep(0.8)
        assert watch.value("north.opened") == 20, "no tick can see it"
        city.redefine("v2", north=definition("north", quiet="00:00-23:59"))
        watch.until(lambda: watch.value("north.opened") == 15, what="deleted and re-dated")
        watch.until(lambda: watch.value("north.closed") == 2, what="reopened")
        watch.until(lambda: watch.section("feeds")["north.orders"]["drift"] > 0)


def test_the_newest_day_comes_first_and_the_history_after_it(city: City) -> None:
    north, watch = city.places["north"], city.watch
    for day in range(6):
        north.add(1 + 100 * day, 10 + day, hours=24 * day + 2)
    week = {"title": {"zh": "乙", "en": "B"}, "window": "4d", "live_by": None, "by": []}
    opened = definition("north").indicators["opened"].model_dump(by_alias=True)
    longer = {"weekly": opened | week}
    city.redefine("v2", north=definition("north", indicators=longer))
    slow = replace(QUICK, fill=3.0)
    with city.collecting(slow):
        watch.until(lambda: watch.value("north.opened") == 10)
        first = watch.reading("north.weekly")
        assert (first["value"], first["state"], first["reason"]) == (
            None,
            "unavailable",
            "reading_history",
        )
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is not None)
        watch.until(lambda: watch.value("north.weekly") == 10 + 11 + 12 + 13)
        watch.until(lambda: watch.section("feeds")["north.orders"]["progress"] is None)
    (plan,) = (
        p for p in tick_plans(city.holder.catalogue.departments["north"]) if p.time == "opened"
    )
    covered = city.history.coverage(plan)
    assert covered is not None
    assert covered[0] <= datetime.now(UTC) - timedelta(days=4.99)


def test_comparisons_and_sparklines_come_from_the_history(city: City) -> None:
    north, watch = city.places["north"], city.watch
    north.add(1, 7, hours=20)
    north.add(11, 4, hours=30)
    with city.collecting():
        watch.until(lambda: watch.reading("north.opened").get("compare", {}).get("day_before") == 4)
        watch.until(lambda: 11 in _spark(city) and _spark(city)[-1] == 7)
        spark = watch.section("sparks")["north.opened"]
        assert (spark["department"], spark["step"], len(spark["values"])) == ("north", 1800, 48)
        asked = watch.reading("north.median")
        assert (asked["value"], asked["n"]) == (4.0, 7)
        watch.until(lambda: "3d" in watch.reading("north.median").get("windows", {}))
        assert watch.reading("north.median")["windows"]["3d"]["n"] == 11
        assert watch.section("facts")["catalogue"] == {"department": SHARED, "version": "v1"}
        assert watch.section("facts")["department/north"]["demo"] is True


def _spark(city: City) -> list[float | None]:
    found = city.watch.section("sparks").get("north.opened")
    return found["values"] if found else [None]


def test_stocks_and_asked_values_are_sampled_in_total_and_by_split(city: City) -> None:
    north = city.places["north"]
    north.add(1, 3)
    north.add(11, 2, town="b")
    window = (datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1))

    def samples(key: str, by: str = "", of: str = "") -> dict[str, object]:
        points = city.history.samples(key, window, sample_window=of, by=by, zone="Asia/Shanghai")
        return {point.code: point.value for point in points}

    with city.collecting():
        city.watch.until(lambda: samples("north.waiting") == {"": 5.0})
        city.watch.until(lambda: samples("north.waiting", "town") == {"a": 3.0, "b": 2.0})
        city.watch.until(lambda: samples("north.median", of="24h") == {"": 2.0})
        city.watch.until(lambda: samples("north.share") == {"": 100.0})


def test_closed_days_get_their_histograms(city: City) -> None:
    north = city.places["north"]
    north.add(1, 10, days=2)
    with city.collecting():
        city.watch.until(lambda: city.histogram_rows("north.median", 2) == 10)


def test_unchanged_readings_are_told_again_only_with_the_beat(city: City) -> None:
    by_rows = definition("north", reported="rows", late="1h", stale="2h")
    city.redefine("v1", north=by_rows)
    city.places["north"].add(1, 3)
    asked: list[str] = []

    class Counted(SqlSource):
        def reported(self, dataset: str) -> datetime | None:
            asked.append(dataset)
            return super().reported(dataset)

    with city.collecting(replace(QUICK, beat=60.0, past=60.0), make_source=Counted):
        city.watch.until(lambda: "compare" in city.watch.reading("north.opened"))
        city.watch.until(lambda: city.watch.value("north.opened") == 3)

        def stays() -> bool:
            before, ticks = city.watch.reading("north.opened"), len(asked)
            city.watch.until(lambda: len(asked) > ticks + 5)
            return bool(city.watch.reading("north.opened") == before)

        # The history that is still being read may change its comparisons once or twice at first.
        city.watch.until(stays, 30)
