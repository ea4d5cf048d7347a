"""Something that fails for a while: said once when it begins and once when it ends, tried at pauses."""

import time
from dataclasses import dataclass

import structlog

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

log = structlog.get_logger()


@dataclass
class Trouble:
    """Whether `what` of a department fails, and when it may be tried again: after a second, later
    after up to 30."""

    what: str
    department: str
    feed: str | None = None
    """Of which feed, where it is of one."""
    reason: str | None = None
    since: float = 0.0
    due: float = 0.0
    pause: float = _FIRST_PAUSE

    def may_try(self) -> bool:
        """Whether enough time has passed since it last failed."""
        return self.reason is None or time.monotonic() >= self.due

    @property
    def _place(self) -> dict[str, str]:
        return {"department": self.department} | ({"feed": self.feed} if self.feed else {})

    def failed(self, reason: str, *, fault: bool = False) -> None:
        """Note that it failed, and why; a fault of ours with where it lies."""
        now = time.monotonic()
        if self.reason is None:
            self.since, self.pause = now, _FIRST_PAUSE
            log.warning(f"{self.what} fails", **self._place, reason=reason, exc_info=fault)
        self.reason = reason
        self.due = now + self.pause
        self.pause = min(self.pause * 2, _LONGEST_PAUSE)

    def ended(self) -> None:
        """Note that it succeeded."""
        if self.reason is not None:
            seconds = round(time.monotonic() - self.since, 1)
            log.info(f"{self.what} works again", **self._place, seconds=seconds)
        self.reason = None
