"""The demo city's two entries: make it, and let it live on."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import wait

import sqlalchemy as sa
import structlog

from demo import (
    base,
    cases,
    counter,
    customs,
    environment,
    grid,
    incidents,
    trade,
    traffic,
    transit,
)
from demo.days import seconds_of
from demo.simulation import NotOurs, Plan, Simulation
from demo.writing import open_engine

PLANS: Mapping[str, Plan] = {
    "cases": cases.PLAN,
    "environment": environment.PLAN,
    "transit": transit.PLAN,
    "incidents": incidents.PLAN,
    "customs": customs.PLAN,
    "counter": counter.PLAN,
    "grid": grid.PLAN,
    "base": base.PLAN,
    "traffic": traffic.PLAN,
    "trade": trade.PLAN,
}
"""The departments, those with most rows first, so that two processes end together."""
SMALL = 7
"""Days of history that one process makes sooner than two."""
SOON = 600
"""Seconds that living on makes up for at once."""
log = structlog.get_logger()


def make_city(
    urls: Mapping[str, str],
    seed: int,
    days: int,
    now: datetime,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Create schema and history of every department named in `urls`; returns rows written of each.

    `say` hears a line as each department is there for which something was to be done.

    A department that is there already only catches up to `now`, and one that is minutes behind is
    left to `live_on`. Raises NotOurs where a database holds the city of another seed or somebody
    else's tables, and the driver's error where one cannot be reached.
    """
    at = seconds_of(now)
    wanted = [name for name in PLANS if name in urls]
    absent = [name for name in wanted if not _is_made(name, urls[name], seed)]
    alone = wanted if days <= SMALL or len(absent) < 2 else [n for n in wanted if n not in absent]
    made = _make(alone, [n for n in wanted if n not in alone], urls, seed, days, at)
    began, written = time.monotonic(), dict[str, int]()
    if absent:
        say(f"demo city: making {days} days of {', '.join(absent)}")
    for name, rows in made:
        written[name] = rows
        done, seconds = f"{len(written)} of {len(wanted)}", time.monotonic() - began
        if rows:
            say(f"demo city: {name} is there ({done}), {rows:,} rows written, {seconds:.0f} s")
    return written


def _make(
    alone: list[str],
    together: list[str],
    urls: Mapping[str, str],
    seed: int,
    days: int,
    at: int,
) -> Iterator[tuple[str, int]]:
    """Each department with the rows written, as it is made."""
    for name in alone:
        yield name, make_department(name, urls[name], seed, days, at)
    yield from _make_together(together, urls, seed, days, at)


def _is_made(name: str, url: str, seed: int) -> bool:
    with _simulation(name, url, seed) as simulation:
        return simulation.progress() is not None


@contextmanager
def _simulation(name: str, url: str, seed: int) -> Iterator[Simulation]:
    """A department's, with its variable named where the database is not the demo's."""
    engine = open_engine(url)
    try:
        yield Simulation(engine, PLANS[name], seed)
    except NotOurs as error:
        raise NotOurs(f"{name.upper()}_URL: {error}") from error
    finally:
        engine.dispose()


def _make_together(
    names: list[str], urls: Mapping[str, str], seed: int, days: int, at: int
) -> Iterator[tuple[str, int]]:
    """Make departments in two processes, which end with this one."""
    if not names:
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context, initializer=_end_with_parent) as pool:
        made = {pool.submit(make_department, n, urls[n], seed, days, at): n for n in names}
        for future in as_completed(made):
            yield made[future], future.result()


def _end_with_parent() -> None:
    """A child whose parent is killed must not stay behind."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def make_department(name: str, url: str, seed: int, days: int, at: int) -> int:
    """Create one department's schema and history up to second `at`; returns rows written."""
    with _simulation(name, url, seed) as simulation:
        progress = simulation.progress()
        if progress is not None and at - progress[1] <= SOON:
            return 0
        return simulation.build(at, days)


def live_on(
    urls: Mapping[str, str],
    seed: int,
    clock: Callable[[], datetime],
    stop: threading.Event,
    *,
    time_scale: float = 1.0,
    pause: float = 2.0,
) -> None:
    """Let every department live on until `stop` is set; each has a thread of its own.

    `clock` gives the aware moment; the city's time passes `time_scale` times as fast from when
    this is called. A step is written every `pause` seconds.
    """
    now = scaled(clock, time_scale)
    threads = [
        threading.Thread(target=_live, args=(n, urls[n], seed, now, stop, pause), name=f"demo-{n}")
        for n in PLANS
        if n in urls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def scaled(clock: Callable[[], datetime], time_scale: float) -> Callable[[], int]:
    """The second of a city whose time passes so many times as fast, from when this is called."""
    begun = clock()

    def now() -> int:
        return seconds_of(begun + (clock() - begun) * time_scale)

    return now


def _live(
    name: str, url: str, seed: int, now: Callable[[], int], stop: threading.Event, pause: float
) -> None:
    """Step one department on; a database that does not answer is asked again, said once."""
    engine = open_engine(url)
    simulation, failing = Simulation(engine, PLANS[name], seed), False
    while not stop.is_set():
        began = time.monotonic()
        try:
            simulation.advance(now())
            if failing:
                log.info("demo department writes again", department=name)
            failing = False
        except sa.exc.DBAPIError as error:
            if not failing:
                log.warning("demo department cannot write", department=name, reason=str(error.orig))
            failing = True
        stop.wait(max(0.2, pause - (time.monotonic() - began)))
    engine.dispose()


def utc_now() -> datetime:
    """The clock of a city that lives in real time."""
    return datetime.now(UTC)
