"""Mistakes in visits and in the pages of a response are named with file and line; the rest is shown."""

from pathlib import Path

import pytest
from catalogue.catalogue_city import ENVIRON, City, sound_city

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.catalogue.visits import Visit
from dashboard.frames import Audience
from dashboard.seen import catalogue_of

ALERTS = """\
key: alerts
title: {zh: 三防, en: Flood control}
owner: {zh: 三防办, en: Flood Control Office}
url: sqlite:///alerts.sqlite
liaison: {zh: 值班室, en: Duty room}
datasets:
  levels:
    title: {zh: 级别, en: Levels}
    table: levels
    key: [id]
    times:
      declared: {column: declared_at, kind: local}
    dimensions:
      district: {column: district, title: {zh: 区, en: District}, codes: districts}
indicators:
  levels:
    title: {zh: 响应, en: Response}
    dataset: levels
    measure:
      kind: fact
      column: level
      group: [district]
      values: {none: {zh: 无, en: None}, wind_4: {zh: 防风Ⅳ, en: W4}, wind_3: {zh: 防风Ⅲ, en: W3}}
    time: declared
    window: now
    by: [district]
    live_by: district
    unit: {zh: 级, en: level}
    basis: live
    definition: {text: {zh: 级别。, en: Levels.}}
"""
SIDE = """\
  - key: side
    title: {zh: 侧屏, en: Side}
    kind: side
    pages:
      - {path: /department/parks}
    response_pages:
      of: alerts.levels
      place: "440604"
      sets:
        - key: watch
          title: {zh: 关注, en: Watch}
          stated: [wind_4]
          pages: [{path: /map}]
        - key: grave
          title: {zh: 严重, en: Grave}
          stated: [wind_3]
          pages:
            - {path: /department/alerts}
            - {path: /department/water}
"""
VISITS = """\
visits:
  - key: guests
    title: {zh: 考察, en: Delegation}
    lasts: 45m
    pages:
      - {path: /wall/duty}
      - {path: /department/water}
  - key: school
    title: {zh: 学生, en: Pupils}
    pages: [{path: /map}]
"""


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = sound_city(tmp_path)
    made.write("departments/alerts.yaml", ALERTS)
    made.write("screens.yaml", (made.folder / "screens.yaml").read_text("utf-8") + SIDE)
    made.write("visits.yaml", VISITS)
    return made


def read(city: City) -> Catalogue:
    return load(city.folder, ENVIRON)


def test_visits_and_pages_of_a_response_are_read_as_they_are_written(city: City) -> None:
    found = read(city)
    assert found.problems == ()
    assert {key: one.lasts.total_seconds() / 60 for key, one in found.visits.items()} == {
        "guests": 45,
        "school": 60,
    }
    rule = found.screens["side"].response_pages
    assert rule is not None
    assert [one.key for one in rule.sets] == ["watch", "grave"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("screens", "of: alerts.levels", "of: alerts.level", "unknown indicator 'alerts.level'"),
        ("screens", "of: alerts.levels", "of: parks.entries", "parks.entries, a count; expected a"),
        ("screens", 'place: "440604"', 'place: "440600"', "unknown place '440600'"),
        ("screens", "stated: [wind_4]", "stated: [wind_5]", "did you mean wind_"),
        ("screens", "stated: [wind_3]", "stated: [wind_4]", "level 'wind_4' again"),
        ("screens", "key: grave", "key: watch", "set 'watch' again"),
        ("screens", "/department/alerts", "/department/alert", "unknown page 'alert'"),
        ("visits", "/wall/duty", "/wall/dty", "did you mean duty?"),
        ("visits", "lasts: 45m", "lasts: 2d", "found '2d'; expected 12h or shorter"),
        ("visits", "/department/water}", "/department/water, dwell: 5s}", "45s or longer"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    city: City, file: str, old: str, new: str, said: str
) -> None:
    line = city.edit(f"{file}.yaml", old, new)
    problems = [one for one in read(city).problems if said in str(one)]
    assert problems, [str(one) for one in read(city).problems]
    assert (problems[0].file, problems[0].line) == (f"catalog/{file}.yaml", line)


def test_a_fact_of_places_is_not_followed_without_saying_whose_level_counts(city: City) -> None:
    city.edit("screens.yaml", '      place: "440604"\n', "")
    found = read(city)
    assert any("expected `place`: whose level counts" in str(one) for one in found.problems)
    assert found.screens["side"].response_pages is None


def test_what_cannot_be_shown_is_left_out_and_the_rest_is_shown(city: City) -> None:
    city.edit("screens.yaml", "/department/alerts", "/department/alert")
    city.edit("screens.yaml", "path: /map", "path: /mop")
    city.edit("visits.yaml", "/department/water", "/department/watr")
    city.edit("visits.yaml", "path: /map", "path: /mop")
    found = read(city)
    rule = found.screens["side"].response_pages
    assert rule is not None
    assert [(one.key, [page.path for page in one.pages]) for one in rule.sets] == [
        ("grave", ["/department/water"])
    ]
    assert {key: [page.path for page in one.pages] for key, one in found.visits.items()} == {
        "guests": ["/wall/duty"]
    }


def test_a_slip_in_the_pages_of_a_response_takes_no_screen_away(city: City) -> None:
    city.edit("screens.yaml", "      of: alerts.levels\n", "")
    found = read(city)
    assert found.problems
    assert found.screens["side"].response_pages is None
    assert [page.path for page in found.screens["side"].pages] == ["/department/parks"]


def test_a_duty_wall_shows_one_page_of_a_response(city: City) -> None:
    rule = SIDE.partition("    response_pages:\n")[2]
    response = f"    response_pages:\n{rule}"
    city.edit("screens.yaml", "    focus: parks.entries\n", f"{response}    focus: parks.entries\n")
    found = read(city)
    assert any("2 pages of a response on a duty wall" in str(one) for one in found.problems)
    shown = found.screens["duty"].response_pages
    assert shown is not None
    assert [len(one.pages) for one in shown.sets] == [1, 1]


def test_who_may_not_see_a_department_knows_of_no_visit_to_it_and_of_no_level(city: City) -> None:
    seen = catalogue_of(read(city), Audience(frozenset({"parks"})))
    assert [page.path for page in seen.visits["guests"].pages] == ["/wall/duty"]
    assert seen.screens["side"].response_pages is None
    other = catalogue_of(read(city), Audience(frozenset({"parks", "alerts"})))
    rule = other.screens["side"].response_pages
    assert rule is not None
    assert [page.path for page in rule.sets[1].pages] == ["/department/alerts"]


def test_the_last_good_visits_stay_while_their_file_cannot_be_read(city: City) -> None:
    before = read(city)
    city.write("visits.yaml", "visits: [\n")
    found = load(city.folder, ENVIRON, before)
    assert found.problems
    assert {key: type(one) for key, one in found.visits.items()} == {
        "guests": Visit,
        "school": Visit,
    }
