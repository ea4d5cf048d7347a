"""The stages of declarations: arrived, checked, maybe inspected, taxed, released, collected."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times
from demo.draws import in_office, lasting, paired, quota
from demo.weather import rain_rate

BY_AGENT = 1.143
"""How many times as long what is left to do for release takes an agent: papers go through more
hands than where the company declares by itself."""
FORGOTTEN = 0.02
"""Of the steps of an inspection, those at which the goods are left standing."""
RULED_REVIEWED = 0.35
"""Of what would be reviewed by hand, that which still is where class and value were decided before
the goods came."""


@dataclass(frozen=True)
class Life:
    """When each declaration reaches each stage; NEVER where it does not."""

    arrived: Times
    reviewed: Times
    checked: Times
    ordered: Times
    fetched: Times
    inspected: Times
    moved: Times
    taxed: Times
    released: Times
    collected: Times
    returned: Times
    automatic: Array


@dataclass(frozen=True)
class Lodged:
    """The declarations of a day: lodged and arrived when, at which office (the index of its
    district), by the company alone or an agent, class and value ruled in advance or not."""

    at: Times
    arrived: Times
    imported: Array
    office: Array
    alone: Array
    ruled: Array


def _after(base: Times, wait: Times, happens: Array) -> Times:
    return np.where(happens, base + wait, NEVER)


def arrival(
    rng: np.random.Generator, lodged: Times, imported: Array, alone: Array
) -> tuple[Times, Array]:
    """When goods arrive, and whether they were declared in advance of that."""
    size, alike = len(lodged), imported * 2 + alone
    early = quota(rng, np.where(imported, 0.64, 0.82), alike)
    before = np.where(
        imported, lasting(rng, 14 * HOUR, 0.8, size), lasting(rng, 3 * HOUR, 0.7, size)
    )
    since = np.where(
        imported, paired(rng, 7 * HOUR, 0.8, alike), paired(rng, 0.4 * HOUR, 0.7, alike)
    )
    return lodged + np.where(early, np.minimum(before, 5 * DAY), -since), early


def _hindered(seed: int, since: Times, district: Array) -> Array:
    """How many times as long work in the open yard takes: cranes stand and boxes stay shut while it
    pours, and for the hours that the rain response holds."""
    worst = np.zeros(len(since))
    for hours in range(-2, 4):
        worst = np.maximum(worst, rain_rate(seed, since + hours * HOUR, district))
    return np.asarray(1 + 2.5 * worst / (worst + 12))


def _or_forgotten(rng: np.random.Generator, usual: Times, long: float) -> Times:
    """The usual durations, but of a few that wait for somebody who does not come."""
    return np.where(rng.random(len(usual)) < FORGOTTEN, lasting(rng, long, 0.3, len(usual)), usual)


def _inspection(
    rng: np.random.Generator, seed: int, checked: Times, imported: Array, district: Array
) -> tuple[Times, Times, Times, Times]:
    """Ordered, fetched, inspected, moved: of a few, in office hours, slower in heavy rain."""
    size = len(checked)
    chosen = rng.random(size) < np.where(imported, 0.048, 0.021)
    ordered = checked + lasting(rng, 12 * MINUTE, 0.5, size)
    slow = np.ones(size)
    slow[chosen] = _hindered(seed, ordered[chosen], district[chosen])
    to_fetch = _or_forgotten(rng, lasting(rng, 3.1 * HOUR, 0.65, size), 30 * HOUR)
    to_inspect = _or_forgotten(rng, lasting(rng, 2.2 * HOUR, 0.6, size), 26 * HOUR)
    fetched = in_office(rng, ordered + (slow * to_fetch).astype(np.int64), ends=18)
    inspected = in_office(rng, fetched + (slow * to_inspect).astype(np.int64), ends=18)
    moved = inspected + _or_forgotten(rng, lasting(rng, 2 * HOUR, 0.7, size), 16 * HOUR)
    return (
        np.where(chosen, ordered, NEVER),
        np.where(chosen, fetched, NEVER),
        np.where(chosen, inspected, NEVER),
        np.where(chosen, moved, NEVER),
    )


def _release(
    rng: np.random.Generator, free: Times, imported: Array, alone: Array
) -> tuple[Times, Times, Array]:
    """Paid and released, and whether by itself: online payment releases at once."""
    alike = imported * 2 + alone
    taxed = quota(rng, np.where(imported, 0.58, 0.0), alike)
    online = quota(rng, np.where(taxed, 0.81, 0.0), alike + taxed * 4)
    alike = alike + taxed * 4 + online * 8
    longer = np.where(alone, 1.0, BY_AGENT)

    def takes(median: float, spread: float) -> Times:
        return (longer * paired(rng, median, spread, alike)).astype(np.int64)

    paid_online = free + takes(4.5 * HOUR, 1.0)
    paid_desk = in_office(rng, free + takes(9 * HOUR, 0.8), ends=18)
    paid = np.where(online, paid_online, paid_desk)
    slow, quick = takes(3.2 * HOUR, 1.0), takes(22 * MINUTE, 0.9)
    untaxed = free + np.where(imported, slow, quick)
    released = np.where(taxed, paid + np.where(online, 2 * MINUTE, 45 * MINUTE), untaxed)
    return np.where(taxed, paid, NEVER), released, online


def live(rng: np.random.Generator, seed: int, lodged: Lodged) -> Life:
    """Draw all stages of declarations of one day."""
    at, arrived, imported = lodged.at, lodged.arrived, lodged.imported
    size = len(at)
    returned = _after(at, lasting(rng, 40 * MINUTE, 0.6, size), rng.random(size) < 0.018)
    doubtful = np.where(imported, 0.14, 0.05) * np.where(lodged.ruled, RULED_REVIEWED, 1)
    by_hand = rng.random(size) < doubtful
    reviewed = _after(at, lasting(rng, 3 * MINUTE, 0.4, size), by_hand)
    machine = at + lasting(rng, 6 * MINUTE, 0.5, size)
    human = in_office(rng, at + lasting(rng, 2.2 * HOUR, 0.7, size))
    checked = np.maximum(np.where(by_hand, human, machine), arrived)
    ordered, fetched, inspected, moved = _inspection(rng, seed, checked, imported, lodged.office)
    free = np.where(moved < NEVER, moved, checked)
    paid, released, online = _release(rng, free, imported, lodged.alone)
    stuck = rng.random(size) < np.where(imported, 0.0005, 0.0001)
    held = np.minimum(lasting(rng, 15 * DAY, 0.5, size), 60 * DAY)
    released = np.where(stuck, released + held, released)
    taken = released + lasting(rng, 9 * HOUR, 0.9, size)
    left = rng.random(size) < 0.003
    taken = np.where(left, released + lasting(rng, 8 * DAY, 0.4, size), taken)

    def unless_returned(stage: Times) -> Times:
        return np.where(returned < stage, NEVER, stage)

    return Life(
        arrived,
        reviewed=unless_returned(reviewed),
        checked=unless_returned(checked),
        ordered=unless_returned(ordered),
        fetched=unless_returned(fetched),
        inspected=unless_returned(inspected),
        moved=unless_returned(moved),
        taxed=unless_returned(paid),
        released=unless_returned(released),
        collected=unless_returned(taken),
        returned=returned,
        automatic=online,
    )
