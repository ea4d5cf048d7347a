"""首要污染物: the factor that decided an index goes with its reading, and is named on screens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.access import EVERYTHING, Person
from dashboard.catalogue import Catalogue
from dashboard.catalogue.load import load
from dashboard.judge import Circumstances
from dashboard.readings import Level, Part, Reading, State
from dashboard.text import Language
from data_access.collector.agenda import agenda_of
from data_access.collector.derive import derive
from layouts import live
from layouts.view import View

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KEY = "environment.aqi_now"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped city."""
    names = ("transit", "customs", "cases", "environment", "incidents")
    return load(ROOT / "catalog", {f"{name.upper()}_URL": "sqlite://" for name in names})


def aqi(catalogue: Catalogue, of: str = KEY, on: datetime = NOW, **values: float) -> dict[str, Any]:
    """The reading of the AQI on the wire, from one station's newest values."""
    blank = Reading(
        key="",
        department="environment",
        value=None,
        n=8,
        state=State.FRESH,
        level=Level.NORMAL,
        as_of=NOW,
        collected_at=NOW,
        version="v",
        window="now",
        late_after=4500,
        stale_after=9000,
        parts_by="station",
    )
    readings = {}
    for name, value in values.items():
        key = f"environment.{name}_now"
        part = Part(value, 1, as_of=on - timedelta(hours=1))
        readings[key] = replace(blank, key=key, value=value, parts={"1371A": part})
    agenda = agenda_of(catalogue.departments["environment"])
    seen = Circumstances(NOW, "Asia/Shanghai", "v")
    return derive(agenda, readings, catalogue, lambda _key: seen, {})[of].wire()


def said(
    catalogue: Catalogue, entry: dict[str, Any], language: Language, key: str = KEY
) -> list[Any]:
    """The words beside the number: grade, and what decided it in full and in short."""
    view = View(
        catalogue,
        {"readings": {key: entry}},
        Person("tests", actions=EVERYTHING),
        language,
        "dark",
        NOW,
        ZoneInfo("Asia/Shanghai"),
    )
    leaves = [live.render_text(view, key), *live.render_worst(view, key)]
    leaves += live.render_worst(view, key, short=True)
    return [leaf.children for leaf in leaves]


def test_the_factor_that_decided_is_on_the_wire_and_named_in_both_languages(
    catalogue: Catalogue,
) -> None:
    entry = aqi(catalogue, pm25=40, pm10=50, o3=100, no2=20, so2=6, co=0.6)
    assert (entry["value"], entry["text"], entry["worst"]) == (60, "良", "pm25")
    assert said(catalogue, entry, "zh") == ["良", "首要污染物 PM2.5", "PM2.5"]
    assert said(catalogue, entry, "en") == ["Good", "primary pollutant PM2.5", "PM2.5"]


def test_up_to_50_there_is_no_primary_pollutant(catalogue: Catalogue) -> None:
    entry = aqi(catalogue, pm25=20, pm10=30, o3=60, no2=20, so2=6, co=0.6)
    assert entry["value"] <= 50
    assert "worst" not in entry
    assert said(catalogue, entry, "zh") == ["优", "", ""]


POLLUTANT = "environment.primary_pollutant"


def test_the_primary_pollutant_is_told_by_station_and_only_above_50(catalogue: Catalogue) -> None:
    dirty = aqi(catalogue, POLLUTANT, pm25=40, pm10=50, o3=100, no2=20, so2=6, co=0.6)
    clean = aqi(catalogue, POLLUTANT, pm25=20, pm10=30, o3=60, no2=20, so2=6, co=0.6)
    told = [
        (
            entry["text"],
            entry["parts"]["1371A"]["text"],
            said(catalogue, entry, language, POLLUTANT),
        )
        for entry, language in ((dirty, "zh"), (dirty, "en"), (clean, "zh"), (clean, "en"))
    ]
    assert told == [
        ("pm25", "pm25", ["PM2.5"]),
        ("pm25", "pm25", ["PM2.5"]),
        ("none", "none", ["无"]),
        ("none", "none", ["none"]),
    ]
    assert dirty["parts"]["1371A"]["worst"] == "pm25"


@pytest.mark.parametrize(
    ("on", "index"), [(datetime(2026, 2, 20, tzinfo=UTC), 100), (NOW, 114)], ids=["2012", "2026"]
)
def test_the_index_beside_it_is_that_of_the_standard_in_force_at_the_hour(
    catalogue: Catalogue, on: datetime, index: int
) -> None:
    entry = aqi(catalogue, POLLUTANT, on, pm25=75, pm10=30, o3=60, no2=20, so2=6, co=0.6)
    assert (entry["value"], entry["text"]) == (index, "pm25")


def test_a_name_for_a_factor_that_no_edition_judges_is_found(tmp_path: Path) -> None:
    source = (ROOT / "catalog/standards/aqi.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "standards"
    folder.mkdir()
    slip = source.replace("  pm25: {zh: PM2.5, en: PM2.5}", "  pm2_5: {zh: PM2.5, en: PM2.5}")
    assert slip != source
    (folder / "aqi.yaml").write_text(slip, encoding="utf-8")
    problems = [str(problem) for problem in load(tmp_path, {}).problems]
    assert any("'pm2_5'" in problem and "pm25" in problem for problem in problems)
