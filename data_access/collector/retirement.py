"""Retirement: what departments published that are in the catalogue no more is taken down, and what
the diary holds of them as open is closed.

A desk takes down what it published itself when its department is removed while it works. It cannot
where Redis did not answer then, nor where no collector ran: what is remembered to be published tells
of those. The diary is always closed here: the desk's own note may still be on its way when it ends,
and only who takes the lease anew shuts that out.
"""

import threading
import time
from collections.abc import Callable, Container
from pathlib import PurePath

import structlog

from dashboard.catalogue import Catalogue
from dashboard.diary import closing_page
from dashboard.ports import Fenced, Unreachable
from data_access.collector.contained import Contained
from data_access.collector.house import House
from data_access.collector.lease import Lease
from data_access.collector.memory import PUBLISHED
from data_access.collector.outbox import Outbox

log = structlog.get_logger(__name__)


class Retirement:
    """Looks for such departments every so many seconds. `tended` are those that have a desk."""

    def __init__(self, house: House, tended: Callable[[], Container[str]]) -> None:
        self._house = house
        self._tended = tended
        self._failing = False

    def run(self, stopped: threading.Event) -> None:
        """Look until told to stop."""
        while not stopped.is_set():
            with Contained() as contained:
                self.look()
                self._failing = False
            if contained.error is not None:
                self._say(contained.error)
            stopped.wait(self._house.pace.retire)

    def _say(self, error: Exception) -> None:
        if isinstance(error, Unreachable | Fenced) or self._failing:
            return  # Of a silent store the desks tell; a larger token comes with the next try.
        self._failing = True
        log.error("departments not taken down", exc_info=error)

    def look(self) -> None:
        """Take down what can be. Raises Unreachable (the store) or Fenced."""
        history = self._house.history
        unclosed = history.open_in_diary()
        for key in sorted({*history.owners(PUBLISHED), *unclosed}):
            # Before the catalogue is looked at: a desk that is set up later outdoes this one.
            holder = self._house.desk_name()
            if key not in self._tended() and _is_removed(
                self._house.catalogue_source.current(), key
            ):
                self._retire(key, holder, open_in_diary=key in unclosed)

    def _retire(self, key: str, holder: str, *, open_in_diary: bool) -> None:
        house = self._house
        published = house.history.state(key, PUBLISHED)
        lease = Lease(house.history, key, holder, house.pace.lease)
        if not (published or open_in_diary) or not lease.take():
            return
        try:
            if open_in_diary:
                standing = house.history.open_tickets(key)
                page = closing_page(key, standing, house.clock())
                house.history.write_diary(page, token=lease.held())
                log.info("diary closed", department=key)
            if published:
                self._take_down(key, published, lease)
        finally:
            lease.give_back()

    def _take_down(self, key: str, published: dict[str, list[str]], lease: Lease) -> None:
        house = self._house
        outbox = Outbox(house.publisher, key, left_behind=published)
        if outbox.send(lease.held(), {}, time.monotonic()):
            house.history.set_state(key, PUBLISHED, {}, token=lease.held())
            log.info("taken down", department=key)


def _is_removed(catalogue: Catalogue, key: str) -> bool:
    """Whether a department is not in the catalogue, and not for a mistake in its file alone: then
    its numbers stay up and grow old. So they do where no department could be read."""
    mistaken = {PurePath(p.file).stem for p in catalogue.problems if p.severity == "error"}
    return bool(catalogue.departments) and key not in {*catalogue.departments, *mistaken}
