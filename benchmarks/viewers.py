"""A thousand viewers of `/live`: connects, listens for a while and reports what arrived when.

Run as a process of its own, so that its processor time is not the server's:
`python -m benchmarks.viewers HOST PORT VIEWERS SECONDS` prints one JSON object.
"""

import asyncio
import json
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TICKED = ("count", "sum", "mean", "ratio", "min", "max", "stock", "latest", "fact")


@dataclass(frozen=True)
class Seen:
    """A frame: its place among all that were sent, when what is in it was published, and when the
    oldest tick that it is the first to tell of read its department (None: it tells of none)."""

    place: int
    published: float | None
    tick: float | None


@dataclass
class Heard:
    """What all viewers heard together.

    The server sends every viewer the same frames in the same order, so the viewer that is first to
    hear of a frame gives it its place, and a place that another viewer skips is a frame it lost.
    """

    frames: int = 0
    size: int = 0
    lost: int = 0
    closed: int = 0
    fell_behind: int = 0
    ages: list[float] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    seen: dict[bytes, Seen] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    """Indicators that a tick reads. The others rest on what was read before, or on a question that
    a department is asked at its leisure."""
    collected: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def read(self, key: bytes, event: bytes) -> Seen:
        """A frame by its id; each is parsed once for all viewers."""
        if key not in self.seen:
            body = json.loads(event.partition(b"data: ")[2])
            published = body.get("published")
            self.seen[key] = Seen(
                len(self.seen), _epoch(published) if published else None, self._tick(body)
            )
        return self.seen[key]

    def _tick(self, body: dict[str, Any]) -> float | None:
        """A reading that differs in nothing but its time is sent again now and then, not at once;
        one that was not read again (its state changed, say) is no tick."""
        fresh = []
        for key, reading in (body.get("readings") or {}).items():
            if key not in self.ticked or not reading or not reading["collected_at"]:
                continue
            at, said = reading["collected_at"], {**reading, "collected_at": None}
            known_at, known = self.collected.get(key, (at, said))
            if at != known_at and said != known:
                fresh.append(_epoch(at))
            self.collected[key] = at, said
        return min(fresh, default=None)


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@dataclass
class Viewer:
    """One viewer's place in what is sent."""

    heard: Heard
    last: int | None = None
    snapshots: int = 0

    def take(self, event: bytes, arrived: float) -> None:
        """One event as it arrived."""
        kind = event.find(b"event: ")
        if event.startswith(b"snapshot", kind + 7):
            self.snapshots += 1
            self.heard.fell_behind += self.snapshots > 1
        elif event.startswith(b"delta", kind + 7):
            # A frame that the web made itself has no id; its own words stand for it.
            key = event[event.find(b"id: ") : kind] if b"id: " in event[:kind] else event[:160]
            frame = self.heard.read(key, event)
            self._count(frame, arrived)

    def _count(self, frame: Seen, arrived: float) -> None:
        self.heard.frames += 1
        if frame.published is not None:
            self.heard.ages.append(arrived - frame.published)
        if frame.tick is not None:
            self.heard.ticks.append(arrived - frame.tick)
        if self.last is not None:
            self.heard.lost += max(0, frame.place - self.last - 1)
        self.last = frame.place


class Listening(asyncio.Protocol):
    """One viewer from its connection to the end. It looks at each piece as little as it can, since
    what it costs is added to the age of what the next viewer hears."""

    def __init__(self, viewer: Viewer, host: str, over: asyncio.Event) -> None:
        self._viewer = viewer
        self._host = host
        self._over = over
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.WriteTransport)
        head = f"GET /live HTTP/1.1\r\nHost: {self._host}\r\nAccept: text/event-stream\r\n\r\n"
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Whole events out of what came; a chunk's size lines lie between them."""
        arrived = time.time()
        self._viewer.heard.size += len(data)
        *events, self._rest = (self._rest + data).split(b"\n\n")
        for event in events:
            self._viewer.take(event, arrived)

    def connection_lost(self, error: Exception | None) -> None:
        """A stream that closes before its time is counted."""
        if not self._over.is_set():
            self._viewer.heard.closed += 1


def ticked(host: str, port: int) -> frozenset[str]:
    """The indicators that are read by every tick of their dataset."""
    with urllib.request.urlopen(f"http://{host}:{port}/api/indicators", timeout=30) as answer:
        indicators = json.loads(answer.read())
    return frozenset(one["key"] for one in indicators if one["kind"] in TICKED)


async def crowd(host: str, port: int, viewers: int, seconds: float) -> Heard:
    """All viewers at once, connecting within two seconds."""
    heard = Heard(ticked=ticked(host, port))
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    transports = []
    for _ in range(viewers):
        made = loop.create_connection(lambda: Listening(Viewer(heard), host, over), host, port)
        transports.append((await made)[0])
        await asyncio.sleep(2 / viewers)
    await asyncio.sleep(seconds)
    over.set()
    for transport in transports:
        transport.close()
    return heard


def main(host: str, port: str, viewers: str, seconds: str) -> None:
    """Print the figures as JSON; ages in seconds."""
    heard = asyncio.run(crowd(host, int(port), int(viewers), float(seconds)))
    heard.ages.sort()
    heard.ticks.sort()

    def at(values: list[float], q: float) -> float | None:
        return values[min(len(values) - 1, int(q * len(values)))] if values else None

    figures: dict[str, float | int | None] = {
        "viewers": int(viewers),
        "frames": heard.frames,
        "bytes": heard.size,
        "lost": heard.lost,
        "closed": heard.closed,
        "fell_behind": heard.fell_behind,
        "age_p50": at(heard.ages, 0.5),
        "age_p99": at(heard.ages, 0.99),
        "tick_p50": at(heard.ticks, 0.5),
        "tick_p99": at(heard.ticks, 0.99),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:5])
