"""The courier of the demo city: lays departments' files into their folders and pushes into streams.

It serves the center's own folders and streams only: a folder or stream that somebody has named by a
variable belongs to a real department.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
import structlog

from demo import education, health, markets, police
from demo.days import DAY, day_of, midnight
from demo.parcels import LONGEST, Parcel, Push

FILES: Mapping[str, Callable[[int, int], list[Parcel]]] = {
    "health": health.files_of,
    "education": education.files_of,
    "police": police.files_of,
}
"""All files that each department ever sends for a day, by seed and day."""
PUSHES: Mapping[str, Callable[[int, int], list[Push]]] = {"markets": markets.pushes_of}
"""All pushes that begin on a day."""
AGAIN = 600
"""Seconds that are pushed once more after a start or a failure: who pushes cannot know what arrived."""
STEP = DAY
"""Seconds of pushes that are sent together at most."""

log = structlog.get_logger()


@dataclass
class Courier:
    """Delivers for all departments that deliver, from `first` day on.

    `incoming` is the folder in which each has its landing folder, `note` the file that says how far
    each has been served, `prefix` that of the center's keys.
    """

    seed: int
    first: int
    incoming: Path
    note: Path
    prefix: str = "cc"
    failing: set[str] = field(default_factory=set)
    unsure: bool = True
    _drawn: dict[tuple[str, int], list[Push]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        held = self._served()
        if held and held["seed"] != self.seed:
            raise ValueError(
                f"{self.note} tells of deliveries of seed {held['seed']}, expected {self.seed};"
                " remove it and what was delivered, or set COMMAND_CENTER_DEMO_SEED to that"
            )

    def _served(self) -> dict[str, int]:
        return dict(json.loads(self.note.read_text())) if self.note.exists() else {}

    def _note_served(self, key: str, until: int) -> None:
        served = {**self._served(), "seed": self.seed, key: until}
        written = self.note.with_suffix(".new")
        written.write_text(json.dumps(served))
        written.replace(self.note)

    def _since(self, key: str) -> int:
        return self._served().get(key, midnight(self.first))

    def lay_files(self, now: int) -> int:
        """Lay all files whose time has come; gives how many. Raises OSError where that fails."""
        laid = 0
        for key in FILES:
            since = self._since(key)
            folder = self.incoming / key
            folder.mkdir(parents=True, exist_ok=True)
            for parcel in self._parcels(key, since, now):
                _lay(folder, parcel)
                laid += 1
            if now > since:
                self._note_served(key, now)
        return laid

    def _parcels(self, key: str, since: int, now: int) -> list[Parcel]:
        low = max(self.first, day_of(since - LONGEST))
        found = (p for day in range(low, day_of(now) + 1) for p in FILES[key](self.seed, day))
        return sorted((p for p in found if since < p.at <= now), key=lambda parcel: parcel.at)

    def push(self, client: "redis.Redis", now: int) -> int:
        """Push all that has happened, a day at a time; gives how many. Raises RedisError where the
        server does not answer; what was under way is pushed again then."""
        pushed = 0
        for key in PUSHES:
            since = self._since(key)
            start = max(midnight(self.first), since - AGAIN) if self.unsure else since
            while start < now:
                until = min(now, start + STEP)
                pushed += self._send(client, key, self._due(key, start, until))
                self._note_served(key, until)
                start = until
        self.unsure = False
        return pushed

    def _due(self, key: str, since: int, until: int) -> list[Push]:
        low = max(self.first, day_of(since) - markets.LEAD - 1)
        days = range(low, day_of(until) + 1)
        found = [p for day in days for p in self._pushes(key, day) if since < p.at <= until]
        for gone in [one for one in self._drawn if one[0] == key and one[1] < low]:
            del self._drawn[gone]
        return sorted(found, key=lambda push: push.at)

    def _pushes(self, key: str, day: int) -> list[Push]:
        """All pushes that begin on a day, drawn once."""
        if (key, day) not in self._drawn:
            self._drawn[key, day] = PUSHES[key](self.seed, day)
        return self._drawn[key, day]

    def _send(self, client: "redis.Redis", key: str, pushes: list[Push]) -> int:
        """Push with the time of each as its entry's own; where a later one is there already, as
        one that comes now."""
        if not pushes:
            return 0
        with client.pipeline(transaction=False) as pipe:
            for number, one in enumerate(pushes):
                fields: Any = one.fields
                pipe.xadd(self._stream(key, one), fields, id=f"{one.at * 1000}-{number + 1}")
            answers = pipe.execute(raise_on_error=False)
        for one, answer in zip(pushes, answers, strict=True):
            if isinstance(answer, redis.ResponseError):
                again: Any = one.fields
                client.xadd(self._stream(key, one), again)
            elif isinstance(answer, Exception):
                raise answer
        return len(pushes)

    def _stream(self, key: str, push: Push) -> str:
        return f"{self.prefix}:incoming:{key}:{push.feed}"


def _lay(folder: Path, parcel: Parcel) -> None:
    """Write a file beside its place and move it there whole, as old as it says it is."""
    unfinished = folder / f".{parcel.name}.part"
    unfinished.write_bytes(parcel.content())
    os.utime(unfinished, (parcel.at, parcel.at))
    unfinished.replace(folder / parcel.name)


def deliver_on(
    courier: Courier, url: str, now: Callable[[], int], stop: threading.Event, pause: float = 2.0
) -> None:
    """Deliver as time passes until `stop` is set; what does not answer is said once and tried
    again."""
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    while not stop.is_set():
        _try(courier, "files", lambda: courier.lay_files(now()))
        _try(courier, "pushes", lambda: courier.push(client, now()))
        stop.wait(pause)
    client.close()


def _try(courier: Courier, what: str, work: Callable[[], int]) -> None:
    try:
        work()
    except (OSError, redis.RedisError) as error:
        courier.unsure = True
        if what not in courier.failing:
            log.warning("demo city cannot deliver", what=what, reason=str(error))
        courier.failing.add(what)
        return
    if what in courier.failing:
        courier.failing.discard(what)
        log.info("demo city delivers again", what=what)
