"""Codes that belong to others, and what they were called on a day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.catalogue.places import codes_within, finer_split, only_within
from dashboard.catalogue.reference import Code
from dashboard.clerk import code_text
from dashboard.ports import Point, Series, SeriesRequest

ROOT = Path(__file__).parents[2]
KEY = "cases.overdue_open"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped city."""
    return load(ROOT / "catalog", {})


def test_the_towns_of_a_district_are_found_by_code_and_spelling(catalogue: Catalogue) -> None:
    inside = codes_within(catalogue, KEY, "town", "440606")
    assert "440606005" in inside
    assert "大良街道" in inside
    assert not [code for code in inside if code.startswith("440604")]
    assert finer_split(catalogue, KEY, "district", ["district", "town"]) == "town"
    assert finer_split(catalogue, KEY, "town", ["district", "town"]) is None


@pytest.mark.parametrize(
    ("by", "within", "words"),
    [("town", "440699", "expected one of 440604"), ("district", "440606", "a split such as town")],
)
def test_what_is_no_larger_unit_is_said(
    catalogue: Catalogue, by: str, within: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        codes_within(catalogue, KEY, by, within)


def test_a_series_is_kept_to_the_parts_of_a_district(catalogue: Catalogue) -> None:
    points = [Point(NOW, code, 1, 1) for code in ("440606005", "440604012", "other")]
    request = SeriesRequest(KEY, (NOW, NOW), "1d", "town")
    kept = only_within(catalogue, Series(request, "1d", points, "history"), "440606")
    assert [point.code for point in kept.points] == ["440606005"]


def test_a_town_is_called_as_it_was_called_on_the_day(catalogue: Catalogue) -> None:
    towns = catalogue.codes["towns"]
    renamed = Code.model_validate(
        {
            "title": {"zh": "新名", "en": "New"},
            "parent": "440606",
            "former": [
                {"title": {"zh": "旧名", "en": "Old"}, "until": date(2026, 3, 1)},
                {"title": {"zh": "更旧", "en": "Older"}, "until": date(2020, 1, 1)},
            ],
        }
    )
    listed = towns.model_copy(update={"codes": {**towns.codes, "440606005": renamed}})
    city = replace(catalogue, codes={**catalogue.codes, "towns": listed})

    def called(on: date | None) -> str:
        return code_text(city, KEY, "town", "440606005", on).zh

    assert called(None) == "新名"
    assert called(date(2026, 3, 1)) == "新名"
    assert called(date(2026, 2, 28)) == "旧名"
    assert called(date(2019, 12, 31)) == "更旧"
