"""Mistakes in screens.yaml are named with file and line, and the sound rest of it is shown."""

from pathlib import Path

import pytest
from catalogue.catalogue_city import ENVIRON, City, sound_city

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.catalogue.screens import DutyScreen, SideScreen, named_by
from dashboard.frames import Audience
from dashboard.seen import catalogue_of
from layouts.router import is_page

CATALOG = Path(__file__).parents[2] / "catalog"
SIDE = """\
  - key: side
    title: {zh: 侧屏, en: Side}
    kind: side
    room: {zh: 大厅, en: Hall}
    pixels: 1080x1920
    calendar: gates
    pages:
      - {path: /department/parks, dwell: 60s}
      - {path: /indicator/water.readings}
    schedule:
      - {from: "22:00", to: "06:00", night: true}
      - {from: "08:00", to: "09:00", days: [workdays], pages: [{path: /wall/duty}]}
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = sound_city(tmp_path)
    made.write("screens.yaml", (made.folder / "screens.yaml").read_text("utf-8") + SIDE)
    return made


def read(city: City) -> Catalogue:
    return load(city.folder, ENVIRON)


def test_a_side_screen_is_read_as_it_is_written(city: City) -> None:
    found = read(city)
    assert found.problems == ()
    side = found.screens["side"]
    assert isinstance(side, SideScreen)
    assert [page.path for page in side.pages] == ["/department/parks", "/indicator/water.readings"]
    assert list(found.duty_walls) == ["duty"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/department/parks,", "/department/park,", "unknown page 'park'; expected one of parks"),
        ("/indicator/water.readings}", "/indicator/water.reading}", "unknown indicator"),
        ("/indicator/water.readings}", "/export/x.csv}", "unknown page '/export/x.csv'"),
        ("/indicator/water.readings}", "/wall/side}", "unknown duty wall 'side'"),
        ("path: /wall/duty", "path: /wall/dty", "did you mean duty?"),
        ("dwell: 60s", "dwell: 30s", "found '30s'; expected 45s or longer"),
        ("1080x1920", "1080*1920", "expected a width and a height such as 1920x1080"),
        ("calendar: gates", "calendar: gate", "unknown calendar 'gate'"),
        ("    calendar: gates", "    roles: [nobody]", "unknown role 'nobody'"),
        ("days: [workdays]", "days: [workday]", "expected one of mon, tue"),
        ("night: true", 'night: true, "off": true', "expected one of `night: true`"),
        ('"06:00"', '"6 o"', "time '6 o'; expected"),
        (
            "key: side",
            "key: orders",
            "expected a key other than exit, heartbeat, orders",
        ),
        ("path: /department/parks", "path: department/parks", "expected a page's address"),
        ("kind: side", "kind: sied", "expected one of duty, side"),
    ],
)
def test_a_mistake_is_named_with_its_line(city: City, old: str, new: str, said: str) -> None:
    line = city.edit("screens.yaml", old, new)
    found = read(city)
    told = [str(problem) for problem in found.problems]
    assert any(said in one for one in told), told
    places = {problem.file: problem.line for problem in found.problems if said in str(problem)}
    assert places["catalog/screens.yaml"] in (line, line - 2, 14), told


def test_what_a_side_screen_cannot_show_is_left_out_and_the_rest_is_shown(city: City) -> None:
    city.edit("screens.yaml", "/department/parks,", "/department/park,")
    assert [page.path for page in read(city).screens["side"].pages] == ["/indicator/water.readings"]


def test_a_duty_wall_does_not_rotate_by_its_schedule_either(city: City) -> None:
    rotating = "[{path: /map}, {path: /}]"
    period = f'    schedule: [{{from: "08:00", to: "09:00", pages: {rotating}}}]\n'
    city.edit("screens.yaml", "    focus: parks.entries\n", f"    focus: parks.entries\n{period}")
    assert any("it never rotates" in str(one) for one in read(city).problems)


def test_who_may_not_see_a_department_knows_of_no_screen_that_shows_it(city: City) -> None:
    seen = catalogue_of(read(city), Audience(frozenset({"water"})))
    assert [page.path for page in seen.screens["side"].pages] == ["/indicator/water.readings"]
    assert "side" not in catalogue_of(read(city), Audience(frozenset())).screens


def test_every_page_of_the_shipped_screens_is_a_page_of_the_web() -> None:
    city = load(CATALOG, {})
    kinds = {type(screen) for screen in city.screens.values()}
    assert kinds == {DutyScreen, SideScreen}
    sizes = {screen.pixels for screen in city.screens.values()}
    assert sizes >= {"1920x1080", "1080x1920", "6656x1792"}
    for screen in city.screens.values():
        assert screen.room is not None
        assert screen.millimetres is not None
        rule = screen.response_pages
        sets = rule.sets if rule is not None else []
        places = [*screen.schedule, *sets, *city.visits.values()]
        for shown in [*screen.pages, *(page for one in places for page in one.pages)]:
            assert named_by(shown.path) is not None
            assert is_page(shown.path), shown.path
    assert city.visits
