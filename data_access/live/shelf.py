"""The points of the map's layers as they stand in Redis: read when a browser asks for a new version."""

import asyncio
from typing import cast

import redis.asyncio as redis
from redis import RedisError

from dashboard.frames import POINTS
from dashboard.ports import Unreachable
from data_access.live.keys import Keys

_SECONDS = 2.0


class RedisShelf:
    """Implements `ports.MapShelf`. Bodies are kept as they are read, each layer's newest one, so
    that all viewers of a layer cost Redis one question a version."""

    def __init__(self, url: str, prefix: str) -> None:
        """Connects with the first question, in the event loop of whoever asks."""
        self._url = url
        self._hash = Keys(prefix).section(POINTS)
        self._client: redis.Redis | None = None
        self._known: dict[str, tuple[str, bytes]] = {}
        self._lock = asyncio.Lock()

    async def points(self, layer: str, version: str) -> bytes | None:
        """See `ports.MapShelf.points`."""
        known = self._known.get(layer)
        if known is not None and known[0] == version:
            return known[1]
        async with self._lock:
            known = self._known.get(layer)
            if known is not None and known[0] == version:
                return known[1]
            return await self._read(layer, version)

    async def _read(self, layer: str, version: str) -> bytes | None:
        try:
            body = cast(bytes | None, await self._connected().hget(self._hash, layer))
        except (RedisError, OSError) as error:
            # An older body would be kept by browsers as this version, and never be asked for again.
            raise Unreachable("Redis does not answer") from error
        if body is None:
            self._known.pop(layer, None)
            return None
        self._known[layer] = version, body
        return body

    def _connected(self) -> redis.Redis:
        if self._client is None:
            self._client = redis.Redis.from_pool(
                redis.BlockingConnectionPool.from_url(
                    self._url,
                    max_connections=2,
                    timeout=_SECONDS,
                    socket_connect_timeout=1.0,
                    socket_timeout=_SECONDS,
                )
            )
        return self._client
