"""Files of a department: each is judged, lands or is refused, and is put away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog

from dashboard.catalogue import Department
from dashboard.catalogue.deliveries import Delivery
from dashboard.text import Text
from dashboard.windows import local_day
from data_access.intake.folder import (
    REFUSED,
    TAKEN,
    Waiting,
    feed_of,
    put_away,
    tidy,
    waiting,
)
from data_access.intake.judging import Allowed, Judged, judge_file
from data_access.intake.kept import bound, write_note, write_slips
from data_access.intake.landing import marks_of, replace_days
from data_access.intake.ledger import Arrival, Ledger, due_of
from data_access.intake.naming import check_day, no_such_name
from data_access.intake.slips import LARGEST, Refused, Slip, fault_of_ours, not_taken, too_large
from data_access.intake.tables import table_name
from data_access.intake.trouble import Trouble

_TIDY_EVERY = timedelta(hours=1)
_AWAIT_EVERY = timedelta(minutes=1)
_FEW = 3
"""Files at one time that are told of one by one; more are the backlog of a start."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Taken:
    """A file that was taken in, as the log tells it."""

    feed: str
    file: str
    rows: int
    set_aside: int


@dataclass
class FileDesk:
    """Takes in what lies in one landing folder of a department."""

    department: Department
    feeds: Mapping[str, Delivery]
    folder: Path
    engine: sa.Engine
    metadata: sa.MetaData
    allowed: Mapping[str, Allowed]
    reading: Trouble = field(init=False)
    moving: Trouble = field(init=False)
    done: set[tuple[str, int, int]] = field(default_factory=set)
    """Files that are dealt with and could not be moved away."""
    unreadable: dict[str, Trouble] = field(default_factory=dict)
    taken: list[_Taken] = field(default_factory=list)
    """Files taken in that the log does not tell yet."""
    awaited: datetime | None = None
    tidied: datetime | None = None

    def __post_init__(self) -> None:
        self.reading = Trouble("landing folder", self.department.key)
        self.moving = Trouble("putting files away", self.department.key)

    def receive(self, now: datetime) -> int:
        """Take in what waits; gives how many files were dealt with.

        Raises the driver's error where the landing database cannot be written: nothing is lost
        then, since a file is put away only after its rows are there.
        """
        if not self.reading.may_try():
            return 0
        try:
            files = waiting(self.folder, now)
        except OSError as error:
            self.reading.failed(f"{error.strerror}: {self.folder.name}")
            return 0
        self.reading.ended()
        files = [file for file in files if file.mark not in self.done]
        dealt_with = sum(self._receive_one(file, now) for file in files)
        self._say_taken()
        self._await_due(now)
        self._tidy(now)
        return dealt_with

    def _say_taken(self) -> None:
        """Put into the log what was taken in: one by one, and many together in one line."""
        taken, self.taken = self.taken, []
        told = log.bind(department=self.department.key)
        if len(taken) <= _FEW:
            for one in taken:
                told.info("delivery taken in", **asdict(one))
            return
        rows, aside = sum(one.rows for one in taken), sum(one.set_aside for one in taken)
        told.info("deliveries taken in", files=len(taken), rows=rows, set_aside=aside)

    def _receive_one(self, file: Waiting, now: datetime) -> bool:
        """Whether a file was dealt with; one that cannot be read is tried again at pauses."""
        trouble = self.unreadable.get(file.path.name)
        if trouble is not None and not trouble.may_try():
            return False
        try:
            data = file.read(LARGEST) if file.size <= LARGEST else None
        except OSError as error:
            named = Trouble("reading a file", self.department.key)
            self.unreadable.setdefault(file.path.name, named).failed(str(error.strerror))
            return False
        if trouble is not None:
            trouble.ended()
            del self.unreadable[file.path.name]
        arrival = file.arrival(data, now)
        try:
            self._deal_with(file, data, arrival, now)
        except (sa.exc.SQLAlchemyError, OSError):
            raise  # The landing database or the folder fails, not this file.
        except Exception:  # A fault of ours; without this one file would hold up all others.
            log.exception("fault in dealing with a file", department=self.department.key)
            self._own_fault(file, arrival, now)
        return True

    def _own_fault(self, file: Waiting, arrival: Arrival, now: datetime) -> None:
        """Put a file away on which the center failed, so that the next ones come to their turn."""
        self.done.add(file.mark)  # If refusing it fails too, it is not tried over and over.
        found = feed_of(file.path.name, self.feeds)
        self._refuse(found[0] if found else "", None, file, arrival, fault_of_ours(), now)
        if not file.path.exists():
            self.done.discard(file.mark)  # Who puts it back wants it judged again.

    def _deal_with(
        self, file: Waiting, data: bytes | None, arrival: Arrival, now: datetime
    ) -> None:
        found = feed_of(file.path.name, self.feeds)
        if found is None:
            self._refuse("", None, file, arrival, no_such_name(file.path.name, self.feeds), now)
            return
        feed, day = found
        if data is None:
            self._refuse(feed, day, file, arrival, too_large(file.size), now)
            return
        with self.engine.begin() as connection:
            ledger = Ledger(connection, self.metadata, now)
            state = self._known_state(ledger, feed, day, arrival)
        if state is None:
            self._judge(feed, day, file, data, arrival, now)
        else:
            self._put_away(file, state, now)

    def _known_state(self, ledger: Ledger, feed: str, day: date, arrival: Arrival) -> str | None:
        """Where a file goes that need not be judged: it was dealt with before the receiver was
        ended, or its content is there already."""
        if ledger.known(feed, arrival):
            return TAKEN
        before = ledger.same_content(feed, day, arrival)
        if before is None:
            return None
        reason = Text(
            zh=f"内容与已接收的 {before} 相同，未作任何改动",
            en=f"the same content as {before}, which was taken in; nothing was changed",
        )
        ledger.repeat(feed, day, arrival, reason)
        return TAKEN

    def _judge(
        self, feed: str, day: date, file: Waiting, data: bytes, arrival: Arrival, now: datetime
    ) -> None:
        delivery = self.feeds[feed]
        try:
            zone = self.department.zone
            check_day(day, local_day(now, zone))
            judged = judge_file(delivery, day, data, self.allowed[feed], zone)
        except Refused as refused:
            self._refuse(feed, day, file, arrival, refused.slip, now)
            return
        if judged.slips:
            self._keep_slips(file, judged.slips)
        try:
            self._land(feed, day, judged, arrival, now)
        except (sa.exc.DataError, sa.exc.IntegrityError) as error:
            self._refuse(feed, day, file, arrival, not_taken(error), now)
            return
        self._put_away(file, TAKEN, now)
        self.taken.append(_Taken(feed, arrival.name, len(judged.rows), len(judged.slips)))

    def _land(self, feed: str, day: date, judged: Judged, arrival: Arrival, now: datetime) -> None:
        """Rows and what is told of them, in one transaction."""
        delivery = self.feeds[feed]
        table = self.metadata.tables[table_name(feed, delivery)]
        due = due_of(delivery.due, day, self.department.zone) if delivery.due else None
        with self.engine.begin() as connection:
            ledger = Ledger(connection, self.metadata, now)
            number = ledger.take(feed, day, due, arrival)
            replace_days(connection, table, delivery, day, judged.rows, marks_of(number, now))
            reason = judged.slips[0].said() if judged.slips else None
            ledger.count(number, len(judged.rows), len(judged.slips), reason)

    def _refuse(
        self,
        feed: str,
        day: date | None,
        file: Waiting,
        arrival: Arrival,
        slip: Slip,
        now: datetime,
    ) -> None:
        said = slip.said()
        with self.engine.begin() as connection:
            Ledger(connection, self.metadata, now).refuse(feed, day, arrival, said)
        moved = self._put_away(file, REFUSED, now)
        if moved is not None and moved != file.path:
            self._noted(moved, said)
        log.warning(
            "delivery refused",
            department=self.department.key,
            feed=feed or "none",
            file=arrival.name,
            line=slip.line,
            column=slip.column,
        )

    def _put_away(self, file: Waiting, place: str, now: datetime) -> Path | None:
        """Move the file; where the folder is not ours to change, remember that it is done."""
        try:
            moved = put_away(file, place, now)
        except OSError as error:
            self.done.add(file.mark)
            self.moving.failed(f"{error.strerror}: {file.path.name}")
            return None
        self.moving.ended()
        return moved

    def _noted(self, moved: Path, said: Text) -> None:
        try:
            write_note(moved, said)
        except OSError as error:  # The ledger has the reason too.
            self.moving.failed(f"{error.strerror}: {moved.name}")

    def _keep_slips(self, file: Waiting, slips: Sequence[Slip]) -> None:
        try:
            write_slips(self.folder / REFUSED, file.path.name, slips)
        except OSError as error:
            self.moving.failed(f"{error.strerror}: {file.path.name}")

    def _await_due(self, now: datetime) -> None:
        if self.awaited is not None and now - self.awaited < _AWAIT_EVERY:
            return
        self.awaited = now
        with self.engine.begin() as connection:
            ledger = Ledger(connection, self.metadata, now)
            for name, feed in self.feeds.items():
                ledger.await_due(name, feed, self.department.zone)

    def _tidy(self, now: datetime) -> None:
        if self.tidied is not None and now - self.tidied < _TIDY_EVERY:
            return
        self.tidied = now
        try:
            tidy(self.folder, max(feed.keep for feed in self.feeds.values()), now)
            bound(self.folder / REFUSED, now)
        except OSError as error:
            self.moving.failed(f"{error.strerror}: {self.folder.name}")
