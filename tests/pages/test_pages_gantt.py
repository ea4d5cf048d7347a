"""What is open over time: each row of a list in the stages it has reached."""

from datetime import timedelta
from typing import Any

from pages_city import NOW, listed, sections, view_of
from test_pages_lists import SEEING
from test_pages_render import panel

from dashboard.readings import instant
from layouts.panels.draw import Drawn, Scheme, draw_panel
from layouts.panels.needs import Answers

GANTT = panel("gantt")
KEY = "customs.unreleased_14d"


def drawn(rows: list[list[Any]] | None, read: float = 0, **more: Any) -> Drawn:
    """The panel over some rows: number, hours since arrival, hours since release; read
    so many hours ago."""
    frame = sections()
    entry = listed() | {
        "columns": ["decl_no", "arrive_time", "release_time"],
        "rows": rows or [],
        "ids": ["x"] * len(rows or []),
        "at": ago(read)["at"],
    }
    frame["lists"] = {KEY: entry} if rows is not None else {}
    return draw_panel(view_of(sections=frame, **more), GANTT, Answers({}), Scheme("light"))


def ago(hours: float | None) -> Any:
    return None if hours is None else {"at": instant(NOW - timedelta(hours=hours))}


def test_each_stage_lasts_until_the_next_and_the_last_goes_on() -> None:
    figure = drawn([["A1", ago(5), ago(2)], ["A2", ago(3), None]]).figure
    arrived, released, ends = figure["data"]
    assert (arrived["name"], released["name"]) == ("到港", "放行")
    assert [round(x / 3600) for x in arrived["x"]] == [3, 3]
    assert [round(x / 3600) for x in released["x"]] == [2]
    assert ends["y"] == [0, 1]
    assert figure["layout"]["yaxis"]["ticktext"] == ["A1", "A2"]
    assert "A1" in arrived["text"][0]
    assert "到港" in arrived["text"][0]


def test_times_out_of_order_and_in_the_future_are_passed_over() -> None:
    figure = drawn([["A1", ago(5), ago(9)], ["A2", ago(3), ago(-2)]]).figure
    _, released, _ = figure["data"]
    assert released["y"] == []


def test_what_is_open_goes_on_until_its_rows_were_read_and_no_further() -> None:
    """Two hours ago they were read: nobody knows whether they are open still."""
    figure = drawn([["A1", ago(5), None], ["A2", ago(3), ago(1)]], read=2).figure
    arrived, released, _ = figure["data"]
    assert [round(x / 3600) for x in arrived["x"]] == [3, 1]
    assert released["y"] == []


def test_what_began_long_ago_begins_at_the_edge() -> None:
    rows = [["A1", ago(400), None], ["A2", ago(3), None], ["A3", ago(2), None]]
    figure = drawn(rows).figure
    start, end = figure["layout"]["xaxis"]["range"]
    assert (end - start) / 3600 < 13
    assert min(figure["data"][0]["base"]) == start


def test_why_nothing_is_drawn_is_said() -> None:
    assert drawn(None).note == "采集后显示"
    assert drawn([]).note == "现在没有"
    assert drawn([["A1", None, None]]).note == "记录里还没有时间"
    assert drawn([["A1", ago(2), None]], person=SEEING).note == "没有查看记录的权限"
