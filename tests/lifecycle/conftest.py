"""A product whose city stands still: what changes in it, a test has written."""

import shutil
from collections.abc import Iterator

import pytest
from outages.stage import Stage, wait_for
from servers import ROOT, make_database

from demo import DEPARTMENTS as DEMO


@pytest.fixture(scope="module")
def still_city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Redis, collector and web over a city that nobody lives on; customs on PostgreSQL, the other
    departments on SQLite, with a catalogue of its own in `catalog`. URLs are in its environment."""
    folder = tmp_path_factory.mktemp("still")
    customs = make_database("postgresql", request, ROOT)
    urls = {f"{name.upper()}_URL": f"sqlite:///{folder}/{name}.sqlite" for name in DEMO}
    catalogue = shutil.copytree(ROOT / "catalog", folder / "catalog")
    stage = Stage(
        folder,
        {
            **urls,
            "CUSTOMS_URL": next(customs),
            "COMMAND_CENTER_CATALOG": str(catalogue),
            "COMMAND_CENTER_DEMO_DAYS": "2",
        },
    )
    try:
        stage.make_city()
        for name in ("redis", "collect", "serve"):
            stage.start(name)
        wait_for(lambda: _none_has_ended(stage) and stage.ready(), 300)
        yield stage
    finally:
        stage.close()
        next(customs, None)


def _none_has_ended(stage: Stage) -> bool:
    """True; raises AssertionError with the last words of a part that has ended."""
    for name, process in stage.running.items():
        if process.poll() is not None:
            raise AssertionError((stage.folder / f"{name}.log").read_text()[-2000:])
    return True
