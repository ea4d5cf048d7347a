"""Causes of the demo city: rain is felt in every department, and by as much as it falls."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from demo import weather
from demo.cases.matters import calls_on
from demo.customs.declarations import declarations_of
from demo.days import DAY, HOUR, NEVER, Array, Times, midnight
from demo.incidents import hydrology
from demo.incidents.events import incidents_of
from demo.places import CODES
from demo.sheets import From, Sheet
from demo.transit import crashes, roads, trips
from demo.weather import rain_of

SEED = 3
DAYS = range(20_574, 20_574 + 130)
"""May to September of 2026, when it rains most."""
POURS = 2.5
"""Rain in mm/h from which an hour counts as wet."""


@dataclass(frozen=True)
class Seen:
    """Things that happened: when, in which district, and what was measured of each."""

    times: Times
    district: Array
    value: Array


def column(sheet: Sheet, name: str) -> Array:
    """A column as it will have become."""
    found = sheet.columns[name]
    if isinstance(found, From):
        return found.since if found.value is None else found.value
    assert isinstance(found, np.ndarray)
    return found


def district_of(sheet: Sheet, name: str = "district_code") -> Array:
    """The index of each row's district."""
    return np.searchsorted(CODES.astype(str), column(sheet, name).astype(str))


def happened(times: Times, district: Array) -> Seen:
    return Seen(times, district, np.ones(len(times)))


def all_crashes(day: int) -> Seen:
    found = crashes.crashes_on(SEED, day)
    return happened(found.reported, found.district)


def hotline_calls(day: int) -> Seen:
    found = calls_on(SEED, day)
    return happened(found.offered, found.district)


def _incidents(day: int, traffic: bool) -> Seen:
    sheet = incidents_of(SEED, day)["incident"]
    rows = (column(sheet, "kind") == "traffic") == traffic
    return happened(column(sheet, "received_at")[rows], district_of(sheet)[rows])


def traffic_incidents(day: int) -> Seen:
    return _incidents(day, True)


def other_incidents(day: int) -> Seen:
    return _incidents(day, False)


def fire_calls(day: int) -> Seen:
    sheet = hydrology.calls_of(SEED, day)["call_volume"]
    rows = np.flatnonzero(column(sheet, "line") == "119")
    rows = np.repeat(rows, column(sheet, "calls")[rows])
    return happened(column(sheet, "slot_start")[rows], district_of(sheet)[rows])


def road_index(day: int) -> Seen:
    sheet = roads.roads_of(SEED, day)["road_conditions"]
    return Seen(column(sheet, "observed_at") - 600, district_of(sheet), column(sheet, "tpi"))


def late_departures(day: int) -> Seen:
    sheet = trips.trips_of(SEED, day)["trips_performed"]
    delay = column(sheet, "start_delay")
    late = ~((delay >= -60) & (delay <= 180))
    return Seen(column(sheet, "schedule_trip_start"), district_of(sheet), late.astype(float))


def inspections(day: int) -> Seen:
    sheet = declarations_of(SEED, day)["insp_list"]
    ordered, done = column(sheet, "xdsj"), sheet.columns["cysj"]
    assert isinstance(done, From)
    rows = (done.since < NEVER) & (ordered < NEVER)
    office = column(sheet, "customs_code")[rows].astype(int) - 5101
    return Seen(ordered[rows], office, (done.since - ordered)[rows] / HOUR)


@dataclass(frozen=True)
class Cause:
    """What rain does: `see` a day; how many times the dry value of the same hour at least; whether
    it is a mean of rows, else a number of them."""

    see: Callable[[int], Seen]
    least: float
    mean: bool = False


CAUSES: Mapping[str, Cause] = {
    "crashes": Cause(all_crashes, 1.18),
    "hotline calls": Cause(hotline_calls, 1.12),
    "traffic incidents, which are crashes": Cause(traffic_incidents, 1.15),
    "other incidents": Cause(other_incidents, 1.3),
    "calls of 119": Cause(fire_calls, 1.25),
    "road index": Cause(road_index, 1.15, mean=True),
    "departures off their time": Cause(late_departures, 1.6, mean=True),
    "wait for inspection": Cause(inspections, 1.25, mean=True),
}


def falling(days: range) -> Array:
    """Rain in mm/h by hour and district of all the days, as it truly was."""
    hours = np.concatenate([rain_of(SEED, day).reshape(24, 6, -1).sum(axis=1) for day in days])
    return np.asarray(hours)


def ratio(cause: Cause, rain: Array) -> float:
    """Wet over dry, at the same hours of the day and in the same districts: storms come in the
    afternoon, when more happens anyway."""
    hours, first = len(rain), midnight(DAYS[0])
    sums, rows = np.zeros(rain.shape), np.zeros(rain.shape)
    for seen in map(cause.see, DAYS):
        at = (seen.times - first) // HOUR
        inside = (at >= 0) & (at < hours)
        np.add.at(sums, (at[inside], seen.district[inside]), seen.value[inside])
        np.add.at(rows, (at[inside], seen.district[inside]), 1.0)
    wet = rain > POURS
    weight = rows if cause.mean else np.ones(rain.shape)
    hour = np.arange(hours) % (DAY // HOUR)
    expected = 0.0
    for at in range(DAY // HOUR):
        for place in range(rain.shape[1]):
            here = hour == at
            dry = here & (rain[:, place] == 0)
            usual = sums[dry, place].sum() / max(weight[dry, place].sum(), 1.0)
            expected += usual * weight[here & wet[:, place], place].sum()
    return float(sums[wet].sum() / expected)


@pytest.mark.parametrize("name", CAUSES)
def test_rain_is_felt(name: str) -> None:
    assert ratio(CAUSES[name], falling(DAYS)) > CAUSES[name].least


@pytest.fixture
def drought(monkeypatch: pytest.MonkeyPatch) -> Iterator[Array]:
    """The rain that would have fallen, in a city to which none of it comes."""
    rain = falling(DAYS)
    clear_memories()
    monkeypatch.setattr(weather, "rain_of", lambda seed, day: np.zeros_like(rain_of(seed, day)))
    yield rain
    monkeypatch.undo()
    clear_memories()


def clear_memories() -> None:
    for remembered in (crashes.crashes_on, calls_on):
        remembered.cache_clear()


@pytest.mark.parametrize("name", CAUSES)
def test_without_its_rain_nothing_would_be_seen_of_it(name: str, drought: Array) -> None:
    assert ratio(CAUSES[name], drought) < min(CAUSES[name].least, 1.12)


def test_crashes_with_people_hurt_are_incidents_of_the_same_place() -> None:
    for day in DAYS[:20]:
        found = crashes.crashes_on(SEED, day)
        sheet = incidents_of(SEED, day)["incident"]
        rows = column(sheet, "kind") == "traffic"
        times, towns = column(sheet, "received_at")[rows], column(sheet, "town_code")[rows]
        for reported, town in zip(
            found.reported[found.severity != "NONE"],
            found.town[found.severity != "NONE"],
            strict=True,
        ):
            told = (times > reported) & (times < reported + 1800) & (towns == town)
            assert told.any(), (day, reported)
