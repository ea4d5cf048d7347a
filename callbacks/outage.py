"""The store's outage as the web meets it: noted once when it starts and once when it ends."""

import time

import structlog

log = structlog.get_logger()


class Outage:
    """Every panel of every page comes by here once a minute, and only the first one is noted.
    Departments' outages are noted by their gates. Used from the event loop alone."""

    def __init__(self) -> None:
        self._since: float | None = None

    def met(self, reason: str) -> None:
        """The store did not answer."""
        if self._since is None:
            self._since = time.monotonic()
            log.warning("the store does not answer", reason=reason)

    def ended(self) -> None:
        """The store answered."""
        if self._since is not None:
            seconds = round(time.monotonic() - self._since, 1)
            self._since = None
            log.info("the store answers again", seconds=seconds)
