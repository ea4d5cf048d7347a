"""Matrices: values by two dimensions, marked where they breach a limit, worst first on a phone."""

from typing import Any

from pages_city import NOW, ZONE, sections, view_of
from test_pages_render import components, panel, words

from dashboard.catalogue.pages import Panel
from dashboard.measures import JOINT
from dashboard.ports import Point, Series
from dashboard.readings import instant
from layouts.panels.frame import export_link, render_split
from layouts.panels.needs import Answers, requests_of

MATRIX = panel("matrix")


def shown(*cells: tuple[str, str, float, int]) -> Any:
    """The matrix of some cells: step, port, value, rows."""
    view = view_of()
    [request] = requests_of(MATRIX, view.catalogue, NOW, ZONE)
    points = [Point(request.window[0], JOINT.join(one[:2]), one[2], one[3]) for one in cells]
    return render_split(
        view, MATRIX, Answers({request: Series(request, "total", points, "history")})
    )


CELLS = (("tax", "5101", 80.0, 90), ("tax", "5102", 20.0, 50), ("review", "5101", 5.0, 3))


def cells_of(made: Any) -> list[Any]:
    return [one for one in components(made) if type(one).__name__ == "Td"]


def test_the_pair_is_asked_for_in_the_order_in_which_it_is_kept() -> None:
    turned = MATRIX.model_copy(update={"by": "port", "across": "stage"})
    for wanted in (MATRIX, turned):
        [request] = requests_of(wanted, view_of().catalogue, NOW, ZONE)
        assert (request.by, request.grain) == ("stage,port", "total")
    assert "by=stage%2Cport" in export_link(view_of(), MATRIX, "csv")


def test_a_cell_has_value_and_n_and_is_marked_where_it_breaches_a_limit() -> None:
    cells = {
        words(one).strip(): one.className for one in cells_of(shown(*CELLS)) if words(one).strip()
    }
    assert [name.split()[1] for said, name in cells.items() if "80.0" in said] == ["is-normal"]
    assert [name.split()[1] for said, name in cells.items() if "20.0" in said] == ["is-warning"]
    assert any("n 50" in said for said in cells)


def test_a_rate_on_few_rows_is_shown_in_grey_and_judged_by_nobody() -> None:
    few = [one for one in cells_of(shown(*CELLS)) if "5.0" in words(one)]
    assert [one.className.split()[1:] for one in few] == [["is-normal", "few"]]


def test_a_phone_lists_the_worst_cells_by_name() -> None:
    items = [words(one) for one in components(shown(*CELLS)) if type(one).__name__ == "Li"]
    assert "缴税 · 南海三山" in items[0]
    assert len(items) == 2


def test_a_state_is_shown_as_the_collector_read_it() -> None:
    wanted = Panel(kind="matrix", indicators=["customs.state_of_port"], by="stage", across="port")
    view = view_of()
    assert "采集后显示" in words(render_split(view, wanted, Answers({})))
    frame = sections()
    cells = [["tax", "5101", None, 1, "open"]]
    entry = {"department": "customs", "at": instant(NOW), "cells": cells}
    frame["lists"]["customs.state_of_port|stage,port"] = entry
    said = words(render_split(view_of(sections=frame), wanted, Answers({})))
    assert "缴税" in said
    assert "读得" in said
