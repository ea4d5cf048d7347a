"""Command line and composition root: the only place where the parts of the house are put together."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.catalogue.departments import DATA, STORE
from dashboard.settings import Settings, wrong_settings
from demo import DEPARTMENTS as DEMO

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.ports import Accounts
    from data_access.processes import Supervisor


ROOT = Path(__file__).resolve().parent


def now() -> datetime:
    """The clock of the running product."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    environ: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = now,
) -> "Dash":
    """The web application with everything it works with; may be called twice in one process.

    `environ` holds the department URLs that the catalogue names, None the process's own. The store is migrated; neither
    Redis nor a department is touched before the server starts.
    """
    from callbacks.lanes import Lanes
    from callbacks.services import Services
    from callbacks.web import build_web
    from dashboard.catalogue.watch import WatchedCatalogue
    from dashboard.series import SeriesDesk
    from data_access.departments.sources import SqlSources
    from data_access.geography import load_geography
    from data_access.live.attempts import CountedAttempts
    from data_access.live.follower import LiveFollower
    from data_access.live.screens import RedisScreens
    from data_access.live.shelf import RedisShelf
    from data_access.store import SqlAccounts, open_history
    from data_access.store.screens import SqlScreens

    catalogue = WatchedCatalogue(
        settings.catalog, with_own(settings, os.environ if environ is None else environ)
    )
    history = open_history(store_url(settings), clock)
    sources = SqlSources(catalogue)
    services = Services(
        settings=settings,
        catalogue_source=catalogue,
        live=LiveFollower(redis_url(settings), settings.redis_prefix),
        history=history,
        series=SeriesDesk(catalogue, history, sources, clock),
        sources=sources,
        shelf=RedisShelf(redis_url(settings), settings.redis_prefix),
        screens=SqlScreens(history.database),
        wire=RedisScreens(redis_url(settings), settings.redis_prefix),
        geography=load_geography(settings.map_layers),
        accounts=SqlAccounts(history.database),
        attempts=CountedAttempts(redis_url(settings), settings.redis_prefix),
        lanes=Lanes(settings.web_threads, settings.department_threads),
        clock=clock,
    )
    return build_web(services)


def store_url(settings: Settings) -> str:
    """The store's URL; SQLite in the data folder where none is set."""
    if settings.store_url:
        return settings.store_url
    settings.data.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{settings.data.resolve()}/store.sqlite"


def with_own(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that department URLs are made of, with the center's own among them: what it
    knows itself, such as manual entries and what was delivered, is read like any department."""
    data = str(settings.data.resolve())
    return {**environ, STORE: store_url(settings), DATA: data}


def redis_url(settings: Settings) -> str:
    """Redis's URL; the embedded server's socket where none is set."""
    from data_access.live.embedded import socket_path

    return settings.redis_url or f"unix://{socket_path(settings.data)}"


def demo_urls(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """The demo departments' URLs by variable: those given, else SQLite in the data folder."""
    folder = settings.data.resolve() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{key.upper()}_URL": key for key in DEMO}
    return {
        name: environ.get(name) or f"sqlite:///{folder}/{key}.sqlite" for name, key in names.items()
    }


def checked_urls(settings: Settings, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variables that a check goes by: where none of the demo's is set, the demo city's own.

    `run` gives them to its own processes only, so that whoever tries the demo has none set.
    """
    environ = with_own(settings, environ)
    if any(environ.get(f"{key.upper()}_URL") for key in DEMO):
        return environ
    folder = settings.data / "demo"
    if not all((folder / f"{key}.sqlite").exists() for key in DEMO):
        print(f"no department's variable is set, and there is no demo city in {folder}: `make run`")
        print("makes one, --files-only looks at the files alone")
        return environ
    print(f"no department's variable is set: the demo city's databases in {folder} are looked at")
    return {**environ, **demo_urls(settings, environ)}


def serve(settings: Settings, _: argparse.Namespace) -> int:
    """Answer browsers."""
    import uvicorn

    from data_access import garbage
    from data_access.account_commands import make_first

    app = create_app(settings)
    with accounts_of(settings) as accounts:
        make_first(accounts, now(), sys.stdout)
    garbage.settle()
    # Without the short patience an open stream would keep the process for ever.
    uvicorn.run(
        app.server,
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=2,
        # The client stays who connects: `callbacks.identity` weighs what a proxy says.
        proxy_headers=False,
        log_level="warning",
        access_log=False,
    )
    return 0


def collect(settings: Settings, _: argparse.Namespace) -> int:
    """Read the departments on their schedules."""
    from dashboard.catalogue.watch import WatchedCatalogue
    from data_access import garbage
    from data_access.collector import Collector
    from data_access.collector.place import holder_of
    from data_access.departments.source import SqlSource
    from data_access.geography import load_geography
    from data_access.live.publisher import RedisPublisher
    from data_access.store import open_history

    settings.data.mkdir(parents=True, exist_ok=True)
    with holder_of(settings.data / "collect.lock") as holder:
        collector = Collector(
            WatchedCatalogue(settings.catalog, with_own(settings, os.environ)),
            open_history(store_url(settings)),
            RedisPublisher(redis_url(settings), settings.redis_prefix, settings.stream_length),
            SqlSource,
            holder=holder,
            zone=settings.zone,
            audit_days=settings.audit_days,
            geography=load_geography(settings.map_layers),
        )
        signal.signal(signal.SIGTERM, lambda *_: collector.stop())
        garbage.settle()
        collector.run()
    return 0


def receive(settings: Settings, _: argparse.Namespace) -> int:
    """Take in what departments deliver as files and pushes."""
    from dashboard.catalogue.watch import WatchedCatalogue
    from data_access.intake.places import Places, consumer_of
    from data_access.intake.receiver import Receiver
    from data_access.processes import only_one

    data = settings.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    variables = with_own(settings, os.environ)
    places = Places(variables, data, redis_url(settings), settings.redis_prefix)
    with only_one(data / "receive.lock"):
        catalogue = WatchedCatalogue(settings.catalog, variables)
        receiver = Receiver(catalogue, places, consumer_of(data))
        signal.signal(signal.SIGTERM, lambda *_: receiver.stop())
        receiver.run()
    return 0


def simulate(settings: Settings, options: argparse.Namespace) -> int:
    """Make the demo city's departments where they are absent, then let them live on."""
    from demo.commands import make_and_live
    from demo.simulation import NotOurs

    named, store = demo_urls(settings, os.environ), store_url(settings)
    try:
        make_and_live(settings, named, store, redis_url(settings), now, make_only=options.make_only)
    except NotOurs as error:
        print(f"no demo city can be made: {error}", file=sys.stderr)
        return 1
    return 0


def redis(settings: Settings, _: argparse.Namespace) -> int:
    """Run the embedded Redis until told to stop."""
    from data_access.live.embedded import EmbeddedRedis

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with EmbeddedRedis(settings.data) as server:
        while server.running() and not stopped.wait(0.2):
            pass
        return 0 if stopped.is_set() else 1


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Bring up everything and keep it up: embedded Redis, the demo city, receiver, collector, web."""
    from data_access.listening import port_to_listen_on
    from data_access.processes import Supervisor, follow_interrupt, follow_parent, only_one

    stopped = threading.Event()
    if options.with_parent:
        follow_parent(os.getppid())
        follow_interrupt(os.getppid(), stopped)
    settings.data.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with only_one(settings.data / "run.lock"):
        port = port_to_listen_on(settings.host, settings.port)
        environment = {
            **os.environ,
            **demo_urls(settings, os.environ),
            "COMMAND_CENTER_REDIS_URL": redis_url(settings),
            "COMMAND_CENTER_PORT": str(port),
        }
        house = Supervisor(environment, ROOT / "app.py", settings.data / "processes.json")
        try:
            return keep_up(house, settings, f"http://{settings.host}:{port}", stopped)
        finally:
            house.stop()


def keep_up(house: "Supervisor", settings: Settings, url: str, stopped: threading.Event) -> int:
    """Start the processes in order, say the URL once all answer, tend them until stopped."""
    from data_access.processes import answers

    if not settings.redis_url:
        house.add("redis", "redis")
    # The web takes as long to start as a city that only catches up, so both begin now.
    house.add("serve", "serve")
    print("making the demo city where it is absent …", flush=True)
    if not house.complete(stopped, "simulate", "--make-only"):
        return 0 if stopped.is_set() else 1
    for name in ("simulate", "receive", "collect"):
        house.add(name, name)
    said = False
    while not stopped.wait(0.25):
        house.tend()
        if not said and answers(url + "/readyz"):
            said = True
            print(f"ready: {url}/  wall: {url}/wall/duty", flush=True)
    print("stopping …", flush=True)
    return 0


def check(settings: Settings, options: argparse.Namespace) -> int:
    """Say all that is wrong with the catalogue, one line each, and with what it names in databases."""
    from dashboard.catalogue.check import AnyValue, report
    from dashboard.catalogue.load import load
    from data_access.departments.inspection import database_problems

    files_only = bool(options.files_only)
    catalogue = load(
        settings.catalog, AnyValue() if files_only else checked_urls(settings, os.environ)
    )
    text, failed = report(catalogue, () if files_only else database_problems(catalogue))
    print(text)
    return 1 if failed else 0


def demo(settings: Settings, options: argparse.Namespace) -> int:
    """Print every published figure of the city beside what the demo city yields."""
    from demo.commands import report

    return report(settings, options, now)


def account(settings: Settings, options: argparse.Namespace) -> int:
    """Say who signs in: add accounts, give one-time passwords and roles, end sessions."""
    from dashboard.catalogue.check import AnyValue
    from dashboard.catalogue.load import load
    from data_access.account_commands import answer

    roles = load(settings.catalog, AnyValue()).roles
    with accounts_of(settings) as accounts:
        return answer(options, accounts, roles, now())


@contextmanager
def accounts_of(settings: Settings) -> Iterator["Accounts"]:
    """The accounts in the store, for a while."""
    from data_access.store import SqlAccounts, open_history

    history = open_history(store_url(settings))
    try:
        yield SqlAccounts(history.database)
    finally:
        history.close()


def screen(settings: Settings, options: argparse.Namespace) -> int:
    """Keep Chromium open over a whole screen, on the stage of a center."""
    from data_access.kiosk import Kiosk, find_chromium

    try:
        browser = find_chromium(options.browser)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    profile = options.profile or settings.data / "screen"
    kiosk = Kiosk(options.url, browser, profile.resolve(), options.flag)
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: kiosk.stopped.set())
    kiosk.run()
    return 0


def docs(_: Settings, __: argparse.Namespace) -> int:
    """Write the generated references under docs/."""
    from dashboard.reference_docs import generate_docs

    generate_docs(ROOT)
    return 0


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "run": run,
    "serve": serve,
    "collect": collect,
    "receive": receive,
    "simulate": simulate,
    "redis": redis,
    "check": check,
    "demo": demo,
    "account": account,
    "screen": screen,
    "docs": docs,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; see `python app.py --help`."""
    parser = argparse.ArgumentParser(prog="app.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        added = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        if name == "run":
            added.add_argument(
                "--with-parent", action="store_true", help="end with the parent process"
            )
        if name == "check":
            added.add_argument(
                "--files-only", action="store_true", help="look at no variable and no database"
            )
        if name == "demo":
            added.add_argument("report", choices=["report"], help="what to print")
            added.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
        if name == "account":
            from data_access.account_commands import describe

            describe(added)
        if name == "screen":
            from data_access import kiosk

            kiosk.describe(added)
        if name == "simulate":
            added.add_argument("--make-only", action="store_true", help="make the history and end")
    options = parser.parse_args(arguments)
    from pydantic import ValidationError

    from dashboard.geography.files import BadLayer
    from data_access.geography import load_geography
    from data_access.processes import configure_logging, follow_named_parent

    try:
        settings = Settings()
    except ValidationError as error:
        print("\n".join(wrong_settings(error)), file=sys.stderr)
        return 2
    try:
        load_geography(settings.map_layers)
    except BadLayer as error:
        print(f"COMMAND_CENTER_MAP_LAYERS cannot be used:\n{error}", file=sys.stderr)
        return 2
    configure_logging(settings.log_level, options.command)
    follow_named_parent()
    return COMMANDS[options.command](settings, options)


if __name__ == "__main__":
    sys.exit(main())
