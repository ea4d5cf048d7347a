"""The receiver: every department that delivers, each in a thread of its own, until told to stop."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis
import sqlalchemy as sa
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from dashboard.catalogue import Catalogue, Department
from dashboard.catalogue.deliveries import Delivery
from dashboard.ports import CatalogueSource
from data_access.intake.files import FileDesk
from data_access.intake.judging import Allowed
from data_access.intake.places import Places
from data_access.intake.saying import reason_of
from data_access.intake.stream import StreamDesk
from data_access.intake.tables import (
    WrongTable,
    landing_engine,
    landing_tables,
    make_tables,
)
from data_access.intake.trouble import Trouble

PAUSE = 1.0
"""Seconds between two looks where nothing waits."""
_REDIS_SECONDS = 5
GOODBYE = 5.0
"""Seconds in which what has been begun may end; who watches over us waits little longer."""
_AGAIN = 30.0
"""Seconds after which a thread that ended is started again at the earliest."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Told:
    """What a desk is made of; another needs another desk."""

    department: Department
    url: str
    allowed: Mapping[str, Allowed]


class Desk:
    """All that one department delivers, into one landing database."""

    def __init__(self, told: _Told, places: Places, consumer: str) -> None:
        self.told = told
        self.landing = Trouble("landing database", told.department.key)
        self.pushing: dict[str, Trouble] = {}
        """By feed, so that one that fails holds up no other."""
        self._engine = landing_engine(told.url)
        self._metadata = landing_tables(told.department)
        self._made = False
        self._clients: list[redis.Redis] = []
        self._files = list(self._file_desks(places))
        self._streams = list(self._stream_desks(places, consumer))

    def _file_desks(self, places: Places) -> list[FileDesk]:
        folders: dict[Path, dict[str, Delivery]] = {}
        department = self.told.department
        for name, feed in department.delivery.items():
            if feed.kind == "files":
                folders.setdefault(places.folder(department.key, feed), {})[name] = feed
        return [
            FileDesk(department, feeds, folder, self._engine, self._metadata, self.told.allowed)
            for folder, feeds in folders.items()
        ]

    def _stream_desks(self, places: Places, consumer: str) -> list[StreamDesk]:
        department, desks = self.told.department, []
        for name, feed in department.delivery.items():
            if feed.kind == "stream":
                client = _client(places.redis(feed))
                self._clients.append(client)
                self.pushing[name] = Trouble("stream of pushes", department.key, name)
                desks.append(
                    StreamDesk(
                        department,
                        name,
                        feed,
                        places.stream(department.key, name, feed),
                        client,
                        consumer,
                        self._engine,
                        self._metadata,
                        self.told.allowed[name],
                        places.refused(department.key),
                        places.is_own_redis(feed),
                    )
                )
        return desks

    def receive(self, now: datetime) -> int:
        """Take in what waits; gives how many files and entries. Never raises for what fails
        outside: it is said once and tried again later."""
        if not self.landing.may_try():
            return 0
        try:
            if not self._made:
                make_tables(self._engine, self._metadata)
                self._made = True
            done = sum(desk.receive(now) for desk in self._files)
            done += sum(self._receive_pushes(desk, now) for desk in self._streams)
        except (sa.exc.SQLAlchemyError, OSError, WrongTable) as error:
            self.landing.failed(reason_of(error))
            return 0
        self.landing.ended()
        return done

    def _receive_pushes(self, desk: StreamDesk, now: datetime) -> int:
        trouble = self.pushing[desk.name]
        if not trouble.may_try():
            return 0
        try:
            done = desk.receive(now)
        except redis.RedisError as error:
            desk.own_pending = True
            trouble.failed(reason_of(error))
            return 0
        except (sa.exc.SQLAlchemyError, OSError):
            desk.own_pending = True
            raise  # The landing database fails, for every feed.
        except Exception as error:  # noqa: BLE001 - a fault of ours, with where it lies in the log
            desk.own_pending = True
            trouble.failed(repr(error), fault=True)
            return 0
        trouble.ended()
        return done

    def close(self) -> None:
        """Let all connections go."""
        self._engine.dispose()
        for client in self._clients:
            client.close()


class Receiver:
    """Runs a desk per department that delivers, and follows the catalogue as it changes."""

    def __init__(
        self,
        catalogue: CatalogueSource,
        places: Places,
        consumer: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._catalogue = catalogue
        self._places = places
        self._consumer = consumer
        self._clock = clock
        self._stop = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._not_before: dict[str, float] = {}

    def stop(self) -> None:
        """Let what has been begun end, and begin nothing more."""
        self._stop.set()

    def run(self) -> None:
        """Receive until stopped."""
        while not self._stop.is_set():
            for key in told_of(self._catalogue.current()):
                self._keep_tended(key)
            self._stop.wait(PAUSE)
        self._take_leave()

    def _take_leave(self) -> None:
        """Wait a while for what has been begun. What hangs longer, in a server or in a folder of the
        network, ends with the process: nothing is lost, since a delivery lands whole or not at all."""
        until = time.monotonic() + GOODBYE
        for thread in self._threads.values():
            thread.join(max(0.0, until - time.monotonic()))
        if left := [key for key, thread in self._threads.items() if thread.is_alive()]:
            log.warning("deliveries still at work are left", departments=left)

    def _keep_tended(self, key: str) -> None:
        """Start a department's thread; one that ended by a fault of ours, whose words are on
        standard error, is started again a while later, so that it costs the others nothing."""
        held, now = self._threads.get(key), time.monotonic()
        if (held is not None and held.is_alive()) or now < self._not_before.get(key, 0.0):
            return
        self._not_before[key] = now + _AGAIN
        thread = threading.Thread(target=self._tend, args=(key,), name=f"intake-{key}", daemon=True)
        self._threads[key] = thread
        thread.start()

    def _tend(self, key: str) -> None:
        """Receive for one department; a desk is made anew where its file or URL has changed."""
        desk: Desk | None = None
        opening = Trouble("delivery", key)
        while not self._stop.is_set():
            told = told_of(self._catalogue.current()).get(key)
            if desk is not None and desk.told != told:
                desk.close()
                desk = None
            if desk is None and told is not None and opening.may_try():
                desk = _opened(told, self._places, self._consumer, opening)
            done = desk.receive(self._clock()) if desk else 0
            self._stop.wait(0.0 if done else PAUSE)
        if desk is not None:
            desk.close()


def _opened(told: _Told, places: Places, consumer: str, opening: Trouble) -> Desk | None:
    try:
        desk = Desk(told, places, consumer)
    except (ValueError, OSError) as error:
        opening.failed(reason_of(error))
        return None
    opening.ended()
    return desk


def receive_once(
    catalogue: Catalogue, department: str, places: Places, now: datetime, consumer: str = "once"
) -> int:
    """Take in all that waits of one department; gives how many files and entries were dealt with.

    Raises RuntimeError with the reason where it cannot be done.
    """
    opening = Trouble("delivery", department)
    desk = _opened(told_of(catalogue)[department], places, consumer, opening)
    if desk is None:
        raise RuntimeError(f"delivery of {department}: {opening.reason}")
    total = 0
    try:
        while done := desk.receive(now):
            total += done
        for trouble in (desk.landing, *desk.pushing.values()):
            if trouble.reason is not None:
                raise RuntimeError(f"{trouble.what} of {department}: {trouble.reason}")
    finally:
        desk.close()
    return total


def told_of(catalogue: Catalogue) -> dict[str, _Told]:
    """The departments that deliver and have somewhere to land, with the values that are allowed."""
    return {
        key: _Told(department, catalogue.urls[key], allowed_of(catalogue, department))
        for key, department in catalogue.departments.items()
        if department.delivery and key in catalogue.urls
    }


def allowed_of(catalogue: Catalogue, department: Department) -> dict[str, Allowed]:
    """By feed and column: the only values, of the feed's own or of a list of codes."""
    found: dict[str, Allowed] = {}
    for name, feed in department.delivery.items():
        of_feed = {}
        for column, one in feed.columns.items():
            if one.allowed is not None:
                of_feed[column] = frozenset(one.allowed)
            elif one.codes is not None and one.codes in catalogue.codes:
                of_feed[column] = frozenset(catalogue.codes[one.codes].codes)
        found[name] = of_feed
    return found


def _client(url: str) -> "redis.Redis":
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=_REDIS_SECONDS,
            socket_connect_timeout=_REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError:
        # Without the cause: it may quote a part of the password.
        raise ValueError("the URL of the Redis of a stream is not readable") from None
