"""The next bus at a stop: what can be chosen, what is answered, who may ask, and that it is noted."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from bus_city import bus_services
from dash import no_update
from dash.development.base_component import Component
from small_city import NOW, MemoryHistory

from callbacks.lookups import Asker, answer_panel
from callbacks.services import Services
from dashboard.access import EVERYTHING, Person, Refused
from dashboard.lookups import chosen_of, in_order, lookup_of
from dashboard.ports import Unreachable
from layouts.pages.contents import page_of, panel_name

CLERK = Person("clerk", actions=EVERYTHING)


class Clock:
    """A clock that a test moves."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Counting:
    """Sources that note what is asked of them, and refuse to be opened in the event loop."""

    def __init__(self, sources: Any) -> None:
        self.sources = sources
        self.put: list[str] = []

    def of(self, department: str) -> Any:
        assert threading.current_thread() is not threading.main_thread()
        source = self.sources.of(department)

        def asking(name: str) -> Any:
            def ask(*args: Any) -> Any:
                self.put.append(name)
                return getattr(source, name)(*args)

            return ask

        return SimpleNamespace(look_up=asking("look_up"), options=asking("options"))


LINE = {"route_short_name": "115路"}
STOP = LINE | {"stop_name": "市二医院"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("buses")


@pytest.fixture(scope="module")
def city(folder: Path) -> Services:
    return bus_services(folder)


@pytest.fixture
def asker(city: Services) -> Asker:
    return Asker(city)


@pytest.fixture(scope="module")
def panel(city: Services) -> str:
    """The name of the lookup on the transit page."""
    page = page_of(city.catalogue, "transit")
    assert page is not None
    places = [place for place, one in enumerate(page.panels) if one.kind == "lookup"]
    return panel_name("transit", places[0])


def rows_of(components: Any) -> list[list[str]]:
    """The cells of the answer's table."""
    found: list[list[str]] = []

    def walk(one: Any) -> None:
        if isinstance(one, list | tuple):
            for each in one:
                walk(each)
        elif isinstance(one, Component):
            if type(one).__name__ == "Tr" and type(one.children[0]).__name__ == "Td":
                found.append([cell.children for cell in one.children])
            walk(getattr(one, "children", None))

    walk(components)
    return found


async def test_lines_stops_and_directions_narrow_each_other(asker: Asker, panel: str) -> None:
    found = await answer_panel(asker, CLERK, panel, {}, "zh", goes_on=False)
    assert found is not None
    lines, stops, _ = ([one["value"] for one in options] for options in found[0])
    assert len(lines) == 56
    assert lines == in_order(lines)
    assert "市二医院" in stops
    assert len(stops) > 300
    assert "请选择线路和站点" in str(found[1])
    narrowed = await answer_panel(asker, CLERK, panel, LINE, "zh", goes_on=False)
    assert narrowed is not None
    assert len(narrowed[0][0]) == 56, "another line can still be chosen"
    assert 15 < len(narrowed[0][1]) < 30
    assert len(narrowed[0][2]) == 2


async def test_lines_have_english_names_and_are_found_by_what_is_written_too(
    asker: Asker, panel: str
) -> None:
    found = await answer_panel(asker, CLERK, panel, {}, "en", goes_on=False)
    assert found is not None
    line = next(one for one in found[0][0] if one["value"] == "115路")
    assert line["label"] == "Bus 115"
    assert {"115路", "115"} <= set(line["search"].split())
    chinese = await answer_panel(asker, CLERK, panel, {}, "zh", goes_on=False)
    assert chinese is not None
    assert all(one["label"] == one["value"] for one in chinese[0][0])


async def test_an_outage_takes_no_choice_away(
    asker: Asker, panel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> object:
        raise Unreachable("the department does not answer")

    monkeypatch.setattr(asker, "options", silent)
    found = await answer_panel(asker, CLERK, panel, LINE, "zh", goes_on=True)
    assert found is not None
    assert found[0] == [no_update] * 3, "a list without the chosen value would empty the choice"
    assert "没有应答" in str(found[1])


async def test_a_stop_is_found_by_its_pinyin(asker: Asker, panel: str) -> None:
    found = await answer_panel(asker, CLERK, panel, LINE, "zh", goes_on=False)
    assert found is not None
    hospital = next(one for one in found[0][1] if one["value"] == "市二医院")
    assert "seyy" in hospital["search"]
    assert "shieryiyuan" in hospital["search"]


async def test_the_next_buses_are_those_that_come_nearest_first(
    asker: Asker, panel: str, folder: Path
) -> None:
    found = await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=False)
    assert found is not None
    with sa.create_engine(f"sqlite:///{folder}/transit.sqlite").connect() as connection:
        buses, calls = (
            pd.read_sql_query(sa.select(sa.text("*")).select_from(sa.table(name)), connection)
            for name in ("vehicle_positions", "stop_times")
        )
    here = calls[(calls.stop_name == "市二医院") & (calls.route_short_name == "115路")]
    near = buses[(buses.in_service == 1)].merge(here, on=["route_id", "direction_id"])
    near = near[near.stop_sequence >= near.current_stop_sequence]
    near = near[(NOW.timestamp() - near.timestamp).between(-60, 600)]
    near["away"] = near.shape_dist_traveled - near.distance_traveled
    near = near.sort_values(["away", "vehicle_id"]).head(5)
    moving = (near.current_status != "STOPPED_AT").astype(int)
    wanted = [
        [row.trip_headsign, str(stops), f"{row.away / 1000:.1f}", row.vehicle_id]
        for row, stops in zip(
            near.itertuples(), near.stop_sequence - near.current_stop_sequence + moving, strict=True
        )
    ]
    rows = rows_of(found[1])
    assert len(rows) == len(wanted) >= 3
    assert [[row[0], row[1], row[2], row[5]] for row in rows] == wanted
    assert all("前" in row[4] for row in rows), "each says how old its position is"


async def test_one_direction_is_answered_alone(asker: Asker, panel: str) -> None:
    narrowed = await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=False)
    assert narrowed is not None
    way = narrowed[0][2][0]["value"]
    one = await answer_panel(
        asker, CLERK, panel, STOP | {"trip_headsign": way}, "zh", goes_on=False
    )
    assert one is not None
    assert {row[0] for row in rows_of(one[1])} == {way}


async def test_each_new_question_is_noted_with_what_was_chosen(
    asker: Asker, panel: str, city: Services
) -> None:
    history = city.history
    assert isinstance(history, MemoryHistory)
    before = len(history.notes)
    await answer_panel(asker, CLERK, panel, LINE, "zh", goes_on=False)
    assert len(history.notes) == before, "choosing alone asks for no row"
    await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=False)
    assert history.notes[before:] == [("clerk", "lookup", "transit.approaches", STOP)]
    await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=True)
    assert len(history.notes) == before + 1, "the same look goes on"
    await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=False)
    assert len(history.notes) == before + 2, "a press of the button is a look of its own"


@pytest.mark.parametrize(
    ("person", "chosen"),
    [(CLERK, LINE | {"stop_name": "祖庙"}), (Person("other", actions=EVERYTHING), STOP)],
)
async def test_a_browser_that_says_its_look_goes_on_is_noted_where_it_does_not(
    asker: Asker, panel: str, city: Services, person: Person, chosen: dict[str, str]
) -> None:
    history = city.history
    assert isinstance(history, MemoryHistory)
    await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=False)
    before = len(history.notes)
    await answer_panel(asker, person, panel, chosen, "zh", goes_on=True)
    assert history.notes[before:] == [(person.name, "lookup", "transit.approaches", chosen)]


async def test_an_open_panel_is_noted_again_after_an_hour(city: Services, panel: str) -> None:
    clock = Clock()
    asker = Asker(replace(city, clock=clock))
    history = city.history
    assert isinstance(history, MemoryHistory)
    before = len(history.notes)
    for minutes, noted in ((0, 1), (59, 1), (61, 2), (62, 2)):
        clock.now = NOW + timedelta(minutes=minutes)
        await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=True)
        assert len(history.notes) == before + noted


async def test_the_same_question_is_put_once_in_some_seconds_for_all(
    city: Services, panel: str
) -> None:
    clock, asked = Clock(), Counting(city.sources)
    asker = Asker(replace(city, clock=clock, sources=asked))
    viewers = [Person(name, actions=EVERYTHING) for name in "abc"]
    await asyncio.gather(
        *(answer_panel(asker, one, panel, STOP, "zh", goes_on=True) for one in viewers)
    )
    assert sorted(asked.put) == ["look_up", *["options"] * 3]
    clock.now = NOW + timedelta(seconds=11)
    await answer_panel(asker, CLERK, panel, STOP, "zh", goes_on=True)
    assert asked.put.count("look_up") == 2, "an answer does not grow old"


@pytest.mark.parametrize(
    "person",
    [
        Person("viewer", actions=frozenset({"see"})),
        Person("customs", departments=frozenset({"customs"}), actions=EVERYTHING),
    ],
)
async def test_who_may_not_see_rows_is_refused(asker: Asker, panel: str, person: Person) -> None:
    with pytest.raises(Refused):
        await answer_panel(asker, person, panel, STOP, "zh", goes_on=False)


async def test_what_a_browser_makes_up_is_not_asked(asker: Asker, panel: str) -> None:
    told = lookup_of(asker.services.catalogue, "transit.approaches")
    assert told is not None
    made_up = {"route_short_name": 7, "stop_name": "x" * 500, "vehicle_id": "粤E10001", "": "1"}
    assert chosen_of(told, made_up) == {}
    assert await answer_panel(asker, CLERK, "transit/0|", STOP, "zh", goes_on=False) is None
    other = {"route_short_name": "' OR 1=1 --", "stop_name": "市二医院"}
    found = await answer_panel(asker, CLERK, panel, other, "zh", goes_on=False)
    assert found is not None
    assert rows_of(found[1]) == []
    assert "没有车开往该站" in str(found[1])
