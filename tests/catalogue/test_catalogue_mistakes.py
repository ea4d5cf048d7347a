"""Each mistake a person makes is one line with file, line and mend, and the rest still runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from catalogue_city import ENVIRON, City

from dashboard.catalogue import Catalogue, Problem
from dashboard.catalogue.check import problem_at, report
from dashboard.catalogue.load import load
from dashboard.catalogue.walls import MOST_NUMBERS
from data_access.departments.inspection import database_problems

PARKS = "departments/parks.yaml"


def only(catalogue: Catalogue) -> Problem:
    """The one problem, which says all of it in one line."""
    assert len(catalogue.problems) == 1, "\n".join(map(str, catalogue.problems))
    assert "\n" not in str(catalogue.problems[0])
    return catalogue.problems[0]


def test_a_sound_city_has_no_problem(city: City) -> None:
    catalogue = load(city.folder, ENVIRON)
    assert catalogue.problems == ()
    assert [key for key, _ in catalogue.indicators()] == [
        "parks.entries",
        "parks.stay",
        "parks.crowding",
        "water.readings",
    ]
    assert catalogue.urls["parks"] == "sqlite:///parks.sqlite"
    assert set(catalogue.codes["districts"].codes) == {"440604", "440605"}


def test_unknown_indicator_in_a_page_names_the_nearest(city: City) -> None:
    line = city.edit("pages/parks.yaml", "numbers: [parks.entries,", "numbers: [parks.entreis,")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert (problem.file, problem.line) == ("catalog/pages/parks.yaml", line)
    assert "parks.entreis" in problem.found
    assert problem.mend == "did you mean parks.entries?; the rest of it is shown until then"
    page = catalogue.pages["parks"]
    assert page.numbers == ["parks.stay"]
    assert len(page.panels) == 2


def test_a_deadline_is_a_time_of_a_stock(city: City) -> None:
    city.edit(PARKS, "  stay:\n", "  stay:\n    deadline: entered\n")
    assert "`deadline` is of the rows of a stock" in str(only(load(city.folder, ENVIRON)))


def test_an_unknown_name_is_followed_by_the_nearest_three_not_by_all(city: City) -> None:
    more = "".join(
        f"  a{n}:\n    title: {{zh: 数, en: N}}\n    dataset: visits\n    measure: {{kind: count}}\n"
        "    time: entered\n    unit: {zh: 人次, en: visits}\n"
        "    basis: live\n    definition: {text: {zh: 数。, en: N.}}\n"
        for n in range(12)
    )
    city.edit(PARKS, "  stay:\n", more + "  stay:\n")
    city.edit("pages/parks.yaml", "numbers: [parks.entries,", "numbers: [parks.entreis,")
    expected = only(load(city.folder, ENVIRON)).expected
    assert expected.startswith("one of parks.entries, ")
    assert expected.count("parks.") + expected.count("water.") == 3
    assert expected.endswith(" …")


def park_database(folder: Path) -> str:
    """The URL of a database of the parks in which people leave at `out_at`."""
    with closing(sqlite3.connect(folder / "parks.sqlite")) as connection:
        connection.execute(
            "CREATE TABLE park_entries (id INTEGER PRIMARY KEY, entered_at TEXT, out_at TEXT,"
            " written_at TEXT, district TEXT, gate TEXT, ticket TEXT, park TEXT)"
        )
    return f"sqlite:///{folder}/parks.sqlite"


def test_wrong_column_found_in_the_database_is_named_where_it_is_written(
    city: City, tmp_path: Path
) -> None:
    (city.folder / "departments/water.yaml").unlink()
    city.edit("screens.yaml", "      - department: water\n        numbers: [water.readings]\n", "")
    catalogue = load(city.folder, {"PARKS_URL": park_database(tmp_path)})
    written = (city.folder / PARKS).read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(written, 1) if "left_at" in text)
    found = database_problems(catalogue)
    text, code = report(catalogue, [*found, *found])
    lines = text.splitlines()
    assert code == 1
    assert len(lines) == 2, "the same problem is said once, then the summary"
    assert lines[0] == (
        f"catalog/departments/parks.yaml:{line}: error: column 'left_at'; expected a column of the"
        " database; did you mean 'out_at'?"
    )
    assert lines[1].startswith(
        "1 error, 0 warnings in 1 department, 3 indicators, 1 page, 1 screen"
    )


def test_a_warning_alone_does_not_fail_the_check(city: City) -> None:
    catalogue = load(city.folder, ENVIRON)
    scan = problem_at(catalogue, ("departments", "parks"), "a scan", "an index", severity="warning")
    assert report(catalogue, [scan])[1] == 0


def test_missing_url_variable_is_named_and_the_department_stays(city: City) -> None:
    catalogue = load(city.folder, {})
    problem = only(catalogue)
    assert (problem.file, problem.line) == ("catalog/departments/parks.yaml", 4)
    assert problem.mend == "set PARKS_URL"
    assert "parks" in catalogue.departments
    assert "parks" not in catalogue.urls
    assert catalogue.urls["water"] == "sqlite:///water.sqlite"


CHANGED = "    changed: {column: written_at, kind: local}\n"


def test_rows_that_can_move_between_districts_unseen_are_a_warning(city: City) -> None:
    line = city.edit(PARKS, CHANGED, "")
    catalogue = load(city.folder, ENVIRON)
    warning = only(catalogue)
    assert (warning.severity, report(catalogue)[1]) == ("warning", 0)
    written = (city.folder / PARKS).read_text(encoding="utf-8").splitlines()
    assert written[warning.line - 1] == "  visits:"
    assert warning.line < line
    assert "split by district and no `changed`" in warning.found
    assert catalogue.indicator("parks.entries") is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CHANGED, "    corrected: false\n"),
        ("key: [id]\n    times:\n      entered", "key: [id, district]\n    times:\n      entered"),
        ("    by: [district]\n    live_by: district\n", ""),
    ],
)
def test_rows_that_cannot_move_are_no_warning(city: City, old: str, new: str) -> None:
    text = (city.folder / PARKS).read_text(encoding="utf-8")
    assert old in text
    city.write(PARKS, text.replace(old, new).replace(CHANGED, ""))
    city.edit("pages/parks.yaml", "  - kind: ranked\n", "  - kind: trend\n")
    city.edit("pages/parks.yaml", "    by: district\n", "")
    assert load(city.folder, ENVIRON).problems == ()


def test_an_empty_variable_counts_as_unset(city: City) -> None:
    assert "parks" not in load(city.folder, {"PARKS_URL": ""}).urls


def test_bad_unit_is_named_with_the_right_one(city: City) -> None:
    line = city.edit(PARKS, "unit: {zh: 分钟, en: min}", "unit: {zh: 分种, en: min}")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert problem.line == line
    assert problem.mend == "did you mean {zh: 分钟, en: min}?"


def test_a_city_adds_units_of_its_own(city: City) -> None:
    city.edit(PARKS, "unit: {zh: 分钟, en: min}", "unit: {zh: 炷香, en: sticks}")
    assert load(city.folder, ENVIRON).problems
    city.write("units.yaml", "units:\n  - {zh: 炷香, en: sticks}\n")
    assert load(city.folder, ENVIRON).problems == ()


def test_unit_in_one_language_is_told_to_have_both(city: City) -> None:
    line = city.edit(PARKS, "unit: {zh: 分钟, en: min}", "unit: 分钟")
    catalogue = load(city.folder, ENVIRON)
    named = [p for p in catalogue.problems if p.line == line]
    assert len(named) == 1
    assert "{zh: …, en: …}" in named[0].expected
    assert catalogue.indicator("parks.stay") is None
    assert catalogue.indicator("parks.entries") is not None


def test_duplicate_key_names_both_lines(city: City) -> None:
    line = city.edit(PARKS, "    time: left\n", "    time: left\n    time: entered\n") + 1
    problem = only(load(city.folder, ENVIRON))
    assert problem.line == line
    assert "'time'" in problem.found
    assert f"line {line - 1}" in problem.found


def test_a_tab_costs_its_own_indicator_only(city: City) -> None:
    line = city.edit(PARKS, "    time: left\n", "\ttime: left\n")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert (problem.file, problem.line) == ("catalog/departments/parks.yaml", line)
    assert "tab" in problem.found
    assert "spaces" in problem.mend
    assert catalogue.indicator("parks.stay") is None
    assert catalogue.indicator("parks.entries") is not None
    assert catalogue.indicator("water.readings") is not None
    assert catalogue.pages["parks"].numbers == ["parks.entries"]


def test_a_tab_inside_a_block_of_text_is_text(city: City) -> None:
    block = "    select: |\n      SELECT *\n      \tFROM park_entries\n"
    city.edit(PARKS, "    table: park_entries\n", block)
    catalogue = load(city.folder, ENVIRON)
    assert catalogue.problems == ()
    assert (
        catalogue.departments["parks"].datasets["visits"].select
        == "SELECT *\n\tFROM park_entries\n"
    )


@pytest.mark.parametrize("blocks", [8, 10])
def test_a_wall_of_thirty_numbers_shows_the_first_that_it_may(city: City, blocks: int) -> None:
    block = "      - department: water\n        numbers: [{}]\n"
    numbers = ", ".join(["water.readings"] * (32 // blocks))
    old = "      - department: water\n        numbers: [water.readings]\n"
    city.edit("screens.yaml", old, block.format(numbers) * blocks)
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert (problem.file, problem.line) == ("catalog/screens.yaml", 6)
    assert "numbers on one wall" in problem.found
    assert problem.expected == "at most 25"
    assert problem.mend.endswith("the rest of it is shown until then")
    duty = catalogue.screens["duty"]
    assert duty.blocks[0].numbers == ["parks.entries", "parks.stay"]
    shown = sum(len(block.numbers) for block in duty.blocks)
    districts = 2
    assert 1 + districts + shown == MOST_NUMBERS


def test_thirty_numbers_in_one_block_are_counted_and_the_block_stays(city: City) -> None:
    many = ", ".join(["water.readings"] * 30)
    line = city.edit("screens.yaml", "numbers: [water.readings]", f"numbers: [{many}]")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert problem.line == line
    assert problem.found == "30 numbers"
    assert problem.expected == "at most 4"
    assert len(catalogue.screens["duty"].blocks[1].numbers) == 4


def test_thirty_numbers_on_a_page_are_counted_and_the_page_stays(city: City) -> None:
    many = ", ".join(["parks.stay"] * 29)
    line = city.edit("pages/parks.yaml", "parks.stay]", f"{many}]")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert (problem.line, problem.found, problem.expected) == (line, "30 numbers", "at most 6")
    assert len(catalogue.pages["parks"].numbers) == 6
    assert len(catalogue.pages["parks"].panels) == 2


def test_the_parts_of_the_multiples_count_as_numbers(city: City) -> None:
    codes = "".join(f"  c{n}: {{title: {{zh: 区, en: D}}}}\n" for n in range(22))
    city.write("codes/districts.yaml", "key: districts\ntitle: {zh: 区, en: D}\ncodes:\n" + codes)
    catalogue = load(city.folder, ENVIRON)
    assert "26 numbers on one wall (3 in blocks, 22 in multiples)" in only(catalogue).found
    duty = catalogue.screens["duty"]
    assert duty.multiples == "parks.entries"
    assert [block.numbers for block in duty.blocks] == [["parks.entries", "parks.stay"]]


def test_multiples_that_leave_no_room_for_the_blocks_go_first(city: City) -> None:
    codes = "".join(f"  c{n}: {{title: {{zh: 区, en: D}}}}\n" for n in range(30))
    city.write("codes/districts.yaml", "key: districts\ntitle: {zh: 区, en: D}\ncodes:\n" + codes)
    duty = load(city.folder, ENVIRON).screens["duty"]
    assert duty.multiples is None
    assert [len(block.numbers) for block in duty.blocks] == [2, 1]


SLIPS_OF_SHOWING = [
    ("pages/parks.yaml", "[parks.entries, parks.stay]", "[entries, parks.stay]"),
    ("pages/parks.yaml", "numbers:", "colour: red\nnumbers:"),
    ("pages/parks.yaml", "department: parks", "department: Parks"),
    ("pages/parks.yaml", "    by: district", "    by: district\n    width: 40"),
    ("screens.yaml", "[parks.entries, parks.stay]", "[entries, parks.stay]"),
    ("screens.yaml", "    multiples: parks.entries", "    multiples: entries"),
    ("screens.yaml", "    multiples:", "    colour: red\n    multiples:"),
    ("screens.yaml", "[water.readings]", "[]"),
]


@pytest.mark.parametrize(("name", "old", "new"), SLIPS_OF_SHOWING)
def test_a_slip_in_what_is_shown_costs_its_own_part_only(
    city: City, name: str, old: str, new: str
) -> None:
    city.edit(name, old, new)
    catalogue = load(city.folder, ENVIRON)
    assert only(catalogue).mend.endswith("the rest of it is shown until then")
    assert "parks.stay" in catalogue.pages["parks"].numbers
    assert len(catalogue.pages["parks"].panels) == 2
    assert "parks.stay" in catalogue.screens["duty"].blocks[0].numbers


def test_every_mistake_is_in_one_list_at_once(city: City) -> None:
    city.edit("pages/parks.yaml", "numbers: [parks.entries,", "numbers: [parks.entreis,")
    city.edit(PARKS, "    time: left\n", "\ttime: left\n")
    city.edit(PARKS, "unit: {zh: 人次, en: visits}", "unit: {zh: 入次, en: visits}")
    city.edit(PARKS, "    calendar: gates\n", "    calendar: gates\n    calendar: gates\n")
    text, code = report(load(city.folder, {}))
    assert code == 1
    assert len(text.splitlines()) == 6, text
    for words in ("parks.entreis", "a tab", "入次", "'calendar' again", "PARKS_URL"):
        assert sum(words in line for line in text.splitlines()) == 1, text


def test_a_basis_that_nobody_has_chosen_is_asked_for(city: City) -> None:
    text = (city.folder / PARKS).read_text(encoding="utf-8")
    city.write(PARKS, text.replace("    basis: live\n", "", 1))
    problem = only(load(city.folder, ENVIRON))
    assert problem.found == "no 'basis'"
    assert "实时口径" in problem.expected
    assert "考核口径" in problem.expected
    assert problem.mend == "add basis:"


CROSS = [
    (
        "dataset: visits\n    measure: {kind: count}",
        "dataset: visist\n    measure: {kind: count}",
        "unknown dataset",
        "visits",
    ),
    ("time: left\n", "time: lft\n", "unknown time", "left"),
    ("by: [district]", "by: [distrct]", "unknown dimension", "district"),
    ("live_by: district", "live_by: gate", "live_by 'gate'", "add gate to `by`"),
    ("codes: districts", "codes: district", "unknown code list", "districts"),
    ("calendar: gates", "calendar: gate", "unknown calendar", "gates"),
    ("{entries: parks.entries}", "{entries: parks.entry}", "unknown indicator", "parks.entries"),
    ('"entries / 100"', '"entrys / 100"', "unknown input", "entries"),
    ('"entries / 100"', '"__import__(1)"', "in a formula", ""),
    ("start: entered,", "start: enterd,", "unknown time", "entered"),
    ("kind: percentile, q: 0.5", "kind: percentil, q: 0.5", "'percentil'", "percentile"),
    ("kind: percentile, q: 0.5", "kind: percentile, q: 1.5", "q 1.5", ""),
    ("    time: left\n", "    tiem: left\n", "'tiem'", "time"),
    ("    calendar: gates", "    late: 20m\n    calendar: gates", "late", ""),
    (
        "entered: {column: entered_at, kind: local}",
        "entered: {column: entered_at, kind: local, zone: Asia/Foshan}",
        "unknown zone",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "found", "mend"), CROSS)
def test_a_wrong_name_is_found_with_its_mend(
    city: City, old: str, new: str, found: str, mend: str
) -> None:
    city.edit(PARKS, old, new)
    catalogue = load(city.folder, ENVIRON)
    matching = [p for p in catalogue.problems if found in p.found]
    assert len(matching) == 1, "\n".join(map(str, catalogue.problems))
    assert mend in matching[0].mend
    assert matching[0].file == "catalog/departments/parks.yaml"
    assert catalogue.indicator("water.readings") is not None


def test_what_depends_on_a_bad_entry_goes_quietly(city: City) -> None:
    city.edit(PARKS, "    time: entered\n", "    time: enterd\n")
    catalogue = load(city.folder, ENVIRON)
    assert "unknown time 'enterd'" in only(catalogue).found
    assert catalogue.indicator("parks.entries") is None
    assert catalogue.indicator("parks.crowding") is None
    assert catalogue.pages["parks"].numbers == ["parks.stay"]
    assert catalogue.pages["parks"].panels == []
    assert catalogue.screens["duty"].focus == "parks.stay"
    assert catalogue.screens["duty"].multiples is None


def test_a_number_is_derived_of_its_own_department_only(city: City) -> None:
    """Else its chart would draw and its tile never have a value."""
    line = city.edit(PARKS, "{entries: parks.entries}", "{entries: water.readings}")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert (problem.file, problem.line) == (f"catalog/{PARKS}", line)
    assert problem.found == "input water.readings, of another department"
    assert problem.expected == "an indicator of parks"
    assert catalogue.indicator("parks.crowding") is None


def test_a_circle_of_derived_indicators_is_named_once(city: City) -> None:
    city.edit(PARKS, "{entries: parks.entries}", "{entries: parks.crowding}")
    catalogue = load(city.folder, ENVIRON)
    assert "parks.crowding → parks.crowding" in only(catalogue).found
    assert catalogue.indicator("parks.crowding") is None


def test_four_dimensions_on_one_time_are_too_many(city: City) -> None:
    line = city.edit(PARKS, "by: [district]", "by: [district, gate, ticket, park]")
    problem = only(load(city.folder, ENVIRON))
    assert problem.line == line
    assert "4 dimensions" in problem.found
    assert "at most 3" in problem.expected


@pytest.mark.parametrize(
    ("of", "by", "found"),
    [
        ("parks.stay", "[[gate, ticket]]", "surge of parks.stay, a percentile"),
        (
            "parks.entries",
            "[district]",
            "surge by gate,ticket, which parks.entries is not split by",
        ),
    ],
)
def test_a_surge_is_of_a_count_that_is_split_by_its_pair(
    city: City, of: str, by: str, found: str
) -> None:
    city.edit(PARKS, "by: [district]\n    live_by: district\n", f"by: {by}\n")
    city.edit(PARKS, 'measure: {kind: formula, formula: "entries / 100", inputs: {entries: parks.entries}}',
              f"measure: {{kind: surge, of: {of}}}\n    live_by: gate,ticket")  # fmt: skip
    problems = [problem.found for problem in load(city.folder, ENVIRON).problems]
    assert found in problems
    city.edit(PARKS, f"by: {by}\n", "by: [[gate, ticket]]\n")
    city.edit(PARKS, f"of: {of}}}", "of: parks.entries}")
    assert not any("surge" in one.found for one in load(city.folder, ENVIRON).problems)


def test_only_a_surge_goes_by_a_pair(city: City) -> None:
    city.edit(PARKS, "live_by: district", "live_by: gate,ticket")
    assert "expected a pair" in str(only(load(city.folder, ENVIRON)))


def test_a_district_beside_its_towns_is_no_further_dimension(city: City) -> None:
    towns = "key: towns\ntitle: {zh: 镇街, en: Town}\nparent: districts\ncodes: {}\n"
    city.write("codes/towns.yaml", towns)
    city.edit(PARKS, "park: {column: park, title: {zh: 公园, en: Park}}",
              "park: {column: park, title: {zh: 公园, en: Park}, codes: towns}")  # fmt: skip
    city.edit(PARKS, "by: [district]", "by: [district, gate, ticket, park]")
    assert load(city.folder, ENVIRON).problems == ()


def test_a_band_of_a_count_is_no_band(city: City) -> None:
    line = city.edit("pages/parks.yaml", "  - kind: trend", "  - kind: band") + 1
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert problem.line == line
    assert "percentile" in problem.expected
    assert [panel.kind for panel in catalogue.pages["parks"].panels] == ["ranked"]


def test_a_bad_panel_leaves_the_page(city: City) -> None:
    line = city.edit("pages/parks.yaml", "  - kind: trend", "  - kind: trent")
    catalogue = load(city.folder, ENVIRON)
    problem = only(catalogue)
    assert problem.line == line
    assert problem.mend == "did you mean trend?; the rest of it is shown until then"
    assert [panel.kind for panel in catalogue.pages["parks"].panels] == ["ranked"]


def test_a_file_that_is_no_yaml_leaves_the_others(city: City) -> None:
    city.write("departments/parks.yaml", "key: parks\ntitle: {zh: 公园\nowner: x\n")
    catalogue = load(city.folder, ENVIRON)
    assert only_of(catalogue, "departments/parks.yaml").line == 2
    assert list(catalogue.departments) == ["water"]
    assert catalogue.screens["duty"].focus == "water.readings"


def only_of(catalogue: Catalogue, name: str) -> Problem:
    """The one problem of a file."""
    found = [problem for problem in catalogue.problems if problem.file.endswith(name)]
    assert len(found) == 1, "\n".join(map(str, catalogue.problems))
    return found[0]


def test_bytes_that_are_no_utf8_are_named_by_line(city: City) -> None:
    (city.folder / "calendars/gates.yaml").write_bytes("key: gates\ntitle: {zh: 开放".encode("gbk"))
    problem = only_of(load(city.folder, ENVIRON), "gates.yaml")
    assert problem.line == 2
    assert "UTF-8" in problem.expected


def test_two_files_with_one_key_are_named(city: City) -> None:
    city.write("pages/again.yaml", PAGE_AGAIN)
    problem = only(load(city.folder, ENVIRON))
    assert "'parks' again" in problem.found


PAGE_AGAIN = "key: parks\ntitle: {zh: 又, en: Again}\n"


def test_an_entry_that_contains_itself_is_no_endless_loop(city: City) -> None:
    city.write("codes/loop.yaml", "key: loop\ntitle: &t {zh: a, en: *t}\ncodes: {}\n")
    catalogue = load(city.folder, ENVIRON)
    assert any("loop.yaml" in problem.file for problem in catalogue.problems)
    assert "parks" in catalogue.departments
