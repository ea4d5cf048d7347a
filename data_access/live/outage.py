"""Outages of Redis: logged once when one starts and once when it ends, attempts spaced between."""

import random
import threading
import time
from dataclasses import dataclass, field

import structlog

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0

log = structlog.get_logger()


@dataclass
class Outage:
    """Whether Redis answers `who`. Pauses grow to a second, with jitter so that many processes do
    not return at the same moment; recovery is noticed within that second. Safe for threads."""

    who: str
    since: float | None = None
    due: float = 0.0
    _pause: float = _FIRST_PAUSE
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def on(self) -> bool:
        """Whether the last attempt failed."""
        return self.since is not None

    def may_try(self) -> bool:
        """Whether enough time has passed since the last failed attempt."""
        return not self.on or time.monotonic() >= self.due

    def failed(self, error: BaseException) -> float:
        """Note a failed attempt; gives the seconds to wait before the next."""
        with self._lock:
            now, begins = time.monotonic(), self.since is None
            if begins:
                self.since, self._pause = now, _FIRST_PAUSE
            # Jitter needs no secrecy.
            pause = self._pause * random.uniform(0.5, 1.0)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            self.due = now + pause
        if begins:
            log.warning("redis does not answer", who=self.who, error=str(error))
        return pause

    def ended(self) -> None:
        """Note a successful attempt."""
        with self._lock:
            since, self.since = self.since, None
        if since is not None:
            seconds = round(time.monotonic() - since, 1)
            log.info("redis answers again", who=self.who, seconds=seconds)
