"""What all departments' desks share, and how fast they work."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.catalogue import Department
from dashboard.geography.sampling import Ground
from dashboard.ports import CatalogueSource, History, LivePublisher, Source
from data_access.collector.long_work import LongWork

MakeSource = Callable[[Department, str], Source]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Pace:
    """How fast the collector works, in seconds. The defaults are for the running product."""

    lease: float = 15.0
    """A collector elsewhere waits so long after a kill; one at the same place takes over at once."""
    waiting: float = 1.0
    """Between two tries for a lease that another collector holds."""
    judge: float = 1.0
    """Readings are judged at least so often, so that they age though nothing is read."""
    publish: float = 0.2
    """Between two times that a department is judged and published, however much ends meanwhile."""
    shown: float = 30.0
    """Layers and lists are read whole, so no more often than this; but those of things that move."""
    sweep: float = 300.0
    """Between two comparisons of the newest days."""
    past: float = 30.0
    fill: float = 1.0
    turn: float = 1.0
    """Until who did not get the turn for long work asks again."""
    remember: float = 30.0
    """Between two looks at what is missing of the past."""
    set_aside: float = 600.0
    histograms: float = 60.0
    inspect: float = 5.0
    """Between two looks whether the catalogue is new, so that the database is to be asked of it."""
    beat: float = 10.0
    patience: float = 2.0
    grace: float = 5.0
    """Work is given up when it takes `patience` times the limit of a statement and `grace`."""
    jitter: float = 0.1
    settling: float = 60.0
    """What an earlier collector drew stays up so long, until this one has drawn it itself."""
    memory: float = 5.0
    derived: float = 20.0
    diary: float = 30.0
    """Between two notes in the center's diary."""
    thin: float = 86_400.0
    retire: float = 15.0
    """Between two looks for removed departments, what they published being still up."""
    tend: float = 0.5
    """Between two looks at the catalogue and at the desks."""


@dataclass(frozen=True)
class House:
    """What all desks share."""

    catalogue_source: CatalogueSource
    history: History
    publisher: LivePublisher
    make_source: MakeSource
    clock: Clock
    holder: str
    pace: Pace
    ground: Ground
    long_work: LongWork = field(default_factory=LongWork)
    _desks: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def desk_name(self) -> str:
        """A name to hold leases by, of which each desk has its own: one that is still ending when
        the next is set up must neither share its token nor let its lease go."""
        return f"{self.holder}#{next(self._desks)}"
