"""The hub: each change becomes one serialised frame per audience, shared by all its viewers.

A channel keeps a short ring of frames. Every viewer has a place in it and nothing of its own, so a
viewer that does not keep up costs no memory: when its place has left the ring it is given a fresh
snapshot, as is one that comes back with an id the ring does not know.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

import orjson

from dashboard.frames import UNSENT, Audience, Batch, Change, Entry, visible
from dashboard.ports import LiveFeed
from dashboard.readings import instant

COALESCE_SECONDS = 0.04
"""Changes that come within this become one frame."""
RING = 128
"""Frames kept for viewers that are behind or come back."""


@dataclass
class Frame:
    """One server-sent event; `id` is None where a screen need not remember it.

    Its bytes are made when the first viewer wants them: an audience whose screens are all closed
    costs nothing, and one that comes back finds its place.
    """

    position: int
    id: str | None
    make: Callable[[], bytes] | None
    _data: bytes = b""

    @property
    def data(self) -> bytes:
        """The event as it is sent; empty where its audience may see nothing of it."""
        if self.make is not None:
            self._data, self.make = self.make(), None
        return self._data


@dataclass(eq=False)
class Viewer:
    """One open screen. `position` is the newest frame it was given, None before the first."""

    channel: "Channel"
    position: int | None = None
    gone: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> bytes:
        """What it has to be sent now; waits for it. Empty when the viewer has gone."""
        while not self.gone:
            data = self.channel.since(self.position)
            self.position = self.channel.position
            if data:
                return data
            self.wake.clear()
            await self.wake.wait()
        return b""

    def leave(self) -> None:
        """It has gone: wake it so that it ends."""
        self.gone = True
        self.channel.viewers.discard(self)
        self.wake.set()


class Channel:
    """The frames of one audience."""

    def __init__(self, audience: Audience, newest: Callable[[], Change]) -> None:
        """`newest` gives all there is, for snapshots."""
        self.audience = audience
        self.viewers: set[Viewer] = set()
        self.position = 0
        self._newest = newest
        self._frames: deque[Frame] = deque(maxlen=RING)
        self._snapshot: tuple[int, bytes] = (-1, b"")
        self.restart(newest().id)

    def restart(self, id_: str | None) -> None:
        """What was sent is void: every viewer is given a snapshot."""
        self.position += 1
        self._frames.clear()
        self._frames.append(Frame(self.position, id_, None))
        self._wake_all()

    def push(self, id_: str | None, make: Callable[[], bytes]) -> None:
        """A frame for all viewers; `make` gives its bytes."""
        self.position += 1
        self._frames.append(Frame(self.position, id_, make))
        self._wake_all()

    def since(self, position: int | None) -> bytes:
        """The frames after a position, or a snapshot where they are no longer all there."""
        if position is None or position < self._frames[0].position:
            return self._snapshot_now()
        missed = self.position - position
        if missed == 1:
            return self._frames[-1].data
        newest_first = [frame.data for frame in islice(reversed(self._frames), missed)]
        return b"".join(reversed(newest_first))

    def position_of(self, last_id: str | None) -> int | None:
        """Where a returning screen left off, None where the ring does not know."""
        if not last_id:
            return None
        found = (frame.position for frame in reversed(self._frames) if frame.id == last_id)
        return next(found, None)

    def _snapshot_now(self) -> bytes:
        if self._snapshot[0] != self.position:
            change = self._newest()
            data = payload(change, visible(change.batch, self.audience), change.published)
            self._snapshot = (self.position, event("snapshot", data, change.id))
        return self._snapshot[1]

    def _wake_all(self) -> None:
        for viewer in self.viewers:
            viewer.wake.set()


class Hub:
    """All channels; listens to the feed in the web's event loop."""

    def __init__(self, feed: LiveFeed, heartbeat: float) -> None:
        """`heartbeat` is in seconds."""
        self._feed = feed
        self._heartbeat = heartbeat
        self._channels: dict[Audience, Channel] = {}
        self._pending: dict[str, dict[str, Entry | None]] = {}
        self._pending_of: Change | None = None
        self._pending_since: datetime | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._told = True
        feed.listen(self._on_change)

    @property
    def viewers(self) -> int:
        """How many screens are open."""
        return sum(len(channel.viewers) for channel in self._channels.values())

    def join(self, audience: Audience, last_id: str | None = None) -> Viewer:
        """A screen opens, or comes back having seen `last_id`."""
        channel = self._channels.get(audience)
        if channel is None:
            channel = self._channels[audience] = Channel(audience, self._feed.newest)
        # A screen that opens believes that Redis answers until it is told otherwise.
        self._told = True
        viewer = Viewer(channel, channel.position_of(last_id))
        channel.viewers.add(viewer)
        return viewer

    async def beat(self) -> None:
        """Send heartbeats, at once when Redis is lost or found again; until cancelled."""
        due = 0.0
        while True:
            await asyncio.sleep(min(0.5, self._heartbeat))
            if self._feed.connected == self._told and time.monotonic() < due:
                continue
            self._told, due = self._feed.connected, time.monotonic() + self._heartbeat
            data = orjson.dumps({"at": instant(datetime.now(UTC)), "connected": self._told})
            frame = b": heartbeat\n" + event("heartbeat", data)
            for channel in self._channels.values():
                channel.push(None, partial(bytes, frame))

    def _on_change(self, change: Change) -> None:
        if change.whole:
            self._forget_pending()
            for channel in self._channels.values():
                channel.restart(change.id)
            return
        for name, entries in change.batch.items():
            self._pending.setdefault(name, {}).update(entries)
        self._pending_of = change
        self._pending_since = self._pending_since or change.published
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(COALESCE_SECONDS, self._flush)

    def _forget_pending(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._pending, self._pending_of = None, {}, None
        self._pending_since = None

    def _flush(self) -> None:
        batch, change, since = self._pending, self._pending_of, self._pending_since
        self._forget_pending()
        if change is None:
            return
        for channel in self._channels.values():
            channel.push(change.id, partial(delta, change, batch, channel.audience, since))


def delta(change: Change, batch: Batch, audience: Audience, since: datetime | None) -> bytes:
    """What an audience may see of a change as an event; empty where that is nothing."""
    seen = {
        name: entries
        for name, entries in visible(batch, audience).items()
        if entries and name not in UNSENT
    }
    return event("delta", payload(change, seen, since), change.id) if seen else b""


def payload(change: Change, batch: Batch | Mapping[str, Any], since: datetime | None) -> bytes:
    """The JSON of a frame; a removed key is null. `published` is when the oldest of what is in it
    was published, so that whoever listens can tell how long it was under way."""
    published = instant(since) if since else None
    head = {"seq": change.seq, "at": instant(datetime.now(UTC)), "published": published}
    return orjson.dumps(head | {name: told for name, told in batch.items() if name not in UNSENT})


def event(name: str, data: bytes, id_: str | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {id_}\n" if id_ else ""
    return f"{head}event: {name}\ndata: ".encode() + data + b"\n\n"
