"""Worst first: in which order rows stand, on which scale their bars are, and where a mark leads."""

from dataclasses import replace
from datetime import timedelta

from pages_city import NOW, listed, reading, sections, view_of
from test_pages_render import answers, components, words
from test_pages_scales import seeing, with_indicator

from dashboard.catalogue.pages import Panel
from dashboard.readings import instant
from layouts.pages.department import render_department
from layouts.panels.frame import render_panel
from layouts.panels.order import by_severity, natural, worst_first
from layouts.panels.split import columns_of

RATE = "customs.auto_release_rate"
OPEN = "customs.unreleased_14d"
BY_PORT = Panel(kind="ranked", indicators=[RATE], by="port", window="7d")
PORTS = ["5101", "5102", "5103", "5104"]


def test_line_nine_stands_before_line_ten() -> None:
    assert sorted(["10", "9", "K1", "109", "K10", "K9"], key=natural) == ["9", "10", "109", "K1", "K9", "K10"]  # fmt: skip


def test_equals_stand_by_their_names_and_few_rows_behind_the_others_in_their_own_order() -> None:
    given = answers(view_of(), BY_PORT)
    request, series = next(iter(given.series.items()))
    values = {"5101": (90, 3), "5102": (50, 3), "5103": (80, 99), "5104": (80, 99)}
    points = [replace(p, value=values[p.code][0], n=values[p.code][1]) for p in series.points]
    shown = replace(given, series={request: replace(series, points=points)})
    column = columns_of(view_of(), BY_PORT, shown)[0]
    assert worst_first(column, reversed(PORTS)) == ["5103", "5104", "5102", "5101"]


def test_numbers_of_different_things_are_not_compared_by_their_size() -> None:
    frame = sections()
    frame["readings"] |= {
        "customs.unreleased": reading("customs.unreleased", 0),
        RATE: reading(RATE, 3),
        OPEN: reading(OPEN, 5000),
        "customs.release_share": reading("customs.release_share", 1, level="alarm"),
    }
    keys = ["customs.unreleased", RATE, OPEN, "customs.release_share"]
    assert by_severity(view_of(sections=frame), keys) == [keys[3], RATE, OPEN, keys[0]]


def test_a_breach_that_nobody_knows_any_more_is_none() -> None:
    frame = sections()
    frame["readings"][OPEN] |= {"state": "unavailable", "level": "alarm"}
    keys = ["customs.unreleased", OPEN]
    assert by_severity(view_of(sections=frame), keys) == keys


def test_rows_with_a_deadline_say_what_is_left_of_it() -> None:
    frame, rows = sections(), listed()
    ends = [NOW - timedelta(hours=3), NOW + timedelta(minutes=5), NOW + timedelta(hours=4)]
    for row, end in zip(rows["rows"], ends, strict=True):
        row[2] = {"at": instant(end)}
    frame["lists"] = {OPEN: rows}
    view = seeing(with_indicator(OPEN, deadline="arrived"), sections=frame)
    made = render_panel(view, Panel(kind="rows", indicators=[OPEN]), "customs/9")
    cells = [one for one in components(made) if "row-due" in str(getattr(one, "className", ""))]
    assert [getattr(one, "data-due") for one in cells] == ["over", "near", "later"]
    said = words(made)
    assert "剩余时间" in said
    assert "超时 3" in said
    assert "已持续" not in said


def test_the_mark_of_a_department_leads_to_what_is_in_breach() -> None:
    shown = render_department(view_of(), "customs")
    strip = next(
        one for one in components(shown) if "in-breach" in str(getattr(one, "className", ""))
    )
    links = [getattr(one, "href", None) for one in components(strip)]
    assert f"/indicator/{OPEN}" in links
