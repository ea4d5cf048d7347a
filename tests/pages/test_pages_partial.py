"""A chart of several indicators of which some do not answer: what stands for itself is drawn, what
would be taken for something else is not."""

import pytest
from pages_city import view_of
from pages_fakes import FakeSeries, services
from test_pages_render import words

from callbacks import panels
from callbacks.panels import answers_of, chart_of
from dashboard.catalogue.pages import Panel
from layouts.panels import draw
from layouts.panels.draw import Drawn, Scheme

MEDIAN, P90 = "customs.clearance_median", "customs.clearance_p90"


async def drawn(kind: str, broken: str) -> Drawn:
    view, given = view_of(), services(series=FakeSeries(broken={broken}))
    panel = Panel.model_validate({"kind": kind, "indicators": [MEDIAN, P90], "window": "7d"})
    answers = await answers_of(given, view, panel)
    return draw.draw_panel(view, panel, answers, Scheme("light"))


async def test_one_edge_of_a_band_is_not_drawn_as_its_middle() -> None:
    found = await drawn("band", MEDIAN)
    assert found.figure["data"] == []
    assert "没有应答" in found.note
    assert "中位" in found.note, "which of the two is missing"


async def test_a_trend_goes_on_with_the_lines_it_has_and_names_them_and_the_other() -> None:
    found = await drawn("trend", MEDIAN)
    names = {line.get("name") for line in found.figure["data"]}
    assert any("P90" in str(name) for name in names), "a line alone has a name all the same"
    assert found.note == ""
    assert found.missing.startswith("缺中位：")


async def test_what_is_missing_is_said_in_a_corner_of_the_chart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = services(series=FakeSeries(broken={MEDIAN}))
    panel = Panel(kind="trend", indicators=[MEDIAN, P90], window="7d")
    monkeypatch.setattr(panels, "panel_of", lambda catalogue, name: panel)
    figure, note = await chart_of(given, view_of(), "", Scheme("light"), again=False)
    assert figure["data"]
    assert words(note).startswith("缺中位：")
