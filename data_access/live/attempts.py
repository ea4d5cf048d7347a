"""How often signing in was tried, counted in Redis for all processes of the web together.

Waits grow with what is tried: five a minute, then ten a quarter of an hour, then twenty an hour.
None lasts for ever: whoever stops trying may try again an hour later, however often it was before.
"""

import hashlib
import time
from datetime import timedelta

import structlog
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

OF_NAME = "5/minute; 10/15 minute; 20/hour"
OF_HOST = "20/minute; 60/15 minute; 120/hour"
"""A host may be a proxy or a whole office."""
_SECONDS = 2.0
_SHORTEST = 1.0

log = structlog.get_logger()


class CountedAttempts:
    """Implements `ports.Attempts`. While Redis is away each process counts by itself."""

    def __init__(self, url: str, prefix: str) -> None:
        shared = RedisStorage(
            url,
            key_prefix=f"{prefix}:attempts",
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
            retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]  # handed on to Redis
        )
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._limits = {"name": parse_many(OF_NAME), "host": parse_many(OF_HOST)}

    def take(self, name: str, host: str) -> timedelta | None:
        """See `ports.Attempts.take`."""
        who = {"name": _key(name), "host": _key(host)}
        try:
            wait = self._take(self._shared, who)
        except RedisError as error:
            log.warning("attempts are counted by this process alone", reason=type(error).__name__)
            wait = self._take(self._own, who)
        return None if wait is None else timedelta(seconds=wait)

    def succeeded(self, name: str) -> None:
        """See `ports.Attempts.succeeded`."""
        for limiter in (self._own, self._shared):
            try:
                for item in self._limits["name"]:
                    limiter.clear(item, "name", _key(name))
            except RedisError:
                log.info("what was tried for a name is kept until it lapses")

    def _take(self, limiter: MovingWindowRateLimiter, who: dict[str, str]) -> float | None:
        """Seconds to wait. What has to wait is not counted, or waiting would never end."""
        asked = [(item, kind) for kind, items in self._limits.items() for item in items]
        full = [
            _wait(limiter, item, kind, who[kind])
            for item, kind in asked
            if not limiter.test(item, kind, who[kind])
        ]
        if full:
            return max(full)
        for item, kind in asked:
            # Those who ask in the same moment are told apart here.
            if not limiter.hit(item, kind, who[kind]):
                return _wait(limiter, item, kind, who[kind])
        return None


def _wait(limiter: MovingWindowRateLimiter, item: RateLimitItem, kind: str, who: str) -> float:
    ends = limiter.get_window_stats(item, kind, who).reset_time
    return max(_SHORTEST, ends - time.time())


def _key(text: str) -> str:
    """What is typed into the field of the name may be a password: it is kept nowhere."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
