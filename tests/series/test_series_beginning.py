"""Before a department's first row nothing was recorded: that is unknown, and not none."""

from collections.abc import Callable
from datetime import timedelta

from series_ground import DAY, NOW, SHANGHAI, Case, City, every

from dashboard.windows import TOTAL, bucket_start

HOUR = timedelta(hours=1)
TODAY = bucket_start(NOW, "1d", SHANGHAI)
READ = (TODAY - 60 * DAY, TODAY + 5 * HOUR)
"""How far back the department's history was read."""
WEEK = (TODAY - 5 * DAY, TODAY)


def begun(town: City, since: timedelta, step: timedelta = HOUR) -> None:
    """A department whose rows begin so long before today, though it was read much further back."""
    first = TODAY - since
    town.fill(READ, every(step, (first, TODAY), Case))


def test_a_count_is_unknown_before_the_first_row_and_not_zero(town: City) -> None:
    begun(town, 2 * DAY)
    series = town.ask("opened", WEEK, "1d")
    assert [point.value for point in series.points] == [None, None, None, 24, 24]
    assert series.since == TODAY - 2 * DAY
    assert town.values("opened", (WEEK[0], WEEK[0] + DAY), TOTAL) == [None]
    assert town.values("opened", WEEK, TOTAL) == [48]


def test_the_day_of_the_first_row_is_known(town: City) -> None:
    begun(town, 1.5 * DAY)
    assert town.values("opened", WEEK, "1d") == [None, None, None, 12, 24]


def test_none_after_the_first_row_stay_none(town: City) -> None:
    night = every(HOUR, (TODAY - 4 * DAY, TODAY - 3 * DAY), Case)
    town.fill(READ, [*night, *every(HOUR, (TODAY - DAY, TODAY), Case)])
    assert town.values("opened", WEEK, "1d") == [None, 24, 0, 0, 24]


def test_what_is_rare_may_have_been_none_before_the_first_that_is_known(town: City) -> None:
    town.fill(READ, [Case(TODAY - 20 * DAY), Case(TODAY - 3 * DAY)])
    series = town.ask("opened", (TODAY - 30 * DAY, TODAY), "1d")
    assert [point.value for point in series.points].count(0) == 28
    assert series.since is None


def test_a_history_that_begins_with_its_first_row_hides_nothing(town: City) -> None:
    town.fill((TODAY - 2 * DAY, READ[1]), every(HOUR, (TODAY - 2 * DAY + 5 * HOUR, TODAY), Case))
    assert town.values("opened", (TODAY - 2 * DAY, TODAY), "1d") == [19, 24]
    assert town.values("opened", (TODAY - 2 * DAY, TODAY - DAY), "1h")[:6] == [0] * 5 + [1]


def test_a_history_that_begins_within_the_hour_of_a_row_is_told_as_ever(town: City) -> None:
    half = timedelta(minutes=30)
    town.fill((TODAY - DAY, READ[1]), [Case(TODAY - DAY + half)], (TODAY - DAY + half, READ[1]))
    assert town.values("opened", (TODAY - DAY, TODAY), "1h")[1:] == [0] * 23


def test_a_state_told_of_the_time_before_the_first_row_is_unknown(town: City) -> None:
    begun(town, 2 * DAY)
    noons = [TODAY - n * DAY + 12 * HOUR for n in range(5, 0, -1)]
    values = zip(noons, [0.0, 2.0, 0.0, 0.0, 3.0], strict=True)
    town.sample("open", [(at, "", value) for at, value in values])
    # What is known of it stays known; what is none since the first row is none.
    assert town.values("open", WEEK, "1d") == [None, 2.0, None, 0.0, 3.0]
    assert town.ask("open", WEEK, "1d").since == TODAY - 2 * DAY


def test_what_is_derived_begins_with_the_last_of_its_inputs(town: City) -> None:
    begun(town, 2 * DAY)
    series = town.ask("share", WEEK, "1d")
    assert [point.value is None for point in series.points] == [True, True, True, False, False]
    assert series.since == TODAY - 2 * DAY


def test_further_history_that_is_read_later_is_looked_at_anew(
    make_city: Callable[..., City],
) -> None:
    town = make_city()
    rows = every(HOUR, (TODAY - 5 * DAY, TODAY), Case)
    town.fill((TODAY - DAY, READ[1]), rows[-24:])
    assert town.values("opened", WEEK, "1d") == [None, None, None, None, 24]
    town.fill(READ, rows)
    assert town.values("opened", WEEK, "1d") == [24] * 5
