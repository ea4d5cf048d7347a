"""A city that starts with seven mistakes in its catalogue: each is named once, and it still lives."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from catalogue.catalogue_city import City
from lifecycle.slips import MISTAKES, Mistake, assert_says_all, check, problems
from lifecycle.slips import made as slip
from outages.stage import Stage, shown, wait_for, wall_of
from playwright.sync_api import Browser
from servers import ROOT

from demo import DEPARTMENTS as DEMO

pytestmark = pytest.mark.timeout(600)
UNAVAILABLE = "transit"
"""The department whose URL is in no variable."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two days of the demo city with a catalogue of its own in `catalog`; nothing runs yet."""
    folder = tmp_path_factory.mktemp("mistaken")
    urls = {f"{name.upper()}_URL": f"sqlite:///{folder}/{name}.sqlite" for name in DEMO}
    catalogue = shutil.copytree(ROOT / "catalog", folder / "catalog")
    more = {"COMMAND_CENTER_CATALOG": str(catalogue), "COMMAND_CENTER_DEMO_DAYS": "2"}
    stage = Stage(folder, urls | more)
    try:
        stage.make_city()
        yield stage
    finally:
        stage.close()


@pytest.fixture(scope="module")
def places(sound: Stage) -> Iterator[dict[str, Mistake]]:
    """All seven mistakes at once, by the place that is to be named."""
    city = City(sound.folder)
    assert check(sound)[0] == 0
    with ExitStack() as all_made:
        yield {all_made.enter_context(slip(city, one)): one for one in MISTAKES.values()}


def test_the_check_names_seven_mistakes_at_once_in_one_line_each(
    sound: Stage, places: dict[str, Mistake]
) -> None:
    code, said = check(sound)
    assert code == 1
    assert len(places) == 7
    assert_says_all(said, places)


@pytest.mark.browser
def test_a_city_that_starts_with_mistakes_collects_and_shows_the_rest(
    sound: Stage, places: dict[str, Mistake], chromium: Browser
) -> None:
    for name in ("redis", "collect", "serve"):
        sound.start(name)
    wait_for(lambda: _collecting(sound) >= set(DEMO) - {UNAVAILABLE}, 120)
    assert UNAVAILABLE not in _collecting(sound)
    wait_for(lambda: problems(sound) == len(places), 60)
    named = sound.get("/readyz")["catalogue"]["named"]
    for place, mistake in places.items():
        assert [line for line in named if line.startswith(f"{place}: {mistake.said}")], place
    assert sound.get("/readyz")["departments"][UNAVAILABLE]["ok"] is False
    offered = {one["key"] for one in sound.get("/api/indicators")}
    assert "incidents.open_incidents" not in offered, "the tab costs its own indicator"
    assert {"incidents.rain_hour", "cases.return_rate", "customs.unreleased"} <= offered
    with wall_of(chromium, sound.url) as wall:
        numbers = shown(wall)
        assert "transit.road_index" in numbers, "the wall is there, with its first numbers"
        wall.goto(sound.url + "/status")
        for place in places:
            wall.wait_for_selector(f"text={place}")
        wall.goto(sound.url + "/department/transit")
        wall.wait_for_selector('.live-value[data-live="transit.bus_online_rate"]')


def _collecting(stage: Stage) -> set[str]:
    """The departments of which a reading has a value."""
    try:
        readings = stage.get("/api/readings")["readings"].values()
    except OSError:
        return set()
    return {r["department"] for r in readings if r["value"] is not None}
