"""Viewers of `/live` that come back as a browser does, by the rule of assets/live-0-retry.js.

The first try after a loss is anywhere in the first `SPREAD` seconds; after each one that fails the next
comes within `LONGEST`. Whoever comes back says what it heard last.
"""

import asyncio
import random
import threading
import time
from dataclasses import dataclass, field

SPREAD, FIRST, LONGEST = 12.0, 1.0, 3.0
CONNECTING = 5.0


def wait_after(failures: int) -> float:
    """Seconds until the next try, after so many in a row that failed."""
    if not failures:
        return random.uniform(0.0, SPREAD)
    return min(LONGEST, FIRST * 2.0 ** min(failures, 10)) * random.uniform(0.5, 1.0)


@dataclass
class Returning:
    """One viewer. Moments are of `time.monotonic`; `heard` is that of the newest frame, `tries` are
    those at which it connected or tried to."""

    host: str
    port: int
    last: str = ""
    heard: float = 0.0
    whole: float = 0.0
    """When a snapshot came: whoever was given one has missed nothing."""
    tries: list[float] = field(default_factory=list)

    async def live(self) -> None:
        """Connect, listen, come back, for ever."""
        failures = 1
        while True:
            self.tries.append(time.monotonic())
            if await self.listen():
                failures = 0
            await asyncio.sleep(wait_after(failures))
            failures += 1

    async def listen(self) -> bool:
        """One connection to its end; whether a frame came over it."""
        began = self.heard
        try:
            async with asyncio.timeout(CONNECTING):
                reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**24)
        except OSError:  # TimeoutError is one.
            return False
        try:
            writer.write(self._question())
            while event := await reader.readuntil(b"\n\n"):
                self.take(event)
        except (OSError, asyncio.IncompleteReadError):
            return self.heard > began
        finally:
            writer.close()
        return self.heard > began

    def take(self, event: bytes) -> None:
        """One event; a chunk's size lines lie between them."""
        at = event.find(b"event: ")
        kind = event[at + 7 : event.find(b"\n", at)] if at >= 0 else b""
        if kind in (b"snapshot", b"delta"):
            self.heard = time.monotonic()
            self.whole = self.heard if kind == b"snapshot" else self.whole
            named = event.rfind(b"\nid: ", 0, at)
            if named >= 0:
                self.last = event[named + 5 : at].strip().decode()

    def _question(self) -> bytes:
        path = f"/live?last={self.last}" if self.last else "/live"
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()


class Crowd:
    """Viewers in a thread of their own until it is closed."""

    def __init__(self, host: str, port: int, count: int) -> None:
        self.viewers = [Returning(host, port) for _ in range(count)]
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._live(),))
        self._thread.start()

    def close(self) -> None:
        """Let all go."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)
        self._loop.close()

    def heard_since(self, moment: float) -> int:
        """How many have heard a frame after a moment."""
        return sum(one.heard > moment for one in self.viewers)

    def whole_since(self, moment: float) -> int:
        """How many were given all there is after a moment."""
        return sum(one.whole > moment for one in self.viewers)

    def first_tries(self, lost: float) -> list[float]:
        """Seconds after a loss at which each of them tried first."""
        after = ([at for at in one.tries if at > lost] for one in self.viewers)
        return [min(tries) - lost for tries in after if tries]

    async def _live(self) -> None:
        tasks = []
        for one in self.viewers:
            tasks.append(asyncio.create_task(one.live()))
            await asyncio.sleep(2 / len(self.viewers))
        await self._over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
