"""A circuit breaker: a department that fails is left in peace and tried again now and then."""

import random
from dataclasses import dataclass, field

FAILURES = 3
"""Failures in a row that open it."""
FIRST, GROWTH = 2.0, 1.5
SOON, SOON_FOR = 4.0, 300.0
"""In the first five minutes a probe comes every four seconds, so that a short outage ends at once."""
LATER = 60.0


@dataclass
class Breaker:
    """Counts failures in a row; while open it lets one probe through at a time.

    Times are seconds of a monotonic clock.
    """

    draw: random.Random = field(default_factory=random.Random)
    failures: int = 0
    opened: float | None = None
    _probe_at: float = 0.0
    _pause: float = FIRST
    _probing: bool = False

    @property
    def is_open(self) -> bool:
        return self.opened is not None

    def lets(self, now: float) -> bool:
        """Whether a question may go to the department now."""
        return self.opened is None or (not self._probing and now >= self._probe_at)

    def started(self) -> None:
        """A question went out; while open it is the probe."""
        self._probing = self.is_open

    def succeeded(self) -> bool:
        """An answer came; true where this closes the breaker."""
        closed = self.is_open
        self.failures, self.opened, self._probing, self._pause = 0, None, False, FIRST
        return closed

    def failed(self, now: float) -> bool:
        """No answer came; true where this opens the breaker."""
        self.failures += 1
        opens = self.opened is None and self.failures >= FAILURES
        if opens:
            self.opened = now
        if self.opened is not None:
            cap = SOON if now - self.opened < SOON_FOR else LATER
            pause = min(self._pause, cap)
            self._probe_at = now + pause * self.draw.uniform(0.8, 1.0)
            self._pause = min(self._pause * GROWTH, LATER)
        self._probing = False
        return opens

    def undecided(self) -> None:
        """A question ended and says nothing about the department."""
        self._probing = False

    @property
    def probe_at(self) -> float | None:
        """When the next probe may go, None while closed."""
        return self._probe_at if self.is_open else None
