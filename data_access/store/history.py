"""`SqlHistory`: the center's own memory as `dashboard.ports.History`, on SQLite or PostgreSQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from dashboard.diary import Page
from dashboard.entries import Kept, Statement
from dashboard.measures import Additive, TickPlan
from dashboard.ports import BucketRow, DayTotal, Point, Range, Sample
from dashboard.tickets import Ticket
from data_access.store.buckets import Buckets
from data_access.store.coverage import Coverage
from data_access.store.database import Database
from data_access.store.diary import Diary
from data_access.store.entries import Entries
from data_access.store.leases import Leases, Notes
from data_access.store.registry import Registry
from data_access.store.samples import Samples
from data_access.store.schema import migrate
from data_access.store.thinning import Thinning

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


def open_history(url: str, clock: Clock = utc_now) -> "SqlHistory":
    """The history at `url`, its tables brought to the newest shape. Safe in several processes.

    Raises Unreachable where the store does not answer, ValueError for an engine it cannot be on.
    """
    history = SqlHistory(url, clock)
    migrate(history.database)
    return history


class SqlHistory:
    """One store shared by collectors and the web; every method may raise Unreachable.

    `clock` says how old buckets are and so in which grain they are kept; leases expire, and
    history is thinned, by the database's own clock, which all processes share.
    """

    def __init__(self, url: str, clock: Clock = utc_now) -> None:
        self.database = Database(url)
        self._clock = clock
        registry = Registry(self.database)
        self._buckets = Buckets(self.database, registry)
        self._samples = Samples(self.database, registry)
        self._coverage = Coverage(self.database)
        self._thinning = Thinning(self.database)
        self._leases = Leases(self.database)
        self._notes = Notes(self.database)
        self._entries = Entries(self.database)
        self._diary = Diary(self.database)

    def replace(
        self,
        plan: TickPlan,
        ranges: Sequence[Range],
        rows: Sequence[BucketRow],
        *,
        token: int,
        zone: str,
    ) -> frozenset[datetime]:
        """Make the buckets within the ranges exactly `rows`; the starts of those that changed.

        Old buckets are kept per hour or per day, so ranges must be widened by `windows.widen`
        before the source is asked: ValueError for a range that cuts a kept bucket in two, or a row
        outside the ranges. Raises Fenced for an old token.
        """
        return self._buckets.replace(plan, ranges, rows, token=token, zone=zone, now=self._clock())

    def sums(
        self,
        additives: Sequence[Additive],
        window: Range,
        *,
        grain: str | None,
        by: str = "",
        zone: str,
        department: str | None = None,
    ) -> list[dict[str, Any]]:
        """Merged values of the kept buckets that start within the window, see `ports.History`."""
        return self._buckets.sums(
            additives, window, grain=grain, by=by, zone=zone, department=department
        )

    def coverage(self, plan: TickPlan) -> Range | None:
        """The newest unbroken range in which all of the plan's additives and splits are complete.

        A plan with a part of the additives and splits may be covered where the whole is not.
        """
        return self._coverage.of(plan)

    def note_coverage(self, plan: TickPlan, covered: Range, *, token: int) -> None:
        """Add a range in which the plan is complete; it is joined with those it touches."""
        self._coverage.note(plan, covered, token)

    def forget_coverage(
        self, plan: TickPlan, dimensions: Collection[str] | None = None, *, token: int
    ) -> None:
        """Nothing is complete any more of a plan, or of its splits by one of the dimensions."""
        self._coverage.forget(plan, dimensions, token)

    def add_samples(self, department: str, samples: Sequence[Sample], *, token: int) -> None:
        """Keep samples, the last one of each five minutes."""
        self._samples.add(department, samples, token)

    def samples(
        self,
        indicator: str,
        window: Range,
        *,
        sample_window: str = "",
        by: str = "",
        grain: str | None = None,
        zone: str,
    ) -> list[Point]:
        """Samples in a range; with a grain the last one of each bucket, at the bucket's start."""
        return self._samples.within(
            indicator, window, period=sample_window, by=by, grain=grain, zone=zone
        )

    def put_histograms(
        self,
        department: str,
        indicator: str,
        day: date,
        by: str,
        counts: Mapping[str, Mapping[int, int]],
        *,
        token: int,
    ) -> None:
        """Make a day's histograms exactly these; no counts means a day known to be empty."""
        self._samples.put_histograms(department, indicator, day, by, counts, token)

    def histograms(
        self, indicator: str, first: date, last: date, by: str = ""
    ) -> dict[date, dict[str, dict[int, int]]]:
        """Histograms by day (both ends included) and code; a day that is absent is unknown."""
        return self._samples.histograms(indicator, first, last, by)

    def day_totals(self, plan: TickPlan, window: Range, *, zone: str) -> list[DayTotal]:
        """Totals per local day and additive; a day without rows is left out."""
        return self._buckets.day_totals(plan, window, zone)

    def state(self, department: str, name: str) -> Any:
        """A small JSON value of the collector's own; None where unset."""
        return self._notes.get(department, name)

    def owners(self, name: str) -> list[str]:
        """The departments that have such a value, in order."""
        return self._notes.owners(name)

    def set_state(self, department: str, name: str, value: Any, *, token: int) -> None:
        """Set such a value. Raises Fenced for an old token."""
        self._notes.put(department, name, value, token)

    def take_lease(self, department: str, holder: str, seconds: float) -> int | None:
        """The fencing token where the lease is ours (taken or renewed), None while another's."""
        return self._leases.take(department, holder, seconds)

    def release_lease(self, department: str, holder: str) -> None:
        """Let the lease go where it is ours."""
        self._leases.release(department, holder)

    def thin(self, now: datetime, zone: str, *, samples: bool) -> int:
        """Merge old buckets of the series kept in a zone, with `samples` all samples as well; the
        number of rows merged away. Raises ClocksDiffer where the store's clock does not say `now`.
        """
        return self._thinning.thin(now, zone, samples=samples)

    def prune_audit(self, now: datetime, days: int) -> int:
        """Delete what was noted more than so many days ago. Raises ClocksDiffer."""
        return self._thinning.prune_audit(now, days)

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Note who asked a department for what."""
        self._notes.audit(who, action, subject, detail)

    def enter(self, statement: Statement) -> str:
        """Keep what a person states of a place; it ends what stood there before. The entry's id."""
        return self._entries.enter(statement)

    def withdraw(
        self, form: str, place: str, author: str, who: str, at: datetime, entry: str | None = None
    ) -> bool:
        """End the entry that stands for a place without another; False where none does."""
        return self._entries.withdraw(form, place, author, who, at, entry)

    def entries(self, form: str, limit: int) -> list[Kept]:
        """All entries of a form that stand and the newest others, newest first."""
        return self._entries.newest(form, limit)

    def write_diary(self, page: Page, *, token: int) -> None:
        """Put down what the center keeps of its own work on a department. Raises Fenced."""
        self._diary.write(page, token)

    def open_tickets(self, department: str | None = None) -> list[Ticket]:
        """The open data tickets of a department, or of all; the next that is due first."""
        return self._diary.open_tickets(department)

    def open_in_diary(self) -> set[str]:
        """The departments of which a data ticket or a matter is open."""
        return self._diary.departments_open()

    def close(self) -> None:
        """Let all connections go."""
        self.database.close()
