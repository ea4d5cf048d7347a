"""Buses that report where they are, and the feeds' own heartbeat."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import HOUR, MINUTE, NEVER, OFFSET, Array, Times, day_of, is_workday, midnight
from demo.draws import chance, lasting
from demo.places import CODES
from demo.transit.lines import lines_of
from demo.transit.moving import FLEET, PER_LINE, gaps_ahead, places_at, speeds_at
from demo.transit.network import network_of

EVERY = 15
"""Seconds between two reports of a bus."""
FEEDS = ("vehicles", "trips", "signals", "crashes", "rail", "coaches", "arrivals")


@dataclass(frozen=True)
class Duties:
    """What each bus does on a day: when it runs, and from when to when it is silent."""

    out: Times
    back: Times
    silent: Times
    heard: Times
    ahead: Array


@lru_cache(maxsize=8)
def _duties(seed: int, day: int) -> Duties:
    rng = chance(seed, "transit.vehicles", day)
    out = midnight(day) + rng.integers(int(5.6 * HOUR), int(6.8 * HOUR), FLEET)
    back = midnight(day) + rng.integers(int(21.4 * HOUR), int(23.7 * HOUR), FLEET)
    if not is_workday(day):
        # On days of rest a third of the buses runs by day only.
        short = np.arange(FLEET) % 3 == 1
        out, back = out + short * 3 * HOUR, back - short * 4 * HOUR
    broken = rng.random(FLEET) < 0.13
    silent = np.where(broken, rng.integers(out, back), back)
    heard = silent + lasting(rng, 90 * MINUTE, 0.7, FLEET)
    # On some days the radio of a whole district fails for a quarter of an hour.
    if rng.random() < 0.12:
        lost = rng.integers(len(CODES))
        start = midnight(day) + rng.integers(8 * HOUR, 20 * HOUR)
        there = lines_of(seed).districts[np.arange(FLEET) // PER_LINE] == lost
        silent = np.where(there, start, silent)
        heard = np.where(there, start + 15 * MINUTE, heard)
    # Some devices take local time for UTC after a repair: their clocks are eight hours ahead.
    return Duties(out, back, silent, heard, rng.random(FLEET) < 0.005)


def _reported(duties: Duties, at: int) -> Times:
    """When each bus last reported on this day, -1 where it has not yet."""
    phase = np.arange(FLEET) % EVERY
    until = np.minimum(at, duties.back)
    inside = (until >= duties.silent) & (until < duties.heard)
    until = np.where(inside, duties.silent, until)
    found = (until - phase) // EVERY * EVERY + phase
    return np.asarray(np.where(found >= duties.out, found, -1))


def vehicles_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """The newest report of every bus at a moment."""
    today, before = _duties(seed, day_of(at)), _duties(seed, day_of(at) - 1)
    seen = _reported(today, at)
    last = np.where(seen < 0, _reported(before, at), seen)
    running = (today.out <= at) & (at < today.back)
    turned = np.where(at >= today.back, today.back, np.where(at >= today.out, today.out, 0))
    changed = np.maximum(last, turned)
    lines, bus = lines_of(seed), np.arange(FLEET)
    line = bus // PER_LINE
    columns = {
        "vehicle_id": np.char.add("粤E", np.char.zfill((10_000 + bus).astype(str), 5)),
        "route_id": lines.ids[line],
        "route_short_name": lines.names[line],
        "district_code": CODES[lines.districts[line]],
        "in_service": running.astype(np.int64),
        **_moved(seed, day_of(at), last, seen >= 0, running),
        "timestamp": last + OFFSET * np.where(seen < 0, before.ahead, today.ahead),
        # The column came with the feed's version 2.0 and was never filled.
        "occupancy_status": np.full(FLEET, None, dtype=object),
        "updated_at": changed,
    }
    return columns, changed


def _moved(seed: int, day: int, last: Times, reported: Array, running: Array) -> dict[str, Array]:
    """What each bus said of its place when it last reported, on this day or the day before."""
    columns: dict[str, Array] = {}
    for when, those in ((day, reported), (day - 1, ~reported)):
        bus = np.flatnonzero(those)
        if not len(bus):
            continue
        found = _said(seed, when, bus, last[bus])
        if when < day:
            found["gap_ahead"] = np.full(len(bus), NEVER)
        for name, values in found.items():
            columns.setdefault(name, np.empty(FLEET, values.dtype))[bus] = values
    columns["gap_ahead"] = np.where(running, columns["gap_ahead"], NEVER)
    return columns


def _said(seed: int, day: int, bus: Array, times: Times) -> dict[str, Array]:
    """What buses say of their places at their own times of a day."""
    net, duties = network_of(seed), _duties(seed, day)
    places = places_at(seed, day, bus, times)
    gaps = gaps_ahead(seed, day, bus, times, (duties.out, duties.back))
    return {
        "town_code": net.stops.towns[net.stop[net.first[places.run] + places.sequence - 1]],
        "direction_id": places.run % 2,
        "current_stop_sequence": places.sequence,
        "distance_traveled": places.metres.astype(np.int64),
        "current_status": np.where(places.stands, "STOPPED_AT", "IN_TRANSIT_TO").astype(object),
        "gap_ahead": gaps,
        "mean_speed": speeds_at(seed, day, bus, times).round(2),
        "latitude": places.latitude.round(5),
        "longitude": places.longitude.round(5),
    }


def feeds_at(seed: int, at: int) -> tuple[dict[str, Array], Times]:
    """Every feed says that it runs."""
    del seed
    times = np.full(len(FEEDS), at, np.int64)
    columns = {
        "feed": np.array(FEEDS, dtype=object),
        "feed_timestamp": times,
        "feed_version": np.full(len(FEEDS), "2.0", dtype=object),
    }
    return columns, times
