"""The start: where the environment comes from, settings that fit together, what is tidied up."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from test_web_live import serving

import dashboard.catalogue.watch
from app import ROOT, checked_urls, create_app, demo_urls
from callbacks.services import Services
from dashboard.settings import Settings
from demo import DEPARTMENTS as DEMO


@pytest.mark.parametrize("given", [{}, {"CASES_URL": "sqlite://"}])
def test_an_environment_that_is_given_is_the_only_one_even_if_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    seen: list[Mapping[str, str]] = []
    watched = dashboard.catalogue.watch.WatchedCatalogue

    def noted(folder: Path, environ: Mapping[str, str]) -> Any:
        seen.append(environ)
        return watched(folder, environ)

    monkeypatch.setattr(dashboard.catalogue.watch, "WatchedCatalogue", noted)
    create_app(Settings(catalog=ROOT / "catalog", data=tmp_path), given)
    own = {
        "COMMAND_CENTER_STORE_URL": f"sqlite:///{tmp_path}/store.sqlite",
        "COMMAND_CENTER_DATA": str(tmp_path),
    }
    assert seen == [given | own], "nothing else but the center's own store and folder"


def test_a_screen_hears_of_the_web_before_it_takes_it_for_silent() -> None:
    """Else every screen of a quiet city would connect anew for ever."""
    live = "".join(path.read_text() for path in (ROOT / "assets").glob("live*.js"))
    found = re.search(r"SILENCE = ([\d_]+)", live)
    assert found is not None
    silence = int(found[1].replace("_", "")) / 1000
    longest = 30.0
    assert longest < silence
    assert Settings(heartbeat=longest).heartbeat == longest
    with pytest.raises(ValidationError):
        Settings(heartbeat=longest + 1)


def test_settings_that_cannot_be_used_are_named_in_one_line_each() -> None:
    wrong = {
        "COMMAND_CENTER_PORT": "abc",
        "COMMAND_CENTER_TRUST_PROXY": "perhaps",
        "COMMAND_CENTER_ZONE": "Mars",
        "COMMAND_CENTER_HEARTBEAT": "31",
        "COMMAND_CENTER_LOG_LEVEL": "loud",
    }
    ran = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "check"],
        env={**os.environ, **wrong},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.splitlines() == [
        "COMMAND_CENTER_PORT: found 'abc', expected a whole number",
        "COMMAND_CENTER_TRUST_PROXY: found 'perhaps', expected true or false",
        "COMMAND_CENTER_ZONE: found 'Mars', expected an IANA name such as Asia/Shanghai",
        "COMMAND_CENTER_HEARTBEAT: found '31', expected a number less than or equal to 30",
        "COMMAND_CENTER_LOG_LEVEL: found 'loud', expected one of DEBUG, INFO, WARNING, ERROR,"
        " CRITICAL",
    ]


def test_the_check_looks_at_the_demo_city_where_no_variable_is_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path)
    own = {"COMMAND_CENTER_DATA", "COMMAND_CENTER_STORE_URL"}
    assert checked_urls(settings, {}).keys() == own, "where the center itself is, and no more"
    assert "`make run`" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [], "a check makes nothing"
    urls = demo_urls(settings, {})
    for key in DEMO:
        (tmp_path / "demo" / f"{key}.sqlite").touch()
    found = checked_urls(settings, {"PARKS_URL": "sqlite://"})
    assert urls.items() <= found.items()
    assert found.keys() == urls.keys() | own | {"PARKS_URL"}
    assert "demo city's databases" in capsys.readouterr().out
    given = checked_urls(settings, {"CASES_URL": "sqlite://"})
    assert given.keys() == own | {"CASES_URL"}, "whoever has set some means those"
    assert capsys.readouterr().out == ""


def test_what_a_killed_web_left_is_removed_at_the_next_start(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    running = tmp_path / f"cc-export-{os.getppid()}-a.csv"
    others = tmp_path / "somebody-elses.csv"
    left = [tmp_path / f"cc-export-{ended.pid}-b.xlsx", tmp_path / "cc-export-c.csv"]
    for path in (running, others, *left):
        path.write_text("")
    asyncio.run(_started(services))
    assert sorted(tmp_path.iterdir()) == sorted((running, others))


async def _started(services: Services) -> None:
    async with serving(services):
        pass
