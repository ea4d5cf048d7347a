"""What the core needs from the outside, as protocols. `data_access` implements them, `app` wires.

All calls are synchronous and may block; the web runs them in bounded thread pools. Times are aware
UTC; codes are the raw codes of a dimension as text ("" for null), pairs joined by `measures.JOINT`.
"""

from dashboard.ports.accounts import Accounts, Attempts, Beginning, NoAccounts, NoAttempts
from dashboard.ports.history import History
from dashboard.ports.live import (
    CatalogueSource,
    LiveFeed,
    LivePublisher,
    LiveReader,
    MapShelf,
    SeriesAnswerer,
)
from dashboard.ports.screens import ScreenNote, ScreenStore, ScreenWire
from dashboard.ports.sources import Source, Sources
from dashboard.ports.values import (
    BucketRow,
    Busy,
    ClocksDiffer,
    DayTotal,
    Declined,
    Fenced,
    Found,
    GroupValue,
    Listed,
    MapRow,
    MapRows,
    Number,
    Point,
    Range,
    RowPage,
    Sample,
    Series,
    SeriesRequest,
    TickResult,
    TimedOut,
    Unanswered,
    Unreachable,
)

__all__ = [
    "Accounts",
    "Attempts",
    "Beginning",
    "BucketRow",
    "Busy",
    "CatalogueSource",
    "ClocksDiffer",
    "DayTotal",
    "Declined",
    "Fenced",
    "Found",
    "GroupValue",
    "History",
    "Listed",
    "LiveFeed",
    "LivePublisher",
    "LiveReader",
    "MapRow",
    "MapRows",
    "MapShelf",
    "NoAccounts",
    "NoAttempts",
    "Number",
    "Point",
    "Range",
    "RowPage",
    "Sample",
    "ScreenNote",
    "ScreenStore",
    "ScreenWire",
    "Series",
    "SeriesAnswerer",
    "SeriesRequest",
    "Source",
    "Sources",
    "TickResult",
    "TimedOut",
    "Unanswered",
    "Unreachable",
]
