"""What callbacks and routes work with, wired by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from callbacks.lanes import FILES, HEALTH, RANKING, SESSIONS, SIGNING_IN, STORE, Lanes, lane_of
from callbacks.outage import Outage
from callbacks.permits import Permit
from callbacks.shared import Shared
from dashboard.access import Person, may
from dashboard.catalogue import Catalogue
from dashboard.geography.files import Geography
from dashboard.ports import (
    Accounts,
    Attempts,
    CatalogueSource,
    History,
    LiveFeed,
    MapShelf,
    NoAccounts,
    NoAttempts,
    Range,
    ScreenStore,
    ScreenWire,
    Series,
    SeriesAnswerer,
    SeriesRequest,
    Source,
    Sources,
    Unanswered,
    Unreachable,
)
from dashboard.series.subject import departments_behind
from dashboard.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
Edge = tuple[datetime, float, float, float]
"""A time with the low edge, the middle and the high edge of what is usual then."""
_JUST_NOW = timedelta(seconds=5)
"""A window that ended this short a while ago goes until now: its end is the asker's own now."""


def utc_now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """The outside world as the web sees it. Nothing here is queried while the app is built.

    What blocks runs in a lane, so that no viewer's stream waits for it, and no department and no
    file can take the threads of another, of the store or of health.
    """

    settings: Settings
    catalogue_source: CatalogueSource
    live: LiveFeed
    history: History
    series: SeriesAnswerer
    sources: Sources
    shelf: MapShelf
    screens: ScreenStore
    wire: ScreenWire
    geography: Geography = field(repr=False)
    accounts: Accounts = field(default_factory=NoAccounts, repr=False)
    attempts: Attempts = field(default_factory=NoAttempts, repr=False)
    lanes: Lanes = field(default_factory=Lanes, repr=False)
    outage: Outage = field(default_factory=Outage, repr=False)
    _shared: Shared = field(default_factory=Shared, repr=False)
    clock: Callable[[], datetime] = field(default=utc_now, repr=False)
    """Gives the time at which windows end and ages are taken."""

    @property
    def catalogue(self) -> Catalogue:
        """The newest good catalogue."""
        return self.catalogue_source.current()

    async def in_store(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the center's store. Raises Unreachable."""
        return await self._of_store(STORE, work, *args, **kwargs)

    async def in_health(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the center's store how it is, however many others do. Raises Unreachable."""
        return await self._of_store(HEALTH, work, *args, **kwargs)

    async def in_files(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make or write a file."""
        return await self.lanes.run(FILES, work, *args, **kwargs)

    async def in_ranking(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Compare and order what was found. Raises Busy."""
        return await self.lanes.run(RANKING, work, *args, **kwargs)

    async def in_sessions(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the center's store who is signed in, however much else it is asked. Raises
        Unreachable."""
        return await self._of_store(SESSIONS, work, *args, **kwargs)

    async def in_signing_in(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Count and weigh a password. Raises Busy."""
        return await self.lanes.run(SIGNING_IN, work, *args, **kwargs)

    async def about(self, key: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask about an indicator. Raises Unreachable where its department or the store does not
        answer."""
        return await self._noted(
            lane_of(departments_behind(self.catalogue, key)), work, *args, **kwargs
        )

    async def in_department(
        self, department: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Ask one department. Raises Unreachable."""
        return await self._noted(lane_of(frozenset({department})), work, *args, **kwargs)

    async def ask_source(self, department: str, ask: Callable[[Source], T]) -> T:
        """What `ask` reads from a department's source, which may have to be opened for it: both
        block. Raises Unreachable."""
        return await self.in_department(department, lambda: ask(self.sources.of(department)))

    async def answer(self, request: SeriesRequest, person: Person) -> Series:
        """The answer to a question for a series, see `SeriesAnswerer.answer`. Who asks the same
        while it is answered is given the same answer; until now means the same within a minute.

        What no history answers is asked of a department, and noted in the audit for everybody who
        asked. Raises Refused where the person may not ask it.
        """
        window = self._shared_window(request.window)
        asked = (request.key, request.grain, request.by, request.clip, window)
        # Else somebody who may not ask could be in front and be refused for all.
        key = (self.catalogue.version, *asked, self._may_ask(person, request.key))
        permit = Permit(person, self.history.audit)
        permitted = replace(request, permit=permit)
        before = self._shared.permit_of(key)
        note = before.join(person) if before is not None else None
        try:
            return await self._shared.get(key, lambda: self._answer(permitted), permit)
        finally:
            if note is not None:
                await self.in_store(note)

    def _may_ask(self, person: Person, key: str) -> frozenset[str]:
        """The departments behind an indicator that a person may ask."""
        return frozenset(
            department
            for department in departments_behind(self.catalogue, key)
            if may(person, "ask", department)
        )

    async def usual(
        self, key: str, window: Range, grain: str, by: str = "", part: str = ""
    ) -> list[Edge]:
        """What is usual along a window, see `SeriesAnswerer.usual`; shared as answers are."""
        shared = self._shared_window(window)
        asked = ("usual", self.catalogue.version, key, grain, by, part, shared)
        work = self.series.usual
        return await self._shared.get(
            asked, lambda: self.about(key, work, key, window, grain, by, part)
        )

    def _shared_window(self, window: Range) -> Range:
        """The window by which questions are the same. Two who ask until now differ in their now by
        less than a minute; whoever names an end means it to the second."""
        start, end = window
        if timedelta(0) <= self.clock() - end < _JUST_NOW:
            return start, end.replace(second=0, microsecond=0)
        return window

    async def _answer(self, request: SeriesRequest) -> Series:
        series = await self.about(request.key, self.series.answer, request)
        if series.origin == "history":
            self.outage.ended()
        return series

    async def _of_store(
        self, lane: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        found = await self._noted(lane, work, *args, **kwargs)
        self.outage.ended()
        return found

    async def _noted(self, lane: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await self.lanes.run(lane, work, *args, **kwargs)
        except Unanswered:
            raise
        except Unreachable as error:
            self.outage.met(str(error))
            raise
