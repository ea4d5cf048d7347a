"""Plans: every regular question is answered by index, and `check` says where one is not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from measures_town import (
    CASES,
    NOW,
    at,
    case,
    cases_table,
    department,
    dimension,
    fill,
    indicator,
    plan_of,
    source,
    write,
)

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.city import Position, Where
from dashboard.catalogue.layers import Layer
from dashboard.measures import tick_plans
from dashboard.ports import Unreachable
from data_access.departments.changes import changed_statement
from data_access.departments.explain import full_scans
from data_access.departments.flows import tick_statement
from data_access.departments.inspection import database_problems
from data_access.departments.reports import newest_statement
from data_access.departments.shown import statement_of

COUNT = {"n": indicator({"kind": "count"}, time="opened")}


def indexed_city(url: str) -> Department:
    """12,000 cases, an index on every time; the sampled statistics of each engine are fresh."""
    first = datetime(2026, 1, 1)
    table = cases_table(
        url,
        sa.Column("stamp", sa.String(14), index=True),
        sa.Column("seen", sa.BigInteger, index=True),
        sa.Column("version", sa.Integer),
        sa.Index("cases_state", "topic"),
    )
    fill(
        url,
        table,
        (
            case(
                n,
                (first + timedelta(minutes=15 * n)).isoformat(),
                topic="open" if n % 500 == 0 else "shut",
                stamp=f"{first + timedelta(minutes=15 * n):%Y%m%d%H%M%S}",
                seen=int(first.timestamp()) + 900 * n,
                version=1,
                changed_at=at((first + timedelta(minutes=15 * n)).isoformat()),
            )
            for n in range(12_000)
        ),
    )
    write(url, sa.text("ANALYZE TABLE cases" if "mysql" in url else "ANALYZE"))
    times = {
        "opened": {"column": "opened_at", "kind": "local"},
        "stamped": {"column": "stamp", "kind": "text", "format": "%Y%m%d%H%M%S"},
        "seen": {"column": "seen", "kind": "epoch"},
    }
    counts = {name: indicator({"kind": "count"}, time=name, by=["district"]) for name in times}
    return department(
        CASES | {"times": times},
        {
            **counts,
            "open": indicator({"kind": "stock", "where": [{"column": "topic", "value": "open"}]}),
            "last": indicator(
                {"kind": "latest", "of": {"column": "id"}, "group": ["district"], "within": "2h"},
                time="stamped",
            ),
            "p": indicator(
                {"kind": "percentile", "q": 0.5, "of": {"column": "score"}},
                time="opened",
            ),
        },
    )


def test_every_regular_question_is_answered_by_index(database_url: str) -> None:
    town = indexed_city(database_url)
    now = at("2026-05-01T12:00")
    asked = source(database_url, town, now=now)
    tail = [
        (now - timedelta(hours=2), now),
        (now - timedelta(days=30), now - timedelta(days=30) + timedelta(minutes=5)),
    ]
    statements = {}
    for plan in tick_plans(town):
        statements[f"tick {plan.time}"] = tick_statement(asked.reader, plan, tail, plan.dimensions)[
            1
        ]
        changed = changed_statement(asked.reader, plan, now - timedelta(minutes=5))
        assert changed is not None
        statements[f"changed {plan.time}"] = changed
    scope = asked.reader.scope("cases")
    for name in town.datasets["cases"].times:
        statements[f"newest {name}"] = newest_statement(scope, scope.time(name))
    for name in ("open", "last", "p"):
        statements[name] = statement_of(asked.reader, town.indicators[name], name)
    for name, statement in statements.items():
        assert full_scans(asked.reader, "cases", statement) == [], name
    whole = sa.select(sa.func.count()).select_from(scope.clause).where(scope.column("score") > 1)
    assert full_scans(asked.reader, "cases", whole) == ["cases"]


def test_versions_are_told_apart_by_index_too(database_url: str) -> None:
    town = indexed_city(database_url)
    versioned = town.datasets["cases"].model_copy(update={"version": "version"})
    town = town.model_copy(update={"datasets": {"cases": versioned}})
    now = at("2026-05-01T12:00")
    asked = source(database_url, town, now=now)
    plan = plan_of(town, "opened")
    tail = [(now - timedelta(hours=2), now)]
    statement = tick_statement(asked.reader, plan, tail, plan.dimensions)[1]
    assert full_scans(asked.reader, "cases", statement) == []
    newest = at("2026-05-05T23:50")
    changed = changed_statement(asked.reader, plan, newest)
    assert changed is not None
    assert full_scans(asked.reader, "cases", changed) == []
    assert sum(r.value for r in asked.tick(plan, tail).rows if r.by == "") == 8


def test_changed_rows_of_a_text_key_are_found_by_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.sqlite"
    write(
        url,
        sa.text(
            "CREATE TABLE cases (id TEXT, version INT, opened_at TEXT, changed_at TEXT,"
            " PRIMARY KEY (id, version))"
        ),
    )
    write(url, sa.text("CREATE INDEX cases_changed ON cases (changed_at)"))
    write(
        url,
        sa.text(
            "INSERT INTO cases WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 12000) SELECT 'c' || i, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM n"
        ),
    )
    town = department(
        {
            "table": "cases",
            "version": "version",
            "times": {"opened": {"column": "opened_at", "kind": "local"}},
            "changed": {"column": "changed_at", "kind": "local"},
        },
        COUNT,
    )
    asked = source(url, town)
    statement = changed_statement(asked.reader, plan_of(town), NOW - timedelta(minutes=5))
    assert statement is not None
    assert full_scans(asked.reader, "cases", statement) == []


TOWN_FILE = "catalog/departments/town.yaml"


def read_at(lines: Mapping[Where, int], town: Department, url: str) -> Catalogue:
    """A catalogue of one town of whose file these places were read in these lines."""
    positions = {
        ("departments", "town", *where): Position(TOWN_FILE, line) for where, line in lines.items()
    }
    return Catalogue("1", {"town": town}, urls={"town": url}, positions=positions)


def test_check_names_wrong_columns_full_scans_and_silent_databases(database_url: str) -> None:
    town = indexed_city(database_url)
    good = Catalogue("1", {"town": town}, urls={"town": database_url})
    assert database_problems(good) == []
    dataset = town.datasets["cases"]
    wrong = department(
        {
            **dataset.model_dump(exclude_none=True),
            "dimensions": {"district": dimension("distrikt")},
            "private": ["persom"],
        },
        {
            "n": indicator(
                {"kind": "count", "where": [{"column": "topik", "value": "x"}]}, time="opened"
            ),
            "s": indicator({"kind": "sum", "of": {"column": "fees"}}, time="opened"),
        },
    )
    dataset_at, n, s = ("datasets", "cases"), ("indicators", "n"), ("indicators", "s")
    written = {
        (*dataset_at, "dimensions", "district", "column"): 11,
        (*dataset_at, "private", 0): 12,
        (*n, "measure", "where", 0, "column"): 21,
        (*s, "measure", "of"): 25,
    }
    found = database_problems(read_at(written, wrong, database_url))
    assert sorted((p.line, p.found, p.mend, p.severity) for p in found) == [
        (11, "column 'distrikt'", "did you mean 'district'?", "error"),
        (12, "column 'persom'", "did you mean 'person'?", "error"),
        (21, "column 'topik'", "did you mean 'topic'?", "error"),
        (25, "column 'fees'", "did you mean 'fee'?", "error"),
    ]
    assert {(p.file, p.expected) for p in found} == {(TOWN_FILE, "a column of the database")}
    slow = department(
        dataset.model_dump(exclude_none=True),
        {
            "slow": indicator(
                {"kind": "stock", "where": [{"column": "score", "op": ">", "value": 1}]}
            )
        },
    )
    [scan] = database_problems(read_at({("indicators", "slow"): 31}, slow, database_url))
    assert (scan.severity, scan.found) == ("warning", "'slow' reads all of cases")
    assert (scan.file, scan.line) == (TOWN_FILE, 31)


def test_check_names_layers_that_look_for_their_rows_through_all(database_url: str) -> None:
    """One that draws all rows must read all; one by an indexed time need not, one by a score does."""
    town = indexed_city(database_url)
    here = {"kind": "points", "dataset": "town.cases", "title": {"zh": "甲", "en": "A"}}
    here["position"] = {"by": "district"}
    layers = [
        Layer.model_validate(here | {"key": "all"}),
        Layer.model_validate(here | {"key": "slow", "where": [{"column": "score", "value": 1}]}),
        Layer.model_validate(
            here | {"key": "new", "newest": {"time": "opened", "of": ["id"], "within": "1h"}}
        ),
    ]
    drawn = {layer.key: layer for layer in layers}
    found = database_problems(
        Catalogue("1", {"town": town}, urls={"town": database_url}, layers=drawn)
    )
    assert [(p.severity, p.found) for p in found] == [
        ("warning", "the layer 'slow' reads all of cases")
    ]


def test_check_says_which_department_does_not_answer(tmp_path: Path) -> None:
    town = department(CASES, COUNT)
    silent = Catalogue("1", {"town": town}, urls={"town": f"sqlite:///{tmp_path}/nothing.sqlite"})
    silent = replace(silent, positions={("departments", "town", "url"): Position(TOWN_FILE, 4)})
    [problem] = database_problems(silent)
    assert (problem.severity, problem.expected) == ("warning", "a database that answers")
    assert (problem.file, problem.line) == (TOWN_FILE, 4)


def test_check_names_a_format_and_a_table_of_reports_that_cannot_be_read(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.sqlite"
    fill(url, cases_table(url), [])
    report = {"table": "case", "time": {"column": "opened_at", "kind": "local"}}
    monthly = {"column": "topic", "kind": "text", "format": "%d %b %Y"}
    town = department(CASES | {"reported": report, "times": {"opened": monthly}}, COUNT)
    found = database_problems(Catalogue("1", {"town": town}, urls={"town": url}))
    assert [problem.found.partition(" has ")[0] for problem in found] == [
        "text format '%d %b %Y'",
        "table 'case'",
    ]
    with pytest.raises(Unreachable, match="text format"):
        source(url, town).tick(plan_of(town), [(NOW - timedelta(hours=1), NOW)])
