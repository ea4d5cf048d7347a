"""Bus lines, their timetable, and how departures keep to it."""

from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, NEVER, Array, Times, date_of, is_workday, midnight
from demo.draws import chance, lasting, numbered
from demo.places import CODES
from demo.sheets import Columns, Sheet, Written
from demo.transit.lines import LINES, lines_of
from demo.transit.network import termini
from demo.weather import rain_rate

FIRST, LAST = 5.75 * HOUR, 22.75 * HOUR
FIRST_BUS, LAST_BUS = 1, 2
"""What `first_last` holds; 0 for the departures between."""


@lru_cache(maxsize=8)
def _timetable(seed: int, workday: bool) -> tuple[Array, Times, Times]:
    """Line index, seconds after midnight and planned headway of all departures of a day."""
    rng = chance(seed, f"transit.timetable.{workday}")
    lines, starts, gaps = [], [], []
    for line, headway in enumerate(lines_of(seed).headways):
        second = int(FIRST + rng.integers(0, 5) * 10 * MINUTE)
        end = int(LAST - rng.integers(0, 8) * 10 * MINUTE)
        while second <= end:
            peak = workday and (7 <= second / HOUR < 9 or 17 <= second / HOUR < 19)
            gap = int(headway * (0.7 if peak else 1.0 if workday else 1.2)) // MINUTE * MINUTE
            lines.append(line)
            starts.append(second)
            gaps.append(gap)
            second += gap
    return np.array(lines), np.array(starts, np.int64), np.array(gaps, np.int64)


def _delays(rng: np.random.Generator, seed: int, starts: Times, districts: Array) -> Times:
    """Seconds late at the terminus: small, in rain and rush larger."""
    hour = (starts + 8 * HOUR) % 86_400 / HOUR
    rush = np.exp(-((hour - 8) ** 2)) + np.exp(-((hour - 18) ** 2))
    rain = np.minimum(rain_rate(seed, starts, districts), 40)
    usual = rng.normal(25, 32, len(starts))
    held = rng.random(len(starts)) < 0.055 + 0.08 * rush + 0.012 * rain
    return (usual + held * lasting(rng, 210, 0.5, len(starts))).astype(np.int64)


def _disrupted(seed: int, day: int, line: Array, seconds: Times) -> Array:
    """Departures dropped because a line is short of buses: about every fourth day one line runs
    with every other bus for some hours."""
    rng = chance(seed, "transit.disruptions", day)
    dropped = np.zeros(len(line), bool)
    if rng.random() < 0.25:
        begun = rng.uniform(6.5, 17) * HOUR
        hit = (line == rng.integers(LINES)) & (seconds >= begun) & (seconds < begun + 3 * HOUR)
        dropped[np.flatnonzero(hit)[1::2]] = True
    return dropped


def _ratios(lines: Array, actual: Times, missed: Array, gaps: Times) -> Array:
    """Actual over planned gap to the departure before on the same line, nan where none."""
    ratios = np.full(len(lines), np.nan)
    kept = np.flatnonzero(~missed)
    same = lines[kept][1:] == lines[kept][:-1]
    between = np.maximum(actual[kept][1:] - actual[kept][:-1], 0) / gaps[kept][1:]
    ratios[kept[1:][same]] = np.round(between[same], 3)
    return ratios


def trips_of(seed: int, day: int) -> dict[str, Sheet]:
    """The departures of a day: each appears when it has left, or is missing for 10 minutes."""
    rng = chance(seed, "transit.trips", day)
    line, seconds, gaps = _timetable(seed, is_workday(day))
    lines, starts = lines_of(seed), midnight(day) + seconds
    districts = lines.districts[line]
    delay = _delays(rng, seed, starts, districts)
    missed = rng.random(len(line)) < 0.0015 + 0.0002 * rain_rate(seed, starts, districts)
    missed |= _disrupted(seed, day, line, seconds)
    turns = line[1:] != line[:-1]
    edge = np.where(np.append(turns, True), LAST_BUS, np.append(True, turns) * FIRST_BUS)
    appears = np.where(missed, starts + 10 * MINUTE, np.maximum(starts + delay, starts - 120))
    serial = np.arange(len(line))
    buses = np.char.add("粤E", np.char.zfill((10_000 + line * 9 + serial % 9).astype(str), 5))
    columns: Columns = {
        "trip_id_performed": numbered(day, len(line)),
        "service_date": np.full(len(line), str(date_of(day)), dtype=object),
        "route_id": lines.ids[line],
        "route_short_name": lines.names[line],
        "district_code": CODES[districts],
        "town_code": termini(seed)[line],
        "vehicle_id": buses,
        "schedule_trip_start": starts,
        "actual_trip_start": np.where(missed, NEVER, starts + delay),
        "start_delay": np.where(missed, NEVER, delay),
        "schedule_relationship": np.where(missed, "CANCELED", "SCHEDULED").astype(object),
        "first_last": edge.astype(np.int64),
        "scheduled_headway": gaps,
        "headway_ratio": _ratios(line, starts + delay, missed, gaps),
        "updated_at": Written(),
    }
    return {"trips_performed": Sheet(appears, columns)}
