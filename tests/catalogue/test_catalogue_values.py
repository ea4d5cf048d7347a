"""Values that are well written and cannot be: each is told by file and line, and nobody counts by it."""

from datetime import timedelta

import pytest
from catalogue_city import ENVIRON, City
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalogue.load import load
from dashboard.catalogue.model import parse_span
from dashboard.windows import LONGEST

PARKS = "departments/parks.yaml"
LIAISON = "liaison: {zh: 信息科, en: Information section}\n"
CALENDAR = "    calendar: gates\n"
STAY = "    time: left\n"
CENTURY = "a span of a century (36525d) at the most"
ABOVE = "a span above zero"
HOURS = "hours such as 02:00-05:00"
WRONG = [
    (LIAISON, 'quiet: "25:00-26:00"\n', "quiet '25:00-26:00'", HOURS),
    (LIAISON, 'quiet: "22:60-23:00"\n', "quiet '22:60-23:00'", HOURS),
    (LIAISON, 'quiet: "24:00-02:00"\n', "quiet '24:00-02:00'", HOURS),
    (LIAISON, 'quiet: "22:00-24:01"\n', "quiet '22:00-24:01'", HOURS),
    (LIAISON, "limits: {statement: 0s}\n", "'0s'", ABOVE),
    (CALENDAR, "    refresh: 0s\n", "'0s'", ABOVE),
    (CALENDAR, "    refresh: 0.0000001s\n", "'0s'", ABOVE),
    (CALENDAR, "    tail: 999999999999d\n", "'999999999999d'", CENTURY),
    (CALENDAR, f"    history: {'9' * 400}d\n", "9d'", CENTURY),
    (CALENDAR, "    history: 36526d\n", "'36526d'", CENTURY),
    (STAY, "    refresh: 0m\n", "'0s'", ABOVE),
    (STAY, "    stale: 99999999999999999h\n", "'99999999999999999h'", CENTURY),
    (STAY, "    window: 0m\n", "window '0m'", "a span such as 30m"),
    (STAY, "    window: 99999d\n", "window '99999d'", "a shorter one"),
    (STAY, "    windows: [7d, 9999999m]\n", "window '9999999m'", "a span such as 30m"),
]


@pytest.mark.parametrize(("after", "line", "found", "expected"), WRONG)
def test_a_value_that_cannot_be_is_told_by_its_line(
    city: City, after: str, line: str, found: str, expected: str
) -> None:
    at = city.edit(PARKS, after, after + line)
    catalogue = load(city.folder, ENVIRON)
    told = [problem for problem in catalogue.problems if found in problem.found]
    assert len(told) == 1, "\n".join(map(str, catalogue.problems))
    assert (told[0].file, told[0].line) == (f"catalog/{PARKS}", at + 1)
    assert expected in told[0].expected
    assert catalogue.indicator("water.readings") is not None


@pytest.mark.parametrize("wrong", ["local, slot: 0m}", "epoch, unit: 0}"])
def test_slots_and_units_of_nothing_are_told(city: City, wrong: str) -> None:
    city.edit(PARKS, "{column: entered_at, kind: local}", "{column: entered_at, kind: " + wrong)
    catalogue = load(city.folder, ENVIRON)
    assert any(problem.file == f"catalog/{PARKS}" for problem in catalogue.problems)


@pytest.mark.parametrize("quiet", ["22:00-24:00", "00:00-24:00", "23:00-02:00", "00:00-00:00"])
def test_quiet_hours_may_end_with_the_day(city: City, quiet: str) -> None:
    city.edit(PARKS, LIAISON, LIAISON + f'quiet: "{quiet}"\n')
    assert load(city.folder, ENVIRON).problems == ()


@given(st.from_regex(r"[0-9]{1,400}(\.[0-9]{1,3})?[smhd]", fullmatch=True) | st.text(max_size=9))
def test_a_span_is_one_of_a_century_at_the_most_or_is_told_as_wrong(text: str) -> None:
    try:
        span = parse_span(text)
    except ValueError:
        return
    assert timedelta(0) <= span <= LONGEST
