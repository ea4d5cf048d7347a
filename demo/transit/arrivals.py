"""Riders who ask when their bus comes, what they are told, and when it comes."""

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times, is_workday, midnight
from demo.draws import chance, numbered
from demo.places import CODES
from demo.sheets import Columns, From, Sheet, Written
from demo.transit.lines import lines_of
from demo.transit.moving import FLEET, PER_LINE, places_at, speeds_at
from demo.transit.network import network_of

SAMPLED = 320
"""Questions of a working day whose answers are compared with what came."""
FURTHEST = 8
"""Stops that the bus is away at most where the comparison is made."""
STEP, STEPS = 20, 150
"""Seconds between two looks at where the bus is, and how many looks it is waited for."""


def arrivals_of(seed: int, day: int) -> dict[str, Sheet]:
    """The questions of a day that were compared: each row comes with the question and is filled in
    when the bus is at the stop."""
    rng = chance(seed, "transit.arrivals", day)
    size = SAMPLED if is_workday(day) else round(SAMPLED * 0.7)
    asked = np.sort(midnight(day) + rng.integers(int(6.9 * HOUR), int(21.2 * HOUR), size))
    bus, away = rng.integers(0, FLEET, size), rng.integers(1, FURTHEST + 1, size)
    net, here = network_of(seed), places_at(seed, day, bus, asked)
    place = net.first[here.run] + here.sequence - 1
    target = place + away - ~here.stands
    kept = target < net.first[here.run + 1]
    asked, bus, away, target, run = (a[kept] for a in (asked, bus, away, target, here.run))
    metres = (net.metres[target] - here.metres[kept]).astype(np.int64)
    told = (metres / speeds_at(seed, day, bus, asked)).astype(np.int64)
    came = _arrivals(seed, day, bus, asked, run, net.metres[target])
    error = np.where(came == NEVER, NEVER, np.abs(came - asked - told))
    lines, stops, stop = lines_of(seed), net.stops, net.stop[target]
    columns: Columns = {
        "prediction_id": numbered(day, len(asked), "P"),
        "route_short_name": lines.names[bus // PER_LINE],
        "stop_name": stops.names[stop],
        "district_code": CODES[stops.districts[stop]],
        "town_code": stops.towns[stop],
        "stops_away": away,
        "meters_away": metres,
        "asked_at": asked,
        "predicted_seconds": told,
        "arrived_at": From(came),
        "abs_error_seconds": From(came, error),
        "updated_at": Written(),
    }
    return {"arrival_predictions": Sheet(asked + 2, columns)}


def _arrivals(seed: int, day: int, bus: Array, asked: Times, run: Array, target: Times) -> Times:
    """When each bus is at its stop, to a few seconds; NEVER where it does not come in the time
    it is waited for."""
    looks = asked[:, None] + STEP * np.arange(1, STEPS + 1)
    looks = np.minimum(looks, midnight(day) + DAY - MINUTE)
    found = places_at(seed, day, np.repeat(bus, STEPS), looks.ravel())
    metres = found.metres.reshape(looks.shape)
    there = (found.run.reshape(looks.shape) != run[:, None]) | (metres >= target[:, None])
    first = np.argmax(there, axis=1)
    came = looks[np.arange(len(bus)), first]
    return np.asarray(np.where(there.any(axis=1), came, NEVER))
