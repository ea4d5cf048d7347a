"""The demo city on SQLite, PostgreSQL and MariaDB: the same rows, and what the catalogue names."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from city_dumps import MONDAY, differences, dump, simulation_of
from servers import ENGINES, make_database

from dashboard.catalogue import Catalogue, Dataset, Department, Indicator
from dashboard.catalogue.check import AnyValue
from dashboard.catalogue.datasets import Condition
from dashboard.catalogue.load import load
from data_access.departments import explain
from data_access.departments.inspection import database_problems
from data_access.intake.tables import landing_tables
from data_access.store import tables as store_tables
from demo import DELIVERED
from demo.city import PLANS

ROOT = Path(__file__).resolve().parents[2]
HOURS = 3600
OWN = {"center", "entries"}
"""Departments whose rows are in the center's own store."""
PUBLISHED = timedelta(days=20)
"""What is late only after this is published by months."""


@pytest.fixture(params=sorted(PLANS))
def department(request: pytest.FixtureRequest) -> str:
    """Each department in turn."""
    return str(request.param)


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database on every engine at once."""
    makers = {engine: make_database(engine, request, tmp_path) for engine in ENGINES}
    yield {engine: next(maker) for engine, maker in makers.items()}
    for maker in makers.values():
        next(maker, None)


def test_equal_seeds_give_equal_rows_on_three_engines_and_the_catalogue_fits_them(
    databases: dict[str, str], department: str
) -> None:
    dumps = {}
    for engine, url in databases.items():
        simulation = simulation_of(department, url)
        simulation.build(MONDAY, 1)
        simulation.advance(MONDAY + HOURS)
        dumps[engine] = dump(simulation)
        missing = list(_missing_columns(simulation.engine, department))
        simulation.engine.dispose()
        assert missing == [], engine
    assert sum(map(len, dumps["sqlite"].values())) > 500
    for engine in ("postgresql", "mariadb"):
        assert differences(dumps["sqlite"], dumps[engine]) == [], engine


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The city's catalogue, with every URL given."""
    return load(ROOT / "catalog", AnyValue())


def test_the_catalogue_of_the_demo_city_has_no_problem(catalogue: Catalogue) -> None:
    assert [str(p) for p in catalogue.problems if p.severity == "error"] == []
    assert set(catalogue.departments) == set(PLANS) | set(DELIVERED) | OWN
    # What the center knows of itself is real, also of a city that is not.
    assert {key for key, one in catalogue.departments.items() if not one.demo} == {"center"}
    shown = [key for key, indicator in catalogue.indicators() if not indicator.internal]
    assert len(shown) >= 30


def test_definitions_are_confirmed_by_somebody_on_a_day_or_marked_as_not(
    catalogue: Catalogue,
) -> None:
    definitions = {key: indicator.definition for key, indicator in catalogue.indicators()}
    confirmed = {key: one for key, one in definitions.items() if one.confirmed}
    for key, one in confirmed.items():
        by = one.confirmed_by
        assert by is not None, key
        assert one.confirmed_on is not None, key
        # Nobody in a real office has confirmed a number of a city that does not exist.
        assert by.zh.endswith("（演示）"), key
        assert by.en.endswith(" (demo)"), key
        assert one.confirmed_on <= date.today(), key
    open_ones = definitions.keys() - confirmed.keys()
    assert all(definitions[key].confirmed_by is None for key in open_ones)
    assert len(confirmed) > 20
    assert len([key for key in open_ones if not _indicator(catalogue, key).internal]) > 10


def test_the_basis_of_every_number_is_what_its_window_and_use_say(catalogue: Catalogue) -> None:
    """What is so now is live, but for what is published by months; a rate over settled weeks is
    what somebody is assessed by."""
    for key, indicator in catalogue.indicators():
        assert "basis" in indicator.model_fields_set, key
        dataset = catalogue.dataset_of(key)
        if indicator.window == "now":
            published = dataset is not None and dataset.late > PUBLISHED
            assert (indicator.basis == "assessed") == published or indicator.basis == "live", key
        if indicator.window in ("7d", "30d", "month", "year"):
            assert indicator.basis == "assessed", key
    for key in ("cases.answer_rate", "cases.repeat_rate", "customs.import_clearance_p90"):
        assert _indicator(catalogue, key).basis == "assessed", key
    for key in ("transit.road_index", "incidents.calls_received", "environment.sources_over"):
        assert _indicator(catalogue, key).basis == "live", key


def _indicator(catalogue: Catalogue, key: str) -> Indicator:
    found = catalogue.indicator(key)
    assert found is not None, key
    return found


def test_indexes_serve_every_time_that_flows_are_bucketed_by(catalogue: Catalogue) -> None:
    for key, indicator in catalogue.indicators():
        dataset = catalogue.dataset_of(key)
        if dataset is None or dataset.table is None or indicator.time is None:
            continue
        department = catalogue.department_of(key)
        tables = _tables_of(department)
        table = tables[dataset.table]
        indexed = {next(iter(index.columns)).name for index in table.indexes}
        indexed.add(next(iter(table.primary_key)).name)
        assert dataset.times[indicator.time].column in indexed, key
        if dataset.changed is not None:
            assert dataset.changed.column in indexed, key


def _tables_of(department: Department) -> Mapping[str, sa.Table]:
    """The tables in which a department's rows are: its own, the center's, or where files land."""
    if department.key in OWN:
        return store_tables.metadata.tables
    plan = PLANS.get(department.key)
    return (plan.metadata if plan else landing_tables(department)).tables


def _missing_columns(engine: sa.Engine, department: str) -> Iterator[str]:
    """Columns that the catalogue names and the database does not have."""
    found = load(ROOT / "catalog", {}).departments[department]
    with engine.connect() as connection:
        for name, dataset in found.datasets.items():
            source = f"({dataset.select}) source" if dataset.select else f"{dataset.table}"
            relation = sa.text(source) if dataset.select else sa.table(source)
            there = connection.execute(sa.select(sa.text("*")).select_from(relation).limit(1))
            columns = set(there.keys())
            users = [i for i in found.indicators.values() if i.dataset == name]
            yield from (f"{name}.{c}" for c in _named(dataset, users) if c not in columns)


def _named(dataset: Dataset, users: list[Indicator]) -> set[str]:
    """All columns that a dataset and the indicators measured on it name."""
    named = {*dataset.key, *dataset.show, *dataset.private}
    named |= {t.column for t in dataset.times.values()}
    named |= {d.column for d in dataset.dimensions.values()}
    named |= {dataset.version} if dataset.version else set()
    named |= {dataset.changed.column} if dataset.changed else set()
    conditions = [c for rule in dataset.set_aside for c in rule.where]
    for indicator in users:
        measure = indicator.measure
        conditions += indicator.where + getattr(measure, "where", [])
        conditions += getattr(measure, "among", []) + getattr(measure, "over", [])
        value = getattr(measure, "of", None)
        named |= {value.column} if value is not None and value.column else set()
        column = getattr(measure, "column", None)
        named |= {column} if column else set()
    return named | {c for condition in conditions for c in _columns(condition)}


def _columns(condition: Condition) -> Iterator[str]:
    if condition.column:
        yield condition.column
    for one in condition.any or []:
        yield from _columns(one)


def test_looking_for_changed_rows_walks_no_whole_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain, "LARGE", 0)
    url = f"sqlite:///{tmp_path}/cases.sqlite"
    simulation = simulation_of("cases", url)
    simulation.build(MONDAY, 1)
    simulation.engine.dispose()
    found = database_problems(load(ROOT / "catalog", {"CASES_URL": url}))
    assert [str(problem) for problem in found if "changed rows" in str(problem)] == []
