"""How buses move along their lines: slower in the rush and in rain, never backwards."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from demo.days import HOUR, NEVER, SLOT, SLOTS, Array, Times, is_workday, midnight
from demo.draws import chance
from demo.places import DISTRICTS
from demo.transit.lines import LINES, lines_of
from demo.transit.network import APART, LAYOVER, SPEED, network_of
from demo.weather import rain_of

PER_LINE = 9
FLEET = LINES * PER_LINE
SWAY = 300
"""Seconds by which a bus gets ahead of its place among the others, or behind it."""
SWING = 4 * HOUR
HALT = 25
"""Seconds that a bus stands at a stop."""


@dataclass(frozen=True)
class Places:
    """Where buses are: the run (2 · line + direction), the stop they stand at or come to next, from
    1 on, metres from the terminus, whether they stand, and the spot (WGS-84)."""

    run: Array
    sequence: Array
    metres: Array
    stands: Array
    latitude: Array
    longitude: Array


@lru_cache(maxsize=8)
def _pace(seed: int, day: int) -> Array:
    """How fast buses are beside free roads, per slot and district."""
    hour = (np.arange(SLOTS) + 0.5) * SLOT / HOUR
    rush = np.exp(-(((hour - 8.1) / 0.9) ** 2)) + 0.95 * np.exp(-(((hour - 18.0) / 1.2) ** 2))
    slow = 1 + (0.4 if is_workday(day) else 0.15) * rush
    rain = rain_of(seed, day) * HOUR / SLOT
    return np.asarray(1 / (slow[:, None] * (1 + 0.25 * rain / (rain + 10))))


@lru_cache(maxsize=8)
def _clock(seed: int, day: int) -> Array:
    """Seconds of free running since midnight at the edges of the slots, per district."""
    done = np.cumsum(_pace(seed, day) * SLOT, axis=0)
    return np.vstack([np.zeros(len(DISTRICTS)), done])


@lru_cache(maxsize=8)
def _swaying(seed: int, day: int) -> tuple[Array, Array]:
    rng = chance(seed, "transit.sway", day)
    return rng.uniform(0.6, 1.35, FLEET) * SWAY, rng.uniform(0, 2 * np.pi, FLEET)


def speeds_at(seed: int, day: int, bus: Array, times: Times) -> Array:
    """Metres a second that a bus makes by the roads as they are: what arrivals are foretold by."""
    slot = np.clip((times - midnight(day)) // SLOT, 0, SLOTS - 1)
    return np.asarray(SPEED * _pace(seed, day)[slot, lines_of(seed).districts[bus // PER_LINE]])


def places_at(seed: int, day: int, bus: Array, times: Times) -> Places:
    """Where each bus is at a time of a day on which it runs."""
    net, line = network_of(seed), bus // PER_LINE
    there, back = net.lasts[0::2][line], net.lasts[1::2][line]
    whole = there + back + 2 * LAYOVER
    passed = _passed(seed, day, bus, times) % whole
    at = np.where(passed < there + LAYOVER, passed - LAYOVER, passed - there - 2 * LAYOVER)
    run = 2 * line + (passed >= there + LAYOVER)
    seconds = np.clip(at, 0, net.lasts[run])
    key = run * float(APART) + seconds
    reached = np.searchsorted(net.keys, key, side="right") - 1
    stands = (at < 0) | (key - net.keys[reached] < HALT)
    last = net.first[run + 1] - 1
    coming = np.where(stands, reached, np.minimum(reached + 1, last))
    stops = net.stops
    return Places(
        run,
        coming - net.first[run] + 1,
        np.interp(key, net.keys, net.metres),
        stands,
        np.interp(key, net.keys, stops.latitude[net.stop]),
        np.interp(key, net.keys, stops.longitude[net.stop]),
    )


def _passed(seed: int, day: int, bus: Array, times: Times) -> Array:
    """Seconds of free running that each bus has done, in its place among those of its line."""
    net, line = network_of(seed), bus // PER_LINE
    whole = net.lasts[0::2][line] + net.lasts[1::2][line] + 2 * LAYOVER
    clock, districts = _clock(seed, day), lines_of(seed).districts[line]
    seconds = np.clip(times - midnight(day), 0, SLOTS * SLOT - 1)
    slot = seconds // SLOT
    low, high = clock[slot, districts], clock[slot + 1, districts]
    free = low + (high - low) * (seconds % SLOT) / SLOT
    sway, phase = _swaying(seed, day)
    swayed = sway[bus] * np.sin(2 * np.pi * seconds / SWING + phase[bus])
    return np.asarray(free + swayed + bus % PER_LINE * whole / PER_LINE + SWAY * 2)


def gaps_ahead(seed: int, day: int, bus: Array, times: Times, duty: tuple[Times, Times]) -> Times:
    """Metres to the next bus ahead on the same run; NEVER where there is none, and for one that
    waits at its terminus. `duty` says from when to when each of the fleet runs."""
    mates = bus[:, None] // PER_LINE * PER_LINE + np.arange(PER_LINE)
    when = np.broadcast_to(times[:, None], mates.shape)
    found = places_at(seed, day, mates.ravel(), when.ravel())
    run, metres = found.run.reshape(mates.shape), found.metres.reshape(mates.shape)
    own = np.arange(len(bus)), bus % PER_LINE
    ahead = metres - metres[own][:, None]
    counts = (run == run[own][:, None]) & (duty[0][mates] <= when) & (when < duty[1][mates])
    counts &= (mates != bus[:, None]) & (ahead >= 0) & (metres[own][:, None] > 0)
    nearest = np.where(counts, ahead, np.inf).min(axis=1)
    known = np.isfinite(nearest)
    return np.where(known, np.where(known, nearest, 0).astype(np.int64), NEVER)
