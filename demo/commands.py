"""What `app.py simulate` and `app.py demo` do, given where the center's own parts are."""

import argparse
import signal
import tempfile
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from dashboard.settings import Settings
from data_access.processes import configure_logging
from data_access.store import open_history
from demo import DEPARTMENTS
from demo.city import live_on, make_city, scaled
from demo.clerks import enter_history, live_entries
from demo.courier import Courier, deliver_on
from demo.days import day_of, seconds_of
from demo.report import compare, table

Clock = Callable[[], datetime]


def say(text: str) -> None:
    """Tell whoever has started it, at once."""
    print(text, flush=True)


def make_and_live(
    settings: Settings,
    named: Mapping[str, str],
    store: str,
    redis: str,
    now: Clock,
    *,
    make_only: bool,
) -> None:
    """Make the demo city's departments where they are absent, then let them live on until told to
    stop. `named` holds their URLs by variable, `store` is the center's own, `redis` takes what is
    pushed."""
    urls = {key: named[f"{key.upper()}_URL"] for key in DEPARTMENTS}
    make_city(urls, settings.demo_seed, settings.demo_days, now(), say)
    enter_history(open_history(store), settings.demo_seed, settings.demo_days, now())
    courier = _courier(settings, now)
    courier.lay_files(seconds_of(now()))
    if make_only:
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    clerks = threading.Thread(
        target=live_entries, args=(open_history(store), settings.demo_seed, now, stopped)
    )
    clock = scaled(now, settings.time_scale)
    delivering = threading.Thread(target=deliver_on, args=(courier, redis, clock, stopped))
    for thread in (clerks, delivering):
        thread.start()
    live_on(urls, settings.demo_seed, now, stopped, time_scale=settings.time_scale)
    for thread in (clerks, delivering):
        thread.join()


def _courier(settings: Settings, now: Clock) -> Courier:
    data = settings.data.resolve()
    first = day_of(seconds_of(now())) - settings.demo_days
    note = data / "demo" / "delivered.json"
    return Courier(settings.demo_seed, first, data / "incoming", note, settings.redis_prefix)


def report(settings: Settings, options: argparse.Namespace, now: Clock) -> int:
    """Print every published figure beside what the demo city yields; 0 where all are close."""
    configure_logging(
        "warning", "demo"
    )  # Each file that is taken in would be a line of the report.
    with tempfile.TemporaryDirectory() as folder:
        lines = compare(Path(folder), now(), settings.demo_days, options.seeds, say)
    print(table(lines))
    return 0 if all(line.holds for line in lines) else 1
