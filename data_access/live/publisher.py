"""The collector's side of Redis: one script per batch, and knowing when Redis has lost it all."""

import threading
import uuid
from collections.abc import Iterator, Mapping

import orjson
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dashboard.frames import POINTS, Batch, Entry
from dashboard.ports import Fenced
from data_access.live.keys import FENCED, PUBLISH, Keys
from data_access.live.outage import Outage

_CONNECT_SECONDS, _ANSWER_SECONDS = 1.0, 2.0
_CONNECTIONS = 8


def connect(url: str) -> redis.Redis:
    """A client that never waits long: an unanswered call fails after two seconds."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=_ANSWER_SECONDS,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        # One immediate retry on a new connection: pooled ones are dead after a restart of Redis.
        retry=Retry(NoBackoff(), 1),
    )
    return redis.Redis.from_pool(pool)


class RedisPublisher:
    """Implements `ports.LivePublisher`; safe to call from several threads.

    A department is *filled* in the epoch in which its last refill (`needs_refill` true, then
    `publish`) went through, and loses that state with any failed publish.
    """

    def __init__(self, url: str, prefix: str, stream_length: int) -> None:
        """`stream_length` is about how many batches the stream keeps. Connects on first use."""
        self._client = connect(url)
        self._script = self._client.register_script(PUBLISH)
        self._keys = Keys(prefix)
        self._stream_length = stream_length
        self._outage = Outage("publisher")
        self._lock = threading.Lock()
        self._filled: dict[str, str] = {}
        self._refilling: dict[str, str] = {}
        self._newest: tuple[str, int] = ("", 0)

    def publish(self, department: str, token: int, batch: Batch) -> bool:
        """See `ports.LivePublisher.publish`."""
        if not self._outage.may_try():
            return self._lost(department)
        names = list(batch)
        keys = [self._keys.epoch, self._keys.seq, self._keys.tokens, self._keys.changes]
        arguments: list[str | bytes | int] = [
            department,
            token,
            uuid.uuid4().hex[:8],
            self._stream_length,
            # A stream of all points of all layers would be the largest thing in Redis by far.
            orjson.dumps({name: told for name, told in batch.items() if name != POINTS}),
        ]
        for name in names:
            keys.append(self._keys.section(name))
            arguments.extend(_changes(batch[name]))
        before = self._newest
        try:
            first, second = self._script(keys=keys, args=arguments)
        except redis.RedisError as error:
            self._outage.failed(error)
            return self._lost(department)
        self._outage.ended()
        if first == FENCED:
            raise Fenced(f"token {token} of {department} is older than {int(second)}")
        self._note(department, before, (first.decode(), int(second)))
        return True

    def needs_refill(self, department: str) -> bool:
        """See `ports.LivePublisher.needs_refill`. False while Redis does not answer: nothing can
        be filled then, and what fails to be published is remembered."""
        if not self._outage.may_try():
            return False
        try:
            with self._client.pipeline(transaction=True) as pipe:
                pipe.set(self._keys.epoch, uuid.uuid4().hex[:8], nx=True)
                pipe.get(self._keys.epoch)
                pipe.hexists(self._keys.tokens, department)
                _, epoch, present = pipe.execute()
        except redis.RedisError as error:
            self._outage.failed(error)
            return False
        self._outage.ended()
        with self._lock:
            if present and self._filled.get(department) == epoch.decode():
                return False
            self._refilling[department] = epoch.decode()
            return True

    def holds(self, department: str) -> bool:
        """See `ports.LivePublisher.holds`. True while Redis does not answer: nothing is known to be
        lost then."""
        try:
            return bool(self._client.hexists(self._keys.tokens, department))
        except redis.RedisError as error:
            self._outage.failed(error)
            return True

    def close(self) -> None:
        """Let all connections go."""
        self._client.close()

    def _lost(self, department: str) -> bool:
        with self._lock:
            self._filled.pop(department, None)
            self._refilling.pop(department, None)
        return False

    def _note(self, department: str, before: tuple[str, int], after: tuple[str, int]) -> None:
        """Note a batch that went through; `before` is the newest one when it was sent."""
        epoch = after[0]
        with self._lock:
            if epoch == before[0] and after[1] <= before[1]:
                # The same epoch counts from lower again: Redis came back with an older dump.
                self._filled.clear()
                self._newest = after
            elif epoch != self._newest[0] or after[1] > self._newest[1]:
                self._newest = after
            if self._refilling.pop(department, None) == epoch:
                self._filled[department] = epoch
            elif self._filled.get(department) != epoch:
                self._filled.pop(department, None)


def _changes(entries: Mapping[str, Entry | None]) -> Iterator[str | bytes | int]:
    """One section as the script reads it: count, key and JSON of each; count, key of removed."""
    kept = {key: entry for key, entry in entries.items() if entry is not None}
    gone = [key for key, entry in entries.items() if entry is None]
    yield len(kept)
    for key, entry in kept.items():
        yield key
        yield orjson.dumps(entry)
    yield len(gone)
    yield from gone
