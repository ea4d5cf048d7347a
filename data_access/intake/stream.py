"""Pushes of a department into a Redis stream: one entry is one row.

An entry is acknowledged after its row has landed, so that what a receiver that was killed had read
comes again: rows are written by their key, and twice is as good as once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
import sqlalchemy as sa
import structlog

from dashboard.catalogue import Department
from dashboard.catalogue.deliveries import Delivery
from dashboard.text import Text
from dashboard.windows import local_day
from data_access.intake.judging import Allowed, Row, judge_row
from data_access.intake.kept import append_pushes, bound
from data_access.intake.landing import entry_order, marks_of, upsert
from data_access.intake.ledger import Ledger
from data_access.intake.slips import Refused, Slip, not_taken
from data_access.intake.tables import table_name

GROUP = "command-center"
AT_ONCE = 500
"""Entries that land in one transaction."""
_IDLE_MS = 60_000
"""After so long another receiver's unacknowledged entries are taken over."""
_LAST_NUMBER = 2**64 - 1
_BOUND_EVERY = timedelta(hours=1)
_SAY_EVERY = timedelta(minutes=1)
"""Between two lines of the log on what was set aside, which count all since the line before."""
Entries = list[tuple[str, dict[str, str]]]

log = structlog.get_logger()


@dataclass
class StreamDesk:
    """Takes in what is pushed into one stream."""

    department: Department
    name: str
    feed: Delivery
    stream: str
    client: "redis.Redis"
    consumer: str
    engine: sa.Engine
    metadata: sa.MetaData
    allowed: Allowed
    refused: Path
    """Folder in which entries that were set aside are kept."""
    own_redis: bool = False
    """Whether it is the center's own Redis: its memory is for what is live, so that pushes are gone
    from it once they have landed. A department's Redis keeps them for the feed's `keep`."""
    started: bool = False
    own_pending: bool = True
    """Whether entries of this consumer may be unacknowledged: after a start or a failure."""
    _claimed: str = field(default="0-0", repr=False)
    _bounded: datetime | None = field(default=None, repr=False)
    _said: datetime | None = field(default=None, repr=False)
    _unsaid: int = field(default=0, repr=False)

    def receive(self, now: datetime) -> int:
        """Take in the next entries; gives how many. Waits for none.

        Raises RedisError where Redis does not answer, and the driver's error where the landing
        database cannot be written: whatever is not acknowledged is read again.
        """
        try:
            entries = self._next()
        except redis.ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            self.started = False  # Redis came back empty: the group is made anew.
            return 0
        self._say(now)
        if entries:
            self.own_pending = True
            self._land(entries, now)
            self._acknowledge([entry for entry, _ in entries], now)
            self.own_pending = False
        return len(entries)

    def _next(self) -> Entries:
        if not self.started:
            self._make_group()
        if self.own_pending:
            found = self._read("0")
            if found:
                return found
            self.own_pending = False
        return self._taken_over() or self._read(">")

    def _make_group(self) -> None:
        try:
            self.client.xgroup_create(self.stream, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        self.started, self.own_pending = True, True

    def _read(self, since: str) -> Entries:
        answer: Any = self.client.xreadgroup(
            GROUP, self.consumer, {self.stream: since}, count=AT_ONCE
        )
        pairs = answer.items() if isinstance(answer, dict) else answer or []
        return _entries([one for _, found in pairs for one in _flat(found)])

    def _taken_over(self) -> Entries:
        """Entries that a receiver which is gone had read and not acknowledged."""
        answer: Any = self.client.xautoclaim(
            self.stream, GROUP, self.consumer, _IDLE_MS, self._claimed, count=AT_ONCE
        )
        self._claimed = _text(answer[0])
        return _entries(answer[1])

    def _land(self, entries: Entries, now: datetime) -> None:
        """Write entries; one that the database does not hold is set aside and stops no other."""
        rows, aside = self._judged(entries)
        try:
            self._write(rows, aside, now)
        except (sa.exc.DataError, sa.exc.IntegrityError) as error:
            if len(entries) > 1:
                for entry in entries:
                    self._land([entry], now)
                return
            aside = {entry: (not_taken(error), fields) for entry, fields in entries}
            self._write({}, aside, now)
        if aside:
            self._keep(aside, now)

    def _write(
        self, rows: Mapping[str, Row], aside: Mapping[str, tuple[Slip, Any]], now: datetime
    ) -> None:
        table = self.metadata.tables[table_name(self.name, self.feed)]
        days = self._days(rows, aside, now)
        with self.engine.begin() as connection:
            ledger = Ledger(connection, self.metadata, now)
            for day, (came, found, slips) in days.items():
                number = ledger.day_of_stream(self.name, day, self.stream, came)
                written = upsert(connection, table, self.feed, found, marks_of(number, now))
                reason: Text | None = slips[-1].said() if slips else None
                ledger.count(number, written, len(slips), reason)

    def _judged(self, entries: Entries) -> tuple[dict[str, Row], dict[str, tuple[Slip, Any]]]:
        rows: dict[str, Row] = {}
        aside: dict[str, tuple[Slip, Any]] = {}
        for entry, fields in entries:
            cells = {name: fields.get(self.feed.header_of(name)) for name in self.feed.columns}
            if not fields:
                continue  # It was trimmed away after it had been read: only its number is left.
            try:
                rows[entry] = judge_row(self.feed, cells, self.allowed, self.department.zone)
            except Refused as refused:
                aside[entry] = refused.slip, cells
        return rows, aside

    def _days(
        self, rows: Mapping[str, Row], aside: Mapping[str, tuple[Slip, Any]], now: datetime
    ) -> dict[date, tuple[datetime, dict[str, Row], list[Slip]]]:
        """By local day on which they were pushed: the newest push, rows, and what is set aside."""
        days: dict[date, tuple[datetime, dict[str, Row], list[Slip]]] = {}
        for entry in sorted({*rows, *aside}, key=entry_order):
            came = _came(entry, now)
            day = local_day(came, self.department.zone)
            _, found, slips = days.get(day, (came, {}, []))
            if entry in rows:
                found[entry] = rows[entry]
            else:
                slips.append(aside[entry][0])
            days[day] = came, found, slips
        return days

    def _keep(self, aside: Mapping[str, tuple[Slip, Any]], now: datetime) -> None:
        """Keep what was set aside in a file of the day."""
        path = self.refused / f"{self.name}-{local_day(now, self.department.zone)}.jsonl"
        append_pushes(path, aside)
        if self._bounded is None or now - self._bounded >= _BOUND_EVERY:
            self._bounded = now
            bound(self.refused, now)
        self._unsaid += len(aside)
        self._say(now)

    def _say(self, now: datetime) -> None:
        """Put into the log how many pushes were set aside, unless it was said just now: a stream
        with many is no flood."""
        if not self._unsaid or (self._said is not None and now - self._said < _SAY_EVERY):
            return
        entries, self._unsaid, self._said = self._unsaid, 0, now
        log.warning(
            "pushes set aside", department=self.department.key, feed=self.name, entries=entries
        )

    def _acknowledge(self, entries: list[str], now: datetime) -> None:
        self.client.xack(self.stream, GROUP, *entries)
        if self.own_redis:
            self.client.xtrim(self.stream, minid=self._first_needed(entries[-1]), approximate=False)
            return
        oldest = int((now - self.feed.keep).timestamp() * 1000)
        # Never what is still unread: entries come in order, and these are read.
        last = min(oldest, entry_order(entries[0])[0])
        self.client.xtrim(self.stream, minid=f"{last}-0", approximate=True)

    def _first_needed(self, last: str) -> str:
        """The first entry that has not landed, where all up to `last` are read: one that another
        receiver holds, or the next."""
        pending: Any = self.client.xpending(self.stream, GROUP)
        if pending["pending"]:
            return _text(pending["min"])
        milliseconds, number = entry_order(last)
        return f"{milliseconds}-{min(number + 1, _LAST_NUMBER)}"


def _came(entry: str, now: datetime) -> datetime:
    """When an entry was pushed, by its id, and no later than now: who pushes may choose any id, also
    one after the last year that there is."""
    milliseconds = min(entry_order(entry)[0], int(now.timestamp() * 1000))
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _flat(found: Any) -> list[Any]:
    """Entries of one stream; the newer protocol wraps them once more."""
    return found[0] if found and isinstance(found[0], list) else found


def _entries(found: Any) -> Entries:
    return [
        (_text(entry), {_text(name): _text(value) for name, value in (fields or {}).items()})
        for entry, fields in found
        if entry is not None  # Older servers tell so of an entry that has been trimmed away.
    ]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
