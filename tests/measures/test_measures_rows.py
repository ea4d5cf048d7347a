"""Rows behind a number: what is shown, masked, filtered, counted and streamed; and the statement."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    WORDS,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    source,
)

from dashboard.measures import JOINT, OTHER

SHANGHAI = "Asia/Shanghai"
DAY = (at("2026-11-22T00:00", SHANGHAI), at("2026-11-23T00:00", SHANGHAI))
SHOWN = {
    "private": ["person"],
    "show": dict.fromkeys(("id", "opened_at", "person", "fee", "district"), WORDS),
    "dimensions": {"district": dimension("district", fold=True), "topic": dimension("topic")},
}


def rows_city(url: str, **more: Any) -> Any:
    """Thirty cases, one an hour; every third is of the second district."""
    rows = [
        case(
            n,
            (datetime(2026, 11, 21, 1) + timedelta(hours=n)).isoformat(),
            district=["a", " A", "b"][n % 3] if n != 5 else None,
            topic="x" if n % 2 else None,
            score=n if n % 4 else None,
            closed_at="2026-11-20T00:00" if n == 7 else None,
        )
        for n in range(30)
    ]
    fill(url, cases_table(url), rows)
    in_time = {"column": "topic", "value": "x"}
    town = department(
        CASES
        | SHOWN
        | {
            "set_aside": [
                {
                    "name": "backwards",
                    "title": WORDS,
                    "where": [{"time": "closed", "op": "<", "other": "opened"}],
                }
            ]
        },
        {
            "n": indicator({"kind": "count"}, time="opened"),
            "score": indicator({"kind": "sum", "of": {"column": "score"}}, time="opened"),
            "ratio": indicator({"kind": "ratio", "where": [in_time]}, time="opened"),
            "open": indicator(
                {"kind": "stock", "where": [{"time": "closed", "op": "is_null"}]}, time="opened"
            ),
            "last": indicator(
                {"kind": "latest", "of": {"column": "score"}, "group": ["topic"], "within": "3h"},
                time="opened",
            ),
            "share": indicator(
                {"kind": "formula", "formula": "a", "inputs": {"a": "town.n"}}, dataset=None
            ),
        },
        **more,
    )
    return source(url, town)


def numbers(page: Any) -> list[int]:
    return [row[0] for row in page.rows]


def test_rows_come_newest_first_with_their_columns_and_a_total(database_url: str) -> None:
    asked = rows_city(database_url)
    page = asked.rows("n", DAY, where={}, limit=3, offset=1)
    assert page.columns == ["id", "opened_at", "person", "fee", "district"]
    assert numbers(page) == [28, 27, 26]
    assert page.total == 7
    assert page.rows[0][1] == at("2026-11-22T05:00", SHANGHAI)
    assert "2026-11-22 00:00:00" in page.sql
    assert asked.rows("town.n", None, where={}, limit=100).total == 29


def test_private_columns_never_leave_the_database_unless_cleared(database_url: str) -> None:
    asked = rows_city(database_url)
    page = asked.rows("n", DAY, where={}, limit=100)
    assert {row[2] for row in page.rows} == {"•••"}
    assert "person" not in page.sql.replace("AS person", "")
    streamed = list(asked.stream_rows("n", DAY))
    assert {row[2] for row in streamed[1:]} == {"•••"}
    cleared = asked.rows("n", DAY, where={}, limit=100, cleared=True)
    assert {row[2] for row in cleared.rows} == {"张三"}
    assert {row[2] for row in list(asked.stream_rows("n", DAY, cleared=True))[1:]} == {"张三"}


def test_rows_are_those_the_measure_counts(database_url: str) -> None:
    asked = rows_city(database_url)
    assert numbers(asked.rows("score", DAY, where={}, limit=100)) == [29, 27, 26, 25, 23]
    assert numbers(asked.rows("ratio", DAY, where={}, limit=100)) == list(range(29, 22, -1))
    assert asked.rows("open", None, where={}, limit=100).total == 29
    assert 7 not in numbers(asked.rows("open", None, where={}, limit=100))
    assert asked.rows("last", None, where={}, limit=100).total == 0
    with pytest.raises(ValueError, match="derived"):
        asked.rows("share", None, where={}, limit=1)


def test_rows_of_one_code_and_of_a_rule(database_url: str) -> None:
    asked = rows_city(database_url)
    of_a = asked.rows("n", None, where={"district": "A"}, limit=100)
    assert len(of_a.rows) == 19
    assert {row[4] for row in of_a.rows} == {"a", " A"}
    assert numbers(asked.rows("n", None, where={"district": ""}, limit=100)) == [5]
    pair = asked.rows("n", None, where={"district,topic": f"B{JOINT}x"}, limit=100)
    assert numbers(pair) == [29, 23, 17, 11]
    assert numbers(asked.rows("n", None, where={}, limit=9, rule="backwards")) == [7]
    hostile = "a' OR 1=1 --"
    assert asked.rows("n", None, where={"topic": hostile}, limit=9).rows == []
    with pytest.raises(ValueError, match=r"expected one of \['district', 'topic'\]"):
        asked.rows("n", None, where={"person": "张三"}, limit=9)
    with pytest.raises(ValueError, match="expected one of"):
        asked.rows("n", None, where={}, limit=9, rule="other")
    with pytest.raises(ValueError, match="expected one of the codes"):
        asked.rows("n", None, where={"topic": OTHER}, limit=9)


def test_no_look_and_no_export_goes_beyond_the_department_limit(database_url: str) -> None:
    asked = rows_city(database_url, limits={"rows": 4})
    page = asked.rows("n", None, where={}, limit=1000)
    assert (len(page.rows), page.total) == (4, 29)
    # The names and a row more, which is not given on and says that there are more.
    assert len(list(asked.stream_rows("n", None))) == 1 + 4 + 1
    assert asked.rows("n", None, where={}, limit=-5, offset=-5).rows == []


def test_a_stream_holds_a_batch_and_gives_its_connection_back(database_url: str) -> None:
    table = cases_table(database_url)
    fill(database_url, table, (case(n, "2026-11-22T08:00") for n in range(5000)))
    town = department(
        CASES, {"n": indicator({"kind": "count"}, time="opened")}, limits={"connections": 1}
    )
    asked = source(database_url, town)
    stream = asked.stream_rows("n", DAY)
    assert next(stream)[0] == "id"
    assert [next(stream)[0] for _ in range(3)] == [4999, 4998, 4997]
    stream.close()  # type: ignore[attr-defined]
    assert sum(1 for _ in asked.stream_rows("n", DAY)) == 5001


def test_the_statement_shown_gives_the_number_when_run_by_hand(database_url: str) -> None:
    asked = rows_city(database_url)
    run = sa.create_engine(database_url)
    with run.connect() as connection:
        found = {
            name: connection.exec_driver_sql(
                asked.sql(name), execution_options={"no_parameters": True}
            ).one()
            for name in ("n", "score", "ratio", "open")
        }
    run.dispose()
    assert tuple(found["n"]) == (7,)
    assert tuple(float(v) for v in found["score"]) == (29 + 27 + 26 + 25 + 23, 5)
    assert found["ratio"]._mapping["numerator"] == 4
    assert found["ratio"]._mapping["denominator"] == 7
    assert found["open"]._mapping["value"] == 29
    shown = asked.sql("town.n")
    assert shown.splitlines()[0] == "SELECT count(*) AS value"
    assert "\nWHERE " in shown
    assert "\n  AND " in shown
    with pytest.raises(ValueError, match="derived"):
        asked.sql("share")


def test_cells_are_days_and_moments_where_the_catalogue_says_so(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/town.sqlite"
    table = sa.Table(
        "cases",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.Date),
        sa.Column("seen", sa.BigInteger),
        sa.Column("told", sa.String(30)),
    )
    seen = int(NOW.timestamp())
    day = datetime(2026, 11, 22).date()
    fill(url, table, [{"id": 1, "day": day, "seen": seen, "told": "2026-11-21 24:10:00"}])
    town = department(
        {
            "table": "cases",
            "times": {
                "day": {"column": "day", "kind": "date"},
                "seen": {"column": "seen", "kind": "epoch"},
                "told": {"column": "told", "kind": "text"},
            },
        },
        {"n": indicator({"kind": "count"}, time="seen")},
    )
    [row] = source(url, town).rows("n", None, where={}, limit=1).rows
    assert row == [1, day, NOW.astimezone(UTC), "2026-11-21 24:10:00"]
