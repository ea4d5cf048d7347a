"""An incident: received, dispatched, en route, on scene, cleared; its units; its reports."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, MINUTE, NEVER, Array, Times
from demo.draws import arrivals, chance, lasting, numbered, pick, rhythm
from demo.places import CODES, DISTRICTS, SHARES, spots, towns_of
from demo.sheets import Columns, From, Sheet, Steps, Written
from demo.transit.crashes import crashes_on
from demo.weather import rain_rate, wet_factor

PER_DAY = 32
"""Incidents a day that are no traffic accidents; those come from the crashes of that day."""
BY_HOUR = rhythm(
    (2, 1.5, 1.2, 1, 1, 1.3, 2, 3.5, 5, 5, 5, 5, 5, 4.5, 5, 5, 5.5, 6, 6, 5.5, 5, 4.5, 3.5, 2.5)
)
GRADES = ("一般", "较大", "重大", "特别重大")
STAGES = ("初报", "续报", "终报")


OTHER_KINDS = np.array(["fire", "rescue", "gas", "hazmat", "power"], dtype=object)
OTHER_SHARES = np.array([22, 20, 9, 3, 16]) / 70
TRAFFIC = "traffic"
DISTRICT_NAMES = np.array([f"{district.name}区" for district in DISTRICTS], dtype=object)


@dataclass(frozen=True)
class Calls:
    """What was reported to the center: when, where, and what kind of thing."""

    received: Times
    district: Array
    town: Array
    kind: Array


@dataclass(frozen=True)
class Life:
    """Who was called when, where, how grave, and when each stage was reached (NEVER: it was not)."""

    district: Array
    town: Array
    kind: Array
    grade: Array
    received: Times
    dispatched: Times
    en_route: Times
    on_scene: Times
    cleared: Times


def _reported(rng: np.random.Generator, seed: int, day: int) -> Calls:
    """Everything reported on a day in order: what rain and chance bring, and of the crashes of the
    day those with people hurt and one in eighteen of the others, which block a lane."""
    expected = PER_DAY * BY_HOUR[:, None] * SHARES * wet_factor(seed, day, 1.0)
    received, district = arrivals(rng, day, expected)
    rain = rain_rate(seed, received, district)
    kind = OTHER_KINDS[rng.choice(len(OTHER_KINDS), len(received), p=OTHER_SHARES)]
    kind = np.where(rng.random(len(received)) < 0.6 * rain / (rain + 10), "flood", kind)
    crash = crashes_on(seed, day)
    passed_on = (crash.severity != "NONE") | (rng.random(len(crash.reported)) < 0.055)
    chosen = np.flatnonzero(passed_on)
    told = crash.reported[chosen] + lasting(rng, 100, 0.5, len(chosen))
    times = np.concatenate([received, told])
    order = np.argsort(times, kind="stable")
    return Calls(
        times[order],
        np.concatenate([district, crash.district[chosen]])[order],
        np.concatenate([towns_of(rng, district), crash.town[chosen]])[order],
        np.concatenate([kind, np.full(len(chosen), TRAFFIC, dtype=object)])[order],
    )


def _live(rng: np.random.Generator, seed: int, day: int) -> Life:
    calls = _reported(rng, seed, day)
    received, district = calls.received, calls.district
    size = len(received)
    grade = rng.choice(4, size, p=[0.9942, 0.0052, 0.0005, 0.0001])
    wet = 1 + np.minimum(rain_rate(seed, received, district), 40) / 50
    dispatched = received + lasting(rng, 95, 0.5, size)
    en_route = dispatched + lasting(rng, 70, 0.4, size)
    on_scene = en_route + (wet * lasting(rng, 8.5 * MINUTE, 0.45, size)).astype(np.int64)
    work = lasting(rng, 65 * MINUTE, 0.75, size) * np.array([1, 3, 8, 20])[grade]
    cleared = on_scene + np.minimum(work, 6 * DAY)
    chance_of = rng.random((3, size))
    called_off = chance_of[0] < 0.035
    unseen = (chance_of[1] < 0.03) | called_off
    return Life(
        district,
        calls.town,
        calls.kind,
        grade,
        received,
        dispatched,
        np.where(called_off, NEVER, en_route),
        np.where(unseen, NEVER, on_scene),
        np.where(chance_of[2] < 0.0008, NEVER, np.where(called_off, en_route, cleared)),
    )


def incidents_of(seed: int, day: int) -> dict[str, Sheet]:
    """The incidents of a day with their unit rows and the reports they owe."""
    rng = chance(seed, "incidents.events", day)
    life = _live(rng, seed, day)
    numbers = numbered(day, len(life.received), "YJ")
    return {
        "incident": _incidents(rng, seed, life, numbers),
        "unit_run": _units(rng, life, numbers),
        "report_duty": _reports(rng, life, numbers),
    }


def _incidents(rng: np.random.Generator, seed: int, life: Life, numbers: Array) -> Sheet:
    """Typed by hand: states in any case, a few places swapped or 0, a few cleared too early."""
    size = len(numbers)
    latitude, longitude = spots(rng, life.town)
    slip = rng.random(size)
    swapped, nowhere = slip < 0.006, (slip >= 0.006) & (slip < 0.012)
    early = rng.random(size) < 0.006
    # Some terminals still send GBK, which is then read as Latin-1.
    garbled = np.array([n.encode("gbk").decode("latin-1") for n in DISTRICT_NAMES], dtype=object)
    names = np.where(
        rng.random(size) < 0.008, garbled[life.district], DISTRICT_NAMES[life.district]
    )
    stages = np.stack([life.received, life.dispatched, life.on_scene, life.cleared], axis=1)
    opened = pick(rng, ("Open", "OPEN", "open "), np.array([7, 2, 1]), size)
    closed = pick(rng, ("Closed", "CLOSED", "closed"), np.array([7, 2, 1]), size)
    states = np.stack([opened, opened, opened, closed], axis=1)
    cleared = np.where(early, life.received - HOUR, life.cleared)
    columns: Columns = {
        "incident_no": numbers,
        "kind": life.kind,
        "grade": np.array(GRADES, dtype=object)[life.grade],
        "status": Steps(stages, states),
        "district_code": CODES[life.district],
        "district_name": names,
        "town_code": life.town,
        "latitude": np.where(nowhere, 0.0, np.where(swapped, longitude, latitude)),
        "longitude": np.where(nowhere, 0.0, np.where(swapped, latitude, longitude)),
        "received_at": life.received,
        "dispatched_at": From(life.dispatched),
        "en_route_at": From(life.en_route),
        "on_scene_at": From(life.on_scene),
        "cleared_at": From(life.cleared, np.where(life.cleared == NEVER, NEVER, cleared)),
        "updated_at": Written(),
    }
    return Sheet(life.received + 15, columns)


def _units(rng: np.random.Generator, life: Life, numbers: Array) -> Sheet:
    """One to several unit rows of each incident; graver ones call more."""
    count = 1 + rng.poisson(np.array([0.5, 3, 8, 15])[life.grade])
    row = np.repeat(np.arange(len(count)), count)
    size = len(row)
    within = np.arange(size) - np.repeat(np.cumsum(count) - count, count)
    later = within * lasting(rng, 2 * MINUTE, 0.5, size)

    def shifted(times: Times) -> Times:
        return np.where(times[row] == NEVER, NEVER, times[row] + later * (times[row] < NEVER))

    stations = np.char.zfill(rng.integers(1, 60, size).astype(str), 2)
    names = np.char.add(np.char.add("U", stations), np.char.add("-", within.astype(str)))
    columns: Columns = {
        "incident_no": numbers[row],
        "unit_no": names.astype(object),
        "district_code": CODES[life.district[row]],
        "dispatched_at": shifted(life.dispatched),
        "en_route_at": From(shifted(life.en_route)),
        "on_scene_at": From(shifted(life.on_scene)),
        "cleared_at": From(shifted(life.cleared)),
        "updated_at": Written(),
    }
    return Sheet(shifted(life.dispatched) + 5, columns)


def _reports(rng: np.random.Generator, life: Life, numbers: Array) -> Sheet:
    """A first report in 30 minutes, a further one in 3 hours while it lasts, a last one in a day."""
    size = len(numbers)
    lasts = life.cleared - life.received > 2.5 * HOUR
    begun = [life.received, life.received + 30 * MINUTE, life.cleared]
    owed = [np.ones(size, bool), lasts, life.cleared < NEVER]
    limits = (30 * MINUTE, int(2.5 * HOUR), DAY)
    paces = ((11 * MINUTE, 0.42), (1.3 * HOUR, 0.24), (7 * HOUR, 0.42))
    parts = []
    for stage, (start, owes, limit, pace) in enumerate(
        zip(begun, owed, limits, paces, strict=True)
    ):
        rows = np.flatnonzero(owes)
        sent = start[rows] + lasting(rng, pace[0], pace[1], len(rows))
        parts.append((rows, np.full(len(rows), stage), start[rows], start[rows] + limit, sent))
    row, stage_of, started, due, sent = (np.concatenate(p) for p in zip(*parts, strict=True))
    columns: Columns = {
        "incident_no": numbers[row],
        "stage": np.array(STAGES, dtype=object)[stage_of],
        "grade": np.array(GRADES, dtype=object)[life.grade[row]],
        "district_code": CODES[life.district[row]],
        "town_code": life.town[row],
        "kind": life.kind[row],
        "started_at": started,
        "due_at": due,
        "sent_at": From(sent),
        "updated_at": Written(),
    }
    return Sheet(started + 15, columns)
