"""The recipes and the example of the README are followed as they stand, in a running city."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from catalogue_city import City

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue, report
from dashboard.catalogue.load import load
from dashboard.catalogue.watch import WatchedCatalogue
from dashboard.entries import Statement, read_statement
from dashboard.measures import tick_plans
from data_access.departments.inspection import database_problems
from data_access.departments.source import SqlSource
from data_access.intake.places import Places
from data_access.intake.receiver import receive_once
from data_access.store import open_history
from demo.city import make_city
from layouts.pages.city_map import render_map
from layouts.pages.department import render_department
from layouts.pages.entry import render_entry
from layouts.pages.wall import render_wall
from layouts.view import View

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Passage:
    """An example: the file it goes into, where in it (empty: a file of its own), and its text."""

    file: str
    place: str
    text: str


def recipes() -> dict[str, str]:
    """The recipes by title."""
    parts = re.split(r"^## ", RECIPES, flags=re.M)[1:]
    return dict(part.split("\n", 1) for part in parts)


def passages(text: str) -> list[Passage]:
    """The examples of a text. The first line of each names its file."""
    blocks = re.findall(r"^( *)```(?:yaml|python)\n(.*?)^ *```", text, re.S | re.M)
    return [_passage(indent, block) for indent, block in blocks]


def _passage(indent: str, block: str) -> Passage:
    lines = [line.removeprefix(indent) for line in block.splitlines()]
    named = re.fullmatch(r"# ([\w/]+\.\w+)(?:, (.*))?", lines[0])
    assert named, f"{lines[0]!r} names no file"
    return Passage(named[1], named[2] or "", "\n".join(lines[1:]) + "\n")


def follow(root: Path, passage: Passage) -> None:
    """Do what the example says."""
    path = root / passage.file
    if not passage.place:
        assert not path.exists(), f"{passage.file} is there already"
        path.write_text(passage.text, encoding="utf-8")
        return
    old = path.read_text(encoding="utf-8")
    if passage.place == "at the end":
        path.write_text(old.rstrip("\n") + "\n" + passage.text, encoding="utf-8")
        return
    where = re.fullmatch(r"(before|after) `(.*)`", passage.place)
    assert where, passage.place
    line = where[2] + "\n"
    assert old.count(line) == 1, f"{line!r} is {old.count(line)} times in {passage.file}"
    new = passage.text + line if where[1] == "before" else line + passage.text
    path.write_text(old.replace(line, new), encoding="utf-8")


class Running:
    """The shipped city with its catalogue watched, as a running process has it."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(ROOT / "catalog", root / "catalog")
        self.root = root
        self.url = f"sqlite:///{root}/parks.sqlite"
        self._seconds = 0.0
        environ = AnyValue(PARKS_URL=self.url)
        self._watched = WatchedCatalogue(root / "catalog", environ, lambda: self._seconds)

    def follow(self, recipe: str) -> Catalogue:
        """The catalogue once the examples of a recipe have been saved."""
        for passage in passages(recipes()[recipe]):
            follow(self.root, passage)
        self._seconds += 2
        catalogue = self._watched.current()
        assert catalogue.problems == (), report(catalogue)[0]
        return catalogue


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """The shipped city before any recipe."""
    return Running(tmp_path)


def view_of(catalogue: Catalogue) -> View:
    """What a person sees before the first reading."""
    somebody = Person("tester", None, EVERYTHING)
    return View(catalogue, {}, somebody, "zh", "light", NOW, ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("recipe", recipes())
def test_the_steps_of_a_recipe_are_numbered(recipe: str) -> None:
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", recipes()[recipe], re.M)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_the_recipes_followed_one_after_the_other_make_a_larger_city(running: Running) -> None:
    catalogue = running.follow("Add a department")
    assert catalogue.urls["parks"] == running.url
    assert "parks.entries" in dict(catalogue.indicators())
    catalogue = running.follow("Add an indicator")
    assert "parks.stay" in dict(catalogue.indicators())
    running.follow("Add a department that sends files")
    catalogue = running.follow("Add a department that pushes rows")
    assert set(catalogue.departments["canteens"].delivery) == {"meals", "checks"}
    catalogue = running.follow("Add a page")
    page = str(render_department(view_of(catalogue), "parks"))
    assert "哪个区的公园人最多" in page
    assert "今天的人比平常多吗" in page
    catalogue = running.follow("Add a layer of the map")
    assert [layer.key for layer in catalogue.layers_of("parks")] == ["in_the_parks"]
    assert "今日入园人次（区）" in str(render_map(view_of(catalogue)))
    catalogue = running.follow("Add a screen")
    assert list(catalogue.duty_walls)[:1] == ["duty"]
    assert "parks" in catalogue.duty_walls
    assert [page.path for page in catalogue.screens["parks_side"].pages] == [
        "/department/parks",
        "/indicator/parks.entries",
    ]
    wall = str(render_wall(view_of(catalogue), "parks"))
    assert "公园值班屏" in wall
    assert "parks.stay" in wall
    catalogue = running.follow("Add a standard, or a new edition of one")
    assert "crowding" in catalogue.standards
    assert "parks.crowding" in dict(catalogue.indicators())
    assert "park_gates" in running.follow("Add hours in which data is due").calendars
    running.follow("Add a unit")
    city = City(running.root)
    city.edit("departments/parks.yaml", "{zh: 人次, en: visits}", "{zh: 只, en: birds}")
    assert load(city.folder, AnyValue()).problems == ()


def test_a_rule_of_tickets_is_added_by_its_recipe(running: Running) -> None:
    recipe = "Decide when a feed becomes a data ticket (数据问题单)"
    assert running.follow(recipe).tickets["half_lost"].share == 50


def test_a_form_of_the_recipes_is_entered_and_read(running: Running) -> None:
    running.follow("Add a department")
    catalogue = running.follow("Let people enter what no database holds (填报)")
    assert "饲料库存" in str(render_entry(view_of(catalogue), "feed"))
    history = open_history(f"sqlite:///{running.root}/store.sqlite")
    said = {"place": "440605", "author": "李", "who": "me", "now": NOW}
    typed, form, zone = {"sacks": "12"}, catalogue.forms["feed"], ZoneInfo("Asia/Shanghai")
    statement = read_statement(catalogue, form, typed, **said, zone=zone)
    assert isinstance(statement, Statement)
    history.enter(statement)
    url = f"sqlite:///{running.root}/store.sqlite"
    source = SqlSource(catalogue.departments["feed"], url, clock=lambda: NOW)
    total = source.stock("sacks", NOW + timedelta(hours=1))[0]
    later = source.stock("sacks", NOW + timedelta(hours=13))[0]
    source.close()
    history.close()
    assert (total.value, total.n, total.lapsed) == (12.0, 1, 0)
    assert (later.value, later.n, later.lapsed) == (None, 0, 1)


def test_the_department_of_the_recipes_is_read_from_its_table(running: Running) -> None:
    running.follow("Add a department")
    catalogue = running.follow("Add an indicator")
    with closing(sqlite3.connect(running.root / "parks.sqlite")) as database, database:
        database.execute(
            "CREATE TABLE park_entries (id INTEGER PRIMARY KEY, entered_at TEXT, left_at TEXT,"
            " district_code TEXT, updated_at TEXT)"
        )
        hours = [("09:00", "09:30"), ("09:10", "10:10"), ("10:00", "12:00")]
        database.executemany(
            "INSERT INTO park_entries (entered_at, left_at, district_code, updated_at)"
            " VALUES (?, ?, '440604', ?)",
            [[f"2026-11-22 {hour}:00" for hour in (came, left, left)] for came, left in hours],
        )
    found = [p for p in database_problems(catalogue) if "parks" in p.file]
    assert found == []
    source = SqlSource(catalogue.departments["parks"], running.url, clock=lambda: NOW)
    day = (NOW - timedelta(hours=16), NOW)
    [total] = [value for value in source.asked("stay", day) if value.code == ""]
    source.close()
    assert (total.value, total.n) == (60.0, 3)


def test_the_department_that_sends_files_is_received_and_read(running: Running) -> None:
    catalogue = running.follow("Add a department that sends files")
    url = f"sqlite:///{running.root}/landing/canteens.sqlite"
    canteens = replace(catalogue, urls={"canteens": url})
    folder = running.root / "incoming" / "canteens"
    folder.mkdir(parents=True)
    said = "日期,区,份数\n2026-11-21,440604,900\n2026-11-21,440605,1200\n合计,2,2100\n"
    (folder / "ST_20261121.csv").write_bytes(said.encode("gbk"))
    came = (NOW - timedelta(hours=9)).timestamp()
    os.utime(folder / "ST_20261121.csv", (came, came))
    places = Places({}, running.root, "redis://127.0.0.1:1/0", "cc")
    assert receive_once(canteens, "canteens", places, NOW) == 1
    assert [p for p in database_problems(canteens) if "canteens" in p.file] == []
    department = catalogue.departments["canteens"]
    source = SqlSource(department, url, clock=lambda: NOW)
    window = department.window_of(department.indicators["meals"], NOW)
    assert window[0] == datetime(2026, 11, 20, 16, tzinfo=UTC), "the newest day that is delivered"
    [plan] = tick_plans(department)
    found = source.tick(plan, [window]).rows
    source.close()
    assert 2100 in {row.value for row in found if row.by == ""}


def test_the_example_of_the_readme_is_pasted_into_the_shipped_city(
    tmp_path: Path, running: Running
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^## A number in 20 lines$.*?```yaml\n(.*?)```", text, re.S | re.M)
    assert len(example.splitlines()) <= 20
    where = re.search(r"`catalog/(departments/\w+\.yaml)`,\s+right under .* line `(\w+:)`", text)
    assert where is not None
    city = City(tmp_path)
    city.edit(where[1], f"\n{where[2]}\n", f"\n{where[2]}\n{example}")
    url = f"sqlite:///{tmp_path}/cases.sqlite"
    make_city({"cases": url}, seed=1, days=1, now=NOW)
    catalogue = load(city.folder, AnyValue())
    cases = replace(catalogue, urls={"cases": url})
    said, code = report(cases, database_problems(cases))
    assert (code, len(said.splitlines())) == (0, 1), said
    key = "cases.complaints_on_time_rate"
    assert f"/indicator/{key}`" in text
    indicator = catalogue.indicator(key)
    assert indicator is not None
    assert (indicator.basis, indicator.time) == ("assessed", "due")


KIND = """
from pages_city import view_of
from dashboard.catalogue.pages import Panel
from dashboard.reference_docs import generated_docs
from layouts.panels.frame import render_panel
panel = Panel(kind="pair", indicators=["customs.unreleased", "customs.declarations"])
for language in ("zh", "en"):
    said = str(render_panel(view_of(language), panel, "any"))
    assert "panel-pair" in said
    assert all(f"'{key}'" in said for key in panel.indicators), said
assert "| `pair` | two numbers side by side |" in generated_docs()["catalog.md"]
"""


def test_a_form_of_panel_is_added_by_the_steps_of_its_recipe(tmp_path: Path) -> None:
    for folder in ("dashboard", "layouts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for passage in passages(recipes()["Add a form of panel"]):
        follow(tmp_path, passage)
    places = os.pathsep.join([str(tmp_path), str(ROOT / "tests" / "pages")])
    tried = subprocess.run(
        [sys.executable, "-c", KIND],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert tried.returncode == 0, tried.stderr


def test_the_recipes_name_files_that_exist() -> None:
    named = set(re.findall(r"`((?:dashboard|layouts|callbacks)/[\w/]+(?:\.py|/))`", RECIPES))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
