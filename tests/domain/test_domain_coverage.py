"""Every system of the city is shown by an indicator, and every name of the room is an indicator's."""

import re
from functools import cache
from pathlib import Path

import pytest
from domain_names import MISSING, WITHOUT, all_names

from dashboard.catalogue import Catalogue
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.load import load
from dashboard.coverage_docs import serving
from dashboard.reference_docs import coverage_doc

ROOT = Path(__file__).parents[2]


@cache
def city() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", AnyValue())


def test_the_systems_are_the_29_rows_of_the_city() -> None:
    assert list(city().systems) == [f"S{number}" for number in range(1, 30)]
    assert all(system.title.zh and system.title.en for system in city().systems.values())


def test_every_system_is_served_by_an_indicator_that_people_see() -> None:
    without = {system for system, keys in serving(city()).items() if not keys}
    assert without == WITHOUT, "a system lost its last indicator, or one more is served now"


def test_an_indicator_serves_only_systems_that_there_are(tmp_path: Path) -> None:
    assert set(serving(city())) == set(city().systems)


def test_the_coverage_document_is_up_to_date() -> None:
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert written == coverage_doc(ROOT / "catalog"), "run `make docs`"


def found(name: str) -> list[str]:
    """The keys of the indicators whose Chinese title is the name, with what it counts (人数, 率)
    behind it or a qualifier in brackets."""
    pattern = re.compile(rf"{re.escape(name)}(人数|率)?(（.*）)?")
    return [
        key
        for key, indicator in city().indicators()
        if not indicator.internal
        and any(
            pattern.fullmatch(text.zh)
            for text in (indicator.title, indicator.short)
            if text is not None
        )
    ]


@pytest.mark.parametrize("name", all_names())
def test_an_indicator_is_found_by_the_name_the_room_uses(name: str) -> None:
    assert bool(found(name)) == (name not in MISSING)
