"""What is typed into a form becomes a statement, or clear words about what is wrong with it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.entries import Fault, Statement, places_of, read_statement
from demo.clerks import HOLDS

CATALOG = Path(__file__).parents[2] / "catalog"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
GOOD = {"due": "1,200", "moved": "８００", "remark": ""}


@pytest.fixture(scope="module")
def city() -> Catalogue:
    """The shipped city."""
    return load(CATALOG, {})


def read(
    city: Catalogue, typed: dict[str, str], place: str | None = "440605", author: str = "李 明"
) -> Statement | list[Fault]:
    form = city.forms["transfer"]
    return read_statement(
        city, form, typed, place=place, author=author, who="me", now=NOW, zone=ZONE
    )


def said(city: Catalogue, **more: str) -> list[tuple[str, str, str]]:
    found = read(city, GOOD | more)
    assert isinstance(found, list)
    return [(fault.field, fault.text.zh, fault.text.en) for fault in found]


def test_a_good_entry_holds_as_long_as_its_form_says(city: Catalogue) -> None:
    found = read(city, GOOD)
    assert isinstance(found, Statement)
    assert found.values == {"due": 1200.0, "moved": 800.0}, "left empty is absent, not 0"
    assert (found.district, found.town, found.author) == ("440605", None, "李 明")
    assert found.expires_at - NOW == timedelta(hours=3)


@pytest.mark.parametrize(
    ("typed", "zh"),
    [
        ("abc", "“已转移人数”填的是“abc”，应为不小于 0、不大于 500000 的整数。"),
        ("-1", "“已转移人数”填的是“-1”，应为不小于 0、不大于 500000 的整数。"),
        ("1.5", "“已转移人数”填的是“1.5”，应为不小于 0、不大于 500000 的整数。"),
        ("9e9", "“已转移人数”填的是“9e9”，应为不小于 0、不大于 500000 的整数。"),
        ("600000", "“已转移人数”填的是“600000”，应为不小于 0、不大于 500000 的整数。"),
        ("", "请填写“已转移人数”。"),
        ("1300", "“已转移人数”1300 大于“应转移人数”1200，请核对。"),
    ],
)
def test_bad_numbers_are_said_with_what_was_found_and_expected(
    city: Catalogue, typed: str, zh: str
) -> None:
    [(field, words, english)] = said(city, moved=typed)
    assert (field, words) == ("moved", zh)
    assert "People evacuated" in english


def test_all_that_is_wrong_is_said_at_once(city: Catalogue) -> None:
    found = read(city, {"due": "x", "moved": "y"}, place="440699", author=" ")
    assert isinstance(found, list)
    assert [fault.field for fault in found] == ["author", "place", "due", "moved"]


def test_a_remark_that_is_too_long_is_said_with_its_length(city: Catalogue) -> None:
    [(field, words, _)] = said(city, remark="长" * 300)
    assert (field, words) == ("remark", "“说明”有 300 字，最多 200 字。")


def test_places_are_those_of_the_day(city: Catalogue) -> None:
    form = city.forms["transfer"]
    assert list(places_of(city, form, NOW.date())) == [f"44060{n}" for n in range(4, 9)]
    towns = form.model_copy(update={"per": "towns"})
    assert len(places_of(city, towns, NOW.date())) == 32
    about = {"place": "440606006", "author": "李", "who": "", "zone": ZONE}
    found = read_statement(city, towns, GOOD, **about, now=NOW)
    assert isinstance(found, Statement)
    assert (found.district, found.town) == ("440606", "440606006")


def test_the_day_of_a_place_is_that_of_the_city(city: Catalogue) -> None:
    """A code ends with the 24th: at 2:00 of the 25th in the city it is still the 24th in UTC."""
    codes = city.codes["districts"]
    ended = codes.codes["440605"].model_copy(update={"valid_to": date(2026, 11, 24)})
    later = codes.model_copy(update={"codes": {**codes.codes, "440605": ended}})
    moved = replace(city, codes={**city.codes, "districts": later})
    about = {"place": "440605", "author": "李", "who": "", "zone": ZONE}
    form, night = city.forms["transfer"], datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    [fault] = read_statement(moved, form, GOOD, **about, now=night)
    assert fault.field == "place"
    before = read_statement(moved, form, GOOD, **about, now=night - timedelta(hours=3))
    assert isinstance(before, Statement)


def test_an_entry_of_nothing_at_all_is_a_fault(city: Catalogue) -> None:
    form = city.forms["transfer"]
    fields = {name: f.model_copy(update={"required": False}) for name, f in form.fields.items()}
    about = {"place": "440605", "author": "李", "who": "", "now": NOW, "zone": ZONE}
    bare = form.model_copy(update={"fields": fields})
    [fault] = read_statement(city, bare, {"remark": " "}, **about)
    assert (fault.field, fault.text.zh) == ("", "请至少填写一项。")


def test_the_demo_clerks_enter_for_as_long_as_the_forms_hold(city: Catalogue) -> None:
    assert {form.holds for form in city.forms.values()} >= {HOLDS}
    assert city.forms["transfer"].holds == city.forms["boats"].holds == HOLDS
