"""Screens over Redis, as `dashboard.ports.ScreenWire`: orders to all web processes at once, and what
stages said of themselves last, which is of no use tomorrow."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import redis.asyncio as redis
from pydantic import ValidationError
from redis import RedisError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from dashboard.devices import BEATS_KEPT, Beat, Heard, described_beat
from dashboard.orders import Order
from dashboard.ports import Unreachable
from data_access.live.outage import Outage

_SECONDS = 2.0
_LISTENING = 1.0
"""Seconds for which a look at the channel waits."""
_CONNECTIONS = 8
DEVICES_CHANGED = b"devices"


class RedisScreens:
    """See `dashboard.ports.ScreenWire`. Connects with the first use, in the caller's event loop."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url = url
        self._channel = f"{prefix}:screens"
        self._beat = f"{prefix}:beat:"
        self._client: redis.Redis | None = None
        self._outage = Outage("screens")

    async def publish(self, order: Order) -> None:
        """Tell all web processes of an order."""
        await self._ask("publish", self._channel, orjson.dumps(order.wire()))

    async def announce(self) -> None:
        """Tell all web processes that devices changed."""
        await self._ask("publish", self._channel, DEVICES_CHANGED)

    async def keep(self, device: str, beat: Beat, now: datetime) -> None:
        """Keep what a device said of itself, for a while."""
        body = orjson.dumps(described_beat(Heard(now, beat)))
        await self._ask("set", self._beat + device, body, ex=int(BEATS_KEPT.total_seconds()))

    async def heard(self, devices: Iterable[str]) -> dict[str, Heard]:
        """What devices said last."""
        asked = list(devices)
        if not asked:
            return {}
        bodies = await self._ask("mget", [self._beat + device for device in asked])
        found = {one: _heard(body) for one, body in zip(asked, bodies, strict=True) if body}
        return {device: heard for device, heard in found.items() if heard is not None}

    async def follow(
        self, on_order: Callable[[Order], None], on_devices: Callable[[], None]
    ) -> None:
        """Listen until cancelled. With each new connection something may have been missed, which is
        told as a change of devices: whoever hears it looks at the store again."""
        while True:
            try:
                await self._listen(on_order, on_devices)
            except (RedisError, OSError) as error:
                await asyncio.sleep(self._outage.failed(error))

    async def _listen(
        self, on_order: Callable[[Order], None], on_devices: Callable[[], None]
    ) -> None:
        # A connection of its own: one that listens can do nothing else.
        client = redis.Redis.from_url(
            self._url, socket_connect_timeout=1.0, socket_timeout=_LISTENING + _SECONDS
        )
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(self._channel)
                on_devices()
                while True:
                    said = await channel.get_message(
                        ignore_subscribe_messages=True, timeout=_LISTENING
                    )
                    self._outage.ended()
                    if said is not None:
                        _tell(said["data"], on_order, on_devices)
                    else:
                        # Else a server that vanished without a word would be waited for in vain.
                        await channel.ping()
        finally:
            await client.aclose()

    async def _ask(self, command: str, *arguments: Any, **options: Any) -> Any:
        try:
            return await getattr(self._connected(), command)(*arguments, **options)
        except (RedisError, OSError) as error:
            raise Unreachable("Redis does not answer") from error

    def _connected(self) -> redis.Redis:
        if self._client is None:
            pool = redis.BlockingConnectionPool.from_url(
                self._url,
                max_connections=_CONNECTIONS,
                timeout=_SECONDS,
                socket_connect_timeout=1.0,
                socket_timeout=_SECONDS,
                # One immediate retry: pooled connections are dead after a restart of Redis.
                retry=Retry(NoBackoff(), 1),
            )
            self._client = redis.Redis.from_pool(pool)
        return self._client


def _tell(data: bytes, on_order: Callable[[Order], None], on_devices: Callable[[], None]) -> None:
    if data == DEVICES_CHANGED:
        on_devices()
        return
    try:
        order = Order.parse(orjson.loads(data))
    except (ValueError, KeyError, TypeError):
        return  # Of another version of the product, which tells it by the store as well.
    on_order(order)


def _heard(body: bytes) -> Heard | None:
    said = orjson.loads(body)
    try:
        return Heard(datetime.fromtimestamp(said["at"], UTC), Beat.model_validate(said["beat"]))
    except (ValidationError, KeyError):
        return None  # Of another version of the product: it says so again within seconds.
