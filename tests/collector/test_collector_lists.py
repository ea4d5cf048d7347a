"""Lists of rows: the collector keeps the worst few ready, and no private column leaves a department."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from itertools import pairwise
from time import monotonic
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from collecting import INDICATORS, QUICK, City, T, definition, slower
from psycopg.types.range import Range

from dashboard.catalogue import Catalogue
from dashboard.catalogue.layers import Layer
from dashboard.catalogue.pages import Page, Panel
from dashboard.ports import Listed
from data_access.collector import Pace
from data_access.collector.agenda import agenda_of
from data_access.collector.board import Board
from data_access.collector.histograms import Histograms
from data_access.collector.lists import list_section
from data_access.collector.roster import Roster

WAITING = Panel(kind="rows", indicators=["north.waiting"])
SHOWN: dict[str, Any] = {"show": {"id": T, "town": T, "opened": T}, "private": ["town"]}


def show(city: City, version: str, *panels: Panel) -> None:
    """A catalogue whose page has these panels."""
    kept = {"indicators": {"waiting": INDICATORS["waiting"] | {"roles": ["clerk"]}}}
    departments = {key: definition(key, **SHOWN, **kept) for key in city.places}
    urls = {key: place.url for key, place in city.places.items()}
    page = Page.model_validate({"key": "north", "title": T, "panels": panels})
    city.holder.catalogue = Catalogue(version, departments, pages={"north": page}, urls=urls)


def test_rows_of_a_page_are_kept_ready_without_their_private_columns(city: City) -> None:
    city.places["north"].add(1, 3)
    show(city, "v1", WAITING)
    with city.collecting():
        watch = city.watch
        watch.until(lambda: watch.section("lists"), what="the list")
        entry = watch.section("lists")["north.waiting"]
        assert entry["department"] == "north"
        assert entry["roles"] == ["clerk"]
        assert entry["columns"] == ["id", "opened"]
        assert sorted(row[0] for row in entry["rows"]) == [1, 2, 3]
        assert entry["rows"][0][1]["at"].endswith("Z")
        assert sorted(entry["ids"]) == ["1", "2", "3"]
        city.places["north"].change(range(1, 3), closed=1)
        watch.until(lambda: len(watch.section("lists")["north.waiting"]["rows"]) == 1)


def test_whatever_an_engine_has_in_a_cell_can_be_published() -> None:
    cells = [
        timedelta(hours=30),
        time(8, 30),
        date(2026, 11, 25),
        Decimal("1.50"),
        IPv4Address("10.0.0.1"),
        Range(1, 5),
        b"\x00",
        2**70,
        ["a"],
        None,
        7,
        0.5,
        True,
        "x",
    ]
    listed = Listed([str(n) for n in range(len(cells))], [cells], ["1"])
    found = list_section(definition("north"), {"north.waiting": (listed, datetime.now(UTC))})
    [row] = orjson.loads(orjson.dumps(found))["north.waiting"]["rows"]
    assert row[:4] == ["1 day, 6:00:00", "08:30:00", "2026-11-25", "1.50"]
    assert all(isinstance(cell, str) for cell in row[:9])
    assert row[9:] == [None, 7, 0.5, True, "x"]


def test_rows_are_read_to_be_shown_no_more_often_than_they_are_worth(city: City) -> None:
    """All but layers of what moves, which are read with every refresh."""
    layer = {"key": "here", "title": T, "kind": "points", "dataset": "north.orders"}
    place = {"position": {"by": "town"}}
    still = Layer.model_validate(layer | place)
    moving = Layer.model_validate(layer | place | {"key": "moving", "moves": True})
    agenda = agenda_of(definition("north"), (still, moving), ("north.waiting",), ())
    desk: Any = SimpleNamespace(agenda=agenda, department=agenda.department)
    rest: Any = None
    roster = Roster(desk, Pace(), rest, rest, rest, rest, Histograms(desk), rest, rest)
    every = {job.name: job.every for job in roster.jobs(0.0)}
    assert every["layer/here"] == every["list/north.waiting"] == 30.0
    assert every["layer/moving"] == every["tick/orders"] < 30.0


def test_what_ends_together_is_told_together(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dataset read every 0.3 s, and all of a department told once a second."""
    told: list[float] = []
    sections = Board.sections

    def counted(self: Board, catalogue: Catalogue, now: datetime) -> Any:
        if self.agenda.department.key == "north":
            told.append(monotonic())
        return sections(self, catalogue, now)

    monkeypatch.setattr(Board, "sections", counted)
    city.places["north"].add(1, 3)
    show(city, "v1", WAITING)
    with city.collecting(slower(QUICK, publish=1.0, judge=30.0)):
        city.watch.until(lambda: len(told) > 3, 10, "news")
        assert city.watch.value("north.opened") == 3
    assert all(after - before > 0.9 for before, after in pairwise(told))


def test_a_list_that_no_page_shows_any_more_is_taken_down(city: City) -> None:
    city.places["north"].add(1, 3)
    show(city, "v1", WAITING)
    with city.collecting():
        watch = city.watch
        watch.until(lambda: watch.section("lists"))
        show(city, "v2")
        watch.until(lambda: not watch.section("lists"))
