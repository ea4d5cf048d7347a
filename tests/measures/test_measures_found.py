"""One row that somebody looks for: by its number, by its name, by its key; on every engine."""

from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import (
    CASES,
    WORDS,
    case,
    cases_table,
    department,
    fill,
    indicator,
    source,
)
from pydantic import ValidationError

from dashboard.catalogue.datasets import Dataset

COUNT = {"n": indicator({"kind": "count"}, time="opened")}
FIND = {"title": WORDS, "numbers": ["docket", "id"], "name": "place"}


def city(url: str, **more: Any) -> Any:
    """Cases with a number that begins with 5100, one that was sent again, and some with a place."""
    table = cases_table(
        url,
        sa.Column("docket", sa.String(20), index=True),
        sa.Column("place", sa.String(20)),
    )
    dockets = ["5100A001", "5100a002", "5100-003", "5101B001", "%100A001", None, "51"]
    rows = [
        case(
            1000 + place,
            "2026-11-22T08:00",
            docket=docket,
            place="市二医院" if place == 3 else None,
        )
        for place, docket in enumerate(dockets)
    ]
    fill(url, table, rows)
    told = CASES | {"private": ["person"], "find": FIND, "show": dict.fromkeys(SHOWN, WORDS)} | more
    return source(url, department(told, COUNT))


SHOWN = ("id", "docket", "opened_at", "person")


def called(found: list[Any]) -> list[str]:
    return [row.called for row in found]


def test_a_row_is_found_by_its_number_or_its_beginning(database_url: str) -> None:
    town = city(database_url)
    assert called(town.find("cases", "5100A001", 5)) == ["5100A001"]
    assert called(town.find("cases", "5100", 5)) == ["5100-003", "5100A001", "5100a002"]
    for typed in (" 5100a0 ", "5100A0"):
        assert called(town.find("cases", typed, 5)) == ["5100A001", "5100a002"]
    assert len(town.find("cases", "5100", 2)) == 2
    town.close()


def test_a_number_in_a_column_of_numbers_is_found_whole(database_url: str) -> None:
    town = city(database_url)
    (found,) = town.find("cases", "1003", 5)
    assert (found.key, found.called) == (("1003",), "1003")
    town.close()


def test_what_is_typed_is_never_a_pattern_and_never_sql(database_url: str) -> None:
    town = city(database_url)
    assert town.find("cases", "%10%", 5) == []
    assert called(town.find("cases", "%100", 5)) == ["%100A001"]
    assert town.find("cases", "' OR 1=1 --", 5) == []
    assert town.find("cases", "9" * 60, 5) == [], "no column holds a number as long"
    assert town.find("cases", "510", 5) == [], "too short to ask a department for"
    town.close()


def test_named_things_are_read_with_their_key(database_url: str) -> None:
    town = city(database_url)
    (found,) = town.named("cases", 10)
    assert (found.key, found.called) == (("1003",), "市二医院")
    town.close()


def test_a_row_is_shown_by_its_key_and_private_cells_are_masked(database_url: str) -> None:
    town = city(database_url)
    page = town.row("cases", ["1003"])
    assert page.columns == list(SHOWN)
    assert page.rows[0][0] == 1003
    assert page.rows[0][1] == "5101B001"
    assert page.rows[0][3] == "•••"
    assert town.row("cases", ["1003"], cleared=True).rows[0][3] == "张三"
    assert town.row("cases", ["9"]).rows == []
    with pytest.raises(ValueError, match="expected one value each of"):
        town.row("cases", ["1003", "x"])
    town.close()


def test_a_private_key_is_not_asked_for_by_who_is_not_cleared(database_url: str) -> None:
    town = city(database_url, private=["id"], find=None)
    masked = town.row("cases", ["1003"])
    assert (masked.columns, masked.rows, masked.sql) == (list(SHOWN), [], "")
    assert town.row("cases", ["1003"], cleared=True).rows[0][0] == 1003
    town.close()


def test_of_rows_sent_again_the_largest_version_is_found(database_url: str) -> None:
    town = city(database_url, key=["district"], version="id")
    assert [row.called for row in town.find("cases", "1006", 5)] == ["1006"]
    assert town.find("cases", "1003", 5) == [], "it was sent again as 1006"
    town.close()


def test_a_private_column_is_not_to_be_guessed() -> None:
    private = {"title": WORDS, "key": ["id"], "private": ["person"], **{"table": "cases"}}
    with pytest.raises(ValidationError, match="may not be guessed"):
        Dataset.model_validate(private | {"find": {"title": WORDS, "numbers": ["person"]}})
    keyed = private | {"private": ["id"]}
    with pytest.raises(ValidationError, match="or tells it as the key"):
        Dataset.model_validate(keyed | {"find": {"title": WORDS, "numbers": ["docket"]}})
    with pytest.raises(ValidationError, match="expected `numbers`, or the column of a `name`"):
        Dataset.model_validate(private | {"find": {"title": WORDS}})
