"""The live path and the questions of people, as the core sees them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from dashboard.catalogue import Catalogue
from dashboard.frames import Batch, Change
from dashboard.ports.values import Range, Series, SeriesRequest


class LivePublisher(Protocol):
    """The collector's side of Redis."""

    def publish(self, department: str, token: int, batch: Batch) -> bool:
        """Apply a batch and append it to the stream, atomically. False where Redis did not answer
        (`needs_refill` then says so); raises Fenced for an old token."""
        ...

    def needs_refill(self, department: str) -> bool:
        """Whether Redis has lost what this department published, or may have: whoever has published
        nothing of it yet fills it anew."""
        ...

    def holds(self, department: str) -> bool:
        """Whether Redis has what this department published last, by whomever; it may be old."""
        ...

    def close(self) -> None: ...


class CatalogueSource(Protocol):
    """Gives the newest good catalogue."""

    def current(self) -> Catalogue: ...


class LiveReader(Protocol):
    """The web's side of Redis, as kept in memory by the follower. None of these block."""

    @property
    def connected(self) -> bool: ...

    def sections(self) -> Mapping[str, Mapping[str, dict[str, Any]]]:
        """All sections of the newest frame (see `dashboard.frames`); do not change them."""
        ...


class MapShelf(Protocol):
    """The points of the map's layers, as the collector published them last."""

    async def points(self, layer: str, version: str) -> bytes | None:
        """The newest body of a layer by its key in the section `layers`; a version that is known
        already is not asked for again. None where none was published. Raises Unreachable where
        Redis does not answer and that version is not known."""
        ...


class LiveFeed(LiveReader, Protocol):
    """A live reader that also tells of each change; runs in the web's event loop."""

    def listen(self, listener: Callable[[Change], None]) -> None:
        """Have `listener` called in the event loop with each change, in order."""
        ...

    def newest(self) -> Change:
        """All there is now, as one whole change; its id is None before anything was read."""
        ...

    async def follow(self) -> None:
        """Follow Redis until cancelled; outages are survived and logged, never raised."""
        ...


class SeriesAnswerer(Protocol):
    """Answers questions for series from history, or from the department where none answers."""

    def answer(self, request: SeriesRequest) -> Series:
        """The series. Raises KeyError (no such indicator), ValueError (a grain or split that the
        indicator has not, saying which it has) or Unreachable."""
        ...

    def usual(
        self, key: str, window: Range, grain: str = "1h", by: str = "", part: str = ""
    ) -> list[tuple[datetime, float, float, float]]:
        """What is usual at each hour (each day with grain `1d`) of a window: time, P10, median and
        P90 of the same weekday and hour in the eight weeks before; empty where that is unknown. Of
        the code `part` of the split `by` where they are given."""
        ...
