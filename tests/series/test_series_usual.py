"""What is usual: the range of a weekday and hour, and what limits compare with."""

import random
from datetime import timedelta

import pytest
from series_ground import DAY, NOW, SHANGHAI, Case, City

from dashboard.baseline import band_of, quantile, unusual_above, usual_range
from dashboard.windows import bucket_start, local_day, midnight, resolve, shift

TODAY = midnight(local_day(NOW, SHANGHAI), SHANGHAI)
HOUR = bucket_start(NOW, "1h", SHANGHAI)


def _weeks(counts: list[int], districts: str = "a") -> list[Case]:
    """This hour of the week, so many rows so many weeks ago; elsewhere none."""
    return [
        Case(shift((HOUR, HOUR), -7 * week, SHANGHAI)[0] + timedelta(minutes=5), code)
        for week, count in enumerate(counts, 1)
        for code in districts
        for _ in range(count)
    ]


def _fill(town: City, rows: list[Case]) -> None:
    town.fill((TODAY - 60 * DAY, NOW.replace(minute=35, second=0)), rows)


def test_the_usual_range_is_of_the_same_hour_of_the_week(town: City) -> None:
    counts = [8, 1, 2, 3, 4, 5, 6, 7]
    _fill(town, _weeks(counts))
    edges = {at: rest for at, *rest in town.desk.usual("cases.opened", (HOUR, NOW))}
    wanted = [quantile(sorted(map(float, counts)), q) for q in (0.1, 0.5, 0.9)]
    assert edges == {HOUR: wanted}


def test_hours_without_rows_are_usual_too(town: City) -> None:
    _fill(town, _weeks([1] * 8))
    edges = town.desk.usual("cases.opened", (HOUR - timedelta(hours=2), NOW))
    assert [edge[2] for edge in edges] == [0.0, 0.0, 1.0]


def test_the_nothing_of_before_a_departments_first_row_is_not_usual(town: City) -> None:
    """Its history is read, and there was none: eight weeks of zeros would call every day a surge."""
    _fill(town, _weeks([70, 70]))
    assert town.desk.usual("cases.opened", (HOUR, NOW)) == []


def test_in_finer_grains_a_count_is_its_part_of_the_hour(town: City) -> None:
    _fill(town, _weeks([12] * 8))
    [edge] = town.desk.usual("cases.opened", (HOUR, NOW), "5m")
    assert edge[2] == 1.0
    [same] = town.desk.usual("cases.longest", (HOUR, NOW), "5m")
    assert same[2] == 1.0


def test_days_have_a_usual_range_of_their_own(town: City) -> None:
    _fill(town, _weeks([4] * 8))
    [edge] = town.desk.usual("cases.opened", (TODAY, NOW), "1d")
    assert edge == (TODAY, 4.0, 4.0, 4.0)


def test_one_part_of_a_split_has_a_usual_range_of_its_own(town: City) -> None:
    _fill(town, _weeks([2] * 8, "a") + _weeks([6] * 8, "b"))
    [edge] = town.desk.usual("cases.opened", (HOUR, NOW), by="district", part="b")
    assert edge[1:] == (6.0, 6.0, 6.0)
    assert town.desk.usual("cases.opened", (HOUR, NOW), by="district", part="unheard") == []


def test_a_history_that_is_too_young_says_nothing(town: City) -> None:
    town.fill((TODAY - 10 * DAY, NOW.replace(minute=35, second=0)), _weeks([5]))
    assert town.desk.usual("cases.opened", (HOUR, NOW)) == []
    assert town.desk.against("cases.opened", "weekday_hour") == {}
    assert town.desk.against("cases.opened", "four_weeks") == {"": 0.5}


def _every_hour(per_hour: int, district: str = "a") -> list[Case]:
    """Eight weeks of so many rows an hour, three more and three fewer in turn."""
    return [
        Case(HOUR - timedelta(hours=hour, minutes=-5), district)
        for hour in range(1, 59 * 24)
        for _ in range(per_hour + 3 * ((hour // 24) % 3 - 1))
    ]


def test_limits_compare_with_what_the_hour_of_the_week_exceeds_once_in_a_hundred(
    town: City,
) -> None:
    _fill(town, _every_hour(9) + _every_hour(4, "b"))
    found = town.desk.against("cases.opened", "weekday_hour", "district")
    # The median of this hour is 9 (4); single hours lie at most three from it.
    assert found[""] == pytest.approx(19, abs=1.5)
    assert found["a"] == pytest.approx(12, abs=1.5)
    assert found["b"] == pytest.approx(7, abs=1.5)


def test_the_p99_of_an_hour_is_not_the_largest_of_eight_values() -> None:
    chance = random.Random(5)
    counts = [float(sum(chance.random() < 0.1 for _ in range(400))) for _ in range(24 * 7 * 9)]
    first = HOUR - timedelta(hours=len(counts))
    points = [(first + timedelta(hours=n), value) for n, value in enumerate(counts)]
    above = []
    for back in range(1, 169):
        known = points[-168 * 8 - back : -back]
        start = points[-back][0]
        edge = unusual_above(known, (start, start + timedelta(hours=1)), SHANGHAI, counted=True)
        assert edge is not None
        above.append(points[-back][1] > edge)
    assert sum(above) <= 0.03 * len(above)
    assert 45 < edge < 65


def test_a_window_over_two_hours_is_compared_with_both_by_their_shares() -> None:
    points = [
        (HOUR - timedelta(hours=hour), 100.0 if (HOUR - timedelta(hours=hour)).hour == 4 else 0.0)
        for hour in range(1, 24 * 7 * 8)
    ]
    four = HOUR.replace(hour=4)
    edges = [
        unusual_above(points, (at, at + timedelta(hours=1)), SHANGHAI, counted=False)
        for at in (four, four + timedelta(minutes=20), four + timedelta(hours=1))
    ]
    assert edges == [pytest.approx(100), pytest.approx(200 / 3), pytest.approx(0)]


def test_too_few_weeks_say_nothing_of_an_hour() -> None:
    points = [(HOUR - timedelta(hours=hour), 5.0) for hour in range(1, 24 * 7 * 2)]
    window = (HOUR, HOUR + timedelta(hours=1))
    assert unusual_above(points, window, SHANGHAI, counted=True) is None


def test_rows_without_a_district_do_not_pass_for_the_total(town: City) -> None:
    rows = [Case(TODAY - DAY, code) for code in ("", "a", "a")]
    _fill(town, rows)
    assert town.desk.against("cases.opened", "day_before", "district") == {"": 3.0, "a": 2.0}


def test_limits_compare_with_the_same_time_a_day_and_a_week_before(town: City) -> None:
    rows = [Case(TODAY - DAY + timedelta(hours=1)), Case(TODAY - DAY + timedelta(hours=20))]
    rows += _weeks([3])
    _fill(town, rows)
    assert town.desk.against("cases.opened", "day_before", "district") == {"": 1.0, "a": 1.0}
    assert town.desk.against("cases.opened", "week_before") == {"": 3.0}


def test_a_stocks_past_is_its_sample_at_that_time(town: City) -> None:
    then = shift((NOW, NOW), -1, SHANGHAI)[0]
    town.sample("open", [(then - timedelta(minutes=4), "", 7.0), (then - DAY / 2, "", 1.0)])
    assert town.desk.against("cases.open", "day_before") == {"": 7.0}
    assert town.desk.against("cases.open", "week_before") == {}


def test_four_weeks_of_a_count_are_its_mean_at_this_time_of_the_day(town: City) -> None:
    window = resolve("today", NOW, SHANGHAI)
    early = [Case(window[0] - n * DAY + timedelta(hours=1)) for n in range(1, 29)]
    late = [Case(window[0] - n * DAY + timedelta(hours=20), "b") for n in range(1, 29)]
    _fill(town, [*early, *early[:14], *late])
    assert town.desk.against("cases.opened", "four_weeks", "district") == {"": 1.5, "a": 1.5}


def test_four_weeks_of_a_mean_are_of_all_their_rows(town: City) -> None:
    _fill(town, [Case(TODAY - DAY, wait=10.0), Case(TODAY - 28 * DAY, wait=40.0),
                 Case(TODAY - 29 * DAY, wait=900.0), Case(TODAY, wait=900.0)])  # fmt: skip
    assert town.desk.against("cases.wait", "four_weeks") == {"": 25.0}


def test_four_weeks_of_a_percentile_come_from_its_days_and_ask_nobody(town: City) -> None:
    chance = random.Random(3)
    rows = []
    for number in range(1, 29):
        start = TODAY - number * DAY
        day = [Case(start, wait=chance.lognormvariate(2, 1)) for _ in range(30)]
        town.close_day(start, day)
        rows += day
    exact = quantile(sorted(row.wait for row in rows), 0.9)
    assert town.desk.against("cases.p90", "four_weeks") == {"": pytest.approx(exact, rel=0.01)}
    assert town.source.asked_windows == []


def test_a_band_needs_some_values_and_passes_over_unknown_ones() -> None:
    assert band_of([1.0, 2.0]) is None
    points = [(HOUR - 7 * week * DAY, value) for week, value in enumerate([1, None, 3, 5])]
    [(hour, band)] = usual_range(points, SHANGHAI).items()
    assert hour == (6, 13)
    assert (band.low, band.mid, band.high, band.n) == (1.4, 3.0, 4.6, 3)


def test_quantiles_are_interpolated_between_ranks() -> None:
    assert quantile([1.0, 2.0, 4.0, 8.0], 0.5) == 3.0
    assert quantile([5.0], 0.99) == 5.0
    with pytest.raises(ValueError, match="at least one"):
        quantile([], 0.5)


def test_where_no_sample_tells_the_past_of_a_percentile_nothing_is_usual(town: City) -> None:
    """The line itself is asked of the department; a refusal of its past would take it away too."""
    _fill(town, _weeks([8] * 8))
    assert town.desk.usual("cases.p90", (NOW - DAY, NOW)) == []
    assert town.desk.usual("cases.p90", (NOW - DAY, NOW), by="district", part="a") == []
