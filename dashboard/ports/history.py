"""The center's own memory as the core sees it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from dashboard.diary import Page
from dashboard.entries import Kept, Statement
from dashboard.measures import Additive, TickPlan
from dashboard.ports.values import BucketRow, DayTotal, Point, Range, Sample
from dashboard.tickets import Ticket


class History(Protocol):
    """The center's own memory. Writes of a collector carry its lease's token and raise Fenced."""

    def replace(
        self,
        plan: TickPlan,
        ranges: Sequence[Range],
        rows: Sequence[BucketRow],
        *,
        token: int,
        zone: str,
    ) -> frozenset[datetime]:
        """Make the buckets within the ranges exactly `rows`; the starts of those that changed."""
        ...

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
        """Merged values per bucket (`grain` 5m, 15m, 1h, 1d, 1mo; None for one total) and code:
        dicts with `at`, `code` and each additive's name. Days and months are local of `zone`.
        Buckets without rows are left out; a missing extreme is None, a missing count or sum 0.
        `department` says whose additives they are: two may define the same one (None is enough
        where only one does, ValueError where several do)."""
        ...

    def coverage(self, plan: TickPlan) -> Range | None:
        """From when to when the plan's buckets are complete."""
        ...

    def note_coverage(self, plan: TickPlan, covered: Range, *, token: int) -> None: ...

    def forget_coverage(
        self, plan: TickPlan, dimensions: Collection[str] | None = None, *, token: int
    ) -> None:
        """Nothing is complete any more of what was read by the plan's key, whatever it consisted
        of then; with `dimensions` only of splits by one of these."""
        ...

    def add_samples(self, department: str, samples: Sequence[Sample], *, token: int) -> None: ...

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
        """Samples in a range, the last one of each grain bucket where a grain is given."""
        ...

    def put_histograms(
        self,
        department: str,
        indicator: str,
        day: date,
        by: str,
        counts: Mapping[str, Mapping[int, int]],
        *,
        token: int,
    ) -> None: ...

    def histograms(
        self, indicator: str, first: date, last: date, by: str = ""
    ) -> dict[date, dict[str, dict[int, int]]]: ...

    def day_totals(self, plan: TickPlan, window: Range, *, zone: str) -> list[DayTotal]: ...

    def state(self, department: str, name: str) -> Any:
        """A small JSON value of the collector's own, such as a watermark; None where unset."""
        ...

    def owners(self, name: str) -> list[str]:
        """The departments that have such a value, in order."""
        ...

    def set_state(self, department: str, name: str, value: Any, *, token: int) -> None: ...

    def take_lease(self, department: str, holder: str, seconds: float) -> int | None:
        """The fencing token where the lease is ours (taken or renewed), None while another's. A
        holder named `place/life` takes over at once from an earlier life at its place, one named
        `life#2` from `life#1`."""
        ...

    def release_lease(self, department: str, holder: str) -> None: ...

    def thin(self, now: datetime, zone: str, *, samples: bool) -> int:
        """Merge 5-minute buckets older than 14 days to hours, hours older than 400 days to days;
        with `samples` all samples as well, whichever department's, in the days of this zone.
        Raises ClocksDiffer where the store's clock does not say `now`."""
        ...

    def prune_audit(self, now: datetime, days: int) -> int:
        """Delete what was noted more than so many days ago; how much that was. Raises ClocksDiffer
        like `thin`."""
        ...

    def audit(self, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Note who asked a department for what."""
        ...

    def enter(self, statement: Statement) -> str:
        """Keep what a person states of a place; it ends what stood there before. The entry's id."""
        ...

    def withdraw(
        self, form: str, place: str, author: str, who: str, at: datetime, entry: str | None = None
    ) -> bool:
        """End the entry that stands for a place without another; with the id of an `entry` only
        that one. False where none does."""
        ...

    def entries(self, form: str, limit: int) -> list[Kept]:
        """All entries of a form that stand and the newest others, newest first."""
        ...

    def write_diary(self, page: Page, *, token: int) -> None:
        """Put down what the center keeps of its own work on a department. Raises Fenced."""
        ...

    def open_tickets(self, department: str | None = None) -> list[Ticket]:
        """The open data tickets of a department, or of all; the next that is due first."""
        ...

    def open_in_diary(self) -> set[str]:
        """The departments of which a data ticket or a matter is open."""
        ...

    def close(self) -> None: ...
