"""The web's side of Redis: one task follows the stream and keeps the newest frame in memory.

What was read last is kept through every outage. A stream that does not continue what is known (a
new epoch, a number left out, an older dump) is answered by reading all hashes at one position.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import orjson
import redis.asyncio as redis
import structlog
from redis import RedisError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from dashboard.frames import SECTIONS, Batch, Change, Entry, FrameState
from data_access.live.keys import Keys
from data_access.live.outage import Outage

_BLOCK_SECONDS = 0.5
"""The longest wait for a change before asking whether the stream is still the same one."""
_ANSWER_SECONDS = 2.0
_READ_AT_ONCE = 256
KEEP_SECONDS = 60.0
"""How long values of a lost epoch stay while the new one has not repeated them."""

log = structlog.get_logger()
Sections = dict[str, dict[str, Entry]]
Streams = list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]
"""What XREAD brings: per stream its entries, each an id and fields."""


@dataclass(frozen=True)
class Position:
    """A place in the stream: the epoch, the entry's id and its number within the epoch."""

    epoch: str
    entry: bytes
    seq: int

    @property
    def id(self) -> str:
        """The place as the screens name it."""
        return f"{self.epoch}-{self.entry.decode()}"


class LiveFollower:
    """Implements `ports.LiveFeed`. `keep_seconds` as KEEP_SECONDS says."""

    def __init__(self, url: str, prefix: str, *, keep_seconds: float = KEEP_SECONDS) -> None:
        """Connects when followed, in the event loop of the caller."""
        self._url = url
        self._keys = Keys(prefix)
        self._keep_seconds = keep_seconds
        self._outage = Outage("follower")
        self._listeners: list[Callable[[Change], None]] = []
        self._position: Position | None = None
        self._sections: Mapping[str, Mapping[str, Entry]] = FrameState().sections
        self._inherited: dict[str, set[str]] = {}
        self._inherited_until = 0.0
        self._answers = False
        self._filled = False

    @property
    def connected(self) -> bool:
        """Whether Redis answers and somebody has published since it was empty."""
        return self._answers and self._filled

    def sections(self) -> Mapping[str, Mapping[str, Entry]]:
        """The newest frame; each call's result stays as it is while changes come in."""
        return self._sections

    def newest(self) -> Change:
        """See `ports.LiveFeed.newest`."""
        at = self._position
        return Change(at.id if at else None, at.seq if at else 0, self._sections, whole=True)

    def listen(self, listener: Callable[[Change], None]) -> None:
        """See `ports.LiveFeed.listen`."""
        self._listeners.append(listener)

    async def follow(self) -> None:
        """See `ports.LiveFeed.follow`."""
        client, task = self._connect(), asyncio.current_task()
        try:
            # The client's zero timeouts swallow a cancellation now and then; its count stays.
            while not (task and task.cancelling()):
                try:
                    await self._step(client)
                except (RedisError, OSError) as error:
                    self._answers = False
                    await asyncio.sleep(self._outage.failed(error))
                self._forget_inherited()
            raise asyncio.CancelledError
        finally:
            self._answers = False
            await client.aclose()

    def _connect(self) -> redis.Redis:
        pool = redis.BlockingConnectionPool.from_url(
            self._url,
            max_connections=2,
            timeout=_ANSWER_SECONDS,
            socket_connect_timeout=1.0,
            socket_timeout=_BLOCK_SECONDS + _ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        return redis.Redis.from_pool(pool)

    async def _step(self, client: redis.Redis) -> None:
        """Wait for changes and apply them, or find out that the stream is another one."""
        if self._position is None:
            if not await self._read_all(client):
                await asyncio.sleep(_BLOCK_SECONDS / 2)
            return
        waiting = client.xread(
            {self._keys.changes: self._position.entry},
            count=_READ_AT_ONCE,
            block=int(_BLOCK_SECONDS * 1000),
        )
        found = cast(Streams, await waiting)
        self._answering()
        entries = [entry for _, entries in found for entry in entries]
        continued = await self._same_stream(client) if not entries else self._apply_all(entries)
        if not continued and not await self._read_all(client):
            await asyncio.sleep(_BLOCK_SECONDS / 2)

    def _answering(self) -> None:
        self._answers = True
        self._outage.ended()

    def _apply_all(self, entries: list[tuple[bytes, dict[bytes, bytes]]]) -> bool:
        """Apply entries in order; false at one that does not follow the one before."""
        for entry, fields in entries:
            position = Position(fields[b"epoch"].decode(), entry, int(fields[b"seq"]))
            known = self._position
            if known is None or (position.epoch, position.seq) != (known.epoch, known.seq + 1):
                return False
            self._position = position
            batch: Batch = orjson.loads(fields[b"batch"])
            self._merge(batch)
            self._tell(Change(position.id, position.seq, batch))
        return True

    async def _same_stream(self, client: redis.Redis) -> bool:
        """Whether Redis is where we are, or ahead of us in the same stream."""
        async with client.pipeline(transaction=True) as pipe:
            pipe.get(self._keys.epoch)
            pipe.get(self._keys.seq)
            pipe.xrevrange(self._keys.changes, count=1)
            epoch, seq, last = await pipe.execute()
        known = self._position
        if known is None or epoch is None or epoch.decode() != known.epoch:
            return False
        if int(seq or 0) == known.seq:
            return True
        return bool(last) and _order(last[0][0]) > _order(known.entry)

    async def _read_all(self, client: redis.Redis) -> bool:
        """Take everything at one position; false where Redis is empty, and nothing changes then."""
        async with client.pipeline(transaction=True) as pipe:
            pipe.get(self._keys.epoch)
            pipe.get(self._keys.seq)
            pipe.xrevrange(self._keys.changes, count=1)
            for key in self._keys.sections:
                pipe.hgetall(key)
            epoch, seq, last, *hashes = await pipe.execute()
        self._answering()
        self._filled = epoch is not None and bool(last)
        if not self._filled:
            return False
        position = Position(epoch.decode(), last[0][0], int(seq))
        read = {name: _parsed(found) for name, found in zip(SECTIONS, hashes, strict=True)}
        known, self._position = self._position, position
        if known is not None and known.epoch != position.epoch:
            log.info("redis began anew", epoch=position.epoch)
            self._inherit(read)
        else:
            self._inherited, self._sections = {}, read
        self._tell(self.newest())
        return True

    def _inherit(self, read: Sections) -> None:
        """Keep what the new epoch does not have yet, for a while, so that no screen goes blank."""
        old = self._sections
        self._inherited = {name: set(old.get(name, {})) - set(read[name]) for name in SECTIONS}
        self._inherited_until = time.monotonic() + self._keep_seconds
        self._sections = {name: {**old.get(name, {}), **read[name]} for name in SECTIONS}

    def _forget_inherited(self) -> None:
        if not any(self._inherited.values()) or time.monotonic() < self._inherited_until:
            return
        gone: Batch = {name: dict.fromkeys(keys) for name, keys in self._inherited.items() if keys}
        self._inherited = {}
        self._merge(gone)
        self._tell(Change(None, self._position.seq if self._position else 0, gone))

    def _merge(self, batch: Batch) -> None:
        """Into copies of what changes, so that who reads the frame in another thread sees it whole."""
        state = FrameState(
            {
                name: dict(entries) if batch.get(name) else cast(dict[str, Entry], entries)
                for name, entries in self._sections.items()
            }
        )
        state.apply(batch)
        self._sections = state.sections
        for name, entries in batch.items():
            if name in self._inherited:
                self._inherited[name] -= set(entries)

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)


def _order(entry: bytes) -> tuple[int, int]:
    """A stream id as numbers that sort."""
    milliseconds, _, number = entry.partition(b"-")
    return int(milliseconds), int(number)


def _parsed(found: Mapping[bytes, bytes]) -> dict[str, Entry]:
    return {key.decode(): orjson.loads(value) for key, value in found.items()}
