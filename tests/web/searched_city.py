"""The small city with a real database of cases in which rows and halls can be found."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from small_city import CASES, CUSTOMS, MemoryCatalogue, make_services, text

from callbacks.services import Services
from dashboard.catalogue import Department
from data_access.departments.sources import SqlSources

SHOW = {
    "id": text("流水号", "Serial"),
    "sbsj": text("申办", "Applied"),
    "bjsj": text("办结", "Finished"),
    "xzqhdm": text("区", "District"),
    "sqr": text("申请人", "Applicant"),
}
NUMBER = "BJ20261122001"


def searched_services(folder: Path) -> Services:
    """Services over the small city, whose cases are in a database; customs cannot be reached."""
    url = f"sqlite:///{folder}/cases.sqlite"
    _fill(url)
    services = make_services()
    known = services.catalogue_source
    assert isinstance(known, MemoryCatalogue)
    departments = {
        "cases": Department.model_validate(_cases()),
        "customs": Department.model_validate(_customs()),
    }
    urls = {"cases": url, "customs": f"sqlite:///{folder}/nowhere.sqlite"}
    known.catalogue = replace(known.catalogue, departments=departments, urls=urls)
    return replace(services, sources=SqlSources(known))


def _cases() -> dict[str, Any]:
    applications: dict[str, Any] = CASES["datasets"]["applications"]  # type: ignore[index]  # a dict
    halls = {
        "title": text("大厅", "Halls"),
        "table": "halls",
        "key": ["hall", "part"],
        "find": {"title": text("大厅", "Hall"), "name": "name"},
    }
    told = applications | {
        "times": {
            "applied": {"column": "sbsj", "kind": "local"},
            "finished": {"column": "bjsj", "kind": "local"},
        },
        "set_aside": [],
        "private": ["sqr"],
        "show": SHOW,
        "find": {"title": text("一门式办件", "One-door case"), "numbers": ["id"]},
    }
    return CASES | {"datasets": {"applications": told, "halls": halls}}


def _customs() -> dict[str, Any]:
    applications: dict[str, Any] = CUSTOMS["datasets"]["applications"]  # type: ignore[index]  # a dict
    find = {"title": text("报关单", "Declaration"), "numbers": ["id"]}
    return CUSTOMS | {"datasets": {"applications": applications | {"find": find}}}


def _fill(url: str) -> None:
    metadata = sa.MetaData()
    cases = sa.Table(
        "applications",
        metadata,
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("sbsj", sa.DateTime),
        sa.Column("bjsj", sa.DateTime),
        sa.Column("xzqhdm", sa.String(6)),
        sa.Column("sqr", sa.String(20)),
        sa.Column("x", sa.Integer),
    )
    halls = sa.Table(
        "halls",
        metadata,
        sa.Column("hall", sa.String(8), primary_key=True),
        sa.Column("part", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(20)),
    )
    engine = sa.create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            cases.insert(),
            [
                {
                    "id": f"BJ202611220{place:02d}",
                    "sbsj": datetime(2026, 11, 22, 9, 0),
                    "bjsj": datetime(2026, 11, 22, 10, 30),
                    "xzqhdm": "440604" if place < 20 else "440605",
                    "sqr": "张三",
                    "x": 1,
                }
                for place in range(1, 21)
            ],
        )
        connection.execute(
            halls.insert(),
            [
                {"hall": "a,b/c", "part": "东", "name": "祖庙大厅"},
                {"hall": "2", "part": "西", "name": "桂城大厅"},
            ],
        )
    engine.dispose()
